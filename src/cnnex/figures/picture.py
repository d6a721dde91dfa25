"""`Picture`, what a drawing becomes: rectangles, lines, polygons and texts, in points from the top left."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

BLACK, QUIET, GREY, RING = "#000000", "#444444", "#777777", "#e6e6e6"
WIDEST, TALLEST = 440.0, 330.0
"""The room of a figure: what is larger could only be shrunk until nobody reads it."""


class Pen(NamedTuple):
    """A hue with a contrast of at least 3 to 1 on white, its tint, and a dash pattern that grey print keeps apart."""

    colour: str
    tint: str
    dash: tuple[float, ...] = ()


# The hues of Okabe and Ito, darkened.
PENS = (
    Pen("#0072b2", "#d6e8f3"),
    Pen("#b34e00", "#f5e3d4", (5, 2)),
    Pen("#00704f", "#d3e8e1", (1.5, 1.5)),
    Pen("#9b3d7a", "#efdde8", (8, 2, 2, 2)),
)


class Rect(NamedTuple):
    """A rectangle, filled, outlined, or both."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    stroke: str = ""
    thick: float = 0.6
    dash: tuple[float, ...] = ()


class Lines(NamedTuple):
    """Straight lines (x, y, x, y) of one kind."""

    ends: tuple[tuple[float, float, float, float], ...]
    stroke: str = BLACK
    thick: float = 0.6
    dash: tuple[float, ...] = ()


class Polygon(NamedTuple):
    """A filled area."""

    points: tuple[tuple[float, float], ...]
    fill: str = BLACK


class Text(NamedTuple):
    """Words whose base line is at y; `anchor` is `start`, `middle` or `end`."""

    x: float
    y: float
    words: str
    size: float = 9
    anchor: str = "middle"
    fill: str = BLACK
    italic: bool = False
    bold: bool = False


Shape = Rect | Lines | Polygon | Text


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes, the later ones on top, and what they show in words."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    alt: str

    def __post_init__(self) -> None:
        if not self.alt:
            raise ValueError("a picture says in words what it shows")


class Drawing(ABC):
    """Frozen data from which a picture is made, the same whenever it is asked for."""

    @property
    @abstractmethod
    def size(self) -> tuple[float, float]:
        """Width and height, found without drawing."""

    @abstractmethod
    def picture(self) -> Picture:
        """The picture with its words."""

    @property
    def fits(self) -> bool:
        """Whether a page has room for it at a size that can be read."""
        width, height = self.size
        return width <= WIDEST and height <= TALLEST


@lru_cache(256)
def drawn(drawing: Drawing) -> Picture:
    """The picture of a drawing: problems and solutions, and all formats, print the same one."""
    return drawing.picture()


Entries = Sequence[Sequence[Any]]
CELL = 17.0


def shown(number: Any) -> str:
    """A number with a true minus sign."""
    return str(number).replace("-", "\u2212")


def said(number: Any) -> str:
    """A number in words: screen readers tend to drop a leading hyphen.

    >>> said(-3)
    'minus 3'
    """
    return str(number).replace("-", "minus ")


def said_rows(entries: Entries) -> str:
    """The rows of a matrix in words.

    >>> said_rows(((1, -2), (0, 3)))
    'Row 1: 1, minus 2. Row 2: 0, 3.'
    """
    return " ".join(f"Row {number}: {', '.join(map(said, row))}." for number, row in enumerate(entries, 1))


def counted(number: int, noun: str) -> str:
    """A number of things.

    >>> counted(1, "ring"), counted(2, "ring")
    ('1 ring', '2 rings')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def cell_width(entries: Entries) -> float:
    """The width of a column that takes each of these entries."""
    longest = max([len(str(entry)) for row in entries for entry in row], default=1)
    return max(CELL, 4.7 * longest + 6)


def lattice(x: float, y: float, rows: int, columns: int, wide: float, stroke: str = GREY) -> Lines:
    """The lines between the cells of a grid and around it."""
    right, bottom = x + columns * wide, y + rows * CELL
    return Lines(
        (
            *((x, y + row * CELL, right, y + row * CELL) for row in range(rows + 1)),
            *((x + column * wide, y, x + column * wide, bottom) for column in range(columns + 1)),
        ),
        stroke,
        0.5,
    )


def numbers(x: float, y: float, entries: Entries, wide: float, fill: str = BLACK) -> Iterable[Text]:
    """The entries of a grid, each in the middle of its cell."""
    for r, row in enumerate(entries):
        base = y + r * CELL + CELL / 2 + 3.1
        for c, entry in enumerate(row):
            yield Text(x + (c + 0.5) * wide, base, shown(entry), 9, "middle", fill)


def entry_name(x: float, y: float, letter: str, index: str, fill: str = BLACK) -> tuple[Text, ...]:
    """The name of an entry, such as y with its index, around x."""
    width = 4.6 + 2.7 * len(index)
    return (
        Text(x - width / 2 + 2.3, y, letter, 8.5, "middle", fill, italic=True),
        Text(x - width / 2 + 4.9, y + 1.6, index, 6.5, "start", fill),
    )


def arrow(x: float, y: float, length: float, stroke: str = BLACK) -> tuple[Shape, ...]:
    """An arrow to the right."""
    tip = x + length
    return (
        Lines(((x, y, tip - 5, y),), stroke, 0.9),
        Polygon(((tip, y), (tip - 6, y - 2.8), (tip - 6, y + 2.8)), stroke),
    )


def frame(x: float, y: float, width: float, height: float, pen: Pen, inset: float = 1.0) -> Rect:
    """The outline of a window, within the cells that it covers."""
    return Rect(x + inset, y + inset, width - 2 * inset, height - 2 * inset, "", pen.colour, 1.6, pen.dash)
