"""datacube: which ranges are refused, what a day looks like, and what the switches change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from time_machine import TimeMachineFixture

from bot.simulator import Simulator
from tests.simulator.conftest import CASH, GIFT, NOODLES, PLAIN, WANG, Api, ShopServer

ACCOUNT, CARDS = "/datacube/getcardbizuininfo", "/datacube/getcardcardinfo"
TEN = {"view": 40, "receive": 12, "verify": 3, "given": 0, "expire": 0}
DAY = {f"{topic}_{unit}": number for topic, number in TEN.items() for unit in ("cnt", "user")}


@pytest.fixture(autouse=True)
def noon(time_machine: TimeMachineFixture) -> Iterator[TimeMachineFixture]:
    """2026-11-22, 12:00 in UTC+8."""
    time_machine.move_to("2026-11-22 04:00:00+00:00", tick=False)
    yield time_machine


def asked(begin: Any, end: Any, source: Any = 1, **more: Any) -> dict[str, Any]:
    return {"begin_date": begin, "end_date": end, "cond_source": source, **more}


@pytest.mark.parametrize("path", [ACCOUNT, CARDS])
class TestRefusals:
    @pytest.mark.parametrize(
        ("begin", "end", "errcode", "errmsg"),
        [
            ("2026-11-1", "2026-11-21", 61500, "date format error"),
            ("20261101", "2026-11-21", 61500, "date format error"),
            ("2026-11-31", "2026-11-21", 61500, "date format error"),
            ("２０２６-11-01", "2026-11-21", 61500, "date format error"),
            (20261101, "2026-11-21", 61500, "date format error"),
            (None, "2026-11-21", 61500, "date format error"),
            ("2026-11-21", "2026-11-20", 61501, "date range error"),
            ("2026-11-21", "2026-11-22", 61501, "date range error"),
            ("2026-11-23", "2026-11-23", 61501, "date range error"),
            ("2026-09-20", "2026-11-21", 61501, "date range error"),
        ],
    )
    async def test_dates(self, api: Api, path: str, begin: Any, end: Any, errcode: int, errmsg: str) -> None:
        answer = await api.post(path, asked(begin, end))
        assert (answer["errcode"], answer["errmsg"].partition(" hint")[0]) == (errcode, errmsg)

    async def test_62_days_counting_both_ends_are_allowed(self, api: Api, path: str) -> None:
        assert await api.post(path, asked("2026-09-21", "2026-11-21")) == {"list": []}

    @pytest.mark.parametrize("source", [2, -1, "1", None, True])
    async def test_sources(self, api: Api, path: str, source: Any) -> None:
        assert (await api.post(path, asked("2026-11-20", "2026-11-21", source)))["errcode"] == 40097

    async def test_yesterday_is_not_ready_before_eight(
        self, sim: Simulator, api: Api, path: str, noon: TimeMachineFixture
    ) -> None:
        noon.move_to("2026-11-21 23:59:00+00:00", tick=False)
        refused = await api.post(path, asked("2026-11-20", "2026-11-21"))
        assert refused["errcode"] == 61503
        assert refused["errmsg"].startswith("data not ready, please try later")
        assert await api.post(path, asked("2026-11-20", "2026-11-20")) == {"list": []}

        noon.move_to("2026-11-22 00:00:00+00:00", tick=False)
        assert await api.post(path, asked("2026-11-20", "2026-11-21")) == {"list": []}

    async def test_not_ready_may_be_an_empty_list(
        self, sim: Simulator, api: Api, path: str, noon: TimeMachineFixture
    ) -> None:
        noon.move_to("2026-11-21 23:59:00+00:00", tick=False)
        sim.readings.not_ready_is_empty = True
        for day in ("2026-11-20", "2026-11-21"):
            sim.set_figures(NOODLES, CASH, day, 1, DAY)

        days = [row["ref_date"] for row in (await api.post(path, asked("2026-11-20", "2026-11-21")))["list"]]
        assert days == ["2026-11-20"]


async def test_a_voucher_of_another_shop_or_none_is_refused(api: Api) -> None:
    for card_id, errcode in (("pNobody", 40073), (7, 47001)):
        assert (await api.post(CARDS, asked("2026-11-20", "2026-11-21", card_id=card_id)))["errcode"] == errcode


async def test_the_odd_error_body_of_the_founding_document(sim: Simulator, api: Api) -> None:
    sim.readings.odd_date_errors = True

    assert await api.post(CARDS, asked("2026", "2026")) == {"errcode": "date format error"}
    assert (await api.post(CARDS, asked("2026-11-22", "2026-11-22")))["errcode"] == 61501


async def test_a_day_shows_the_ten_counters_and_days_without_figures_are_missing(sim: Simulator, api: Api) -> None:
    for day in ("2026-11-19", "2026-11-21"):
        sim.set_figures(NOODLES, CASH, day, 1, DAY)

    assert (await api.post(CARDS, asked("2026-11-18", "2026-11-21", card_id=CASH)))["list"] == [
        {"ref_date": "2026-11-19", "card_id": CASH, "card_type": 1, **DAY},
        {"ref_date": "2026-11-21", "card_id": CASH, "card_type": 1, **DAY},
    ]
    assert (await api.post(CARDS, asked("2026-11-18", "2026-11-21", 0, card_id=CASH)))["list"] == []


async def test_without_a_card_all_vouchers_of_the_source_are_shown(sim: Simulator, api: Api) -> None:
    sim.set_figures(NOODLES, CASH, "2026-11-21", 1, DAY)
    sim.set_figures(NOODLES, PLAIN, "2026-11-21", 1, DAY)
    sim.set_figures(NOODLES, GIFT, "2026-11-21", 0, DAY)

    rows = (await api.post(CARDS, asked("2026-11-21", "2026-11-21")))["list"]
    assert {(row["card_id"], row["card_type"]) for row in rows} == {(CASH, 1), (PLAIN, 3)}
    rows = (await api.post(CARDS, asked("2026-11-21", "2026-11-21", 0)))["list"]
    assert [(row["card_id"], row["card_type"]) for row in rows] == [(GIFT, 2)]


async def test_the_account_sums_counts_and_counts_people_once(sim: Simulator, api: Api) -> None:
    sim.set_figures(NOODLES, CASH, "2026-11-21", 1, {"verify_cnt": 50, "verify_user": 50})
    sim.set_figures(NOODLES, PLAIN, "2026-11-21", 1, {"verify_cnt": 50, "verify_user": 50})

    (row,) = (await api.post(ACCOUNT, asked("2026-11-21", "2026-11-21")))["list"]
    assert (row["verify_cnt"], row["verify_user"], row["view_cnt"]) == (100, 93, 0)
    assert set(row) == {"ref_date", *DAY}


async def test_the_account_can_be_set_outright_and_emptied(sim: Simulator, api: Api) -> None:
    sim.set_figures(NOODLES, CASH, "2026-11-21", 1, DAY)
    sim.set_figures(NOODLES, None, "2026-11-21", 1, DAY | {"view_cnt": 99})
    assert (await api.post(ACCOUNT, asked("2026-11-21", "2026-11-21")))["list"] == [
        {"ref_date": "2026-11-21", **DAY, "view_cnt": 99}
    ]

    sim.set_figures(NOODLES, None, "2026-11-21", 1, {})
    assert (await api.post(ACCOUNT, asked("2026-11-21", "2026-11-21")))["list"] == []


async def test_unknown_counters_and_days_cannot_be_set(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="unknown counters"):
        sim.set_figures(NOODLES, CASH, "2026-11-21", 1, {"views": 1})
    with pytest.raises(ValueError, match="isoformat"):
        sim.set_figures(NOODLES, CASH, "21.11.2026", 1, DAY)


async def test_undocumented_counters_appear_when_switched_on(sim: Simulator, api: Api) -> None:
    sim.readings.friend_figures = True
    sim.set_figures(NOODLES, CASH, "2026-11-21", 1, DAY | {"view_friends_cnt": 7})

    (account,) = (await api.post(ACCOUNT, asked("2026-11-21", "2026-11-21")))["list"]
    (card,) = (await api.post(CARDS, asked("2026-11-21", "2026-11-21")))["list"]
    assert (account["view_friends_cnt"], account["receive_friends_user"]) == (20, 6)
    assert (card["isfriendscard"], card["is_pay"], card["verify_noself_cnt"]) == (1, 0, 1)


async def test_what_customers_do_is_in_tomorrows_figures(
    sim: Simulator, api: Api, server: ShopServer, noon: TimeMachineFixture
) -> None:
    for openid, code in ((WANG, "1"), (WANG, "2"), ("oSomebody", "3")):
        await sim.event(NOODLES, openid, "user_get_card", {"CardId": CASH, "UserCardCode": code})
    claim = await sim.event(NOODLES, WANG, "user_consume_card", {"CardId": CASH, "UserCardCode": "1"})
    await sim.push(NOODLES, claim.elements)  # the same event once more
    noon.shift(86400)
    api.token = ""

    (row,) = (await api.post(CARDS, asked("2026-11-22", "2026-11-22", card_id=CASH)))["list"]
    assert (row["receive_cnt"], row["receive_user"], row["verify_cnt"], row["verify_user"]) == (3, 2, 1, 1)
