"""Sentences that compare two layers, or speak of several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnnex.maths import receptive_field
from cnnex.maths.counting import conv_parameters, conv_weights, linear_parameters
from cnnex.maths.geometry import DoesNotFitError
from cnnex.model import conventions as says
from cnnex.model.prose import Prose, prose
from cnnex.topics.concepts._claim import Claim, record, times, worked
from cnnex.topics.concepts._layer import PAIR

PAIRS: Mapping[str, tuple[str, str]] = {
    "sharing-forgotten": (
        "It was overlooked that all places share the same weights.",
        "Does a filter have other weights at another place?",
    ),
    "scaling-misjudged": (
        "It was misjudged how a count grows with a size of the layer.",
        "Write the count as a formula. Is the size in it, and to which power?",
    ),
    "jump-forgotten": (
        "It was overlooked what the stride of an earlier layer does to the receptive field.",
        "How far do neighbouring entries of the second layer's input lie apart in the first one's?",
    ),
    "depth-for-width": (
        "The costs of a deep stack and of a wide kernel were confused.",
        "Count the weights of one small kernel, of all small kernels, and of the large one.",
    ),
}  # fmt: skip
"""Of each misconception what went wrong, and where to look."""


def compared(
    p: Any, asks: str, words: str, found: int, times: int, other: dict[str, Any], claimed: int, why: Prose
) -> Claim:
    """A count of the layer, so many times, against that of another layer."""
    return Claim(
        p.words, prose(words), p.given, asks, times * found, "=", claimed, (why,), times, other,
        conventions=(*p.taken(asks), *[says.BIAS_PER_FILTER] * (asks == "parameter_count")),
    )  # fmt: skip


@PAIR.add("twice-the-filters", "easy", "scaling-misjudged", "")
def _twice_filters(p: Any) -> Claim:
    times = 2 if p.holds else 4
    now, then = (conv_parameters(p.in_channels, each * p.out_channels, p.kernel) for each in (1, 2))
    why = prose(
        "Each filter has as many weights as before and one bias. Twice as many filters have {b} parameters in "
        "place of {a}: twice as many.",
        a=now,
        b=then,
    )
    words = f"With twice as many filters the layer has exactly {'twice' if p.holds else '4 times'} as many parameters."
    return compared(p, "parameter_count", words, now, times, {"out_channels": 2 * p.out_channels}, then, why)


@PAIR.add("twice-the-channels", "medium hard", "scaling-misjudged", "")
def _twice_channels(p: Any) -> Claim:
    count = conv_weights if p.holds else conv_parameters
    now, then = (count(each * p.in_channels, p.out_channels, p.kernel) for each in (1, 2))
    why = prose(
        "The weights double, from {a} to {b}. The {o} biases stay {o}, so weights and biases together do not double.",
        a=conv_weights(p.in_channels, p.out_channels, p.kernel),
        b=conv_weights(2 * p.in_channels, p.out_channels, p.kernel), o=p.out_channels,
    )  # fmt: skip
    what = "weights" if p.holds else "parameters, weights and biases together"
    words = f"With twice as many input channels the layer has exactly twice as many {what}."
    other = {"in_channels": 2 * p.in_channels, "input_shape": [2 * p.in_channels, p.size, p.size]}
    return compared(p, "weight_count" if p.holds else "parameter_count", words, now, 2, other, then, why)


@PAIR.add("twice-the-kernel", "easy", "scaling-misjudged", "")
def _twice_kernel(p: Any) -> Claim:
    k = 2 * p.kernel_size
    now, then = (conv_weights(p.in_channels, p.out_channels, (each, each)) for each in (p.kernel_size, k))
    why = prose(
        "The side of the kernel stands squared in the count: {a} weights become {b}, 4 times as many.", a=now, b=then
    )
    words = f"With kernel size {k} the layer has exactly {'4 times' if p.holds else 'twice'} as many weights."
    return compared(p, "weight_count", words, now, 4 if p.holds else 2, {"kernel_size": [k, k]}, then, why)


@PAIR.add("twice-the-image", "easy medium hard", "sharing-forgotten", "")
def _twice_image(p: Any) -> Claim:
    count = conv_parameters(p.in_channels, p.out_channels, p.kernel)
    n = 2 * p.size
    why = prose("The layer slides the same {n} parameters over an image of any size.", n=count)
    words = (
        f"On an input with height and width {n} it has exactly as many parameters." if p.holds else
        f"On an input with height and width {n} it has exactly 4 times as many parameters."
    )  # fmt: skip
    other = {"input_shape": [p.in_channels, n, n]}
    return compared(p, "parameter_count", words, count, 1 if p.holds else 4, other, count, why)


@PAIR.add("dense-instead", "hard", "scaling-misjudged", "")
def _dense(p: Any) -> Claim:
    inputs, outputs = p.in_channels * p.size**2, p.out_channels * p.side**2
    right = linear_parameters(inputs, outputs, bias=False)
    wrong = linear_parameters(p.in_channels * p.size, p.out_channels * p.side, bias=False)
    given = {
        "input_shape": [p.in_channels, p.size, p.size],
        "layers": [record("Flatten"), record("Linear", in_features=inputs, out_features=outputs, bias=False)],
    }  # fmt: skip
    why = prose(
        "The number of input values is {i}, that of output values {j}. Each pair has a weight: {w}.",
        i=worked(times(p.in_channels, p.size, p.size)), j=worked(times(p.out_channels, p.side, p.side)), w=right,
    )  # fmt: skip
    claimed = right if p.holds else wrong
    words = (
        f"A fully connected layer with as many inputs and outputs as this layer, without biases, has {claimed} weights."
    )
    return Claim(
        p.words, prose(words), given, "parameter_count", right, "=", claimed, (why,), place={"layer": 1},
        conventions=p.conventions,
    )  # fmt: skip


@PAIR.add("field-of-two", "hard", "jump-forgotten", "")
def _field(p: Any) -> Claim:
    first, second = (p.kernel_size, p.stride, p.padding, p.dilation), (3, 1, 0, 1)
    *_, (right, _, _) = receptive_field.fields([first, second])
    *_, (flat, _, _) = receptive_field.fields([(p.kernel_size, 1, p.padding, p.dilation), second])
    if right == flat:
        raise DoesNotFitError("without a stride there is no jump")
    layers = [
        record("Conv2d", in_channels=p.in_channels, out_channels=p.out_channels, kernel_size=list(p.kernel),
               stride=[p.stride] * 2, padding=[p.padding] * 2, dilation=[p.dilation] * 2, bias=True),
        record("Conv2d", in_channels=p.out_channels, out_channels=p.out_channels, kernel_size=[3, 3], stride=[1, 1],
               padding=[0, 0], dilation=[1, 1], bias=True),
    ]  # fmt: skip
    claimed = right if p.holds else flat
    why = prose(
        "An output of the first layer sees {e} inputs along an axis. The second layer sees 3 of them, which lie {s} "
        "inputs apart: {r}.",
        e=p.extent, s=p.stride, r=worked(p.extent + times(2, p.stride)),
    )  # fmt: skip
    words = f"If a layer with kernel size 3 follows, its outputs see {claimed} entries of the input along each axis."
    return Claim(
        p.words, prose(words), {"input_shape": [p.in_channels, p.size, p.size], "layers": layers}, "receptive_field",
        right, "=", claimed, (why,), place={"layer": 1},
        conventions=p.taken("receptive_field"),
    )  # fmt: skip


@PAIR.add("three-small-kernels", "easy medium", "depth-for-width", "")
def _small_kernels(p: Any) -> Claim:
    k, c = p.kernel_size, p.in_channels
    large = 3 * (k - 1) + 1
    small, wide = 3 * conv_weights(c, c, (k, k)), conv_weights(c, c, (large, large))
    why = prose(
        "With {c} channels throughout, the small kernels have {a} weights and the large one {b}.",
        c=c, a=worked(times(3, k, k, c, c)), b=worked(times(large, large, c, c)),
    )  # fmt: skip
    setting = f"Compare three {k} × {k} convolution layers, one after the other, with one {large} × {large} layer."
    words = f"The three layers together have {'fewer' if p.holds else 'more'} weights than the one layer."
    return Claim(
        prose(f"{setting} Each layer has {c} channels in and {c} out."), prose(words), {**p.given, "out_channels": c},
        "weight_count", small, "<" if p.holds else ">", wide, (why,), 3, {"kernel_size": [large, large]},
        conventions=(says.ONLY_WEIGHTS,),
    )  # fmt: skip
