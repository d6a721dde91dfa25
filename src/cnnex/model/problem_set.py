"""`ProblemSet`: problems placed in a set, with numbers, points and provenance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from string import ascii_lowercase

from cnnex.model.course import NO_COURSE, Course
from cnnex.model.opts import demand
from cnnex.model.problem import Mistake, Part, Problem
from cnnex.model.prose import Inline, Prose, prose
from cnnex.model.sheet import Sheet, SheetItem, SheetPart, SolvedStep
from cnnex.model.value import Kind, Value, entries, ordinal, to_term
from cnnex.seeds import set_id


@dataclass(frozen=True, slots=True)
class Item:
    """A problem in its place.

    Attributes:
        points: points of each part, by the part's name.
        refs: where a part comes from, by the part's name; parts without a source are absent.
        credit: by the part's name what mistakes still earn, as shares by their ids.
        before: paragraphs that stand before the problem.
        new_page: whether it begins on a page of its own.
    """

    number: int
    topic: str
    family: str
    level: str
    problem: Problem
    points: Mapping[str, int]
    refs: Mapping[str, str]
    before: tuple[str, ...] = ()
    new_page: bool = False
    credit: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def part_id(self, part: Part) -> str:
        """The id under which students answer: `1a`, `1b`, ..., `1z`, `1aa`."""
        return f"{self.number}{self.letter(part)}"

    def letter(self, part: Part) -> str:
        """The part's letter within its problem."""
        return letters([each.name for each in self.problem.parts].index(part.name))


@dataclass(frozen=True)
class ProblemSet:
    """An immutable set of problems, with all that keys and sheets are made of.

    Attributes:
        student: a name to print.
        student_id: by which a roster knows the student.
    """

    title: str
    seed: str
    items: tuple[Item, ...]
    student: str = ""
    course: Course = NO_COURSE
    student_id: str = ""

    @cached_property
    def id(self) -> str:
        """The set's printed identity, which leads nobody to its seed."""
        content = [
            [item.family, item.problem.given, [_identity(part) for part in parts]]
            for item in self.items
            if (parts := item.problem.parts)
        ]
        return set_id(self.seed, json.dumps(content, sort_keys=True).encode())

    @property
    def points(self) -> int:
        """The points of all parts."""
        return sum(sum(item.points.values()) for item in self.items)

    def sheet(self, *, solutions: bool = False) -> Sheet:
        """What is printed; without solutions it holds nothing that could give an answer away."""
        if solutions:
            return self._solved
        return replace(
            self._solved, items=tuple(replace(item, solution=None, slip=None) for item in self._solved.items)
        )

    @cached_property
    def _solved(self) -> Sheet:
        return Sheet(
            title=self.title,
            set_id=self.id,
            student=self.student,
            points=self.points,
            items=tuple(map(_sheet_item, self.items)),
            course=self.course,
            student_id=self.student_id,
        )


@cache
def letters(position: int) -> str:
    """The name of a position: a, b, ..., z, aa, ab, ...

    >>> letters(0), letters(25), letters(26), letters(52)
    ('a', 'z', 'aa', 'ba')
    """
    name = ""
    position += 1
    while position:
        position, letter = divmod(position - 1, 26)
        name = ascii_lowercase[letter] + name
    return name


def _identity(part: Part) -> list[object]:
    """What tells a part from others of its problem."""
    return [part.name, part.asks, part.index, dict(part.given), *([] if part.layer is None else [part.layer])]


def _sheet_item(item: Item) -> SheetItem:
    problem = item.problem
    return SheetItem(
        number=item.number,
        title=problem.title,
        points=sum(item.points.values()),
        statement=problem.statement,
        conventions=problem.conventions,
        parts=tuple(
            SheetPart(
                item.part_id(part),
                item.letter(part),
                _prompt(part),
                tuple((label, part.choices[name]) for name, label in choice_labels(part).items()),
                item.points[part.name],
                part.kind,
            )
            for part in problem.parts
        ),
        solution=tuple(_solved_steps(item)),
        slip=common_slip(problem),
        before=item.before,
        new_page=item.new_page,
    )


def choice_labels(part: Part) -> dict[str, str]:
    """How the choices are called on a sheet, by id: by their letter, or by their place where ids are words."""
    if any(len(name) == 1 for name in part.choices):
        return {name: name.upper() for name in part.choices}
    return {name: letters(position).upper() for position, name in enumerate(part.choices)}


def _prompt(part: Part) -> Prose:
    """The question, and what the student must know of how it is judged."""
    said = demand(part.opts)
    return prose("{question} {said}", question=part.prompt, said=said) if said else part.prompt


def _solved_steps(item: Item) -> list[SolvedStep]:
    steps = []
    for step in item.problem.steps:
        answers = tuple(
            (item.part_id(part), Prose((_shown(part, step.value),)))
            for part in item.problem.parts
            if part.answered_by == step.name
        )
        steps.append(SolvedStep(step.explanation, answers))
        notes = tuple(
            prose("Note on {part}: {note}", part=item.part_id(part), note=part.note)
            for part in item.problem.parts
            if part.answered_by == step.name and part.note
        )
        if notes:
            steps.append(SolvedStep(notes, ()))
    return steps


def _shown(part: Part, value: Value) -> Inline:
    if part.kind is Kind.CHOICE and isinstance(value, str):
        return f"{choice_labels(part)[value]}: {part.choices[value].removesuffix('.')}"
    if part.kind is Kind.SELECTION and isinstance(value, tuple) and value:
        return ", ".join(choice_labels(part)[name] for name in map(str, value))
    if part.kind is Kind.SHAPE and isinstance(value, tuple) and len(value) == 1:
        return to_term(value[0], Kind.INTEGER)  # of one axis: the answer to "how long", a number
    return to_term(value, part.kind)


def common_slip(problem: Problem) -> Prose | None:
    """One line on the first predicted mistake, with the wrong number it gives here."""
    return next(filter(None, (slip_line(problem, mistake) for mistake in problem.mistakes)), None)


def slip_line(problem: Problem, mistake: Mistake) -> Prose | None:
    """What went wrong in a mistake and the first wrong number it gives; None where no part asks for such a number."""
    for position, part in enumerate(problem.parts):
        wrong = mistake.values.get(part.answered_by)
        if wrong is not None:
            return prose(
                "{what} Then {where} would be {wrong}.",
                what=mistake.explanation,
                **_wrong_number(part, letters(position), wrong, problem.key(part)),
            )
    return None


def _wrong_number(part: Part, letter: str, wrong: Value, right: Value) -> dict[str, Inline]:
    """Where a wrong value shows, and as what: a short value as a whole, else its first wrong entry."""
    ours, theirs = entries(right), entries(wrong)
    if part.kind is Kind.SELECTION or len(ours) < 5 or len(ours) != len(theirs):
        return {"where": f"the answer to ({letter})", "wrong": _shown(part, wrong)}
    position = next(i for i, (a, b) in enumerate(zip(ours, theirs, strict=True)) if a != b)
    # Words that fit whether indices count from 0 or from 1.
    entry = f"the {ordinal(position + 1)} entry"
    if isinstance(right, tuple) and isinstance(right[0], tuple):
        row, column = divmod(position, len(right[0]))
        entry = f"the entry in the {ordinal(row + 1)} row, {ordinal(column + 1)} column"
    return {"where": f"in ({letter}) {entry}", "wrong": theirs[position]}
