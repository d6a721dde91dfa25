"""F18: the matrix of a shared kernel, with symbols and with numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from cnnex.maths.correlation import products1d, transpose
from cnnex.maths.toeplitz import apply
from cnnex.model import conventions as says
from cnnex.model.follow import FollowThrough, entries_of
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, prose
from cnnex.model.value import Kind, Matrix, Value, Vector, entries
from cnnex.notation.formula import Formula, equation, indexed, matrix, symbol
from cnnex.seeds import Stream
from cnnex.topics._family import LEVELS, Solved, lively
from cnnex.topics._layers import (
    INPUT_LETTERS,
    KERNEL_LETTERS,
    Geometry,
    Line,
    SymbolicLine,
    alike,
    conventions,
    draw_line,
    exact,
    line_data,
    names,
    settings,
    slip,
    tell_apart,
    window_table,
)  # fmt: skip
from cnnex.topics.toeplitz._operator import Operator, P, linear, matrix_part, matrix_step, shape_part, shape_step

# Within a level all matrices have about the same number of entries.
GEOMETRIES = {
    "easy": [Geometry(*each) for each in ((5, 3), (6, 4), (8, 7))],
    # The same size, or a stride.
    "medium": [Geometry(6, 3, 1, 1), Geometry(6, 5, 1, 2), Geometry(9, 3, 2), Geometry(9, 2, 2), Geometry(8, 2, 2)],
    # Stride and padding, or dilation.
    "hard": [Geometry(9, 3, 2, 1), Geometry(9, 4, 2, 2), Geometry(8, 4, 2, 2), Geometry(8, 3, 1, 1, 2),
             Geometry(9, 3, 2, 2, 2)],
}  # fmt: skip
NUMERIC_GEOMETRIES = {
    "easy": [Geometry(4, 2), Geometry(5, 4)],
    "medium": [Geometry(5, 3, 1, 1), Geometry(9, 4, 2), Geometry(8, 4, 2), Geometry(8, 2, 2), Geometry(9, 2, 2)],
    "hard": [Geometry(8, 3, 2, 1), Geometry(7, 4, 2, 2), Geometry(7, 3, 1, 1, 2), Geometry(8, 3, 2, 2, 2)],
}


class SharedOperator(Operator[P]):
    """A shared kernel slides, so it can be flipped."""

    def __init__(self) -> None:
        super().__init__()
        self.slips = (
            slip("kernel-flipped", lambda p: self.seen(p, self.operator(p, p.geometry, flipped=True))),
            slip("transposed", self._transposed),
            *self.slips,
        )

    def _transposed(self, p: P) -> Mapping[str, Value]:
        # A square K is its own transpose with the kernel flipped: that mistake has a name already.
        if p.geometry.outputs == p.geometry.size:
            return {}
        return self.seen(p, transpose(self.operator(p, p.geometry)))


class SymbolicOperator(SharedOperator[SymbolicLine]):
    """F18: K for a kernel of symbols."""

    id = "F18-toeplitz"
    title = "Convolution as a matrix"
    params = SymbolicLine
    kinds = (Kind.SHAPE, Kind.MATRIX)
    visible: ClassVar = {
        "easy": ("transposed", "kernel-flipped", "wrong-shift"),
        "medium": ("kernel-flipped", "wrong-shift"),
        "hard": ("kernel-flipped", "wrong-shift", "wrapped-around", "padding-columns-kept"),
    }

    def solve(self, p: SymbolicLine) -> Solved:
        tell_apart(p.input, p.kernel, used="y K")
        return super().solve(p)

    def kernels(self, p: SymbolicLine, outputs: int) -> Matrix:
        return (p.weights,) * outputs

    def draw(self, rng: Stream, level: str) -> SymbolicLine:
        return self.draw_like(rng, level, {})

    def draw_like(self, rng: Stream, level: str, pattern: Mapping[str, Any]) -> SymbolicLine:
        geometry = rng.choice(alike(GEOMETRIES[level], pattern) if pattern else GEOMETRIES[level])
        return SymbolicLine(*geometry, rng.choice(INPUT_LETTERS), rng.choice(KERNEL_LETTERS))

    def pose(self, p: SymbolicLine, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        return Problem(
            title=self.title,
            statement=posed(p, symbol(p.input), symbol(p.kernel), p.entries_of_input, p.weights),
            conventions=conventions(says.COLUMNS, padded=p.padding > 0, dilated=p.dilation > 1),
            given=line_data(p.geometry, p.entries_of_input, p.weights),
            parts=(shape_part(), matrix_part(tuple(names(p.kernel, p.kernel_size)))),
            steps=(
                shape_step(p.geometry, solved),
                matrix_step(p.geometry, solved),
            ),
            mistakes=mistakes,
        )  # fmt: skip


class NumericOperator(SharedOperator[Line]):
    """F18: K for a kernel of numbers, and its product with an input."""

    id = "F18-toeplitz-numeric"
    title = "Convolution as a matrix, with numbers"
    params = Line
    kinds = (Kind.SHAPE, Kind.MATRIX, Kind.VECTOR)
    visible: ClassVar = dict.fromkeys(LEVELS, ("kernel-flipped", "wrong-shift"))

    def kernels(self, p: Line, outputs: int) -> Matrix:
        return (p.kernel,) * outputs

    def seen(self, p: Line, operator: Matrix) -> dict[str, Value]:
        steps = super().seen(p, operator)
        return {**steps, "output": apply(operator, p.input)} if len(operator[0]) == len(p.input) else steps

    def draw(self, rng: Stream, level: str) -> Line:
        return self.draw_like(rng, level, {})

    def draw_like(self, rng: Stream, level: str, pattern: Mapping[str, Any]) -> Line:
        geometries = NUMERIC_GEOMETRIES[level]
        return draw_line(rng, level, rng.choice(alike(geometries, pattern) if pattern else geometries))

    def work(self, p: Line) -> int:
        return super().work(p) + p.geometry.outputs * len(p.kernel)

    def fair(self, p: Line, solved: Solved, level: str) -> bool:
        return p.kernel != p.kernel[::-1] and lively(solved["output"], level)

    def pose(self, p: Line, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        return Problem(
            title=self.title,
            statement=posed(p, symbol("x"), symbol("k"), p.input, p.kernel),
            conventions=conventions(
                says.COLUMNS, *exact(p.input, p.kernel), padded=p.padding > 0, dilated=p.dilation > 1
            ),
            given=line_data(p.geometry, p.input, p.kernel),
            parts=(
                shape_part(),
                matrix_part(),
                Part("output", "output", Kind.VECTOR, prose("Compute {y}.", y=symbol("y")), "output",
                     follows=_product(p)),
            ),
            steps=(
                shape_step(p.geometry, solved),
                matrix_step(p.geometry, solved),
                Step("output", solved["output"], (
                    window_table(
                        "Each row of K times x, without its zeros",
                        indexed("y", p.geometry.outputs),
                        products1d(p.input, p.kernel, p.stride, p.padding, p.dilation),
                        entries(solved["output"]),
                    ),
                )),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _product(p: Line) -> FollowThrough:
    """Whatever K is, y is K times x."""
    outputs, inputs = p.geometry.outputs, p.geometry.size

    def rule(*weights: Formula) -> Vector:
        return apply(tuple(weights[row * inputs : (row + 1) * inputs] for row in range(outputs)), p.input)

    return FollowThrough.by(rule, *entries_of("matrix", outputs, inputs))


def posed(p: Line | SymbolicLine, x: Formula, k: Formula, inputs: Vector, weights: Vector) -> tuple[Block, ...]:
    """The layer in words, with its input and kernel."""
    return (
        prose(
            "The kernel {k} slides over the input {x} with {settings}. The output {y} is linear in {x}, so there is a "
            "matrix {K} with",
            k=k, x=x, y=symbol("y"), K=symbol("K"), settings=settings(p.stride, p.padding, p.dilation),
        ),
        linear(x),
        Display(equation(x, matrix([inputs]))),
        Display(equation(k, matrix([weights]))),
    )  # fmt: skip
