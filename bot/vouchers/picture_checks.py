"""Whether WeChat will take a picture, told by its first bytes. Pure.

The picture is never unpacked here: format and size stand in its header, so one that unpacks to gigabytes costs nothing
to look at, and is refused for the pixels it claims.
Source: media/uploadimg (JPG or PNG, 1 MB). PNG specification, 5.2 and 11.2.2; ITU-T T.81, B.1.1 and B.2.2.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.vouchers.fields import Field
from bot.vouchers.remarks import Kind, Remark, Unreadable, remark

MOST_BYTES = 1 << 20
MOST_LENT = 2 << 20
"""Of a temporary picture: ten megabytes by one page of WeChat's, two by another."""
MOST_PIXELS = 25_000_000
_TRAILING = 64
"""Bytes at the end in which the mark of the end is looked for: some programs add a few."""
_OFF = 0.05
"""How far proportions may be off before somebody should know: a twentieth is cut off unseen."""

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG that begin a frame, which names its size."""
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length behind them."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture WeChat may take: ``kind`` is ``png`` or ``jpg``; pixels."""

    kind: str
    width: int
    height: int


def look(content: bytes, field: Field, most: int = MOST_BYTES) -> Picture:
    """What ``content`` is, of at most so many bytes.

    Raises :exc:`~bot.vouchers.remarks.Unreadable` about ``field`` where WeChat would refuse.
    """
    kind, size = "", None
    if content.startswith(_PNG):
        kind, size = "png", _png_size(content)
    elif content.startswith(_JPEG):
        kind, size = "jpg", _jpeg_size(content)
    if size is None or not all(size):
        raise Unreadable(remark(Kind.PICTURE_FORMAT, field))
    if len(content) > most:
        raise Unreadable(remark(Kind.PICTURE_TOO_LARGE, field, size=len(content), limit=most))
    width, height = size
    if width * height > MOST_PIXELS:
        raise Unreadable(remark(Kind.PICTURE_TOO_BIG, field, width=width, height=height, limit=MOST_PIXELS))
    return Picture(kind, width, height)


def shape(picture: Picture, advised: tuple[int, int], field: Field) -> Remark | None:
    """A caution where the picture is smaller than advised, or of other proportions."""
    wide, high = advised
    if not wide:
        return None
    off = abs(picture.width * high - picture.height * wide) > _OFF * picture.height * wide
    if not off and picture.width >= wide:
        return None
    return remark(
        Kind.PICTURE_SHAPE, field, width=picture.width, height=picture.height, wide=wide, high=high, smaller=not off
    )


def _png_size(content: bytes) -> tuple[int, int] | None:
    """Of the header chunk, which comes first; a file cut off before its end is none."""
    end = content.rfind(b"IEND", -_TRAILING)
    if content[12:16] != b"IHDR" or not 0 <= end <= len(content) - 8:
        return None
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Of the first frame; a file without its end marker is cut off."""
    position = 2
    while position + 9 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if marker in _FRAMES:
            found = (
                int.from_bytes(content[position + 7 : position + 9]),
                int.from_bytes(content[position + 5 : position + 7]),
            )
            return found if b"\xff\xd9" in content[-_TRAILING:] else None
        if marker == 0xFF:  # filling
            position += 1
        elif marker in _BARE:
            position += 2
        else:
            position += 2 + max(int.from_bytes(content[position + 2 : position + 4]), 2)
    return None
