"""Filling marks into a gradebook that a platform made: nothing of the file changes but the cells that are filled."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from cnnex.errors import InputError, nearest
from cnnex.export.cells import number
from cnnex.export.gradebook import Row, part_title
from cnnex.model.records import Number, PartId

_ID_HEADS = (
    "sis user id", "sis login id", "username", "student id", "id number", "email address", "email", "sid", "id",
)  # fmt: skip
"""Heads of columns that tell students apart, without case and signs."""
_TAG = re.compile(r"(assignment|quiz): |\s*(\(\d+\)|\[total pts.*|\(real\))\s*$", re.IGNORECASE | re.DOTALL)
"""What platforms write around the title of an assignment."""
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled file, the ids of students with marks who have no row in it, and rows whose student we don't know."""

    content: bytes
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(slots=True)
class _Cell:
    """A cell as it stands in the file, and what ends it."""

    raw: str
    end: str

    @property
    def value(self) -> str:
        raw = self.raw.strip()
        return raw[1:-1].replace('""', '"') if len(raw) > 1 and raw[0] == raw[-1] == '"' else raw


def fill(downloaded: bytes, rows: Iterable[Row], column: str, parts: Sequence[PartId] = ()) -> Filled:
    r"""Write scores into a column of a CSV file, and parts into theirs, which are called `<column> <part>`.

    Encoding, separator, quotes, line ends, other columns and rows of other people stay byte for byte. So do the
    cells of students who handed in nothing. A student is found by an id or else by an e-mail address.

    Args:
        downloaded: the file.
        rows: of the class.
        column: the title of the assignment, with or without what the platform writes behind it.
        parts: to fill in, too.

    Raises:
        InputError: the file is no such table, no column is the one that was named or several are, two rows are of
            the same student, or one fits several.

    >>> from cnnex.model.student import Student
    >>> fill(b"Username;HW 1 [Total Pts: 20 Score] |77\nada;\n", [(Student("ada"), None)], "HW 1").content
    b'Username;HW 1 [Total Pts: 20 Score] |77\nada;\n'
    """
    text, encoding, mark = _decoded(downloaded)
    separator, table = _table(text)
    head = [cell.value for cell in table[0]]
    folded = [re.sub(r"[\W_]+", " ", name.casefold()).strip() for name in head]
    keys = [folded.index(name) for name in _ID_HEADS if name in folded]
    if "sis login id" in folded and "id" in folded:
        keys.remove(folded.index("id"))  # Canvas' own number, which no roster has, but which may be somebody's id
    if not keys:
        raise InputError(f"the first row has no column with ids or e-mail addresses: {_named(head)}")
    places = [_place(head, title) for title in (column, *(part_title(column, part) for part in parts))]

    by_id, by_email, by_other = _people(rows)
    seen: dict[str, int] = {}
    unknown = []
    for line, cells in zip(count(2), table[1:], strict=False):
        names = [cells[key].value.casefold() for key in keys if key < len(cells) and cells[key].value]
        found = {row[0].id: row for people in (by_id, by_email) for name in names if (row := people.get(name))}
        found = found or {row[0].id: row for name in names if (row := by_other.get(name))}
        if not found:
            unknown += [cells[key].value for key in keys if key < len(cells) and cells[key].value][:1]
            continue
        if len(found) > 1:
            raise InputError(f"row {line} of the file fits several students: {_named(found)}")
        ((student, marks),) = found.values()
        if student.id in seen:
            raise InputError(f"rows {seen[student.id]} and {line} of the file are both of the student {student.id!r}")
        seen[student.id] = line
        if marks is None:
            continue
        values: list[Number | None] = [marks.score, *map(marks.earned.get, parts)]
        for place, value in zip(places, values, strict=True):
            if value is not None:
                _put(cells, place, number(value), separator)
    filled = "".join(cell.raw + cell.end for cells in table for cell in cells)
    missing = tuple(student.id for student, marks in by_id.values() if marks and student.id not in seen)
    return Filled(mark + filled.encode(encoding), missing, tuple(unknown))


def _people(rows: Iterable[Row]) -> tuple[dict[str, Row], dict[str, Row], dict[str, Row]]:
    """The rows by id, by e-mail and by another id of the roster; what two students have is nobody's."""
    by_id: dict[str, Row] = {}
    by_email: dict[str, Row] = {}
    by_other: dict[str, Row] = {}
    twice = set()
    shared = set()
    for row in rows:
        student, _ = row
        by_id[student.id.casefold()] = row
        email = student.email.casefold()
        twice |= {email} & by_email.keys()
        by_email[email] = row
        for other in {other.casefold() for _, other in student.others}:
            shared |= {other} & by_other.keys()
            by_other[other] = row
    return (
        by_id,
        {email: row for email, row in by_email.items() if email not in twice},
        {other: row for other, row in by_other.items() if other not in shared},
    )


def _decoded(content: bytes) -> tuple[str, str, bytes]:
    """The text, its encoding, and the byte-order mark in front of it."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _text(content[len(mark) :], encoding), encoding, mark
    try:
        return content.decode(), "utf-8", b""
    except UnicodeDecodeError:
        # Each byte is a character of it, so nothing gets lost on the way back.
        return content.decode("latin-1"), "latin-1", b""


def _text(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"byte {error.start + 1} of the file is not {encoding.upper()}") from None


def _table(text: str) -> tuple[str, list[list[_Cell]]]:
    """The separator, and the rows with their cells as they stand."""
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    cell = re.compile(rf'("(?:[^"]|"")*"[^{separator}\r\n"]*|[^{separator}\r\n]*)({separator}|\r\n|\n|\r|\Z)')
    table: list[list[_Cell]] = [[]]
    place = 0
    while place < len(text):
        match = cell.match(text, place)
        assert match is not None  # noqa: S101 (an unquoted cell may hold anything up to the next separator)
        table[-1].append(_Cell(match[1], match[2]))
        place = match.end()
        if match[2] != separator:
            table.append([])
    if not table[0] or "\0" in text:
        raise InputError("the file is no CSV table", hint="save it as CSV")
    return separator, [cells for cells in table if cells]


def _place(head: Sequence[str], title: str) -> int:
    """The column that is called like this, with or without the platform's tag."""

    def folded(name: str) -> str:
        return " ".join(name.casefold().split())

    wanted = folded(title)
    for shorten in (folded, lambda name: folded(_TAG.sub("", name))):
        found = [place for place, name in enumerate(head) if shorten(name) == wanted]
        if len(found) == 1:
            return found[0]
        if found:
            raise InputError(f"{len(found)} columns of the file are called {title!r}")
    raise InputError(f"no column of the file is called {title!r}", hint=nearest(title, head))


def _named(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names))


def _put(cells: list[_Cell], place: int, value: str, separator: str) -> None:
    """Write a value; a row that ends too early gets the cells that it lacks."""
    while len(cells) <= place:
        cells[-1].end, end = separator, cells[-1].end
        cells.append(_Cell("", end))
    cell = cells[place]
    cell.raw = f'"{value}"' if cell.raw.startswith('"') else value
