"""The layer table: AlexNet's published sizes, letters in place of numbers, rules that a mistake changes."""

from __future__ import annotations

import pytest

from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.receptive_field import fields
from cnnex.maths.stack import Layer, output_shape, table
from cnnex.notation.formula import symbols

ALEXNET = [
    Layer("Conv2d", 96, 11, 4), Layer("MaxPool2d", 0, 3, 2), Layer("Conv2d", 256, 5, 1, 2), Layer("MaxPool2d", 0, 3, 2),
    Layer("Conv2d", 384, 3, 1, 1), Layer("Conv2d", 384, 3, 1, 1), Layer("Conv2d", 256, 3, 1, 1),
    Layer("MaxPool2d", 0, 3, 2), Layer("Flatten"), Layer("Linear", 4096), Layer("Linear", 4096), Layer("Linear", 1000),
]  # fmt: skip


def test_alexnet_without_groups() -> None:
    rows = table((3, 227, 227), ALEXNET)
    sides = [row.shape[1] for row in rows if len(row.shape) == 3]
    assert sides == [55, 27, 27, 13, 13, 13, 13, 6]
    assert sum(row.parameters for row in rows) == 62_378_344
    assert rows[8].shape == (9216,)
    assert rows[7].field.size == 195


def test_fields_are_those_of_the_windows() -> None:
    layers = [Layer("Conv2d", 6, 5, 1, 2), Layer("ReLU"), Layer("AvgPool2d", 0, 2, 2), Layer("Conv2d", 16, 3, 1, 0, 2)]
    rows = table((1, 28, 28), layers)
    assert [row.field.size for row in rows] == [5, 5, 6, 14]
    assert rows[3].field == fields([(5, 1, 2, 1), (2, 2, 0, 1), (3, 1, 0, 2)])[-1]


def test_a_rule_may_change() -> None:
    rows = table(
        (3, 8, 8), [Layer("MaxPool2d", 0, 3, 2)], lambda layer, shape: output_shape(layer, shape, ceil_mode=True)
    )
    assert rows[0].shape == (3, 4, 4)


def test_sizes_may_be_formulas() -> None:
    c, h, w, f, k = symbols("C H W F k")
    (row,) = table((c, h, w), [Layer("Conv2d", f, k)])
    assert [each.value(C=3, H=9, W=8, F=4, k=3) for each in row.shape[1:]] == [7, 6]
    assert (row.parameters.value(C=3, F=4, k=3), row.macs.value(C=3, H=9, W=8, F=4, k=3)) == (112, 4536)


@pytest.mark.parametrize("layer", [Layer("Linear", 3), Layer("Conv2d", 3, 9), Layer("MaxPool2d", 0, 2, 1, 0, 9)])
def test_layers_that_do_not_fit(layer: Layer) -> None:
    with pytest.raises(DoesNotFitError):
        output_shape(layer, (3, 8, 8))
