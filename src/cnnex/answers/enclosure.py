"""Bounds for values that aren't rational: where the bounds of two values don't meet, they differ.

Every step is rounded outwards, so the bounds hold; no binary floating point takes part.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from fractions import Fraction

from cnnex.answers.work import Work
from cnnex.notation.formula import Formula, Number, Term

Bounds = tuple[Fraction, Fraction]

_CONTEXT = Context(prec=50)
_SLACK = Fraction(1, 10**45)
_SCALE = 10**60
_MAX_EXPONENT = 200
_MAX_BITS = 4096
_COST = 10
_COSTS = {"exp": 150, "ln": 300, "pow": 300}
"""What an operation costs, of powers those with a broken exponent."""


class NoBoundsError(Exception):
    """There is no value here, or it is too large, or a floor falls between the bounds."""


def bounds_at(term: Term, point: Mapping[str, Number], work: Work | None = None) -> Bounds:
    """Bounds of the value at a point; paid from `work`, if that is given.

    >>> from cnnex.notation.formula import call
    >>> low, high = bounds_at(call("sqrt", 2), {})
    >>> low < high, low**2 < 2 < high**2
    (True, True)

    Raises:
        NoBoundsError: there are none, or there is no work left for them.
    """
    if work is None:
        work = Work()
    if not isinstance(term, Formula):
        return Fraction(term), Fraction(term)
    if term.op == "symbol":
        number = Fraction(point[term.args[0]])
        return number, number
    name, arguments = (term.args[0], term.args[1:]) if term.op == "call" else (term.op, term.args)
    cost = _COSTS.get(name, _COST) * len(arguments)
    if name == "pow" and isinstance(arguments[1], int):
        cost = _COST + 3 * abs(arguments[1])
    if not work.take(cost):
        raise NoBoundsError
    bounds = [bounds_at(argument, point, work) for argument in arguments]
    low, high = _OPERATIONS[name](*bounds)
    if max(low.numerator.bit_length(), high.numerator.bit_length()) > _MAX_BITS:
        raise NoBoundsError
    return _outward(low, high)


def _outward(low: Fraction, high: Fraction) -> Bounds:
    if low == high and low.denominator < _SCALE:
        return low, high
    return Fraction(math.floor(low * _SCALE), _SCALE), Fraction(math.ceil(high * _SCALE), _SCALE)


def _sum(*terms: Bounds) -> Bounds:
    result = terms[0]
    for low, high in terms[1:]:
        result = _outward(result[0] + low, result[1] + high)
    return result


def _times(x: Bounds, y: Bounds) -> Bounds:
    corners = [a * b for a in x for b in y]
    return min(corners), max(corners)


def _product(*factors: Bounds) -> Bounds:
    result = Fraction(1), Fraction(1)
    for factor in factors:
        result = _outward(*_times(result, factor))
    return result


def _inverse(x: Bounds) -> Bounds:
    if x[0] <= 0 <= x[1]:
        raise NoBoundsError
    return 1 / x[1], 1 / x[0]


def _rounded(x: Bounds, rounding: int) -> Bounds:
    low, high = (math.ceil(v) if rounding > 0 else math.floor(v) for v in x)
    if low != high:
        raise NoBoundsError
    return Fraction(low), Fraction(high)


def _floordiv(x: Bounds, y: Bounds) -> Bounds:
    return _rounded(_times(x, _inverse(y)), -1)


def _mod(x: Bounds, y: Bounds) -> Bounds:
    low, high = _times(_floordiv(x, y), y)
    return x[0] - high, x[1] - low


def _decimal(value: Fraction) -> Decimal:
    return _CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def _exp(x: Bounds) -> Bounds:
    if max(abs(x[0]), abs(x[1])) > _MAX_EXPONENT:
        raise NoBoundsError
    low, high = (Fraction(_CONTEXT.exp(_decimal(v))) for v in x)
    return low * (1 - _SLACK), high * (1 + _SLACK)


def _ln(x: Bounds) -> Bounds:
    if x[0] <= 0:
        raise NoBoundsError
    low, high = (Fraction(_CONTEXT.ln(_decimal(v))) for v in x)
    return low - _SLACK, high + _SLACK


def _power(x: Bounds, y: Bounds) -> Bounds:
    if y[0] == y[1] and y[0].denominator == 1:
        exponent = abs(y[0].numerator)
        bits = max(end.numerator.bit_length() + end.denominator.bit_length() for end in x)
        if exponent > _MAX_EXPONENT or bits * exponent > 10 * _MAX_BITS:
            raise NoBoundsError
        ends = [x[0] ** exponent, x[1] ** exponent]
        low = Fraction(0) if exponent and exponent % 2 == 0 and x[0] <= 0 <= x[1] else min(ends)
        return (low, max(ends)) if y[0] >= 0 else _inverse((low, max(ends)))
    if x[0] == x[1] == 0 and y[0] > 0:
        return x
    if x[1] < 0 and y[0] == y[1] and y[0].denominator % 2:  # an odd root
        root = _exp(_times(_ln(_negated(x)), y))
        return _negated(root) if y[0].numerator % 2 else root
    return _exp(_times(_ln(x), y))


def _sqrt(x: Bounds) -> Bounds:
    if x[0] < 0:
        raise NoBoundsError
    low, high = (math.isqrt(math.floor(v * _SCALE**2)) for v in x)
    return Fraction(low, _SCALE), Fraction(high + 1, _SCALE)


def _largest(*terms: Bounds) -> Bounds:
    return max(a for a, _ in terms), max(b for _, b in terms)


def _negated(x: Bounds) -> Bounds:
    return -x[1], -x[0]


_OPERATIONS: dict[str, Callable[..., Bounds]] = {
    "add": _sum,
    "mul": _product,
    "neg": _negated,
    "div": lambda x, y: _times(x, _inverse(y)),
    "floordiv": _floordiv,
    "mod": _mod,
    "pow": _power,
    "floor": lambda x: _rounded(x, -1),
    "ceil": lambda x: _rounded(x, 1),
    "max": _largest,
    "min": lambda *terms: _negated(_largest(*map(_negated, terms))),
    "abs": lambda x: _largest(x, _negated(x)),
    "relu": lambda x: _largest(x, (Fraction(0), Fraction(0))),
    "exp": _exp,
    "ln": _ln,
    "sqrt": _sqrt,
}
