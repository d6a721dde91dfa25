"""Equality of maxima, minima and absolute values of linear terms, proved by finitely many points.

Such a formula is linear on each cell that the hyperplanes `p = q` cut out, p and q being what the arguments
of a maximum can come to. With the hyperplanes that bound the domain every cell has corners; a linear
function that vanishes at the corners of a cell and on its unbounded edges vanishes on the cell. So it is
enough to follow each line in which the hyperplanes meet: to its crossings, and once beyond the outermost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product
from math import comb
from typing import Any

from cnnex.answers.canonical import lowest
from cnnex.answers.points import NoNumberError, value_at
from cnnex.answers.work import Work
from cnnex.notation.formula import Formula, Number, Term
from cnnex.notation.tokens import simple

Form = tuple[Fraction, ...]
"""A linear form: its coefficients, and last its constant."""

_MAX_FORMS = 40
_FRACTIONS = 3
"""What an operation on fractions costs."""


class NotLinearError(Exception):
    """The formula has products, floors or other things that aren't piecewise linear, or too many cells."""


def difference_on_cells(
    left: Term, right: Term, names: Sequence[str], domain: str, work: Work
) -> dict[str, Number] | None:
    """A corner of a cell at which two formulas differ, None if they are proved equal on the domain.

    The corner of a cell may lie on the border of the domain, or between its integers.

    >>> from cnnex.notation.formula import call, symbols
    >>> x, = symbols("x")
    >>> difference_on_cells(call("min", call("max", x, 0), 6), call("max", call("min", x, 6), 0), ["x"], "real", Work())
    >>> difference_on_cells(call("max", x, 0), call("abs", x), ["x"], "real", Work())
    {'x': -1}

    Raises:
        NotLinearError: they aren't piecewise linear, or have too many cells.
    """
    cells = _Cells(names, work)
    lows = [lowest(name, domain) for name in names]
    for i, low in enumerate(lows):
        cells.cut((*(Fraction(int(i == j)) for j in range(len(names))), Fraction(-low)))
    cells.forms(left)
    cells.forms(right)
    count = comb(len(cells.planes), len(names) - 1) * (len(cells.planes) + 2) if names else 1
    if not work.take(_FRACTIONS * 2 * count * (len(names) + 1)) or count * cells.size > work.left:
        raise NotLinearError
    inside = None if domain == "real" else lows
    try:
        for values in _corners(list(cells.planes), len(names)):
            if inside is None or all(v >= low for v, low in zip(values, inside, strict=True)):
                point: dict[str, Number] = {n: simple(v) for n, v in zip(names, values, strict=True)}
                if value_at(left, point, work) != value_at(right, point, work):
                    return point
    except NoNumberError:  # too long a number
        raise NotLinearError from None
    return None


class _Cells:
    """The hyperplanes that the maxima of formulas give rise to."""

    def __init__(self, names: Sequence[str], work: Work) -> None:
        self.names = names
        self.work = work
        self.planes: dict[Form, None] = {}
        self.size = 0

    def cut(self, form: Form) -> None:
        """Add the hyperplane on which a form is zero, if there is one."""
        leading = next((c for c in form[:-1] if c), None)
        if leading is not None:
            self.planes[tuple(c / leading for c in form)] = None
            if len(self.planes) > _MAX_FORMS:
                raise NotLinearError

    def forms(self, term: Any) -> set[Form]:
        """What a term can come to on the cells."""
        self.size += 1
        zero = (Fraction(0),) * len(self.names)
        if not isinstance(term, Formula):
            return {(*zero, Fraction(term))}
        if term.op == "symbol":
            return {(*(Fraction(int(name == term.args[0])) for name in self.names), Fraction(0))}
        name, arguments = (term.args[0], term.args[1:]) if term.op == "call" else (term.op, term.args)
        inner = [self.forms(argument) for argument in arguments]
        if name == "neg":
            found = {_scaled(f, Fraction(-1)) for f in inner[0]}
        elif name == "add":
            found = {_added(*fs) for fs in self._pairings(inner)}
        elif name == "mul":
            found = {self._times(fs) for fs in self._pairings(inner)}
        elif name == "div":
            found = {self._divided(above, below) for above, below in self._pairings(inner)}
        elif name in ("max", "min", "abs", "relu"):
            found = self._largest(name, inner, (*zero, Fraction(0)))
        else:
            found = {(*zero, _number(name, inner))}
        if len(found) > _MAX_FORMS:
            raise NotLinearError
        return found

    def _largest(self, name: str, inner: list[set[Form]], zero: Form) -> set[Form]:
        if name == "abs":
            inner.append({_scaled(f, Fraction(-1)) for f in inner[0]})
        elif name == "relu":
            inner.append({zero})
        for one, other in combinations(inner, 2):
            for p, q in self._pairings([one, other]):
                self.cut(_added(p, _scaled(q, Fraction(-1))))
        return set().union(*inner)

    def _pairings(self, sets: Sequence[set[Form]]) -> Iterator[tuple[Form, ...]]:
        count = 1
        for forms in sets:
            count *= len(forms)
        if count > _MAX_FORMS**2 or not self.work.take(_FRACTIONS * count * len(sets) * (len(self.names) + 1)):
            raise NotLinearError
        return product(*sets)

    def _times(self, forms: Sequence[Form]) -> Form:
        result: Form = (*(Fraction(0) for _ in self.names), Fraction(1))
        for form in forms:
            if not any(form[:-1]):
                result = _scaled(result, form[-1])
            elif not any(result[:-1]):
                result = _scaled(form, result[-1])
            else:
                raise NotLinearError
        return result

    def _divided(self, above: Form, below: Form) -> Form:
        if any(below[:-1]) or not below[-1]:
            raise NotLinearError
        return _scaled(above, 1 / below[-1])


def _number(name: str, inner: list[set[Form]]) -> Fraction:
    """The value of another operation, which can only be one of numbers."""
    numbers = [form[-1] for forms in inner for form in forms if not any(form[:-1])]
    if any(len(forms) > 1 for forms in inner) or len(numbers) < len(inner):
        raise NotLinearError
    try:
        return Fraction(value_at(Formula(name, *map(simple, numbers)), {}))
    except (NoNumberError, KeyError):
        raise NotLinearError from None


def _scaled(form: Form, factor: Fraction) -> Form:
    return tuple(c * factor for c in form)


def _added(*forms: Form) -> Form:
    return tuple(map(sum, zip(*forms, strict=True)))  # type: ignore[arg-type]


def _corners(planes: list[Form], dimension: int) -> Iterator[tuple[Fraction, ...]]:
    """The crossings of the planes, and on each line in which they meet a point beyond the outermost; each once."""
    if dimension == 0:
        yield ()
        return
    met: set[tuple[Fraction, ...]] = set()
    for chosen in combinations(planes, dimension - 1):
        line = _line(chosen, dimension)
        if line is None:
            continue
        start, along = line
        steps = set()
        for plane in planes:
            slope = sum(a * b for a, b in zip(plane, along, strict=False))
            if slope:
                steps.add(-(sum(a * b for a, b in zip(plane, start, strict=False)) + plane[-1]) / slope)
        for step in (*steps, min(steps) - 1, max(steps) + 1):
            point = tuple(a + step * b for a, b in zip(start, along, strict=True))
            if point not in met:
                met.add(point)
                yield point


def _line(planes: Sequence[Form], dimension: int) -> tuple[list[Fraction], list[Fraction]] | None:
    """A point and the direction of the line in which the planes meet, None if they don't meet in a line."""
    rows = [list(plane) for plane in planes]
    pivots: list[int] = []
    for row in range(len(rows)):
        column = next((j for j in range(dimension) if rows[row][j]), None)
        if column is None:
            return None
        pivots.append(column)
        rows[row] = [c / rows[row][column] for c in rows[row]]
        for other in range(len(rows)):
            if other != row and (factor := rows[other][column]):
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[row], strict=True)]
    free = next(j for j in range(dimension) if j not in pivots)
    start, along = [Fraction(0)] * dimension, [Fraction(0)] * dimension
    along[free] = Fraction(1)
    for row, column in enumerate(pivots):
        start[column] = -rows[row][-1]
        along[column] = -rows[row][free]
    return start, along
