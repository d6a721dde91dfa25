"""Floors and maxima as further variables of a field.

`floor(u)` and `max(u, v, ...)` become variables ("atoms") that are named by the canonical form of their
arguments, after rules that bring equal functions to one form:

- `ceil(N/D) = floor((N + D - 1)/D)` for integer N and positive integer D;
- multiples of D leave the floor: `floor((W + s)/s) = floor(W/s) + 1`;
- `floor(N/D) = -1 - floor((-N - 1)/D)`, whichever is shorter;
- `floor((cU + r)/(cD)) = floor(U/D)` for 0 <= r < c;
- `floor((n + floor(u))/D) = floor((n + u)/D)`;
- of a maximum, what is nowhere the largest is dropped, and a term is taken out.

The rules are sound: one form, one function. They are not complete: two forms may still be one function,
which is then decided elsewhere or not at all.
"""

from __future__ import annotations

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
            if m & 255 and self.atoms[number][0] != "floor":
                return False
            m >>= 8
            number += 1
        return True

    def sign(self, n: Poly) -> int:
        """1 where n >= 0 is proved on the domain, -1 where n <= 0 is, else 0.

        Each variable is moved to its lower bound; coefficients of one sign then suffice.
        """
        moved: Poly = {}
        self.spend(4 * len(n))
        for m, c in n.items():
            term, index, rest = {0: c}, 0, m
            while rest:
                if exponent := rest & 255:
                    low = self.lower.get(index)
                    if low is None:
                        return 0
                    shifted = {1 << 8 * index: 1, 0: low} if low else {1 << 8 * index: 1}
                    for _ in range(exponent):
                        term = self.times(term, shifted)
                rest >>= 8
                index += 1
            moved = self.plus(moved, term)
        signs = moved.values()
        return 1 if all(c >= 0 for c in signs) else -1 if all(c <= 0 for c in signs) else 0

    # ---- floors -------------------------------------------------------------------------------
    def floor(self, x: Value) -> Value:
        """The greatest integer that is not above the value."""
        n, d = self.reduced(x)
        self.spend(8 * len(n))
        if d is None:
            d = ONE
        if len(d) > 1:
            return self._floor_atom(n, d)
        ((dm, dc),) = d.items()
        out, n = self._split(n, dm, dc)
        if not n or (not dm and n.keys() == {0}):  # a rest in [0, D)
            return out, None
        if not (self.is_whole(n) and self.is_whole(d) and self.sign(d) == 1):
            return self._plus_floor(out, n, d)
        if (inner := self._without_inner_floor(n, d)) is not None:
            return self.add((out, None), self.floor(inner))
        if dc > 1 and dm:
            quotient, rest = self._split(n, 0, dc)
            if not rest or (len(rest) == 1 and 0 in rest):
                return self.add((out, None), self.floor((quotient, {dm: 1})))
        mirrored = self.plus({m: -c for m, c in n.items()}, ONE, -1)
        out_mirrored, mirrored = self._split(mirrored, dm, dc)
        if (len(mirrored), sorted(mirrored.items())) < (len(n), sorted(n.items())):
            below, _ = self._plus_floor(out_mirrored, mirrored, d)
            return self.plus(self.plus(out, ONE, -1), below, -1), None
        return self._plus_floor(out, n, d)

    def ceil(self, x: Value) -> Value:
        """The least integer that is not below the value."""
        n, d = self.reduced(x)
        if d is not None and len(d) == 1 and self.is_whole(d) and self.is_whole(n) and self.sign(d) == 1:
            return self.floor((self.plus(self.plus(n, d), ONE, -1), d))
        return self.neg(self.floor(self.neg((n, d))))

    def _plus_floor(self, out: Poly, n: Poly, d: Poly) -> Value:
        return self.plus(out, self._floor_atom(n, d)[0]) if n else out, None

    def _floor_atom(self, n: Poly, d: Poly) -> Value:
        x = self.reduced((n, d))
        return self.atom("floor", self.key(x), x)

    def _split(self, n: Poly, dm: int, dc: int) -> tuple[Poly, Poly]:
        """`n = out * D + rest`, out with integer values only, coefficients of rest in [0, dc) where they can be."""
        out: Poly = {}
        rest: Poly = {}
        for m, c in n.items():
            divisible = all(m >> shift & 255 >= dm >> shift & 255 for shift in range(0, dm.bit_length(), 8))
            quotient = c // dc if divisible and self._whole_monomial(m - dm) else 0
            if quotient:
                out[m - dm] = quotient
            if c - quotient * dc:
                rest[m] = c - quotient * dc
        return out, rest

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
            content, common = 1, 1
            if all(d is None or list(d) == [0] for _, d in differences):
                common = lcm(*(d[0] for _, d in differences if d))
                scaled = [{m: c * (common // (d[0] if d else 1)) for m, c in n.items()} for n, d in differences]
                content = gcd(*(c for n in scaled for c in n.values())) or 1
                differences = [({m: c // content for m, c in n.items()}, None) for n in scaled]
            order = sorted((sorted(n.items()), sorted((d or {}).items())) for n, d in differences)
            forms.append((order, content, common, pivot, differences))
        _, content, common, pivot, differences = min(forms, key=lambda form: form[0])
        largest = self.atom("max", frozenset(map(self.key, differences)), differences)
        scale: Value = {0: content}, None if common == 1 else {0: common}
        return self.add(pivot, self.mul(scale, largest))

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
        n, d = self.reduced(self.add(y, x, -1))
        return (d is None or self.sign(d) == 1) and self.sign(n) == 1

    def _flattened(self, values: list[Value]) -> list[Value]:
        """`max(r + c*max(S), ...)` is `max(r + c*s for s in S, ...)` for c > 0."""
        flat: list[Value] = []
        for x in values:
            atoms = [m for m in x[0] if m >> 8 * self.variables]
            found = self.atom_of(atoms[0]) if len(atoms) == 1 and x[1] is None else None
            if found is None or found[1][0] != "max" or x[0][atoms[0]] < 0:
                flat.append(x)
                continue
            scale: Value = {0: x[0][atoms[0]]}, None
            rest: Value = {m: c for m, c in x[0].items() if m != atoms[0]}, None
            flat += [self.add(rest, self.mul(scale, s)) for s in found[1][1]]
        return flat
