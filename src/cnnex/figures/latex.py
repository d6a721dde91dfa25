"""Pictures in LaTeX's own picture environment, with xcolor and no other package.

Sloping lines are drawn by its curves, and areas that are no rectangles as their outline.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from cnnex.figures.picture import Lines, Picture, Polygon, Rect, Shape, Text

_ANCHORS = {"start": "l", "middle": "c", "end": "r"}


def latex(picture: Picture, escape: Callable[[str], str]) -> str:
    r"""The picture, whose words `escape` spells.

    >>> print(latex(Picture(9, 9, (Rect(0, 0, 9, 9, "#000000"),), "Black"), str))
    \begin{picture}(9,9)
    \put(0,0){\color[HTML]{000000}\rule{9pt}{9pt}}
    \end{picture}
    """
    rows = [row for shape in picture.shapes for row in _shape(shape, picture.height, escape)]
    begin = rf"\begin{{picture}}({picture.width:.4g},{picture.height:.4g})"
    return "\n".join([begin, *rows, r"\end{picture}"])


def _shape(shape: Shape, height: float, escape: Callable[[str], str]) -> Iterator[str]:
    match shape:
        case Text(x, y, words, size, anchor, fill, italic, bold):
            style = r"\itshape" * italic + r"\bfseries" * bold
            font = rf"\fontsize{{{size:g}}}{{{size:g}}}\selectfont{style}"
            yield _put(x, height - y, fill, rf"\makebox[0pt][{_ANCHORS[anchor]}]{{{font} {escape(words)}}}")
        case Rect(x, y, wide, high, fill, stroke, thick, dash):
            if fill:
                yield _put(x, height - y - high, fill, rf"\rule{{{wide:.4g}pt}}{{{high:.4g}pt}}")
            if stroke:
                right, low = x + wide, y + high
                for ends in ((x, y, right, y), (x, low, right, low), (x, y, x, low), (right, y, right, low)):
                    yield from _line(*ends, stroke, thick, dash, height)
        case Lines(lines, stroke, thick, dash):
            for ends in lines:
                yield from _line(*ends, stroke, thick, dash, height)
        case Polygon(points, fill):
            for (a, b), (c, d) in zip(points, (*points[1:], points[0]), strict=True):
                yield from _line(a, b, c, d, fill, 0.6, (), height)


def _line(
    a: float, b: float, c: float, d: float, stroke: str, thick: float, dash: tuple[float, ...], height: float
) -> Iterator[str]:
    """A line from (a, b) to (c, d), dash by dash."""
    length = math.hypot(c - a, d - b)
    for begin, end in _dashes(length, dash):
        if end - begin < thick:  # TeX would divide by the number of points of so short a curve, 0
            continue
        x, y = a + (c - a) * begin / length, height - b - (d - b) * begin / length
        u, v = a + (c - a) * end / length, height - b - (d - b) * end / length
        if a == c or b == d:
            wide, high = (thick, abs(v - y)) if a == c else (abs(u - x), thick)
            left, low = min(x, u) - (a == c) * thick / 2, min(y, v) - (b == d) * thick / 2
            yield _put(left, low, stroke, rf"\rule{{{wide:.4g}pt}}{{{high:.4g}pt}}")
        else:
            curve = f"({x:.4g},{y:.4g})({(x + u) / 2:.4g},{(y + v) / 2:.4g})({u:.4g},{v:.4g})"
            yield _put(0, 0, stroke, rf"\linethickness{{{thick:g}pt}}\qbezier{curve}")


def _dashes(length: float, dash: tuple[float, ...]) -> Iterator[tuple[float, float]]:
    if not dash:
        yield 0, length
        return
    at, turn = 0.0, 0
    while at < length:
        if turn % 2 == 0:
            yield at, min(at + dash[turn % len(dash)], length)
        at += dash[turn % len(dash)]
        turn += 1


def _put(x: float, y: float, colour: str, what: str) -> str:
    return rf"\put({x:.4g},{y:.4g}){{\color[HTML]{{{colour[1:].upper()}}}{what}}}"
