"""Whom somebody is to a shop, which shops are looked for where, and which of them they speak for."""

from __future__ import annotations

import pytest

from bot.errors import StoreUnavailable
from bot.merchants import elsewhere, persons
from bot.merchants.choices import Choices, Meaning, Standing
from bot.merchants.invitations import InvitationOver
from bot.merchants.people import SHELL, People, Role
from bot.store import Store, connect, keys, shop_keys
from bot.wechat.account import Account

HOME, SHOP, WANG = "wx0123456789abcdef", "wxfedcba9876543210", "oOwner0000000000000000000001"
AWAY = f"{HOME}/{WANG}"


@pytest.fixture
def shop(store: Store) -> People:
    """Another account's people."""
    return People(store, Account(SHOP, "gh_2", "山间茶室", "s", ()))


def test_who_somebody_is() -> None:
    assert persons.named(HOME, WANG, HOME) == WANG
    assert persons.named(HOME, WANG, SHOP) == AWAY
    assert persons.texting(WANG, HOME) == (HOME, WANG)
    assert persons.texting(AWAY, SHOP) == (HOME, WANG)
    assert persons.is_away(AWAY)
    assert not persons.is_away(WANG)


@pytest.mark.parametrize(
    ("standing", "own", "usual"),
    [
        (Standing(), (HOME, SHOP), HOME),
        (Standing(), (SHOP,), SHOP),
        (Standing(), (SHOP, "wx3"), ""),
        (Standing(chosen=SHOP), (HOME, SHOP), SHOP),
        (Standing(chosen="wx3"), (HOME, SHOP), ""),
        (Standing(chosen="wx3"), (HOME,), ""),
        (Standing(last=SHOP), (HOME, SHOP), HOME),
    ],
)
def test_the_usual_one(standing: Standing, own: tuple[str, ...], usual: str) -> None:
    assert standing.usual(own, HOME) == usual


async def test_what_a_message_was_found_to_mean_stands(store: Store, account: Account) -> None:
    choices = Choices(store, account)
    await choices.list_shops(WANG, [HOME, SHOP], "统计")
    assert await choices.standing(WANG) == Standing("", "", (HOME, SHOP), "统计")
    assert await choices.meaning("message:1") is None

    assert await choices.mean(WANG, "message:1", Meaning(SHOP, "统计")) == Meaning(SHOP, "统计")
    assert await choices.mean(WANG, "message:1", Meaning(HOME, "别的")) == Meaning(SHOP, "统计")
    assert await choices.meaning("message:1") == Meaning(SHOP, "统计")
    assert await choices.standing(WANG) == Standing("", SHOP, (HOME, SHOP), None)

    await choices.choose(WANG, SHOP)
    assert (await choices.standing(WANG)).chosen == SHOP
    await choices.choose(WANG, "")
    assert (await choices.standing(WANG)).chosen == ""
    assert await choices.versions([]) == []
    assert await choices.versions([SHOP]) == [0]


async def test_the_index_follows_the_people(store: Store, people: People, shop: People) -> None:
    before = people.version
    await shop.add("oBoss", Role.OWNER, "老茶", by=SHELL)
    assert await store.do("HGETALL", keys.elsewhere(HOME)) == {}
    await shop.add(AWAY, Role.CLERK, "小王", by=SHELL)
    await people.refresh()
    assert people.version > before
    assert people.elsewhere(WANG) == (SHOP,)
    assert people.knows(WANG)

    await elsewhere.enter(store, AWAY, SHOP)
    await shop.remove(AWAY, by=SHELL)
    await people.refresh()
    assert people.elsewhere(WANG) == ()
    await elsewhere.enter(store, AWAY, SHOP)
    await elsewhere.enter(store, AWAY, "wx3")
    await elsewhere.strike(store, AWAY, SHOP)
    await elsewhere.strike(store, AWAY, SHOP)
    await people.refresh()
    assert people.elsewhere(WANG) == ("wx3",)


async def test_who_came_too_late_for_a_code_is_not_entered(store: Store, people: People, shop: People) -> None:
    code = await shop.invite(Role.CLERK, "小王", SHELL)
    assert await people.invited_to(code, WANG) == SHOP
    await store.do("HSET", keys.invitation(SHOP, await digest_of(store)), "used_by", "oSomebody")
    with pytest.raises(InvitationOver):
        await shop.join(code, AWAY)
    await people.refresh()
    assert people.elsewhere(WANG) == ()


async def digest_of(store: Store) -> str:
    """The digest of the one invitation there is."""
    (key,) = await store.do("KEYS", shop_keys.code_shop("*"))
    return str(key).rpartition(":")[2]


async def test_without_redis_nothing_is_known(account: Account) -> None:
    nowhere = connect("redis://127.0.0.1:1/0")
    with pytest.raises(StoreUnavailable):
        await Choices(nowhere, account).standing(WANG)
    await nowhere.close()
