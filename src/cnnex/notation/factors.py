"""Operands: brackets, functions, fractions, roots and powers."""

from __future__ import annotations

from abc import abstractmethod
from fractions import Fraction
from typing import Any

from cnnex.notation.formula import Formula, Term
from cnnex.notation.symbols import Symbols
from cnnex.notation.tokens import (
    BAR,
    BRACKETS,
    COMMAND,
    EULER,
    FUNCTION,
    MAX_CHARACTERS,
    NAME,
    NUMBER,
    OPEN,
    POWER,
    REFUSED,
    SIGN,
    SUPERSCRIPT,
    Tokens,
    simple,
)  # fmt: skip

MAX_HEIGHT = 40
"""No tree is higher, so every walk over one may recurse."""
MAX_EXPONENT = 100
MAX_ARGUMENTS = 200
_MAX_INDEX_TOKENS = 8
_MAX_LIST_TOKENS = 400
_CLOSING = set(BRACKETS.values())
_SQUARE = ("[", r"\lbrack")
_AROUND_ARGUMENTS = ("(", "[", "{", r"\{", r"\lbrace", r"\lbrack")
_BARE = ("ln", "exp", "sqrt")
"""Functions that may stand before one factor without brackets."""


class Factors(Tokens):
    """What a product is made of; `Reader` adds products and sums."""

    blanks_separate = False  # in a row of a matrix, `a b` are two entries

    def __init__(self, text: str, symbols: Symbols, *, lines: bool = False, limit: int = MAX_CHARACTERS) -> None:
        super().__init__(text, symbols, lines=lines, limit=limit)
        self.forked = self.tight = False
        self.squared = False  # square brackets stood around a quotient
        self.listing = False  # a comma separates values here, so it doesn't group digits
        self.bars = 0
        self.depth = 0
        self.height = 0  # of the term that was read last

    @abstractmethod
    def sum(self) -> Term:
        """Products joined by signs."""

    def factor(self, factors: list[Term]) -> None:
        """An operand with its powers; a run of letters may stand for several factors."""
        known, token = self.known, self.tokens[self.at]
        kind, meaning = known.get(token) or self.kind(token)
        self.at += 1
        self.height = 0
        term: Term
        power: Any
        if kind == NAME:
            if len(meaning) > 1:
                factors += meaning[:-1]
            term = meaning[-1]
        elif kind == NUMBER:
            term = meaning
        else:
            term = self.operand(kind, meaning, token)
        token = self.tokens[self.at]
        kind, power = known.get(token) or self.kind(token)
        if kind == POWER or kind == SUPERSCRIPT:  # noqa: SIM109 - faster than a tuple
            term = self.power(term, power)
        elif term is EULER:
            self.fail("e alone is no name here, write exp(1) for the number", self.at - 1)
        factors.append(term)

    def operand(self, kind: int, meaning: str | None, token: str) -> Term:
        """An operand that begins with a bracket, a bar, a function or a command."""
        self.depth += 1
        if self.depth > MAX_HEIGHT:
            self.fail("brackets are nested too deeply", self.at - 1)
        term: Term
        if kind == OPEN:
            if self.tokens[self.at - 2][-1:] == "." and self.at > 1:
                self.fail("write a fraction for a decimal that repeats", self.at - 2)
            term = self.group(BRACKETS[token])
            if token in _SQUARE and not self.squared:
                self.squared = _has_quotient(term)
            if meaning is not None:
                term = Formula("call", meaning, term)
        elif kind == FUNCTION:
            term = self.function(str(meaning))
        elif kind == BAR:
            term = self.absolute()
        elif kind == COMMAND:
            term = self.fraction() if meaning == "frac" else self.root(one_sign=meaning == "sqrt")
        elif kind == REFUSED and (found := self.late_index(self.at - 1)):
            term, self.at = found
        else:
            self.at -= 1
            ended = {"": "the answer ends too early", "\n": "the line ends too early"}.get(token)
            self.fail(ended or f"something is missing before {token[:12]}")
        self.depth -= 1
        self.rise(self.height + 1)
        return term

    def late_index(self, at: int) -> tuple[Formula, int] | None:
        """`x(1,2)` and `x_1,2`, where neither x nor x_1 is a name by itself: the symbol, and what follows it."""
        name, follows = self.tokens[at : at + 2]
        rest = self.tokens[at + 2 : at + _MAX_INDEX_TOKENS]
        if follows == "(" and ")" in rest:
            inner = rest[: rest.index(")")]
            indices = inner[::2] if set(inner[1::2]) <= {","} else []
            end = at + len(inner) + 3
        else:
            indices, end = (rest[:1], at + 3) if follows == "," else ([], at)
        found = self.symbols.resolve("_".join([name, *indices])) if indices and all(map(str.isdigit, indices)) else None
        return (found[0], end) if found and len(found) == 1 else None

    def absolute(self) -> Term:
        """What stands between two bars, the first being read."""
        self.bars += 1
        inner = self.sum()
        self.bars -= 1
        if self.kind(self.tokens[self.at])[0] != BAR:
            self.fail("the closing | is missing")
        self.at += 1
        return Formula("call", "abs", inner)

    def group(self, close: str) -> Term:
        """What stands in brackets, the opening one being read."""
        saved = self.blanks_separate, self.bars, self.listing
        self.blanks_separate, self.bars, self.listing = False, 0, False
        inner = self.sum()
        self.blanks_separate, self.bars, self.listing = saved
        self.expect(close)
        return inner

    def expect(self, close: str) -> None:
        """Step over this closing bracket, and over a comma before it, as Python has it in `(5,)`."""
        if self.tokens[self.at] == "," and self.tokens[self.at + 1] == close:
            self.at += 1
        found = self.tokens[self.at]
        if found != close:
            if found in (",", ";"):
                self.fail("one value is asked here, and this looks like several")
            self.fail(f"{close} is missing" if not found.strip() else f"{close} was expected, not {found[:12]}")
        self.at += 1

    def function(self, name: str) -> Term:
        """A function's call, its name being read."""
        at = self.at - 1
        opening = self.tokens[self.at]
        if name in _BARE and opening not in _AROUND_ARGUMENTS:
            return self.bare(name)
        arguments = self.arguments(name)
        wanted = {"mod": (2, 2), "max": (2, MAX_ARGUMENTS), "min": (2, MAX_ARGUMENTS)}.get(name, (1, 1))
        if not wanted[0] <= len(arguments) <= wanted[1]:
            self.fail(f"{name} doesn't take {len(arguments)} argument{'s' * (len(arguments) > 1)}", at)
        return Formula("mod", *arguments) if name == "mod" else Formula("call", name, *arguments)

    def arguments(self, name: str) -> list[Term]:
        """Arguments in brackets of any kind, also in two of them as in `max([a, b])`."""
        opening = self.tokens[self.at]
        if opening not in _AROUND_ARGUMENTS:
            self.fail(f"{name} needs its arguments in brackets")
        self.at += 1
        if name in ("max", "min") and opening in ("(", "{") and self.list_in_brackets(self.at):
            found = self.arguments(name)
        else:
            saved = self.blanks_separate, self.bars, self.listing
            self.blanks_separate, self.bars, self.listing = False, 0, True
            found, height = [self.sum()], self.height
            while self.tokens[self.at] in (",", ";"):
                self.at += 1
                found.append(self.sum())
                height = max(height, self.height)
            self.height = height
            self.blanks_separate, self.bars, self.listing = saved
        self.expect(BRACKETS[opening])
        return found

    def list_in_brackets(self, at: int) -> bool:
        """Whether a list in brackets of its own begins at a token, as in `max([a, b])` and `max((a, b))`."""
        if self.tokens[at] != "(":
            return self.tokens[at] in ("[", "{", r"\{")
        depth, commas = 0, 0
        for word in self.tokens[at : at + _MAX_LIST_TOKENS]:
            depth += (word in BRACKETS) - (word in _CLOSING)
            commas += depth == 1 and word == ","
            if not depth:
                return commas > 0
        return False

    def bare(self, name: str) -> Term:
        """`ln x`: a function before one factor, so that nobody has to guess how far it reaches."""
        at = self.at
        inner: list[Term] = []
        self.factor(inner)
        kind, _ = self.kind(self.tokens[self.at])
        if len(inner) > 1 or (kind <= COMMAND and self.implied(kind)):
            self.fail(f"write the argument of {name} in brackets", at)
        return Formula("call", name, inner[0])

    # ---- fractions, roots, powers -------------------------------------------------------------
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
            self.fail(f"exponents above {MAX_EXPONENT} aren't accepted", at)
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
        if self.kind(self.tokens[self.at])[0] != NAME or self.spaced() or self.tokens[self.at - 1] in _CLOSING:
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

    def implied(self, kind: int) -> bool:
        """Whether an operand that follows another is multiplied with it."""
        if kind == BAR and self.bars:
            return False
        return not (self.blanks_separate and (self.spaced() or (kind == OPEN and self.tokens[self.at] == "[")))

    # ---- bounds and blanks ---------------------------------------------------------------------
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


def _has_quotient(term: Any) -> bool:
    """Whether something is divided in a term."""
    return isinstance(term, Formula) and (term.op == "div" or any(map(_has_quotient, term.args)))


def _is_irrational(term: Any) -> bool:
    """Whether there is a root, a logarithm or an exponential in a term, whose powers are never written out."""
    if not isinstance(term, Formula):
        return False
    return (term.op == "call" and term.args[0] in _BARE) or any(map(_is_irrational, term.args))


def _small(term: Any) -> int | Fraction | None:
    """The value of an exponent that is a small number, such as `3 + 1`, `1/2` or `2^3`."""
    if not isinstance(term, Formula):
        return term if isinstance(term, int | Fraction) else None
    if term.op == "symbol" or term.op == "call":
        return None
    values = [_small(argument) for argument in term.args]
    if any(v is None or abs(v.numerator) > 1000 or v.denominator > 1000 for v in values):
        return None
    numbers = [v for v in values if v is not None]
    if term.op in ("div", "floordiv", "mod") and numbers[1] == 0:
        return None
    if term.op == "pow" and (numbers[1] not in range(8)):
        return None
    return simple(Fraction(Formula(term.op, *numbers).value()))
