"""Forms: what an answer has to look like besides being equal. Tested on the tree as it was typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import gcd
from typing import Any

from cnnex.answers.canonical import Canonical
from cnnex.answers.coprime import coprime
from cnnex.answers.polynomial import FUEL, TooBigError, Value
from cnnex.answers.powers import is_prime
from cnnex.notation.formula import Formula, Term

MESSAGES = {
    "expanded": "not yet expanded: multiply the brackets out",
    "factored": "not yet factored: write it as a product",
    "lowest-terms": "not yet in lowest terms: shorten it, and write fractions for decimals",
    "single-fraction": "not yet a single fraction",
    "unevaluated-sum": "the sum itself is asked, not yet worked out",
    "number": "a number is asked, so work the arithmetic out",
}
"""What is said of an answer without the form; `number` is what `arithmetic = False` asks for."""


def lacking(forms: Sequence[str], term: Term, key: Term, engine: Canonical) -> str:
    """The first of these forms that a term equal to the key doesn't have, "" if it has them all.

    >>> from cnnex.notation.formula import symbols
    >>> a, b = symbols("a b")
    >>> lacking(["factored"], a * a + a * b, a * (a + b), Canonical(["a", "b"], "real"))
    'factored'
    """
    engine.fuel = FUEL
    try:
        return next((form for form in forms if not _TESTS[form](term, key, engine)), "")
    except TooBigError:
        return forms[0]


# ---- expanded ----------------------------------------------------------------------------------
def _expanded(term: Term) -> bool:
    """A sum of products of names, numbers, functions and their powers."""
    if isinstance(term, Formula) and term.op == "add":
        return all(map(_expanded, term.args))
    return _monomial(term)


def _monomial(term: Any) -> bool:
    if not isinstance(term, Formula) or term.op in ("symbol", "call", "mod"):
        return True
    if term.op == "add":
        return False
    if term.op in ("neg", "mul"):
        return all(map(_monomial, term.args))
    if term.op == "div":
        return _monomial(term.args[0]) and _expanded(term.args[1])
    base, exponent = term.args
    if isinstance(exponent, int) and exponent < 0:
        return _expanded(base)
    return not isinstance(base, Formula) or base.op in ("symbol", "call")


# ---- factored ----------------------------------------------------------------------------------
def _factored(term: Term, key: Term, engine: Canonical) -> bool:
    """A product with as many factors as the key's product, from whose sums nothing can be taken out."""
    factors = _factors(term)
    symbolic = [factor for factor in factors if _has_names(factor)]
    if not symbolic:
        return all(not isinstance(f, Formula) and (abs(f) == 1 or is_prime(abs(f))) for f in factors)
    for factor in symbolic:
        n, _ = engine.reduced(engine.of(factor))
        if _is_sum(factor) and (gcd(*n.values()) != 1 or engine.common_monomial(list(n))):
            return False
    if not _is_sum(_unsigned(key)):
        return len(symbolic) >= sum(map(_has_names, _factors(key)))
    return len(symbolic) > 1 or _is_linear(engine.of(symbolic[0]))


def _is_linear(value: Value) -> bool:
    """Whether this is a polynomial of degree 1, of which nothing but a number can be taken out."""
    return value[1] is None and all(sum(m.to_bytes(-(-m.bit_length() // 8), "little")) < 2 for m in value[0])


def _factors(term: Any) -> list[Any]:
    """The factors of a product or a quotient, each as often as it occurs."""
    if isinstance(term, Formula):
        if term.op in ("neg", "mul", "div"):
            return [factor for argument in term.args for factor in _factors(argument)]
        if term.op == "pow" and isinstance(term.args[1], int):
            return _factors(term.args[0]) * abs(term.args[1])
    return [term]


# ---- fractions ---------------------------------------------------------------------------------
def _lowest(term: Term, engine: Canonical) -> bool:
    """No quotient in it can be shortened; a number is an integer or one fraction of integers."""
    term = _unsigned(term)
    if not isinstance(term, Formula):
        return isinstance(term, int)
    if not _has_names(term) and _is_arithmetic(term):
        above, below = map(_unsigned, term.args) if term.op == "div" else (0, 0)
        return isinstance(above, int) and isinstance(below, int) and gcd(above, below) == 1
    if term.op == "symbol":
        return True
    if term.op in ("add", "call", "mod"):
        return all(_lowest(t, engine) for t in term.args if not isinstance(t, str))
    above_below: tuple[list[Any], list[Any]] = [], []
    _collect(term, above_below, 0)
    values = []
    for factors in above_below:
        product = engine.of(Formula("mul", 1, *factors))
        if product[1] is not None:  # a fraction within a fraction, or a decimal
            return False
        values.append(product[0])
    return not above_below[1] or coprime(values[0], values[1])


def _collect(term: Any, above_below: tuple[list[Any], list[Any]], side: int) -> None:
    """Put the factors of a product above and below its fraction bar."""
    if isinstance(term, Formula):
        if term.op in ("neg", "mul"):
            for argument in term.args:
                _collect(argument, above_below, side)
            return
        if term.op == "div":
            _collect(term.args[0], above_below, side)
            _collect(term.args[1], above_below, 1 - side)
            return
        if term.op == "pow" and isinstance(term.args[1], int) and term.args[1] < 0:
            _collect(Formula("pow", term.args[0], -term.args[1]), above_below, 1 - side)
            return
    above_below[side].append(term)


def _single_fraction(term: Term) -> bool:
    """One fraction bar around everything, or none at all."""
    term = _unsigned(term)
    if isinstance(term, Formula) and term.op == "div":
        return not any(map(_divides, term.args))
    return not _divides(term)


def _divides(term: Any) -> bool:
    """Whether there is a division outside of functions; a decimal hides one."""
    if not isinstance(term, Formula):
        return not isinstance(term, int)
    if term.op in ("symbol", "call"):
        return False
    if term.op == "pow":
        return _divides(term.args[0]) or (isinstance(term.args[1], int) and term.args[1] < 0)
    return term.op == "div" or any(map(_divides, term.args))


# ---- numbers -----------------------------------------------------------------------------------
def _worked_out(term: Term) -> bool:
    """A number without arithmetic: an integer, a decimal, a fraction or a figure times a power of ten."""
    if _has_names(term):
        return True
    term = _unsigned(term)
    if not isinstance(term, Formula):
        return True
    if term.op == "div":
        above, below = map(_unsigned, term.args)
        return isinstance(above, int) and isinstance(below, int) and above % below != 0
    if term.op == "mul" and len(term.args) == 2:
        figure, scale = term.args
        return (
            not isinstance(figure, Formula) and isinstance(scale, Formula) and scale.op == "pow" and scale.args[0] == 10
        )
    return term.op == "call" and term.args[0] in ("sqrt", "exp", "ln")  # such a number has no other name


def _is_arithmetic(term: Any) -> bool:
    """Whether there are only numbers joined by signs."""
    return not isinstance(term, Formula) or (term.op not in ("symbol", "call") and all(map(_is_arithmetic, term.args)))


def _unsigned(term: Any) -> Any:
    while isinstance(term, Formula) and term.op == "neg":
        term = term.args[0]
    return term


def _is_sum(term: Any) -> bool:
    return isinstance(term, Formula) and term.op == "add"


def _has_names(term: Any) -> bool:
    return isinstance(term, Formula) and bool(term.names())


_TESTS: dict[str, Callable[[Term, Term, Canonical], bool]] = {
    "expanded": lambda term, _, __: _expanded(term),
    "factored": _factored,
    "lowest-terms": lambda term, _, engine: _lowest(term, engine),
    "single-fraction": lambda term, _, __: _single_fraction(term),
    "unevaluated-sum": lambda term, _, __: _is_sum(term),
    "number": lambda term, _, __: _worked_out(term),
}
