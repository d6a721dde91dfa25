"""F32: average pooling shares each upstream entry out over its window."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from cnnex.maths import pooling as maths
from cnnex.model import conventions as says
from cnnex.model.problem import Step
from cnnex.model.prose import Table, prose
from cnnex.model.value import Kind, entries
from cnnex.topics._family import LEVELS, Slip, Solved
from cnnex.topics.backprop._pooling import PoolBackward, PoolingBackward, X


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
            ("row, column of Y", "rows and columns of X", "upstream entry", f"divided by {count}"),
            tuple((name, _span(places), g, maths.share(g, count)) for name, places, g in self.windows(p)),
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


def _span(places: maths.Places) -> str:
    (top, left), (bottom, right) = places[0], places[-1]
    return f"rows {top + 1}–{bottom + 1}, columns {left + 1}–{right + 1}"
