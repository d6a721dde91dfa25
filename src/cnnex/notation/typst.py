"""Typst mathematics, for the built-in PDF."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from cnnex.notation.formula import Term
from cnnex.notation.names import GREEK, derivative, split
from cnnex.notation.printer import BASE, FACTOR, PRODUCT, SUM, Printer, is_numeric

_SIGNS = {"to": "->", ",": ", quad"}
_EDGE = "#h(0.12em)"
"""Keeps the entries of a matrix off its brackets."""


@cache
def _symbol(name: str) -> str:
    if parts := derivative(name):
        above, below = map(_symbol, parts)
        return f"(partial {above})/(partial {below})"
    base, indices = split(name)
    letter = base if base in GREEK or len(base) == 1 else literal(base)
    spelled = ",".join(i if len(i) == 1 or i.isdigit() else literal(i) for i in indices)
    return f"{letter}_({spelled})" if indices else letter


@cache
def _inline_symbol(name: str) -> str:
    if parts := derivative(name):
        above, below = map(_symbol, parts)
        return f"partial {above} \\/ partial {below}"
    return _symbol(name)


def _is_fraction(term: Term) -> bool:
    return isinstance(term, Fraction) and term.denominator > 1


class Typst(Printer):
    """`floor((W + 2 p - K)/(s)) + 1`."""

    derivative_binds = FACTOR

    symbol = staticmethod(_symbol)

    def brackets(self, spelled: str) -> str:
        return f"({spelled})"

    def add(self, *terms: Term) -> str:
        return self.sum_of(terms, " + ", " - ")

    def mul(self, *terms: Term) -> str:
        return self.product_of(terms, " thin ", " dot ")

    def div(self, above: Term, below: Term) -> str:
        return f"({self(above)})/({self(below)})"

    def floordiv(self, above: Term, below: Term) -> str:
        return f"floor({self.div(above, below)})"

    def mod(self, above: Term, below: Term) -> str:
        return f"{self.within(above, FACTOR)} mod {self.within(below, FACTOR)}"

    def pow(self, base: Term, exponent: Term) -> str:
        return f"{self.within(base, BASE)}^({self(exponent)})"

    def call(self, function: str, *terms: Term) -> str:
        spelled = ", ".join(map(self, terms))
        return f'op("relu")({spelled})' if function == "relu" else f"{function}({spelled})"

    def rel(self, sign: str, *terms: Term) -> str:
        return f" {_SIGNS.get(sign, sign)} ".join(map(self, terms))

    def matrix(self, *rows: tuple[Term, ...]) -> str:
        # Inside a line Typst would set the entries in the size of an index. Its `mat` writes column by column, and so
        # they would be copied from a page; the rows of a `vec` come one after another.
        spelled = [list(map(self, row)) for row in rows]
        if len(rows) == 1 or is_numeric(rows):
            body = ", ".join([f"{_EDGE} {' && #h(0.65em) '.join(row)} {_EDGE}" for row in spelled])
            return f'display(vec(delim: "[", align: #right, {body}))'
        gap = "gap: #0.5em, " if any(_is_fraction(entry) for row in rows for entry in row) else ""
        return f"display(centred({gap}{'; '.join([', '.join(row) for row in spelled])};))"

    def shape(self, *terms: Term) -> str:
        return f"({', '.join(map(self, terms))})"

    def sigma(self, index: Term, first: Term, last: Term, body: Term) -> str:
        return f"sum_({self(index)} = {self(first)})^({self(last)}) {self.within(body, PRODUCT)}"

    def lines(self, left: Term, *steps: tuple[str, Term]) -> str:
        rows = [f"&{sign} {self(term)}" if sign in ("=", "") else f"&quad {sign} {self(term)}" for sign, term in steps]
        return f"{self(left)} " + " \\ ".join(rows)

    def words(self, text: str) -> str:
        return literal(text)


class InlineTypst(Typst):
    """For the middle of a line, where a built-up derivative would be tiny."""

    derivative_binds = SUM

    symbol = staticmethod(_inline_symbol)


def literal(text: str) -> str:
    r"""Words as a Typst string literal: no character of them is read as markup.

    >>> literal('say "hi" #x')
    '"say \\"hi\\" #x"'
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


typst = Typst()
"""The Typst printer: `typst(term) -> str`.

>>> from cnnex.notation.formula import symbols
>>> typst(symbols("k_1")[0] * 3)
'k_(1) dot 3'
"""

inline_typst = InlineTypst()
r"""The Typst printer for formulas inside a line.

>>> from cnnex.notation.formula import symbols
>>> print(inline_typst(symbols("dL/dk_1")[0]))
partial L \/ partial k_(1)
"""
