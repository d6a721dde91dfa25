"""CSV, TSV and the like: a row a student. A bad row costs only itself."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from cnnex.errors import InputError
from cnnex.model.marks import Unusable
from cnnex.store.encodings import narrow
from cnnex.store.intake.columns import SETS, TIMES, Columns, asked_for, part_of
from cnnex.store.intake.document import LONGEST_LINE, Document, Found, digest, lines
from cnnex.store.intake.times import day_first, read_time
from cnnex.store.roster import KNOWN_HEADS

_SEPARATORS = ",;\t"
_KNOWN = KNOWN_HEADS | {*SETS, *TIMES}


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with the number of its first line; `trouble` says why it can't be used."""

    line: int
    raw: bytes
    cells: list[str]
    trouble: str = ""


def read_table(document: Document, stream: IO[bytes]) -> Iterator[Found]:
    """The submissions of a table.

    Raises:
        InputError: the head names no parts, or no row follows it.
    """
    rows = _Rows(stream)
    head = rows.head()
    columns = Columns.of(head.cells, document.parts)
    order: bool | None = None
    looked = False
    row = None
    for row in rows.body(columns.width):
        source = f"{document.source}:{row.line}"
        mark = digest(head.raw, row.raw)
        if row.trouble:
            yield Unusable(source=source, digest=mark, reason=row.trouble)
            continue
        if not looked and columns.time >= 0 and read_time(row.cells[columns.time])[1]:
            order, looked = _day_first(document, columns), True
        yield columns.attempt(row.cells, source, mark, order)
    if row is None:
        raise InputError("this table has no rows below its head")


def _day_first(document: Document, columns: Columns) -> bool | None:
    """Whether the times of a table have the day before the month, by those that can be read in one way only."""
    with document.open() as stream:
        rows = _Rows(stream)
        rows.head()
        return day_first(row.cells[columns.time] for row in rows.body(columns.width) if not row.trouble)


class _Rows:
    """The rows of a table as they are read. What follows a bad line is read again without it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._lines = lines(stream)
        self._waiting: deque[tuple[int, bytes | None]] = deque()
        self._taken: list[tuple[int, bytes | None]] = []
        self._separator = ","

    def head(self) -> _Row:
        """The first row that isn't empty, by the separator under which it says most.

        Raises:
            InputError: there is none, or it isn't CSV.
        """
        blank = re.compile(rb"sep=.\s*|[\s,;]*")
        first = next((line for line in self._lines if line[1] is None or not blank.fullmatch(line[1])), None)
        if first is None:
            raise InputError("this table is empty")
        self._waiting.append(first)
        said: dict[str, int] = {}
        for self._separator in _SEPARATORS:
            row = self._next()
            self._waiting.extendleft(reversed(self._taken))
            said[self._separator] = sum(asked_for(cell) in _KNOWN or bool(part_of(cell)) for cell in row.cells)
        self._separator = max(said, key=lambda each: said[each])
        row = self._next()
        if row.trouble:
            raise InputError(f"line {row.line}: {row.trouble}; expected the heads of the columns")
        return row

    def body(self, width: int) -> Iterator[_Row]:
        """The rows after the head that aren't empty."""
        while (row := self._next(width)).line:
            if row.trouble or any(map(str.strip, row.cells)):
                yield row

    def _next(self, width: int = 0) -> _Row:
        """The next row, with line 0 at the end; what isn't one, or is of another width, gives its first line alone."""
        self._taken = []
        trouble = ""
        cells: list[str] = []
        try:
            cells = next(csv.reader(self._feed(), delimiter=self._separator, strict=True), [])
        except csv.Error as error:
            trouble = str(error)
        if not self._taken:
            return _Row(0, b"", [])
        if width and cells and len(cells) != width and not trouble:
            cells = cells[:width] if not any(map(str.strip, cells[width:])) else cells
            trouble = f"this row has {len(cells)} cells, the head has {width}" if len(cells) != width else ""
        if trouble:
            self._waiting.extendleft(reversed(self._taken[1:]))
            del self._taken[1:]
            cells = []
        raw = b"".join(content or b"" for _, content in self._taken).rstrip(b"\r\n")
        return _Row(self._taken[0][0], raw, cells, trouble)

    def _feed(self) -> Iterator[str]:
        """Lines for one row, remembered as they are taken."""
        size = 0
        while line := self._waiting.popleft() if self._waiting else next(self._lines, None):
            self._taken.append(line)
            size += LONGEST_LINE if line[1] is None else len(line[1])
            if line[1] is None or size > LONGEST_LINE:
                raise csv.Error(f"this row has more than {LONGEST_LINE >> 20} MB; a quotation mark may not be closed")
            yield narrow(line[1])
