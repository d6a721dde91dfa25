"""Symbolic gradients by differentiation, in SymPy's polynomial rings.

Ring elements add and multiply, so the loss is built by the same cross-correlation that computes with
numbers. SymPy is imported by the first call.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cnnex.maths.correlation import cross_correlate1d, sum_of_products

Names = tuple[str, ...]
Terms = tuple[tuple[int, Names], ...]
"""A polynomial: pairs (coefficient, names of the product), in lexicographic order of the ring."""


@lru_cache(maxsize=256)
def _generators(names: Names) -> tuple[Any, ...]:
    from sympy import ZZ, ring

    return tuple(ring(names, ZZ)[1:])


def derived_gradients(
    x: Names, kernel: Names, grad_output: Names, stride: int = 1, padding: int = 0
) -> tuple[tuple[Terms, ...], tuple[Terms, ...]]:
    """dL/dk and dL/dx, where L = sum_o g_o y_o and y is the cross-correlation of x and k.

    Such an L has the upstream gradient g by construction, so its derivatives are the wanted ones for
    every loss.

    >>> dk, dx = derived_gradients(("x_1", "x_2"), ("k_1",), ("a", "b"))
    >>> dk
    (((1, ('a', 'x_1')), (1, ('b', 'x_2'))),)
    >>> dx
    (((1, ('a', 'k_1')),), ((1, ('b', 'k_1')),))
    """
    names = grad_output + kernel + x
    generators = _generators(names)
    g = generators[: len(grad_output)]
    k = generators[len(grad_output) : len(grad_output) + len(kernel)]
    inputs = generators[len(grad_output) + len(kernel) :]
    loss = sum_of_products(list(zip(g, cross_correlate1d(inputs, k, stride, padding), strict=True)))
    return (
        tuple(_terms(loss.diff(weight), names) for weight in k),
        tuple(_terms(loss.diff(entry), names) for entry in inputs),
    )


def _terms(polynomial: Any, names: Names) -> Terms:
    return tuple(
        (int(coefficient), tuple(name for name, e in zip(names, exponents, strict=True) for _ in range(e)))
        for exponents, coefficient in polynomial.terms()
    )
