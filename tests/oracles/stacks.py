"""Recomputes what is asked of a stack of layers: shapes by counting windows, fields by the places that are reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oracles import counts
from oracles.shapes import Axis

Given = Mapping[str, Any]
WORDS = ("output_shape", "receptive_field", "padding", "weight_shape", "equivalent_weight_shape")
MOST_PADDING = 200


def covers(given: Given, part: Given) -> bool:
    """Whether a part is recomputed here: a stack with the shape of its input, or a stride between two jumps."""
    return (part["asks"] == "stride" and "output_jump" in given) or (
        part["asks"] in WORDS and "layers" in given and "input_shape" in given and "repeated" not in given
    )


def recompute(given: Given, part: Given) -> Any:
    """The key of a part."""
    if part["asks"] == "stride":
        (stride,) = [
            each for each in range(1, given["output_jump"] + 1) if each * given["jump"] == given["output_jump"]
        ]
        return stride
    walked = counts.walk(given)
    layer = walked[part["layer"]]
    match part["asks"]:
        case "output_shape":
            shape = list(layer["output"])
            return shape[1:] + shape[:1] if given.get("order") == "HWC" and len(shape) > 1 else shape
        case "receptive_field":
            return _field(walked[: part["layer"] + 1])
        case "padding":
            return _padding(given, layer)
        case "weight_shape":
            return [layer["out_features"], *layer["input"]]
    (flattened,) = [each for each in walked if each["layer"] == "Flatten"]
    channels, *sides = flattened["input"]
    return [layer["out_features"], channels, *map(_covering, sides)]


def _covering(side: int) -> int:
    """The kernel that lies at a single place and meets every input."""
    fitting = [Axis(side, kernel, 1, 0) for kernel in range(1, side + 1)]
    (kernel,) = [axis.kernel_size for axis in fitting if axis.outputs == 1 and axis.places(0) == list(range(side))]
    return kernel


def _padding(given: Given, layer: Given) -> int:
    def size(padding: int) -> int:
        return Axis(layer["input"][-1], layer["kernel_size"][-1], layer["stride"][-1], padding).outputs

    return next(padding for padding in range(MOST_PADDING) if size(padding) == given["output_size"])


def _field(layers: list[dict[str, Any]]) -> int:
    """How many places lie between the first and the last that one output depends on."""
    reached = {0}
    for layer in reversed(layers):
        if "kernel_size" in layer:
            stride, dilation = layer["stride"][0], layer.get("dilation", [1])[0]
            taps = [tap * dilation for tap in range(layer["kernel_size"][0])]
            reached = {place * stride + tap for place in reached for tap in taps}
    return max(reached) - min(reached) + 1
