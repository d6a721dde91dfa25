"""How far a number may be from the key. Exact throughout: an answer at the edge counts as right."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

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
        nearest = max(Fraction(0), own[0] - key[1], key[0] - own[1])
        farthest = max(own[1] - key[0], key[1] - own[0])
        least = Fraction(0) if key[0] <= 0 <= key[1] else min(map(abs, key))
        if farthest <= self.width(least):
            return True
        return False if nearest > self.width(max(map(abs, key))) else None


def _place(size: Fraction) -> int:
    """The decimal place of the first significant figure: 1 for 12.3, -2 for 0.05."""
    place = len(str(size.numerator)) - len(str(size.denominator))
    return place if size >= Fraction(10) ** place else place - 1
