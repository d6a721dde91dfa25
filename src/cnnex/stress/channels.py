"""What is asked of channels, gaps and true convolution, recomputed with PyTorch from `given` alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

torch: Any = import_module("torch") if find_spec("torch") else None

Given = Mapping[str, Any]


def covers(asks: str) -> bool:
    """Whether the word belongs here."""
    return asks in _ASKS


def recompute(given: Given, part: Mapping[str, Any]) -> Any:
    """What PyTorch comes to, as nested lists, a number or a truth."""
    return _ASKS[part["asks"]](given, part.get("index")).tolist()


def _tensor(entries: Any) -> Any:
    return torch.tensor(_floats(entries), dtype=torch.float64)


def _floats(value: Any) -> Any:
    if isinstance(value, list):
        return list(map(_floats, value))
    over, _, under = str(value).partition("/")
    return int(over) / int(under or 1)


def _convolved(given: Given, x: Any, bias: Any = None) -> Any:
    """Channels of the output for channels of the input."""
    setting = (given["stride"], given["padding"], given["dilation"])
    return torch.nn.functional.conv2d(x[None], _tensor(given["weight"]), bias, *setting)[0]


def _feature_map(given: Given, index: list[int]) -> Any:
    bias = None if given["bias"] is None else _tensor(given["bias"])
    return _convolved(given, _tensor(given["input"]), bias)[index[0]]


def _patch(given: Given, index: list[int]) -> Any:
    """A column of the unfolded input."""
    _, channels, height, width = _tensor(given["weight"]).shape
    x, setting = _tensor(given["input"]), {name: given[name] for name in ("stride", "padding", "dilation")}
    channel, row, column = index
    outputs = _convolved(given, x).shape[2]
    columns = torch.nn.functional.unfold(x[None], (height, width), **setting)[0]
    return columns[:, row * outputs + column].reshape(channels, height, width)[channel]


def _contribution(given: Given, index: list[int]) -> Any:
    output, channel, row, column = index
    x = _tensor(given["input"])
    alone = torch.zeros_like(x)
    alone[channel] = x[channel]
    return _convolved(given, alone)[output, row, column]


def _dilated_kernel(given: Given, _: Any) -> Any:
    """The gradient of a single output: what each input of its window counts."""
    weight = _tensor(given["weight"])
    axes = weight.dim()
    sides = [d * (k - 1) + 1 for d, k in zip(given["dilation"], weight.shape, strict=True)]
    x = torch.zeros((1, 1, *sides), dtype=torch.float64, requires_grad=True)
    convolve = getattr(torch.nn.functional, f"conv{axes}d")
    (found,) = torch.autograd.grad(convolve(x, weight[None, None], dilation=given["dilation"]).sum(), x)
    return found[0, 0]


def _signal(given: Given, x: Any, *, flipped: bool = True) -> Any:
    weight = _tensor(given["weight"])
    weight, setting = weight.flip(0) if flipped else weight, (None, given["stride"], given["padding"])
    return torch.nn.functional.conv1d(x[None, None], weight[None, None], *setting)[0, 0]


def _valid_range(given: Given, _: Any) -> Any:
    """The outputs that use as many inputs as the kernel has weights."""
    ones = {**given, "weight": [1] * len(given["weight"])}
    counted = _signal(ones, torch.ones(len(given["input"]), dtype=torch.float64))
    return (counted == len(given["weight"])).nonzero().flatten()


def _flip_irrelevant(given: Given, _: Any) -> Any:
    x = _tensor(given["input"])
    return (_signal(given, x) == _signal(given, x, flipped=False)).all()


_ASKS: dict[str, Callable[[Given, Any], Any]] = {
    "feature_map": _feature_map,
    "activated_map": lambda given, index: _feature_map(given, index).relu(),
    "patch": _patch,
    "contribution": _contribution,
    "dilated_kernel": _dilated_kernel,
    "output_range": lambda given, _: torch.arange(len(_signal(given, _tensor(given["input"])))),
    "valid_range": _valid_range,
    "flip_irrelevant": _flip_irrelevant,
}
