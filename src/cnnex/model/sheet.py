"""`Sheet`: a problem set as a page shows it. A sheet for students has no field with an answer in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cnnex.model.conventions import Convention
from cnnex.model.course import NO_COURSE, Course
from cnnex.model.prose import Block, Figure, Prose
from cnnex.model.value import Kind

_DECIMAL_COMMA = "In answers the comma is the decimal sign; separate the entries of a list by semicolons or blanks."


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A question with its id and points."""

    id: str
    letter: str
    prompt: Prose
    choices: tuple[tuple[str, str], ...]
    points: int
    kind: Kind = Kind.EXPRESSION


@dataclass(frozen=True, slots=True)
class SolvedStep:
    """A step of the worked solution and the answers that it gives: pairs of part id and value."""

    explanation: tuple[Block, ...]
    answers: tuple[tuple[str, Prose], ...]


@dataclass(frozen=True, slots=True)
class SheetItem:
    """A numbered problem. `solution` is None on a sheet without solutions.

    Attributes:
        before: paragraphs of the instructor that stand before the problem.
        new_page: whether it begins on a page of its own.
    """

    number: int
    title: str
    points: int
    statement: tuple[Block, ...]
    conventions: tuple[Convention, ...]
    parts: tuple[SheetPart, ...]
    solution: tuple[SolvedStep, ...] | None
    slip: Prose | None
    before: tuple[str, ...] = ()
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed: for students without solutions, for instructors with them.

    Attributes:
        student_id: by which a roster knows the student; the form of a page hands it in. Empty where nobody knows it.
    """

    title: str
    set_id: str
    student: str
    points: int
    items: tuple[SheetItem, ...]
    course: Course = NO_COURSE
    student_id: str = ""

    @property
    def rules(self) -> str:
        """What holds for all answers of a sheet without solutions, "" where nothing has to be said."""
        asked = any(item.solution is None for item in self.items)
        return _DECIMAL_COMMA if asked and self.course.decimal_sign == "," else ""

    @property
    def questions(self) -> Sheet:
        """The sheet without its solutions."""
        return replace(self, items=tuple([replace(item, solution=None, slip=None) for item in self.items]))


def without_figures(item: SheetItem) -> SheetItem:
    """The item for places that show no drawings; what a figure shows is also said in words and numbers."""
    steps = item.solution
    if steps is not None:
        steps = tuple([SolvedStep(_said(step.explanation), step.answers) for step in steps])
    return replace(item, statement=_said(item.statement), solution=steps)


def _said(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple([block for block in blocks if not isinstance(block, Figure)])
