"""Recomputes a key from the JSON of a key file, by the first module that covers the part, and compares the two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy

from oracles import channels, claims, counts, definitions, filters, naive, receptive, shares, stacks
from oracles.text import Counted, entry, names_in

NOT_RECOMPUTABLE = "not recomputable"
WORDED = ("statement", "claim", "claims", "filter_effect", "convolution_term")
"""What is answered by a truth or by ids of choices."""
_MODULES = (definitions, shares, filters, claims, channels, stacks, receptive, counts, naive)
"""The first that covers a part recomputes it."""


def recompute(item: Mapping[str, Any], part: Mapping[str, Any]) -> Any:
    """The key of a part, from `given`, `asks`, `index` and `layer` alone."""
    if part["asks"] == "statement":
        return NOT_RECOMPUTABLE
    given = {**item["given"], **part.get("given", {})}
    module = next(each for each in _MODULES if each.covers(given, part))
    return module.recompute(given, part)


def same(expected: Any, value: Any, part: Mapping[str, Any]) -> bool:
    """Whether a recomputed value is the one that a key file holds."""
    if part.get("asks") in WORDED:
        return bool(expected == value and type(expected) is type(value))
    if isinstance(expected, list) or isinstance(value, list):
        return (
            isinstance(expected, list)
            and isinstance(value, list)
            and len(expected) == len(value)
            and all(same(a, b, part) for a, b in zip(expected, value, strict=True))
        )
    if isinstance(expected, bool) or isinstance(value, bool):
        return expected is value
    if isinstance(value, str) and not names_in(value) <= set(part["symbols"]):
        return False
    if isinstance(expected, Counted):
        return expected.agrees(value)
    return _equal(expected, entry(value))


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, sympy.Basic) or isinstance(b, sympy.Basic):
        return bool(sympy.expand(a - b) == 0)
    return bool(a == b)


def canonical(value: Any, part: Mapping[str, Any], expected: Any = None) -> Any:
    """A value of a key file in a form that is equal for equal values; a formula as its values on the grid."""
    if part.get("asks") in WORDED or isinstance(value, bool):
        return repr(value)
    if isinstance(value, list):
        inner = expected if isinstance(expected, list) and len(expected) == len(value) else [None] * len(value)
        return tuple(canonical(each, part, other) for each, other in zip(value, inner, strict=True))
    if isinstance(expected, Counted):
        return expected.sizes if expected.agrees(value) else expected.values(str(value))
    found = entry(value)
    return sympy.expand(found) if isinstance(found, sympy.Basic) else found
