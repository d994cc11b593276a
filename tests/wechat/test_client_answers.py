"""Reading answers: what WeChat has been seen to send, and what nobody should."""

from typing import Any

import pytest

from bot.errors import AccountFault, AnswerUnreadable, QuotaUsedUp, TooFast, WeChatBusy, WeChatRefused
from bot.wechat.errcodes import as_errcode, refusal
from bot.wechat.exchange import Call, read
from bot.wechat.paths import REPEATABLE, is_repeatable
from bot.wechat.transport import Answer

CALL = Call("card/get", {"card_id": "p"})


def answer(body: bytes, status: int = 200, media_type: str = "application/json") -> Answer:
    return Answer(status, media_type, body)


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        (b"", 200, "not JSON"),
        (b"<html>busy</html>", 200, "not JSON"),
        (b"[" * 100_000, 200, "not JSON"),
        (b"[1]", 200, "not a JSON object"),
        (b"null", 200, "not a JSON object"),
        (b'{"title":"\xff"}', 200, "not UTF-8"),
        (b'{"errcode":0}', 302, "expected 200"),
        (b'{"errcode":0}', 500, "expected 200"),
    ],
)
def test_what_is_not_of_the_protocol_is_unreadable(body: bytes, status: int, detail: str) -> None:
    with pytest.raises(AnswerUnreadable, match=f"^card/get: HTTP {status}, {detail}$"):
        read(CALL, answer(body, status))


@pytest.mark.parametrize(
    ("errcode", "read_as"),
    [('"date format error"', 61500), ('"40001"', 40001), ("40001", 40001), ("4e9999", 61500), ("[]", 61500)],
)
def test_an_errcode_is_read_whatever_its_type(errcode: str, read_as: int) -> None:
    with pytest.raises(WeChatRefused) as refused:
        read(CALL, answer(f'{{"errcode":{errcode}}}'.encode()))
    assert refused.value.errcode == read_as


@pytest.mark.parametrize(
    "body", [b'{"list":[]}', b'{"errcode":0,"list":[]}', b'{"errcode":"0","list":[]}', b'{"errcode":null,"list":[]}']
)
def test_no_errcode_means_success(body: bytes) -> None:
    assert read(CALL, answer(body))["list"] == []


def test_control_characters_in_an_answer_do_no_harm() -> None:
    assert read(CALL, answer(b'{"title":"a\x0bb"}')) == {"title": "a\x0bb"}


def test_no_break_spaces_around_values_do_no_harm_and_inside_them_stay() -> None:
    """The founding document's examples are indented with them: {"errcode":0, "errmsg":"ok", "send_check":false}."""
    text = '{\n~ "errcode":~0,~"title":~"10~元 \\"券\\"~",~"a~b":~""~}~'.replace("~", "\u00a0")

    assert read(CALL, answer(text.encode())) == {"errcode": 0, "title": '10\u00a0元 "券"\u00a0', "a\u00a0b": ""}


@pytest.mark.parametrize("text", ['{"a":~', '{"a":~"b\\', "~", '"' + "~" * 100_000, "~[" * 100_000])
def test_no_break_spaces_make_nothing_readable_that_is_not(text: str) -> None:
    with pytest.raises(AnswerUnreadable, match="not JSON"):
        read(CALL, answer(text.replace("~", "\u00a0").encode()))


def test_json_is_read_under_any_text_type() -> None:
    assert read(CALL, answer(b'{"errcode":0}', media_type="text/plain")) == {"errcode": 0}


def test_an_errcode_inside_base_resp_counts() -> None:
    with pytest.raises(WeChatRefused) as refused:
        read(CALL, answer(b'{"base_resp":{"errcode":40097,"errmsg":"invalid args"}}'))
    assert refused.value.errcode == 40097


def test_a_file_comes_back_as_bytes_only_where_one_was_asked_for() -> None:
    picture = answer(b"\xff\xd8\xff", media_type="image/jpeg")
    with pytest.raises(AnswerUnreadable):
        read(CALL, picture)
    assert read(Call("cgi-bin/media/get", method="GET", file=True), picture) == b"\xff\xd8\xff"


def test_an_error_quoting_the_token_or_the_secret_loses_them() -> None:
    call = Call("cgi-bin/stable_token", {"secret": "s3cret"}, params={"access_token": "t0ken"})
    with pytest.raises(WeChatRefused) as refused:
        read(call, answer(b'{"errcode":40001,"errmsg":"t0ken of s3cret is invalid"}'))
    assert refused.value.errmsg == "… of … is invalid"


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [
        (-1, WeChatBusy), (-1000, WeChatBusy), (45011, TooFast), (45009, QuotaUsedUp), (45040, QuotaUsedUp),
        (40013, AccountFault), (40125, AccountFault), (40164, AccountFault), (48001, AccountFault),
        (61004, AccountFault), (40073, WeChatRefused), (73205, WeChatRefused), (40001, WeChatRefused),
    ],
)  # fmt: skip
def test_errcodes_are_sorted_by_what_follows_from_them(errcode: int, kind: type[WeChatRefused]) -> None:
    assert type(refusal("card/get", errcode)) is kind


@pytest.mark.parametrize(
    ("value", "errcode"),
    [(None, 0), (0, 0), ("0", 0), (0.0, 0), ("", 0), (40001.0, 40001), (True, 1), (1.5, 61500), ({}, 61500)],
)
def test_as_errcode(value: Any, errcode: int) -> None:
    assert as_errcode(value) == errcode


@pytest.mark.parametrize(
    "path",
    [
        "card/update", "card/create", "card/delete", "card/modifystock", "card/code/consume", "card/code/unavailable",
        "card/code/mark", "card/code/update", "card/pay/confirm", "card/pay/recharge", "card/pay/activate",
        "cgi-bin/message/custom/send", "cgi-bin/message/template/send", "cgi-bin/stable_token", "cgi-bin/clear_quota",
        "cgi-bin/menu/create", "cgi-bin/menu/delete", "",
    ],
)  # fmt: skip
def test_what_changes_something_is_not_repeatable(path: str) -> None:
    assert not is_repeatable(path)


def test_reads_are_repeatable() -> None:
    assert all(is_repeatable(path) for path in (*REPEATABLE, "datacube/getcardcardinfo"))
