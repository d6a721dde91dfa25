"""Pooling: its windows, and the routes on which max pooling sends the gradient back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cnnex.figures.grid import EDGE, NAME, OUTPUT, Matrix, grid, named, output, padded, ring, rings, span
from cnnex.figures.picture import (
    CELL,
    GREY,
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
    frame,
    lattice,
    numbers,
    said,
    said_rows,
    shown,
)

ENTRY = CELL + 4
"""The height of an upstream entry in its column."""


@dataclass(frozen=True, slots=True)
class PoolingWindows(Drawing):
    """Windows that pool an image, and the outputs that they give.

    Attributes:
        outputs: row and column in the output of the windows that are drawn, counted from 0.
        filler: what stands in the padding.
        names: of input and output.
    """

    input: Matrix
    kernel_size: int
    stride: int
    padding: int
    outputs: tuple[tuple[int, int], ...]
    filler: str = "0"
    names: tuple[str, str] = ("X", "Y")

    @property
    def _wide(self) -> float:
        """The width of a column; where windows overlap, their outlines need room."""
        return cell_width(self.input) + 4 * (self.stride < self.kernel_size)

    @property
    def size(self) -> tuple[float, float]:
        rows, columns = padded(self.input, (self.padding, self.padding))
        width = columns * self._wide + 2 * EDGE + 50 + (1 + max(c for _, c in self.outputs)) * OUTPUT
        return width, max(rows, 1 + max(r for r, _ in self.outputs)) * CELL + NAME + 2 * EDGE

    def picture(self) -> Picture:
        width, height = self.size
        wide, both = self._wide, (self.padding, self.padding)
        rows, columns = padded(self.input, both)
        middle = EDGE + (height - NAME - 2 * EDGE) / 2
        x, y = EDGE, middle - rows * CELL / 2
        shapes: list[Shape] = [
            *ring(x, y, self.input, both, wide),
            *grid(x, y, self.input, both, wide, self.filler, height, self.names[0]),
            *_windows(x, y, self, wide),
        ]
        x += columns * wide + 9
        shapes += arrow(x, middle, 26)
        x, y = x + 35, middle - (1 + max(r for r, _ in self.outputs)) * CELL / 2
        for number, (r, c) in enumerate(self.outputs):
            shapes += output(x + c * OUTPUT, y + r * CELL, self.names[1], f"{r + 1},{c + 1}", pen=number)
        return Picture(width, height, tuple(shapes), self._words())

    def _words(self) -> str:
        filler = {"0": "zeros"}.get(self.filler, "minus infinity")
        k, s, p = self.kernel_size, self.stride, self.padding
        where = "padded input" if p else self.names[0]
        windows = [
            f"The window of row {r + 1}, column {c + 1} of {self.names[1]} covers {span('row', r * s, k)} and "
            f"{span('column', c * s, k)} of {'the ' * (p > 0)}{where}."
            for r, c in self.outputs
        ]
        return (
            f"The input {self.names[0]}, {len(self.input)} by {len(self.input[0])}{rings((p, p), filler)}. "
            f"{said_rows(self.input)} {' '.join(windows)} The outputs are left empty."
        )


@dataclass(frozen=True, slots=True)
class Routes(Drawing):
    """How max pooling sends each upstream entry to the winner of its window. It shows the gradient: for solutions.

    Attributes:
        winners: row and column of the largest entry, for each output in reading order.
    """

    input: Matrix
    grad_output: Matrix
    grad_input: Matrix
    kernel_size: int
    stride: int
    padding: int
    winners: tuple[tuple[int, int], ...]

    @property
    def outputs(self) -> tuple[tuple[int, int], ...]:
        """The windows, all of them."""
        return tuple((r, c) for r in range(len(self.grad_output)) for c in range(len(self.grad_output[0])))

    @property
    def size(self) -> tuple[float, float]:
        rows, columns = padded(self.input, (self.padding, self.padding))
        width = columns * cell_width(self.input) + cell_width(self.grad_output)
        width += len(self.input[0]) * cell_width(self.grad_input) + 2 * EDGE + 106
        return width, max(rows * CELL, len(self.winners) * ENTRY - 4) + NAME + 2 * EDGE

    def picture(self) -> Picture:
        width, height = self.size
        middle = EDGE + (height - NAME - 2 * EDGE) / 2
        wide, both, p = cell_width(self.input), (self.padding, self.padding), self.padding
        grain, thin = cell_width(self.grad_input), cell_width(self.grad_output)
        rows, columns = padded(self.input, both)
        top, high = middle - rows * CELL / 2, len(self.input) * CELL
        first = middle - (len(self.winners) * ENTRY - 4) / 2
        left = EDGE + columns * wide + 44
        right = left + thin + 62
        under: list[Shape] = []
        over: list[Shape] = []
        seen: set[tuple[int, int]] = set()
        for number, ((i, j), (r, c)) in enumerate(zip(self.outputs, self.winners, strict=True)):
            pen = _pen(i, j, len(self.grad_output[0]))
            inset = 2.8 if (r, c) in seen else 1.0
            seen.add((r, c))
            y = first + number * ENTRY
            a, b = right + c * grain, middle - high / 2 + r * CELL
            places = [(EDGE + (c + p) * wide, top + (r + p) * CELL, wide), (left, y, thin), (a, b, grain)]
            under.append(Lines(((left + thin + 2, y + CELL / 2, a + 1, b + CELL / 2),), pen.colour, 1.1, pen.dash))
            tints = [Rect(x, y, w, CELL, pen.tint) for x, y, w in places]
            over = [
                *tints, *over,
                *(frame(x, y, w, CELL, pen, 1.0 if x == left else inset) for x, y, w in places),
                Text(left - 3, y + CELL / 2 + 2.2, f"{i + 1},{j + 1}", 7, "end", QUIET),
            ]  # fmt: skip
        shapes: list[Shape] = [
            *ring(EDGE, top, self.input, both, wide),
            lattice(right, middle - high / 2, len(self.input), len(self.input[0]), grain), *under, *over,
            *grid(EDGE, top, self.input, both, wide, "\u2212\u221e", height, "X"),
            *([] if self.stride < self.kernel_size else _windows(EDGE, top, self, wide)),
            *(
                text
                for number, (i, j) in enumerate(self.outputs)
                for text in numbers(left, first + number * ENTRY, ((self.grad_output[i][j],),), thin)
            ),
            *(
                shape
                for r, row in enumerate(self.grad_input)
                for c, entry in enumerate(row)
                for shape in _routed(right + (c + 0.5) * grain, middle - high / 2 + (r + 0.5) * CELL, entry,
                                     won=(r, c) in seen)
            ),
            *named(left, thin, height, "\u2202L/\u2202Y"),
            *named(right, grain * len(self.input[0]), height, "\u2202L/\u2202X"),
        ]  # fmt: skip
        return Picture(width, height, tuple(shapes), self._words())

    def _words(self) -> str:
        routes = [
            f"{said(self.grad_output[i][j])} from row {i + 1}, column {j + 1} of dL/dY goes to row {r + 1}, column "
            f"{c + 1}, where {said(self.input[r][c])} is the largest entry of its window."
            for (i, j), (r, c) in zip(self.outputs, self.winners, strict=True)
        ]
        return (
            f"The input X. {said_rows(self.input)} Routes of the gradient: {' '.join(routes)} "
            f"The gradient dL/dX. {said_rows(self.grad_input)}"
        )


def _windows(x: float, y: float, p: PoolingWindows | Routes, wide: float) -> list[Shape]:
    """The outlines of windows; those of windows that overlap lie within each other."""
    side, overlap = p.kernel_size, p.stride < p.kernel_size
    columns = len(p.grad_output[0]) if isinstance(p, Routes) else 1 + max(c for _, c in p.outputs)
    return [
        frame(
            x + c * p.stride * wide, y + r * p.stride * CELL, side * wide, side * CELL,
            pen := _pen(r, c, columns), 1.0 + 1.7 * PENS.index(pen) * overlap,
        )
        for r, c in p.outputs
    ]  # fmt: skip


def _routed(x: float, y: float, entry: Any, *, won: bool) -> tuple[Shape, ...]:
    """An entry of the gradient; routes to other places stop so far from it that a dash is no minus sign."""
    if won:
        return (Text(x, y + 3.1, shown(entry), 9),)
    return Rect(x - 5.0, y - 4.6, 10.0, 9.2, "#ffffff"), Text(x, y + 3.1, shown(entry), 9, "middle", GREY)


def _pen(row: int, column: int, columns: int) -> Any:
    """The pen of a window: neighbours never share one."""
    return PENS[row % 4 if columns == 1 else 2 * (row % 2) + column % 2]
