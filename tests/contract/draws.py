"""Draws from every family at every level, and what a key file says of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import msgspec
import pytest

from cnnex.generator import generate_set
from cnnex.model.problem import Problem
from cnnex.model.problem_set import ProblemSet
from cnnex.model.prose import Block, Display, Figure, Prose, Table
from cnnex.notation.plain import plain
from cnnex.plans import Entry, Plan
from cnnex.store.records import key_of
from cnnex.topics import load_topic, topic_names
from cnnex.topics._family import LEVELS, Family

SETS = 3
COUNT = 40

Json = dict[str, Any]


class Case(NamedTuple):
    """A family at a level."""

    topic: str
    family: str
    level: str

    def __str__(self) -> str:
        return f"{self.family}-{self.level}"


FAMILIES = [(name, family.id) for name in topic_names() for family in load_topic(name).families]
CASES = [Case(topic, family, level) for topic, family in FAMILIES for level in LEVELS]
every_case = pytest.mark.parametrize("case", CASES, ids=str)


def family_of(topic: str, family: str) -> Family[Any]:
    """The family with this id."""
    (found,) = (each for each in load_topic(topic).families if each.id == family)
    return found


def plan_for(case: Case, count: int) -> Plan:
    """A plan of so many problems of one family."""
    family = family_of(case.topic, case.family)
    return Plan("", tuple(Entry(f"{case.family}/{turn}", case.topic, family, case.level) for turn in range(count)))


@cache
def drawn(case: Case) -> tuple[ProblemSet, ...]:
    """`SETS` sets of `COUNT` problems each."""
    return tuple(generate_set(plan_for(case, COUNT), f"contract {seed}") for seed in range(SETS))


def problems(case: Case) -> Iterator[Problem]:
    """All problems drawn for a case."""
    return (item.problem for each in drawn(case) for item in each.items)


@cache
def key_items(case: Case) -> tuple[Json, ...]:
    """The items of the sets' key files."""
    return tuple(item for each in drawn(case) for item in key_json(each)["items"])


def asked(case: Case) -> Iterator[tuple[Json, Json]]:
    """Each item with each of its parts, of all keys."""
    return ((item, part) for item in key_items(case) for part in item["parts"])


def key_json(problem_set: ProblemSet) -> Json:
    """A set's key file, read back as JSON."""
    found: Json = json.loads(msgspec.json.encode(key_of(problem_set, "test")))
    return found


def spelled(block: Block | Prose) -> str:
    """A block in plain text."""
    match block:
        case Display(formula):
            return plain(formula)
        case Table(caption, head, rows):
            return "\n".join([caption, " ".join(head), *(" ".join(map(_inline, row)) for row in rows)])
        case Figure():
            return "\n".join([block.alt, *re.findall("<text[^>]*>([^<]*)<", block.svg)])
        case Prose(parts):
            return "".join(map(_inline, parts))


def _inline(part: Any) -> str:
    return part if isinstance(part, str) else plain(part)
