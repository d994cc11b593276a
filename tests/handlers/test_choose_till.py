"""till: said once, remembered with every redemption, counted today."""

from __future__ import annotations

from bot.clock import wechat_today
from bot.stats.today import today
from tests.handlers.test_check_code import TITLE, grouped
from tests.shop import Shop, Speaker


async def claimed(shop: Shop, count: int) -> list[str]:
    card_id = shop.has_voucher(TITLE, last_day="2026-12-20", get_limit=50)
    return [await shop.simulator.claim(shop.appid, shop.customer.openid, card_id) for _ in range(count)]


async def redeems(who: Speaker, code: str) -> str:
    await who.says(f"核销 {code}")
    return await who.says("确认")


async def test_is_for_clerks(shop: Shop) -> None:
    assert (await shop.viewer.says("收银台 3号")).startswith("没有「收银台 3号」这个命令")


async def test_a_name_that_is_too_long(shop: Shop) -> None:
    assert await shop.clerk.says(f"收银台 {'东' * 11}") == (
        "收银台的名称有 33 字节，最多 30 字节（10 个汉字），请写短一些"
    )
    await shop.speaks_english()
    assert await shop.clerk.says(f"till {'x' * 31}") == (
        "The till's name is 31 bytes, the limit is 30; choose a shorter one"
    )
    assert (await shop.clerk.says("till")).startswith("You have not said at which till you stand")


async def test_said_asked_for_and_taken_back(shop: Shop) -> None:
    assert await shop.clerk.says("收银台") == (
        "还没说你站在哪个收银台，核销只记你的名字\n说一次就行，如「收银台 3号」"
    )
    assert await shop.clerk.says("收银台3号") == (
        "✅ 你的核销从现在起记在「3号」\n换了收银台再发一次；「收银台 无」不再记"
    )
    assert await shop.clerk.says("收银台") == (
        "你的核销记在「3号」\n换了收银台再发一次，如「收银台 3号」；「收银台 无」不再记"
    )
    assert await shop.clerk.says("收银台 无") == "✅ 你的核销不再记收银台"
    await shop.speaks_english()
    assert await shop.clerk.says("till  3") == (
        '✅ What you redeem is noted at till 3 from now on\nAt another till send this again; "till off" notes none'
    )
    assert await shop.clerk.says("till") == (
        "What you redeem is noted at till 3\n"
        'At another till send its name, such as "till 3"; "till off" notes none'
    )
    assert await shop.clerk.says("till off") == "✅ What you redeem is noted without a till"
    assert await shop.clerk.says("till") == (
        "You have not said at which till you stand; what you redeem is noted by your name alone\n"
        'Say it once, such as "till 3"'
    )


async def test_a_redemption_remembers_till_and_clerk(shop: Shop) -> None:
    (code,) = await claimed(shop, 1)
    await shop.clerk.says("收银台 3号")

    assert await redeems(shop.clerk, code) == (
        f"✅ 已核销 {grouped(code)}\n10元代金券 · 14:02 · 收银台「3号」 · 今日第 1 张"
    )
    await shop.clerk.says("收银台 门口")
    assert await shop.manager.says(f"核销 {code}") == "这张券 14:02 已由李四在「3号」核销，不能再用"
    assert await shop.manager.says("日志") == (
        f"改动记录，新的在前：\n1 · 14:02 李四 核销 …{code[-4:]}「10元代金券」，收银台「3号」 ✅"
    )
    await shop.speaks_english()
    assert await shop.manager.says(f"check {code}") == (
        "This voucher was redeemed at 14:02 by 李四 at till 3号 and cannot be used again"
    )
    assert await shop.manager.says("log") == (
        f"Changes, newest first:\n1 · 14:02 李四: redeem …{code[-4:]} of 10元代金券 at till 3号 ✅"
    )


async def test_the_days_tills(shop: Shop) -> None:
    codes = await claimed(shop, 5)
    await shop.clerk.says("收银台 3号")
    for code in codes[:2]:
        await redeems(shop.clerk, code)
    await shop.clerk.says("收银台 门口")
    await redeems(shop.clerk, codes[2])
    await redeems(shop.manager, codes[3])

    said = (await shop.clerk.says("今日")).splitlines()
    assert "收银台：3号 2 · 门口 1 · 没说 1" in said
    assert "你今天核销了 3 张" in said
    await shop.speaks_english()
    assert "Redeemed at till: 3号 2 · 门口 1 · not said 1" in (await shop.clerk.says("today")).splitlines()


async def test_without_tills_today_says_nothing_of_them(shop: Shop) -> None:
    (code,) = await claimed(shop, 1)
    await redeems(shop.clerk, code)

    assert "收银台" not in await shop.clerk.says("今日")
    counted = await shop.app.services[shop.appid].counters.day(wechat_today())
    assert dict(today(counted).tills) == {}
