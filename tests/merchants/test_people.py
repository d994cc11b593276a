"""The operators of an account, as several processes read and change them."""

from __future__ import annotations

import asyncio

import pytest
import time_machine

from bot.errors import NotAllowed, StoreUnavailable
from bot.merchants.people import SHELL, AlreadyOperator, LastOwner, NameTaken, People, PersonNotFound, Role
from bot.store import Store, connect, keys
from bot.wechat.account import Account
from tests.merchants.conftest import CLERK, OWNER, SECOND
from tests.redis import running_server


async def test_nobody_is_an_operator_before_anybody_was_added(store: Store, account: Account) -> None:
    people = People(store, account)
    await people.refresh(0)
    assert people.operator(OWNER) is None
    assert people.all() == []
    assert people.version == 0


async def test_other_accounts_people_are_nobody_here(store: Store, people: People) -> None:
    other = People(store, Account("wxother", "gh_other", "山水茶馆", "s", ()))
    await other.refresh()
    assert other.operator(OWNER) is None
    assert people.operator(OWNER) is not None


async def test_a_change_stands_in_the_own_copy_at_once(people: People) -> None:
    before = people.version
    await people.change(CLERK, by=OWNER, role=Role.MANAGER)
    assert people.operator(CLERK).role is Role.MANAGER  # type: ignore[union-attr]  # is there, or the test fails
    assert people.version == before + 1


async def test_another_process_learns_of_a_change_by_the_counter(
    store: Store, account: Account, people: People
) -> None:
    elsewhere = People(store, account)
    await elsewhere.refresh(people.version)
    await people.remove(CLERK, by=OWNER)
    assert elsewhere.operator(CLERK) is not None

    counter = int(await store.do("GET", keys.people_version(account.appid)))
    assert counter != elsewhere.version
    await elsewhere.refresh(counter)
    assert elsewhere.operator(CLERK) is None
    assert elsewhere.all() == people.all()


async def test_an_own_copy_of_the_right_version_is_not_read_again(account: Account, people: People) -> None:
    alone = connect("unix:///nonexistent/redis")
    people._store = alone
    await people.refresh(people.version)
    with pytest.raises(StoreUnavailable):
        await people.refresh(people.version + 1)
    await alone.close()


async def test_people_are_known_while_redis_is_away(account: Account) -> None:
    with running_server() as address:
        store = connect(address)
        people = People(store, account)
        await people.add(OWNER, Role.OWNER, "王芳", by=SHELL)
    with pytest.raises(StoreUnavailable):
        await people.add(CLERK, Role.CLERK, "李四", by=SHELL)
    assert people.find("王芳").openid == OWNER
    assert people.operator(CLERK) is None
    await store.close()


async def test_a_name_or_a_person_is_not_added_twice(people: People) -> None:
    with pytest.raises(NameTaken):
        await people.add(SECOND, Role.VIEWER, "李四", by=OWNER)
    with pytest.raises(AlreadyOperator):
        await people.add(CLERK, Role.OWNER, "张三", by=OWNER)
    assert [operator.name for operator in people.all()] == ["王芳", "李四"]


async def test_who_is_gone_cannot_be_changed(people: People) -> None:
    with pytest.raises(PersonNotFound):
        await people.change(SECOND, by=OWNER, role=Role.VIEWER)
    with pytest.raises(PersonNotFound):
        await people.remove(SECOND, by=OWNER)


async def test_a_former_owner_changes_nobody_however_old_their_process_s_copy(
    store: Store, account: Account, people: People
) -> None:
    await people.add(SECOND, Role.OWNER, "张三", by=SHELL)
    outdated = People(store, account)
    await outdated.refresh()
    await people.change(SECOND, by=OWNER, role=Role.VIEWER)

    with pytest.raises(NotAllowed):
        await outdated.remove(CLERK, by=SECOND)
    assert people.operator(CLERK) is not None


async def test_language_and_alerts_are_kept_beside_each_other(store: Store, account: Account, people: People) -> None:
    await asyncio.gather(
        people.change(CLERK, by=CLERK, language="en"),
        people.change(CLERK, by=CLERK, alerts={"reviews": True}),
        people.change(CLERK, by=OWNER, role=Role.MANAGER),
    )
    elsewhere = People(store, account)
    await elsewhere.refresh()
    clerk = elsewhere.find("李四")
    assert (clerk.language, clerk.alerts, clerk.role) == ("en", {"reviews": True}, Role.MANAGER)
    assert [operator.name for operator in elsewhere.with_alert("reviews")] == ["王芳", "李四"]


async def test_an_unchosen_alert_follows_the_role(people: People) -> None:
    assert [operator.name for operator in people.with_alert("reviews")] == ["王芳"]
    await people.change(CLERK, by=OWNER, role=Role.MANAGER)
    assert [operator.name for operator in people.with_alert("reviews")] == ["王芳", "李四"]
    await people.change(OWNER, by=OWNER, alerts={"reviews": False})
    assert [operator.name for operator in people.with_alert("reviews")] == ["李四"]


@pytest.mark.parametrize("round_", range(20))
async def test_of_two_owners_who_remove_each_other_at_once_one_survives(
    store: Store, account: Account, people: People, round_: int
) -> None:
    await people.add(SECOND, Role.OWNER, "张三", by=SHELL)
    elsewhere = People(store, account)
    outcomes = await asyncio.gather(
        people.remove(SECOND, by=OWNER), elsewhere.remove(OWNER, by=SECOND), return_exceptions=True
    )
    assert [type(outcome).__name__ for outcome in outcomes].count("Operator") == 1
    await people.refresh()
    assert len(people.owners()) == 1


@pytest.mark.parametrize("round_", range(20))
async def test_of_two_owners_who_step_down_at_once_one_stays(
    store: Store, account: Account, people: People, round_: int
) -> None:
    await people.add(SECOND, Role.OWNER, "张三", by=SHELL)
    elsewhere = People(store, account)
    outcomes = await asyncio.gather(
        people.change(OWNER, by=OWNER, role=Role.MANAGER),
        elsewhere.change(SECOND, by=SECOND, role=Role.VIEWER),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, LastOwner) for outcome in outcomes) == 1
    await people.refresh()
    assert len(people.owners()) == 1


async def test_of_many_who_take_one_name_at_once_one_gets_it(
    store: Store, account: Account, clock: time_machine.Traveller
) -> None:
    processes = [People(store, account) for _ in range(8)]
    outcomes = await asyncio.gather(
        *(people.add(f"o{n}", Role.OWNER, "张三", by=SHELL) for n, people in enumerate(processes)),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, NameTaken) for outcome in outcomes) == 7


async def test_no_change_is_lost_among_many_at_once(
    store: Store, account: Account, clock: time_machine.Traveller
) -> None:
    processes = [People(store, account) for _ in range(4)]
    await asyncio.gather(
        *(processes[n % 4].add(f"o{n}", Role.VIEWER, f"人{n}号", by=SHELL) for n in range(40))
    )
    for people in processes:
        await people.refresh(40)
        assert people.version == 40
        assert len(people.all()) == 40
