"""The demo world: constants that fit the protocol, and figures a merchant would believe."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta
from statistics import mean

import pytest
from time_machine import TimeMachineFixture

from bot.simulator import BOOKS, DEMO_COMPONENT, DEMO_PERSONS, DEMO_SHOPS, Simulator, demo_world
from bot.simulator.days import today
from bot.simulator.vouchers import STATUSES, base_info

LAKESIDE, COFFEE = DEMO_SHOPS


@pytest.fixture
def demo(time_machine: TimeMachineFixture) -> Iterator[Simulator]:
    time_machine.move_to("2026-11-22 04:00:00+00:00", tick=False)
    sim = Simulator()
    demo_world(sim, "http://127.0.0.1:8888/")
    yield sim
    sim.world.store.close()


def test_the_constants_are_what_the_settings_file_holds() -> None:
    assert [(shop.appid, shop.original_id, shop.name, shop.mode) for shop in DEMO_SHOPS] == [
        ("wx0123456789abcdef", "gh_0123456789ab", "湖畔面馆", "safe"),
        ("wxfedcba9876543210", "gh_ba9876543210", "老街咖啡", "safe"),
    ]
    assert LAKESIDE.token == "lakeside"
    for shop in DEMO_SHOPS:
        assert (len(shop.secret), len(shop.encoding_aes_key)) == (32, 43)
        key = base64.b64decode(shop.encoding_aes_key + "=")
        assert base64.b64encode(key).decode() == shop.encoding_aes_key + "="


def test_pushes_go_to_the_bot_under_each_appid(demo: Simulator) -> None:
    for shop in DEMO_SHOPS:
        assert demo.shop(shop.appid).callback_url == f"http://127.0.0.1:8888/wechat/{shop.appid}"
        assert shop.callback_url == ""


def test_a_third_shop_has_no_server_and_a_platform_to_join(demo: Simulator) -> None:
    assert demo.shop(BOOKS.appid).callback_url == ""
    assert [person.role for person in demo.world.people.of(BOOKS.appid)] == ["customer"] * 5
    assert len(demo.world.shelf.of(BOOKS.appid)) == 2
    component = demo.component
    assert component.events_url == "http://127.0.0.1:8888/component/events"
    assert component.messages(BOOKS.appid).url == f"http://127.0.0.1:8888/component/{BOOKS.appid}/messages"
    assert component.start_url == "http://127.0.0.1:8888/component/authorize"
    assert component.domain == "127.0.0.1"
    assert (DEMO_COMPONENT.events_url, DEMO_COMPONENT.domain) == ("", "")
    for key in (BOOKS.encoding_aes_key, DEMO_COMPONENT.encoding_aes_key):
        assert base64.b64encode(base64.b64decode(key + "=")).decode() == key + "="


def test_the_same_people_have_another_openid_in_each_shop() -> None:
    names = ["王芳", "张三", "李四", "赵敏", "小陈"]
    openids = [person.openid for persons in DEMO_PERSONS.values() for person in persons]
    for persons in DEMO_PERSONS.values():
        assert [person.name for person in persons] == names
        assert [person.role for person in persons] == ["owner", "manager", "clerk", "viewer", "customer"]
    assert len(set(openids)) == 10
    assert {len(openid) for openid in openids} == {28}


def test_each_shop_has_cash_and_gift_friends_vouchers_and_an_ordinary_coupon(demo: Simulator) -> None:
    for shop in DEMO_SHOPS:
        vouchers = demo.world.shelf.of(shop.appid)
        assert len(vouchers) >= 5
        assert {voucher.card["card_type"] for voucher in vouchers if voucher.friends} == {"CASH", "GIFT"}
        assert [voucher for voucher in vouchers if not voucher.friends]
        assert {voucher.source for voucher in vouchers} == {0, 1}
        for voucher in vouchers:
            base = base_info(voucher.card)
            assert 28 <= len(voucher.card_id) <= 29
            assert base["status"].removeprefix("CARD_STATUS_") in STATUSES
            assert base["brand_name"] == shop.name
            assert len(base["title"].encode()) <= 27
            assert len(base["notice"].encode()) <= 48
            assert base["date_info"]["end_timestamp"] > base["date_info"]["begin_timestamp"]


def test_titles_are_the_platforms_and_the_spring_voucher_is_there(demo: Simulator) -> None:
    titles = {voucher.title for voucher in demo.world.shelf.of(LAKESIDE.appid)}
    assert {"10元代金券", "豆浆1杯", "春节券"} <= titles


def test_the_history_reaches_120_days_back_and_ends_yesterday(demo: Simulator) -> None:
    for shop in DEMO_SHOPS:
        vouchers = demo.world.shelf.of(shop.appid)
        for source in (0, 1):
            days = [
                age
                for age in range(-1, 140)
                if demo.world.figures.of_account(shop.appid, vouchers, today() - timedelta(days=age), source)
            ]
            assert (min(days), max(days)) in {(1, 120), (1, 119), (2, 120)}
            assert 112 <= len(days) <= 120


def test_figures_are_the_same_at_every_start_and_hang_together(demo: Simulator) -> None:
    twin = Simulator()
    demo_world(twin, "http://127.0.0.1:8888")
    for voucher in demo.world.shelf.of(LAKESIDE.appid):
        for age in range(1, 121):
            day = today() - timedelta(days=age)
            figures = demo.world.figures.of_voucher(voucher, day, voucher.source)
            assert figures == twin.world.figures.of_voucher(voucher, day, voucher.source)
            if figures is None:
                continue
            assert figures["view_cnt"] > figures["receive_cnt"] >= figures["verify_cnt"]
            for topic in ("view", "receive", "verify", "given", "expire"):
                assert 0 <= figures[f"{topic}_user"] <= figures[f"{topic}_cnt"]
            assert figures["given_cnt"] == 0 or not voucher.friends
    twin.world.store.close()


def test_weekends_are_busier(demo: Simulator) -> None:
    vouchers = demo.world.shelf.of(LAKESIDE.appid)

    def views(weekday: int) -> float:
        days = [today() - timedelta(days=age) for age in range(1, 121)]
        found = [
            demo.world.figures.of_account(LAKESIDE.appid, vouchers, day, 1) for day in days if day.weekday() == weekday
        ]
        return mean(figures["view_cnt"] for figures in found if figures)

    assert views(5) > 1.3 * views(0)
