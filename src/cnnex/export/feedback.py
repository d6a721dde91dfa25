"""What a student gets back: answers as typed and as read, what they show, the rule, and when released the solution."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import inf
from typing import Literal

from msgspec import UNSET

from cnnex.errors import OutputError
from cnnex.export.cells import number, one_line
from cnnex.export.markdown import tidy
from cnnex.export.pdf import typeset
from cnnex.model.marks import Graded, Mark
from cnnex.model.outcome import WAITING, Verdict
from cnnex.model.prose import Prose
from cnnex.model.records import Answer, Key, KeyPart, KeyValue, PartId
from cnnex.model.sheet import Sheet, SheetItem
from cnnex.notation.formula import Formula, Term
from cnnex.render.fit import width

Level = Literal["hint", "witness", "key"]
FORMATS = ("html", "md", "pdf")
Shown = Callable[[str], str]
_LONGEST, _MOST_LINES = 2000, 30
_WIDEST = 30.0
"""The em of a formula that surely fits beside its name in a PDF."""
_WORDS = {
    Verdict.CORRECT: ("✓", "Right", "good"),
    Verdict.PARTIAL: ("◐", "Partly right", "bad"),
    Verdict.INCORRECT: ("✗", "Not right", "bad"),
    Verdict.UNREADABLE: ("?", "Not readable", "open"),
    Verdict.UNDECIDED: ("?", "Not decided", "open"),
    Verdict.BLANK: ("–", "No answer", "open"),
}
_FORMULAS = ("integer", "rational", "expr", "matrix", "vector")
_INTEGERS = re.compile(r"\[\[?-?\d[\[\]\d, -]*\]")


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said about the answer to a part.

    Attributes:
        id: the part's.
        sign, verdict: the verdict as a sign and in words.
        mood: `good`, `bad` or `open`.
        points: earned and possible, in words.
        typed: the answer as typed, by lines.
        read: as understood, where that isn't what was typed.
        said: sentences: what is wrong, where, and what changed the credit.
        shown: pairs of what the answer shows and the rule to look at.
        solution: the key in words, where it is released and no worked solution is at hand.
    """

    id: PartId
    sign: str
    verdict: str
    mood: str
    points: str
    typed: tuple[str, ...]
    read: Prose | None
    said: tuple[str, ...]
    shown: tuple[tuple[str, str], ...]
    solution: str


@dataclass(frozen=True, slots=True)
class Returned:
    """A problem of a feedback sheet; `item` has the worked solution, where it is released."""

    number: int
    remarks: tuple[Remark, ...]
    item: SheetItem | None


class Feedback:
    """Feedback sheets of a set; those who share the set share this.

    Args:
        key: of the set.
        level: how much is told. `hint` says what an answer shows and which rule to look at, `witness` also where
            answer and key differ, and `key` releases the worked solutions, from the key's sheet, or where it has none
            the answers. At `hint` the sheet holds nothing of the key, at `witness` what a formula is at one point.

    Raises:
        InputError: the key's sheet can't be read.
    """

    def __init__(self, key: Key, level: Level = "hint") -> None:
        self._key, self._level = key, level
        self._parts = {part.id: part for item in key.items for part in item.parts}

    @cached_property
    def _solutions(self) -> Mapping[int, SheetItem]:
        if self._level != "key" or self._key.sheet is UNSET:
            return {}
        from cnnex.store.sheets import sheet_of

        sheet: Sheet = sheet_of(self._key, f"the key of set {self._key.set}")
        return {item.number: item for item in sheet.items}

    def sheet(self, graded: Graded, form: str, name: str = "") -> bytes:
        """A student's sheet in one of `FORMATS`; `name` is what the student is called besides the id.

        Raises:
            OutputError: a PDF of the worked solutions can't be made.
        """
        from cnnex.render import render_page

        if form == "pdf":
            return self._pdf(graded, name)
        text = render_page(form, "feedback", page=self._page(graded, name, one_line))
        return (tidy(text) + "\n" if form == "md" else text).encode()

    def _pdf(self, graded: Graded, name: str) -> bytes:
        """A PDF; where a character has no font, what the student wrote stands in ASCII with escapes."""
        from cnnex.render import render_page

        def escaped(text: str) -> str:
            return one_line(text).encode("ascii", "backslashreplace").decode()

        try:
            return typeset(render_page("typ", "feedback", page=self._page(graded, name, one_line, _WIDEST)).encode())
        except OutputError:
            return typeset(render_page("typ", "feedback", page=self._page(graded, name, escaped, 0)).encode())

    def _page(self, graded: Graded, name: str, shown: Shown, room: float = inf) -> dict[str, object]:
        """What the templates print; texts from outside pass `shown`, formulas wider than `room` are text."""
        marks = {mark.id: mark for mark in graded.marks}
        return {
            "title": one_line(self._key.title),
            "set": shown(graded.set),
            "student": shown(f"{name} ({graded.student})" if name else graded.student),
            "when": shown(graded.at[:16].replace("T", " ")),
            "attempt": graded.number,
            "score": f"{number(graded.score)} of {_points(graded.points)}",
            "raw": number(graded.raw) if graded.raw != graded.score else "",
            "why": tuple(map(shown, graded.why)),
            "unknown": shown(", ".join(graded.unknown)),
            "items": [
                Returned(
                    item.number,
                    tuple([self._remark(marks[part.id], shown, room) for part in item.parts if part.id in marks]),
                    self._solutions.get(item.number),
                )
                for item in self._key.items
            ],
            "released": self._level == "key",
            "version": graded.version,
        }

    def _remark(self, mark: Mark, shown: Shown, room: float) -> Remark:
        part = self._parts[mark.id]
        sign, verdict, mood = _WORDS[mark.verdict]
        witness = mark.witness and f"{mark.witness[0].upper()}{mark.witness[1:]}."
        waiting = mark.verdict in WAITING and not mark.why
        said = (
            mark.message,
            witness if self._level != "hint" else "",
            "A person will look at this answer." if waiting else "",
            *mark.why,
        )
        typed = _typed(mark.answer)
        read = _read(mark.read_as, part.kind, part.symbols)
        if read is not None and (isinstance(read, str) or (room < inf and width(read) > room)):
            text = _cut(mark.read_as)
            read = None if typed == (text,) else shown(text)
        return Remark(
            id=mark.id,
            sign=sign,
            verdict=verdict,
            mood=mood,
            points=f"{number(mark.earned)} of {_points(mark.points)}",
            typed=tuple(map(shown, typed)),
            read=None if read is None else Prose((read,)),
            said=tuple(shown(line) for line in said if line),
            shown=tuple((each.explanation, each.hint) for each in mark.diagnosis if each.hint),
            solution=_solution(part) if self._level == "key" and not self._solutions else "",
        )


def _points(points: int) -> str:
    return f"{points} point{'s' * (points != 1)}"


def _typed(answer: Answer) -> tuple[str, ...]:
    """The answer as typed, by lines; what is too long is cut, and says so."""
    text = answer.strip() if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    lines = text[:_LONGEST].splitlines()
    if len(text) > _LONGEST or len(lines) > _MOST_LINES:
        return (*lines[:_MOST_LINES], f"… ({len(text):,} characters in all)")
    return tuple(lines)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


@lru_cache(4096)
def _read(read_as: str, kind: str, symbols: tuple[str, ...]) -> Term | str | None:
    """The formula that was understood, or its text where it is none; None where nothing was understood."""
    from cnnex.notation.lists import array  # its patterns take long to prepare, and printing a sheet needs none
    from cnnex.notation.read import expression
    from cnnex.notation.symbols import table
    from cnnex.notation.tokens import ReadError

    if not read_as:
        return None
    try:
        if len(read_as) > _LONGEST or kind not in _FORMULAS:
            return read_as
        if kind not in ("matrix", "vector"):
            term = expression(read_as, table(symbols)).term
            return read_as if isinstance(term, int) else term
        if _INTEGERS.fullmatch(read_as):  # most of what is read, and a tenth of the time
            rows = json.loads(read_as)
            return Formula("matrix", *map(tuple, rows if isinstance(rows[0], list) else [rows]))
        return array(read_as, table(symbols), kind).term
    except (ReadError, ValueError):  # words, or an answer of another kind than was asked
        return read_as


def _solution(part: KeyPart) -> str:
    """The answer of a key, in words."""

    def said(value: KeyValue) -> str:
        if isinstance(value, str):
            return value if part.choices is UNSET else part.choices.get(value, value)
        return json.dumps(value, ensure_ascii=False)

    if part.choices is not UNSET and isinstance(part.value, list):
        return one_line("; ".join(map(said, part.value)) or "none of them")
    return one_line(said(part.value))
