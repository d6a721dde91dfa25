"""Where the kernel lies: for each output, which tap meets which input.

Forward passes, operator matrices and gradients all read the same table, so they can't disagree.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cnnex.maths.shapes import effective_kernel_size, output_size

Taps = tuple[tuple[tuple[int, int], ...], ...]
"""For each output, in order, the pairs (tap of the kernel, index of the input), both from 0."""


class DoesNotFitError(ValueError):
    """Parameters that make no layer, such as a kernel that spans more than the padded input."""


def starts(size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> tuple[int, ...]:
    """The index of the input, from 0, at which each output's window begins: o s - p, below 0 on padding.

    Raises:
        DoesNotFitError: the kernel spans more than the padded input.

    >>> starts(9, 3, stride=2, padding=1)
    (-1, 1, 3, 5, 7)
    """
    outputs = output_size(size, effective_kernel_size(kernel_size, dilation), stride, padding)
    if outputs < 1:
        raise DoesNotFitError(f"a kernel of {kernel_size} does not fit on {size} inputs with padding {padding}")
    return tuple(range(-padding, outputs * stride - padding, stride))


@lru_cache(maxsize=4096)
def taps(size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> Taps:
    """The taps of each output along one axis; taps that lie on padding are left out.

    Output o meets input o s - p + j d with tap j.

    Raises:
        DoesNotFitError: the kernel spans more than the padded input.

    >>> taps(4, 3, padding=1)
    (((1, 0), (2, 1)), ((0, 0), (1, 1), (2, 2)), ((0, 1), (1, 2), (2, 3)), ((0, 2), (1, 3)))
    """
    return tuple(
        tuple((tap, place) for tap in range(kernel_size) if 0 <= (place := start + tap * dilation) < size)
        for start in starts(size, kernel_size, stride, padding, dilation)
    )


def pad_vector(x: tuple[Any, ...], before: int, after: int, filler: Any = 0) -> tuple[Any, ...]:
    """The vector with its padding written out.

    >>> pad_vector((1, 2), 1, 1)
    (0, 1, 2, 0)
    """
    return (filler,) * before + x + (filler,) * after


def pad_matrix(x: tuple[tuple[Any, ...], ...], before: int, after: int, filler: Any = 0) -> tuple[tuple[Any, ...], ...]:
    """The matrix with its padding written out on both axes.

    >>> pad_matrix(((5,),), 1, 0)
    ((0, 0), (0, 5))
    """
    width = len(x[0]) + before + after
    blank = ((filler,) * width,)
    return blank * before + tuple(pad_vector(row, before, after, filler) for row in x) + blank * after
