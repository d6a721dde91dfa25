"""The files of a graded class, all of them from the ledger: written again, they are the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Literal

import msgspec
from msgspec import Struct, structs

from cnnex import __version__
from cnnex.errors import InputError
from cnnex.export.cells import csv_bytes
from cnnex.export.class_page import class_page
from cnnex.export.feedback import FORMATS, Feedback, Level
from cnnex.export.fill import Filled, fill
from cnnex.export.gradebook import PLATFORMS, Row, gradebook, platform_csv
from cnnex.export.statistics_csv import statistics_csv
from cnnex.marking.policy import Policy
from cnnex.marking.roll import Roll
from cnnex.marking.run import policy_of
from cnnex.marking.standing import all_counting
from cnnex.model.marks import Graded, Summary, Unmatched
from cnnex.model.records import Key, Number, PartId
from cnnex.model.student import Student
from cnnex.store.folder import write_files
from cnnex.store.ledger import Ledger
from cnnex.store.ledger_reader import FORGOTTEN, Run
from cnnex.store.records import encode, read_bytes

FEEDBACK, ANONYMOUS, PSEUDONYMS, UNMATCHED = "feedback", "anonymous", "pseudonyms.csv", "unmatched.csv"
_TOGETHER = 100
"""Feedback sheets that are written at once."""


class Outputs(Struct, frozen=True, kw_only=True):
    """Which files are wanted of a class.

    Attributes:
        platform: whose shape of a gradebook, "" for none.
        per_part: a column for each part.
        fill: a file that a platform made, to fill in once.
        column: the title of the assignment there; the set's where it is empty.
        sheets: the format of the feedback sheets.
        feedback: how much they tell of a wrong answer: a `witness` is a point at which a formula and the key differ.
        release: whether they show the solutions, whatever the policy says.
        anonymous: a folder with pseudonyms in place of students, too.
    """

    platform: str = ""
    per_part: bool = False
    fill: str = ""
    column: str = ""
    sheets: Literal["html", "md", "pdf", "none"] = "html"
    feedback: Literal["hint", "witness"] = "hint"
    release: bool = False
    anonymous: bool = False


class ClassFiles:
    """Writes what a run came to.

    Args:
        ledger: of the class.
        run: the run.
        outputs: which files; those that the run asked for where none are named.
        workers: processes, 0 for as many as pay.
        names: pseudonyms to show in place of students.
    """

    def __init__(
        self,
        ledger: Ledger,
        run: Run,
        outputs: Outputs | None = None,
        workers: int = 0,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self._ledger, self._run = ledger, run
        self._outputs = outputs or msgspec.json.decode(run.outputs, type=Outputs)
        self._policy: Policy = policy_of(run)
        self._names = names or {}
        self._roll = Roll(ledger, run, self._names, workers)

    def summary(self, came_in: int = 0, repeated: tuple[str, ...] = ()) -> Summary:
        """What the run did."""
        return Summary(
            schema="cnnex.summary/1",
            came_in=came_in,
            graded=self._ledger.count_graded(self._run.id),
            students=self._roll.students,
            without=tuple(each.id for each in self._run.roster if self._roll.line(each.id) is None),
            repeated=repeated,
            unmatched=tuple(self._ledger.unmatched(self._run.id)),
            waiting=self._roll.waiting,
        )

    def write(self, folder: Path, summary: Summary) -> list[str]:
        """Write all files into a folder; what the instructor should know of them is given back in sentences.

        Raises:
            InputError: the file to fill in can't be.
            OutputError: a file can't be written.
        """
        said = self._write(folder, summary)
        if self._outputs.anonymous:
            names = self._pseudonyms()
            pairs = [("pseudonym", "id"), *sorted((pseudonym, student) for student, pseudonym in names.items())]
            hidden = structs.replace(self._outputs, platform="", fill="", anonymous=False)
            nameless = structs.replace(
                summary, without=tuple(names[student] for student in summary.without), repeated=(), unmatched=()
            )
            said += ClassFiles(self._ledger, self._run, hidden, names=names)._write(folder / ANONYMOUS, nameless)
            write_files(folder, {PSEUDONYMS: csv_bytes(pairs, mark=True)})
        return said

    def _write(self, folder: Path, summary: Summary) -> list[str]:
        sheets = self._write_sheets(folder / FEEDBACK)
        outputs, statistics, title = self._outputs, self._roll.statistics, self._roll.title
        parts: dict[PartId, Number] = {part.id: part.points for part in statistics.parts}
        asked = list(parts) if outputs.per_part else []
        files = {
            "gradebook.csv": gradebook(self._rows(), asked),
            "class.html": class_page(statistics, summary, title, __version__),
            "statistics.json": encode(statistics),
            "statistics.csv": statistics_csv(statistics),
        }
        if outputs.platform:
            each = {part: parts[part] for part in asked} or None
            table = platform_csv(outputs.platform, self._rows(), title, statistics.points, each)
            files[f"{outputs.platform}.csv"] = table
        if summary.unmatched:
            files[UNMATCHED] = csv_bytes(_unmatched(summary.unmatched), mark=True)
        write_files(folder, files)
        if not summary.unmatched:
            (folder / UNMATCHED).unlink(missing_ok=True)
        said = self._fill(folder, outputs.column or title, asked) if outputs.fill else []
        return [*said, *_left_over(folder, {*files, f"filled-{Path(outputs.fill).name}"}, sheets)]

    def _fill(self, folder: Path, column: str, parts: list[PartId]) -> list[str]:
        """Fill in a file that a platform made, and say who is missing in it or in the class."""
        path, said = Path(self._outputs.fill), []
        filled = _filled(path, self._rows(), column, parts)
        write_files(folder, {f"filled-{path.name}": filled.content})
        if filled.missing:
            said.append(f"{path} has no row of {_some(filled.missing)}")
        if filled.unknown:
            said.append(f"{path} has rows that the class doesn't have: {_some(filled.unknown)}")
        return said

    def _write_sheets(self, folder: Path) -> set[str]:
        """Write the feedback sheets, if there are to be any; their names."""
        if self._outputs.sheets == "none":
            return set()
        names = {} if self._names else {each.id: each.name for each in self._run.roster}
        level = "key" if self._released() else self._outputs.feedback
        sheets = _Sheets(folder, self._outputs.sheets, level, names)
        for _, graded in all_counting(self._ledger, self._run.id, self._policy):
            if not graded.student.startswith(FORGOTTEN):
                sheets.add(self._shown(graded), self._ledger.decoded_key(graded.key))
        sheets.write()
        return sheets.written

    def _released(self) -> bool:
        return self._outputs.release or self._policy.released(datetime.now(UTC))

    def _rows(self) -> Iterator[Row]:
        """The roster with the attempts that count; without a roster those who handed something in."""
        if not self._run.roster:
            for line in self._roll.lines():
                if not line.student.startswith(FORGOTTEN):
                    yield Student(line.student), line
        for student in self._run.roster:
            shown = Student(self._names[student.id], section=student.section) if self._names else student
            yield shown, self._roll.line(shown.id)

    def _shown(self, graded: Graded) -> Graded:
        """The attempt under the student's pseudonym, where there are such."""
        if not self._names:
            return graded
        return structs.replace(graded, student=self._names.get(graded.student, graded.student), source="")

    def _pseudonyms(self) -> dict[str, str]:
        """The pseudonym of each student, which stays the same from run to run."""
        known = self._ledger.pseudonyms()
        students = {each.student for each in self._ledger.standings(self._run.id)} | {
            each.id for each in self._run.roster
        }
        with self._ledger.writing():
            for student in sorted(students - known.keys()):
                known[student] = student if student.startswith(FORGOTTEN) else f"student-{token_hex(4)}"
                self._ledger.add_pseudonym(student, known[student])
        return known


class _Sheets:
    """Writes feedback sheets, some of them at once."""

    def __init__(self, folder: Path, form: str, level: Level, names: Mapping[str, str]) -> None:
        self._folder, self._form, self._level, self._names = folder, form, level, names
        self._key = ""
        self._feedback: Feedback | None = None
        self._made: dict[str, bytes] = {}
        self.written: set[str] = set()

    def add(self, graded: Graded, key: Key) -> None:
        """A student's sheet."""
        if self._feedback is None or self._key != graded.key:
            self._key, self._feedback = graded.key, Feedback(key, self._level)
        sheet = self._feedback.sheet(graded, self._form, self._names.get(graded.student, ""))
        self._made[f"{Student(graded.student).folder}.{self._form}"] = sheet
        if len(self._made) == _TOGETHER:
            self.write()

    def write(self) -> None:
        """Write what was made so far."""
        if self._made:
            write_files(self._folder, self._made)
            self.written |= self._made.keys()
            self._made = {}


def check_fill(ledger: Ledger, run: Run, outputs: Outputs) -> None:
    """Try to fill in the file that is to be filled in, without any marks, while the run may still be given up.

    Raises:
        InputError: it can't be filled in.
    """
    if not outputs.fill:
        return
    standings = list(ledger.standings(run.id))
    students = run.roster or {each.student: Student(each.student) for each in standings}.values()
    title, parts = outputs.column, []
    if standings:
        key = ledger.decoded_key(ledger.graded(run.id, standings[0].attempt).key)
        title = title or key.title
        parts = [part.id for item in key.items for part in item.parts] if outputs.per_part else []
    _filled(Path(outputs.fill), ((each, None) for each in students), title, parts)


def _filled(path: Path, rows: Iterable[Row], column: str, parts: list[PartId]) -> Filled:
    try:
        return fill(read_bytes(path), rows, column, parts)
    except InputError as error:
        raise InputError(f"{path}: {str(error).removeprefix(f'{path}: ')}") from None


def _left_over(folder: Path, files: Collection[str], sheets: Collection[str]) -> Iterator[str]:
    """A sentence on files of an earlier run that this one didn't replace, so that nobody takes them for new."""
    gradebooks = [folder / f"{platform}.csv" for platform in PLATFORMS if (folder / f"{platform}.csv").exists()]
    found = [path.name for path in (*gradebooks, *folder.glob("filled-*.csv")) if path.name not in files]
    inside = (folder / FEEDBACK).glob("*")
    if old := sum(path.suffix[1:] in FORMATS and path.name not in sheets for path in inside):
        found.append(f"{FEEDBACK}/ ({old} sheet{'s' * (old != 1)})")
    if found:
        yield f"{folder} has files of an earlier run, which don't show these marks: {', '.join(sorted(found))}"


def _unmatched(found: tuple[Unmatched, ...]) -> Iterator[tuple[str, ...]]:
    yield "source", "trouble", "reason", "set", "student"
    for each in found:
        yield each.source, each.trouble, each.reason, each.set, each.student


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"
