"""The first window of a kernel on an image or a vector, and the taps of a dilated kernel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cnnex.figures.grid import EDGE, NAME, OUTPUT, Matrix, grid, output, padded, ring, rings, span
from cnnex.figures.picture import (
    CELL,
    PENS,
    QUIET,
    Drawing,
    Lines,
    Picture,
    Rect,
    Shape,
    Text,
    arrow,
    cell_width,
    counted,
    frame,
    lattice,
    numbers,
    said,
    said_rows,
)


@dataclass(frozen=True, slots=True)
class PlaneWindow(Drawing):
    """The first window of a kernel on an image with its padding.

    Attributes:
        padding: rows above and below, and columns on the left and on the right.
        dilation: steps between neighbouring weights of a column, and of a row.
        names: of input, kernel and output.
    """

    input: Matrix
    kernel: Matrix
    padding: tuple[int, int] = (0, 0)
    dilation: tuple[int, int] = (1, 1)
    names: tuple[str, str, str] = ("X", "k", "Y")

    @property
    def size(self) -> tuple[float, float]:
        rows, columns = padded(self.input, self.padding)
        width = columns * cell_width(self.input) + len(self.kernel[0]) * cell_width(self.kernel)
        return width + 2 * EDGE + OUTPUT + 64, max(rows, len(self.kernel)) * CELL + NAME + 2 * EDGE

    def picture(self) -> Picture:
        pen = PENS[0]
        width, height = self.size
        wide, thin = cell_width(self.input), cell_width(self.kernel)
        rows, columns = padded(self.input, self.padding)
        middle = EDGE + (height - NAME - 2 * EDGE) / 2
        down, across = self.dilation
        covered = ((len(self.kernel) - 1) * down + 1, (len(self.kernel[0]) - 1) * across + 1)
        x, y = EDGE, middle - rows * CELL / 2
        taps = [
            Rect(x + c * across * wide, y + r * down * CELL, wide, CELL, pen.tint)
            for r in range(len(self.kernel))
            for c in range(len(self.kernel[0]))
        ]
        shapes: list[Shape] = [
            *ring(x, y, self.input, self.padding, wide), *taps,
            *grid(x, y, self.input, self.padding, wide, 0, height, self.names[0]),
            frame(x, y, covered[1] * wide, covered[0] * CELL, pen),
        ]  # fmt: skip
        x += columns * wide + 22
        y = middle - len(self.kernel) * CELL / 2
        sides = len(self.kernel[0]) * thin, len(self.kernel) * CELL
        shapes += [
            Rect(x, y, *sides, pen.tint), *grid(x, y, self.kernel, (0, 0), thin, 0, height, self.names[1]),
            frame(x, y, *sides, pen),
        ]  # fmt: skip
        x += sides[0] + 9
        shapes += arrow(x, middle, 22)
        shapes += output(x + 31, middle - CELL / 2, self.names[2], "1,1", pen=0)
        return Picture(width, height, tuple(shapes), self._words(*covered))

    def _words(self, high: int, wide: int) -> str:
        x, k, y = self.names
        gaps = f", from which it takes {_every(self.dilation)}" if max(self.dilation) > 1 else ""
        where = "the padded input" if max(self.padding) else x
        return (
            f"The input {x}, {len(self.input)} by {len(self.input[0])}{rings(self.padding, 'zeros')}. "
            f"{said_rows(self.input)} "
            f"The kernel {k}, {len(self.kernel)} by {len(self.kernel[0])}. {said_rows(self.kernel)} "
            f"Its first window covers {span('row', 0, high)} and {span('column', 0, wide)} of {where}{gaps}, "
            f"and gives the entry in row 1, column 1 of {y}, which is left empty."
        )


@dataclass(frozen=True, slots=True)
class LineWindow(Drawing):
    """The first window of a kernel on a vector: its weights above their inputs.

    Attributes:
        names: of input, kernel and output.
    """

    input: tuple[Any, ...]
    kernel: tuple[Any, ...]
    padding: int = 0
    dilation: int = 1
    names: tuple[str, str, str] = ("x", "k", "y")

    @property
    def _wide(self) -> float:
        return cell_width((self.input, self.kernel))

    @property
    def size(self) -> tuple[float, float]:
        return 2 * EDGE + 14 + (len(self.input) + 2 * self.padding) * self._wide, 3 * CELL + 24 + 2 * EDGE

    def picture(self) -> Picture:
        pen, wide, left = PENS[0], self._wide, EDGE + 14
        width, height = self.size
        top, below = EDGE + CELL + 9, EDGE + 2 * CELL + 24
        columns = [tap * self.dilation for tap in range(len(self.kernel))]
        covered = columns[-1] + 1
        middle = left + covered * wide / 2
        shapes: list[Shape] = [
            *ring(left, top, (self.input,), (0, self.padding), wide),
            *(Rect(left + c * wide, y, wide, CELL, pen.tint) for c in columns for y in (EDGE, top)),
            *grid(left, top, (self.input,), (0, self.padding), wide, 0, 0, ""),
            *(lattice(left + c * wide, EDGE, 1, 1, wide) for c in columns),
            *(
                text
                for c, weight in zip(columns, self.kernel, strict=True)
                for text in numbers(left + c * wide, EDGE, ((weight,),), wide)
            ),
            Lines(
                tuple((left + (c + 0.5) * wide, EDGE + CELL, left + (c + 0.5) * wide, top) for c in columns),
                pen.colour, 0.9,
            ),
            Lines((
                (left + 1, top + CELL, middle - OUTPUT / 2, below),
                (left + covered * wide - 1, top + CELL, middle + OUTPUT / 2, below),
            ), pen.colour, 0.7),
            frame(left, top, covered * wide, CELL, pen),
            *(
                Text(EDGE, y + CELL / 2 + 3, name, 9.5, "start", QUIET, italic=True)
                for name, y in zip(self.names, (top, EDGE, below), strict=True)
            ),
            *output(middle - OUTPUT / 2, below, self.names[2], "1", pen=0),
        ]  # fmt: skip
        return Picture(width, height, tuple(shapes), self._words(columns))

    def _words(self, columns: Sequence[int]) -> str:
        x, k, y = self.names
        zeros = (0,) * self.padding
        padded = (*zeros, *self.input, *zeros)
        sides = f" with {counted(self.padding, 'zero')} of padding on each side" * (self.padding > 0)
        pairs = [f"{said(w)} over {said(padded[c])}" for w, c in zip(self.kernel, columns, strict=True)]
        gaps = f" with {counted(self.dilation - 1, 'input')} left out between them" * (self.dilation > 1)
        return (
            f"The input {x}{sides}: {', '.join(map(said, padded))}. The weights of the kernel {k} lie over the inputs "
            f"of the first window{gaps}: {', '.join(pairs)}. They give the first entry of {y}, which is left empty."
        )


@dataclass(frozen=True, slots=True)
class Taps(Drawing):
    """Where the weights of a dilated kernel lie. It shows what the kernel spans: for solutions."""

    kernel_size: tuple[int, int]
    dilation: tuple[int, int]

    @property
    def spans(self) -> tuple[int, int]:
        """Height and width of what the kernel spans."""
        (k, m), (d, e) = self.kernel_size, self.dilation
        return (k - 1) * d + 1, (m - 1) * e + 1

    @property
    def size(self) -> tuple[float, float]:
        high, wide = self.spans
        return wide * CELL + 2 * EDGE + 30, high * CELL + 2 * EDGE + 16

    def picture(self) -> Picture:
        high, wide = self.spans
        (k, m), (d, e) = self.kernel_size, self.dilation
        pen = PENS[0]
        places = [(r * d, c * e) for r in range(k) for c in range(m)]
        down = EDGE + high * CELL
        shapes: list[Shape] = [
            *(Rect(EDGE + c * CELL, EDGE + r * CELL, CELL, CELL, pen.tint) for r, c in places),
            lattice(EDGE, EDGE, high, wide, CELL),
            *(Rect(EDGE + c * CELL + 1, EDGE + r * CELL + 1, CELL - 2, CELL - 2, "", pen.colour, 1.4)
              for r, c in places),
            *(Text(EDGE + (c + 0.5) * CELL, EDGE + (r + 0.5) * CELL + 2.4, "w", 9, italic=True) for r, c in places),
            Text(EDGE + wide * CELL / 2, down + 13, str(wide), 9, "middle", QUIET),
            Text(EDGE + wide * CELL + 8, EDGE + high * CELL / 2 + 3, str(high), 9, "start", QUIET),
        ]  # fmt: skip
        alt = (
            f"A grid of {high} by {wide} places. A kernel of {k} by {m} weights takes {_every(self.dilation)} of it; "
            "the places between them are gaps."
        )
        return Picture(*self.size, tuple(shapes), alt)


def _every(dilation: tuple[int, int]) -> str:
    """The places that a dilated kernel takes, in words."""
    down, across = (_ORDINALS.get(d, f"{d}th ") for d in dilation)
    if down == across:
        return f"every {down}row and column"
    return f"every {down}row and every {across}column"


_ORDINALS = {1: "", 2: "second ", 3: "third ", 4: "fourth ", 5: "fifth "}
