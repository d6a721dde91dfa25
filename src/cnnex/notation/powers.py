"""Fractions, roots and powers, and what bounds the tree."""

from __future__ import annotations

from abc import abstractmethod
from fractions import Fraction
from typing import Any

from cnnex.notation.formula import Formula, Term
from cnnex.notation.symbols import Symbols
from cnnex.notation.tokens import (
    BRACKETS,
    EULER,
    MAX_CHARACTERS,
    NAME,
    NUMBER,
    REFUSED,
    SIGN,
    Tokens,
    simple,
)  # fmt: skip

MAX_HEIGHT = 40
"""No tree is higher, so every walk over one may recurse."""
MAX_EXPONENT = 100
BARE = ("ln", "exp", "sqrt")
"""Functions that may stand before one factor without brackets."""
CLOSING = frozenset(BRACKETS.values())


class Powers(Tokens):
    """What LaTeX takes arguments for, and exponents; `Factors` adds the operands."""

    def __init__(self, text: str, symbols: Symbols, *, lines: bool = False, limit: int = MAX_CHARACTERS) -> None:
        super().__init__(text, symbols, lines=lines, limit=limit)
        self.forked = self.tight = False
        self.depth = 0
        self.height = 0  # of the term that was read last

    @abstractmethod
    def factor(self, factors: list[Term]) -> None:
        """An operand with its powers; a run of letters may stand for several factors."""

    @abstractmethod
    def group(self, close: str) -> Term:
        """What stands in brackets, the opening one being read."""

    def argument(self, *, one_sign: bool = True) -> Term:
        r"""What follows `\frac` or `\sqrt`: a group in braces, or one sign; without `one_sign`, a run of letters."""
        word = self.tokens[self.at]
        if word == "{":
            self.at += 1
            return self.group("}")
        kind, meaning = self.kind(word)
        run = kind in (NUMBER, REFUSED) or (kind == NAME and len(meaning) > 1)
        if run and len(word) > 1 and word.isascii() and word.isalnum():
            self.forked |= kind == NAME  # `\frac abc` is a/b*c, though a/(bc) may have been meant
            if one_sign or kind != NAME:
                return self.first_sign(word)
        found: list[Term] = []
        self.factor(found)
        return product_of(found)

    def first_sign(self, word: str) -> Term:
        r"""The first digit or letter of a run, as in `\frac12`, which leaves the others to be read."""
        kind, meaning = self.kind(word[0])
        if kind == REFUSED:
            self.fail(meaning)
        self.tokens[self.at] = word[1:]
        self.height = 0
        term: Term = meaning[0] if kind == NAME else meaning
        return term

    def fraction(self) -> Term:
        """A numerator and a denominator, the command being read."""
        above = self.argument()
        height = self.height
        below = self.argument(one_sign=not self.tight)
        self.height = max(height, self.height)
        return Formula("div", above, below)

    def root(self, *, one_sign: bool) -> Term:
        r"""A root, its sign being read; in LaTeX `\sqrt12` has only the 1 under it."""
        degree = 2
        if self.tokens[self.at] == "[":
            self.at += 1
            typed = self.group("]")
            if not isinstance(typed, int) or not 1 <= typed <= MAX_EXPONENT:
                self.fail("the degree of a root is a small whole number", self.at - 1)
            degree = typed
        if self.tokens[self.at] == "(":
            self.at += 1
            inner = self.group(")")
        elif one_sign or self.tokens[self.at] == "{":
            inner = self.argument(one_sign=not self.tight)
        else:
            found: list[Term] = []
            self.factor(found)
            inner = product_of(found)
        return Formula("call", "sqrt", inner) if degree == 2 else Formula("pow", inner, Fraction(1, degree))

    def power(self, base: Term, meaning: int | None) -> Term:
        """A base with its exponent, `^` or a superscript being the current token."""
        height = self.height
        at = self.at
        self.at += 1
        exponent: Term = self.exponent() if meaning is None else meaning
        if meaning is None and isinstance(exponent, int) and (base is EULER or isinstance(base, int)):
            exponent = self.reaching(exponent)
        folded = _small(exponent)
        if folded is not None:
            exponent = folded
            if not -MAX_EXPONENT <= folded <= MAX_EXPONENT:
                self.fail(f"exponents above {MAX_EXPONENT} aren't accepted", at)
        elif not isinstance(exponent, Formula) or not (exponent.names() or _is_irrational(exponent)):
            self.fail("this exponent isn't a small number or fraction", at)
        self.rise(max(height, self.height) + 1)
        if base is EULER:
            return Formula("call", "exp", exponent)
        return Formula("pow", base, exponent)

    def exponent(self) -> Term:
        """What stands after `^`: a group in braces, or a factor with signs and further powers."""
        self.depth += 1
        if self.depth > MAX_HEIGHT:
            self.fail("there are too many powers in a row")
        negative = self.signs()
        found: list[Term] = []
        if self.tokens[self.at] == "{":
            self.at += 1
            found.append(self.group("}"))
        elif not self.first_of_run(found):
            self.factor(found)
        self.depth -= 1
        return negated(product_of(found)) if negative else product_of(found)

    def reaching(self, exponent: int) -> Term:
        """An exponent with the name at its end: `e^2x` is `e^2 x`, though `e^(2x)` may have been meant."""
        if self.kind(self.tokens[self.at])[0] != NAME or self.spaced() or self.tokens[self.at - 1] in CLOSING:
            return exponent
        self.forked = True
        found: list[Term] = [exponent]
        if self.tight:
            self.factor(found)
        return product_of(found)

    def first_of_run(self, found: list[Term]) -> bool:
        """Take the first name of a run of letters: `2^ab` is `2^a b`, though `2^(ab)` may have been meant."""
        kind, meaning = self.kind(self.tokens[self.at])
        if kind != NAME or len(meaning) == 1:
            return False
        self.forked = True
        if self.tight:
            return False
        found.append(meaning[0])
        self.tokens[self.at] = "".join(name.args[0] for name in meaning[1:])
        self.height = 0
        return True

    def signs(self) -> bool:
        """Signs before an operand: whether they make it negative."""
        negative = False
        while True:
            kind, sign = self.kind(self.tokens[self.at])
            if kind != SIGN:
                return negative
            negative ^= sign < 0
            self.at += 1

    def rise(self, height: int) -> None:
        """Note the height of the term just read."""
        if height > MAX_HEIGHT:
            self.fail("brackets are nested too deeply")
        self.height = height

    def spaced(self) -> bool:
        """Whether a blank stands before the current token."""
        start = self.starts()[self.at]
        return start > 0 and self.text[start - 1].isspace()

    def begins_entry(self) -> bool:
        """Whether a sign belongs to a new entry: `a -b` are two, `a - b` and `a-b` are one."""
        after = self.starts()[self.at] + len(self.tokens[self.at])
        return self.spaced() and after < len(self.text) and not self.text[after].isspace()


def product_of(factors: list[Term]) -> Term:
    """One factor as it is, several as a product."""
    return factors[0] if len(factors) == 1 else Formula("mul", *factors)


def negated(term: Term) -> Term:
    """A number with the other sign, or a formula with a sign before it."""
    if not isinstance(term, Formula):
        return -term
    # A sign before a remainder would be read as the sign of the dividend.
    return Formula("mul", -1, term) if term.op == "mod" else Formula("neg", term)


def _is_irrational(term: Any) -> bool:
    """Whether there is a root, a logarithm or an exponential in a term, whose powers are never written out."""
    if not isinstance(term, Formula):
        return False
    return (term.op == "call" and term.args[0] in BARE) or any(map(_is_irrational, term.args))


def _small(term: Any) -> int | Fraction | None:
    """The value of an exponent that is a small number, such as `3 + 1`, `1/2` or `2^3`."""
    if not isinstance(term, Formula):
        return term if isinstance(term, int | Fraction) else None
    if term.op == "symbol" or (term.op == "call" and term.args[0] in BARE):
        return None
    function = term.args[:1] if term.op == "call" else ()
    values = [_small(argument) for argument in term.args[len(function) :]]
    if any(v is None or abs(v.numerator) > 1000 or v.denominator > 1000 for v in values):
        return None
    numbers = [v for v in values if v is not None]
    if term.op in ("div", "floordiv", "mod") and numbers[1] == 0:
        return None
    if term.op == "pow" and (numbers[1] not in range(8)):
        return None
    return simple(Fraction(Formula(term.op, *function, *numbers).value()))
