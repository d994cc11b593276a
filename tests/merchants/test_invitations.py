"""Codes that make somebody an operator: once, for a day, and for nobody who guesses."""

from __future__ import annotations

import asyncio
import math
import re
from datetime import timedelta

import pytest
import time_machine

from bot import clock as the_clock
from bot.errors import NotAllowed
from bot.merchants.invitations import InvitationOver, TooManyWrongCodes, WrongCode, digest, new_code
from bot.merchants.people import SHELL, BadName, NameTaken, People, Role
from bot.store import Store
from bot.wechat.account import Account
from tests.merchants.conftest import CLERK, OWNER, SECOND

NEW = "oNew000000000000000000000004"


async def test_only_owners_and_the_shell_invite(people: People) -> None:
    for by in (CLERK, NEW, ""):
        with pytest.raises(NotAllowed):
            await people.invite(Role.VIEWER, "张三", by=by)


async def test_a_name_that_is_taken_or_no_name_is_not_invited(people: People) -> None:
    with pytest.raises(NameTaken):
        await people.invite(Role.VIEWER, "李四", by=OWNER)
    with pytest.raises(BadName):
        await people.invite(Role.VIEWER, "#1", by=OWNER)


def test_a_code_is_easy_to_type_and_hard_to_guess() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    letters = set("".join(codes)) - {"-"}
    assert not letters & set("0O1IL")
    assert all(re.fullmatch(r"(\w{4}-){3}\w{4}", code) for code in codes)
    assert 16 * math.log2(len(letters)) >= 64


@pytest.mark.parametrize(
    "typed", ["k7qm-3rxd-9wvf-t2hb", "K7QM3RXD9WVFT2HB", "K7QM 3RXD 9WVF T2HB", "Ｋ7QM－3RXD—9WVF–T2HB"]
)
def test_case_spaces_dashes_and_width_of_a_code_do_not_count(typed: str) -> None:
    assert digest(typed) == digest("K7QM-3RXD-9WVF-T2HB")


async def test_a_code_stands_nowhere_in_the_store(store: Store, people: People) -> None:
    code = await people.invite(Role.CLERK, "张三", by=OWNER)
    letters = code.replace("-", "")
    for key in await store.do("KEYS", "*"):
        stored = key + await _content(store, key)
        assert code not in stored
        assert letters not in stored


async def _content(store: Store, key: str) -> str:
    commands = {"hash": ("HGETALL", key), "string": ("GET", key), "list": ("LRANGE", key, 0, -1)}
    return str(await store.do(*commands[await store.do("TYPE", key)]))


async def test_a_code_makes_its_reader_what_the_inviter_meant(people: People, store: Store, account: Account) -> None:
    code = await people.invite(Role.MANAGER, " 张三 ", by=OWNER)
    elsewhere = People(store, account)
    joined = await elsewhere.join(code.lower().replace("-", " "), NEW)

    assert (joined.operator.name, joined.operator.role, joined.before) == ("张三", Role.MANAGER, None)
    assert joined.changed
    assert joined.by == OWNER
    await people.refresh()
    assert people.operator(NEW) == joined.operator
    assert people.operator(NEW).since == the_clock.now()  # type: ignore[union-attr]  # joined above


async def test_a_code_without_a_name_gives_the_word_of_the_role(people: People) -> None:
    first = await people.invite(Role.OWNER, "", by=SHELL)
    second = await people.invite(Role.OWNER, "", by=SHELL)
    assert (await people.join(first, NEW)).operator.name == "老板"
    assert (await people.join(second, SECOND)).operator.name == "老板2"


async def test_a_used_code_joins_nobody_else(people: People) -> None:
    code = await people.invite(Role.CLERK, "张三", by=OWNER)
    await people.join(code, NEW)
    with pytest.raises(InvitationOver) as caught:
        await people.join(code, SECOND)
    assert caught.value.values == {"reason": "used"}


async def test_who_used_a_code_may_send_it_again_without_harm(people: People) -> None:
    code = await people.invite(Role.CLERK, "张三", by=OWNER)
    first = await people.join(code, NEW)
    again = await people.join(code, NEW)
    assert not again.changed
    assert again.operator == first.operator
    assert not again.good


async def test_who_was_removed_does_not_come_back_with_the_used_code(people: People) -> None:
    code = await people.invite(Role.CLERK, "张三", by=OWNER)
    await people.join(code, NEW)
    await people.remove(NEW, by=OWNER)
    with pytest.raises(InvitationOver):
        await people.join(code, NEW)


@pytest.mark.parametrize("round_", range(20))
async def test_of_two_people_with_one_code_at_once_one_joins(
    store: Store, account: Account, people: People, round_: int
) -> None:
    code = await people.invite(Role.CLERK, "张三", by=OWNER)
    elsewhere = People(store, account)
    outcomes = await asyncio.gather(people.join(code, NEW), elsewhere.join(code, SECOND), return_exceptions=True)
    assert sum(isinstance(outcome, InvitationOver | NameTaken) for outcome in outcomes) == 1
    await people.refresh()
    assert len(people.all()) == 3


async def test_of_two_people_with_one_nameless_code_at_once_one_joins(
    store: Store, account: Account, people: People
) -> None:
    code = await people.invite(Role.CLERK, "", by=SHELL)
    processes = [People(store, account) for _ in range(6)]
    outcomes = await asyncio.gather(
        *(process.join(code, f"oNew{n}") for n, process in enumerate(processes)), return_exceptions=True
    )
    assert sum(isinstance(outcome, InvitationOver) for outcome in outcomes) == 5


async def test_a_code_is_good_for_a_day(people: People, clock: time_machine.Traveller) -> None:
    late = await people.invite(Role.CLERK, "张三", by=OWNER)
    clock.shift(timedelta(seconds=1))
    in_time = await people.invite(Role.CLERK, "赵敏", by=OWNER)
    clock.shift(timedelta(days=1, seconds=-1))
    with pytest.raises(InvitationOver) as caught:
        await people.join(late, NEW)
    assert caught.value.values == {"reason": "expired"}
    assert (await people.join(in_time, NEW)).changed


async def test_inviting_somebody_again_withdraws_the_earlier_code(people: People) -> None:
    sent_to_the_wrong_chat = await people.invite(Role.OWNER, "张三", by=OWNER)
    another = await people.invite(Role.CLERK, "赵敏", by=OWNER)
    right = await people.invite(Role.OWNER, " 张三", by=OWNER)
    with pytest.raises(InvitationOver) as caught:
        await people.join(sent_to_the_wrong_chat, NEW)
    assert caught.value.values == {"reason": "replaced"}
    assert (await people.join(right, SECOND)).changed
    assert (await people.join(another, NEW)).changed


async def test_a_code_dies_with_the_inviter_s_office(people: People) -> None:
    await people.add(SECOND, Role.OWNER, "张三", by=SHELL)
    code = await people.invite(Role.OWNER, "赵敏", by=SECOND)
    await people.change(SECOND, by=OWNER, role=Role.MANAGER)
    with pytest.raises(InvitationOver) as caught:
        await people.join(code, NEW)
    assert caught.value.values == {"reason": "withdrawn"}


async def test_a_higher_role_raises_who_is_there_and_keeps_the_name(people: People) -> None:
    code = await people.invite(Role.MANAGER, "小李", by=OWNER)
    joined = await people.join(code, CLERK)
    assert joined.changed
    assert (joined.before, joined.operator.role, joined.operator.name) == (Role.CLERK, Role.MANAGER, "李四")


async def test_a_lower_role_changes_nothing_and_leaves_the_code_good(people: People) -> None:
    code = await people.invite(Role.VIEWER, "张三", by=OWNER)
    joined = await people.join(code, CLERK)
    assert not joined.changed
    assert joined.good
    assert (joined.operator.role, joined.offered) == (Role.CLERK, Role.VIEWER)
    assert (await people.join(code, NEW)).changed


async def test_a_name_taken_since_the_invitation_is_told_and_leaves_the_code_good(people: People) -> None:
    code = await people.invite(Role.CLERK, "张三", by=OWNER)
    await people.add(SECOND, Role.VIEWER, "张三", by=OWNER)
    with pytest.raises(NameTaken):
        await people.join(code, NEW)
    await people.remove(SECOND, by=OWNER)
    assert (await people.join(code, NEW)).changed


async def test_five_wrong_codes_an_hour_then_not_even_the_right_one(
    people: People, clock: time_machine.Traveller
) -> None:
    code = await people.invite(Role.CLERK, "张三", by=OWNER)
    first = the_clock.now()
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongCode) as wrong:
            await people.join(new_code(), NEW)
        assert wrong.value.values == {"left": left}
        clock.shift(timedelta(minutes=1))
    for attempt in (code, new_code()):
        with pytest.raises(TooManyWrongCodes) as limited:
            await people.join(attempt, NEW)
        assert limited.value.values == {"until": pytest.approx(first + 3600, abs=0.01), "tries": 5}
    assert (await people.join(code, SECOND)).changed, "others are not held up"


async def test_the_limit_lifts_try_by_try(people: People, clock: time_machine.Traveller) -> None:
    code = await people.invite(Role.CLERK, "张三", by=OWNER)
    for _ in range(5):
        with pytest.raises(WrongCode):
            await people.join("K7QM", NEW)
        clock.shift(timedelta(minutes=10))
    clock.shift(timedelta(minutes=10))
    with pytest.raises(WrongCode) as wrong:
        await people.join("K7QM", NEW)
    assert wrong.value.values == {"left": 0}
    with pytest.raises(TooManyWrongCodes):
        await people.join(code, NEW)
    clock.shift(timedelta(minutes=11))
    assert (await people.join(code, NEW)).changed


async def test_wrong_codes_at_the_same_time_are_all_counted(
    store: Store, account: Account, people: People
) -> None:
    outcomes = await asyncio.gather(
        *(People(store, account).join(new_code(), NEW) for _ in range(20)), return_exceptions=True
    )
    assert sum(isinstance(outcome, WrongCode) for outcome in outcomes) == 5
    assert sum(isinstance(outcome, TooManyWrongCodes) for outcome in outcomes) == 15
