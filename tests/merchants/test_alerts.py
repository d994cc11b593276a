"""Kinds of notices by role, and the words people ask for them with."""

from __future__ import annotations

import pytest

from bot.merchants.alerts import KINDS, offered, reaches, read
from bot.merchants.people import Operator
from bot.merchants.roles import Role


@pytest.mark.parametrize(
    ("line", "on", "kind"),
    [
        ("", None, ""),
        ("全部", None, ""),
        ("库存", None, "stock"),
        ("on", True, ""),
        ("OFF", False, ""),
        ("ｏｆｆ　ａｌｌ", False, ""),
        ("关闭", False, ""),
        ("off stock", False, "stock"),
        ("stock off", False, "stock"),
        ("off Stock alerts", False, "stock"),
        ("on low stock", True, "stock"),
        ("关闭库存", False, "stock"),
        ("关 库存提醒。", False, "stock"),
        ("券点 打开", True, "credit"),
        ("开启审核超时", True, "pending"),
        ("审核 关", False, "reviews"),
        ("expiry on", True, "expiring"),
        ("到期关掉", False, "expiring"),
        ("people off", False, "people"),
        ("offstock", None, None),
        ("stockoff", None, None),
        ("天气", None, None),
        ("关闭天气", False, None),
    ],
)
def test_the_switch_may_stand_at_either_end_and_the_kind_in_either_language(
    line: str, on: bool | None, kind: str | None
) -> None:
    wish = read(line)
    assert (wish.on, wish.kind) == (on, kind)


def test_no_two_kinds_share_a_word() -> None:
    words = [word for kind in KINDS.values() for word in kind.words]
    assert sorted(words) == sorted(set(words))


def test_what_a_role_may_not_see_is_not_offered() -> None:
    assert offered(Role.VIEWER) == offered(Role.CLERK) == ["reviews", "stock", "expiring", "pending"]
    assert offered(Role.MANAGER) == ["reviews", "stock", "credit", "expiring", "pending"]
    assert offered(Role.OWNER) == [*offered(Role.MANAGER), "people", "system"]


def test_managers_and_owners_get_all_they_may_see_unasked_and_others_nothing() -> None:
    for role in Role:
        unasked = [kind for kind in KINDS if reaches(kind, role, None)]
        assert unasked == (offered(role) if role >= Role.MANAGER else [])


def test_a_choice_from_a_higher_role_does_not_outlive_it() -> None:
    assert not Operator("o1", "李四", Role.CLERK, alerts={"credit": True}).wants("credit")
    assert Operator("o1", "李四", Role.CLERK, alerts={"stock": True}).wants("stock")
    assert not Operator("o1", "李四", Role.OWNER, suspended_at=1.0).wants("stock")
