"""create: what is asked, what an answer becomes, and what WeChat is asked to make, once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import time_machine

from bot import begun
from bot.app import build
from bot.clock import day_end, day_start
from bot.merchants.people import SHELL, Role
from bot.simulator import Fault, Simulator, cash_voucher
from bot.store import Store, draft_keys
from bot.vouchers.creating.service import State
from tests.dispatch.bots import another_bot
from tests.dispatch.test_repeats import asked_by, carried_on, left_undone
from tests.images import jpeg, png
from tests.shop import PEOPLE, Shop, Speaker, open_shop, serving, settings_for

CREATE, UPLOAD, BATCHGET = "/card/create", "/cgi-bin/media/uploadimg", "/card/batchget"
Talk = tuple[tuple[str | tuple[int, int], str], ...]
"""What is said (a text, or a picture of so many pixels) and what is answered."""

DOCUMENTED = (
    40071, 40073, 40076, 40079, 40122, 40137, 40141, 52000, 40139, 40140, 40142, 40143, 40144, 40148, 40149, 40150,
    40151, 40158, 41011, 41026, 43009, 43012, 43015, 45021, 45025, 45042, 45043, 45044, 45045, 45160, 47001, 47002,
    48001, 72006, 72007, 72008, 72009, 73205, 73211, 73213,
)  # fmt: skip
"""What card/create is documented to answer."""
SMALL = {"card_type": "CASH", "cash": {"base_info": {"brand_name": "湖畔面馆"}, "reduce_cost": 1000}}

CASH: Talk = (
    ("新建", "1/18 新建朋友的券，哪一种？「停」可以随时先放着\n1 代金券\n2 兑换券"),
    ("1", "2/22 减多少钱？如 10元（至少 1 元，以后不能改）"),
    (
        "10",
        "3/22 满多少钱可用？如 50元\n"
        "不设门槛，库存每张 0.2 券点；限最低消费或商品，每张 0.4 券点\n"
        "「跳过」不填，「上一步」",
    ),
    ("50", "4/22 只适用于哪些商品？如 面食\n「跳过」不填，「上一步」"),
    ("面食", "5/22 不适用于哪些商品？如 酒水\n「跳过」不填，「上一步」"),
    ("酒水", "6/22 能和其他优惠同享吗？是 / 否（不影响价格）\n「跳过」不填，「上一步」"),
    ("否", "7/22 商户名称？最多 12 个汉字，以后不能改\n1 湖畔面馆"),
    ("1", "8/22 请发 LOGO 图片（JPG 或 PNG，1 MB 以内，建议 300×300）"),
    ((300, 300), "9/22 什么颜色？如 绿色、蓝色、橙色、红色"),
    ("绿色", "10/22 使用提醒？最多 16 个汉字，如 结账前出示"),
    ("今日有效", "11/22 使用须知？最多 1,024 个汉字，可以分行"),
    ("每桌一张\n不找零", "12/22 有效期？如 12月1日到2月28日，或 30天（以后只能延长）"),
    ("12月1日到2月28日", "13/22 每人最多领几张？1 到 50，不填是 50\n「跳过」不填，「上一步」"),
    ("1", "14/22 客服电话？\n「跳过」不填，「上一步」"),
    ("0571-1234567", "15/22 适用门店？写门店编号，用顿号隔开，不填是全部；「门店」看编号\n「跳过」不填，「上一步」"),
    ("跳过", "16/22 券码怎么显示？二维码、条形码、文本…，不填是二维码\n「跳过」不填，「上一步」"),
    ("跳过", "17/22 封面简介？最多 8 个汉字"),
    ("湖边的面", "18/22 请发封面图（JPG 或 PNG，1 MB 以内，建议 850×350）\n1 用 14:02 的 LOGO 图 300×300"),
    (
        (850, 350),
        "19/22 请发一张图文介绍的图片（JPG 或 PNG，1 MB 以内）\n"
        "1 用 14:02 的封面图 850×350\n"
        "2 用 14:02 的 LOGO 图 300×300",
    ),
    ((100, 100), "20/23 这张图片配什么文字？"),
    (
        "手擀面",
        "21/24 还要一张图文介绍吗？有就发图片\n"
        "1 用 14:02 的图文图 100×100\n"
        "2 用 14:02 的封面图 850×350\n"
        "3 用 14:02 的 LOGO 图 300×300\n"
        "「跳过」不填，「上一步」",
    ),
    (
        "跳过",
        "22/24 什么时候可用？如 周一到周五 10:00-20:59、节假日（只是展示，不会拦住核销）\n「跳过」不填，「上一步」",
    ),
    ("周一 10:00-20:59", "23/24 提供哪些服务？外卖、免费停车、可带宠物、免费WiFi\n「跳过」不填，「上一步」"),
    ("免费WiFi", "24/24 核销后再送一张吗？「是」送本券，或写另一张朋友的券的名称\n「跳过」不填，「上一步」"),
    (
        "是",
        "将新建朋友的券（券名由微信生成）：代金券 减 ¥10.00，满 ¥50.00 可用，限 面食，酒水 除外，不与其他优惠同享\n"
        "商户：湖畔面馆 · 绿色 · 二维码 · 电话 0571-1234567\n"
        "有效期：12月1日–2027年2月28日 · 每人限领 1 张 · 库存每张 0.4 券点\n"
        "提醒：今日有效\n"
        "须知：每桌一张 / 不找零\n"
        "封面：湖边的面，图文 1 张：手擀面\n"
        "时段 周一 10:00–20:59 · 免费WiFi · 核销后再送 1 张本券\n"
        "⚠️ 开始前 5 天内才能投放\n"
        "⚠️ 提交后审核约 3 天；券种、面额、门槛、商户名称不能再改\n"
        "要改哪一项，发它的名字，如「颜色」\n"
        "回复「确认」提交，「取消」放弃（10 分钟内有效）",
    ),
    (
        "确认",
        "⏳「满50减10元代金券」已新建并送审，约 3 天，有结果会告诉你\n"
        "库存现在是 0，微信一般要等通过才让加：「库存 满50减10元代金券 +100」\n"
        "审核前自己先试：「试领 满50减10元代金券」",
    ),
)

GIFT: Talk = (
    (
        "create",
        '1/18 A new Friend\'s Voucher of which kind? "stop" puts it aside at any time\n'
        "1 Cash voucher\n2 Exchange voucher",
    ),
    ("2", "2/21 What is given? Name, number and unit, such as Soy milk 1 cup"),
    (
        "soy milk 1 cup",
        "3/21 Minimum spend? Such as 50 yuan\n"
        "Stock costs 0.2 coins each without a threshold, 0.4 with a minimum spend or a limit to goods\n"
        '"skip" leaves it out, "back"',
    ),
    ("skip", '4/21 What has to be bought to use it? Such as any set menu\n"skip" leaves it out, "back"'),
    ("skip", '5/21 May it be combined with other offers? yes / no (the price stays)\n"skip" leaves it out, "back"'),
    ("no", "6/21 Name of the shop? At most 36 letters; cannot be changed later\n1 湖畔面馆"),
    ("1", "7/21 Send the logo as a picture (JPG or PNG, up to 1 MB, best 300×300)"),
    (
        (300, 200),
        "⚠️ 300×300 is advised for logo_url, this one is 300×200: a part will be cut off\n"
        "8/21 Which colour? Such as green, blue, orange, red",
    ),
    ("green", "9/21 Usage tip? At most 32 letters, such as Show before paying"),
    ("Show before paying", "10/21 Terms of use? At most 3,072 letters; several lines if you like"),
    (
        "One per table",
        "11/21 Valid from when to when? Such as 1 Dec to 28 Feb, or 30 days; it can only be widened later",
    ),
    ("30 days", '12/21 How many per person? 1 to 50; 50 if skipped\n"skip" leaves it out, "back"'),
    ("skip", '13/21 Phone number for customers?\n"skip" leaves it out, "back"'),
    (
        "skip",
        '14/21 Which stores? Their ids with commas between; all if skipped; "stores" lists them\n'
        '"skip" leaves it out, "back"',
    ),
    ("skip", '15/21 How is the code shown? QR code, barcode, text…; QR code if skipped\n"skip" leaves it out, "back"'),
    ("barcode", "16/21 Text on the cover? At most 24 letters"),
    (
        "Noodles",
        "17/21 Send the cover as a picture (JPG or PNG, up to 1 MB, best 850×350)\n1 the logo of 14:02, 300×200",
    ),
    (
        (850, 350),
        "18/21 Send a picture for the details (JPG or PNG, up to 1 MB)\n"
        "1 the cover of 14:02, 850×350\n"
        "2 the logo of 14:02, 300×200",
    ),
    ((100, 100), "19/22 Which text goes with it?"),
    (
        "Hand-pulled",
        "20/23 One more picture for the details? Send it\n"
        "1 the picture of 14:02, 100×100\n"
        "2 the cover of 14:02, 850×350\n"
        "3 the logo of 14:02, 300×200\n"
        '"skip" leaves it out, "back"',
    ),
    ((100, 100), "21/24 Which text goes with the second picture?"),
    (
        "Beef",
        "22/25 One more picture for the details? Send it\n"
        "1 the picture of 14:02, 100×100\n"
        "2 the picture of 14:02, 100×100\n"
        "3 the cover of 14:02, 850×350\n"
        "4 the logo of 14:02, 300×200\n"
        '"skip" leaves it out, "back"',
    ),
    (
        "skip",
        "23/25 When may it be used? Such as Mon-Fri 10:00-20:59, holiday (shown only; it stops no redemption)\n"
        '"skip" leaves it out, "back"',
    ),
    ("skip", '24/25 Which services? delivery, free parking, pets welcome, free WiFi\n"skip" leaves it out, "back"'),
    (
        "delivery",
        '25/25 Give one more after it is redeemed? "yes" for this one, or the title of another Friend\'s Voucher\n'
        '"skip" leaves it out, "back"',
    ),
    (
        "no",
        "A new Friend's Voucher (WeChat makes its title): Exchange voucher: soy milk1cup, not with other offers\n"
        "Shop: 湖畔面馆 · green · barcode\n"
        "Valid: 22 Nov – 21 Dec · 50 per person · stock costs 0.2 coins each\n"
        "Tip: Show before paying\n"
        "Terms: One per table\n"
        "Cover: Noodles; pictures: Hand-pulled, Beef\n"
        "delivery\n"
        "⚠️ Goes to review, about 3 days; threshold, kind and shop name cannot be changed after that\n"
        'To change something, send its name, such as "notice"\n'
        'Send "yes" to submit it, "no" to drop it (within 10 minutes)',
    ),
    (
        "yes",
        "⏳ soy milk1cup is made and under review, about 3 days. I will tell you the result\n"
        'Its stock is 0 now; WeChat mostly sells some only once it is approved: "stock soy milk1cup +100"\n'
        'To try it before that: "try soy milk1cup"',
    ),
)
CASH_PREVIEW = CASH[-2][1]
PLACES = (
    "card_type", "reduce_cost", "least_cost", "accept_category", "reject_category", "can_use_with_other_discount",
    "brand_name", "logo_url", "color", "notice", "description", "date_info", "get_limit", "service_phone",
    "location_id_list", "code_type", "abstract", "icon_url", "image_url_1", "text_1", "image_url_2", "time_limit",
    "business_service", "gives", "",
)  # fmt: skip
"""The questions of CASH in their order, and the preview."""


async def sends(speaker: Speaker, said: str | tuple[int, int]) -> str:
    """Say it, or send such a picture; what the chat shows in answer."""
    if isinstance(said, str):
        return await speaker.says(said)
    return (await speaker.shop.simulator.picture(speaker.shop.appid, speaker.openid, png(*said))).text


async def walk(speaker: Speaker, talk: Talk, until: int = -1) -> None:
    """Say what ``talk`` says, up to the preview."""
    for said, _ in talk[:until]:
        await sends(speaker, said)


def asked(shop: Shop) -> dict[str, Any]:
    """The ``card`` object of the one card/create, with ``300×200`` for the address of such a picture."""
    (call,) = shop.calls(CREATE)
    assert isinstance(call.body, dict)
    card = call.body["card"]
    return dict(_named(card, shop))


def _named(value: Any, shop: Shop) -> Any:
    if isinstance(value, dict):
        return {name: _named(each, shop) for name, each in value.items()}
    if isinstance(value, list):
        return [_named(each, shop) for each in value]
    if isinstance(value, str) and value.startswith("http://mmbiz.qpic.cn/"):
        content = shop.simulator.image(value)
        return f"{int.from_bytes(content[16:20])}×{int.from_bytes(content[20:24])}"
    return value


# From the first question to the review -----------------------------------------------------------------------------


async def test_a_cash_voucher_from_the_first_question_to_the_review(shop: Shop) -> None:
    for said, answer in CASH:
        assert await sends(shop.manager, said) == answer, said

    assert asked(shop) == {
        "card_type": "CASH",
        "cash": {
            "base_info": {
                "logo_url": "300×300",
                "brand_name": "湖畔面馆",
                "code_type": "CODE_TYPE_QRCODE",
                "color": "Color010",
                "notice": "今日有效",
                "description": "每桌一张\n不找零",
                "service_phone": "0571-1234567",
                "date_info": {
                    "type": "DATE_TYPE_FIX_TIME_RANGE",
                    "begin_timestamp": day_start(date(2026, 12, 1)),
                    "end_timestamp": day_end(date(2027, 2, 28)),
                },
                "get_limit": 1,
                "can_share": False,
                "can_give_friend": False,
            },
            "advanced_info": {
                "use_condition": {
                    "accept_category": "面食",
                    "reject_category": "酒水",
                    "least_cost": 5000,
                    "can_use_with_other_discount": False,
                },
                "abstract": {"abstract": "湖边的面", "icon_url_list": ["850×350"]},
                "text_image_list": [{"image_url": "100×100", "text": "手擀面"}],
                "time_limit": [
                    {"type": "MONDAY", "begin_hour": 10, "begin_minute": 0, "end_hour": 20, "end_minute": 59}
                ],
                "business_service": ["BIZ_SERVICE_FREE_WIFI"],
                "consume_share_self_num": 1,
                "share_friends": True,
            },
            "least_cost": 0,
            "reduce_cost": 1000,
        },
    }


async def test_a_gift_voucher_in_english(shop: Shop) -> None:
    await shop.speaks_english()
    for said, answer in GIFT:
        assert await sends(shop.manager, said) == answer, said

    assert asked(shop) == {
        "card_type": "GIFT",
        "gift": {
            "base_info": {
                "logo_url": "300×200",
                "brand_name": "湖畔面馆",
                "code_type": "CODE_TYPE_BARCODE",
                "color": "Color010",
                "notice": "Show before paying",
                "description": "One per table",
                "date_info": {
                    "type": "DATE_TYPE_FIX_TIME_RANGE",
                    "begin_timestamp": day_start(date(2026, 11, 22)),
                    "end_timestamp": day_end(date(2026, 12, 21)),
                },
                "can_share": False,
                "can_give_friend": False,
            },
            "advanced_info": {
                "use_condition": {"can_use_with_other_discount": False},
                "abstract": {"abstract": "Noodles", "icon_url_list": ["850×350"]},
                "text_image_list": [
                    {"image_url": "100×100", "text": "Hand-pulled"},
                    {"image_url": "100×100", "text": "Beef"},
                ],
                "business_service": ["BIZ_SERVICE_DELIVER"],
                "share_friends": True,
            },
            "gift": "soy milk1cup",
            "gift_name": "soy milk",
            "gift_num": 1,
            "gift_unit": "cup",
        },
    }


async def test_whoever_made_it_hears_of_the_review(shop: Shop) -> None:
    await walk(shop.manager, CASH, until=len(CASH))
    shop.manager.reads()
    (review,) = shop.simulator.reviews(shop.appid)
    await shop.simulator.review(shop.appid, review.card_id, False, "LOGO 模糊")

    assert shop.manager.reads() == [
        "❌「满50减10元代金券」未通过审核\n"
        "原因：LOGO 模糊\n"
        "这次送审的修改：LOGO、提醒、使用须知、颜色、可用时段、再送本券（张三，14:02）\n"
        "换一张 300×300 的图片再送审：「修改 满50减10元代金券 LOGO=…」"
    ]


async def test_what_is_approved_without_stock_gets_some_next(shop: Shop) -> None:
    """WeChat's console says that stock is bought for approved vouchers; whether the API waits is not confirmed."""
    await walk(shop.manager, CASH, until=len(CASH))
    assert (await shop.manager.says("库存 满50减10元代金券 +100")).startswith("❌ 微信没有接受：这张券现在的状态")
    await shop.app.people(shop.appid).change(shop.owner.openid, by=SHELL, language="en")
    await shop.everybody_texts(shop.viewer, shop.clerk)
    (review,) = shop.simulator.reviews(shop.appid)
    await shop.simulator.review(shop.appid, review.card_id, True)

    assert shop.manager.reads() == [
        "✅「满50减10元代金券」通过审核\n"
        "这次送审的修改：LOGO、提醒、使用须知、颜色、可用时段、再送本券（张三，14:02）\n"
        "库存是 0：先「库存 满50减10元代金券 +100」，再「投放 满50减10元代金券」"
    ]
    assert shop.owner.reads()[0].splitlines()[-1] == (
        'Its stock is 0: "stock 满50减10元代金券 +100", then "issue 满50减10元代金券"'
    )


# Answers that will not do ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "said", "chinese", "english"),
    [
        (
            "card_type",
            "3",
            "卡券类型可以写：代金券、兑换券，不能是「3」",
            'card_type is one of Cash voucher, Exchange voucher, not "3"',
        ),
        (
            "card_type",
            "折扣券",
            "卡券类型可以写：代金券、兑换券，不能是「折扣券」",
            'card_type is one of Cash voucher, Exchange voucher, not "折扣券"',
        ),
        (
            "reduce_cost",
            "0.99",
            "减免金额要写金额，至少 ¥1.00，如 10元，不能是「0.99」",
            'reduce_cost is an amount of at least ¥1.00, such as 10 yuan, not "0.99"',
        ),
        (
            "reduce_cost",
            "十块",
            "减免金额要写金额，至少 ¥1.00，如 10元，不能是「十块」",
            'reduce_cost is an amount of at least ¥1.00, such as 10 yuan, not "十块"',
        ),
        (
            "least_cost",
            "10元",
            "最低消费要比减免的 ¥10.00 多，不能是「10元」",
            'the minimum spend must be more than the ¥10.00 taken off, not "10元"',
        ),
        (
            "accept_category",
            "面" * 171,
            "适用品类有 513 字节，上限 512 字节（170 个汉字）\n原文：" + "面" * 48 + "…",
            "use_condition.accept_category is 513 bytes, the limit is 512 (170 Chinese characters)\nIt was: "
            + "面" * 48
            + "…",
        ),
        (
            "can_use_with_other_discount",
            "也许",
            "优惠同享可以写：是、否，不能是「也许」",
            'use_condition.can_use_with_other_discount is one of yes, no, not "也许"',
        ),
        (
            "can_use_with_other_discount",
            "也许\n" + "吧" * 60,
            "优惠同享可以写：是、否，不能是「也许 / " + "吧" * 45 + "…」",
            'use_condition.can_use_with_other_discount is one of yes, no, not "也许 / ' + "吧" * 45 + '…"',
        ),
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
        (
            "logo_url",
            "http://127.0.0.1/x.png",
            "LOGO要用上传到微信后的图片地址（http://mmbiz.qpic.cn/…），不能是「http://127.0.0.1/x.png」",
            'logo_url needs a picture uploaded to WeChat (http://mmbiz.qpic.cn/…), not "http://127.0.0.1/x.png"',
        ),
        (
            "notice",
            "面" * 17,
            "提醒有 51 字节，上限 48 字节（16 个汉字）\n原文：" + "面" * 17,
            "notice is 51 bytes, the limit is 48 (16 Chinese characters)\nIt was: " + "面" * 17,
        ),
        (
            "date_info",
            "以后",
            "有效期要写头尾两天，如 12月1日到2月28日，或多少天，如 30天，不能是「以后」",
            'validity is a first and a last day, such as 1 Dec to 28 Feb, or so many days, such as 30 days, not "以后"',
        ),
        (
            "date_info",
            "2026-01-01 到 2026-02-01",
            "这个有效期已经结束，请写以后的日期",
            "this validity is over already; give days to come",
        ),
        (
            "date_info",
            "4000天",
            "有效期要写头尾两天，如 12月1日到2月28日，或多少天，如 30天，不能是「4000天」",
            "validity is a first and a last day, such as 1 Dec to 28 Feb, or so many days, such as 30 days, "
            'not "4000天"',
        ),
        (
            "get_limit",
            "51",
            "限领要写 1 到 50 的整数，不能是「51」",
            'get_limit is a whole number from 1 to 50, not "51"',
        ),
        (
            "service_phone",
            "３０天",
            "客服电话要写号码，如 0571-7654321，不能是「３０天」",
            'service_phone is a number to call, such as 0571-7654321, not "３０天"',
        ),
        (
            "location_id_list",
            "９９９９",
            "没有编号 9999 的门店，「门店」看编号",
            'there is no store 9999; "stores" lists the ids',
        ),
        (
            "location_id_list",
            "湖边店",
            "门店要写编号，用顿号隔开，写「无」清空，不能是「湖边店」",
            'location_id_list is a list of store ids with commas between, or none, not "湖边店"',
        ),
        (
            "abstract",
            "面" * 21,
            "封面简介有 63 字节，上限 60 字节（20 个汉字）\n原文：" + "面" * 21,
            "abstract.abstract is 63 bytes, the limit is 60 (20 Chinese characters)\nIt was: " + "面" * 21,
        ),
        (
            "time_limit",
            "有空时",
            "看不懂时段「有空时」，写法：时段=周一 10:00-20:59、节假日（同一天内，先早后晚）",
            '"有空时" is not understood; write time_limit=Monday 10:00-20:59, holiday '
            "(within one day, earlier time first)",
        ),
        (
            "gives",
            "没有的券",
            "没有找到要送的券「没有的券」，「卡券」看全部",
            'no voucher "没有的券" to give along; "vouchers" lists all',
        ),
    ],
)
async def test_an_answer_that_will_not_do_is_asked_for_again(
    shop: Shop, step: str, said: str, chinese: str, english: str
) -> None:
    shop.has_voucher("春节券")
    place = PLACES.index(step)
    await walk(shop.manager, CASH, until=place + 1)
    question = CASH[place][1].splitlines()[0]

    assert (await shop.manager.says(said)).startswith(f"❌ {chinese}\n{question}")
    await shop.speaks_english()
    assert (await shop.manager.says(said)).startswith(f"❌ {english}\n")
    assert shop.calls(CREATE) == []


async def test_stores_are_looked_up_at_once(shop: Shop) -> None:
    shop.simulator.add_store(shop.appid, 271262077, "湖畔面馆")
    await at(shop, "location_id_list")

    assert (await shop.manager.says("271262077、9999")).startswith("❌ 没有编号 9999 的门店，「门店」看编号\n15/22 ")
    assert (await shop.manager.says("271262077")).startswith("16/22 券码怎么显示？")
    shop.simulator.fault("/cgi-bin/poi/getpoilist", Fault(errcode=48001))
    await shop.manager.says("上一步")
    assert (await shop.manager.says("9999")).startswith("16/22 "), "whom nobody can ask, create will tell"


@pytest.mark.parametrize("said", ["全部", "所有门店", "all", "无"])
async def test_all_stores(shop: Shop, said: str) -> None:
    await at(shop, "location_id_list")

    assert (await shop.manager.says(said)).startswith("16/22 券码怎么显示？")
    for answer in CASH[16:-1]:
        await sends(shop.manager, answer[0])
    await shop.manager.says("确认")
    assert "location_id_list" not in asked(shop)["cash"]["base_info"]


async def test_a_phone_number_is_kept_in_plain_digits(shop: Shop) -> None:
    await at(shop, "service_phone")
    await shop.manager.says("（０５７１）７６５４３２１转８")
    for answer in CASH[15:-1]:
        await sends(shop.manager, answer[0])
    await shop.manager.says("确认")

    assert asked(shop)["cash"]["base_info"]["service_phone"] == "(0571)7654321转8"


async def test_help_tells_how_an_answer_is_told_from_a_command(shop: Shop) -> None:
    assert await shop.manager.says("帮助 新建") == (
        "新建 [重来] [子商户=编号]\n"
        "一问一答新建一张券，最后预览，「确认」才提交\n"
        "例：新建\n"
        "「上一步」改前一问，「跳过」不填，「停」先放着，之后「新建」接着填，「新建 重来」从头开始\n"
        "中间可以照常用别的命令，命令优先；答案正好像命令时，加上引号，如「帮助 老人」\n"
        "LOGO、封面和图文直接在这里发图片\n"
        "给通过审核的子商户做券：「新建 子商户=12」\n"
        "草稿保留 7 天"
    )
    await shop.speaks_english()
    assert await shop.manager.says("help create") == (
        "create [anew] [submerchant=number]\n"
        "make a new voucher: question by question, then a preview and your yes\n"
        "Example: create\n"
        '"back" changes the answer before, "skip" leaves one out, "stop" puts it aside; "create" goes on with it, '
        '"create anew" begins again\n'
        'Other commands work meanwhile and come first; put an answer that looks like one in quotes: "help the old"\n'
        "Send logo, cover and pictures right here\n"
        'For an approved sub-merchant: "create submerchant=12"\n'
        "A draft is kept for 7 days"
    )


# Moves between questions --------------------------------------------------------------------------------------------


async def test_is_for_managers(shop: Shop) -> None:
    assert await shop.clerk.says("新建") == "没有「新建」这个命令。发送「帮助」看你可以做什么。"


async def test_back_answers_anew_and_goes_on_where_it_was(shop: Shop) -> None:
    await walk(shop.manager, CASH, until=5)

    assert await shop.manager.says("上一步") == ("4/22 只适用于哪些商品？如 面食\n「跳过」保持原来的，「上一步」")
    assert (await shop.manager.says("上一步")).startswith("3/22 满多少钱可用？")
    assert (await shop.manager.says("60")).startswith("5/22 不适用于哪些商品？")
    await shop.manager.says("上一步")
    assert (await shop.manager.says("跳过")).startswith("5/22 不适用于哪些商品？")
    await shop.speaks_english()
    for place in ("4/22", "3/22", "2/22", "1/22", "1/22"):
        assert (await shop.manager.says("back")).startswith(place)


async def test_what_is_needed_cannot_be_skipped(shop: Shop) -> None:
    await shop.manager.says("新建")
    await shop.manager.says("代金券")

    assert await shop.manager.says("跳过") == "❌ 减免金额必须填写\n2/22 减多少钱？如 10元（至少 1 元，以后不能改）"
    await shop.speaks_english()
    assert await shop.manager.says("skip") == (
        "❌ reduce_cost is needed\n"
        "2/22 How much does it take off? Such as 10 yuan (at least 1; cannot be changed later)"
    )


async def test_stops_and_goes_on_after_hours_and_a_restart(
    shop: Shop, redis_server: str, clock: time_machine.Traveller
) -> None:
    await walk(shop.manager, CASH, until=9)

    assert await shop.manager.says("停") == (
        "先放着，填到第 9 问，共 22 问，保留 7 天\n「新建」接着填，「新建 重来」从头开始"
    )
    assert (await shop.manager.says("绿色")).startswith("没有「绿色」这个命令")
    clock.shift(30 * 3600)
    again = build(settings_for(shop.simulator, shop.wechat_side), redis_server)
    await again.load()
    async with serving(again) as address:
        shop.wechat_side.callback_url = f"{address}/wechat/{shop.appid}"
        assert await shop.manager.says("新建") == "接着填上次没写完的券\n9/22 什么颜色？如 绿色、蓝色、橙色、红色"
        for said, _ in CASH[9:-2]:
            await sends(shop.manager, said)
        assert (await sends(shop.manager, "是")).startswith("将新建朋友的券")
        assert (await shop.manager.says("确认")).startswith("⏳「满50减10元代金券」已新建并送审")
    await again.close()


@pytest.mark.slow
async def test_a_restart_at_each_question_changes_nothing(shop: Shop, redis_server: str) -> None:
    """Each answer is read by a bot that has never heard of the draft."""
    for said, answer in CASH:
        async with another_bot(shop, redis_server) as (_, address):
            shop.wechat_side.callback_url = f"{address}/wechat/{shop.appid}"
            assert await sends(shop.manager, said) == answer
    assert len(shop.calls(CREATE)) == 1


async def test_stopped_in_english_and_begun_anew(shop: Shop) -> None:
    await shop.speaks_english()
    await walk(shop.manager, GIFT, until=5)

    assert await shop.manager.says("stop") == (
        'Put aside at question 5 of 21, kept for 7 days\n"create" goes on with it, "create anew" begins again'
    )
    assert (await shop.manager.says("create")).startswith("Going on where you stopped\n5/21 May it be combined")
    assert await shop.manager.says("create anew") == GIFT[0][1]


async def test_a_draft_is_forgotten_after_a_week(shop: Shop, store: Store) -> None:
    await walk(shop.manager, CASH, until=3)
    (key,) = await store.do("KEYS", "*:draft:*")

    assert 7 * 86_400 - 10 < await store.do("TTL", key) <= 7 * 86_400


async def test_each_person_has_a_draft(shop: Shop) -> None:
    await shop.manager.says("新建")
    await shop.owner.says("新建")

    answers = await asyncio.gather(shop.manager.says("1"), shop.owner.says("2"))
    assert [answer.splitlines()[0] for answer in answers] == [
        "2/22 减多少钱？如 10元（至少 1 元，以后不能改）",
        "2/21 送什么？写名称、数量、单位，如 豆浆 1 杯",
    ]


# Commands meanwhile -------------------------------------------------------------------------------------------------


async def at(shop: Shop, step: str) -> str:
    """Walk to that question; its words."""
    place = PLACES.index(step)
    await walk(shop.manager, CASH, until=place + 1)
    return CASH[place][1].splitlines()[0]


@pytest.mark.parametrize(
    "said", ["卡券", "查看 春节券", "帮助 统计", "核销 2260 0000 0001", "核销2260 0000 0001", "统计7天", "好的"]
)
async def test_commands_come_first_also_where_any_text_will_do(shop: Shop, said: str) -> None:
    shop.has_voucher("春节券")
    await shop.manager.says("卡券")
    question = await at(shop, "notice")

    answer = await shop.manager.says(said)
    assert not answer.startswith(("11/22", "❌"))
    assert (await shop.manager.says("新建")).splitlines()[1] == question


@pytest.mark.parametrize(
    ("said", "notice"),
    [
        ("今日有效", "今日有效"),
        ("核销时请出示", "核销时请出示"),
        ("Show before paying", "Show before paying"),
        ("Stock is limited", "Stock is limited"),
        ("查看 菜单", "查看 菜单"),
        ("「帮助 老人」", "帮助 老人"),
        ("“统计”", "统计"),
        ("授权", "授权"),
        ("删除 春节券", "删除 春节券"),
    ],
)
async def test_what_only_looks_like_a_command_is_an_answer_where_any_text_will_do(
    shop: Shop, said: str, notice: str
) -> None:
    shop.has_voucher("春节券")
    await shop.manager.says("卡券")
    await at(shop, "notice")

    assert (await shop.manager.says(said)).startswith("11/22 使用须知？")
    draft = await shop.app.services[shop.appid].drafts.latest(shop.app.people(shop.appid).find("张三"))
    assert draft is not None
    assert draft.answers["notice"] == {"notice": notice}


async def test_while_the_preview_waits_a_name_asks_for_that_answer_though_it_is_a_command(shop: Shop) -> None:
    await walk(shop.manager, CASH)

    assert await shop.manager.says("提醒") == (
        "之前的预览已作废\n10/24 使用提醒？最多 16 个汉字，如 结账前出示\n「跳过」保持原来的，「上一步」"
    )
    assert (await shop.manager.says("结账前出示")).startswith("将新建朋友的券")
    await shop.manager.says("取消")
    assert (await shop.manager.says("提醒")).startswith("5 种提醒都会发给你"), "nothing waits"
    await shop.manager.says("新建")
    await shop.speaks_english()
    assert (await shop.manager.says("validity")).startswith("The earlier preview is dropped\n12/24 Valid from when")


@pytest.mark.parametrize(("said", "moved"), [("取消", "先放着，填到第 14 问"), ("不用了", "15/22 适用门店？")])
async def test_a_no_while_nothing_waits_leaves_the_question(shop: Shop, said: str, moved: str) -> None:
    await at(shop, "service_phone")

    assert (await shop.manager.says(said)).startswith(moved)


async def test_a_move_while_no_question_stands_open(shop: Shop) -> None:
    for said in ("停", "上一步", "跳过"):
        assert await shop.manager.says(said) == "现在没有在问什么。「新建」新建一张券，或接着填上次的"
    assert (await shop.clerk.says("停")).startswith("没有「停」这个命令")
    await at(shop, "color")
    await shop.manager.says("停")
    await shop.speaks_english()
    assert await shop.manager.says("stop") == (
        'No question stands open. "create" begins a voucher, or goes on with the last one'
    )


async def test_a_yes_while_nothing_waits_tells_how_to_answer(shop: Shop) -> None:
    await at(shop, "color")

    assert await shop.manager.says("确认") == "现在没有等待确认的操作；上面的问题直接回答就行，「停」先放着。"
    assert await shop.manager.says("否") == "现在没有等待确认的操作；上面的问题直接回答就行，「停」先放着。"
    await shop.speaks_english()
    assert await shop.manager.says("yes") == (
        'Nothing waits for a yes or no; just answer the question above, or "stop" puts it aside.'
    )
    await shop.manager.says("stop")
    assert (await shop.manager.says("yes")).startswith("Nothing waits for a yes or no. A preview")


async def test_a_yes_is_for_what_asked_last(shop: Shop) -> None:
    shop.simulator.set_coins(shop.appid, "50", "0")
    shop.has_voucher("春节券", sku={"quantity": 0, "total_quantity": 0})
    await at(shop, "can_use_with_other_discount")
    await shop.manager.says("库存 春节券 +10")

    assert (await shop.manager.says("是")).startswith("✅「春节券」库存已加 10 张")
    assert (await shop.manager.says("是")).startswith("7/22 商户名称？")


async def test_an_answer_voids_the_preview_before_it(shop: Shop) -> None:
    shop.simulator.set_coins(shop.appid, "50", "0")
    shop.has_voucher("春节券", sku={"quantity": 0, "total_quantity": 0})
    await at(shop, "color")
    await shop.manager.says("库存 春节券 +10")

    assert await shop.manager.says("绿色") == "之前的预览已作废\n10/22 使用提醒？最多 16 个汉字，如 结账前出示"
    assert (await shop.manager.says("确认")).startswith("现在没有等待确认的操作")


async def test_a_number_answers_the_question_and_with_its_sign_the_list(shop: Shop) -> None:
    for _ in range(2):
        shop.has_voucher("春节券")
    await shop.manager.says("新建")
    await shop.manager.says("1")
    assert (await shop.manager.says("查看 春节券")).startswith("「春节券」有 2 张，要哪一张？")

    assert (await shop.manager.says("#1")).startswith("「春节券」已通过")
    assert (await shop.manager.says("1")).startswith("3/22 满多少钱可用？")


async def test_pictures_where_none_is_asked_for(shop: Shop) -> None:
    await at(shop, "color")

    assert await sends(shop.manager, (10, 10)) == "❌ 颜色请用文字回答\n9/22 什么颜色？如 绿色、蓝色、橙色、红色"
    assert len(shop.calls(UPLOAD)) == 1, "the logo of before"
    await shop.manager.says("停")
    assert await sends(shop.manager, (10, 10)) == "这里只看得懂文字。发送「帮助」看你可以做什么。"


# Pictures -----------------------------------------------------------------------------------------------------------


async def posts(shop: Shop, content: bytes) -> str:
    """The manager sends these bytes as a picture."""
    return (await shop.simulator.picture(shop.appid, shop.manager.openid, content)).text


async def test_a_picture_is_fetched_by_its_id_and_uploaded_as_it_came(shop: Shop) -> None:
    await at(shop, "logo_url")

    assert (await posts(shop, jpeg(300, 300))).startswith("9/22 什么颜色？")
    (got,) = shop.calls("/cgi-bin/media/get")
    assert got.query["media_id"]
    (call,) = shop.calls(UPLOAD)
    assert call.body == {"buffer": {"filename": "picture.jpg", "bytes": len(jpeg(300, 300))}}


async def test_no_address_of_a_message_is_ever_asked(shop: Shop) -> None:
    """Whatever PicUrl says: pictures come from WeChat's API, by their id."""
    asked_there = asyncio.Event()
    server = await asyncio.start_server(lambda _reader, _writer: asked_there.set(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await at(shop, "logo_url")
    media = shop.simulator.world.media.add(shop.appid, "image", png(300, 300))
    message = {"FromUserName": shop.manager.openid, "MsgType": "image", "MediaId": media.media_id}
    delivery = await shop.simulator.push(shop.appid, {**message, "PicUrl": f"http://127.0.0.1:{port}/logo.png"})
    server.close()

    assert delivery.text.startswith("9/22 什么颜色？")
    assert not asked_there.is_set()


async def test_an_id_that_is_no_picture(shop: Shop) -> None:
    await at(shop, "logo_url")
    video = shop.simulator.world.media.add(shop.appid, "video", b"\0\0\0\x20ftypisom" + b"0" * 40)
    message = {"FromUserName": shop.manager.openid, "MsgType": "image", "PicUrl": "http://mmbiz.qpic.cn/x"}

    delivery = await shop.simulator.push(shop.appid, {**message, "MediaId": video.media_id})
    assert delivery.text.startswith("❌ LOGO只能用完整的 JPG 或 PNG 图片，请换一张再发\n8/22")
    for wrong in ("gone", "", None):
        delivery = await shop.simulator.push(shop.appid, {**message, "MediaId": wrong})
        assert delivery.text.startswith("❌ "), wrong
    assert shop.calls(UPLOAD) == []


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"GIF89a" + b"0" * 40, "LOGO只能用完整的 JPG 或 PNG 图片，请换一张再发"),
        (png(300, 300)[:-6], "LOGO只能用完整的 JPG 或 PNG 图片，请换一张再发"),
        (jpeg(300, 300)[:30], "LOGO只能用完整的 JPG 或 PNG 图片，请换一张再发"),
        (jpeg(0, 300), "LOGO只能用完整的 JPG 或 PNG 图片，请换一张再发"),
        (png(300, 300, padding=1 << 20), "LOGO的图片不能超过 1 MB，请压缩后再发"),
        (png(300, 300, padding=8 << 20), "LOGO的图片不能超过 1 MB，请压缩后再发"),
        (jpeg(60000, 60000), "LOGO的图片太大（60000×60000），请缩小后再发"),
    ],
    ids=["gif", "cut png", "cut jpeg", "no width", "too many bytes", "a photo", "bomb"],
)
async def test_a_picture_wechat_would_not_take_is_not_uploaded(shop: Shop, content: bytes, answer: str) -> None:
    await at(shop, "logo_url")

    assert (await posts(shop, content)).startswith(f"❌ {answer}\n8/22 请发 LOGO 图片")
    assert shop.calls(UPLOAD) == []


async def test_a_picture_of_other_proportions_is_taken_with_a_word(shop: Shop) -> None:
    await at(shop, "icon_url")

    assert (await posts(shop, png(425, 175))).splitlines()[0] == "⚠️ 封面图建议 850×350，这张 425×175，偏小，可能不清楚"
    await shop.manager.says("上一步")
    assert (await posts(shop, png(900, 375))).splitlines()[0] == "19/22 请发一张图文介绍的图片（JPG 或 PNG，1 MB 以内）"
    await shop.manager.says("上一步")
    assert (await posts(shop, png(350, 350))).splitlines()[0] == "⚠️ 封面图建议 850×350，这张 350×350，显示时会被裁切"


async def test_pictures_are_offered_again(shop: Shop) -> None:
    await walk(shop.manager, CASH, until=len(CASH))
    await walk(shop.owner, CASH, until=7)

    assert await shop.owner.says("1") == (
        "8/22 请发 LOGO 图片（JPG 或 PNG，1 MB 以内，建议 300×300）\n"
        "1 用 14:02 的 LOGO 图 300×300\n"
        "2 用 14:02 的图文图 100×100\n"
        "3 用 14:02 的封面图 850×350"
    )
    assert (await shop.owner.says("1")).startswith("9/22 什么颜色？")
    assert len(shop.calls(UPLOAD)) == 3
    await shop.owner.says("上一步")
    assert (await shop.owner.says("4")).startswith("❌ LOGO要发一张图片")


async def test_a_picture_that_wechat_did_not_take_may_be_sent_again(shop: Shop) -> None:
    await at(shop, "logo_url")
    shop.simulator.fault(UPLOAD, Fault(drop=True), times=2)

    assert await posts(shop, png(300, 300)) == "⚠️ 图片没有传上去：微信没有回应。请再发一次这张图片"
    assert (await posts(shop, png(300, 300))).startswith("9/22 什么颜色？")
    await shop.speaks_english()
    await shop.manager.says("back")
    shop.simulator.fault("/cgi-bin/media/get", Fault(drop=True), times=None)
    assert await posts(shop, png(300, 300)) == "⚠️ The picture was not taken: WeChat did not answer. Send it once more"


async def test_an_answer_whose_process_died_is_read_by_the_next(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    await at(shop, "color")
    shop.manager.reads()
    await left_undone(shop, store, asked_by("manager", "绿色"), has_begun=begun.VOUCHERS)
    clock.shift(5)
    await carried_on(shop)

    assert shop.manager.reads() == ["10/22 使用提醒？最多 16 个汉字，如 结账前出示"]


@pytest.mark.parametrize("said", ["结账前出示", "上一步", "跳过", "停"])
async def test_an_answer_that_was_taken_in_before_its_process_died_is_not_taken_in_twice(
    shop: Shop, store: Store, clock: time_machine.Traveller, said: str
) -> None:
    await at(shop, "get_limit")
    drafts, manager = shop.app.services[shop.appid].drafts, shop.app.people(shop.appid).find("张三")
    before = await drafts.latest(manager)
    assert before is not None
    taken_in = replace(before, heard=f"message:{said}", paused=said == "停")
    await drafts.keep(manager, taken_in)
    shop.manager.reads()
    await left_undone(shop, store, asked_by("manager", said))
    clock.shift(5)
    await carried_on(shop)

    question = "先放着，填到第 13 问，共 22 问" if said == "停" else "13/22 每人最多领几张？"
    (answer,) = shop.manager.reads()
    assert answer.startswith(question)
    assert await drafts.latest(manager) == taken_in


async def test_a_yes_to_the_last_question_is_none_to_the_preview_after_it(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    """Its process died with the preview offered: carried on, the same word must not confirm what nobody has read."""
    await walk(shop.manager, CASH)
    drafts, manager = shop.app.services[shop.appid].drafts, shop.app.people(shop.appid).find("张三")
    complete = await drafts.latest(manager)
    assert complete is not None
    await drafts.keep(manager, replace(complete, heard="message:是"))
    shop.manager.reads()
    await left_undone(shop, store, asked_by("manager", "是"))
    clock.shift(5)
    await carried_on(shop)

    assert shop.manager.reads() == [CASH[-2][1]]
    assert shop.calls(CREATE) == []


# The preview --------------------------------------------------------------------------------------------------------


async def test_one_answer_is_changed_at_the_preview(shop: Shop) -> None:
    await walk(shop.manager, CASH)

    assert await shop.manager.says("颜色") == (
        "之前的预览已作废\n9/24 什么颜色？如 绿色、蓝色、橙色、红色\n「跳过」保持原来的，「上一步」"
    )
    assert await shop.manager.says("蓝色") == CASH_PREVIEW.replace("绿色", "蓝色")
    assert await shop.manager.says("提醒=扫码前出示 限领=2") == (
        CASH_PREVIEW.replace("今日有效", "扫码前出示").replace("限领 1 张", "限领 2 张").replace("绿色", "蓝色")
    )
    await shop.manager.says("确认")
    base = asked(shop)["cash"]["base_info"]
    assert (base["notice"], base["get_limit"]) == ("扫码前出示", 2)


async def test_what_is_no_correction(shop: Shop) -> None:
    await walk(shop.manager, CASH)

    assert await shop.manager.says("便宜一点") == "没有「便宜一点」这个命令。发送「帮助」看你可以做什么。"
    assert await shop.manager.says("统讣") == "没有「统讣」这个命令。你是想发「统计」吗？"
    assert (await sends(shop.manager, (10, 10))).startswith("这里只看得懂文字")
    assert await shop.manager.says("颜色=蓝色 天气=好") == (
        "没看懂「颜色=蓝色 天气=好」。要改哪一项，发它的名字，如「颜色」，或「提醒=结账前出示」\n"
        "「新建」再看一次预览，「上一步」回到最后一问"
    )
    assert (await shop.manager.says("提醒=" + "面" * 17)).startswith("❌ 提醒有 51 字节")
    await shop.speaks_english()
    await shop.manager.says("skip")
    assert await shop.manager.says("color=blue weather=fine") == (
        '"color=blue weather=f" is not understood. To change something, send its name, such as "notice", '
        'or "notice=Show before paying"\n'
        '"create" shows the preview again, "back" goes to the last question'
    )


async def test_corrections_as_people_write_them(shop: Shop) -> None:
    await walk(shop.manager, CASH)

    for said in ("颜色：蓝色", "颜色改成蓝色", "颜色 = 蓝色"):
        assert await shop.manager.says(said) == CASH_PREVIEW.replace("绿色", "蓝色"), said


async def test_an_amount_above_the_minimum_spend_is_asked_about(shop: Shop) -> None:
    await walk(shop.manager, CASH)

    assert await shop.manager.says("面额=50") == (
        "❌ 最低消费要比减免的 ¥50.00 多，不能是「50」\n"
        "之前的预览已作废\n"
        "3/24 满多少钱可用？如 50元\n"
        "不设门槛，库存每张 0.2 券点；限最低消费或商品，每张 0.4 券点\n"
        "「跳过」保持原来的，「上一步」"
    )
    assert (await shop.manager.says("200")).startswith(
        "将新建朋友的券（券名由微信生成）：代金券 减 ¥50.00，满 ¥200.00 可用"
    )


async def test_another_kind_asks_for_what_that_needs(shop: Shop) -> None:
    await walk(shop.manager, CASH)

    assert (await shop.manager.says("类型=兑换券")).endswith("送什么？写名称、数量、单位，如 豆浆 1 杯")
    assert (await shop.manager.says("豆浆 1 杯")).endswith("要买什么才能用？如 任意套餐\n「跳过」不填，「上一步」")
    preview = await shop.manager.says("跳过")
    assert preview.startswith("将新建朋友的券（券名由微信生成）：兑换券：豆浆1杯，满 ¥50.00 可用，不与其他优惠同享\n")
    assert "酒水" not in preview


async def test_another_voucher_is_given_along(shop: Shop) -> None:
    given = [shop.has_voucher("春节券"), shop.has_voucher("豆浆券"), shop.has_voucher("豆浆券")]
    await at(shop, "gives")
    assert (await shop.manager.says("豆浆券")).startswith("「豆浆券」有 2 张，要哪一张？")
    assert (await shop.manager.says("#3")).startswith("没有 #3")
    assert "核销后送「豆浆券」" in await shop.manager.says("#1")
    await shop.manager.says("送券")

    assert "核销后送「春节券」" in await shop.manager.says("「春节券」")
    await shop.manager.says("确认")
    advanced = asked(shop)["cash"]["advanced_info"]
    assert advanced["consume_share_card_list"] == [{"card_id": given[0], "num": 1}]
    assert "consume_share_self_num" not in advanced


async def test_one_that_is_over_is_not_given_along(shop: Shop) -> None:
    shop.has_voucher("春节券", last_day="2026-11-01")
    card = cash_voucher("湖畔面馆", 500, title="月券", friends=False)
    shop.simulator.add_voucher(shop.appid, card, "VERIFY_OK")
    await at(shop, "gives")

    assert (await shop.manager.says("春节券")).startswith("❌ 「春节券」已过期或已删除，不能用来送\n24/24")
    assert (await shop.manager.says("月券")).startswith("❌ 「月券」不是朋友的券，不能用来送\n24/24")


async def test_no_keeps_the_draft(shop: Shop) -> None:
    await walk(shop.manager, CASH)
    await shop.manager.says("取消")

    assert await shop.manager.says("新建") == CASH_PREVIEW
    assert (await shop.manager.says("确认")).startswith("⏳")
    assert await shop.manager.says("新建") == CASH[0][1]


async def test_days_pass_over_a_draft(shop: Shop, clock: time_machine.Traveller) -> None:
    await walk(shop.manager, CASH)
    await shop.manager.says("有效期=11月22日到11月23日")
    clock.shift(2 * 86_400)

    assert (await shop.manager.says("新建")).startswith("❌ 这个有效期已经结束，请写以后的日期\n12/24 有效期？")


# What WeChat says ---------------------------------------------------------------------------------------------------


async def test_the_role_counts_again_at_the_yes(shop: Shop) -> None:
    await walk(shop.manager, CASH)
    await shop.app.people(shop.appid).change(PEOPLE["manager"][0], by=SHELL, role=Role.CLERK)

    assert await shop.manager.says("确认") == "没有执行：你现在的角色不能再用「新建」。发送「我」看你的角色"
    assert (await shop.manager.says("颜色")).startswith("没有「颜色」这个命令")
    assert shop.calls(CREATE) == []


async def test_the_role_in_english(shop: Shop) -> None:
    await shop.speaks_english()
    await walk(shop.manager, GIFT)
    await shop.app.people(shop.appid).change(PEOPLE["manager"][0], by=SHELL, role=Role.CLERK)

    assert await shop.manager.says("yes") == (
        'Not done: your role may not use "create" any more. Send "whoami" to see your role'
    )


async def test_a_refusal_is_told_and_the_draft_kept(shop: Shop) -> None:
    shop.simulator.world.spam_words = {*shop.simulator.world.spam_words, "手擀面"}
    await walk(shop.manager, CASH)

    answer = await shop.manager.says("确认")
    assert answer.startswith("❌ 没有建成：")
    assert answer.endswith("已填的都留着：「新建」看一遍，改好再提交")
    assert await shop.manager.says("新建") == CASH_PREVIEW
    await shop.manager.says("图文文字1=牛肉面")
    assert (await shop.manager.says("确认")).startswith("⏳")


@pytest.mark.parametrize("errcode", DOCUMENTED)
async def test_every_documented_refusal_is_told_in_words(shop: Shop, errcode: int) -> None:
    creation = shop.app.services[shop.appid].vouchers.creation
    manager = shop.app.people(shop.appid).find("张三")
    both = (("确认", "❌ 没有建成：", "没有说明的错误"), ("yes", "❌ Not made: ", "not explained anywhere"))
    for yes, words, unexplained in both:
        await shop.app.services[shop.appid].pending.offer(manager, "create_voucher", creation.payload(SMALL))
        shop.simulator.fault(CREATE, Fault(errcode=errcode), times=2)
        answer = await shop.manager.says(yes)
        shop.simulator.clear_faults()
        await shop.speaks_english()
        assert answer.startswith(words)
        assert str(errcode) in answer
        assert unexplained not in answer
        assert len(answer.splitlines()) >= 2, "what to do is said, too"


async def test_a_yes_that_did_not_reach_wechat_is_not_used_up(shop: Shop) -> None:
    await walk(shop.manager, CASH)
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


async def test_no_answer_after_wechat_made_it(shop: Shop) -> None:
    shop.has_voucher("春节券")
    await walk(shop.manager, CASH)
    shop.simulator.fault(CREATE, Fault(lose_answer=True))

    assert await shop.manager.says("确认") == CASH[-1][1]
    assert len(shop.calls(CREATE)) == 1
    assert len(shop.simulator.reviews(shop.appid)) == 1


async def test_an_answer_that_comes_too_late(simulator: Simulator, store: Store, redis_server: str) -> None:
    """WeChat made it, and we had stopped waiting: it is found, not made again."""
    async with open_shop(simulator, redis_server, wechat={"total_timeout": 1.5}) as opened:
        await walk(opened.manager, CASH)
        simulator.fault(CREATE, Fault(delay=2.5))

        assert await opened.manager.says("确认") == CASH[-1][1]
        assert len(opened.calls(CREATE)) == 1
        assert len(simulator.reviews(opened.appid)) == 1


async def test_no_answer_and_wechat_did_not_make_it(shop: Shop) -> None:
    await walk(shop.manager, CASH)
    shop.simulator.fault(CREATE, Fault(drop=True))

    assert await shop.manager.says("确认") == (
        "⚠️ 微信没有回应，不确定有没有建成\n请过一两分钟用「卡券」核对，没有再「新建」提交一次，不要连着重发"
    )
    assert len(shop.calls(CREATE)) == 1
    await shop.speaks_english()
    await shop.manager.says("create")
    shop.simulator.fault(CREATE, Fault(drop=True))
    assert await shop.manager.says("yes") == (
        "⚠️ WeChat did not answer, so it is not certain whether the voucher was made\n"
        'Check with "vouchers" in a minute or two; only if it is not there, submit it once more with "create"'
    )


async def test_no_answer_while_a_colleague_makes_another_one(shop: Shop) -> None:
    """What is new and unlike what was sent is not ours."""
    await walk(shop.owner, CASH)
    await walk(shop.manager, CASH)
    await shop.owner.says("提醒=结账前出示")
    shop.simulator.fault(CREATE, Fault(drop=True, delay=0.3))
    mine = asyncio.create_task(shop.manager.says("确认"))
    await shop.until(lambda: shop.calls(CREATE))
    assert (await shop.owner.says("确认")).startswith("⏳")

    assert (await mine).startswith("⚠️ 微信没有回应，不确定有没有建成")


async def test_accepted_and_not_readable(shop: Shop) -> None:
    await walk(shop.manager, CASH)
    shop.simulator.fault("/card/get", Fault(errcode=45009))

    (answer, number) = (await shop.manager.says("确认")).rsplit("，编号 ", 1)
    assert answer == "⚠️ 微信已接受新建，但还读不到这张券，不用重发\n过几分钟用「卡券」核对"
    assert shop.simulator.voucher(shop.appid, number).status == "CARD_STATUS_NOT_VERIFY"


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_process_that_died_at_the_yes(
    shop: Shop, store: Store, clock: time_machine.Traveller, arrived: bool
) -> None:
    """It had begun; whether WeChat made it is looked up by whoever carries the message on, and nothing made twice."""
    await walk(shop.manager, CASH)
    services = shop.app.services[shop.appid]
    manager = shop.app.people(shop.appid).find("张三")
    preview = await services.pending.peek(manager)
    assert preview is not None
    shop.simulator.fault(CREATE, Fault(lose_answer=arrived, drop=not arrived, delay=5))
    dying = asyncio.create_task(services.vouchers.creation.apply(preview.payload, manager))
    await shop.until(lambda: shop.calls(CREATE))
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    shop.simulator.clear_faults()
    shop.manager.reads()
    await left_undone(shop, store, asked_by("manager", "确认"), has_begun=begun.VOUCHERS)
    clock.shift(5)
    await carried_on(shop)

    (answer,) = shop.manager.reads()
    assert answer.startswith("⏳「满50减10元代金券」已新建" if arrived else "⚠️ 微信没有回应，不确定有没有建成")
    assert len(shop.calls(CREATE)) == 1
    assert len(shop.simulator.reviews(shop.appid)) == int(arrived)


async def test_a_process_that_died_before_the_call(shop: Shop, store: Store, clock: time_machine.Traveller) -> None:
    await walk(shop.manager, CASH)
    shop.manager.reads()
    await left_undone(shop, store, asked_by("manager", "确认"), has_begun=begun.VOUCHERS)
    clock.shift(5)
    await carried_on(shop)

    assert shop.manager.reads() == [CASH[-1][1]]


# Ordinary coupons ---------------------------------------------------------------------------------------------------


async def test_suspended_friends_vouchers_become_an_ordinary_coupon(shop: Shop) -> None:
    shop.wechat_side.friends_vouchers = False
    await walk(shop.manager, CASH)

    answer = await shop.manager.says("确认")
    assert answer.splitlines()[0].startswith("⚠️ ")
    assert "73205" in answer.splitlines()[0]
    assert answer.splitlines()[-2:] == ["现在改建普通券，已经填的都留着", "3/22 券的名称？最多 9 个汉字"]
    assert (await shop.manager.says("十元代金券")).endswith("一共发多少张？以后可以加减")
    preview = await shop.manager.says("500")
    assert preview.startswith("将新建普通券「十元代金券」：代金券 减 ¥10.00，满 ¥50.00 可用\n")
    assert "库存 500 张" in preview
    assert await shop.manager.says("确认") == (
        "⏳「十元代金券」已新建并送审，约 3 天，有结果会告诉你\n审核前自己先试：「试领 十元代金券」"
    )
    made = shop.calls(CREATE)[-1].body["card"]["cash"]
    assert (made["least_cost"], made["reduce_cost"]) == (5000, 1000)
    assert made["base_info"]["title"] == "十元代金券"
    assert made["base_info"]["sku"] == {"quantity": 500}
    assert "can_share" not in made["base_info"]
    assert sorted(made["advanced_info"]) == ["abstract", "business_service", "text_image_list", "time_limit"]


async def test_why_it_is_no_friends_voucher_is_said_with_whatever_is_asked_next(shop: Shop) -> None:
    """A gift is described anew before it gets a title."""
    shop.wechat_side.friends_vouchers = False
    await shop.speaks_english()
    await walk(shop.manager, GIFT)

    assert await shop.manager.says("yes") == (
        "⚠️ WeChat has suspended the creation of Friend's Vouchers (73205)\n"
        "Your settings are not at fault. Other types of vouchers can still be created.\n"
        "This will be an ordinary coupon; your answers are kept\n"
        "2/23 What is it exchanged for?"
    )
    assert await shop.manager.says("A cup of soy milk") == "3/23 What is it called? At most 27 letters"


async def test_why_it_can_only_be_an_ordinary_coupon_is_said_once(shop: Shop) -> None:
    shop.wechat_side.friends_vouchers = False
    await walk(shop.manager, CASH, until=len(CASH))
    kinds = "1/13 新建普通券，哪一种？「停」可以随时先放着\n1 代金券\n2 兑换券\n3 折扣券\n4 团购券\n5 优惠券"

    assert await shop.manager.says("新建 重来") == (
        f"⚠️ 微信暂停了创建朋友的券（73205）\n这不是你的设置问题。其他类型的券仍可创建。\n{kinds}"
    )
    assert await shop.manager.says("9") == (
        f"❌ 卡券类型可以写：代金券、兑换券、折扣券、团购券、优惠券，不能是「9」\n{kinds}"
    )
    await shop.manager.says("折扣券")
    assert await shop.manager.says("八五折") == "3/14 券的名称？最多 9 个汉字"
    for said in ("八五折", "1", "1", "绿色", "结账前出示", "每桌一张"):
        answer = await shop.manager.says(said)
    assert answer == "9/14 有效期？如 12月1日到2月28日（以后只能延长），或 30天（从领取算起，以后不能改）"
    await shop.manager.says("30天")
    assert (await shop.manager.says("０")).startswith("❌ 库存要写 1 到 100,000,000 的整数，不能是「０」\n10/14 ")


@pytest.mark.parametrize(
    ("answers", "kind", "fields"),
    [
        (["1", "5", "月券", "跳过"], "CASH", {"least_cost": 0, "reduce_cost": 500}),
        (["2", "豆浆一杯", "豆浆券"], "GIFT", {"gift": "豆浆一杯"}),
        (["3", "8.5折", "八五折"], "DISCOUNT", {"discount": 15}),
        (["4", "四人餐", "四人团购"], "GROUPON", {"deal_detail": "四人餐"}),
        (["5", "满减", "优惠"], "GENERAL_COUPON", {"default_detail": "满减"}),
    ],
)
async def test_every_type_of_ordinary_coupon(
    shop: Shop, store: Store, answers: list[str], kind: str, fields: dict[str, Any]
) -> None:
    shop.wechat_side.friends_vouchers = False
    await walk(shop.manager, CASH, until=len(CASH))
    shop.simulator.clear_calls()
    first = await shop.manager.says("新建 重来")
    assert first.splitlines()[-6:] == [
        "1/13 新建普通券，哪一种？「停」可以随时先放着", "1 代金券", "2 兑换券", "3 折扣券", "4 团购券", "5 优惠券",
    ]  # fmt: skip
    rest = ["1", "1", "绿色", "结账前出示", "每桌一张", "30天", "100", "1", "跳过", "跳过", "跳过"]
    for said in [*answers, *rest]:
        answer = await shop.manager.says(said)
    assert answer.startswith("将新建普通券「"), answer
    assert (await shop.manager.says("确认")).startswith("⏳")

    card = asked(shop)
    made = card[kind.lower()]
    assert card["card_type"] == kind
    base = made.pop("base_info")
    assert made == fields
    assert base == {
        "logo_url": "300×300", "brand_name": "湖畔面馆", "title": answers[2], "color": "Color010",
        "notice": "结账前出示", "description": "每桌一张", "code_type": "CODE_TYPE_QRCODE", "get_limit": 1,
        "date_info": {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30, "fixed_begin_term": 0},
        "sku": {"quantity": 100},
    }  # fmt: skip


async def test_friends_vouchers_are_tried_again_the_next_day(shop: Shop, store: Store) -> None:
    shop.wechat_side.friends_vouchers = False
    await walk(shop.manager, CASH, until=len(CASH))
    (key,) = await store.do("KEYS", "*:create:suspended")
    assert 86_400 - 10 < await store.do("TTL", key) <= 86_400
    await store.delete(key)

    assert await shop.manager.says("新建 重来") == CASH[0][1]


async def test_a_stock_of_nothing_is_sent_where_wechat_misses_it(shop: Shop) -> None:
    """Whether a Friend's Voucher is created without ``sku`` is not confirmed; the refusal made nothing."""
    shop.simulator.readings.sku_on_create = True
    await walk(shop.manager, CASH)

    assert await shop.manager.says("确认") == CASH[-1][1]
    first, second = (call.body["card"]["cash"]["base_info"] for call in shop.calls(CREATE))
    assert second == {**first, "sku": {"quantity": 0}}
    assert "sku" not in first


async def test_no_answer_while_a_colleague_makes_the_very_same(shop: Shop, store: Store) -> None:
    """What a colleague is known to have made is not taken for one's own."""
    await walk(shop.owner, CASH)
    await shop.owner.says("确认")
    manager = shop.app.people(shop.appid).find("张三")
    creation = shop.app.services[shop.appid].vouchers.creation
    payload = creation.payload(shop.calls(CREATE)[0].body["card"])
    begun = {"before": [], "at": 0.0, "reference": payload["reference"]}
    await store.write(draft_keys.creation_attempt(shop.appid, payload["reference"]), begun)

    assert (await creation.apply(payload, manager, resumed=True)).state is State.IN_DOUBT


async def test_what_arrived_after_it_was_in_doubt_is_not_made_twice(shop: Shop) -> None:
    """WeChat took its time: there was nothing to be seen when it was looked up."""
    await walk(shop.manager, CASH)
    shop.simulator.fault(CREATE, Fault(lose_answer=True))
    shop.simulator.fault("/card/get", Fault(errcode=40073), times=None)
    assert (await shop.manager.says("确认")).startswith("⚠️ 微信没有回应，不确定有没有建成")
    shop.simulator.clear_faults()
    await shop.manager.says("新建")

    assert await shop.manager.says("确认") == CASH[-1][1]
    assert len(shop.calls(CREATE)) == 1
    assert (await shop.manager.says("日志")).split("\n")[1:] == ["1 · 14:02 张三 新建「满50减10元代金券」 ✅"]


async def both_copy(shop: Shop) -> None:
    """Owner and manager are about to make the very same, pictures included."""
    if not shop.simulator.world.shelf.of(shop.appid):
        shop.has_voucher("春节券", location_id_list=[])
    for speaker in (shop.owner, shop.manager):
        preview = await speaker.says("复制 春节券 提醒=结账前出示")
        assert preview.startswith("将新建朋友的券（券名由微信生成）（照「春节券」）")


async def test_a_colleagues_very_same_is_not_taken_for_ones_own(shop: Shop) -> None:
    """Of two of the same, one never arrived, and the other was made and its answer is late: nobody is told wrongly."""
    await both_copy(shop)
    shop.simulator.fault(CREATE, Fault(drop=True, delay=1.0))
    mine = asyncio.create_task(shop.manager.says("确认"))
    await shop.until(lambda: shop.calls(CREATE))
    shop.simulator.fault(CREATE, Fault(delay=2.0))
    theirs = asyncio.create_task(shop.owner.says("确认"))
    await shop.until(lambda: shop.simulator.reviews(shop.appid))

    assert (await mine).startswith("⚠️ 微信没有回应，不确定有没有建成")
    assert (await theirs).startswith("⏳「10元代金券」已新建并送审")
    assert len(shop.simulator.reviews(shop.appid)) == 1


async def test_of_two_very_same_without_an_answer_each_is_in_doubt(shop: Shop) -> None:
    await both_copy(shop)
    shop.simulator.fault(CREATE, Fault(drop=True, delay=0.5))
    mine = asyncio.create_task(shop.manager.says("确认"))
    await shop.until(lambda: shop.calls(CREATE))
    shop.simulator.fault(CREATE, Fault(lose_answer=True))

    assert (await shop.owner.says("确认")).startswith("⚠️ 微信没有回应，不确定有没有建成")
    assert (await mine).startswith("⚠️ 微信没有回应，不确定有没有建成")
    assert len(shop.calls(CREATE)) == 2


async def test_what_was_in_doubt_an_hour_ago_is_no_rival(shop: Shop, clock: time_machine.Traveller) -> None:
    await both_copy(shop)
    shop.simulator.fault(CREATE, Fault(drop=True))
    assert (await shop.owner.says("确认")).startswith("⚠️")
    clock.shift(3601)
    await both_copy(shop)
    shop.simulator.fault(CREATE, Fault(lose_answer=True))

    assert (await shop.manager.says("确认")).startswith("⏳")


async def test_it_is_on_record_by_the_name_wechat_gave_it(shop: Shop) -> None:
    await walk(shop.manager, CASH, until=len(CASH))
    assert await shop.manager.says("日志") == "改动记录，新的在前：\n1 · 14:02 张三 新建「满50减10元代金券」 ✅"
    assert await shop.manager.says("撤销") == (
        "不能撤销记录 1（张三，14:02）：新建「满50减10元代金券」\n不要这张券的话，请老板「删除 满50减10元代金券」"
    )
    assert (await shop.manager.says("日志 满50减10元代金券")).endswith("新建「满50减10元代金券」 ✅")
    await shop.speaks_english()
    assert await shop.manager.says("undo") == (
        "Not undone, record 1 (张三, 14:02): create 满50减10元代金券\n"
        'If you do not want this voucher, have an owner "delete 满50减10元代金券"'
    )


# For a sub-merchant -------------------------------------------------------------------------------------------------


async def approved(shop: Shop, name: str = "湖畔分店") -> int:
    """A sub-merchant WeChat has approved; its number."""
    await shop.manager.says("提醒 关 审核")
    info = {
        "brand_name": name, "logo_url": "http://mmbiz.qpic.cn/a/0", "end_time": 1_827_000_000,
        "primary_category_id": 1, "secondary_category_id": 101,
    }  # fmt: skip
    number = shop.simulator.world.submerchants.submit(shop.appid, info).merchant_id
    await shop.simulator.review_submerchant(shop.appid, number, approve=True)
    return number


FOR_ANOTHER = tuple(said for said, _ in (*CASH[1:7], *CASH[9:-1]))
"""The answers of CASH but for name and logo."""


async def test_a_voucher_for_a_sub_merchant_bears_its_name_and_logo(shop: Shop) -> None:
    number = await approved(shop)
    assert await shop.manager.says(f"新建 子商户={number}") == CASH[0][1].replace("1/18", "1/16")
    for said in FOR_ANOTHER:
        answer = await sends(shop.manager, said)

    assert answer == CASH_PREVIEW.replace("商户：湖畔面馆", f"商户：湖畔分店（子商户 {number}）")
    assert await shop.manager.says("确认") == CASH[-1][1]
    (call,) = shop.calls(CREATE)
    base = call.body["card"]["cash"]["base_info"]
    assert base["sub_merchant_info"] == {"merchant_id": number}
    assert (base["brand_name"], base["logo_url"]) == ("湖畔分店", "http://mmbiz.qpic.cn/a/0")
    assert await shop.manager.says("新建") == CASH[0][1], "the next one is the account's own"
    await shop.speaks_english()
    assert f"湖畔分店 (sub-merchant {number})" in await shop.manager.says("copy 满50减10元代金券 notice=Today")
    await shop.manager.says("yes")
    assert shop.calls(CREATE)[-1].body["card"]["cash"]["base_info"]["sub_merchant_info"] == {"merchant_id": number}


async def test_which_sub_merchant(shop: Shop) -> None:
    number = await approved(shop)
    await approved(shop, "湖畔二店")
    assert await shop.manager.says("新建 子商户=99") == (
        "❌ 微信没有接受：子商户编号不正确（40139）\n请用「子商户」核对编号。"
    )
    assert await shop.manager.says("新建 子商户=湖畔") == (
        "有 2 家子商户符合「湖畔」，请写编号，如「新建 子商户=12」；「子商户」看全部"
    )
    assert await shop.manager.says("新建 子商户=山顶") == (
        "没有子商户符合「山顶」，请写编号，如「新建 子商户=12」；「子商户」看全部"
    )
    assert await shop.manager.says("新建 子商户=") == "请写编号，如「新建 子商户=12」；「子商户」看全部"
    assert await shop.manager.says("新建 天气=好") == (
        "「天气」不用在这里写，「新建」会一项一项问；这里只能写「子商户=编号」"
    )
    assert (await shop.manager.says("新建 子商户=湖畔分店")).startswith("1/16 新建朋友的券")
    await shop.speaks_english()
    assert (await shop.manager.says(f"create submerchant={number}")).startswith("Going on where you stopped\n1/16")
    assert await shop.manager.says("create submerchant=99") == (
        "❌ WeChat did not accept this: The sub-merchant's id is wrong (40139)\nLook it up with \"submerchants\"."
    )
    assert await shop.manager.says("create amount=10") == (
        '"amount" is not said here: "create" asks for one thing after the other; only "submerchant=number" may be'
    )
    assert await shop.manager.says("create submerchant=湖畔") == (
        '2 sub-merchants fit "湖畔". Give its number, as "submerchants" shows it: "create submerchant=12"'
    )


@pytest.mark.parametrize(
    ("approve", "chinese", "english"),
    [
        (
            None,
            "「湖畔分店」（编号 12）还在审核，通过审核的子商户才能做券",
            "湖畔分店 (number 12) is under review; only for an approved sub-merchant vouchers can be made",
        ),
        (
            False,
            "「湖畔分店」（编号 12）未通过审核，通过审核的子商户才能做券\n重新送审：「子商户 12 重交」",
            "湖畔分店 (number 12) is refused; only for an approved sub-merchant vouchers can be made\n"
            'Send it to review again: "submerchants 12 again"',
        ),
    ],
)
async def test_one_that_is_not_approved(shop: Shop, approve: bool | None, chinese: str, english: str) -> None:
    number = await approved(shop)
    merchant = shop.simulator.world.submerchants.find(shop.appid, number)
    assert merchant is not None
    merchant.decision = "CHECKING" if approve is None else "REJECTED"

    assert await shop.manager.says("新建 子商户=12") == chinese
    await shop.speaks_english()
    assert await shop.manager.says("create submerchant=12") == english


async def test_a_draft_for_somebody_else_is_not_silently_replaced(shop: Shop) -> None:
    number = await approved(shop)
    await shop.manager.says("新建")
    await shop.manager.says("1")

    assert await shop.manager.says(f"新建 子商户={number}") == (
        f"你有一张没填完的券：「新建」接着填\n不要了，直接开始：「新建 重来 子商户={number}」"
    )
    assert (await shop.manager.says("新建")).startswith("接着填上次没写完的券\n2/22")
    assert (await shop.manager.says(f"新建 重来 子商户={number}")).startswith("1/16 ")
    await shop.manager.says("新建 重来")
    await shop.speaks_english()
    assert await shop.manager.says(f"create submerchant={number}") == (
        'You have begun with another voucher: "create" goes on with it\n'
        f'To drop that and begin: "create anew submerchant={number}"'
    )


@pytest.mark.parametrize(
    ("errcode", "words"),
    [
        (40139, "子商户编号不正确（40139）\n请用「子商户」核对编号。"),
        (40140, "子商户没有通过审核（40140）\n通过审核后再试。"),
    ],
)
async def test_what_wechat_minds_about_a_sub_merchant_is_told(shop: Shop, errcode: int, words: str) -> None:
    number = await approved(shop)
    await shop.manager.says(f"新建 子商户={number}")
    for said in FOR_ANOTHER:
        await sends(shop.manager, said)
    shop.simulator.fault(CREATE, Fault(errcode=errcode))

    assert await shop.manager.says("确认") == f"❌ 没有建成：{words}\n已填的都留着：「新建」看一遍，改好再提交"


async def test_a_type_that_is_not_for_sub_merchants_becomes_an_ordinary_coupon(shop: Shop) -> None:
    """Whether Friend's Vouchers may be a sub-merchant's is not confirmed: it is tried, and the answer read."""
    number = await approved(shop)
    await shop.manager.says(f"新建 子商户={number}")
    for said in FOR_ANOTHER:
        await sends(shop.manager, said)
    shop.simulator.fault(CREATE, Fault(errcode=45042))

    assert await shop.manager.says("确认") == (
        "⚠️ 不能给子商户创建这种类型的券（45042）\n请换一种券，或用本公众号自己的名义新建。\n"
        "现在改建普通券，已经填的都留着\n3/20 券的名称？最多 9 个汉字"
    )
    await shop.manager.says("十元代金券")
    assert (await shop.manager.says("500")).startswith("将新建普通券「十元代金券」：代金券 减 ¥10.00")
    assert (await shop.manager.says("确认")).startswith("⏳「十元代金券」已新建并送审")
    base = shop.calls(CREATE)[-1].body["card"]["cash"]["base_info"]
    assert base["sub_merchant_info"] == {"merchant_id": number}
    assert (await shop.manager.says("新建 重来")).startswith("1/18 新建朋友的券"), "the account's own may be tried"
