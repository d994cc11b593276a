"""Whatever is proposed, WeChat takes it as it is sent, and card/get then shows all of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from bot.simulator.cards_update import update_card
from bot.simulator.model import Shop
from bot.simulator.shelf import Voucher as Shelved
from bot.simulator.vouchers import cash_voucher, gift_voucher
from bot.simulator.world import World
from bot.vouchers.changes import body, unseen
from bot.vouchers.fields import FIELDS, Kind
from bot.vouchers.model import Voucher
from bot.vouchers.rules import propose, weigh

WEEKDAYS = ["周一", "周二", "周三", "星期四", "礼拜五", "Saturday", "周日", "节假日"]
TEXT = some.text(some.characters(codec="utf-8", exclude_characters="\\\r\n刷代"), min_size=1, max_size=12).filter(
    str.strip
)
PICTURES = some.sampled_from(["http://mmbiz.qpic.cn/a/0", "https://mmbiz.qlogo.cn/b/0?wx_fmt=png"])
CAPTION = some.sampled_from(["手擀面", "先煮，再拌", "每日现做、限量", "Fresh"])
HOURS = some.sampled_from(["", " 10:00-20:59", " 00:00-24:00", " 9:30-11:00"])

PAIRS = some.fixed_dictionaries(
    {},
    optional={
        "logo_url": PICTURES,
        "提醒": TEXT,
        "使用须知": TEXT,
        "颜色": some.sampled_from(["绿色", "Color020", "#CC463D", "灰色"]),
        "客服电话": some.from_regex(r"\A[0-9]{3,20}\Z"),
        "门店": some.lists(some.integers(1, 10**9), max_size=6).map(lambda ids: "、".join(map(str, ids)) or "无"),
        "推广入口": some.sampled_from(["菜单", "More", "空"]),
        "推广链接": some.sampled_from(["www.qq.com", "https://example.com/a?b=c", "无"]),
        "码型": some.sampled_from(["二维码", "条形码", "文本", "仅二维码", "仅条形码", "无"]),
        "限领": some.integers(1, 50).map(str),
        "可分享": some.sampled_from(["是", "否"]),
        "开始": some.sampled_from(["2025-12-01", "2026-01-01"]),
        "结束": some.sampled_from(["2027-03-01", "3月15日", "2027-02-28"]),
        "封面简介": some.sampled_from(["每人一张", "Noodles"]),
        "封面图": PICTURES,
        "图文": some.lists(some.tuples(PICTURES, CAPTION), min_size=1, max_size=4).map(
            lambda entries: "、".join(f"{url} {text}" for url, text in entries)
        ),
        "服务": some.lists(some.sampled_from(["外卖", "停车", "宠物", "WiFi"]), unique=True).map(
            lambda names: "、".join(names) or "无"
        ),
        "时段": some.dictionaries(some.sampled_from(WEEKDAYS), HOURS, max_size=5).map(
            lambda days: "、".join(day + hours for day, hours in days.items()) or "不限"
        ),
        "再送本券": some.sampled_from(["0", "1"]),
    },
)

READ = [field.name for field in FIELDS if field.kind not in (Kind.GROUP, Kind.FIXED)]


@pytest.fixture(scope="module", autouse=True)
def frozen() -> Iterator[None]:
    """One moment for our clock and WeChat's."""
    with time_machine.travel("2026-11-22T06:02:00Z", tick=False):
        yield


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PAIRS, some.booleans())
def test_wechat_takes_what_is_sent_and_shows_it(pairs: dict[str, str], gift: bool) -> None:
    world, shop = World(), Shop("wx1", "gh_1", "面馆", "s", "t", "a" * 43)
    dates = {"type": "DATE_TYPE_FIX_TIME_RANGE", "begin_timestamp": 1767196800, "end_timestamp": 1803830399}
    base = {"date_info": dates}
    card = gift_voucher("面馆", "豆浆", base=base) if gift else cash_voucher("面馆", 1000, base=base)
    shelved = Shelved(shop.appid, card)
    world.shelf.add(shelved)
    voucher = Voucher.of(copy.deepcopy(card))

    proposal = propose(voucher, pairs)

    assert proposal.problems == ()
    if not proposal.changes:
        return
    sent = json.loads(json.dumps(body(voucher, proposal.changes)))
    reviewed = update_card(world, shop, shelved, {"card_id": voucher.card_id, voucher.type_key: sent})
    after = Voucher.of(shelved.card)
    assert unseen(after, proposal.changes) == ()
    assert reviewed == proposal.review
    # Asked for once more, nothing of it is a change any longer, and what was never asked for is as before.
    assert propose(after, pairs).changes == ()
    wanted = {change.field.name: change.before for change in proposal.changes if change.before is not None}
    put_back = {change.field.name for change in weigh(after, wanted).changes}
    assert put_back <= {change.field.name for change in proposal.changes}


@settings(max_examples=100, deadline=None)
@given(PAIRS, some.dictionaries(some.text(max_size=12), some.text(max_size=40), max_size=3))
def test_whatever_is_typed_is_judged_and_never_crashes(pairs: dict[str, str], junk: dict[str, str]) -> None:
    proposal = propose(Voucher.of(cash_voucher("面馆", 1000)), {**junk, **pairs})

    json.dumps(proposal.payload(), ensure_ascii=False).encode()


@settings(max_examples=200, deadline=None)
@given(some.sampled_from(READ), some.text(max_size=40))
def test_any_text_as_a_value_is_read_or_refused(name: str, raw: str) -> None:
    proposal = propose(Voucher.of(cash_voucher("面馆", 1000)), {name: raw})

    assert proposal.problems or proposal.changes or proposal.unchanged
