"""The marks of a class as a table: our own, and the shapes that learning platforms take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cnnex.errors import InputError, nearest
from cnnex.export.cells import csv_bytes
from cnnex.model.marks import Line
from cnnex.model.records import Number, PartId
from cnnex.model.student import Student

Row = tuple[Student, Line | None]
"""A student of the roster, and the attempt that counts, if there is one."""
Cells = Sequence[str | Number]

HEAD = (
    "id", "name", "email", "section", "set", "submitted", "attempt", "late", "raw", "score", "points", "waiting",
)  # fmt: skip


def gradebook(rows: Iterable[Row], parts: Sequence[PartId] = ()) -> bytes:
    """All students as CSV, in the order of the rows, also those who handed in nothing: their marks are empty.

    `submitted` is the time of the attempt, `unknown` where nothing says it, and empty without an attempt; `late` is
    in days, `raw` before penalties and `score` after them; `waiting` counts answers that a person should look at,
    which have no points yet.

    Args:
        rows: of the class.
        parts: ids of the parts that get a column each, named by the id.

    >>> for line in gradebook([(Student("007", "Ada"), None)], ["1a"]).decode("utf-8-sig").splitlines():
    ...     print(line)
    id,name,email,section,set,submitted,attempt,late,raw,score,points,waiting,1a
    007,Ada,,,,,,,,,,,
    """

    def cells() -> Iterable[Cells]:
        yield *HEAD, *parts
        for student, line in rows:
            who = student.id, student.name, student.email, student.section
            if line is None:
                yield *who, *[""] * (len(HEAD) - len(who) + len(parts))
                continue
            yield (
                *who, line.set, line.at or "unknown", line.number, line.late, line.raw, line.score,
                line.points, line.waiting, *_earned(line, parts),
            )  # fmt: skip

    return csv_bytes(cells(), mark=True)


def platform_csv(
    platform: str, rows: Iterable[Row], title: str, points: Number, parts: Mapping[PartId, Number] | None = None
) -> bytes:
    """The marks as a CSV file that a platform imports as it is. Students without a submission have an empty cell.

    - `moodle`: `ID number,Email address,<title>`; one unknown student would stop Moodle's import, so the rows are
      to be the roster's.
    - `canvas`: the head and the row `Points Possible` of its gradebook; an unknown title makes a new assignment.
    - `blackboard`: `Username,<title>`; Blackboard takes a new column as text, so rather fill in a file that it made
      (`cnnex.export.fill`).
    - `gradescope`: the columns that its own download of scores has; its name, id and e-mail are those of its roster.

    Args:
        platform: one of `PLATFORMS`.
        rows: of the class; platforms know only students of the roster.
        title: of the assignment.
        points: that can be earned.
        parts: points of the parts that get a column each.

    Raises:
        InputError: there is no such platform.

    >>> for line in platform_csv("canvas", [(Student("007", "Ada", "ada@uni.edu"), None)], "HW 1", 20).splitlines():
    ...     print(line.decode())
    Student,ID,SIS User ID,SIS Login ID,Section,HW 1
    Points Possible,,,,,20
    Ada,,007,ada@uni.edu,,
    """
    if platform not in PLATFORMS:
        raise InputError(f"there is no platform {platform!r}", hint=nearest(platform, PLATFORMS))
    return csv_bytes(PLATFORMS[platform](rows, title, points, parts or {}), mark=False)


def _moodle(rows: Iterable[Row], title: str, points: Number, parts: Mapping[PartId, Number]) -> Iterable[Cells]:
    yield "ID number", "Email address", title, *_titles(title, parts)
    for student, line in rows:
        yield student.id, student.email, *_marks(line, parts)


def _canvas(rows: Iterable[Row], title: str, points: Number, parts: Mapping[PartId, Number]) -> Iterable[Cells]:
    yield "Student", "ID", "SIS User ID", "SIS Login ID", "Section", title, *_titles(title, parts)
    yield "Points Possible", "", "", "", "", points, *parts.values()
    for student, line in rows:
        # Canvas looks for the SIS user id first, then for the login, then for the name.
        login = dict(student.others).get("sis login id") or student.email or student.id
        yield student.name or student.id, "", student.id, login, student.section, *_marks(line, parts)


def _blackboard(rows: Iterable[Row], title: str, points: Number, parts: Mapping[PartId, Number]) -> Iterable[Cells]:
    yield "Username", title, *_titles(title, parts)
    for student, line in rows:
        others = dict(student.others)
        yield others.get("username") or others.get("user name") or student.id, *_marks(line, parts)


def _gradescope(rows: Iterable[Row], title: str, points: Number, parts: Mapping[PartId, Number]) -> Iterable[Cells]:
    yield (
        "Name", "SID", "Email", "Sections", "Total Score", "Max Points", "Status", "Submission Time",
        *(f"{part} ({of} pts)" for part, of in parts.items()),
    )  # fmt: skip
    for student, line in rows:
        total, *by_part = _marks(line, parts)
        status, at = ("Missing", "") if line is None else ("Graded", line.at)
        yield student.name, student.id, student.email, student.section, total, points, status, at, *by_part


PLATFORMS = {"moodle": _moodle, "canvas": _canvas, "blackboard": _blackboard, "gradescope": _gradescope}
"""The rows of each platform's file."""


def _titles(title: str, parts: Iterable[PartId]) -> list[str]:
    return [part_title(title, part) for part in parts]


def part_title(title: str, part: PartId) -> str:
    """What the column of a part is called on a platform.

    >>> part_title("Homework 1", "2b")
    'Homework 1 2b'
    """
    return f"{title} {part}"


def _marks(line: Line | None, parts: Iterable[PartId]) -> list[str | Number]:
    return ["" for _ in ("", *parts)] if line is None else [line.score, *_earned(line, parts)]


def _earned(line: Line, parts: Iterable[PartId]) -> list[str | Number]:
    return [line.earned.get(part, "") for part in parts]
