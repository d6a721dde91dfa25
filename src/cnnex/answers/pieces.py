"""Floors and maxima as further variables of a field.

`floor(u)` and `max(u, v, ...)` become variables ("atoms") that are named by the canonical form of their
arguments, after rules that bring equal functions to one form:

- `ceil(N/D) = floor((N + D - 1)/D)` for integer N and positive integer D;
- multiples of D leave the floor: `floor((W + s)/s) = floor(W/s) + 1`;
- `floor(N/D) = -1 - floor((-N - 1)/D)`, whichever is shorter;
- `floor((cU + r)/(cD)) = floor(U/D)` for 0 <= r < c;
- `floor((n + floor(u))/D) = floor((n + u)/D)`;
- `floor(max(u, v)) = max(floor(u), floor(v))`;
- of a maximum, what is nowhere the largest is dropped, and a term and a factor are taken out;
- `min(1, r) = ceil(N/D) - floor(N/D)` for the remainder r of N by D;
- `M^2 = u*M` for M = max(0, u), which is looked at where two values are compared.

The rules are sound: one form, one function. They are not complete: two forms may still be one function,
which is then decided elsewhere or not at all.
"""

from __future__ import annotations

from itertools import product
from math import gcd, lcm
from typing import Any

from cnnex.answers.polynomial import ONE, Field, Poly, TooBigError, Value

MAX_ATOMS = 64
_MAX_ARGUMENTS = 40


class Pieces(Field):
    """A field that knows which variables are integers and how small they can be."""

    def __init__(self, variables: int, whole: bool, lower: dict[int, int]) -> None:
        super().__init__(variables)
        self.whole = whole
        self.lower = lower
        self.atoms: list[tuple[str, Any]] = []  # kind and arguments of atom number i
        self._numbers: dict[tuple[str, Any], int] = {}

    # ---- atoms --------------------------------------------------------------------------------
    def atom(self, kind: str, key: Any, arguments: Any) -> Value:
        """The variable that stands for this function of these arguments."""
        number = self._numbers.get((kind, key))
        if number is None:
            number = len(self.atoms)
            if number >= MAX_ATOMS:
                raise TooBigError
            self.atoms.append((kind, arguments))
            self._numbers[kind, key] = number
        return self.variable(self.variables + number)

    def forget(self, mark: int) -> None:
        """Drop the atoms from this number on: a verdict must not depend on earlier answers."""
        if len(self.atoms) > mark:
            del self.atoms[mark:]
            self._numbers = {key: number for key, number in self._numbers.items() if number < mark}

    def has_atoms(self, x: Value) -> bool:
        """Whether there is more in the value than variables."""
        beyond = 1 << 8 * self.variables
        return any(m >= beyond for m in (*x[0], *(x[1] or ())))

    def atom_of(self, monomial: int) -> tuple[int, tuple[str, Any]] | None:
        """Number and contents of the atom that this monomial is, if it is one."""
        if monomial.bit_count() != 1 or monomial.bit_length() % 8 != 1:
            return None
        number = (monomial.bit_length() - 1) // 8 - self.variables
        return (number, self.atoms[number]) if number >= 0 else None

    # ---- facts --------------------------------------------------------------------------------
    def is_whole(self, n: Poly) -> bool:
        """Whether a polynomial has integer values only."""
        return all(map(self._whole_monomial, n))

    def _whole_monomial(self, m: int) -> bool:
        if not self.whole and m & ((1 << 8 * self.variables) - 1):
            return False
        m >>= 8 * self.variables
        number = 0
        while m:
            if m & 255 and not self.is_whole_atom(number):
                return False
            m >>= 8
            number += 1
        return True

    def is_whole_atom(self, number: int) -> bool:
        """Whether an atom has integer values only."""
        kind, arguments = self.atoms[number]
        return kind == "floor" or (kind == "max" and all(d is None and self.is_whole(n) for n, d in arguments))

    def bound_of_atom(self, number: int) -> tuple[int, int] | None:
        """A number and 1 if an atom is nowhere below it, or -1 if it is nowhere above it; None if none is known."""
        kind, arguments = self.atoms[number]
        if kind == "max":
            return 0, 1  # as 0 is among the arguments
        if kind != "floor" or not (arguments[1] is None or self.sign(arguments[1]) == 1):
            return None
        if self.sign(arguments[0]) == 1:
            return 0, 1
        return (-1, -1) if self.sign(self.plus(arguments[0], ONE)) == -1 else None

    def sign(self, n: Poly) -> int:
        """1 where n >= 0 is proved on the domain, -1 where n <= 0 is, else 0.

        Each variable is moved to its bound; coefficients of one sign then suffice.
        """
        moved: Poly = {}
        self.spend(4 * len(n))
        for m, c in n.items():
            term, index, rest = {0: c}, 0, m
            while rest:
                if exponent := rest & 255:
                    bound = self._bound(index)
                    if bound is None:
                        if exponent % 2:
                            return 0
                        bound = 0, 1  # a square is at least 0, and only squares of this variable get here
                    low, direction = bound
                    shifted = {1 << 8 * index: direction, 0: low} if low else {1 << 8 * index: direction}
                    for _ in range(exponent):
                        term = self.times(term, shifted)
                rest >>= 8
                index += 1
            moved = self.plus(moved, term)
        signs = moved.values()
        return 1 if all(c >= 0 for c in signs) else -1 if all(c <= 0 for c in signs) else 0

    def _bound(self, index: int) -> tuple[int, int] | None:
        if index >= self.variables:
            return self.bound_of_atom(index - self.variables)
        low = self.lower.get(index)
        return None if low is None else (low, 1)

    def _positive(self, x: Value) -> bool:
        """Whether a value is proved to be at least 0 wherever it exists."""
        return (x[1] is None or self.sign(x[1]) == 1) and self.sign(x[0]) == 1

    # ---- floors -------------------------------------------------------------------------------
    def floor(self, x: Value) -> Value:
        """The greatest integer that is not above the value."""
        n, d = self.reduced(x)
        self.spend(8 * len(n))
        if d is None:
            d = ONE
        out, n = self._split(n, d)
        if not n or (len(d) == 1 and 0 in d and n.keys() == {0}):  # a rest in [0, D)
            return out, None
        if (cases := self._cases((n, d))) is not None:
            direction, values = cases
            floors = [self.mul(({0: direction}, None), self.floor(value)) for value in values]
            return self.add((out, None), self.maximum(floors), direction)
        if not (self.is_whole(n) and self.is_whole(d) and self.sign(d) == 1):
            return self._plus_floor(out, n, d)
        if (inner := self._without_inner_floor(n, d)) is not None:
            return self.add((out, None), self.floor(inner))
        if len(d) > 1:
            if self.sign(n) == 1 and self.sign(self.plus(self.plus(d, n, -1), ONE, -1)) == 1:  # 0 <= n < D
                return out, None
            mirrored = self.plus({m: -c for m, c in n.items()}, ONE, -1)
            if self.sign(mirrored) == 1 and self.sign(self.plus(d, n)) == 1:  # -D <= n < 0
                return self.plus(out, ONE, -1), None
        else:
            ((dm, dc),) = d.items()
            if dc > 1 and dm:
                quotient, rest = self._split(n, {0: dc})
                if not rest or (len(rest) == 1 and 0 in rest):
                    return self.add((out, None), self.floor((quotient, {dm: 1})))
            mirrored = self.plus({m: -c for m, c in n.items()}, ONE, -1)
        out_mirrored, mirrored = self._split(mirrored, d)
        if (len(mirrored), sorted(mirrored.items())) < (len(n), sorted(n.items())):
            inner = self._without_inner_floor(mirrored, d)
            below = self._plus_floor({}, mirrored, d) if inner is None else self.floor(inner)
            return self.add((self.plus(self.plus(out, ONE, -1), out_mirrored, -1), None), below, -1)
        return self._plus_floor(out, n, d)

    def ceil(self, x: Value) -> Value:
        """The least integer that is not below the value."""
        n, d = self.reduced(x)
        if d is not None and self.is_whole(d) and self.is_whole(n) and self.sign(d) == 1:
            return self.floor((self.plus(self.plus(n, d), ONE, -1), d))
        return self.neg(self.floor(self.neg((n, d))))

    def _plus_floor(self, out: Poly, n: Poly, d: Poly) -> Value:
        return self.plus(out, self._floor_atom(n, d)[0]) if n else out, None

    def _floor_atom(self, n: Poly, d: Poly) -> Value:
        x = self.reduced((n, d))
        return self.atom("floor", self.key(x), x)

    def _split(self, n: Poly, d: Poly) -> tuple[Poly, Poly]:
        """`n = out * D + rest`, out with integer values only, coefficients of rest in [0, dc) where they can be.

        dm and dc are the highest monomial of D and its coefficient.
        """
        if len(d) > 1:
            return self._divided(n, d)
        ((dm, dc),) = d.items()
        out: Poly = {}
        rest: Poly = {}
        for m, c in n.items():
            quotient = c // dc if self._goes_into(dm, m) else 0
            if quotient:
                out[m - dm] = quotient
            if c - quotient * dc:
                rest[m] = c - quotient * dc
        return out, rest

    def _divided(self, n: Poly, d: Poly) -> tuple[Poly, Poly]:
        """The same from the highest monomial to the lowest, as what D has below its highest changes those below."""
        dm = max(d)
        out: Poly = {}
        rest: Poly = {}
        while n:
            m = max(n)
            quotient = n[m] // d[dm] if self._goes_into(dm, m) else 0
            if quotient:
                out[m - dm] = quotient
                n = self.plus(n, self.times(d, {m - dm: quotient}), -1)
            self.spend(len(n))
            if m in n:
                rest[m] = n[m]
                n = {k: c for k, c in n.items() if k != m}
        return out, rest

    def _goes_into(self, dm: int, m: int) -> bool:
        """Whether a monomial divides another one, with a quotient of integer values only."""
        if m < dm or any(m >> shift & 255 < dm >> shift & 255 for shift in range(0, dm.bit_length(), 8)):
            return False
        return self._whole_monomial(m - dm)

    def _without_inner_floor(self, n: Poly, d: Poly) -> Value | None:
        """`(rest + u)/D` for n = rest + floor(u), where such a term stands alone."""
        for m, c in n.items():
            found = self.atom_of(m) if abs(c) == 1 else None
            if found is None or found[1][0] != "floor":
                continue
            shift = 8 * (self.variables + found[0])
            if any(k >> shift & 255 for k in n if k != m):
                continue
            below, above = found[1][1], {k: v for k, v in n.items() if k != m}
            if c < 0:  # -floor(N/E) = floor((E - 1 - N)/E)
                un, ud = below[0], below[1] or ONE
                if not (self.is_whole(un) and self.is_whole(ud) and self.sign(ud) == 1):
                    continue
                below = self.plus(self.plus(ud, un, -1), ONE, -1), ud
            return self.mul(self.add((above, None), below), (ONE, d))
        return None

    # ---- maxima -------------------------------------------------------------------------------
    def maximum(self, values: list[Value]) -> Value:
        """The largest of the values."""
        if len(values) > _MAX_ARGUMENTS:
            raise TooBigError
        kept = self._undominated(self._flattened(values))
        if len(kept) == 1:
            return kept[0]
        self.spend(3 * len(kept) * sum(len(x[0]) + 1 for x in kept))
        # max(S) = p + c/l * max((s - p)*l/c for s in S), with the p that gives the first form in order.
        forms = []
        for pivot in kept:
            differences = [self.reduced(self.add(x, pivot, -1)) for x in kept]
            scale: Value = ONE, None
            if all(d is None or list(d) == [0] for _, d in differences):
                common = lcm(*(d[0] for _, d in differences if d))
                scaled = [{m: c * (common // (d[0] if d else 1)) for m, c in n.items()} for n, d in differences]
                content = gcd(*(c for n in scaled for c in n.values())) or 1
                factor = self.common_monomial([m for n in scaled for m in n])
                if factor and self.sign({factor: 1}) != 1:
                    factor = 0
                differences = [({m - factor: c // content for m, c in n.items()}, None) for n in scaled]
                scale = {factor: content}, None if common == 1 else {0: common}
            order = sorted((sorted(n.items()), sorted((d or {}).items())) for n, d in differences)
            forms.append((order, scale, pivot, differences))
        _, scale, pivot, differences = min(forms, key=lambda form: form[0])
        largest = self._over_remainder(differences)
        if largest is None:
            largest = self.atom("max", frozenset(map(self.key, differences)), differences)
        return self.add(pivot, self.mul(scale, largest))

    def _over_remainder(self, differences: list[Value]) -> Value | None:
        """`max(0, t)` where t is r, -r, r - 1 or 1 - r for a remainder r, as min(1, r) is a ceiling less a floor."""
        if len(differences) > 2 or not self.whole:
            return None
        t, d = next(x for x in differences if x[0])
        for direction, one in product((1, -1), ({}, ONE)) if d is None else ():
            r = self.plus({m: direction * c for m, c in t.items()}, one)
            for number, (kind, _) in enumerate(list(self.atoms)):
                if kind == "floor" and (found := self._dividend(r, number)) is not None:
                    floor, ceil = self.floor(found), self.ceil(found)
                    if self.same((r, None), self.add((found[0], None), self.mul((found[1] or ONE, None), floor), -1)):
                        smaller = self.add(ceil, floor, -1) if one else ({}, None)  # min(1, r) or min(0, r)
                        return self.add((r if direction > 0 else one, None), smaller, -1)
        return None

    def _dividend(self, r: Poly, number: int) -> Value | None:
        """N/D where r is N - D times this atom, or N + D times it, and both are whole and D is positive."""
        shift = 8 * (self.variables + number)
        n = {m: c for m, c in r.items() if not m >> shift & 255}
        d = {m - (1 << shift): c for m, c in r.items() if m >> shift & 255}
        if not d or any(m >> shift & 255 for m in d) or not (self.is_whole(n) and self.is_whole(d)):
            return None
        sign = self.sign(d)
        return (n, {m: sign * c for m, c in d.items()}) if sign else None

    def _undominated(self, values: list[Value]) -> list[Value]:
        """Without repetitions and without values that another one is nowhere below."""
        kept: list[Value] = []
        for x in map(self.reduced, values):
            if not any(self.same(x, y) for y in kept):
                kept.append(x)
        if len(kept) > 12:
            return kept
        return [x for i, x in enumerate(kept) if not any(self._below(x, y) for j, y in enumerate(kept) if i != j)]

    def _below(self, x: Value, y: Value) -> bool:
        return self._positive(self.reduced(self.add(y, x, -1)))

    def _flattened(self, values: list[Value]) -> list[Value]:
        """`max(r + c*max(S), ...)` is `max(r + c*s for s in S, ...)` for c > 0."""
        flat: list[Value] = []
        for x in values:
            direction, cases = self._cases(x) or (0, [])
            flat += cases if direction > 0 else [x]
        return flat

    def _cases(self, x: Value) -> tuple[int, list[Value]] | None:
        """1 and the values of which this is the largest, or -1 and those of which it is the smallest."""
        n, d = x
        mask = sum(255 << 8 * (self.variables + i) for i, (kind, _) in enumerate(self.atoms) if kind == "max")
        maxima = [m for m in n if m & mask] if mask else []
        found = self.atom_of(maxima[0]) if len(maxima) == 1 else None
        if found is None or not (d is None or self.sign(d) == 1):
            return None
        coefficient = n[maxima[0]]
        rest: Value = {m: c for m, c in n.items() if m != maxima[0]}, None
        inner = [self.add(rest, self.mul(({0: coefficient}, None), s)) for s in found[1][1]]
        return (1 if coefficient > 0 else -1), [self.mul(value, (ONE, d)) for value in inner]
