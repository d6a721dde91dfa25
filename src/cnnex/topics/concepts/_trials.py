"""Small layers to try a sentence on: in words, for a machine, and with a shifted input."""

from __future__ import annotations

from typing import Any

from cnnex.maths.correlation import cross_correlate1d
from cnnex.model import conventions as says
from cnnex.model.prose import Block, Prose, prose
from cnnex.model.value import Kind, Matrix, Value, Vector, to_term
from cnnex.notation.formula import Term, equation, symbol
from cnnex.topics._layers import data
from cnnex.topics.concepts._case import Case
from cnnex.topics.concepts._claim import lists

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


def linear(x: Vector, weight: Matrix) -> dict[str, Any]:
    """A fully connected layer for a machine."""
    return {"operation": "linear", "input": list(x), "weight": lists(weight), "bias": None}
