"""Equal, different or undecided: always proved, never guessed.

Equal is proved by canonical form. Different is proved by canonical form where there are only polynomials
and quotients of them, else by a point at which the values differ. Anything else is undecided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from cnnex.answers.canonical import Canonical
from cnnex.answers.points import NoNumberError, points, value_at, witness_text
from cnnex.answers.polynomial import FUEL, Poly, TooBigError, Value
from cnnex.notation.formula import Formula, Number, Term


@dataclass(frozen=True, slots=True)
class Prepared:
    """A term of the key with its canonical value."""

    term: Term
    value: Value


class Decider:
    """Compares answers with the terms of one key."""

    def __init__(self, names: Sequence[str], domain: str) -> None:
        self.names = tuple(names)
        self.domain = domain
        self.engine = Canonical(names, domain)
        self._mark = 0

    def prepare(self, term: Term) -> Prepared:
        """A term of the key.

        Raises:
            NoValueError: it divides by zero.
            TooBigError: it is beyond the bounds.
        """
        self.engine.fuel = FUEL
        prepared = Prepared(term, self.engine.of(term))
        self._mark = len(self.engine.atoms)
        return prepared

    def begin(self) -> None:
        """Start an answer: with a full budget and without a trace of earlier answers."""
        self.engine.forget(self._mark)
        self.engine.fuel = FUEL

    def value(self, term: Term) -> Value | None:
        """The canonical value, None if it is beyond the budget.

        Raises:
            NoValueError: there is a division by zero.
        """
        try:
            return self.engine.of(term)
        except TooBigError:
            return None

    def same(self, value: Value | None, key: Prepared) -> bool:
        """Whether a value is proved to be the key's."""
        try:
            return value is not None and self.engine.same(value, key.value)
        except TooBigError:
            return False

    def difference(self, term: Term, value: Value | None, key: Prepared) -> tuple[bool, str]:
        """Whether the term is proved to differ from the key, and a witness in words if there is one."""
        if value is None or self.engine.has_atoms(value) or self.engine.has_atoms(key.value):
            found = self._search(term, key.term)
            return found is not None, found or ""
        if value[1] is None and key.value[1] is None and self.domain == "real":
            witness = self._simplest(value[0], key.value[0])
            if witness:
                return True, witness
        return True, self._search(term, key.term) or ""

    def _simplest(self, own: Poly, key: Poly) -> str:
        """A point that is 1 on the names of one differing term and 0 elsewhere."""
        used = reduce(or_, (*own, *key), 0)
        if not used:
            return ""
        differing = [m for m, c in own.items() if key.get(m) != c]
        differing += [m for m in key if m not in own]
        support = min((_support(m) for m in differing[:100]), key=lambda s: (s.bit_count(), s))
        outside = ~(support * 255)
        values = [sum(c for m, c in poly.items() if not m & outside) for poly in (key, own)]
        if values[0] == values[1]:
            return ""
        point: dict[str, Number] = {}
        for i, name in enumerate(self.names):
            if used >> 8 * i & 255:
                point[name] = support >> 8 * i & 1
        return witness_text(point, values[0], values[1])

    def _search(self, term: Term, key: Term) -> str | None:
        """A point at which the two differ, preferably one at which the key is positive; None if none is found."""
        used = _names(term) | _names(key)
        names = [name for name in self.names if name in used]
        found: str | None = None
        for point in points(names, self.domain):
            try:
                own, right = value_at(term, point), value_at(key, point)
            except NoNumberError:
                continue
            if own != right:
                if found is None or right > 0:
                    found = witness_text(point, right, own) if names else ""
                if right > 0 or not names:
                    break
        return found


def _support(monomial: int) -> int:
    """A one in the lowest bit of each byte that is not zero."""
    return int.from_bytes(bytes(map(bool, monomial.to_bytes((monomial.bit_length() + 7) // 8, "little"))), "little")


def _names(term: Term) -> frozenset[str]:
    return term.names() if isinstance(term, Formula) else frozenset()
