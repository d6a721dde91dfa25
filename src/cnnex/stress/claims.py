"""Whether claims hold: the quantity of each, recomputed, against the value or the other layer that it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cnnex.stress.numbers import close, exact

Given = Mapping[str, Any]
Recompute = Callable[[Given, Given], Any]


def covers(given: Given, part: Given) -> bool:
    """Whether a truth is asked for that the data spell out."""
    return part["asks"] in ("claim", "claims")


def recompute(given: Given, part: Given, quantity: Recompute) -> bool | list[str]:
    """Whether the claim holds, or the ids of those that do."""
    if part["asks"] == "claim":
        return _holds(given, given["claim"], quantity)
    return [name for name, claim in given["claims"].items() if _holds(given, claim, quantity)]


def _holds(given: Given, claim: Given, quantity: Recompute) -> bool:
    part = {"value": None, **claim}
    found = quantity(given, part)
    if "times" in claim:
        found = claim["times"] * found
    against = exact(claim["value"], {}) if "value" in claim else quantity({**given, **claim["other"]}, part)
    match claim["relation"]:
        case "=":
            return close(found, against)
        case "!=":
            return not close(found, against)
        case "<":
            return bool(found < against)
        case ">":
            return bool(found > against)
    raise ValueError(f"{claim['relation']!r} is no relation")
