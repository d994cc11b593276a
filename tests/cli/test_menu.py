"""menu: the operators' menu from the shell, against a simulated WeChat of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import config
from bot.cli.outcome import sentence
from bot.errors import WeChatRefused
from bot.simulator.demo_shops import LAKESIDE, OPENIDS
from tests.cli.program import Ended, running, settings, voucherbot

pytestmark = pytest.mark.timeout(240)  # several processes each, and a machine may be busy

DEMO = Path(config.__file__).with_name("demo.toml")
OWNER, CLERK = OPENIDS[LAKESIDE.appid][0], OPENIDS[LAKESIDE.appid][2]


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Where the demo's shops find WeChat, and their data."""
    with running("simulator", "--port", "0", cwd=tmp_path) as wechat:
        yield {"VOUCHERBOT_WECHAT__API_BASE_URL": wechat.address, "VOUCHERBOT_DATA__DIR": str(tmp_path / "data")}


def menu(cwd: Path, env: dict[str, str], *arguments: str) -> Ended:
    return voucherbot(*arguments, "--config", DEMO, "--account", LAKESIDE.appid, cwd=cwd, env=env)


@pytest.mark.slow
def test_put_up_shown_and_taken_away(tmp_path: Path, env: dict[str, str]) -> None:
    for openid, name in ((OWNER, "王芳"), (CLERK, "李四")):
        menu(tmp_path, env, "operators", "add", "--openid", openid, "--role", "owner", "--name", name)
    shown = menu(tmp_path, env, "menu", "show")
    assert (shown.code, shown.err) == (0, "")
    own = shown.out.removesuffix("operators\tthe same\n")
    assert own != shown.out

    assert menu(tmp_path, env, "menu", "remove") == Ended(0, "There was none.\n", "")
    assert menu(tmp_path, env, "menu", "push") == Ended(
        0, "2 operators see their menu within five minutes; everybody else the shop's own as before.\n", ""
    )
    assert menu(tmp_path, env, "menu", "show").out == own + (
        "operators\n  统计\tclick\tvoucherbot:统计\n  核销扫码\tscancode_waitmsg\tvoucherbot:scan\n  更多\n"
        "    今日\tclick\tvoucherbot:今日\n    卡券\tclick\tvoucherbot:卡券\n    帮助\tclick\tvoucherbot:帮助\n"
    )
    assert menu(tmp_path, env, "menu", "remove").out == "Operators see the shop's own menu within five minutes.\n"
    assert menu(tmp_path, env, "menu", "show").out == shown.out


def test_what_is_wrong_is_one_sentence(tmp_path: Path) -> None:
    here = settings(tmp_path)
    wrong = voucherbot("menu", "push", "--default", "官网", "--config", here, cwd=tmp_path)
    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.err.endswith('官网, expected a name and an address: "Website=https://…"\n')
    away = voucherbot("menu", "show", "--config", here, cwd=tmp_path)
    assert (away.code, away.out, len(away.err.splitlines())) == (1, "", 1)
    text = here.read_text("utf-8") + 'operators_menu = ["a = b", "a = c"]\n'
    here.write_text(text, "utf-8")
    assert voucherbot("menu", "show", "--config", here, cwd=tmp_path) == Ended(
        2, "", f'{here}: accounts[0].operators_menu has "a" twice, expected a button once\n'
    )


def test_a_refusal_is_told_with_what_to_do() -> None:
    told = sentence(WeChatRefused("cgi-bin/tags/create", 48001, "api unauthorized hint: [x]"))
    assert told.startswith("cgi-bin/tags/create: ")
    assert "48001" in told
    assert "hint" not in told
