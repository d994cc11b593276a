"""Pictures people send in the chat: fetched, looked at, given to WeChat for good or for days, and offered again.

A picture is fetched by its media id alone, from WeChat's own API. The push names an address, too (PicUrl); nothing here
ever asks an address that came with a message, so no message can make the program call where it should not.
Source: messages page (image), media/get, media/uploadimg (form field ``buffer`` in the card documents), media/upload.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bot import clock
from bot.errors import AnswerUnreadable
from bot.store import Store, draft_keys
from bot.vouchers.fields import Field
from bot.vouchers.picture_checks import MOST_BYTES, MOST_LENT, Picture, look
from bot.vouchers.remarks import Kind, Unreadable, remark
from bot.wechat.account import Account
from bot.wechat.exchange import Call
from bot.wechat.transport import Part

if TYPE_CHECKING:
    from bot.wechat.client import AccountAPI

GET, UPLOAD, LEND = "cgi-bin/media/get", "cgi-bin/media/uploadimg", "cgi-bin/media/upload"
KEPT = 30
OFFERED = 5


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A picture WeChat keeps at ``url``; ``use`` is the question it answered, ``at`` seconds since 1970."""

    url: str
    width: int
    height: int
    use: str
    at: float


@dataclass(frozen=True, slots=True)
class Lent:
    """A picture WeChat keeps for three days under ``media_id``; ``at`` seconds since 1970."""

    media_id: str
    at: float


class Pictures:
    """The pictures of one account."""

    def __init__(self, account: Account, api: AccountAPI, store: Store) -> None:
        self._api = api
        self._store = store
        self._key = draft_keys.pictures(account.appid)

    async def take(self, media_id: str, use: str, field: Field, sent_to: AccountAPI | None = None) -> Uploaded:
        """Give the picture of an image message to WeChat for good; ``sent_to`` another account, where it was.

        Raises :exc:`~bot.vouchers.remarks.Unreadable` for one WeChat would not take, and the WeChatError tree. Given
        twice it is kept twice, which harms nobody, so a call without an answer is repeated.
        """
        content = await self._fetch(sent_to or self._api, media_id, field, MOST_BYTES)
        picture = look(content, field)
        answer = await self._api.send(Call(UPLOAD, parts={"buffer": _part(picture, content)}), repeatable=True)
        url = answer.get("url")
        if not isinstance(url, str) or not url:
            raise AnswerUnreadable(UPLOAD, 200, "url is missing")
        uploaded = Uploaded(url, picture.width, picture.height, use, clock.now())
        written = json.dumps(asdict(uploaded), separators=(",", ":"))
        await self._store.pipeline(("LPUSH", self._key, written), ("LTRIM", self._key, 0, KEPT - 1))
        return uploaded

    async def lend(self, media_id: str, field: Field, sent_to: AccountAPI | None = None) -> Lent:
        """Give the picture of an image message to WeChat for three days; as :meth:`take` otherwise.

        The id it came under is of the chat; what a form takes is an id of media/upload.
        """
        content = await self._fetch(sent_to or self._api, media_id, field, MOST_LENT)
        part = _part(look(content, field, MOST_LENT), content)
        answer = await self._api.send(Call(LEND, params={"type": "image"}, parts={"media": part}), repeatable=True)
        lent = answer.get("media_id")
        if not isinstance(lent, str) or not lent:
            raise AnswerUnreadable(LEND, 200, "media_id is missing")
        return Lent(lent, clock.now())

    async def offers(self, use: str) -> list[Uploaded]:
        """Pictures taken before: those for the same use first, the newest first."""
        found = [Uploaded(**json.loads(raw)) for raw in await self._store.do("LRANGE", self._key, 0, -1)]
        return sorted(found, key=lambda each: _use(each.use) != _use(use))[:OFFERED]

    async def _fetch(self, api: AccountAPI, media_id: str, field: Field, most: int) -> bytes:
        call = Call(GET, method="GET", params={"media_id": media_id}, file=True, most=most)
        content = await api.send(call, repeatable=True)
        if not isinstance(content, bytes):  # JSON: of a video its address
            raise Unreadable(remark(Kind.PICTURE_FORMAT, field))
        if len(content) > most:
            raise Unreadable(remark(Kind.PICTURE_TOO_LARGE, field, size=0, limit=most))
        return content


def _part(picture: Picture, content: bytes) -> Part:
    return Part(f"picture.{picture.kind}", content, "image/png" if picture.kind == "png" else "image/jpeg")


def _use(step: str) -> str:
    return step.rstrip("0123456789")
