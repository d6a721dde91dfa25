"""What a filter does, by its responses to test images; where it finds something; the weight that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from oracles import naive
from oracles.shapes import shape_of
from oracles.text import evaluate, names_in

Given = Mapping[str, Any]


def covers(given: Given, part: Given) -> bool:
    """Whether the word is answered here."""
    return part["asks"] in ("filter_effect", "wanted_weight", "detected_place")


def recompute(given: Given, part: Given) -> Any:
    """The key of a part."""
    match part["asks"]:
        case "filter_effect":
            return effect(given)
        case "detected_place":
            found = naive.recompute(given, {"asks": "output"})
            ((row, column),) = [
                (r, c)
                for r, line in enumerate(found, 1)
                for c, each in enumerate(line, 1)
                if each >= given["threshold"]
            ]
            return [row, column]
    at_0, at_1 = (_response(given, given["input"], symbol) for symbol in (0, 1))
    ((wanted,),) = given["output"]
    return Fraction(wanted - at_0) / (at_1 - at_0)


def _response(given: Given, image: Any, symbol: int = 0) -> Any:
    """The only response to an image as large as the filter; a symbol in the weight has this value."""
    weight = [
        [evaluate(each, dict.fromkeys(names_in(each), symbol)) if isinstance(each, str) else each
         for each in row] for row in given["weight"]
    ]  # fmt: skip
    return sum(w * x for row, line in zip(weight, image, strict=True) for w, x in zip(row, line, strict=True))


def effect(given: Given) -> str:
    """The effect by the responses to flat images, to lines and to single dots."""
    height, width = shape_of(given["weight"])

    def image(lit: Any) -> list[list[int]]:
        return [[int(lit(r, c)) for c in range(width)] for r in range(height)]

    flat = _response(given, image(lambda r, c: True))
    rows = [_response(given, image(lambda r, c, i=i: r == i)) for i in range(height)]
    columns = [_response(given, image(lambda r, c, i=i: c == i)) for i in range(width)]
    dots = {
        (i, j): _response(given, image(lambda r, c, i=i, j=j: (r, c) == (i, j)))
        for i in range(height) for j in range(width)
    }  # fmt: skip
    middle = (height // 2, width // 2) if height % 2 and width % 2 else None
    centre = dots[middle] if middle else None
    if flat == 1:
        if min(dots.values()) >= 0:
            if max(dots.values()) < 1:
                return "local-averaging"
            return "identity" if centre == 1 else "shift"
        others = [value for (r, c), value in dots.items() if (r, c) != middle]
        return "sharpening" if centre is not None and max(others) <= 0 else "other"
    if flat == 0 and any(dots.values()):
        blind_down, blind_across = not any(rows), not any(columns)
        if blind_down != blind_across:
            return "vertical-edges" if blind_down else "horizontal-edges"
        last = height - 1
        round_about = height == width and all(
            dots[r, c] == dots[c, r] == dots[last - r, c] == dots[r, last - c] for r, c in dots
        )
        return "all-edges" if round_about and not blind_down else "other"
    return "other"
