"""LaTeX mathematics, for `.tex` files and for Markdown's `$...$`."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from cnnex.notation.formula import Term
from cnnex.notation.names import GREEK, derivative, split
from cnnex.notation.printer import BASE, FACTOR, PRODUCT, SUM, Printer, is_numeric

_SIGNS = {"!=": r"\ne", "<=": r"\le", ">=": r"\ge", "in": r"\in", "to": r"\to", ",": r",\quad"}
_FENCES = {"floor": (r"\lfloor", r"\rfloor"), "ceil": (r"\lceil", r"\rceil"), "abs": (r"\lvert", r"\rvert")}
_ESCAPES = {c: "\\" + c for c in "&%$#_{}"} | {
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}",
}  # fmt: skip


@cache
def _symbol(name: str) -> str:
    if parts := derivative(name):
        above, below = map(_symbol, parts)
        return rf"\frac{{\partial {above}}}{{\partial {below}}}"
    if primes := name.count("'"):
        return _symbol(name.replace("'", "")) + "'" * primes
    base, indices = split(name)
    letter = rf"\{base}" if base in GREEK else base if len(base) == 1 else rf"\mathrm{{{base}}}"
    spelled = ",".join(i if len(i) == 1 or i.isdigit() else rf"\mathrm{{{i}}}" for i in indices)
    return f"{letter}_{{{spelled}}}" if indices else letter


@cache
def _inline_symbol(name: str) -> str:
    if parts := derivative(name):
        above, below = map(_symbol, parts)
        return rf"\partial {above} / \partial {below}"
    return _symbol(name)


class Latex(Printer):
    r"""`\left\lfloor \frac{W + 2 p - K}{s} \right\rfloor + 1`."""

    derivative_binds = FACTOR

    symbol = staticmethod(_symbol)

    def brackets(self, spelled: str) -> str:
        return rf"\left({spelled}\right)" if r"\frac" in spelled else f"({spelled})"

    def add(self, *terms: Term) -> str:
        return self.sum_of(terms, " + ", " - ")

    def mul(self, *terms: Term) -> str:
        # A plain space: GitHub's Markdown makes a comma of `\,`.
        return self.product_of(terms, " ", r" \cdot ")

    def div(self, above: Term, below: Term) -> str:
        return rf"\frac{{{self(above)}}}{{{self(below)}}}"

    def floordiv(self, above: Term, below: Term) -> str:
        return rf"\left\lfloor {self.div(above, below)} \right\rfloor"

    def mod(self, above: Term, below: Term) -> str:
        return rf"{self.within(above, FACTOR)} \bmod {self.within(below, FACTOR)}"

    def pow(self, base: Term, exponent: Term) -> str:
        return f"{self.within(base, BASE)}^{{{self(exponent)}}}"

    def call(self, function: str, *terms: Term) -> str:
        spelled = ", ".join(map(self, terms))
        if function in _FENCES:
            left, right = _FENCES[function]
            return rf"\left{left} {spelled} \right{right}"
        if function == "sqrt":
            return rf"\sqrt{{{spelled}}}"
        if len(function) == 1:
            return f"{function}({spelled})"
        head = rf"\{function}" if function in ("max", "min", "exp", "ln") else rf"\operatorname{{{function}}}"
        return rf"{head}({spelled})"

    def rel(self, sign: str, *terms: Term) -> str:
        return f" {_SIGNS.get(sign, sign)} ".join(map(self, terms))

    def matrix(self, *rows: tuple[Term, ...]) -> str:
        # `array`, since `bmatrix` stops at ten columns and can't align to the right.
        columns = ("r" if is_numeric(rows) else "c") * len(rows[0])
        body = r" \\ ".join([" & ".join(map(self, row)) for row in rows])
        return rf"\left[\begin{{array}}{{{columns}}} {body} \end{{array}}\right]"

    def shape(self, *terms: Term) -> str:
        return f"({', '.join(map(self, terms))})"

    def sigma(self, index: Term, first: Term, last: Term, body: Term) -> str:
        return rf"\sum_{{{self(index)} = {self(first)}}}^{{{self(last)}}} {self.within(body, PRODUCT)}"

    def lines(self, left: Term, *steps: tuple[str, Term]) -> str:
        rows = [
            f"&{_SIGNS.get(sign, sign)} {self(term)}" if sign in ("=", "") else rf"&\quad {sign} {self(term)}"
            for sign, term in steps
        ]
        body = r" \\ ".join(rows)
        return rf"\begin{{aligned}} {self(left)} {body} \end{{aligned}}"

    def words(self, text: str) -> str:
        return rf"\text{{{escape(text)}}}"


class InlineLatex(Latex):
    r"""For the middle of a line, where a built-up derivative would be tiny: `\partial L / \partial k_{1}`."""

    derivative_binds = SUM

    symbol = staticmethod(_inline_symbol)


def escape(text: str) -> str:
    r"""Words as LaTeX text: no character of them is read as markup.

    >>> escape("50 % of $x_1$")
    '50 \\% of \\$x\\_1\\$'
    """
    return re.sub(r"[&%$#_{}~^\\]", lambda match: _ESCAPES[match[0]], unicodedata.normalize("NFC", text))


latex = Latex()
r"""The LaTeX printer: `latex(term) -> str`.

>>> from cnnex.notation.formula import symbols
>>> k, x = symbols("k_1 x_1")
>>> latex(3 * k * x - 2)
'3 k_{1} x_{1} - 2'
"""

inline_latex = InlineLatex()
r"""The LaTeX printer for formulas inside a line.

>>> from cnnex.notation.formula import symbols
>>> inline_latex(symbols("dL/dk_1")[0] ** 2)
'(\\partial L / \\partial k_{1})^{2}'
"""
