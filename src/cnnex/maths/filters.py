"""What a filter does to an image, read from its weights.

The rules are those of linear filtering (R. Gonzalez and R. Woods, Digital Image Processing, chapter 3):
weights that sum to 1 keep a constant image, weights that sum to 0 erase it.
"""

from __future__ import annotations

from typing import Any

from cnnex.maths.correlation import flip, transpose

Matrix = tuple[tuple[Any, ...], ...]

EFFECTS = (
    "local-averaging",
    "sharpening",
    "vertical-edges",
    "horizontal-edges",
    "all-edges",
    "identity",
    "shift",
    "other",
)
"""The names of the effects that `effect` tells apart."""


def effect(kernel: Matrix) -> str:
    """The effect of a filter, one of `EFFECTS`.

    >>> effect(((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)))
    'vertical-edges'
    """
    weights = [weight for row in kernel for weight in row]
    if sum(weights) == 1:
        return _keeps_constants(kernel, weights)
    if sum(weights) == 0 and any(weights):
        return _erases_constants(kernel)
    return "other"


def _keeps_constants(kernel: Matrix, weights: list[Any]) -> str:
    centre = len(weights) // 2
    centred = len(kernel) % 2 == 1 and len(kernel[0]) % 2 == 1
    rest = weights[:centre] + weights[centre + 1 :]
    if min(weights) >= 0:
        if weights.count(0) < len(weights) - 1:
            return "local-averaging"
        return "identity" if centred and not any(rest) else "shift"
    # The image minus a part of its blur: only the centre counts for more than nothing.
    return "sharpening" if centred and max(rest) <= 0 else "other"


def _erases_constants(kernel: Matrix) -> str:
    # Rows that sum to zero see no change from row to row of an image, only from column to column.
    across = not any(map(sum, kernel))
    along = not any(map(sum, transpose(kernel)))
    if across != along:
        return "vertical-edges" if across else "horizontal-edges"
    # Neither direction is blind, and none is preferred: as the Laplacian.
    same_all_round = kernel == transpose(kernel) == flip(kernel)
    return "all-edges" if not across and same_all_round and kernel == kernel[::-1] else "other"
