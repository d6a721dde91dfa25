"""Typst mathematics, for the built-in PDF."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import ClassVar

from cnnex.notation.formula import Formula, Term
from cnnex.notation.names import GREEK, derivative, split
from cnnex.notation.printer import BASE, FACTOR, PRODUCT, SUM, Printer, is_numeric

_SIGNS = {"to": "->", ",": ", quad"}
_EDGE = "#h(0.12em)"
"""Keeps the entries of a matrix off its brackets."""
_WIDE, _THIN = "\u205f", "\u2006"
"""Blanks as wide as the gaps around signs and after commas in mathematics."""
_AS_WORDS = ((" dot ", f"{_WIDE}⋅{_WIDE}"), (" thin ", _THIN), (" + ", f"{_WIDE}+{_WIDE}"),
             (" - ", f"{_WIDE}-{_WIDE}"), (", ", f",{_THIN}"), ("-", "\N{MINUS SIGN}"))  # fmt: skip


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


def _is_arithmetic(term: Term) -> bool:
    """Whether it is an integer or made of integers alone; Typst sets that in half of the time where it is one word."""
    if isinstance(term, Formula):
        return term.op in ("add", "mul", "neg") and all(map(_is_arithmetic, term.args))
    return term.denominator == 1


def _as_words(spelled: str) -> str:
    for mathematics, words in _AS_WORDS:
        spelled = spelled.replace(mathematics, words)
    return spelled


class Typst(Printer):
    """`floor((W + 2 p - K)/(s)) + 1`."""

    derivative_binds = FACTOR

    symbol = staticmethod(_symbol)

    words_of: ClassVar[tuple[str, ...]] = ("add", "mul", "neg", "shape")

    def __call__(self, term: Term) -> str:
        if isinstance(term, Formula) and term.op in self.words_of and all(map(_is_arithmetic, term.args)):
            return literal(_as_words(_in_pieces(term)))
        return super().__call__(term)

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
        if all(map(_is_arithmetic, terms)) and not any(isinstance(term, Formula) for term in terms):
            spelled = literal(_as_words(spelled))
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
    words_of = ("mul", "shape")  # a line can break at a sum's signs

    symbol = staticmethod(_inline_symbol)


class _InPieces(Typst):
    words_of = ()


def literal(text: str) -> str:
    r"""Words as a Typst string literal: no character of them is read as markup.

    >>> literal('say "hi" #x')
    '"say \\"hi\\" #x"'
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


_in_pieces = _InPieces()

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
