"""F03 in letters: the largest kernel that fits on an image."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from cnnex.maths.shapes import effective_kernel_size
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, Prose, prose
from cnnex.model.value import Kind, Name, Padding, Size
from cnnex.notation.formula import Formula, Term, call, equation, symbol, symbols
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics._layers import conventions, data, tell_apart
from cnnex.topics._sizes import slip


@dataclass(frozen=True, slots=True)
class LargestKernel:
    """An image with letters for its sides.

    Attributes:
        smaller: how much smaller than the largest the kernel of the second question is.
    """

    height: Name
    width: Name
    padding: Padding
    dilation: Size
    smaller: Annotated[int, Meta(ge=0, le=64)]


class FindLargestKernel(Family[LargestKernel]):
    """F03: the largest square kernel on an image, and the output of a kernel near it."""

    id = "F03-largest-kernel"
    title = "The largest kernel"
    params = LargestKernel
    kinds = (Kind.EXPRESSION, Kind.INTEGER)
    visible: ClassVar = {
        "easy": ("longer-side", "one-side-only", "first-window-forgotten"),
        "medium": ("longer-side", "padding-forgotten", "padding-one-side", "first-window-forgotten"),
        "hard": ("longer-side", "padding-forgotten", "dilation-ignored", "first-window-forgotten"),
    }

    def __init__(self) -> None:
        self.slips = (
            Slip(
                "longer-side",
                "The kernel was fitted to the longer side.",
                "A square kernel must fit along both axes. Which one gives way first?",
                lambda p: {"largest": _largest(p, call("max", *symbols(f"{p.height} {p.width}")))},
            ),
            Slip(
                "one-side-only",
                "Only the height was looked at.",
                "What if the image is wider than high, or higher than wide?",
                lambda p: {"largest": _largest(p, symbol(p.height))},
            ),
            slip("padding-forgotten", lambda p: {"largest": _largest(replace(p, padding=0))}),
            slip("padding-one-side", lambda p: {"largest": _largest(p, sides=1)}),
            slip("dilation-ignored", lambda p: {"largest": _largest(replace(p, dilation=1))}),
            slip("first-window-forgotten", lambda p: {"size": p.smaller}),
        )

    def draw(self, rng: Stream, level: str) -> LargestKernel:
        height = rng.choice("HMNmn")
        width = rng.choice([letter for letter in "WMNmn" if letter != height])
        padding = 0 if level == "easy" else rng.randint(1, 5)
        return LargestKernel(height, width, padding, rng.randint(2, 4) if level == "hard" else 1, rng.randint(1, 11))

    def solve(self, p: LargestKernel) -> Solved:
        tell_apart(p.height, p.width, used="K p P")
        return {"largest": _largest(p), "size": p.smaller + 1}

    def work(self, p: LargestKernel) -> int:
        return 3

    def pose(self, p: LargestKernel, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        h, w = symbols(f"{p.height} {p.width}")
        side = _more(h, 2 * p.padding - p.smaller)
        padded = _more(h, 2 * p.padding)
        border = prose("padding {p}", p=p.padding) if p.padding else "no padding"
        dilation = prose(" and dilation {d}", d=p.dilation) if p.dilation > 1 else ""
        kernel = f"{p.height} + {2 * p.padding - p.smaller}"
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "A convolution layer with stride 1 and {border} takes an image of height {h} and width {w}.",
                    border=border, h=h, w=w,
                ),
            ),
            conventions=conventions(
                says.HEIGHT_THEN_WIDTH, padded=p.padding > 0, dilated=p.dilation > 1, sizes_only=True
            ),
            given=data(
                "conv2d", (1, 1), (p.padding,) * 2, (p.dilation,) * 2,
                input_shape=[p.height, p.width], weight_shape=[None, None],
            ),
            parts=(
                Part(
                    "largest", "largest_kernel_formula", Kind.EXPRESSION,
                    prose("What is the side of the largest square kernel{with_d} that fits? Give a formula.",
                          with_d=prose(" with dilation {d}", d=p.dilation) if dilation else ""),
                    "largest", symbols=(p.height, p.width), domain="integers",
                ),
                Part(
                    "size", "output_size", Kind.INTEGER, _asked_size(p), "size", builds_on=("largest",),
                    given={"input_shape": [p.height] * 2, "weight_shape": [kernel] * 2, "dilation": [1, 1]},
                ),
            ),
            steps=(
                Step("largest", solved["largest"], _largest_blocks(p, solved["largest"])),
                Step("size", solved["size"], (
                    prose("The kernel has side {k} on {n} entries{padded}:", k=side, n=padded, padded=_with_padding(p)),
                    Display(equation(padded - side + 1, solved["size"])),
                    prose("A kernel as large as the image{padded} has a single place; a smaller one has more.",
                          padded=_with_padding(p)),
                )),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _asked_size(p: LargestKernel) -> Prose:
    """The question for the output's size, on a square image and without dilation."""
    image = prose(
        "Now the image is square, {same}{plain}", same=equation(*symbols(f"{p.height} {p.width}")),
        plain=", and there is no dilation" if p.dilation > 1 else "",
    )  # fmt: skip
    if not p.smaller:
        return prose("{image}. What is the side of the output with the largest kernel?", image=image)
    words = "{image}. The side of the kernel is {c} less than the largest. What is the side of the output?"
    return prose(words, image=image, c=p.smaller)


def _with_padding(p: LargestKernel) -> str:
    return " with padding" if p.padding else ""


def _more(side: Any, count: int) -> Formula:
    """A side and so many entries more, or fewer; 0 is not written."""
    longer: Formula = side if not count else side + count if count > 0 else side - -count
    return longer


def _largest(p: LargestKernel, side: Term | None = None, sides: int = 2) -> Formula:
    if side is None:
        side = call("min", *symbols(f"{p.height} {p.width}"))
    if p.dilation == 1:
        return _more(side, sides * p.padding)
    return _more(side, sides * p.padding - 1) // p.dilation + 1


def _largest_blocks(p: LargestKernel, formula: Formula) -> tuple[Block, ...]:
    k, h, w = symbols(f"K {p.height} {p.width}")
    span = effective_kernel_size(k, p.dilation) if p.dilation > 1 else k
    return (
        prose(
            "The kernel spans {span} entries along both axes, and may span no more than the shorter of the sides "
            "{h} and {w}{padded} has:",
            span=span, h=h, w=w, padded=_with_padding(p),
        ),
        Display(equation(k, formula)),
    )  # fmt: skip
