"""Fifty accounts of one bot: whatever their people text, nothing of another's is read, written, asked for or named.

Redis tells of every command it gets (MONITOR), those of scripts too; the simulated WeChat of every call.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from redis.asyncio import Redis

from bot.merchants.invitations import new_code
from bot.merchants.roles import Role
from bot.simulator import Person, Simulator, cash_voucher
from bot.store import Store
from tests.shops import Shops, open_shops

APPIDS = [f"wx{number:016d}" for number in range(50)]
NAMES = {appid: f"{'东西南北中'[number % 5]}街{number:02d}号店" for number, appid in enumerate(APPIDS)}
NAMED = re.compile("[东西南北中]街[0-9]{2}号店")
APPID = re.compile(r"wx\d{16}")
ROUNDS = 4


@dataclass(frozen=True)
class Somebody:
    """Who texts an account, and all shops they serve by way of it; none: a customer."""

    at: str
    openid: str
    own: frozenset[str]


class Watch:
    """What Redis is asked for, read between two marks."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._seen: list[str] = []
        self._mark = 0

    async def run(self) -> None:
        """Take note until cancelled."""
        async with self._redis.monitor() as monitor:
            async for line in monitor.listen():
                self._seen.append(str(line["command"]))

    async def since(self, store: Store) -> list[str]:
        """The commands since the last time this was asked."""
        self._mark += 1
        await store.do("ECHO", f"mark {self._mark}")
        while not self._seen or f"mark {self._mark}" not in self._seen[-1]:
            await asyncio.sleep(0)
        seen, self._seen = self._seen, []
        return seen


@pytest.fixture
async def shops(simulator: Simulator, store: Store, redis_server: str) -> AsyncIterator[Shops]:
    """All of them, each with a voucher and an owner at home."""
    async with open_shops(simulator, store, redis_server, NAMES, ()) as opened:
        for appid in APPIDS:
            simulator.add_voucher(appid, cash_voucher(NAMES[appid], 1000, title="春节券"), "VERIFY_OK")
        yield opened


async def people_of(shops: Shops) -> list[Somebody]:
    """An owner, a clerk and a customer of each; every third owner serves two shops more, every fifth clerk one."""
    found = []
    for number, appid in enumerate(APPIDS):
        owner, clerk, customer = (f"oTest0{kind}{number:020d}" for kind in "OKC")
        for openid in (owner, clerk, customer):
            shops.simulator.add_person(appid, Person(openid, openid[-4:], "customer"))
        await shops.add(appid, Role.OWNER, "老板", openid=owner, at=appid)
        others = [APPIDS[(number + step) % 50] for step in (1, 7)] if number % 3 == 0 else []
        for other in others:
            await shops.add(other, Role.MANAGER, f"远{number}", openid=owner, at=appid)
        found += [Somebody(appid, owner, frozenset({appid, *others})), Somebody(appid, customer, frozenset())]
        if number % 5 == 0:
            far = APPIDS[(number + 11) % 50]
            await shops.add(far, Role.CLERK, f"远店员{number}", openid=clerk, at=appid)
            found.append(Somebody(appid, clerk, frozenset({far})))
    return found


def colleagues(everybody: list[Somebody], somebody: Somebody) -> set[str]:
    """The accounts texted by those who serve a shop of ``somebody``'s."""
    return {each.at for each in everybody if each.own & somebody.own}


def said(somebody: Somebody, dice: random.Random) -> str:
    """A command, often one that tries to reach a shop: their own or, as often, another's."""
    name = NAMES[dice.choice([*somebody.own, *dice.sample(APPIDS, 2)])]
    command = dice.choice(
        [
            "我", "卡券", "查看 春节券", "统计", "今日", "成员", "日志", "审核", "修改 春节券 提醒=请出示", "确认",
            "取消", "1", "#2", "核销 226000000001", "门店汇总", "账号", "日报 开", "提醒", "继续", "新建", "代金券",
            "额度", "status", "2260 0000 0001",
        ]
    )  # fmt: skip
    return dice.choice(
        [command, command, f"@{name} {command}", f"＠{name}{command}", f"账号 {name}", f"@街 {command}", f"@{name}",
         f"@#{dice.randint(1, 60)} {command}", f"绑定 {new_code()}"]
    )  # fmt: skip


@pytest.mark.slow
async def test_nobody_reaches_beyond_their_own(shops: Shops, redis_server: str) -> None:
    everybody = await people_of(shops)
    redis = Redis.from_url(redis_server, decode_responses=True)
    watch = Watch(redis)
    watching = asyncio.create_task(watch.run())
    dice, answered = random.Random(6), 0
    while not (await redis.info("clients")).get("monitor_clients", 1):
        await asyncio.sleep(0)
    try:
        for _ in range(ROUNDS):
            dice.shuffle(everybody)
            for somebody in everybody:
                text = said(somebody, dice)
                await watch.since(shops.store)
                shops.simulator.clear_calls()
                answer = await shops.says(text, at=somebody.at, openid=somebody.openid)
                await shops.app.dispatcher.settle()
                asked = await watch.since(shops.store)
                allowed = somebody.own | {somebody.at}
                assert asked
                for line in asked:
                    beyond = set(APPID.findall(line)) - allowed
                    # Whether a colleague can be reached is known where that colleague texts.
                    assert not beyond or (":window" in line and beyond <= colleagues(everybody, somebody)), (text, line)
                assert {call.appid for call in shops.simulator.calls("")} <= somebody.own, text
                named = set(NAMED.findall(answer)) - set(NAMED.findall(text))
                assert named <= {NAMES[appid] for appid in somebody.own}, (text, answer)
                assert somebody.own or not answer or "邀请码" in answer or "绑定" in text, (text, answer)
                answered += bool(answer)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await redis.aclose()
    assert answered > len(everybody)
