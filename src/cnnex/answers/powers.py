"""Powers with exponents that are no integers, exponentials and logarithms, as further variables of a field.

A power falls into factors `b^(m/q)`: b is e, a prime, a name or a polynomial, m a monomial, q an integer.
A polynomial below an exponent is another atom, its inverse, in m.
Each is an atom; an atom with q > 1 obeys `A^q = b^m`, which is used to bring roots to one form. So
`e^(a + b) = e^a e^b`, `1/sqrt(2) = sqrt(2)/2`, `ln(a/b) = ln(a) - ln(b)`.

Two values count as equal if they are equal wherever both exist: `ln(a/b)` exists also where a and b are
both negative, `ln(a) - ln(b)` doesn't.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import gcd, isqrt

from cnnex.answers.pieces import MAX_ATOMS, Pieces
from cnnex.answers.polynomial import ONE, NoValueError, Poly, TooBigError, Value, number_of

_LARGEST_PRIME = 1000
_E: Poly = {}
"""Stands for the base e, which no polynomial does that can be a base."""


class Powers(Pieces):
    """A field with floors, maxima, powers and logarithms."""

    def __init__(self, variables: int, whole: bool, lower: dict[int, int]) -> None:
        super().__init__(variables, whole, lower)
        self._squares = int.from_bytes(b"\xfe" * MAX_ATOMS, "little") << 8 * variables  # a square of an atom has one

    def exponential(self, x: Value) -> Value:
        """The exponential function of the value."""
        return self._raised(_E, x)

    def raised(self, base: Value, exponent: Value) -> Value:
        """The base to this power.

        Raises:
            NoValueError: it is a root of a negative number, or of zero a negative power.
        """
        number = number_of(exponent)
        if number is not None and number.denominator == 1 and abs(number) <= 128:
            return self.power(base, number.numerator)
        if not base[0]:
            if number is None:
                raise TooBigError  # 0 to a power that may have either sign
            if number < 0:
                raise NoValueError
            return base
        result: Value = ONE, None
        for factor, multiplicity in self._factors(base):
            result = self.mul(result, self._raised(factor, self.mul(exponent, multiplicity)))
        return self.tidy(result)

    def logarithm(self, x: Value) -> Value:
        """The natural logarithm.

        Raises:
            NoValueError: of zero or of a negative number.
        """
        number = number_of(x)
        if not x[0] or (number is not None and number <= 0):
            raise NoValueError("There is a logarithm of a number that isn't positive, so this has no real value.")
        total: Value = {}, None
        for factor, multiplicity in self._factors(x):
            if factor is _E:
                total = self.add(total, multiplicity)
            else:
                total = self.add(total, self.mul(multiplicity, self.atom("ln", frozenset(factor.items()), factor)))
        return total

    # ---- facts --------------------------------------------------------------------------------
    def may_lack_values(self, mark: int) -> bool:
        """Whether an atom from this number on is a logarithm or a root of what isn't proved to be at least 0."""
        try:
            return any(
                (kind == "ln" and self.sign(arguments) != 1)
                or (kind == "pow" and (arguments[1] or arguments[2] % 2 == 0) and self.sign(arguments[0]) != 1)
                for kind, arguments in self.atoms[mark:]
            )
        except TooBigError:
            return True

    def is_whole_atom(self, number: int) -> bool:
        kind, arguments = self.atoms[number]
        if kind != "pow":
            return super().is_whole_atom(number)
        base, monomial, degree = arguments
        exponent = {monomial: 1}
        whole = degree == 1 and base is not _E and self.is_whole(base) and self.is_whole(exponent)
        return whole and self.sign(exponent) == 1

    def bound_of_atom(self, number: int) -> tuple[int, int] | None:
        kind, arguments = self.atoms[number]
        if kind == "ln":
            return (0, 1) if self._from_one(arguments) else None
        if kind == "inverse":
            return (0, 1) if self.sign(arguments) == 1 else None
        if kind != "pow" or not self._is_positive_power(number):
            return super().bound_of_atom(number)
        base, monomial, _ = arguments
        return int(self._from_one(base) and self.sign({monomial: 1}) == 1), 1

    def _from_one(self, base: Poly) -> bool:
        """Whether a base is proved to be at least 1."""
        return base is _E or self.sign(self.plus(base, ONE, -1)) == 1

    def _is_positive_power(self, number: int) -> bool:
        """Whether an atom is a power that is nowhere negative: of such a base, or with an even root."""
        kind, arguments = self.atoms[number]
        if kind != "pow":
            return False
        base, monomial, degree = arguments
        return (monomial == 0 and degree % 2 == 0) or self.sign(base) == 1

    # ---- equality under the relations of roots and maxima -------------------------------------
    def same(self, x: Value, y: Value) -> bool:
        if super().same(x, y):
            return True
        if not self.atoms:
            return False
        (a, d), (b, e) = x, y
        difference = self.plus(self.times(a, e or ONE), self.times(b, d or ONE), -1)
        if not any(m & self._squares for m in difference):
            return False
        self.tidy((ONE, d))  # to see that they aren't zero
        self.tidy((ONE, e))
        return not self.tidy((difference, None))[0]

    def tidy(self, x: Value) -> Value:
        """The value with `A^q` replaced by `b^m` for all roots A, and `M^2` by `u*M` for M = max(0, u)."""
        for number, (kind, arguments) in reversed(list(enumerate(self.atoms))):
            if kind == "pow" and arguments[2] > 1:
                base, monomial, degree = arguments
                whole = self._raised(base, ({monomial: 1}, None))[0]
            elif kind == "max" and len(arguments) == 2 and all(d is None for _, d in arguments):
                degree, whole = 0, next(n for n, _ in arguments if n)
            else:
                continue
            n, d = (None if p is None else self._without_powers(p, number, degree, whole) for p in x)
            if d is not None and not d:
                raise NoValueError
            x = (n or {}), d
        return x

    def _without_powers(self, p: Poly, number: int, degree: int, whole: Poly) -> Poly:
        shift = 8 * (self.variables + number)
        result: Poly = {}
        for m, c in p.items():
            exponent = m >> shift & 255
            times, left = divmod(exponent, degree) if degree else (max(exponent - 1, 0), min(exponent, 1))
            term: Poly = {m - (exponent - left << shift): c}
            for _ in range(times):
                term = self.times(term, whole)
            result = self.plus(result, term)
        return result

    # ---- factors ------------------------------------------------------------------------------
    def _factors(self, x: Value) -> Iterator[tuple[Poly, Value]]:
        """Factors of a value, each with the power in which it occurs."""
        x = self.reduced(x)
        for p, sign in ((x[0], 1), (x[1] or ONE, -1)):
            content = gcd(*p.values())
            rest = {m: c // content for m, c in p.items()}
            for prime, times in _primes(content):
                yield {0: prime}, self.constant(sign * times)
            if len(rest) == 1:
                ((monomial, unit),) = rest.items()
                for index, exponent in _exponents(monomial):
                    number = index - self.variables
                    if number >= 0 and self._is_positive_power(number):
                        base, inner, degree = self.atoms[number][1]
                        yield base, self.mul(self._exponent(inner), self.constant(Fraction(sign * exponent, degree)))
                    elif self.sign({1 << 8 * index: 1}) == 1:  # a power of a product of such factors falls apart
                        yield {1 << 8 * index: 1}, self.constant(sign * exponent)
                    else:
                        continue
                    monomial -= exponent << 8 * index
                rest = {monomial: unit}
            if rest == ONE:
                continue
            if (root := self._root(rest)) is not None:
                absolute: Value = root, None
                if self._root(root) is None:  # else it is a square itself
                    absolute = self.maximum([absolute, self.neg(absolute)])
                parts, times = [absolute], 2  # r^2 is |r|^2
            elif common := self._separable(rest):
                parts, times = [({common: 1}, None), ({m - common: c for m, c in rest.items()}, None)], 1
            else:
                yield rest, self.constant(sign)
                continue
            for part in parts:
                for factor, multiplicity in self._factors(part):
                    yield factor, self.mul(multiplicity, self.constant(times * sign))

    def _separable(self, p: Poly) -> int:
        """The monomial that can be taken out of a power of p: of what may be negative, only squares can."""
        common = self.common_monomial(list(p))
        for index, exponent in _exponents(common):
            if self.sign({1 << 8 * index: 1}) != 1:
                common -= exponent % 2 << 8 * index
        return common

    def _raised(self, base: Poly, exponent: Value) -> Value:
        """A base that isn't taken apart to any power."""
        n, d = self.reduced(exponent)
        degree = gcd(*d.values()) if d else 1
        below = {m: c // degree for m, c in d.items()} if d else ONE
        result: Value = ONE, None
        for m, c in n.items():
            common = gcd(c, degree)
            result = self.mul(result, self._power_atom(base, self._over(m, below), degree // common, c // common))
        return result

    def _over(self, monomial: int, below: Poly) -> int:
        """A monomial over a polynomial as a monomial: the inverse of what can't be cancelled is an atom."""
        if below == ONE:
            return monomial
        above, rest = self.reduced(({monomial: 1}, below))
        inverse = self.atom("inverse", frozenset(rest.items()), rest)[0] if rest else ONE
        return next(iter(above)) + next(iter(inverse))

    def _exponent(self, monomial: int) -> Value:
        """The monomial with quotients for inverses."""
        below: Value = ONE, None
        for index, times in _exponents(monomial):
            number = index - self.variables
            if number >= 0 and self.atoms[number][0] == "inverse":
                monomial -= times << 8 * index
                below = self.mul(below, self.power((self.atoms[number][1], None), times))
        return {monomial: 1}, None if below[0] == ONE else below[0]

    def _power_atom(self, base: Poly, monomial: int, degree: int, times: int) -> Value:
        if monomial == 0 and degree == 1 and base is not _E:
            return self.power((base, None), times)
        for index, exponent in _exponents(monomial) if base is _E else ():
            number = index - self.variables
            if number >= 0 and self.atoms[number][0] == "ln" and exponent == 1:  # e^(u ln b) = b^u
                rest = ({monomial - (1 << 8 * index): times}, None if degree == 1 else {0: degree})
                return self._raised(self.atoms[number][1], rest)
        if base == {0: -1} and degree == 1 and self.is_whole({monomial: 1}):
            remainder = self.plus({monomial: 1}, self.floor(({monomial: 1}, {0: 2}))[0], -2)
            return (self.plus(ONE, remainder, -2) if times % 2 else ONE), None
        if monomial == 0 and base == {0: -1}:
            if degree % 2:
                return self.constant(-1 if times % 2 else 1)
            raise NoValueError("There is an even root of a negative number, so this has no real value.")
        atom = self.atom("pow", (frozenset(base.items()), monomial, degree), (base, monomial, degree))
        return self.power(atom, times)

    def _root(self, p: Poly) -> Poly | None:
        """The polynomial of which this one is the square, None if there is none."""
        leading = max(p)
        m, unit = leading >> 1, isqrt(max(p[leading], 0))
        if unit * unit != p[leading]:
            return None
        half, c, rest = m, unit, p
        root: Poly = {}
        while m >= 0 and not m & self.guard and len(root) <= len(p):  # a bit in the guard: no monomial
            rest = self.plus(rest, self.times({m: c}, self.plus({m: c}, root, 2)), -1)
            root[m] = c
            if not rest:
                return root
            m = max(rest)
            c, left = divmod(rest[m], 2 * unit)
            m -= half
            if left:
                break
        return None


def _exponents(monomial: int) -> Iterator[tuple[int, int]]:
    """The variables of a monomial by their numbers, with their exponents."""
    for index, exponent in enumerate(monomial.to_bytes((monomial.bit_length() + 7) // 8, "little")):
        if exponent:
            yield index, exponent


def is_prime(number: int) -> bool:
    """Whether a number is prime, or at least without small divisors.

    >>> [n for n in range(12) if is_prime(n)]
    [2, 3, 5, 7, 11]
    """
    return list(_primes(number)) == [(number, 1)]


def _primes(number: int) -> Iterator[tuple[int, int]]:
    """Prime factors with their powers; what is left beyond the small primes counts as one.

    >>> list(_primes(360))
    [(2, 3), (3, 2), (5, 1)]
    """
    divisor = 2
    while divisor * divisor <= number and divisor <= _LARGEST_PRIME:
        times = 0
        while number % divisor == 0:
            number //= divisor
            times += 1
        if times:
            yield divisor, times
        divisor += 1
    if number > 1:
        yield number, 1
