"""`FollowThrough`: the right answer to a part as it follows from the answers to earlier parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product

from cnnex.model.value import Value
from cnnex.notation.formula import symbol

Place = tuple[int, ...]
"""Where an entry stands in an answer: nothing for a number, one index for a list, row and column for a matrix."""
Entry = tuple[str, Place]
"""An earlier part's name and a place in its answer."""


@dataclass(frozen=True, slots=True)
class FollowThrough:
    """The key of a part, recomputed from earlier answers.

    Attributes:
        rule: of the solution, from the earlier answers to this one.
        uses: by the symbols that stand for earlier answers, the name of the part and the place in its answer.

    >>> follows = FollowThrough.by(lambda macs, side: macs + side**2, "macs", ("shape", (2,)))
    >>> follows.value, follows.uses
    (Formula('p_0 + p_1**2'), {'p_0': ('macs', ()), 'p_1': ('shape', (2,))})
    """

    rule: Callable[..., Value] = field(compare=False, repr=False)  # the numbers in it are those of the problem
    uses: Mapping[str, tuple[str, Place]]

    @classmethod
    def by(cls, rule: Callable[..., Value], *earlier: str | Entry) -> FollowThrough:
        """A rule and what it takes: names of parts, or entries of their lists and matrices."""
        parts = [(each, ()) if isinstance(each, str) else each for each in earlier]
        return cls(rule, {f"p_{number}": part for number, part in enumerate(parts)})

    @property
    def value(self) -> Value:
        """The answer in the symbols for earlier answers, and in those of the part. Only a key needs it."""
        return self.rule(*map(symbol, self.uses))


def entries_of(part: str, *sides: int) -> tuple[Entry, ...]:
    """The entries of an earlier part's list or matrix, row by row.

    >>> entries_of("output_shape", 2)
    (('output_shape', (0,)), ('output_shape', (1,)))
    """
    return tuple((part, place) for place in product(*map(range, sides)))
