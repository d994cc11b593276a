"""serve and say: the bot as a process of its own, from the ready line to the last."""

import json
import os
import signal
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.cli.program import (
    OWNER,
    PATIENCE,
    Running,
    children_of,
    running,
    settings,
    until_gone,
    voucherbot,
    working_in,
)

pytestmark = pytest.mark.timeout(240)  # several processes each, and a machine may be busy


def say(bot: Running, config: Path, text: str, *options: str) -> str:
    """What the running bot answers."""
    port = bot.address.split("/wechat")[0].rpartition(":")[2]
    said = voucherbot(
        "say", "--config", config, *options, text, cwd=config.parent, env={"VOUCHERBOT_SERVER__PORT": port}
    )
    assert (said.code, said.err) == (0, ""), said
    return said.out


def with_owner(config: Path) -> Path:
    added = voucherbot(
        "operators",
        "add",
        "--config",
        config,
        "--openid",
        OWNER,
        "--role",
        "owner",
        "--name",
        "王芳",
        cwd=config.parent,
    )
    assert added.code == 0, added
    return config


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
def test_it_answers_in_every_mode_and_ends_cleanly(tmp_path: Path, mode: str) -> None:
    config = with_owner(settings(tmp_path, mode=mode))
    with running("serve", "--config", config, cwd=tmp_path) as bot:
        assert bot.line == f"Voucherbot answers pushes at {bot.address}"
        assert say(bot, config, "help").startswith("You are owner of 湖畔面馆")
        ended = bot.stops()

    assert (ended.code, ended.out) == (0, "")
    assert "Traceback" not in ended.err
    assert working_in(tmp_path / "var") == []


def test_ctrl_c_is_a_clean_end(tmp_path: Path) -> None:
    with running("serve", "--config", settings(tmp_path), "--no-worker", cwd=tmp_path) as bot:
        ended = bot.stops(signal.SIGINT)

    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_its_log_is_json_without_secrets(tmp_path: Path) -> None:
    with running("serve", "--config", settings(tmp_path, mode="plain"), cwd=tmp_path) as bot:
        address = bot.address.replace("APPID", "wx0123456789abcdef")
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"{address}?signature=x&timestamp=1700000000&nonce=1", b"<xml/>", PATIENCE)
        ended = bot.stops()

    lines = [json.loads(line) for line in ended.err.splitlines()]
    assert [line["event"] for line in lines if line["level"] == "warning"] == ["push refused"]
    assert "a secret" not in ended.err


def test_several_processes_share_one_port_and_replace_each_other(tmp_path: Path) -> None:
    config = with_owner(settings(tmp_path))
    with running("serve", "--config", config, "--processes", "2", cwd=tmp_path) as bot:
        first = set(children_of(bot.process.pid))
        assert len(first) == 2
        assert say(bot, config, "help").startswith("You are owner")
        for pid in first:
            os.kill(pid, signal.SIGKILL)
            until_gone([pid])
        assert say(bot, config, "help").startswith("You are owner")
        assert len(children_of(bot.process.pid)) == 2
        ended = bot.stops()

    assert (ended.code, ended.out) == (0, "")
    assert working_in(tmp_path / "var") == []


def test_processes_end_with_their_killed_parent(tmp_path: Path) -> None:
    with running("serve", "--config", settings(tmp_path), "--processes", "2", cwd=tmp_path) as bot:
        left = children_of(bot.process.pid) + working_in(tmp_path / "var")
        assert len(left) == 4
        bot.process.kill()
        until_gone(left)


def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for processes in ("1", "2"):
            refused = voucherbot(
                "serve", "--config", settings(tmp_path), "--port", str(port), "--processes", processes, cwd=tmp_path
            )
            assert (refused.code, refused.out) == (2, "")
            assert refused.err == (
                f"port {port} of 127.0.0.1 is in use by another program, expected a free port of this machine\n"
            )


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_redis_that_is_away_is_told(tmp_path: Path, processes: str) -> None:
    config = settings(tmp_path, redis=f"unix://{tmp_path}/none.sock")
    ended = voucherbot("serve", "--config", config, "--processes", processes, cwd=tmp_path)

    assert (ended.code, ended.out) == (1, "")
    assert set(ended.err.splitlines()) == {"Redis does not answer (ConnectionError), expected one at redis.url"}


def test_say_tells_what_went_wrong(tmp_path: Path) -> None:
    config = settings(tmp_path)
    nobody = voucherbot("say", "--config", config, "help", cwd=tmp_path)
    assert (nobody.code, nobody.out) == (1, "")
    assert nobody.err == (
        "nobody owns this account yet, expected --openid or an owner: voucherbot invite --role owner\n"
    )

    away = voucherbot(
        "say", "--config", config, "--openid", "o", "help", cwd=tmp_path, env={"VOUCHERBOT_SERVER__PORT": "9"}
    )
    assert away.code == 1
    assert away.err == (
        "nobody answers at http://127.0.0.1:9/wechat/wx0123456789abcdef, "
        "expected the bot to run there: voucherbot serve\n"
    )

    with running("serve", "--config", config, cwd=tmp_path) as bot:
        env = {
            "VOUCHERBOT_SERVER__PORT": bot.address.split("/wechat")[0].rpartition(":")[2],
            "VOUCHERBOT_ACCOUNTS__0__TOKEN": "another",
        }
        refused = voucherbot("say", "--config", config, "--openid", "o", "help", cwd=tmp_path, env=env)
        assert refused.code == 1
        assert refused.err.endswith("/wechat/wx0123456789abcdef answered 403, expected 200\n")
        silent = voucherbot(
            "say", "--config", config, "--openid", "o", "hello", cwd=tmp_path,
            env={"VOUCHERBOT_SERVER__PORT": env["VOUCHERBOT_SERVER__PORT"]},
        )  # fmt: skip
        assert (silent.code, silent.out, silent.err) == (0, "", "(no reply)\n")
