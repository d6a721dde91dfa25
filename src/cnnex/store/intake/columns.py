"""The columns of a table with one row a student and one column a part, found by their heads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cnnex.errors import InputError
from cnnex.model.marks import Attempt, Unusable
from cnnex.store.intake.document import Order
from cnnex.store.intake.times import read_time
from cnnex.store.roster import EMAILS, FIRST_NAMES, IDS, LAST_NAMES, NAMES, head_name, unguarded

TIMES = (
    "submitted", "submitted at", "submitted on", "submission time", "submission date", "timestamp", "completion time",
    "completed", "completed on", "completed at", "finished", "finished on", "time submitted", "date submitted",
    "beendet", "beendet am", "abgeschlossen", "terminé", "terminé le", "finalizado", "completado",
)  # fmt: skip
SETS = ("set", "set id", "setid")
_ASKED = re.compile(r"(please )?((enter|type|give|what is) )?((your|the) )?")
_MICROSOFT = {"start time", "completion time"}
_PART = re.compile(
    r"(?P<word>(?:question|part|problem|exercise|answer|response|task|item|q)\b\.?\s*|q(?=\d))?"
    r"\(?(?P<number>\d{1,3})(?:\s*\((?P<inner>[a-z]{1,2})\)|[.-]?(?P<letter>[a-z]{1,2}))(?![a-z0-9])"
    r"(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NOT_ANSWERS = re.compile(r"\[(score|feedback)\]$|\(\d+(\.\d+)? (pts?|points?)\)$", re.IGNORECASE)
_RESPONSE = re.compile(r"(?:response|antwort|réponse|respuesta) (?P<number>\d{1,3})", re.IGNORECASE)
_STATES = ("state", "status", "état", "estado")
_NOT_SUBMITTED = ("in progress", "overdue", "never submitted", "abandoned", "not started")


def part_of(head: str) -> str:
    """The id of the part whose answers a column has, empty where it has none.

    >>> [part_of(head) for head in ("1a", "1A. What is the shape?", "Question 1a", "Part 1 (a)", "Q1a [matrix]")]
    ['1a', '1a', '1a', '1a', '1a']
    >>> [part_of(head) for head in ("1. A layer has", "2D convolution", "1a [Score]", "Points - 1a", "Name")]
    ['', '', '', '', '']
    """
    head = head.strip()
    found = _PART.match(head)
    if not found or _NOT_ANSWERS.search(head):
        return ""
    letters = found["inner"] or found["letter"]
    if not found["word"] and letters.isupper() and re.match(r"\s+\w", found["rest"]):
        return ""  # 2D convolution
    return f"{int(found['number'])}{letters.lower()}"


def asked_for(head: str) -> str:
    """What a column or a question of a form asks for, as heads of columns are compared.

    >>> asked_for("What is your Student ID? (top of the sheet)"), asked_for("Set_ID")
    ('student id', 'set id')
    """
    return _ASKED.sub("", head_name(head.partition("(")[0]), count=1)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row what stands; `time`, `set` and `state` are -1 where there is no such column.

    A `quiz` has numbered responses; there a `-` is nothing.
    """

    width: int
    parts: tuple[tuple[str, int], ...]
    students: tuple[int, ...]
    names: tuple[int, ...]
    set: int
    time: int
    quiz: bool
    state: int

    @staticmethod
    def of(head: Sequence[str], order: Order) -> Columns:
        """The columns of a table.

        Args:
            head: the cells of its first row.
            order: the parts of the sets, for `Response 1` and so on of a quiz; it isn't asked where heads name parts.

        Raises:
            InputError: no head names a part, or two name the same; or there are more or fewer responses than parts.
        """
        parts: dict[str, int] = {}
        for place, cell in enumerate(head):
            if part := part_of(cell):
                if part in parts:
                    both = f"{head[parts[part]].strip()!r} and {cell.strip()!r}"
                    raise InputError(f"the columns {both} are both for part {part}; each part may have one column")
                parts[part] = place
        quiz = {} if parts else _responses(head, order)
        parts = parts or quiz
        if not parts:
            raise InputError("no column is headed by the id of a part, such as '1a', '1a. What is' or 'Question 1a'")
        places = {asked_for(cell): place for place, cell in reversed(list(enumerate(head)))}
        if places.keys() >= _MICROSOFT:
            places.pop("id", None)  # counts the answers
        students = [places[name] for name in (*IDS, *EMAILS) if name in places]
        if not students and "student" in places:
            students = [places.pop("student")]
        whole = [places[name] for name in NAMES if name in places][:1]
        halves = [places[name] for half in (FIRST_NAMES, LAST_NAMES) for name in half if name in places]
        return Columns(
            width=len(head),
            parts=tuple(parts.items()),
            students=tuple(students),
            names=tuple(whole or halves),
            set=next((places[name] for name in SETS if name in places), -1),
            time=next((places[name] for name in TIMES if name in places), -1),
            quiz=bool(quiz),
            state=next((places[name] for name in _STATES if name in places), -1),
        )

    def attempt(self, cells: Sequence[Any], source: str, digest: str, order: bool | None) -> Attempt | Unusable:
        """The attempt in a row; what a quiz says wasn't submitted is none.

        Beside an id an e-mail says more than a name, so it is then what the student is called.

        Cells are text, or numbers where a spreadsheet has them.
        """
        ids = (_text(cells[place]) for place in self.students)
        student, *others = [each for each in ids if each and each.casefold() != "anonymous"] or [""]
        named = " ".join(filter(None, (_text(cells[place]) for place in self.names)))
        name = next((each for each in others if "@" in each), named)
        found = ((part, cells[place]) for part, place in self.parts)
        answers = {part: unguarded(cell) if isinstance(cell, str) else cell for part, cell in found}
        if self.quiz:
            answers = {part: "" if answer == "-" else answer for part, answer in answers.items()}
        state = _text(cells[self.state]) if self.state >= 0 else ""
        time = _text(cells[self.time]) if self.time >= 0 else ""
        if state.casefold() in _NOT_SUBMITTED or (self.quiz and "-" in (state, time)):  # in any language
            reason = f"{student or name or 'somebody'} didn't submit it: the state is {state or time!r}"
            return Unusable(source=source, digest=digest, reason=reason)
        at, note = read_time(time, order)
        return Attempt(
            source=source,
            digest=digest,
            set=_text(cells[self.set]) if self.set >= 0 else "",
            student=student,
            name="" if name.casefold() == "anonymous" else name,
            at=at,
            note=note,
            answers=answers,
        )


def _responses(head: Sequence[str], order: Order) -> dict[str, int]:
    """The columns of a quiz's responses by part: the first response is to the first part of the sheet."""
    matches = ((_RESPONSE.fullmatch(cell.strip()), place) for place, cell in enumerate(head))
    found = sorted((int(match["number"]), place) for match, place in matches if match)
    if not found:
        return {}
    parts = order()
    if parts is None or [number for number, _ in found] != [*range(1, len(parts) + 1)]:
        sets = "differ in their parts" if parts is None else f"have {len(parts)} parts"
        raise InputError(
            f"this table has {len(found)} numbered responses, and the sets {sets}; "
            "expected as many, or heads with the ids of the parts, such as '1a'"
        )
    return {part: place for part, (_, place) in zip(parts, found, strict=True)}


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(unguarded(str(cell)).split())
