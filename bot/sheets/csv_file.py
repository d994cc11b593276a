"""CSV that Excel opens right: UTF-8 with its mark, CRLF, every text in quotes.

Source: RFC 4180; for text that looks like a formula OWASP, "CSV Injection": an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date

from bot.sheets.cells import Cell, Line, is_risky, single_line

MARK = "\ufeff"
"""Without it Excel reads Chinese as the code page of the machine."""


def begin(header: Line) -> bytes:
    """The mark and the header."""
    return MARK.encode() + written([header])


def written(lines: Iterable[Line]) -> bytes:
    """``lines`` as they follow the header."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerows([_cell(cell) for cell in line] for line in lines)
    return text.getvalue().encode()


def _cell(cell: Cell) -> str | int:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int):
        return cell
    return f"'{single_line(cell)}" if is_risky(cell) else single_line(cell)
