"""Recomputes a key from the JSON of a key file, by counting and by loops over every place.

Nothing here has a formula for an output size: windows are counted one by one. A gradient is a
difference: where L is affine in an entry e, dL/de = (L(e + h) - L(e)) / h, exactly.
"""

from __future__ import annotations

import ast
import itertools
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import sympy

NOT_RECOMPUTABLE = "not recomputable"

Given = Mapping[str, Any]
Places = tuple[int, ...]


# --- Text to numbers and expressions ---------------------------------------------------------------


def entry(value: Any) -> Any:
    """A number, or for the text of an expression its value in SymPy symbols."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"{value!r} is neither an integer nor text")
    return value if isinstance(value, int) else _symbolic(value)


@cache
def _symbolic(text: str) -> Any:
    return evaluate(text, {name: sympy.Symbol(name) for name in names_in(text)})


@cache
def _tree(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def names_in(text: str) -> frozenset[str]:
    """The symbols of an expression, functions left out."""
    return frozenset(_names(_tree(text)))


def _names(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.BinOp):
        yield from _names(node.left)
        yield from _names(node.right)
    elif isinstance(node, ast.UnaryOp):
        yield from _names(node.operand)
    elif isinstance(node, ast.Call):
        for each in node.args:
            yield from _names(each)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "floor": math.floor, "ceil": math.ceil, "max": max, "min": min, "abs": abs,
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: Fraction(a, b) if isinstance(a, int) and isinstance(b, int) else a / b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
    ast.Pow: lambda a, b: a**b,
}


def evaluate(text: str, values: Mapping[str, Any]) -> Any:
    """The exact value of plain text, with a value for each name."""
    return _value(_tree(text), values)


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=int(number)):
            return number
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, values)
        case ast.BinOp(left=left, op=operator, right=right):
            return _OPERATORS[type(operator)](_value(left, values), _value(right, values))
        case ast.Call(func=ast.Name(id=name), args=args):
            return _FUNCTIONS[name](*(_value(each, values) for each in args))
    raise ValueError(f"{ast.unparse(node)} is not the plain text of an expression")


# --- Sizes in symbols: known by counting on a grid --------------------------------------------------

_RANGES = {
    "input_shape": range(1, 13), "kernel_size": range(1, 6), "stride": range(1, 5), "padding": range(4),
    "dilation": range(1, 4),
}  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """A size that depends on symbols: its value at each point of a grid, found by counting."""

    names: tuple[str, ...]
    points: tuple[tuple[int, ...], ...]
    sizes: tuple[int, ...]

    def agrees(self, value: Any) -> bool:
        """Whether a number or the text of a formula has these values."""
        if isinstance(value, int):
            return all(size == value for size in self.sizes)
        return self.values(value) == self.sizes

    def values(self, text: str) -> tuple[Any, ...]:
        """The values of a formula at the same points; None where it has none."""
        return _at_points(text, self.names, self.points)


@cache
def _at_points(text: str, names: tuple[str, ...], points: tuple[tuple[int, ...], ...]) -> tuple[Any, ...]:
    return tuple(_at(text, dict(zip(names, point, strict=True))) for point in points)


def _at(text: str, values: Mapping[str, int]) -> Any:
    try:
        return evaluate(text, values)
    except (KeyError, ZeroDivisionError):
        return None


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


def _numbers(value: Any, axes: int) -> list[Any]:
    """A setting of a layer for each spatial axis."""
    return list(value) if isinstance(value, list) else [value] * axes


def _dimensions(given: Given) -> int:
    operation: str = given["operation"]
    return int(operation.removesuffix("d")[-1])


def _settings(given: Given) -> list[dict[str, Any]]:
    """For each spatial axis the sizes of the layer, numbers or text."""
    count = _dimensions(given)
    columns = {
        "input_shape": input_shape(given)[-count:],
        "kernel_size": kernel_size(given),
        "stride": _numbers(given["stride"], count),
        "padding": _numbers(given["padding"], count),
        "dilation": _numbers(given.get("dilation", 1), count),
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
    return [given["out_channels"], channels, *_numbers(given["kernel_size"], _dimensions(given))]


def kernel_size(given: Given) -> list[Any]:
    count = _dimensions(given)
    if not is_layer(given) or ("kernel_size" in given and "weight" not in given):
        return _numbers(given["kernel_size"], count)
    return weight_shape(given)[-count:]


def has_bias(given: Given) -> bool:
    return given.get("bias") not in (None, False)


def has_channels(given: Given) -> bool:
    """Whether the input has a channel axis."""
    return len(input_shape(given)) > _dimensions(given)


def out_channels(given: Given) -> Any:
    if not is_layer(given):
        return input_shape(given)[-_dimensions(given) - 1]
    return given["out_channels"] if "out_channels" in given else weight_shape(given)[0]


def output_shape(given: Given) -> list[Any]:
    count = _dimensions(given)
    sizes = [_size(settings) for settings in _settings(given)]
    lead = input_shape(given)[:-count]
    return [*lead[:-1], out_channels(given), *sizes] if lead else sizes


def padded_shape(given: Given) -> list[Any]:
    shape = input_shape(given)
    paddings = _numbers(given["padding"], _dimensions(given))
    lead = shape[: len(shape) - len(paddings)]
    return lead + [size + 2 * padding for size, padding in zip(shape[-len(paddings) :], paddings, strict=True)]


def padding(given: Given) -> list[int]:
    """The one padding of each axis, up to 50, that leads to the given output."""
    count = _dimensions(given)
    wanted = given["output_shape"][-count:] if "output_shape" in given else [given["output_size"]] * count
    found = []
    for settings, size in zip(_settings({**given, "padding": 0}), wanted, strict=True):
        (only,) = [p for p in range(51) if Axis(**{**settings, "padding": p}).outputs == size]
        found.append(only)
    return found


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
    count = _dimensions(given)
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
    lead = place[: -_dimensions(given)]
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
    count = _dimensions(given)
    paddings, data = _numbers(given["padding"], count), array(given["input"])
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
    count = _dimensions(layers[0])
    fields = []
    for axis in range(count):
        reached = {0}
        for layer in reversed(layers):
            size, stride, dilation = (
                _numbers(setting, count)[axis]
                for setting in (kernel_size(layer), layer["stride"], layer.get("dilation", 1))
            )
            reached = {output * stride + tap * dilation for output in reached for tap in range(size)}
        fields.append(max(reached) - min(reached) + 1)
    return fields


def effective_kernel_size(given: Given) -> list[int]:
    count = _dimensions(given)
    return [
        Axis(0, size, 1, 0, dilation).reach
        for size, dilation in zip(kernel_size(given), _numbers(given.get("dilation", 1), count), strict=True)
    ]


# --- What a part asks -----------------------------------------------------------------------------------


def _square(sizes: Sequence[Any]) -> Any:
    """The common value of all axes."""
    if any(size != sizes[0] for size in sizes):
        raise ValueError(f"not one value for all axes: {sizes}")
    return sizes[0]


def _sides(given: Given) -> list[Any]:
    return output_shape(given)[-_dimensions(given) :]


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
    "statement": lambda given: NOT_RECOMPUTABLE,
}
WORDED = ("statement", "claim", "claims", "filter_effect")
"""What is answered by a truth or by ids of choices."""
_SCALAR_OR_AXES = ("padding", "receptive_field", "effective_kernel_size")
"""What is a number where the layer has one axis or the part wants one number, else one for each axis."""


def recompute(item: Mapping[str, Any], part: Mapping[str, Any]) -> Any:
    """The key of a part, from `given`, `asks` and `index` alone."""
    given = {**item["given"], **part.get("given", {})}
    asks: str = part["asks"]
    # These import this module themselves.
    from oracles import channels, claims, counts, filters, receptive, shares, stacks

    if asks == "grad_input_formula":
        return shares.grad_input_formula(given)
    if filters.covers(asks):
        return filters.recompute(given, asks)
    if claims.covers(asks):
        return claims.recompute(given, part)
    if channels.covers(asks):
        return channels.recompute(given, part)
    if stacks.covers(given, asks):
        return stacks.recompute(given, part)
    if receptive.covers(given, asks):
        return receptive.recompute(given, part)
    if counts.covers(given, asks):
        return counts.recompute(given, part)
    if asks.endswith("_entry"):
        found = _ASKS[asks.removesuffix("_entry")](given)
        for index in part["index"]:
            found = found[index]
        return found
    found = _ASKS[asks](given)
    if asks in _SCALAR_OR_AXES and not isinstance(part["value"], list):
        return _square(found)
    return found


# --- Comparison -----------------------------------------------------------------------------------------


def same(expected: Any, value: Any, part: Mapping[str, Any]) -> bool:
    """Whether a recomputed value is the one that a key file holds."""
    if part.get("asks") in WORDED:
        return bool(expected == value and type(expected) is type(value))
    if isinstance(expected, list) or isinstance(value, list):
        return (
            isinstance(expected, list)
            and isinstance(value, list)
            and len(expected) == len(value)
            and all(same(a, b, part) for a, b in zip(expected, value, strict=True))
        )
    if isinstance(expected, bool) or isinstance(value, bool):
        return expected is value
    if isinstance(value, str) and not names_in(value) <= set(part["symbols"]):
        return False
    if isinstance(expected, Counted):
        return expected.agrees(value)
    return _equal(expected, entry(value))


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, sympy.Basic) or isinstance(b, sympy.Basic):
        return bool(sympy.expand(a - b) == 0)
    return bool(a == b)


def canonical(value: Any, part: Mapping[str, Any], expected: Any = None) -> Any:
    """A value of a key file in a form that is equal for equal values; a formula as its values on the grid."""
    if part.get("asks") in WORDED or isinstance(value, bool):
        return repr(value)
    if isinstance(value, list):
        inner = expected if isinstance(expected, list) and len(expected) == len(value) else [None] * len(value)
        return tuple(canonical(each, part, other) for each, other in zip(value, inner, strict=True))
    if isinstance(expected, Counted):
        return expected.sizes if expected.agrees(value) else expected.values(str(value))
    found = entry(value)
    return sympy.expand(found) if isinstance(found, sympy.Basic) else found
