"""update: what a manager reads, what WeChat is asked, and what is said when it answers otherwise than hoped."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import time_machine

from bot.simulator import Fault, Simulator, cash_voucher
from bot.store import Store, record_keys
from tests.shop import Shop, open_shop

YES = "回复「确认」执行，「取消」放弃（10 分钟内有效）"
UPDATE = "/card/update"


@pytest.fixture
def card_id(shop: Shop) -> str:
    """春节券, approved, until 28 February."""
    return shop.has_voucher("春节券", description="每桌限用一张", service_phone="0571-1234567", notice="结账前出示")


def held(shop: Shop, card_id: str) -> dict[str, Any]:
    """The voucher's base_info at WeChat's."""
    base: dict[str, Any] = shop.simulator.voucher(shop.appid, card_id).card["cash"]["base_info"]
    return base


async def recorded(store: Store, shop: Shop) -> list[dict[str, Any]]:
    """The records of changes, oldest first."""
    return [json.loads(entry) for entry in await store.do("LRANGE", record_keys.change_records(shop.appid), 0, -1)]


# What may not be asked ------------------------------------------------------------------------------------------------


async def test_a_viewer_does_not_learn_that_it_exists(shop: Shop, card_id: str) -> None:
    for speaker in (shop.viewer, shop.clerk):
        assert (
            await speaker.says("修改 春节券 限领=2")
            == "没有「修改 春节券 限领=2」这个命令。发送「帮助」看你可以做什么。"
        )
    assert shop.calls(UPDATE) == []


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        (
            "brand_name=新店",
            "没有修改：商户名称（brand_name）创建后不能改\n"
            "能改的有：LOGO、提醒、使用须知、颜色、客服电话、门店… 发送「帮助 修改」看全部",
        ),
        (
            "面额=20 商户名=新店 客服电话=1",
            "没有修改：减免金额、商户名称创建后不能改\n"
            "能改的有：LOGO、提醒、使用须知、颜色、客服电话、门店… 发送「帮助 修改」看全部",
        ),
        (
            "电话号=1 服务=外卖、按摩 notice=请在结账之前向收银员出示本券谢谢光临",
            "没有修改：没有「电话号」这一项，是不是客服电话？\n"
            "商家服务可以写：外卖、免费停车、可带宠物、免费WiFi，不能是「按摩」\n"
            "提醒有 54 字节，上限 48 字节（16 个汉字）\n"
            "原文：请在结账之前向收银员出示本券谢谢光临\n"
            "例：修改 春节券 商家服务=外卖、免费WiFi\n"
            "能改的有：LOGO、提醒、使用须知、颜色、客服电话、门店… 发送「帮助 修改」看全部",
        ),
        (
            "logo_url=http://a.com/b.png",
            "没有修改：LOGO要用上传到微信后的图片地址（http://mmbiz.qpic.cn/…），不能是「http://a.com/b.png」",
        ),
        ("结束=2027-02-27", "没有修改：结束日期只能往后延：现在到 2027年2月28日，不能改到 2027年2月27日"),
        ("结束=2027-06-01", "没有修改：一次最多延三个月：最晚到 2027年5月31日，不能到 2027年6月1日"),
        (
            "开始=2026-01-02 限领=51",
            "没有修改：限领要写 1 到 50 的整数，不能是「51」\n开始日期只能提前：现在是 1月1日，不能改到 1月2日\n"
            "例：修改 春节券 限领=1",
        ),
        ("结束=明年", "没有修改：结束日期要写日期，如 结束=2027-03-30，不能是「明年」"),
        ("送券=没有的券", "没有修改：没有找到要送的券「没有的券」，「卡券」看全部"),
        ("时段=周八", "没有修改：看不懂时段「周八」，写法：时段=周一 10:00-20:59、节假日（同一天内，先早后晚）"),
        ("客服电话=0571-1234567", "没有修改：「春节券」的客服电话现在就是这样"),
    ],
)
async def test_nothing_is_sent_when_anything_is_wrong(shop: Shop, card_id: str, pairs: str, expected: str) -> None:
    assert await shop.manager.says(f"修改 春节券 {pairs}") == expected
    assert await shop.manager.says("确认") == "现在没有等待确认的操作。预览 10 分钟内有效，过期请重新发送原来的命令。"
    assert shop.calls(UPDATE) == []


async def test_refusals_in_english(shop: Shop, card_id: str) -> None:
    await shop.speaks_english()

    assert await shop.manager.says(
        "update 春节券 brand_name=x title=y phon=1 notice=请在结账之前向收银员出示本券谢谢光临"
    ) == (
        "Not changed: brand_name, title cannot be changed after creation\n"
        'there is no field "phon"; did you mean service_phone?\n'
        "notice is 54 bytes, the limit is 48 (16 Chinese characters)\n"
        "It was: 请在结账之前向收银员出示本券谢谢光临\n"
        "Can be changed: logo_url, notice, description, color, service_phone, location_id_list… "
        'Send "help update" for all'
    )
    assert await shop.manager.says("update 春节券 end=2027-02-27") == (
        "Not changed: the last day may only move later: it is 28 Feb 2027 and cannot become 27 Feb 2027"
    )
    assert await shop.manager.says("update 春节券 phone=0571-1234567") == (
        "Not changed: service_phone of 春节券 is so already"
    )
    assert await shop.manager.says("update 春节券 phone=0571-1234567 notice=结账前出示") == (
        "Not changed: notice, service_phone of 春节券 are so already"
    )


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(
    "pair",
    [
        "color=rainbow", "stores=here", "code_type=picture", "get_limit=many", "can_share=perhaps",
        "business_service=massage", "days=Someday", "consume_share_self_num=9",
    ],
)  # fmt: skip
async def test_a_wrong_value_is_met_with_an_example_to_copy(shop: Shop, card_id: str, pair: str, language: str) -> None:
    if language == "en":
        await shop.speaks_english()
    *_, example = (await shop.manager.says(f"update 春节券 {pair}")).splitlines()
    assert example.startswith(("例：修改 春节券 ", "Example: update 春节券 "))
    answer = await shop.manager.says(example.removeprefix("例：").removeprefix("Example: "))
    previewed = answer.startswith(("「春节券」将改 1 处：", "1 thing would change in 春节券:"))
    assert previewed or answer.endswith(("现在就是这样", "of 春节券 is so already"))


async def test_an_ordinary_coupon_changes_only_its_base_info(shop: Shop) -> None:
    shop.simulator.add_voucher(shop.appid, cash_voucher("湖畔面馆", 500, title="普通券", friends=False), "VERIFY_OK")

    assert await shop.manager.says("修改 普通券 服务=外卖") == (
        "没有修改：商家服务只有朋友的券能改，这是普通券"
    )
    assert (await shop.manager.says("修改 普通券 限领=2")).startswith("「普通券」将改 1 处：")
    assert (await shop.manager.says("确认")).startswith("✅")


async def test_a_deleted_voucher_stays_as_it_is(shop: Shop, card_id: str) -> None:
    shop.simulator.set_status(shop.appid, card_id, "DELETE")

    assert await shop.manager.says(f"修改 {card_id} 限领=2") == "没有修改：这张券已删除，不能再改"


# From preview to done -------------------------------------------------------------------------------------------------


async def test_a_change_goes_from_preview_to_review(shop: Shop, card_id: str, store: Store) -> None:
    assert await shop.manager.says("修改 春节券 使用须知=周末不可用 客服电话=0571-7654321") == (
        "「春节券」将改 2 处：\n"
        "使用须知：每桌限用一张 → 周末不可用\n"
        "客服电话：0571-1234567 → 0571-7654321\n"
        "⚠️ 使用须知要重新审核，约 3 天，期间可能领不到\n" + YES
    )
    assert shop.calls(UPDATE) == []

    assert await shop.manager.says("确认") == (
        "⏳「春节券」已提交：使用须知、客服电话\n"
        "已在微信核对，现在审核中，约 3 天，有结果会告诉你\n记录号 1 ·「撤销」可改回"
    )

    (call,) = shop.calls(UPDATE)
    assert call.body == {
        "card_id": card_id,
        "cash": {"base_info": {"description": "周末不可用", "service_phone": "0571-7654321"}},
    }
    asked, ended = await recorded(store, shop)
    assert (asked["number"], asked["event"], asked["name"], asked["card_id"]) == (1, "asked", "张三", card_id)
    assert asked["changes"][1] == {"field": "service_phone", "before": "0571-1234567", "after": "0571-7654321"}
    assert (ended["number"], ended["event"], ended["review"]) == (1, "applied", True)


async def test_the_review_is_of_the_reviewed_fields(shop: Shop, card_id: str) -> None:
    await shop.manager.says("修改 春节券 颜色=红色 客服电话=1")
    await shop.manager.says("确认")

    await shop.simulator.review(shop.appid, card_id, approve=False, reason="颜色太浅")

    (notice,) = shop.manager.reads()
    assert "颜色太浅" in notice
    assert "颜色（张三" in notice
    assert "客服电话" not in notice


async def test_the_same_in_english(shop: Shop, card_id: str) -> None:
    await shop.speaks_english()

    assert await shop.manager.says("update 春节券 description=No weekends service_phone=0571-7654321") == (
        "2 things would change in 春节券:\n"
        "description: 每桌限用一张 → No weekends\n"
        "service_phone: 0571-1234567 → 0571-7654321\n"
        "⚠️ description: back to review, about 3 days; customers may be unable to claim meanwhile\n"
        'Send "yes" to do it, "no" to drop it (within 10 minutes)'
    )
    assert await shop.manager.says("yes") == (
        "⏳ 春节券 submitted: description, service_phone\n"
        "Checked at WeChat; under review since now, about 3 days. I will tell you the result\n"
        'Record 1 · "undo" puts it back'
    )


async def test_what_needs_no_review_is_done_at_once(shop: Shop, card_id: str) -> None:
    assert await shop.manager.says("修改春节券 限领＝３ 电话=“0571 765 4321”") == (
        "「春节券」将改 2 处：\n"
        "客服电话：0571-1234567 → 0571 765 4321\n"
        "限领：1 张 → 3 张\n"
        "不需要重新审核，确认后立即生效\n" + YES
    )
    assert await shop.manager.says("确认") == (
        "✅「春节券」已修改：客服电话、限领\n已在微信核对，立即生效\n记录号 1 ·「撤销」可改回"
    )
    assert (held(shop, card_id)["get_limit"], held(shop, card_id)["service_phone"]) == (3, "0571 765 4321")


async def test_what_is_so_already_is_left_out(shop: Shop, card_id: str) -> None:
    assert await shop.manager.says("修改 春节券 限领=3 提醒=结账前出示 颜色=绿色") == (
        "「春节券」将改 1 处：\n限领：1 张 → 3 张\n不变：提醒、颜色\n不需要重新审核，确认后立即生效\n" + YES
    )
    await shop.manager.says("确认")

    (call,) = shop.calls(UPDATE)
    assert call.body["cash"] == {"base_info": {"get_limit": 3}}


async def test_every_kind_of_value_in_one_request(shop: Shop, card_id: str) -> None:
    shop.has_voucher("元宵券")

    assert await shop.manager.says(
        "修改 春节券 颜色=红色 门店=1、2 码型=条形码 可分享=是 结束=3月31日 服务=外卖、免费停车 "
        "时段=周一到周五 10:00-20:59、节假日 送券=元宵券×1 封面简介=每人一张 图片文字=现做"
    ) == (
        "「春节券」将改 10 处：\n"
        "颜色：绿色 → 红色\n"
        "门店：271262077 → 1、2\n"
        "码型：二维码 → 条形码\n"
        "可分享：否 → 是\n"
        "结束日期：2027年2月28日 → 2027年3月31日\n"
        "封面简介：湖边的一碗面 → 每人一张\n"
        "图文第 1 张文字：手工拉面，当天现做 → 现做\n"
        "商家服务：免费WiFi → 外卖、免费停车\n"
        "可用时段：（空） → 周一到周五 10:00–20:59、节假日\n"
        "送券：（空） → 元宵券\n"
        "⚠️ 颜色、可用时段、送券要重新审核，约 3 天，期间可能领不到\n" + YES
    )
    assert (await shop.manager.says("确认")).startswith("⏳「春节券」已提交：颜色、门店、码型、")
    assert await shop.manager.says("修改 春节券 颜色=大红 门店=无 时段=不限 送券=无") == (
        "「春节券」将改 4 处：\n"
        "颜色：红色 → 大红\n"
        "门店：1、2 → （空）\n"
        "可用时段：周一到周五 10:00–20:59、节假日 → （空）\n"
        "送券：元宵券 → （空）\n"
        "⚠️ 这张券正在审核，修改后可能重新排队\n"
        "⚠️ 颜色、可用时段、送券要重新审核，约 3 天\n" + YES
    )
    assert (await shop.manager.says("确认")).startswith("⏳")
    assert held(shop, card_id)["location_id_list"] == []


async def test_values_in_english(shop: Shop, card_id: str) -> None:
    await shop.speaks_english()

    assert await shop.manager.says(
        "update 春节券 color=red stores=none code_type=barcode can_share=yes end=31 Mar 2027 "
        "services=delivery, free parking hours=Mon-Fri 10:00-20:59, holiday phone=0571-7654321"
    ) == (
        "8 things would change in 春节券:\n"
        "color: green → red\n"
        "service_phone: 0571-1234567 → 0571-7654321\n"
        "location_id_list: 271262077 → (empty)\n"
        "code_type: QR code → barcode\n"
        "can_share: no → yes\n"
        "last day: 28 Feb 2027 → 31 Mar 2027\n"
        "business_service: free WiFi → delivery, free parking\n"
        "time_limit: (empty) → Monday–Friday 10:00–20:59, holiday\n"
        "⚠️ color, time_limit: back to review, about 3 days; customers may be unable to claim meanwhile\n"
        'Send "yes" to do it, "no" to drop it (within 10 minutes)'
    )
    assert (await shop.manager.says("yes")).startswith("⏳ 春节券 submitted: color, service_phone, location_id_list,")


async def test_wechat_decides_about_review(shop: Shop, card_id: str) -> None:
    shop.simulator.readings.advanced_info_reviewed = True

    assert "不需要重新审核，确认后生效；如果微信仍要审核，会告诉你" in await shop.manager.says("修改 春节券 服务=外卖")
    assert await shop.manager.says("确认") == (
        "⏳「春节券」已提交：商家服务\n已在微信核对，现在审核中，约 3 天，有结果会告诉你\n记录号 1 ·「撤销」可改回"
    )


async def test_numbers_of_the_record_are_consecutive(shop: Shop, card_id: str) -> None:
    for limit in (2, 3, 4):
        await shop.manager.says(f"修改 春节券 限领={limit}")
        assert (await shop.manager.says("确认")).endswith(f"记录号 {limit - 1} ·「撤销」可改回")


# Between preview and yes ----------------------------------------------------------------------------------------------


async def test_a_yes_is_good_once_and_only_for_the_same_person(shop: Shop, card_id: str) -> None:
    await shop.manager.says("修改 春节券 限领=2")

    assert (await shop.owner.says("确认")).startswith("现在没有等待确认的操作")
    assert (await shop.manager.says("确认")).startswith("✅")
    assert (await shop.manager.says("确认")).startswith("现在没有等待确认的操作")
    assert len(shop.calls(UPDATE)) == 1


async def test_a_yes_comes_within_ten_minutes(shop: Shop, card_id: str, clock: time_machine.Traveller) -> None:
    await shop.manager.says("修改 春节券 限领=2")
    clock.shift(601)

    assert (await shop.manager.says("确认")).startswith("现在没有等待确认的操作")
    assert shop.calls(UPDATE) == []


async def test_a_no_drops_it(shop: Shop, card_id: str) -> None:
    await shop.manager.says("修改 春节券 限领=2")

    assert await shop.manager.says("取消") == "已取消，什么都没有改。"
    assert (await shop.manager.says("确认")).startswith("现在没有等待确认的操作")


async def test_what_changed_meanwhile_is_shown_anew(shop: Shop, card_id: str) -> None:
    await shop.manager.says("修改 春节券 限领=2 客服电话=1")
    held(shop, card_id)["service_phone"] = "400-800"

    assert await shop.manager.says("确认") == (
        "⚠️ 还没有执行：预览之后「春节券」又变了，现在将改 2 处：\n"
        "客服电话：400-800 → 1\n"
        "限领：1 张 → 2 张\n"
        "不需要重新审核，确认后立即生效\n" + YES
    )
    assert shop.calls(UPDATE) == []
    assert (await shop.manager.says("确认")).startswith("✅「春节券」已修改：客服电话、限领")


async def test_a_change_whose_process_died_keeps_nobody_from_theirs(
    shop: Shop, card_id: str, clock: time_machine.Traveller
) -> None:
    services = shop.app.services[shop.appid]
    proposal = await services.vouchers.updates.propose(
        await services.vouchers.get(card_id), {"限领": "4"}, services.people.find("王芳")
    )
    await services.vouchers.records.begin(proposal.voucher, proposal.changes, services.people.find("王芳"))
    clock.shift(61)
    await shop.manager.says("修改 春节券 限领=2")

    assert (await shop.manager.says("确认")).startswith("✅「春节券」已修改：限领")


async def test_other_fields_may_change_meanwhile(shop: Shop, card_id: str) -> None:
    await shop.manager.says("修改 春节券 限领=2")
    held(shop, card_id)["service_phone"] = "400-800"

    assert (await shop.manager.says("确认")).startswith("✅「春节券」已修改：限领")


async def test_done_by_somebody_else_meanwhile(shop: Shop, card_id: str) -> None:
    await shop.manager.says("修改 春节券 限领=2")
    await shop.owner.says("修改 春节券 限领=2")
    await shop.owner.says("确认")

    assert await shop.manager.says("确认") == "没有修改：「春节券」的限领已经是这样"
    assert len(shop.calls(UPDATE)) == 1


async def test_no_longer_allowed_meanwhile(shop: Shop, card_id: str) -> None:
    await shop.manager.says("修改 春节券 结束=2027-03-31")
    held(shop, card_id)["date_info"]["end_timestamp"] += 60 * 86_400

    assert await shop.manager.says("确认") == (
        "没有修改：预览之后「春节券」又变了\n结束日期只能往后延：现在到 2027年4月29日，不能改到 2027年3月31日"
    )


async def test_changed_meanwhile_in_english(shop: Shop, card_id: str) -> None:
    await shop.speaks_english()
    await shop.manager.says("update 春节券 limit=2 end=2027-03-31")
    held(shop, card_id)["get_limit"] = 5

    assert await shop.manager.says("yes") == (
        "⚠️ Not done yet: 春节券 has changed since the preview. 2 things would change now:\n"
        "get_limit: 5 → 2\n"
        "last day: 28 Feb 2027 → 31 Mar 2027\n"
        "No review needed, effective at once\n"
        'Send "yes" to do it, "no" to drop it (within 10 minutes)'
    )
    held(shop, card_id)["date_info"]["end_timestamp"] += 60 * 86_400
    assert await shop.manager.says("yes") == (
        "Not changed: 春节券 is different since the preview\n"
        "the last day may only move later: it is 29 Apr 2027 and cannot become 31 Mar 2027"
    )


# What WeChat makes of it ----------------------------------------------------------------------------------------------


async def test_accepted_but_not_visible_is_said_field_by_field(shop: Shop, card_id: str, store: Store) -> None:
    await shop.manager.says("修改 春节券 限领=2 客服电话=1")
    shop.simulator.swallow(shop.appid, card_id, "service_phone")

    assert await shop.manager.says("确认") == (
        "⚠️「春节券」微信已接受，但还看不到：客服电话\n"
        "其余 1 处已核对\n"
        "过几分钟用「查看 春节券」核对，不用重发\n"
        "记录号 1"
    )
    assert (await recorded(store, shop))[-1]["missing"] == ["service_phone"]


async def test_not_visible_while_under_review(shop: Shop, card_id: str) -> None:
    await shop.speaks_english()
    await shop.manager.says("update 春节券 color=red")
    shop.simulator.swallow(shop.appid, card_id, "color")

    assert await shop.manager.says("yes") == (
        "⚠️ WeChat accepted the change to 春节券 but does not show: color\n"
        "Under review; it may show after approval only. I will tell you the result\n"
        'Check with "show 春节券" in a few minutes; do not send it again\n'
        "Record 1"
    )


async def test_accepted_but_not_to_be_read(shop: Shop, card_id: str) -> None:
    await shop.manager.says("修改 春节券 颜色=红色")
    shop.simulator.set_quota(shop.appid, "/card/get", len(shop.calls("/card/get")) + 1)

    assert await shop.manager.says("确认") == (
        "⚠️「春节券」微信已接受，但暂时读不到结果，没能核对\n"
        "现在审核中，有结果会告诉你\n"
        "过几分钟用「查看 春节券」核对，不用重发\n"
        "记录号 1"
    )


async def test_the_yes_to_a_busy_wechat_is_worth_another_try(shop: Shop) -> None:
    shop.has_voucher("春节券")
    await shop.speaks_english()
    await shop.manager.says("update 春节券 limit=2")
    shop.simulator.fault(UPDATE, Fault())
    refused = await shop.manager.says("yes")
    assert refused.startswith("❌ 春节券 was not changed: ")
    assert refused.endswith('\nThen "yes" is enough (within 10 minutes)')
    assert (await shop.manager.says("yes")).startswith("✅ 春节券 changed")


@pytest.mark.parametrize(
    ("errcode", "expected"),
    [
        (73209, "微信暂停了朋友的券修改有效期（73209）\n这不是你的设置问题。其他字段仍可修改。"),
        (
            73211,
            "微信不再支持网页链接，只能跳小程序（73211）\n这不是你的设置问题。去掉按钮和入口的链接，其他字段仍可修改。",
        ),
        (
            40100,
            "有效期只能放宽，类型不能变（40100）\n开始日期只能提前，结束日期只能往后延；按领取日计算的有效期不能改。",
        ),
        (-1, "微信系统繁忙（-1）\n请过几分钟再试。\n到时回复「确认」就行（10 分钟内有效）"),
        (45009, "这个接口今天的次数用完了（45009）\n请明天再试（微信何时清零没有公布）。"),
        (98765, "微信返回了没有说明的错误（98765）\n请用「查看」核对现在的内容；再出现时把这个数字告诉技术人员。"),
    ],
)
async def test_wechats_refusal_is_explained(
    shop: Shop, card_id: str, store: Store, errcode: int, expected: str
) -> None:
    await shop.manager.says("修改 春节券 限领=2")
    shop.simulator.fault(UPDATE, Fault(errcode=errcode, errmsg="only for logs hint: [abc]"))

    assert await shop.manager.says("确认") == f"❌ 没有修改「春节券」：{expected}"
    last = (await recorded(store, shop))[-1]
    assert (last["event"], last["errcode"]) == ("refused", errcode)


async def test_refusals_of_wechat_in_english(shop: Shop, card_id: str) -> None:
    await shop.speaks_english()
    await shop.manager.says("update 春节券 limit=2")
    shop.simulator.fault(UPDATE, Fault(errcode=40151))

    assert await shop.manager.says("yes") == (
        "❌ 春节券 was not changed: A text or picture was stopped by WeChat's content check (40151)\n"
        "Reword it or change the picture; avoid exaggeration and calls to share."
    )


async def test_a_word_that_wechat_stops(shop: Shop, card_id: str) -> None:
    await shop.manager.says("修改 春节券 使用须知=代开发票")

    assert await shop.manager.says("确认") == (
        "❌ 没有修改「春节券」：文字或图片被微信的内容检查拦下（40151）\n"
        "请换一种说法或换一张图片，避免夸张、诱导分享的内容。"
    )


async def test_done_although_the_answer_was_lost(shop: Shop, card_id: str, store: Store) -> None:
    await shop.manager.says("修改 春节券 限领=2")
    shop.simulator.fault(UPDATE, Fault(lose_answer=True))

    assert await shop.manager.says("确认") == (
        "✅「春节券」已修改：限领\n已在微信核对，立即生效\n记录号 1 ·「撤销」可改回"
    )
    assert len(shop.calls(UPDATE)) == 1


async def test_in_review_although_the_answer_was_lost(shop: Shop, card_id: str) -> None:
    await shop.manager.says("修改 春节券 颜色=红色")
    shop.simulator.fault(UPDATE, Fault(lose_answer=True))

    assert (await shop.manager.says("确认")).startswith("⏳「春节券」已提交：颜色")


async def test_in_doubt_when_nothing_is_seen_after_no_answer(shop: Shop, card_id: str, store: Store) -> None:
    await shop.manager.says("修改 春节券 限领=2")
    shop.simulator.fault(UPDATE, Fault(drop=True))

    assert await shop.manager.says("确认") == (
        "⚠️ 微信没有回应，不确定「春节券」有没有改成\n请过一两分钟用「查看 春节券」核对，再决定是否重发\n记录号 1"
    )
    assert len(shop.calls(UPDATE)) == 1
    assert (await recorded(store, shop))[-1]["event"] == "in_doubt"


async def test_in_doubt_in_english_when_nothing_can_be_read(shop: Shop, card_id: str) -> None:
    await shop.speaks_english()
    await shop.manager.says("update 春节券 limit=2")
    shop.simulator.fault(UPDATE, Fault(lose_answer=True))
    shop.simulator.set_quota(shop.appid, "/card/get", len(shop.calls("/card/get")) + 1)

    assert await shop.manager.says("yes") == (
        "⚠️ WeChat did not answer, so it is not certain whether 春节券 was changed\n"
        'Check with "show 春节券" in a minute or two before you send it again\n'
        "Record 1"
    )


async def test_a_yes_that_never_reached_wechat_is_not_used_up(shop: Shop, card_id: str, store: Store) -> None:
    await shop.manager.says("修改 春节券 限领=2")
    shop.simulator.break_tokens(shop.appid, permanent=True)

    assert await shop.manager.says("确认") == (
        "⚠️ 暂时连不上微信，没有执行\n过一会儿再回复「确认」就行（10 分钟内有效）"
    )
    shop.simulator.heal_tokens(shop.appid)


async def test_a_refused_token_leaves_the_preview_too(shop: Shop, card_id: str, store: Store) -> None:
    await shop.speaks_english()
    await shop.manager.says("update 春节券 limit=2")
    shop.simulator.fault(UPDATE, Fault(errcode=40001), times=None)

    assert await shop.manager.says("yes") == (
        '⚠️ WeChat cannot be reached, so this was not done\nSend "yes" again in a moment (within 10 minutes)'
    )
    assert [entry["event"] for entry in await recorded(store, shop)] == ["asked", "not_sent"]
    shop.simulator.clear_faults()
    assert (await shop.manager.says("yes")).startswith("✅ 春节券 changed: get_limit")


# Words ----------------------------------------------------------------------------------------------------------------


async def test_help_names_every_field(shop: Shop) -> None:
    assert await shop.manager.says("帮助 修改") == (
        "修改 <卡券> 字段=新内容 …\n"
        "改卡券的内容，先预览再确认\n"
        "例：修改 春节券 客服电话=0571-7654321\n"
        "要重新审核：LOGO、提醒、使用须知、颜色、可用时段、再送本券、送券\n"
        "不用审核：\n"
        "客服电话、门店、中间按钮、中间按钮说明、中间按钮链接、自定义入口\n"
        "自定义链接、自定义入口说明、推广入口、推广链接、推广入口说明、码型\n"
        "限领、可分享、可转赠、有效期、开始日期、结束日期\n"
        "摘要、封面简介、封面图、图文、商家服务\n"
        "内容要换行就直接换行；也可以写英文名，如 service_phone"
    )


async def test_help_in_english(shop: Shop) -> None:
    await shop.speaks_english()

    said = await shop.manager.says("help update")

    assert said.startswith("update <voucher> field=value …\nchange a voucher: preview, then yes\n")
    assert "Back to review: logo_url, notice, description, color, time_limit, consume_share_self_num," in said
    assert "\nWithout review:\nservice_phone, stores (location_id_list), center_title, center_sub_title," in said
    assert said.endswith("\nA line break in a text may simply be typed")
    assert len(said.splitlines()) <= 12


async def test_a_voucher_in_review_is_said_to_wait_anew_and_nothing_else(shop: Shop, card_id: str) -> None:
    await shop.manager.says("修改 春节券 须知=每人一张")
    await shop.manager.says("确认")

    assert await shop.manager.says("修改 春节券 客服电话=0571-7654321") == (
        "「春节券」将改 1 处：\n客服电话：0571-1234567 → 0571-7654321\n⚠️ 这张券正在审核，修改后可能重新排队\n" + YES
    )
    assert await shop.manager.says("延期 春节券 一个月") == (
        "「春节券」有效期：到 2027年2月28日 → 到 2027年3月28日\n⚠️ 这张券正在审核，修改后可能重新排队\n" + YES
    )


async def test_the_english_name_of_a_field_is_shown_where_it_was_typed(shop: Shop, card_id: str) -> None:
    first = (await shop.manager.says("修改 春节券 brand_name=新店")).splitlines()[0]

    assert first == "没有修改：商户名称（brand_name）创建后不能改"


async def test_no_reply_names_wechats_english(shop: Shop, card_id: str) -> None:
    await shop.manager.says("修改 春节券 限领=2")
    shop.simulator.fault(UPDATE, Fault(errcode=40150, errmsg="invalid card parameters"))

    assert not re.search(r"invalid|hint|errcode", await shop.manager.says("确认"))


async def test_the_order_of_things_asked_of_wechat(simulator: Simulator, store: Store, redis_server: str) -> None:
    """card/get, preview; card/get again, card/update, card/get again."""
    async with open_shop(simulator, redis_server) as shop:
        card_id = shop.has_voucher("春节券")
        await shop.manager.says(f"修改 {card_id} 限领=2")
        await shop.manager.says("确认")

        assert [call.path for call in shop.calls() if call.path.startswith("/card/")] == [
            "/card/get",
            "/card/get",
            "/card/update",
            "/card/get",
        ]


async def test_asks_for_the_year_rather_than_guess_one(shop: Shop) -> None:
    shop.has_voucher("春节券", first_day="2026-11-01", last_day="2027-02-28")

    assert await shop.manager.says("修改 春节券 有效期=12月1日-3月1日") == (
        "没有修改：「12月1日-3月1日」没写从哪一年开始，请写上年份，如 有效期=2025-12-01至2027-03-30"
    )
    assert await shop.manager.says("修改 春节券 有效期=2027-03-01") == (
        "没有修改：有效期要写头尾两天，如 有效期=2026-10-31至2027-03-30；只改最后一天写 结束日期=2027-03-01"
    )
    await shop.speaks_english()
    assert await shop.manager.says("update 春节券 begin=1 Dec") == (
        'Not changed: "1 Dec" does not say in which year it begins; write the year, such as begin=2025-12-01'
    )
    assert await shop.manager.says("update 春节券 validity=2027-03-01") == (
        "Not changed: validity needs both days, such as date_info=2026-10-31 to 2027-03-30; "
        "for the last day alone write end=2027-03-01"
    )


@pytest.mark.parametrize(
    "typed", ["开始=8月1日", "开始=明天吧", "有效期=8月1日-12月1日", "有效期=2027-03-01", "有效期=夏天", "结束=夏天"]
)
async def test_the_example_of_a_date_is_accepted_as_it_stands(shop: Shop, typed: str) -> None:
    """Validity may only widen, so what is proposed depends on the voucher."""
    shop.has_voucher("春节券", first_day="2026-06-01", last_day="2027-02-28")
    refusal = await shop.manager.says(f"修改 春节券 {typed}")
    example = re.search(r"如 (\S+?)[，；]|如 (\S+)$", refusal)
    assert example, refusal
    assert "确认" in await shop.manager.says(f"修改 春节券 {example[1] or example[2]}")


async def test_keeps_the_quotes_inside_a_text(shop: Shop) -> None:
    card_id = shop.has_voucher("春节券")
    await shop.manager.says("修改 春节券 须知=凭 “春节券” 两字，“加面” 免费")
    await shop.manager.says("确认")

    assert shop.simulator.voucher(shop.appid, card_id).card["cash"]["base_info"]["description"] == (
        "凭 “春节券” 两字，“加面” 免费"
    )
