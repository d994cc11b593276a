"""Another WeChat than the simulated one: files up and down, and answers that lack what they should have."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from bot.errors import AnswerUnreadable, WeChatUnreachable
from bot.wechat.client import AccountAPI
from tests.wechat.accounts import ACCOUNT
from tests.wechat.conftest import NewClient

PNG = b"\x89PNG\r\n\x1a\n\x00\xff"


class OddWeChat:
    """Answers by path, and keeps what it was sent."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: dict[str, tuple[str, bytes]] = {
            "/cgi-bin/stable_token": ("application/json", b'{"access_token":"T","expires_in":7200}'),
            "/cgi-bin/media/get": ("image/png", PNG),
        }
        self.redirect = ""
        self.files: dict[str, Any] = {}
        self.query: dict[str, list[bytes]] = {}


class Answering(RequestHandler):
    """Any path."""

    def initialize(self, odd: OddWeChat) -> None:
        self.odd = odd

    async def get(self) -> None:
        if self.odd.redirect and self.request.path not in self.odd.answers:
            self.redirect(self.odd.redirect)
            return
        media_type, body = self.odd.answers[self.request.path]
        self.set_header("Content-Type", media_type)
        self.write(body)

    async def post(self) -> None:
        self.odd.files = {name: (file[0]["filename"], file[0]["body"]) for name, file in self.request.files.items()}
        self.odd.query = self.request.query_arguments
        await self.get()


@pytest.fixture
async def odd() -> AsyncIterator[OddWeChat]:
    """An odd WeChat, listening."""
    odd = OddWeChat()
    sockets = bind_sockets(0, "127.0.0.1")
    server = HTTPServer(Application([(".*", Answering, {"odd": odd})]))
    server.add_sockets(sockets)
    odd.url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}/"
    yield odd
    server.stop()
    await server.close_all_connections()


@pytest.fixture
def api(odd: OddWeChat, new_client: NewClient) -> AccountAPI:
    """The shop's API, at the odd WeChat's."""
    return new_client(url=odd.url).of(ACCOUNT)


@pytest.mark.parametrize(
    "answer",
    [b"{}", b'{"access_token":""}', b'{"access_token":5}', b'{"access_token":"T","expires_in":"soon"}', b"T"],
)
async def test_a_token_answer_without_a_token_is_no_token(odd: OddWeChat, api: AccountAPI, answer: bytes) -> None:
    odd.answers["/cgi-bin/stable_token"] = ("application/json", answer)
    with pytest.raises(WeChatUnreachable, match="no token"):
        await api.card_get("p")


@pytest.mark.parametrize("answer", [b"{}", b'{"errcode":0}', b'{"card":"p"}', b'{"card":null}'])
async def test_a_card_answer_without_a_card_is_unreadable(odd: OddWeChat, api: AccountAPI, answer: bytes) -> None:
    odd.answers["/card/get"] = ("application/json", answer)
    with pytest.raises(AnswerUnreadable):
        await api.card_get("p")


async def test_a_missing_member_of_any_of_wechatpys_methods_is_unreadable(odd: OddWeChat, api: AccountAPI) -> None:
    odd.answers["/card/qrcode/create"] = ("application/json", b'{"errcode":0}')
    with pytest.raises(AnswerUnreadable, match=r"^card/qrcode/create: HTTP 200, an expected member is missing$"):
        await api.wechatpy.card.create_qrcode({})


async def test_lists_that_are_missing_are_empty(odd: OddWeChat, api: AccountAPI) -> None:
    odd.answers["/card/batchget"] = ("application/json", b'{"errcode":0}')
    assert await api.card_ids(0, 50) == ([], 0)


@pytest.mark.parametrize(
    ("answer", "read_as"),
    [
        (b'{"card_id_list":null,"total_num":null}', ([], 0)),
        (b'{"card_id_list":"p1","total_num":"x"}', ([], 0)),
        (b'{"total_num":"7","card_id_list":["p1",2]}', (["p1", "2"], 7)),
        (b'{"card_id_list":["p1"],"total_num":[]}', (["p1"], 1)),
        (b'\xef\xbb\xbf{"card_id_list":["p1"],"total_num":1}', (["p1"], 1)),
    ],
)
@pytest.mark.parametrize("media_type", ["application/json", "text/javascript", "application/x-json", "image/jpeg"])
async def test_a_page_of_cards_is_read_under_any_type_and_never_breaks(
    odd: OddWeChat, api: AccountAPI, media_type: str, answer: bytes, read_as: tuple[list[str], int]
) -> None:
    odd.answers["/card/batchget"] = (media_type, answer)
    assert await api.card_ids(0, 50) == read_as


async def test_a_file_in_place_of_an_answer_is_unreadable(odd: OddWeChat, api: AccountAPI) -> None:
    odd.answers["/card/batchget"] = odd.answers["/card/update"] = ("image/png", PNG)
    with pytest.raises(AnswerUnreadable):
        await api.card_ids(0, 50)
    with pytest.raises(AnswerUnreadable):
        await api.card_update("p", "cash", {})


@pytest.mark.parametrize("answer", [b'{"list":5}', b'{"list":{"a":1}}', b'{"list":"abc"}', b'{"list":[1,null]}'])
async def test_figures_that_are_none_are_left_out(odd: OddWeChat, api: AccountAPI, answer: bytes) -> None:
    odd.answers["/datacube/getcardbizuininfo"] = ("application/json", answer)
    assert await api.account_figures(date(2026, 2, 1), date(2026, 2, 2), 1) == []


@pytest.mark.parametrize(
    ("send_check", "goes_to_review"),
    [("true", True), ("false", False), ('"true"', True), ('"false"', False), ("1", True), ("0", False), ("{}", False)],
)
async def test_whether_a_card_goes_to_review_is_read_whatever_its_type(
    odd: OddWeChat, api: AccountAPI, send_check: str, goes_to_review: bool
) -> None:
    odd.answers["/card/update"] = ("application/json", f'{{"errcode":0,"send_check":{send_check}}}'.encode())
    assert await api.card_update("p", "cash", {}) is goes_to_review


@pytest.mark.parametrize("lifetime", ['"7200"', "7200.0", "null"])
async def test_a_tokens_lifetime_is_read_whatever_its_type(odd: OddWeChat, api: AccountAPI, lifetime: str) -> None:
    odd.answers["/cgi-bin/stable_token"] = (
        "application/json", f'{{"access_token":"T","expires_in":{lifetime}}}'.encode()
    )  # fmt: skip
    odd.answers["/card/batchget"] = ("application/json", b'{"errcode":0}')
    assert await api.card_ids(0, 50) == ([], 0)


async def test_a_token_without_an_end_is_taken_to_last_two_hours(odd: OddWeChat, api: AccountAPI) -> None:
    odd.answers["/cgi-bin/stable_token"] = ("application/json", b'{"access_token":"T"}')
    odd.answers["/card/batchget"] = ("application/json", b'{"errcode":0}')
    await api.card_ids(0, 50)
    assert await api.card_ids(0, 50) == ([], 0)


async def test_a_file_comes_down_as_bytes(api: AccountAPI) -> None:
    assert await api.wechatpy.media.download("M") == PNG


@pytest.mark.parametrize(("file", "name"), [(PNG, "media"), (("碗.png", PNG, "image/png"), "碗.png")])
async def test_a_file_goes_up_with_its_name(
    odd: OddWeChat, api: AccountAPI, file: bytes | tuple[str, bytes, str], name: str
) -> None:
    odd.answers["/cgi-bin/media/upload"] = ("application/json", b'{"media_id":"M"}')
    assert await api.wechatpy.media.upload("image", file) == {"media_id": "M"}
    assert odd.files == {"media": (name, PNG)}
    assert odd.query == {"type": [b"image"], "access_token": [b"T"]}


async def test_a_redirect_is_not_followed_with_the_token(odd: OddWeChat, api: AccountAPI) -> None:
    odd.redirect = "/cgi-bin/media/get"
    with pytest.raises(AnswerUnreadable) as unreadable:
        await api.call("card/create", {})
    assert unreadable.value.status == 302
