"""The key of a part as it follows from what a student answered before.

>>> recomputed("floor((p_0 - 3)/2) + 1", {"p_0": 12})
5
>>> recomputed(["p_0", "2*p_0"], {"p_0": Fraction(1, 2)})
['1/2', 1]
>>> recomputed("4/(p_0 - 12)", {"p_0": 12}) is None
True
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

from cnnex.answers.decide import Decider
from cnnex.answers.judgement import Json
from cnnex.answers.polynomial import NoValueError, TooBigError, number_of
from cnnex.errors import InputError
from cnnex.notation.formula import Formula, Term
from cnnex.notation.lists import as_vector
from cnnex.notation.plain import plain
from cnnex.notation.read import expression
from cnnex.notation.symbols import table
from cnnex.notation.tokens import ReadError

_MOST_CHARACTERS = 2000
"""A student's term may be long, and each of its occurrences in the value repeats it."""


def entry_of(term: Term | None, place: Sequence[int]) -> Term | None:
    """The entry of an answer as it was read, counted from 0; None where there is none.

    >>> entry_of(7, []), entry_of(Formula("shape", 3, 4), [1]), entry_of(Formula("shape", 3, 4), [2])
    (7, 4, None)
    """
    if not isinstance(term, Formula) or term.op not in ("matrix", "shape"):
        return term if tuple(place) in ((), (0,)) else None  # a list of one entry may be written as a number
    rows = (term.args,) if term.op == "shape" else as_vector(term.args)
    if len(place) == 1 and len(rows) == 1:
        place = 0, *place
    if len(place) != 2 or place[0] >= len(rows) or place[1] >= len(rows[0]):
        return None
    entry: Term = rows[place[0]][place[1]]
    return entry


@lru_cache(1000)
def _term(value: str, names: tuple[str, ...]) -> Term:
    """A value of the key as a term; it is read once for all students of a set."""
    try:
        return expression(value, table(names)).term
    except ReadError as error:
        raise InputError(f"what follows, {value[:60]!r}, can't be read: {error}") from None


def recomputed(
    value: Json, earlier: Mapping[str, Term], symbols: Sequence[str] = (), domain: str = "real"
) -> Json | None:
    """The value with a student's own answers put in, as a key file would hold it; None where it has no value.

    Args:
        value: of the key's `follows`: a text or a number, or nested lists of them.
        earlier: the student's answers, by the symbols that stand for them.
        symbols: names that the part's answer may have.
        domain: what these names stand for.

    Raises:
        InputError: the value can't be read, which is the key's fault.
    """
    return _recomputed(value, earlier, Decider(symbols, domain), symbols)


def _recomputed(value: Json, earlier: Mapping[str, Term], decider: Decider, symbols: Sequence[str]) -> Json | None:
    if isinstance(value, list):
        entries = [_recomputed(each, earlier, decider, symbols) for each in value]
        return None if any(each is None for each in entries) else entries
    if not isinstance(value, str):
        return value
    term = _term(value, (*symbols, *earlier))
    put = term.put(**earlier) if isinstance(term, Formula) else term
    if isinstance(put, Formula) and not put.names() <= set(symbols):
        return None
    decider.begin()
    try:
        number = number_of(decider.engine.of(put))
    except (NoValueError, TooBigError):
        return None
    if number is not None:
        return number.numerator if number.denominator == 1 else str(Fraction(number))
    text = plain(put)
    return text if len(text) <= _MOST_CHARACTERS else None
