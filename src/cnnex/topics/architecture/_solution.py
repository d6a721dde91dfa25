"""The worked solution of a layer table: for each column a table with the numbers put into its formula."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cnnex.maths.counting import batch_norm_parameters, conv_macs, conv_parameters, linear_parameters
from cnnex.maths.shapes import output_size
from cnnex.maths.stack import COUNTED, WINDOWS, Layer, Row
from cnnex.model.prose import Block, Display, Inline, Table, prose
from cnnex.notation.formula import Formula, Term, equation, product_sum, shape, symbol, symbols, total
from cnnex.topics._layers import extent_line
from cnnex.topics.architecture._network import Network

N, K, S, P, D, C_IN, C_OUT, H_OUT, W_OUT = symbols("n k s p d C_in C_out H_out W_out")
SIZE = output_size(N, K, S, P)
DILATED_SIZE = output_size(N, symbol("k_eff"), S, P)
CONV_PARAMETERS = conv_parameters(C_IN, C_OUT, (K, K))
CONV_WEIGHTS = conv_parameters(C_IN, C_OUT, (K, K), bias=False)
CONV_MACS = conv_macs(C_IN, (C_OUT, H_OUT, W_OUT), (K, K))
FIELD = symbol("r") + (K - 1) * D * symbol("j")


def size_blocks(p: Network, rows: list[Row]) -> tuple[Block, ...]:
    """Height and width of each layer with windows."""
    square = p.input_shape[1] == p.input_shape[2]  # as windows are square, too, the sides are equal throughout
    axes = (1,) if square else (1, 2)
    head = ("size",) if square else ("height", "width")
    dilated = [(named.name, row.layer) for named, row in zip(p.layers, rows, strict=True) if row.layer.dilation > 1]
    body: list[tuple[Inline, ...]] = []
    for named, row in zip(p.layers, rows, strict=True):
        if row.layer.kind in WINDOWS:
            lines = [_line(SIZE, row.shape[axis], **_numbers(row.layer, row.input[axis])) for axis in axes]
            body.append((named.name, *lines, shape(p.ordered(row.shape))))
    return (
        prose("A convolution has one output channel for each filter, pooling keeps the channels. Along an axis:"),
        Display(equation(symbol("n_out"), SIZE)),
        *[
            block
            for name, layer in dilated
            for block in (
                prose("The dilated kernel of {name} spans more inputs, which take the place of {k}:", name=name, k=K),
                extent_line("k", layer.kernel_size, layer.dilation),
            )
        ],
        Table("Sizes", ("layer", *head, "output"), tuple(body)),
    )


def flat_blocks(p: Network, rows: list[Row]) -> tuple[Block, ...]:
    """What is flattened."""
    row = next(row for row in rows if row.layer.kind == "Flatten")
    return (
        prose("Flattening puts all values of all channels into one row:"),
        Display(equation(Formula("mul", *row.input), row.shape[0])),
    )


def parameter_blocks(p: Network, rows: list[Row]) -> tuple[Block, ...]:
    """The learned numbers."""
    kinds = [row.layer.kind for row in rows]
    words = [
        "A filter has {k} × {k} weights for each input channel, and a bias; there are {c} filters.",
        "A fully connected layer has a weight for each pair of input and output, and a bias for each output.",
        "Batch normalization learns a scale and a shift for each channel.",
        "Pooling learns nothing.",
    ]
    said = [
        each
        for each, shown in zip(
            words,
            ("Conv2d" in kinds, "Linear" in kinds, "BatchNorm2d" in kinds, {"MaxPool2d", "AvgPool2d"} & {*kinds}),
            strict=True,
        )
        if shown
    ]
    lines: list[tuple[Inline, ...]] = [
        (named.name, _line(_parameters(row), row.parameters))
        for named, row in zip(p.layers, rows, strict=True)
        if row.parameters
    ]
    return (
        prose(" ".join(said), k=K, c=C_OUT),
        Table("Parameters", ("layer", "parameters"), (*lines, _sum([row.parameters for row in rows]))),
    )


def mac_blocks(p: Network, rows: list[Row]) -> tuple[Block, ...]:
    """The multiply-accumulates."""
    lines: list[tuple[Inline, ...]] = [
        (named.name, _line(_macs(row), row.macs))
        for named, row in zip(p.layers, rows, strict=True)
        if row.layer.kind in COUNTED
    ]
    return (
        prose("Each value of a convolution's output takes one multiply-accumulate for each weight of its filter:"),
        Display(CONV_MACS),
        Table("Multiply-accumulates", ("layer", "MACs"), (*lines, _sum([row.macs for row in rows]))),
    )


def field_blocks(p: Network, rows: list[Row]) -> tuple[Block, ...]:
    """The receptive field, forwards, and its closed form as a check."""
    lines: list[tuple[Inline, ...]] = []
    summands: list[tuple[Term, ...]] = []
    size = jump = 1
    for named, row in zip(p.layers, rows, strict=True):
        layer = row.layer
        if layer.kind in WINDOWS:
            numbers = {"r": size, "k": layer.kernel_size, "d": layer.dilation, "j": jump}
            lines.append((named.name, jump, _line(FIELD, row.field.size, **numbers), row.field.jump))
            summands.append((layer.kernel_size - 1, layer.dilation * jump))
        size, jump = row.field.size, row.field.jump
    r, j = symbols("r j")
    return (
        prose(
            "Neighbouring places of a layer's input lie {j} pixels of the image apart, at first 1. A layer adds "
            "{k} − 1 such steps, each {d} times as long, to the field {r} before it. Then {j} is multiplied by its "
            "stride:",
            j=j, k=K, d=D, r=r,
        ),
        Table("Receptive fields", ("layer", "jump before", "field", "jump after"), tuple(lines)),
        prose("Check: all steps at once, from a single pixel:"),
        Display(equation(_one_and(product_sum(summands)), size)),  # type: ignore[arg-type]
    )  # fmt: skip


COLUMNS: dict[str, Callable[[Network, list[Row]], tuple[Block, ...]]] = {
    "size": size_blocks, "in": flat_blocks, "params": parameter_blocks, "macs": mac_blocks, "rf": field_blocks,
}  # fmt: skip


def _line(formula: Formula, value: Any, **numbers: Any) -> Formula:
    return equation(formula.put(**numbers), value)


def _numbers(layer: Layer, size: int) -> dict[str, int]:
    return {"n": size, "k": layer.extent, "s": layer.stride, "p": layer.padding}


def _parameters(row: Row) -> Formula:
    layer, channels = row.layer, row.input[0]
    if layer.kind == "BatchNorm2d":
        return batch_norm_parameters(C_IN).put(C_in=channels)  # type: ignore[no-any-return]
    if layer.kind == "Linear":
        return linear_parameters(C_IN, C_OUT, layer.bias).put(C_in=channels, C_out=layer.outputs)  # type: ignore[no-any-return]
    formula = CONV_PARAMETERS if layer.bias else CONV_WEIGHTS
    return formula.put(k=layer.kernel_size, C_in=channels, C_out=layer.outputs)  # type: ignore[no-any-return]


def _macs(row: Row) -> Formula:
    layer, channels = row.layer, row.input[0]
    if layer.kind == "Linear":
        return Formula("mul", channels, layer.outputs)
    _, height, width = row.shape
    return CONV_MACS.put(  # type: ignore[no-any-return]
        k=layer.kernel_size, C_in=channels, C_out=layer.outputs, H_out=height, W_out=width
    )


MOST_SUMMANDS = 6
"""A longer sum is wider than a page."""


def _sum(counts: list[int]) -> tuple[Inline, ...]:
    terms = [count for count in counts if count]
    long = not 1 < len(terms) <= MOST_SUMMANDS
    return ("all", sum(terms) if long else equation(total(terms), sum(terms)))


def _one_and(term: Term) -> Formula:
    return Formula("add", 1, *(term.args if isinstance(term, Formula) and term.op == "add" else (term,)))
