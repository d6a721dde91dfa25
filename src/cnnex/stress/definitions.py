"""The definition of convolution with PyTorch: which product sums up to the outputs of a layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cnnex.stress.numbers import close, exact, tensor, torch

Given = Mapping[str, Any]
_INPUT, _KERNEL = (2, 3, 5, 7), (11, 13, 17)
_REACH = range(-9, 10)
"""Beyond all indices of both."""


def covers(given: Given, part: Given) -> bool:
    """Whether the part asks for a term of the definition."""
    return bool(part["asks"] == "convolution_term")


def recompute(given: Given, part: Given) -> str:
    """The id of the term.

    Raises:
        ValueError: several sum up to the same, as with stride 1 where the stride is left out.
    """
    (stride,) = given["stride"]
    x, kernel = (tensor([[[*each]]]) for each in (_INPUT, _KERNEL))
    around = len(_KERNEL) - 1
    outputs = torch.nn.functional.conv1d(x, kernel.flip(2), stride=stride, padding=around).flatten().tolist()
    (found,) = (
        name
        for name, term in given["terms"].items()
        if close([_sum(given, term, {given["at"]: at, "s": stride}) for at in range(len(outputs))], outputs)
    )
    return str(found)


def _sum(given: Given, term: Sequence[str], values: Mapping[str, int]) -> int:
    """The sum of the products; what a sequence doesn't have is 0."""
    total = 0
    for over in _REACH:
        first, second = exact(list(term), {**values, given["over"]: over})
        if 0 <= first < len(_INPUT) and 0 <= second < len(_KERNEL):
            total += _INPUT[first] * _KERNEL[second]
    return total
