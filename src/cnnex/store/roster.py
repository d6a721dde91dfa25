"""Rosters: CSV files as Moodle, Canvas, Blackboard, Gradescope and spreadsheets write them."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cnnex.errors import InputError
from cnnex.model.student import Student
from cnnex.store.encodings import decoded

IDS = (
    "student id", "studentid", "student number", "sid", "id number", "idnumber", "matriculation number",
    "sis user id", "sis id", "orgdefinedid", "sis login id", "username", "user name", "login id", "net id", "netid",
    "login", "matrikelnummer", "id nummer", "anmeldename", "numéro d identification", "nom d utilisateur",
    "número de id", "nombre de usuario", "id",
)  # fmt: skip
"""Heads of columns with an id; in a row the first of these that isn't empty is taken, the others are known, too.

Those of Moodle are here in German, French and Spanish, too, and so are its other heads below.
"""

EMAILS = (
    "email", "e mail", "email address", "e mail address", "mail", "e mail adresse", "adresse de courriel",
    "dirección de correo", "dirección email",
)  # fmt: skip
NAMES = ("full name", "name", "student name", "display name", "student", "nom complet", "nombre completo")
FIRST_NAMES = ("first name", "firstname", "given name", "first", "vorname", "prénom", "nombre")
LAST_NAMES = (
    "last name", "lastname", "surname", "family name", "last", "nachname", "nom de famille", "nom", "apellido s",
    "apellidos", "apellido",
)  # fmt: skip
SECTIONS = (
    "section", "sections", "course section", "group", "groups", "class", "tutorial", "gruppe", "gruppen", "groupe",
    "groupes", "grupo", "grupos",
)  # fmt: skip
ROLES = ("role", "roles", "course role")
KNOWN_HEADS = frozenset([*IDS, *EMAILS, *NAMES, *FIRST_NAMES, *LAST_NAMES, *SECTIONS, *ROLES])
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_TEXT_GUARD = re.compile(r'="(.*)"')  # how spreadsheets are kept from dropping zeros
_LEADING_MARK = re.compile(r"'(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")  # and from calculating
_STUDENT = re.compile(
    r"\b(student|learner|participant|studier|teilnehm|étudiant|estudiant|estudant)\w*\b(?!\W+assist)", re.IGNORECASE
)


class Roster(NamedTuple):
    """The students of a roster in its order, and a sentence on the rows that are left out, if any are."""

    students: tuple[Student, ...]
    said: tuple[str, ...]


def load_roster(path: Path) -> Roster:
    """The students of a roster. Where a column has roles, a row with a role that is no student's is left out.

    Raises:
        InputError: the file is no such table, names nobody, has a row without id and e-mail, or an id twice; the
            message has the lines.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    if content.startswith(SPREADSHEETS):
        raise InputError(f"{path}: this is a spreadsheet", hint="save it as CSV")
    students: list[Student] = []
    seen: dict[str, tuple[int, str]] = {}
    others: Counter[str] = Counter()
    for line, student in _students(decoded(content), path):
        if isinstance(student, str):
            others[student] += 1
            continue
        same = unicodedata.normalize("NFKC", student.id).casefold()
        if same in seen:
            first, id_ = seen[same]
            spelled = "" if id_ == student.id else f", there as {id_!r}"
            raise InputError(f"{path}: line {line}: the id {student.id!r} is on line {first} already{spelled}")
        seen[same] = line, student.id
        students.append(student)
    left_out = ", ".join(f"{count} {what}" for what, count in others.items())
    if not students:
        raise InputError(f"{path}: the roster names no students" + (f", only {left_out}" if others else ""))
    rows = f"{others.total()} rows aren't students and are" if others.total() > 1 else "1 row isn't a student and is"
    return Roster(tuple(students), (f"{path}: {rows} left out: {left_out}",) if others else ())


def _students(text: str, path: Path) -> Iterator[tuple[int, Student | str]]:
    """The rows, each with its line; where one is no student, what it is."""
    rows = _rows(text, path)
    line, head = next(rows, (1, []))
    names = [head_name(cell) for cell in head]
    column = {name: place for place, name in reversed(list(enumerate(names)))}
    if not column.keys() & {*IDS, *EMAILS}:
        raise InputError(
            f"{path}: line {line}: no column is called id or email; the first row must name the columns",
            hint="such as id,name,email",
        )
    canvas = {"student", "id", "section"} <= column.keys()
    for line, row in rows:

        def cell(wanted: Sequence[str], row: list[str] = row) -> str:
            found = (row[column[name]] for name in wanted if name in column and column[name] < len(row))
            return next(filter(None, found), "")

        name = cell(NAMES) or f"{cell(FIRST_NAMES)} {cell(LAST_NAMES)}".strip()
        role, email, id_ = cell(ROLES), cell(EMAILS), cell(IDS) or cell(EMAILS)
        if role and not _STUDENT.search(role):
            yield line, role
            continue
        between = not id_ and (not name or name.casefold().startswith("points possible"))
        if canvas and (between or name == "Student, Test"):  # rows that Canvas puts between the students
            yield line, name or "without a name"
            continue
        if not id_:
            raise InputError(f"{path}: line {line}: this row has neither an id nor an e-mail")
        if canvas and name.count(",") == 1:
            name = " ".join(part.strip() for part in reversed(name.split(",")))
        ids = ((head, cell([head])) for head in IDS if head in column)
        yield line, Student(id_, name, email, cell(SECTIONS), tuple(each for each in ids if each[1] not in ("", id_)))


def _rows(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows that aren't empty, each with its line, by the separator under which the head says most."""
    skipped = 0
    if re.match(r"sep=[,;\t]\r?\n", text):
        skipped, text = 1, text.partition("\n")[2]
    first = next(filter(str.strip, text.splitlines()), "")
    separator = max(",;\t", key=lambda each: sum(head_name(cell) in KNOWN_HEADS for cell in _split(first, each)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    before = 0
    try:
        for row in reader:
            line, before = before + 1 + skipped, reader.line_num
            cells = [clean_cell(cell) for cell in row]
            if any(cells):
                yield line, cells
    except csv.Error as error:
        raise InputError(f"{path}: line {before + 1 + skipped}: this is not CSV: {error}") from None


def _split(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator), [])


def head_name(cell: str) -> str:
    """The head of a column without case, underscores and the like.

    >>> head_name(" E-mail_Address ")
    'e mail address'
    """
    return " ".join(re.split(r"[\W_]+", cell.casefold().strip())).strip()


def unguarded(cell: str) -> str:
    """A cell without what keeps a spreadsheet from taking it for a number or a formula; else as it is.

    >>> unguarded('="0042"'), unguarded("'=1+1"), unguarded("'tis")
    ('0042', '=1+1', "'tis")
    """
    guarded = _TEXT_GUARD.fullmatch(cell)
    return guarded[1] if guarded else _LEADING_MARK.sub("", cell, count=1) if cell.startswith("'") else cell


def clean_cell(cell: str) -> str:
    """A cell on one line, without a spreadsheet's guard.

    >>> clean_cell(' ="0042" ')
    '0042'
    """
    return unguarded(unicodedata.normalize("NFC", " ".join(cell.split()))).strip()
