"""create: what is asked, what an answer becomes, and what WeChat is asked to make, once."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.clock import day_end, day_start
from tests.pictures import png
from tests.shop import Shop, Speaker

CREATE, UPLOAD, BATCHGET = "/card/create", "/cgi-bin/media/uploadimg", "/card/batchget"
Talk = tuple[tuple[str | tuple[int, int], str], ...]
"""What is said (a text, or a picture of so many pixels) and what is answered."""

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
    ("0571-1234567", "15/22 适用门店？写门店编号，用顿号隔开，不填是全部\n「跳过」不填，「上一步」"),
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
        "要改哪一项，发它的名字，如「提醒」\n"
        "回复「确认」提交，「取消」放弃（10 分钟内有效）",
    ),
    (
        "确认",
        "⏳「满50减10元代金券」已新建并送审，约 3 天，有结果会告诉你\n"
        "库存现在是 0：「库存 满50减10元代金券 +100」\n"
        "审核前自己先试：「试领 满50减10元代金券」",
    ),
)

GIFT: Talk = (
    ("create", '1/18 A new Friend\'s Voucher of which kind? "stop" puts it aside at any time\n1 money off\n2 exchange'),
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
    ("skip", '14/21 Which stores? Their ids with commas between; all if skipped\n"skip" leaves it out, "back"'),
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
        'Its stock is 0 now: "stock soy milk1cup +100"\n'
        'To try it before that: "try soy milk1cup"',
    ),
)
CASH_PREVIEW, GIFT_PREVIEW = CASH[-2][1], GIFT[-2][1]


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
