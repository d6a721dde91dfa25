"""Plain text: the spelling of key files and of "read as", which students can type back."""

from __future__ import annotations

from cnnex.notation.formula import Formula, Term
from cnnex.notation.printer import BASE, FACTOR, PRODUCT, Printer


class Plain(Printer):
    """`a*x_1 + b*x_2`, `floor((W + 2*p - K)/s) + 1`, `[[1, 2], [3, 4]]`."""

    fraction_binds = 4

    def symbol(self, name: str) -> str:
        return name

    def brackets(self, spelled: str) -> str:
        return f"({spelled})"

    def within(self, term: Term, binding: int) -> str:
        if type(term) is Formula and term.op == "symbol":
            name: str = term.args[0]  # most of what is printed, and never in brackets
            return name
        return super().within(term, binding)

    def add(self, *terms: Term) -> str:
        return self.sum_of(terms, " + ", " - ")

    def mul(self, *terms: Term) -> str:
        spelled = self.within(terms[0], PRODUCT)
        for term in terms[1:]:
            spelled += "*" + self.within(term, FACTOR)
        return spelled

    def div(self, above: Term, below: Term) -> str:
        return f"{self.within(above, PRODUCT)}/{self.within(below, FACTOR)}"

    def floordiv(self, above: Term, below: Term) -> str:
        return f"{self.within(above, PRODUCT)}//{self.within(below, FACTOR)}"

    def mod(self, above: Term, below: Term) -> str:
        return f"{self.within(above, PRODUCT)} % {self.within(below, FACTOR)}"

    def pow(self, base: Term, exponent: Term) -> str:
        return f"{self.within(base, BASE)}**{self.within(exponent, BASE)}"

    def call(self, function: str, *terms: Term) -> str:
        return f"{function}({', '.join(map(self, terms))})"

    def rel(self, sign: str, *terms: Term) -> str:
        return f" {sign} ".join(map(self, terms))

    def matrix(self, *rows: tuple[Term, ...]) -> str:
        spelled = [f"[{', '.join(map(self, row))}]" for row in rows]
        return spelled[0] if len(rows) == 1 else f"[{', '.join(spelled)}]"

    def shape(self, *terms: Term) -> str:
        return f"({', '.join(map(self, terms))})"

    def sigma(self, index: Term, first: Term, last: Term, body: Term) -> str:
        return f"sum over {self(index)} from {self(first)} to {self(last)} of {self.within(body, PRODUCT)}"

    def lines(self, left: Term, *steps: tuple[str, Term]) -> str:
        return f"{self(left)} " + " ".join(f"{sign} {self(term)}" for sign, term in steps)

    def words(self, text: str) -> str:
        return text


plain = Plain()
"""The plain printer: `plain(term) -> str`.

>>> from cnnex.notation.formula import symbols
>>> a, b = symbols("a b")
>>> plain(-(a + b) * 2 / (a * b) ** 2 - 3)
'(-(a + b))*2/(a*b)**2 - 3'
"""
