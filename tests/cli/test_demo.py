"""demo: everything from one command, and still there after a crash."""

import os
import re
import signal
import socket
import urllib.request
from pathlib import Path

import pytest

from bot.simulator import DEMO_COMPONENT, DEMO_PERSONS, DEMO_SHOPS
from config import load
from tests.cli.program import PATIENCE, running, until_gone, voucherbot, working_in

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]  # several processes each, and a machine may be busy

DEMO = Path(load.__code__.co_filename).with_name("demo.toml")


def test_its_settings_are_those_of_the_simulated_shops() -> None:
    names = ("appid", "original_id", "name", "secret", "token", "encoding_aes_key", "mode")
    settings = load(DEMO, {})
    ours = [tuple(getattr(account, name) for name in names) for account in settings.accounts]
    platform = ("appid", "secret", "token", "encoding_aes_key")

    assert ours == [tuple(str(getattr(shop, name)) for name in names) for shop in DEMO_SHOPS]
    assert settings.component is not None
    assert [getattr(settings.component, name) for name in platform] == [
        getattr(DEMO_COMPONENT, name) for name in platform
    ]


def test_it_shows_the_page_answers_texts_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    with running("demo", "--port", "0", cwd=tmp_path) as demo:
        assert demo.line == f"The chat page is at {demo.address}/ (Ctrl-C stops the demo)"
        with urllib.request.urlopen(f"{demo.address}/", timeout=PATIENCE) as page:
            assert "html" in page.headers["Content-Type"]
        said = voucherbot("say", "帮助", cwd=tmp_path)
        assert (said.code, said.err) == (0, "")
        assert said.out.startswith("你是「湖畔面馆」的老板")
        card = voucherbot("say", "走势", cwd=tmp_path).out.splitlines()
        assert card[0].startswith("最近 30 天核销 ")
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/reports/[\w-]{32}", card[-1])
        other = voucherbot("say", "--account", DEMO_SHOPS[1].appid, "帮助", cwd=tmp_path)
        assert other.out.startswith("你是「老街咖啡」的老板")
        ended = demo.stops(signal.SIGINT)

    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert working_in(tmp_path / "var") == []
    assert voucherbot("say", "帮助", cwd=tmp_path).err == (
        "no demo runs in this folder, expected one, or --config FILE\n"
    )


def test_the_shop_has_its_people_once(tmp_path: Path) -> None:
    appid = DEMO_SHOPS[0].appid
    env = {"VOUCHERBOT_DATA__DIR": str(tmp_path / "data")}
    listing = ("operators", "list", "--config", DEMO, "--account", appid)
    with running("demo", "--port", "0", "--data", "data", cwd=tmp_path) as demo:
        people = [line.split("\t")[1:] for line in voucherbot(*listing, cwd=tmp_path, env=env).out.splitlines()]
        expected = [[each.role, each.openid, each.name] for each in DEMO_PERSONS[appid] if each.role != "customer"]
        assert sorted(people) == sorted(expected)
        voucherbot("operators", "remove", "--config", DEMO, "--account", appid, "--name", "李四", cwd=tmp_path, env=env)
        demo.stops()

    with running("demo", "--port", "0", "--data", "data", cwd=tmp_path):
        assert "李四" not in voucherbot(*listing, cwd=tmp_path, env=env).out


def test_what_was_said_is_there_after_everything_was_killed(tmp_path: Path) -> None:
    with running("demo", "--port", "0", cwd=tmp_path) as demo:
        assert voucherbot("say", "language en", cwd=tmp_path).code == 0
        for pid in (everybody := [demo.process.pid, *working_in(tmp_path / "var")]):
            os.kill(pid, signal.SIGKILL)
        demo.process.wait()
        until_gone(everybody[1:])

    with running("demo", "--port", "0", cwd=tmp_path):
        assert voucherbot("say", "help", cwd=tmp_path).out.startswith("You are owner of 湖畔面馆")


def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = voucherbot("demo", "--port", str(port), cwd=tmp_path)

    assert (refused.code, refused.out) == (2, "")
    assert refused.err == f"port {port} is in use, expected a free one: choose it with --port\n"
    assert working_in(tmp_path / "var") == []


def test_a_second_demo_in_the_same_folder_is_told(tmp_path: Path) -> None:
    with running("demo", "--port", "0", cwd=tmp_path):
        refused = voucherbot("demo", "--port", "0", cwd=tmp_path)

        assert (refused.code, refused.out) == (2, "")
        assert refused.err == (
            "var/demo/simulator is in use by another demo or simulator, expected a folder of its own\n"
        )
        assert voucherbot("say", "help", cwd=tmp_path).code == 0


def test_the_simulator_runs_alone(tmp_path: Path) -> None:
    with running("simulator", "--port", "0", cwd=tmp_path) as wechat:
        assert wechat.line == f"The simulated WeChat is at {wechat.address}/"
        with urllib.request.urlopen(f"{wechat.address}/", timeout=PATIENCE) as page:
            assert page.status == 200
        ended = wechat.stops(signal.SIGINT)
    assert (ended.code, ended.out, ended.err) == (0, "", "")
