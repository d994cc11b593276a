"""What WeChat is asked, and what comes of each answer."""

import asyncio
import socket
from datetime import date, timedelta

import pytest

from bot.clock import wechat_today
from bot.errors import (
    AccountFault,
    AnswerUnreadable,
    OutcomeUnknown,
    QuotaUsedUp,
    TooFast,
    WeChatBusy,
    WeChatRefused,
    WeChatUnreachable,
)
from bot.simulator import Fault, Person, Simulator, cash_voucher
from bot.wechat.client import AccountAPI
from tests.wechat.accounts import ACCOUNT, SHOP, add_voucher, token_calls
from tests.wechat.conftest import NewClient


@pytest.fixture
def api(new_client: NewClient) -> AccountAPI:
    """The shop's API."""
    return new_client().of(ACCOUNT)


# the calls the program makes ---------------------------------------------------------------------------------


async def test_an_unknown_card_is_refused_with_its_errcode(api: AccountAPI) -> None:
    with pytest.raises(WeChatRefused) as refused:
        await api.card_get("pNobody")
    assert (refused.value.errcode, refused.value.path) == (40073, "card/get")
    assert str(refused.value) == "card/get: errcode 40073"


async def test_card_get_returns_the_card(api: AccountAPI, simulator: Simulator) -> None:
    card_id = add_voucher(simulator)
    card = await api.card_get(card_id)
    assert card["card_type"] == "CASH"
    assert card["cash"]["base_info"]["brand_name"] == "湖畔面馆"


async def test_card_ids_come_in_pages_with_their_total(api: AccountAPI, simulator: Simulator) -> None:
    ids = [add_voucher(simulator) for _ in range(3)]
    simulator.add_voucher(SHOP.appid, cash_voucher(SHOP.name, 500), "NOT_VERIFY")
    first, total = await api.card_ids(0, 2)
    approved, of_them = await api.card_ids(0, 50, ["CARD_STATUS_VERIFY_OK"])
    assert (len(first), total) == (2, 4)
    assert (sorted(approved), of_them) == (sorted(ids), 3)


async def test_chinese_goes_out_as_utf_8_and_not_as_escapes(api: AccountAPI, simulator: Simulator) -> None:
    card_id = add_voucher(simulator)
    await api.card_update(card_id, "cash", {"base_info": {"notice": "请向店员出示"}})
    assert (await api.card_get(card_id))["cash"]["base_info"]["notice"] == "请向店员出示"


async def test_card_update_tells_whether_the_voucher_goes_back_to_review(api: AccountAPI, simulator: Simulator) -> None:
    card_id = add_voucher(simulator)
    assert await api.card_update(card_id, "cash", {"base_info": {"service_phone": "0571-1234567"}}) is False
    assert await api.card_update(card_id, "cash", {"base_info": {"description": "每桌限用一张"}}) is True


async def test_figures_come_per_day_and_per_voucher(api: AccountAPI, simulator: Simulator) -> None:
    card_id = add_voucher(simulator)
    day = wechat_today() - timedelta(days=3)
    simulator.set_figures(SHOP.appid, None, day.isoformat(), 1, {"view_cnt": 40})
    simulator.set_figures(SHOP.appid, card_id, day.isoformat(), 1, {"view_cnt": 7})
    of_account = await api.account_figures(day, day, 1)
    of_voucher = await api.voucher_figures(day, day, 1, card_id)
    assert [(item["ref_date"], item["view_cnt"]) for item in of_account] == [(day.isoformat(), 40)]
    assert [(item["card_id"], item["view_cnt"]) for item in of_voucher] == [(card_id, 7)]
    assert simulator.calls("getcardcardinfo")[0].body == {
        "begin_date": day.isoformat(),
        "end_date": day.isoformat(),
        "cond_source": 1,
        "card_id": card_id,
    }


async def test_a_span_wechat_does_not_take_is_refused(api: AccountAPI) -> None:
    with pytest.raises(WeChatRefused) as refused:
        await api.account_figures(date(2026, 1, 1), date(2026, 5, 1), 1)
    assert refused.value.errcode == 61501


async def test_a_text_reaches_its_person_only_inside_the_window(api: AccountAPI, simulator: Simulator) -> None:
    person = simulator.add_person(SHOP.appid, Person("oTester", "张三", "manager"))
    with pytest.raises(WeChatRefused) as refused:
        await api.send_text(person.openid, "审核通过")
    assert refused.value.errcode == 45015
    simulator.world.people.acted(SHOP.appid, person.openid, "message")
    await api.send_text(person.openid, "审核通过")
    assert [bubble.text for bubble in simulator.chat(SHOP.appid, person.openid)] == ["审核通过"]


async def test_any_path_can_be_called_with_or_without_its_slash(api: AccountAPI) -> None:
    assert (await api.call("/cgi-bin/getcallbackip", method="GET"))["ip_list"]
    assert (await api.call("cgi-bin/openapi/quota/get", {"cgi_path": "/card/get"}))["quota"]["daily_limit"] > 0


async def test_wechatpys_methods_are_awaited_against_the_configured_address(api: AccountAPI) -> None:
    assert isinstance(await api.wechatpy.misc.get_wechat_ips(), list)


async def test_the_token_goes_to_no_address_outside_the_api(api: AccountAPI, simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="outside WeChat's API"):
        await api.wechatpy.get("https://api.weixin.qq.com.example.org/card/get")
    assert simulator.calls() == []


def test_an_account_keeps_its_client_until_its_settings_change(new_client: NewClient) -> None:
    wechat = new_client()
    assert wechat.of(ACCOUNT) is wechat.of(ACCOUNT)


# failures and repeats ----------------------------------------------------------------------------------------


async def test_a_busy_wechat_is_asked_three_times_for_something_that_only_reads(
    api: AccountAPI, simulator: Simulator
) -> None:
    card_id = add_voucher(simulator)
    simulator.fault("card/get", Fault(), times=2)
    assert (await api.card_get(card_id))["card_type"] == "CASH"
    assert [call.errcode for call in simulator.calls("card/get")] == [-1, -1, 0]


async def test_a_wechat_that_stays_busy_is_left_alone_after_three_tries(api: AccountAPI, simulator: Simulator) -> None:
    simulator.fault("card/get", Fault(errcode=-1000), times=None)
    with pytest.raises(WeChatBusy) as busy:
        await api.card_get("p")
    assert busy.value.errcode == -1000
    assert len(simulator.calls("card/get")) == 3


@pytest.mark.parametrize("fault", [Fault(), Fault(drop=True), Fault(lose_answer=True), Fault(http_status=502)])
async def test_a_change_is_never_sent_twice(api: AccountAPI, simulator: Simulator, fault: Fault) -> None:
    card_id = add_voucher(simulator)
    simulator.fault("card/update", fault, times=None)
    with pytest.raises((WeChatBusy, OutcomeUnknown)):
        await api.card_update(card_id, "cash", {"base_info": {"notice": "请出示"}})
    assert len(simulator.calls("card/update")) == 1


@pytest.mark.parametrize("fault", [Fault(), Fault(drop=True), Fault(lose_answer=True), Fault(http_status=502)])
async def test_a_message_is_never_sent_twice(api: AccountAPI, simulator: Simulator, fault: Fault) -> None:
    simulator.add_person(SHOP.appid, Person("oTester", "张三", "manager"))
    simulator.world.people.acted(SHOP.appid, "oTester", "message")
    simulator.fault("custom/send", fault, times=None)
    with pytest.raises((WeChatBusy, OutcomeUnknown)):
        await api.send_text("oTester", "审核通过")
    assert len(simulator.calls("custom/send")) == 1


async def test_a_lost_answer_to_a_change_leaves_its_outcome_open(api: AccountAPI, simulator: Simulator) -> None:
    card_id = add_voucher(simulator)
    simulator.fault("card/update", Fault(lose_answer=True))
    with pytest.raises(OutcomeUnknown):
        await api.card_update(card_id, "cash", {"base_info": {"notice": "请出示"}})
    assert (await api.card_get(card_id))["cash"]["base_info"]["notice"] == "请出示"


@pytest.mark.parametrize("fault", [Fault(drop=True), Fault(lose_answer=True), Fault(html=True)])
async def test_something_that_only_reads_is_asked_again_when_the_answer_is_lost(
    api: AccountAPI, simulator: Simulator, fault: Fault
) -> None:
    card_id = add_voucher(simulator)
    simulator.fault("card/get", fault)
    assert (await api.card_get(card_id))["card_type"] == "CASH"
    assert len(simulator.calls("card/get")) == 2


@pytest.mark.parametrize(("fault", "status"), [(Fault(html=True), 200), (Fault(http_status=502), 502)])
async def test_a_gateways_page_is_no_answer(api: AccountAPI, simulator: Simulator, fault: Fault, status: int) -> None:
    simulator.fault("card/get", fault, times=None)
    with pytest.raises(AnswerUnreadable) as unreadable:
        await api.card_get("p")
    assert unreadable.value.status == status


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [(45009, QuotaUsedUp), (45040, QuotaUsedUp), (45011, TooFast), (48001, AccountFault), (40164, AccountFault)],
)
async def test_what_no_repeating_helps_is_asked_once_and_typed(
    api: AccountAPI, simulator: Simulator, errcode: int, kind: type[WeChatRefused]
) -> None:
    simulator.fault("card/get", Fault(errcode=errcode), times=None)
    with pytest.raises(kind) as refused:
        await api.card_get("p")
    assert refused.value.errcode == errcode
    assert len(simulator.calls("card/get")) == 1


async def test_nobody_listening_means_the_call_did_not_happen(api: AccountAPI, new_client: NewClient) -> None:
    await api.call("cgi-bin/getcallbackip", method="GET")  # a token is there
    tried: list[int | str] = []
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        lost = new_client(
            url=f"http://127.0.0.1:{unused.getsockname()[1]}", observe=lambda _, outcome, __: tried.append(outcome)
        )
        with pytest.raises(WeChatUnreachable):
            await lost.of(ACCOUNT).card_update("p", "cash", {})
    assert tried == ["WeChatUnreachable"] * 2


async def test_a_connection_that_never_stands_ends_with_the_connect_timeout(
    api: AccountAPI, new_client: NewClient
) -> None:
    await api.call("cgi-bin/getcallbackip", method="GET")
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        lost = new_client(url=f"http://127.0.0.1:{full.getsockname()[1]}", connect_timeout=0.1).of(ACCOUNT)
        with pytest.raises(WeChatUnreachable, match="ConnectionTimeoutError"):
            await lost.card_update("p", "cash", {})
        with pytest.raises(WeChatUnreachable, match="TimeoutError"):
            await lost.call("card/update", {}, patience=0.05)


async def test_a_slow_answer_ends_with_patience_and_its_outcome_stays_open(
    api: AccountAPI, simulator: Simulator
) -> None:
    await api.call("cgi-bin/getcallbackip", method="GET")
    simulator.fault("card/get", Fault(delay=0.5))
    began = asyncio.get_running_loop().time()
    with pytest.raises(OutcomeUnknown):
        await api.call("card/get", {"card_id": "p"}, patience=0.1)
    assert asyncio.get_running_loop().time() - began < 0.4
    assert len(simulator.calls("card/get")) == 1


async def test_no_pause_is_longer_than_patience(api: AccountAPI, simulator: Simulator) -> None:
    await api.call("cgi-bin/getcallbackip", method="GET")
    simulator.fault("card/get", Fault(), times=None)
    with pytest.raises(WeChatBusy):
        await api.call("card/get", {"card_id": "p"}, patience=0.1)
    assert len(simulator.calls("card/get")) == 1


async def test_an_unread_path_is_repeated_only_when_the_caller_says_so(api: AccountAPI, simulator: Simulator) -> None:
    simulator.fault("card/create", Fault(), times=1)
    with pytest.raises(WeChatBusy):
        await api.call("card/create", {"card": {}})
    simulator.fault("card/create", Fault(), times=1)
    with pytest.raises(WeChatRefused) as refused:
        await api.call("card/create", {"card": {}}, repeatable=True)
    assert refused.value.errcode != -1
    assert len(simulator.calls("card/create")) == 3


async def test_every_request_is_told_to_the_observer(new_client: NewClient, simulator: Simulator) -> None:
    seen: list[tuple[str, int | str]] = []
    api = new_client(observe=lambda path, outcome, _seconds: seen.append((path, outcome))).of(ACCOUNT)
    card_id = add_voucher(simulator)
    simulator.fault("card/get", Fault(drop=True))
    await api.card_get(card_id)
    with pytest.raises(WeChatRefused):
        await api.card_get("pNobody")
    assert seen == [
        ("cgi-bin/stable_token", 0),
        ("card/get", "OutcomeUnknown"),
        ("card/get", 0),
        ("card/get", 40073),
    ]


async def test_fifty_calls_at_once_share_connections_and_one_token(api: AccountAPI, simulator: Simulator) -> None:
    card_id = add_voucher(simulator)
    cards = await asyncio.gather(*(api.card_get(card_id) for _ in range(50)))
    assert [card["card_type"] for card in cards] == ["CASH"] * 50
    assert token_calls(simulator) == [False]
