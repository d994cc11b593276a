"""The ticket in two places: out of order, Redis away, Redis wiped, too old, another process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import time_machine

from bot import clock as clocks
from bot.errors import StoreUnavailable
from bot.store import Store, connect
from bot.store.copies import Copies
from bot.store.tickets import GOOD_FOR, KeptTicket, Tickets

pytestmark = pytest.mark.usefixtures("clock")

COMPONENT, SECRET = "wxc000000000000001", "canary0secret0of0the0component000"


@pytest.fixture
async def away() -> AsyncIterator[Store]:
    """A Redis that is not there."""
    store = connect("redis://127.0.0.1:9/0")
    yield store
    await store.close()


def tickets(store: Store, folder: Path, secret: str = SECRET) -> Tickets:
    """As one process has them."""
    return Tickets(store, Copies(folder, secret), COMPONENT, secret)


def made(seconds_ago: int) -> KeptTicket:
    """A ticket of so long ago."""
    at = int(clocks.now()) - seconds_ago
    return KeptTicket(at, f"ticket@@@canary-{at}")


async def test_there_is_none_before_one_came(store: Store, away: Store, tmp_path: Path) -> None:
    assert await tickets(store, tmp_path).newest() is None
    with pytest.raises(StoreUnavailable):
        await tickets(away, tmp_path).newest()


async def test_an_older_one_never_replaces_a_newer_one(store: Store, tmp_path: Path) -> None:
    one, other = tickets(store, tmp_path / "one"), tickets(store, tmp_path / "other")
    await one.keep(made(60))
    await one.keep(made(660))
    await other.keep(made(1260))

    assert await one.newest() == made(60)
    assert await other.newest() == made(60), "another machine, whose own copy is older"


async def test_either_place_suffices(store: Store, away: Store, tmp_path: Path) -> None:
    await tickets(store, tmp_path).keep(made(60))
    assert await tickets(away, tmp_path).newest() == made(60)

    await store.do("FLUSHALL")
    assert await tickets(store, tmp_path / "another machine").newest() is None
    assert await tickets(store, tmp_path).newest() == made(60)
    assert await tickets(store, tmp_path / "another machine").newest() == made(60), "put back for everybody"


async def test_one_that_reached_the_disk_alone_is_kept_and_one_that_reached_neither_is_not(
    away: Store, tmp_path: Path
) -> None:
    await tickets(away, tmp_path / "disk").keep(made(60))
    assert await tickets(away, tmp_path / "disk").newest() == made(60)

    (tmp_path / "full").write_text("no folder")
    with pytest.raises(StoreUnavailable):
        await tickets(away, tmp_path / "full").keep(made(60))


async def test_after_twelve_hours_it_is_none(store: Store, tmp_path: Path, clock: time_machine.Traveller) -> None:

    ticket = made(0)
    await tickets(store, tmp_path).keep(ticket)

    clock.shift(GOOD_FOR - 1)
    assert await tickets(store, tmp_path).newest() == ticket
    clock.shift(1)
    assert await tickets(store, tmp_path).newest() is None


async def test_it_cannot_be_read_in_redis_nor_shown(store: Store, tmp_path: Path) -> None:
    await tickets(store, tmp_path).keep(made(60))

    kept = await store.do("HGETALL", "v1:{" + COMPONENT + "}:ticket")
    assert "canary" not in str(kept)
    assert "canary" not in repr(made(60))
    assert await tickets(store, tmp_path / "elsewhere", "another secret").newest() is None
