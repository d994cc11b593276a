"""Pictures and other files: temporary ones under a media id for three days, permanent ones under an address.

Source: messaging.md A7.1 (formats, sizes), vouchers.md 9.1 (uploadimg). Formats are told by a file's first bytes.
"""

from __future__ import annotations

import base64
import secrets
import time
from dataclasses import dataclass

from bot.simulator.errors import ApiError
from bot.simulator.persistence import Store

LIFETIME = 3 * 86400
MOST_IMAGE_URL = 1 << 20
_SIGNS: dict[str, tuple[bytes, ...]] = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "amr": (b"#!AMR",),
    "mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
}
CONTENT_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "amr": "audio/amr",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
}


@dataclass(frozen=True)
class Kind:
    """What may be uploaded as one type: formats, bytes, and the code for a file that is larger."""

    formats: tuple[str, ...]
    most: int
    too_large: int


KINDS: dict[str, Kind] = {
    # Ten megabytes by the table, two by a newer page's summary: the stricter one.
    "image": Kind(("png", "jpg", "gif"), 2 << 20, 40009),
    "voice": Kind(("amr", "mp3"), 2 << 20, 40010),
    "video": Kind(("mp4",), 10 << 20, 40011),
    "thumb": Kind(("jpg",), 64 << 10, 40012),
}


MOST_SENT = 10 << 20
"""Bytes of a picture that a person sends: nobody uploads those, and a phone's photos have several megabytes."""


def format_of(data: bytes) -> str:
    """``png``, ``jpg`` …, "" for what is none of them."""
    if data[4:8] == b"ftyp":
        return "mp4"
    return next((name for name, signs in _SIGNS.items() if data.startswith(signs)), "")


@dataclass(frozen=True)
class Media:
    """A temporary file."""

    appid: str
    media_id: str
    kind: str
    data: bytes
    created_at: float

    @property
    def content_type(self) -> str:
        """The MIME type of its format."""
        return CONTENT_TYPES[format_of(self.data)]

    @property
    def url(self) -> str:
        """PicUrl of a picture."""
        return f"http://mmbiz.qpic.cn/mmbiz_{format_of(self.data)}/{self.media_id}/0"


class MediaBook:
    """Files by account."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._media: dict[tuple[str, str], Media] = {}
        for appid, key, (kind, data, at) in store.all("media"):
            self._media[appid, key] = Media(appid, key, kind, base64.b64decode(data), at)
        self._images = {key: base64.b64decode(data) for _, key, data in store.all("image")}

    def add(self, appid: str, kind: str, data: bytes, most: int = 0) -> Media:
        """Keep a temporary file of at most so many bytes, by default those of its type.

        Raises 40004 (no such type), 40005 (format), 40009 to 40012 (size).
        """
        if kind not in KINDS:
            raise ApiError(40004)
        if format_of(data) not in KINDS[kind].formats:
            raise ApiError(40005)
        if len(data) > (most or KINDS[kind].most):
            raise ApiError(KINDS[kind].too_large)
        media = Media(appid, secrets.token_urlsafe(48), kind, data, time.time())
        self._media[appid, media.media_id] = media
        self._store.put("media", appid, media.media_id, [kind, base64.b64encode(data).decode(), media.created_at])
        return media

    def find(self, appid: str, media_id: object, kind: str = "") -> Media:
        """A file of the account that is not older than three days, and of ``kind`` if one is wanted. Raises 40007."""
        media = self._media.get((appid, media_id)) if isinstance(media_id, str) else None
        if media is None or time.time() - media.created_at > LIFETIME or kind not in ("", media.kind):
            raise ApiError(40007)
        return media

    def anywhere(self, media_id: str) -> Media:
        """A file of any account that is not older than three days. Raises 40007."""
        owner = next((appid for appid, key in self._media if key == media_id), "")
        return self.find(owner, media_id)

    def add_image(self, appid: str, data: bytes) -> str:
        """Keep a picture for good; its address. Raises 40137 (neither JPG nor PNG), 40009 (above 1 MB)."""
        form = format_of(data)
        if form not in {"png", "jpg"}:
            raise ApiError(40137)
        if len(data) > MOST_IMAGE_URL:
            raise ApiError(40009)
        url = f"http://mmbiz.qpic.cn/mmbiz_{form}/{secrets.token_urlsafe(32)}/0"
        self._images[url] = data
        self._store.put("image", appid, url, base64.b64encode(data).decode())
        return url

    def picture(self, address: str) -> bytes:
        """What an address of :meth:`add_image` or a PicUrl shows. Raises :exc:`LookupError`."""
        for media in self._media.values():
            if address in {media.url, media.media_id}:
                return media.data
        return self._images[address]
