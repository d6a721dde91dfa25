"""How the planned attempts come in: as files of all kinds and encodings, among all that goes wrong with files."""

from __future__ import annotations

import csv
import io
import json
import struct
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from simulated.plan import Attempt, Planned
from simulated.worth import DUE, days_late

LARGE = 50 << 20
_OF_TEXTS = {"semicolons", "markdown", "notebooks", "wide table", "workbook", "quiz", "quiz sheet"}


class Inbox:
    """Writes a class' files into a folder and keeps count of what is to become of each.

    Attributes:
        troubles: how many things come in that can't be graded, by trouble.
        repeated: how many come in a second time.
        came_in: how many things come in.
        kinds: how many attempts come in by each way.
    """

    def __init__(self, folder: Path, students: Iterable[Planned]) -> None:
        self.folder, self.troubles, self.repeated, self.came_in = folder, Counter[str](), 0, 0
        everybody = list(students)
        ways: dict[str, Callable[[list[tuple[Planned, Attempt]]], None]] = {
            "json": self._json, "semicolons": self._semicolons, "lines": self._lines, "markdown": self._markdown,
            "notebooks": self._notebooks, "moodle": self._moodle, "wide table": self._wide_table,
            "canvas": self._canvas, "workbook": self._workbook, "plain": self._plain, "nested": self._nested,
            "blackboard": self._blackboard, "quiz": self._quiz, "gradescope": self._gradescope,
            "full names": self._full_names, "quiz sheet": self._quiz_sheet,
        }  # fmt: skip
        rows: dict[str, list[tuple[Planned, Attempt]]] = {way: [] for way in ways}
        for student in everybody:
            for attempt in student.attempts:
                able = [way for way in ways if _holds(way, student, attempt)]
                rows[min(able, key=lambda way: len(rows[way]))].append((student, attempt))
        self.kinds = {way: len(some) for way, some in rows.items()}
        for way, some in rows.items():
            if some:
                ways[way](some)
            self.came_in += len(some)
        self._twice(rows["json"])
        self._trouble(everybody)
        self.came_in += self.repeated + self.troubles.total()

    def _put(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    # ---- files with one submission ------------------------------------------------------------------
    def _json(self, rows: list[tuple[Planned, Attempt]]) -> None:
        for number, (_, attempt) in enumerate(rows):
            encoding = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "ascii")[number % 6]
            self._put(f"a json/{number:03} answers.json", _answers(attempt, ascii_=number % 6 == 5).encode(encoding))

    def _twice(self, rows: list[tuple[Planned, Attempt]]) -> None:
        for number in range(0, len(rows), 3):
            content = (self.folder / f"a json/{number:03} answers.json").read_bytes()
            self._put(f"b again/{number}.json", content)
            self.repeated += 1

    def _markdown(self, rows: list[tuple[Planned, Attempt]]) -> None:
        for number, (student, attempt) in enumerate(rows):
            lines = [f"Set: {attempt.set}", f"Student: {student.id}", ""]
            for part, typed in attempt.typed.items():
                lines += [f"**{part}:** {typed}" if "\n" in typed else f"{part}: {typed}", ""]
            self._put(f"c pages/{number}.{'md' if number % 2 else 'txt'}", "\r\n".join(lines).encode("utf-8-sig"))

    def _notebooks(self, rows: list[tuple[Planned, Attempt]]) -> None:
        for number, (student, attempt) in enumerate(rows):
            cells: list[dict[str, Any]] = [_cell("markdown", f"# Homework\nSet: {attempt.set}\nStudent: {student.id}")]
            for place, (part, typed) in enumerate(attempt.typed.items()):
                if place % 3 == 0:
                    cells += [_cell("markdown", f"## {part}"), _cell("raw", typed)]
                elif place % 3 == 1:
                    cells.append(_cell("code", typed, part))
                else:
                    cells.append(_cell("code", f"# {part}\n{typed}"))
            book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
            self._put(f"d books/{number}.ipynb", json.dumps(book).encode())

    # ---- files with many ----------------------------------------------------------------------------
    def _semicolons(self, rows: list[tuple[Planned, Attempt]]) -> None:
        text = _table(rows, ";", "Student ID", lambda student: student.id)
        self._put("e forms/semicolons.csv", text.encode("cp1252"))

    def _wide_table(self, rows: list[tuple[Planned, Attempt]]) -> None:
        text = _table(rows, "\t", "E-Mail", lambda student: f"S{int(student.id) % 70000}@UNI.edu")
        self._put("e forms/tabs.tsv", text.encode("utf-16"))

    def _lines(self, rows: list[tuple[Planned, Attempt]]) -> None:
        lines = [_answers(attempt) for _, attempt in rows]
        self._put(
            "e forms/lines.jsonl", "\n\n".join([*lines, '{"schema": "cnnex.answers/1", "set"']).encode("utf-8-sig")
        )
        self.troubles["unusable"] += 1

    def _workbook(self, rows: list[tuple[Planned, Attempt]]) -> None:
        """As a spreadsheet keeps them: times are times, in the zone of whoever looks, and texts are texts."""
        parts = list(rows[0][1].typed)
        body = [
            [_local(attempt.at), student.id, attempt.set, *(attempt.typed[part] for part in parts)]
            for student, attempt in rows
        ]
        self._put("e forms/form.xlsx", _book([["Completion time", "Student ID", "Set", *parts], *body]))

    def _quiz(self, rows: list[tuple[Planned, Attempt]]) -> None:
        """The responses of a quiz are numbered, and some attempts were never submitted."""
        table = [*_responses(rows), ["Idle", "Ida", "", "s0@uni.edu", "In progress", "20 November 2026  9:00 AM", "-"],
                 ["Absent", "Abe", "", "s1@uni.edu", "-", "-", "-"]]  # fmt: skip
        out = io.StringIO()
        csv.writer(out).writerows([*row, *["-"] * (len(table[0]) - len(row))] for row in table)
        self._put("h quiz/quiz.csv", out.getvalue().encode("utf-8-sig"))
        self.troubles["unusable"] += 2

    def _quiz_sheet(self, rows: list[tuple[Planned, Attempt]]) -> None:
        self._put("h quiz/quiz.xlsx", _book(_responses(rows)))

    # ---- what systems put around files, and names ---------------------------------------------------
    def _blackboard(self, rows: list[tuple[Planned, Attempt]]) -> None:
        for student, attempt in rows:
            name = f"i names/HW_{student.id}_attempt_{_local(attempt.at):%Y-%m-%d-%H-%M-%S}"
            self._put(f"{name}_answers.json", _answers(replace(attempt, at=None), student="").encode())
            self._put(f"{name}.txt", b"Name: somebody")

    def _gradescope(self, rows: list[tuple[Planned, Attempt]]) -> None:
        """A list has students and times, whatever the files say; one file is of two students, the other of whom has
        a set of the own."""
        (owner, _), *_ = rows
        other = "00001" if owner.id == "00000" else "00000"
        listed, members = [], {}
        for number, (student, attempt) in enumerate(rows, 1):
            lines = [f"submission_{number}:", "  :submitters:", *_submitter(student.id, student.name)]
            lines += _submitter(other, "") if number == 1 else []
            if attempt.at is not None:
                lines.append(f"  :created_at: {attempt.at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f000} Z")
            listed += [*lines, "  :history: []"]
            said = replace(attempt, at=attempt.at and DUE - timedelta(days=99))
            members[f"submission_{number}/answers.json"] = _answers(said, student="")
        self.troubles["another-students-set"] += 1
        members["submission_metadata.yml"] = "\n".join(["---", *listed])
        if len(rows) % 2:
            self._put(
                "j gradescope/export.zip", _zip({f"assignment_9_export/{name}": text for name, text in members.items()})
            )
        else:
            for name, text in members.items():
                self._put(f"j gradescope/assignment_9_export/{name}", text.encode())

    def _full_names(self, rows: list[tuple[Planned, Attempt]]) -> None:
        for number, (student, attempt) in enumerate(rows):
            first, _, last = student.name.partition(" ")
            turned = f"{last}, {first}" if "," not in student.name else student.name
            called = (student.name, unicodedata.normalize("NFD", turned.upper()), f"{student.name}  ({student.id})")
            self._put(f"i names/{number}.json", _answers(attempt, student=called[number % 3]).encode())

    # ---- zips ---------------------------------------------------------------------------------------
    def _moodle(self, rows: list[tuple[Planned, Attempt]]) -> None:
        members = {
            f"{student.name}_{number}_assignsubmission_file_/answers.json": _answers(attempt, student="")
            for number, (student, attempt) in enumerate(rows)
        }
        self._put("f zips/moodle.zip", _zip({**members, "__MACOSX/._x": "junk", "Thumbs.db": "junk"}))

    def _canvas(self, rows: list[tuple[Planned, Attempt]]) -> None:
        self._put("f zips/canvas.zip", _zip({
            f"somebody{number}_LATE_{student.id}_98_answers-1.json": _answers(attempt, student="")
            for number, (student, attempt) in enumerate(rows)
        }))  # fmt: skip

    def _nested(self, rows: list[tuple[Planned, Attempt]]) -> None:
        inner = [_zip({f"hw/{student.id}.json": _answers(attempt)}) for student, attempt in rows]
        self._put("f zips/nested.zip", _zip({f"{number}/hw.zip": content for number, content in enumerate(inner)}))

    def _plain(self, rows: list[tuple[Planned, Attempt]]) -> None:
        """Nothing but the owner of the set says whose these are."""
        self._put("f zips/plain.zip", _zip({
            f"{number}.json": _answers(attempt, student="") for number, (_, attempt) in enumerate(rows)
        }))  # fmt: skip

    # ---- what goes wrong ----------------------------------------------------------------------------
    def _trouble(self, students: list[Planned]) -> None:
        first, second = (each.attempts[0] for each in students[:2])
        for name, trouble, content in (
            ("other set.json", "another-students-set", _answers(first, student=second.student)),
            ("no such set.json", "unknown-set", _answers(first, set_id="0000-0000")),
            ("stranger.json", "unknown-student", _answers(first, student="mallory <script>alert(1)</script>")),
            ("cut off.json", "unusable", _answers(first)[:-40]),
            ("empty.json", "unusable", ""),
            ("scan.pdf", "unusable", "%PDF-1.7 ..."),
            ("head only.csv", "unusable", "Student ID,Set,1a\n"),
            ("no page.md", "unusable", "Dear teacher, I was ill."),
            ("no book.ipynb", "unusable", "{}"),
        ):
            self._put(f"g trouble/{name}", content.encode())
            self.troubles[trouble] += 1
        with (self.folder / "g trouble/large.json").open("wb") as file:
            file.write(b'{"schema": "cnnex.answers/1", "answers": {"1a": "')
            file.truncate(LARGE)
        self._put(
            "g trouble/bomb.zip",
            _zip({"answers.json": b" " * (25 << 20), "inner.zip": _zip({"x.json": b"0" * (9 << 20)})}),
        )
        self._put("g trouble/tricks.zip", _tricks(_answers(first)))
        self._put("g trouble/broken.zip", _zip({"answers.json": _answers(first)})[:-30])
        (self.folder / "g trouble/link.json").symlink_to(self.folder / "g trouble/stranger.json")
        self.troubles["unusable"] += 1 + 2 + 6 + 1 + 1


def _holds(way: str, student: Planned, attempt: Attempt) -> bool:
    """Whether a kind of file can hold what the attempt says."""
    if way in _OF_TEXTS and not all(isinstance(each, str) for each in attempt.typed.values()):
        return False
    match way:
        case "semicolons":
            return _is_western(attempt)
        case "markdown" | "notebooks":  # which say no time
            return attempt.at is None
        case "canvas":  # which has numbers
            return not student.id.startswith("0")
        case "blackboard":  # which always says when
            return attempt.at is not None
        case "quiz" | "quiz sheet":  # which have no seconds
            return days_late(student.id, attempt.at) == days_late(
                student.id, attempt.at and attempt.at.replace(second=0)
            )
    return True


def _answers(attempt: Attempt, *, student: str | None = None, set_id: str | None = None, ascii_: bool = False) -> str:
    record: dict[str, Any] = {"schema": "cnnex.answers/1", "set": attempt.set if set_id is None else set_id}
    record["student"] = attempt.student if student is None else student
    if attempt.at is not None:
        record["submitted"] = attempt.at.isoformat()
    return json.dumps({**record, "answers": attempt.typed}, ensure_ascii=ascii_)


def _is_western(attempt: Attempt) -> bool:
    return not any(each.encode("cp1252", "ignore").decode("cp1252") != each for each in attempt.typed.values())


def _local(at: datetime | None) -> datetime | None:
    """The time on the clocks where the deadline was set."""
    return at and at.astimezone(timezone(timedelta(hours=1))).replace(tzinfo=None)


def _responses(rows: list[tuple[Planned, Attempt]]) -> list[list[str]]:
    """What Moodle exports of a quiz."""
    parts = range(1, len(rows[0][1].typed) + 1)
    head = ["Last name", "First name", "ID number", "Email address", "State", "Started on", "Completed", "Grade/9.00"]
    table = [head + [f"{word} {number}" for number in parts for word in ("Question", "Response", "Right answer")]]
    for number, (student, attempt) in enumerate(rows):
        at = f"{_local(attempt.at):%d %B %Y  %I:%M %p}" if attempt.at else "-"
        given = [
            cell for typed in attempt.typed.values() for cell in ("How many?", (typed.strip() and typed) or "-", "7")
        ]
        id_ = student.id if number % 2 else ""
        mail = f"s{int(student.id) % 70000}@uni.edu"
        table.append(["Surname", "Name", id_, mail, "Finished", "1 November 2026  9:00 AM", at, "5.00", *given])
    return table


def _book(rows: list[list[Any]]) -> bytes:
    """A workbook in which no text is a formula."""
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = book.active.cell(line, column, value)
            cell.data_type = "s" if isinstance(value, str) else cell.data_type
    book.save(out)
    return out.getvalue()


def _submitter(id_: str, name: str) -> list[str]:
    return [f"  - :name: {json.dumps(name)}", f"    :sid: '{id_}'", "    :email: x@uni.edu"]


def _cell(kind: str, source: str, tag: str = "") -> dict[str, Any]:
    return {"cell_type": kind, "source": source.splitlines(keepends=True), "metadata": {"tags": [tag] if tag else []}}


def _table(rows: list[tuple[Planned, Attempt]], separator: str, head: str, student: Callable[[Planned], str]) -> str:
    parts = list(rows[0][1].typed)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(["Timestamp", head, "Set ID", *(f"{part}. What is …?" for part in parts), "Comment"])
    for own, attempt in rows:
        at = attempt.at.isoformat() if attempt.at else ""
        writer.writerow([at, student(own), attempt.set.lower(), *(attempt.typed[part] for part in parts), "thanks"])
    return out.getvalue()


def _zip(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _tricks(answers: str) -> bytes:
    """Six members that lead out of the zip, are links, locked, damaged or there twice; the seventh is passed over."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("../out.json", "/tmp/out.json", "a\\..\\..\\out.json", "C:out.json"):
            archive.writestr(name, answers)
        link = zipfile.ZipInfo("link.json")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("locked.json", answers)
        archive.writestr(".hidden.json", answers)
    content = bytearray(out.getvalue())
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = content.index(b"locked.json") if signature == b"PK\3\4" else content.rindex(b"locked.json")
        head = content.rindex(signature, 0, place)
        struct.pack_into("<H", content, head + offset, 1)
    return bytes(content)
