"""Exact rational functions under a budget.

A polynomial is a dictionary from packed monomials to integer coefficients, none of them zero. A monomial
packs eight bits for each variable into one integer, so that monomials are multiplied by one addition;
the highest of the eight bits is a guard, and a product that reaches it is refused.

Every multiplication is paid for *before* it is done, and no clock is involved: the same answer has the
same outcome on a busy machine.

>>> field = Field(2)
>>> x, y = field.variable(0), field.variable(1)
>>> difference = field.add(field.power(x, 2), field.power(y, 2), -1)
>>> field.same(field.mul(field.add(x, y), field.add(x, y, -1)), difference)
True
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

Poly = dict[int, int]
Value = tuple[Poly, Poly | None]
"""Numerator and denominator; a denominator of 1 is None."""

FUEL = 20_000
"""Term operations that one answer may cost, some 20 ms."""
MAX_BITS = 4096
ONE: Poly = {0: 1}


class TooBigError(Exception):
    """The budget is used up, or a number or a degree is beyond its bound."""


class NoValueError(Exception):
    """A division by zero, or another term without a value."""

    def __init__(self, message: str = "There is a division by zero, so this has no value.") -> None:
        super().__init__(message)


class Field:
    """Arithmetic of rational functions; `fuel` is what may still be spent."""

    def __init__(self, variables: int) -> None:
        self.variables = variables
        self.guard = int.from_bytes(b"\x80" * (variables + 64), "little")
        self.fuel = FUEL

    def spend(self, work: int) -> None:
        """Pay for work that is about to be done."""
        self.fuel -= work
        if self.fuel < 0:
            raise TooBigError

    def variable(self, index: int) -> Value:
        """A variable by its number."""
        return {1 << 8 * index: 1}, None

    def constant(self, number: int | Fraction) -> Value:
        """A number as a rational function."""
        if max(number.numerator.bit_length(), number.denominator.bit_length()) > MAX_BITS:
            raise TooBigError
        return ({0: number.numerator} if number else {}), (None if number.denominator == 1 else {0: number.denominator})

    # ---- polynomials --------------------------------------------------------------------------
    def times(self, a: Poly, b: Poly) -> Poly:
        """The product of two polynomials."""
        if not a or not b:
            return {}
        if len(a) > len(b):
            a, b = b, a
        bits = max(map(int.bit_length, a.values())) + max(map(int.bit_length, b.values()))
        if bits > MAX_BITS:
            raise TooBigError
        self.spend(len(a) * len(b) * (1 + (bits >> 8)))
        product: Poly = {}
        get = product.get
        for m, c in a.items():
            for k, d in b.items():
                product[m + k] = get(m + k, 0) + c * d
        guard = self.guard
        if any(m & guard for m in product):
            raise TooBigError
        return {m: c for m, c in product.items() if c} if 0 in product.values() else product

    def plus(self, a: Poly, b: Poly, sign: int = 1) -> Poly:
        """The sum, or with sign -1 the difference."""
        self.spend(len(b))
        total = dict(a)
        for m, c in b.items():
            c = total.get(m, 0) + sign * c
            if c:
                total[m] = c
            else:
                del total[m]
        return total

    # ---- rational functions -------------------------------------------------------------------
    def add(self, x: Value, y: Value, sign: int = 1) -> Value:
        """The sum, or with sign -1 the difference."""
        (a, d), (b, e) = x, y
        if d == e:
            return self.plus(a, b, sign), d
        d, e = d or ONE, e or ONE
        if len(d) == len(e) == 1 and 0 in d and 0 in e:
            common = lcm(d[0], e[0])
            if common.bit_length() > MAX_BITS:
                raise TooBigError
            return self.plus(self.times(a, {0: common // d[0]}), self.times(b, {0: common // e[0]}), sign), {0: common}
        return self.plus(self.times(a, e), self.times(b, d), sign), self.times(d, e)

    def mul(self, x: Value, y: Value) -> Value:
        """The product."""
        (a, d), (b, e) = x, y
        return self.times(a, b), (e if d is None else d if e is None else self.times(d, e))

    def neg(self, x: Value) -> Value:
        """The value with the other sign."""
        return {m: -c for m, c in x[0].items()}, x[1]

    def inverse(self, x: Value) -> Value:
        """One over the value."""
        a, d = x
        if not a:
            raise NoValueError
        return d or ONE, (None if a == ONE else a)

    def power(self, x: Value, exponent: int) -> Value:
        """An integer power."""
        if exponent < 0:
            return self.power(self.inverse(x), -exponent)
        if len(x[0]) > 1 or x[1]:
            self.spend(exponent)
        result: Value = (ONE, None)
        for bit in bin(exponent)[2:]:
            result = self.mul(result, result)
            if bit == "1":
                result = self.mul(result, x)
        return result

    def reduced(self, x: Value) -> Value:
        """The value without common integer and monomial factors, the denominator's leading term positive."""
        n, d = x
        if d is None:
            return x
        if not n:
            return {}, None
        content = gcd(*n.values(), *d.values())
        if d[max(d)] < 0:
            content = -content
        common = self.common_monomial([*n, *d])
        if content != 1 or common:
            n = {m - common: c // content for m, c in n.items()}
            d = {m - common: c // content for m, c in d.items()}
        return n, (None if d == ONE else d)

    def common_monomial(self, monomials: list[int]) -> int:
        """The largest monomial that divides all of these."""
        if 0 in monomials:
            return 0
        common = monomials[0]
        for m in monomials:
            self.spend(2 + (common.bit_length() >> 2))
            common = sum(
                min(common >> shift & 255, m >> shift & 255) << shift for shift in range(0, common.bit_length(), 8)
            )
            if not common:
                break
        return common

    def same(self, x: Value, y: Value) -> bool:
        """Whether two values are the same rational function."""
        (a, d), (b, e) = x, y
        if d is None and e is None:
            return a == b
        return self.times(a, e or ONE) == self.times(b, d or ONE)

    def key(self, x: Value) -> tuple[frozenset[tuple[int, int]], frozenset[tuple[int, int]] | None]:
        """A hashable form: equal keys are equal values, and mostly the other way round."""
        n, d = self.reduced(x)
        return frozenset(n.items()), None if d is None else frozenset(d.items())


def number_of(x: Value) -> Fraction | None:
    """The value as a number, None if it depends on a variable.

    >>> number_of(({0: 3}, {0: 6})), number_of(({256: 1}, None))
    (Fraction(1, 2), None)
    """
    n, d = x
    if any(n) or (d is not None and any(d)):
        return None
    return Fraction(n.get(0, 0), d[0] if d else 1)
