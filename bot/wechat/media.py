"""Pictures at WeChat: uploaded as temporary media, and used again while WeChat keeps them.

Source: "media upload": ``cgi-bin/media/upload``, kept for three days; a ``media_id`` may be used as often as one likes.
"""

from __future__ import annotations

from bot import clock
from bot.errors import AnswerUnreadable
from bot.pictures.drawing import Drawable, Studio
from bot.store import Store
from bot.store import picture_keys as keys
from bot.wechat.client import AccountAPI
from bot.wechat.exchange import Call
from bot.wechat.transport import Part

UPLOAD = "cgi-bin/media/upload"
KEPT_SECONDS = 3 * 86_400
MARGIN_SECONDS = 6 * 3600
"""One that is about to end is not handed out: it may be looked at later than now."""


class Media:
    """The pictures of one account."""

    def __init__(self, store: Store, api: AccountAPI, studio: Studio) -> None:
        self._store = store
        self._api = api
        self._studio = studio

    async def id_of(self, picture: Drawable) -> str:
        """A ``media_id`` that shows ``picture``: one known by its content, or drawn and uploaded now.

        Raises :exc:`bot.errors.PictureNotDrawn` and the WeChatError tree.
        """
        key = self._key(picture)
        known = await self._store.read(key)
        if known and known["until"] > clock.now():
            return str(known["media_id"])
        media_id = await self._upload(await self._studio.png(picture))
        until = clock.now() + KEPT_SECONDS - MARGIN_SECONDS
        await self._store.write(key, {"media_id": media_id, "until": until}, seconds=KEPT_SECONDS)
        return media_id

    async def forget(self, picture: Drawable) -> None:
        """WeChat does not know it any more (40007): it is uploaded anew when asked for again."""
        await self._store.delete(self._key(picture))

    async def _upload(self, png: bytes) -> str:
        parts = {"media": Part("picture.png", png, "image/png")}
        # A second copy at WeChat harms nobody and ends by itself.
        answer = await self._api.send(Call(UPLOAD, params={"type": "image"}, parts=parts), repeatable=True)
        if not isinstance(media_id := answer.get("media_id"), str) or not media_id:
            raise AnswerUnreadable(UPLOAD, 200, "media_id is missing")
        return media_id

    def _key(self, picture: Drawable) -> str:
        return keys.media(self._api.account.appid, picture.digest)
