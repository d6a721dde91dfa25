"""Recomputes receptive fields and designs of layers by trying every place, stride, padding and kernel size."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from oracles.shapes import Axis, shape_of
from oracles.text import Counted, evaluate, names_in

Given = Mapping[str, Any]
POINTS = 150
MOST = 600


# --- Stacks: the places that an output reaches ------------------------------------------------------------


def reached(layers: Sequence[Given], output: int = 0) -> set[int]:
    """The places of the input that an output of the last layer depends on, along one axis; padding is below 0."""
    places = {output}
    for layer in reversed(layers):
        size, stride, padding, dilation = (layer[name][0] for name in ("kernel_size", "stride", "padding", "dilation"))
        places = {place * stride - padding + tap * dilation for place in places for tap in range(size)}
    return places


def _span(layers: Sequence[Given]) -> int:
    places = reached(layers)
    return max(places) - min(places) + 1


def _layers(given: Given, part: Given) -> list[Given]:
    layers = list(given["layers"])
    if "repeated" in given:
        return layers + [given["repeated"]] * layer_count(given)
    return layers[: part.get("layer", len(layers) - 1) + 1]


def layer_count(given: Given) -> int:
    layers = list(given["layers"])
    for count in range(MOST):
        if _span(layers + [given["repeated"]] * count) >= given["wanted_field"]:
            return count
    raise ValueError("no stack reaches this field")


def jump(given: Given, part: Given) -> int:
    layers = _layers(given, part)
    return min(reached(layers, 1)) - min(reached(layers, 0))


def receptive_field_formula(given: Given, part: Given) -> Counted:
    """Known by its values at some points."""
    layers = _layers(given, part)
    rng = random.Random(0)
    fields = ("kernel_size", "stride", "padding", "dilation")
    names = tuple(sorted({name for layer in layers for field in fields for name in _names(layer[field][0])}))
    points, counts = [], []
    for _ in range(POINTS):
        point = {name: rng.randint(1, 3) for name in names}
        numbers = [{field: [_at(layer[field][0], point)] for field in fields} for layer in layers]
        points.append(tuple(point.values()))
        counts.append(_span(numbers))
    return Counted(names, tuple(points), tuple(counts))


def _names(size: Any) -> frozenset[str]:
    return names_in(size) if isinstance(size, str) else frozenset()


def _at(size: Any, point: Mapping[str, int]) -> Any:
    return evaluate(size, point) if isinstance(size, str) else size


# --- A single layer with something that is looked for -----------------------------------------------------------


def tap_pattern(given: Given, _: Given) -> list[list[int]]:
    met = [
        {tap * dilation for tap in range(size)}
        for size, dilation in zip(given["weight_shape"][-2:], given["dilation"], strict=True)
    ]
    rows, columns = (range(max(places) + 1) for places in met)
    return [[int(row in met[0] and column in met[1]) for column in columns] for row in rows]


def _axis(given: Given, **found: int) -> Axis:
    """The layer along its last axis, with what is looked for."""
    looked_for = {field: [value] for field, value in found.items()}
    shapes = {f"{name}_shape": shape_of(given[name]) for name in ("input", "weight") if name in given}
    whole = {**shapes, **given, **looked_for}
    names = {"input_shape": "input_shape", "kernel_size": "weight_shape"}
    fields = ("input_shape", "kernel_size", "stride", "padding", "dilation")
    return Axis(**{field: whole[names.get(field, field)][-1] for field in fields})


def padding(given: Given, _: Given) -> int:
    return next(p for p in range(MOST) if _axis(given, padding=p).outputs == given["output_size"])


def kernel_size(given: Given, _: Given) -> int:
    return max(k for k in range(1, MOST) if _axis(given, weight_shape=k).outputs == given["output_size"])


def strides(given: Given, _: Given) -> list[int]:
    return [s for s in range(1, MOST) if _axis(given, stride=s).outputs == given["output_size"]]


# --- Formulas: counted at the points of a grid ------------------------------------------------------------------

_RANGES = {"input_shape": range(1, 8), "weight_shape": range(1, 5), "stride": range(1, 4), "padding": range(3),
           "dilation": range(1, 4), "output_size": range(1, 6)}  # fmt: skip


def _grid(given: Given) -> Iterator[tuple[tuple[str, ...], tuple[int, ...], dict[str, Any]]]:
    """For each point its names, its values, and the layer with numbers."""
    ranges: dict[str, range] = {}
    for field, numbers in _RANGES.items():
        for size in given[field] if isinstance(given.get(field), list) else [given.get(field)]:
            for name in sorted(_names(size)):
                ranges.setdefault(name, numbers)
    for point in itertools.product(*ranges.values()):
        values = dict(zip(ranges, point, strict=True))
        layer = {
            field: [_at(size, values) for size in given[field]]
            if isinstance(given[field], list) else _at(given[field], values)
            for field in _RANGES if field in given
        }  # fmt: skip
        yield tuple(ranges), point, layer


def _counted(given: Given, count: Callable[[Given], int | None]) -> Counted:
    """The points at which something can be counted, and the counts."""
    grid = list(_grid(given))
    found = [(point, size) for _, point, layer in grid if (size := count(layer)) is not None]
    points, counts = zip(*found, strict=True)
    return Counted(grid[0][0], points, counts)


def _exact_padding(layer: Given) -> int | None:
    """The padding with which so many outputs leave no entry over."""
    for p in range(MOST):
        axis = _axis(layer, padding=p)
        if axis.fits and axis.outputs > layer["output_size"]:
            return None
        if axis.outputs == layer["output_size"] and axis.starts[-1] + axis.reach == axis.input_shape + p:
            return p
    return None


def _full_size(layer: Given) -> int:
    axis = _axis(layer, padding=0)
    inputs = set(range(axis.input_shape))
    window = range(axis.reach)
    return sum(any(start + place in inputs for place in window) for start in range(-axis.reach, axis.input_shape + 1))


def _largest_kernel(layer: Given) -> int | None:
    fitting = [
        k
        for k in range(1, 20)
        if all(Axis(size, k, 1, p, d).fits for size, p, d in zip(
            layer["input_shape"], layer["padding"], layer["dilation"], strict=True))
    ]  # fmt: skip
    return max(fitting, default=None)


_ASKS: dict[str, Callable[[Given, Given], Any]] = {
    "receptive_field": lambda given, part: _span(_layers(given, part)),
    "receptive_field_start": lambda given, part: min(reached(_layers(given, part), part["index"][0])),
    "receptive_field_formula": receptive_field_formula,
    "jump": jump,
    "layer_count": lambda given, part: layer_count(given),
    "tap_pattern": tap_pattern,
    "effective_kernel_size_formula": lambda given, part: _counted(given, lambda layer: _axis(layer).reach),
    "padding": padding,
    "kernel_size": kernel_size,
    "strides": strides,
    "padding_formula": lambda given, part: _counted(given, _exact_padding),
    "full_size_formula": lambda given, part: _counted(given, _full_size),
    "largest_kernel_formula": lambda given, part: _counted(given, _largest_kernel),
}


def covers(given: Given, part: Given) -> bool:
    """Whether a part is asked here: a receptive field only where there is a stack."""
    if part["asks"] == "receptive_field":
        return "layers" in given
    if part["asks"] == "padding":
        return "output_size" in given
    return part["asks"] in _ASKS


def recompute(given: Given, part: Given) -> Any:
    """The key of a part."""
    if part["asks"].endswith("_formula"):
        return _formula(json.dumps(given), part["asks"], part.get("layer"))
    return _ASKS[part["asks"]](given, part)


@cache
def _formula(given: str, asks: str, layer: int | None) -> Counted:
    found: Counted = _ASKS[asks](json.loads(given), {"layer": layer})
    return found
