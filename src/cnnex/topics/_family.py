"""What a family of exercises is: draw parameters, solve, predict mistakes, put into words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from cnnex.maths.geometry import DoesNotFitError
from cnnex.model.problem import Mistake, Problem
from cnnex.model.value import Kind, Value, entries
from cnnex.seeds import Stream

P = TypeVar("P")
Solved = dict[str, Any]
"""The values of a worked solution by the names of its steps."""

LEVELS = ("easy", "medium", "hard")
MOST_WORK = {"easy": 20, "medium": 60, "hard": 120}
"""Products, comparisons or entries to write; curriculum, section 4."""
LARGEST_ENTRY = {"easy": 99, "medium": 999, "hard": 999}


@dataclass(frozen=True, slots=True)
class Slip(Generic[P]):
    """A misconception: the same maths as the solution, with one rule changed.

    Attributes:
        id: stable, independent of the drawn numbers, so that a class can be summed up.
        explanation: what went wrong, one sentence in the past tense.
        hint: where to look, without giving the answer away.
        solve: the wrong values by the names of the steps; steps that the slip leaves alone are absent.
    """

    id: str
    explanation: str
    hint: str
    solve: Callable[[P], Mapping[str, Value]]


class Family(ABC, Generic[P]):
    """A family of exercises. Subclasses are stateless; a topic's module lists one of each.

    Attributes:
        id: the curriculum's code and a readable name, `F14-max-pooling`.
        params: the frozen dataclass of everything that is drawn and nothing that is derived.
        kinds: the kinds of its answers.
        slips: its predicted mistakes.
        visible: by level, the ids of mistakes that every variant must be able to tell apart.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    params: ClassVar[type[Any]]
    kinds: ClassVar[tuple[Kind, ...]]
    visible: ClassVar[Mapping[str, tuple[str, ...]]]
    slips: tuple[Slip[P], ...]

    @abstractmethod
    def draw(self, rng: Stream, level: str) -> P:
        """Random parameters of a level. The only place that sees randomness."""

    def draw_like(self, rng: Stream, level: str, pattern: Mapping[str, Any]) -> P:
        """Random parameters for the twin of a bank's problem, whose parameters are the pattern.

        A family whose parts depend on its parameters draws such that the same parts exist.
        """
        return self.draw(rng, level)

    @abstractmethod
    def solve(self, p: P) -> Solved:
        """The value of each step of the solution; key and worked solution are views of it.

        Raises:
            DoesNotFitError: the kernel spans more than the padded input.
        """

    @abstractmethod
    def pose(self, p: P, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        """The problem in words around the solved values."""

    @abstractmethod
    def work(self, p: P) -> int:
        """The products, comparisons or entries that a student has to write."""

    def fair(self, p: P, solved: Solved, level: str) -> bool:
        """Whether the variant is neither trivial nor misleading."""
        return True

    def mistakes(self, p: P, solved: Solved) -> tuple[Mistake, ...]:
        """The mistakes that show in this variant: those with a value that differs from the right one."""
        found = []
        for slip in self.slips:
            try:
                wrong = slip.solve(p)
            except DoesNotFitError:  # the changed rule leads to no answer at all
                wrong = {}
            shown = {name: value for name, value in wrong.items() if value != solved[name]}
            if shown:
                found.append(Mistake(slip.id, slip.explanation, slip.hint, shown))
        return tuple(found)

    def diagnosable(self, level: str, mistakes: Iterable[Mistake]) -> bool:
        """Whether the mistakes that the level names show, and no two mistakes are alike."""
        mistakes = tuple(mistakes)
        return {mistake.id for mistake in mistakes}.issuperset(self.visible[level]) and told_apart(mistakes)


def told_apart(mistakes: Iterable[Mistake]) -> bool:
    """Whether no two mistakes lead to the same wrong value of a step."""
    seen: set[tuple[str, Value]] = set()
    for mistake in mistakes:
        for pair in mistake.values.items():
            if pair in seen:
                return False
            seen.add(pair)
    return True


def lively(value: Value, level: str) -> bool:
    """Whether a numeric result is worth computing.

    Not all entries are equal, at most half of them are zero, and none is beyond the level's largest.

    >>> lively(((1, 2), (3, 0)), "easy"), lively(((0, 0), (0, 2)), "easy"), lively((5, 5), "easy")
    (True, False, False)
    """
    numbers = entries(value)
    return (
        len(set(numbers)) > 1
        and 2 * numbers.count(0) <= len(numbers)
        and max(map(abs, numbers)) <= LARGEST_ENTRY[level]
    )
