"""Equality in every order of the names, proved order by order.

Where the order of the names is known, and over the reals also how they lie to zero, each name is a sum of
steps that are at least 0. In the steps most maxima are one of their arguments and most absolute values have
a sign: with `a = -u` and `b = v`, `|a b|` is `u v`. Equal in all orders is equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations
from math import factorial

from cnnex.answers.canonical import Canonical, lowest
from cnnex.answers.polynomial import NoValueError, TooBigError
from cnnex.answers.work import WORK, Work
from cnnex.notation.formula import Formula, Term

_MAX_NAMES = 5
_NODE = 13
"""What a node of a formula costs."""


def agree_in_all_orders(left: Term, right: Term, names: Sequence[str], domain: str, work: Work) -> bool:
    """Whether two formulas are proved equal on the domain, wherever both have a value.

    >>> from cnnex.notation.formula import call, symbols
    >>> a, b = symbols("a b")
    >>> agree_in_all_orders(call("abs", a * b), call("abs", a) * call("abs", b), ["a", "b"], "real", Work())
    True
    >>> agree_in_all_orders(call("abs", a * b), a * b, ["a", "b"], "real", Work())
    False
    """
    count = factorial(len(names) + (domain == "real")) if len(names) <= _MAX_NAMES else WORK
    if not work.take(_NODE * count * (_size(left) + _size(right))):
        return False
    steps = [f"p_{i}" for i in range(len(names))]  # at least 0 in any domain that has a least value
    engine = Canonical(steps, "integers" if domain == "integers" else "positive")
    try:
        with work.fuelling(engine):
            for placed in _orders(names, steps, domain):
                engine.forget(0)
                one, other = (engine.of(_put(term, placed)) for term in (left, right))
                if not engine.same(one, other):
                    return False
    except (NoValueError, TooBigError):
        return False
    return True


def _orders(names: Sequence[str], steps: Sequence[str], domain: str) -> Iterator[dict[str, Term]]:
    """The names as sums of steps: upwards from the least value, over the reals from zero upwards and downwards."""
    least = 0 if domain == "real" else min((lowest(name, domain) for name in names), default=0)
    for order in permutations(names):
        for below in range(len(names) + 1) if domain == "real" else (0,):
            placed: dict[str, Term] = {}
            for sign, part in ((-1, order[:below]), (1, order[below:])):
                terms: list[Term] = [least]
                for name in part:
                    step = Formula("symbol", steps[len(placed)])
                    terms.append(step if sign > 0 else Formula("neg", step))
                    placed[name] = Formula("add", *terms)
            yield placed


def _put(term: Term, placed: dict[str, Term]) -> Term:
    return term.put(**placed) if isinstance(term, Formula) else term


def _size(term: object) -> int:
    return 1 + sum(map(_size, term.args)) if isinstance(term, Formula) else 1
