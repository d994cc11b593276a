"""``voucherbot accounts`` and ``component``."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.store import connect
from bot.store.authorizers import Authorizer, Authorizers, State
from bot.store.copies import Copies
from tests.cli.program import KEY, Ended, asked, running, settings

PLATFORM, SECRET = "wxcccccccccccccccc", "fedcba9876543210fedcba9876543210"
NOODLES, TEA = "wx00000000000000a1", "wx00000000000000b2"


@pytest.fixture
def config(tmp_path: Path, redis_server: str) -> Path:
    """A platform behind which there are two accounts."""
    path = tmp_path / "platform.toml"
    path.write_text(
        f'[component]\nappid = "{PLATFORM}"\nsecret = "{SECRET}"\ntoken = "platform"\nencoding_aes_key = "{KEY}"\n'
        f'[redis]\nurl = "{redis_server}"\n[data]\ndir = "{tmp_path}"\n[wechat]\napi_base_url = "http://127.0.0.1:9"\n'
    )

    async def fill() -> None:
        store = connect(redis_server)
        await store.do("FLUSHALL")
        copies = Copies(tmp_path / "copies", SECRET)
        known = Authorizers(store, copies, PLATFORM, SECRET)
        await known.put(
            Authorizer(NOODLES, "gh_0000000000a1", "湖畔面馆", State.ACTIVE, (1, 8), cards=True, authorized_at=1.8e9)
        )
        await known.put(Authorizer(TEA, name="山间茶室", state=State.UNAUTHORIZED))
        await known.put_refresh_token(NOODLES, "refresh@@@canary")
        await copies.close()
        await store.close()

    asyncio.run(fill())
    return path


def ask(config: Path, *words: str) -> Ended:
    """Run one command with these settings."""
    return asked(*words, "--config", config, cwd=config.parent)


def test_what_is_wrong_is_said_in_a_sentence(config: Path, tmp_path: Path) -> None:
    refused = "expected one of those that accounts list prints behind the platform."
    assert ask(config, "accounts", "show", "--account", "wx1").err == f"Invalid value for '--account': wx1, {refused}\n"
    assert ask(config, "accounts", "show").err == "Missing option '--account'.\n"
    paused = ask(config, "accounts", "pause", "--account", TEA)
    assert (paused.code, paused.out) == (2, "")
    assert paused.err == f"Invalid value for '--account': {TEA} is unauthorized, expected one that is served.\n"

    alone = settings(tmp_path)
    missing = "[component] is missing in the settings, expected a third-party platform\n"
    for words in (("component", "check"), ("component", "ticket"), ("accounts", "show", "--account", NOODLES)):
        ended = ask(alone, *words)
        assert (ended.code, ended.out, ended.err) == (2, "", missing)


def test_accounts_are_listed_and_shown(config: Path) -> None:
    assert ask(config, "accounts", "list").out == (
        f"{NOODLES}\tactive\t湖畔面馆\t2 3 7 11 13 15\n{TEA}\tunauthorized\t山间茶室\t1 2 3 7 8 11 13 15\n"
    )
    shown = ask(config, "accounts", "show", "--account", NOODLES).out
    assert shown == (
        f"         appid\t{NOODLES}\n   original id\tgh_0000000000a1\n          name\t湖畔面馆\n"
        "         state\tactive\n    authorised\t2027-01-15 08:00 UTC\n       changed\tunknown\n"
        "  granted sets\t1 8\n  missing sets\t2 3 7 11 13 15\n         cards\topen\n"
        " refresh token\tkept\n     operators\t0\n"
    )


def test_an_account_is_paused_and_served_again_and_removed(config: Path) -> None:
    paused = ask(config, "accounts", "pause", "--account", NOODLES).out
    assert paused == "湖畔面馆 is paused: its pushes are answered with 404.\n"
    assert f"{NOODLES}\tpaused" in ask(config, "accounts", "list").out
    assert ask(config, "accounts", "pause", "--resume", "--account", NOODLES).out == "湖畔面馆 is served again.\n"

    removed = ask(config, "accounts", "remove", "--account", NOODLES)
    assert removed.out == "湖畔面馆 is not served any more.\n"
    assert removed.err == "WeChat lets only the merchant take the authorisation back: in the account's console.\n"
    assert NOODLES not in ask(config, "accounts", "list").out
    assert ask(config, "accounts", "remove", "--account", NOODLES).code == 2


def test_operators_of_an_account_behind_the_platform(config: Path) -> None:
    added = ask(
        config, "operators", "add", "--account", NOODLES, "--openid", "oWang", "--role", "owner", "--name", "王芳"
    )

    assert (added.code, added.out) == (0, "王芳 is owner now.\n")
    assert ask(config, "operators", "list", "--account", NOODLES).out == "#1\towner\toWang\t王芳\n"
    lost = "--account is missing, expected one of those that accounts list prints\n"
    assert ask(config, "operators", "list").err == lost


def test_the_publication_check_passes_and_fails(config: Path) -> None:
    played = ask(config, "component", "check")
    assert played.code == 0
    assert played.out.splitlines()[0].startswith("ok    \tcomponent\tcomponent_verify_ticket\t")
    assert played.out.splitlines()[-1] == "31 of 31 cases passed."

    nobody = ask(config, "component", "check", "--url", "http://127.0.0.1:9")
    assert nobody.code == 1
    assert "0 of 11 cases passed.\nOnly WeChat can show:\n- that the two addresses" in nobody.out


def test_ones_own_installation_is_asked_what_can_be_asked(config: Path) -> None:
    with running("serve", "--config", config, "--port", "0", cwd=config.parent) as bot:
        played = ask(config, "component", "check", "--url", bot.address.removesuffix("/wechat/APPID"))

    assert played.code == 0, played.out
    assert played.out.splitlines()[11] == "11 of 11 cases passed."


def test_a_ticket_is_asked_for(config: Path) -> None:
    asked = ask(config, "component", "ticket")

    assert (asked.code, asked.out) == (1, "")
    assert asked.err == "cgi-bin/component/api_start_push_ticket: ClientConnectorError\n"
