"""Recomputes what is asked of a single operation, by counting and by loops over every place.

Nothing here has a formula for an output size: windows are counted one by one. A gradient is a
difference: where L is affine in an entry e, dL/de = (L(e + h) - L(e)) / h, exactly.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy

from oracles.shapes import (
    Axis,
    axes_of,
    dimensions,
    has_bias,
    has_channels,
    input_shape,
    is_layer,
    kernel_size,
    out_channels,
    output_shape,
    padded_shape,
    padding,
    per_axis,
    shape_of,
    weight_shape,
)
from oracles.text import entry

Given = Mapping[str, Any]
Places = tuple[int, ...]


# --- Arrays: a shape and an entry at each place -----------------------------------------------------


@dataclass(frozen=True)
class Array:
    """An array as a table from places to entries."""

    shape: tuple[int, ...]
    table: dict[Places, Any]

    def nested(self, place: Places = ()) -> Any:
        """The array as nested lists."""
        depth = len(place)
        if depth == len(self.shape):
            return self.table[place]
        return [self.nested((*place, i)) for i in range(self.shape[depth])]

    def changed(self, place: Places, by: Any) -> Array:
        """The array with something added to one entry."""
        return Array(self.shape, {**self.table, place: self.table[place] + by})


def array(lists: Any) -> Array:
    shape = tuple(shape_of(lists))
    table = {}
    for place in itertools.product(*map(range, shape)):
        found = lists
        for index in place:
            found = found[index]
        table[place] = entry(found)
    return Array(shape, table)


@dataclass(frozen=True)
class Data:
    """The arrays of a problem."""

    input: Array
    weight: Array | None = None
    bias: Array | None = None


def data_of(given: Given) -> Data:
    """The arrays, a bias without channels as a list of one."""
    weight = array(given["weight"]) if is_layer(given) else None
    bias = None
    if has_bias(given):
        bias = array(given["bias"] if isinstance(given["bias"], list) else [given["bias"]])
    return Data(array(given["input"]), weight, bias)


# --- Forward, place by place ------------------------------------------------------------------------


def forward(given: Given, data: Data) -> Array:
    """The output, without batch or channels where the input has none."""
    shape = output_shape(given)
    return Array(tuple(shape), {place: _output(given, data, place) for place in itertools.product(*map(range, shape))})


def _output(given: Given, data: Data, place: Places) -> Any:
    count = dimensions(given)
    lead, spatial = place[:-count], place[-count:]
    axes = axes_of(given)
    met = list(itertools.product(*(axis.places(i) for axis, i in zip(axes, spatial, strict=True))))
    inside = [all(0 <= i < axis.input_shape for axis, i in zip(axes, at, strict=True)) for at in met]
    if not is_layer(given):
        entries = [data.input.table[(*lead, *at)] for at, real in zip(met, inside, strict=True) if real]
        if given["operation"].startswith("max"):
            return max(entries)
        return Fraction(sum(entries)) / _divisor(given, axes, met, inside)
    assert data.weight is not None
    taps = list(itertools.product(*map(range, kernel_size(given))))
    if given["operation"].startswith("convolve"):
        taps.reverse()
    result = 0
    for filter_place, input_place in _planes(given, place):
        for tap, at, real in zip(taps, met, inside, strict=True):
            if real:
                result = result + data.weight.table[(*filter_place, *tap)] * data.input.table[(*input_place, *at)]
    if data.bias is not None:
        result = result + data.bias.table[(lead[-1] if lead else 0,)]
    return result


def _planes(given: Given, place: Places) -> list[tuple[Places, Places]]:
    """For one output the planes of the weight and the planes of the input that meet."""
    lead = place[: -dimensions(given)]
    if given["operation"].startswith("locally_connected"):
        if lead:
            raise ValueError("a locally connected layer with channels is not covered")
        return [((place[-1],), ())]
    if not lead:
        return [((), ())]
    channels = weight_shape(given)[1]
    group = lead[-1] // (out_channels(given) // given.get("groups", 1))
    return [((lead[-1], c), (*lead[:-1], group * channels + c)) for c in range(channels)]


def _divisor(given: Given, axes: Sequence[Axis], met: Sequence[Places], inside: Sequence[bool]) -> int:
    """By what a window's sum is divided: places beyond the padding, met in ceil mode, never count."""
    override = given.get("divisor_override")
    if override is not None:
        return int(override)
    if not given["count_include_pad"]:
        return sum(inside)
    return sum(all(i < axis.input_shape + axis.padding for axis, i in zip(axes, at, strict=True)) for at in met)


# --- Gradients --------------------------------------------------------------------------------------

_SMALL = Fraction(1, 10**6)
"""Smaller than the gap between any two entries of an exercise: a maximum stays where it is."""


def _loss(given: Given, data: Data) -> Any:
    output, upstream = forward(given, data), array(given["grad_output"])
    if output.shape != upstream.shape:
        raise ValueError(f"grad_output has shape {upstream.shape}, the output {output.shape}")
    return sum(upstream.table[place] * output.table[place] for place in output.table)


def gradient(given: Given, wanted: str) -> Array:
    """The gradient of sum(grad_output * output) for input, weight or bias."""
    data = data_of(given)
    if given["operation"].startswith("max"):
        _refuse_ties(given, data)
    h = 1 if is_layer(given) else _SMALL
    variable: Array = getattr(data, wanted)
    before = _loss(given, data)
    table = {}
    for place in variable.table:
        after = _loss(given, Data(**{**vars(data), wanted: variable.changed(place, h)}))
        difference = after - before
        table[place] = sympy.expand(difference) if isinstance(difference, sympy.Basic) else Fraction(difference) / h
    return Array(variable.shape, table)


def _refuse_ties(given: Given, data: Data) -> None:
    axes = axes_of(given)
    for place in forward(given, data).table:
        lead, spatial = place[: -len(axes)], place[-len(axes) :]
        met = itertools.product(*(axis.places(i) for axis, i in zip(axes, spatial, strict=True)))
        entries = [data.input.table[(*lead, *at)] for at in met if (*lead, *at) in data.input.table]
        if entries.count(max(entries)) > 1:
            raise ValueError(f"the window of output {place} has several largest entries")


# --- Operators and counts -----------------------------------------------------------------------------


def operator_shape(given: Given) -> list[int]:
    return [math.prod(output_shape(given)), math.prod(input_shape(given))]


def operator_matrix(given: Given) -> list[list[Any]]:
    """Column i is the output for an input that is 1 at place i and 0 elsewhere."""
    plain = {**given, "bias": None}
    shape = tuple(input_shape(given))
    weight = array(given["weight"])
    places = list(itertools.product(*map(range, shape)))
    columns = [
        list(
            forward(plain, Data(Array(shape, {other: int(other == place) for other in places}), weight)).table.values()
        )
        for place in places
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def padded_input(given: Given) -> Any:
    if given["operation"].startswith("max"):
        raise ValueError("the padding of max pooling is not a number")
    count = dimensions(given)
    paddings, data = per_axis(given["padding"], count), array(given["input"])
    shape = tuple(padded_shape(given))
    offset = (0,) * (len(shape) - count) + tuple(paddings)
    inside = {tuple(i + o for i, o in zip(place, offset, strict=True)): e for place, e in data.table.items()}
    return Array(shape, {place: inside.get(place, 0) for place in itertools.product(*map(range, shape))}).nested()


def bias_count(given: Given) -> int:
    if not has_bias(given):
        return 0
    return int(out_channels(given)) if has_channels(given) or "out_channels" in given else 1


def weight_count(given: Given) -> int:
    return math.prod(weight_shape(given)) if is_layer(given) else 0


def macs(given: Given) -> int:
    """The multiplications of the layer, those with padding included, output by output."""
    per_filter = weight_shape(given)
    if has_channels(given) or given["operation"].startswith("locally_connected"):
        per_filter = per_filter[1:]
    return math.prod([*output_shape(given), *per_filter])


def receptive_field(given: Given) -> list[int]:
    """For each axis how many inputs lie between the first and the last that one output depends on."""
    layers = given.get("layers", [given])
    count = dimensions(layers[0])
    fields = []
    for axis in range(count):
        reached = {0}
        for layer in reversed(layers):
            size, stride, dilation = (
                per_axis(setting, count)[axis]
                for setting in (kernel_size(layer), layer["stride"], layer.get("dilation", 1))
            )
            reached = {output * stride + tap * dilation for output in reached for tap in range(size)}
        fields.append(max(reached) - min(reached) + 1)
    return fields


def effective_kernel_size(given: Given) -> list[int]:
    count = dimensions(given)
    return [
        Axis(0, size, 1, 0, dilation).reach
        for size, dilation in zip(kernel_size(given), per_axis(given.get("dilation", 1), count), strict=True)
    ]


# --- What a part asks -----------------------------------------------------------------------------------


def _square(sizes: Sequence[Any]) -> Any:
    """The common value of all axes."""
    if any(size != sizes[0] for size in sizes):
        raise ValueError(f"not one value for all axes: {sizes}")
    return sizes[0]


def _sides(given: Given) -> list[Any]:
    return output_shape(given)[-dimensions(given) :]


def _bias_gradient(given: Given) -> Any:
    found = gradient(given, "bias")
    return found.nested() if has_channels(given) else found.table[(0,)]


_ASKS: dict[str, Callable[[Given], Any]] = {
    "output": lambda given: forward(given, data_of(given)).nested(),
    "output_shape": output_shape,
    "output_size": lambda given: _square(_sides(given)),
    "output_size_formula": lambda given: _square(_sides(given)),
    "padded_input": padded_input,
    "padded_shape": padded_shape,
    "padded_size": lambda given: _square(padded_shape(given)[-dimensions(given) :]),
    "padding": padding,
    "grad_input": lambda given: gradient(given, "input").nested(),
    "grad_weight": lambda given: gradient(given, "weight").nested(),
    "grad_bias": _bias_gradient,
    "operator_matrix": operator_matrix,
    "operator_shape": operator_shape,
    "weight_shape": weight_shape,
    "bias_shape": lambda given: [bias_count(given)],
    "weight_count": weight_count,
    "parameter_count": lambda given: weight_count(given) + bias_count(given),
    "macs": macs,
    "receptive_field": receptive_field,
    "effective_kernel_size": effective_kernel_size,
}
_SCALAR_OR_AXES = ("padding", "receptive_field", "effective_kernel_size")
"""What is a number where the layer has one axis or the part wants one number, else one for each axis."""


def covers(given: Given, part: Given) -> bool:
    """Whether a single operation, or how far a stack reaches, answers the part."""
    return part["asks"].removesuffix("_entry") in _ASKS


def recompute(given: Given, part: Given) -> Any:
    """The key of a part."""
    asks: str = part["asks"]
    found = _ASKS[asks.removesuffix("_entry")](given)
    if asks.endswith("_entry"):
        for index in part["index"]:
            found = found[index]
    if asks in _SCALAR_OR_AXES and not isinstance(part["value"], list):
        return _square(found)
    return found
