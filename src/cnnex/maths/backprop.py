"""Gradients of a one-dimensional layer without bias: y = cross-correlation of x and k, L a function of y.

With upstream gradient g_o = dL/dy_o the chain rule gives dL/dk_j = sum_o g_o x_(o s - p + j d) and
dL/dx_i = sum over all (o, j) with o s - p + j d = i of g_o k_j.
"""

from __future__ import annotations

from typing import Any

from cnnex.maths.correlation import Pairs, sum_of_products
from cnnex.maths.geometry import taps

Vector = tuple[Any, ...]


def weight_products(
    x: Vector, grad_output: Vector, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> list[Pairs]:
    """For each weight the pairs (upstream entry, input) that its gradient sums."""
    pairs: list[Pairs] = [[] for _ in range(kernel_size)]
    for g, row in zip(grad_output, taps(len(x), kernel_size, stride, padding, dilation), strict=True):
        for tap, place in row:
            pairs[tap].append((g, x[place]))
    return pairs


def input_products(
    size: int, grad_output: Vector, kernel: Vector, stride: int = 1, padding: int = 0, dilation: int = 1
) -> list[Pairs]:
    """For each input the pairs (upstream entry, weight) that its gradient sums."""
    pairs: list[Pairs] = [[] for _ in range(size)]
    for g, row in zip(grad_output, taps(size, len(kernel), stride, padding, dilation), strict=True):
        for tap, place in row:
            pairs[place].append((g, kernel[tap]))
    return pairs


def grad_weight1d(
    x: Vector, grad_output: Vector, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> Vector:
    """dL/dk.

    >>> grad_weight1d((1, 2, 3), (10, 1), 2)
    (12, 23)
    """
    return tuple(map(sum_of_products, weight_products(x, grad_output, kernel_size, stride, padding, dilation)))


def grad_input1d(
    size: int, grad_output: Vector, kernel: Vector, stride: int = 1, padding: int = 0, dilation: int = 1
) -> Vector:
    """dL/dx.

    >>> grad_input1d(3, (10, 1), (2, 5))
    (20, 52, 5)
    """
    return tuple(map(sum_of_products, input_products(size, grad_output, kernel, stride, padding, dilation)))
