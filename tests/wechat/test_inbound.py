"""What a push is: its kind, sender and words, and what makes two pushes the same one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotUnderstood
from bot.wechat import inbound
from bot.wechat.inbound import Incoming

APPID = "wx0123456789abcdef"
HEAD = {"ToUserName": "gh_0123456789ab", "FromUserName": "oAAAAAAAAAAAAAAAAAAAAAAAAAAA", "CreateTime": "1764000000"}
TEXT = HEAD | {"MsgType": "text", "Content": "统计", "MsgId": "24000000000000001"}
EVENT = HEAD | {"MsgType": "event"}


def written(elements: dict[str, Any], *, bare: bool = False) -> str:
    """``elements`` as XML, in CDATA as WeChat does it or bare and spread over lines."""
    inside = "".join(_element(name, value, bare) for name, value in elements.items())
    return f"<xml>{inside}</xml>"


def _element(name: str, value: Any, bare: bool) -> str:
    if isinstance(value, list):
        return "".join(_element(name, each, bare) for each in value)
    if isinstance(value, dict):
        return f"<{name}>{''.join(_element(*each, bare) for each in value.items())}</{name}>"
    return f"<{name}>\n  {value}\n</{name}>\n" if bare else f"<{name}><![CDATA[{value}]]></{name}>"


def parsed(elements: dict[str, Any], *, bare: bool = False) -> Incoming:
    """The push with ``elements``."""
    return inbound.parse(APPID, written(elements, bare=bare))


def event(name: str, **elements: Any) -> dict[str, Any]:
    """Elements of an event."""
    return EVENT | {"Event": name} | elements


# what it is -------------------------------------------------------------------------------------------------------


def test_a_text_has_its_words_without_the_space_around_them() -> None:
    push = inbound.parse(APPID, written(TEXT | {"Content": "\n 修改 春节券\n 须知=a ]] b \n"}))
    assert (push.kind, push.type, push.text) == ("message", "text", "修改 春节券\n 须知=a ]] b")
    assert (push.openid, push.original_id, push.created_at) == (HEAD["FromUserName"], HEAD["ToUserName"], 1_764_000_000)
    assert push.is_text


def test_signs_nobody_sees_are_no_part_of_the_words() -> None:
    assert parsed(TEXT | {"Content": "\ufeff统\u200b计\u202e 7天\u00ad"}).text == "统计 7天"
    assert parsed(TEXT | {"Content": "👩\u200d🍳"}).text == "👩\u200d🍳"


def test_neither_words_nor_elements_stand_in_its_repr() -> None:
    assert "统计" not in repr(parsed(TEXT))


@pytest.mark.parametrize("kind", ["text", "image", "voice", "video", "shortvideo", "location", "link"])
def test_knows_every_kind_of_message_in_any_case(kind: str) -> None:
    assert parsed(TEXT | {"MsgType": kind.upper()}).type == kind


@pytest.mark.parametrize("name", ["CLICK", "click", "User_Pay_From_Pay_Cell", "TEMPLATESENDJOBFINISH", "a_new_event"])
def test_an_event_is_known_in_any_case(name: str) -> None:
    push = parsed(event(name))
    assert (push.kind, push.type) == ("event", name.lower())
    assert push.identity == parsed(event(name.swapcase())).identity


@pytest.mark.parametrize(
    "elements",
    [
        HEAD,
        TEXT | {"MsgType": ""},
        TEXT | {"FromUserName": ""},
        TEXT | {"FromUserName": "wx0123456789abcdef/oSomebody"},
        EVENT,
        EVENT | {"Event": ""},
        EVENT | {"Event": {"a": "b"}},
        TEXT | {"MsgType": "file"},
        TEXT | {"MsgType": "device_text"},
        TEXT | {"MsgType": "x" * 500},
        TEXT | {"MsgType": {"a": "text"}},
    ],
)
def test_what_has_no_sender_or_no_known_type_is_not_understood(elements: dict[str, Any]) -> None:
    with pytest.raises(NotUnderstood) as error:
        parsed(elements)
    assert len(error.value.reason) < 60


def test_of_repeated_elements_the_first_counts() -> None:
    push = parsed(TEXT | {"MsgType": ["text", "event"], "Content": ["统计", "帮助"], "FromUserName": ["o1", "o2"]})
    assert (push.type, push.text, push.openid) == ("text", "统计", "o1")


@pytest.mark.parametrize("number", ["", "x", "1.5", "-1", "１７００００００００", "1e9", "17640000000000", "9" * 5000])
def test_a_createtime_that_is_no_number_of_seconds_is_zero(number: str) -> None:
    assert parsed(TEXT | {"CreateTime": number}).created_at == 0


@pytest.mark.parametrize(
    "elements",
    [
        event("card_pay_order", OrderId="A40409", FreeCoinCount="1.5", Status="x"),
        event("update_member_card", ModifyBalance="1.5", ModifyBonus=""),
        event("user_get_card", IsGiveByFriend="", OuterId="", FriendUserName=""),
        event("subscribe", EventKey={"a": "b"}),
        event("scancode_waitmsg", EventKey="scan"),
        event("scancode_waitmsg", EventKey="scan", ScanCodeInfo=""),
        event("pic_weixin", EventKey="pic", SendPicsInfo={"Count": "2", "PicList": {"item": {"PicMd5Sum": "a"}}}),
        event("subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": [{"TemplateId": "a"}, {"TemplateId": "b"}]}),
        event("subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": {"TemplateId": "a"}}),
        event("LOCATION", Latitude="north", Longitude=""),
        TEXT | {"MsgType": "location", "Location_X": "23.1", "Scale": "a lot"},
    ],
)
def test_odd_numbers_and_missing_parts_do_no_harm(elements: dict[str, Any]) -> None:
    push = parsed(elements)
    assert push.identity
    assert push.value("OrderId") == elements.get("OrderId", "")


# which one it is --------------------------------------------------------------------------------------------------


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two pushes are copies of one."""
    return parsed(one).identity == parsed(other).identity


@pytest.mark.parametrize(
    "elements",
    [
        TEXT,
        TEXT | {"MsgType": "image", "PicUrl": "http://a/?b&amp;c", "MediaId": "m"},
        event("card_not_pass_check", CardId="p1", RefuseReason="LOGO 模糊"),
        event("subscribe", EventKey="qrscene_table-7", Ticket="t"),
        event("subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": [{"TemplateId": "a"}, {"TemplateId": "b"}]}),
        event("a_new_event", Thing="7"),
    ],
)
def test_a_push_written_differently_is_the_same_push(elements: dict[str, Any]) -> None:
    turned = dict(reversed(elements.items()))
    assert {parsed(each, bare=bare).identity for each in (elements, turned) for bare in (False, True)} == {
        parsed(elements).identity
    }


def test_a_message_is_its_msgid() -> None:
    assert same(TEXT, TEXT | {"CreateTime": "1764000005", "Content": "统计 "})
    assert same(TEXT, TEXT | {"bizmsgmenuid": "0"})
    assert not same(TEXT, TEXT | {"MsgId": "24000000000000002"})


def test_an_old_voice_message_spells_it_msgid_with_a_capital() -> None:
    voice = HEAD | {"MsgType": "voice", "MediaId": "m", "MsgID": "24000000000000009"}
    assert same(voice, voice | {"MediaId": "n"})
    assert not same(voice, voice | {"MsgID": "24000000000000010"})


@pytest.mark.parametrize("missing", ["", "0", None])
def test_messages_without_a_number_are_told_apart_by_all_they_say(missing: str | None) -> None:
    without = {name: value for name, value in TEXT.items() if name != "MsgId"}
    without |= {} if missing is None else {"MsgId": missing}
    assert same(without, without)
    assert not same(without, without | {"Content": "帮助"})
    assert not same(without, without | {"CreateTime": "1764000001"})


def test_the_account_and_the_person_belong_to_it() -> None:
    assert not same(TEXT, TEXT | {"FromUserName": "oB"})
    assert not same(event("subscribe"), event("subscribe") | {"FromUserName": "oB"})


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("card_not_pass_check", {"CardId": "p1"}, {"CardId": "p2"}),
        ("card_pass_check", {"CardId": "p1"}, {"CardId": "p2"}),
        ("user_get_card", {"CardId": "p1", "UserCardCode": "1"}, {"CardId": "p1", "UserCardCode": "2"}),
        ("user_get_card", {"CardId": "p1", "UserCardCode": "1"}, {"CardId": "p2", "UserCardCode": "1"}),
        ("user_gifting_card", {"UserCardCode": "1", "IsReturnBack": "0"}, {"UserCardCode": "1", "IsReturnBack": "1"}),
        ("user_consume_card", {"CardId": "p1", "UserCardCode": "1"}, {"CardId": "p1", "UserCardCode": "2"}),
        ("user_pay_from_pay_cell", {"CardId": "p1", "TransId": "1"}, {"CardId": "p1", "TransId": "2"}),
        ("card_pay_order", {"OrderId": "40", "Status": "WAITING"}, {"OrderId": "41", "Status": "WAITING"}),
        ("card_pay_order", {"OrderId": "40", "Status": "WAITING"}, {"OrderId": "40", "Status": "SUCC"}),
        ("card_pay_order", {"OrderId": "040"}, {"OrderId": "40"}),
        ("card_sku_remind", {"CardId": "p1"}, {"CardId": "p2"}),
        ("update_member_card", {"UserCardCode": "1", "ModifyBonus": "5"}, {"UserCardCode": "1", "ModifyBonus": "7"}),
        ("TEMPLATESENDJOBFINISH", {"MsgID": "1", "Status": "success"}, {"MsgID": "2", "Status": "success"}),
        ("subscribe", {"EventKey": ""}, {"EventKey": "qrscene_1"}),
        ("SCAN", {"EventKey": "1"}, {"EventKey": "2"}),
        ("CLICK", {"EventKey": "V1"}, {"EventKey": "V2"}),
        ("LOCATION", {"Latitude": "23.1"}, {"Latitude": "23.2"}),
        ("kf_switch_session", {"FromKfAccount": "a", "ToKfAccount": "b"}, {"FromKfAccount": "b", "ToKfAccount": "a"}),
        ("scancode_waitmsg", {"ScanCodeInfo": {"ScanResult": "1"}}, {"ScanCodeInfo": {"ScanResult": "2"}}),
        ("giftcard_pay_done", {"OrderId": "1", "PageId": "a"}, {"OrderId": "2", "PageId": "a"}),
        ("a_new_event", {"Thing": "1"}, {"Thing": "2"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_two_events_of_one_person_in_one_second_are_two(name: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    assert not same(event(name, **one), event(name, **other))
    assert same(event(name, **one), event(name, **one))


def test_two_kinds_of_event_about_one_card_in_one_second_are_two() -> None:
    assert not same(event("user_get_card", CardId="p1"), event("user_consume_card", CardId="p1"))
    assert not same(event("subscribe"), event("user_get_card", CardId="p1"))


def test_the_same_event_a_second_later_is_another() -> None:
    assert not same(event("CLICK", EventKey="a"), event("CLICK", EventKey="a") | {"CreateTime": "1764000001"})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (event("card_not_pass_check", CardId="p1", RefuseReason="a"), event("card_not_pass_check", CardId="p1")),
        (
            event("TEMPLATESENDJOBFINISH", MsgID="1", Status="failed:user block"),
            event("TEMPLATESENDJOBFINISH", MsgID="1", Status="failed: user block"),
        ),
        (event("CLICK", EventKey="a"), event("CLICK", EventKey="a", ANewElement="1")),
        (event("unsubscribe"), event("unsubscribe", EventKey="")),
    ],
)
def test_what_does_not_name_the_object_does_not_make_another_event(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert same(one, other)


@given(st.text(max_size=80))
def test_an_identity_is_short_and_plain_whatever_an_event_is_called(name: str) -> None:
    try:
        push = parsed(event(name.replace("]]>", "")))
    except NotUnderstood:
        return
    assert len(push.identity) <= 80
    assert push.identity.isascii()
    assert not set(push.identity) & set("{} \n")


def test_what_nobody_understood_is_one_push_for_all_its_copies() -> None:
    once, again = (inbound.unread(APPID, "<xml>", "broken XML") for _ in range(2))
    assert once.identity == again.identity != inbound.unread(APPID, "<xm", "broken XML").identity
    assert (once.kind, once.type) == ("unread", "broken XML")
