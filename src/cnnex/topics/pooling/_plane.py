"""F14: max and average pooling of one channel."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from cnnex.figures.pooling import PoolingWindows
from cnnex.maths import pooling as maths
from cnnex.maths.geometry import pad_matrix
from cnnex.maths.shapes import output_size
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, Table, figure, prose
from cnnex.model.value import Kind, Matrix, Padding, Size, to_json
from cnnex.notation.formula import Term, call, equation, matrix, symbol, total
from cnnex.seeds import Stream
from cnnex.topics._family import LEVELS, Family, Slip, Solved, lively
from cnnex.topics._layers import exact, settings
from cnnex.topics._sizes import plane_blocks, slip

# Height, width, kernel size, stride, padding: within a level all need the same number of comparisons.
GEOMETRIES = {
    "easy": [(4, 4, 2, 2, 0), (4, 5, 2, 2, 0), (5, 4, 2, 2, 0), (5, 5, 2, 2, 0)],
    "medium": [(6, 7, 2, 2, 0), (7, 6, 2, 2, 0), (5, 6, 3, 2, 0), (6, 5, 3, 2, 0), (4, 5, 2, 2, 1), (5, 4, 2, 2, 1)],
    "hard": [(5, 6, 3, 2, 1), (6, 5, 3, 2, 1), (7, 8, 3, 2, 0), (8, 7, 3, 2, 0), (5, 6, 2, 1, 0), (6, 5, 2, 1, 0)],
}
ENTRIES = {"easy": range(-12, 16), "medium": range(-20, 31), "hard": range(-30, 41)}


@dataclass(frozen=True, slots=True)
class Pool:
    """A single channel and the square windows that pool it."""

    input: Matrix
    kernel_size: Size
    stride: Size
    padding: Padding


def out_shape(p: Pool) -> tuple[int, int]:
    """Height and width of the output."""
    return (
        output_size(len(p.input), p.kernel_size, p.stride, p.padding),
        output_size(len(p.input[0]), p.kernel_size, p.stride, p.padding),
    )


class Pooling(Family[Pool]):
    """What max and average pooling share."""

    params = Pool
    kinds = (Kind.SHAPE, Kind.MATRIX)
    operation: ClassVar[str]
    verb: ClassVar[str]
    result: ClassVar[str]
    own_given: ClassVar[dict[str, Any]]
    own_conventions: ClassVar[tuple[says.Convention, ...]]
    filler: ClassVar[str]

    def __init__(self) -> None:
        self.slips = (
            *self.own_slips(),
            slip("stride-ignored", lambda p: self.solve(replace(p, stride=1))),
            Slip(
                "windows-disjoint",
                "The windows were laid side by side, although they overlap.",
                "How far does the window move from one output to the next?",
                lambda p: {"output": self.pooled(replace(p, stride=p.kernel_size))},
            ),
        )

    @abstractmethod
    def own_slips(self) -> tuple[Slip[Pool], ...]:
        """The mistakes of this kind of pooling alone."""

    @abstractmethod
    def pooled(self, p: Pool) -> Matrix:
        """The output."""

    @abstractmethod
    def window(self, entries: list[int]) -> Term:
        """How the entries of one window are reduced."""

    @abstractmethod
    def caption(self, count: int) -> str:
        """What the table of windows of so many places shows."""

    def exactness(self, p: Pool) -> Sequence[says.Convention]:
        """How values are to be given, where it matters."""
        return exact(p.input)

    def draw(self, rng: Stream, level: str) -> Pool:
        height, width, kernel_size, stride, padding = rng.choice(GEOMETRIES[level])
        drawn = rng.sample(ENTRIES[level], height * width)
        return Pool(
            tuple(tuple(drawn[r * width : (r + 1) * width]) for r in range(height)), kernel_size, stride, padding
        )

    def solve(self, p: Pool) -> Solved:
        maths.check_windows(len(p.input), len(p.input[0]), p.kernel_size, p.stride, p.padding)
        return {"shape": out_shape(p), "output": self.pooled(p)}

    def work(self, p: Pool) -> int:
        height, width = out_shape(p)
        return height * width * p.kernel_size**2

    def fair(self, p: Pool, solved: Solved, level: str) -> bool:
        return lively(solved["output"], level)

    def pose(self, p: Pool, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        height, width = len(p.input), len(p.input[0])
        sides = [p.kernel_size, p.kernel_size]
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "Apply {k} × {k} {verb} pooling with {settings} to the single-channel input",
                    verb=self.verb, k=p.kernel_size, settings=settings(p.stride, p.padding),
                ),
                Display(equation(symbol("X"), matrix(p.input))),
                *self._windows(p, solved["shape"]),
            ),
            conventions=(
                says.ROUND_DOWN, says.HEIGHT_THEN_WIDTH, *self.own_conventions * (p.padding > 0), *self.exactness(p),
            ),
            given={
                "operation": self.operation,
                "input": to_json(p.input),
                "kernel_size": sides,
                "stride": [p.stride, p.stride],
                "padding": [p.padding, p.padding],
                "ceil_mode": False,
                **self.own_given,
            },
            parts=(
                Part("shape", "output_shape", Kind.SHAPE, prose("What is the shape of the output?"), "shape"),
                Part("output", "output", Kind.MATRIX, prose("Compute the output {y}.", y=symbol("Y")), "output"),
            ),
            steps=(
                Step("shape", solved["shape"], plane_blocks(
                    height, width, (p.kernel_size, p.kernel_size), p.stride, p.padding
                )),
                Step("output", solved["output"], (self._table(p, solved["output"]),)),
            ),
            mistakes=mistakes,
        )  # fmt: skip

    def _windows(self, p: Pool, shape: tuple[int, int]) -> tuple[Block, ...]:
        """The first window and a neighbour of it; how many there are is asked for."""
        neighbour = [(0, 1)] if shape[1] > 1 else [(1, 0)] if shape[0] > 1 else []
        drawing = PoolingWindows(p.input, p.kernel_size, p.stride, p.padding, ((0, 0), *neighbour), self.filler)
        return figure(drawing)

    def _table(self, p: Pool, output: Any) -> Table:
        grid = maths.windows(len(p.input), len(p.input[0]), p.kernel_size, p.stride, p.padding)
        return Table(
            self.caption(p.kernel_size**2),
            ("row, column of Y", "window", self.result),
            tuple(
                (f"{i}, {j}", self.window([p.input[r][c] for r, c in places]), output[i - 1][j - 1])
                for i, row in enumerate(grid, 1)
                for j, places in enumerate(row, 1)
            ),
        )


class MaxPooling(Pooling):
    """F14: the largest entry of each window."""

    id = "F14-max-pooling"
    title = "Max pooling"
    operation = "max_pool2d"
    verb = "max"
    result = "largest entry"
    own_given: ClassVar = {"dilation": [1, 1]}
    own_conventions = (says.MAX_PADDING,)
    filler = "−∞"
    visible: ClassVar = {
        **dict.fromkeys(LEVELS[:2], ("magnitude-for-value", "average-for-max", "stride-ignored")),
        "hard": ("magnitude-for-value", "average-for-max", "windows-disjoint"),
    }

    def pooled(self, p: Pool) -> Matrix:
        return maths.max_pool2d(p.input, p.kernel_size, p.stride, p.padding)

    def window(self, entries: list[int]) -> Term:
        return call("max", *entries)

    def caption(self, count: int) -> str:
        return "Each window of X and its largest entry"

    def own_slips(self) -> tuple[Slip[Pool], ...]:
        return (
            Slip(
                "magnitude-for-value",
                "Entries were compared by their size without the sign.",
                "Which is larger, a small positive number or a large negative one?",
                lambda p: {"output": maths.max_magnitude_pool2d(p.input, p.kernel_size, p.stride, p.padding)},
            ),
            Slip(
                "average-for-max",
                "The average of each window was taken in place of its largest entry.",
                "Read again which kind of pooling is asked for.",
                lambda p: {"output": maths.average_pool2d(p.input, p.kernel_size, p.stride, p.padding)},
            ),
            Slip(
                "padding-wins",
                "The padding was taken for zeros that can win.",
                "With which value does max pooling fill the padding? See the conventions.",
                lambda p: {
                    "output": maths.max_pool2d(pad_matrix(p.input, p.padding, p.padding), p.kernel_size, p.stride)
                },
            ),
        )


class AveragePooling(Pooling):
    """F14: the mean of each window."""

    id = "F14-average-pooling"
    title = "Average pooling"
    operation = "avg_pool2d"
    verb = "average"
    result = "mean"
    own_given: ClassVar = {"count_include_pad": True, "divisor_override": None}
    own_conventions = (says.AVERAGE_COUNTS_PADDING,)
    filler = "0"
    visible: ClassVar = {
        **dict.fromkeys(LEVELS[:2], ("sum-for-average", "divided-by-side", "max-for-average")),
        "hard": ("sum-for-average", "divided-by-side", "max-for-average", "windows-disjoint"),
    }

    def pooled(self, p: Pool) -> Matrix:
        return maths.average_pool2d(p.input, p.kernel_size, p.stride, p.padding)

    def window(self, entries: list[int]) -> Term:
        return equation(total(entries), sum(entries))

    def caption(self, count: int) -> str:
        return f"Each window of X: its sum, and that divided by {count}"

    def exactness(self, p: Pool) -> Sequence[says.Convention]:
        return (says.EXACT,)

    def own_slips(self) -> tuple[Slip[Pool], ...]:
        return (
            Slip(
                "sum-for-average",
                "The entries of each window were added but not divided.",
                "An average lies between the smallest and the largest entry. Does yours?",
                lambda p: {"output": maths.average_pool2d(p.input, p.kernel_size, p.stride, p.padding, 1)},
            ),
            Slip(
                "divided-by-side",
                "The sum was divided by the side of the window.",
                "How many entries does a whole window have?",
                lambda p: {"output": maths.average_pool2d(p.input, p.kernel_size, p.stride, p.padding, p.kernel_size)},
            ),
            Slip(
                "max-for-average",
                "The largest entry of each window was taken in place of its average.",
                "Read again which kind of pooling is asked for.",
                lambda p: {"output": maths.max_pool2d(p.input, p.kernel_size, p.stride, p.padding)},
            ),
            Slip(
                "padding-not-counted",
                "At the border the sum was divided by the entries inside the input only.",
                "By which number does the average divide where a window reaches into the padding? See the conventions.",
                lambda p: {
                    "output": maths.pool(
                        p.input, p.kernel_size, p.stride, p.padding, lambda w: maths.share(sum(w), len(w))
                    )
                },
            ),
        )
