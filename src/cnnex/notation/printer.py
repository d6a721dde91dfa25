"""What the printers share: where brackets stand, and that no operation is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, ClassVar

from cnnex.notation.formula import OPERATIONS, Formula, Term

# How tightly an operation binds; what is missing needs no brackets.
_BINDS = {"rel": 1, "lines": 1, "add": 2, "sum": 3, "neg": 3, "mul": 4, "floordiv": 4, "mod": 4, "pow": 6}
SUM, PRODUCT, FACTOR, BASE = 3, 4, 5, 7


class Printer:
    """Spells a formula. A subclass has a method for each operation, or it can't be defined."""

    minus: ClassVar[str] = "-"
    fraction_binds: ClassVar[int] = 5  # a built-up fraction needs no brackets in a product

    def __init_subclass__(cls) -> None:
        missing = [op for op in (*OPERATIONS, "number", "brackets") if not hasattr(cls, op)]
        if missing:
            raise TypeError(f"{cls.__name__} can't spell {', '.join(missing)}")

    def __init__(self) -> None:
        self._spell: dict[str, Callable[..., str]] = {op: getattr(self, op) for op in OPERATIONS}

    def __call__(self, term: Term) -> str:
        if isinstance(term, Formula):
            return self._spell[term.op](*term.args)
        return self.number(term)

    def number(self, value: int | Fraction) -> str:
        """An exact number, a negative one with a leading sign."""
        if value < 0:
            return self.minus + self.number(-value)
        if isinstance(value, int) or value.denominator == 1:
            return str(value)
        return self.div(value.numerator, value.denominator)

    def within(self, term: Term, binding: int) -> str:
        """The term, in brackets where `binding` is tighter than the term's own operation."""
        if isinstance(term, Formula):
            own = self.fraction_binds if term.op == "div" else _BINDS.get(term.op, 9)
        elif term < 0:
            own = SUM
        else:
            own = 9 if isinstance(term, int) else self.fraction_binds
        spelled = self(term)
        return self.brackets(spelled) if own < binding else spelled

    def sum_of(self, terms: tuple[Term, ...], plus: str, minus: str) -> str:
        """Terms joined by signs: a negative term is subtracted."""
        first, *rest = terms
        out = [self(first)]
        for term in rest:
            if isinstance(term, Formula):
                if term.op == "neg":
                    out += minus, self.within(term.args[0], SUM)
                else:
                    out += plus, self.within(term, SUM)
            elif term < 0:
                out += minus, self.number(-term)
            else:
                out += plus, self.number(term)
        return "".join(out)

    def neg(self, term: Term) -> str:
        """The negated term."""
        return self.minus + self.within(term, PRODUCT)

    brackets: Callable[[str], str]
    div: Callable[..., str]


def touching_numbers(left: Term, right: Term) -> bool:
    """Whether a product of these needs a visible sign, since two numbers would run together.

    >>> from cnnex.notation.formula import symbols
    >>> x, = symbols("x")
    >>> touching_numbers(2, 3), touching_numbers(2, x), touching_numbers(x, 2)
    (True, False, True)
    """
    while isinstance(right, Formula) and right.op in ("mul", "pow"):
        right = right.args[0]
    if not isinstance(right, Formula):
        return True
    return (
        (isinstance(left, Formula)
        and left.op == "call")
        or (right.op == "call"
        and not isinstance(left, Formula))
    )


def is_numeric(rows: tuple[tuple[Any, ...], ...]) -> bool:
    """Whether a matrix holds nothing but integers, whose columns then line up on the right."""
    return all(type(entry) is int for row in rows for entry in row)
