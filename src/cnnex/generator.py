"""Plan and seed -> problem set.

Each problem has a stream of its own, named by what it is and not by where it stands, so that adding
one changes no neighbour.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from cnnex.errors import ImpossibleError, InputError, nearest
from cnnex.maths.geometry import DoesNotFitError
from cnnex.model.opts import NO_OPTS
from cnnex.model.problem import Part, Problem
from cnnex.model.problem_set import Item, ProblemSet
from cnnex.model.value import Kind
from cnnex.plans import Entry, Plan
from cnnex.seeds import Stream
from cnnex.topics._family import MOST_WORK

ATTEMPTS = 2000
MOST_GIVEN_WORK = 2_000
"""Products or entries of a problem chosen by hand; nobody solves more on paper."""


def generate_set(plan: Plan, seed: str, student: str = "") -> ProblemSet:
    """The problem set of a plan and a seed: the same for ever.

    Raises:
        ImpossibleError: an entry's parameters leave no fair variant that the set doesn't have yet.
        InputError: parameters that a bank gives don't fit together, or it asks for a part that isn't there.
    """
    seen: set[tuple[str, Any]] = set()  # by series: problems of other names are never drawn anew for this one
    items = tuple(_item(number, entry, seed, seen) for number, entry in enumerate(plan.entries, 1))
    return ProblemSet(plan.title, seed, items, student)


def _item(number: int, entry: Entry, seed: str, seen: set[tuple[str, Any]]) -> Item:
    whole = all(len(entry.given.get(field.name, ())) == 1 for field in fields(entry.family.params))
    problem = _given_problem(entry) if whole else _drawn_problem(entry, seed, seen)
    if entry.title:
        problem = replace(problem, title=entry.title)
    if entry.parts:
        by_name = {part.name: part for part in problem.parts}
        for name in entry.parts:
            if name not in by_name:
                raise InputError(f"{entry.where}: parts: there is no part {name!r}", hint=nearest(name, by_name))
            if entry.parts.count(name) > 1:
                raise InputError(f"{entry.where}: parts: {name!r} stands twice; each part may be asked once")
        problem = replace(problem, parts=tuple(_asked(by_name[name], entry) for name in entry.parts))
    points = {part.name: entry.points.get(part.name, 1) for part in problem.parts}
    return Item(number, entry.topic, entry.family.id, entry.level, problem, points, entry.refs)


def _asked(part: Part, entry: Entry) -> Part:
    """A part as the entry asks it."""
    opts = entry.opts.get(part.name, part.opts)
    if part.kind in (Kind.CHOICE, Kind.SELECTION, Kind.BOOLEAN) and opts != NO_OPTS:
        raise InputError(f"{entry.where}: parts: {part.name!r} is of kind {part.kind}, which takes no opts")
    if part.kind is Kind.SHAPE and opts.tolerant:
        raise InputError(f"{entry.where}: parts: {part.name!r} is a shape, which takes no tolerance")
    return replace(part, opts=opts, note=entry.notes.get(part.name, part.note))


def _given_problem(entry: Entry) -> Problem:
    """A problem chosen by hand: posed as it is, its author answers for its fairness."""
    family = entry.family
    params = family.params(**{name: options[0] for name, options in entry.given.items()})
    try:
        if family.work(params) > MOST_GIVEN_WORK:
            raise ValueError(f"they ask for more than {MOST_GIVEN_WORK:,} products or entries")
        solved = family.solve(params)
        return family.pose(params, solved, family.mistakes(params, solved))
    except (ValueError, IndexError) as error:
        raise InputError(f"{entry.where}: parameters: they don't fit together: {error}") from None


def _drawn_problem(entry: Entry, seed: str, seen: set[tuple[str, Any]]) -> Problem:
    """The first draw that meets the generator's contract and isn't in the set yet."""
    family, level, reason = entry.family, entry.level, ""
    for attempt in range(ATTEMPTS):
        rng = Stream(seed, entry.name, level, attempt)
        params = family.draw(rng, level)
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
        mistakes = family.mistakes(params, solved)
        if family.suits(params, level, solved, mistakes):
            seen.add((entry.series, params))
            return family.pose(params, solved, mistakes)
    raise ImpossibleError(
        f"{entry.where or entry.name}: {family.id} at level {level} has no fair variant left after {ATTEMPTS} draws"
        + (f", the last one: {reason}" if reason else ""),
        hint="ask for fewer problems, another level or wider parameters",
    )
