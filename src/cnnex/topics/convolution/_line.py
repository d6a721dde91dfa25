"""F06: a numeric kernel on a numeric input, in one dimension."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from cnnex.figures.windows import LineWindow
from cnnex.maths.correlation import convolve1d, cross_correlate1d, products1d
from cnnex.maths.geometry import pad_vector
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, figure, prose
from cnnex.model.value import Kind, Vector
from cnnex.notation.formula import equation, indexed, matrix, symbol, symbols
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Solved, lively
from cnnex.topics._layers import (
    Geometry,
    Line,
    conventions,
    draw_line,
    exact,
    line_data,
    settings,
    size_blocks,
    slip,
    window_table,
)  # fmt: skip
from cnnex.topics._sizes import slip as size_slip

# Within a level all need about the same number of products.
GEOMETRIES = {
    "easy": [Geometry(5, 2), Geometry(5, 3), Geometry(6, 2)],
    "medium": [
        Geometry(6, 3, padding=1), Geometry(7, 3, padding=1), Geometry(6, 4, padding=1), Geometry(12, 3, 2, 1),
        Geometry(9, 4, 2, 2),
    ],
    "hard": [
        Geometry(14, 3, 2, 1, 2), Geometry(11, 3, 2, 2, 2), Geometry(8, 3, 1, 1, 2), Geometry(10, 3, 1, 1, 3),
        Geometry(9, 4, 2, 2, 2), Geometry(11, 4, 2, 2, 2),
    ],
}  # fmt: skip


class LineConvolution(Family[Line]):
    """F06: size and output, window by window."""

    id = "F06-conv1d"
    title = "One-dimensional convolution"
    params = Line
    kinds = (Kind.INTEGER, Kind.VECTOR)
    visible: ClassVar = {
        "easy": ("kernel-flipped", "weights-ignored", "wrong-step"),
        "medium": ("kernel-flipped", "weights-ignored", "padding-forgotten"),
        "hard": ("kernel-flipped", "weights-ignored", "padding-forgotten", "dilation-ignored"),
    }

    def __init__(self) -> None:
        self.slips = (
            slip("kernel-flipped", lambda p: {
                "output": convolve1d(p.input, p.kernel, p.stride, p.padding, p.dilation)
            }),
            slip("weights-ignored", lambda p: {"output": _output(replace(p, kernel=(1,) * len(p.kernel)))}),
            slip("wrong-step", lambda p: self.solve(replace(p, stride=p.geometry.wrong_step))),
            size_slip("padding-forgotten", lambda p: self.solve(replace(p, padding=0))),
            size_slip("padding-one-side", lambda p: self.solve(
                replace(p, input=pad_vector(p.input, p.padding, 0), padding=0)
            )),
            size_slip("dilation-ignored", lambda p: self.solve(replace(p, dilation=1))),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> Line:
        return draw_line(rng, level, rng.choice(GEOMETRIES[level]))

    def solve(self, p: Line) -> Solved:
        return {"size": p.geometry.outputs, "output": _output(p)}

    def work(self, p: Line) -> int:
        return p.geometry.outputs * len(p.kernel)

    def fair(self, p: Line, solved: Solved, level: str) -> bool:
        return p.kernel != p.kernel[::-1] and lively(solved["output"], level)

    def pose(self, p: Line, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        padded, dilated = p.padding > 0, p.dilation > 1
        x, k = symbols("x k")
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "The kernel {k} slides over the input {x} with {settings}:",
                    k=k, x=x, settings=settings(p.stride, p.padding, p.dilation),
                ),
                Display(equation(x, matrix([p.input]))),
                Display(equation(k, matrix([p.kernel]))),
            ),
            conventions=conventions(*exact(p.input, p.kernel), padded=padded, dilated=dilated),
            given=line_data(p.geometry, p.input, p.kernel),
            parts=(
                Part("size", "output_size", Kind.INTEGER, prose("How many entries does the output have?"), "size"),
                Part("output", "output", Kind.VECTOR, prose("Compute the output {y}.", y=symbol("y")), "output"),
            ),
            steps=(
                Step("size", solved["size"], size_blocks(p.geometry)),
                Step("output", solved["output"], _output_blocks(p, solved["output"])),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _output(p: Line) -> Vector:
    return cross_correlate1d(p.input, p.kernel, p.stride, p.padding, p.dilation)


def _output_blocks(p: Line, output: Any) -> tuple[Block, ...]:
    """The window table; the padding's zeros are written out, as students need them."""
    padded = pad_vector(p.input, p.padding, p.padding)
    window = figure(LineWindow(p.input, p.kernel, p.padding, p.dilation)) if p.padding or p.dilation > 1 else ()
    table = window_table(
        "Each output: weights times entries of its window",
        indexed("y", len(output)),
        products1d(padded, p.kernel, p.stride, 0, p.dilation),
        output,
    )
    if not p.padding:
        return (*window, table)
    return (prose("With its padding the input is"), Display(matrix([padded])), *window, table)
