"""What the printers share: where brackets stand, and that no operation is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, ClassVar

from cnnex.notation.formula import OPERATIONS, Formula, Term
from cnnex.notation.names import derivative

# How tightly an operation binds; what is missing needs no brackets. Rounded quotients bind less than
# products, since in -a // b * c the sign would be read with a alone.
_BINDS = {"rel": 1, "lines": 1, "add": 2, "sigma": 3, "neg": 3, "floordiv": 3, "mod": 3, "mul": 4, "pow": 6}
SUM, PRODUCT, FACTOR, BASE, _ATOM = 3, 4, 5, 7, 9


class Printer:
    """Spells a formula. A subclass has a method for each operation, or it can't be defined."""

    minus: ClassVar[str] = "-"
    fraction_binds: ClassVar[int] = 5  # a built-up fraction needs no brackets in a product
    derivative_binds: ClassVar[int] = _ATOM  # as the symbol of a derivative is spelled

    def __init_subclass__(cls) -> None:
        missing = [op for op in (*OPERATIONS, "number", "brackets") if not hasattr(cls, op)]
        if missing:
            raise TypeError(f"{cls.__name__} can't spell {', '.join(missing)}")

    def __init__(self) -> None:
        self._spell: dict[str, Callable[..., str]] = {op: getattr(self, op) for op in OPERATIONS}
        self._binds = dict.fromkeys(OPERATIONS, _ATOM) | _BINDS | {"div": self.fraction_binds}

    def __call__(self, term: Term) -> str:
        if isinstance(term, Formula):
            return self._spell[term.op](*term.args)
        return self.number(term)

    def number(self, value: int | Fraction) -> str:
        """An exact number, a negative one with a leading sign."""
        if value < 0:
            return self.minus + self.number(-value)
        if value.denominator == 1:
            return str(value)
        return self.div(value.numerator, value.denominator)

    def within(self, term: Term, binding: int) -> str:
        """The term, in brackets where `binding` is tighter than the term's own operation."""
        if isinstance(term, Formula):
            spelled = self._spell[term.op](*term.args)
            own = self._binds[term.op]
            if term.op == "symbol" and derivative(term.args[0]):
                own = self.derivative_binds
        else:
            spelled = self.number(term)
            own = SUM if term < 0 else _ATOM if term.denominator == 1 else self.fraction_binds
        return spelled if own >= binding else self.brackets(spelled)

    def product_of(self, terms: tuple[Term, ...], between: str, between_numbers: str) -> str:
        """Factors, with a visible sign where two numbers would run together."""
        left = terms[0]
        out = self.within(left, PRODUCT)
        for term in terms[1:]:
            out += between_numbers if touching_numbers(left, term) else between
            out += self.within(term, FACTOR)
            left = term
        return out

    def sum_of(self, terms: tuple[Term, ...], plus: str, minus: str) -> str:
        """Terms joined by signs: a negative term is subtracted."""
        out = self(terms[0])
        for term in terms[1:]:
            if isinstance(term, Formula):
                negated = term.op == "neg"
                out += minus if negated else plus
                out += self.within(term.args[0] if negated else term, SUM)
            else:
                out += minus if term < 0 else plus
                out += self.number(-term if term < 0 else term)
        return out

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
    if isinstance(left, Formula):
        return left.op == "call"
    return right.op in ("call", "div")  # 2 1/2 would be a mixed number


def is_numeric(rows: tuple[tuple[Any, ...], ...]) -> bool:
    """Whether a matrix holds nothing but integers, whose columns then line up on the right."""
    return all(isinstance(entry, int | Fraction) and entry.denominator == 1 for row in rows for entry in row)
