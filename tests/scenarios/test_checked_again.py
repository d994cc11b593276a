"""Who may, and what may be done: looked at when previewing and again at the yes, for every command that waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.merchants.people import SHELL, Role
from bot.simulator import Simulator, cash_voucher
from bot.store import Store
from tests.handlers.test_create_voucher import CASH, walk
from tests.handlers.test_submit_submerchant import CHINESE
from tests.shop import PEOPLE, Shop, open_shop

SKU = {"quantity": 500, "total_quantity": 500}


@dataclass(frozen=True)
class Deed:
    """What ``words`` preview, and the call that a yes to it makes."""

    words: str
    path: str
    about: str = ""
    """The voucher it is about: friends or ordinary."""
    least: Role = Role.MANAGER


DEEDS = (
    Deed("库存 {friends} +7", "card/pay/confirm", "friends"),
    Deed("库存 {ordinary} +7", "card/modifystock", "ordinary"),
    Deed("库存 {ordinary} -7", "card/modifystock", "ordinary"),
    Deed("充值 50", "card/pay/recharge"),
    Deed("核销 {code}", "card/code/consume", least=Role.CLERK),
    Deed("作废 {code}", "card/code/unavailable"),
    Deed("删除 {ordinary}", "card/delete", "ordinary", Role.OWNER),
    Deed("修改 {friends} 限领=3", "card/update", "friends"),
    Deed("延期 {friends} 3月1日", "card/update", "friends"),
    Deed("复制 {friends} 提醒=结账前出示", "card/create"),
)


async def stocked(shop: Shop) -> dict[str, str]:
    """A Friend's Voucher, one of its codes, an ordinary coupon, coins; the manager is a second owner."""
    shop.simulator.set_coins(shop.appid, "500", "0")
    friends = shop.has_voucher("春节券", sku=SKU, location_id_list=[])
    card = cash_voucher("湖畔面馆", 500, title="月券", friends=False, base={"sku": SKU})
    ordinary = shop.simulator.add_voucher(shop.appid, card, "VERIFY_OK")
    code = await shop.simulator.claim(shop.appid, PEOPLE["customer"][0], friends)
    await shop.app.people(shop.appid).change(PEOPLE["manager"][0], by=SHELL, role=Role.OWNER)
    return {"friends": friends, "ordinary": ordinary, "code": code}


@pytest.fixture
async def names(shop: Shop) -> dict[str, str]:
    """What the shop has."""
    return await stocked(shop)


async def previewed(shop: Shop, names: dict[str, str], words: str) -> None:
    """The manager (an owner here) reads a preview of it."""
    assert "回复「确认」" in await shop.manager.says(words.format(**names))


async def shelf(shop: Shop, names: dict[str, str]) -> Any:
    """What WeChat holds of both vouchers."""
    cards = [shop.simulator.voucher(shop.appid, names[which]).card["cash"] for which in ("friends", "ordinary")]
    return [(card["base_info"]["sku"].copy(), card["base_info"]["get_limit"]) for card in cards]


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.words)
async def test_a_role_lowered_between_preview_and_yes(shop: Shop, names: dict[str, str], deed: Deed) -> None:
    await previewed(shop, names, deed.words)
    lower = [role for role in Role if role < deed.least][-1]
    await shop.app.people(shop.appid).change(PEOPLE["manager"][0], by=SHELL, role=lower)

    word = deed.words.split()[0]
    assert await shop.manager.says("确认") == f"没有执行：你现在的角色不能再用「{word}」。发送「我」看你的角色"
    assert shop.calls(deed.path) == []


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.words)
async def test_an_operator_removed_between_preview_and_yes(shop: Shop, names: dict[str, str], deed: Deed) -> None:
    await previewed(shop, names, deed.words)
    await shop.app.people(shop.appid).remove(PEOPLE["manager"][0], by=SHELL)

    assert await shop.manager.says("确认") == ""
    assert shop.calls(deed.path) == []


@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed.about], ids=lambda deed: deed.words)
async def test_a_voucher_deleted_between_preview_and_yes(shop: Shop, names: dict[str, str], deed: Deed) -> None:
    await previewed(shop, names, deed.words)
    before = await shelf(shop, names)
    voucher = shop.simulator.voucher(shop.appid, names[deed.about])
    voucher.set_status("DELETE")

    assert not (await shop.manager.says("确认")).startswith(("✅", "⏳"))
    assert await shelf(shop, names) == before


async def test_codes_of_a_deleted_voucher_are_good_all_the_same(shop: Shop, names: dict[str, str]) -> None:
    await previewed(shop, names, "核销 {code}")
    shop.simulator.voucher(shop.appid, names["friends"]).set_status("DELETE")

    assert (await shop.manager.says("确认")).startswith("✅")


async def test_less_stock_than_at_the_preview(shop: Shop, names: dict[str, str]) -> None:
    await previewed(shop, names, "库存 {ordinary} -7")
    shop.simulator.voucher(shop.appid, names["ordinary"]).card["cash"]["base_info"]["sku"]["quantity"] = 6

    assert await shop.manager.says("确认") == "没有改：「月券」现在只有 6 张，最多减 6 张"
    assert shop.calls("card/modifystock") == []


async def test_fewer_coins_than_at_the_preview(shop: Shop, names: dict[str, str]) -> None:
    await previewed(shop, names, "库存 {friends} +7")
    shop.simulator.set_coins(shop.appid, "1", "0")

    assert await shop.manager.says("确认") == (
        "❌「春节券」的库存没有变：券点不够（71003）\n请先充值券点。"
    )


@pytest.mark.parametrize(("talk", "path"), [(CASH, "card/create"), (CHINESE, "card/submerchant/submit")])
async def test_whoever_filled_in_a_draft_is_gone_before_the_yes(shop: Shop, talk: Any, path: str) -> None:
    await walk(shop.manager, talk)
    await shop.app.people(shop.appid).remove(PEOPLE["manager"][0], by=SHELL)

    assert await shop.manager.says("确认") == ""
    assert shop.calls(path) == []


# A second person --------------------------------------------------------------------------------------------------


@pytest.fixture
async def careful(simulator: Simulator, store: Store, redis_server: str) -> AsyncIterator[Shop]:
    """A shop where every such command needs two, and whose owners may move 150 of stock a day."""
    commands = ["stock", "topup", "redeem", "void", "delete", "update", "extend", "copy", "create"]
    sections: dict[str, Any] = {"four_eyes": {"commands": commands}, "limits": {"stock_per_day": {"owner": 150}}}
    async with open_shop(simulator, redis_server, **sections) as opened:
        yield opened


@pytest.fixture
async def wares(careful: Shop) -> dict[str, str]:
    """What that shop has."""
    return await stocked(careful)


async def asked(shop: Shop, wares: dict[str, str], words: str) -> None:
    """The manager said yes, so a colleague is asked for request 101."""
    await previewed(shop, wares, words)
    assert "101" in await shop.manager.says("确认")


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.words)
async def test_a_second_yes_for_somebody_whose_role_was_lowered(
    careful: Shop, wares: dict[str, str], deed: Deed
) -> None:
    await asked(careful, wares, deed.words)
    lower = [role for role in Role if role < deed.least][-1]
    await careful.app.people(careful.appid).change(PEOPLE["manager"][0], by=SHELL, role=lower)

    assert (await careful.owner.says("确认 101")).startswith("没有执行：张三")
    assert careful.calls(deed.path) == []


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.words)
async def test_a_second_yes_for_somebody_who_is_gone(careful: Shop, wares: dict[str, str], deed: Deed) -> None:
    await asked(careful, wares, deed.words)
    await careful.app.people(careful.appid).remove(PEOPLE["manager"][0], by=SHELL)

    assert (await careful.owner.says("确认 101")).startswith("没有执行：张三")
    assert careful.calls(deed.path) == []


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.words)
async def test_a_second_yes_of_somebody_whose_role_does_not_reach_any_more(
    careful: Shop, wares: dict[str, str], deed: Deed
) -> None:
    await asked(careful, wares, deed.words)
    lower = [role for role in Role if role < deed.least][-1]
    await careful.app.people(careful.appid).change(PEOPLE["owner"][0], by=SHELL, role=lower)

    assert "没有" in await careful.owner.says("确认 101")
    assert careful.calls(deed.path) == []


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.words)
async def test_of_two_who_agree_at_once_one_does_it(careful: Shop, wares: dict[str, str], deed: Deed) -> None:
    await careful.app.people(careful.appid).change(PEOPLE["clerk"][0], by=SHELL, role=Role.OWNER)
    await asked(careful, wares, deed.words)

    await asyncio.gather(careful.owner.says("确认 101"), careful.clerk.says("确认 101"))

    assert len(careful.calls(deed.path)) == 1


async def test_the_limit_is_used_up_before_the_second_yes(careful: Shop, wares: dict[str, str]) -> None:
    await asked(careful, wares, "库存 {friends} +100")
    await previewed(careful, wares, "库存 {ordinary} +100")
    assert "102" in await careful.manager.says("确认")
    assert (await careful.owner.says("确认 102")).startswith("✅")

    assert await careful.owner.says("确认 101") == "没有完成，详情已告诉张三"
    assert careful.calls("card/pay/confirm") == []
