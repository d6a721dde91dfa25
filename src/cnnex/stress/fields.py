"""What an output depends on, with PyTorch: a transposed convolution marks the inputs that windows reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cnnex.stress.numbers import torch

Given = Mapping[str, Any]
_FIELDS = ("kernel_size", "stride", "padding", "dilation")


def covers(given: Given, part: Given) -> bool:
    """Whether the part asks how far windows reach."""
    return part["asks"].removesuffix("_formula") in _ASKS


def recompute(given: Given, part: Given) -> Any:
    """The number, or one for each axis where the key has as many, or the pattern."""
    found = _ASKS[part["asks"].removesuffix("_formula")](given, part)
    if part["asks"].startswith("effective") and not isinstance(part["value"], list):
        (found,) = set(found)
    return found


def _reached(layers: Sequence[Given], output: int = 0, axis: int = 0) -> Any:
    """The places of the input, along one axis, that an output depends on; those on the padding are below 0."""
    marked, offset = torch.zeros(1, 1, output + 1), 0
    marked[0, 0, output] = 1
    for layer in reversed(layers):
        if "kernel_size" in layer:
            size, stride, padding, dilation = (layer.get(field, (1, 1))[axis] for field in _FIELDS)
            ones = torch.ones(1, 1, size)
            marked = torch.nn.functional.conv_transpose1d(marked, ones, None, stride, dilation=dilation).sign()
            offset = offset * stride + padding
    return marked[0, 0].nonzero().flatten() - offset


def _side(layers: Sequence[Given]) -> int:
    places = _reached(layers)
    return int(places.max() - places.min() + 1)


def _layers(given: Given, part: Given) -> list[Given]:
    """The layers up to the one that is asked about; a single operation is one."""
    if "layers" not in given:
        shape = torch.tensor(given["weight"]).shape if "weight" in given else given.get("weight_shape", ())
        return [{"kernel_size": shape[-len(given["stride"]) :], **given}]
    if "repeated" in given:
        return [*given["layers"], *[given["repeated"]] * _layer_count(given, part)]
    return list(given["layers"][: part.get("layer", len(given["layers"])) + 1])


def _layer_count(given: Given, _: Given) -> int:
    layers, count = list(given["layers"]), 0
    while _side(layers) < given["wanted_field"]:
        layers.append(given["repeated"])
        count += 1
    return count


def _jump(given: Given, part: Given) -> int:
    first, second = (_reached(_layers(given, part), output) for output in (0, 1))
    return int(second.min() - first.min())


def _patterns(given: Given, part: Given) -> list[Any]:
    """For each axis the taps of a kernel without gaps, as ones and zeros."""
    layers = _layers(given, part)
    met = [_reached([{**layers[0], "padding": (0, 0)}], 0, axis) for axis in range(len(given["stride"]))]
    return [torch.zeros(int(places.max()) + 1, dtype=torch.int64).index_fill(0, places, 1) for places in met]


def _tap_pattern(given: Given, part: Given) -> Any:
    return torch.outer(*_patterns(given, part)).tolist()


_ASKS: dict[str, Callable[[Given, Given], Any]] = {
    "receptive_field": lambda given, part: _side(_layers(given, part)),
    "receptive_field_start": lambda given, part: int(_reached(_layers(given, part), part["index"][0]).min()),
    "jump": _jump,
    "layer_count": _layer_count,
    "effective_kernel_size": lambda given, part: [len(pattern) for pattern in _patterns(given, part)],
    "tap_pattern": _tap_pattern,
}
