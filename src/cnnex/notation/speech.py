"""Formulas in spoken English: what a screen reader says in place of the picture of a formula."""

from __future__ import annotations

from functools import cache

from cnnex.notation.formula import Formula, Term
from cnnex.notation.names import derivative, split
from cnnex.notation.printer import BASE, FACTOR, PRODUCT, Printer

_SIGNS = {
    ",": "and", "=": "equals", "!=": "is not equal to", "<": "is less than", "<=": "is at most",
    ">": "is greater than", ">=": "is at least", "in": "in", "to": "to", "+": "plus", "-": "minus",
}  # fmt: skip
_CALLS = {
    "floor": "the floor of {}, end floor",
    "ceil": "the ceiling of {}, end ceiling",
    "abs": "the absolute value of {}, end absolute value",
    "sqrt": "the square root of {}, end root",
    "max": "the maximum of {}, end maximum",
    "min": "the minimum of {}, end minimum",
}


@cache
def _symbol(name: str) -> str:
    if parts := derivative(name):
        above, below = map(_symbol, parts)
        return f"the partial derivative of {above} with respect to {below}"
    base, indices = split(name)
    letter = f"upper {base}" if len(base) == 1 and base.isupper() else base
    return f"{letter} sub {' '.join(indices)}" if indices else letter


class Speech(Printer):
    """`the floor of the fraction upper W plus 2 p minus upper K over s, end fraction, end floor plus 1`."""

    minus = "minus "

    symbol = staticmethod(_symbol)

    def brackets(self, spelled: str) -> str:
        return f"open bracket {spelled} close bracket"

    def add(self, *terms: Term) -> str:
        return self.sum_of(terms, " plus ", " minus ")

    def mul(self, *terms: Term) -> str:
        return self.product_of(terms, " ", " times ")

    def div(self, above: Term, below: Term) -> str:
        if all(not isinstance(x, Formula) or x.op == "symbol" for x in (above, below)):
            return f"{self(above)} over {self(below)}"
        return f"the fraction {self(above)} over {self(below)}, end fraction"

    def floordiv(self, above: Term, below: Term) -> str:
        return _CALLS["floor"].format(self.div(above, below))

    def mod(self, above: Term, below: Term) -> str:
        return f"{self.within(above, FACTOR)} modulo {self.within(below, FACTOR)}"

    def pow(self, base: Term, exponent: Term) -> str:
        return f"{self.within(base, BASE)} to the power {self.within(exponent, BASE)}"

    def call(self, function: str, *terms: Term) -> str:
        return _CALLS.get(function, function + " of {}").format(", ".join(map(self, terms)))

    def rel(self, sign: str, *terms: Term) -> str:
        return f" {_SIGNS[sign]} ".join(map(self, terms))

    def matrix(self, *rows: tuple[Term, ...]) -> str:
        if len(rows) == 1:
            return f"the vector {self.listed(rows[0])}"
        spoken = " ".join(f"Row {i}: {self.listed(row)}." for i, row in enumerate(rows, 1))
        return f"the {len(rows)} by {len(rows[0])} matrix. {spoken}"

    def listed(self, terms: tuple[Term, ...]) -> str:
        return ", ".join(map(self, terms))

    def shape(self, *terms: Term) -> str:
        return f"the shape {self.listed(terms)}"

    def sigma(self, index: Term, first: Term, last: Term, body: Term) -> str:
        body_spoken = self.within(body, PRODUCT)
        return f"the sum over {self(index)} from {self(first)} to {self(last)} of {body_spoken}"

    def lines(self, left: Term, *steps: tuple[str, Term]) -> str:
        return self(left) + "".join(f" {_SIGNS[sign]} {self(term)}" if sign else self(term) for sign, term in steps)

    def words(self, text: str) -> str:
        return text


speech = Speech()
"""The speech printer: `speech(term) -> str`.

>>> from cnnex.notation.formula import symbols
>>> speech(symbols("K_1")[0] - 2)
'upper K sub 1 minus 2'
"""
