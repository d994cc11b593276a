"""A poster drawn and looked at: its code read back by another program, its letters there."""

from __future__ import annotations

import asyncio
import io
from xml.etree import ElementTree

import pytest
import zxingcpp
from PIL import Image

from bot.errors import PictureNotDrawn
from bot.pictures import drawing
from bot.pictures.drawing import PRINT, Studio
from bot.pictures.lettering import FONT
from bot.pictures.poster import Poster

ADDRESS = "http://weixin.qq.com/q/02kY5hJ3xQbC81aBcDeFgH"
WORDS = "10元代金券\n湖畔面馆 · 12月20日前有效\n\n打印出来，或放在另一块屏幕上，用微信扫一扫领取"


def read(png: bytes) -> str:
    """What the QR code of a picture says to an independent reader."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
    return str(found.text)


def ink(png: bytes, top: float, bottom: float) -> int:
    """How many dark pixels a strip of the picture has; top and bottom as parts of its height."""
    image = Image.open(io.BytesIO(png)).convert("L")
    strip = image.crop((0, int(image.height * top), image.width, int(image.height * bottom)))
    return sum(strip.histogram()[:128])


async def test_the_code_can_be_read_and_letters_are_there() -> None:
    png = await Studio().png(Poster(WORDS, ADDRESS))

    assert read(png) == ADDRESS
    assert Image.open(io.BytesIO(png)).width == 800
    blank = await Studio().png(Poster("\u200b", ADDRESS))
    assert ink(png, 0, 0.15) > ink(blank, 0, 0.05) + 1_000
    assert len(png) < 100_000


async def test_a_larger_one_for_print_can_be_read_too() -> None:
    png = await Studio().png(Poster("春节券", "wxp://f2f0" + "a" * 200), PRINT)

    assert read(png) == "wxp://f2f0" + "a" * 200
    assert Image.open(io.BytesIO(png)).width == 2400


def test_hostile_words_stay_words() -> None:
    document = Poster('</text><script>x</script>"\'&\x00', 'a"<>&').svg()

    texts = [element.text for element in ElementTree.fromstring(document).iter() if element.tag.endswith("text")]  # noqa: S314 - our own
    assert "".join(text or "" for text in texts) == "</text><script>x</script>\"'&"


def test_the_same_is_called_the_same() -> None:
    assert Poster(WORDS, ADDRESS).digest == Poster.of(Poster(WORDS, ADDRESS).stored()).digest
    assert Poster(WORDS, ADDRESS).digest != Poster(WORDS, ADDRESS + "x").digest
    assert ADDRESS not in repr(Poster(WORDS, ADDRESS))


async def test_a_pen_that_breaks_or_hangs_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Poster, "svg", lambda self: "<svg")
    with pytest.raises(PictureNotDrawn, match=r"^exit 1: ValueError$"):
        await Studio().png(Poster("券", ADDRESS))
    monkeypatch.setattr(drawing, "PATIENCE", 0.0)
    with pytest.raises(PictureNotDrawn, match="not drawn within 0 s"):
        await Studio().png(Poster("券", ADDRESS))


async def test_the_same_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = list[str]()
    svg = Poster.svg

    def noted(poster: Poster) -> str:
        drawn.append(poster.words)
        return svg(poster)

    monkeypatch.setattr(Poster, "svg", noted)
    studio = Studio()
    both = await asyncio.gather(*(studio.png(Poster("春节券", ADDRESS)) for _ in range(2)))

    assert both[0] == both[1] == await studio.png(Poster("春节券", ADDRESS))
    assert await studio.png(Poster("豆浆券", ADDRESS)) != both[0]
    assert drawn == ["春节券", "豆浆券"]
    monkeypatch.setattr(drawing, "MOST_KEPT", 0)
    await studio.png(Poster("面券", ADDRESS))
    await studio.png(Poster("春节券", ADDRESS))
    assert drawn[-2:] == ["面券", "春节券"]


async def test_whoever_goes_away_leaves_the_drawing_to_the_others() -> None:
    studio = Studio()
    gone = asyncio.create_task(studio.png(Poster("春节券", ADDRESS)))
    stays = asyncio.create_task(studio.png(Poster("春节券", ADDRESS)))
    await asyncio.sleep(0)
    gone.cancel()

    assert read(await stays) == ADDRESS
    last = asyncio.create_task(studio.png(Poster("豆浆券", ADDRESS)))
    await asyncio.sleep(0)
    await studio.close()
    with pytest.raises(asyncio.CancelledError):
        await last


async def test_more_than_a_code_holds_is_a_fault() -> None:
    with pytest.raises(PictureNotDrawn, match=r"^more than a QR code holds$"):
        await Studio().png(Poster("券", "x" * 3_000))


def test_the_font_and_its_licence_come_along() -> None:
    assert FONT.read_bytes()[:4] == b"OTTO"
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONT.parent / "OFL.txt").read_text()
