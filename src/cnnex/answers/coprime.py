"""Whether two polynomials have a common factor, without factoring them.

All names but one are given values modulo a large prime. If the polynomials in one name that are left have
no common factor and keep their degrees, neither have the polynomials in that name. A common factor
that only appears at the chosen values would be reported as one; the odds are below 1 in 10^14.
"""

from __future__ import annotations

from functools import reduce
from math import gcd
from operator import or_

from cnnex.answers.polynomial import Poly

_PRIME = (1 << 61) - 1


def coprime(a: Poly, b: Poly) -> bool:
    """Whether no number but 1 and -1 and no polynomial divides both.

    >>> x = 1
    >>> coprime({2 * x: 1, 0: -1}, {x: 1, 0: 2}), coprime({2 * x: 1, 0: -1}, {x: 1, 0: -1})
    (True, False)
    """
    if gcd(*a.values(), *b.values()) != 1:
        return False
    shared = _shifts(a) & _shifts(b)
    return all(_degree_of_gcd(_only(a, shift), _only(b, shift)) == 0 for shift in sorted(shared))


def _shifts(p: Poly) -> set[int]:
    """Where in the monomials the names stand that occur."""
    used = reduce(or_, p, 0)
    return {shift for shift in range(0, used.bit_length(), 8) if used >> shift & 255}


def _only(p: Poly, shift: int) -> list[int]:
    """The coefficients in one name, the highest first, with values for all other names."""
    powers: dict[int, int] = {}
    for m, c in p.items():
        value, rest, index = c, m & ~(255 << shift), 1
        while rest:
            if exponent := rest & 255:
                value = value * pow(0x9E3779B97F4A7C15 * index * index + index, exponent, _PRIME) % _PRIME
            rest >>= 8
            index += 1
        degree = m >> shift & 255
        powers[degree] = (powers.get(degree, 0) + value) % _PRIME
    return _trimmed([powers.get(degree, 0) for degree in range(max(powers), -1, -1)])


def _degree_of_gcd(a: list[int], b: list[int]) -> int:
    """Euclid's algorithm modulo the prime."""
    while b:
        inverse = pow(b[0], -1, _PRIME)
        while len(a) >= len(b):
            factor = a[0] * inverse % _PRIME
            reduced = [(x - factor * y) % _PRIME for x, y in zip(a, b, strict=False)]
            a = _trimmed([*reduced, *a[len(b) :]])
        a, b = b, a
    return len(a) - 1


def _trimmed(p: list[int]) -> list[int]:
    first = next((i for i, c in enumerate(p) if c), len(p))
    return p[first:]
