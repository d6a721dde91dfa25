"""A single operation with torch.nn.functional: its output, its sizes, its gradients by autograd."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from cnnex.stress.numbers import tensor, torch

Given = Mapping[str, Any]
_COVERED = (
    "output", "output_entry", "output_shape", "output_size", "output_size_formula", "grad_input", "grad_input_formula",
    "grad_weight", "grad_bias", "grad_input_entry", "grad_weight_entry", "operator_matrix", "operator_shape",
    "weight_shape", "weight_count", "bias_shape", "parameter_count", "padded_input", "padded_shape", "padded_size",
    "output_mean", "zero_count",
)  # fmt: skip


def covers(given: Given, part: Given) -> bool:
    """Whether the word asks something of a single operation."""
    return "operation" in given and part["asks"] in _COVERED


def recompute(given: Given, part: Given) -> Any:
    """What PyTorch comes to, as nested lists or a number; None where there is no such layer."""
    if 0 in given.get("stride", ()):
        return None
    layer, asks = Layer(given), part["asks"].removesuffix("_formula")
    if asks.endswith("_entry"):
        return layer.asked(asks.removesuffix("_entry"))[tuple(part["index"])].item()
    found = layer.asked(asks)
    if asks != part["asks"] and torch.is_tensor(found):  # a formula stands for all entries alike
        (found,) = found.unique()
    return found.tolist() if torch.is_tensor(found) else found


class Layer:
    """The operation of `given`, whose data are numbers, on tensors with batch and channels."""

    def __init__(self, given: Given) -> None:
        self.given = given
        operation: str = given["operation"]
        self.operation = operation
        self.count = 1 if operation == "linear" else int(operation[-2])
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
        return tensor(self.given[field]).requires_grad_()

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
        numbers = [0] * filters if bias is True else bias if isinstance(bias, list) else [bias]
        return tensor(numbers).requires_grad_()

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
        if self.operation == "linear":
            return f.linear(x, kernel, bias)
        stride, padding = self.each("stride"), self.each("padding")
        if self.operation == "locally_connected1d":
            windows = f.pad(x, self.sides(padding)).unfold(2, self.reach(), stride[0])[..., :: self.each("dilation")[0]]
            return (windows * kernel).sum(-1) + (0 if bias is None else bias)
        if kernel.dim() == self.count:
            kernel = kernel[None, None]
        if self.operation.startswith("convolve"):
            kernel = kernel.flip(*range(2, 2 + self.count))
        if self.operation.startswith("conv_transpose"):
            convolve = getattr(f, self.operation)
            setting = (stride, padding, self.each("output_padding"), self.given["groups"], self.each("dilation"))
            return convolve(x, kernel, bias, *setting)
        if self.given.get("padding_mode") == "circular":
            x, padding = f.pad(x, self.sides(padding), mode="circular"), (0,) * self.count
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
            case "padded_size":
                return torch.nn.functional.pad(self.input, self.sides(self.each("padding"))).shape[-1]
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
            case "output_mean":
                return self.output(self.input, self.bias).mean()
            case "zero_count":
                return (self.weight == 0).sum()
        return self.gradient({"grad_input": self.input, "grad_weight": self.weight, "grad_bias": self.bias}[asks])

    def output_shape(self) -> list[int]:
        return list(self.output(self.input, self.bias).shape)

    def operator(self) -> Any:
        """The outputs for inputs that are 1 at one place and 0 elsewhere, side by side: the layer is linear."""
        size = self.input.numel()
        units = torch.eye(size, dtype=torch.float64)
        return torch.stack([self.output(unit.reshape(self.input.shape), None).flatten() for unit in units], dim=1)

    def gradient(self, variable: Any) -> Any:
        upstream = tensor(self.given["grad_output"])
        (found,) = torch.autograd.grad(self.output(self.input, self.bias), variable, upstream)
        return found.sum() if variable is self.bias and self.lead == 0 else found
