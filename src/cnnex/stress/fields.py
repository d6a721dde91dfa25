"""Receptive fields with PyTorch: the gradient of one output tells on which inputs it depends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

torch: Any = import_module("torch") if find_spec("torch") else None

Given = Mapping[str, Any]
_FIELDS = ("kernel_size", "stride", "dilation")


def covers(given: Given, part: Given) -> bool:
    """Whether the part asks for the field after a layer of a stack whose sizes are numbers."""
    return (
        part["asks"] == "receptive_field"
        and "layer" in part
        and all(
            isinstance(size, int)
            for layer in given.get("layers", [])[: part["layer"] + 1]
            for field in _FIELDS
            for size in layer.get(field, [])
        )
    )


def receptive_field(layers: Sequence[Given]) -> int:
    """From the first to the last input of a single row on which the first output depends; all weights are 1."""
    windows = [layer for layer in layers if "kernel_size" in layer]
    sides = [(each["kernel_size"][0], each["stride"][0], each.get("dilation", [1])[0]) for each in windows]
    length = 1
    while True:
        row = torch.ones(1, 1, length, dtype=torch.float64, requires_grad=True)
        output = _output(row, sides)
        if output is not None:
            (gradient,) = torch.autograd.grad(output[0, 0, 0], row)
            met = gradient[0, 0].nonzero()
            return int(met.max() - met.min() + 1)
        length *= 2


def _output(x: Any, sides: Sequence[tuple[int, int, int]]) -> Any:
    """The output of the stack, or None where a kernel doesn't fit."""
    for size, stride, dilation in sides:
        if x.shape[-1] <= dilation * (size - 1):
            return None
        kernel = torch.ones(1, 1, size, dtype=torch.float64)
        x = torch.nn.functional.conv1d(x, kernel, stride=stride, dilation=dilation)
    return x
