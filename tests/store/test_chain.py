"""A chained list: what somebody who alters it in Redis cannot hide, and many who append at once."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.errors import StoreUnavailable
from bot.store import Store, connect
from bot.store.chain import Chain, Fault, Finding, Head, Verdict, examine
from tests.dispatch.unruly_redis import unruly_redis

LINES, HEAD = "v1:{wx}:changes", "v1:{wx}:changes:head"


@pytest.fixture
def chain(store: Store) -> Chain:
    """An empty chain."""
    return Chain(store, LINES, HEAD)


async def filled(chain: Chain, count: int = 4) -> None:
    """So many entries."""
    for number in range(count):
        await chain.append({"event": "asked", "what": f"第{number}处"})


async def faults(chain: Chain, noted: tuple[int, str] | None = None) -> list[Finding]:
    """What is found wrong."""
    return list((await chain.verify(noted)).findings)


async def lines(store: Store) -> list[str]:
    """All of them."""
    return list(await store.do("LRANGE", LINES, 0, -1))


@contextlib.asynccontextmanager
async def losing(redis_server: str) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """An address of this Redis, and what is set to break the connection instead of bringing the next answer."""
    lose, carrying = asyncio.Event(), set[asyncio.Task[None]]()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_unix_connection(redis_server.removeprefix("unix://"))
        carrying.add(asyncio.create_task(pump(reader, forth, answers=False)))
        carrying.add(asyncio.create_task(pump(back, writer, answers=True)))

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, answers: bool) -> None:
        try:
            while chunk := await source.read(1 << 16):
                if answers and lose.is_set():
                    lose.clear()
                    break
                sink.write(chunk)
        finally:
            sink.close()

    server = await asyncio.start_server(carry, "127.0.0.1", 0)
    try:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}", lose
    finally:
        server.close()
        for task in carrying:
            task.cancel()
        await asyncio.gather(*carrying, return_exceptions=True)


# Tampered with ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_a_changed_line_shows_by_the_one_after_it(chain: Chain, store: Store, place: int) -> None:
    await filled(chain)
    line = (await lines(store))[place]
    await store.do("LSET", LINES, place, line.replace("处", "次"))

    assert await faults(chain) == [Finding(Fault.BROKEN, place + 2, place + 2)]


async def test_a_changed_last_line_shows_by_the_head(chain: Chain, store: Store) -> None:
    await filled(chain)
    await store.do("LSET", LINES, -1, (await lines(store))[-1].replace("处", "次"))

    assert await faults(chain) == [Finding(Fault.LAST_CHANGED)]


async def test_a_missing_line_shows_by_the_one_after_it_and_by_the_count(chain: Chain, store: Store) -> None:
    await filled(chain)
    await store.do("LREM", LINES, 1, (await lines(store))[1])

    assert await faults(chain) == [Finding(Fault.BROKEN, 2, 3), Finding(Fault.CUT_OFF, 1)]


@pytest.mark.parametrize("cut", [1, 3, 4])
async def test_lines_cut_off_at_the_end_show_by_the_head(chain: Chain, store: Store, cut: int) -> None:
    await filled(chain)
    await store.do("LTRIM", LINES, 0, 3 - cut) if cut < 4 else await store.delete(LINES)

    assert await faults(chain) == [Finding(Fault.CUT_OFF, cut)]


@pytest.mark.parametrize("first", [0, 1, 2])
async def test_two_lines_in_each_other_s_place(chain: Chain, store: Store, first: int) -> None:
    await filled(chain)
    one, other = (await lines(store))[first : first + 2]
    await store.do("LSET", LINES, first, other)
    await store.do("LSET", LINES, first + 1, one)

    found = await faults(chain)
    assert found[0] == Finding(Fault.BROKEN, first + 1, first + 2)
    assert Finding(Fault.BROKEN, first + 2, first + 1) in found


async def test_a_line_that_stands_there_twice(chain: Chain, store: Store) -> None:
    await filled(chain)
    line = (await lines(store))[1]
    await store.do("LINSERT", LINES, "AFTER", line, line)

    assert await faults(chain) == [Finding(Fault.BROKEN, 3, 2), Finding(Fault.TOO_MANY, 1)]


async def test_lines_cut_off_at_the_beginning(chain: Chain, store: Store) -> None:
    await filled(chain)
    await store.do("LTRIM", LINES, 2, -1)

    assert await faults(chain) == [Finding(Fault.BROKEN, 1, 3), Finding(Fault.CUT_OFF, 2)]


async def test_lines_cut_off_at_the_end_show_after_the_next_was_appended(chain: Chain, store: Store) -> None:
    await filled(chain)
    await store.do("LTRIM", LINES, 0, 1)
    await chain.append({"event": "asked"})

    assert await faults(chain) == [Finding(Fault.BROKEN, 3, 5), Finding(Fault.CUT_OFF, 2)]


async def test_what_is_appended_past_the_head(chain: Chain, store: Store) -> None:
    await filled(chain)
    await store.do("RPUSH", LINES, '{"number":9,"event":"asked"}', "nonsense", '["a list"]')

    assert await faults(chain) == [
        Finding(Fault.BROKEN, 5, 9),
        Finding(Fault.UNREADABLE, 6),
        Finding(Fault.UNREADABLE, 7),
        Finding(Fault.TOO_MANY, 3),
    ]


@pytest.mark.parametrize("left", [None, "nonsense", "[1]"])
async def test_a_head_taken_away_is_seen_before_and_after_the_next_entry(
    chain: Chain, store: Store, left: str | None
) -> None:
    await filled(chain)
    await store.do("LTRIM", LINES, 0, 2)
    await (store.delete(HEAD) if left is None else store.do("SET", HEAD, left))

    assert await faults(chain) == [Finding(Fault.NO_HEAD)]
    await chain.append({"event": "asked"})
    assert await faults(chain) == [Finding(Fault.HEAD_WAS_LOST, 4, 4)]
    await chain.append({"event": "asked"})
    assert await faults(chain) == [Finding(Fault.HEAD_WAS_LOST, 4, 4)]


async def test_a_chain_made_up_anew_is_found_by_a_head_noted_elsewhere(chain: Chain, store: Store) -> None:
    await filled(chain)
    verdict = await chain.verify()
    noted = (verdict.count, verdict.digest)
    await filled(chain)
    assert await faults(chain, noted) == []
    await store.delete(LINES, HEAD)
    await filled(chain, 5)

    assert await faults(chain) == []
    assert await faults(chain, noted) == [Finding(Fault.OTHER_HEAD)]
    assert await faults(chain, (99, noted[1])) == [Finding(Fault.OTHER_HEAD)]


# Older than the chain ---------------------------------------------------------------------------------------------


async def test_lines_without_hash_are_read_and_vouched_for_together(chain: Chain, store: Store) -> None:
    for number in (1, 2):
        await store.do("RPUSH", LINES, f'{{"number":{number},"event":"asked"}}')
    assert await chain.verify() == Verdict((), 2, (await chain.verify()).digest, 2)

    assert await chain.append({"event": "asked"}) == 3
    assert [entry["number"] for entry in await chain.newest(9)] == [1, 2, 3]
    verdict = await chain.verify()
    assert (verdict.findings, verdict.count, verdict.unchained) == ((), 3, 2)

    await store.do("LSET", LINES, 0, '{"number":1,"event":"forged"}')
    assert await faults(chain) == [Finding(Fault.BROKEN, 3, 3)]


def test_nothing_at_all() -> None:
    assert examine([], None) == Verdict((), 0, "", 0)


@pytest.mark.parametrize("raw", [None, "", "x", "[]", "[1,2]", "7", "null", '{"a":1}'])
def test_what_is_no_head(raw: str | None) -> None:
    assert Head.of(raw) is None


# Appending --------------------------------------------------------------------------------------------------------


async def test_the_digest_is_sha_256_over_the_one_before_and_the_line(chain: Chain, store: Store) -> None:
    assert await chain.append({"event": "asked", "name": "张三"}) == 1
    assert await chain.append({"event": "done"}, 1) == 1

    first, second = await lines(store)
    one, two = json.loads(first), json.loads(second)
    assert first == f'{{"number":1,"event":"asked","name":"张三","id":"{one["id"]}","before":""}}'
    digest = hashlib.sha256(f"\n{first}".encode()).hexdigest()
    assert two == {"number": 1, "event": "done", "id": two["id"], "before": digest}
    digest = hashlib.sha256(f"{digest}\n{second}".encode()).hexdigest()
    assert await store.do("GET", HEAD) == f'[2,"{digest}",1]'


async def test_of_many_at_once_in_two_processes_each_follows_another(store: Store, redis_server: str) -> None:
    other = connect(redis_server)
    chains = [Chain(store, LINES, HEAD), Chain(other, LINES, HEAD)]

    numbers = await asyncio.gather(*(chains[number % 2].append({"event": "asked"}) for number in range(60)))

    assert sorted(numbers) == list(range(1, 61))
    assert (await chains[0].verify()).findings == ()
    assert (await chains[0].verify()).count == 60
    await other.close()


async def test_an_entry_whose_answer_was_lost_is_appended_once(chain: Chain, store: Store, redis_server: str) -> None:
    async with losing(redis_server) as (url, lose):
        lossy = connect(url)
        chain_of_it = Chain(lossy, LINES, HEAD)
        await chain_of_it.append({"event": "first"})
        lose.set()
        await chain_of_it.append({"event": "second"})
        assert not lose.is_set()
        await lossy.close()

    assert [entry["event"] for entry in await chain.newest(9)] == ["first", "second"]
    assert (await chain.verify()).findings == ()


async def test_while_redis_is_silent_nobody_waits_for_everybody_before_them(chain: Chain) -> None:
    """The first gives up after two seconds; the others do not begin to count only then."""
    loop = asyncio.get_running_loop()
    with unruly_redis() as silent:
        store = connect(silent.url)
        lines = Chain(store, LINES, HEAD)
        await lines.append({"event": "asked"})
        silent.pause()
        began = loop.time()
        ends = await asyncio.gather(*(lines.append({"event": "asked"}) for _ in range(8)), return_exceptions=True)
        took = loop.time() - began
        silent.resume()
        await store.close()

    assert [type(end) for end in ends] == [StoreUnavailable] * 8
    assert took < 8


async def test_pages_of_entries_from_the_newest(chain: Chain) -> None:
    await filled(chain, 5)

    def numbers(entries: list[dict[str, Any]]) -> list[int]:
        return [entry["number"] for entry in entries]

    assert numbers(await chain.newest(2)) == [4, 5]
    assert numbers(await chain.newest(2, 2)) == [2, 3]
    assert numbers(await chain.newest(2, 4)) == [1]
    assert await chain.newest(2, 5) == []
