"""Pictures in Typst: shapes as SVG, and words as Typst's own, which sets them in half of the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cnnex.figures.picture import BLACK, Picture, Text
from cnnex.figures.svg import svg

_ANCHORS = {"start": ("left", 0.0), "middle": ("center", 0.5), "end": ("right", 1.0)}
"""From which side of the picture a place is counted, and that side's place as a part of the width."""


def typst(picture: Picture, literal: Callable[[str], str]) -> str:
    """The arguments of the template's `drawing`: the shapes, what they show, the width, and each of the words.

    >>> print(typst(Picture(8, 8, (Text(4, 6, "x"),), "An x"), repr).partition("svg>")[2])
    ', 'An x', 8pt, ((center, 0, 6, 'x'),)
    """
    shapes = tuple(shape for shape in picture.shapes if not isinstance(shape, Text))
    words = "".join(
        [f"{_words(shape, picture.width, literal)}," for shape in picture.shapes if isinstance(shape, Text)]
    )
    drawn = svg(replace(picture, shapes=shapes))
    return f"{literal(drawn)}, {literal(picture.alt)}, {picture.width:.4g}pt, ({words})"


def _words(text: Text, width: float, literal: Callable[[str], str]) -> str:
    side, part = _ANCHORS[text.anchor]
    style = f"{text.size:.3g}pt, " * (text.size != 9) + f'rgb("{text.fill}"), ' * (text.fill != BLACK)
    style += 'style: "italic", ' * text.italic + 'weight: "bold", ' * text.bold
    body = literal(text.words)
    return f"({side}, {text.x - part * width:.4g}, {text.y:.4g}, {f'text({style}{body})' if style else body})"
