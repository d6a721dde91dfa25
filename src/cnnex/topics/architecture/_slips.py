"""The mistakes in a layer table: the same table with one rule changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from cnnex.maths.counting import conv_parameters
from cnnex.maths.receptive_field import fields
from cnnex.maths.stack import COUNTED, POOLS, Layer, Shape, macs, output_shape, parameters, table
from cnnex.model.value import Value
from cnnex.topics._family import Slip
from cnnex.topics._sizes import slip
from cnnex.topics.architecture._network import Network
from cnnex.topics.architecture._words import BIAS, CHANNELS_ONLY

Cells = Callable[..., Mapping[str, Value]]
"""The answers in some columns of a table, by the names of their steps: of a network, its rows, and the columns."""
Numbers = Callable[[Network, str, Sequence[Any]], Mapping[str, Value]]
"""The answers in one column with a number for each layer."""

SIZES = ("size", "in", "macs")
"""What depends on shapes wherever there are windows."""


def _layers(cells: Cells, change: Callable[[Layer], Layer]) -> Callable[[Network], Mapping[str, Value]]:
    return lambda p: cells(p, table(p.input_shape, map(change, p.stack)), *SIZES)


def _shapes(
    cells: Cells, rule: Callable[[Layer, Shape], Shape], *more: str
) -> Callable[[Network], Mapping[str, Value]]:
    return lambda p: cells(p, table(p.input_shape, p.stack, shape_of=rule), *SIZES, *more)


def size_slips(cells: Cells) -> tuple[Slip[Network], ...]:
    """Mistakes about sizes; the wrong sizes are carried forward, as a student would."""
    return (
        slip("padding-forgotten", _layers(cells, lambda each: replace(each, padding=0) if each.padding else each)),
        slip("partial-window-kept", _shapes(cells, partial(output_shape, ceil_mode=True))),
        Slip(
            *CHANNELS_ONLY,
            _shapes(
                cells, lambda layer, shape: shape[:1] if layer.kind == "Flatten" else output_shape(layer, shape),
                "params",
            ),
        ),
    )  # fmt: skip


def layer_slips(cells: Cells) -> tuple[Slip[Network], ...]:
    """Mistakes about what a layer does to channels, and how pooling windows move."""
    return (
        Slip(
            "input-channels-kept",
            "A convolution was taken to keep the number of channels.",
            "Each filter sums over all its input channels. How many maps does one filter make?",
            _shapes(cells, lambda layer, shape: (
                (shape[0], *output_shape(layer, shape)[1:]) if layer.kind == "Conv2d" else output_shape(layer, shape)
            )),
        ),
        Slip(
            "channels-pooled",
            "The channels were pooled as well.",
            "Pooling works on each channel alone. What happens to their number?",
            _shapes(cells, lambda layer, shape: (
                (shape[0] // layer.stride, *output_shape(layer, shape)[1:])
                if layer.kind in POOLS else output_shape(layer, shape)
            )),
        ),
        Slip(
            "pool-moved-by-one",
            "The pooling windows were moved by one step instead of by their stride.",
            "How far do the windows of a pooling layer move?",
            _layers(cells, lambda each: replace(each, stride=1) if each.kind in POOLS else each),
        ),
    )  # fmt: skip


def table_slips(numbers: Numbers) -> tuple[Slip[Network], ...]:
    """Mistakes about parameters, multiply-accumulates and the receptive field."""

    def learned(
        kinds: Collection[str], rule: Callable[[Layer, Shape], Any]
    ) -> Callable[[Network], Mapping[str, Value]]:
        return lambda p: numbers(p, "params", [
            rule(r.layer, r.input) if r.layer.kind in kinds else r.parameters for r in p.rows
        ])  # fmt: skip

    def of_one_channel(p: Network) -> Mapping[str, Value]:
        count = learned(["Conv2d"], lambda layer, _: conv_parameters(
            1, layer.outputs, (layer.kernel_size,) * 2, layer.bias
        ))  # fmt: skip
        return {**count(p), **numbers(p, "macs", [
            macs(r.layer, (1,), r.shape) if r.layer.kind == "Conv2d" else r.macs for r in p.rows
        ])}  # fmt: skip

    return (
        Slip(*BIAS, learned(COUNTED, lambda layer, shape: parameters(replace(layer, bias=False), shape))),
        Slip(
            "filter-of-one-channel",
            "The filters were taken to have a single channel.",
            "How many planes of weights does a filter need for all its input channels?",
            of_one_channel,
        ),
        Slip(
            "jump-ignored",
            "The strides of the layers before were left out.",
            "After a stride, by how many pixels of the input does one step of the next window move?",
            lambda p: numbers(p, "rf", [
                field.size for field in fields((each.kernel_size, 1, 0, each.dilation) for each in p.stack)
            ]),
        ),
    )  # fmt: skip
