"""From a formula to its canonical value: equal values are equal formulas, proved.

>>> engine = Canonical(["W", "s"], "integers")
>>> from cnnex.notation.formula import symbols
>>> from cnnex.notation.formula import ceil, floor
>>> W, s = symbols("W s")
>>> engine.same(engine.of(ceil((W + 1) / s)), engine.of(floor(W / s) + 1))
True
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from cnnex.answers.polynomial import MAX_BITS, Poly, TooBigError, Value
from cnnex.answers.powers import Powers
from cnnex.notation.formula import Formula, Term


class Canonical(Powers):
    """The canonical values of formulas in these names over this domain."""

    def __init__(self, names: Sequence[str], domain: str) -> None:
        lower = {i: lowest(name, domain) for i, name in enumerate(names)} if domain != "real" else {}
        super().__init__(len(names), domain == "integers", lower)
        self.names = tuple(names)
        self._monomials = {name: 1 << 8 * i for i, name in enumerate(names)}

    def of(self, term: Term) -> Value:
        """The canonical value of a term.

        Raises:
            NoValueError: there is a division by zero.
            TooBigError: the work would be beyond the budget.
        """
        if isinstance(term, Formula):
            return _OF[term.op](self, *term.args)
        return self.constant(term)

    def _sum(self, *terms: Term) -> Value:
        total: Poly = {}
        quotients: Value = {}, None
        for term in terms:
            sign = 1
            while isinstance(term, Formula) and term.op == "neg":
                sign, term = -sign, term.args[0]
            x = self._product(*term.args) if isinstance(term, Formula) and term.op == "mul" else self.of(term)
            if x[1] is not None:
                quotients = self.add(quotients, x, sign)
                continue
            if len(x[0]) > 1:
                self.spend(len(x[0]))
            for m, c in x[0].items():
                total[m] = total.get(m, 0) + sign * c
        if 0 in total.values():
            total = {m: c for m, c in total.items() if c}
        return (total, None) if not quotients[0] else self.add((total, None), quotients)

    def _product(self, *factors: Any) -> Value:
        monomial, coefficient = 0, 1
        others: Value | None = None
        for factor in factors:
            if type(factor) is int:
                coefficient *= factor
                if coefficient.bit_length() > MAX_BITS:
                    raise TooBigError
            elif type(factor) is Formula and factor.op == "symbol":
                monomial += self._monomials[factor.args[0]]
                if monomial & self.guard:
                    raise TooBigError
            else:
                x = self.of(factor)
                others = x if others is None else self.mul(others, x)
        simple: Value = ({monomial: coefficient} if coefficient else {}), None
        return simple if others is None else self.mul(simple, others)

    def _mod(self, x: Term, y: Term) -> Value:
        a, b = self.of(x), self.of(y)
        return self.add(a, self.mul(self.floor(self.mul(a, self.inverse(b))), b), -1)

    def _pow(self, base: Term, exponent: Any) -> Value:
        if isinstance(exponent, int):
            power = self.power(self.of(base), exponent)
            return self.tidy(power) if self.atoms else power
        return self.raised(self.of(base), self.of(exponent))


# Tables of the class, not of each engine: made for each question they took a tenth of its time, and were cycles.
_OF: dict[str, Callable[..., Value]] = {
    "symbol": lambda engine, name: ({engine._monomials[name]: 1}, None),
    "add": Canonical._sum,
    "mul": Canonical._product,
    "neg": lambda engine, x: engine.neg(engine.of(x)),
    "div": lambda engine, x, y: engine.mul(engine.of(x), engine.inverse(engine.of(y))),
    "floordiv": lambda engine, x, y: engine.floor(engine.mul(engine.of(x), engine.inverse(engine.of(y)))),
    "mod": Canonical._mod,
    "pow": Canonical._pow,
    "call": lambda engine, function, *terms: _CALLS[function](engine, *map(engine.of, terms)),
}
_CALLS: dict[str, Callable[..., Value]] = {
    "floor": Canonical.floor,
    "ceil": Canonical.ceil,
    "max": lambda engine, *xs: engine.maximum(list(xs)),
    "min": lambda engine, *xs: engine.neg(engine.maximum([engine.neg(x) for x in xs])),
    "abs": lambda engine, x: engine.maximum([x, engine.neg(x)]),
    "relu": lambda engine, x: engine.maximum([x, ({}, None)]),
    "exp": Canonical.exponential,
    "ln": Canonical.logarithm,
    "sqrt": lambda engine, x: engine.raised(x, engine.constant(Fraction(1, 2))),
}


def lowest(name: str, domain: str) -> int:
    """The least value of a name: with integers 0 for paddings and 1 for anything else, with positive reals 0."""
    return int(domain == "integers" and not name.startswith(("p", "P")))
