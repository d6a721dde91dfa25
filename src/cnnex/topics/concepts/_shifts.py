"""What happens to a layer's output when its input is shifted."""

from __future__ import annotations

from collections.abc import Mapping

from cnnex.maths.correlation import cross_correlate1d, sum_of_products
from cnnex.maths.geometry import taps
from cnnex.maths.pooling import share
from cnnex.maths.toeplitz import apply, banded
from cnnex.model import conventions as says
from cnnex.model.prose import prose
from cnnex.notation.formula import matrix, symbol
from cnnex.topics._layers import data
from cnnex.topics.concepts._case import IDEAS, Case
from cnnex.topics.concepts._claim import Claim, joined, lists
from cnnex.topics.concepts._trials import (
    LIKE_LIBRARIES,
    circle,
    line,
    linear,
    named,
    on_circle,
    on_circle_words,
    row,
    shifted,
    trial,
)  # fmt: skip

SHIFTS: Mapping[str, tuple[str, str]] = {
    "equivariance-misjudged": (
        "It was not seen that a convolution is equivariant, or equivariance was taken for invariance.",
        "Shift the input of a small example by one place and compare both outputs number by number.",
    ),
    "invariance-misjudged": (
        "It was misjudged which layers make an output independent of small shifts.",
        "Take a few numbers, shift them by one place, and compute the output again. Is it the same?",
    ),
    "stride-or-border-overlooked": (
        "It was overlooked what stride and padding do to the equivariance of a layer.",
        "Where do the windows begin after the shift, and what do the first and the last one see?",
    ),
    "sharing-misjudged": (
        "It was overlooked what happens to a shifted input if each place has weights of its own.",
        "By which weights is an entry multiplied before the shift, and by which after it?",
    ),
    "rotation-for-free": (
        "It was misjudged what a kernel does to a pattern in another direction.",
        "Turn the pattern, keep the kernel as it is, and compute one response.",
    ),
}  # fmt: skip
"""Of each misconception what went wrong, and where to look."""


def _on_circle(p: Case, holds: str, fails: str, reason: str) -> Claim:
    """Equivariance on a circle against invariance."""
    x, moved = p.input, shifted(p.input)
    y, after = on_circle(x, p.kernel), on_circle(moved, p.kernel)
    return Claim(
        on_circle_words(p),
        prose(holds if p.holds else fails, f="f", t="T"),
        circle(moved, p.kernel), "output", after, "=", shifted(y) if p.holds else y,
        (prose(reason), *trial(x, y, moved, after, "The output is shifted, too, and its numbers are the same.")),
        conventions=LIKE_LIBRARIES,
    )  # fmt: skip


@IDEAS.add("shift-equivariance", "easy", "equivariance-misjudged", "kernel")
def _shift_equivariance(p: Case) -> Claim:
    return _on_circle(
        p,
        "The layer is translation equivariant: when the input is shifted by one place, the output is shifted by one "
        "place, too.",
        "The layer is translation invariant: when the input is shifted by one place, the output stays as it is.",
        "The same kernel meets the same neighbours, one place later. So the layer is equivariant, not invariant.",
    )


@IDEAS.add("equivariance-equation", "medium", "equivariance-misjudged", "kernel")
def _equivariance_equation(p: Case) -> Claim:
    claim = _on_circle(p, "", "", "Sliding with stride 1 does the same at each place, so it commutes with a shift.")
    f, t, x = symbol("f"), symbol("T"), symbol("x")
    words = "Let {f} be this layer and {t} a shift by one place. Then {equal} for each input {x}."
    right = "T(f(x))" if p.holds else "f(x)"
    return claim._replace(sentence=prose(words, f=f, t=t, x=x, equal=f"f(T(x)) = {right}"))


@IDEAS.add("untrained-equivariance", "easy", "equivariance-misjudged", "kernel")
def _untrained_equivariance(p: Case) -> Claim:
    claim = _on_circle(
        p,
        "",
        "",
        "Sliding one kernel over all places makes the layer equivariant, whatever its weights are: it follows from the "
        "architecture, not from training.",
    )
    y, after = on_circle(p.input, p.kernel), claim.found
    return claim._replace(
        setting=joined(claim.setting, "Its weights are random numbers; it was never trained."),
        sentence=prose(
            "Already before training, the layer is translation equivariant." if p.holds else
            "The layer has to be trained before it is translation equivariant: with these weights a shifted input does "
            "not give the shifted output."
        ),
        relation="=" if p.holds else "!=", found=after, claimed=shifted(y),
    )  # fmt: skip


@IDEAS.add("unshared-equivariance", "hard", "sharing-misjudged", "image")
def _unshared_equivariance(p: Case) -> Claim:
    x, kernels = p.input[:5], p.image
    moved = shifted(x)
    y, after = (apply(banded(5, kernels), each) for each in (x, moved))
    given = data("locally_connected1d", [1], [0], [1], input=list(moved), weight=lists(kernels))
    return Claim(
        prose(
            "A layer looks at 5 inputs through windows of 3 neighbours with stride 1. It does not share weights: the "
            "kernels of its windows are {a}, {b} and {c}.",
            a=row(kernels[0]), b=row(kernels[1]), c=row(kernels[2]),
        ),
        prose(
            "When the input is shifted by one place, the second output is in general not what the first one was." if
            p.holds else
            "Although each window has weights of its own, the layer is translation equivariant: when the input is "
            "shifted by one place, the second output is what the first one was."
        ),
        given, "output_entry", after[1], "!=" if p.holds else "=", y[0],
        (
            prose("The second window now sees what the first one saw, but it weighs it with other weights."),
            *trial(x, y, moved, after, f"The second output is {after[1]}, the first one was {y[0]}."),
        ),
        place={"index": [1]},
        conventions=(says.NO_BIAS,),
    )  # fmt: skip


@IDEAS.add("dense-equivariance", "easy", "sharing-misjudged", "image")
def _dense_equivariance(p: Case) -> Claim:
    x, weight = p.input[:3], p.image
    moved = shifted(x)
    y, after = apply(weight, x), apply(weight, moved)
    return Claim(
        prose("A fully connected layer has the weight matrix {w}.", w=matrix(weight)),
        prose(
            "A shift of the input by one place, on a circle, does in general not shift the output by one place." if
            p.holds else
            "The layer is translation equivariant: a shift of the input by one place, on a circle, shifts the "
            "output by "
            "one place."
        ),
        linear(moved, weight), "output", after, "!=" if p.holds else "=", shifted(y),
        (
            prose("Each row has weights of its own, and no row is the one above it, shifted."),
            *trial(x, y, moved, after, "This is not the first output, shifted."),
        ),
        conventions=(says.NO_BIAS,),
    )  # fmt: skip


@IDEAS.add("global-average-invariance", "medium", "invariance-misjudged", "kernel")
def _global_average(p: Case) -> Claim:
    x, moved = p.input, shifted(p.input)
    y, after = (share(sum(on_circle(each, p.kernel)), len(x)) for each in (x, moved))
    return Claim(
        joined(on_circle_words(p), "Global average pooling then takes the mean of all outputs."),
        prose(
            "When the input is shifted by one place, the mean stays exactly the same." if p.holds else
            "When the input is shifted by one place, the mean changes in general."
        ),
        circle(moved, p.kernel), "output_mean", after, "=" if p.holds else "!=", y,
        (
            prose("A shift only changes the order of the outputs, and a mean does not depend on the order."),
            *trial(x, y, moved, after, "The convolution is equivariant, and together with the mean it is invariant."),
        ),
        conventions=LIKE_LIBRARIES,
    )  # fmt: skip


@IDEAS.add("stride-invariance", "medium", "invariance-misjudged", "kernel")
def _stride_invariance(p: Case) -> Claim:
    x, moved = p.input, shifted(p.input)
    y, after = on_circle(x, p.kernel, 2), on_circle(moved, p.kernel, 2)
    return Claim(
        on_circle_words(p, 2),
        prose(
            "A shift of the input by one place can change the output." if p.holds else
            "Because of its stride the layer is exactly invariant: a shift of the input by one place never changes the "
            "output."
        ),
        circle(moved, p.kernel, 2), "output", after, "!=" if p.holds else "=", y,
        (
            prose("The windows now begin at other entries. A stride leaves out places; it does not make them alike."),
            *trial(x, y, moved, after, "The outputs differ."),
        ),
        conventions=LIKE_LIBRARIES,
    )  # fmt: skip


@IDEAS.add("stride-equivariance", "hard", "stride-or-border-overlooked", "kernel")
def _stride_equivariance(p: Case) -> Claim:
    places = 2 if p.holds else 1
    x, moved = p.input, shifted(p.input, places)
    y, after = on_circle(x, p.kernel, 2), on_circle(moved, p.kernel, 2)
    return Claim(
        on_circle_words(p, 2),
        prose(
            "A shift of the input by {n} shifts the output by one place.", n="two places" if p.holds else "one place"
        ),
        circle(moved, p.kernel, 2), "output", after, "=", shifted(y),
        (
            prose("Neighbouring windows begin two inputs apart, so a shift by two is one step of the window."),
            *trial(x, y, moved, after, "This is the first output, shifted by one place." if p.holds else
                   "This is not the first output, shifted."),
        ),
        conventions=LIKE_LIBRARIES,
    )  # fmt: skip


@IDEAS.add("zero-padding-equivariance", "hard", "stride-or-border-overlooked", "kernel")
def _zero_padding(p: Case) -> Claim:
    x, moved = p.input, shifted(p.input)
    y, after = (cross_correlate1d(each, p.kernel, 1, 1) for each in (x, moved))
    return Claim(
        prose(
            "A convolution layer slides the kernel {k} with stride 1 and one zero of padding at each end over {n} "
            "inputs.",
            k=named("k", p.kernel), n=len(x),
        ),
        prose(
            "When the inputs are shifted by one place and the last one comes to the front, an output at the border can "
            "have a value that none had before." if p.holds else
            "When the inputs are shifted by one place and the last one comes to the front, all outputs are shifted in "
            "the same way, those at the border, too."
        ),
        line(moved, p.kernel, 1, 1), "output", after, "!=" if p.holds else "=", shifted(y),
        (
            prose("In the middle the outputs are shifted. At the ends the kernel meets zeros in place of neighbours."),
            *trial(x, y, moved, after, "Compare the first and the last entries."),
        ),
        conventions=LIKE_LIBRARIES,
    )  # fmt: skip


@IDEAS.add("max-pooling-invariance", "easy", "invariance-misjudged", "input")
def _max_pooling(p: Case) -> Claim:
    x, moved = p.input, shifted(p.input)
    y, after = (tuple(max(each[i] for _, i in w) for w in taps(len(x), 2, 2)) for each in (x, moved))
    given = {
        "operation": "max_pool1d", "input": list(moved), "kernel_size": [2], "stride": [2], "padding": [0],
        "dilation": [1], "ceil_mode": False,
    }  # fmt: skip
    return Claim(
        prose("Max pooling with window 2 and stride 2 is applied to {x}.", x=named("x", x)),
        prose(
            "When the input is shifted by one place and its last entry comes to the front, the output changes." if
            p.holds else
            "Max pooling is exactly invariant to small shifts: when the input is shifted by one place and its "
            "last entry "
            "comes to the front, the output stays the same."
        ),
        given, "output", after, "!=" if p.holds else "=", y,
        (
            prose("A shift by one place moves entries across the edges of the windows."),
            *trial(x, y, moved, after, "Pooling makes small shifts matter less; it does not remove them."),
        ),
    )  # fmt: skip


@IDEAS.add("dense-invariance", "easy", "invariance-misjudged", "kernel")
def _dense_invariance(p: Case) -> Claim:
    x, weight = p.input[:3], p.kernel
    moved = shifted(x)
    y, after = (sum_of_products(list(zip(weight, each, strict=True))) for each in (x, moved))
    return Claim(
        prose(
            "A map with 3 entries is flattened. A fully connected layer with the weights {w} makes one number of it.",
            w=row(weight),
        ),
        prose(
            "This number can change when the map is shifted by one place." if p.holds else
            "This number is translation invariant: it is the same when the map is shifted by one place."
        ),
        linear(moved, (weight,)), "output", (after,), "!=" if p.holds else "=", (y,),
        (
            prose("After the shift each entry meets another weight."),
            *trial(x, y, moved, after, "Flattening keeps the places apart, and each place has a weight of its own."),
        ),
        conventions=(says.NO_BIAS,),
    )  # fmt: skip
