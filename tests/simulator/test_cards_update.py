"""card/update: every row of the two field tables, what is refused and with which code, what goes to review."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bot.simulator import Shop, Simulator, cash_voucher, gift_voucher
from bot.simulator.cards_update import ADVANCED, BASE
from bot.simulator.vouchers import COLOURS
from tests.simulator.conftest import CASH, GIFT, NOODLES, PLAIN, Api, ShopServer

CDN = "http://mmbiz.qpic.cn/mmbiz/abc/0"
OTHER = "pOther0000000000000000000004"
DAY = 86400

BASE_REFUSALS: list[tuple[str, Any, int]] = [
    ("logo_url", "http://example.com/logo.png", 52000),
    ("logo_url", "http://mmbiz.qpic.cn.example.com/logo.png", 52000),
    ("logo_url", "logo.png", 40141),
    ("logo_url", "", 40141),
    ("logo_url", CDN + "a" * 128, 45021),
    ("logo_url", 7, 47001),
    ("notice", "好" * 17, 45021),
    ("notice", 1, 47001),
    ("notice", "帮人刷单", 40151),
    ("description", "好" * 1025, 45021),
    ("description", None, 47001),
    ("color", "#63b359", 40076),
    ("color", "Color011", 40076),
    ("color", 10, 47001),
    ("service_phone", "1" * 25, 45021),
    ("location_id_list", 271262077, 47001),
    ("location_id_list", ["271262077"], 40072),
    ("location_id_list", [0], 40072),
    ("location_id_list", [1, 1], 40072),
    ("location_id_list", [True], 40072),
    ("center_title", "好" * 7, 45021),
    ("center_sub_title", "好" * 9, 45021),
    ("center_url", "h" * 129, 45021),
    ("custom_url_name", "好" * 6, 45021),
    ("custom_url", "h" * 129, 45021),
    ("custom_url_sub_title", "好" * 7, 45021),
    ("promotion_url_name", "好" * 6, 45021),
    ("promotion_url", "h" * 129, 45021),
    ("promotion_url_sub_title", "好" * 7, 45021),
    ("code_type", "CODE_TYPE_AZTEC", 73213),
    ("code_type", 1, 47001),
    ("get_limit", 51, 72009),
    ("get_limit", 0, 40097),
    ("get_limit", "1", 47001),
    ("get_limit", True, 47001),
    ("can_share", 1, 47001),
    ("can_give_friend", "false", 47001),
    ("date_info", {}, 41011),
    ("date_info", "2026", 47001),
]

ADVANCED_REFUSALS: list[tuple[str, Any, int]] = [
    ("abstract", {"abstract": "面"}, 41011),
    ("abstract", {"icon_url_list": [CDN]}, 41011),
    ("abstract", {"abstract": "好" * 21, "icon_url_list": [CDN]}, 45021),
    ("abstract", {"abstract": "面", "icon_url_list": []}, 45044),
    ("abstract", {"abstract": "面", "icon_url_list": [CDN, CDN]}, 45044),
    ("abstract", {"abstract": "面", "icon_url_list": ["http://example.com/a.png"]}, 52000),
    ("abstract", {"abstract": "面", "icon_url_list": CDN}, 47001),
    ("abstract", {"abstract": "面", "icon_url_list": [CDN], "colour": "red"}, 40097),
    ("text_image_list", [], 41026),
    ("text_image_list", {}, 47001),
    ("text_image_list", ["text"], 47001),
    ("text_image_list", [{"text": "面"}], 41011),
    ("text_image_list", [{"image_url": "http://example.com/a.png", "text": "面"}], 52000),
    ("text_image_list", [{"image_url": CDN, "text": "好" * 1025}], 45021),
    ("text_image_list", [{"image_url": CDN, "title": "面"}], 40097),
    ("business_service", ["BIZ_SERVICE_SAUNA"], 40097),
    ("business_service", ["BIZ_SERVICE_DELIVER"] * 2, 40097),
    ("business_service", "BIZ_SERVICE_DELIVER", 47001),
    ("time_limit", [{"type": "SOMEDAY"}], 40149),
    ("time_limit", [{}], 40149),
    ("time_limit", ["MONDAY"], 47001),
    ("time_limit", {"type": "MONDAY"}, 47001),
    ("time_limit", [{"type": "MONDAY"}, {"type": "MONDAY"}], 40149),
    ("time_limit", [{"type": "MONDAY", "begin_hour": 10}], 40149),
    ("time_limit", [{"type": "MONDAY", "begin_hour": 10, "begin_minute": 0, "end_hour": 24, "end_minute": 0}], 40149),
    ("time_limit", [{"type": "MONDAY", "begin_hour": 20, "begin_minute": 0, "end_hour": 10, "end_minute": 0}], 40149),
    ("time_limit", [{"type": "MONDAY", "hours": "10-20"}], 40149),
    ("consume_share_self_num", 2, 40144),
    ("consume_share_self_num", -1, 40144),
    ("consume_share_self_num", "1", 47001),
    ("consume_share_card_list", [{"card_id": OTHER, "num": 1}, {"card_id": GIFT, "num": 1}], 40144),
    ("consume_share_card_list", [{"card_id": GIFT, "num": 2}], 40144),
    ("consume_share_card_list", [{"card_id": CASH, "num": 1}], 40144),
    ("consume_share_card_list", [{"card_id": "pNobody", "num": 1}], 40142),
    ("consume_share_card_list", [{"card_id": PLAIN, "num": 1}], 40142),
    ("consume_share_card_list", [{"card_id": GIFT}], 41011),
    ("consume_share_card_list", [{"card_id": GIFT, "num": "1"}], 47001),
    ("consume_share_card_list", {"card_id": GIFT, "num": 1}, 47001),
]

BASE_CHANGES: list[tuple[str, Any, bool]] = [
    ("logo_url", CDN, True),
    ("notice", "好" * 16, True),
    ("description", "好" * 1024, True),
    ("color", "Color102", True),
    ("service_phone", "1" * 24, False),
    ("location_id_list", [272981040, 400183234], False),
    ("center_title", "好" * 6, False),
    ("center_sub_title", "好" * 8, False),
    ("center_url", "www.qq.com", False),
    ("custom_url_name", "好" * 5, False),
    ("custom_url", "http://www.qq.com", False),
    ("custom_url_sub_title", "好" * 6, False),
    ("promotion_url_name", "好" * 5, False),
    ("promotion_url", "http://www.qq.com", False),
    ("promotion_url_sub_title", "好" * 6, False),
    *(
        ("code_type", f"CODE_TYPE_{kind}", False)
        for kind in ("TEXT", "BARCODE", "QRCODE", "ONLY_QRCODE", "ONLY_BARCODE", "NONE")
    ),
    ("get_limit", 50, False),
    ("can_share", True, False),
    ("can_give_friend", True, False),
]

ADVANCED_CHANGES: list[tuple[str, Any, bool]] = [
    ("abstract", {"abstract": "好" * 20, "icon_url_list": [CDN]}, False),
    ("text_image_list", [{"image_url": CDN, "text": "好" * 1024}, {"image_url": CDN}], False),
    ("business_service", ["BIZ_SERVICE_DELIVER", "BIZ_SERVICE_FREE_PARK"], False),
    ("business_service", [], False),
    ("time_limit", [{"type": "MONDAY"}, {"type": "HOLIDAY"}], True),
    (
        "time_limit",
        [
            {"type": "MONDAY", "begin_hour": 10, "begin_minute": 0, "end_hour": 14, "end_minute": 0},
            {"type": "MONDAY", "begin_hour": 17, "begin_minute": 30, "end_hour": 23, "end_minute": 59},
        ],
        True,
    ),
    ("consume_share_self_num", 1, True),
    ("consume_share_card_list", [{"card_id": GIFT, "num": 1}], True),
    ("consume_share_card_list", [], True),
]


def test_every_row_of_the_tables_is_tried_both_ways() -> None:
    for table, refusals, changes in (
        (BASE, BASE_REFUSALS, BASE_CHANGES),
        (ADVANCED, ADVANCED_REFUSALS, ADVANCED_CHANGES),
    ):
        assert {name for name, _, _ in refusals} == set(table)
        assert {name for name, _, _ in changes} | {"date_info"} >= set(table)


async def refuses(api: Api, errcode: int, card_id: str = CASH, key: str = "cash", **sections: Any) -> None:
    """The call answers ``errcode`` and the voucher is what it was."""
    before = copy.deepcopy(await api.card(card_id))
    assert (await api.update(card_id, key, **sections))["errcode"] == errcode
    assert await api.card(card_id) == before


@pytest.mark.parametrize(("name", "value", "errcode"), BASE_REFUSALS)
async def test_refuses_in_base_info(sim: Simulator, api: Api, name: str, value: Any, errcode: int) -> None:
    await refuses(api, errcode, base_info={"service_phone": "1", name: value})
    assert sim.reviews(NOODLES) == []


@pytest.mark.parametrize(("name", "value", "errcode"), ADVANCED_REFUSALS)
async def test_refuses_in_advanced_info(sim: Simulator, api: Api, name: str, value: Any, errcode: int) -> None:
    sim.add_voucher(NOODLES, gift_voucher("面馆", "卤蛋", card_id=OTHER))
    await refuses(api, errcode, base_info={"service_phone": "1"}, advanced_info={name: value})
    assert sim.reviews(NOODLES) == []


@pytest.mark.parametrize(("name", "value", "review"), BASE_CHANGES)
async def test_changes_base_info(api: Api, name: str, value: Any, review: bool) -> None:
    assert await api.update(base_info={name: value}) == {"errcode": 0, "errmsg": "ok", "send_check": review}

    base = (await api.card())["base_info"]
    assert base[name] == (COLOURS[value] if name == "color" else value)
    assert base["status"] == ("CARD_STATUS_NOT_VERIFY" if review else "CARD_STATUS_VERIFY_OK")


@pytest.mark.parametrize(("name", "value", "review"), ADVANCED_CHANGES)
async def test_changes_advanced_info(api: Api, name: str, value: Any, review: bool) -> None:
    assert (await api.update(advanced_info={name: value}))["send_check"] is review
    assert (await api.card())["advanced_info"][name] == value


@pytest.mark.parametrize(
    "field",
    ["brand_name", "title", "sub_title", "sku", "use_custom_code", "bind_openid", "source", "id", "status", "colour"],
)
async def test_an_immutable_or_unknown_base_field_spoils_the_whole_call(api: Api, field: str) -> None:
    await refuses(api, 40097, base_info={"service_phone": "1", field: "新店"})


@pytest.mark.parametrize("field", ["use_condition", "share_friends", "colour"])
async def test_an_immutable_or_unknown_advanced_field_spoils_the_whole_call(api: Api, field: str) -> None:
    await refuses(api, 40097, advanced_info={"business_service": [], field: True})


@pytest.mark.parametrize("field", ["least_cost", "reduce_cost", "gift", "default_detail", "notice"])
async def test_a_field_beside_the_sections_spoils_the_whole_call(api: Api, field: str) -> None:
    sections: dict[str, Any] = {"base_info": {"service_phone": "1"}, field: 2000}
    await refuses(api, 40097, CASH, "cash", **sections)


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({}, 41011),
        ({"gift": {"base_info": {"service_phone": "1"}}}, 40071),
        ({"CASH": {"base_info": {"service_phone": "1"}}}, 40071),
        ({"cash": {"base_info": {"service_phone": "1"}}, "gift": {}}, 40071),
        ({"cash": {"base_info": {"service_phone": "1"}}, "note": 1}, 40097),
        ({"cash": []}, 47001),
        ({"cash": {}}, 40097),
        ({"cash": {"base_info": {}}}, 40097),
        ({"cash": {"base_info": []}}, 47001),
    ],
)
async def test_the_fields_stand_under_the_lower_case_type(api: Api, body: dict[str, Any], errcode: int) -> None:
    assert (await api.post("/card/update", {"card_id": CASH, **body}))["errcode"] == errcode


async def test_an_ordinary_coupon_refuses_advanced_info_and_takes_the_rest(api: Api) -> None:
    await refuses(api, 40097, PLAIN, "general_coupon", advanced_info={"business_service": []})
    assert (await api.update(PLAIN, "general_coupon", base_info={"service_phone": "1"}))["errcode"] == 0


async def test_zero_clears_the_stores_and_nothing_clears_a_cell(api: Api) -> None:
    await api.update(base_info={"center_title": "用", "custom_url": "http://a.cn"})
    assert (await api.update(base_info={"location_id_list": "0", "center_title": "", "custom_url": ""}))["errcode"] == 0

    base = (await api.card())["base_info"]
    assert base["location_id_list"] == []
    assert not {"center_title", "custom_url"} & set(base)


class TestValidity:
    """May only become wider, by three months at the end, and keeps its type."""

    async def date_info(self, api: Api, begin: int = 0, end: int = 0, **changes: Any) -> dict[str, Any]:
        now = (await api.card())["base_info"]["date_info"]
        moved = {"begin_timestamp": now["begin_timestamp"] + begin, "end_timestamp": now["end_timestamp"] + end}
        return {**now, **moved, **changes}

    @pytest.mark.parametrize(
        ("begin", "end", "errcode"),
        [
            (1, 0, 40100),
            (0, -1, 40100),
            (-DAY, -1, 40100),
            (0, 92 * DAY + 1, 40079),
            (0, 3650 * DAY * 2, 40079),
            (3650 * DAY, 0, 40079),
            (0, 0, 0),
            (-30 * DAY, 0, 0),
            (0, 92 * DAY, 0),
            (-DAY, DAY, 0),
        ],
    )
    async def test_only_wider(self, api: Api, begin: int, end: int, errcode: int) -> None:
        wanted = await self.date_info(api, begin, end)

        answer = await api.update(base_info={"date_info": wanted})

        assert (answer["errcode"], answer.get("send_check")) == (errcode, None if errcode else False)
        assert ((await api.card())["base_info"]["date_info"] == wanted) is (errcode == 0)

    async def test_refuses_another_type_and_incomplete_or_odd_members(self, api: Api) -> None:
        term = {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30, "fixed_begin_term": 0}
        await refuses(api, 41011, base_info={"date_info": term})
        await refuses(api, 40100, base_info={"date_info": await self.date_info(api, type="DATE_TYPE_FIX_TERM")})
        await refuses(api, 47001, base_info={"date_info": await self.date_info(api, end_timestamp="2026-12-31")})
        await refuses(api, 40097, base_info={"date_info": await self.date_info(api, fixed_term=3)})

    async def test_refuses_any_change_of_a_voucher_valid_for_a_number_of_days(self, sim: Simulator, api: Api) -> None:
        wanted = await self.date_info(api)
        term = {"date_info": {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30, "fixed_begin_term": 0}}
        sim.add_voucher(NOODLES, cash_voucher("面馆", 500, card_id=OTHER, friends=False, base=term))

        await refuses(api, 40100, OTHER, base_info={"date_info": wanted})

    async def test_is_suspended_where_friends_vouchers_are(self, api: Api, shop: Shop) -> None:
        shop.friends_vouchers = False

        await refuses(api, 73209, base_info={"date_info": await self.date_info(api, 0, DAY)})
        assert (await api.update(base_info={"service_phone": "1"}))["errcode"] == 0


class TestTogether:
    """Rules that look at several fields, and at what the voucher already has."""

    async def test_one_more_of_this_and_one_of_another_exclude_each_other(self, api: Api) -> None:
        both = {"consume_share_self_num": 1, "consume_share_card_list": [{"card_id": GIFT, "num": 1}]}
        await refuses(api, 40144, advanced_info=both)
        assert (await api.update(advanced_info={"consume_share_self_num": 1}))["errcode"] == 0
        await refuses(api, 40144, advanced_info={"consume_share_card_list": both["consume_share_card_list"]})

        swapped = both | {"consume_share_self_num": 0}
        assert (await api.update(advanced_info=swapped))["errcode"] == 0

    @pytest.mark.parametrize("status", ["DELETE", "expired"])
    async def test_a_voucher_that_is_gone_cannot_be_given(self, sim: Simulator, api: Api, status: str) -> None:
        if status == "DELETE":
            sim.set_status(NOODLES, GIFT, status)
        else:
            sim.voucher(NOODLES, GIFT).card["gift"]["base_info"]["date_info"]["end_timestamp"] = 1600000000
        await refuses(api, 40142, advanced_info={"consume_share_card_list": [{"card_id": GIFT, "num": 1}]})

    @pytest.mark.parametrize(("cell", "errcode"), [("pay", 40145), ("self_consume", 45046)])
    async def test_the_centre_cell_conflicts_with_the_buttons(
        self, sim: Simulator, api: Api, cell: str, errcode: int
    ) -> None:
        sim.open_cell(NOODLES, CASH, cell)

        await refuses(api, errcode, base_info={"center_title": "去用"})
        assert (await api.update(base_info={"custom_url_name": "菜单"}))["errcode"] == 0

    async def test_newer_accounts_may_not_link_to_the_web(self, api: Api, shop: Shop) -> None:
        shop.web_links = False

        for name in ("center_url", "custom_url", "promotion_url"):
            await refuses(api, 73211, base_info={name: "http://www.qq.com"})
            assert (await api.update(base_info={name: ""}))["errcode"] == 0


class TestReview:
    """An audited field sends the voucher to review, and the reviewers' answer comes as a push."""

    async def test_an_audited_change_waits_in_the_queue_with_old_and_new(self, sim: Simulator, api: Api) -> None:
        await api.update(base_info={"notice": "周末不可用", "service_phone": "1", "color": "Color020"})

        (review,) = sim.reviews(NOODLES)
        assert (review.card_id, review.title) == (CASH, "10元代金券")
        assert review.changed == {
            "base_info.notice": ("结账前出示券码", "周末不可用"),
            "base_info.color": ("#63b359", "#2c9f67"),
        }
        assert (await api.card())["base_info"]["service_phone"] == "1"

    async def test_an_unchanged_audited_value_goes_to_review_too(self, sim: Simulator, api: Api) -> None:
        assert (await api.update(base_info={"notice": "结账前出示券码"}))["send_check"] is True

    async def test_changes_during_a_review_join_it(self, sim: Simulator, api: Api) -> None:
        await api.update(base_info={"notice": "一"})
        await api.update(base_info={"notice": "二"}, advanced_info={"time_limit": [{"type": "MONDAY"}]})

        (review,) = sim.reviews(NOODLES)
        assert review.changed == {
            "base_info.notice": ("结账前出示券码", "二"),
            "advanced_info.time_limit": ([], [{"type": "MONDAY"}]),
        }

    async def test_any_advanced_field_may_be_audited(self, sim: Simulator, api: Api) -> None:
        sim.readings.advanced_info_reviewed = True

        assert (await api.update(advanced_info={"business_service": []}))["send_check"] is True
        assert (await api.update(base_info={"service_phone": "1"}))["send_check"] is False

    async def test_approval_is_pushed_and_the_voucher_is_good_again(
        self, sim: Simulator, api: Api, server: ShopServer
    ) -> None:
        await api.update(base_info={"notice": "新"})

        delivery = await sim.review(NOODLES, CASH, approve=True)

        assert f"<Event><![CDATA[card_pass_check]]></Event><CardId><![CDATA[{CASH}]]></CardId></xml>" in server.opened()
        assert (delivery.failure, sim.reviews(NOODLES)) == ("", [])
        base = (await api.card())["base_info"]
        assert (base["status"], base["notice"]) == ("CARD_STATUS_VERIFY_OK", "新")

    async def test_refusal_is_pushed_with_its_reason(self, sim: Simulator, api: Api, server: ShopServer) -> None:
        await api.update(base_info={"notice": "新"})

        delivery = await sim.review(NOODLES, CASH, approve=False, reason="LOGO 模糊")

        assert "<RefuseReason><![CDATA[LOGO 模糊]]></RefuseReason>" in server.opened()
        assert not sim.world.people.knows(NOODLES, delivery.openid)
        base = (await api.card())["base_info"]
        assert (base["status"], base["notice"]) == ("CARD_STATUS_VERIFY_FAIL", "新")

    async def test_a_new_voucher_waits_for_its_first_review(self, sim: Simulator, server: ShopServer) -> None:
        new = sim.add_voucher(NOODLES, cash_voucher("面馆", 500), "NOT_VERIFY")
        assert [(review.card_id, review.changed) for review in sim.reviews(NOODLES)] == [(new, {})]

        await sim.review(NOODLES, new, approve=True)
        assert (sim.voucher(NOODLES, new).status, sim.reviews(NOODLES)) == ("CARD_STATUS_VERIFY_OK", [])

    async def test_the_console_can_end_a_review_without_a_word(self, sim: Simulator, api: Api) -> None:
        await api.update(base_info={"notice": "新"})
        sim.set_status(NOODLES, CASH, "DELETE")

        assert sim.reviews(NOODLES) == []

    async def test_only_what_is_under_review_can_be_decided(self, sim: Simulator) -> None:
        with pytest.raises(LookupError, match="not under review"):
            await sim.review(NOODLES, CASH, approve=True)


async def test_a_swallowed_change_is_accepted_but_never_visible(sim: Simulator, api: Api) -> None:
    sim.swallow(NOODLES, CASH, "service_phone")

    assert (await api.update(base_info={"service_phone": "1", "get_limit": 2}))["errcode"] == 0
    base = (await api.card())["base_info"]
    assert (base["service_phone"], base["get_limit"]) == ("0571-1234567", 2)

    assert (await api.update(base_info={"service_phone": "1"}))["errcode"] == 0
    assert (await api.card())["base_info"]["service_phone"] == "1"
