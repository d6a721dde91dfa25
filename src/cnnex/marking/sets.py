"""Are all sets equally hard? The shares of students who had one set or variant against those of all others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import sqrt
from statistics import NormalDist
from typing import Any, Generic, NamedTuple, TypeVar

from cnnex.marking.sums import Sums
from cnnex.model.records import Key, KeyItem, PartId
from cnnex.model.statistics import Comparison, SetComparison, VariantComparison

LEAST_OF_A_SET, MOST_SETS, MOST_VALUES = 5, 1000, 12
"""A group is compared from so many students on; with more sets or values of a datum none is."""
Label = TypeVar("Label")
_ERROR_RATE = 0.05
_AXES, _SHORT = 4, 20


class Sets:
    """The hundredths of points that students earned, by set and family; the family "" is the whole set."""

    def __init__(self) -> None:
        self._sums: dict[str, dict[str, Sums]] | None = {}

    def add(self, set_: str, earned: Mapping[str, int]) -> None:
        """A student of a set, with what was earned in each family."""
        if self._sums is None:
            return
        sums = self._sums.setdefault(set_, {})
        for family, points in earned.items():
            sums.setdefault(family, Sums()).add(points)
        if len(self._sums) > MOST_SETS:
            self._sums = None

    def take(self, other: Sets) -> None:
        """The other's students, too."""
        if self._sums is None or other._sums is None:
            self._sums = None
            return
        for set_, theirs in other._sums.items():
            mine = self._sums.setdefault(set_, {})
            for family, sums in theirs.items():
                mine[family] = mine.get(family, Sums()).plus(sums)
        if len(self._sums) > MOST_SETS:
            self._sums = None

    def warning(self) -> str:
        """What the comparison can't tell, "" where there is nothing to say."""
        sizes = None if self._sums is None else [own[""].count for own in self._sums.values()]
        if sizes is None or (len(sizes) > 1 and max(sizes) == 1):
            return "Each student has a set of their own: what is due to the set can't be told from what is due to them."
        few = sum(size < LEAST_OF_A_SET for size in sizes) if len(sizes) > 1 else 0
        return f"Sets of less than {LEAST_OF_A_SET} students are not compared; there are {few}." if few else ""

    def compared(self, points_of: Callable[[str], int]) -> Iterator[SetComparison]:
        """Each set against all others together, as a whole and in each family, whose points `points_of` knows."""
        sets = self._sums or {}
        wholes: dict[str, Sums] = {}
        for own in sets.values():
            for family, sums in own.items():
                wholes[family] = wholes.get(family, Sums()).plus(sums)
        groups = [
            Group((set_, family), points_of(family), sums, wholes[family].without(sums))
            for set_, own in sorted(sets.items())
            for family, sums in own.items()
        ]
        for (set_, family), found in judged(groups):
            yield SetComparison(set=set_, family=family, comparison=found)


class Problem(NamedTuple):
    """What comparing variants takes of a problem: its short data are texts."""

    number: int
    family: str
    points: int
    parts: tuple[PartId, ...]
    data: tuple[tuple[str, str], ...]

    @staticmethod
    def of(item: KeyItem) -> Problem:
        """The problem of a key."""
        data = tuple((name, said) for name, value in item.given.items() if (said := _short(value)))
        points = sum(part.points for part in item.parts)
        return Problem(item.number, item.family, points, tuple(part.id for part in item.parts), data)


def problems_of(key: Key) -> tuple[Problem, ...]:
    """The problems of a key."""
    return tuple(map(Problem.of, key.items))


class Variants:
    """The hundredths of points that students earned in a problem, by the value of each short datum in its variant."""

    def __init__(self) -> None:
        self._sums: dict[tuple[int, str, str], dict[str, Sums]] = {}
        self._points: dict[int, int] = {}

    def add(self, problems: Iterable[Problem], earned: Mapping[PartId, int]) -> None:
        """A student's points in the problems of a set."""
        for problem in problems:
            total = sum([earned.get(part, 0) for part in problem.parts])
            self._points[problem.number] = problem.points
            for name, said in problem.data:
                values = self._sums.setdefault((problem.number, problem.family, name), {})
                if said in values:
                    values[said].add(total)
                elif len(values) <= MOST_VALUES:
                    values[said] = Sums(1, total, total * total)

    def take(self, other: Variants) -> None:
        """The other's students, too."""
        self._points |= other._points
        for datum, theirs in other._sums.items():
            mine = self._sums.setdefault(datum, {})
            for said, sums in theirs.items():
                if said in mine or len(mine) <= MOST_VALUES:
                    mine[said] = mine.get(said, Sums()).plus(sums)

    def compared(self) -> Iterator[VariantComparison]:
        """Each value of a datum against all others; a datum with many values is no group of variants."""
        groups = []
        for (number, family, name), values in sorted(self._sums.items()):
            if 1 < len(values) <= MOST_VALUES:
                whole = Sums()
                for sums in values.values():
                    whole = whole.plus(sums)
                groups += [
                    Group((number, family, name, value), self._points[number], sums, whole.without(sums))
                    for value, sums in sorted(values.items())
                ]
        for (number, family, name, value), found in judged(groups):
            yield VariantComparison(problem=number, family=family, datum=name, value=value, comparison=found)


def _short(value: Any) -> str:
    """A datum that may be the same in many variants, as text; "" for longer ones, such as an input."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and (len(value) > _AXES or not all(type(entry) is int for entry in value)):
        return ""
    said = str(value) if isinstance(value, int | str | list) else ""
    return said if len(said) <= _SHORT else ""


class Group(NamedTuple, Generic[Label]):
    """Students who had something in common, and all others: the hundredths of points that they earned."""

    label: Label
    points: int
    own: Sums
    others: Sums


def judged(groups: Sequence[Group[Label]]) -> Iterator[tuple[Label, Comparison]]:
    """Those of the groups that are large enough, each against the others.

    Students get their sets by lot, so without a difference between groups both have the same variance, and the
    difference of the means is Student's t, here with so many degrees of freedom that it is normal.
    """
    enough = [group for group in groups if min(group.own.count, group.others.count) >= LEAST_OF_A_SET and group.points]
    # Bonferroni: chance makes one of all comparisons stand out at most so often.
    limit = NormalDist().inv_cdf(1 - _ERROR_RATE / 2 / max(1, len(enough)))
    for label, points, own, others in enough:
        error = sqrt(_error_squared(own, others))
        yield (
            label,
            Comparison(
                students=own.count,
                share=float(own.mean / (100 * points)),
                others=float(others.mean / (100 * points)),
                error=error / (100 * points),
                stands_out=float(abs(own.mean - others.mean)) > limit * error,
            ),
        )


def _error_squared(sums: Sums, others: Sums) -> Fraction:
    """The squared standard error of the difference of two means, the variance pooled."""
    degrees = sums.count + others.count - 2
    pooled = (sums.variance * (sums.count - 1) + others.variance * (others.count - 1)) / degrees
    return pooled * (Fraction(1, sums.count) + Fraction(1, others.count))
