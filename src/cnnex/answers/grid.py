"""Equality of floor formulas on a finite grid that proves it everywhere.

A formula of sums, products, floors, ceilings and remainders by constants is a polynomial on each class of
integers modulo some period. Such a polynomial of degree d in a name is settled by d + 1 values of it, so
agreement on `period * (d + 1)` values of each name is agreement on all integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm, prod
from typing import Any

from cnnex.answers.canonical import lowest
from cnnex.answers.points import NoNumberError, value_at
from cnnex.answers.work import Work
from cnnex.notation.formula import Formula, Number, Term

_MAX_PERIOD = 10_000


@dataclass(frozen=True, slots=True)
class _Shape:
    """On each class modulo the period: a polynomial of these degrees, its coefficients over this denominator."""

    degrees: dict[str, int]
    period: int = 1
    denominator: int = 1
    size: int = 1


class NoShapeError(Exception):
    """The formula is no polynomial on classes of integers, or there are too many of them."""


def difference_on_grid(left: Term, right: Term, names: Sequence[str], work: Work) -> dict[str, Number] | None:
    """Integers at which two formulas differ, None if they are proved equal for all from the names' least values on.

    >>> from cnnex.notation.formula import floor, symbols
    >>> n, = symbols("n")
    >>> difference_on_grid(floor(n / 2) + floor((n + 1) / 2), n, ["n"], Work())
    >>> difference_on_grid(floor(n / 2), n / 2, ["n"], Work())
    {'n': 1}

    Raises:
        NoShapeError: they are no polynomials on classes of integers, or there are too many points.
    """
    both = _joined(_shape(left), _shape(right))
    used = [name for name in names if name in both.degrees]
    lengths = [both.period * (both.degrees[name] + 1) for name in used]
    if prod(lengths) * both.size > work.left:
        raise NoShapeError
    lows = [lowest(name, "integers") for name in used]
    try:
        for steps in product(*map(range, lengths)):
            point: dict[str, Number] = dict(zip(used, map(sum, zip(lows, steps, strict=True)), strict=True))
            if value_at(left, point, work) != value_at(right, point, work):
                return point
    except NoNumberError:  # no work is left for it
        raise NoShapeError from None
    return None


def _joined(*shapes: _Shape, degrees: dict[str, int] | None = None) -> _Shape:
    if degrees is None:
        degrees = {name: max(s.degrees.get(name, 0) for s in shapes) for s in shapes for name in s.degrees}
    period = lcm(*(s.period for s in shapes))
    denominator = lcm(*(s.denominator for s in shapes))
    if max(period, denominator) > _MAX_PERIOD:
        raise NoShapeError
    return _Shape(degrees, period, denominator, 1 + sum(s.size for s in shapes))


def _shape(term: Any) -> _Shape:
    if not isinstance(term, Formula):
        return _Shape({}, 1, Fraction(term).denominator)
    if term.op == "symbol":
        return _Shape({term.args[0]: 1})
    name, arguments = (term.args[0], term.args[1:]) if term.op == "call" else (term.op, term.args)
    if name in ("add", "neg"):
        return _joined(*map(_shape, arguments))
    if name == "mul":
        return _multiplied([_shape(argument) for argument in arguments])
    if name == "pow" and isinstance(arguments[1], int) and 0 <= arguments[1] <= 8:
        return _multiplied([_shape(arguments[0])] * arguments[1])
    if name in ("floor", "ceil"):
        return _rounded(_shape(arguments[0]))
    if name in ("div", "floordiv", "mod"):
        return _divided(name, *arguments)
    raise NoShapeError


def _multiplied(shapes: list[_Shape]) -> _Shape:
    names = {name for s in shapes for name in s.degrees}
    joined = _joined(*shapes, degrees={name: sum(s.degrees.get(name, 0) for s in shapes) for name in names})
    denominator = prod(s.denominator for s in shapes)
    return _over(joined, denominator)


def _divided(name: str, above: Any, below: Any) -> _Shape:
    try:
        divisor = Fraction(value_at(below, {}))
    except (KeyError, NoNumberError):
        raise NoShapeError from None
    inner = _shape(above)
    quotient = _over(inner, inner.denominator * divisor.numerator * (1 if divisor > 0 else -1))
    if name == "div":
        return quotient
    if name == "floordiv":
        return _rounded(quotient)
    floor = _rounded(quotient)
    return _joined(inner, _over(floor, floor.denominator * divisor.denominator))


def _rounded(shape: _Shape) -> _Shape:
    """The shape of a floor: the remainder by the denominator repeats with it."""
    return _joined(shape, _Shape({}, lcm(shape.period, shape.denominator)))


def _over(shape: _Shape, denominator: int) -> _Shape:
    if denominator == 0 or denominator > _MAX_PERIOD:
        raise NoShapeError
    return _Shape(shape.degrees, shape.period, denominator, shape.size + 1)
