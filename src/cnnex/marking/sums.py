"""Sums of whole numbers, from which mean, variance and correlation follow: exact, and the same in every order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt


@dataclass(slots=True)
class Sums:
    """The count, the sum and the sum of squares of numbers.

    >>> sums = Sums()
    >>> for number in (1, 2, 6):
    ...     sums.add(number)
    >>> sums.mean, sums.variance
    (Fraction(3, 1), Fraction(7, 1))
    """

    count: int = 0
    total: int = 0
    squares: int = 0

    def add(self, number: int) -> None:
        self.count += 1
        self.total += number
        self.squares += number * number

    def plus(self, other: Sums) -> Sums:
        """The sums of the numbers of both."""
        return Sums(self.count + other.count, self.total + other.total, self.squares + other.squares)

    def without(self, other: Sums) -> Sums:
        """The sums of the numbers that are not among the others'."""
        return Sums(self.count - other.count, self.total - other.total, self.squares - other.squares)

    @property
    def mean(self) -> Fraction:
        """Of at least one number."""
        return Fraction(self.total, self.count)

    @property
    def variance(self) -> Fraction:
        """The variance of the sample, over n - 1; of at least two numbers."""
        return Fraction(self.count * self.squares - self.total**2, self.count * (self.count - 1))


def rest_correlation(part: Sums, whole: Sums, products: int) -> float | None:
    """Pearson's correlation of a part with the rest of the whole, None where one of them is always the same.

    The rest, not the whole: else a part would correlate with itself (Henrysson 1963, "Correction of item-total
    correlations in item analysis").

    Args:
        part: its points.
        whole: the points of the part and all others.
        products: the sum of part times whole.

    >>> part, whole = Sums(3, 3, 5), Sums(3, 9, 35)  # 0, 1, 2 of 1, 3, 5
    >>> rest_correlation(part, whole, 0 * 1 + 1 * 3 + 2 * 5)
    1.0
    """
    rest = Sums(whole.count, whole.total - part.total, whole.squares - 2 * products + part.squares)
    n = part.count
    covariance = n * (products - part.squares) - part.total * rest.total
    variances = (n * part.squares - part.total**2) * (n * rest.squares - rest.total**2)
    if not variances:
        return None
    root = sqrt(Fraction(covariance * covariance, variances))
    return root if covariance >= 0 else -root


def cronbach_alpha(parts: list[Sums], whole: Sums) -> Fraction | None:
    """How far the parts measure the same: k / (k - 1) (1 - sum of the parts' variances / variance of their sum).

    None for less than two parts or two students, and where all have the same sum. See Cronbach 1951, "Coefficient
    alpha and the internal structure of tests".

    >>> cronbach_alpha([Sums(3, 3, 5), Sums(3, 3, 5)], Sums(3, 6, 20))
    Fraction(1, 1)
    """
    k = len(parts)
    if k < 2 or whole.count < 2 or not whole.variance:
        return None
    return Fraction(k, k - 1) * (1 - sum((part.variance for part in parts), Fraction(0)) / whole.variance)


def quantile(counts: Mapping[int, int], share: Fraction) -> Fraction:
    """A quantile of numbers that are counted, between two of them on the line that joins them.

    Type 7 of Hyndman and Fan 1996, "Sample quantiles in statistical packages", as NumPy and R have it.

    >>> quantile({1: 2, 4: 1, 10: 1}, Fraction(3, 4))
    Fraction(11, 2)
    """
    place = share * (sum(counts.values()) - 1)
    low = place.numerator // place.denominator
    first, second, seen = None, None, 0
    for number in sorted(counts):
        seen += counts[number]
        first = number if first is None and seen > low else first
        second = number if second is None and seen > low + 1 else second
    assert first is not None  # noqa: S101 (there is at least one number)
    return first + (place - low) * ((first if second is None else second) - first)
