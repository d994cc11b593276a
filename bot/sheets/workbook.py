"""XLSX, row by row: no more than one row is held in memory, the rest waits in files until the book is closed.

XlsxWriter, and nothing else knows it. A text is written as a text whatever it looks like; one that looks like a formula
is marked as quoted too, so that it stays a text when somebody edits the cell.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO, Any, Self

import xlsxwriter

from bot.sheets.cells import Cell, Line, is_risky, single_line

MOST_ROWS = 1_048_576
"""Of one sheet, in Excel."""
LONGEST_TEXT = 32_767
"""Characters of a cell, in Excel."""


class Workbook:
    """A book with a table, which goes on on a further sheet where one is full, and a sheet of notes behind it.

    Used as a context: what is not closed leaves nothing behind.
    """

    def __init__(self, name: str, header: Line, widths: Sequence[int]) -> None:
        self._name, self._header, self._widths = name, header, widths
        self._folder = tempfile.TemporaryDirectory(prefix="export-")
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=self._folder.name)  # noqa: SIM115 - closed with the book
        options = {"constant_memory": True, "tmpdir": self._folder.name}
        self._book = xlsxwriter.Workbook(self._file, options)
        self._bold = self._book.add_format({"bold": True, "bottom": 1})
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._number = self._book.add_format({"num_format": "#,##0"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._sheets = 0
        self._begin_sheet()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        for sheet in self._book.worksheets():
            if sheet.row_data_fh is not None:  # one that was never closed still writes
                sheet.row_data_fh.close()
        self._folder.cleanup()

    def add(self, lines: Iterable[Line]) -> None:
        """Rows of the table."""
        for line in lines:
            if self._row >= MOST_ROWS:
                self._begin_sheet()
            for column, cell in enumerate(line):
                self._write(self._sheet, self._row, column, cell)
            self._row += 1

    def close(self, notes_name: str, notes: Iterable[Line]) -> IO[bytes]:
        """Write the notes and end the book; the file, from its beginning. It ends with the context."""
        self._filter()
        sheet = self._book.add_worksheet(_sheet_name(notes_name))
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 60)
        for row, line in enumerate(notes):
            for column, cell in enumerate(line):
                self._write(sheet, row, column, cell)
        self._book.close()
        self._file.seek(0)
        return self._file

    def _begin_sheet(self) -> None:
        if self._sheets:
            self._filter()
        self._sheets += 1
        name = self._name if self._sheets == 1 else f"{self._name} {self._sheets}"
        self._sheet = self._book.add_worksheet(_sheet_name(name))
        for column, wide in enumerate(self._widths):
            self._sheet.set_column(column, column, wide)
        self._sheet.freeze_panes(1, 0)
        for column, cell in enumerate(self._header):
            self._sheet.write_string(0, column, str(cell), self._bold)
        self._row = 1

    def _filter(self) -> None:
        self._sheet.autofilter(0, 0, self._row - 1, len(self._header) - 1)

    def _write(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, int):
            sheet.write_number(row, column, cell, self._number)
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, self._day)
        elif cell:
            text = single_line(cell)[:LONGEST_TEXT]
            sheet.write_string(row, column, text, self._quoted if is_risky(cell) else None)


def _sheet_name(name: str) -> str:
    """At most 31 characters, and none that Excel forbids in the name of a sheet."""
    return "".join("_" if each in "[]:*?/\\'" else each for each in name)[:31]
