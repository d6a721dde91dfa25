"""Shapes of a single operation, by counting where a window lies; nothing here has a formula for an output size."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from oracles.text import Counted, evaluate, names_in

Given = Mapping[str, Any]


# --- Sizes in symbols: known by counting on a grid --------------------------------------------------

_RANGES = {
    "input_shape": range(1, 13), "kernel_size": range(1, 6), "stride": range(1, 5), "padding": range(4),
    "dilation": range(1, 4),
}  # fmt: skip


@cache
def _counted(layer: str) -> Counted:
    """The output size along the last axis of a layer whose sizes have symbols."""
    sizes: dict[str, Any] = json.loads(layer)
    ranges: dict[str, range] = {}
    for field, size in sizes.items():
        if isinstance(size, str):
            for name in names_in(size):
                ranges.setdefault(name, _RANGES[field])
    points, counts = [], []
    for point in itertools.product(*ranges.values()):
        values = dict(zip(ranges, point, strict=True))
        axis = Axis(**{name: evaluate(size, values) if isinstance(size, str) else size for name, size in sizes.items()})
        if axis.fits:
            points.append(point)
            counts.append(axis.outputs)
    return Counted(tuple(ranges), tuple(points), tuple(counts))


# --- One axis ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Axis:
    """How a window moves along one axis. Places on the left padding are negative."""

    input_shape: int
    kernel_size: int
    stride: int
    padding: int
    dilation: int = 1
    ceil_mode: bool = False

    @property
    def reach(self) -> int:
        """The last place that a window at 0 meets, plus one: the inputs that the kernel spans."""
        return max(tap * self.dilation for tap in range(self.kernel_size)) + 1

    @property
    def fits(self) -> bool:
        return self.kernel_size > 0 and self.reach <= self.input_shape + 2 * self.padding

    @property
    def starts(self) -> list[int]:
        """The first place of each window."""
        end = self.input_shape + self.padding
        if not self.fits:
            return []
        starts = []
        start = -self.padding
        while start + self.reach <= end:
            starts.append(start)
            start += self.stride
        # In ceil mode a window may hang over the end, if the one before did not reach it and it
        # still begins on the input or the left padding.
        if self.ceil_mode and starts[-1] + self.reach < end and start < self.input_shape:
            starts.append(start)
        return starts

    @property
    def outputs(self) -> int:
        return len(self.starts)

    def places(self, output: int) -> list[int]:
        """The place that each tap meets, those on padding included."""
        return [self.starts[output] + tap * self.dilation for tap in range(self.kernel_size)]


def per_axis(value: Any, axes: int) -> list[Any]:
    """A setting of a layer for each spatial axis."""
    return list(value) if isinstance(value, list) else [value] * axes


def dimensions(given: Given) -> int:
    operation: str = given["operation"]
    return int(operation.removesuffix("d")[-1])


def _settings(given: Given) -> list[dict[str, Any]]:
    """For each spatial axis the sizes of the layer, numbers or text."""
    count = dimensions(given)
    columns = {
        "input_shape": input_shape(given)[-count:],
        "kernel_size": kernel_size(given),
        "stride": per_axis(given["stride"], count),
        "padding": per_axis(given["padding"], count),
        "dilation": per_axis(given.get("dilation", 1), count),
        "ceil_mode": [given.get("ceil_mode", False)] * count,
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def axes_of(given: Given) -> list[Axis]:
    """The spatial axes of a layer whose sizes are numbers."""
    return [Axis(**settings) for settings in _settings(given)]


def _size(settings: Mapping[str, Any]) -> int | Counted:
    if any(isinstance(value, str) for value in settings.values()):
        return _counted(json.dumps(settings))
    return Axis(**settings).outputs


# --- Shapes --------------------------------------------------------------------------------------------


def shape_of(array: Any) -> list[int]:
    """The lengths of nested lists.

    Raises:
        ValueError: the lists are ragged.
    """
    if not isinstance(array, list):
        return []
    shapes = [shape_of(row) for row in array]
    if any(shape != shapes[0] for shape in shapes):
        raise ValueError("ragged lists")
    return [len(array), *shapes[0]]


def input_shape(given: Given) -> list[Any]:
    """The input's shape as it is given, batch and channels only where there are some."""
    return list(given["input_shape"]) if "input" not in given else shape_of(given["input"])


def is_layer(given: Given) -> bool:
    """Whether it is a single operation that has weights."""
    return "operation" in given and "pool" not in given["operation"]


def weight_shape(given: Given) -> list[Any]:
    if "weight" in given:
        return shape_of(given["weight"])
    if "weight_shape" in given:
        return list(given["weight_shape"])
    channels = given["in_channels"] // given.get("groups", 1)
    return [given["out_channels"], channels, *per_axis(given["kernel_size"], dimensions(given))]


def kernel_size(given: Given) -> list[Any]:
    count = dimensions(given)
    if not is_layer(given) or ("kernel_size" in given and "weight" not in given):
        return per_axis(given["kernel_size"], count)
    return weight_shape(given)[-count:]


def has_bias(given: Given) -> bool:
    return given.get("bias") not in (None, False)


def has_channels(given: Given) -> bool:
    """Whether the input has a channel axis."""
    return len(input_shape(given)) > dimensions(given)


def out_channels(given: Given) -> Any:
    if not is_layer(given):
        return input_shape(given)[-dimensions(given) - 1]
    return given["out_channels"] if "out_channels" in given else weight_shape(given)[0]


def output_shape(given: Given) -> list[Any]:
    count = dimensions(given)
    sizes = [_size(settings) for settings in _settings(given)]
    lead = input_shape(given)[:-count]
    return [*lead[:-1], out_channels(given), *sizes] if lead else sizes


def padded_shape(given: Given) -> list[Any]:
    shape = input_shape(given)
    paddings = per_axis(given["padding"], dimensions(given))
    lead = shape[: len(shape) - len(paddings)]
    return lead + [size + 2 * padding for size, padding in zip(shape[-len(paddings) :], paddings, strict=True)]


def padding(given: Given) -> list[int]:
    """The one padding of each axis, up to 50, that leads to the given output."""
    count = dimensions(given)
    wanted = given["output_shape"][-count:] if "output_shape" in given else [given["output_size"]] * count
    found = []
    for settings, size in zip(_settings({**given, "padding": 0}), wanted, strict=True):
        (only,) = [p for p in range(51) if Axis(**{**settings, "padding": p}).outputs == size]
        found.append(only)
    return found
