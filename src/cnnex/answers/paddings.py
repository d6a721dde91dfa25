"""Equality of formulas whose maxima are paddings: it is proved for all integers from 0 on in their place.

A maximum that is nowhere negative, such as `P = max((ceil(W/s) - 1)*s + K - W, 0)`, falls apart where it stands
in a floor. What is equal for every `P` from 0 on, as `P - floor(P/2)` and `ceil(P/2)` are, is equal for this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cnnex.answers.canonical import Canonical
from cnnex.answers.polynomial import NoValueError, TooBigError
from cnnex.answers.work import Work
from cnnex.notation.formula import Formula, Term

_FREE = tuple(f"p {i}" for i in range(3))
"""Names that stand for paddings: at least 0, as all that begin with p, and with a blank, so no question has them."""


def agree_for_all_paddings(left: Term, right: Term, names: Sequence[str], work: Work) -> bool:
    """Whether two formulas are proved equal for the integers of the domain, wherever both have a value.

    >>> from cnnex.notation.formula import call, ceil, floor, symbols
    >>> K, s = symbols("K s")
    >>> padding = call("max", K - s, 0)
    >>> agree_for_all_paddings(padding - floor(padding / 2), ceil(call("relu", K - s) / 2), ["K", "s"], Work())
    True
    >>> agree_for_all_paddings(padding - floor(padding / 2), floor(padding / 2), ["K", "s"], Work())
    False
    """
    engine = Canonical([*names, *_FREE], "integers")
    found: dict[Any, Formula] = {}
    try:
        with work.fuelling(engine):
            one, other = _put(left, engine, found), _put(right, engine, found)
            return bool(found) and engine.same(engine.of(one), engine.of(other))
    except (NoValueError, TooBigError):
        return False


def _put(term: Any, engine: Canonical, found: dict[Any, Formula]) -> Any:
    """The term with a name for each padding, the same one for paddings of the same value."""
    if not isinstance(term, Formula) or term.op == "symbol":
        return term
    if term.op == "call" and _is_padding(term, engine):
        key = engine.key(engine.of(term))
        if key not in found and len(found) < len(_FREE):
            found[key] = Formula("symbol", _FREE[len(found)])
        if key in found:
            return found[key]
    return Formula(term.op, *[_put(argument, engine, found) for argument in term.args])


def _is_padding(term: Formula, engine: Canonical) -> bool:
    """Whether this is the largest of integers of which one is nowhere negative."""
    function, *arguments = term.args
    if function not in ("max", "relu"):
        return False
    values = [engine.of(argument) for argument in arguments]
    whole = all(below is None and engine.is_whole(value) for value, below in values)
    return whole and (function == "relu" or any(engine.sign(value) == 1 for value, _ in values))
