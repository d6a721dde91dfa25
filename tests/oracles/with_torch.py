"""Recomputes a key with torch.nn.functional and autograd; symbols are replaced by random integers.

PyTorch is an extra of these tests: `torch` is None where it isn't installed.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from oracles.naive import NOT_RECOMPUTABLE, evaluate, names_in

torch: Any = import_module("torch") if find_spec("torch") else None

Given = Mapping[str, Any]
ROUNDS = 3
_TOLERANCE = 1e-9
_COVERED = (
    "output", "output_entry", "output_shape", "output_size", "grad_input", "grad_weight", "grad_bias",
    "grad_input_entry", "grad_weight_entry", "operator_matrix", "operator_shape", "weight_shape", "weight_count",
    "bias_shape", "parameter_count", "padded_input", "padded_shape",
)  # fmt: skip


def agrees(item: Mapping[str, Any], part: Mapping[str, Any]) -> bool | str:
    """Whether PyTorch comes to the part's key; `NOT_RECOMPUTABLE` for what it has no function for."""
    given = {**item["given"], **part.get("given", {})}
    if part["asks"] not in _COVERED or _symbolic_sizes(given):
        return NOT_RECOMPUTABLE
    names = sorted(_names([given.get(field) for field in ("input", "weight", "bias", "grad_output")]))
    rng = random.Random(0)
    for _ in range(ROUNDS if names else 1):
        values = {name: rng.choice([-7, -5, -4, -3, -2, 2, 3, 4, 5, 7, 11]) for name in names}
        found, key = _found(given, part, values), _exact(part["value"], values)
        if not _close(found, key):
            return False
    return True


def _symbolic_sizes(given: Given) -> bool:
    fields = ("input_shape", "weight_shape", "kernel_size", "stride", "padding", "dilation")
    return bool(_names([given.get(field) for field in fields]))


def _names(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_names, value))
    return set(names_in(value)) if isinstance(value, str) else set()


def _exact(value: Any, values: Mapping[str, int]) -> Any:
    if isinstance(value, list):
        return [_exact(each, values) for each in value]
    return evaluate(value, values) if isinstance(value, str) else value


def _close(found: Any, key: Any) -> bool:
    if isinstance(found, list) and isinstance(key, list):
        return len(found) == len(key) and all(map(_close, found, key))
    if isinstance(found, list) or isinstance(key, list | bool):
        return False
    return math.isclose(found, key, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)


def _found(given: Given, part: Mapping[str, Any], values: Mapping[str, int]) -> Any:
    asks: str = part["asks"]
    layer = Layer(given, values)
    if asks.endswith("_entry"):
        return layer.asked(asks.removesuffix("_entry"))[tuple(part["index"])].item()
    found = layer.asked(asks)
    return found.tolist() if torch.is_tensor(found) else found


class Layer:
    """The operation of `given` on tensors with batch and channels."""

    def __init__(self, given: Given, values: Mapping[str, int]) -> None:
        self.given = given
        self.values = values
        operation: str = given["operation"]
        self.operation = operation
        self.count = int(operation.removesuffix("d")[-1])
        self.pools = "pool" in operation
        self.input = self.tensor("input")
        lead = self.input.dim() - self.count
        self.shape = (1,) * (2 - lead) + tuple(self.input.shape)
        self.lead = lead
        self.weight: Any = None if self.pools else self.weight_tensor()
        self.bias: Any = self.bias_tensor()

    def tensor(self, field: str) -> Any:
        """The array as numbers, or zeros where only its shape is given."""
        if field not in self.given:
            return torch.zeros(self.given[f"{field}_shape"], dtype=torch.float64, requires_grad=True)
        numbers = _floats(_exact(self.given[field], self.values))
        return torch.tensor(numbers, dtype=torch.float64, requires_grad=True)

    def weight_tensor(self) -> Any:
        given = self.given
        if "weight" in given or "weight_shape" in given:
            return self.tensor("weight")
        shape = (given["out_channels"], given["in_channels"] // given.get("groups", 1), *self.each("kernel_size"))
        return torch.zeros(shape, dtype=torch.float64, requires_grad=True)

    def bias_tensor(self) -> Any:
        bias = self.given.get("bias")
        if self.pools or bias in (None, False):
            return None
        filters = self.weight.shape[0] if self.weight.dim() == self.count + 2 else 1
        numbers = [0] * filters if bias is True else _exact(bias if isinstance(bias, list) else [bias], self.values)
        return torch.tensor(_floats(numbers), dtype=torch.float64, requires_grad=True)

    def each(self, field: str) -> tuple[int, ...]:
        """A setting for each axis."""
        value = self.given[field]
        return tuple(value) if isinstance(value, list) else (value,) * self.count

    def output(self, x: Any, bias: Any) -> Any:
        """The output, without the axes that the input doesn't have."""
        y = self.pooled(x.reshape(self.shape)) if self.pools else self.weighted(x.reshape(self.shape), bias)
        return y.reshape(y.shape[2 - self.lead :])

    def pooled(self, x: Any) -> Any:
        given, f = self.given, torch.nn.functional
        settings = {name: self.each(name) for name in ("kernel_size", "stride", "padding")}
        settings["ceil_mode"] = given["ceil_mode"]
        if self.operation.startswith("max"):
            # An operation on shapes alone may have a padding that PyTorch refuses; pad by hand.
            x = f.pad(x, self.sides(settings.pop("padding")), value=-math.inf) if not given["ceil_mode"] else x
            return getattr(f, self.operation)(x, dilation=self.each("dilation"), **settings)
        settings["count_include_pad"] = given["count_include_pad"]
        if given.get("divisor_override") is not None:
            settings["divisor_override"] = given["divisor_override"]
        return getattr(f, self.operation)(x, **settings)

    def weighted(self, x: Any, bias: Any) -> Any:
        kernel, f = self.weight, torch.nn.functional
        stride, padding = self.each("stride"), self.each("padding")
        if self.operation == "locally_connected1d":
            windows = f.pad(x, self.sides(padding)).unfold(2, self.reach(), stride[0])[..., :: self.each("dilation")[0]]
            return (windows * kernel).sum(-1) + (0 if bias is None else bias)
        if kernel.dim() == self.count:
            kernel = kernel[None, None]
        if self.operation.startswith("convolve"):
            kernel = kernel.flip(*range(2, 2 + self.count))
        convolve = getattr(f, f"conv{self.count}d")
        return convolve(x, kernel, bias, stride, padding, self.each("dilation"), self.given.get("groups", 1))

    def reach(self) -> int:
        return int(self.each("dilation")[0] * (self.weight.shape[-1] - 1) + 1)

    def sides(self, padding: tuple[int, ...]) -> list[int]:
        """The padding in the order of torch.nn.functional.pad: the last axis first, both its ends."""
        return [size for size in reversed(padding) for _ in range(2)]

    def asked(self, asks: str) -> Any:
        """The tensor, list or number that the word asks for."""
        match asks:
            case "output":
                return self.output(self.input, self.bias)
            case "output_shape":
                return self.output_shape()
            case "output_size":
                (size,) = set(self.output_shape()[-self.count :])
                return size
            case "padded_input":
                return torch.nn.functional.pad(self.input, self.sides(self.each("padding")))
            case "padded_shape":
                return list(torch.nn.functional.pad(self.input, self.sides(self.each("padding"))).shape)
            case "operator_matrix":
                return self.operator()
            case "operator_shape":
                return list(self.operator().shape)
            case "weight_shape":
                return list(self.weight.shape)
            case "weight_count":
                return self.weight.numel()
            case "bias_shape":
                return list(self.bias.shape)
            case "parameter_count":
                return sum(each.numel() for each in (self.weight, self.bias) if each is not None)
        return self.gradient({"grad_input": self.input, "grad_weight": self.weight, "grad_bias": self.bias}[asks])

    def output_shape(self) -> list[int]:
        return list(self.output(self.input, self.bias).shape)

    def operator(self) -> Any:
        """The Jacobian of the output for the input."""
        jacobian = torch.autograd.functional.jacobian(lambda x: self.output(x, None), self.input)
        return jacobian.reshape(-1, self.input.numel())

    def gradient(self, variable: Any) -> Any:
        upstream = torch.tensor(_floats(_exact(self.given["grad_output"], self.values)), dtype=torch.float64)
        (found,) = torch.autograd.grad(self.output(self.input, self.bias), variable, upstream)
        return found.sum() if variable is self.bias and self.lead == 0 else found


def _floats(value: Any) -> Any:
    return list(map(_floats, value)) if isinstance(value, list) else float(value)
