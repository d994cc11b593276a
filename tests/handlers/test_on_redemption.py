"""user_consume_card: counted once, and who did it is told at the next till."""

from __future__ import annotations

from datetime import date

import pytest

from bot import clock as our_clock
from bot.stats.counters import Channel, Tally, What
from tests.handlers.test_check_code import TITLE
from tests.handlers.test_on_claim import counters
from tests.shop import Shop

TODAY = date(2026, 11, 22)


@pytest.fixture
async def code(shop: Shop) -> str:
    """A code the customer has claimed at till 3."""
    card_id = shop.has_voucher(TITLE, last_day="2026-12-20", get_limit=50)
    return await shop.simulator.claim(shop.appid, shop.customer.openid, card_id, outer_str="till-3")


@pytest.mark.parametrize(
    ("source", "staff", "chinese", "english"),
    [
        ("FROM_MP", "", "已在微信后台核销", "in WeChat's console"),
        ("FROM_MOBILE_HELPER", "", "已用卡券助手核销", "with the assistant"),
        ("FROM_MOBILE_HELPER", "clerk", "已由李四用卡券助手核销", "by 李四 with the assistant"),
    ],
)
async def test_redeemed_elsewhere(
    shop: Shop, code: str, source: str, staff: str, chinese: str, english: str
) -> None:
    openid = shop.clerk.openid if staff else ""
    shop.simulator.redeem_elsewhere(shop.appid, code, source=source, staff=openid)
    await shop.simulator.settled()

    assert await shop.manager.says(f"核销 {code}") == f"这张券 14:02 {chinese}，不能再用"
    await shop.speaks_english()
    assert await shop.manager.says(f"check {code}") == (
        f"This voucher was redeemed at 14:02 {english} and cannot be used again"
    )
    card_id = shop.simulator.code(shop.appid, code).card_id
    day = await counters(shop).day(TODAY)
    assert day[Tally(What.REDEEMED, card_id, 14, "till-3", source, openid)] == 1
    assert await counters(shop).channels(card_id) == [Channel("till-3", claimed=1, redeemed=1)]


async def test_by_another_system_or_in_a_store(shop: Shop) -> None:
    card_id = shop.has_voucher(TITLE, last_day="2026-12-20", get_limit=50)
    for source, place, words in (
        ("FROM_API", "", "已由别的系统核销"),
        ("FROM_SELF", "城东店", "已在城东店核销"),
        ("", "", "已核销"),
    ):
        code = await shop.simulator.claim(shop.appid, shop.customer.openid, card_id)
        shop.simulator.code(shop.appid, code).state = "CONSUMED"
        event = {"CardId": card_id, "UserCardCode": code, "ConsumeSource": source, "LocationName": place}
        await shop.hears("user_consume_card", int(our_clock.now()) - 600, **event)
        assert await shop.clerk.says(f"查码 {code}") == f"这张券 13:52 {words}，不能再用"


async def test_redeemed_here_is_counted_for_the_clerk(shop: Shop, code: str) -> None:
    await shop.clerk.says(f"核销 {code}")
    await shop.clerk.says("确认")
    await shop.simulator.settled()

    card_id = shop.simulator.code(shop.appid, code).card_id
    redeemed = {each: number for each, number in (await counters(shop).day(TODAY)).items() if each.source}
    assert redeemed == {Tally(What.REDEEMED, card_id, 14, "till-3", "FROM_API", shop.clerk.openid): 1}
    assert await shop.manager.says(f"查码 {code}") == "这张券 14:02 已由李四核销，不能再用"


async def test_what_we_know_better_stays(shop: Shop, code: str) -> None:
    await shop.clerk.says(f"核销 {code}")
    await shop.clerk.says("确认")
    await shop.hears("user_consume_card", CardId="pA", UserCardCode=code, ConsumeSource="FROM_MP")

    assert await shop.manager.says(f"查码 {code}") == "这张券 14:02 已由李四核销，不能再用"
