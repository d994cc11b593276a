"""Previews for the eye: short, and never the same for different values."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as some

from bot.vouchers.changes import Change
from bot.vouchers.fields import BY_NAME
from bot.vouchers.showing import LONGEST, Moment, Part, Run, excerpts, shown
from tests.vouchers.cards import END, OTHER_ID, PICTURE


def preview(name: str, before: Any, after: Any, **titles: str) -> tuple[Any, Any]:
    (found,) = shown([Change(BY_NAME[name], before, after)], titles)
    return found.before, found.after


def test_short_texts_stand_as_they_are() -> None:
    assert preview("notice", "每桌限用一张", "周末不可用") == ("每桌限用一张", "周末不可用")


def test_lines_are_parted_by_strokes() -> None:
    assert preview("description", "一\r\n二", "一\n三") == ("一 / 二", "一 / 三")


def test_long_texts_are_cut_to_where_they_differ() -> None:
    start, end = "甲" * 100, "乙" * 100

    before, after = preview("description", f"{start}旧{end}", f"{start}新{end}")

    assert before == f"…{'甲' * 8}旧{'乙' * 39}…"
    assert after == f"…{'甲' * 8}新{'乙' * 39}…"


@example(common="0", one="", two="\x85")
@given(some.text(min_size=1, max_size=200), some.text(max_size=200), some.text(max_size=200))
def test_different_texts_look_different(common: str, one: str, two: str) -> None:
    before, after = common + one, common + two

    shown_before, shown_after = excerpts(before, after)

    if before.replace("\r\n", "\n") != after.replace("\r\n", "\n"):
        # A backslash and an n look like the line break they are typed for.
        assert shown_before != shown_after or "\\n" in before + after
    assert max(len(shown_before), len(shown_after)) <= 2 * LONGEST + 2


def test_what_is_absent_is_none_and_no_is_not() -> None:
    assert preview("center_title", None, "立即使用") == (None, "立即使用")
    assert preview("can_share", True, False) == (True, False)
    assert preview("consume_share_self_num", 1, 0) == (1, 0)


def test_days_show_their_time_only_where_it_is_not_the_days_end() -> None:
    assert preview("date_info.end_timestamp", END, END - 3599) == (
        Moment(date(2026, 2, 28)),
        Moment(date(2026, 2, 28), "23:00"),
    )


def test_days_in_a_row_with_the_same_hours_are_one_run() -> None:
    hours = {"begin_hour": 9, "begin_minute": 0, "end_hour": 21, "end_minute": 30}
    days = [{"type": day, **hours} for day in ("MONDAY", "TUESDAY", "WEDNESDAY")] + [{"type": "HOLIDAY"}]

    assert preview("time_limit", [], days) == (
        None,
        [Run("MONDAY", "WEDNESDAY", "09:00–21:30"), Run("HOLIDAY", "HOLIDAY", "")],
    )


def test_a_picture_list_is_told_part_by_part() -> None:
    before = [{"image_url": PICTURE, "text": "一"}, {"image_url": PICTURE, "text": "二"}]
    after = [
        {"image_url": PICTURE, "text": "一"},
        {"image_url": PICTURE, "text": "三"},
        {"image_url": "x", "text": "四"},
    ]

    (found,) = shown([Change(BY_NAME["text_image_list"], before, after)])

    assert found.parts == (Part(2, "text", "二", "三"), Part(3, "image_url", "", "x"), Part(3, "text", "", "四"))


def test_long_lists_of_stores_tell_what_comes_and_goes() -> None:
    (found,) = shown([Change(BY_NAME["location_id_list"], list(range(10, 20)), [*range(11, 20), 30])])

    assert (found.added, found.removed) == (("30",), ("10",))


def test_vouchers_given_along_go_by_their_title_where_it_is_known() -> None:
    entry = [{"card_id": OTHER_ID, "num": 1}]

    assert preview("consume_share_card_list", [], entry, **{OTHER_ID: "春节券"}) == (None, ["春节券"])
    assert preview("consume_share_card_list", entry, []) == ([OTHER_ID], None)
