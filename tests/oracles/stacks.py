"""Recomputes what is asked of a stack of layers: shapes by counting windows, fields by the places that are reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oracles import counts
from oracles.shapes import Axis

Given = Mapping[str, Any]
WORDS = ("output_shape", "receptive_field", "weight_shape", "equivalent_weight_shape")


def covers(given: Given, part: Given) -> bool:
    """Whether a part is recomputed here: a stack with the shape of its input, or a stride between two jumps."""
    return (part["asks"] == "stride" and "output_jump" in given) or (
        part["asks"] in WORDS and "layers" in given and "input_shape" in given and "repeated" not in given
    )


def convolution(given: Given) -> Given:
    """A fully connected layer that is looked at as a convolution, as such an operation; any other data as they are."""
    if "as_convolution" not in given:
        return given
    flatten, dense = counts.walk(given)
    weight_shape = [dense["out_features"], *_covering_kernel(flatten)]
    layer = {"operation": "conv2d", "weight_shape": weight_shape, **given["as_convolution"]}
    stride = layer["stride"] or [_stride(given)] * 2
    return {**layer, "stride": stride, **({"output_size": given["output_size"]} if "output_size" in given else {})}


def _stride(given: Given) -> int:
    (stride,) = [each for each in range(1, given["output_jump"] + 1) if each * given["jump"] == given["output_jump"]]
    return stride


def recompute(given: Given, part: Given) -> Any:
    """The key of a part."""
    if part["asks"] == "stride":
        return _stride(given)
    walked = counts.walk(given)
    layer = walked[part["layer"]]
    match part["asks"]:
        case "output_shape":
            shape = list(layer["output"])
            return shape[1:] + shape[:1] if given.get("order") == "HWC" and len(shape) > 1 else shape
        case "receptive_field":
            return _field(walked[: part["layer"] + 1])
        case "weight_shape":
            return [layer["out_features"], *layer["input"]]
    (flattened,) = [each for each in walked if each["layer"] == "Flatten"]
    return [layer["out_features"], *_covering_kernel(flattened)]


def _covering_kernel(flattened: Given) -> list[int]:
    channels, *sides = flattened["input"]
    return [channels, *map(_covering, sides)]


def _covering(side: int) -> int:
    """The kernel that lies at a single place and meets every input."""
    fitting = [Axis(side, kernel, 1, 0) for kernel in range(1, side + 1)]
    (kernel,) = [axis.kernel_size for axis in fitting if axis.outputs == 1 and axis.places(0) == list(range(side))]
    return kernel


def _field(layers: list[dict[str, Any]]) -> int:
    """How many places lie between the first and the last that one output depends on."""
    reached = {0}
    for layer in reversed(layers):
        if "kernel_size" in layer:
            stride, dilation = layer["stride"][0], layer.get("dilation", [1])[0]
            taps = [tap * dilation for tap in range(layer["kernel_size"][0])]
            reached = {place * stride + tap for place in reached for tap in taps}
    return max(reached) - min(reached) + 1
