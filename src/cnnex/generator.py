"""Plan and seed -> problem set.

Each problem has a stream of its own, named by what it is and not by where it stands, so that adding
one changes no neighbour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from cnnex.errors import ImpossibleError, InputError, nearest
from cnnex.maths.geometry import DoesNotFitError
from cnnex.model.problem import Problem
from cnnex.model.problem_set import Item, ProblemSet
from cnnex.seeds import Stream
from cnnex.topics import load_topic
from cnnex.topics._family import LEVELS, Family

ATTEMPTS = 2000
MOST_PROBLEMS = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One problem of a plan.

    Attributes:
        name: names the problem's random stream; entries of one plan have different names.
        fixed: parameters that are given instead of drawn, by the field's name.
        parts: the parts to ask, by name, in order; empty for all.
        points: points of a part where they are not 1.
        refs: sources of parts.
    """

    name: str
    topic: str
    family: Family[Any]
    level: str = "medium"
    fixed: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    points: Mapping[str, int] = field(default_factory=dict)
    refs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a set is made of, before any number is drawn."""

    title: str
    entries: tuple[Entry, ...]


def families_of(topics: Sequence[str], wanted: Sequence[str] = ()) -> list[tuple[str, Family[Any]]]:
    """The wanted families of some topics, each with its topic; all families where none is named.

    A family is named by its id or by the code before the first dash: `F14` stands for all of F14.

    Raises:
        InputError: a topic or a family doesn't exist.
    """
    found = [(topic.name, each) for topic in map(load_topic, dict.fromkeys(topics)) for each in topic.families]
    for name in wanted:
        if not any(_is_named(each, name) for _, each in found):
            hint = nearest(name, [each.id for _, each in found])
            raise InputError(f"there is no family {name!r} in {', '.join(topics)}", hint=hint)
    return [pair for pair in found if not wanted or any(_is_named(pair[1], name) for name in wanted)]


def _is_named(family: Family[Any], name: str) -> bool:
    own, name = family.id.casefold(), name.casefold()
    return own == name or own.startswith(f"{name}-")


def deal(topics: Sequence[str], wanted: Sequence[str], count: int, level: str, title: str = "") -> Plan:
    """A plan that deals `count` problems in turn to the topics, and within each to its families.

    Raises:
        InputError: a name is unknown, or the count isn't between 1 and `MOST_PROBLEMS`.
    """
    if not 1 <= count <= MOST_PROBLEMS:
        raise InputError(f"the count is {count}, but a set has 1 to {MOST_PROBLEMS:,} problems")
    if level not in LEVELS:
        raise InputError(f"there is no difficulty {level!r}", hint=nearest(level, LEVELS))
    hands: dict[str, list[Family[Any]]] = {}
    for topic, family in families_of(topics, wanted):
        hands.setdefault(topic, []).append(family)
    names = list(hands)
    entries = []
    for number in range(count):
        topic = names[number % len(names)]
        turn = number // len(names)
        family = hands[topic][turn % len(hands[topic])]
        entries.append(Entry(f"{topic}/{family.id}/{turn // len(hands[topic])}", topic, family, level))
    return Plan(title or ", ".join(load_topic(name).title for name in names), tuple(entries))


def generate_set(plan: Plan, seed: str, student: str = "") -> ProblemSet:
    """The problem set of a plan and a seed: the same for ever.

    Raises:
        ImpossibleError: the parameters of an entry leave no fair variant that the set doesn't have yet.
    """
    seen: set[str] = set()
    items = tuple(_item(number, entry, seed, student, seen) for number, entry in enumerate(plan.entries, 1))
    return ProblemSet(plan.title, seed, items, student)


def _item(number: int, entry: Entry, seed: str, student: str, seen: set[str]) -> Item:
    problem = _problem(entry, seed, student, seen)
    if entry.parts:
        by_name = {part.name: part for part in problem.parts}
        problem = replace(problem, parts=tuple(by_name[name] for name in entry.parts))
    points = {part.name: entry.points.get(part.name, 1) for part in problem.parts}
    return Item(number, entry.topic, entry.family.id, entry.level, problem, points, entry.refs)


def _problem(entry: Entry, seed: str, student: str, seen: set[str]) -> Problem:
    family, level = entry.family, entry.level
    whole = len(entry.fixed) == len(fields(family.params))
    for attempt in range(1 if whole else ATTEMPTS):
        # A problem chosen by hand is posed as it is; its author answers for it.
        if whole:
            params = family.params(**entry.fixed)
        else:
            rng = Stream(seed, student, entry.name, level, attempt)
            params = replace(family.draw(rng, level), **entry.fixed)
        identity = f"{family.id} {params}"
        if identity in seen:
            continue
        try:
            solved = family.solve(params)
        except DoesNotFitError:
            continue
        mistakes = family.mistakes(params, solved)
        if whole or family.suits(params, level, solved, mistakes):
            seen.add(identity)
            return family.pose(params, solved, mistakes)
    raise ImpossibleError(
        f"{family.id} at level {level} has no fair variant left for problem {entry.name!r} after {ATTEMPTS} draws",
        hint="ask for fewer problems, another level, or wider parameters",
    )
