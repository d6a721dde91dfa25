"""Gradients through pooling: max pooling routes them, average pooling shares them out."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar

from cnnex.figures.pooling import Routes
from cnnex.maths import pooling as maths
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, Prose, Table, figure, prose
from cnnex.model.value import Kind, Matrix, Padding, Size, entries, to_json
from cnnex.notation.formula import Formula, Term, call, equation, matrix, symbol
from cnnex.seeds import Stream
from cnnex.topics._family import LEVELS, Family, Slip, Solved
from cnnex.topics._layers import exact, settings
from cnnex.topics.backprop._layer import check_upstream, number_kind

X, D_X, D_Y = map(symbol, ("X", "dL/dX", "dL/dY"))


@dataclass(frozen=True, slots=True)
class PoolBackward:
    """A single channel, the square windows that pool it, and the upstream gradient."""

    input: Matrix
    grad_output: Matrix
    kernel_size: Size
    stride: Size
    padding: Padding

    @property
    def grid(self) -> list[list[maths.Places]]:
        """The places of each window."""
        return maths.windows(len(self.input), len(self.input[0]), self.kernel_size, self.stride, self.padding)


def _rows(numbers: list[int], width: int) -> Matrix:
    return tuple(tuple(numbers[start : start + width]) for start in range(0, len(numbers), width))


class PoolingBackward(Family[PoolBackward]):
    """What the gradients of max and average pooling share."""

    params = PoolBackward
    operation: ClassVar[str]
    verb: ClassVar[str]
    own_given: ClassVar[dict[str, Any]]
    # Height, width, kernel size, stride, padding.
    geometries: ClassVar[dict[str, list[tuple[int, int, int, int, int]]]]

    @abstractmethod
    def routes(self, p: PoolBackward) -> list[maths.Route]:
        """Where each upstream entry goes, and how much of it."""

    @abstractmethod
    def own_conventions(self, p: PoolBackward) -> tuple[says.Convention, ...]:
        """What this kind of pooling assumes."""

    def forward(self, solved: Solved) -> tuple[Part, ...]:
        """What is asked before the gradient."""
        return ()

    @abstractmethod
    def steps(self, p: PoolBackward, solved: Solved) -> tuple[Step, ...]:
        """The worked solution."""

    def gradient(self, p: PoolBackward, routes: list[maths.Route]) -> Matrix:
        """The gradient that these routes add up to."""
        return maths.scatter(len(p.input), len(p.input[0]), routes)

    def draw(self, rng: Stream, level: str) -> PoolBackward:
        height, width, *sizes = rng.choice(self.geometries[level])
        grid = maths.windows(height, width, *sizes)
        upstream = rng.sample([g for g in range(-9, 13) if g not in (-1, 0, 1)], len(grid) * len(grid[0]))
        entries = rng.sample(range(-15, 21), height * width)
        return PoolBackward(_rows(entries, width), _rows(upstream, len(grid[0])), *sizes)

    def solve(self, p: PoolBackward) -> Solved:
        maths.check_windows(len(p.input), len(p.input[0]), p.kernel_size, p.stride, p.padding)
        check_upstream((len(p.grad_output), len(p.grad_output[0])), (len(p.grid), len(p.grid[0])))
        return {"grad_input": self.gradient(p, self.routes(p))}

    def work(self, p: PoolBackward) -> int:
        return len(p.grad_output) * len(p.grad_output[0]) * p.kernel_size**2

    def windows(self, p: PoolBackward) -> list[tuple[str, maths.Places, int]]:
        """For each output its name, the places of its window and its upstream entry."""
        return [
            (f"{i}, {j}", places, p.grad_output[i - 1][j - 1])
            for i, row in enumerate(p.grid, 1)
            for j, places in enumerate(row, 1)
        ]

    def overlap_overwritten(self, hint: str) -> Slip[PoolBackward]:
        """The mistake with inputs in several windows."""
        return Slip(
            "overlap-overwritten",
            "Where windows overlap, a later contribution replaced an earlier one.",
            hint,
            lambda p: {"grad_input": maths.scatter(
                len(p.input), len(p.input[0]), self.routes(p), combine=lambda old, new: new,
            )},
        )  # fmt: skip

    def pose(self, p: PoolBackward, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        single = p.kernel_size == len(p.input) == len(p.input[0]) and not p.padding
        rule = prose("of a single window") if single else prose("with {s}", s=settings(p.stride, p.padding))
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "{k} × {k} {verb} pooling {rule} maps {x} to {y}. "
                    "The upstream gradient {g} of a loss {loss} is given.",
                    k=p.kernel_size,
                    verb=self.verb,
                    rule=rule,
                    x=X,
                    y=symbol("Y"),
                    g=D_Y,
                    loss=symbol("L"),
                ),
                Display(equation(X, matrix(p.input))),
                Display(equation(D_Y, matrix(p.grad_output))),
            ),
            conventions=(*[says.ROUND_DOWN] * (not single), *self.own_conventions(p), says.INDEX_FROM_ONE),
            given={
                "operation": self.operation,
                "input": to_json(p.input),
                "grad_output": to_json(p.grad_output),
                "kernel_size": [p.kernel_size, p.kernel_size],
                "stride": [p.stride, p.stride],
                "padding": [p.padding, p.padding],
                "ceil_mode": False,
                **self.own_given,
            },
            parts=(*self.forward(solved), Part(
                "grad_input", "grad_input", Kind.MATRIX,
                prose("Compute the gradient {g}, a matrix of the same shape as {x}.", g=D_X, x=X), "grad_input",
            )),
            steps=self.steps(p, solved),
            mistakes=mistakes,
        )  # fmt: skip


class MaxPoolingBackward(PoolingBackward):
    """F31: each upstream entry goes to the place of its window's largest entry."""

    id = "F31-max-pooling-backward"
    title = "Max pooling, backward"
    kinds = (Kind.INTEGER, Kind.RATIONAL, Kind.MATRIX)
    operation = "max_pool2d"
    verb = "max"
    own_given: ClassVar = {"dilation": [1, 1]}
    geometries: ClassVar = {
        "easy": [(2, 2, 2, 2, 0)],
        "medium": [(4, 4, 2, 2, 0), (4, 5, 2, 2, 0), (5, 4, 2, 2, 0)],
        "hard": [(5, 5, 3, 2, 0), (5, 6, 3, 2, 0), (6, 5, 3, 2, 0), (4, 4, 3, 2, 1)],
    }
    visible: ClassVar = dict.fromkeys(LEVELS, ("spread-to-all", "shared-equally", "value-for-gradient")) | {
        "hard": ("spread-to-all", "shared-equally", "value-for-gradient", "overlap-overwritten")
    }

    def __init__(self) -> None:
        self.slips = (
            Slip(
                "spread-to-all",
                "Every entry of a window received the upstream gradient.",
                "Which entries of a window would change the output if they changed a little?",
                lambda p: {"grad_input": self.gradient(p, maths.average_pool2d_routes(
                    len(p.input), len(p.input[0]), p.grad_output, p.kernel_size, p.stride, p.padding, divisor=1,
                ))},
            ),
            Slip(
                "shared-equally",
                "The upstream gradient was shared equally within each window, as for average pooling.",
                "Which entries of a window would change the output if they changed a little?",
                lambda p: {"grad_input": self.gradient(p, maths.average_pool2d_routes(
                    len(p.input), len(p.input[0]), p.grad_output, p.kernel_size, p.stride, p.padding,
                ))},
            ),
            Slip(
                "value-for-gradient",
                "The entry itself was put at its place instead of the upstream gradient.",
                "What travels backward, the values of X or the entries of the upstream gradient?",
                lambda p: {"grad_input": self.gradient(p, self.routes(replace(p, grad_output=self.pooled(p))))},
            ),
            self.overlap_overwritten(
                "An input that wins several windows affects several outputs. What does the chain rule do with them?"
            ),
            Slip(
                "magnitude-for-value",
                "Entries were compared by their size without the sign.",
                "Which is larger, a small positive number or a large negative one?",
                self._by_magnitude,
            ),
        )  # fmt: skip

    def pooled(self, p: PoolBackward) -> Matrix:
        return maths.max_pool2d(p.input, p.kernel_size, p.stride, p.padding)

    def routes(self, p: PoolBackward) -> list[maths.Route]:
        return maths.max_pool2d_routes(p.input, p.grad_output, p.kernel_size, p.stride, p.padding)

    def solve(self, p: PoolBackward) -> Solved:
        gradient = super().solve(p)
        return {"output": _single(self.pooled(p)), **gradient}

    def own_conventions(self, p: PoolBackward) -> tuple[says.Convention, ...]:
        ties = says.FIRST_MAXIMUM if self._tied(p) else says.UNIQUE_MAXIMUM
        return (*[says.MAX_PADDING] * (p.padding > 0), ties, *exact(p.input, p.grad_output))

    def _tied(self, p: PoolBackward) -> bool:
        return any(maths.tied(p.input, places) for _, places, _ in self.windows(p))

    def fair(self, p: PoolBackward, solved: Solved, level: str) -> bool:
        """No input wins most of the windows."""
        winners = {maths.winner(p.input, places) for _, places, _ in self.windows(p)}
        return 4 * len(winners) >= 3 * len(self.windows(p))

    def _by_magnitude(self, p: PoolBackward) -> Solved:
        magnitudes = tuple(tuple(map(abs, row)) for row in p.input)
        return {
            "output": _single(maths.max_magnitude_pool2d(p.input, p.kernel_size, p.stride, p.padding)),
            "grad_input": self.gradient(p, self.routes(replace(p, input=magnitudes))),
        }

    def forward(self, solved: Solved) -> tuple[Part, ...]:
        if isinstance(solved["output"], tuple):
            return (Part("output", "output", Kind.MATRIX, prose("Compute the output {y}.", y=symbol("Y")), "output"),)
        asked = prose("What is the single entry of the output {y}?", y=symbol("Y"))
        kind = number_kind(solved["output"])
        return (Part("output", "output_entry", kind, asked, "output", index=(0, 0)),)

    def steps(self, p: PoolBackward, solved: Solved) -> tuple[Step, ...]:
        rows, winners = [], []
        for name, places, g in self.windows(p):
            r, c = maths.winner(p.input, places)
            winners.append((r, c))
            largest = equation(call("max", *(p.input[a][b] for a, b in places)), p.input[r][c])
            rows.append((name, largest, f"{r + 1}, {c + 1}", g))
        table = Table(
            "Windows by row and column in Y, their largest entries by row and column in X, and what these receive",
            ("in Y", "largest entry", "in X", "receives"),
            tuple(rows),
        )
        rule = (
            "Each output is one entry of its window: the largest, and of several the first in reading order. So the "
            "whole upstream gradient of a window goes to this entry, and all else is 0."
            if self._tied(p) else
            "A small change of a window's largest entry changes the output by as much; a small change of another "
            "entry changes nothing. So the whole upstream gradient of a window goes to its largest entry, and all "
            "else is 0."
        )  # fmt: skip
        if len(set(winners)) < len(winners):
            rule += " Contributions to one place add up."
        routes: tuple[Block, ...] = ()
        if len(winners) > 1:  # nobody needs a drawing of a single window
            sizes = p.kernel_size, p.stride, p.padding
            routes = figure(Routes(p.input, p.grad_output, solved["grad_input"], *sizes, tuple(winners)))
        return (
            Step("output", solved["output"], (table,)),
            Step("grad_input", solved["grad_input"], (prose(rule), *routes, _nothing_lost(p))),
        )  # fmt: skip


class AveragePoolingBackward(PoolingBackward):
    """F32: each upstream entry is shared equally by its window."""

    id = "F32-average-pooling-backward"
    title = "Average pooling, backward"
    kinds = (Kind.MATRIX,)
    operation = "avg_pool2d"
    verb = "average"
    own_given: ClassVar = {"count_include_pad": True, "divisor_override": None}
    geometries: ClassVar = {
        "easy": [(2, 4, 2, 2, 0), (4, 2, 2, 2, 0), (2, 5, 2, 2, 0), (5, 2, 2, 2, 0)],
        "medium": [
            (4, 4, 2, 2, 0),
            (4, 5, 2, 2, 0),
            (5, 4, 2, 2, 0),
            (3, 3, 2, 2, 1),
            (2, 3, 2, 2, 1),
            (3, 2, 2, 2, 1),
        ],
        "hard": [(5, 5, 3, 2, 0), (5, 6, 3, 2, 0), (4, 4, 2, 1, 0), (3, 3, 3, 2, 1), (4, 4, 3, 2, 1), (4, 3, 3, 2, 1)],
    }
    visible: ClassVar = dict.fromkeys(LEVELS, ("not-divided", "divided-by-side", "sent-to-largest")) | {
        "hard": ("not-divided", "divided-by-side", "sent-to-largest", "overlap-overwritten")
    }

    def __init__(self) -> None:
        self.slips = (
            Slip(
                "not-divided",
                "Each entry of a window received the whole upstream gradient.",
                "By how much does the average change when one entry of the window grows by one?",
                lambda p: {"grad_input": self.gradient(p, self._shares(p, 1))},
            ),
            Slip(
                "divided-by-side",
                "The upstream gradient was divided by the side of the window.",
                "How many entries share one upstream gradient?",
                lambda p: {"grad_input": self.gradient(p, self._shares(p, p.kernel_size))},
            ),
            Slip(
                "sent-to-largest",
                "The upstream gradient went to the largest entry only, as for max pooling.",
                "Which entries of a window take part in an average?",
                lambda p: {"grad_input": self.gradient(p, maths.max_pool2d_routes(
                    p.input, p.grad_output, p.kernel_size, p.stride, p.padding,
                ))},
            ),
            Slip(
                "padding-not-counted",
                "At the border the upstream gradient was shared among the entries inside the input only.",
                "By which number does the average divide where a window reaches into the padding? See the conventions.",
                lambda p: {"grad_input": self.gradient(p, [
                    (place, maths.share(g, len(places))) for _, places, g in self.windows(p) for place in places
                ])},
            ),
            self.overlap_overwritten(
                "An input in several windows affects several outputs. What does the chain rule do with them?"
            ),
        )  # fmt: skip

    def own_conventions(self, p: PoolBackward) -> tuple[says.Convention, ...]:
        return (*[says.AVERAGE_COUNTS_PADDING] * (p.padding > 0), says.EXACT)

    def _shares(self, p: PoolBackward, divisor: int) -> list[maths.Route]:
        height, width = len(p.input), len(p.input[0])
        sizes = (p.kernel_size, p.stride, p.padding)
        return maths.average_pool2d_routes(height, width, p.grad_output, *sizes, divisor=divisor)

    def routes(self, p: PoolBackward) -> list[maths.Route]:
        return self._shares(p, p.kernel_size**2)

    def steps(self, p: PoolBackward, solved: Solved) -> tuple[Step, ...]:
        count = p.kernel_size**2
        table = Table(
            "What each upstream entry gives to every place of its window",
            ("row, column of Y", "rows and columns of X", "each receives"),
            tuple((name, _span(places), _quotient(g, count)) for name, places, g in self.windows(p)),
        )
        rule = prose(
            "The output is the sum of the window's {n} entries divided by {n}, so its derivative with respect to each "
            "of them is {share}. It does not depend on the values of {x}: only the size of {x} matters.",
            n=count, share=Fraction(1, count), x=X,
        )  # fmt: skip
        lost = [
            prose("Shares that fall on the padding are lost: the padding is no input, though the average counts it.")
        ] * (p.padding > 0)
        overlap = [prose("Where windows overlap, the shares add up.")] * self._overlapping(p)
        check = [
            prose(
                "Check: without padding all shares lie on entries of {x}, so both gradients have the sum {sum}.",
                x=X,
                sum=sum(entries(p.grad_output)),
            )
        ] * (p.padding == 0)
        return (Step("grad_input", solved["grad_input"], (rule, table, *lost, *overlap, *check)),)

    def _overlapping(self, p: PoolBackward) -> bool:
        met = [place for _, places, _ in self.windows(p) for place in places]
        return len(set(met)) < len(met)


def _nothing_lost(p: PoolBackward) -> Prose:
    """The largest entry of a window never lies on the padding, so all of the upstream gradient arrives."""
    return prose("Check: both gradients have the sum {sum}, so no entry is lost.", sum=sum(entries(p.grad_output)))


def _single(output: Matrix) -> Any:
    """The output; where it has a single entry, that entry."""
    return output[0][0] if len(output) == len(output[0]) == 1 else output


def _quotient(amount: Any, count: int) -> Term:
    """A share, and as a quotient before where that can be reduced."""
    value = maths.share(amount, count)
    if Fraction(value).denominator == count:
        return value  # type: ignore[no-any-return]
    return equation(Formula("div", amount, count), value)


def _span(places: maths.Places) -> str:
    (top, left), (bottom, right) = places[0], places[-1]
    return f"rows {top + 1}–{bottom + 1}, columns {left + 1}–{right + 1}"
