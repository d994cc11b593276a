"""What is gathered to be told together: once, in a slot that closes."""

from __future__ import annotations

import time_machine

from bot.clock import now
from bot.merchants.gathered import Entry, Gathering
from bot.merchants.telling import Telling
from bot.store import Store
from bot.wechat.account import Account

WANG = "oOwner0000000000000000000001"


async def test_a_fact_is_gathered_once_and_a_closed_slot_takes_no_more(
    store: Store, account: Account, clock: time_machine.Traveller
) -> None:
    gathering, telling = Gathering(store, account), Telling(store, account)
    slot = await gathering.slot(WANG)
    assert slot == int(now()) + 100
    clock.shift(99)
    assert await gathering.slot(WANG) == slot
    clock.shift(1)
    assert await gathering.slot(WANG) == slot + 100
    entry = Entry(account.appid, WANG, "digest:1", "一", "zh_CN", "digest", "行", "题", (0.0, -1.0))
    told = [telling.key(WANG, "digest:1"), telling.key(WANG, "also")]

    assert await gathering.add(WANG, slot, entry, told, 0.0)
    assert await telling.untold(WANG, ["digest:1", "also", "other"]) == ["other"]
    assert await gathering.add(WANG, slot, entry, told, 0.0), "told before"
    assert await gathering.take(WANG, slot) == [entry]
    assert await gathering.take(WANG, slot) == [entry], "the same for whoever asks again"
    assert await gathering.slot(WANG) > slot + 99, "whose clock is behind opens another one"
    other = Entry(account.appid, WANG, "digest:2", "二")
    assert not await gathering.add(WANG, slot, other, [telling.key(WANG, "digest:2")], 0.0)
    assert await telling.untold(WANG, ["digest:2"]) == ["digest:2"]
    assert await gathering.add(WANG, slot + 1, other, [telling.key(WANG, "digest:2")], 0.0)
    assert await gathering.take(WANG, slot + 1) == [other]


async def test_what_a_new_secret_cannot_open_is_lost(store: Store, account: Account) -> None:
    gathering, telling = Gathering(store, account), Telling(store, account)
    await gathering.add(WANG, 1, Entry(account.appid, WANG, "f", "words"), [telling.key(WANG, "f")], 0.0)
    assert "words" not in str(await store.do("HGETALL", (await store.do("KEYS", "*gathered*"))[0]))
    anew = Gathering(store, Account(account.appid, "gh", "名", "another", ()))
    assert await anew.take(WANG, 1) == []
