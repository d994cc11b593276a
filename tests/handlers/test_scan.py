"""Scanning at the till: a check, and one tap that redeems exactly what was scanned."""

from __future__ import annotations

import re

import pytest
import time_machine

from bot import begun
from bot.app import discover
from bot.routing import Context
from bot.simulator import Simulator
from bot.simulator.model import Delivery
from bot.store import Store
from bot.vouchers.code_deeds import Deeds
from bot.vouchers.code_states import Standing
from handlers.redeem_code import redeem_code
from tests.dispatch.test_repeats import asked_by, carried_on, left_undone
from tests.handlers.test_check_code import TITLE, grouped
from tests.shop import Shop, Speaker, open_shop

CONSUME = "/card/code/consume"
LINK = re.compile(r'<a href="weixin://bizmsgmenu\?msgmenucontent=([^"&]+)&msgmenuid=redeem">([^<]+)</a>')


async def with_menu(shop: Shop) -> None:
    """The operators' menu is up beside the shop's own."""
    shop.simulator.world.menus.put(shop.appid, [{"type": "view", "name": "官网", "url": "https://a.cn"}], by="api")
    await shop.app.services[shop.appid].menu.push()


async def claimed(shop: Shop) -> str:
    card_id = shop.has_voucher(TITLE, last_day="2026-12-20", get_limit=50)
    return await shop.simulator.claim(shop.appid, shop.customer.openid, card_id, outer_str="till-3")


async def scans(who: Speaker, content: str, kind: str = "") -> Delivery:
    return await who.shop.simulator.scan(who.shop.appid, who.openid, content, kind=kind)


async def taps(who: Speaker, reply: str) -> str:
    """What a tap on the link of ``reply`` leads to; it arrives as a text of the person's."""
    match = LINK.search(reply)
    assert match, reply
    return await who.says(match[1], bizmsgmenuid="redeem")


@pytest.fixture
async def code(shop: Shop) -> str:
    """A code the customer has claimed, and a menu to scan it with."""
    await with_menu(shop)
    return await claimed(shop)


def state(shop: Shop, code: str) -> str:
    return shop.simulator.code(shop.appid, code).state


async def test_a_scan_and_a_tap_redeem(shop: Shop, code: str) -> None:
    said = (await scans(shop.clerk, code)).text
    assert said == (
        "「10元代金券」可用，有效期到 12月20日\n"
        f'<a href="weixin://bizmsgmenu?msgmenucontent=核销{code},马上&msgmenuid=redeem">✅ 核销 {grouped(code)}</a>\n'
        "点一下就核销，或回复「确认」；不可恢复（10 分钟内有效）"
    )
    assert shop.calls(CONSUME) == []
    assert await taps(shop.clerk, said) == f"✅ 已核销 {grouped(code)}\n10元代金券 · 14:02 · 今日第 1 张"
    assert state(shop, code) == "CONSUMED"
    assert (await scans(shop.manager, code)).text == "这张券 14:02 已由李四核销，不能再用"
    assert await taps(shop.clerk, said) == "这张券 14:02 已由李四核销，不能再用"
    assert len(shop.calls(CONSUME)) == 1


async def test_in_english_and_by_yes(shop: Shop, code: str) -> None:
    await shop.speaks_english()
    said = (await scans(shop.clerk, code)).text
    assert said == (
        "10元代金券 is good until 20 Dec\n"
        f'<a href="weixin://bizmsgmenu?msgmenucontent=redeem{code},now&msgmenuid=redeem">'
        f"✅ Redeem {grouped(code)}</a>\n"
        'Tap it or send "yes" to redeem it for good (within 10 minutes)'
    )
    assert await shop.clerk.says("yes") == f"✅ Redeemed {grouped(code)}\n10元代金券 · 14:02 · your no. 1 today"
    other = await claimed(shop)
    said = (await scans(shop.clerk, other)).text
    assert await taps(shop.clerk, said) == f"✅ Redeemed {grouped(other)}\n10元代金券 · 14:02 · your no. 2 today"


async def test_an_old_tap_redeems_nothing_else_and_nothing_unseen(shop: Shop, code: str) -> None:
    first = (await scans(shop.clerk, code)).text
    other = await claimed(shop)
    await scans(shop.clerk, other)

    unseen = (
        f"「10元代金券」可用，有效期到 12月20日\n{grouped(code)}\n"
        "回复「确认」核销，不可恢复；「取消」放弃（10 分钟内有效）"
    )
    assert await taps(shop.clerk, first) == unseen
    assert await shop.manager.says(f"核销 {code} 马上") == unseen
    assert shop.calls(CONSUME) == []


@pytest.mark.parametrize(("kind", "sent"), [("barcode", "{}"), ("qrcode", "{}"), ("qrcode", " {}\n")])
async def test_whatever_the_scanner_writes(shop: Shop, code: str, kind: str, sent: str) -> None:
    assert (await scans(shop.clerk, sent.format(code), kind)).text.startswith("「10元代金券」可用")


async def test_something_else_was_scanned(shop: Shop, code: str) -> None:
    assert (await scans(shop.clerk, "https://example.com/?a=1&b=2")).text == (
        "「https://example.com/?a=1&b=2」不是券码，这里要写券面上的数字，如 2260 0000 0001\n例：核销 2260 0000 0001"
    )
    assert (await scans(shop.clerk, "999999999999")).text == (
        "没有 9999 9999 9999 这个券码\n请对一下数字；已转赠的券要用朋友手里的新券码"
    )
    assert len((await scans(shop.clerk, "x" * 2000)).text) < 200
    assert (await scans(shop.clerk, "")).text.startswith("还缺券码")


async def test_a_code_that_says_now_is_no_yes(shop: Shop, code: str) -> None:
    for _ in range(2):
        assert (await scans(shop.clerk, f"{code},马上", "qrcode")).text.startswith("「10元代金券」可用")
    assert shop.calls(CONSUME) == []


async def test_who_may_not_redeem_reads_who_may(
    shop: Shop, code: str, clock: time_machine.Traveller
) -> None:
    """All operators have the same menu."""
    assert (await scans(shop.viewer, code)).text == "店员以上才能核销，你是查看者。请同事来扫"
    await shop.speaks_english()
    clock.shift(1)
    assert (await scans(shop.viewer, code)).text == (
        "To redeem takes the role of clerk or above; you are viewer. Please let a colleague scan it"
    )
    assert shop.calls("/card/code/get") == []


async def test_a_customers_scan_is_nothing(shop: Shop, code: str) -> None:
    info = {"ScanType": "qrcode", "ScanResult": code}
    event = {"MsgType": "event", "Event": "scancode_waitmsg", "EventKey": "voucherbot:scan", "ScanCodeInfo": info}
    delivery = await shop.simulator.push(shop.appid, {"FromUserName": shop.customer.openid, **event})
    assert (delivery.text, delivery.failure) == ("", "")
    click = {"MsgType": "event", "Event": "CLICK", "EventKey": "voucherbot:统计"}
    delivery = await shop.simulator.push(shop.appid, {"FromUserName": shop.customer.openid, **click})
    assert (delivery.text, delivery.failure) == ("", "")
    assert shop.calls("/card/code/get") == []


async def test_buttons_send_commands_and_the_shop_s_own_are_not_ours(shop: Shop, code: str) -> None:
    for name, said in (("今日", "今天核销 0 张，领取 1 张"), ("帮助", "你是「湖畔面馆」的店员")):
        tapped = await shop.simulator.tap_menu(shop.appid, shop.clerk.openid, name)
        assert tapped.text.startswith(said)
    click = {"MsgType": "event", "Event": "CLICK", "EventKey": "help"}
    delivery = await shop.simulator.push(shop.appid, {"FromUserName": shop.clerk.openid, **click})
    assert (delivery.text, delivery.failure) == ("", "")


async def test_without_links_a_yes_does_it(simulator: Simulator, store: Store, redis_server: str) -> None:
    async with open_shop(simulator, redis_server, account={"menu_links": False}) as shop:
        await with_menu(shop)
        code = await claimed(shop)
        assert (await scans(shop.clerk, code)).text == (
            f"「10元代金券」可用，有效期到 12月20日\n{grouped(code)}\n"
            "回复「确认」核销，不可恢复；「取消」放弃（10 分钟内有效）"
        )
        assert (await shop.clerk.says("确认")).startswith("✅ 已核销")
        await shop.speaks_english()
        other = await claimed(shop)
        assert (await scans(shop.clerk, other)).text == (
            f"10元代金券 is good until 20 Dec\n{grouped(other)}\n"
            'Send "yes" to redeem it for good, "no" to drop it (within 10 minutes)'
        )


async def test_a_tap_whose_process_died_is_carried_on(
    shop: Shop, code: str, store: Store, clock: time_machine.Traveller
) -> None:
    """WeChat had done it: told once, and not asked for again."""
    await scans(shop.clerk, code)
    clerk = shop.app.people(shop.appid).find("李四")
    await Deeds(shop.app.services[shop.appid].account, store).begin(code, Standing.REDEEMED, clerk)
    shop.simulator.redeem_elsewhere(shop.appid, code, source="FROM_API")
    await left_undone(shop, store, asked_by("clerk", f"核销{code},马上"), has_begun=begun.VOUCHERS)
    clock.shift(5)
    await shop.clerk.says("我")
    shop.clerk.reads()
    await carried_on(shop)

    assert shop.clerk.reads() == [f"✅ 已核销 {grouped(code)}\n10元代金券 · 14:02 · 今日第 1 张"]
    assert shop.calls(CONSUME) == []


async def test_a_repeated_scan_is_one(shop: Shop, code: str) -> None:
    """WeChat pushes a tap again when no answer came."""
    said = {(await scans(shop.clerk, code)).text for _ in range(2)}
    assert len(said) == 1
    await carried_on(shop)
    assert shop.clerk.reads() == []


async def test_a_tap_whose_process_died_is_no_yes_to_the_preview_it_made(
    shop: Shop, store: Store, clock: time_machine.Traveller, code: str
) -> None:
    """The preview it was meant for had expired, so it made a new one, which nobody has seen."""
    services, push = shop.app.services[shop.appid], asked_by("clerk", f"核销{code},马上")
    await shop.clerk.says("取消")
    await redeem_code(Context(services, discover(), push, services.people.find("李四"), "zh_CN"), code, at_once=True)
    await left_undone(shop, store, push)
    clock.shift(5)
    await carried_on(shop)

    (shown,) = shop.clerk.reads()
    assert shown.startswith("「10元代金券」可用")
    assert shop.calls(CONSUME) == []
    assert (await shop.clerk.says(f"核销{code},马上")).startswith("✅")
