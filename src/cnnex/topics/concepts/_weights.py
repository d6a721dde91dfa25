"""What a layer's weights, and the matrix that it stands for, are like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnnex.maths.correlation import convolve1d, cross_correlate1d
from cnnex.maths.counting import batch_norm_parameters, conv_parameters
from cnnex.maths.shapes import output_size
from cnnex.maths.toeplitz import apply, toeplitz
from cnnex.model import conventions as says
from cnnex.model.prose import Prose, prose
from cnnex.notation.formula import matrix, shape
from cnnex.topics._layers import data, names
from cnnex.topics.concepts._case import IDEAS, Case
from cnnex.topics.concepts._claim import Claim, record
from cnnex.topics.concepts._trials import LIKE_LIBRARIES, line, linear, named, row

WEIGHTS: Mapping[str, tuple[str, str]] = {
    "flip-misjudged": (
        "It was misjudged whether a kernel is flipped, or whether an example can show it.",
        "Which weight meets the first entry of the window? Compare it with the mirrored kernel.",
    ),
    "matrix-misjudged": (
        "The matrix of the layer was given the wrong form.",
        "A matrix has one row for each output and one column for each input.",
    ),
    "zeros-misjudged": (
        "Zeros that a layer's form demands were confused with weights that happen to be zero.",
        "Which values may training give to a weight? Is any value forbidden?",
    ),
    "learned-misjudged": (
        "It was misjudged which numbers of a layer training changes by gradients.",
        "Which of these numbers have a gradient, and which are only measured?",
    ),
    "weights-miscounted": (
        "It was misjudged on what the number of weights depends.",
        "Write down the shape of the weight. Which of the layer's settings stand in it?",
    ),
    "inverse-assumed": (
        "A transposed convolution was confused with the inverse of a convolution.",
        "Multiply a small matrix by its transpose. Is the product the identity?",
    ),
}  # fmt: skip
"""Of each misconception what went wrong, and where to look."""


def same_layer(p: Case, size: int | None = None, **changed: Any) -> dict[str, Any]:
    """A layer with biases and padding that keeps the size, for a machine."""
    side, half = size or p.size, (p.kernel_size - 1) // 2
    return {
        "operation": "conv2d", "input_shape": [p.in_channels, side, side], "in_channels": p.in_channels,
        "out_channels": p.out_channels, "kernel_size": [p.kernel_size] * 2, "bias": True, "stride": [1, 1],
        "padding": [half, half], "dilation": [1, 1], "groups": 1, **changed,
    }  # fmt: skip


def same_layer_words(p: Case) -> Prose:
    """That layer in words."""
    return prose(
        "A convolution layer with {c} input channels has {o} filters with kernel size {k}, biases, stride 1 and "
        "padding "
        "{b}.",
        c=p.in_channels, o=p.out_channels, k=p.kernel_size, b=(p.kernel_size - 1) // 2,
    )  # fmt: skip


def one_record(p: Case, layer: str, **fields_of: Any) -> dict[str, Any]:
    """A single layer without a kernel, for a machine."""
    return {"input_shape": [p.out_channels, p.size, p.size], "layers": [record(layer, **fields_of)]}


@IDEAS.add("same-adds-rows", "hard", "matrix-misjudged", "size kernel_size")
def _same_adds_rows(p: Case) -> Claim:
    n, k, b = p.size, p.kernel_size, (p.kernel_size - 1) // 2
    found = (output_size(n, k, 1, b), n)
    return Claim(
        prose(
            "A convolution layer with kernel size {k} and stride 1 has {n} inputs on a line. Without padding its "
            "matrix "
            "K, with output = K input, is {valid}.",
            k=k, n=n, valid=shape((n - k + 1, n)),
        ),
        prose(
            "With padding {b}, which keeps the length, K gets {more} more rows, {b} at the top and {b} at the bottom; "
            "all other rows and the number of columns stay." if p.holds else
            "With padding {b}, which keeps the length, K gets {more} more columns, {b} on the left and {b} on the "
            "right; the number of rows stays.",
            b=b, more=2 * b,
        ),
        data("conv1d", [1], [b], [1], input_shape=[n], weight=names("k", k)),
        "operator_shape", found, "=", (n, n) if p.holds else (n - k + 1, n + 2 * b),
        (
            prose(
                "There are still {n} inputs, so {n} columns: the zeros of the padding are no inputs. There are now {n} "
                "outputs, so {n} rows, {more} more than before. The windows in the middle are the old ones.",
                n=n, more=k - 1,
            ),
        ),
        conventions=(says.COLUMNS,),
    )  # fmt: skip


@IDEAS.add("dense-zeros", "easy", "zeros-misjudged", "input")
def _dense_zeros(p: Case) -> Claim:
    n = len(p.input)
    weight = tuple(tuple(p.input[i] if i == j else 0 for j in range(n)) for i in range(n))
    zeros = sum(row.count(0) for row in weight)
    return Claim(
        prose("A fully connected layer has {n} inputs and {n} outputs. It is to multiply them by {f}, one by one.",
              n=n, f=row(p.input)),
        prose(
            "Its matrix can do this: {z} of its {all} weights are 0 then." if p.holds else
            "Its matrix can't do this: none of the {all} weights of a fully connected layer can be 0.",
            z=zeros, all=n * n,
        ),
        linear((1,) * n, weight), "zero_count", zeros, "=", zeros if p.holds else 0,
        (
            prose(
                "Nothing fixes the weights of a fully connected layer: each may have any value, 0 included. Here the "
                "factors stand on the diagonal, and the other {z} weights are 0. In the matrix of a convolution, some "
                "entries are 0 whatever is learned.",
                z=zeros,
            ),
        ),
    )  # fmt: skip


@IDEAS.add("whole-image-kernel", "medium", "matrix-misjudged", "kernel_size")
def _whole_image(p: Case) -> Claim:
    k = p.kernel_size
    side = output_size(k, k)
    found = (side * side, k * k)
    return Claim(
        prose("A convolution layer has one {k} × {k} kernel, which is as large as its single-channel image. There "
              "is no "
              "padding and no bias.", k=k),
        prose(
            "The layer has one output: the dot product of all {n} pixels with {n} weights, as in one neuron of a fully "
            "connected layer." if p.holds else
            "The layer is a fully connected layer with {n} outputs, one for each pixel.",
            n=k * k,
        ),
        data("conv2d", (1, 1), (0, 0), (1, 1), input_shape=[k, k], weight=[
            [f"k_{u}_{v}" for v in range(1, k + 1)] for u in range(1, k + 1)
        ]),
        "operator_shape", found, "=", (1, k * k) if p.holds else (k * k, k * k),
        (
            prose(
                "The kernel fits at {n} place only. There it meets each of the {all} pixels with a weight of its "
                "own, so "
                "its matrix is one full row: {s}.",
                n=side, all=k * k, s=shape(found),
            ),
        ),
    )  # fmt: skip


@IDEAS.add("library-flip", "easy", "flip-misjudged", "input:4 kernel")
def _library_flip(p: Case) -> Claim:
    x = p.input[:4]
    right, flipped = cross_correlate1d(x, p.kernel), convolve1d(x, p.kernel)
    return Claim(
        prose("The convolution layer of a deep learning library gets {x} and has {k}, without bias and padding, with "
              "stride 1.", x=named("x", x), k=named("k", p.kernel)),
        prose(
            "It computes the cross-correlation and does not flip the kernel: it returns {y}." if p.holds else
            "It flips the kernel before it slides it, as the definition of convolution says: it returns {y}.",
            y=row(right if p.holds else flipped),
        ),
        line(x, p.kernel), "output", right, "=", right if p.holds else flipped,
        (
            prose("Libraries slide the kernel as it is written and call this convolution. Here it gives {y}; with the "
                  "kernel flipped it would be {z}.", y=row(right), z=row(flipped)),
        ),
    )  # fmt: skip


@IDEAS.add("symmetric-example", "hard", "flip-misjudged", "input:5 kernel:2")
def _symmetric_example(p: Case) -> Claim:
    x, k = p.input[:5], (*p.kernel[:2], p.kernel[0])
    found, other = cross_correlate1d(x, k), convolve1d(x, k)
    return Claim(
        prose("A program is tested with {x} and {k}, without padding, and returns {y}.",
              x=named("x", x), k=named("k", k), y=row(found)),
        prose(
            "This test can't tell whether the program flips the kernel: both ways give the same output." if p.holds else
            "This test shows that the program does not flip the kernel: with a flip the output would be different."
        ),
        line(x, k), "output", found, "=" if p.holds else "!=", other,
        (
            prose("The kernel reads the same from both ends, so a flip does not change it: both ways give {y}. A "
                  "kernel "
                  "such as {k} would tell.", y=row(found), k=row(p.kernel)),
        ),
        other={"operation": "convolve1d"}, conventions=(says.NO_BIAS,),
    )  # fmt: skip


@IDEAS.add("dilation-parameters", "easy", "weights-miscounted", "in_channels out_channels kernel_size")
def _dilation(p: Case) -> Claim:
    count = conv_parameters(p.in_channels, p.out_channels, (p.kernel_size,) * 2)
    span = 2 * (p.kernel_size - 1) + 1
    return Claim(
        same_layer_words(p),
        prose(
            "With dilation 2 in place of 1 the layer has exactly as many parameters as before." if p.holds else
            "With dilation 2 in place of 1 the layer has more parameters, because the kernel gets larger."
        ),
        same_layer(p, dilation=[2, 2]), "parameter_count", count, "=" if p.holds else ">", count,
        (
            prose("Dilation moves the {k} × {k} weights apart, so that they span {e} × {e} inputs. It adds gaps, not "
                  "weights: there are {n} parameters before and after.", k=p.kernel_size, e=span, n=count),
        ),
        other={"dilation": [1, 1]}, conventions=(says.DILATION,),
    )  # fmt: skip


@IDEAS.add("running-statistics", "medium", "learned-misjudged", "out_channels size")
def _running_statistics(p: Case) -> Claim:
    c = p.out_channels
    found = batch_norm_parameters(c)
    return Claim(
        prose("A batch normalization layer with scale and shift follows a layer with {c} feature maps of {n} × {n}.",
              c=c, n=p.size),
        prose(
            "It has {v} learnable parameters. The running mean and the running variance are not among them." if p.holds
            else "It has {v} learnable parameters, the running mean and the running variance among them.",
            v=found if p.holds else 4 * c,
        ),
        one_record(p, "BatchNorm2d", num_features=c), "parameter_count", found, "=", found if p.holds else 4 * c,
        (
            prose("A scale and a shift for each channel are learned: 2 times {c} is {n}. The running mean and variance "
                  "are measured in training; no gradient changes them.", c=c, n=found),
        ),
        place={"layer": 0},
    )  # fmt: skip


@IDEAS.add("any-image-size", "medium", "weights-miscounted", "in_channels out_channels kernel_size size")
def _any_size(p: Case) -> Claim:
    count = conv_parameters(p.in_channels, p.out_channels, (p.kernel_size,) * 2)
    return Claim(
        same_layer_words(p),
        prose(
            "On images of {m} × {m} it has exactly as many parameters as on images of {n} × {n}." if p.holds else
            "On images of {m} × {m} it needs more parameters than on images of {n} × {n}.",
            n=p.size, m=2 * p.size,
        ),
        same_layer(p, 2 * p.size), "parameter_count", count, "=" if p.holds else ">", count,
        (prose("All places share the same {n} parameters, so the size of the image does not matter. Only a fully "
               "connected layer behind it would need a fixed size.", n=count),),
        other={"input_shape": [p.in_channels, p.size, p.size]},
    )  # fmt: skip


@IDEAS.add("transposed-inverse", "hard", "inverse-assumed", "kernel")
def _transposed(p: Case) -> Claim:
    x, k = p.input[:4], p.kernel
    rows = toeplitz(len(x), k)
    y = cross_correlate1d(x, k)
    found = apply(tuple(zip(*rows, strict=True)), y)
    return Claim(
        prose("A convolution with the matrix {k} is followed by a transposed convolution with the same kernel, which "
              "multiplies by the transpose of this matrix.", k=matrix(rows)),
        prose(
            "The transposed convolution brings back the length of the input, but in general not its numbers." if p.holds
            else "The transposed convolution is the inverse: it brings back the input."
        ),
        {
            "operation": "conv_transpose1d", "input": list(y), "weight": list(k), "bias": None, "stride": [1],
            "padding": [0], "output_padding": [0], "dilation": [1], "groups": 1,
        },
        "output", found, "!=" if p.holds else "=", x,
        (prose("Try it: {x} becomes {y}, and this becomes {z}. The transpose of a matrix is in general not its "
               "inverse.",
               x=row(x), y=row(y), z=row(found)),),
        conventions=LIKE_LIBRARIES,
    )  # fmt: skip
