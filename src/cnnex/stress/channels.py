"""What is asked of channels, gaps and true convolution, recomputed with PyTorch from `given` alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cnnex.stress.numbers import tensor, torch

Given = Mapping[str, Any]


def covers(given: Given, part: Given) -> bool:
    """Whether the word belongs here."""
    return part["asks"] in _ASKS


def recompute(given: Given, part: Given) -> Any:
    """What PyTorch comes to, as nested lists, a number or a truth."""
    return _ASKS[part["asks"]](given, part.get("index")).tolist()


def _convolved(given: Given, x: Any, bias: Any = None) -> Any:
    """Channels of the output for channels of the input."""
    setting = (given["stride"], given["padding"], given["dilation"])
    return torch.nn.functional.conv2d(x[None], tensor(given["weight"]), bias, *setting)[0]


def _feature_map(given: Given, index: list[int]) -> Any:
    bias = None if given["bias"] is None else tensor(given["bias"])
    return _convolved(given, tensor(given["input"]), bias)[index[0]]


def _patch(given: Given, index: list[int]) -> Any:
    """A column of the unfolded input."""
    _, channels, height, width = tensor(given["weight"]).shape
    x, setting = tensor(given["input"]), {name: given[name] for name in ("stride", "padding", "dilation")}
    channel, row, column = index
    outputs = _convolved(given, x).shape[2]
    columns = torch.nn.functional.unfold(x[None], (height, width), **setting)[0]
    return columns[:, row * outputs + column].reshape(channels, height, width)[channel]


def _contribution(given: Given, index: list[int]) -> Any:
    output, channel, row, column = index
    x = tensor(given["input"])
    alone = torch.zeros_like(x)
    alone[channel] = x[channel]
    return _convolved(given, alone)[output, row, column]


def _dilated_kernel(given: Given, _: Any) -> Any:
    """The gradient of a single output: what each input of its window counts."""
    weight = tensor(given["weight"])
    axes = weight.dim()
    sides = [d * (k - 1) + 1 for d, k in zip(given["dilation"], weight.shape, strict=True)]
    x = torch.zeros((1, 1, *sides), dtype=torch.float64, requires_grad=True)
    convolve = getattr(torch.nn.functional, f"conv{axes}d")
    (found,) = torch.autograd.grad(convolve(x, weight[None, None], dilation=given["dilation"]).sum(), x)
    return found[0, 0]


def _signal(given: Given, x: Any, *, flipped: bool = True) -> Any:
    weight = tensor(given["weight"])
    weight, setting = weight.flip(0) if flipped else weight, (None, given["stride"], given["padding"])
    return torch.nn.functional.conv1d(x[None, None], weight[None, None], *setting)[0, 0]


def _valid_range(given: Given, _: Any) -> Any:
    """The outputs that use as many inputs as the kernel has weights."""
    ones = {**given, "weight": [1] * len(given["weight"])}
    counted = _signal(ones, torch.ones(len(given["input"]), dtype=torch.float64))
    return (counted == len(given["weight"])).nonzero().flatten()


def _flip_irrelevant(given: Given, _: Any) -> Any:
    x = tensor(given["input"])
    return (_signal(given, x) == _signal(given, x, flipped=False)).all()


_ASKS: dict[str, Callable[[Given, Any], Any]] = {
    "feature_map": _feature_map,
    "activated_map": lambda given, index: _feature_map(given, index).relu(),
    "patch": _patch,
    "contribution": _contribution,
    "dilated_kernel": _dilated_kernel,
    "output_range": lambda given, _: torch.arange(len(_signal(given, tensor(given["input"])))),
    "valid_range": _valid_range,
    "flip_irrelevant": _flip_irrelevant,
}
