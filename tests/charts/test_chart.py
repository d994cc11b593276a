"""Charts: drawn like their references, safe on a page, readable whatever the figures are."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageChops

from bot.charts.chart import Chart
from bot.charts.shapes import Bars, Columns, Lines, Values, mean_of_week
from bot.charts.words import Words
from bot.pictures.pen import draw
from tests.charts.kinds import ENGLISH, KINDS, RANKING, REFERENCES, WIDE, WORDS, days, hours

NOTICED = 48
"""Of 255: what one machine's arithmetic draws lighter or darker than another's stays below."""
MOST_CHANGED = 0.004
"""Part of the pixels that may differ."""


def changed(one: Image.Image, other: Image.Image) -> float:
    """Which part of the pixels is different enough to be seen; all of them where the sizes differ."""
    if one.size != other.size:
        return 1.0
    histogram = ImageChops.difference(one.convert("L"), other.convert("L")).histogram()
    return sum(histogram[NOTICED:]) / (one.width * one.height)


def picture(chart: Chart) -> Image.Image:
    return Image.open(io.BytesIO(draw(chart.svg(), WIDE)))


def texts(chart: Chart) -> list[str]:
    """What can be read, from top to bottom as it is drawn."""
    root = ElementTree.fromstring(chart.svg())  # noqa: S314 - our own
    return [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("name", KINDS)
def test_a_chart_looks_like_its_reference(name: str) -> None:
    reference = Image.open(REFERENCES / f"{name}.png")

    assert changed(picture(KINDS[name]), reference) <= MOST_CHANGED


def test_the_comparison_sees_a_line_that_moved_and_a_word_that_changed() -> None:
    chart = KINDS["lines"]
    assert isinstance(chart.shape, Lines)
    panels = (chart.shape.panels[0][::-1], chart.shape.panels[1])
    reference = Image.open(REFERENCES / "lines.png")

    assert changed(picture(replace(chart, shape=replace(chart.shape, panels=panels))), reference) > MOST_CHANGED
    assert changed(picture(replace(chart, words=replace(WORDS, title="最近30天"))), reference) > MOST_CHANGED
    assert changed(picture(replace(chart, words=replace(WORDS, names=("领取", "核销", "浏览")))), reference) > 0


@pytest.mark.parametrize("name", KINDS)
def test_what_is_kept_is_drawn_the_same(name: str) -> None:
    kept = Chart.of(json.loads(json.dumps(KINDS[name].stored())))

    assert kept == KINDS[name]
    assert kept.digest == KINDS[name].digest
    assert replace(kept, chinese=not kept.chinese).digest != kept.digest


@pytest.mark.parametrize("card", [False, True])
@pytest.mark.parametrize("shape", [days(3), hours(), RANKING])
def test_hostile_words_stay_words(shape: Lines | Columns | Bars, card: bool) -> None:
    evil = "</text><script>alert(1)</script>\"'&{{ 7 * 7 }}\x00"
    if isinstance(shape, Bars):
        shape = replace(shape, labels=(evil,) * 4)
    document = Chart(shape, Words(evil, (evil,), (evil, evil, evil), (evil,)), chinese=True, card=card).svg()

    assert "<script" not in document
    assert "{{" in document
    ElementTree.fromstring(document)  # noqa: S314 - well-formed, or it raises


@pytest.mark.parametrize("name", KINDS)
def test_many_may_stand_on_a_page(name: str) -> None:
    """Nothing has an id, nothing is fetched, and a reader for the blind has something to say."""
    document = KINDS[name].svg()

    assert not re.search(r'\b(id|href|src|style|class)=', document)
    assert "viewBox" in document
    assert f"<title>{KINDS[name].words.title}</title>" in document
    assert len(document) < 35_000


def test_empty_zero_and_late_are_three_things() -> None:
    def drawn(value: int | None, late: tuple[int, ...] = ()) -> str:
        return Chart(Lines(date(2026, 11, 2), (((3, value, 3),),), late), Words(names=("核销",)), chinese=True).svg()

    assert drawn(0).count("<circle") == drawn(None).count("<circle") + 1
    assert len({drawn(0), drawn(None), drawn(None, (1,))}) == 3
    assert "#b5b9c0" in drawn(None, (1,))
    assert "#b5b9c0" not in drawn(None)


@pytest.mark.parametrize("values", [(0, 0, 0), (None, None, None), (1, None, 1), (10**15, 0, None)])
@pytest.mark.parametrize("card", [False, True])
def test_any_figures_can_be_drawn(values: Values, card: bool) -> None:
    for shape in (
        Lines(date(2026, 2, 28), ((values, values), (values,))),
        Columns(("1", "2", "3"), (values, values)),
        Bars(("甲", "乙", "丙"), (values, values)),
    ):
        for words, chinese in ((WORDS, True), (ENGLISH, False)):
            chart = Chart(shape, words, chinese=chinese, card=card)
            assert picture(chart).width == WIDE
            assert "nan" not in chart.svg()


@pytest.mark.parametrize("many", [1, 2, 3, 14, 31, 62, 63, 100, 366, 1100])
def test_every_span_has_days_at_its_foot_that_do_not_touch(many: int) -> None:
    for chinese in (True, False):
        chart = Chart(days(many), WORDS, chinese=chinese)
        root = ElementTree.fromstring(chart.svg())  # noqa: S314 - our own
        elements = root.iter("{http://www.w3.org/2000/svg}text")
        found = [each for each in elements if each.get("text-anchor") == "middle" and each.get("fill") == "#555"]
        places = [float(each.get("x", "")) for each in found]
        widths = [len(each.text or "") * 24 * 0.58 for each in found]
        assert found
        for (x, wide), (following, its) in zip(
            zip(places, widths, strict=True), list(zip(places, widths, strict=True))[1:], strict=False
        ):
            assert x + wide / 2 + 8 < following - its / 2
        assert places[-1] + widths[-1] / 2 < 800


def test_days_are_written_as_the_language_does() -> None:
    assert texts(Chart(days(2), WORDS, chinese=True))[-3:-1] == ["11/23", "11/24"]
    assert texts(Chart(days(2), ENGLISH, chinese=False))[-3:-1] == ["23 Nov", "24 Nov"]
    assert {"2026", "3月"} <= set(texts(Chart(days(366), WORDS, chinese=True)))
    assert {"2026", "Mar"} <= set(texts(Chart(days(366), ENGLISH, chinese=False)))


def test_large_numbers_are_written_as_the_language_does() -> None:
    shape = Lines(date(2026, 11, 1), (((0, 150_000),),))

    assert "15万" in texts(Chart(shape, WORDS, chinese=True))
    assert "150K" in texts(Chart(shape, ENGLISH, chinese=False))


def test_what_fits_no_line_is_shortened() -> None:
    long = "特别特别特别特别特别特别特别特别长的一句话，" * 8
    drawn = texts(Chart(days(2), Words(long, (long,), (long, "领取", "浏览"), (long,)), chinese=True))

    assert all(len(line) <= 31 for line in drawn)
    assert sum(line.endswith("…") for line in drawn) == 4


def test_words_are_read_line_by_line() -> None:
    whole = Words("题", ("下一行", "再一行"), ("核销", "领取"), ("注",))
    assert Words.read("题\n下一行\n再一行\n\n核销\n领取\n\n注") == whole
    assert Words.read("题\n\n核销") == Words("题", (), ("核销",))
    assert Words.read("") == Words()


def test_a_shape_says_what_its_notes_have_to_explain() -> None:
    month, year = days(30, frozenset({3}), (29,)), days(366)

    assert (month.shades_weekends, month.has_gaps, month.averaged) == (True, True, False)
    assert (year.shades_weekends, year.has_gaps, year.averaged) == (False, False, True)
    assert not days(1, late=(0,)).has_gaps


def test_the_mean_of_seven_days_leaves_out_what_is_not_known() -> None:
    assert mean_of_week((7, 7, 7, 7, 14, 14, 14, 14)) == (None, None, None, 7, 42 / 5, 56 / 6, 10, 11)
    assert mean_of_week((1, None, 1, 1, None, 1, 1, 1, 8)) == (None, None, None, None, None, 1, 1, 1, 13 / 6)
    assert mean_of_week(()) == ()


def test_five_years_are_drawn_as_lightly_as_one() -> None:
    document = Chart(days(5 * 366), WORDS, chinese=True).svg()

    assert len(document) < 35_000
    assert "stroke-opacity" not in document, "single days are closer than half a pixel"
