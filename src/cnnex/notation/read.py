r"""What a student typed, as a `Formula`: one parser for plain text, LaTeX and Unicode.

>>> table = Symbols(["a", "b", "x_1", "x_2"])
>>> expression("2ax₁ - b x_{2}/4", table).term
Formula('2*a*x_1 - b*x_2/4')
>>> expression(r"\frac{1}{4}(a + b)^2", table).term
Formula('1/4*(a + b)**2')
>>> expression("a + q", table)
Traceback (most recent call last):
    ...
cnnex.notation.tokens.ReadError: At character 5: q isn't a name of this question; the names are a, b, x_1, x_2.

The tree keeps the form that was typed. Sums and products are one node each however long they are, so
a tree is never higher than `MAX_HEIGHT` and every walk over it may recurse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from cnnex.notation.factors import Factors
from cnnex.notation.formula import Formula, Term
from cnnex.notation.leftside import without_left_side
from cnnex.notation.powers import MAX_HEIGHT, negated, product_of
from cnnex.notation.symbols import Symbols
from cnnex.notation.tokens import (
    CLOSE,
    COMMA,
    COMMAND,
    END,
    FUNCTION,
    MAX_DIGITS,
    NAME,
    NUMBER,
    OVER,
    REFUSED,
    SIGN,
    TIMES,
    simple,
    upright,
)  # fmt: skip

_FIRST_DIGITS = re.compile(r"[1-9][0-9]{0,2}")
_NEXT_DIGITS = re.compile(r"[0-9]{3}(?:\.[0-9]*)?")


@dataclass(frozen=True, slots=True)
class Reading:
    """A term, whether `a/bc`, `2^bc` or `5%b` in it could have been meant otherwise, and `[a/b]` as a floor."""

    term: Term
    forked: bool = False
    squared: bool = False


def expression(text: str, symbols: Symbols, *, tight: bool = False) -> Reading:
    """Read one expression; with `tight`, `a/bc` is a/(bc), `2^bc` is 2^(bc), and `5%b` is 5 percent of b.

    Raises:
        ReadError: the text means nothing, with the place and a hint.
    """
    reader = Reader(without_left_side(upright(text)), symbols)
    reader.tight = tight
    term = reader.sum()
    reader.end()
    return Reading(term, reader.forked, reader.squared)


def _quotient(operation: str, above: Term, below: Term) -> Formula:
    if operation == "floordiv":  # spelled as a floor, it needs no rule about signs
        return Formula("call", "floor", Formula("div", above, below))
    return Formula(operation, above, below)


class Reader(Factors):
    """Sums of products of factors, by recursive descent over the tokens."""

    groups_by_blanks = True  # `1 792` is one number

    def end(self) -> None:
        """Nothing may follow but closing punctuation."""
        if self.tokens[self.at] in (".", ";", "\\\\") or (self.tokens[self.at] == "," and not self.tokens[self.at + 1]):
            self.at += 1
        if self.tokens[self.at]:
            if self.tokens[self.at] in ",;":
                self.fail("one value is asked here, and this looks like several")
            self.fail(f"{self.tokens[self.at][:12]} wasn't expected here")

    # ---- sums and products --------------------------------------------------------------------
    def sum(self) -> Term:
        """Products joined by signs."""
        known, tokens = self.known, self.tokens
        terms = [self.product()]
        height = self.height
        while True:
            kind, sign = known.get(tokens[self.at]) or self.kind(tokens[self.at])
            if kind != SIGN or (self.blanks_separate and self.begins_entry()):
                break
            self.at += 1
            term = self.product()
            terms.append(term if sign > 0 else Formula("neg", term))
            height = max(height, self.height + 1)
        if len(terms) == 1:
            return terms[0]
        self.rise(height)
        return Formula("add", *terms)

    def product(self) -> Term:
        """Factors joined by signs or by nothing; all signs of a product bind equally, as in Python."""
        known, tokens = self.known, self.tokens
        implies = not (self.blanks_separate or self.bars)  # whatever operand follows is a factor
        kind, meaning = known.get(tokens[self.at]) or self.kind(tokens[self.at])
        negative = kind == SIGN and self.signs()
        factors: list[Term] = []
        self.factor(factors)
        height = self.height
        while True:
            token = tokens[self.at]
            kind, meaning = known.get(token) or self.kind(token)
            if kind == TIMES:
                self.at += 1
                self.signed_factor(factors)
            elif kind <= COMMAND and (implies or self.implied(kind)):
                if kind == NUMBER and self.kind(tokens[self.at - 1])[0] == NUMBER:
                    self.grouped_by_blanks(factors)
                elif kind == NUMBER and not self.spaced():
                    self.number_behind(factors)
                elif kind == FUNCTION and meaning == "mod" and not self.list_in_brackets(self.at + 1):
                    tokens[self.at] = "%"
                elif kind == COMMAND and meaning == "frac" and self.kind(tokens[self.at - 1])[0] == NUMBER:
                    self.scaled_fraction(factors)
                else:
                    self.factor(factors)
            elif kind == OVER:
                if meaning == "mod" and self.percent(factors):
                    continue
                self.at += 1
                if negative and meaning != "div":  # a sign binds tighter than // and %
                    factors, negative = [negated(product_of(factors))], False
                    height += 1
                below, rest = self.divisor()
                factors = [_quotient(meaning, product_of(factors), below), *rest]
                height = max(height, self.height) + 2
                if height > MAX_HEIGHT:
                    self.fail("there are too many divisions in a row")
            elif kind == REFUSED and self.dot_of_product():
                self.at += 1
                self.factor(factors)
            elif kind == REFUSED and (implies or self.implied(NAME)) and self.late_index(self.at):
                self.factor(factors)
            elif not (kind == COMMA and not self.listing and self.grouped_by_comma(factors)):
                break
            if self.height > height:
                height = self.height
        self.rise(height + negative + (len(factors) > 1))
        return negated(product_of(factors)) if negative else product_of(factors)

    def number_behind(self, factors: list[Term]) -> None:
        """Take a number that touches the operand before it: `(a+b)2` is a product, or a square that was copied."""
        digits = self.tokens[self.at]
        if digits[0] == ".":
            self.fail(f"does {digits} mean 0{digits}, or is the point a sign of multiplication?")
        copied = digits in ("2", "3")
        self.forked |= copied
        if copied and self.tight:
            factors[-1] = Formula("pow", factors[-1], int(digits))
            self.rise(self.height + 1)
            self.at += 1
        else:
            self.factor(factors)

    def dot_of_product(self) -> bool:
        """Whether the current token is a point between two names, as in `k_1.x_1`."""
        before, sign, after = self.tokens[self.at - 1 : self.at + 2]
        return sign == "." and self.kind(before)[0] == NAME == self.kind(after)[0]

    def percent(self, factors: list[Term]) -> bool:
        """Take `%` as percent where it follows a number and no divisor follows it."""
        number, after = factors[-1], self.at + 1
        follows, _ = self.kind(self.tokens[after])
        if isinstance(number, Formula):
            return False
        spaced = self.blanks_separate and not self.spaced() and self.starts()[after] > self.starts()[self.at] + 1
        if not (spaced or follows in (TIMES, CLOSE, COMMA, END) or self.tokens[after] == "."):
            # `50%x` is a remainder or a half of x, and so is `50%+x`
            percent_of = (follows <= COMMAND or follows == SIGN) and follows != NUMBER and not self.spaced()
            self.forked |= percent_of
            if not (percent_of and self.tight):
                return False
        factors[-1] = simple(Fraction(number) / 100)
        self.at = after
        return True

    def scaled_fraction(self, factors: list[Term]) -> None:
        """A fraction after a number: with numbers alone in it, it would be a mixed number."""
        at = self.at
        self.factor(factors)
        if isinstance(factors[-1], Formula) and not factors[-1].names():
            self.fail("does a number before a fraction mean a sum or a product?", at - 1)

    def signed_factor(self, factors: list[Term]) -> None:
        """A factor after a sign of multiplication, which may have signs of its own."""
        kind, _ = self.known.get(self.tokens[self.at]) or self.kind(self.tokens[self.at])
        negative = kind == SIGN and self.signs()
        before = len(factors)
        self.factor(factors)
        if negative:
            factors[before] = negated(factors[before])
            self.rise(self.height + 1)

    def divisor(self) -> tuple[Term, list[Term]]:
        """What stands after a division sign, and what follows it in the same run of letters."""
        below: list[Term] = []
        self.signed_factor(below)
        while True:
            kind, _ = self.kind(self.tokens[self.at])
            follows = kind <= COMMAND and kind != NUMBER and self.implied(kind)
            self.forked |= follows or len(below) > 1
            if not (self.tight and follows):
                break
            self.factor(below)
        return (product_of(below), []) if self.tight else (below[0], below[1:])

    # ---- groups of digits ----------------------------------------------------------------------
    def grouped_by_comma(self, factors: list[Term]) -> bool:
        """`1,792` is one number; `2,5` is a question to the writer."""
        first, value = self.tokens[self.at - 1 : self.at + 1]
        if value != "," or self.kind(first)[0] != NUMBER:
            return False
        if self.digit_groups(factors, comma=True):
            return True
        value = self.tokens[self.at + 1]
        if self.kind(value)[0] == NUMBER and self.starts()[self.at + 1] == self.starts()[self.at] + 1:
            if "." in first:
                self.fail("which of the points and commas is the decimal one?", self.at - 1)
            self.fail(f"does {first},{value} mean {first}.{value} or two values?", self.at - 1)
        return False

    def grouped_by_blanks(self, factors: list[Term]) -> None:
        """`1 792` is one number; `2 1/2` and `2 3` are questions to the writer."""
        first, value, sign, below = [*self.tokens[self.at - 1 :], "", ""][:4]
        digits = sign == "/" and len(value) == 3 and value.isdecimal() and below.isdecimal()
        mixed = digits and len(below) <= MAX_DIGITS and int(value) < int(below) != 1000  # as in `1 192/256`
        if not mixed and self.groups_by_blanks and self.digit_groups(factors, comma=False):
            return
        if sign == "/" or not value.isascii():
            typed = f"{first[:20]} {value[:20]}/{below[:20]}" if sign == "/" else first[:20] + value
            self.fail(f"does {typed} mean a sum or a product?", self.at - 1)
        if not self.groups_by_blanks and self.spaced():
            self.fail(f"{first} {value}: one number or two?", self.at - 1)
        self.fail("an operator is missing between two numbers")

    def digit_groups(self, factors: list[Term], *, comma: bool) -> bool:
        """Take further groups of three digits into the number just read, if there are any."""
        first, number = self.tokens[self.at - 1], factors[-1]
        if not _FIRST_DIGITS.fullmatch(first) or isinstance(number, Formula):
            return False
        begin = self.at
        digits = ""
        while "." not in digits and self.digit_group(comma):
            before = self.tokens[begin - 2] if begin > 1 else ""
            if self.kind(before)[0] == NUMBER if comma else before == "," and not self.listing:
                self.fail("is this one number, and which digits are its decimals?", begin - 2)
            self.at += 1 + comma
            digits = self.tokens[self.at - 1]
            number = simple(number * 1000 + Fraction(f"{digits}0" if "." in digits else digits))
        factors[-1] = number
        return self.at > begin

    def digit_group(self, comma: bool) -> bool:
        """Whether three digits follow at once after a comma or one blank."""
        at = self.at + comma
        if comma != (self.tokens[self.at] == ",") or not _NEXT_DIGITS.fullmatch(self.tokens[at]):
            return False
        return self.starts()[at] == self.starts()[self.at - 1] + len(self.tokens[self.at - 1]) + 1
