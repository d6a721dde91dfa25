"""Counts of weights and operations with PyTorch: modules without memory, its counter of operations, windows of ones."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from importlib import import_module
from typing import Any

from cnnex.stress.numbers import torch

Given = Mapping[str, Any]
_OF_LAYER = (
    "input_shape", "kernel_shape", "input_count", "output_count", "dense_weight_count", "dense_weight_ratio",
    "unshared_weight_count", "effective_unshared_weight_count", "flops", "activation_memory", "macs",
)  # fmt: skip
_OF_STACK = ("weight_count", "parameter_count", "weight_shape", "output_shape")


def covers(given: Given, part: Given) -> bool:
    """Whether a part is recomputed here; of one layer alone the weights are counted with its other arrays."""
    asks = part["asks"].removesuffix("_formula")
    if "layers" in given:
        known = {"Conv2d", "BatchNorm2d", "ReLU", "MaxPool2d", "AvgPool2d", "Flatten", "Linear"}
        return asks in (*_OF_LAYER, *_OF_STACK) and {each["layer"] for each in given["layers"]} <= known
    return asks in _OF_LAYER and "conv" in given["operation"]


def recompute(given: Given, part: Given) -> Any:
    """The key of a part."""
    asks = part["asks"].removesuffix("_formula")
    if asks == "input_shape":
        return list(torch.empty(given["input_shape"]).shape)
    layers = _layers(given)
    modules = [_module(layer) for layer in layers]
    if asks == "kernel_shape":
        return list(modules[0].weight[0].shape)
    chosen = modules if part.get("layer") is None else [modules[part["layer"]]]
    if any("in_features" in each and each["in_features"] is None for each in layers):  # found by a pass
        _run(modules, torch.empty((1, *_input(given, layers[0])), device="meta"), None)
    if asks == "weight_count":
        return sum(each.weight.numel() for each in chosen if hasattr(each, "weight"))
    if asks == "parameter_count":
        return sum(weight.numel() for each in chosen for weight in each.parameters())
    if asks == "weight_shape":
        return list(chosen[0].weight.shape)
    x = torch.empty((1, *_input(given, layers[0])), device="meta")
    if asks == "effective_unshared_weight_count":
        return _met(modules[0], x)
    return _count(given, asks, _run(modules, x, part.get("layer")))


def _run(modules: list[Any], x: Any, chosen: int | None) -> list[tuple[Any, Any, Any, int]]:
    """Each module with its input, its output and its operations; the chosen one alone where there is one."""
    seen = []
    for number, module in enumerate(modules):
        # Two operations for each product, and none for biases.
        with import_module("torch.utils.flop_counter").FlopCounterMode(display=False) as counter:
            y = module(x)
        if chosen in (None, number):
            seen.append((module, x, y, counter.get_total_flops()))
        x = y
    return seen


def _count(given: Given, asks: str, seen: list[tuple[Any, Any, Any, int]]) -> Any:
    module, x, y, _ = seen[0]
    match asks:
        case "input_count":
            return x.numel()
        case "output_shape":
            shape = list(y.shape[1:])
            return [*shape[1:], shape[0]] if given.get("order") == "HWC" and len(shape) > 1 else shape
        case "output_count":
            return seen[-1][2].numel()
        case "macs":
            return sum(operations for *_, operations in seen) // 2
        case "flops":
            return sum(operations for *_, operations in seen)
        case "activation_memory":
            kept = [out.numel() for each, _, out, _ in seen if not isinstance(each, torch.nn.Flatten)]
            return sum(kept) * given["bytes_per_value"] * given["batch_size"]
        case "unshared_weight_count":
            return module.weight.numel() * y[0, 0].numel()
    dense = torch.nn.Linear(x.numel(), y.numel(), bias=False, device="meta").weight.numel()
    return dense if asks == "dense_weight_count" else Fraction(dense, module.weight.numel())


def _input(given: Given, layer: Given) -> list[int]:
    """The shape of the input with channels; where only the output is known, the one that leads to it."""
    if "input_shape" not in given:
        sides = zip(given["output_shape"][1:], layer["kernel_size"], strict=True)
        return [layer["in_channels"], *(size + kernel - 1 for size, kernel in sides)]
    shape = list(given["input_shape"])
    return shape if "layers" in given or len(shape) > len(given["stride"]) else [1, *shape]


def _layers(given: Given) -> list[Given]:
    if "layers" in given:
        return list(given["layers"])
    axes = len(given["stride"])
    if "weight_shape" in given:
        weight = given["weight_shape"]
    elif "weight" in given:
        weight = list(torch.tensor(given["weight"]).shape)
    else:
        weight = [given["out_channels"], given["in_channels"], *given["kernel_size"]]
    channels = weight[:2] if len(weight) > axes else [1, 1]
    single = {"layer": f"Conv{axes}d", "out_channels": channels[0], "in_channels": channels[1]}
    fields = {name: given[name] for name in ("stride", "padding", "dilation")}
    return [{**single, **fields, "kernel_size": weight[-axes:], "bias": given["bias"] not in (None, False)}]


def _module(layer: Given) -> Any:
    settings = {name: tuple(value) if isinstance(value, list) else value for name, value in layer.items()}
    kind: str = layer["layer"]
    del settings["layer"]
    device = {} if kind in ("Flatten", "ReLU", "MaxPool2d", "AvgPool2d") else {"device": "meta"}
    if kind == "Linear" and settings["in_features"] is None:
        kind = "LazyLinear"
        del settings["in_features"]
    return getattr(torch.nn, kind)(**settings, **device)


def _met(module: Any, x: Any) -> int:
    """How many weights meet an input: the layer with a kernel of ones, on ones, adds them up."""
    ones = torch.ones(x.shape, dtype=torch.float64)
    kernel = torch.ones(module.weight.shape, dtype=torch.float64)
    convolve = getattr(torch.nn.functional, f"conv{x.dim() - 2}d")
    return int(convolve(ones, kernel, None, module.stride, module.padding, module.dilation).sum().item())
