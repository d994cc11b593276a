"""TEMPLATESENDJOBFINISH: what arrived is not shown again; what did not, or is not known, is."""

from __future__ import annotations

from typing import Any

import pytest

from bot.store import keys
from tests.shop import Shop

EVENT = "TEMPLATESENDJOBFINISH"


async def sent(shop: Shop, msgid: str) -> None:
    """「库存不足」 is kept for the owner, and a message that carries it has been sent."""
    services = shop.app.services[shop.appid]
    entries = await services.answers.keep(shop.owner.openid, "库存不足")
    await services.templates.note_sent(msgid, shop.owner.openid, tuple(entries))


async def still_shown(shop: Shop) -> bool:
    return "库存不足" in await shop.owner.says("我")


@pytest.mark.parametrize("elements", [{}, {"MsgID": 1}, {"Status": "success"}, {"MsgID": "", "Status": ""}])
async def test_an_event_that_lacks_something_changes_nothing(shop: Shop, elements: dict[str, Any]) -> None:
    await sent(shop, "2000")
    await shop.hears(EVENT, **elements)

    assert await still_shown(shop)


@pytest.mark.parametrize("name", ["MsgID", "MsgId"])
async def test_success_takes_the_kept_copy(shop: Shop, name: str) -> None:
    await sent(shop, "2000")
    await shop.hears(EVENT, **{name: 2000}, Status="success")

    assert not await still_shown(shop)


@pytest.mark.parametrize(
    "status", ["failed:user block", "failed: user block", "failed: system failed", "failed:something new", "Success?"]
)
async def test_anything_else_leaves_it(shop: Shop, status: str) -> None:
    await sent(shop, "2000")
    await shop.hears(EVENT, MsgID=2000, Status=status)

    assert await still_shown(shop)


async def test_another_message_leaves_it(shop: Shop) -> None:
    await sent(shop, "2000")
    await shop.hears(EVENT, MsgID=2001, Status="success")

    assert await still_shown(shop)


async def test_it_may_be_heard_before_the_message_is_noted(shop: Shop) -> None:
    await shop.hears(EVENT, MsgID=2000, Status="success")
    await sent(shop, "2000")

    assert not await still_shown(shop)


async def test_nobody_is_told_and_nothing_is_kept_for_inspection(shop: Shop) -> None:
    await shop.everybody_texts()
    await shop.hears(EVENT, MsgID=2000, Status="failed: system failed")

    assert shop.owner.reads() == []
    assert await shop.app.store.do("LLEN", keys.unread(shop.appid)) == 0
