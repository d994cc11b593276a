"""For which shop a message speaks, and that everything about WeChat goes by way of the account texted."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.app import discover
from bot.clock import now
from bot.dispatch.speaking import Speaking
from bot.merchants.people import SHELL, Role
from bot.simulator import Fault, Simulator, cash_voucher
from bot.store import Store
from bot.wechat.inbound import Incoming
from tests.handlers.test_create_voucher import CASH
from tests.images import png
from tests.shops import CAKES, NAMES, NOODLES, TEA, WANG, Shops, open_shops

OTHER = "oTest0Other00000000000000010"
SKU = {"quantity": 500, "total_quantity": 500}


@pytest.fixture
async def shops(simulator: Simulator, store: Store, redis_server: str) -> AsyncIterator[Shops]:
    """王芳 manages three shops by way of the noodle shop's account; each has a voucher. Stock needs a second yes."""
    async with open_shops(
        simulator, store, redis_server, NAMES, (WANG, OTHER), four_eyes={"commands": ("stock",)}
    ) as opened:
        for shop in (NOODLES, TEA, CAKES):
            await opened.add(shop, Role.MANAGER, "王芳")
            simulator.set_coins(shop, "500", "0")
            simulator.add_voucher(shop, cash_voucher(NAMES[shop], 1000, title="春节券", base={"sku": SKU}), "VERIFY_OK")
        yield opened


def message(text: str, identity: str) -> Incoming:
    """A text of 王芳's."""
    return Incoming(NOODLES, f"gh_{NOODLES[-12:]}", WANG, "message", "text", int(now()), identity, text=text)


async def test_what_a_message_means_stays_when_it_is_carried_on(shops: Shops) -> None:
    channel = shops.app.services[NOODLES]
    speaking = Speaking(shops.app.services, discover())
    await channel.people.refresh()
    own = await speaking.shops(channel, WANG)
    await shops.says("账号 茶室")

    first = await speaking.spoken(channel, message("统计", "message:1"), own)
    await shops.says("账号 饼屋")
    again = await speaking.spoken(channel, message("统计", "message:1"), own)

    assert first.services.account.appid == again.services.account.appid == TEA
    left = tuple(each for each in own if each.services.account.appid != TEA)
    gone = await speaking.spoken(channel, message("统计", "message:1"), left)
    assert gone.refusal is not None
    assert gone.refusal.template == "choose_shop.gone"


async def test_no_code_of_an_invitation_is_kept_with_what_a_message_means(shops: Shops) -> None:
    code = await shops.invited(TEA, Role.OWNER, "小王")
    assert (await shops.says(f"@茶室 绑定 {code}")).startswith("✅ 你在「山间茶室」的角色升为老板")
    for key in await shops.store.do("KEYS", "*shops*"):
        kind = await shops.store.do("TYPE", key)
        held = await shops.store.do(*(("GET", key) if kind == "string" else ("HGETALL", key)))
        assert code not in str(held)


async def test_a_colleagues_number_is_found_in_whichever_shop_asked(shops: Shops) -> None:
    await shops.add(TEA, Role.MANAGER, "小茶", openid=OTHER, at=TEA)
    await shops.says("我")
    await shops.says("库存 春节券 +100", at=TEA, openid=OTHER)
    assert "编号 101" in await shops.says("确认", at=TEA, openid=OTHER)

    (asked,) = shops.reads()
    assert asked.startswith("【山间茶室】小茶发了「库存」，需要你也确认：\n")
    assert (await shops.says("统计 2014-01-01")).startswith("【湖畔面馆】")
    assert (await shops.says("确认 101")).startswith("【山间茶室】✅「春节券」库存已加 100 张")
    assert {call.appid for call in shops.simulator.calls("modifystock") + shops.simulator.calls("pay/confirm")} == {TEA}


async def test_the_rest_of_a_long_answer_is_of_the_account_texted(shops: Shops) -> None:
    await shops.app.people(TEA).change(f"{NOODLES}/{WANG}", by=SHELL, role=Role.OWNER)
    for number in range(100):
        await shops.app.people(TEA).add(f"oTemp{number:023d}", Role.CLERK, f"临时帮忙的店员第{number}号", by=SHELL)
    first = await shops.says("@茶室 成员")
    assert first.startswith("【山间茶室】")
    assert first.endswith("发送「继续」接着看")
    assert len(first.encode()) <= 2_000
    assert not (await shops.says("继续")).startswith("【")


async def test_a_picture_follows_by_way_of_the_account_texted(shops: Shops) -> None:
    assert (await shops.says("@茶室 投放 春节券")).startswith("【山间茶室】「春节券」的领取码")
    with shops.simulator.world.stream.watch() as happenings:
        while not [bubble for bubble in shops.simulator.chat(NOODLES, WANG) if bubble.media]:
            await happenings.get()
    assert {call.appid for call in shops.simulator.calls("card/qrcode/create")} == {TEA}
    for path in ("media/upload", "message/custom/send"):
        assert {call.appid for call in shops.simulator.calls(path)} == {NOODLES}, path


async def test_a_picture_sent_is_fetched_where_it_was_sent(shops: Shops) -> None:
    for said, _ in CASH[:8]:
        await shops.says("@茶室 新建" if said == "新建" else str(said))
    shops.simulator.clear_calls()
    delivery = await shops.simulator.picture(NOODLES, WANG, png(300, 300))
    assert delivery.text.startswith("【山间茶室】9/22 什么颜色？")
    assert {call.appid for call in shops.simulator.calls("media/get")} == {NOODLES}
    assert {call.appid for call in shops.simulator.calls("media/uploadimg")} == {TEA}
    assert (await shops.says("绿色")).startswith("【山间茶室】10/22")
    assert (await shops.says("今日有效")).startswith("【山间茶室】11/22")  # begins like a command, and is none
    assert (await shops.says("统计7天")).startswith("【湖畔面馆】")
    assert (await shops.says("2260 0000 0001")).startswith("【湖畔面馆】")  # a code to redeem


async def test_several_dialogues_wait_and_a_number_says_for_which(shops: Shops) -> None:
    assert (await shops.says("@茶室 新建")).startswith("【山间茶室】")
    assert (await shops.says("@饼屋 新建")).startswith("【湖畔饼屋】")
    assert (await shops.says("代金券")).startswith("【湖畔饼屋】")  # the one spoken for last
    assert (await shops.says("统计 2014-01-01")).startswith("【湖畔面馆】")
    assert await shops.says("代金券") == (
        "不止一家店在等你回答，这句话是给哪家的？\n#1 山间茶室\n#2 湖畔饼屋\n回复编号，如 1"
    )
    assert (await shops.says("1")).startswith("【山间茶室】")
    assert (await shops.says("账号 茶室")).startswith("✅")


async def test_several_dialogues_wait_in_english(shops: Shops) -> None:
    for shop in (TEA, CAKES):
        await shops.app.people(shop).change(f"{NOODLES}/{WANG}", by=SHELL, language="en")
    await shops.app.people(NOODLES).change(WANG, by=SHELL, language="en")
    for name in ("茶室", "饼屋"):
        await shops.says(f"@{name} create")
    await shops.says("stats 2014-01-01")
    assert await shops.says("cash") == (
        "More than one shop waits for your answer. Which one is this for?\n#1 山间茶室\n#2 湖畔饼屋\n"
        "Send its number, say 1"
    )


async def test_wechats_faults_are_told_for_the_shop_spoken_for(shops: Shops) -> None:
    shops.simulator.fault("card/batchget", Fault(errcode=48001), times=None, appid=TEA)
    assert (await shops.says("@茶室 卡券")).startswith("【山间茶室】")
    assert (await shops.says("卡券")).startswith("【湖畔面馆】卡券 1 张")


async def test_whether_a_colleague_can_be_reached_is_known_where_they_text(shops: Shops) -> None:
    await shops.add(TEA, Role.MANAGER, "小茶", openid=OTHER, at=TEA)
    assert "王芳" in await shops.says("额度", at=TEA, openid=OTHER)
    await shops.says("我")
    assert "王芳" not in await shops.says("额度", at=TEA, openid=OTHER)
    shops.app.services.leave(NOODLES)
    assert "王芳" in await shops.says("额度", at=TEA, openid=OTHER)


async def test_whose_window_it_is(shops: Shops) -> None:
    assert "\n通知：11月24日 14:02 前还能收到 5 条\n" in await shops.says("@茶室 我")
    assert await shops.store.do("EXISTS", f"v1:{{{NOODLES}}}:window:{WANG}") == 1
    assert await shops.store.do("KEYS", f"v1:{{{TEA}}}:window:*") == []


async def test_a_chart_comes_with_words_that_name_its_shop(shops: Shops) -> None:
    for day in range(10, 22):
        shops.simulator.set_figures(TEA, None, f"2026-11-{day}", 1, {"verify_cnt": day, "view_cnt": 100})
    shops.simulator.clear_calls()
    assert (await shops.says("@茶室 走势 7天")).startswith("【山间茶室】")
    with shops.simulator.world.stream.watch() as happenings:
        while not [bubble for bubble in shops.simulator.chat(NOODLES, WANG) if bubble.media]:
            await happenings.get()
    assert {call.appid for call in shops.simulator.calls("getcardbizuininfo")} == {TEA}
    assert {call.appid for call in shops.simulator.calls("media/upload")} == {NOODLES}


async def test_a_late_answer_comes_by_way_of_the_account_texted(
    simulator: Simulator, store: Store, redis_server: str
) -> None:
    async with open_shops(simulator, store, redis_server, NAMES, reply={"deadline": 0.3}) as shops:
        await shops.says(f"绑定 {await shops.invited(TEA, Role.MANAGER, '小王')}")
        shops.simulator.fault("card/batchget", Fault(delay=1.0), times=1, appid=TEA)
        assert await shops.says("卡券") == ""
        with shops.simulator.world.stream.watch() as happenings:
            while not shops.reads():
                await happenings.get()
        (words,) = shops.reads()
        assert words.startswith("【山间茶室】这个公众号还没有卡券")
        assert {call.appid for call in shops.simulator.calls("message/custom/send")} == {NOODLES}
