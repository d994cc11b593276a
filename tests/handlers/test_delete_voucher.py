"""delete: previewed, done once, for good, and looked up where no answer comes."""

from __future__ import annotations

import asyncio

import pytest

from bot.merchants.people import SHELL, Operator, Role
from bot.simulator import Fault, cash_voucher
from bot.vouchers.deletion import Ending, Outcome
from bot.vouchers.records import What
from tests.shop import PEOPLE, Shop

DELETE = "/card/delete"
SKU = {"quantity": 480, "total_quantity": 500}
PREVIEW = (
    "「春节券」将被删除，不能恢复\n剩下的 480 张不能再领，二维码和链接失效；已领的券仍可使用\n"
    "⚠️ 买库存用掉的券点不一定退回，微信没有保证\n回复「确认」删除，「取消」放弃（10 分钟内有效）"
)
DONE = "✅「春节券」已删除\n已领的券仍可查码、核销\n记录号 1"
UNKNOWN = "没有「{}」这个命令。"


@pytest.fixture
def card_id(shop: Shop) -> str:
    """A Friend's Voucher of which 480 are left."""
    return shop.has_voucher("春节券", sku=SKU)


def owner(shop: Shop) -> Operator:
    """As services know them."""
    found = shop.app.people(shop.appid).operator(PEOPLE["owner"][0])
    assert found is not None
    return found


async def resumed(shop: Shop, card_id: str) -> Outcome:
    """What a process makes of the owner's yes that another one died at."""
    return await shop.app.services[shop.appid].vouchers.deletion.delete(card_id, owner(shop), resumed=True)


def is_there(shop: Shop, card_id: str) -> bool:
    """Whether customers can still claim it."""
    return shop.simulator.voucher(shop.appid, card_id).status != "CARD_STATUS_DELETE"


async def endings(shop: Shop) -> list[tuple[int, str]]:
    """The change log, newest first."""
    found = await shop.app.services[shop.appid].vouchers.records.newest(9)
    return [(asked.number, asked.ending) for asked in found]


# What cannot be done ----------------------------------------------------------------------------------------------


async def test_is_for_owners(shop: Shop, card_id: str) -> None:
    for speaker in (shop.manager, shop.clerk):
        assert (await speaker.says("删除 春节券")).startswith(UNKNOWN.format("删除 春节券"))
    assert shop.calls(DELETE) == []


async def test_no_such_voucher(shop: Shop, card_id: str) -> None:
    await shop.owner.says("删除 春节券")
    assert await shop.owner.says("删除 没有的券") == (
        "没有找到「没有的券」。发送「卡券」可以看到全部。\n之前的预览已作废"
    )
    assert (await shop.owner.says("确认")).startswith("现在没有等待确认的操作")
    assert shop.calls(DELETE) == []


async def test_deleted_already(shop: Shop, card_id: str) -> None:
    shop.simulator.voucher(shop.appid, card_id).set_status("DELETE")

    assert await shop.owner.says(f"删除 {card_id}") == "「春节券」已经删除了\n发送「卡券」看现在有哪些"
    await shop.speaks_english()
    assert await shop.owner.says(f"delete {card_id}") == (
        '春节券 was deleted already\nSend "vouchers" to see what there is'
    )


async def test_somebody_who_is_no_owner_any_more(shop: Shop, card_id: str) -> None:
    people = shop.app.people(shop.appid)
    await shop.owner.says("删除 春节券")
    await people.change(PEOPLE["manager"][0], by=SHELL, role=Role.OWNER)
    await people.change(PEOPLE["owner"][0], by=SHELL, role=Role.MANAGER)

    assert await shop.owner.says("确认") == "没有执行：你现在的角色不能再用「删除」。发送「我」看你的角色"
    assert shop.calls(DELETE) == []


async def test_refused_by_wechat(shop: Shop, card_id: str) -> None:
    await shop.owner.says("删除 春节券")
    shop.simulator.fault(DELETE, Fault(errcode=72066))
    assert await shop.owner.says("确认") == (
        "❌ 没有删除「春节券」：这是广告券，不能这样改（72066）\n广告结束后再改，或新建一张券。"
    )
    assert is_there(shop, card_id)
    await shop.speaks_english()
    await shop.owner.says("delete 春节券")
    shop.simulator.fault(DELETE, Fault(errcode=72066))
    assert (await shop.owner.says("yes")).startswith("❌ 春节券 was not deleted: ")
    assert await endings(shop) == [(2, "refused"), (1, "refused")]


# Deleting ---------------------------------------------------------------------------------------------------------


async def test_deletes_after_a_yes(shop: Shop, card_id: str) -> None:
    assert await shop.owner.says("删除 春节券") == PREVIEW
    assert is_there(shop, card_id)
    assert await shop.owner.says("确认") == DONE

    assert [call.body for call in shop.calls(DELETE)] == [{"card_id": card_id}]
    assert not is_there(shop, card_id)
    assert (await shop.manager.says("日志")).endswith("\n1 · 14:02 王芳 删除「春节券」 ✅")
    assert await shop.owner.says("撤销") == (
        "不能撤销记录 1（王芳，14:02）：删除「春节券」\n删除了不能恢复；可以「复制」旧券新建一张"
    )


async def test_in_english(shop: Shop) -> None:
    card = cash_voucher("湖畔面馆", 500, title="月券", friends=False, base={"sku": SKU})
    card_id = shop.simulator.add_voucher(shop.appid, card, "VERIFY_OK")
    await shop.speaks_english()

    assert await shop.owner.says("delete 月券") == (
        "月券 would be deleted for good\n"
        "The 480 left cannot be claimed any more, QR codes and links die; claimed ones stay valid\n"
        'Send "yes" to delete it, "no" to drop it (within 10 minutes)'
    )
    assert await shop.owner.says("yes") == (
        "✅ 月券 is deleted\nClaimed ones can still be checked and redeemed\nRecord 1"
    )
    assert not is_there(shop, card_id)
    assert (await shop.owner.says("undo")).endswith(
        'delete 月券\nWhat is deleted stays so; "copy" makes a new voucher from an old one'
    )


async def test_claimed_codes_are_redeemed_afterwards(shop: Shop, card_id: str) -> None:
    code = await shop.simulator.claim(shop.appid, PEOPLE["customer"][0], card_id)
    for words in ("删除 春节券", "确认", f"核销 {code}"):
        await shop.owner.says(words)

    assert (await shop.owner.says("确认")).startswith("✅ 已核销")


async def test_two_owners_at_once(shop: Shop, card_id: str) -> None:
    await shop.app.people(shop.appid).change(PEOPLE["manager"][0], by=SHELL, role=Role.OWNER)
    for speaker in (shop.owner, shop.manager):
        await speaker.says("删除 春节券")
    shop.simulator.fault(DELETE, Fault(delay=0.2), times=2)

    answers = await asyncio.gather(shop.owner.says("确认"), shop.manager.says("确认"))

    done = [answer for answer in answers if answer.startswith("✅「春节券」已删除\n")]
    gone = [answer for answer in answers if "已由" in answer]
    assert (len(done), len(gone)) == (1, 1)
    name = "张三" if answers.index(gone[0]) == 0 else "王芳"
    assert gone == [f"「春节券」已由{name} 14:02 删除\n发送「卡券」看现在有哪些"]
    assert sorted(ending for _, ending in await endings(shop)) == ["done", "impossible"]


async def test_a_colleague_was_faster_in_english(shop: Shop, card_id: str) -> None:
    await shop.app.people(shop.appid).change(PEOPLE["manager"][0], by=SHELL, role=Role.OWNER)
    await shop.speaks_english()
    for speaker in (shop.owner, shop.manager):
        await speaker.says("delete 春节券")
    await shop.manager.says("yes")

    assert await shop.owner.says("yes") == '春节券 was deleted by 张三, 14:02\nSend "vouchers" to see what there is'
    assert len(shop.calls(DELETE)) == 1


# When no answer comes ---------------------------------------------------------------------------------------------


async def test_deleted_although_the_answer_was_lost(shop: Shop, card_id: str) -> None:
    await shop.owner.says("删除 春节券")
    shop.simulator.fault(DELETE, Fault(lose_answer=True))

    assert await shop.owner.says("确认") == DONE
    assert len(shop.calls(DELETE)) == 1


async def test_a_colleague_deleted_it_while_no_answer_came(shop: Shop, card_id: str) -> None:
    await shop.app.people(shop.appid).change(PEOPLE["manager"][0], by=SHELL, role=Role.OWNER)
    for speaker in (shop.owner, shop.manager):
        await speaker.says("删除 春节券")
    shop.simulator.fault(DELETE, Fault(drop=True, delay=0.5))
    mine = asyncio.create_task(shop.owner.says("确认"))
    await shop.until(lambda: shop.calls(DELETE))
    assert (await shop.manager.says("确认")).startswith("✅「春节券」已删除\n")

    assert await mine == "「春节券」已由张三 14:02 删除\n发送「卡券」看现在有哪些"
    assert await endings(shop) == [(2, "done"), (1, "impossible")]


async def test_a_busy_wechat_may_have_done_it(shop: Shop, card_id: str) -> None:
    await shop.owner.says("删除 春节券")
    shop.simulator.fault(DELETE, Fault())
    assert (await shop.owner.says("确认")).startswith("⚠️ 微信没有回应，不确定「春节券」有没有删除\n")
    await shop.owner.says("删除 春节券")
    shop.simulator.fault(DELETE, Fault(errcode=-1, delay=0.5))
    answer = asyncio.create_task(shop.owner.says("确认"))
    await shop.until(lambda: len(shop.calls(DELETE)) == 2)
    shop.simulator.voucher(shop.appid, card_id).set_status("DELETE")

    assert (await answer).startswith("✅「春节券」已删除\n")


async def test_in_doubt_where_it_is_still_there(shop: Shop, card_id: str) -> None:
    await shop.owner.says("删除 春节券")
    shop.simulator.fault(DELETE, Fault(drop=True))
    assert await shop.owner.says("确认") == (
        "⚠️ 微信没有回应，不确定「春节券」有没有删除\n请过一两分钟用「查看 春节券」核对，再决定是否重发\n记录号 1"
    )
    await shop.speaks_english()
    await shop.owner.says("delete 春节券")
    shop.simulator.fault(DELETE, Fault(html=True))
    assert await shop.owner.says("yes") == (
        "⚠️ WeChat did not answer, so it is not certain whether 春节券 was deleted\n"
        'Check with "show 春节券" in a minute or two before you send it again\nRecord 2'
    )
    assert await endings(shop) == [(2, "in_doubt"), (1, "in_doubt")]


async def test_a_yes_that_never_reached_wechat_is_not_used_up(shop: Shop, card_id: str) -> None:
    await shop.owner.says("删除 春节券")
    shop.simulator.fault(DELETE, Fault(errcode=40001), times=None)
    assert await shop.owner.says("确认") == ("⚠️ 暂时连不上微信，没有执行\n过一会儿再回复「确认」就行（10 分钟内有效）")
    await shop.speaks_english()
    assert await shop.owner.says("yes") == (
        '⚠️ WeChat cannot be reached, so this was not done\nSend "yes" again in a moment (within 10 minutes)'
    )
    shop.simulator.clear_faults()
    assert (await shop.owner.says("yes")).startswith("✅ 春节券 is deleted\n")


async def test_a_process_that_died_after_wechat_did_it(shop: Shop, card_id: str) -> None:
    vouchers = shop.app.services[shop.appid].vouchers
    await vouchers.records.begin(await vouchers.get(card_id), (), owner(shop), What.DELETE)
    shop.simulator.voucher(shop.appid, card_id).set_status("DELETE")

    assert await resumed(shop, card_id) == Outcome(Ending.DONE, 1)
    assert shop.calls(DELETE) == []
    assert await endings(shop) == [(1, "done")]


async def test_a_process_that_died_before_wechat_was_asked(shop: Shop, card_id: str) -> None:
    vouchers = shop.app.services[shop.appid].vouchers
    await vouchers.records.begin(await vouchers.get(card_id), (), owner(shop), What.DELETE)

    assert await resumed(shop, card_id) == Outcome(Ending.DONE, 1)
    assert len(shop.calls(DELETE)) == 1
    assert await endings(shop) == [(1, "done")]


async def test_a_process_that_died_and_nobody_else_did_it(shop: Shop, card_id: str) -> None:
    assert await resumed(shop, card_id) == Outcome(Ending.DONE, 1)
    assert await resumed(shop, card_id) == Outcome(
        Ending.GONE, by=(await shop.app.services[shop.appid].vouchers.records.newest(1))[0]
    )
