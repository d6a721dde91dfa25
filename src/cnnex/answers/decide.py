"""Equal, different or undecided: always proved, never guessed.

Equal is proved by canonical form. Different is proved by canonical form where there are only polynomials
and quotients of them, else by a point at which the values differ. Anything else is undecided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain, islice
from operator import or_

from cnnex.answers.canonical import Canonical
from cnnex.answers.enclosure import NoBoundsError, bounds_at
from cnnex.answers.grid import agree_everywhere
from cnnex.answers.piecewise import agree_on_all_cells
from cnnex.answers.points import NoNumberError, points, value_at, witness_text
from cnnex.answers.polynomial import FUEL, TooBigError, Value
from cnnex.notation.formula import Formula, Number, Term

_BOUNDED_POINTS = 12


@dataclass(frozen=True, slots=True)
class Prepared:
    """A term of the key with its canonical value."""

    term: Term
    value: Value


@dataclass(frozen=True, slots=True)
class Decision:
    """Equal, different, or None where neither is proved; a difference mostly has a witness."""

    equal: bool | None
    witness: str = ""


EQUAL = Decision(True)


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

    def compare(self, term: Term, value: Value | None, key: Prepared, *, explain: bool = True) -> Decision:
        """Whether a term, whose canonical value this is, equals a term of the key.

        Without `explain` no witness is looked for where none is needed.
        """
        try:
            if value is not None and self.engine.same(value, key.value):
                return EQUAL
        except TooBigError:
            value = None
        if value is not None and not (self.engine.has_atoms(value) or self.engine.has_atoms(key.value)):
            if not explain:
                return Decision(False)
            return Decision(False, self._simplest(value, key.value) or self._search(term, key.term) or "")
        witness = self._search(term, key.term)
        if witness is not None:
            return Decision(False, witness)
        used = _names(term) | _names(key.term)
        names = [name for name in self.names if name in used]
        if not names and _same_number(term, key.term):
            return EQUAL
        if agree_on_all_cells(term, key.term, names, self.domain):
            return EQUAL
        if self.domain == "integers" and agree_everywhere(term, key.term, names):
            return EQUAL
        return Decision(None)

    def _simplest(self, x: Value, y: Value) -> str:
        """A point that is 1 on the names of one differing term and 0 elsewhere, for polynomials over the reals."""
        if x[1] is not None or y[1] is not None or self.domain != "real":
            return ""
        own, key = x[0], y[0]
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
        return self._search_bounds(term, key, names) if found is None else found

    def _search_bounds(self, term: Term, key: Term, names: list[str]) -> str | None:
        """A point at which the bounds of two irrational values don't meet."""
        if not (_irrational(term) or _irrational(key)):
            return None
        few = islice(points(names, self.domain), _BOUNDED_POINTS)
        for point in chain(few, islice(points(names, "positive"), _BOUNDED_POINTS)):
            try:
                own, right = bounds_at(term, point), bounds_at(key, point)
            except NoBoundsError:
                continue
            if own[1] < right[0] or right[1] < own[0]:
                return witness_text(point, right[0], own[0], about=True) if names else ""
        return None


def _irrational(term: Term) -> bool:
    """Whether a term holds a root, a logarithm or a power that may have no exact value."""
    if not isinstance(term, Formula):
        return False
    if term.op == "pow" and not isinstance(term.args[1], int):
        return True
    return (term.op == "call" and term.args[0] in ("exp", "ln", "sqrt")) or any(map(_irrational, term.args))


def _same_number(one: Term, other: Term) -> bool:
    """Whether two terms without names have one value, which their bounds pin down."""
    try:
        bounds = bounds_at(one, {})
        return bounds[0] == bounds[1] and bounds == bounds_at(other, {})
    except NoBoundsError:
        return False


def _support(monomial: int) -> int:
    """A one in the lowest bit of each byte that is not zero."""
    return int.from_bytes(bytes(map(bool, monomial.to_bytes((monomial.bit_length() + 7) // 8, "little"))), "little")


def _names(term: Term) -> frozenset[str]:
    return term.names() if isinstance(term, Formula) else frozenset()
