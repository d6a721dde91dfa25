"""Equal, different or undecided: always proved, never guessed.

Equal is proved by canonical form. Different is proved by canonical form where there are only polynomials
and quotients of them, else by a point at which the values differ. Anything else is undecided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import chain, islice, takewhile
from operator import or_
from typing import Any

from cnnex.answers.canonical import Canonical
from cnnex.answers.enclosure import Bounds, NoBoundsError, bounds_at
from cnnex.answers.grid import NoShapeError, difference_on_grid
from cnnex.answers.orders import agree_in_all_orders
from cnnex.answers.paddings import agree_for_all_paddings
from cnnex.answers.piecewise import NotLinearError, difference_on_cells
from cnnex.answers.points import NoNumberError, far_points, points, value_at, witness_text
from cnnex.answers.polynomial import FUEL, ONE, NoValueError, TooBigError, Value
from cnnex.answers.work import Work
from cnnex.notation.formula import Formula, Number, Term
from cnnex.notation.tokens import simple

_BOUNDED_POINTS = 24
_POINT = 4
"""What a number of a point costs."""
_FURTHER_POINTS = 10
"""How many points are tried to find a positive key, once there is a difference."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A term of the key with its canonical value, and how many atoms there were then."""

    term: Term
    value: Value
    atoms: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """Equal, different, or None where neither is proved; a difference mostly has a witness."""

    equal: bool | None
    witness: str = ""


EQUAL = Decision(True)
_ASIDE = (Fraction(0), Fraction(1, 2), Fraction(1, 10), Fraction(1, 100))
"""Steps from a corner on the border into the domain."""
_ROOTS = frozenset(("exp", "ln", "sqrt"))
"""Functions without exact values."""


class Decider:
    """Compares answers with the terms of one key."""

    def __init__(self, names: Sequence[str], domain: str) -> None:
        self.names = tuple(names)
        self.domain = domain
        self.engine = Canonical(names, domain)
        self.work = Work()
        self._mark = 0

    def prepare(self, term: Term) -> Prepared:
        """A term of the key.

        Raises:
            NoValueError: it divides by zero.
            TooBigError: it is beyond the bounds.
        """
        self.engine.fuel = FUEL
        value = self.engine.of(term)
        self._mark = len(self.engine.atoms)
        return Prepared(term, value, self._mark)

    def begin(self, work: Work | None = None) -> None:
        """Start an answer: with a full budget, unless one is given, and without a trace of earlier answers."""
        self.engine.forget(self._mark)
        self.engine.fuel = FUEL
        self.work = work or Work()

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
        same = False
        try:
            same = value is not None and self.engine.same(value, key.value)
            if same and self._exists(term, value, key):
                return EQUAL
        except TooBigError:
            value = None
        if value is not None and not same and not (self.engine.has_atoms(value) or self.engine.has_atoms(key.value)):
            if not explain:
                return Decision(False)
            return Decision(False, self._simplest(value, key.value) or self._search(term, key.term) or "")
        witness = self._search(term, key.term)
        if witness is not None:
            return Decision(False, witness)
        used = _names(term) | _names(key.term)
        names = [name for name in self.names if name in used]
        if not names and self._same_number(term, key.term):
            return EQUAL
        if (settled := self._on_cells(term, key.term, names)) is not None:
            return settled
        if self.domain == "integers" and (settled := self._on_grid(term, key.term, names)) is not None:
            return settled
        equal = (
            agree_in_all_orders(term, key.term, names, self.domain, self.work)
            or self._same_where_key_exists(term, key.term)
            or (self.domain == "integers" and agree_for_all_paddings(term, key.term, names, self.work))
        )
        if equal and self._exists(term, value, key):
            return EQUAL
        return Decision(None)

    def _exists(self, term: Term, value: Value | None, key: Prepared) -> bool:
        """Whether a term that equals the key wherever both exist exists: its denominator may be zero everywhere."""
        if value is not None and not self.engine.may_lack_values(key.atoms):
            below = value[1]
            if below is None or below == key.value[1] or not self.engine.has_atoms((below, None)):
                return True
        names = sorted(_names(term))
        exact = () if _operations(term) & _ROOTS else self._paid(points(names, self.domain))
        return any(self._exists_at(value_at, term, point) for point in exact) or any(
            self._exists_at(bounds_at, term, point) for point in self._few_points(names)
        )

    def _exists_at(self, value: Callable[..., object], term: Term, point: Mapping[str, Number]) -> bool:
        try:
            value(term, point, self.work)
        except (NoNumberError, NoBoundsError):
            return False
        return True

    def _simplest(self, x: Value, y: Value) -> str:
        """A point at which two polynomials differ, found by their coefficients.

        Over the reals it is 1 on the names of one differing term and 0 elsewhere, else it is 1 everywhere,
        unless the key is positive elsewhere only.
        """
        (own, d), (key, e) = x, y
        below = 1
        if d is not None or e is not None:
            d, e = d or ONE, e or ONE
            if d.keys() | e.keys() != {0}:
                return ""
            below = d[0] * e[0]
            own, key = {m: c * e[0] for m, c in own.items()}, {m: c * d[0] for m, c in key.items()}
        used = reduce(or_, (*own, *key), 0)
        if not used:
            return ""
        if self.domain == "real":
            differing = [m for m, c in own.items() if key.get(m) != c]
            differing += [m for m in key if m not in own]
            support = min((_support(m) for m in differing[:100]), key=lambda s: (s.bit_count(), s))
        else:
            support = _support(used)
        outside = ~(support * 255)
        values: list[Number] = [sum(c for m, c in poly.items() if not m & outside) for poly in (key, own)]
        if below != 1:
            values = [simple(Fraction(value, below)) for value in values]
        if values[0] == values[1] or (self.domain != "real" and values[0] <= 0 < max(key.values(), default=0)):
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
        functions = _operations(term) | _operations(key)
        found = None if functions & _ROOTS else self._search_exactly(term, key, names)
        if found is None and (functions & _ROOTS or "pow" in functions):
            return self._search_bounds(term, key, names)
        return found

    def _search_exactly(self, term: Term, key: Term, names: list[str]) -> str | None:
        found: str | None = None
        further = _FURTHER_POINTS
        tried = chain(points(names, self.domain), far_points(names, self.domain, term, key))
        for point in self._paid(tried):
            try:
                own, right = value_at(term, point, self.work), value_at(key, point, self.work)
            except NoNumberError:
                continue
            if own != right and (found is None or right > 0):
                found = witness_text(point, right, own) if names else ""
                if right > 0 or not names:
                    break
            if found is not None:
                further -= 1
                if not further:
                    break
        return found

    def _paid(self, found: Iterator[dict[str, Number]]) -> Iterator[dict[str, Number]]:
        """Points, as long as there is work left for them."""
        return takewhile(lambda point: self.work.take(_POINT * (1 + len(point))), found)

    def _few_points(self, names: list[str]) -> Iterator[dict[str, Number]]:
        """Points for values that take long to bound; over the reals some are positive, as logarithms need."""
        more = points(names, "positive") if self.domain == "real" else ()
        return self._paid(chain(islice(points(names, self.domain), _BOUNDED_POINTS), islice(more, _BOUNDED_POINTS)))

    def _on_cells(self, term: Term, key: Term, names: list[str]) -> Decision | None:
        """The decision on piecewise linear formulas; where they differ at a corner, they differ beside it, too."""
        try:
            corner = difference_on_cells(term, key, names, self.domain, self.work)
        except NotLinearError:
            return None
        if corner is None:
            return EQUAL
        for step in _ASIDE:
            point = {name: simple(number + step) for name, number in corner.items()}
            try:
                own, right = value_at(term, point, self.work), value_at(key, point, self.work)
            except NoNumberError:
                continue
            if own != right and all(map(self._holds, point.values())):
                return Decision(False, witness_text(point, right, own) if names else "")
        return None

    def _on_grid(self, term: Term, key: Term, names: list[str]) -> Decision | None:
        """The decision on formulas that are polynomials on classes of integers."""
        try:
            point = difference_on_grid(term, key, names, self.work)
        except NoShapeError:
            return None
        return (
            EQUAL
            if point is None
            else Decision(False, witness_text(point, value_at(key, point), value_at(term, point)))
        )

    def _same_where_key_exists(self, term: Term, key: Term) -> bool:
        """Whether two terms are proved equal where the names below roots and logarithms of the key are at least 0."""
        rooted = _below_roots(key) if self.domain == "real" else ()
        if not rooted:
            return False
        engine = Canonical(self.names, self.domain)
        engine.lower = {i: 0 for i, name in enumerate(self.names) if name in rooted}
        try:
            with self.work.fuelling(engine):
                return engine.same(engine.of(term), engine.of(key))
        except (NoValueError, TooBigError):
            return False

    def _holds(self, number: Number) -> bool:
        """Whether the domain, in which the corners of all cells lie, has this number."""
        return self.domain == "real" or (number > 0 if self.domain == "positive" else number.denominator == 1)

    def _same_number(self, one: Term, other: Term) -> bool:
        """Whether two terms without names have one value, which their bounds pin down."""
        try:
            bounds = bounds_at(one, {}, self.work)
            return bounds[0] == bounds[1] and bounds == bounds_at(other, {}, self.work)
        except NoBoundsError:
            return False

    def _search_bounds(self, term: Term, key: Term, names: list[str]) -> str | None:
        """A point at which the bounds of two irrational values don't meet."""
        with self.work.half() as work:
            for point in self._few_points(names):
                try:
                    own, right = bounds_at(term, point, work), bounds_at(key, point, work)
                except NoBoundsError:
                    continue
                if own[1] < right[0] or right[1] < own[0]:
                    return witness_text(point, _shown(right), _shown(own), about=True) if names else ""
        return None


def _operations(term: Term) -> frozenset[str]:
    """The operations and functions of a term, of powers only those that may have no exact value."""
    if not isinstance(term, Formula) or term.op == "symbol":
        return frozenset()
    name, arguments = (term.args[0], term.args[1:]) if term.op == "call" else (term.op, term.args)
    own = frozenset((name,)) if name != "pow" or not isinstance(arguments[1], int) else frozenset()
    return own.union(*map(_operations, arguments))


def _below_roots(term: Any) -> frozenset[str]:
    """The names whose logarithm or square root occurs."""
    if not isinstance(term, Formula) or term.op == "symbol":
        return frozenset()
    found = frozenset[str]().union(*map(_below_roots, term.args))
    if term.op == "call" and term.args[0] in ("ln", "sqrt") and getattr(term.args[1], "op", "") == "symbol":
        found |= _names(term.args[1])
    return found


def _shown(bounds: Bounds) -> Number:
    """What stands for a value between narrow bounds: 0 for what may be 0, rather than something tiny."""
    whole = round(bounds[0])
    return whole if bounds[0] <= whole <= bounds[1] else bounds[0]


def _support(monomial: int) -> int:
    """A one in the lowest bit of each byte that is not zero."""
    return int.from_bytes(bytes(map(bool, monomial.to_bytes((monomial.bit_length() + 7) // 8, "little"))), "little")


def _names(term: Term) -> frozenset[str]:
    return term.names() if isinstance(term, Formula) else frozenset()
