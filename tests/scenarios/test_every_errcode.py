"""Every documented errcode of every call: what happened and what to do, in the reader's language, never WeChat's words.

Source of the codes: the official pages of each call and the error page of "Cards & Offers", with the global list.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import time_machine

from bot.clock import WECHAT_ZONE
from bot.render import Renderer
from bot.simulator import Fault, cash_voucher
from tests.images import png
from tests.shop import PEOPLE, Shop

ERRMSG = "invalid something, please check document hint: [abc123ent2]"
ACCESS = (
    40003, 40013, 40164, 45035, 40097, 43001, 43002, 43003, 47001, 47002, 48001, 48004, 50001, 50002, 61003, 61007,
    45040, 45011, 45009,
)  # fmt: skip
"""Of every call; the last two end a call for the minute and the day, so that they come last."""
SKU = {"quantity": 500, "total_quantity": 500}


@dataclass(frozen=True)
class Talk:
    """What is said for ``path`` to be called, in both languages, and what that may be refused with."""

    path: str
    chinese: tuple[str, ...]
    english: tuple[str, ...]
    codes: tuple[int, ...]
    first: tuple[tuple[str, int], ...] = ()
    """Faults that have to come before, once: path and errcode."""

    def says(self, language: str) -> tuple[str, ...]:
        """The lines in this language."""
        return self.chinese if language == "zh_CN" else self.english


TALKS = (
    Talk(
        "card/update", ("修改 春节券 限领={n}", "确认"), ("update 春节券 get_limit={n}", "yes"),
        (40073, 40078, 40079, 40100, 40076, 40141, 52000, 40142, 40144, 40145, 45046, 40148, 40149, 40150, 40151,
         41011, 41012, 41026, 45021, 45043, 45044, 45030, 72066, 45095, 72014, 73209, 73211, 40066, 40098, 40072,
         45025, 46005, 65106, 72009, 73213),
    ),
    Talk("card/get", ("查看 {card_id}",), ("show {card_id}",), (40073, 41012)),
    Talk("card/batchget", ("卡券",), ("vouchers",), ()),
    Talk("card/delete", ("删除 {card_id}", "确认"), ("delete {card_id}", "yes"), (40078, 41012, 72066, 45095)),
    Talk(
        "card/modifystock", ("库存 {ordinary} +1", "确认"), ("stock {ordinary} +1", "yes"),
        (40073, 40122, 40070, 45041, 45095, 72014, 73208, 73210, 40136),
    ),
    Talk(
        "card/pay/getpayprice", ("库存 春节券 +1",), ("stock 春节券 +1",),
        (71001, 71002, 71003, 71004, 71005, 45030, 40078, 45041, 73208),
    ),
    Talk(
        "card/pay/confirm", ("库存 春节券 +1", "确认"), ("stock 春节券 +1", "yes"),
        (71001, 71002, 71003, 71004, 71005, 71008, 45041, 73208),
    ),
    Talk("card/pay/getcoinsinfo", ("券点",), ("credit",), (43014, 43015)),
    Talk("card/pay/activate", ("券点", "确认"), ("credit", "yes"), (71005, 73207)),
    Talk("card/pay/getorderlist", ("订单",), ("orders",), (71001,)),
    Talk("card/pay/recharge", ("充值 50", "确认"), ("topup 50", "yes"), (71001, 71006, 73206)),
    Talk("card/code/get", ("查码 {code}",), ("check {code}",), (40056, 40116, 41012, 41013, 40073)),
    Talk(
        "card/code/consume", ("核销 {code}", "确认"), ("redeem {code}", "yes"),
        (40079, 40147, 40146, 72020, 45030, 40071, 41012, 40099, 40127, 40056, 40116),
    ),
    Talk(
        "card/code/mark", ("核销 {code}", "确认"), ("redeem {code}", "yes"), (40146, 40056, 43018),
        first=(("card/code/consume", 43018),),
    ),
    Talk("card/code/unavailable", ("作废 {code}", "确认"), ("void {code}", "yes"), (40056, 40116, 41012, 40127)),
    Talk(
        "card/qrcode/create", ("投放 春节券",), ("issue 春节券",),
        (40053, 40073, 40078, 45029, 45031, 45039),
    ),
    Talk("card/testwhitelist/set", ("试领 春节券",), ("try 春节券",), (40003, 43009)),
    Talk(
        "card/create", ("复制 月券 标题=新券{n}", "确认"), ("copy 月券 title=New{n}", "yes"),
        (40071, 40076, 40079, 40137, 40141, 52000, 40142, 40143, 40148, 40149, 40150, 40151, 40158, 41026,
         43009, 43012, 43015, 45021, 45025, 45042, 45043, 45044, 45160, 72006, 72007, 72008, 72009, 73211, 73213),
    ),
    Talk(
        "cgi-bin/poi/getpoilist", ("门店",), ("stores",),
        (46005, 65104, 65105, 65106, 65107, *range(65109, 65121)),
    ),
    Talk("card/submerchant/batchget", ("子商户",), ("submerchants",), ()),
    Talk("card/submerchant/get", ("子商户 12",), ("submerchants 12",), (40140,)),
    Talk("card/getapplyprotocol", ("子商户 新增",), ("submerchants new",), (43014,)),
    Talk("datacube/getcardbizuininfo", ("统计",), ("stats",), (61500, 61501, 61503)),
    Talk("datacube/getcardcardinfo", ("统计 春节券",), ("stats 春节券",), (61500, 61501, 61503, 40073)),
)  # fmt: skip

OWN_WORDS = {
    ("card/get", 40073): (
        "没有找到「{card_id}」。发送「卡券」可以看到全部。",
        'No voucher is called "{card_id}". "vouchers" lists them all.',
    ),
    ("card/code/get", 40056): (
        "没有 {grouped} 这个券码\n请对一下数字；已转赠的券要用朋友手里的新券码",
        "There is no code {grouped}\nCompare the digits; of a voucher given away, the friend's new code counts",
    ),
    ("datacube", 61500): (
        "微信不接受 11月21日 到 11月21日 这段日期，数字没有取到。\n换一段再试：「统计 昨天」「统计 7天」",
        "WeChat does not accept the days 21 Nov to 21 Nov; nothing was read.\n"
        "Other days may do: stats yesterday, stats 7d",
    ),
    ("datacube", 61501): (
        "微信还没给出\n一般上午 8–10 点（北京时间）以后才有，到时再发一次就行\n",
        "not ready yet\nThey usually come after 8–10 in the morning, Beijing time; send the same words again then\n",
    ),
}
"""Where a command knows better than the table."""
OWN_WORDS |= {("card/code/get", errcode): OWN_WORDS["card/code/get", 40056] for errcode in (40116, 41012)}
OWN_WORDS[("datacube", 61503)] = OWN_WORDS["datacube", 61501]


def explained(errcode: int, language: str) -> str:
    """What stands in the table of errcodes."""
    return Renderer().render("errcodes.explain", {"errcode": errcode}, language, WECHAT_ZONE)


@pytest.fixture
async def names(shop: Shop) -> dict[str, str]:
    """A Friend's Voucher, one of its codes, an ordinary coupon; coins to buy stock with."""
    shop.simulator.set_coins(shop.appid, "500", "0")
    card_id = shop.has_voucher("春节券", sku=SKU)
    card = cash_voucher("湖畔面馆", 500, title="月券", friends=False, base={"sku": SKU})
    ordinary = shop.simulator.add_voucher(shop.appid, card, "VERIFY_OK")
    code = await shop.simulator.claim(shop.appid, PEOPLE["customer"][0], card_id)
    grouped = f"{code[:4]} {code[4:8]} {code[8:]}"
    return {"card_id": card_id, "ordinary": ordinary, "code": code, "grouped": grouped}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk.path)
async def test_in_words_with_what_to_do(
    shop: Shop, names: dict[str, str], talk: Talk, language: str, clock: time_machine.Traveller
) -> None:
    if language == "en":
        await shop.speaks_english()
    wrong = []
    for number, errcode in enumerate((*talk.codes, *ACCESS)):
        clock.shift(61)
        answer = await answered(shop, names | {"n": str(2 + number % 48)}, talk, language, errcode)
        if expected(talk, errcode, language).format(**names) not in answer or "invalid" in answer or "hint" in answer:
            wrong.append((errcode, answer))
    assert wrong == []


def expected(talk: Talk, errcode: int, language: str) -> str:
    """What the answer has to say."""
    area = "datacube" if talk.path.startswith("datacube") else talk.path
    own = OWN_WORDS.get((area, errcode))
    return own[language == "en"] if own else explained(errcode, language)


async def answered(shop: Shop, names: dict[str, str], talk: Talk, language: str, errcode: int) -> str:
    """What the owner reads when the call is refused so."""
    if talk.path == "card/pay/activate":
        shop.simulator.set_coins(shop.appid, "0", "0")
    *before, last = (line.format(**names) for line in talk.says(language))
    for line in before:
        await shop.owner.says(line)
    for path, first in talk.first:
        shop.simulator.fault(path, Fault(errcode=first))
    shop.simulator.fault(talk.path, Fault(errcode=errcode, errmsg=ERRMSG), times=None)
    try:
        return await shop.owner.says(last)
    finally:
        shop.simulator.clear_faults()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("path", ["cgi-bin/media/uploadimg", "cgi-bin/media/get"])
async def test_pictures_in_words_with_what_to_do(
    shop: Shop, path: str, language: str, clock: time_machine.Traveller
) -> None:
    if language == "en":
        await shop.speaks_english()
    for words in ("create", "1", "10", "skip", "skip", "skip", "skip", "1"):
        question = await shop.owner.says(words)
    assert question.startswith("8/")
    for errcode in (40009, 40137, 41005, *ACCESS):
        clock.shift(61)
        shop.simulator.fault(path, Fault(errcode=errcode, errmsg=ERRMSG), times=None)
        answer = (await shop.simulator.picture(shop.appid, shop.owner.openid, png(300, 300))).text
        shop.simulator.clear_faults()
        assert explained(errcode, language) in answer


@pytest.mark.parametrize("errcode", [-1, 40001, 42001])
@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk.path)
async def test_busy_and_tokens(shop: Shop, names: dict[str, str], talk: Talk, errcode: int) -> None:
    """Nothing of WeChat's words, and what to do: whether it was done depends on the call."""
    answer = await answered(shop, names | {"n": "7"}, talk, "zh_CN", errcode)
    assert "hint" not in answer
    assert "invalid" not in answer
    assert answer.endswith("。") or "\n" in answer
