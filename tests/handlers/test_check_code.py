"""check: a code's state in the till's words, however the digits are typed."""

from __future__ import annotations

import pytest
import time_machine

from bot.simulator import Fault, Readings, general_coupon
from tests.shop import Shop, Speaker

TITLE = "10元代金券"


@pytest.fixture
async def code(shop: Shop) -> str:
    """A code the customer has claimed."""
    card_id = shop.has_voucher(TITLE, last_day="2026-12-20")
    return await shop.simulator.claim(shop.appid, shop.customer.openid, card_id)


def grouped(code: str) -> str:
    return f"{code[:4]} {code[4:8]} {code[8:]}"


@pytest.mark.parametrize("typed", ["春节券", "12345", "2260 0000 000", "2260-0000-0001-2260-0000-0001", "2260 春节券"])
async def test_what_is_no_code_is_not_asked_about(shop: Shop, typed: str) -> None:
    assert await shop.clerk.says(f"查码 {typed}") == (
        f"「{typed}」不是券码，这里要写券面上的数字，如 2260 0000 0001\n例：查码 2260 0000 0001"
    )
    assert shop.calls("/card/code/get") == []


async def test_no_code_at_all(shop: Shop) -> None:
    assert await shop.clerk.says("查码") == "还缺券码：查码 券码\n例：查码 2260 0000 0001"
    await shop.speaks_english()
    assert await shop.clerk.says("check") == "The code is missing: check CODE\nExample: check 2260 0000 0001"
    assert await shop.clerk.says("check abc") == (
        '"abc" cannot be the code; write the digits on the voucher, such as 2260 0000 0001\n'
        "Example: check 2260 0000 0001"
    )


async def test_viewers_have_no_such_command(shop: Shop, code: str) -> None:
    assert await shop.viewer.says("查码 226000000001") == (
        "没有「查码 226000000001」这个命令。发送「帮助」看你可以做什么。"
    )
    assert await shop.customer.says(f"查码 {code}") == ""
    assert shop.calls("/card/code/get") == []


async def test_an_unknown_code(shop: Shop) -> None:
    assert await shop.clerk.says("查码 226000000001") == (
        "没有 2260 0000 0001 这个券码\n请对一下数字；已转赠的券要用朋友手里的新券码"
    )
    await shop.speaks_english()
    assert await shop.clerk.says("check 226000000001") == (
        "There is no code 2260 0000 0001\nCompare the digits; of a voucher given away, the friend's new code counts"
    )


@pytest.mark.parametrize(
    "form", ["{0} {1} {2}", "{0}-{1}-{2}", "{0}{1}{2}", " {0}－{1}　{2} ", "{0}—{1}—{2}", "#{0}{1}{2}"]
)
async def test_however_it_is_typed(shop: Shop, code: str, form: str) -> None:
    typed = form.format(code[:4], code[4:8], code[8:])
    answer = f"「10元代金券」可用，有效期到 12月20日\n要核销：「核销 {grouped(code)}」"

    assert await shop.clerk.says(f"查码 {typed}") == answer
    assert await shop.clerk.says(f"查码{code}") == answer
    assert {tuple(call.body.items()) for call in shop.calls("/card/code/get")} == {
        (("code", code), ("check_consume", False))
    }


async def says_in_both(shop: Shop, code: str, chinese: str, english: str) -> None:
    assert await shop.clerk.says(f"查码 {code}") == chinese
    await shop.speaks_english()
    assert await shop.clerk.says(f"check {code}") == english


async def test_usable(shop: Shop, code: str) -> None:
    await says_in_both(
        shop, code,
        f"「10元代金券」可用，有效期到 12月20日\n要核销：「核销 {grouped(code)}」",
        f'10元代金券 is good until 20 Dec\nTo redeem it: "redeem {grouped(code)}"',
    )  # fmt: skip


async def test_redeemed_elsewhere_and_no_push_has_told_where(shop: Shop, code: str) -> None:
    shop.simulator.code(shop.appid, code).state = "CONSUMED"
    await says_in_both(
        shop, code, "这张券已经核销过，不能再用", "This voucher has been redeemed and cannot be used again"
    )


async def test_expired(shop: Shop, code: str, clock: time_machine.Traveller) -> None:
    clock.move_to("2026-12-21T00:00:01+08:00", tick=False)
    await says_in_both(
        shop, code, "「10元代金券」已过期，有效期到 12月20日", "10元代金券 has expired: it was good until 20 Dec"
    )


async def test_not_begun(shop: Shop) -> None:
    card_id = shop.has_voucher(TITLE, first_day="2026-11-25")
    code = await shop.simulator.claim(shop.appid, shop.customer.openid, card_id)
    await says_in_both(
        shop, code, "「10元代金券」还没到时间，11月25日 起可用", "10元代金券 cannot be used yet: it begins on 25 Nov"
    )


async def given_away(shop: Shop, to: Speaker) -> str:
    card = general_coupon("湖畔面馆", "送面券", "送一碗面", base={"can_give_friend": True})
    card_id = shop.simulator.add_voucher(shop.appid, card, "VERIFY_OK")
    code = await shop.simulator.claim(shop.appid, shop.customer.openid, card_id)
    await shop.simulator.gift(shop.appid, shop.customer.openid, code, to.openid)
    return code


async def test_being_given_away(shop: Shop) -> None:
    await says_in_both(
        shop, await given_away(shop, shop.viewer),
        "这张券正在转赠给朋友；请持券人等对方领取，或先取消转赠",
        "This voucher is being given to a friend; the holder may wait until it is taken, or cancel",
    )  # fmt: skip


async def test_given_away_where_wechat_says_so(shop: Shop) -> None:
    shop.simulator.readings.given_codes_unknown = False
    code = await given_away(shop, shop.viewer)
    await shop.simulator.accept_gift(shop.appid, code)
    await says_in_both(
        shop, code,
        "这张券已经送给朋友；朋友手里是新的券码，请出示那一张",
        "This voucher was given to a friend, who has a new code: ask for that one",
    )  # fmt: skip


async def test_given_away_where_wechat_does_not_know_it_any_more(shop: Shop) -> None:
    assert Readings().given_codes_unknown
    code = await given_away(shop, shop.viewer)
    await shop.simulator.accept_gift(shop.appid, code)
    assert (await shop.clerk.says(f"查码 {code}")).startswith(f"没有 {grouped(code)} 这个券码\n")


async def test_a_gift_that_came_back_is_usable_if_wechat_says_so(shop: Shop) -> None:
    code = await given_away(shop, shop.viewer)
    await shop.simulator.return_gift(shop.appid, code)
    assert (await shop.clerk.says(f"查码 {code}")).startswith("「送面券」可用")


async def test_deleted_by_its_holder(shop: Shop, code: str) -> None:
    await shop.simulator.delete_code(shop.appid, shop.customer.openid, code)
    await says_in_both(
        shop, code, "这张券已被持券人删除，不能用", "This voucher was deleted by its holder and cannot be used"
    )


async def test_looking_keeps_what_waits_for_a_yes(shop: Shop, code: str) -> None:
    await shop.clerk.says(f"核销 {code}")
    await shop.clerk.says("查码 226000000001")
    assert (await shop.clerk.says("确认")).startswith("✅ 已核销")


async def test_a_code_the_shop_made_up_itself(shop: Shop, code: str) -> None:
    """WeChat finds it only with its voucher (41012 without): every voucher with such codes is asked."""
    mine, other = (shop.simulator.voucher(shop.appid, shop.has_voucher(title)) for title in ("自编券", "月券"))
    claimed = await shop.simulator.claim(shop.appid, shop.customer.openid, mine.card_id)
    for voucher in (mine, other):
        voucher.card["cash"]["base_info"]["use_custom_code"] = True

    assert await shop.clerk.says(f"查码 {claimed}") == (
        f"「自编券」可用，有效期到 2027年2月28日\n要核销：「核销 {grouped(claimed)}」"
    )
    first, *rest = [call.body for call in shop.calls("/card/code/get")]
    assert first == {"code": claimed, "check_consume": False}
    assert {"code": claimed, "card_id": mine.card_id, "check_consume": False} in rest
    assert {call["card_id"] for call in rest} <= {mine.card_id, other.card_id}

    await shop.clerk.says(f"核销 {claimed}")
    assert (await shop.clerk.says("确认")).startswith(f"✅ 已核销 {grouped(claimed)}\n自编券 · ")
    (consumed,) = shop.calls("/card/code/consume")
    assert consumed.body == {"code": claimed, "card_id": mine.card_id}
    assert (await shop.clerk.says(f"查码 {claimed}")).startswith("这张券 14:02 已由李四核销")


async def test_a_made_up_code_of_a_voucher_nobody_lists(shop: Shop, code: str) -> None:
    shop.simulator.fault("/card/code/get", Fault(errcode=41012))

    assert (await shop.clerk.says(f"查码 {code}")).startswith(f"没有 {grouped(code)} 这个券码\n")
