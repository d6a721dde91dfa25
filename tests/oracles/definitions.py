"""Which product is summed in a convolution, by sums of finite sequences.

An integral over functions that are constant between whole numbers has the same arguments as the sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oracles.text import evaluate

Given = Mapping[str, Any]
INPUT, KERNEL = {0: 2, 1: 3, 2: 5, 3: 7}, {0: 11, 1: 13, 2: 17}
"""By index; all other entries are 0."""
RANGE = range(-20, 21)


def covers(given: Given, part: Given) -> bool:
    """Whether the word is answered here."""
    return bool(part["asks"] == "convolution_term")


def recompute(given: Given, part: Given) -> str:
    """The id of the only choice whose sums are the entries of the convolution, for every stride that is meant."""
    (stride,) = given["stride"]
    strides = [stride] if isinstance(stride, int) else [1, 2, 3]
    (found,) = (
        name
        for name, term in given["terms"].items()
        if all(_sum(given, term, at, step) == _entry(at * step) for at in RANGE for step in strides)
    )
    return str(found)


def _entry(index: int) -> int:
    """Of the product of two polynomials."""
    return sum(a * b for i, a in INPUT.items() for j, b in KERNEL.items() if i + j == index)


def _sum(given: Given, term: tuple[str, str], at: int, step: int) -> int:
    total = 0
    for over in RANGE:
        values = {given["over"]: over, given["at"]: at, "s": step}
        first, second = (evaluate(each, values) for each in term)
        total += INPUT.get(first, 0) * KERNEL.get(second, 0)
    return total
