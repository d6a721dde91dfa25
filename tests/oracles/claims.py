"""Whether a claim about a layer holds: its quantity, recomputed, against the value or the other layer that it names."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from oracles import keys, naive
from oracles.text import entry

Given = Mapping[str, Any]


def covers(given: Given, part: Given) -> bool:
    """Whether the word is answered here."""
    return part["asks"] in ("claim", "claims")


def recompute(given: Given, part: Mapping[str, Any]) -> bool | list[str]:
    """The key of a part."""
    return holds(given, given["claim"]) if part["asks"] == "claim" else holding(given)


def holds(given: Given, claim: Mapping[str, Any]) -> bool:
    """Whether the quantity, `times` so many, has the `relation` to the `value`, or to that of the `other` layer."""
    layer = {name: value for name, value in given.items() if name not in ("claim", "claims")}
    found = quantity(layer, claim)
    if "times" in claim:
        found = claim["times"] * found
    against = exact(claim["value"]) if "value" in claim else quantity({**layer, **claim["other"]}, claim)
    match claim["relation"]:
        case "=":
            return bool(found == against)
        case "!=":
            return bool(found != against)
        case "<":
            return bool(found < against)
        case ">":
            return bool(found > against)
    raise ValueError(f"{claim['relation']!r} is no relation")


def holding(given: Given) -> list[str]:
    """The ids of the claims that hold."""
    return [name for name, claim in given["claims"].items() if holds(given, claim)]


def exact(value: Any) -> Any:
    """Nested lists with fractions in place of their text."""
    if isinstance(value, list):
        return [exact(each) for each in value]
    return entry(value)


def quantity(given: Given, claim: Mapping[str, Any]) -> Any:
    """What a claim speaks of; None where there is no such thing, as the output of a layer with stride 0."""
    asks = claim["asks"]
    if "layers" in given:
        return of_stack(given, asks, claim["layer"])
    if 0 in given.get("stride", ()):
        return None
    if asks == "receptive_field":
        return common(naive.receptive_field(given))
    if asks == "output_mean":
        entries = flat(quantity(given, {"asks": "output"}))
        return Fraction(sum(entries), len(entries))
    if asks == "zero_count":
        return flat(given["weight"]).count(0)
    if asks == "output":
        return output(given)
    if asks == "output_entry":
        found = output(given)
        for index in claim["index"]:
            found = found[index]
        return found
    return keys.recompute({"given": given}, {"asks": asks, "value": claim.get("value", [])})


def output(given: Given) -> Any:
    """The output, also of layers that have no window."""
    if given["operation"] == "linear":
        return [sum(w * x for w, x in zip(row, given["input"], strict=True)) for row in given["weight"]]
    if given["operation"] == "conv_transpose1d":
        painted = [0] * (len(given["input"]) + len(given["weight"]) - 1)
        for i, x in enumerate(given["input"]):
            for j, w in enumerate(given["weight"]):
                painted[i + j] += x * w
        return painted
    if given.get("padding_mode") == "circular":
        (border,) = given["padding"]
        x, n = given["input"], len(given["input"])
        around = [x[i % n] for i in range(-border, n + border)]
        return output({**given, "input": around, "padding": [0], "padding_mode": "zeros"})
    return exact(keys.recompute({"given": given}, {"asks": "output"}))


def of_stack(given: Given, asks: str, layer: int) -> Any:
    """A quantity of one of a few layers."""
    record = given["layers"][layer]
    if asks == "receptive_field":
        return common(naive.receptive_field({"layers": list(map(_operation, given["layers"][: layer + 1]))}))
    if asks == "output_shape" and record["layer"] == "ReLU":
        return given["input_shape"]
    if asks == "parameter_count":
        match record["layer"]:
            case "BatchNorm2d":
                return len(
                    [(channel, name) for channel in range(record["num_features"]) for name in ("scale", "shift")]
                )
            case "Linear":
                return record["out_features"] * sum((record["in_features"], record["bias"]))
    raise ValueError(f"{asks} of {record['layer']} is not covered")


def _operation(record: Mapping[str, Any]) -> dict[str, Any]:
    return {"operation": "conv2d", **record}


def common(sides: list[int]) -> int:
    """The one side of a square."""
    (side,) = {*sides}
    return side


def flat(value: Any) -> list[Any]:
    """All entries of nested lists."""
    return [entry for each in value for entry in flat(each)] if isinstance(value, list) else [value]
