"""Sentences about the numbers of one layer."""

from __future__ import annotations

from typing import Any

from cnnex.maths.counting import conv_macs, conv_parameters, conv_weights
from cnnex.maths.geometry import DoesNotFitError
from cnnex.model.prose import Prose, prose
from cnnex.model.value import Value
from cnnex.notation.formula import shape
from cnnex.topics.concepts._claim import Claim, times, worked
from cnnex.topics.concepts._layer import LAYER


def about(p: Any, asks: str, words: str, right: Value, wrong: Value, why: Prose, **holes: Any) -> Claim:
    """A sentence that gives a value, the right one or that of a misconception."""
    if right == wrong:
        raise DoesNotFitError("with these numbers the misconception leads to the right value")
    claimed = right if p.holds else wrong
    shown = holes.pop("shown", lambda value: str(value))
    return Claim(
        p.words, prose(words, v=shown(claimed), **holes), p.given, asks, right, "=", claimed, (why,),
        conventions=p.taken(asks),
    )  # fmt: skip


def _side(p: Any, wrong: int) -> Claim:
    n, m, e, s = p.size, p.size + 2 * p.padding, p.extent, p.stride
    if wrong < 1:
        raise DoesNotFitError("the misconception leaves no output")
    why = prose(
        "Along each axis the padded input has {m} entries, and the kernel spans {e}. From the "
        "first place there are {steps} full steps of {s} within the remaining {r}, so {side} places.",
        m=worked(n + times(2, p.padding)), e=e, steps=(m - e) // s, s=s, r=m - e, side=p.side,
    )  # fmt: skip
    return about(
        p, "output_shape", "The output has height and width {v}.", p.output, (p.out_channels, wrong, wrong), why,
        shown=lambda value: str(value[1]),
    )  # fmt: skip


@LAYER.add("side-with-padding", "easy", "padding-one-side", "")
def _padding_side(p: Any) -> Claim:
    return _side(p, p.side_with(p.size + p.padding))


@LAYER.add("side-rounded", "medium", "windows-miscounted", "")
def _rounded(p: Any) -> Claim:
    return _side(p, p.side_with(ceil_mode=True))


@LAYER.add("side-counted", "easy", "windows-miscounted", "")
def _counted(p: Any) -> Claim:
    return _side(p, p.side - 1)


@LAYER.add("side-dilated", "hard", "dilation-ignored", "")
def _dilated(p: Any) -> Claim:
    return _side(p, p.side_with(extent=p.kernel_size))


@LAYER.add("kernel-span", "hard", "dilation-ignored", "")
def _span(p: Any) -> Claim:
    why = prose(
        "{k} weights have {gaps} steps of {d} between them: {e}.",
        k=p.kernel_size, gaps=p.kernel_size - 1, d=p.dilation,
        e=worked(times(p.kernel_size - 1, p.dilation) + 1),
    )  # fmt: skip
    words = "Along each axis, one output spans {v} entries of the input, those between the weights included."
    return about(p, "receptive_field", words, p.extent, p.kernel_size, why)


@LAYER.add("output-channels", "easy", "channels-misread", "")
def _output_channels(p: Any) -> Claim:
    why = prose(
        "Each of the {o} filters adds over all {c} input channels and makes one map: {s}.",
        o=p.out_channels, c=p.in_channels, s=shape(p.output),
    )  # fmt: skip
    return about(p, "output_shape", "The output has shape {v}.", p.output, (p.in_channels, p.side, p.side), why)


@LAYER.add("weight-count", "easy", "channels-misread", "")
def _weights(p: Any) -> Claim:
    right = conv_weights(p.in_channels, p.out_channels, p.kernel)
    why = prose(
        "Each of the {o} filters has {k} × {k} weights for each of the {c} input channels: {n}.",
        o=p.out_channels, k=p.kernel_size, c=p.in_channels,
        n=worked(times(p.kernel_size, p.kernel_size, p.in_channels, p.out_channels)),
    )  # fmt: skip
    words = "The layer has {v} weights, biases not counted."
    return about(p, "weight_count", words, right, conv_weights(1, p.out_channels, p.kernel), why)


@LAYER.add("parameter-count", "medium hard", "bias-miscounted", "")
def _parameters(p: Any) -> Claim:
    right = conv_parameters(p.in_channels, p.out_channels, p.kernel)
    weights = right - p.out_channels
    why = prose(
        "The number of weights is {w}. Each of the {o} filters has one bias, too: {n} parameters.",
        o=p.out_channels, n=right, w=worked(times(p.kernel_size, p.kernel_size, p.in_channels, p.out_channels)),
    )  # fmt: skip
    words = "With its biases the layer has {v} parameters."
    return about(p, "parameter_count", words, right, weights + 1, why)


@LAYER.add("bias-count", "easy", "bias-miscounted", "")
def _biases(p: Any) -> Claim:
    why = prose("Each of the {o} filters has one bias, added after the sum over the channels.", o=p.out_channels)
    words = "The layer has {v} biases."
    return about(
        p, "bias_shape", words, (p.out_channels,), (p.in_channels,), why, shown=lambda value: str(value[0])
    )  # fmt: skip


@LAYER.add("weight-shape", "medium", "channels-misread", "")
def _weight_shape(p: Any) -> Claim:
    right = (p.out_channels, p.in_channels, *p.kernel)
    why = prose(
        "There are {o} filters with {c} planes of {k} × {k} each: {s}.",
        o=p.out_channels, c=p.in_channels, k=p.kernel_size, s=shape(right),
    )  # fmt: skip
    words = "All its filters together are an array of shape {v}, filters first."
    return about(p, "weight_shape", words, right, (p.out_channels, 1, *p.kernel), why)


@LAYER.add("weights-per-place", "medium", "places-misjudged", "")
def _per_place(p: Any) -> Claim:
    right = conv_weights(p.in_channels, p.out_channels, p.kernel)
    why = prose(
        "All places share the weights of the {o} filters: {n}, whatever the size of the image.",
        o=p.out_channels, n=worked(times(p.kernel_size, p.kernel_size, p.in_channels, p.out_channels)),
    )  # fmt: skip
    words = "To compute the outputs at all places, the layer stores {v} weights, biases not counted."
    return about(p, "weight_count", words, right, right * p.side**2, why)


@LAYER.add("products", "hard", "places-misjudged", "")
def _products(p: Any) -> Claim:
    right = conv_macs(p.in_channels, p.output, p.kernel)
    wrong = conv_macs(p.in_channels, (p.out_channels, p.size, p.size), p.kernel)
    why = prose(
        "There are {outputs} outputs, and each needs {each} multiply-adds: {n} in all.",
        outputs=worked(times(p.out_channels, p.side, p.side)),
        each=worked(times(p.kernel_size, p.kernel_size, p.in_channels)), n=right,
    )  # fmt: skip
    return about(p, "macs", "One pass needs {v} multiply-adds (MACs).", right, wrong, why)
