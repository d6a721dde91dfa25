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


Places = tuple[tuple[tuple[int, tuple[int, ...]], ...], ...]
"""Polynomials whose names are places in a list."""


@lru_cache(maxsize=256)
def _derived(
    inputs: int, weights: int, outputs: int, stride: int, padding: int, dilation: int
) -> tuple[Places, Places, Places]:
    """The gradients for any names: the places of the names in upstream gradient, kernel and input, one after another.

    Rings are dear, and the names make no difference.
    """
    from sympy import ZZ, ring

    _, *generators, b = ring([f"n{i}" for i in range(outputs + weights + inputs + 1)], ZZ)
    g, k = generators[:outputs], generators[outputs : outputs + weights]
    x = tuple(generators[outputs + weights :])
    y = [each + b for each in cross_correlate1d(x, tuple(k), stride, padding, dilation)]
    loss = sum_of_products(list(zip(g, y, strict=True)))
    weights_, inputs_, bias = ([_terms(loss.diff(each)) for each in names] for names in (k, x, (b,)))
    return tuple(weights_), tuple(inputs_), tuple(bias)


def derived_gradients(
    x: Names, kernel: Names, grad_output: Names, stride: int = 1, padding: int = 0, dilation: int = 1
) -> tuple[tuple[Terms, ...], tuple[Terms, ...], Terms]:
    """dL/dk, dL/dx and dL/db, where L = sum_o g_o y_o and y is the cross-correlation of x and k, plus b.

    Such an L has the upstream gradient g by construction, so its derivatives are the wanted ones for
    every loss.

    >>> dk, dx, db = derived_gradients(("x_1", "x_2"), ("k_1",), ("a", "b"))
    >>> dk
    (((1, ('a', 'x_1')), (1, ('b', 'x_2'))),)
    >>> dx
    (((1, ('a', 'k_1')),), ((1, ('b', 'k_1')),))
    >>> db
    ((1, ('a',)), (1, ('b',)))
    """
    names = grad_output + kernel + x
    weights, inputs, bias = _derived(len(x), len(kernel), len(grad_output), stride, padding, dilation)
    return _named(weights, names), _named(inputs, names), _named(bias, names)[0]


def _terms(polynomial: Any) -> tuple[tuple[int, tuple[int, ...]], ...]:
    return tuple(
        (int(coefficient), tuple(place for place, e in enumerate(exponents) for _ in range(e)))
        for exponents, coefficient in polynomial.terms()
    )


def _named(polynomials: Places, names: Names) -> tuple[Terms, ...]:
    return tuple(
        tuple((coefficient, tuple(names[place] for place in places)) for coefficient, places in terms)
        for terms in polynomials
    )
