"""How the planned attempts come in: as files of all kinds and encodings, among all that goes wrong with files."""

from __future__ import annotations

import csv
import io
import json
import struct
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from simulated.plan import Attempt, Planned

LARGE = 50 << 20


class Inbox:
    """Writes a class' files into a folder and keeps count of what is to become of each.

    Attributes:
        troubles: how many things come in that can't be graded, by trouble.
        repeated: how many come in a second time.
        came_in: how many things come in.
    """

    def __init__(self, folder: Path, students: Iterable[Planned]) -> None:
        self.folder, self.troubles, self.repeated, self.came_in = folder, Counter[str](), 0, 0
        everybody = list(students)
        ways: list[Callable[[list[tuple[Planned, Attempt]]], None]] = [
            self._json, self._semicolons, self._lines, self._markdown, self._notebooks, self._moodle, self._wide_table,
            self._canvas, self._nested, self._plain,
        ]  # fmt: skip
        rows: list[list[tuple[Planned, Attempt]]] = [[] for _ in ways]
        for number, student in enumerate(everybody):
            for again, attempt in enumerate(student.attempts):
                rows[self._way(number + again, student, attempt)].append((student, attempt))
        for way, some in zip(ways, rows, strict=True):
            if some:
                way(some)
            self.came_in += len(some)
        self._twice(rows[0])
        self._trouble(everybody)
        self.came_in += self.repeated + self.troubles.total()

    @staticmethod
    def _way(number: int, student: Planned, attempt: Attempt) -> int:
        """The kind of file, which has to be able to hold what the attempt says."""
        texts = all(isinstance(each, str) for each in attempt.typed.values())
        if not texts:
            return (0, 2, 8)[number % 3]
        way = number % 10
        if way == 1 and not _is_western(attempt):
            return 6
        if way in (3, 4) and attempt.at is not None:
            return 0  # a page says no time
        if way == 7 and student.id.startswith("0"):
            return 5  # Canvas has numbers
        return way

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


def _answers(attempt: Attempt, *, student: str | None = None, set_id: str | None = None, ascii_: bool = False) -> str:
    record: dict[str, Any] = {"schema": "cnnex.answers/1", "set": attempt.set if set_id is None else set_id}
    record["student"] = attempt.student if student is None else student
    if attempt.at is not None:
        record["submitted"] = attempt.at.isoformat()
    return json.dumps({**record, "answers": attempt.typed}, ensure_ascii=ascii_)


def _is_western(attempt: Attempt) -> bool:
    return not any(each.encode("cp1252", "ignore").decode("cp1252") != each for each in attempt.typed.values())


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
