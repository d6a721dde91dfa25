"""The second opinion: keys recomputed with torch.nn.functional and autograd, from `given` and `asks` alone.

Symbols are replaced by random integers. Nothing of cnnex but its neighbours here is imported, least of all its maths,
so an error there can't hide. PyTorch is no dependency: `torch` is None where it isn't installed.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from cnnex.stress import channels, claims, counts, definitions, designs, fields, filters, layer
from cnnex.stress.numbers import close, exact, names, torch

__all__ = ["confirms", "torch"]

Given = Mapping[str, Any]
_SIZES = {
    "input_shape": range(1, 30), "output_shape": range(1, 8), "output_size": range(1, 30), "kernel_size": range(1, 8),
    "weight_shape": range(1, 8), "stride": range(1, 6), "padding": range(5), "dilation": range(1, 4),
    "in_channels": range(1, 8), "out_channels": range(1, 8), "in_features": range(1, 8), "out_features": range(1, 8),
    "num_features": range(1, 8),
}  # fmt: skip
_ENTRIES = dict.fromkeys(("input", "weight", "bias", "grad_output"), (-7, -5, -4, -3, -2, 2, 3, 4, 5, 7, 11))
_NUMBERS: Mapping[str, Any] = {**_SIZES, **_ENTRIES}
"""By field what its names may stand for."""
_WORDED = ("choice", "selection", "boolean")
_POINTS, _FORMULA_POINTS, _ATTEMPTS = 3, 12, 200
_MODULES = (definitions, filters, channels, designs, counts, fields, layer)
"""The first that covers a word recomputes it."""


def confirms(item: Mapping[str, Any], part: Mapping[str, Any]) -> bool | None:
    """Whether PyTorch comes to the key of a part, both as a key file says them; None where it can't say."""
    given = {**item["given"], **part.get("given", {})}
    # What is looked for has a name, too, but stands for nothing yet.
    drawn = {} if part["asks"] == "wanted_weight" else dict(sorted(_drawn(given).items()))
    wanted = 1 if not drawn else _FORMULA_POINTS if part["asks"].endswith("_formula") else _POINTS
    rng, met = random.Random(0), 0  # noqa: S311
    for _ in range(_ATTEMPTS):
        values = {name: rng.choice(options) for name, options in drawn.items()}
        try:
            found = _recompute(_put(given, values), part)
        except (RuntimeError, ValueError):
            if not drawn:
                raise
            continue  # the kernel doesn't fit at this point
        if found is None:
            return None
        if not close(found, part["value"] if part.get("kind") in _WORDED else exact(part["value"], values)):
            return False
        met += 1
        if met == wanted:
            return True
    return None


def _recompute(given: Given, part: Given) -> Any:
    """The key from data without names; None where no module can say."""
    if claims.covers(given, part):
        return claims.recompute(given, part, _recompute)
    for module in _MODULES:
        if module.covers(given, part):
            return module.recompute(given, part)
    return None


def _drawn(given: Given) -> dict[str, Any]:
    """What each name in the data may stand for: a name in several fields is what the first in `_NUMBERS` says."""
    found: dict[str, Any] = {}
    for record in (given, *_records(given)):
        for field, numbers in _NUMBERS.items():
            for name in names(record.get(field)):
                found.setdefault(name, numbers)
    return found


def _records(given: Given) -> list[Given]:
    return [*given.get("layers", []), *([given["repeated"]] if "repeated" in given else [])]


def _put(given: Given, values: Mapping[str, int]) -> dict[str, Any]:
    """The data with numbers for names.

    Raises:
        ValueError: a size is no whole number.
    """
    if not values:
        return dict(given)
    found = {field: exact(value, values) if field in _NUMBERS else value for field, value in given.items()}
    for field in found.keys() & _SIZES:
        found[field] = _whole(found[field])
    if "layers" in given:
        found["layers"] = [_put(layer, values) for layer in given["layers"]]
    if "repeated" in given:
        found["repeated"] = _put(given["repeated"], values)
    return found


def _whole(size: Any) -> Any:
    if isinstance(size, list):
        return list(map(_whole, size))
    if isinstance(size, float) and not size.is_integer():
        raise ValueError(f"a size of {size}")
    return int(size) if isinstance(size, float) else size
