"""Drafts: one of each kind per person, of which the latest listens."""

from __future__ import annotations

from bot.dialogue import Draft
from bot.merchants.drafts import Drafts
from tests.shop import PEOPLE, Shop

VOUCHER, SHOP = Draft("voucher", "1", {"a": 1}, {"title": {"title": "x"}}, "color"), Draft("shop", "2", at="name")


async def test_another_kind_pauses_a_draft_and_loses_nothing(shop: Shop) -> None:
    drafts: Drafts = shop.app.services[shop.appid].drafts
    manager, owner = (shop.app.people(shop.appid).find(PEOPLE[role][1]) for role in ("manager", "owner"))
    assert await drafts.latest(manager) is None
    await drafts.keep(manager, VOUCHER)
    await drafts.keep(manager, SHOP)

    assert await drafts.latest(manager) == SHOP
    kept = await drafts.of(manager, "voucher")
    assert kept is not None
    assert (kept.paused, kept.answers, kept.at) == (True, VOUCHER.answers, "color")
    assert await drafts.latest(owner) is None
    await drafts.keep(manager, VOUCHER)
    assert await drafts.latest(manager) == VOUCHER


async def test_what_is_dropped_leaves_the_others(shop: Shop) -> None:
    drafts: Drafts = shop.app.services[shop.appid].drafts
    manager = shop.app.people(shop.appid).find(PEOPLE["manager"][1])
    await drafts.keep(manager, VOUCHER)
    await drafts.keep(manager, SHOP)
    await drafts.drop(manager, "shop")
    assert await drafts.of(manager, "shop") is None
    latest = await drafts.latest(manager)
    assert latest is not None
    assert (latest.kind, latest.paused) == ("voucher", True)

    await drafts.drop(manager, "voucher")
    await drafts.drop(manager, "voucher")
    assert await drafts.latest(manager) is None
