"""The receptive field of stacked layers: how far one output looks back.

Recursion for layers l = 1, ..., N with kernel size k, dilation d, stride s and padding p:
`r_l = r_{l-1} + (k_l - 1) d_l j_{l-1}`, `j_l = j_{l-1} s_l`, `b_l = b_{l-1} - p_l j_{l-1}`, from r = j = 1 and b = 0
(Araujo, Norris, Sim: Computing receptive fields of convolutional neural networks, Distill 2019).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import add
from typing import Any, NamedTuple

from cnnex.maths.counting import product

Layer = tuple[Any, Any, Any, Any]
"""Kernel size, stride, padding and dilation along one axis, numbers or formulas."""


class Field(NamedTuple):
    """What one output of a layer sees of the input.

    Attributes:
        size: the side of the region.
        jump: how far the regions of neighbouring outputs lie apart.
        start: where the first output's region begins; input places count from 0, and padding lies before them.
    """

    size: Any = 1
    jump: Any = 1
    start: Any = 0


def fields(layers: Iterable[Layer]) -> list[Field]:
    """The field after each layer.

    >>> fields([(3, 2, 1, 1), (3, 1, 0, 2)])
    [Field(size=3, jump=2, start=-1), Field(size=11, jump=2, start=-1)]
    """
    field, found = Field(), []
    for kernel_size, stride, padding, dilation in layers:
        size, jump, start = field
        field = Field(size + (kernel_size - 1) * dilation * jump, jump * stride, start - padding * jump)
        found.append(field)
    return found


def closed_form(layers: Iterable[Layer], pixel: int = 1) -> Any:
    """The field after the last layer, `1 + sum of (k_l - 1) d_l s_1 ... s_{l-1}`. What is 0 or 1 does not appear.

    Args:
        layers: from the input on.
        pixel: the field before the first layer; 0 forgets it.

    >>> from cnnex.notation.formula import symbols
    >>> k, l, s = symbols("k_1 k_2 s_1")
    >>> closed_form([(k, s, 0, 1), (l, 1, 0, 2)])
    Formula('1 + (k_1 - 1) + (k_2 - 1)*2*s_1')
    >>> closed_form([(3, 2, 0, 1), (3, 1, 0, 2)])
    11
    """
    terms: list[Any] = [pixel] if pixel else []
    jump: list[Any] = []
    for kernel_size, stride, _, dilation in layers:
        if kernel_size != 1:
            terms.append(product([kernel_size - 1, *([] if dilation == 1 else [dilation]), *jump]))
        if stride != 1:
            jump.append(stride)
    return reduce(add, terms)
