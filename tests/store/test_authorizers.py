"""The accounts behind a component: kept in two places, newer stays, restored after Redis was wiped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.store import Store
from bot.store.authorizers import Authorizer, Authorizers, State
from bot.store.copies import Copies

COMPONENT, SECRET = "wxc000000000000001", "canary0secret0of0the0component000"
NOODLES = Authorizer(
    "wx00000000000000aa", "gh_0000000000aa", "湖畔面馆", State.ACTIVE, (1, 8), service=2, verified=0, cards=True,
    authorized_at=100.0, changed_at=100.0,
)  # fmt: skip


def authorizers(store: Store, folder: Path) -> Authorizers:
    """As one process has them."""
    return Authorizers(store, Copies(folder, SECRET), COMPONENT, SECRET)


async def test_nobody_has_authorised_yet(store: Store, tmp_path: Path) -> None:
    known = authorizers(store, tmp_path)

    assert await known.all() == []
    assert await known.get(NOODLES.appid) is None
    assert await known.refresh_token(NOODLES.appid) is None
    assert await known.restore() == 0


async def test_what_is_newer_stays_and_everybody_hears_of_a_change(store: Store, tmp_path: Path) -> None:
    known = authorizers(store, tmp_path)
    async with known.news() as news:
        await known.put(NOODLES)
        assert await news.next(2) == NOODLES.appid
    gone = replace(NOODLES, state=State.UNAUTHORIZED, sets=(), changed_at=200.0)
    await known.put(gone)
    await known.put(replace(NOODLES, name="late news", changed_at=150.0))

    assert await known.get(NOODLES.appid) == gone
    assert await known.all() == [gone]


async def test_what_a_later_version_wrote_besides_is_left_out(store: Store, tmp_path: Path) -> None:
    stored = NOODLES.stored().replace('{"appid"', '{"colour": "green", "appid"')
    await store.do("HSET", "v1:{" + COMPONENT + "}:authorizers", NOODLES.appid, stored)

    assert await authorizers(store, tmp_path).all() == [NOODLES]


async def test_a_refresh_token_is_kept_sealed_and_the_latest_counts(store: Store, tmp_path: Path) -> None:
    known = authorizers(store, tmp_path)
    await known.put_refresh_token(NOODLES.appid, "refresh@@@canary-2", 2.0)
    await known.put_refresh_token(NOODLES.appid, "refresh@@@canary-1", 1.0)

    assert await known.refresh_token(NOODLES.appid) == "refresh@@@canary-2"
    assert "canary" not in str(await store.do("HGETALL", "v1:{" + COMPONENT + "}:authorizers:refresh"))


async def test_redis_wiped_and_nobody_is_lost(store: Store, tmp_path: Path) -> None:
    one, other = authorizers(store, tmp_path), authorizers(store, tmp_path)
    left = replace(NOODLES, appid="wx00000000000000bb", state=State.UNAUTHORIZED)
    await one.put(NOODLES)
    await one.put_refresh_token(NOODLES.appid, "refresh@@@old")
    await other.put_refresh_token(NOODLES.appid, "refresh@@@new")
    await other.put(left)
    await other.put_refresh_token(left.appid, "refresh@@@left")
    await one.forget_tokens(left.appid)
    assert await other.refresh_token(left.appid) is None
    await store.do("FLUSHALL")

    assert await authorizers(store, tmp_path).restore() == 2

    assert sorted(await one.all(), key=lambda each: each.appid) == [NOODLES, left]
    assert await one.refresh_token(NOODLES.appid) == "refresh@@@new"
    assert await one.refresh_token(left.appid) is None, "what was taken back stays taken back"
    assert await one.restore() == 0
