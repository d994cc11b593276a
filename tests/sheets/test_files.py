"""Files for spreadsheets: what is text stays text, numbers and days are such, and Excel opens them right."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from bot.sheets import csv_file, workbook
from bot.sheets.cells import is_risky, single_line
from bot.sheets.workbook import Workbook

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u200b=1", "\u202e=1", "\ufeff=1", "\u3000=1",
    "＝1", "＋1", "－1", "＠x", "−1", "\x00=1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://evil","x")',
]  # fmt: skip
PLAIN = ["", "春节券", "10元代金券", "满100减20", "a=b", "🍜=面", "'=1", "《+》", "50%", "|x", '"=1"']


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_is_one(text: str) -> None:
    assert is_risky(text)


@pytest.mark.parametrize("text", PLAIN)
def test_what_does_not_is_none(text: str) -> None:
    assert not is_risky(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\r\nb", "a  b"), ("a\x00b\x1b", "a b "), ("a\u2028b", "a b"), ("\ud83c", "\ufffd"), ("\uffff", "\ufffd"),
        ("\U0001fffe", "\ufffd"), ("🍜\u202e券", "🍜\u202e券"),
    ],
)  # fmt: skip
def test_a_row_stays_a_row(text: str, line: str) -> None:
    assert single_line(text) == line


def test_csv_is_utf_8_with_its_mark_and_crlf() -> None:
    day = date(2026, 11, 21)
    written = csv_file.begin(["日期", "卡券"]) + csv_file.written([(day, '引号"和,逗号', 12), (day, "两\n行", -3)])

    assert written == (
        b"\xef\xbb\xbf"
        + '"日期","卡券"\r\n"2026-11-21","引号""和,逗号",12\r\n"2026-11-21","两 行",-3\r\n'.encode()
    )


@pytest.mark.parametrize("text", [*FORMULAS, *PLAIN, "🍜\u202e券", "\ud83c"])
def test_a_text_in_csv_is_read_as_one(text: str) -> None:
    written = csv_file.begin(["a"]) + csv_file.written([(text, 1)])
    (_, (cell, number)) = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))

    assert cell == ("'" if is_risky(text) else "") + single_line(text)
    assert number == "1"


def book_of(*lines: tuple[object, ...]) -> openpyxl.Workbook:
    """A book with these rows, as another program opens it."""
    with Workbook("每天每张券", ["日期", "卡券", "核销"], (12, 20, 9)) as book:
        book.add(lines)  # type: ignore[arg-type]  # cells of any kind
        return openpyxl.load_workbook(io.BytesIO(book.close("说明", [("公众号", "湖畔面馆")]).read()))


def test_xlsx_has_days_as_days_and_numbers_as_numbers() -> None:
    opened = book_of((date(2026, 11, 21), "春节券", 12_345_678), (date(2026, 11, 20), "", 0))
    table, notes = opened.worksheets

    assert (table.title, notes.title) == ("每天每张券", "说明")
    assert [[cell.value for cell in row] for row in table.rows] == [
        ["日期", "卡券", "核销"],
        [datetime(2026, 11, 21), "春节券", 12_345_678],  # noqa: DTZ001 - a day
        [datetime(2026, 11, 20), None, 0],  # noqa: DTZ001 - a day
    ]
    assert table["A2"].number_format == "yyyy-mm-dd"
    assert table["C2"].data_type == "n"
    assert (table.freeze_panes, table.auto_filter.ref) == ("A2", "A1:C3")
    assert [[cell.value for cell in row] for row in notes.rows] == [["公众号", "湖畔面馆"]]


@pytest.mark.parametrize(
    "text", [*FORMULAS, "https://evil.example.com", "mailto:x@y.z", "1234", "🍜\u202e券", "\ud83c"]
)
def test_a_text_in_xlsx_is_never_a_formula_a_link_or_a_number(text: str) -> None:
    table = book_of((date(2026, 11, 21), text, 1)).worksheets[0]
    cell = table["B2"]

    assert (cell.data_type, cell.value) == ("s", single_line(text))
    assert cell.hyperlink is None
    assert bool(cell.quotePrefix) is is_risky(text)


def test_a_full_sheet_goes_on_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    opened = book_of(*((date(2026, 11, 21), "券", number) for number in range(5)))

    assert opened.sheetnames == ["每天每张券", "每天每张券 2", "每天每张券 3", "说明"]
    assert [[row[2].value for row in sheet.rows] for sheet in opened.worksheets[:3]] == [
        ["核销", 0, 1], ["核销", 2, 3], ["核销", 4],
    ]  # fmt: skip


@pytest.mark.parametrize("closed", [True, False])
def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: bool) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Workbook("a", ["x"], (9,)) as book:
        book.add([("y",)])
        if closed:
            book.close("b", [])
        assert list(tmp_path.iterdir()) != []

    assert list(tmp_path.iterdir()) == []


def test_names_of_sheets_are_what_excel_allows() -> None:
    with Workbook("[a]:b*c?/\\'" + "长" * 40, ["x"], (9,)) as book:
        opened = openpyxl.load_workbook(io.BytesIO(book.close("说明", []).read()))

    assert opened.sheetnames == ["_a__b_c____" + "长" * 20, "说明"]
