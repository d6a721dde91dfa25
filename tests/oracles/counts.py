"""Recomputes counts of weights, operations and values, of one layer or of a stack, by counting.

Each weight is an index tuple in an array, each window a place at which the kernel lies. Sizes in symbols are known by
their counts on a grid of numbers.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from oracles import shapes
from oracles.shapes import Axis
from oracles.text import Counted

Given = Mapping[str, Any]
Shape = tuple[int, ...]

WORDS = (
    "input_shape", "kernel_shape", "input_count", "output_count", "dense_weight_count", "dense_weight_ratio",
    "unshared_weight_count", "effective_unshared_weight_count", "flops", "activation_memory", "weight_count_formula",
    "parameter_count_formula", "macs_formula", "input_count_formula",
)  # fmt: skip
STACKED = ("weight_count", "parameter_count", "macs")
"""Words that are these only where a stack of layers is given."""


def covers(given: Given, part: Given) -> bool:
    """Whether a part is recomputed here."""
    return part["asks"] in WORDS or (part["asks"] in STACKED and "layers" in given)


def recompute(given: Given, part: Mapping[str, Any]) -> Any:
    """The key of a part."""
    asks: str = part["asks"]
    if asks.endswith("_formula"):
        return _on_grid(given, asks.removesuffix("_formula"))
    if asks == "input_shape":
        return shapes.input_shape(given)
    if asks == "kernel_shape":
        return shapes.weight_shape(given)[1:]
    walked = walk(given)
    chosen = walked if part.get("layer") is None else [walked[part["layer"]]]
    if asks == "output_count":
        return _cells(chosen[-1]["output"])
    if asks == "input_count":
        return _cells(chosen[0]["input"])
    if asks == "activation_memory":
        values = sum(_cells(each["output"]) for each in chosen if each["layer"] != "Flatten")
        return values * given["bytes_per_value"] * given["batch_size"]
    return sum(_COUNTS[asks](each) for each in chosen) if asks != "dense_weight_ratio" else _ratio(chosen[0])


# --- One layer ---------------------------------------------------------------------------------------------


def walk(given: Given) -> list[dict[str, Any]]:
    """The layers, each with the shapes of its input and its output as far as they are known."""
    shape = tuple(given["input_shape"]) if "input_shape" in given else None
    walked = []
    for layer in given["layers"] if "layers" in given else [_single(given)]:
        output = _output(layer, shape) if shape is not None else tuple(given.get("output_shape", ())) or None
        walked.append({**layer, "input": shape, "output": output})
        shape = output
    return walked


def _single(given: Given) -> dict[str, Any]:
    """A layer that is given by its operation, with channels where it has none."""
    weight = shapes.weight_shape(given)
    axes = len(given["stride"])
    channels = weight[:2] if len(weight) > axes else [1, 1]
    return {
        **given, "layer": f"Conv{axes}d", "out_channels": channels[0], "in_channels": channels[1],
        "kernel_size": weight[-axes:],
    }  # fmt: skip


def _output(layer: Given, shape: Shape) -> Shape:
    kind: str = layer["layer"]
    if kind == "Flatten":
        return (_cells(shape),)
    if kind == "Linear":
        assert layer["in_features"] in (None, *shape)  # None where a student is to find it
        assert len(shape) == 1
        return (layer["out_features"],)
    if kind in ("BatchNorm2d", "ReLU"):
        return shape
    sides = [axis.outputs for axis in _axes(layer, shape)]
    if len(shape) == len(sides):
        return tuple(sides)
    return (layer["out_channels"] if kind.startswith("Conv") else shape[0], *sides)


def _axes(layer: Given, shape: Shape) -> list[Axis]:
    count = len(layer["stride"])
    fields = (shape[-count:], layer["kernel_size"], layer["stride"], layer["padding"], layer.get("dilation", [1, 1]))
    return [Axis(*sizes) for sizes in zip(*fields, strict=True)]


def _cells(shape: Sequence[int]) -> int:
    """The entries of an array: along each axis one after the other."""
    count = 1
    for size in shape:
        count = sum(count for _ in range(size))
    return count


def _weights(layer: Given) -> int:
    match layer["layer"]:
        case "Conv1d" | "Conv2d":
            planes = itertools.product(range(layer["out_channels"]), range(layer["in_channels"]))
            return sum(_cells(layer["kernel_size"]) for _ in planes)
        case "Linear":
            return _cells((layer["out_features"], *layer["input"]))
    return 0


def _parameters(layer: Given) -> int:
    if layer["layer"] == "BatchNorm2d":
        return sum(len(("scale", "shift")) for _ in range(layer["num_features"]))
    if layer.get("bias") in (None, False):
        return _weights(layer)
    return _weights(layer) + len(range(layer.get("out_channels", 0) or layer["out_features"]))


def _macs(layer: Given) -> int:
    """The multiply-adds: for each place of the kernel each weight once."""
    if layer["layer"] == "Linear":
        return _weights(layer)
    if not layer["layer"].startswith("Conv"):
        return 0
    places = 1
    for size in layer["output"][-len(layer["kernel_size"]) :]:
        places = sum(places for _ in range(size))
    return places * _weights(layer)


def _effective(layer: Given) -> int:
    """The weights of an unshared layer whose tap lies on the input, place by place."""
    met = 1
    for axis in _axes(layer, layer["input"]):
        met *= sum(
            0 <= place < axis.input_shape for output in range(axis.outputs) for place in axis.places(output)
        )  # fmt: skip
    return met * int(layer["out_channels"]) * int(layer["in_channels"])


def _dense(layer: Given) -> int:
    return _cells(layer["input"]) * _cells(layer["output"])


def _ratio(layer: Given) -> Fraction:
    return Fraction(_dense(layer), _weights(layer))


_COUNTS: dict[str, Callable[[Given], int]] = {
    "weight_count": _weights,
    "parameter_count": _parameters,
    "macs": _macs,
    "flops": lambda layer: _macs(layer) * len(("multiply", "add")),
    # Without sharing a weight is used once, so there are as many as products.
    "unshared_weight_count": _macs,
    "effective_unshared_weight_count": _effective,
    "dense_weight_count": _dense,
}


# --- Sizes in symbols ----------------------------------------------------------------------------------------

_SIZES = {"input_shape": (6, 7, 9), "output_shape": (2, 3, 5)}
"""What a name stands for on the grid; kernels have to fit on inputs."""
_OTHERS = (1, 2, 4)


def _on_grid(given: Given, asks: str) -> Counted:
    ranges: dict[str, tuple[int, ...]] = {}
    for field, value in (*given.items(), *(pair for layer in given["layers"] for pair in layer.items())):
        for name in _names(value) if field != "layers" else ():
            ranges.setdefault(name, _SIZES.get(field, _OTHERS))
    for layer in given["layers"]:
        for name in (layer.get("in_channels"), layer.get("out_channels")):
            if isinstance(name, str):
                ranges[name] = _OTHERS
    points = tuple(itertools.product(*ranges.values()))
    return Counted(tuple(ranges), points, _at_points(json.dumps(dict(given)), tuple(ranges), points, asks))


@cache
def _at_points(given: str, names: tuple[str, ...], points: tuple[Shape, ...], asks: str) -> Shape:
    layered = json.loads(given)
    return tuple(recompute(_put(layered, dict(zip(names, point, strict=True))), {"asks": asks}) for point in points)


def _names(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for each in value for name in _names(each)]
    return [value] if isinstance(value, str) and value not in ("Conv2d", "BatchNorm2d", "Flatten", "Linear") else []


def _put(value: Any, numbers: Mapping[str, int]) -> Any:
    if isinstance(value, dict):
        return {name: _put(each, numbers) for name, each in value.items()}
    if isinstance(value, list):
        return [_put(each, numbers) for each in value]
    return numbers.get(value, value) if isinstance(value, str) else value
