"""submerchants new, submerchants 12 again: what is asked, what an answer becomes, and what WeChat is sent, once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import time_machine

from bot import begun
from bot.app import build
from bot.clock import day_end
from bot.merchants.people import SHELL, Role
from bot.simulator import Fault, Simulator
from bot.simulator.media import KINDS
from bot.store import Store
from tests.dispatch.bots import another_bot
from tests.dispatch.test_repeats import asked_by, carried_on, left_undone
from tests.handlers.test_create_voucher import Talk, sends, walk
from tests.handlers.test_manage_submerchants import has_submerchant
from tests.images import png
from tests.shop import PEOPLE, Shop, open_shop, serving, settings_for

SUBMIT, UPDATE = "/card/submerchant/submit", "/card/submerchant/update"
UPLOAD, LEND = "/cgi-bin/media/uploadimg", "/cgi-bin/media/upload"
APPID = "wx1111111111111111"

DOCUMENTED = (
    40007, 40013, 40079, 40097, 40137, 40139, 40140, 40151, 41011, 43014, 45021, 45160, 47001, 48001, 52000, 61007,
)  # fmt: skip
"""What these calls are documented, or known, to answer."""

CHINESE: Talk = (
    ("子商户 新增", "1/9 子商户名称？券面上显示，最多 12 个汉字"),
    ("湖畔分店", "2/9 请发子商户的 LOGO 图片（JPG 或 PNG，1 MB 以内，建议 300×300）"),
    ((300, 300), "3/9 做什么生意？写编号\n1 美食 · 2 休闲娱乐 · 3 生活服务 · 4 购物"),
    ("1", "4/9 具体是哪一类？写编号\n1 中餐 · 2 火锅 · 3 咖啡厅 · 4 面包甜点 · 5 小吃快餐"),
    ("火锅", "5/9 请发盖了公章的授权函图片（JPG 或 PNG，2 MB 以内）"),
    ((10, 20), "6/9 营业执照的图片？授权函按手印没盖章时必须有\n「跳过」不填，「上一步」"),
    ((11, 21), "7/9 经营者身份证的图片？授权函按手印没盖章时必须有\n「跳过」不填，「上一步」"),
    ((12, 22), "8/9 授权函写的到期日？要和授权函一致，如 2027-12-31"),
    ("2027年12月31日", "9/9 子商户有自己认证过的公众号吗？写 appid（wx…），券面上会显示\n「跳过」不填，「上一步」"),
    (
        APPID,
        "将提交新的子商户：「湖畔分店」\n"
        "类目：美食 / 火锅\n"
        "授权到 2027年12月31日，要和授权函一致\n"
        "图片：LOGO、授权函、营业执照、身份证\n"
        f"自己的公众号：{APPID}\n"
        "要改哪一项，发它的名字，如「授权函」，或「到期日=2027-12-31」\n"
        "回复「确认」提交审核，「取消」放弃（10 分钟内有效）",
    ),
    ("确认", "⏳「湖畔分店」（编号 12）已提交审核，有结果会告诉你\n「子商户 12」看现在的状态"),
)
SKIPPING: Talk = (
    ("submerchants new", "1/9 Name of the sub-merchant, as vouchers show it? At most 36 letters"),
    ("Show Noodles", "2/9 Send its logo as a picture (JPG or PNG, up to 1 MB, best 300×300)"),
    (
        (300, 200),
        "⚠️ 300×300 is advised for logo_url, this one is 300×200: a part will be cut off\n"
        "3/9 What does it do? Choose by number\n1 美食 · 2 休闲娱乐 · 3 生活服务 · 4 购物",
    ),
    ("购物", "4/9 More precisely? Choose by number\n1 便利店 · 2 书店 · 3 药店"),
    (
        "#2",
        "5/9 Send a picture of the letter of authorisation with the company seal (JPG or PNG, up to 2 MB)",
    ),
    (
        (10, 20),
        "6/9 Send a picture of its business licence? Needed where the letter bears a fingerprint in place of a seal\n"
        '"skip" leaves it out, "back"',
    ),
    (
        "skip",
        "7/9 Send a picture of the owner's ID card? Needed where the letter bears a fingerprint in place of a seal\n"
        '"skip" leaves it out, "back"',
    ),
    ("skip", "8/9 Until when does the letter authorise you? The day it says, such as 2027-12-31"),
    (
        "until 31 Dec 2027",
        "9/9 Has it a verified official account of its own? Its appid (wx…); vouchers show it\n"
        '"skip" leaves it out, "back"',
    ),
    (
        "skip",
        "A new sub-merchant: Show Noodles\n"
        "Category: 购物 / 书店\n"
        "Authorised until 31 Dec 2027; the letter must say the same\n"
        "Pictures: logo, letter of authorisation\n"
        "⚠️ Without licence and ID card the letter needs a company seal (no private one)\n"
        'To change something, send its name, such as "letter" or "until=2027-12-31"\n'
        'Send "yes" to submit it for review, "no" to drop it (within 10 minutes)',
    ),
    (
        "yes",
        "⏳ Show Noodles (number 12) is submitted and under review. I will tell you the result\n"
        'Its state: "submerchants 12"',
    ),
)
PREVIEW = CHINESE[-2][1]
STEPS = ("brand_name", "logo_url", "primary", "secondary", "protocol", "agreement", "operator", "end_time", "app_id")


def sent(shop: Shop, path: str = SUBMIT) -> dict[str, Any]:
    """The ``info`` of the one such call, with ``10×20`` for the picture behind an id or an address."""
    (call,) = shop.calls(path)
    assert isinstance(call.body, dict)
    assert set(call.body) == {"info"}
    return {name: _pictured(name, value, shop) for name, value in call.body["info"].items()}


def _pictured(name: str, value: Any, shop: Shop) -> Any:
    if name == "logo_url":
        content = shop.simulator.image(value)
    elif name in ("protocol", "agreement_media_id", "operator_media_id"):
        content = shop.simulator.world.media.find(shop.appid, value, "image").data
    else:
        return value
    return f"{int.from_bytes(content[16:20])}×{int.from_bytes(content[20:24])}"


async def at(shop: Shop, step: str) -> str:
    """Walk to that question; its words."""
    place = STEPS.index(step)
    await walk(shop.manager, CHINESE, until=place + 1)
    return CHINESE[place][1].splitlines()[0]


async def refused(shop: Shop, **info: Any) -> int:
    """A sub-merchant whose application was refused; its number."""
    await shop.manager.says("提醒 关 审核")
    number = has_submerchant(shop, "湖畔分店", **info)
    await shop.simulator.review_submerchant(shop.appid, number, approve=False, reason="印章不清")
    return number


# From the first question to the review -----------------------------------------------------------------------------


async def test_from_the_first_question_to_the_review(shop: Shop) -> None:
    for said, answer in CHINESE:
        assert await sends(shop.manager, said) == answer, said

    assert sent(shop) == {
        "brand_name": "湖畔分店",
        "app_id": APPID,
        "logo_url": "300×300",
        "protocol": "10×20",
        "agreement_media_id": "11×21",
        "operator_media_id": "12×22",
        "end_time": day_end(date(2027, 12, 31)),
        "primary_category_id": 1,
        "secondary_category_id": 102,
    }
    assert (len(shop.calls(UPLOAD)), len(shop.calls(LEND))) == (1, 3)
    assert [call.query["type"] for call in shop.calls(LEND)] == ["image"] * 3
    assert await shop.manager.says("日志") == "改动记录，新的在前：\n1 · 14:02 张三 提交子商户「湖畔分店」 ✅"
    shop.manager.reads()
    await shop.simulator.review_submerchant(shop.appid, 12, approve=True)
    assert shop.manager.reads() == ["✅ 子商户「湖畔分店」（编号 12）通过审核\n给它做券：「新建 子商户=12」"]
    assert await shop.manager.says("子商户 新增") == CHINESE[0][1], "the draft is used up"


async def test_in_english_with_what_may_be_skipped_skipped(shop: Shop) -> None:
    await shop.speaks_english()
    for said, answer in SKIPPING:
        assert await sends(shop.manager, said) == answer, said

    assert sent(shop) == {
        "brand_name": "Show Noodles",
        "logo_url": "300×200",
        "protocol": "10×20",
        "end_time": day_end(date(2027, 12, 31)),
        "primary_category_id": 4,
        "secondary_category_id": 402,
    }
    assert await shop.manager.says("log") == (
        "Changes, newest first:\n1 · 14:02 张三: apply for sub-merchant Show Noodles ✅"
    )


# Answers that will not do ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "said", "chinese", "english"),
    [
        (
            "brand_name",
            "湖" * 13,
            "商户名称有 39 字节，上限 36 字节（12 个汉字）\n原文：" + "湖" * 13,
            "brand_name is 39 bytes, the limit is 36 (12 Chinese characters)\nIt was: " + "湖" * 13,
        ),
        (
            "logo_url",
            "一碗面",
            "LOGO要发一张图片（JPG 或 PNG，不超过 1 MB），不能是「一碗面」",
            'logo_url is a picture: send one (JPG or PNG, at most 1 MB), not "一碗面"',
        ),
        ("primary", "5", "类目要选下面列出的一个，不能是「5」", 'category is one of those below, not "5"'),
        ("primary", "修车", "类目要选下面列出的一个，不能是「修车」", 'category is one of those below, not "修车"'),
        ("secondary", "0", "二级类目要选下面列出的一个，不能是「0」", 'subcategory is one of those below, not "0"'),
        (
            "secondary",
            "KTV",
            "二级类目要选下面列出的一个，不能是「KTV」",
            'subcategory is one of those below, not "KTV"',
        ),
        (
            "protocol",
            "Xj3_media-id",
            "授权函要发一张图片（JPG 或 PNG，不超过 2 MB），不能是「Xj3_media-id」",
            'letter is a picture: send one (JPG or PNG, at most 2 MB), not "Xj3_media-id"',
        ),
        ("protocol", "跳过", "授权函必须填写", "letter is needed"),
        (
            "end_time",
            "一直有效",
            "到期日要写以后的日期，如 2027-11-22，不能是「一直有效」",
            'until is a day to come, such as 2027-11-22, not "一直有效"',
        ),
        (
            "end_time",
            "2026-11-21",
            "到期日要写以后的日期，如 2027-11-22，不能是「2026-11-21」",
            'until is a day to come, such as 2027-11-22, not "2026-11-21"',
        ),
        (
            "end_time",
            "2039-01-01",
            "到期日要写以后的日期，如 2027-11-22，不能是「2039-01-01」",
            'until is a day to come, such as 2027-11-22, not "2039-01-01"',
        ),
        (
            "app_id",
            "gh_0123456789ab",
            "公众号是 wx 开头的 18 位编号，在公众平台「开发」里，不能是「gh_0123456789ab」",
            "account is an id of 18 characters that begins with wx, in the console under Development, "
            'not "gh_0123456789ab"',
        ),
    ],
)
async def test_an_answer_that_will_not_do_is_asked_for_again(
    shop: Shop, step: str, said: str, chinese: str, english: str
) -> None:
    question = await at(shop, step)

    assert (await shop.manager.says(said)).startswith(f"❌ {chinese}\n{question}")
    await shop.speaks_english()
    assert (await shop.manager.says(said)).startswith(f"❌ {english}\n")
    assert shop.calls(SUBMIT) == []


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"GIF89a" + b"0" * 40, "授权函只能用完整的 JPG 或 PNG 图片，请换一张再发"),
        (png(10, 20, padding=2 << 20), "授权函的图片不能超过 2 MB，请压缩后再发"),
    ],
    ids=["gif", "too many bytes"],
)
async def test_a_picture_wechat_would_not_take_is_not_lent(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, content: bytes, answer: str
) -> None:
    question = await at(shop, "protocol")
    monkeypatch.setitem(KINDS, "image", replace(KINDS["image"], most=10 << 20))  # the other reading

    told = await shop.simulator.picture(shop.appid, shop.manager.openid, content)
    assert told.text == f"❌ {answer}\n{question}"
    assert shop.calls(LEND) == []


async def test_a_paper_of_more_than_a_logo_may_have(shop: Shop) -> None:
    await at(shop, "protocol")

    told = await shop.simulator.picture(shop.appid, shop.manager.openid, png(10, 20, padding=1_500_000))
    assert told.text == CHINESE[5][1]


async def test_a_picture_that_wechat_did_not_take_may_be_sent_again(shop: Shop) -> None:
    await at(shop, "protocol")
    shop.simulator.fault(LEND, Fault(drop=True), times=2)

    assert await sends(shop.manager, (10, 20)) == "⚠️ 图片没有传上去：微信没有回应。请再发一次这张图片"
    assert await sends(shop.manager, (10, 20)) == CHINESE[5][1]


async def test_a_picture_where_none_is_asked_for(shop: Shop) -> None:
    question = await at(shop, "primary")

    assert (await sends(shop.manager, (10, 20))).startswith(f"❌ 类目请用文字回答\n{question}")
    assert shop.calls(LEND) == []


# Moves, drafts and restarts ----------------------------------------------------------------------------------------


async def test_is_for_managers(shop: Shop) -> None:
    assert await shop.clerk.says("子商户 新增") == "没有「子商户 新增」这个命令。发送「帮助」看你可以做什么。"


async def test_back_keeps_what_was_answered(shop: Shop) -> None:
    await at(shop, "protocol")

    assert (await shop.manager.says("上一步")).endswith("5 小吃快餐\n「跳过」保持原来的，「上一步」")
    assert await shop.manager.says("跳过") == CHINESE[4][1]


async def test_stops_and_goes_on_after_hours_and_a_restart(
    shop: Shop, redis_server: str, clock: time_machine.Traveller
) -> None:
    await at(shop, "operator")
    assert await shop.manager.says("停") == (
        "先放着，填到第 7 问，共 9 问，保留 7 天（证件图片 3 天）\n「子商户 新增」接着填，「子商户 新增 重来」从头开始"
    )
    clock.shift(30 * 3600)
    again = build(settings_for(shop.simulator, shop.wechat_side), redis_server)
    await again.load()
    async with serving(again) as address:
        shop.wechat_side.callback_url = f"{address}/wechat/{shop.appid}"
        assert await shop.manager.says("子商户 新增") == f"接着填上次没写完的子商户\n{CHINESE[6][1]}"
        for said, answer in CHINESE[7:]:
            assert await sends(shop.manager, said) == answer
    await again.close()


@pytest.mark.slow
async def test_a_restart_at_each_question_changes_nothing(shop: Shop, redis_server: str) -> None:
    for said, answer in CHINESE:
        async with another_bot(shop, redis_server) as (_, address):
            shop.wechat_side.callback_url = f"{address}/wechat/{shop.appid}"
            assert await sends(shop.manager, said) == answer
    assert len(shop.calls(SUBMIT)) == 1


async def test_stopped_in_english_and_begun_anew(shop: Shop) -> None:
    await shop.speaks_english()
    await walk(shop.manager, SKIPPING, until=3)

    assert await shop.manager.says("stop") == (
        "Put aside at question 3 of 9, kept for 7 days (pictures of papers for 3)\n"
        '"submerchants new" goes on with it, "submerchants new anew" begins again'
    )
    assert (await shop.manager.says("submerchants new")).startswith("Going on where you stopped\n3/9 What does it do?")
    assert await shop.manager.says("submerchants new anew") == SKIPPING[0][1]


async def test_a_voucher_half_way_through_is_not_lost(shop: Shop) -> None:
    await shop.manager.says("新建")
    await shop.manager.says("1")

    assert await shop.manager.says("子商户 新增") == CHINESE[0][1]
    assert await shop.manager.says("湖畔分店") == CHINESE[1][1]
    assert (await shop.manager.says("新建")).startswith("接着填上次没写完的券\n2/22 减多少钱？")
    assert (await shop.manager.says("10")).startswith("3/22 满多少钱可用？")
    assert await shop.manager.says("子商户 新增") == f"接着填上次没写完的子商户\n{CHINESE[1][1]}"


async def test_papers_are_asked_for_again_when_wechat_has_forgotten_them(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    await walk(shop.manager, CHINESE)
    clock.shift(3 * 86_400)

    assert await shop.manager.says("子商户 新增") == (
        f"❌ 授权函的图片微信只保留 3 天，请重新发一次\n{CHINESE[4][1]}\n「跳过」保持原来的，「上一步」"
    )
    assert await sends(shop.manager, (10, 20)) == (
        "❌ 营业执照的图片微信只保留 3 天，请重新发一次\n"
        "6/9 营业执照的图片？授权函按手印没盖章时必须有\n「跳过」保持原来的，「上一步」"
    )
    await sends(shop.manager, (11, 21))
    assert await sends(shop.manager, (12, 22)) == PREVIEW
    assert (await shop.manager.says("确认")).startswith("⏳")


async def test_days_pass_over_a_draft(shop: Shop, clock: time_machine.Traveller) -> None:
    await walk(shop.manager, CHINESE)
    await shop.manager.says("到期日=2026-11-22")
    clock.shift(86_400)

    assert (await shop.manager.says("子商户 新增")).startswith(
        "❌ 到期日要写以后的日期，如 2027-11-23\n8/9 授权函写的到期日？"
    )


# The preview -------------------------------------------------------------------------------------------------------


async def test_answers_are_changed_at_the_preview(shop: Shop) -> None:
    await walk(shop.manager, CHINESE)

    assert await shop.manager.says("授权函") == (
        f"之前的预览已作废\n{CHINESE[4][1]}\n「跳过」保持原来的，「上一步」"
    )
    assert await sends(shop.manager, (30, 40)) == PREVIEW
    assert await shop.manager.says("到期日=2028-06-30 名称=湖畔二店") == (
        PREVIEW.replace("2027年12月31日", "2028年6月30日").replace("湖畔分店", "湖畔二店")
    )
    await shop.manager.says("确认")
    info = sent(shop)
    assert (info["protocol"], info["brand_name"], info["end_time"]) == (
        "30×40", "湖畔二店", day_end(date(2028, 6, 30)),
    )  # fmt: skip


async def test_another_category_asks_which_below_it(shop: Shop) -> None:
    await walk(shop.manager, CHINESE)

    assert await shop.manager.says("类目=购物") == (
        "❌ 二级类目要选下面列出的一个\n之前的预览已作废\n"
        "4/9 具体是哪一类？写编号\n1 便利店 · 2 书店 · 3 药店\n「跳过」保持原来的，「上一步」"
    )
    assert (await shop.manager.says("跳过")).startswith("❌ 二级类目要选下面列出的一个\n4/9")
    assert await shop.manager.says("书店") == PREVIEW.replace("美食 / 火锅", "购物 / 书店")


async def test_what_is_no_correction(shop: Shop) -> None:
    await walk(shop.manager, CHINESE)

    assert await shop.manager.says("到期日=2028-06-30 天气=好") == (
        "没看懂「到期日=2028-06-30 天气=好」。要改哪一项，发它的名字，如「授权函」，或「到期日=2027-12-31」\n"
        "「子商户 新增」再看一次预览，「上一步」回到最后一问"
    )
    await shop.speaks_english()
    assert await shop.manager.says("until=2028-06-30 sky=blue") == (
        '"until=2028-06-30 sky" is not understood. To change something, send its name, such as "letter", '
        'or "until=2027-12-31"\n'
        '"submerchants new" shows the preview again, "back" goes to the last question'
    )


async def test_papers_that_a_category_needs_are_told(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of ``need_qualification_stuffs`` no sample is filled: names are shown, anything else is left out."""
    services = shop.app.services[shop.appid].vouchers.submerchants
    seconds = [{"id": 401, "name": "药店", "papers": ["药品经营许可证", "GSP 证书"]}]
    found = [{"id": 4, "name": "购物", "seconds": seconds}]

    async def categories() -> list[dict[str, Any]]:
        return found

    monkeypatch.setattr(services, "categories", categories)
    for said in ("子商户 新增", "湖畔药店", (300, 300), "1", "1", (10, 20), "跳过", "跳过", "2027-12-31"):
        await sends(shop.manager, said)

    assert "\n⚠️ 这个类目微信还要：药品经营许可证、GSP 证书\n" in await shop.manager.says("跳过")


# What WeChat says --------------------------------------------------------------------------------------------------


async def test_the_role_counts_again_at_the_yes(shop: Shop) -> None:
    await walk(shop.manager, CHINESE)
    await shop.app.people(shop.appid).change(PEOPLE["manager"][0], by=SHELL, role=Role.CLERK)

    assert await shop.manager.says("确认") == "没有执行：你现在的角色不能再用「子商户」。发送「我」看你的角色"
    assert shop.calls(SUBMIT) == []


async def test_a_second_person_may_have_to_agree(simulator: Simulator, store: Store, redis_server: str) -> None:
    async with open_shop(simulator, redis_server, four_eyes={"commands": ("submerchants",)}) as shop:
        await shop.everybody_texts()
        await walk(shop.manager, CHINESE)
        assert await shop.manager.says("确认") == (
            "这一步还要另一个人确认，已通知王芳\n编号 101，60 分钟内有效；「取消」可以撤回"
        )
        assert shop.calls(SUBMIT) == []

        assert (await shop.owner.says("确认 101")).startswith(CHINESE[-1][1].splitlines()[0])
        assert len(shop.calls(SUBMIT)) == 1
        assert "张三和王芳 提交子商户「湖畔分店」 ✅" in await shop.manager.says("日志")
        assert await shop.manager.says("子商户 新增") == CHINESE[0][1], "the draft is used up"


@pytest.mark.parametrize("errcode", DOCUMENTED)
async def test_every_documented_refusal_is_told_in_words(shop: Shop, errcode: int) -> None:
    await walk(shop.manager, CHINESE)
    shop.simulator.fault(SUBMIT, Fault(errcode=errcode), times=2)
    chinese = await shop.manager.says("确认")
    await shop.manager.says("子商户 新增")
    await shop.speaks_english()
    english = await shop.manager.says("yes")

    for answer, words, unexplained in (
        (chinese, "❌ 没有提交：", "没有说明的错误"),
        (english, "❌ Not submitted: ", "not explained anywhere"),
    ):
        assert answer.startswith(words)
        assert str(errcode) in answer
        assert unexplained not in answer
        assert len(answer.splitlines()) >= 2, "what to do is said, too"


async def test_a_refusal_keeps_the_draft(shop: Shop) -> None:
    await walk(shop.manager, CHINESE)
    shop.simulator.fault(SUBMIT, Fault(errcode=45160))

    assert (await shop.manager.says("确认")).endswith("已填的都留着：「子商户 新增」看一遍，改好再提交")
    assert await shop.manager.says("子商户 新增") == PREVIEW
    assert await shop.manager.says("确认") == CHINESE[-1][1]


async def test_a_yes_that_did_not_reach_wechat_is_not_used_up(shop: Shop) -> None:
    await walk(shop.manager, CHINESE)
    shop.simulator.break_tokens(shop.appid, permanent=True)

    assert await shop.manager.says("确认") == (
        "⚠️ 暂时连不上微信，没有执行\n过一会儿再回复「确认」就行（10 分钟内有效）"
    )
    await shop.speaks_english()
    assert await shop.manager.says("yes") == (
        '⚠️ WeChat cannot be reached, so this was not done\nSend "yes" again in a moment (within 10 minutes)'
    )
    shop.simulator.heal_tokens(shop.appid)
    assert (await shop.manager.says("yes")).startswith("⏳")


async def test_no_answer_after_wechat_took_it(shop: Shop) -> None:
    has_submerchant(shop, "湖畔分店")
    await walk(shop.manager, CHINESE)
    shop.simulator.fault(SUBMIT, Fault(lose_answer=True))

    assert await shop.manager.says("确认") == CHINESE[-1][1].replace("12", "13")
    assert len(shop.calls(SUBMIT)) == 1
    assert len(shop.simulator.world.submerchants.of(shop.appid)) == 2


async def test_no_answer_and_wechat_did_not_take_it(shop: Shop) -> None:
    await walk(shop.manager, CHINESE)
    shop.simulator.fault(SUBMIT, Fault(drop=True), times=2)

    assert await shop.manager.says("确认") == (
        "⚠️ 微信没有回应，不确定有没有提交成功\n"
        "请过一两分钟用「子商户」核对，没有再用「子商户 新增」提交一次，不要连着重发"
    )
    assert len(shop.calls(SUBMIT)) == 1
    await shop.speaks_english()
    await shop.manager.says("submerchants new")
    assert await shop.manager.says("yes") == (
        "⚠️ WeChat did not answer, so it is not certain whether the application arrived\n"
        'Check with "submerchants" in a minute or two; only if it is not there, submit it once more with '
        '"submerchants new"'
    )


async def test_no_answer_while_a_colleague_submits_the_very_same(shop: Shop) -> None:
    """What is new is the colleague's, who is known to have made it."""
    await walk(shop.owner, CHINESE)
    await walk(shop.manager, CHINESE)
    shop.simulator.fault(SUBMIT, Fault(drop=True, delay=0.3))
    mine = asyncio.create_task(shop.manager.says("确认"))
    await shop.until(lambda: shop.calls(SUBMIT))
    assert (await shop.owner.says("确认")).startswith("⏳")

    assert (await mine).startswith("⚠️ 微信没有回应，不确定有没有提交成功")
    assert len(shop.simulator.world.submerchants.of(shop.appid)) == 1


async def test_what_arrived_after_it_was_in_doubt_is_not_sent_twice(shop: Shop) -> None:
    await walk(shop.manager, CHINESE)
    shop.simulator.fault(SUBMIT, Fault(lose_answer=True, delay=0.5))
    answer = asyncio.create_task(shop.manager.says("确认"))
    await shop.until(lambda: shop.calls(SUBMIT))
    shop.simulator.fault("/card/submerchant/batchget", Fault(errcode=40097), times=None)
    assert (await answer).startswith("⚠️ 微信没有回应，不确定有没有提交成功")
    shop.simulator.clear_faults()
    await shop.manager.says("子商户 新增")

    assert await shop.manager.says("确认") == CHINESE[-1][1]
    assert len(shop.calls(SUBMIT)) == 1


async def test_a_colleagues_very_same_is_not_taken_for_ones_own(shop: Shop) -> None:
    """Of two of the same, one never arrived, and the other was taken and its answer is late: nobody is told wrongly."""
    await walk(shop.owner, CHINESE)
    await walk(shop.manager, CHINESE)
    shop.simulator.fault(SUBMIT, Fault(drop=True, delay=1.0))
    mine = asyncio.create_task(shop.manager.says("确认"))
    await shop.until(lambda: shop.calls(SUBMIT))
    shop.simulator.fault(SUBMIT, Fault(delay=2.0))
    theirs = asyncio.create_task(shop.owner.says("确认"))
    await shop.until(lambda: shop.simulator.world.submerchants.of(shop.appid))

    assert (await mine).startswith("⚠️ 微信没有回应，不确定有没有提交成功")
    assert (await theirs).startswith("⏳")
    assert len(shop.simulator.world.submerchants.of(shop.appid)) == 1


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_process_that_died_at_the_yes(
    shop: Shop, store: Store, clock: time_machine.Traveller, arrived: bool
) -> None:
    await walk(shop.manager, CHINESE)
    services, manager = shop.app.services[shop.appid], shop.app.people(shop.appid).find("张三")
    preview = await services.pending.peek(manager)
    assert preview is not None
    shop.simulator.fault(SUBMIT, Fault(lose_answer=arrived, drop=not arrived, delay=5))
    dying = asyncio.create_task(services.vouchers.applications.apply(preview.payload, manager))
    await shop.until(lambda: shop.calls(SUBMIT))
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    shop.simulator.clear_faults()
    shop.manager.reads()
    await left_undone(shop, store, asked_by("manager", "确认"), has_begun=begun.VOUCHERS)
    clock.shift(5)
    await carried_on(shop)

    (answer,) = shop.manager.reads()
    told = "⏳「湖畔分店」（编号 12）已提交审核" if arrived else "⚠️ 微信没有回应，不确定有没有提交成功"
    assert answer.startswith(told)
    assert len(shop.calls(SUBMIT)) == 1
    assert len(shop.simulator.world.submerchants.of(shop.appid)) == int(arrived)


# Applying again ----------------------------------------------------------------------------------------------------


AGAIN: Talk = (
    ("子商户 12 重交", CHINESE[4][1]),
    ((10, 20), CHINESE[5][1]),
    ("跳过", CHINESE[6][1]),
    (
        "跳过",
        "将重新送审子商户 12：「湖畔分店」\n"
        "类目：美食 / 中餐\n"
        "授权到 2027年11月24日，要和授权函一致\n"
        "图片：LOGO、授权函\n"
        "⚠️ 没有营业执照和身份证时，授权函必须盖公章（私章不行）\n"
        "要改哪一项，发它的名字，如「授权函」，或「到期日=2027-12-31」\n"
        "回复「确认」提交审核，「取消」放弃（10 分钟内有效）",
    ),
    ("确认", CHINESE[-1][1]),
)


async def test_a_refused_one_starts_from_what_it_said(shop: Shop) -> None:
    number = await refused(shop)
    assert await shop.manager.says("子商户 12") == (
        "「湖畔分店」（编号 12）· 未通过\n授权：2026年11月22日 到 2027年11月24日\n类目：美食 / 中餐\n"
        "改好材料重新送审：「子商户 12 重交」"
    )
    for said, answer in AGAIN:
        assert await sends(shop.manager, said) == answer, said

    (call,) = shop.calls(UPDATE)
    assert isinstance(call.body, dict)
    info = call.body["info"]
    assert shop.simulator.world.media.find(shop.appid, info.pop("protocol"), "image").data == png(10, 20)
    assert info == {
        "merchant_id": number,
        "brand_name": "湖畔分店",
        "logo_url": "http://mmbiz.qpic.cn/a/0",
        "end_time": 1_827_000_000,
        "primary_category_id": 1,
        "secondary_category_id": 101,
    }
    assert "张三 重新提交子商户「湖畔分店」 ✅" in await shop.manager.says("日志")
    await shop.speaks_english()
    assert "apply again for sub-merchant 湖畔分店 ✅" in await shop.manager.says("log")


async def test_again_in_english(shop: Shop) -> None:
    await refused(shop, app_id=APPID)
    await shop.speaks_english()
    assert await shop.manager.says("submerchants 湖畔 again") == SKIPPING[4][1]
    await sends(shop.manager, (10, 20))
    await shop.manager.says("skip")

    assert (await shop.manager.says("skip")).startswith("Sub-merchant 12, to be reviewed again: 湖畔分店\n")
    assert await shop.manager.says("stop") == (
        "Put aside at question 9 of 9, kept for 7 days (pictures of papers for 3)\n"
        '"submerchants 12 again" goes on with it, "submerchants 12 again anew" begins again\n'
        "The earlier preview is dropped"
    )


async def test_one_that_expired_gets_a_new_end(shop: Shop, clock: time_machine.Traveller) -> None:
    await shop.manager.says("提醒 关 审核")
    number = has_submerchant(shop, "湖畔分店")
    await shop.simulator.review_submerchant(shop.appid, number, approve=True)
    clock.shift(400 * 86_400)
    await shop.manager.says(f"子商户 {number} 重交")
    for said in ((10, 20), "跳过"):
        await sends(shop.manager, said)

    assert (await shop.manager.says("跳过")).startswith("8/9 授权函写的到期日？")
    assert "授权到 2028年12月31日" in await shop.manager.says("2028-12-31")
    assert (await shop.manager.says("确认")).startswith("⏳")


async def test_one_under_review_or_approved_waits(shop: Shop) -> None:
    await shop.manager.says("提醒 关 审核")
    number = has_submerchant(shop, "湖畔分店")
    assert await shop.manager.says("子商户 12 重交") == (
        "「湖畔分店」（编号 12）正在审核；未通过或授权到期后才能重新提交"
    )
    await shop.simulator.review_submerchant(shop.appid, number, approve=True)
    await shop.speaks_english()
    assert await shop.manager.says("submerchants 12 again") == (
        "湖畔分店 (number 12) is approved; WeChat takes papers again after a refusal or when the authorisation is over"
    )
    assert (await shop.manager.says("submerchants 99 again")).startswith("❌ ")


async def test_a_colleague_was_faster(shop: Shop) -> None:
    number = await refused(shop)
    await walk(shop.manager, AGAIN)
    shop.simulator.world.submerchants.of(shop.appid)[0].decision = "CHECKING"

    assert await shop.manager.says("确认") == (
        f"❌ 没有提交：它已经在审核，或已通过（40140）\n「子商户 {number}」看现在的状态"
    )


@pytest.mark.parametrize("arrived", [True, False])
async def test_no_answer_to_applying_again(shop: Shop, arrived: bool, clock: time_machine.Traveller) -> None:
    await refused(shop)
    await walk(shop.manager, AGAIN)
    clock.shift(5)
    shop.simulator.fault(UPDATE, Fault(lose_answer=arrived, drop=not arrived))

    told = AGAIN[-1][1] if arrived else (
        "⚠️ 微信没有回应，不确定有没有提交成功\n"
        "请过一两分钟用「子商户 12」核对，没在审核再用「子商户 12 重交」提交一次，不要连着重发"
    )  # fmt: skip
    assert await shop.manager.says("确认") == told
    assert len(shop.calls(UPDATE)) == 1


async def test_one_draft_does_not_silently_replace_another(shop: Shop) -> None:
    await refused(shop)
    await shop.manager.says("子商户 新增")
    await shop.manager.says("另一家")

    assert await shop.manager.says("子商户 12 重交") == (
        "你有一份没填完的新子商户：「子商户 新增」接着填\n不要了，直接开始：「子商户 12 重交 重来」"
    )
    for said in ("子商户 12 重交 重来", "子商户12重交重来", "子商户 12重交 重来"):
        assert await shop.manager.says(said) == CHINESE[4][1]
    assert (await shop.manager.says("子商户12重交")).startswith("接着填上次没写完的子商户")
    await shop.speaks_english()
    assert await shop.manager.says("submerchants new") == (
        'You have begun with sub-merchant 12: "submerchants 12 again" goes on with it\n'
        'To drop that and begin: "submerchants new anew"'
    )
