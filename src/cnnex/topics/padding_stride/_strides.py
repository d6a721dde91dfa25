"""F03: the strides that lead to a wanted output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar

from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.shapes import effective_kernel_size, strides_with
from cnnex.model.prose import Block, Display, Prose, Table, prose
from cnnex.model.value import Kind, Padding, Size
from cnnex.notation.formula import Formula, equation, rel, symbol, symbols
from cnnex.seeds import Stream
from cnnex.topics._family import Slip, Solved
from cnnex.topics._layers import extent_line, settings
from cnnex.topics.padding_stride._search import Search, changed

MOST_STRIDES = 12


@dataclass(frozen=True, slots=True)
class WantedStrides:
    """A layer along one axis without its stride, and the output that it shall have."""

    size: Size
    kernel_size: Size
    padding: Padding
    dilation: Size
    output_size: Size

    @property
    def extent(self) -> int:
        """The inputs that the kernel spans."""
        return effective_kernel_size(self.kernel_size, self.dilation)  # type: ignore[no-any-return]

    def room(self, sides: int = 2) -> int:
        """How far the first window can move."""
        return self.size + sides * self.padding - self.extent


class FindStrides(Search[WantedStrides]):
    """F03: all strides for a wanted output."""

    id = "F03-strides"
    title = "Find all strides"
    params = WantedStrides
    asks = "strides"
    kinds = (Kind.VECTOR,)
    visible: ClassVar = {
        "easy": ("first-window-forgotten", "partial-window-kept", "end-left-out"),
        "medium": ("first-window-forgotten", "padding-forgotten", "padding-one-side"),
        "hard": ("first-window-forgotten", "padding-forgotten", "dilation-ignored"),
    }

    def __init__(self) -> None:
        self.slips = (
            changed("padding-forgotten", lambda p: _strides(p, p.room(0))),
            changed("padding-one-side", lambda p: _strides(p, p.room(1))),
            changed("dilation-ignored", lambda p: _strides(p, replace(p, dilation=1).room())),
            changed("first-window-forgotten", lambda p: _strides(replace(p, output_size=p.output_size + 1), p.room())),
            # With the last partial window, ceil(room / s) + 1 outputs: room / (L - 1) <= s < room / (L - 2).
            changed("partial-window-kept", lambda p: _strides(replace(p, output_size=p.output_size - 1), p.room() - 1)),
            Slip(
                "end-left-out",
                "The largest stride was left out.",
                "Put the ends of your inequality into the size formula. Do they lead to the wanted output?",
                lambda p: {"found": _nonempty(_strides(p, p.room())[:-1])},
            ),
        )

    def draw(self, rng: Stream, level: str) -> WantedStrides:
        outputs = rng.randint(3, 5)
        # About room / (L (L - 1)) strides lead to L outputs.
        least = (2 if level == "easy" else 3) * outputs * (outputs - 1)
        room = rng.randint(least, least + outputs * (outputs - 1))
        kernel_size, dilation = rng.randint(3, 9), rng.randint(2, 3) if level == "hard" else 1
        padding = rng.randint(1, 6) if level != "easy" else 0
        size = max(room + effective_kernel_size(kernel_size, dilation) - 2 * padding, 1)
        return WantedStrides(size, kernel_size, padding, dilation, outputs)

    def solve(self, p: WantedStrides) -> Solved:
        found = _strides(p, p.room())
        if len(found) > MOST_STRIDES:
            raise DoesNotFitError(f"{len(found)} strides lead to this output; ask for at most {MOST_STRIDES}")
        return {"found": found}

    def work(self, p: WantedStrides) -> int:
        return 8 + len(strides_with(p.room(), p.output_size)) if p.output_size > 1 else 8

    def fair(self, p: WantedStrides, solved: Solved, level: str) -> bool:
        """Two or three strides, so that variants are equally long, and no window on padding alone."""
        return len(solved["found"]) in ((2, 3) if level == "easy" else (3, 4)) and p.padding < p.extent

    def settings(self, p: WantedStrides) -> Prose:
        return settings(p.kernel_size, p.padding, p.dilation, of="kernel size")

    def question(self, p: WantedStrides) -> Prose:
        return prose("List all strides that lead to this output, the smallest first.")

    def blocks(self, p: WantedStrides, found: Any) -> tuple[Block, ...]:
        n, b, s, out = symbols("N p S L")
        extent = "K_eff" if p.dilation > 1 else "K"
        room = n + 2 * b - symbol(extent) if p.padding else n - symbol(extent)
        numbers = {"N": p.size, "p": p.padding, extent: p.extent}
        steps = room // s
        first: list[Block] = [prose("The dilated kernel spans"), extent_line("K", p.kernel_size, p.dilation)]
        ends = [each for each in (found[0] - 1, found[0], found[-1], found[-1] + 1) if each]
        return (
            *(first if p.dilation > 1 else []),
            prose("The first window can move by"),
            Display(equation(symbol("R"), room, room.put(**numbers), p.room())),
            prose(
                "With stride {s} the {l} windows need {steps} steps, and no more may have room:",
                s=s, l=p.output_size, steps=p.output_size - 1,
            ),
            Display(equation(symbol("R") // s, out - 1, p.output_size - 1)),
            Display(rel("<=", s, Formula("div", p.room(), p.output_size - 1))),
            Display(rel(">", s, Formula("div", p.room(), p.output_size))),
            _between(p, found),
            prose("Test of the ends and of the strides beside them:"),
            Table("Output sizes", ("stride", "formula", "output"), tuple(
                (each, (steps + 1).put(S=each, **numbers), p.room() // each + 1) for each in dict.fromkeys(ends)
            )),
        )  # fmt: skip


def _between(p: WantedStrides, found: Sequence[int]) -> Prose:
    """The strides between the two ends, which are quotients."""
    low, high = (Fraction(p.room(), steps) for steps in (p.output_size, p.output_size - 1))
    listed = [part for each in found for part in (", ", each)][1:]
    return prose(
        "The whole numbers above {low} and up to {high}: {found}.", low=low, high=high, found=Prose(tuple(listed))
    )


def _strides(p: WantedStrides, room: int) -> tuple[int, ...]:
    if p.output_size < 2:
        raise DoesNotFitError("a single output has endlessly many strides; ask for 2 outputs or more")
    return _nonempty(tuple(strides_with(max(room, 0), p.output_size)))


def _nonempty(found: tuple[int, ...]) -> tuple[int, ...]:
    if not found:
        raise DoesNotFitError("no stride leads to this output")
    return found
