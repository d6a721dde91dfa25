"""F10: what a dilated kernel spans, where its weights lie, and how many it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from cnnex.figures.windows import Taps
from cnnex.maths.counting import conv_weights
from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.shapes import effective_kernel_size
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, Prose, figure, prose
from cnnex.model.value import Kind, Matrix, Name, Size, Value
from cnnex.notation.formula import Formula, equation, shape, symbol
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics._layers import data, derived, tell_apart
from cnnex.topics._sizes import slip

Axes = Annotated[tuple[Size, ...], Meta(min_length=1, max_length=2)]

_PAIRS = [
    ((k, m), (d, e)) for k, m in product(range(2, 6), repeat=2) for d, e in product(range(1, 5), repeat=2)
    if max(d, e) > 1
]  # fmt: skip


def _shapes(low: int, high: int, *, both: bool) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Kernels with about as many entries in their pattern, dilated along one axis or along both."""
    return [
        ((k, m), (d, e))
        for (k, m), (d, e) in _PAIRS
        if low <= effective_kernel_size(k, d) * effective_kernel_size(m, e) <= high and (min(d, e) > 1) == both
    ]


SHAPES = {
    "easy": _shapes(18, 20, both=False), "medium": _shapes(34, 40, both=True), "hard": _shapes(44, 56, both=True),
}  # fmt: skip
SQUARES = {"easy": ((2, 3),), "medium": ((2, 4), (3, 2)), "hard": ((3, 3), (4, 2))}
"""Kernel size and dilation of squares with as many entries."""


@dataclass(frozen=True, slots=True)
class Dilated:
    """A dilated kernel: height, then width, or a single size for both.

    Attributes:
        filters: how many such kernels the layer has.
        channels: of the layer's input.
        kernel: the letter of the kernel's size in the formula.
        spread: the letter of the dilation.
    """

    filters: Size
    channels: Size
    kernel_size: Axes
    dilation: Axes
    kernel: Name
    spread: Name

    @property
    def square(self) -> bool:
        """Whether one number says the sizes of both axes."""
        return len(self.kernel_size) == 1

    @property
    def sides(self) -> tuple[int, int]:
        """The weights along each axis."""
        return self.kernel_size[0], self.kernel_size[-1]

    @property
    def steps(self) -> tuple[int, int]:
        """The dilation along each axis."""
        return self.dilation[0], self.dilation[-1]

    @property
    def spans(self) -> tuple[int, int]:
        """The inputs that the kernel spans along each axis."""
        (k, m), (d, e) = self.sides, self.steps
        return effective_kernel_size(k, d), effective_kernel_size(m, e)


class DilatedKernel(Family[Dilated]):
    """F10: effective size, tap pattern and weights of a dilated kernel."""

    id = "F10-dilated-kernel"
    title = "What a dilated kernel spans"
    params = Dilated
    kinds = (Kind.EXPRESSION, Kind.INTEGER, Kind.SHAPE, Kind.MATRIX)
    visible: ClassVar = dict.fromkeys(
        ("easy", "medium", "hard"), ("dilation-ignored", "gap-after-last-weight", "gap-too-wide", "gaps-counted")
    )

    def __init__(self) -> None:
        self.slips = (
            slip("dilation-ignored", lambda p: {**_seen(p, (1, 1)), "formula": symbol(p.kernel)}),
            slip("gap-after-last-weight", self._gap_after),
            Slip(
                "gap-too-wide",
                "Between neighbouring weights as many places were left free as the dilation says.",
                "With dilation one there is no gap. How many places does dilation two leave free?",
                self._gap_wide,
            ),
            Slip(
                "gaps-counted",
                "The gaps were counted as weights.",
                "How many numbers does the layer learn? Nothing is learned for a gap.",
                lambda p: {"weights": conv_weights(p.channels, p.filters, p.spans)},
            ),
        )

    def draw(self, rng: Stream, level: str) -> Dilated:
        """Dilated along one axis at the easy level, then along both; several channels at the hard level."""
        return self._drawn(rng, level, *rng.choice(SHAPES[level]))

    def draw_like(self, rng: Stream, level: str, pattern: Mapping[str, Any]) -> Dilated:
        if len(pattern.get("kernel_size", ())) != 1:
            return self.draw(rng, level)
        k, d = rng.choice(SQUARES[level])
        return self._drawn(rng, level, (k,), (d,))

    def _drawn(self, rng: Stream, level: str, kernel_size: Axes, dilation: Axes) -> Dilated:
        channels = rng.randint(2, 6) if level == "hard" else 1
        return Dilated(rng.randint(2, 9), channels, kernel_size, dilation, rng.choice("kKfFmw"), rng.choice("dDr"))

    def solve(self, p: Dilated) -> Solved:
        tell_apart(p.kernel, p.spread, used="p P")
        if len(p.kernel_size) != len(p.dilation):
            raise DoesNotFitError("kernel_size and dilation have as many entries: one for both axes, or one for each")
        formula = effective_kernel_size(symbol(p.kernel), symbol(p.spread))
        weights = conv_weights(p.channels, p.filters, p.sides)
        return {"formula": formula, **_seen(p, p.steps), "weights": weights}

    def _gap_after(self, p: Dilated) -> dict[str, Value]:
        h, w = (k * d for k, d in zip(p.sides, p.steps, strict=True))
        rows = tuple((*row, *(0,) * (w - len(row))) for row in _pattern(p.sides, p.steps))
        pattern = (*rows, *((0,) * w,) * (h - len(rows)))
        return {"formula": symbol(p.spread) * symbol(p.kernel), "size": _size(p, (h, w)), "pattern": pattern}

    def _gap_wide(self, p: Dilated) -> dict[str, Value]:
        k, d = symbol(p.kernel), symbol(p.spread)
        # An axis without dilation has no gap to widen.
        wide = tuple(d + (d > 1) for d in p.steps)
        return {"formula": k + (k - 1) * d, **_seen(p, wide)}

    def work(self, p: Dilated) -> int:
        return p.spans[0] * p.spans[1]

    def pose(self, p: Dilated, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        (k, m), (d, e) = p.sides, p.steps
        if p.square:
            words = prose("A {k} × {k} kernel has dilation {d} along both axes.", k=k, d=d)
            asked = prose("How many inputs does it span along each axis?")
        else:
            words = prose(
                "A kernel of height {k} and width {m} has dilation {d} along the height and {e} along the width.",
                k=k, m=m, d=d, e=e,
            )  # fmt: skip
            asked = prose("How many inputs does it span along the height and along the width?")
        return Problem(
            title=self.title,
            statement=(words,),
            conventions=(says.DILATION, *[says.HEIGHT_THEN_WIDTH] * (not p.square), says.ONLY_WEIGHTS),
            given=data(
                "conv2d", (1, 1), (0, 0), p.steps,
                input_shape=[p.channels, "H", "W"], weight_shape=[p.filters, p.channels, *p.sides],
            ),
            parts=_parts(p, asked),
            steps=(
                Step("formula", solved["formula"], _formula_blocks(p, solved["formula"])),
                Step("size", solved["size"], _size_blocks(p)),
                Step("pattern", solved["pattern"], (
                    prose("A weight at each place that is a whole number of dilations from the first one, gaps of 0 "
                          "between:"),
                    *figure(Taps(p.sides, p.steps)),
                )),
                Step("weights", solved["weights"], (
                    prose("Nothing is learned for a gap, so dilation changes neither the number of weights nor the "
                          "products for one output:"),
                    Display(equation(
                        Formula("mul", *[each for each in (p.filters, p.channels) if each > 1], k, m), solved["weights"]
                    )),
                )),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _parts(p: Dilated, asked: Prose) -> tuple[Part, ...]:
    k, d = symbol(p.kernel), symbol(p.spread)
    return (
        Part(
            "formula", "effective_kernel_size_formula", Kind.EXPRESSION,
            prose(
                "In general: how many inputs does a kernel of size {k} with dilation {d} span along one axis?",
                k=k, d=d,
            ),
            "formula", symbols=(p.kernel, p.spread), domain="integers",
            given={"weight_shape": [p.filters, p.channels, p.kernel, p.kernel], "dilation": [p.spread] * 2},
        ),
        Part(
            "size", "effective_kernel_size", Kind.INTEGER if p.square else Kind.SHAPE, asked, "size",
            builds_on=("formula",),
        ),
        Part(
            "pattern", "tap_pattern", Kind.MATRIX,
            prose("Write the kernel as a matrix of this size, with 1 where a weight lies and 0 in the gaps."),
            "pattern", builds_on=("size",),
        ),
        Part("weights", "weight_count", Kind.INTEGER, _asked_weights(p), "weights"),
    )  # fmt: skip


def _asked_weights(p: Dilated) -> Prose:
    if p.filters == p.channels == 1:
        return prose("How many weights does the kernel have?")
    return prose(
        "A layer has {f} with such a kernel for each channel, and its input has {c}. How many weights does it have?",
        f=f"{p.filters} filters" if p.filters > 1 else "one filter",
        c=f"{p.channels} channels" if p.channels > 1 else "one channel",
    )  # fmt: skip


def _size(p: Dilated, spans: Sequence[int]) -> Value:
    return spans[0] if p.square else tuple(spans)


def _seen(p: Dilated, dilation: Sequence[int]) -> Solved:
    """Size and pattern for a dilation along each axis."""
    spans = [effective_kernel_size(k, d) for k, d in zip(p.sides, dilation, strict=True)]
    return {"size": _size(p, spans), "pattern": _pattern(p.sides, dilation)}


def _pattern(kernel_size: Sequence[int], dilation: Sequence[int]) -> Matrix:
    rows, columns = (
        [int(place % d == 0) for place in range(effective_kernel_size(k, d))]
        for k, d in zip(kernel_size, dilation, strict=True)
    )
    return tuple(tuple(row * column for column in columns) for row in rows)


def _formula_blocks(p: Dilated, formula: Formula) -> tuple[Block, ...]:
    k, d = symbol(p.kernel), symbol(p.spread)
    return (
        prose(
            "Between {k} weights there are {gaps} steps of {d} inputs each, and the first weight is one input itself:",
            k=k, gaps=k - 1, d=d,
        ),
        Display(formula),
        prose(
            "Check: {k} weights, and in each of the {gaps} gaps {free} places without a weight, are as many:",
            k=k, gaps=k - 1, free=d - 1,
        ),
        Display(equation(k + (k - 1) * (d - 1), formula)),
    )  # fmt: skip


def _size_blocks(p: Dilated) -> tuple[Block, ...]:
    formula = effective_kernel_size(symbol(p.kernel), symbol(p.spread))
    axes = ("",) if p.square else ("_H", "_W")
    lines = [
        derived(f"E{axis}", formula, **{p.kernel: k, p.spread: d})
        for axis, k, d in zip(axes, p.kernel_size, p.dilation, strict=False)
    ]
    words = "Along each axis:" if p.square else "Along the height and along the width:"
    return (prose(words), *lines, *[Display(shape(p.spans))] * (not p.square))
