"""Values at points: a point at which two formulas differ is a proof and something to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from itertools import cycle, islice, product
from operator import add, mul

from cnnex.answers.canonical import lowest
from cnnex.answers.work import SMALL, Work
from cnnex.notation.formula import EXACT, Formula, Number, Term
from cnnex.notation.plain import plain
from cnnex.notation.tokens import simple

_MAX_BITS = 4096
"""Of the numerator and the denominator together."""
_POINTS = 160
_WHOLE = 8
"""How many scattered points have no fractions, which are harder to look at."""
_STEPS = (7, 1, 2, 3, 5, 4, 6)
_FAR = 40
"""What is larger seldom has its like among the small points."""


class NoNumberError(Exception):
    """No exact number at this point: a division by zero, a root, something huge."""


def value_at(term: Term, point: Mapping[str, Number], work: Work | None = None) -> Number:
    """The exact value at a point, its size bounded; paid from `work`, if that is given.

    >>> from cnnex.notation.formula import symbols
    >>> x, = symbols("x")
    >>> value_at(x / 2 + 1, {"x": 3})
    Fraction(5, 2)

    Raises:
        NoNumberError: there is none, or there is no work left for it.
    """
    if work is None:
        work = Work()
    if not isinstance(term, Formula):
        return term
    if term.op == "symbol":
        return point[term.args[0]]
    name, arguments = (term.args[0], term.args[1:]) if term.op == "call" else (term.op, term.args)
    operation = EXACT.get(name)
    if operation is None or not work.take(len(term.args)):
        raise NoNumberError
    values = [value_at(argument, point, work) for argument in arguments]
    if joined := _JOINED.get(name):
        value = values[0]
        for other in values[1:]:
            value = joined(value, other)
            if type(value) is not int or value.bit_length() > SMALL:
                _check(value, work)
        return value
    try:
        value = _BOUNDED.get(name, operation)(*values)
    except ZeroDivisionError:
        raise NoNumberError from None
    _check(value, work)
    return value


def _check(value: Number, work: Work) -> None:
    """Refuse a number that is too long, and pay for the length."""
    bits = value.numerator.bit_length() + value.denominator.bit_length()
    if bits > _MAX_BITS or not work.take_for(bits):
        raise NoNumberError


def _power(base: Number, exponent: Number) -> Number:
    if not isinstance(exponent, int):
        raise NoNumberError
    if max(base.numerator.bit_length(), base.denominator.bit_length()) * abs(exponent) > _MAX_BITS:
        raise NoNumberError
    return simple(Fraction(base) ** exponent)


# Where numbers grow, the bound is checked on the way.
_JOINED: dict[str, Callable[[Number, Number], Number]] = {"add": add, "mul": mul}
_BOUNDED: dict[str, Callable[..., Number]] = {"div": lambda a, b: simple(Fraction(a) / b), "pow": _power}


def points(names: Sequence[str], domain: str) -> Iterator[dict[str, Number]]:
    """Small points of the domain, the simplest first: all equal, one different, all different, scattered ones.

    Of integers all are different first, since floors seldom differ where most names are 1.
    """
    lows = [lowest(name, domain) + (domain == "positive") for name in names]
    yield dict(zip(names, lows, strict=True))
    one: list[dict[str, Number]] = [
        {n: low + (n == name) for n, low in zip(names, lows, strict=True)} for name in names
    ]
    steps = ((1,) * len(names),) if domain == "real" else (_STEPS, _STEPS[::-1])
    several: list[dict[str, Number]] = [
        {n: low + step for n, low, step in zip(names, lows, cycle(each), strict=False)} for each in steps
    ]
    yield from several + one if domain == "integers" else one + several
    state = 1
    for turn in range(_POINTS):
        spread = 3 + turn // 4
        point: dict[str, Number] = {}
        for name, low in zip(names, lows, strict=True):
            state = state * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
            drawn = (state >> 33) % spread - (spread // 2 if domain == "real" else 0)
            # A floor over the reals has to be looked at between the integers, too.
            whole = turn % 2 == 0 or turn < _WHOLE or domain == "integers"
            point[name] = low + drawn if whole else simple(Fraction(2 * drawn + 1, 4))
        yield point


def far_points(names: Sequence[str], domain: str, *terms: Term) -> Iterator[dict[str, Number]]:
    """Points as far out, or as near to a border, as the largest and the finest numbers in formulas are.

    >>> from cnnex.notation.formula import floor, symbols
    >>> n, = symbols("n")
    >>> [point["n"] for point in far_points(["n"], "integers", floor(n / 1000))]
    [1, 1000, 1001, 1002, 1000001]
    """
    sizes = sorted({size for term in terms for size in _sizes(term) if size > _FAR}, reverse=True)
    lows = [lowest(name, domain) for name in names]
    for size in sizes[:2]:
        whole = (0, size - 1, size, size + 1, size * size)
        steps = whole if domain == "integers" else _between(size, real=domain == "real")
        for chosen in islice(product(steps, repeat=len(names)), _POINTS):
            yield {name: low + step for name, low, step in zip(names, lows, chosen, strict=True)}


def _between(size: int, *, real: bool) -> tuple[Number, ...]:
    near = Fraction(1, 2 * size)
    return (1, near, 1 - near, size + 1, size * size, *((-near, -size - 1, -size * size) if real else ()))


def _sizes(term: Term) -> Iterator[int]:
    """The numerators and denominators in a formula, powers of numbers worked out."""
    if isinstance(term, Formula) and term.op == "pow" and not term.names():
        with suppress(NoNumberError):
            term = value_at(term, {})
    if isinstance(term, Formula):
        for part in term.args:
            yield from _sizes(part)
    elif not isinstance(term, str):
        yield from (abs(term.numerator), term.denominator)


def _told_apart(*numbers: Number) -> list[str]:
    """Decimals with as many digits as it takes to see a difference."""
    for digits in range(6, 25):
        texts = [_about(number, digits) for number in numbers]
        if len({*texts}) > 1:
            break
    return texts


def _about(number: Number, digits: int) -> str:
    text = f"{Decimal(number.numerator) / number.denominator:.{digits}g}"
    return f"about {text.rstrip('0').rstrip('.') if '.' in text and 'E' not in text.upper() else text}"


def witness_text(point: Mapping[str, Number], key: Number, own: Number, *, about: bool = False) -> str:
    """The point in words, zeros last, and the two values, as decimals where they are known only `about`.

    >>> witness_text({"c": 1, "x_3": 1, "a": 0}, 1, 0)
    'for c = x_3 = 1 and all else 0 the value is 1, yours gives 0'
    """
    by_value: dict[Number, list[str]] = {}
    for name, number in point.items():
        by_value.setdefault(number, []).append(name)
    zeros = by_value.pop(0, [])
    groups = [f"{' = '.join(names)} = {plain(number)}" for number, names in by_value.items()]
    if zeros:
        groups.append("all else 0" if groups else f"{' = '.join(zeros)} = 0" if len(zeros) < 4 else "all names 0")
    where = " and ".join([", ".join(groups[:-1]), groups[-1]] if len(groups) > 1 else groups)
    right, given = _told_apart(key, own) if about else map(plain, (key, own))
    return f"{'for ' + where + ' ' if where else ''}the value is {right}, yours gives {given}"
