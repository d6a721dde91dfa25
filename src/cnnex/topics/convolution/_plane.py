"""F08: a numeric kernel on a numeric image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from cnnex.figures.windows import PlaneWindow
from cnnex.maths.correlation import cross_correlate2d, flip, products2d, transpose
from cnnex.maths.filters import effect
from cnnex.maths.geometry import pad_matrix
from cnnex.maths.shapes import output_size
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, figure, prose
from cnnex.model.value import Kind, Matrix, Padding, Size, Value, to_json
from cnnex.notation.formula import equation, matrix, symbol
from cnnex.seeds import Stream
from cnnex.topics._effects import EFFECTS
from cnnex.topics._family import LEVELS, Family, Slip, Solved, lively
from cnnex.topics._layers import ENTRIES, conventions, data, exact, settings, slip
from cnnex.topics._sizes import plane_blocks
from cnnex.topics._sizes import slip as size_slip
from cnnex.topics.convolution._windows import plane_tables

# Height, width, side of the kernel, stride, padding: within a level all need about as many products.
GEOMETRIES = {
    "easy": [(3, 3, 2, 1, 0)],
    "medium": [(4, 4, 3, 2, 1), (4, 4, 3, 1, 0), (5, 5, 3, 2, 0), (5, 5, 2, 2, 1), (4, 5, 2, 2, 1), (5, 4, 2, 2, 1)],
    "hard": [(5, 5, 3, 2, 1), (5, 6, 3, 2, 1), (6, 5, 3, 2, 1), (4, 7, 3, 2, 1), (7, 4, 3, 2, 1), (3, 3, 3, 1, 1)],
}
WEIGHTS = {"easy": (0, 1, 2, 3), "medium": (-2, -1, 0, 1, 2, 3), "hard": (-2, -1, 0, 1, 2, 3)}


@dataclass(frozen=True, slots=True)
class Plane:
    """An image of one channel and the kernel that slides over it.

    Attributes:
        ask_effect: whether to ask also what the filter does; drawn kernels do nothing that has a name.
    """

    input: Matrix
    kernel: Matrix
    stride: Size
    padding: Padding
    ask_effect: bool


class PlaneConvolution(Family[Plane]):
    """F08: shape and output, window by window."""

    id = "F08-conv2d"
    title = "Two-dimensional convolution"
    params = Plane
    kinds = (Kind.SHAPE, Kind.MATRIX, Kind.CHOICE)
    visible: ClassVar = dict.fromkeys(LEVELS, ("kernel-flipped", "columns-mirrored", "kernel-transposed"))

    def __init__(self) -> None:
        self.slips = (
            slip("kernel-flipped", lambda p: {"output": _output(replace(p, kernel=flip(p.kernel)))}),
            Slip(
                "columns-mirrored",
                "Each row of the kernel was read from right to left.",
                "The left column of the kernel meets the left column of the window.",
                lambda p: {"output": _output(replace(p, kernel=tuple(row[::-1] for row in p.kernel)))},
            ),
            Slip(
                "kernel-transposed",
                "Rows and columns of the kernel were exchanged.",
                "The first row of the kernel meets the first row of the window.",
                lambda p: _solved(replace(p, kernel=transpose(p.kernel))),
            ),
            size_slip("padding-forgotten", lambda p: _solved(replace(p, padding=0))),
            size_slip("padding-one-side", _padded_once),
            size_slip("stride-ignored", lambda p: _solved(replace(p, stride=1))),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> Plane:
        height, width, side, stride, padding = rng.choice(GEOMETRIES[level])
        weights = WEIGHTS[level]
        # The smallest kernels are like a mirror image of themselves too often where entries repeat.
        drawn = rng.sample(weights, 4) if side == 2 else [rng.choice(weights) for _ in range(side**2)]
        return Plane(
            tuple(tuple([rng.choice(ENTRIES) for _ in range(width)]) for _ in range(height)),
            tuple(tuple(drawn[r * side : (r + 1) * side]) for r in range(side)),
            stride, padding, ask_effect=False,
        )  # fmt: skip

    def draw_like(self, rng: Stream, level: str, pattern: Mapping[str, Any]) -> Plane:
        drawn = self.draw(rng, level)
        if not pattern.get("ask_effect"):
            return drawn
        side, sign = len(drawn.kernel), rng.choice((-1, 1))
        edges = tuple((-sign * w, *[0] * (side - 2), sign * w) for w in rng.sample(range(1, 5), side))
        return replace(drawn, kernel=rng.choice((edges, transpose(edges))), ask_effect=True)

    def solve(self, p: Plane) -> Solved:
        return _solved(p)

    def work(self, p: Plane) -> int:
        height, width = _shape(p)
        return height * width * len(p.kernel) * len(p.kernel[0])

    def fair(self, p: Plane, solved: Solved, level: str) -> bool:
        """The kernel is distinct under flips and transposition, and no window is for nothing."""
        k = p.kernel
        turned = (flip(k), transpose(k), k[::-1], tuple(row[::-1] for row in k))
        return k not in turned and lively(solved["output"], level)

    def pose(self, p: Plane, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        stride, padding = (p.stride, p.stride), (p.padding, p.padding)
        effect_part = Part(
            "effect", "filter_effect", Kind.CHOICE, prose("What does this filter do to an image?"), "effect",
            choices={name: words for name, (words, _) in EFFECTS.items()},
        )  # fmt: skip
        found = effect(p.kernel)
        effect_step = Step("effect", found, (prose(EFFECTS[found][1]),))
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "The kernel {k} slides over the single-channel input {x} with {settings}:",
                    k=symbol("k"), x=symbol("X"), settings=settings(p.stride, p.padding),
                ),
                Display(equation(symbol("k"), matrix(p.kernel))),
                Display(equation(symbol("X"), matrix(p.input))),
                *figure(PlaneWindow(p.input, p.kernel, padding)),
            ),
            conventions=conventions(
                says.HEIGHT_THEN_WIDTH, *exact(p.input, p.kernel), padded=p.padding > 0, dilated=False
            ),
            given=data("conv2d", stride, padding, (1, 1), input=to_json(p.input), weight=to_json(p.kernel)),
            parts=(
                Part("shape", "output_shape", Kind.SHAPE, prose("What is the shape of the output?"), "shape"),
                Part("output", "output", Kind.MATRIX, prose("Compute the output {y}.", y=symbol("Y")), "output"),
                *[effect_part] * p.ask_effect,
            ),
            steps=(
                Step("shape", solved["shape"], plane_blocks(
                    len(p.input), len(p.input[0]), (len(p.kernel), len(p.kernel[0])), p.stride, p.padding
                )),
                Step("output", solved["output"], _output_blocks(p)),
                *[effect_step] * p.ask_effect,
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _shape(p: Plane) -> tuple[int, int]:
    return (
        output_size(len(p.input), len(p.kernel), p.stride, p.padding),
        output_size(len(p.input[0]), len(p.kernel[0]), p.stride, p.padding),
    )


def _output(p: Plane) -> Matrix:
    return cross_correlate2d(p.input, p.kernel, (p.stride, p.stride), (p.padding, p.padding))


def _solved(p: Plane) -> dict[str, Value]:
    solved: dict[str, Value] = {"shape": _shape(p), "output": _output(p)}
    return {**solved, "effect": effect(p.kernel)} if p.ask_effect else solved


def _padded_once(p: Plane) -> dict[str, Value]:
    """The padding at the top and on the left only."""
    solved = _solved(replace(p, input=pad_matrix(p.input, p.padding, 0), padding=0))
    if solved["shape"] == _shape(replace(p, padding=0)):  # the shape alone says that padding was forgotten
        del solved["shape"]
    return solved


def _output_blocks(p: Plane) -> tuple[Block, ...]:
    """The window table; the padding's zeros are written out, as students need them."""
    padded = pad_matrix(p.input, p.padding, p.padding)
    windows = [
        (symbol(f"Y_{r}_{c}"), window)
        for r, row in enumerate(products2d(padded, p.kernel, (p.stride, p.stride)), 1)
        for c, window in enumerate(row, 1)
    ]
    tables = plane_tables(windows, len(p.kernel[0]))
    if not p.padding:
        return tables
    return (prose("With its padding the input is"), Display(matrix(padded)), *tables)
