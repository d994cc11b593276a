"""A signature as a grammar: words in any order, one clear sentence when one is missing, wrong or too much."""

from __future__ import annotations

import contextlib
import time
from datetime import date
from typing import Annotated, Any

import pytest
import time_machine

from bot.errors import BadArgument
from bot.merchants.roles import Role
from bot.routing import Changes, Context, Flag, Range, RoleWord, Text, Until, VoucherRef, signature


async def stats(
    ctx: Context,
    span: Range | None = None,
    voucher: VoucherRef | None = None,
    everything: Annotated[bool, Flag("all", "全部")] = False,
) -> None: ...


async def extend(ctx: Context, voucher: VoucherRef, last_day: Until) -> None: ...


async def update(ctx: Context, voucher: VoucherRef, changes: Changes) -> None: ...


async def invite(ctx: Context, role: RoleWord, name: Text) -> None: ...


def bound(handler: Any, line: str) -> dict[str, Any]:
    """What ``line`` means to ``handler``."""
    return signature.bind(signature.parameters(handler), line)


@pytest.mark.parametrize(
    "line",
    ["7天 春节券", "春节券 7d", "最近7天 春节券", "春节券 近 7 天", "春节券7天", "“春节券” 7天", "「春节券」 7天"],
)
def test_words_come_in_any_order(clock: time_machine.Traveller, line: str) -> None:
    found = bound(stats, line)
    assert (found["voucher"], found["everything"]) == ("春节券", False)
    assert (found["span"].first, found["span"].last) == (date(2026, 11, 15), date(2026, 11, 21))


@pytest.mark.parametrize(
    "line", ["昨天 全部 春节券", "昨天 春节券 all", "春节券 全部 昨天", "all 昨天 春节券", "全部 春节券 昨天"]
)
def test_a_flag_may_stand_among_the_others(clock: time_machine.Traveller, line: str) -> None:
    found = bound(stats, line)
    assert (found["voucher"], found["everything"], len(found["span"])) == ("春节券", True, 1)


@pytest.mark.parametrize("line", ["全部 春节券", "春节券 all", "春节券全部", "ALL 春节券"])
def test_a_flag_may_stand_at_either_end(clock: time_machine.Traveller, line: str) -> None:
    assert bound(stats, line) == {"span": None, "voucher": "春节券", "everything": True}


@pytest.mark.parametrize("line", ["春节券，最近7天", "春节券,7天", "7天，春节券", "春节券、近7天"])
def test_a_comma_between_words_is_a_space(clock: time_machine.Traveller, line: str) -> None:
    found = bound(stats, line)
    assert (found["voucher"], len(found["span"])) == ("春节券", 7)


@pytest.mark.parametrize("line", ["店长 小王", "店长小王", "小王 店长", "店长，小王"])
def test_a_role_and_a_name(line: str) -> None:
    assert bound(invite, line) == {"role": Role.MANAGER, "name": "小王"}


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ("春节券须知=周末不可用", {"须知": "周末不可用"}),
        ("春节券 须知：周末不可用，节假日：可用", {"须知": "周末不可用，节假日：可用"}),
        ("春节券 须知：周末不可用 电话：0571-1", {"须知": "周末不可用", "电话": "0571-1"}),
        ("春节券须知: 周末不可用\n电话：1", {"须知": "周末不可用", "电话": "1"}),
        ("春节券 客服电话 0571-1", {"客服电话": "0571-1"}),
        ("春节券电话 0571-1", {"电话": "0571-1"}),
        ("春节券 电话 1 提醒 请出示", {"电话": "1", "提醒": "请出示"}),
        ("春节券 推广链接：https://a.com", {"推广链接": "https://a.com"}),
        ("春节券 phone: 1", {"phone": "1"}),
        ("春节券 须知=电话：1 电话 2", {"须知": "电话：1 电话 2"}),
        ("春节券 电话=1，须知=不可叠加", {"电话": "1", "须知": "不可叠加"}),
        ("春节券，电话=1;须知 = 不可叠加", {"电话": "1", "须知": "不可叠加"}),
        ("春节券，电话：1，须知：不可叠加、不找零", {"电话": "1", "须知": "不可叠加、不找零"}),
        ("春节券 phone=1, notice=Show it, please", {"phone": "1", "notice": "Show it, please"}),
        ("春节券 须知=请预约，电话：1", {"须知": "请预约，电话：1"}),
        ("春节券 须知=“请预约，电话=1”", {"须知": "请预约，电话=1"}),
        ("春节券 须知：「请预约，电话：1」", {"须知": "请预约，电话：1"}),
        ("春节券 须知=满100元，券=1张", {"须知": "满100元，券=1张"}),
        ("春节券 电话改成0571-1", {"电话": "0571-1"}),
        ("春节券电话改为 0571-1，须知改成周末不可用", {"电话": "0571-1", "须知": "周末不可用"}),
        ("把春节券的电话 换成 0571-1", {"电话": "0571-1"}),
        ("春节券 须知=电话改成1", {"须知": "电话改成1"}),
        ("春节券 须知：电话改成1", {"须知": "电话改成1"}),
    ],
)
def test_pairs_as_phones_type_them(line: str, changes: dict[str, str]) -> None:
    assert bound(update, line) == {"voucher": "春节券", "changes": changes}


def test_quotes_keep_a_title_from_being_a_flag(clock: time_machine.Traveller) -> None:
    assert bound(stats, "「全部」")["voucher"] == "全部"


@pytest.mark.parametrize(
    "line",
    [
        "春节券 2月28日",
        "春节券2月28日",
        "2月28日 春节券",
        "春节券 2027-02-28",
        "春节券 2.28",
        "春节券到2月28日",
        "春节券 到2月28日",
        "春节券延到2月28日",
        "春节券，2月28日",
        "春节券 明年2月28日",
        "春节券 2月底",
        "春节券到2月底",
    ],
)
def test_a_day_after_a_voucher(clock: time_machine.Traveller, line: str) -> None:
    assert bound(extend, line) == {"voucher": "春节券", "last_day": date(2027, 2, 28)}


@pytest.mark.parametrize(
    ("handler", "line", "template", "values"),
    [
        (extend, "", "errors.argument_missing", {"argument": "voucher"}),
        (extend, "春节券", "errors.argument_missing", {"argument": "day"}),
        (extend, "春节券 大后年", "errors.argument_wrong", {"argument": "day", "found": "大后年"}),
        (update, "春节券", "errors.argument_missing", {"argument": "changes"}),
        (update, "电话=1", "errors.argument_missing", {"argument": "voucher"}),
        (update, "春节券 电话=1 电话=2", "errors.argument_twice", {"found": "电话"}),
        (invite, "张三", "errors.argument_wrong", {"argument": "role", "found": ""}),
        (invite, "经理人 小王", "errors.argument_wrong", {"argument": "role", "found": "经理人"}),
        (update, "春节券 电话", "errors.argument_missing", {"argument": "changes"}),
        (update, "须知：1", "errors.argument_missing", {"argument": "voucher"}),
        (invite, "店长", "errors.argument_missing", {"argument": "text"}),
    ],
)
def test_one_clear_fault(
    clock: time_machine.Traveller, handler: Any, line: str, template: str, values: dict[str, str]
) -> None:
    with pytest.raises(BadArgument) as fault:
        bound(handler, line)
    assert (fault.value.template, fault.value.values) == (template, values)


def test_a_signature_without_kinds_is_refused_when_it_is_written() -> None:
    async def wrong(ctx: Context, number: int) -> None: ...

    with pytest.raises(TypeError, match="number is not annotated"):
        signature.parameters(wrong)


HOSTILE = (
    "统计", "a", "a ", "“", "“a ", "a=“", "a=", "，电话=", "电话：", "改成", "a改成", "“a”改成 ", "last day ", "1-",
    "一", "百", "\n", "\u3000", "、", "'a ",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_holds_up_the_others(piece: str) -> None:
    """A body of 64 KiB holds 16,000 Chinese characters; nobody else is answered while one is read."""
    line = (piece * 16_000)[:16_000]
    began = time.process_time()
    for handler in (stats, extend, update):
        with contextlib.suppress(BadArgument):
            bound(handler, line)
    assert time.process_time() - began < 2.0
