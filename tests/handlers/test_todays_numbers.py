"""today: the day so far, from pushes."""

from __future__ import annotations

from tests.shop import Shop


async def test_nothing_yet(shop: Shop) -> None:
    assert await shop.viewer.says("今日") == (
        "今天还没有领取和核销\n11月22日（周日）到 14:02\n按微信的推送实时计数；昨天及以前：「统计」"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("today") == (
        "Nothing was claimed or redeemed today\nSun 22 Nov until 14:02\n"
        "Counted from WeChat's pushes as they come; up to yesterday: \"stats\""
    )


async def test_the_day_so_far(shop: Shop) -> None:
    cash = shop.has_voucher("春节券", get_limit=50)
    tea = shop.has_voucher("豆浆券", gift=True, get_limit=50)
    codes = [await shop.simulator.claim(shop.appid, shop.customer.openid, cash) for _ in range(3)]
    await shop.simulator.claim(shop.appid, shop.customer.openid, tea)
    await shop.clerk.says(f"核销 {codes[0]}")
    await shop.clerk.says("确认")
    shop.simulator.redeem_elsewhere(shop.appid, codes[1])
    await shop.simulator.settled()

    assert await shop.clerk.says("今日") == (
        "今天核销 2 张，领取 4 张\n11月22日（周日）到 14:02\n春节券：销 2 · 领 3\n豆浆券：销 0 · 领 1\n"
        "核销方式：接口 1 · 微信后台 1\n你今天核销了 1 张\n按微信的推送实时计数；昨天及以前：「统计」"
    )
    assert await shop.viewer.says("今日 豆浆券") == (
        "今天「豆浆券」核销 0 张，领取 1 张\n11月22日（周日）到 14:02\n按微信的推送实时计数；昨天及以前：「统计」"
    )
    await shop.speaks_english()
    assert await shop.clerk.says("today") == (
        "Today: redeemed 2, claimed 4\nSun 22 Nov until 14:02\n"
        "春节券: redeemed 2 · claimed 3\n豆浆券: redeemed 0 · claimed 1\n"
        "Redeemed by: API 1 · console 1\nYou have redeemed 1 today\n"
        "Counted from WeChat's pushes as they come; up to yesterday: \"stats\""
    )
    assert await shop.viewer.says("today 豆浆券") == (
        "Today, 豆浆券: redeemed 0, claimed 1\nSun 22 Nov until 14:02\n"
        "Counted from WeChat's pushes as they come; up to yesterday: \"stats\""
    )
