"""The example answers of "Friend's Vouchers Management APIs", byte for byte: what is told of them, computed by hand.

The document indents its examples with no-break spaces, which are no white space in JSON.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from bot.simulator import Simulator
from bot.stats.days import DayRange
from bot.stats.figures import Figures, PeopleOfDay, Row, Source
from bot.stats.summary import Rate, summarize
from bot.store import Store
from tests.shop import Shop, open_shop

SAMPLES = Path(__file__).parent / "samples"
ASKED = DayRange(date(2015, 6, 15), date(2015, 6, 30))
THE_DAY = date(2015, 6, 23)
CARD_ID = "po8pktyDLmakNY2fn2VyhkiEPqGE"
COUNTED = {
    "view_cnt": 1, "view_user": 1, "receive_cnt": 1, "receive_user": 1, "verify_cnt": 0, "verify_user": 0,
    "given_cnt": 0, "given_user": 0, "expire_cnt": 0, "expire_user": 0,
}  # fmt: skip


@dataclass
class Document:
    """Answers the two data calls of vouchers made in the console (cond_source 0) as the document does."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)


class Answering(RequestHandler):
    """Any path."""

    def initialize(self, document: Document) -> None:
        self.document = document

    def post(self) -> None:
        self.set_header("Content-Type", "application/json; encoding=utf-8")
        call = self.request.path.rpartition("/")[2]
        if call == "stable_token":
            self.write(b'{"access_token":"T","expires_in":7200}')
            return
        body = json.loads(self.request.body)
        self.document.asked.append(body)
        self.write((SAMPLES / f"{call}.json").read_bytes() if body["cond_source"] == 0 else b'{"list":[]}')


@pytest.fixture
async def document() -> AsyncIterator[Document]:
    """The document, listening."""
    found = Document()
    sockets = bind_sockets(0, "127.0.0.1")
    server = HTTPServer(Application([(".*", Answering, {"document": found})]))
    server.add_sockets(sockets)
    found.url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    yield found
    server.stop()
    await server.close_all_connections()


@pytest.fixture
async def shop(
    simulator: Simulator, clock: time_machine.Traveller, store: Store, redis_server: str, document: Document
) -> AsyncIterator[Shop]:
    """A shop of July 2015 whose WeChat is the document."""
    assert await store.do("DBSIZE") == 0
    clock.move_to("2015-07-02T12:00:00+08:00")
    async with open_shop(simulator, redis_server, wechat={"api_base_url": document.url}) as opened:
        yield opened


def test_the_samples_are_the_documents_bytes() -> None:
    """Indented with no-break spaces, one between name and value."""
    for name in ("getcardbizuininfo", "getcardcardinfo"):
        raw = (SAMPLES / f"{name}.json").read_bytes()
        assert b'\xc2\xa0"ref_date":\xc2\xa0"2015-06-23",\n' in raw
        with pytest.raises(ValueError, match="Expecting"):
            json.loads(raw)


async def test_the_account(shop: Shop, document: Document) -> None:
    figures = await shop.app.services[shop.appid].stats.figures(ASKED)

    assert figures == Figures(ASKED, (Row(THE_DAY, Source.CONSOLE, "", COUNTED),))
    assert sorted(document.asked, key=lambda body: body["cond_source"]) == [
        {"begin_date": "2015-06-15", "end_date": "2015-06-30", "cond_source": source} for source in (0, 1)
    ]


async def test_one_voucher(shop: Shop, document: Document) -> None:
    figures = await shop.app.services[shop.appid].stats.figures(ASKED, CARD_ID)

    assert figures == Figures(ASKED, (Row(THE_DAY, Source.CONSOLE, CARD_ID, COUNTED),))
    example = {"begin_date": "2015-06-15", "end_date": "2015-06-30", "cond_source": 0, "card_id": CARD_ID}
    assert example in document.asked


async def test_what_it_adds_up_to(shop: Shop) -> None:
    figures = await shop.app.services[shop.appid].stats.figures(ASKED)
    told = summarize(figures)

    assert {kind: line.count for kind, line in told.kinds.items()} == {
        "view": 1, "receive": 1, "verify": 0, "given": 0, "expire": 0,
    }  # fmt: skip
    assert told.active == (Source.CONSOLE,)
    assert (told.claim_rate, told.redemption_rate) == (Rate(1.0), Rate(0.0))
    assert figures.people("view", Source.CONSOLE) == PeopleOfDay(1, 1, THE_DAY)
    assert figures.people("view", Source.API) is None
    assert told.missing == [DayRange(ASKED.first, date(2015, 6, 22)), DayRange(date(2015, 6, 24), ASKED.last)]
    assert (told.missing_days, told.best_day, told.friends) == (15, None, {})


async def test_what_the_shop_reads(shop: Shop) -> None:
    assert await shop.viewer.says("统计 6.23") == (
        "6月23日（周二）\n"
        "核销 0 张\n"
        "浏览 1 · 领取 1 · 核销 0\n"
        "领取率 100%（按人）· 核销率 0%\n"
        "微信后台 0 · 接口 0（核销）\n"
        "「统计 2015-06-23 全部」看十项 · 「走势 7天」看图"
    )
    assert await shop.viewer.says("统计 2015-06-15 2015-06-30 全部") == (
        "6月15日–6月30日\n"
        "核销 0 张\n"
        "浏览 1 次 · 微信后台 日均 1 人，6月23日最多 1 人\n"
        "领取 1 次 · 微信后台 日均 1 人，6月23日最多 1 人\n"
        "核销 0 次 · 微信后台 日均 0 人\n"
        "转赠 0 次 · 微信后台 日均 0 人\n"
        "过期 0 次 · 微信后台 日均 0 人\n"
        "人数是每天的平均：同一个人第二天会再算一次，不能相加\n"
        "没有数据：6月15日–6月22日、6月24日–6月30日（多半没人看、领、用券）"
    )
    assert await shop.viewer.says("排行 2015-06-15 2015-06-30") == (
        "6月15日–6月30日没有核销，排不出名次\n"
        "「统计 2015-06-15 2015-06-30」看浏览和领取 · 「排行 30天」看更长的时间"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("stats 6.23") == (
        "Tue 23 Jun\n"
        "Redeemed 0\n"
        "Viewed 1 · claimed 1 · redeemed 0\n"
        "Claim rate 100% (of people) · redemption rate 0%\n"
        "Console 0 · API 0 (redeemed)\n"
        "All ten counters: stats 2015-06-23 all · picture: chart 7d"
    )
