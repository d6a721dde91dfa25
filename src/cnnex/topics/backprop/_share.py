"""F32 as a formula: what one window of average pooling passes back to each of its entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from msgspec import Meta

from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Display, prose
from cnnex.model.value import Kind, Name
from cnnex.notation.formula import Formula, Term, equation, symbol
from cnnex.notation.plain import plain
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics._formula import Letter
from cnnex.topics._layers import tell_apart

Times = Annotated[int, Meta(ge=1, le=9)]


@dataclass(frozen=True, slots=True)
class Share:
    """The letters of a window and of its upstream entry.

    Attributes:
        rows: the letter of the window's rows.
        columns: the letter of its columns; empty for a square window.
        times: how many times `rows` the window has rows.
        grad_output: the letter of the upstream entry.
    """

    rows: Name
    columns: Letter
    times: Times
    grad_output: Name

    @property
    def sides(self) -> tuple[Formula, Formula]:
        """Height and width of the window."""
        height = symbol(self.rows) if self.times == 1 else self.times * symbol(self.rows)
        return height, symbol(self.columns) if self.columns else height


class AverageShare(Family[Share]):
    """F32: the share that each entry of a window receives, as a formula."""

    id = "F32-average-share"
    title = "Average pooling, backward, as a formula"
    params = Share
    kinds = (Kind.EXPRESSION,)
    visible: ClassVar = dict.fromkeys(
        ("easy", "medium", "hard"), ("not-divided", "divided-by-side", "multiplied", "sides-added")
    )

    def __init__(self) -> None:
        self.slips = (
            Slip(
                "not-divided",
                "Each entry of a window received the whole upstream gradient.",
                "By how much does the average change when one entry of the window grows by one?",
                lambda p: {"share": symbol(p.grad_output)},
            ),
            Slip(
                "divided-by-side",
                "The upstream gradient was divided by the side of the window.",
                "How many entries share one upstream gradient?",
                lambda p: {"share": symbol(p.grad_output) / p.sides[0]},
            ),
            Slip(
                "multiplied",
                "The upstream gradient was multiplied by the number of entries.",
                "Is the derivative of an average with respect to one entry large or small?",
                lambda p: {"share": symbol(p.grad_output) * _entries(p)},
            ),
            Slip(
                "sides-added",
                "The sides of the window were added.",
                "How many entries does a window with these rows and columns have?",
                lambda p: {"share": symbol(p.grad_output) / _perimeter(p)},
            ),
        )

    def draw(self, rng: Stream, level: str) -> Share:
        rows, columns = rng.sample("KMNRFQSTAB", 2)
        return Share(
            rows=rows,
            columns="" if level == "easy" else columns,
            times=rng.randint(2, 4) if level == "hard" else 1,
            grad_output=rng.choice(("g", "delta", "u", "a", "r", "t", "v", "c", "gamma")),
        )

    def solve(self, p: Share) -> Solved:
        tell_apart(*filter(None, (p.rows, p.columns, p.grad_output)), used="x y L X Y")
        return {"share": symbol(p.grad_output) / _entries(p)}

    def work(self, p: Share) -> int:
        return 2

    def pose(self, p: Share, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        height, width = p.sides
        sides = [plain(height), plain(width)]
        g, d = symbol(p.grad_output), symbol("dL/dx")
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "Average pooling has windows of {h} rows and {w} columns that do not overlap, and no padding. The "
                    "upstream gradient of one output is {g}, a number.",
                    h=height, w=width, g=g,
                ),
            ),
            conventions=(says.AVERAGE_COUNTS_ALL,),
            given={
                "operation": "avg_pool2d",
                "input_shape": sides,
                "kernel_size": sides,
                "stride": sides,
                "padding": [0, 0],
                "ceil_mode": False,
                "count_include_pad": True,
                "divisor_override": None,
                "grad_output": [[p.grad_output]],
            },
            parts=(
                Part(
                    "share", "grad_input_formula", Kind.EXPRESSION,
                    prose(
                        "Let {x} be an entry in the window of this output. Give {d} as a formula.", x=symbol("x"), d=d
                    ),
                    "share", symbols=tuple(filter(None, (p.rows, p.columns, p.grad_output))),
                ),
            ),
            steps=(
                Step("share", solved["share"], (
                    prose(
                        "The output is the sum of the window's entries divided by their number, {n}. So its derivative "
                        "with respect to each of them is {one}, and by the chain rule",
                        n=_entries(p), one=Formula("div", 1, _entries(p)),
                    ),
                    Display(equation(d, Formula("mul", g, Formula("div", 1, _entries(p))), solved["share"])),
                    prose(
                        "Check: the shares of all {n} entries add up to the upstream gradient {g}.", n=_entries(p), g=g
                    ),
                )),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _entries(p: Share) -> Formula:
    """The number of entries of a window, as one writes it."""
    height, width = p.sides
    return height * width if p.columns else height**2


def _perimeter(p: Share) -> Term:
    height, width = p.sides
    return height + width if p.columns else 2 * symbol(p.rows)
