"""Words with mathematics in them: what a page says, before any format spells it."""

from __future__ import annotations

import string
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from cnnex.figures.picture import Drawing, Picture, drawn
from cnnex.figures.svg import svg
from cnnex.notation.formula import Formula, Term

Inline = str | Formula | int | Fraction


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph: words and inline mathematics in turn."""

    parts: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Display:
    """A formula on lines of its own."""

    formula: Term


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one head row; the caption says what it shows."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Inline, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing, made when it is printed; all that it shows is also in its alt text."""

    drawing: Drawing

    @property
    def picture(self) -> Picture:
        """The shapes and words."""
        return drawn(self.drawing)

    @property
    def svg(self) -> str:
        """The picture as an SVG file."""
        return svg(self.picture)

    @property
    def inline(self) -> str:
        """The picture as a part of a page of HTML."""
        return svg(self.picture, inline=True)

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        return self.picture.alt

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        return self.drawing.size


Block = Prose | Display | Table | Figure


def figure(drawing: Drawing) -> tuple[Figure, ...]:
    """The drawing as a block, or nothing where a page has no room for it."""
    return (Figure(drawing),) if drawing.fits else ()


def prose(words: str, /, **holes: Inline | Prose) -> Prose:
    """Words with named holes, filled by terms, words or prose.

    >>> prose("The stride is {s}.", s=2)
    Prose(parts=('The stride is ', 2, '.'))
    """
    parts: list[Inline] = []
    for text, hole in _pieces(words):
        if text:
            parts.append(text)
        if hole:
            filling = holes[hole]
            if isinstance(filling, Prose):
                parts += filling.parts
            else:
                parts.append(filling)
    return Prose(tuple(parts))


@cache
def _pieces(words: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((text, hole) for text, hole, _, _ in string.Formatter().parse(words))
