"""issue: what stands in the way, the code WeChat was asked for, the picture, and what came of it."""

from __future__ import annotations

import io
import time
from datetime import date
from typing import Any

import pytest
import time_machine
import zxingcpp
from PIL import Image

from bot.clock import day_end, day_start
from bot.pictures.poster import Poster
from bot.simulator import Fault, cash_voucher, general_coupon
from tests.shop import Shop, Speaker

CREATE = "/card/qrcode/create"
UPLOAD = "/cgi-bin/media/upload"
SEND = "/cgi-bin/message/custom/send"
ISSUED = "「春节券」的领取码，可扫到 12月20日\n打印出来，或放在另一块屏幕上给顾客扫；长按识别领不到"


def pictures(who: Speaker) -> list[bytes]:
    """The pictures in somebody's chat, oldest first."""
    sim = who.shop.simulator
    return [sim.image(each.media) for each in sim.chat(who.shop.appid, who.openid) if each.media]


def scanned(png: bytes) -> str:
    """What its QR code says, to another program."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
    return str(found.text)


async def picture_of(who: Speaker) -> bytes:
    """The next picture somebody gets."""
    await who.shop.until(lambda: pictures(who))
    return pictures(who)[-1]


def put(shop: Shop, status: str = "VERIFY_OK", **base: Any) -> str:
    """Friend's Voucher 春节券, any way it may stand."""
    fields = {"date_info": dates("2026-01-01", "2026-12-20")} | base
    card = cash_voucher("湖畔面馆", 1000, title="春节券", base=fields)
    return shop.simulator.add_voucher(shop.appid, card, status)


def dates(first: str, last: str) -> dict[str, Any]:
    return {
        "type": "DATE_TYPE_FIX_TIME_RANGE",
        "begin_timestamp": day_start(date.fromisoformat(first)),
        "end_timestamp": day_end(date.fromisoformat(last)),
    }


async def test_whoever_may_not_issue(shop: Shop) -> None:
    put(shop)
    assert (await shop.clerk.says("投放 春节券")).startswith("没有「投放 春节券」这个命令。")
    assert shop.calls(CREATE) == []


@pytest.mark.parametrize(
    ("status", "base", "chinese", "english"),
    [
        ("DELETE", {}, "「春节券」已删除，不能投放", "春节券 is deleted and cannot be issued"),
        (
            "NOT_VERIFY",
            {},
            "「春节券」还在审核，通过后才能投放，有结果会告诉你\n自己先试：「试领 春节券」，再投放",
            "春节券 is under review: it can be issued once it is approved, and you will be told\n"
            'To try it yourself: "try 春节券", then issue it',
        ),
        (
            "VERIFY_FAIL",
            {},
            "「春节券」没有通过审核，不能投放\n「查看 春节券」看原因，改好会重新送审",
            '春节券 was not approved and cannot be issued\n"show 春节券" has the reason; a change goes to review again',
        ),
        (
            "VERIFY_OK",
            {"date_info": dates("2026-11-01", "2026-11-21")},
            "「春节券」11月21日已到期，不能投放",
            "春节券 ended on 21 Nov and cannot be issued",
        ),
        (
            "VERIFY_OK",
            {"sku": {"quantity": 0, "total_quantity": 500}},
            "「春节券」没有库存了，扫了也领不到\n先加库存：「库存 春节券 +100」",
            '春节券 has no stock left: whoever scans it gets nothing\nFirst: "stock 春节券 +100"',
        ),
        (
            "DISPATCH",
            {"date_info": dates("2026-11-28", "2026-12-20")},
            "「春节券」11月28日开始，朋友的券最早提前 5 天投放\n请 11月23日 00:00 以后再发一次",
            "春节券 begins on 28 Nov, and a Friend's Voucher may be issued 5 days before at the earliest\n"
            "Send it again after 23 Nov 00:00",
        ),
        (
            "VERIFY_OK",
            {"use_custom_code": True},
            "「春节券」用的是自有券码，每张要单独投放，这里不支持",
            "春节券 has codes of your own system, each issued by itself: that is not done here",
        ),
        (
            "VERIFY_OK",
            {"bind_openid": True},
            "「春节券」指定了领取人，不能做成公开的二维码",
            "春节券 is for one person each, so there is no public code for it",
        ),
    ],
)
async def test_what_stands_in_the_way(
    shop: Shop, status: str, base: dict[str, Any], chinese: str, english: str
) -> None:
    card_id = put(shop, status, **base)
    assert await shop.manager.says(f"投放 {card_id}") == chinese
    await shop.speaks_english()
    assert await shop.manager.says(f"issue {card_id}") == english
    assert shop.calls(CREATE) == []


@pytest.mark.parametrize("status", ["NOT_VERIFY", "VERIFY_FAIL"])
async def test_a_tester_gets_a_code_before_approval_and_others_do_not(shop: Shop, status: str) -> None:
    put(shop, status)
    await shop.manager.says("试领 春节券")
    assert await shop.manager.says("投放 春节券") == (
        "「春节券」的领取码，可扫到 12月20日\n打印出来，或放在另一块屏幕上给顾客扫；长按识别领不到\n"
        "还没通过审核：现在只有试领名单里的人扫了能领"
    )
    assert scanned(await picture_of(shop.manager)).startswith("http://weixin.qq.com/q/")
    assert "的领取码" not in await shop.owner.says("投放 春节券")
    await shop.speaks_english()
    last = (await shop.manager.says("issue 春节券")).split("\n")[-1]
    assert last == "Not approved yet: only testers can claim it now"


async def test_words_that_are_no_channel(shop: Shop) -> None:
    put(shop)
    assert await shop.manager.says("投放 春节券 数量=5") == (
        "投放没有「数量」这一项，只有渠道：「投放 春节券 渠道=3号收银台」"
    )
    assert await shop.manager.says("投放 春节券 渠道=a 来源=b") == "一个码只能有一个渠道名，请只写一个"
    assert await shop.manager.says(f"投放 春节券 渠道={'台' * 43}") == (
        "渠道名有 129 字节，最多 128 字节（约 42 个汉字），请写短一些"
    )
    await shop.speaks_english()
    assert await shop.manager.says("issue 春节券 count=5") == (
        'issue knows no "count", only outer: "issue #1 outer=till-3"'
    )
    assert await shop.manager.says("issue 春节券 outer=a channel=b") == "A code has one channel: give one name only"
    assert await shop.manager.says(f"issue 春节券 outer={'x' * 129}") == (
        "The channel's name has 129 bytes, the limit is 128: please shorten it"
    )
    assert shop.calls(CREATE) == []


async def test_a_picture_follows_whose_code_claims_the_voucher(shop: Shop) -> None:
    card_id = put(shop)
    assert await shop.manager.says("投放 春节券 渠道=3号收银台") == (
        "「春节券」的领取码，可扫到 12月20日\n渠道：3号收银台\n打印出来，或放在另一块屏幕上给顾客扫；长按识别领不到"
    )
    png = await picture_of(shop.manager)

    (call,) = shop.calls(CREATE)
    card = {"card_id": card_id, "outer_str": "3号收银台"}
    assert call.body == {"action_name": "QR_CARD", "action_info": {"card": card}}
    (ticket,) = shop.simulator.world.tickets.of(shop.appid)
    assert scanned(png) == ticket.url
    (upload,), (sent,) = shop.calls(UPLOAD), shop.calls(SEND)
    assert upload.query["type"] == "image"
    media = shop.simulator.chat(shop.appid, shop.manager.openid)[-1].media
    assert sent.body == {"touser": shop.manager.openid, "msgtype": "image", "image": {"media_id": media}}
    (code,) = await shop.simulator.scan_qr(shop.appid, shop.customer.openid, scanned(png))
    assert shop.simulator.code(shop.appid, code).outer_str == "3号收银台"


async def test_in_english_with_what_came_of_it(shop: Shop) -> None:
    card_id = put(shop, get_limit=50)
    await shop.speaks_english()
    for outer in ("till-3", "till-3", ""):
        await shop.simulator.claim(shop.appid, shop.customer.openid, card_id, outer_str=outer)
    assert await shop.manager.says("issue 春节券 outer=till-3") == (
        "The code of 春节券, to be scanned until 20 Dec\nChannel: till-3\n"
        "Print it, or show it on another screen: a long press does not claim it\n"
        "So far: claimed 3 · redeemed 0\ntill-3: claimed 2 · redeemed 0"
    )
    await picture_of(shop.manager)


async def test_show_tells_what_came_of_each_channel(shop: Shop) -> None:
    card_id = put(shop, get_limit=50)
    for outer in ("till-3", "till-3", "门口", ""):
        code = await shop.simulator.claim(shop.appid, shop.customer.openid, card_id, outer_str=outer)
    shop.simulator.redeem_elsewhere(shop.appid, code)
    await shop.simulator.settled()
    assert "\n渠道：till-3 领 2 销 0；门口 领 1 销 0\n" in await shop.viewer.says("查看 春节券")
    await shop.speaks_english()
    assert "\nBy channel: till-3 2 claimed, 0 redeemed; 门口 1 claimed, 0 redeemed\n" in (
        await shop.viewer.says("show 春节券")
    )


async def test_several_in_one_code(shop: Shop) -> None:
    ids = [put(shop), shop.has_voucher("豆浆券", gift=True, last_day="2026-12-10")]
    assert await shop.manager.says("投放 春节券、豆浆券 渠道=门口") == (
        "「春节券」「豆浆券」的领取码，可扫到 12月10日\n渠道：门口\n"
        "打印出来，或放在另一块屏幕上给顾客扫；长按识别领不到"
    )
    (call,) = shop.calls(CREATE)
    assert call.body == {
        "action_name": "QR_MULTIPLE_CARD",
        "action_info": {"multiple_card": {"card_list": [{"card_id": each, "outer_str": "门口"} for each in ids]}},
    }
    await picture_of(shop.manager)
    for number in range(4):
        shop.has_voucher(f"第{number}种券")
    asked = "投放 春节券、豆浆券、第0种券、第1种券、第2种券、第3种券"
    assert await shop.manager.says(asked) == "一个码最多放 5 张券，你写了 6 张"
    assert await shop.manager.says("投放 春节券、夏至卷") == "没有找到「夏至卷」。发送「卡券」可以看到全部。"


async def test_an_ordinary_coupon_may_be_pressed(shop: Shop) -> None:
    base = {"date_info": {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30, "fixed_begin_term": 0}}
    shop.simulator.add_voucher(shop.appid, general_coupon("湖畔面馆", "小菜券", "送小菜", base=base), "VERIFY_OK")
    assert await shop.manager.says("投放 小菜券") == (
        "「小菜券」的领取码，可扫到 2027年2月20日\n打印出来，或放在屏幕上给顾客扫"
    )
    await picture_of(shop.manager)


async def test_what_wechat_refuses_or_does_not_answer(shop: Shop) -> None:
    put(shop)
    shop.simulator.fault(CREATE, Fault(errcode=45029))
    assert "45029" in await shop.manager.says("投放 春节券")
    shop.simulator.fault(CREATE, Fault(drop=True))
    assert await shop.manager.says("投放 春节券") == ISSUED
    assert len(shop.calls(CREATE)) == 3
    await picture_of(shop.manager)


async def test_the_same_picture_is_uploaded_once_in_three_days(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    put(shop)
    media = shop.app.services[shop.appid].media
    await shop.manager.says("投放 春节券")
    await picture_of(shop.manager)
    (shown,) = [each for each in shop.simulator.chat(shop.appid, shop.manager.openid) if each.media]
    poster = Poster("春节券", "http://weixin.qq.com/q/x")
    first = await media.id_of(poster)
    assert await media.id_of(poster) == first != shown.media
    clock.shift(3 * 86_400 - 3600)
    assert await media.id_of(poster) != first


async def test_thousands_of_vouchers_are_not_looked_for_one_by_one(shop: Shop) -> None:
    shop.has_voucher("春节券")
    began = time.process_time()
    answer = await shop.manager.says("投放 " + "面、" * 8_000)
    assert answer.startswith(f"没有找到「{'面、' * 30}…」。")
    assert time.process_time() - began < 3.0
