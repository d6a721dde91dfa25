"""Pooling over windows of one channel, forward and backward.

Max pooling ignores padding; average pooling counts it as zeros, as `torch.nn.functional` does by
default.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from cnnex.maths.geometry import DoesNotFitError, starts, taps

Matrix = tuple[tuple[Any, ...], ...]
Places = tuple[tuple[int, int], ...]
"""The places (row, column) of one window, in reading order."""
Route = tuple[tuple[int, int], Any]
"""Where a part of the gradient goes, and how much of it."""


def windows(height: int, width: int, kernel_size: int, stride: int, padding: int = 0) -> list[list[Places]]:
    """The places of each window, by row and column of the output; places on padding are left out.

    >>> windows(2, 3, 2, 1)
    [[((0, 0), (0, 1), (1, 0), (1, 1)), ((0, 1), (0, 2), (1, 1), (1, 2))]]
    """
    rows = taps(height, kernel_size, stride, padding)
    columns = taps(width, kernel_size, stride, padding)
    return [[tuple((r, c) for _, r in row for _, c in column) for column in columns] for row in rows]


def whole_window(x: Matrix) -> list[Any]:
    """The entries of the one window that is as large as a channel, as in global pooling.

    >>> whole_window(((1, 2), (3, 4)))
    [1, 2, 3, 4]
    """
    height, width = len(x), len(x[0])
    (row,), (column,) = taps(height, height, height), taps(width, width, width)
    return [x[r][c] for _, r in row for _, c in column]


def check_windows(height: int, width: int, kernel_size: int, stride: int, padding: int = 0) -> None:
    """Refuses pooling that no library computes.

    Raises:
        DoesNotFitError: no window fits, or some window might lie on padding alone.
    """
    if 2 * padding > kernel_size:
        raise DoesNotFitError(f"padding {padding} is more than half of the window, whose size is {kernel_size}")
    for size in (height, width):
        starts(size, kernel_size, stride, padding)


def pool(x: Matrix, kernel_size: int, stride: int, padding: int, reduce: Callable[[list[Any]], Any]) -> Matrix:
    """The output when each window's entries are reduced to one."""
    return tuple(
        tuple(reduce([x[r][c] for r, c in places]) for places in row)
        for row in windows(len(x), len(x[0]), kernel_size, stride, padding)
    )


def max_pool2d(x: Matrix, kernel_size: int, stride: int, padding: int = 0) -> Matrix:
    """The largest entry of each window.

    >>> max_pool2d(((1, 2, 3, 4), (5, 6, 7, 8)), 2, 2)
    ((6, 8),)
    """
    return pool(x, kernel_size, stride, padding, max)


def max_magnitude_pool2d(x: Matrix, kernel_size: int, stride: int, padding: int = 0) -> Matrix:
    """The entry of each window that is the farthest from 0, with its sign.

    >>> max_magnitude_pool2d(((1, -2), (0, 1)), 2, 2)
    ((-2,),)
    """
    return pool(x, kernel_size, stride, padding, lambda window: max(window, key=abs))


def average_pool2d(x: Matrix, kernel_size: int, stride: int, padding: int = 0, divisor: int | None = None) -> Matrix:
    """The mean of each window, exact; `divisor` takes the place of the number of its entries.

    >>> average_pool2d(((1, 2), (3, 4)), 2, 2)
    ((Fraction(5, 2),),)
    """
    count = divisor or kernel_size**2
    return pool(x, kernel_size, stride, padding, lambda window: share(sum(window), count))


def share(amount: Any, count: int) -> Any:
    """The amount divided by the count: an integer where it is whole, else a fraction.

    >>> share(6, 4), share(8, 4)
    (Fraction(3, 2), 2)
    """
    whole, rest = divmod(amount, count)
    return Fraction(amount, count) if rest else whole


def winner(x: Matrix, places: Places) -> tuple[int, int]:
    """The place of a window's largest entry, the first of several."""
    return max(places, key=lambda place: x[place[0]][place[1]])


def tied(x: Matrix, places: Places) -> bool:
    """Whether a window has several largest entries."""
    window = [x[r][c] for r, c in places]
    return window.count(max(window)) > 1


def scatter(
    height: int, width: int, parts: Sequence[Route], combine: Callable[[Any, Any], Any] = lambda old, new: old + new
) -> Matrix:
    """A matrix of zeros into which values are put at places; values at one place add up.

    >>> scatter(1, 2, [((0, 0), 3), ((0, 0), 4)])
    ((7, 0),)
    """
    rows = [[0] * width for _ in range(height)]
    for (r, c), value in parts:
        rows[r][c] = combine(rows[r][c], value)
    return tuple(map(tuple, rows))


def max_pool2d_routes(x: Matrix, grad_output: Matrix, kernel_size: int, stride: int, padding: int = 0) -> list[Route]:
    """Where each upstream entry goes: to the place of its window's largest entry."""
    grid = windows(len(x), len(x[0]), kernel_size, stride, padding)
    return [
        (winner(x, places), g)
        for row, upstream in zip(grid, grad_output, strict=True)
        for places, g in zip(row, upstream, strict=True)
    ]


def average_pool2d_routes(
    height: int,
    width: int,
    grad_output: Matrix,
    kernel_size: int,
    stride: int,
    padding: int = 0,
    divisor: int | None = None,
) -> list[Route]:
    """Where each upstream entry goes: in equal shares to all places of its window."""
    count = divisor or kernel_size**2
    grid = windows(height, width, kernel_size, stride, padding)
    return [
        (place, share(g, count))
        for row, upstream in zip(grid, grad_output, strict=True)
        for places, g in zip(row, upstream, strict=True)
        for place in places
    ]
