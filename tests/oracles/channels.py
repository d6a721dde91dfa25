"""Recomputes what is asked about channels, gaps and true convolution: by changing inputs and weights, and by loops."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from oracles import naive
from oracles.shapes import shape_of

Given = Mapping[str, Any]


def covers(given: Given, part: Given) -> bool:
    """Whether the word belongs here."""
    return part["asks"] in _ASKS


def recompute(given: Given, part: Given) -> Any:
    """The key of a part."""
    return _ASKS[part["asks"]](given, part.get("index"))


def feature_map(given: Given, index: list[int]) -> Any:
    (channel,) = index
    return naive.forward(given, naive.data_of(given)).nested()[channel]


def activated_map(given: Given, index: list[int]) -> Any:
    return [[entry if entry > 0 else 0 for entry in row] for row in feature_map(given, index)]


def patch(given: Given, index: list[int]) -> Any:
    """The entries of one channel in the order of the weights that meet them, found by one weight at a time."""
    channel, row, column = index
    _, channels, height, width = shape_of(given["weight"])

    def met(u: int, v: int) -> Any:
        only = [
            [[int((c, i, j) == (channel, u, v)) for j in range(width)] for i in range(height)] for c in range(channels)
        ]
        return feature_map({**given, "weight": [only], "bias": None}, [0])[row][column]

    return [[met(u, v) for v in range(width)] for u in range(height)]


def contribution(given: Given, index: list[int]) -> Any:
    """What is left of an output when all other input channels are 0, and the bias is, too."""
    output, channel, row, column = index
    alone = [
        [[entry if c == channel else 0 for entry in line] for line in plane] for c, plane in enumerate(given["input"])
    ]
    return feature_map({**given, "input": alone, "bias": None}, [output])[row][column]


def dilated_kernel(given: Given, _: Any) -> Any:
    """The kernel without gaps that does the same: its answer to a single 1, read backwards."""
    sizes = naive.effective_kernel_size(given)
    zeros: Any = 0
    for size in reversed([2 * size - 1 for size in sizes]):
        zeros = [zeros] * size
    middle = tuple(size - 1 for size in sizes)
    data = naive.data_of({**given, "input": zeros, "bias": None})
    data = naive.Data(data.input.changed(middle, 1), data.weight)
    still = {"input": zeros, "bias": None, "stride": [1] * len(sizes), "padding": [0] * len(sizes)}
    found = naive.forward({**given, **still}, data).nested()
    return [row[::-1] for row in found[::-1]] if len(sizes) == 2 else found[::-1]


def output_range(given: Given, _: Any) -> list[int]:
    return [n for n, _ in enumerate(naive.forward(given, naive.data_of(given)).nested())]


def valid_range(given: Given, _: Any) -> list[int]:
    """The outputs that change when only the padding's entries do: all others, that is."""
    (padding,) = given["padding"]
    padded = naive.padded_input(given)
    plain = {**given, "padding": [0], "weight": [1] * len(given["weight"])}

    def with_ends(filler: int) -> list[Any]:
        inside = range(padding, len(padded) - padding)
        entries = [entry if i in inside else filler for i, entry in enumerate(padded)]
        return list(naive.forward({**plain, "input": entries}, naive.data_of({**plain, "input": entries})).nested())

    return [n for n, (a, b) in enumerate(zip(with_ends(0), with_ends(1), strict=True)) if a == b]


def flip_irrelevant(given: Given, _: Any) -> bool:
    flipped, unflipped = (
        naive.forward({**given, "operation": operation}, naive.data_of(given)).nested()
        for operation in ("convolve1d", "conv1d")
    )
    return bool(flipped == unflipped)


_ASKS: dict[str, Callable[[Given, Any], Any]] = {
    "feature_map": feature_map,
    "activated_map": activated_map,
    "patch": patch,
    "contribution": contribution,
    "dilated_kernel": dilated_kernel,
    "output_range": output_range,
    "valid_range": valid_range,
    "flip_irrelevant": flip_irrelevant,
}
