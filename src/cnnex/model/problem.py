"""`Problem`, the noun in the middle, and what it is made of.

The key is never stored: a part names the step that answers it, and the step's value is the key. So
key and worked solution can't disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cnnex.model.conventions import Convention
from cnnex.model.follow import FollowThrough
from cnnex.model.opts import NO_OPTS, Opts
from cnnex.model.prose import Block, Prose
from cnnex.model.value import Kind, Value

_POINTS = {Kind.EXPRESSION: 2, Kind.VECTOR: 2, Kind.SELECTION: 2, Kind.MATRIX: 3}
Given = Mapping[str, Any]
"""A problem's data for a machine: JSON values under the names of torch.nn.functional."""


@dataclass(frozen=True, slots=True)
class Step:
    """A named step of the worked solution: its value, and the blocks that explain it."""

    name: str
    value: Value
    explanation: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One question of a problem.

    Attributes:
        name: stable within the family; banks choose parts by it.
        asks: a word out of `cnnex.model.asks.ASKS`.
        kind: the kind of the answer.
        prompt: the question.
        answered_by: the name of the step whose value is the key.
        symbols: canonical names that the answer may use.
        domain: `real`, `positive`, or `integers` where names stand for sizes.
        opts: tolerances and forms; the statement says them after the prompt.
        index: the asked entry, counted from 0, without the batch axis.
        layer: of a stack of layers the one that is asked about, counted from 0.
        builds_on: the names of earlier parts whose answers this one needs, where `follows` doesn't tell.
        follows: the key as it follows from earlier answers, so that a slip there costs its points only once.
        note: what a worked solution adds to the answer, such as where a printed source differs.
        choices: id and words of each choice.
        given: data of this part alone, laid over the problem's.
    """

    name: str
    asks: str
    kind: Kind
    prompt: Prose
    answered_by: str
    symbols: tuple[str, ...] = ()
    domain: str = "real"
    opts: Opts = NO_OPTS
    index: tuple[int, ...] | None = None
    layer: int | None = None
    builds_on: tuple[str, ...] = ()
    follows: FollowThrough | None = None
    note: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    given: Given = field(default_factory=dict)

    @property
    def needs(self) -> frozenset[str]:
        """The names of all earlier parts whose answers this one needs."""
        used = self.follows.uses.values() if self.follows else ()
        return frozenset(self.builds_on).union(name for name, _ in used)

    @property
    def points(self) -> int:
        """What the part is worth unless a bank says otherwise.

        It follows what is to be written: 3 for a matrix, 2 for an expression, a vector or a selection, 1 for a number,
        a shape or a choice. All variants of a family are worth the same, since the kind never depends on the numbers.
        """
        return _POINTS.get(self.kind, 1)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A misconception and the wrong values it leads to in this variant, by the step's name."""

    id: str
    explanation: str
    hint: str
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Problem:
    """An exercise: what is said, what is asked, how it is solved, how it goes wrong."""

    title: str
    statement: tuple[Block, ...]
    conventions: tuple[Convention, ...]
    given: Given
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]
    mistakes: tuple[Mistake, ...]

    @cached_property
    def _values(self) -> dict[str, Value]:
        return {step.name: step.value for step in self.steps}

    def key(self, part: Part) -> Value:
        """The right answer to a part."""
        return self._values[part.answered_by]
