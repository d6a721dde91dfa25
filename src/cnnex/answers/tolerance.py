"""How far a number may be from the key. Exact throughout: an answer at the edge counts as right."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from cnnex.answers.enclosure import Bounds

_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A declared tolerance. Where several are declared, an answer is right if any of them accepts it.

    Attributes:
        rtol: the distance over the key's size; of a key that is 0 it accepts 0 only.
        atol: the distance.
        decimals: half a unit of this decimal place.
        sigfigs: half a unit of this significant figure of the key; of a key that is 0 it accepts 0 only.
    """

    rtol: Fraction | None = None
    atol: Fraction | None = None
    decimals: int | None = None
    sigfigs: int | None = None

    def width(self, size: Fraction) -> Fraction:
        """The largest distance that is accepted from a key of this absolute value.

        >>> Tolerance(sigfigs=3).width(Fraction("12.345")), Tolerance(decimals=2).width(Fraction(0))
        (Fraction(1, 20), Fraction(1, 200))
        """
        widths = [self.atol or Fraction(0)]
        if self.rtol is not None:
            widths.append(self.rtol * size)
        if self.decimals is not None:
            widths.append(_HALF / 10**self.decimals)
        if self.sigfigs is not None and size:
            widths.append(_HALF * Fraction(10) ** (_place(size) - self.sigfigs + 1))
        return max(widths)

    def accepts(self, own: Bounds, key: Bounds) -> bool | None:
        """Whether a number is near enough to the key; None where the bounds of the two leave it open.

        >>> third = Fraction(1, 3), Fraction(1, 3)
        >>> edge = Fraction(1, 3) + Fraction(1, 200)
        >>> Tolerance(decimals=2).accepts((edge, edge), third)
        True
        """
        low, high = self.accepted(key)
        if low <= own[0] and own[1] <= high:
            return True
        if own[0] == own[1] and key[0] == key[1]:
            return False
        nearest = max(Fraction(0), own[0] - key[1], key[0] - own[1])
        return False if nearest > self.width(max(map(abs, key))) else None

    def accepted(self, key: Bounds) -> Bounds:
        """The least and the greatest number that are surely near enough to the key.

        >>> third = Fraction(1, 3), Fraction(1, 3)
        >>> Tolerance(atol=Fraction(1, 3)).accepted(third)
        (Fraction(0, 1), Fraction(2, 3))
        """
        width = self.width(Fraction(0) if key[0] <= 0 <= key[1] else min(map(abs, key)))
        return key[1] - width, key[0] + width


class Nearby:
    """What numbers stand for, found by any number that is near enough: by halving, however many there are.

    >>> nearby = Nearby(Tolerance(decimals=1))
    >>> nearby.add((Fraction(1, 3), Fraction(1, 3)), "a third")
    >>> nearby.add((Fraction(3, 8), Fraction(3, 8)), "three eighths")
    >>> nearby.find(Fraction("0.34")), nearby.find(Fraction("0.4")), nearby.find(Fraction("0.5"))
    (['a third', 'three eighths'], ['three eighths'], [])
    """

    def __init__(self, tolerance: Tolerance) -> None:
        self._tolerance = tolerance
        self._spans: list[tuple[Bounds, str]] = []
        self._lows: list[Fraction] = []
        self._reach: list[Fraction] = []

    def add(self, key: Bounds, meaning: str) -> None:
        """Enter a number by its bounds."""
        self._spans.append((self._tolerance.accepted(key), meaning))
        self._lows = []

    def find(self, number: Fraction) -> list[str]:
        """What the number may stand for, the nearest first."""
        if not self._lows:
            self._spans.sort(key=lambda span: span[0])
            self._lows = [low for (low, _), _ in self._spans]
            self._reach = list(accumulate((high for (_, high), _ in self._spans), max))
        found = []
        i = bisect_right(self._lows, number)
        while i and self._reach[i - 1] >= number:
            i -= 1
            (low, high), meaning = self._spans[i]
            if number <= high:
                found.append((abs(2 * number - low - high), meaning))
        return [meaning for _, meaning in sorted(found, key=lambda each: each[0])]


def _place(size: Fraction) -> int:
    """The decimal place of the first significant figure: 1 for 12.3, -2 for 0.05."""
    place = len(str(size.numerator)) - len(str(size.denominator))
    return place if size >= Fraction(10) ** place else place - 1
