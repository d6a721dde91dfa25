"""MathML Core, which browsers show and screen readers read without any script."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from html import escape

from cnnex.notation.formula import Term
from cnnex.notation.names import GREEK, derivative, split
from cnnex.notation.printer import BASE, FACTOR, PRODUCT, SUM, Printer, is_numeric

_SIGNS = {"!=": "≠", "<=": "≤", ">=": "≥", "in": "∈", "to": "→", "-": "−"}
_FENCES = {"floor": ("⌊", "⌋"), "ceil": ("⌈", "⌉"), "abs": ("|", "|")}
_TIMES, _APPLY = "<mo>&#x2062;</mo>", "<mo>&#x2061;</mo>"  # signs that are heard and not seen
_COMMA = '<mo separator="true">,</mo>'
_PARTIAL = '<mo lspace="0" rspace="0">∂</mo>'
_SLASH = '<mo lspace="0" rspace="0">/</mo>'
_TALL = ("<mfrac", "<mtable", "<munderover", "<msqrt", "<msup")


def _row(*pieces: str) -> str:
    return f"<mrow>{''.join(pieces)}</mrow>"


def _sign(sign: str) -> str:
    return f"<mo>{escape(_SIGNS.get(sign, sign), quote=False)}</mo>"


def _fenced(left: str, inner: str, right: str) -> str:
    # Chromium leaves gaps beside brackets that could stretch.
    flat = "" if any(tall in inner for tall in _TALL) else ' stretchy="false"'
    return _row(f'<mo form="prefix"{flat}>{left}</mo>', inner, f'<mo form="postfix"{flat}>{right}</mo>')


def _table(rows: Iterable[Iterable[str]], align: str) -> str:
    body = "".join(f"<mtr>{''.join(f'<mtd>{cell}</mtd>' for cell in row)}</mtr>" for row in rows)
    return f'<mtable columnalign="{align}">{body}</mtable>'


@cache
def _name(name: str) -> str:
    base, indices = split(name)
    letter = f"<mi>{escape(GREEK.get(base, base), quote=False)}</mi>"
    if not indices:
        return letter
    spelled = [f"<mn>{i}</mn>" if i.isdigit() else f"<mi>{escape(i, quote=False)}</mi>" for i in indices]
    return f"<msub>{letter}{spelled[0] if len(spelled) == 1 else _row(_COMMA.join(spelled))}</msub>"


@cache
def _partial(name: str) -> str:
    return _row(_PARTIAL, _name(name))


@cache
def _symbol(name: str) -> str:
    if parts := derivative(name):
        above, below = map(_partial, parts)
        return f"<mfrac>{above}{below}</mfrac>"
    return _name(name)


@cache
def _inline_symbol(name: str) -> str:
    if parts := derivative(name):
        above, below = map(_partial, parts)
        return _row(above, _SLASH, below)
    return _name(name)


class MathML(Printer):
    """`<mrow><mo>⌊</mo><mfrac>…</mfrac><mo>⌋</mo></mrow>`; each method gives one element."""

    minus = "<mo>−</mo>"
    derivative_binds = FACTOR

    symbol = staticmethod(_symbol)

    def number(self, value: int | Fraction) -> str:
        if value < 0:
            return _row(super().number(value))
        return super().number(value) if value.denominator > 1 else f"<mn>{value}</mn>"

    def brackets(self, spelled: str) -> str:
        return _fenced("(", spelled, ")")

    def neg(self, term: Term) -> str:
        return _row(super().neg(term))

    def add(self, *terms: Term) -> str:
        return _row(self.sum_of(terms, "<mo>+</mo>", self.minus))

    def mul(self, *terms: Term) -> str:
        return _row(self.product_of(terms, _TIMES, "<mo>·</mo>"))

    def div(self, above: Term, below: Term) -> str:
        return f"<mfrac>{self(above)}{self(below)}</mfrac>"

    def floordiv(self, above: Term, below: Term) -> str:
        return _fenced("⌊", self.div(above, below), "⌋")

    def mod(self, above: Term, below: Term) -> str:
        return _row(self.within(above, FACTOR), "<mo>mod</mo>", self.within(below, FACTOR))

    def pow(self, base: Term, exponent: Term) -> str:
        return f"<msup>{self.within(base, BASE)}{self(exponent)}</msup>"

    def listed(self, terms: Iterable[Term]) -> str:
        """Terms with commas between them."""
        return _COMMA.join(map(self, terms))

    def call(self, function: str, *terms: Term) -> str:
        if function in _FENCES:
            left, right = _FENCES[function]
            return _fenced(left, self.listed(terms), right)
        if function == "sqrt":
            return f"<msqrt>{self.listed(terms)}</msqrt>"
        return _row(f"<mi>{function}</mi>", _APPLY, _fenced("(", self.listed(terms), ")"))

    def rel(self, sign: str, *terms: Term) -> str:
        return _row(_sign(sign).join(map(self, terms)))

    def matrix(self, *rows: tuple[Term, ...]) -> str:
        body = _table((map(self, row) for row in rows), "right" if is_numeric(rows) else "center")
        return _fenced("[", body, "]")

    def shape(self, *terms: Term) -> str:
        return _fenced("(", self.listed(terms), ")")

    def sigma(self, index: Term, first: Term, last: Term, body: Term) -> str:
        below = _row(self(index), "<mo>=</mo>", self(first))
        return _row(f"<munderover><mo>∑</mo>{below}{self(last)}</munderover>", self.within(body, PRODUCT))

    def lines(self, left: Term, *steps: tuple[str, Term]) -> str:
        # Signs of sums are indented, so that they stand below the terms and not below the equals signs.
        rows = [
            (
                self(left) if number == 0 else "",
                _row(_sign(sign) if sign else "", self(term))
                if sign in ("=", "")
                else _row('<mspace width="1em"></mspace>', _sign(sign), self(term)),
            )
            for number, (sign, term) in enumerate(steps)
        ]
        # Unlike a matrix, a derivation is as large as a formula that stands alone.
        return _table(rows, "right left").replace("<mtable", '<mtable displaystyle="true"', 1)

    def words(self, text: str) -> str:
        return f"<mtext>{escape(text, quote=False)}</mtext>"


class InlineMathML(MathML):
    """For the middle of a line, where a built-up derivative would be tiny."""

    derivative_binds = SUM

    symbol = staticmethod(_inline_symbol)


mathml = MathML()
"""The MathML printer: `mathml(term) -> str`, a single element without `<math>` around it.

>>> from cnnex.notation.formula import symbols
>>> mathml(symbols("k_1")[0] - 2)
'<mrow><msub><mi>k</mi><mn>1</mn></msub><mo>−</mo><mn>2</mn></mrow>'
"""

inline_mathml = InlineMathML()
"""The MathML printer for formulas inside a line.

>>> from cnnex.notation.formula import symbols
>>> inline_mathml(symbols("W_out")[0])
'<msub><mi>W</mi><mi>out</mi></msub>'
"""
