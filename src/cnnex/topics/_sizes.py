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
        "A dilated kernel has gaps. How many inputs lie between its first and its last tap?",
    ),
}  # fmt: skip


def slip(name: str, solve: Callable[[P], Mapping[str, Value]]) -> Slip[P]:
    """A mistake that several families share, with its words."""
    return Slip(name, *_WORDS[name], solve)


def size_line(letter: str, size: Term, extent: Term, stride: Term, padding: Term) -> Display:
    """Formula, formula with numbers, value: `H_out = floor((H + 2 p - K)/S) + 1 = ... = 3`."""
    formula = output_size(symbol(letter), *symbols("K S p"))
    numbers = formula.put(**{letter: size, "K": extent, "S": stride, "p": padding})
    return Display(equation(symbol(f"{letter}_out"), formula, numbers, numbers.value()))


def general_formula(size: str, extent: str, stride: str, padding: str) -> tuple[Block, ...]:
    """Why the formula for any size, window, stride and padding holds."""
    n, k, s, p = symbols(f"{size} {extent} {stride} {padding}")
    return (
        prose(
            "The padded axis has {padded} entries. The first window starts at its beginning, and there is room for "
            "{steps} further steps of {s}; the first window counts too:",
            padded=n + 2 * p, steps=(n + 2 * p - k) // s, s=s,
        ),
        Display(equation(symbol(f"{size}_out"), output_size(n, k, s, p))),
    )  # fmt: skip
