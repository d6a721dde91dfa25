"""Operands: names, numbers, brackets and functions."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from cnnex.notation.formula import Formula, Term
from cnnex.notation.powers import BARE, CLOSING, MAX_HEIGHT, Powers, product_of
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
    OVER,
    POWER,
    REFUSED,
    SUPERSCRIPT,
)  # fmt: skip

MAX_ARGUMENTS = 200
_MAX_INDEX_TOKENS = 8
_MAX_LIST_TOKENS = 400
_SQUARE = ("[", r"\lbrack")
_AROUND_ARGUMENTS = ("(", "[", "{", r"\{", r"\lbrace", r"\lbrack")


class Factors(Powers):
    """What a product is made of; `Reader` adds products and sums."""

    blanks_separate = False  # in a row of a matrix, `a b` are two entries

    def __init__(self, text: str, symbols: Symbols, *, lines: bool = False, limit: int = MAX_CHARACTERS) -> None:
        super().__init__(text, symbols, lines=lines, limit=limit)
        self.squared = False  # square brackets stood around a quotient
        self.listing = False  # a comma separates values here, so it doesn't group digits
        self.bars = 0

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
        self.blanks_separate &= close == "]"  # `1/4 [a b]` is no product of a and b
        self.bars, self.listing = 0, False
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
        if name in BARE and opening not in _AROUND_ARGUMENTS:
            return self.bare(name)
        apart = self.spaced()
        arguments = self.arguments(name)
        if apart and len(arguments) == 1 and self.kind(self.tokens[self.at]) == (OVER, "div"):
            self.forked = True  # `floor (a+b)/c` is floor(a+b)/c, though floor((a+b)/c) may have been meant
            if self.tight:
                self.at += 1
                below: list[Term] = []
                self.factor(below)
                arguments = [Formula("div", arguments[0], product_of(below))]
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
        if self.tokens[at] not in ("(", "[", "{", r"\{"):
            return False
        depth, commas = 0, 0
        for word in self.tokens[at : at + _MAX_LIST_TOKENS]:
            depth += (word in BRACKETS) - (word in CLOSING)
            commas += depth == 1 and word in (",", ";")
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

    def implied(self, kind: int) -> bool:
        """Whether an operand that follows another is multiplied with it."""
        if kind == BAR and self.bars:
            return False
        return not (self.blanks_separate and (self.spaced() or (kind == OPEN and self.tokens[self.at] == "[")))


def _has_quotient(term: Any) -> bool:
    """Whether something is divided in a term and not rounded there."""
    if not isinstance(term, Formula) or term.args[0] in ("floor", "ceil"):
        return False
    return term.op == "div" or any(map(_has_quotient, term.args))
