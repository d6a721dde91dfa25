"""The mistakes in a layer table: the same table with one rule changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from cnnex.maths.counting import conv_parameters
from cnnex.maths.receptive_field import Layer as Along
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


def _layers(cells: Cells, change: Callable[[Layer], Layer], *more: str) -> Callable[[Network], Mapping[str, Value]]:
    return lambda p: cells(p, table(p.input_shape, map(change, p.stack)), *SIZES, *more)


def _shapes(
    cells: Cells, rule: Callable[[Layer, Shape], Shape], *more: str
) -> Callable[[Network], Mapping[str, Value]]:
    return lambda p: cells(p, table(p.input_shape, p.stack, shape_of=rule), *SIZES, *more)


def size_slips(cells: Cells) -> tuple[Slip[Network], ...]:
    """Mistakes about sizes; the wrong sizes are carried forward, as a student would."""
    return (
        slip("padding-forgotten", _layers(cells, lambda each: replace(each, padding=0) if each.padding else each)),
        slip("partial-window-kept", _shapes(cells, partial(output_shape, ceil_mode=True))),
        slip("dilation-ignored", _layers(
            cells, lambda each: replace(each, dilation=1) if each.dilation > 1 else each, "rf"
        )),
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


def count_slips(numbers: Numbers) -> tuple[Slip[Network], ...]:
    """Mistakes about parameters and multiply-accumulates."""

    def learned(rule: Callable[[Layer, Shape], Any]) -> Callable[[Network], Mapping[str, Value]]:
        return lambda p: numbers(p, "params", [rule(r.layer, r.input) for r in p.rows])

    def multiplied(rule: Callable[[Layer, Shape, Shape], Any]) -> Callable[[Network], Mapping[str, Value]]:
        """Convolutions counted by another rule."""
        return lambda p: numbers(p, "macs", [
            (rule if r.layer.kind == "Conv2d" else macs)(r.layer, r.input, r.shape) for r in p.rows
        ])  # fmt: skip

    def own(kinds: Iterable[str], rule: Callable[[Layer, Shape], Any]) -> Callable[[Layer, Shape], Any]:
        return lambda layer, shape: rule(layer, shape) if layer.kind in kinds else parameters(layer, shape)

    return (
        Slip(
            *BIAS,
            learned(own(COUNTED, lambda layer, shape: parameters(replace(layer, bias=False), shape))),
        ),
        Slip(
            "filter-of-one-channel",
            "The filters were taken to have a single channel.",
            "How many planes of weights does a filter need for all its input channels?",
            lambda p: {
                **learned(own(["Conv2d"], lambda layer, shape: conv_parameters(
                    1, layer.outputs, (layer.kernel_size,) * 2, layer.bias
                )))(p),
                **multiplied(lambda layer, shape, output: macs(layer, (1, *shape[1:]), output))(p),
            },
        ),
        Slip(
            "pool-weights-counted",
            "The places of the pooling windows were counted as weights.",
            "What does a pooling layer learn?",
            learned(own(POOLS, lambda layer, shape: layer.kernel_size**2 * shape[0])),
        ),
        Slip(
            "running-statistics-counted",
            "The running mean and variance of the batch normalization were counted as parameters.",
            "Which numbers of a batch normalization does training learn by gradients?",
            learned(own(["BatchNorm2d"], lambda layer, shape: 4 * shape[0])),
        ),
        Slip(
            "input-size-for-output-size",
            "The places of the input were counted in place of those of the output.",
            "For which places is a weighted sum computed?",
            multiplied(lambda layer, shape, output: macs(layer, shape, (output[0], *shape[1:]))),
        ),
    )  # fmt: skip


def field_slips(numbers: Numbers) -> tuple[Slip[Network], ...]:
    """Mistakes about the receptive field."""

    def seen(sizes: Callable[[Sequence[Layer]], list[Any]]) -> Callable[[Network], Mapping[str, Value]]:
        return lambda p: numbers(p, "rf", sizes(p.stack))

    return (
        Slip(
            "jump-ignored",
            "The strides of the layers before were left out.",
            "After a stride, by how many pixels of the input does one step of the next window move?",
            seen(lambda layers: _fields((each.kernel_size, 1, 0, each.dilation) for each in layers)),
        ),
        Slip(
            "own-stride-counted",
            "A layer's own stride was used for its own window already.",
            "The entries of one window are neighbours in the layer's input. Which strides lie before them?",
            seen(_own_stride),
        ),
        Slip(
            "pools-left-out",
            "The pooling layers were left out of the receptive field.",
            "Does a pooling window look at one value or at several?",
            seen(lambda layers: _fields(_along(Layer("") if each.kind in POOLS else each for each in layers))),
        ),
    )


def _along(layers: Iterable[Layer]) -> Iterable[Along]:
    """The layers along one axis."""
    return ((each.kernel_size, each.stride, 0, each.dilation) for each in layers)


def _fields(layers: Iterable[Along]) -> list[Any]:
    return [each.size for each in fields(layers)]


def _own_stride(layers: Sequence[Layer]) -> list[Any]:
    size, jump, sizes = 1, 1, []
    for layer in layers:
        jump *= layer.stride
        size += (layer.kernel_size - 1) * layer.dilation * jump
        sizes.append(size)
    return sizes
