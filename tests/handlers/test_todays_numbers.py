"""today: the day so far, from pushes."""

from __future__ import annotations

import time_machine

from bot.simulator import Simulator
from bot.store import Store
from tests.shop import Shop, open_shop

OWN = "机器人按微信的推送自己数的，微信的数字明天才有；昨天及以前：「统计」"
OWN_IN_ENGLISH = 'The bot\'s own count of WeChat\'s pushes, WeChat\'s figures come tomorrow; up to yesterday: "stats"'


async def test_nothing_yet(shop: Shop) -> None:
    assert await shop.viewer.says("今日") == (
        f"今天还没有领取和核销\n11月22日（周日）到 14:02\n{OWN}"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("today") == (
        "Nothing was claimed or redeemed today\nSun 22 Nov until 14:02\n"
        f"{OWN_IN_ENGLISH}"
    )


async def test_the_day_so_far(shop: Shop, clock: time_machine.Traveller) -> None:
    cash = shop.has_voucher("春节券", get_limit=50)
    tea = shop.has_voucher("豆浆券", gift=True, get_limit=50)
    codes = [await shop.simulator.claim(shop.appid, shop.customer.openid, cash) for _ in range(3)]
    await shop.simulator.claim(shop.appid, shop.customer.openid, tea)
    await shop.clerk.says(f"核销 {codes[0]}")
    await shop.clerk.says("确认")
    shop.simulator.redeem_elsewhere(shop.appid, codes[1])
    await shop.simulator.settled()
    clock.shift(3600)
    await shop.simulator.claim(shop.appid, shop.customer.openid, cash)

    assert await shop.clerk.says("今日") == (
        "今天核销 2 张，领取 5 张\n11月22日（周日）到 15:02\n按小时（销/领）：14点 2/4 · 15点 0/1\n"
        "春节券：销 2 · 领 4\n豆浆券：销 0 · 领 1\n"
        f"核销方式：接口 1 · 微信后台 1\n你今天核销了 1 张\n{OWN}"
    )
    assert await shop.viewer.says("今日 豆浆券") == (
        f"今天「豆浆券」核销 0 张，领取 1 张\n11月22日（周日）到 15:02\n按小时（销/领）：14点 0/1\n{OWN}"
    )
    await shop.speaks_english()
    assert await shop.clerk.says("today") == (
        "Today: redeemed 2, claimed 5\nSun 22 Nov until 15:02\nBy hour (redeemed/claimed): 14:00 2/4 · 15:00 0/1\n"
        "春节券: redeemed 2 · claimed 4\n豆浆券: redeemed 0 · claimed 1\n"
        "Redeemed by: API 1 · console 1\nYou have redeemed 1 today\n"
        f"{OWN_IN_ENGLISH}"
    )
    assert await shop.viewer.says("today 豆浆券") == (
        "Today, 豆浆券: redeemed 0, claimed 1\nSun 22 Nov until 15:02\nBy hour (redeemed/claimed): 14:00 0/1\n"
        f"{OWN_IN_ENGLISH}"
    )


async def test_managers_read_who_redeemed(shop: Shop) -> None:
    """Whoever is no operator, or not known, is one of the others; nobody else reads what a colleague did."""
    voucher = shop.has_voucher("春节券")
    people = [shop.clerk.openid] * 3 + [shop.owner.openid] + ["oNobody", ""] * 2
    for number, staff in enumerate(people):
        await shop.hears(
            "user_consume_card", CardId=voucher, UserCardCode=f"{number}", ConsumeSource="FROM_MP", StaffOpenId=staff
        )
    told = "11月22日（周日）到 14:02\n按小时（销/领）：14点 8/0\n春节券：销 8 · 领 0\n"

    assert await shop.manager.says("今日") == (
        f"今天核销 8 张，领取 0 张\n{told}核销人：李四 3 · 王芳 1 · 其他 4\n{OWN}"
    )
    assert await shop.clerk.says("今日") == f"今天核销 8 张，领取 0 张\n{told}你今天核销了 3 张\n{OWN}"
    await shop.speaks_english()
    assert (await shop.manager.says("today")).split("\n")[-2] == "Redeemed by person: 李四 3 · 王芳 1 · others 4"


async def test_ones_own_number_is_of_the_same_vouchers_and_the_same_day(
    simulator: Simulator, redis_server: str, store: Store, clock: time_machine.Traveller
) -> None:
    """At 11:00 in New York WeChat's day ends."""
    assert await store.do("DBSIZE") == 0
    clock.move_to("2026-11-22T10:59:00-05:00")
    async with open_shop(simulator, redis_server, account={"timezone": "America/New_York"}) as shop:
        cash, tea = shop.has_voucher("春节券", get_limit=50), shop.has_voucher("豆浆券", get_limit=50)
        for voucher in (cash, cash, tea):
            code = await simulator.claim(shop.appid, shop.customer.openid, voucher)
            await shop.clerk.says(f"核销 {code}")
            await shop.clerk.says("确认")
        await simulator.settled()

        assert "\n你今天核销了 3 张\n" in await shop.clerk.says("今日")
        assert "\n你今天核销了 1 张\n" in await shop.clerk.says("今日 豆浆券")
        clock.shift(120)
        assert "你今天核销了" not in await shop.clerk.says("今日")


async def test_gifts_and_deletions(shop: Shop) -> None:
    voucher = shop.has_voucher("春节券", get_limit=50)
    for number, event in (("1", "user_gifting_card"), ("2", "user_gifting_card"), ("3", "user_del_card")):
        await shop.hears(event, CardId=voucher, UserCardCode=number)
    await shop.hears("user_get_card", CardId=voucher, UserCardCode="4", IsGiveByFriend=1)

    assert await shop.viewer.says("今日") == (
        "今天核销 0 张，领取 0 张\n11月22日（周日）到 14:02\n转赠 2 张，朋友收下 1 张 · 顾客删除 1 张\n" + OWN
    )
    await shop.speaks_english()
    assert await shop.viewer.says("today") == (
        "Today: redeemed 0, claimed 0\nSun 22 Nov until 14:02\n"
        "Given away 2, taken by friends 1 · deleted by customers 1\n" + OWN_IN_ENGLISH
    )


async def test_no_answer_is_longer_than_a_phone(shop: Shop) -> None:
    """A busy day: every hour, six vouchers, gifts, both ways to redeem."""
    vouchers = [shop.has_voucher(f"长标题的优惠券{number}号", get_limit=50) for number in range(6)]
    midnight = 1_795_276_800
    for number, card_id in enumerate(vouchers):
        for hour in range(14):
            elements = {"CardId": card_id, "UserCardCode": f"{number}{hour:02}"}
            at = midnight + hour * 3600
            await shop.hears("user_get_card", at, **elements)
            source = "FROM_MP" if hour % 2 else "FROM_API"
            await shop.hears("user_consume_card", at, ConsumeSource=source, StaffOpenId=shop.clerk.openid, **elements)
    await shop.hears("user_gifting_card", CardId=vouchers[0], UserCardCode="1")

    for text in ("今日", "today"):
        answer = await shop.manager.says(text)
        assert "李四 84" in answer
        assert len((await shop.clerk.says(text)).split("\n")) <= 12
        assert len(answer.split("\n")) <= 12
        assert "13点 6/6" in answer
