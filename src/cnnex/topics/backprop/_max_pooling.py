"""F31: max pooling routes each upstream entry to the largest entry of its window."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from cnnex.figures.pooling import Routes
from cnnex.maths import pooling as maths
from cnnex.model import conventions as says
from cnnex.model.problem import Part, Step
from cnnex.model.prose import Block, Prose, Table, figure, prose
from cnnex.model.value import Kind, Matrix, entries
from cnnex.notation.formula import call, equation, symbol
from cnnex.topics._family import LEVELS, Slip, Solved
from cnnex.topics._layers import exact
from cnnex.topics.backprop._layer import number_kind
from cnnex.topics.backprop._pooling import PoolBackward, PoolingBackward


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


def _nothing_lost(p: PoolBackward) -> Prose:
    """The largest entry of a window never lies on the padding, so all of the upstream gradient arrives."""
    return prose("Check: both gradients have the sum {sum}, so no entry is lost.", sum=sum(entries(p.grad_output)))


def _single(output: Matrix) -> Any:
    """The output; where it has a single entry, that entry."""
    return output[0][0] if len(output) == len(output[0]) == 1 else output
