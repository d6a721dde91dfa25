"""Are all sets equally hard? The shares that students of one set reach against those of all others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

from cnnex.marking.sums import Sums
from cnnex.model.statistics import SetComparison

LEAST_OF_A_SET, MOST_SETS = 5, 1000
"""A set is compared from so many students on; if there are more sets, none is."""
_ERROR_RATE = 0.05


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

    def warning(self) -> str:
        """What the comparison can't tell, "" where there is nothing to say."""
        sizes = None if self._sums is None else [own[""].count for own in self._sums.values()]
        if sizes is None or (len(sizes) > 1 and max(sizes) == 1):
            return "Each student has a set of their own: what is due to the set can't be told from what is due to them."
        few = sum(size < LEAST_OF_A_SET for size in sizes) if len(sizes) > 1 else 0
        return f"Sets of less than {LEAST_OF_A_SET} students are not compared; there are {few}." if few else ""

    def compared(self, points_of: Callable[[str], int]) -> Iterator[SetComparison]:
        """Each set against all others together, as a whole and in each family.

        Students get their sets by lot, so without a difference between sets both have the same variance, and the
        difference of the means is Student's t, here with so many degrees of freedom that it is normal.

        Args:
            points_of: the points of a family.
        """
        sets = self._sums or {}
        wholes: dict[str, Sums] = {}
        for own in sets.values():
            for family, sums in own.items():
                wholes[family] = wholes.get(family, Sums()).plus(sums)
        pairs = [
            (set_, family, sums, others)
            for set_, own in sorted(sets.items())
            for family, sums in own.items()
            if min(sums.count, (others := wholes[family].without(sums)).count) >= LEAST_OF_A_SET
        ]
        # Bonferroni: chance makes one of all comparisons stand out at most so often.
        limit = NormalDist().inv_cdf(1 - _ERROR_RATE / 2 / max(1, len(pairs)))
        for set_, family, sums, others in pairs:
            points = 100 * points_of(family)
            error = sqrt(_error_squared(sums, others))
            yield SetComparison(
                set=set_,
                family=family,
                students=sums.count,
                share=float(sums.mean / points),
                others=float(others.mean / points),
                error=error / points,
                stands_out=float(abs(sums.mean - others.mean)) > limit * error,
            )


def _error_squared(sums: Sums, others: Sums) -> Fraction:
    """The squared standard error of the difference of two means, the variance pooled."""
    degrees = sums.count + others.count - 2
    pooled = (sums.variance * (sums.count - 1) + others.variance * (others.count - 1)) / degrees
    return pooled * (Fraction(1, sums.count) + Fraction(1, others.count))
