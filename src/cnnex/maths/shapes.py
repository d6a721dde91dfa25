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
