"""F03 in letters: padding for a wanted length, and full convolution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.shapes import effective_kernel_size
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, Prose, prose
from cnnex.model.value import Kind, Name
from cnnex.notation.formula import Formula, equation, symbol, symbols
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics._formula import Letter
from cnnex.topics._layers import conventions, data, settings, tell_apart
from cnnex.topics._sizes import slip


@dataclass(frozen=True, slots=True)
class DesignLetters:
    """The letters of a layer whose padding is looked for.

    Attributes:
        stride: empty where the stride is 1.
        dilation: empty where there is none.
        output: the wanted length.
    """

    size: Name
    kernel: Name
    stride: Letter
    dilation: Letter
    output: Name

    @property
    def used(self) -> tuple[str, ...]:
        """All letters."""
        return tuple(filter(None, (self.size, self.kernel, self.stride, self.dilation, self.output)))


class PaddingFormula(Family[DesignLetters]):
    """F03: padding for a wanted length, for the same length, and the size of a full convolution."""

    id = "F03-padding-formula"
    title = "The padding as a formula"
    params = DesignLetters
    kinds = (Kind.EXPRESSION,)
    visible: ClassVar = {
        "easy": ("padding-in-all", "first-window-forgotten", "valid-for-full"),
        "medium": ("padding-in-all", "first-window-forgotten", "stride-ignored", "valid-for-full"),
        "hard": ("padding-in-all", "first-window-forgotten", "stride-ignored", "dilation-ignored"),
    }

    def __init__(self) -> None:
        self.slips = (
            Slip(
                "padding-in-all",
                "The padding of both ends together was given.",
                "Padding p adds entries at both ends of an axis. How many of yours belong to one end?",
                lambda p: {"padding": _total(p), "same": _span(p) - 1},
            ),
            slip("first-window-forgotten", lambda p: {
                "padding": _total(p, gaps=False) / 2, "same": _span(p) / 2, "full": symbol(p.size) + _span(p),
            }),
            slip("stride-ignored", lambda p: {"padding": _total(replace(p, stride="")) / 2}),
            slip("dilation-ignored", lambda p: self.solve(replace(p, dilation=""))),
            Slip(
                "valid-for-full",
                "Only the places were counted at which the whole kernel lies on the input.",
                "In a full convolution the kernel may reach beyond the input. How far, so that it still touches it?",
                lambda p: {"full": symbol(p.size) - _span(p) + 1},
            ),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> DesignLetters:
        return DesignLetters(
            size=rng.choice("NMTXnm"),
            kernel=rng.choice("KkFfRq"),
            stride=rng.choice("sS") if level != "easy" else "",
            dilation=rng.choice("dD") if level == "hard" else "",
            output=rng.choice("LQZ"),
        )

    def solve(self, p: DesignLetters) -> Solved:
        tell_apart(*p.used, used="p P E")
        for name in p.used:
            if name[0] in "pP":
                raise DoesNotFitError(f"the padding is called p, so no other letter begins with p or P: {name}")
        return {"padding": _total(p) / 2, "same": _steps(p) / 2, "full": _full(p)}

    def work(self, p: DesignLetters) -> int:
        return 6

    def pose(self, p: DesignLetters, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        n, k, out, b = symbols(f"{p.size} {p.kernel} {p.output} p")
        one = settings(1, b, symbol(p.dilation) if p.dilation else 1)
        setting = settings(symbol(p.stride) if p.stride else 1, b, symbol(p.dilation) if p.dilation else 1)

        def asked(name: str, asks: str, prompt: Prose, **given: Any) -> Part:
            return Part(name, asks, Kind.EXPRESSION, prompt, name, symbols=p.used, domain="integers", given=given)

        return Problem(
            title=self.title,
            statement=(
                prose(
                    "A one-dimensional convolution layer slides a kernel of size {k} over an input of length {n}.",
                    k=k, n=n,
                ),
            ),
            conventions=conventions(padded=True, dilated=bool(p.dilation), sizes_only=True),
            given={
                **data(
                    "conv1d", [p.stride or 1], [None], [p.dilation or 1], input_shape=[p.size], weight_shape=[p.kernel]
                ),
                "output_size": p.output,
            },
            parts=(
                asked("padding", "padding_formula", prose(
                    "The layer has {setting}, and its output shall have length {l}. Which {p} makes the last window "
                    "end exactly where the padded input ends? Give a formula; it need not be whole for all sizes.",
                    setting=setting, l=out, p=b,
                )),
                asked("same", "padding_formula", prose(
                    "With {setting}: which {p} keeps the length of the input? Give a formula.", setting=one, p=b,
                ), stride=[1], output_size=p.size),
                asked("full", "full_size_formula", prose(
                    "With stride 1{dilation}, a full convolution takes all places at which what the kernel spans meets "
                    "at least one entry of the input. How long is the output? Give a formula.",
                    dilation=prose(" and dilation {d}", d=symbol(p.dilation)) if p.dilation else "",
                ), stride=[1]),
            ),
            steps=(
                Step("padding", solved["padding"], _padding_blocks(p, solved["padding"])),
                Step("same", solved["same"], (
                    prose("With stride 1 and {same} only the kernel is left:", same=equation(out, n)),
                    Display(equation(b, solved["same"])),
                    prose("So a whole {p} exists only where the kernel spans an odd number of entries.", p=b),
                )),
                Step("full", solved["full"], _full_blocks(p, solved["full"])),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _span(p: DesignLetters) -> Formula:
    """The inputs that the kernel spans."""
    k = symbol(p.kernel)
    return effective_kernel_size(k, symbol(p.dilation)) if p.dilation else k


def _steps(p: DesignLetters) -> Formula:
    """One less than it spans."""
    return symbol(p.dilation) * (symbol(p.kernel) - 1) if p.dilation else symbol(p.kernel) - 1


def _total(p: DesignLetters, *, gaps: bool = True) -> Formula:
    """The entries of padding in all; with `gaps` false as if each window brought a step."""
    count: Formula = symbol(p.output) - 1 if gaps else symbol(p.output)
    return (symbol(p.stride) * count if p.stride else count) + _span(p) - symbol(p.size)


def _full(p: DesignLetters) -> Formula:
    return symbol(p.size) + _steps(p)


def _padding_blocks(p: DesignLetters, formula: Formula) -> tuple[Block, ...]:
    n, out, b, e = symbols(f"{p.size} {p.output} p E")
    count = out - 1
    moved = symbol(p.stride) * count if p.stride else count
    return (
        prose(
            "The kernel spans {e} entries. The last of {l} windows begins {moved} entries after the first, and both "
            "together are the padded input:",
            e=equation(e, _span(p)), l=out, moved=moved,
        ),
        Display(equation(n + 2 * b, moved + e)),
        Display(equation(b, formula)),
        prose("Check: the size formula gives"),
        Display(equation((n + 2 * b - e) / (symbol(p.stride) if p.stride else 1) + 1, out)),
    )  # fmt: skip


def _full_blocks(p: DesignLetters, formula: Formula) -> tuple[Block, ...]:
    n, e = symbols(f"{p.size} E")
    return (
        prose(
            "The kernel spans {e} entries, so it may reach over either end by {over}: that is padding {over}. The size "
            "formula gives",
            e=equation(e, _span(p)), over=e - 1,
        ),
        Display(equation(n + 2 * (e - 1) - e + 1, n + e - 1, formula)),
    )  # fmt: skip
