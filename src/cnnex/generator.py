"""Plan and seed -> problem set.

Each problem has a stream of its own, named by what it is and not by where it stands, so that adding
one changes no neighbour.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, NamedTuple

from msgspec import structs

from cnnex.errors import ImpossibleError, InputError, nearest
from cnnex.maths.geometry import DoesNotFitError
from cnnex.model.course import NO_COURSE, Course
from cnnex.model.opts import NO_OPTS
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.problem_set import Item, ProblemSet
from cnnex.model.value import Kind
from cnnex.plans import Entry, Plan
from cnnex.seeds import Stream
from cnnex.topics._family import MOST_WORK, Solved

ATTEMPTS = 2000
MOST_GIVEN_WORK = 2_000
"""Products or entries of a problem chosen by hand; nobody solves more on paper."""

_WORDS = (Kind.CHOICE, Kind.SELECTION, Kind.BOOLEAN)

Seen = set[tuple[str, Any]]
"""What a set has already: pairs of an entry's series and its parameters."""


class Variant(NamedTuple):
    """The parameters of a problem, before it is put into words.

    Attributes:
        draws: how often parameters were drawn until they were fair, 0 where all are given.
    """

    params: Any
    solved: Solved
    mistakes: tuple[Mistake, ...]
    draws: int


def generate_set(plan: Plan, seed: str, student: str = "") -> ProblemSet:
    """The problem set of a plan and a seed: the same for ever.

    Raises:
        ImpossibleError: an entry's parameters leave no fair variant that the set doesn't have yet.
        InputError: parameters that a bank gives don't fit together, or it asks for a part that isn't there.
    """
    seen: Seen = set()  # by series: problems of other names are never drawn anew for this one
    items = tuple(
        item_of(number, entry, variant_of(entry, seed, seen), plan.course)
        for number, entry in enumerate(plan.entries, 1)
    )
    return ProblemSet(plan.title, seed, items, student, plan.course)


def variant_of(entry: Entry, seed: str, seen: Seen) -> Variant:
    """The first variant of an entry that is fair and that the set doesn't have yet; it is then in `seen`.

    Raises:
        ImpossibleError: there is none.
        InputError: parameters that a bank gives don't fit together.
    """
    return _given(entry) if is_given(entry) else _drawn(entry, seed, seen)


def is_given(entry: Entry) -> bool:
    """Whether an entry gives all parameters, so that nothing is drawn."""
    return all(len(entry.given.get(field.name, ())) == 1 for field in fields(entry.family.params))


def item_of(number: int, entry: Entry, variant: Variant, course: Course = NO_COURSE) -> Item:
    """A variant in words, with the parts that its entry asks for, worth what the bank, the course or the kind says.

    Raises:
        InputError: the entry asks for a part that isn't there.
    """
    problem = _posed(entry, variant)
    if entry.title:
        problem = replace(problem, title=entry.title)
    if entry.parts:
        by_name = {part.name: part for part in problem.parts}
        for name in entry.parts:
            if name not in by_name:
                raise InputError(f"{entry.where}: parts: there is no part {name!r}", hint=nearest(name, by_name))
            if entry.parts.count(name) > 1:
                raise InputError(f"{entry.where}: parts: {name!r} stands twice; each part may be asked once")
        parts = tuple(_asked(by_name[name], entry) for name in entry.parts)
        problem = replace(problem, parts=parts, steps=_needed(problem, parts))
    if course.decimal_sign == ",":
        problem = replace(problem, parts=tuple(map(_with_comma, problem.parts)))
    points = {
        part.name: entry.points.get(part.name, course.points.get(part.kind, part.points)) for part in problem.parts
    }
    return Item(
        number,
        entry.topic,
        entry.family.id,
        entry.level,
        problem,
        points,
        entry.refs,
        entry.before,
        entry.new_page,
        entry.credit,
    )


def _needed(problem: Problem, parts: tuple[Part, ...]) -> tuple[Step, ...]:
    """The steps of the solution up to the last one that answers a part.

    Those that answer nothing but parts that are left out are left out, too, unless an asked part needs their answers.
    """
    by_name = {part.name: part for part in problem.parts}
    wanted = {part.name for part in parts}
    while further := {name for part in wanted for name in by_name[part].needs} - wanted:
        wanted |= further
    answering = {part.answered_by for part in parts}
    skipped = {part.answered_by for part in problem.parts} - {by_name[name].answered_by for name in wanted}
    last = max(number for number, step in enumerate(problem.steps) if step.name in answering)
    return tuple(step for step in problem.steps[: last + 1] if step.name not in skipped)


def _asked(part: Part, entry: Entry) -> Part:
    """A part as the entry asks it."""
    opts = entry.opts.get(part.name, part.opts)
    if part.kind in _WORDS and opts != NO_OPTS:
        raise InputError(f"{entry.where}: parts: {part.name!r} is of kind {part.kind}, which takes no opts")
    if part.kind is Kind.SHAPE and opts.tolerant:
        raise InputError(f"{entry.where}: parts: {part.name!r} is a shape, which takes no tolerance")
    return replace(part, opts=opts, note=entry.notes.get(part.name, part.note))


def _with_comma(part: Part) -> Part:
    """A part whose answers have the comma as decimal sign, unless they are words."""
    if part.kind in _WORDS:
        return part
    return replace(part, opts=structs.replace(part.opts, decimal_comma=True))


def _given(entry: Entry) -> Variant:
    """A problem chosen by hand: posed as it is, its author answers for its fairness."""
    family = entry.family
    params = family.params(**{name: options[0] for name, options in entry.given.items()})
    try:
        if family.work(params) > MOST_GIVEN_WORK:
            raise ValueError(f"they ask for more than {MOST_GIVEN_WORK:,} products or entries")
        solved = family.solve(params)
        return Variant(params, solved, family.mistakes(params, solved), 0)
    except (ValueError, IndexError) as error:
        raise _misfit(entry, error) from None


def _posed(entry: Entry, variant: Variant) -> Problem:
    try:
        return entry.family.pose(variant.params, variant.solved, variant.mistakes)
    except (ValueError, IndexError) as error:
        if variant.draws:
            raise
        raise _misfit(entry, error) from None


def _misfit(entry: Entry, error: Exception) -> InputError:
    return InputError(f"{entry.where}: parameters: they don't fit together: {error}")


def _drawn(entry: Entry, seed: str, seen: Seen) -> Variant:
    """The first draw that meets the generator's contract and isn't in the set yet."""
    family, level, reason = entry.family, entry.level, ""
    for attempt in range(ATTEMPTS):
        rng = Stream(seed, entry.name, level, attempt)
        params = family.draw_like(rng, level, entry.pattern) if entry.pattern else family.draw(rng, level)
        if entry.given:
            params = replace(params, **{name: rng.choice(options) for name, options in entry.given.items()})
        if (entry.series, params) in seen:
            continue
        try:
            if family.work(params) > MOST_WORK[level]:
                reason = "too much work for the level"
                continue
            solved = family.solve(params)
        except DoesNotFitError as error:
            reason = str(error)
            continue
        except (ValueError, IndexError) as error:
            if not entry.given:
                raise
            reason = f"the given parameters don't fit those drawn: {error}"
            continue
        if not family.fair(params, solved, level):
            continue
        mistakes = family.mistakes(params, solved)
        if family.diagnosable(level, mistakes):
            seen.add((entry.series, params))
            return Variant(params, solved, mistakes, attempt + 1)
    raise ImpossibleError(
        f"{entry.where or entry.name}: {family.id} at level {level} has no fair variant left after {ATTEMPTS} draws"
        + (f", the last one: {reason}" if reason else ""),
        hint="ask for fewer problems, another level or wider parameters",
    )
