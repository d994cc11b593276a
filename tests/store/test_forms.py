"""The store does the same whatever form its Redis has: one server, a master under Sentinels, a cluster."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import StoreUnavailable
from bot.store import Store, connect, keys
from bot.store.connection import Script

SHOPS = [f"wx{number:016}" for number in range(5)]
"""Their keys lie on different nodes."""
TELL = Script("redis.call('SET', KEYS[1], ARGV[1]) redis.call('PUBLISH', KEYS[2], ARGV[1]) return ARGV[1]")


async def test_an_error_of_redis_is_unavailability(narrow: Store) -> None:
    await narrow.do("SET", keys.token(SHOPS[0]), "text")
    with pytest.raises(StoreUnavailable):
        await narrow.do("HGET", keys.token(SHOPS[0]), "field")
    with pytest.raises(StoreUnavailable):
        await narrow.pipeline(("GET", keys.token(SHOPS[0])), ("HGET", keys.token(SHOPS[0]), "field"))


async def test_commands_speak_the_same(narrow: Store) -> None:
    key = keys.people(SHOPS[0])
    assert await narrow.do("PING") is True
    assert await narrow.do("HSET", key, "a", 1, "ä", "二") == 2
    assert await narrow.do("HGETALL", key) == {"a": "1", "ä": "二"}
    assert await narrow.do("HMGET", key, "a", "b") == ["1", None]
    assert await narrow.pipeline(("LPUSH", keys.unread(SHOPS[0]), "x"), ("HGET", key, "a")) == [1, "1"]
    assert await narrow.delete(key, keys.unread(SHOPS[0])) == 2


async def test_json_comes_back(narrow: Store) -> None:
    for shop in SHOPS:
        key = keys.pending(shop, "openid")
        assert await narrow.write(key, {"名": [1, None]}, seconds=60, only_new=True)
        assert not await narrow.write(key, {}, only_new=True)
        assert await narrow.read(key) == {"名": [1, None]}


async def test_a_script_runs_where_it_was_never_seen(narrow: Store) -> None:
    for shop in SHOPS:
        touched = [keys.token(shop), keys.token_news(shop)]
        assert await narrow.script(TELL, touched, ["kept"]) == "kept"
    await narrow.do("SCRIPT FLUSH")
    assert await narrow.script(TELL, touched, ["again"]) == "again"
    assert await narrow.do("GET", touched[0]) == "again"


async def test_what_is_published_on_any_node_is_heard(narrow: Store) -> None:
    async with narrow.listen(keys.answers(SHOPS[0]), keys.answers(SHOPS[1])) as listener:
        await narrow.do("PUBLISH", keys.answers(SHOPS[0]), "one")
        assert await listener.next(2.0) == "one"
        await narrow.script(TELL, [keys.token(SHOPS[1]), keys.answers(SHOPS[1])], ["two"])
        assert await listener.next(2.0) == "two"
        assert await listener.next(0.01) is None


async def test_commands_wait_for_a_connection(narrow: Store) -> None:
    single = (narrow.do("INCR", keys.people_version(shop)) for shop in SHOPS for _ in range(40))
    two = [(("INCR", keys.people_version(shop)), ("GET", keys.token(shop))) for shop in SHOPS for _ in range(10)]
    scripts = (narrow.script(TELL, [keys.token(shop), keys.token_news(shop)], [1]) for shop in SHOPS for _ in range(10))
    await asyncio.gather(*single, *scripts, *(narrow.pipeline(*each) for each in two))
    assert [await narrow.do("GET", keys.people_version(shop)) for shop in SHOPS] == ["50"] * len(SHOPS)


async def test_listeners_wait_for_a_connection_and_leave_it_to_the_next(narrow: Store) -> None:
    async def listen() -> None:
        async with narrow.listen(keys.answers(SHOPS[0])) as listener:
            assert await listener.next(0.02) is None

    await asyncio.gather(*(listen() for _ in range(20)))


async def test_commands_do_not_wait_for_listeners(narrow: Store) -> None:
    async with narrow.listen(keys.answers(SHOPS[0])), narrow.listen(keys.answers(SHOPS[0])):
        assert await narrow.do("GET", keys.token(SHOPS[0])) is None


async def test_commands_given_up_give_their_connection_back(narrow: Store) -> None:
    for _ in range(10):
        given_up = asyncio.create_task(narrow.do("INCR", keys.people_version(SHOPS[0])))
        await asyncio.sleep(0)
        given_up.cancel()
    await asyncio.gather(*(narrow.do("GET", keys.token(SHOPS[0])) for _ in range(20)))


@pytest.mark.parametrize("form", ["redis://h:1", "redis+sentinel://h:1,h:2/m", "redis+cluster://h:1,h:2"])
async def test_nobody_there_is_unavailability_at_once(form: str) -> None:
    store = connect(form.replace("h:", "127.0.0.1:"))
    began = asyncio.get_running_loop().time()
    with pytest.raises(StoreUnavailable):
        await store.do("GET", keys.token(SHOPS[0]))
    with pytest.raises(StoreUnavailable):
        await store.pipeline(("GET", keys.token(SHOPS[0])), ("GET", keys.token(SHOPS[0])))
    with pytest.raises(StoreUnavailable):
        async with store.listen(keys.answers(SHOPS[0])):
            pass
    assert asyncio.get_running_loop().time() - began < 1.0
    await store.close()
