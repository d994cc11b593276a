"""copy: what a new voucher takes from an old one, and what WeChat is asked to make."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.clock import day_end, day_start
from bot.simulator import Fault, Simulator, cash_voucher, general_coupon
from bot.store import Store
from tests.shop import Shop, open_shop

CREATE = "/card/create"
YES = "回复「确认」提交，「取消」放弃（10 分钟内有效）"


@pytest.fixture
def old(shop: Shop) -> str:
    """A Friend's Voucher with everything in it; its card_id."""
    card: dict[str, Any] = {
        "card_type": "CASH",
        "cash": {
            "base_info": {
                "id": "pOld00000000000000000000001",
                "logo_url": "http://mmbiz.qpic.cn/mmbiz/logo/0",
                "code_type": "CODE_TYPE_BARCODE",
                "brand_name": "湖畔面馆",
                "title": "10元代金券",
                "color": "#2c9f67",
                "notice": "结账前出示",
                "description": "每桌限用一张",
                "service_phone": "0571-1234567",
                "date_info": {
                    "type": "DATE_TYPE_FIX_TIME_RANGE",
                    "begin_timestamp": day_start(date(2026, 10, 1)),
                    "end_timestamp": day_end(date(2026, 12, 31)),
                },
                "get_limit": 2,
                "use_limit": 50,
                "can_share": False,
                "can_give_friend": False,
                "location_id_list": [],
                "custom_url_name": "菜单",
                "custom_url": "http://example.com/menu",
                "sku": {"quantity": 3, "total_quantity": 500},
            },
            "advanced_info": {
                "use_condition": {"reject_category": "酒水", "least_cost": 5000},
                "abstract": {"abstract": "湖边的面", "icon_url_list": ["http://mmbiz.qpic.cn/mmbiz/cover/0"]},
                "text_image_list": [
                    {"image_url": f"http://mmbiz.qpic.cn/mmbiz/{number}/0", "text": f"第{number}张"}
                    for number in range(1, 5)
                ],
                "time_limit": [{"type": "MONDAY"}],
                "business_service": ["BIZ_SERVICE_DELIVER"],
                "consume_share_self_num": 1,
                "consume_share_card_list": [],
                "share_friends": True,
            },
            "least_cost": 0,
            "reduce_cost": 1000,
        },
    }  # fmt: skip
    return shop.simulator.add_voucher(shop.appid, card, "VERIFY_OK")


def made(shop: Shop) -> dict[str, Any]:
    """The ``card`` object of the one card/create."""
    (call,) = shop.calls(CREATE)
    assert isinstance(call.body, dict)
    return dict(call.body["card"])


async def test_is_for_managers(shop: Shop, old: str) -> None:
    assert (await shop.clerk.says("复制 10元代金券 面额=20")).startswith("没有「复制 10元代金券 面额=20」这个命令")


async def test_all_of_it_but_what_is_named(shop: Shop, old: str) -> None:
    wanted = "面额=20元 门槛=100 结束=2027-01-31 提醒=扫码前出示 自定义链接=example.com"
    assert await shop.manager.says(f"复制 10元代金券 {wanted}") == (
        "将新建朋友的券（券名由微信生成）（照「10元代金券」）：代金券 减 ¥20.00，满 ¥100.00 可用，酒水 除外\n"
        "商户：湖畔面馆 · 深绿 · 条形码 · 电话 0571-1234567\n"
        "有效期：11月22日–2027年1月31日 · 每人限领 2 张 · 库存每张 0.4 券点\n"
        "提醒：扫码前出示\n"
        "须知：每桌限用一张\n"
        "封面：湖边的面，图文 4 张：第1张、第2张、第3张、第4张\n"
        "时段 周一 · 外卖 · 核销后再送 1 张本券\n"
        "⚠️ 提交后审核约 3 天；券种、面额、门槛、商户名称不能再改\n" + YES
    )  # fmt: skip
    assert (await shop.manager.says("确认")).startswith("⏳「满100减20元代金券」已新建并送审")
    card = made(shop)

    before = shop.simulator.voucher(shop.appid, old).card["cash"]
    assert card["card_type"] == "CASH"
    cash = card["cash"]
    assert cash["base_info"] == {
        "logo_url": "http://mmbiz.qpic.cn/mmbiz/logo/0",
        "brand_name": "湖畔面馆",
        "code_type": "CODE_TYPE_BARCODE",
        "color": "Color020",
        "notice": "扫码前出示",
        "description": "每桌限用一张",
        "service_phone": "0571-1234567",
        "date_info": {
            "type": "DATE_TYPE_FIX_TIME_RANGE",
            "begin_timestamp": day_start(date(2026, 11, 22)),
            "end_timestamp": day_end(date(2027, 1, 31)),
        },
        "get_limit": 2,
        "use_limit": 50,
        "can_share": False,
        "can_give_friend": False,
        "custom_url_name": "菜单",
        "custom_url": "example.com",
    }
    assert cash["advanced_info"] == {
        "use_condition": {"reject_category": "酒水", "least_cost": 10000},
        "abstract": before["advanced_info"]["abstract"],
        "text_image_list": before["advanced_info"]["text_image_list"],
        "time_limit": [{"type": "MONDAY"}],
        "business_service": ["BIZ_SERVICE_DELIVER"],
        "consume_share_self_num": 1,
        "share_friends": True,
    }
    assert (cash["least_cost"], cash["reduce_cost"]) == (0, 2000)


async def test_in_english_without_a_change(shop: Shop, old: str) -> None:
    await shop.speaks_english()

    assert await shop.manager.says("copy 10元代金券") == (
        "A new Friend's Voucher (WeChat makes its title) (after 10元代金券): Cash voucher ¥10.00 off, "
        "from ¥50.00 spent, not for 酒水\n"
        "Shop: 湖畔面馆 · dark green · barcode · phone 0571-1234567\n"
        "Valid: 22 Nov – 31 Dec · 2 per person · stock costs 0.4 coins each\n"
        "Tip: 结账前出示\n"
        "Terms: 每桌限用一张\n"
        "Cover: 湖边的面; pictures: 第1张, 第2张, 第3张, 第4张\n"
        "Hours Monday · delivery · one more of it after it is redeemed\n"
        "⚠️ Goes to review, about 3 days; amount, threshold, kind and shop name cannot be changed after that\n"
        'Send "yes" to submit it, "no" to drop it (within 10 minutes)'
    )
    await shop.manager.says("yes")
    copied = made(shop)["cash"]
    assert copied["reduce_cost"] == 1000


async def test_every_reason_at_once(shop: Shop, old: str) -> None:
    await shop.manager.says("复制 10元代金券")

    assert await shop.manager.says("复制 10元代金券 面额=0.5 标题=新券 库存=9 客服=1 状态=好 颜色=彩虹 礼物=面") == (
        "没有复制「10元代金券」：减免金额要写金额，至少 ¥1.00，如 10元，不能是「0.5」\n"
        "朋友的券的券名由微信生成，不用写\n"
        "朋友的券的库存是 0，建好以后用「库存」加\n"
        "状态不能这样指定\n"
        "颜色可以写：绿色、深绿、浅蓝、蓝色、紫色、棕色、黄色、橙色、深橙、黄绿、橙红、红色、大红、灰色，不能是「彩虹」\n"
        "没有「礼物」这一项\n"
        "改好再发一次，如「复制 10元代金券 有效期=12月1日到2月28日」\n"
        "之前的预览已作废"
    )
    assert (await shop.manager.says("确认")).startswith("现在没有等待确认的操作")
    await shop.speaks_english()
    assert (await shop.manager.says("copy 10元代金券 title=New stock=9")).splitlines()[:2] == [
        "10元代金券 was not copied: WeChat makes the title of a Friend's Voucher; leave it out",
        'a Friend\'s Voucher begins with a stock of 0; "stock" adds some later',
    ]
    assert shop.calls(CREATE) == []


async def test_one_that_is_over_needs_new_days(shop: Shop) -> None:
    shop.has_voucher("春节券", first_day="2026-01-01", last_day="2026-02-28")

    assert await shop.manager.says("复制 春节券") == (
        "没有复制「春节券」：这个有效期已经结束，请写以后的日期\n"
        "改好再发一次，如「复制 春节券 有效期=12月1日到2月28日」"
    )
    assert (
        (await shop.manager.says("复制 春节券 有效期=12月1日到2月28日"))
        .splitlines()[2]
        .startswith("有效期：12月1日–2027年2月28日")
    )
    await shop.speaks_english()
    assert await shop.manager.says("copy 春节券 least_cost=5") == (
        '春节券 was not copied: the minimum spend must be more than the ¥10.00 taken off, not "5"\n'
        'Put that right and send it again, such as "copy 春节券 date_info=1 Dec to 28 Feb"\n'
        "The earlier preview is dropped"
    )


async def test_another_amount_must_stay_below_the_minimum_spend(shop: Shop, old: str) -> None:
    assert (await shop.manager.says("复制 10元代金券 面额=50")).startswith(
        "没有复制「10元代金券」：最低消费要比减免的 ¥50.00 多，不能是「50」"
    )


async def test_another_type_lacks_what_that_needs(shop: Shop, old: str) -> None:
    assert (await shop.manager.says("复制 10元代金券 类型=兑换券")).startswith(
        "没有复制「10元代金券」：礼品名称必须填写"
    )
    preview = await shop.manager.says("复制 10元代金券 类型=兑换券 礼品=豆浆1杯")
    assert preview.startswith("将新建朋友的券（券名由微信生成）（照「10元代金券」）：兑换券：豆浆1杯，满 ¥50.00 可用\n")
    await shop.manager.says("确认")
    gift = made(shop)["gift"]
    assert gift["advanced_info"]["use_condition"] == {"least_cost": 5000}
    assert {name: gift[name] for name in gift if name.startswith("gift")} == {
        "gift": "豆浆1杯", "gift_name": "豆浆", "gift_num": 1, "gift_unit": "杯",
    }  # fmt: skip
    assert "reduce_cost" not in gift


async def test_gives_another_voucher(shop: Shop, old: str) -> None:
    other = shop.has_voucher("春节券")
    await shop.manager.says("复制 10元代金券 送券=春节券")
    await shop.manager.says("确认")

    advanced = made(shop)["cash"]["advanced_info"]
    assert advanced["consume_share_card_list"] == [{"card_id": other, "num": 1}]
    assert "consume_share_self_num" not in advanced
    assert (await shop.manager.says("复制 10元代金券 送券=没有这张")).startswith(
        "没有复制「10元代金券」：没有找到要送的券「没有这张」"
    )


async def test_an_ordinary_coupon(shop: Shop) -> None:
    card = cash_voucher(
        "湖畔面馆", 500, title="月券", friends=False, base={"sku": {"quantity": 1, "total_quantity": 80}}
    )
    shop.simulator.add_voucher(shop.appid, card, "VERIFY_OK")

    preview = await shop.manager.says("复制 月券 标题=年券 数量=100 有效期=30天")
    assert preview.startswith("将新建普通券「年券」（照「月券」）：代金券 减 ¥5.00\n")
    assert "有效期：领取后 30 天 · 每人限领" in preview
    await shop.manager.says("确认")
    cash = made(shop)["cash"]
    assert cash["base_info"]["title"] == "年券"
    assert cash["base_info"]["sku"] == {"quantity": 100}
    assert cash["base_info"]["date_info"] == {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30, "fixed_begin_term": 0}
    assert (cash["least_cost"], cash["reduce_cost"]) == (0, 500)
    assert not cash.get("advanced_info", {}).get("share_friends")


async def test_stock_of_a_new_coupon_counts_towards_the_limit_of_a_day(
    simulator: Simulator, store: Store, redis_server: str
) -> None:
    """Else a limit of 150 could be passed by with a coupon that starts with thousands."""
    async with open_shop(simulator, redis_server, limits={"stock_per_day": {"manager": 150}}) as shop:
        card = cash_voucher(
            "湖畔面馆", 500, title="月券", friends=False,
            base={"sku": {"quantity": 1, "total_quantity": 80}, "location_id_list": []},
        )  # fmt: skip
        shop.simulator.add_voucher(shop.appid, card, "VERIFY_OK")
        over = "没有改：你每天最多动 150 张库存，今天还剩 {} 张\n可以少一些，或请老板来做"

        assert await shop.manager.says("复制 月券 标题=年券 数量=151 有效期=30天") == over.format(150)
        assert (await shop.manager.says("确认")).startswith("现在没有等待确认的操作")
        for refused in (True, False):
            await shop.manager.says("复制 月券 标题=年券 数量=100 有效期=30天")
            if refused:
                shop.simulator.fault(CREATE, Fault(errcode=40151))
            assert (await shop.manager.says("确认")).startswith("❌ 没有建成" if refused else "⏳")
        assert await shop.manager.says("库存 月券 +51") == over.format(50)
        await shop.manager.says("复制 月券 标题=季券 数量=50 有效期=30天")
        await shop.owner.says("复制 月券 标题=半年券 数量=1000 有效期=30天")
        assert (await shop.owner.says("确认")).startswith("⏳")
        assert (await shop.manager.says("确认")).startswith("⏳")
        assert await shop.manager.says("复制 月券 标题=季券 数量=1 有效期=30天") == over.format(0)


async def test_a_name_that_only_an_update_takes_is_too_long(shop: Shop) -> None:
    shop.has_voucher("春节券", custom_url_name="a" * 16, custom_url="http://example.com")

    assert (await shop.manager.says("复制 春节券")).startswith(
        "没有复制「春节券」：自定义入口有 16 字节，上限 15 字节（5 个汉字）"
    )


async def test_other_types_are_not_made_here(shop: Shop) -> None:
    card = general_coupon("湖畔面馆", "电影票", "一张")
    inside = card.pop("general_coupon")
    shop.simulator.add_voucher(shop.appid, {"card_type": "MOVIE_TICKET", "movie_ticket": inside}, "VERIFY_OK")

    assert await shop.manager.says("复制 电影票") == "「电影票」是电影票，不能在这里新建"
    await shop.speaks_english()
    assert await shop.manager.says("copy 电影票") == "电影票 is of the kind Cinema ticket, which cannot be made here"


async def test_refused_by_wechat(shop: Shop, old: str) -> None:
    shop.simulator.fault(CREATE, Fault(errcode=40151))
    await shop.manager.says("复制 10元代金券")

    answer = await shop.manager.says("确认")
    assert answer.startswith("❌ 没有建成：")
    assert "40151" in answer
    assert "新建" not in answer
