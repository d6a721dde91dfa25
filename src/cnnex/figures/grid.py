"""Grids of numbers: padding around them, names below them, places of an output, and their words."""

from __future__ import annotations

from typing import Any

from cnnex.figures.picture import (
    BLACK,
    CELL,
    PENS,
    QUIET,
    RING,
    Rect,
    Shape,
    Text,
    counted,
    entry_name,
    frame,
    lattice,
    numbers,
)

Matrix = tuple[tuple[Any, ...], ...]
EDGE = 2.0
NAME = 14.0
"""The room below a grid for its name."""
OUTPUT = 23.0
"""The width of an output cell, with the entry's name in it."""


def padded(entries: Matrix, padding: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns with the padding."""
    return len(entries) + 2 * padding[0], len(entries[0]) + 2 * padding[1]


def ring(x: float, y: float, entries: Matrix, padding: tuple[int, int], wide: float) -> list[Shape]:
    """The ground of a grid: the padding grey, the entries white."""
    if not max(padding):
        return []
    rows, columns = padded(entries, padding)
    inside = Rect(x + padding[1] * wide, y + padding[0] * CELL, len(entries[0]) * wide, len(entries) * CELL, "#ffffff")
    return [Rect(x, y, columns * wide, rows * CELL, RING), inside]


def grid(
    x: float, y: float, entries: Matrix, padding: tuple[int, int], wide: float, filler: Any, height: float, name: str
) -> list[Shape]:
    """The lines, entries, padding and name of a grid, which stands at the bottom of the picture."""
    rows, columns = padded(entries, padding)
    down, across = padding
    shapes: list[Shape] = [lattice(x, y, rows, columns, wide)]
    shapes += numbers(x + across * wide, y + down * CELL, entries, wide)
    if down or across:
        inside = len(entries[0]) * wide, len(entries) * CELL
        shapes.append(Rect(x + across * wide, y + down * CELL, *inside, "", BLACK, 0.9))
        above, beside = ((filler,) * columns,) * down, ((filler,) * across,) * len(entries)
        for left, top, fillers in (
            (0, 0, above), (0, rows - down, above), (0, down, beside), (columns - across, down, beside),
        ):  # fmt: skip
            shapes += numbers(x + left * wide, y + top * CELL, fillers, wide, QUIET)
    return [*shapes, *named(x, columns * wide, height, name)]


def named(x: float, width: float, height: float, name: str) -> list[Shape]:
    """The name below a grid, if it has one."""
    return [Text(x + width / 2, height - EDGE - 2.5, name, 9.5, "middle", QUIET, italic=True)] if name else []


def output(x: float, y: float, letter: str, index: str, pen: int) -> list[Shape]:
    """A place of the output, with its name."""
    return [
        lattice(x, y, 1, 1, OUTPUT),
        frame(x, y, OUTPUT, CELL, PENS[pen % len(PENS)]),
        *entry_name(x + OUTPUT / 2, y + CELL / 2 + 2.6, letter, index),
    ]


def rings(padding: tuple[int, int], filler: str) -> str:
    """The padding in words."""
    return f", with {counted(max(padding), 'ring')} of {filler} around it" if max(padding) else ""


def span(noun: str, start: int, size: int) -> str:
    """Neighbouring rows or columns in words, counted from 1."""
    return f"{noun} {start + 1}" if size == 1 else f"{noun}s {start + 1} to {start + size}"
