"""What several topics say about output sizes: the derivation and the mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from cnnex.maths.shapes import output_size
from cnnex.model.prose import Block, Display, prose
from cnnex.model.value import Value
from cnnex.notation.formula import Term, equation, symbol, symbols
from cnnex.topics._family import Slip

P = TypeVar("P")

_WORDS = {
    "padding-forgotten": (
        "The padding was left out.",
        "The window also slides over the padding: how long is the padded axis?",
    ),
    "padding-one-side": (
        "The padding was added on one side only.",
        "Padding p adds entries at both ends of an axis. How many is that in all?",
    ),
    "stride-ignored": (
        "The window was moved by one step instead of by the stride.",
        "Where does the second window begin? Look at the stride again.",
    ),
    "partial-window-kept": (
        "A last window that does not fit entirely was counted.",
        "What happens to a window that would reach beyond the end? See the rule for rounding.",
    ),
    "first-window-forgotten": (
        "The steps between the windows were counted, not the windows.",
        "Count the starting places of the window, the very first one included.",
    ),
    "dilation-ignored": (
        "The dilation was left out.",
        "Dilation leaves gaps. How many inputs does a window span, from its first entry to its last?",
    ),
    "gap-after-last-weight": (
        "The dilation was multiplied by the number of weights, as if a gap followed the last one.",
        "Count the gaps between the weights: there is none after the last.",
    ),
}  # fmt: skip


def slip(name: str, solve: Callable[[P], Mapping[str, Value]]) -> Slip[P]:
    """A mistake that several families share, with its words."""
    return Slip(name, *_WORDS[name], solve)


def size_line(letter: str, size: Term, extent: Term, stride: Term, padding: Term, window: str = "K") -> Display:
    """Formula, formula with numbers, value: `H_out = floor((H + 2 p - K)/S) + 1 = ... = 3`.

    Args:
        letter: of the axis, for its size.
        size: of the input.
        extent: the inputs that the window spans.
        stride: the step between windows.
        padding: on each side.
        window: the letter of the extent.
    """
    formula = output_size(symbol(letter), *symbols(f"{window} S p"))
    numbers = formula.put(**{letter: size, window: extent, "S": stride, "p": padding})
    return Display(equation(symbol(f"{letter}_out"), formula, numbers, numbers.value()))


def plane_blocks(
    height: Term, width: Term, extents: tuple[Term, Term], stride: Term, padding: Term
) -> tuple[Block, ...]:
    """How height and width of an output are found."""
    h, w, k, s, p = symbols("H W K S p")
    return (
        prose(
            "With height {h}, width {w}, window size {k}, stride {s} and padding {p} the number of windows along each "
            "axis:",
            h=h, w=w, k=k, s=s, p=p,
        ),
        size_line("H", height, extents[0], stride, padding),
        size_line("W", width, extents[1], stride, padding),
    )  # fmt: skip


def general_formula(size: str, extent: str, stride: str, padding: str) -> tuple[Block, ...]:
    """Why the formula for any size, window, stride and padding (empty for none) holds."""
    n, k, s = symbols(f"{size} {extent} {stride}")
    padded = n + 2 * symbol(padding) if padding else n
    return (
        prose(
            "The {which} has {padded} entries. The first window starts at its beginning, and there is room for "
            "{steps} further steps of {s}; the first window counts too:",
            which="padded axis" if padding else "axis", padded=padded, steps=(padded - k) // s, s=s,
        ),
        Display(equation(symbol(f"{size}_out"), (padded - k) // s + 1)),
    )  # fmt: skip
