"""The work that one answer may cost where formulas are evaluated: counted, so that no clock is involved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cnnex.answers.polynomial import Field

WORK = 60_000
"""Operations on small numbers, some 50 ms."""
SMALL = 128
"""Bits of a small number, numerator and denominator together."""


_FUEL = 2
"""What a term operation of an engine costs."""


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

    @contextmanager
    def half(self) -> Iterator[Work]:
        """Half of what is left, for a search that mustn't leave proofs nothing; what it leaves is given back.

        >>> work = Work(10)
        >>> with work.half() as half:
        ...     half.take(3), half.take(3)
        (True, False)
        >>> work.left
        7
        """
        share = Work(self.left // 2)
        self.left -= share.left
        try:
            yield share
        finally:
            self.left += share.left

    @contextmanager
    def fuelling(self, engine: Field) -> Iterator[None]:
        """Let a further engine work, and pay for what it burns.

        >>> work, engine = Work(10), Field(1)
        >>> with work.fuelling(engine):
        ...     engine.spend(3)
        >>> work.left
        4
        """
        engine.fuel = self.left // _FUEL
        try:
            yield
        finally:
            self.left = max(engine.fuel, 0) * _FUEL

    def take_for(self, bits: int) -> bool:
        """Pay for one operation on a number of that many bits, which takes longer the longer it is."""
        return bits <= SMALL or self.take(bits >> 6)
