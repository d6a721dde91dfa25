"""Sizes along one axis.

Formulas: V. Dumoulin and F. Visin, A guide to convolution arithmetic for deep learning (2016),
relationship 6 and section 5.1.
"""

from __future__ import annotations

from typing import Any


def effective_kernel_size(kernel_size: Any, dilation: Any = 1) -> Any:
    """The number of inputs that a kernel spans: d (k - 1) + 1.

    >>> effective_kernel_size(3, dilation=2)
    5
    """
    return dilation * (kernel_size - 1) + 1


def output_size(size: Any, extent: Any, stride: Any = 1, padding: Any = 0, *, ceil_mode: bool = False) -> Any:
    """How many windows fit: floor((n + 2p - k) / s) + 1.

    Args:
        size: the input's size n.
        extent: the inputs that a window spans, see `effective_kernel_size`.
        stride: the step s between windows.
        padding: the entries p added on each side.
        ceil_mode: count a last window that only begins inside, too.

    >>> output_size(9, 3, stride=2, padding=1)
    5
    >>> output_size(6, 3, stride=2), output_size(6, 3, stride=2, ceil_mode=True)
    (2, 3)
    """
    room = size + 2 * padding - extent
    return (-(-room // stride) if ceil_mode else room // stride) + 1


def least_padding(size: int, extent: int, stride: int, outputs: int, sides: int = 2) -> int:
    """The least padding with which so many windows fit: `ceil((s (L - 1) + k - n) / 2)`, at least 0.

    Args:
        size: the input's size n.
        extent: the inputs that a window spans.
        stride: the step s between windows.
        outputs: the wanted number L of windows.
        sides: how many ends of the axis are padded.

    >>> least_padding(5, 3, 1, 5), least_padding(5, 3, 2, 5)
    (1, 3)
    """
    return max(0, -((size - extent - stride * (outputs - 1)) // sides))


def largest_extent(size: int, stride: int, padding: int, outputs: int) -> int:
    """The most inputs that a window may span where so many windows fit: `n + 2 p - s (L - 1)`.

    >>> largest_extent(9, 2, 1, 5)
    3
    """
    return size + 2 * padding - stride * (outputs - 1)


def strides_with(room: int, outputs: int) -> range:
    """All strides with which exactly so many windows, 2 or more, fit: `room / L < s <= room / (L - 1)`.

    Args:
        room: how far the first window can move, n + 2p - k.
        outputs: the wanted number L of windows.

    >>> list(strides_with(20, 3))
    [7, 8, 9, 10]
    """
    return range(room // outputs + 1, room // (outputs - 1) + 1)
