"""Sizes that are looked for, by trying: PyTorch says how many outputs each layer has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cnnex.stress.numbers import torch

Given = Mapping[str, Any]
_MOST = 600


def covers(given: Given, part: Given) -> bool:
    """Whether the part asks for a size that leads to something wanted."""
    first = part["asks"] == "equivalent_weight_shape" or part.get("layer", 0) == 0  # others have an unknown input
    return part["asks"] in _ASKS and first


def recompute(given: Given, part: Given) -> Any:
    """The size or sizes.

    Raises:
        ValueError: there is none.
    """
    if part.get("layer") == 0:
        given = {**given, **given["layers"][0]}
    found = next(iter(_ASKS[part["asks"]](given)), None)
    if found is None:
        raise ValueError("no size leads to what is wanted")
    return found


def _outputs(given: Given, **changes: int) -> int:
    """How many outputs the last axis has; 0 where the kernel doesn't fit."""
    shapes = {f"{name}_shape": torch.tensor(given[name]).shape for name in ("input", "weight") if name in given}
    sizes = {**shapes, "weight_shape": given.get("kernel_size"), **shapes, **given}
    size, kernel, stride, padding, dilation = (
        changes[field] if field in changes else sizes[field][-1]
        for field in ("input_shape", "weight_shape", "stride", "padding", "dilation")
    )
    if size + 2 * padding <= dilation * (kernel - 1):
        return 0
    x, weight = (torch.empty(1, 1, length, device="meta") for length in (size, kernel))
    return int(torch.nn.functional.conv1d(x, weight, None, stride, padding, dilation).shape[-1])


def _padding(given: Given) -> Iterator[int]:
    for padding in range(_MOST):
        outputs = _outputs(given, padding=padding)
        if outputs == given["output_size"]:
            yield padding
        if outputs > given["output_size"]:
            return


def _exact_padding(given: Given) -> Iterator[int]:
    """With one entry less there is an output less: no entry is left over."""
    less = given["input_shape"][-1] - 1
    for padding in _padding(given):
        if _outputs(given, padding=padding, input_shape=less) < given["output_size"]:
            yield padding


def _kernel_size(given: Given) -> Iterator[int]:
    for size in range(_MOST, 0, -1):
        if _outputs(given, weight_shape=size) == given["output_size"]:
            yield size


def _strides(given: Given) -> Iterator[list[int]]:
    yield [stride for stride in range(1, _MOST) if _outputs(given, stride=stride) == given["output_size"]]


def _full_size(given: Given) -> Iterator[int]:
    reach = given["dilation"][-1] * (given["weight_shape"][-1] - 1)
    yield _outputs(given, padding=reach, stride=1)


def _largest_kernel(given: Given) -> Iterator[int]:
    fields = ("input_shape", "stride", "padding", "dilation")
    axes = [{name: [given[name][axis]] for name in fields} for axis in range(len(given["input_shape"]))]
    for size in range(_MOST, 0, -1):
        if all(_outputs(axis, weight_shape=size) for axis in axes):
            yield size


def _stride(given: Given) -> Iterator[int]:
    yield len(torch.arange(0, given["output_jump"], given["jump"]))


def _equivalent_weight_shape(given: Given) -> Iterator[list[int]]:
    """The weight of the fully connected layer in the order in which the input was flattened."""
    weight = torch.empty(given["layers"][-1]["out_features"], *given["input_shape"], device="meta")
    yield list(weight.flatten(1).unflatten(1, given["input_shape"]).shape)


_ASKS: dict[str, Callable[[Given], Iterator[Any]]] = {
    "padding": _padding,
    "padding_formula": _exact_padding,
    "kernel_size": _kernel_size,
    "strides": _strides,
    "stride": _stride,
    "equivalent_weight_shape": _equivalent_weight_shape,
    "full_size_formula": _full_size,
    "largest_kernel_formula": _largest_kernel,
}
