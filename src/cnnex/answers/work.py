"""The work that one answer may cost where formulas are evaluated: counted, so that no clock is involved."""

from __future__ import annotations

WORK = 60_000
"""Operations on small numbers, some 50 ms."""
SMALL = 128
"""Bits of a small number, numerator and denominator together."""


class Work:
    """What may still be spent, in operations on small numbers."""

    __slots__ = ("left",)

    def __init__(self, left: int = WORK) -> None:
        self.left = left

    def take(self, operations: int) -> bool:
        """Pay for operations, unless they cost more than there is left.

        >>> work = Work(10)
        >>> work.take(8), work.take(3), work.take(2)
        (True, False, True)
        """
        if operations > self.left:
            return False
        self.left -= operations
        return True

    def half(self) -> Work:
        """Half of what is left, for a search that mustn't leave proofs nothing."""
        share = Work(self.left // 2)
        self.left -= share.left
        return share

    def take_for(self, bits: int) -> bool:
        """Pay for one operation on a number of that many bits, which takes longer the longer it is."""
        return bits <= SMALL or self.take(bits >> 6)
