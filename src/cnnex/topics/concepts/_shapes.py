"""What a layer does to channels and shapes, and what its outputs see."""

from __future__ import annotations

from collections.abc import Mapping

from cnnex.maths.counting import conv_weights
from cnnex.maths.receptive_field import fields
from cnnex.maths.shapes import output_size
from cnnex.model import conventions as says
from cnnex.model.prose import prose
from cnnex.model.value import Value
from cnnex.notation.formula import shape
from cnnex.topics._layers import data
from cnnex.topics.concepts._case import IDEAS, Case
from cnnex.topics.concepts._claim import Claim, record
from cnnex.topics.concepts._weights import one_record, same_layer, same_layer_words

SHAPES: Mapping[str, tuple[str, str]] = {
    "padding-sides-confused": (
        "The padding of one side was confused with the padding of both sides.",
        "Write a short padded line and count the zeros at each end.",
    ),
    "channels-misread": (
        "It was misread over which channels a layer adds, and how many maps come out.",
        "What does one filter look at, and how many maps does one filter make?",
    ),
    "field-misjudged": (
        "It was misjudged what one output depends on.",
        "Start at one output and mark all inputs that it depends on.",
    ),
    "shape-misjudged": (
        "It was misjudged what the layer does to the shape of its input.",
        "How many outputs does the layer compute along each axis?",
    ),
    "stride-misread": (
        "It was misread what the stride says.",
        "The stride is a step. Where would the second window begin?",
    ),
}  # fmt: skip
"""Of each misconception what went wrong, and where to look."""


@IDEAS.add("sum-over-filters", "easy", "channels-misread", "in_channels out_channels kernel_size size")
def _sum_over_filters(p: Case) -> Claim:
    side = output_size(p.size, p.kernel_size, 1, (p.kernel_size - 1) // 2)
    found = (p.out_channels, side, side)
    return Claim(
        same_layer_words(p),
        prose(
            "Each filter adds over the input channels, and the filters are not added to one another: the output of a "
            "{n} × {n} input is {s}." if p.holds else
            "The layer adds over the input channels and over the filters, too: the output of a {n} × {n} input is {s}.",
            n=p.size, s=shape(found if p.holds else (1, side, side)),
        ),
        same_layer(p), "output_shape", found, "=", found if p.holds else (1, side, side),
        (
            prose("Each of the {o} filters adds the contributions of all {c} input channels and its bias, and "
                  "makes one "
                  "map. The maps stay apart: {s}.", o=p.out_channels, c=p.in_channels, s=shape(found)),
        ),
        conventions=(says.CHANNELS_FIRST,),
    )  # fmt: skip


@IDEAS.add("nonlinearity-shape", "easy", "shape-misjudged", "out_channels size")
def _nonlinearity(p: Case) -> Claim:
    found = (p.out_channels, p.size, p.size)
    return Claim(
        prose("A ReLU layer, which replaces negative entries by 0, gets an input of shape {s}.", s=shape(found)),
        prose(
            "Its output has the same shape as its input." if p.holds else
            "Its output has a shape other than its input, because negative entries drop out."
        ),
        one_record(p, "ReLU"), "output_shape", found, "=" if p.holds else "!=", found,
        (prose("A non-linear layer works on each entry alone and puts one value in its place: {s} again.",
               s=shape(found)),),
        place={"layer": 0}, conventions=(says.CHANNELS_FIRST,),
    )  # fmt: skip


@IDEAS.add("pooling-channels", "medium", "channels-misread", "out_channels size")
def _pooling_channels(p: Case) -> Claim:
    side = output_size(p.size, 2, 2)
    found = (p.out_channels, side, side)
    return Claim(
        prose("Max pooling with window 2 × 2 and stride 2 gets an input of shape {s}.",
              s=shape((p.out_channels, p.size, p.size))),
        prose(
            "It works on each channel on its own: the output is {s}." if p.holds else
            "It also takes the largest of the channels at each place: the output is {s}.",
            s=shape(found if p.holds else (1, side, side)),
        ),
        {
            "operation": "max_pool2d", "input_shape": [p.out_channels, p.size, p.size], "kernel_size": [2, 2],
            "stride": [2, 2], "padding": [0, 0], "dilation": [1, 1], "ceil_mode": False,
        },
        "output_shape", found, "=", found if p.holds else (1, side, side),
        (
            prose("Each of the {c} channels is pooled alone, so there are {c} channels again. Only height and width "
                  "shrink, from {n} to {m}.", c=p.out_channels, n=p.size, m=side),
        ),
        conventions=(says.CHANNELS_FIRST, says.ROUND_DOWN),
    )  # fmt: skip


@IDEAS.add("zero-stride", "medium", "stride-misread", "in_channels out_channels kernel_size")
def _zero_stride(p: Case) -> Claim:
    k, step = p.kernel_size, p.kernel_size - 1
    found: Value = (p.out_channels, 1, 1) if p.holds else ()
    return Claim(
        prose("A fully connected layer is written as a convolution layer: {o} filters of {k} × {k} over an input of "
              "shape {s}, without padding.", o=p.out_channels, k=k, s=shape((p.in_channels, k, k))),
        prose(
            "With stride 1 or, as well, with stride {n} the output is {s}." if p.holds else
            "Because the kernel does not move, its stride is 0: a library takes stride 0 and returns an output of {s}.",
            n=step, s=shape((p.out_channels, 1, 1)),
        ),
        same_layer(p, k, padding=[0, 0], stride=[step if p.holds else 0] * 2),
        "output_shape", found, "=", (p.out_channels, 1, 1),
        (
            prose("The kernel fits at one place only, so any stride of at least 1 gives the same {s}. With stride "
                  "0 the "
                  "formula for the size would divide by 0, and libraries refuse it.", s=shape((p.out_channels, 1, 1))),
        ),
        conventions=(says.CHANNELS_FIRST,),
    )  # fmt: skip


@IDEAS.add("one-by-one", "hard", "channels-misread", "in_channels out_channels size")
def _one_by_one(p: Case) -> Claim:
    c, o = p.in_channels, p.out_channels
    found = conv_weights(c, o, (1, 1))
    return Claim(
        prose("A convolution layer with kernel size 1 turns {c} channels of {n} × {n} into {o} channels.",
              c=c, o=o, n=p.size),
        prose(
            "At each place it mixes all channels, with {v} weights that all places share." if p.holds else
            "It can't mix channels, since a 1 × 1 kernel is a single number: it has {v} weights.",
            v=found if p.holds else o,
        ),
        same_layer(p, kernel_size=[1, 1], padding=[0, 0]), "weight_count", found, "=", found if p.holds else o,
        (prose("Each of the {o} filters has one weight for each of the {c} input channels: {n} weights. At each place "
               "this is a small fully connected layer over the channels.", o=o, c=c, n=found),),
    )  # fmt: skip


@IDEAS.add("more-filters", "medium", "field-misjudged", "in_channels out_channels kernel_size")
def _more_filters(p: Case) -> Claim:
    ((found, _, _),) = fields([(p.kernel_size, 1, 0, 1)])
    return Claim(
        same_layer_words(p),
        prose(
            "With twice as many filters, the receptive field of an output stays the same." if p.holds else
            "With twice as many filters, an output has a larger receptive field."
        ),
        same_layer(p, out_channels=2 * p.out_channels), "receptive_field", found, "=" if p.holds else ">", found,
        (prose("One output belongs to one filter, which sees {k} × {k} pixels. More filters see the same pixels "
               "in more "
               "ways.", k=found),),
        other={"out_channels": p.out_channels},
    )  # fmt: skip


@IDEAS.add("small-kernels", "hard", "field-misjudged", "in_channels kernel_size")
def _small_kernels(p: Case) -> Claim:
    k, count = p.kernel_size, 3
    *_, (found, _, _) = fields([(k, 1, 0, 1)] * count)
    conv = record(
        "Conv2d", in_channels=p.in_channels, out_channels=p.in_channels, kernel_size=[k, k], stride=[1, 1],
        padding=[0, 0], dilation=[1, 1], bias=True,
    )  # fmt: skip
    return Claim(
        prose("{n} convolution layers with kernel size {k} and stride 1 follow one another; each has {c} channels.",
              n="Three", k=k, c=p.in_channels),
        prose("Together they see as much of the input as one layer with kernel size {v}.",
              v=found if p.holds else count * k),
        {"input_shape": [p.in_channels, 64, 64], "layers": [conv] * count},
        "receptive_field", found, "=", found if p.holds else count * k,
        (prose("The first layer sees {k} pixels along an axis, and each further one adds {m}: {v} in all.",
               k=k, m=k - 1, v=found),),
        place={"layer": count - 1},
    )  # fmt: skip


@IDEAS.add("dense-as-convolution", "hard", "shape-misjudged", "in_channels out_channels kernel_size")
def _dense_as_convolution(p: Case) -> Claim:
    k = p.kernel_size
    n = k + 3
    side = output_size(n, k)
    found = (p.out_channels, side, side)
    claimed = found if p.holds else (p.out_channels, 1, 1)
    return Claim(
        prose("A fully connected layer over inputs of {s} with {o} outputs is replaced by a convolution layer with {o} "
              "filters of {k} × {k}, stride 1 and no padding.",
              s=shape((p.in_channels, k, k)), o=p.out_channels, k=k),
        prose("An input of {s} then gives an output of {t}.", s=shape((p.in_channels, n, n)), t=shape(claimed)),
        same_layer(p, n, padding=[0, 0]), "output_shape", found, "=", claimed,
        (prose("The kernel slides over the larger input and fits at {m} places along each axis. So the same weights "
               "judge each of the {all} places at once.", m=side, all=side * side),),
        conventions=(says.CHANNELS_FIRST,),
    )  # fmt: skip


@IDEAS.add("padding-sides", "easy", "padding-sides-confused", "size kernel_size")
def _padding_sides(p: Case) -> Claim:
    n, b = p.size, p.kernel_size - 2
    return Claim(
        prose("A sequence of {n} numbers goes into a convolution layer with kernel size {k} and stride 1. The size of "
              "its output is n + 2p - k + 1, with p = {b}.", n=n, k=p.kernel_size + 1, b=b),
        prose(
            "Here p counts the zeros at one end only: {all} zeros are added in all, and the padded sequence has {m} "
            "entries." if p.holds else
            "Here p counts all zeros that are added: {all} of them in all, and the padded sequence has {m} entries.",
            all=2 * b if p.holds else b, m=n + 2 * b if p.holds else n + b,
        ),
        data("conv1d", [1], [b], [1], input_shape=[n], weight_shape=[p.kernel_size + 1]),
        "padded_shape", (n + 2 * b,), "=", (n + 2 * b if p.holds else n + b,),
        (
            prose("In n + 2p the padding stands twice, once for each end: {n} plus 2 times {b} is {m}.",
                  n=n, b=b, m=n + 2 * b),
        ),
    )  # fmt: skip


@IDEAS.add("filter-depth", "easy", "channels-misread", "in_channels out_channels kernel_size")
def _filter_depth(p: Case) -> Claim:
    c, o, k = p.in_channels, p.out_channels, p.kernel_size
    return Claim(
        same_layer_words(p),
        prose(
            "A filter has a plane for each input channel: its shape is {s}." if p.holds else
            "A filter is a single plane that is used for all input channels: its shape is {s}.",
            s=shape((c if p.holds else 1, k, k)),
        ),
        same_layer(p), "weight_shape", (o, c, k, k), "=", (o, c if p.holds else 1, k, k),
        (prose("Each filter has weights of its own for each of the {c} input channels: {s}. All filters together are "
               "{all}.", c=c, s=shape((c, k, k)), all=shape((o, c, k, k))),),
        conventions=(says.CHANNELS_FIRST,),
    )  # fmt: skip
