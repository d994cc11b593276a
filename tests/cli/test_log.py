"""``voucherbot log``, as a shell runs it: what it shows, and what it finds when somebody has altered the record."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.store import Store, connect, record_keys
from bot.vouchers.changes import Change
from bot.vouchers.fields import BY_NAME
from bot.vouchers.records import Records, What
from bot.wechat.account import account_of
from config import load
from tests.cli.program import APPID, Ended, asked, settings

LINES = record_keys.change_records(APPID)
CARD = "pDEMO1aaaaaaaaaaaaaaaaaaaaaa"


@dataclass(frozen=True)
class Named:
    """A voucher or a person."""

    name: str = "张三"
    openid: str = "oTest0ZhangSan"
    card_id: str = CARD
    title: str = "春节券"
    second: None = None
    till: str = ""


@pytest.fixture
def config(tmp_path: Path, redis_server: str) -> Path:
    """Settings of a shop; two changes are on record in its Redis."""
    path = settings(tmp_path, redis=redis_server)
    account = account_of(load(path, {}).accounts[0])

    async def filled(store: Store) -> None:
        await store.do("FLUSHALL")
        records = Records(account, store)
        changes = [Change(BY_NAME["service_phone"], "0571-1234567", "0571-7654321")]
        await records.end(await records.begin(Named(), changes, Named()), "applied", review=False)
        other = Named(card_id="pOTHER", title="月券")
        await records.begin(other, (), Named(), What.STOCK, amount=-20, stock=500)

    in_redis(redis_server, filled)
    return path


def in_redis(url: str, use: Callable[[Store], Awaitable[Any]]) -> None:
    """Do something to what is stored."""

    async def run() -> None:
        store = connect(url)
        await use(store)
        await store.close()

    asyncio.run(run())


def log(config: Path, *arguments: str) -> Ended:
    """Run it."""
    return asked("log", *arguments, "--config", config, "--account", APPID, cwd=config.parent)


def test_wrong_options(config: Path) -> None:
    assert log(config, "show", "--last", "0").err == (
        "Invalid value for '--last': 0, expected a whole number from 1 to 10000.\n"
    )
    assert log(config, "verify", "--head", "3:abc").err == (
        "Invalid value for '--head': 3:abc, expected COUNT:DIGEST as verify printed it.\n"
    )
    other = asked("log", "verify", "--config", config, "--account", "wx9", cwd=config.parent)
    assert (other.code, other.out) == (2, "")
    assert other.err == f"--account is wx9, expected {APPID}\n"


def test_changes_oldest_first(config: Path) -> None:
    shown = log(config, "show")

    assert (shown.code, shown.err) == (0, "")
    first, field, second = shown.out.splitlines()
    assert first.startswith("1 · ")
    assert first.endswith(" 张三: update of 春节券 ✅")
    assert field == "    service_phone: 0571-1234567 → 0571-7654321"
    assert second.endswith(" 张三: stock of 月券 500 → 480 ⚠️ outcome unknown")
    assert log(config, "show", "--last", "1").out.splitlines() == [second]
    assert log(config, "show", "--voucher", CARD).out.splitlines() == [first, field]
    nothing = log(config, "show", "--voucher", "pNONE")
    assert (nothing.code, nothing.out, nothing.err) == (0, "", "No change is on record.\n")


def test_an_intact_log(config: Path, redis_server: str) -> None:
    verified = log(config, "verify")

    assert (verified.code, verified.err) == (0, "")
    words, _, head = verified.out.strip().partition("; head ")
    assert words == "3 lines, intact"
    assert log(config, "verify", "--head", head).code == 0

    in_redis(redis_server, lambda store: store.do("FLUSHALL"))
    gone = log(config, "verify", "--head", head)
    assert (gone.code, gone.out) == (
        1, "the log does not begin with the lines that --head was noted for\n0 lines, NOT intact; head 0:-\n",
    )  # fmt: skip


async def _changed(store: Store) -> None:
    line = await store.do("LINDEX", LINES, 0)
    await store.do("LSET", LINES, 0, line.replace("7654321", "1111111"))


async def _last_changed(store: Store) -> None:
    line = await store.do("LINDEX", LINES, -1)
    await store.do("LSET", LINES, -1, line.replace("-20", "-10"))


async def _cut(store: Store) -> None:
    await store.do("LTRIM", LINES, 0, 1)


async def _missing(store: Store) -> None:
    await store.do("LREM", LINES, 1, await store.do("LINDEX", LINES, 1))


async def _reordered(store: Store) -> None:
    lines = await store.do("LRANGE", LINES, 0, -1)
    await store.do("LSET", LINES, 1, lines[2])
    await store.do("LSET", LINES, 2, lines[1])


async def _headless(store: Store) -> None:
    await store.do("DEL", record_keys.change_head(APPID))


@pytest.mark.parametrize(
    ("tamper", "found", "count"),
    [
        (
            _changed,
            "line 2 (change 1): this line does not follow those above it; one of them was changed, added or taken out",
            3,
        ),
        (_last_changed, "the last line was changed: its digest is not the head's", 3),
        (_cut, "1 line missing: the head counts more than there are", 2),
        (_headless, "the head is missing: whether lines were cut off at the end cannot be told", 3),
    ],
)
def test_an_altered_log(
    config: Path, redis_server: str, tamper: Callable[[Store], Awaitable[None]], found: str, count: int
) -> None:
    in_redis(redis_server, tamper)
    verified = log(config, "verify")

    assert verified.code == 1
    first, last = verified.out.splitlines()
    assert first == found
    assert last.startswith(f"{count} lines, NOT intact; head {count}:")


BROKEN = "this line does not follow those above it; one of them was changed, added or taken out"


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (_missing, [f"line 2 (change 2): {BROKEN}", "1 line missing: the head counts more than there are"]),
        (
            _reordered,
            [
                f"line 2 (change 2): {BROKEN}",
                f"line 3 (change 1): {BROKEN}",
                "the last line was changed: its digest is not the head's",
            ],
        ),
    ],
)
def test_lines_taken_out_and_moved(
    config: Path, redis_server: str, tamper: Callable[[Store], Awaitable[None]], found: list[str]
) -> None:
    in_redis(redis_server, tamper)
    verified = log(config, "verify")

    assert verified.code == 1
    assert verified.out.splitlines()[:-1] == found


def test_entries_older_than_the_chain(config: Path, redis_server: str) -> None:
    async def old(store: Store) -> None:
        await store.do("FLUSHALL")
        await store.do("RPUSH", LINES, '{"number":1,"event":"asked"}', '{"number":1,"event":"applied"}')

    in_redis(redis_server, old)
    assert log(config, "verify").out.startswith(
        "2 lines (2 of them older than the chain, which vouches for them only together), intact; head 2:"
    )


def test_redis_away(config: Path) -> None:
    away = asked(
        "log", "verify", "--config", config, cwd=config.parent, env={"VOUCHERBOT_REDIS__URL": "unix:///nowhere"}
    )
    assert (away.code, away.out) == (1, "")
    assert away.err.startswith("Redis does not answer")
