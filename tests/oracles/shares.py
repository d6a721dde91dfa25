"""Recomputes what an entry of a window receives as a formula: by the difference of losses, at points of a grid."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from oracles import naive
from oracles.text import Counted, evaluate, names_in

Given = Mapping[str, Any]
_SIZES, _UPSTREAM = range(1, 4), (1, -3)


def covers(given: Given, part: Given) -> bool:
    """Whether the word belongs here."""
    return bool(part["asks"] == "grad_input_formula")


def recompute(given: Given, part: Given) -> Counted:
    """The share at each point: the names of sizes and of the upstream gradient stand for numbers."""
    sizes = sorted(frozenset().union(*map(names_in, given["kernel_size"])))
    ((upstream,),) = given["grad_output"]
    points = [(*counts, g) for counts in itertools.product(_SIZES, repeat=len(sizes)) for g in _UPSTREAM]
    return Counted((*sizes, upstream), tuple(points), tuple(_share(given, sizes, point) for point in points))


def _share(given: Given, sizes: list[str], point: tuple[int, ...]) -> Any:
    values = dict(zip(sizes, point[:-1], strict=True))
    kernel = [evaluate(size, values) for size in given["kernel_size"]]
    window = [[0] * kernel[1] for _ in range(kernel[0])]
    numbers = {**given, "input": window, "kernel_size": kernel, "stride": kernel, "grad_output": [[point[-1]]]}
    (share,) = set(naive.gradient(numbers, "input").table.values())
    return share
