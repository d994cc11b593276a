"""Claiming, giving away and deleting vouchers, what a wallet shows, and the pushes of all of it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.simulator import NotClaimedError, Simulator, cash_voucher, general_coupon
from bot.simulator.days import DAY, timestamp, today
from bot.simulator.elements import read
from bot.simulator.vouchers import base_info
from tests.simulator.conftest import CASH, NOODLES, PLAIN, WANG, ZHANG, ShopServer, new_shop


def pushed(server: ShopServer, number: int = -1) -> dict[str, object]:
    """The elements of a push, without the common ones."""
    found = read(server.opened(number).encode())
    return {name: value for name, value in found.items() if name not in {"ToUserName", "CreateTime", "MsgType"}}


async def test_nobody_and_nothing_can_not_be_claimed(sim: Simulator) -> None:
    with pytest.raises(LookupError, match="nobody with openid"):
        await sim.claim(NOODLES, "oNobody", CASH)
    with pytest.raises(LookupError, match="there is no voucher"):
        await sim.claim(NOODLES, WANG, "pNothing")
    with pytest.raises(LookupError, match="there is no code"):
        sim.code(NOODLES, "1")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"status": "CARD_STATUS_DELETE"}, "deleted"),
        ({"status": "CARD_STATUS_NOT_VERIFY"}, "not_approved"),
        ({"status": "CARD_STATUS_VERIFY_FAIL"}, "not_approved"),
        ({"sku": {"quantity": 0, "total_quantity": 200}}, "no_stock"),
        ({"bind_openid": True}, "other_person"),
        ({"use_custom_code": True}, "code"),
        ({"get_limit": 0}, "limit"),
    ],
)
async def test_what_stands_in_the_way_of_a_claim(
    sim: Simulator, server: ShopServer, change: dict[str, object], why: str
) -> None:
    base_info(sim.voucher(NOODLES, CASH).card).update(change)

    with pytest.raises(NotClaimedError) as refused:
        await sim.claim(NOODLES, WANG, CASH)

    assert refused.value.why == why
    assert server.requests == []
    assert sim.wallet(NOODLES, WANG) == []


async def test_a_friends_voucher_is_claimed_five_days_before_its_start_at_the_earliest(
    sim: Simulator, server: ShopServer
) -> None:
    dates = base_info(sim.voucher(NOODLES, CASH).card)["date_info"]
    dates["begin_timestamp"] = time.time() + 5 * 86400 + 60
    with pytest.raises(NotClaimedError, match="too_early"):
        await sim.claim(NOODLES, WANG, CASH)

    dates["begin_timestamp"] = int(time.time() + 5 * 86400 - 60)
    code = await sim.claim(NOODLES, WANG, CASH)
    assert sim.wallet(NOODLES, WANG)[0].usable is False
    assert sim.code(NOODLES, code).state == "NORMAL"
    assert len(server.requests) == 1

    dates["end_timestamp"] = int(time.time()) - 1
    with pytest.raises(NotClaimedError, match="expired"):
        await sim.claim(NOODLES, ZHANG, CASH)
    assert sim.wallet(NOODLES, WANG)[0].status == "EXPIRE"


async def test_a_claim_takes_one_of_the_stock_and_is_pushed_with_its_mark(sim: Simulator, server: ShopServer) -> None:
    code = await sim.claim(NOODLES, WANG, CASH, outer_str="till-3")

    assert code.isdecimal()
    assert len(code) == 12
    assert base_info(sim.voucher(NOODLES, CASH).card)["sku"] == {"quantity": 479, "total_quantity": 500}
    assert pushed(server) == {
        "FromUserName": WANG,
        "Event": "user_get_card",
        "CardId": CASH,
        "IsGiveByFriend": "0",
        "UserCardCode": code,
        "FriendUserName": "",
        "OuterId": "0",
        "OldUserCardCode": "",
        "OuterStr": "till-3",
        "IsRestoreMemberCard": "0",
        "IsRecommendByFriend": "0",
    }
    (entry,) = sim.wallet(NOODLES, WANG)
    assert (entry.code, entry.title, entry.status, entry.owner, entry.outer_str, entry.usable) == (
        code,
        "10元代金券",
        "NORMAL",
        WANG,
        "till-3",
        True,
    )
    with pytest.raises(NotClaimedError, match="limit"):
        await sim.claim(NOODLES, WANG, CASH)


async def test_a_tester_claims_before_the_approval(sim: Simulator, server: ShopServer) -> None:
    sim.set_status(NOODLES, CASH, "NOT_VERIFY")
    sim.world.circles.set_testers(NOODLES, [WANG])

    assert await sim.claim(NOODLES, WANG, CASH)
    with pytest.raises(NotClaimedError, match="not_approved"):
        await sim.claim(NOODLES, ZHANG, CASH)
    assert len(server.requests) == 1


async def test_little_stock_is_told_at_a_claim_and_not_again_for_twelve_hours(
    sim: Simulator, server: ShopServer
) -> None:
    base_info(sim.voucher(NOODLES, CASH).card)["sku"] = {"quantity": 101, "total_quantity": 201}
    await sim.claim(NOODLES, WANG, CASH)
    await sim.settled()
    assert [pushed(server, n)["Event"] for n in range(len(server.requests))] == ["user_get_card"]

    server.requests.clear()
    await sim.claim(NOODLES, ZHANG, CASH)
    await sim.settled()
    told = {str(pushed(server, n)["Event"]): pushed(server, n) for n in range(len(server.requests))}
    sender = sim.world.nobody(NOODLES)
    assert told["card_sku_remind"] == {
        "FromUserName": sender,
        "Event": "card_sku_remind",
        "CardId": CASH,
        "Detail": "the card's quantity is equal to 100",
    }

    server.requests.clear()
    base_info(sim.voucher(NOODLES, CASH).card)["sku"]["quantity"] = 0
    with pytest.raises(NotClaimedError, match="limit"):
        await sim.claim(NOODLES, ZHANG, CASH)
    await sim.settled()
    assert server.requests == []


async def test_a_friends_voucher_is_not_given_away_but_seen_by_friends(sim: Simulator, server: ShopServer) -> None:
    code = await sim.claim(NOODLES, WANG, CASH)
    assert sim.wallet(NOODLES, ZHANG) == []
    sim.befriend(NOODLES, WANG, ZHANG)

    assert [(entry.code, entry.owner) for entry in sim.wallet(NOODLES, ZHANG)] == [(code, WANG)]
    with pytest.raises(ValueError, match="can not be given away"):
        await sim.gift(NOODLES, WANG, code, ZHANG)
    assert len(server.requests) == 1


async def test_an_ordinary_coupon_is_given_away_and_gets_a_new_code(sim: Simulator, server: ShopServer) -> None:
    old = await sim.claim(NOODLES, WANG, PLAIN)
    await sim.gift(NOODLES, WANG, old, ZHANG)
    assert pushed(server) == {
        "FromUserName": WANG,
        "Event": "user_gifting_card",
        "CardId": PLAIN,
        "UserCardCode": old,
        "IsReturnBack": "0",
        "FriendUserName": ZHANG,
        "IsChatRoom": "0",
    }

    new = await sim.accept_gift(NOODLES, old)
    told = pushed(server)
    assert (told["FromUserName"], told["IsGiveByFriend"], told["FriendUserName"]) == (ZHANG, "1", WANG)
    assert (told["UserCardCode"], told["OldUserCardCode"]) == (new, old)
    assert sim.code(NOODLES, old).state == "GIFT_SUCC"
    assert [entry.code for entry in sim.wallet(NOODLES, ZHANG)] == [new]
    assert sim.wallet(NOODLES, WANG) == []
    with pytest.raises(ValueError, match="is not being given away"):
        await sim.accept_gift(NOODLES, old)


async def test_a_gift_comes_back_and_a_voucher_is_deleted(sim: Simulator, server: ShopServer) -> None:
    code = await sim.claim(NOODLES, WANG, PLAIN)
    with pytest.raises(ValueError, match="is not being given away"):
        await sim.return_gift(NOODLES, code)
    await sim.gift(NOODLES, WANG, code, ZHANG)
    await sim.return_gift(NOODLES, code)
    assert pushed(server)["IsReturnBack"] == "1"
    assert sim.code(NOODLES, code).state == "GIFT_TIMEOUT"

    with pytest.raises(LookupError, match="has no voucher with code"):
        await sim.delete_code(NOODLES, ZHANG, code)
    await sim.delete_code(NOODLES, WANG, code)
    assert pushed(server) == {
        "FromUserName": WANG,
        "Event": "user_del_card",
        "CardId": PLAIN,
        "UserCardCode": code,
    }
    assert sim.wallet(NOODLES, WANG) == []


async def test_days_after_claiming_begin_and_end_with_days_of_utc_plus_eight(
    sim: Simulator, server: ShopServer
) -> None:
    term = {"date_info": {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 7, "fixed_begin_term": 1}}
    card = sim.add_voucher(NOODLES, general_coupon("面馆", "七天券", "一碗", base=term))
    code = sim.code(NOODLES, await sim.claim(NOODLES, WANG, card))

    assert sim.world.codes.validity(code) == (timestamp(today() + DAY), timestamp(today() + 7 * DAY, end=True))
    assert len(server.requests) == 1


async def test_an_extension_reaches_claimed_codes(sim: Simulator, server: ShopServer) -> None:
    code = sim.code(NOODLES, await sim.claim(NOODLES, WANG, CASH))
    base_info(sim.voucher(NOODLES, CASH).card)["date_info"]["end_timestamp"] += 86400

    end = base_info(sim.voucher(NOODLES, CASH).card)["date_info"]["end_timestamp"]
    assert sim.world.codes.validity(code)[1] == end
    assert len(server.requests) == 1


async def test_codes_friends_and_testers_outlive_the_simulator(tmp_path: Path) -> None:
    first = Simulator(tmp_path)
    first.add_shop(new_shop())
    first.add_voucher(NOODLES, cash_voucher("面馆", 1000, card_id=CASH))
    first.befriend(NOODLES, WANG, ZHANG)
    first.world.circles.set_testers(NOODLES, [WANG])
    first.world.codes.issue(first.voucher(NOODLES, CASH), WANG, outer_str="a")
    (kept,) = first.wallet(NOODLES, WANG)
    await first.stop()

    second = Simulator(tmp_path)
    assert second.wallet(NOODLES, WANG) == second.wallet(NOODLES, ZHANG) == [kept]
    assert second.world.circles.testers(NOODLES) == [WANG]
    await second.stop()
