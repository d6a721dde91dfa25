"""`FollowThrough`: the right answer to a part as it follows from the answers to earlier parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cnnex.model.value import Value
from cnnex.notation.formula import symbol

Place = tuple[int, ...]
"""Where an entry stands in an answer: nothing for a number, one index for a list, row and column for a matrix."""


@dataclass(frozen=True, slots=True)
class FollowThrough:
    """The key of a part, recomputed from earlier answers.

    Attributes:
        rule: of the solution, from the earlier answers to this one.
        uses: by the symbols that stand for earlier answers, the name of the part and the place in its answer.

    >>> follows = FollowThrough.by(lambda macs, side: macs + side**2, "macs", ("shape", 2))
    >>> follows.value, follows.uses
    (Formula('p_0 + p_1**2'), {'p_0': ('macs', ()), 'p_1': ('shape', (2,))})
    """

    rule: Callable[..., Value] = field(compare=False)  # the numbers in it are those of the problem
    uses: Mapping[str, tuple[str, Place]]

    @classmethod
    def by(cls, rule: Callable[..., Value], *earlier: str | tuple[str, int]) -> FollowThrough:
        """A rule and what it takes: names of parts, or a part's name and the place of an entry in its list."""
        parts = [(each, ()) if isinstance(each, str) else (each[0], each[1:]) for each in earlier]
        return cls(rule, {f"p_{number}": part for number, part in enumerate(parts)})

    @property
    def value(self) -> Value:
        """The answer in the symbols for earlier answers, and in those of the part. Only a key needs it."""
        return self.rule(*map(symbol, self.uses))


def entries_of(part: str, count: int) -> tuple[tuple[str, int], ...]:
    """The entries of an earlier part's list, for `FollowThrough.by`.

    >>> entries_of("output_shape", 2)
    (('output_shape', 0), ('output_shape', 1))
    """
    return tuple((part, place) for place in range(count))
