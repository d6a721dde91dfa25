"""The effect of a filter is read from its weights."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cnnex.maths.correlation import transpose
from cnnex.maths.filters import EFFECTS, effect

QUARTER = Fraction(1, 4)
NINTH = Fraction(1, 9)
KERNELS = [
    ("local-averaging", ((QUARTER, QUARTER), (QUARTER, QUARTER))),
    ("local-averaging", ((NINTH,) * 3,) * 3),
    ("local-averaging", ((Fraction(1, 2), Fraction(1, 2)),)),
    ("sharpening", ((0, -1, 0), (-1, 5, -1), (0, -1, 0))),
    ("vertical-edges", ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))),
    ("vertical-edges", ((1, -1),)),
    ("horizontal-edges", ((1, 1, 1), (0, 0, 0), (-1, -1, -1))),
    ("all-edges", ((0, 1, 0), (1, -4, 1), (0, 1, 0))),
    ("all-edges", ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1))),
    ("identity", ((0, 0, 0), (0, 1, 0), (0, 0, 0))),
    ("identity", ((1,),)),
    ("shift", ((0, 0, 0), (0, 0, 1), (0, 0, 0))),
    ("other", ((1, 1), (1, 1))),
    ("other", ((0, 0), (0, 0))),
    ("other", ((1, -1), (-1, 1))),
    ("other", ((1, 2), (-3, 0))),
    ("other", ((2, 0, 0), (-1, 1, 0), (-1, 0, 0))),
]


@pytest.mark.parametrize(("name", "kernel"), KERNELS)
def test_known_filters(name: str, kernel: tuple[tuple[int, ...], ...]) -> None:
    assert name in EFFECTS
    assert effect(kernel) == name


def test_a_transposed_edge_filter_finds_the_other_direction() -> None:
    sobel = ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))
    assert effect(transpose(sobel)) == "horizontal-edges"


def test_an_averaging_filter_keeps_a_constant_image_and_an_edge_filter_erases_it() -> None:
    for name, kernel in KERNELS:
        total = sum(sum(row) for row in kernel)
        if name in ("local-averaging", "sharpening", "identity", "shift"):
            assert total == 1
        elif name != "other":
            assert total == 0
