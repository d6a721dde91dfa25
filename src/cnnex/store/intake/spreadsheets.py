"""Spreadsheets (`.xlsx`) with a row a student, read by openpyxl where that is installed."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import IO, Any

import msgspec

from cnnex.errors import InputError
from cnnex.store.intake.archives import check_size
from cnnex.store.intake.columns import Columns
from cnnex.store.intake.document import Document, Found, digest
from cnnex.store.intake.times import day_first, read_time

_MOST_ROWS, _MOST_COLUMNS = 1 << 20, 2000
_MOST_UNPACKED = 64 << 20
_MOST_CELLS = 1_000_000  # 10,000 students with 100 columns; openpyxl takes about ten seconds for them
_TOO_MUCH = f"{_MOST_UNPACKED >> 20} MB, the most that is read of a spreadsheet; save it as CSV, of any size"
_TAGS = 4  # of a cell, <c><v>6</v></c>


def read_sheet(document: Document, stream: IO[bytes]) -> Iterator[Found]:
    """The submissions in the first sheet of a workbook.

    Raises:
        InputError: openpyxl isn't installed or can't read the workbook, it is too large, the head names no parts, or no
            row follows it.
    """
    if check_size(stream, _MOST_UNPACKED) > _TAGS * _MOST_CELLS:
        raise InputError(f"this spreadsheet has more than about {_MOST_CELLS:,} cells; save it as CSV, of any size")
    rows = _rows(stream, _MOST_COLUMNS + 1)
    head: list[str] = []
    for row in islice(rows, 100):
        head = ["" if cell is None else str(cell) for cell in row]
        if any(map(str.strip, head)):
            break
    while head and not head[-1].strip():
        head.pop()
    if len(head) > _MOST_COLUMNS:
        raise InputError(f"this sheet has more than {_MOST_COLUMNS} columns; expected one a part, and some besides")
    columns = Columns.of(head, document.parts)
    order: bool | None = None
    begun = found = looked = False
    left = _MOST_UNPACKED  # of the rows' bytes: one text of a workbook may stand in many cells
    for number, row in enumerate(_rows(stream, columns.width), 1):
        if not begun:
            begun = _says(row)
        elif _says(row):
            found = True
            raw = msgspec.json.encode([str(cell) for cell in row])
            left -= len(raw)
            if left < 0:
                raise InputError(f"the rows from {number} on aren't read: those above have {_TOO_MUCH}")
            cells = [_cell(cell) for cell in row]
            if columns.time >= 0:
                cells[columns.time] = _moment(row[columns.time])
                if not looked and read_time(cells[columns.time])[1]:
                    order, looked = _day_first(document, columns), True
            for _, place in columns.parts:
                cells[place] = _answer(row[place])
            mark = digest(msgspec.json.encode(head), raw)
            yield columns.attempt(cells, f"{document.source}:{number}", mark, order)
    if not found:
        raise InputError("this sheet has no rows below its head")


def _day_first(document: Document, columns: Columns) -> bool | None:
    """Whether the times that are text have the day before the month, by those that can be read in one way only."""
    with document.open() as stream:
        return day_first(_moment(row[columns.time]) for row in _rows(stream, columns.width))


def _rows(stream: IO[bytes], width: int) -> Iterator[tuple[Any, ...]]:
    """The rows of the first sheet; gaps between rows count, up to a sheet's largest number of rows."""
    try:
        with _without_numpy():
            from openpyxl import load_workbook
    except ImportError:
        raise InputError("this is a spreadsheet; save it as CSV, or install cnnex[xlsx]") from None
    stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on styles and the like, which say nothing of answers
            sheet = load_workbook(stream, read_only=True, data_only=True, keep_links=False).worksheets[0]
            sheet.reset_dimensions()  # what the file says of its size may be anything
            rows = sheet.iter_rows(max_col=width, values_only=True)
            yield from islice(rows, _MOST_ROWS)
            more = next(rows, None) is not None
    except Exception as error:  # noqa: BLE001 - a broken workbook breaks openpyxl at any place
        raise InputError(f"this spreadsheet can't be read ({type(error).__name__}); save it as CSV") from None
    if more:
        raise InputError(f"this sheet has rows below row {_MOST_ROWS:,}, which no spreadsheet has; they aren't read")


@contextmanager
def _without_numpy() -> Iterator[None]:
    """Let openpyxl do without numpy, which takes longer to import than a class's answers to read."""
    absent: Any = None
    added = sys.modules.setdefault("numpy", absent) is None
    try:
        yield
    finally:
        if added:
            del sys.modules["numpy"]


def _says(row: tuple[Any, ...]) -> bool:
    """Whether anything stands in a row; a formula may leave an empty text. There may be a million rows without."""
    return row.count(None) < len(row) and any(cell is not None and str(cell).strip() for cell in row)


def _cell(cell: Any) -> Any:
    return "" if cell is None else cell


def _moment(cell: Any) -> str:
    """A time as text, whole dates as they are, so that nobody takes them for midnight."""
    return cell.isoformat() if isinstance(cell, datetime) else str(_cell(cell))


def _answer(cell: Any) -> Any:
    """An answer as typed. Where the spreadsheet took it for a date it says so, and a person has to look."""
    if isinstance(cell, date | time | timedelta):
        return f"the spreadsheet has a date here: {cell}"
    return _cell(cell)
