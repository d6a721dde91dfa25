"""Values: what an answer is, and how a key file and a page write it."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any

from msgspec import Meta

from cnnex.notation.formula import Formula, Term
from cnnex.notation.plain import plain

Scalar = int | Fraction | Formula | bool | str
Vector = tuple[Any, ...]
Matrix = tuple[Vector, ...]
Value = Scalar | Vector | Matrix
"""A number, a formula, a truth, a choice's id; or a vector, shape, matrix or selection as tuples of those."""


NONE_OF_THESE = "none of these"
"""The empty selection in words."""

# Types of parameters, with the bounds that a bank is held to.
Size = Annotated[int, Meta(ge=1, le=4096)]
Padding = Annotated[int, Meta(ge=0, le=512)]
Name = Annotated[str, Meta(pattern="^[A-Za-z]+(_[0-9]+)?$")]


class Kind(StrEnum):
    """The kinds of answers."""

    INTEGER = "integer"
    RATIONAL = "rational"
    EXPRESSION = "expr"
    VECTOR = "vector"
    MATRIX = "matrix"
    SHAPE = "shape"
    CHOICE = "choice"
    SELECTION = "selection"
    BOOLEAN = "boolean"


def to_json(value: Value) -> Any:
    """The value as a key file holds it.

    >>> from cnnex.notation.formula import symbols
    >>> a, x = symbols("a x_1")
    >>> to_json(((1, Fraction(7, 4)), (a * x, 0)))
    [[1, '7/4'], ['a*x_1', 0]]
    """
    if isinstance(value, tuple):
        return [entry if type(entry) is int else to_json(entry) for entry in value]  # most entries are integers
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    if isinstance(value, Formula):
        return plain(value)
    return value


def to_term(value: Value, kind: Kind) -> Term:
    """The value as a page shows it.

    >>> to_term((3, 4), Kind.SHAPE), to_term((3, 4), Kind.VECTOR)
    (Formula('(3, 4)'), Formula('[3, 4]'))
    """
    if isinstance(value, tuple):
        if kind is Kind.SELECTION:
            return Formula("words", ", ".join(map(str, value)) or NONE_OF_THESE)
        if kind is Kind.SHAPE:
            return Formula("shape", *value)
        if kind is Kind.MATRIX:
            return Formula("matrix", *value)
        # Expressions side by side would be wider than the page; below one another they align.
        sums = any(isinstance(entry, Formula) and entry.op != "symbol" for entry in value)
        return Formula("matrix", *(((entry,) for entry in value) if sums else (value,)))
    if isinstance(value, bool):
        return Formula("words", "true" if value else "false")
    if isinstance(value, str):
        return Formula("words", value)
    return value


def entries(value: Value) -> tuple[Any, ...]:
    """All entries in reading order; a scalar is its only entry.

    >>> entries(((1, 2), (3, 4)))
    (1, 2, 3, 4)
    """
    if not isinstance(value, tuple):
        return (value,)
    return tuple(entry for row in value for entry in entries(row))


def ordinal(number: int) -> str:
    """A place in a row, which fits whether indices count from 0 or from 1.

    >>> [ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 102)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '102nd']
    """
    ending = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
