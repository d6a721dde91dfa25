"""F09 in words: the layer, each question, and how each value is found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from cnnex.maths.correlation import Pairs
from cnnex.model.follow import FollowThrough, entries_of
from cnnex.model.problem import Part
from cnnex.model.prose import Block, Display, Prose, Table, prose
from cnnex.model.value import Kind, Matrix
from cnnex.notation.formula import (
    Formula,
    Term,
    call,
    equation,
    matrix,
    product_sum,
    rel,
    shape,
    symbol,
    symbols,
    total,
)
from cnnex.topics._family import Solved
from cnnex.topics._layers import settings
from cnnex.topics._sizes import plane_blocks, size_line
from cnnex.topics.convolution._channel_layer import Channels, contributions, padded_products, windows  # fmt: skip
from cnnex.topics.convolution._windows import kernel_rows

WIDEST = 13
"""Columns of matrices side by side, each with its name."""


@lru_cache(1024)
def _named(letter: str, *indices: int) -> Formula:
    return symbol("_".join([letter, *map(str, indices)]))


def _planes(letter: str, planes: Sequence[Matrix]) -> list[Display]:
    """The channels side by side, as long as they are not too wide for a page."""
    shown = [equation(_named(letter, c), matrix(plane)) for c, plane in enumerate(planes)]
    if len(planes) > 1 and len(planes) * (len(planes[0][0]) + 1) <= WIDEST:
        return [Display(rel(",", *shown))]
    return [Display(each) for each in shown]


def statement(p: Channels) -> tuple[Block, ...]:
    down, across = p.kernel
    blocks: list[Block] = [
        prose(
            "A convolution layer with {setting} has {n} filter{s} of size {h} × {w}, {bias}. Its input {x} has {c} "
            "channels:",
            setting=settings(p.stride, p.padding), n=p.filters, s="" if p.filters == 1 else "s", h=down, w=across,
            bias=("with a bias" if p.filters == 1 else "each with a bias") if p.bias else "without bias",
            x=symbol("X"), c=len(p.input),
        ),
        *_planes("X", p.input),
    ]  # fmt: skip
    for f, planes in enumerate(p.weight):
        words = "Filter {f} makes channel {f} of the output {z}. It has {bias} and these weights for each channel:"
        bias = prose("the bias {b}", b=equation(_named("b", f), p.bias[f])) if p.bias else "no bias"
        blocks.append(prose(words, f=f, z=symbol("Z"), bias=bias))
        blocks += _planes(f"W_{f}", planes)
    if len(p.weight) < p.filters:
        blocks.append(prose("The weights of the other filters are not needed here."))
    if p.relu:
        blocks.append(prose("ReLU follows, entry by entry: {a}.", a=equation(symbol("A"), call("relu", symbol("Z")))))
    return tuple(blocks)


def asked(p: Channels, solved: Solved, own: dict[str, Any]) -> Iterator[tuple[Part, tuple[Block, ...]]]:
    """Each part with the explanation of its step; `own` is the data of parts that need weights."""
    down, across = p.kernel
    yield (
        Part("kernel_shape", "kernel_shape", Kind.SHAPE, prose("What is the shape of one filter?"), "kernel_shape"),
        (prose(
            "A filter has a plane of {h} × {w} weights for each of the {c} input channels.",
            h=down, w=across, c=len(p.input),
        ),),
    )  # fmt: skip
    yield (
        Part("weight_shape", "weight_shape", Kind.SHAPE, prose("What is the shape of all filters together?"),
             "weight_shape", follows=FollowThrough.by(lambda *one: (p.filters, *one), *entries_of("kernel_shape", 3))),
        (prose(
            "There {are} of shape {one}; the number of filters comes first.",
            are="is 1 filter" if p.filters == 1 else f"are {p.filters} filters", one=shape(solved["kernel_shape"]),
        ),),
    )  # fmt: skip
    square = "size" in solved
    if square:
        size = Part("size", "output_size", Kind.INTEGER, prose("The output is square. What is its side?"), "size")
        yield size, (
            prose("Both axes alike, with window size {k}, stride {s} and padding {p}:",
                  **dict(zip("ksp", symbols("K S p"), strict=True))),
            size_line("H", len(p.input[0]), down, p.stride, p.padding),
        )  # fmt: skip
    one_each = prose("{each} makes one output channel, whatever the number of input channels.",
                     each="The filter" if p.filters == 1 else f"Each of the {p.filters} filters")  # fmt: skip
    yield (
        Part("output_shape", "output_shape", Kind.SHAPE, prose("What is the shape of the output?"), "output_shape",
             follows=FollowThrough.by(lambda side: (p.filters, side, side), "size") if square else None),
        (one_each,) if square else (
            one_each, *plane_blocks(len(p.input[0]), len(p.input[0][0]), p.kernel, p.stride, p.padding)
        ),
    )  # fmt: skip
    found = {(e, c): window for e, c, window in windows(p)}
    for e, (row, column) in enumerate(p.places, 1):
        z = _named("Z", 0, row, column)
        for c in range(len(p.input)):
            yield from _channel_parts(p, own, (e, c), (row, column), found[e, c])
        terms: list[Term] = [solved[f"contribution_{e}_c{c}"] for c in range(len(p.input))]
        entry = Part(
            f"entry_{e}", "output_entry", Kind.INTEGER,
            prose("Compute {z}, the entry in row {r} and column {c} of output channel 0{relu}.", z=z, r=row, c=column,
                  relu=", before ReLU" if p.relu else ""),
            f"entry_{e}", index=(0, row, column), given=own,
            follows=FollowThrough.by(
                lambda *each: total([*each, *p.bias[:1]]), *(f"contribution_{e}_c{c}" for c in range(len(p.input)))
            ),
        )  # fmt: skip
        yield (
            entry,
            (
                prose("The contributions of all channels{bias} are added:", bias=" and the bias" if p.bias else ""),
                Display(equation(z, total([*terms, *p.bias[:1]]), solved[f"entry_{e}"])),
            ),
        )
    for f in range(len(p.weight) if p.ask_maps else 0):
        name, after = ("A", " after ReLU") if p.relu else ("Z", "")
        yield (
            Part(
                f"map_{f}", "activated_map" if p.relu else "feature_map", Kind.MATRIX,
                prose("Compute {a}, channel {f} of the output{after}.", a=_named(name, f), f=f, after=after),
                f"map_{f}", index=(f,), given=own,
            ),
            _map_blocks(p, f),
        )  # fmt: skip


def _channel_parts(
    p: Channels, own: dict[str, Any], ec: tuple[int, int], place: tuple[int, int], window: Pairs
) -> Iterator[tuple[Part, tuple[Block, ...]]]:
    """The window of one channel and what it contributes to one entry of output channel 0."""
    (e, c), (row, column), (down, across) = ec, place, p.kernel
    z, x = _named("Z", 0, row, column), _named("X", c)
    entries = [entry for _, entry in window]
    patch: Prose = prose(
        "Rows {a} to {b} and columns {l} to {r} of the {which}:",
        a=row * p.stride, b=row * p.stride + down - 1, l=column * p.stride, r=column * p.stride + across - 1,
        which="padded channel" if p.padding else "channel",
    )  # fmt: skip
    shown = (patch, Display(matrix([entries[u : u + across] for u in range(0, len(entries), across)])))
    if p.ask_patches:
        yield (
            Part(
                f"patch_{e}_c{c}", "patch", Kind.MATRIX,
                prose("Which {h} × {w} window of {which} {x} does {z} see?", h=down, w=across, x=x, z=z,
                      which="the padded" if p.padding else "channel"),
                f"patch_{e}_c{c}", index=(c, row, column), given=own,
            ),
            shown,
        )  # fmt: skip
    yield (
        Part(
            f"contribution_{e}_c{c}", "contribution", Kind.INTEGER,
            prose("What does input channel {c} contribute to {z}?", c=c, z=z), f"contribution_{e}_c{c}",
            index=(0, c, row, column), given=own, builds_on=(f"patch_{e}_c{c}",) * p.ask_patches,
        ),
        (
            *(() if p.ask_patches else shown),
            Table(
                "Weights times entries of the window, one row of the kernel after the other",
                ("row of the kernel", "products", "sum so far"),
                tuple(kernel_rows(window, across, first=0)),
            ),
        ),
    )  # fmt: skip


def _map_blocks(p: Channels, f: int) -> tuple[Block, ...]:
    """What each channel contributes to each entry, then the sums."""
    products, maps = padded_products(p, f), contributions(p, f)
    rows, sums = [], []
    for r in range(len(maps[0])):
        for c in range(len(maps[0][0])):
            z = _named("Z", f, r, c)
            each = [plane[r][c] for plane in maps]
            rows += [(z, i, product_sum(products[i][r][c]), value) for i, value in enumerate(each)]
            whole = sum(each) + p.biases[f]
            sums.append((z, total([*each, *p.bias[f : f + 1]]), whole, *[max(0, whole)] * p.relu))
    words = "contributions and bias" if p.bias else "contributions"
    return (
        Table("What each input channel contributes", ("entry", "channel", "products", "sum"), tuple(rows)),
        Table("The entries", ("entry", words, "sum", *["after ReLU"] * p.relu), tuple(sums)),
    )
