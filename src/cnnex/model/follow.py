"""`FollowThrough`: the right answer to a part as it follows from the answers to earlier parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cnnex.model.value import Value

Place = tuple[int, ...]
"""Where an entry stands in an answer: nothing for a number, one index for a list, row and column for a matrix."""


@dataclass(frozen=True, slots=True)
class FollowThrough:
    """The key of a part, recomputed from earlier answers.

    Attributes:
        value: the answer, in symbols that stand for earlier answers, and in those of the part.
        uses: by the symbol's name, the name of the earlier part and the place in its answer.

    >>> from cnnex.notation.formula import floor, symbol
    >>> FollowThrough(floor((symbol("p_0") - 3) / 2) + 1, {"p_0": ("padded_shape", (0,))}).value
    Formula('floor((p_0 - 3)/2) + 1')
    """

    value: Value
    uses: Mapping[str, tuple[str, Place]]
