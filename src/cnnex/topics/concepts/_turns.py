"""What happens to a layer's output when its input is turned."""

from __future__ import annotations

from cnnex.maths.correlation import cross_correlate2d
from cnnex.model.prose import Display, prose
from cnnex.model.value import Matrix
from cnnex.notation.formula import equation, matrix, symbol
from cnnex.topics._layers import data
from cnnex.topics.concepts._case import IDEAS, Case
from cnnex.topics.concepts._claim import Claim, lists
from cnnex.topics.concepts._trials import LIKE_LIBRARIES


def turned(rows: Matrix) -> Matrix:
    """The matrix turned clockwise by a quarter."""
    return tuple(zip(*rows[::-1], strict=True))


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
