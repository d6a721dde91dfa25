"""Cross-correlation and true convolution, kept apart by name.

Cross-correlation slides the kernel as written, y_o = sum_j k_j x_(o s - p + j d), which deep learning
libraries call convolution (I. Goodfellow et al., Deep Learning, 2016, equation 9.6). True convolution
flips the kernel first.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any

from cnnex.maths.geometry import Taps, taps

Vector = tuple[Any, ...]
Matrix = tuple[Vector, ...]
Pairs = list[tuple[Any, Any]]
"""The products of one output: pairs (weight, input)."""


def sum_of_products(pairs: Pairs) -> Any:
    """The sum of the products of pairs, 0 for none.

    It begins with the first product, not with 0, so it works for anything that adds and multiplies.
    """
    return reduce(add, [weight * entry for weight, entry in pairs]) if pairs else 0


def products1d(x: Vector, kernel: Vector, stride: int = 1, padding: int = 0, dilation: int = 1) -> list[Pairs]:
    """For each output the pairs (weight, input) that it sums.

    >>> products1d((5, 6), (1, 2), padding=1)
    [[(2, 5)], [(1, 5), (2, 6)], [(1, 6)]]
    """
    return [
        [(kernel[tap], x[place]) for tap, place in row] for row in taps(len(x), len(kernel), stride, padding, dilation)
    ]


def cross_correlate1d(x: Vector, kernel: Vector, stride: int = 1, padding: int = 0, dilation: int = 1) -> Vector:
    """The output of a one-dimensional layer without bias, as in `torch.nn.functional.conv1d`.

    >>> cross_correlate1d((1, 2, 3, 4), (1, 0, -1))
    (-2, -2)
    """
    return tuple(map(sum_of_products, products1d(x, kernel, stride, padding, dilation)))


def convolve1d(x: Vector, kernel: Vector, stride: int = 1, padding: int = 0, dilation: int = 1) -> Vector:
    """True convolution: the kernel is flipped, then slid.

    >>> convolve1d((1, 2, 3, 4), (1, 0, -1))
    (2, 2)
    """
    return cross_correlate1d(x, kernel[::-1], stride, padding, dilation)


def products2d(
    x: Matrix,
    kernel: Matrix,
    stride: Sequence[int] = (1, 1),
    padding: Sequence[int] = (0, 0),
    dilation: Sequence[int] = (1, 1),
) -> list[list[Pairs]]:
    """For each row and column of the output the pairs (weight, input) that it sums."""
    rows, columns = axes(x, kernel, stride, padding, dilation)
    return [[[(kernel[u][v], x[r][c]) for u, r in row for v, c in column] for column in columns] for row in rows]


def cross_correlate2d(
    x: Matrix,
    kernel: Matrix,
    stride: Sequence[int] = (1, 1),
    padding: Sequence[int] = (0, 0),
    dilation: Sequence[int] = (1, 1),
) -> Matrix:
    """The output of one channel without bias, as in `torch.nn.functional.conv2d`.

    >>> cross_correlate2d(((1, 2, 3), (4, 5, 6), (7, 8, 9)), ((1, 0), (0, 1)))
    ((6, 8), (12, 14))
    """
    rows, columns = axes(x, kernel, stride, padding, dilation)
    return tuple(
        [
            # A window that lies on padding alone has no products.
            tuple(
                [
                    reduce(add, [kernel[u][v] * x[r][c] for u, r in row for v, c in column]) if row and column else 0
                    for column in columns
                ]
            )
            for row in rows
        ]
    )


def axes(
    x: Matrix, kernel: Matrix, stride: Sequence[int], padding: Sequence[int], dilation: Sequence[int] = (1, 1)
) -> tuple[Taps, Taps]:
    """The taps along height and width."""
    return (
        taps(len(x), len(kernel), stride[0], padding[0], dilation[0]),
        taps(len(x[0]), len(kernel[0]), stride[1], padding[1], dilation[1]),
    )


def dilated(kernel: Matrix, dilation: Sequence[int]) -> Matrix:
    """The kernel with its gaps filled with zeros: weights d apart along each axis.

    >>> dilated(((1, 2), (3, 4)), (1, 2))
    ((1, 0, 2), (3, 0, 4))
    """
    down, across = dilation
    rows = [tuple(_spread(row, across, 0)) for row in kernel]
    return tuple(_spread(rows, down, (0,) * len(rows[0])))


def _spread(entries: Sequence[Any], step: int, filler: Any) -> list[Any]:
    spread = [filler] * (step * (len(entries) - 1) + 1)
    spread[::step] = entries
    return spread


def flip(kernel: Matrix) -> Matrix:
    """The kernel rotated by 180 degrees.

    >>> flip(((1, 2), (3, 4)))
    ((4, 3), (2, 1))
    """
    return tuple(row[::-1] for row in kernel[::-1])


def transpose(rows: Matrix) -> Matrix:
    """Rows as columns.

    >>> transpose(((1, 2), (3, 4)))
    ((1, 3), (2, 4))
    """
    return tuple(zip(*rows, strict=True))
