"""A one-dimensional layer as a matrix: y = K x (I. Goodfellow et al., Deep Learning, 2016, section 9.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cnnex.maths.geometry import taps

Vector = tuple[Any, ...]
Matrix = tuple[Vector, ...]


def toeplitz(size: int, kernel: Vector, stride: int = 1, padding: int = 0, dilation: int = 1) -> Matrix:
    """The matrix of cross-correlation with a shared kernel, of shape (outputs, inputs).

    >>> toeplitz(4, ("a", "b"), stride=2)
    (('a', 'b', 0, 0), (0, 0, 'a', 'b'))
    """
    outputs = len(taps(size, len(kernel), stride, padding, dilation))
    return banded(size, (kernel,) * outputs, stride, padding, dilation)


def banded(size: int, kernels: Matrix, stride: int = 1, padding: int = 0, dilation: int = 1) -> Matrix:
    """The matrix of a locally connected layer: output o has its own kernel, row o of `kernels`.

    >>> banded(3, (("a", "b"), ("c", "d")))
    (('a', 'b', 0), (0, 'c', 'd'))
    """
    rows = []
    for kernel, row_taps in zip(kernels, taps(size, len(kernels[0]), stride, padding, dilation), strict=True):
        row: list[Any] = [0] * size
        for tap, place in row_taps:
            row[place] = kernel[tap]
        rows.append(tuple(row))
    return tuple(rows)


def placed(size: int, kernels: Matrix, starts: Sequence[int], dilation: int = 1, *, circular: bool = False) -> Matrix:
    """Rows of zeros into which kernels are laid, kernel o from column `starts[o]`.

    With `cnnex.maths.geometry.starts` this is `banded`; other starts are other rules.

    Args:
        size: the number of columns.
        kernels: one for each row.
        starts: one for each row, from 0.
        dilation: the step from tap to tap.
        circular: what falls off one end comes back at the other; otherwise it is cut off.

    >>> placed(3, (("a", "b"), ("c", "d")), (-1, 1))
    (('b', 0, 0), (0, 'c', 'd'))
    >>> placed(3, (("a", "b"),), (-1,), circular=True)
    (('b', 0, 'a'),)
    """
    rows = []
    for kernel, start in zip(kernels, starts, strict=True):
        row: list[Any] = [0] * size
        for tap, weight in enumerate(kernel):
            place = start + tap * dilation
            if circular or 0 <= place < size:
                row[place % size] = weight
        rows.append(tuple(row))
    return tuple(rows)


def apply(matrix: Matrix, x: Vector) -> Vector:
    """The product of a matrix and a column.

    >>> apply(((1, 2), (0, 3)), (1, 1))
    (3, 3)
    """
    return tuple(sum(weight * entry for weight, entry in zip(row, x, strict=True)) for row in matrix)
