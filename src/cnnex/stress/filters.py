"""Filters with PyTorch: what they do to images, where they find something, the weight that they need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnnex.stress import layer
from cnnex.stress.numbers import TOLERANCE, exact, names, tensor, torch

Given = Mapping[str, Any]


def covers(given: Given, part: Given) -> bool:
    """Whether the part asks about a filter."""
    return part["asks"] in ("filter_effect", "wanted_weight", "detected_place")


def recompute(given: Given, part: Given) -> Any:
    """The id of the effect, the weight or the place."""
    match part["asks"]:
        case "filter_effect":
            return _effect(tensor(given["weight"]))
        case "wanted_weight":
            ((wanted,),) = given["output"]
            at_0, at_1 = (_response(given, number) for number in (0, 1))
            return (wanted - at_0) / (at_1 - at_0)
    found = tensor(layer.recompute(given, {"asks": "output"}))
    ((row, column),) = (found >= given["threshold"]).nonzero().tolist()
    return [row + 1, column + 1]


def _response(given: Given, number: int) -> Any:
    """The only output, with a number for the weight that is looked for."""
    weight = exact(given["weight"], dict.fromkeys(names(given["weight"]), number))
    ((response,),) = layer.recompute({**given, "weight": weight}, {"asks": "output"})
    return response


def _effect(weight: Any) -> str:
    """The effect by the responses to flat images, to lines and to single dots."""
    flat = weight.sum()
    if (flat - 1).abs() < TOLERANCE:
        middle = torch.zeros_like(weight)
        middle[tuple(size // 2 for size in weight.shape)] = 1
        if (weight >= 0).all():
            return "local-averaging" if weight.max() < 1 else "identity" if weight.equal(middle) else "shift"
        return "sharpening" if (weight * (1 - middle) <= 0).all() else "other"
    if flat.abs() < TOLERANCE:
        lines, columns = (weight.sum(axis).abs().max() > TOLERANCE for axis in (1, 0))
        if lines != columns:
            return "horizontal-edges" if lines else "vertical-edges"
        turned = (weight.T, weight.flip(0), weight.flip(1))
        if lines and all(each.equal(weight) for each in turned):
            return "all-edges"
    return "other"
