"""`Formula`: mathematics as a small tree that never simplifies.

One definition gives the formula, the same formula with numbers put in, and its value; the printers
beside this file spell it. Because a formula can be added and multiplied, the functions of
`cnnex.maths` take formulas where they take numbers.

>>> n, p, k, s = symbols("n p k s")
>>> size = floor((n + 2 * p - k) / s) + 1
>>> size
Formula('floor((n + 2*p - k)/s) + 1')
>>> size.put(n=32, p=2, k=5, s=3)
Formula('floor((32 + 2*2 - 5)/3) + 1')
>>> size.value(n=32, p=2, k=5, s=3)
11
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any, Union

Number = int | Fraction
Term = Union["Formula", int, Fraction]
"""What may stand in a formula: another formula or an exact number."""

# What a student may write and what can be evaluated.
ALGEBRA = ("symbol", "add", "neg", "mul", "div", "floordiv", "mod", "pow", "call")
# What only stands on a page.
DISPLAY = ("rel", "matrix", "shape", "sigma", "lines", "words")
OPERATIONS = ALGEBRA + DISPLAY
FUNCTIONS = ("floor", "ceil", "max", "min", "abs", "relu", "exp", "ln", "sqrt")


class Formula:
    """A node: an operation and its arguments, which are formulas, exact numbers or words.

    ============ =====================================================================
    operation    arguments
    ============ =====================================================================
    symbol       its canonical name: `x`, `x_1`, `k_1_2`, `W_out`, `dL/dk_1`
    add, mul     two or more terms
    neg          one term
    div          numerator, denominator
    floordiv mod dividend, divisor, as Python's `//` and `%`
    pow          base, exponent
    call         a name out of `FUNCTIONS`, its arguments
    rel          a sign (`=`, `<=`, ...), or a comma; two or more terms
    matrix       rows, each a tuple of terms
    shape        terms: sizes in round brackets
    sigma        a sum: index, first, last, body
    lines        a left-hand side, then pairs (sign, term), one line each
    words        words
    ============ =====================================================================
    """

    __slots__ = ("args", "op")
    op: str
    args: tuple[Any, ...]

    def __init__(self, op: str, *args: Any) -> None:
        self.op = op
        self.args = args

    def __add__(self, other: Term) -> Formula:
        if self.op == "add":
            return Formula("add", *self.args, other)
        return Formula("add", self, other)

    def __radd__(self, other: Term) -> Formula:
        return Formula("add", other, self)

    def __sub__(self, other: Term) -> Formula:
        return self + Formula("neg", other)

    def __rsub__(self, other: Term) -> Formula:
        return Formula("add", other, Formula("neg", self))

    def __mul__(self, other: Term) -> Formula:
        if self.op == "mul":
            return Formula("mul", *self.args, other)
        return Formula("mul", self, other)

    def __rmul__(self, other: Term) -> Formula:
        return Formula("mul", other, self)

    def __truediv__(self, other: Term) -> Formula:
        return Formula("div", self, other)

    def __rtruediv__(self, other: Term) -> Formula:
        return Formula("div", other, self)

    def __floordiv__(self, other: Term) -> Formula:
        return floor(Formula("div", self, other))

    def __pow__(self, other: Term) -> Formula:
        return Formula("pow", self, other)

    def __neg__(self) -> Formula:
        return Formula("neg", self)

    def __eq__(self, other: object) -> bool:
        """Equal as trees; whether two trees have the same value is decided in `cnnex.answers`."""
        return isinstance(other, Formula) and self.op == other.op and self.args == other.args

    def __hash__(self) -> int:
        return hash((self.op, self.args))

    def __repr__(self) -> str:
        from cnnex.notation.plain import plain  # the printers import this module

        return f"Formula({plain(self)!r})"

    def put(self, **values: Term) -> Formula:
        """The same tree with terms in place of the named symbols."""
        put: Formula = _put(self, values)
        return put

    def value(self, **values: Number) -> Number:
        """The exact value, with numbers for the named symbols.

        Raises:
            KeyError: a symbol has no value.
            ValueError: the formula has a part that is no number (a relation, a matrix, a root).
            ZeroDivisionError: a denominator is zero.
        """
        return _value(self, values)

    def names(self) -> frozenset[str]:
        """The canonical names of its symbols."""
        if self.op == "symbol":
            return frozenset(self.args)
        found: frozenset[str] = frozenset()
        for child in _flat(self.args):
            if isinstance(child, Formula):
                found |= child.names()
        return found


def symbol(name: str) -> Formula:
    """The symbol with this canonical name."""
    return Formula("symbol", name)


def symbols(names: str) -> list[Formula]:
    """The symbols with these canonical names, separated by blanks."""
    return [Formula("symbol", name) for name in names.split()]


def indexed(base: str, count: int) -> tuple[Formula, ...]:
    """The entries of a symbolic vector, counted from 1.

    >>> indexed("x", 3)
    (Formula('x_1'), Formula('x_2'), Formula('x_3'))
    """
    return tuple(Formula("symbol", f"{base}_{i}") for i in range(1, count + 1))


def call(function: str, *terms: Term) -> Formula:
    """One of `FUNCTIONS` applied to terms."""
    return Formula("call", function, *terms)


def floor(term: Term) -> Formula:
    """The greatest integer that is not above the term, unevaluated."""
    return Formula("call", "floor", term)


def ceil(term: Term) -> Formula:
    """The least integer that is not below the term, unevaluated."""
    return Formula("call", "ceil", term)


def rel(sign: str, *terms: Term) -> Formula:
    """Terms joined by a sign out of `=`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `to`."""
    return Formula("rel", sign, *terms)


def equation(*terms: Term) -> Formula:
    """Terms joined by equals signs."""
    return Formula("rel", "=", *terms)


def matrix(rows: Iterable[Iterable[Term]]) -> Formula:
    """A matrix in brackets. A vector is a matrix of one row."""
    return Formula("matrix", *map(tuple, rows))


def shape(sizes: Iterable[Term]) -> Formula:
    """Sizes in round brackets, as in (C, H, W)."""
    return Formula("shape", *sizes)


def lines(left: Term, *steps: tuple[str, Term]) -> Formula:
    """A derivation: one left-hand side, then a line for each (sign, term)."""
    return Formula("lines", left, *steps)


def product_sum(pairs: Sequence[tuple[Term, Term]]) -> Term:
    """The unevaluated sum of products, 0 for none.

    >>> product_sum([(2, 5), (-1, 3)])
    Formula('2*5 + (-1)*3')
    """
    return total([Formula("mul", *pair) for pair in pairs])


def total(terms: Sequence[Term]) -> Term:
    """The unevaluated sum of terms, 0 for none.

    >>> total([4, -1, 2])
    Formula('4 - 1 + 2')
    """
    if not terms:
        return 0
    return terms[0] if len(terms) == 1 else Formula("add", *terms)


def polynomial(terms: Iterable[tuple[Number, Sequence[str]]]) -> Term:
    """The polynomial with these terms, each a coefficient and the names of a product.

    >>> polynomial([(1, ("a", "x_1")), (-2, ("b",)), (3, ())])
    Formula('a*x_1 - 2*b + 3')
    """
    return total([_monomial(coefficient, names) for coefficient, names in terms])


def _monomial(coefficient: Number, names: Sequence[str]) -> Term:
    if not names:
        return coefficient
    if coefficient < 0:
        return Formula("neg", _monomial(-coefficient, names))
    factors: list[Term] = [symbol(name) for name in names]
    if coefficient != 1:
        factors.insert(0, coefficient)
    return factors[0] if len(factors) == 1 else Formula("mul", *factors)


def _put(term: Any, values: Mapping[str, Term]) -> Any:
    if isinstance(term, Formula):
        if term.op == "symbol":
            return values.get(term.args[0], term)
        return Formula(term.op, *[_put(child, values) for child in term.args])
    return tuple([_put(child, values) for child in term]) if isinstance(term, tuple) else term


def _flat(args: Iterable[Any]) -> Iterable[Any]:
    for child in args:
        if isinstance(child, tuple):
            yield from _flat(child)
        else:
            yield child


def _divide(a: Number, b: Number) -> Number:
    quotient = Fraction(a) / Fraction(b)
    return quotient.numerator if quotient.denominator == 1 else quotient


def _power(base: Number, exponent: Number) -> Number:
    if not isinstance(exponent, int):
        raise ValueError("only whole powers are exact")
    return base**exponent if exponent >= 0 else _divide(1, base**-exponent)


EXACT: dict[str, Callable[..., Number]] = {
    "neg": lambda a: -a,
    "add": lambda *terms: sum(terms),
    "mul": lambda *terms: reduce(lambda a, b: a * b, terms),
    "div": _divide,
    "floordiv": lambda a, b: a // b,
    "mod": lambda a, b: a % b,
    "pow": _power,
    "floor": math.floor,
    "ceil": math.ceil,
    "max": lambda *terms: max(terms),
    "min": lambda *terms: min(terms),
    "abs": abs,
    "relu": lambda a: max(a, 0),
}
"""What each operation of a formula does to exact numbers."""


def _value(term: Term, values: Mapping[str, Number]) -> Number:
    if not isinstance(term, Formula):
        return term
    if term.op == "symbol":
        name: str = term.args[0]
        return values[name]
    name, args = (term.args[0], term.args[1:]) if term.op == "call" else (term.op, term.args)
    if name not in EXACT:
        raise ValueError(f"{name} has no exact value")
    return EXACT[name](*(_value(child, values) for child in args))
