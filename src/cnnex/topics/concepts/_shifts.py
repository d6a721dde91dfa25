"""What happens to a layer's output when its input is shifted or turned."""

from __future__ import annotations

from typing import Any

from cnnex.maths.correlation import cross_correlate1d, cross_correlate2d, sum_of_products
from cnnex.maths.geometry import taps
from cnnex.maths.pooling import share
from cnnex.maths.toeplitz import apply, banded
from cnnex.model import conventions as says
from cnnex.model.prose import Block, Display, Prose, prose
from cnnex.model.value import Kind, Matrix, Value, Vector, to_term
from cnnex.notation.formula import Term, equation, matrix, symbol
from cnnex.topics._layers import data
from cnnex.topics.concepts._case import IDEAS, Case
from cnnex.topics.concepts._claim import Claim, joined, lists

LIKE_LIBRARIES = (says.CROSS_CORRELATION, says.NO_BIAS)
CIRCLE = (
    "A convolution layer slides the kernel {k} with stride {s} over {n} inputs. Beyond each end it goes on with the "
    "inputs from the other end, as on a circle."
)


def row(numbers: Value) -> Term:
    """A vector in a line of words."""
    return to_term(numbers, Kind.VECTOR)


def named(letter: str, numbers: Value) -> Term:
    """`x = [1, 2]`."""
    return equation(symbol(letter), row(numbers))


def shifted(x: Vector, places: int = 1) -> Vector:
    """The vector moved to the right; what leaves at the end comes back at the start."""
    return x[-places:] + x[:-places]


def turned(rows: Matrix) -> Matrix:
    """The matrix turned clockwise by a quarter."""
    return tuple(zip(*rows[::-1], strict=True))


def on_circle(x: Vector, kernel: Vector, stride: int = 1) -> Vector:
    """The output with circular padding of one on each side."""
    return cross_correlate1d((x[-1], *x, x[0]), kernel, stride)


def line(x: Vector, kernel: Vector, stride: int = 1, padding: int = 0, **more: Any) -> dict[str, Any]:
    """A layer along one axis for a machine."""
    return data("conv1d", [stride], [padding], [1], input=list(x), weight=list(kernel), **more)


def circle(x: Vector, kernel: Vector, stride: int = 1) -> dict[str, Any]:
    """A layer with circular padding for a machine."""
    return {**line(x, kernel, stride, 1), "padding_mode": "circular"}


def on_circle_words(p: Case, stride: int = 1) -> Prose:
    """The layer with circular padding."""
    return prose(CIRCLE, k=named("k", p.kernel), s=stride, n=len(p.input))


def trial(x: Vector, y: Value, moved: Vector, after: Value, verdict: str) -> tuple[Block, ...]:
    """An experiment: an input and its output, the same after a shift."""
    return (
        prose(
            "Try it: {x} gives {y}. Shifted, {moved} gives {after}. {verdict}",
            x=row(x), y=_shown(y), moved=row(moved), after=_shown(after), verdict=verdict,
        ),
    )  # fmt: skip


def _shown(value: Value) -> Term:
    return row(value) if isinstance(value, tuple) else to_term(value, Kind.RATIONAL)


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


@IDEAS.add("unshared-equivariance", "medium", "sharing-misjudged", "image")
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


@IDEAS.add("dense-equivariance", "medium", "sharing-misjudged", "image")
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


def linear(x: Vector, weight: Matrix) -> dict[str, Any]:
    """A fully connected layer for a machine."""
    return {"operation": "linear", "input": list(x), "weight": lists(weight), "bias": None}


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


@IDEAS.add("rotation-equivariance", "hard", "rotation-for-free", "kernel")
def _rotation(p: Case) -> Claim:
    a, b, c = p.kernel
    kernel = ((a, b), (c, 0))
    moved = turned(p.image)
    y, after = cross_correlate2d(p.image, kernel), cross_correlate2d(moved, kernel)
    return Claim(
        prose("A convolution layer slides the kernel {k} with stride 1 and no padding.", k=matrix(kernel)),
        prose(
            "When an image is turned by a quarter, the output is in general not the first output, turned."
            if p.holds else
            "The layer is rotation equivariant: when an image is turned by a quarter, the output is turned by a "
            "quarter."
        ),
        data("conv2d", (1, 1), (0, 0), (1, 1), input=lists(moved), weight=lists(kernel)),
        "output", after, "!=" if p.holds else "=", turned(y),
        (
            prose("The image turns, but the kernel stays as it is. Try it: this image gives this output."),
            Display(equation(symbol("X"), matrix(p.image))), Display(equation(symbol("Y"), matrix(y))),
            prose("Turned clockwise, the image gives"),
            Display(matrix(after)),
            prose("but the first output, turned, is"),
            Display(matrix(turned(y))),
        ),
        conventions=LIKE_LIBRARIES,
    )  # fmt: skip


@IDEAS.add("orientation", "medium", "rotation-for-free", "image")
def _orientation(p: Case) -> Claim:
    moved = turned(p.image)
    ((y,),), ((after,),) = cross_correlate2d(p.image, p.image), cross_correlate2d(moved, p.image)
    return Claim(
        prose("A filter of a convolution layer has the pattern of an object as its weights: {k}.", k=matrix(p.image)),
        prose(
            "When the object is turned by a quarter, the filter responds to it less strongly." if p.holds else
            "Because the layer is translation equivariant, the filter responds to the object just as strongly when the "
            "object is turned by a quarter."
        ),
        data("conv2d", (1, 1), (0, 0), (1, 1), input=lists(moved), weight=lists(p.image)),
        "output", ((after,),), "<" if p.holds else "=", ((y,),),
        (
            prose("Equivariance speaks of shifts only. To other angles and scales a network has to be trained, for "
                  "example with turned and scaled examples."),
            prose("On the object itself the response is the sum of the squared weights, {y}. On the turned object "
                  "it is "
                  "{after}.", y=y, after=after),
        ),
        conventions=LIKE_LIBRARIES,
    )  # fmt: skip


@IDEAS.add("edge-direction", "hard", "rotation-for-free", "kernel:1 input:2")
def _edge_direction(p: Case) -> Claim:
    a = p.kernel[0]
    b = a + (1 if a > 0 else -1)
    kernel = ((a, b, a), (0, 0, 0), (-a, -b, -a))
    u, v = p.input[:2]
    image = ((u, u, v, v),) * 4
    found = cross_correlate2d(image, kernel)
    return Claim(
        prose("The filter {k} finds horizontal edges. An image has the value {u} left of a vertical edge, and {v} "
              "right "
              "of it. There is no padding.", k=matrix(kernel), u=u, v=v),
        prose(
            "The filter responds with 0 everywhere, on the edge, too." if p.holds else
            "The filter finds this edge, too: on it the response is not 0."
        ),
        data("conv2d", (1, 1), (0, 0), (1, 1), input=lists(image), weight=lists(kernel)),
        "output", found, "=" if p.holds else "!=", ((0, 0), (0, 0)),
        (
            prose("All rows of the image are the same. The last row of weights takes away what the first row adds, and "
                  "the middle row is 0, so each sum is 0. At the border, padding with zeros would change this."),
            Display(equation(symbol("X"), matrix(image))), Display(equation(symbol("Y"), matrix(found))),
        ),
        conventions=LIKE_LIBRARIES,
    )  # fmt: skip
