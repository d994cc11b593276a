"""operators and invite: people and roles without chat."""

import re
from pathlib import Path

import pytest

from tests.cli.program import APPID, OWNER, Ended, asked, running, settings, voucherbot

pytestmark = pytest.mark.timeout(240)  # several processes each, and a machine may be busy


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings with an embedded Redis that nobody uses yet."""
    return settings(tmp_path)


def operators(config: Path, *arguments: str) -> Ended:
    return asked("operators", *arguments, "--config", config, cwd=config.parent)


def test_people_are_added_listed_and_removed(config: Path) -> None:
    assert operators(config, "list") == Ended(0, "", "nobody yet: voucherbot invite --role owner\n")

    added = operators(config, "add", "--account", APPID, "--openid", OWNER, "--role", "owner", "--name", "王芳")
    assert added == Ended(0, "王芳 is owner now.\n", "")
    added = operators(config, "add", "--openid", "oClerk", "--role", "店员", "--name", "李四")
    assert added == Ended(0, "李四 is clerk now.\n", "")
    assert operators(config, "list") == Ended(0, f"#1\towner\t{OWNER}\t王芳\n#2\tclerk\toClerk\t李四\n", "")

    assert operators(config, "remove", "--name", "李四") == Ended(0, "李四 is no operator any more.\n", "")
    assert operators(config, "list") == Ended(0, f"#1\towner\t{OWNER}\t王芳\n", "")


def test_what_chat_would_refuse_is_refused_in_one_sentence(config: Path) -> None:
    operators(config, "add", "--openid", OWNER, "--role", "owner", "--name", "王芳")

    for arguments in (
        ("add", "--openid", OWNER, "--role", "clerk", "--name", "李四"),
        ("add", "--openid", "oOther", "--role", "clerk", "--name", "王芳"),
        ("remove", "--openid", OWNER),
        ("remove", "--name", "nobody"),
    ):
        refused = operators(config, *arguments)
        assert (refused.code, refused.out) == (2, ""), arguments
        assert re.fullmatch(r"[^\n]+\n", refused.err), arguments
        assert "Traceback" not in refused.err


def test_who_is_no_operator_cannot_be_removed_and_was_not_just_removed(config: Path) -> None:
    assert operators(config, "remove", "--openid", "oNobody") == Ended(
        2, "", "Invalid value for '--openid': oNobody, expected one of those that operators list prints.\n"
    )


def test_an_invitation_works_in_chat_once(config: Path) -> None:
    with running("serve", "--config", config, cwd=config.parent) as bot:
        env = {"VOUCHERBOT_SERVER__PORT": bot.address.split("/wechat")[0].rpartition(":")[2]}
        invited = asked("invite", "--config", config, "--role", "owner", "--name", "王芳", cwd=config.parent)
        assert invited.code == 0
        assert invited.err == f"within 24 hours, from their own phone, text the account: join {invited.out}"
        assert re.fullmatch(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){3}\n", invited.out)

        said = ("say", "--config", config, "--openid")
        joined = voucherbot(*said, OWNER, f"join {invited.out}", cwd=config.parent, env=env)
        assert joined.code == 0, joined
        assert operators(config, "list").out == f"#1\towner\t{OWNER}\t王芳\n"
        voucherbot(*said, "oAnother", f"join {invited.out}", cwd=config.parent, env=env)
        assert operators(config, "list").out == f"#1\towner\t{OWNER}\t王芳\n"
