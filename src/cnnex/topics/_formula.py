"""What several topics share of F01: the output size as a formula of letters."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar

from msgspec import Meta

from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.shapes import effective_kernel_size
from cnnex.model.problem import Part
from cnnex.model.prose import Block, Display, Prose, prose
from cnnex.model.value import Kind, Name, Value
from cnnex.notation.formula import Formula, ceil, equation, rel, symbol, symbols
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Solved
from cnnex.topics._layers import tell_apart
from cnnex.topics._sizes import general_formula, slip

P = TypeVar("P")
Letter = Annotated[str, Meta(pattern="^([A-Za-z]+(_[0-9]+)?)?$")]
"""A name, or nothing."""


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of the general formula.

    Attributes:
        stride: empty where the stride is 1.
        padding: begins with p or P, since a padding may be 0 and other sizes may not; empty where there is none.
        dilation: empty where there is none.
    """

    size: Name
    kernel: Name
    stride: Letter
    padding: Letter
    dilation: Letter

    @property
    def used(self) -> tuple[str, ...]:
        """All letters, in the order of the formula's parameters."""
        return tuple(filter(None, (self.size, self.kernel, self.stride, self.padding, self.dilation)))


class SizeFormula(Family[P]):
    """F01: the output size as a formula."""

    kinds = (Kind.EXPRESSION,)

    def __init__(self) -> None:
        def changed(name: str, change: Callable[[Letters], Mapping[str, Value]]) -> Any:
            return slip(name, lambda p: change(self.letters(p)))

        self.slips = (
            changed("first-window-forgotten", self.without_first),
            changed("padding-one-side", lambda p: {"general": size_formula(p, sides=1)}),
            changed("padding-forgotten", lambda p: {"general": size_formula(p, sides=0)}),
            changed("stride-ignored", lambda p: {"general": size_formula(replace(p, stride=""))}),
            changed("partial-window-kept", lambda p: {"general": size_formula(p, ceil_mode=True)}),
        )

    @abstractmethod
    def letters(self, p: P) -> Letters:
        """The letters of a variant."""

    def without_first(self, p: Letters) -> dict[str, Value]:
        """The values when the steps are counted in place of the windows."""
        return {"general": size_formula(p, windows=0)}

    def solve(self, p: P) -> Solved:
        letters = self.letters(p)
        # The solution calls a dilated kernel's extent E.
        tell_apart(*letters.used, used="E" if letters.dilation else "")
        for name in letters.used:
            if (name[0] in "pP") != (name == letters.padding):
                raise DoesNotFitError(f"the letter of the padding begins with p or P, and no other does: {name}")
        return {"general": size_formula(letters)}

    def work(self, p: P) -> int:
        return 2


def draw_letters(rng: Stream, *, strided: bool = True, padded: bool = True, dilated: bool = False) -> Letters:
    """Letters that are common for sizes, none of them twice."""
    return Letters(
        size=rng.choice("NLMTZXnmtu"),
        kernel=rng.choice("KkFfRrQq"),
        stride=rng.choice("sS") if strided else "",
        padding=rng.choice("pP") if padded else "",
        dilation=rng.choice("dD") if dilated else "",
    )


def formula_part(name: str, letters: Letters, prompt: Prose) -> Part:
    """Asks for the general formula."""
    return Part(
        name, "output_size_formula", Kind.EXPRESSION, prompt, "general", symbols=letters.used, domain="integers"
    )


def fits(p: Letters) -> Formula:
    """The condition that there is a window."""
    n = symbol(p.size)
    return rel(">=", n + 2 * symbol(p.padding) if p.padding else n, _extent(p))


def size_formula(
    p: Letters, extent: Formula | None = None, *, sides: int = 2, windows: int = 1, ceil_mode: bool = False
) -> Value:
    """`output_size` as one writes it: what is 0 or 1 does not appear."""
    extent = extent or _extent(p)
    length = symbol(p.size)
    if p.padding and sides:
        length = length + (sides * symbol(p.padding) if sides > 1 else symbol(p.padding))
    # A span of d (K - 1) + 1 is subtracted term by term, without brackets inside brackets.
    room: Formula = length - extent
    if p.stride:
        room = ceil(room / symbol(p.stride)) if ceil_mode else room // symbol(p.stride)
    return room + windows if windows else room


def formula_line(p: Letters, formula: Any) -> Display:
    """The formula with its left-hand side."""
    return Display(equation(symbol(f"{p.size}_out"), formula))


def derivation(p: Letters, formula: Any) -> tuple[Block, ...]:
    """Why the formula holds."""
    if not p.stride:
        n, b = symbols(f"{p.size} {p.padding}")
        return (
            prose("The padding makes the side {padded}, which takes the place of {n}:", padded=n + 2 * b, n=n),
            formula_line(p, formula),
        )  # fmt: skip
    if not p.dilation:
        return general_formula(p.size, p.kernel, p.stride, p.padding)
    return (
        prose("With its gaps a window spans {e} inputs:", e=symbol("E")),
        Display(equation(symbol("E"), _extent(p))),
        *general_formula(p.size, "E", p.stride, p.padding),
        prose("With {e} put in:", e=symbol("E")),
        formula_line(p, formula),
    )


def _extent(p: Letters) -> Formula:
    extent: Formula = effective_kernel_size(*symbols(f"{p.kernel} {p.dilation}")) if p.dilation else symbol(p.kernel)
    return extent
