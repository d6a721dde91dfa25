"""The second opinion: keys recomputed with torch.nn.functional and autograd, from `given` and `asks` alone.

Symbols are replaced by random integers. Nothing of cnnex is imported, least of all its maths, so an error there can't
hide here. PyTorch is no dependency: `torch` is None where it isn't installed.
"""

from __future__ import annotations

import ast
import math
import operator
import random
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from cnnex.stress import channels, counts, fields

torch: Any = import_module("torch") if find_spec("torch") else None

Given = Mapping[str, Any]
_TOLERANCE = 1e-9
_FORMULAS = {"output_size_formula": "output_size", "grad_input_formula": "grad_input_formula"}
"""What is asked of sizes that are letters, and what it is of numbers."""
_COVERED = (
    "output", "output_entry", "output_shape", "output_size", "grad_input", "grad_weight", "grad_bias",
    "grad_input_entry", "grad_weight_entry", "operator_matrix", "operator_shape", "weight_shape", "weight_count",
    "bias_shape", "parameter_count", "padded_input", "padded_shape", *_FORMULAS,
)  # fmt: skip
_ENTRIES = (-7, -5, -4, -3, -2, 2, 3, 4, 5, 7, 11)
_RANGES = {
    "input_shape": range(1, 30), "kernel_size": range(1, 8), "weight_shape": range(1, 8), "stride": range(1, 6),
    "padding": range(5), "dilation": range(1, 4),
}  # fmt: skip
_ARRAYS = ("input", "weight", "bias", "grad_output")
_POINTS, _FORMULA_POINTS, _ATTEMPTS = 3, 12, 200


def confirms(item: Mapping[str, Any], part: Mapping[str, Any]) -> bool | None:
    """Whether PyTorch comes to the key of a part, both as a key file says them; None where it can't say."""
    given = {**item["given"], **part.get("given", {})}
    if counts.covers(given, part["asks"]):
        return all(
            _close(counts.recompute(given, part, values), _exact(part["value"], values))
            for values in counts.points(given, part["asks"])
        )
    if channels.covers(part["asks"]):
        found = channels.recompute(given, part)
        return found is part["value"] if isinstance(found, bool) else _close(found, _exact(part["value"], {}))
    if fields.covers(given, part):
        return bool(fields.receptive_field(given["layers"][: part["layer"] + 1]) == part["value"])
    sizes = {name: _RANGES[field] for field in _RANGES for name in _names(given.get(field))}
    if part["asks"] not in _COVERED or "operation" not in given or (sizes and part["asks"] not in _FORMULAS):
        return None
    entries = dict.fromkeys(_names([given.get(array) for array in _ARRAYS]), _ENTRIES)
    rng, met = random.Random(0), 0  # noqa: S311
    for _ in range(_ATTEMPTS):
        values = {name: rng.choice(options) for name, options in sorted({**sizes, **entries}.items())}
        try:
            found = _found(_numbers(given, values), part)
        except (RuntimeError, ValueError):
            if not sizes:
                raise
            continue  # the kernel doesn't fit at this point
        if not _close(found, _exact(part["value"], values)):
            return False
        met += 1
        if met == (_FORMULA_POINTS if sizes else _POINTS if entries else 1):
            return True
    return None


def _numbers(given: Given, values: Mapping[str, int]) -> Given:
    """The data with numbers for all names."""
    return {**given, **{field: _exact(given[field], values) for field in (*_RANGES, *_ARRAYS) if field in given}}


# --- Expressions as text ---------------------------------------------------------------------------------------

_CALLS: dict[str, Callable[..., Any]] = {
    "floor": math.floor, "ceil": math.ceil, "max": max, "min": min, "abs": abs, "relu": lambda a: max(a, 0),
}  # fmt: skip
_SIGNS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow,
}  # fmt: skip


@lru_cache(4096)
def _tree(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _evaluate(node: ast.expr, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=int(number)):
            return number
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_evaluate(operand, values)
        case ast.BinOp(left=left, op=sign, right=right):
            return _SIGNS[type(sign)](_evaluate(left, values), _evaluate(right, values))
        case ast.Call(func=ast.Name(id=name), args=args):
            return _CALLS[name](*(_evaluate(each, values) for each in args))
    raise ValueError(f"{ast.unparse(node)} is not the plain text of an expression")


@lru_cache(4096)
def _names_in(text: str) -> frozenset[str]:
    names = {node.id for node in ast.walk(_tree(text)) if isinstance(node, ast.Name)}
    return frozenset(names - _CALLS.keys())


def _names(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_names, value))
    return set(_names_in(value)) if isinstance(value, str) else set()


def _exact(value: Any, values: Mapping[str, int]) -> Any:
    if isinstance(value, list):
        return [_exact(each, values) for each in value]
    return _evaluate(_tree(value), values) if isinstance(value, str) else value


def _close(found: Any, key: Any) -> bool:
    if isinstance(found, list) and isinstance(key, list):
        return len(found) == len(key) and all(map(_close, found, key))
    if isinstance(found, list) or isinstance(key, list | bool):
        return False
    return math.isclose(found, key, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)


def _found(given: Given, part: Mapping[str, Any]) -> Any:
    asks: str = part["asks"]
    asks = _FORMULAS.get(asks, asks)
    layer = Layer(given)
    if asks.endswith("_entry"):
        return layer.asked(asks.removesuffix("_entry"))[tuple(part["index"])].item()
    found = layer.asked(asks)
    return found.tolist() if torch.is_tensor(found) else found


class Layer:
    """The operation of `given`, whose data are numbers, on tensors with batch and channels."""

    def __init__(self, given: Given) -> None:
        self.given = given
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
        numbers = _floats(self.given[field])
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
        numbers = [0] * filters if bias is True else bias if isinstance(bias, list) else [bias]
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
            case "grad_input_formula":
                (entry,) = set(self.gradient(self.input).flatten().tolist())
                return entry
        return self.gradient({"grad_input": self.input, "grad_weight": self.weight, "grad_bias": self.bias}[asks])

    def output_shape(self) -> list[int]:
        return list(self.output(self.input, self.bias).shape)

    def operator(self) -> Any:
        """The outputs for inputs that are 1 at one place and 0 elsewhere, side by side: the layer is linear."""
        size = self.input.numel()
        units = torch.eye(size, dtype=torch.float64)
        return torch.stack([self.output(unit.reshape(self.input.shape), None).flatten() for unit in units], dim=1)

    def gradient(self, variable: Any) -> Any:
        upstream = torch.tensor(_floats(self.given["grad_output"]), dtype=torch.float64)
        (found,) = torch.autograd.grad(self.output(self.input, self.bias), variable, upstream)
        return found.sum() if variable is self.bias and self.lead == 0 else found


def _floats(value: Any) -> Any:
    return list(map(_floats, value)) if isinstance(value, list) else float(value)
