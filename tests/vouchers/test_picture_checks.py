"""Pictures by their first bytes: what WeChat takes, what it would not, and nothing that makes the program stumble."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.vouchers.fields import BY_NAME
from bot.vouchers.picture_checks import MOST_BYTES, Picture, look, shape
from bot.vouchers.remarks import Kind, Unreadable
from tests.images import jpeg, png

LOGO = BY_NAME["logo_url"]
WHOLE_PNG, WHOLE_JPEG = png(300, 200), jpeg(640, 480)


def refused(content: bytes) -> Kind:
    """Why ``content`` is none."""
    with pytest.raises(Unreadable) as found:
        look(content, LOGO)
    return found.value.remark.kind


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"GIF89a" + b"0" * 99, b"<svg/>", b"RIFF0000WEBPVP8 ", WHOLE_PNG[:-4],
        WHOLE_JPEG[:-2], png(0, 9), jpeg(9, 0), b"\xff\xd8" + b"\xff" * 99, b"\xff\xd8\xff\xe0\x00\x00" * 30,
        jpeg(9, 9, marker=0xC4),
    ],
)  # fmt: skip
def test_what_is_no_whole_picture(content: bytes) -> None:
    assert refused(content) is Kind.PICTURE_FORMAT


def test_more_bytes_than_wechat_takes() -> None:
    fitting = png(300, 200, padding=MOST_BYTES - len(WHOLE_PNG) - 17)
    assert len(fitting) == MOST_BYTES
    assert look(fitting, LOGO) == Picture("png", 300, 200)
    assert refused(png(300, 200, padding=MOST_BYTES - len(WHOLE_PNG) - 16)) is Kind.PICTURE_TOO_LARGE


def test_a_small_file_that_unpacks_to_gigabytes_is_refused_unopened() -> None:
    assert refused(jpeg(65535, 65535)) is Kind.PICTURE_TOO_BIG


@pytest.mark.parametrize("marker", [0xC0, 0xC1, 0xC2, 0xC9])
def test_baseline_and_progressive(marker: int) -> None:
    assert look(jpeg(640, 480, marker=marker), LOGO) == Picture("jpg", 640, 480)


def test_fill_bytes_and_bare_markers_before_the_frame() -> None:
    odd = WHOLE_JPEG[:2] + b"\xff\xff\xff\x01\xff\xd0" + WHOLE_JPEG[2:]

    assert look(odd, LOGO) == Picture("jpg", 640, 480)


@given(st.binary(max_size=200))
@example(b"\xff\xd8\xff\xc0\x00\x11\x08")
@example(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR")
def test_any_bytes_are_a_picture_or_refused(content: bytes) -> None:
    for given_bytes in (content, b"\xff\xd8" + content, b"\x89PNG\r\n\x1a\n" + content):
        try:
            picture = look(given_bytes, LOGO)
        except Unreadable:
            continue
        assert picture.width > 0
        assert picture.height > 0


@pytest.mark.parametrize(
    ("size", "smaller"),
    [
        ((300, 300), None), ((600, 600), None), ((310, 300), None), ((150, 150), True), ((300, 200), False),
        ((90, 300), False),
    ],
)  # fmt: skip
def test_advised_proportions(size: tuple[int, int], smaller: bool | None) -> None:
    found = shape(Picture("png", *size), (300, 300), LOGO)

    assert (found and found.values["smaller"]) is smaller
    assert shape(Picture("png", *size), (0, 0), LOGO) is None
