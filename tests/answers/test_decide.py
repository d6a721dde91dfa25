"""Deciding is sound: checked against SymPy, against brute force, and at the witness."""

import itertools
import math
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnex.answers.canonical import Canonical
from cnnex.answers.enclosure import NoBoundsError, bounds_at
from cnnex.answers.grid import difference_on_grid
from cnnex.answers.points import NoNumberError, value_at
from cnnex.answers.polynomial import NoValueError, TooBigError
from cnnex.answers.question import Question
from cnnex.answers.work import Work
from cnnex.errors import InputError
from cnnex.model.outcome import Verdict
from cnnex.notation.formula import Formula, Number, Term, symbols
from cnnex.notation.plain import plain
from cnnex.notation.read import expression
from cnnex.notation.symbols import Symbols

NAMES = ["a", "b", "p", "s"]
TABLE = Symbols(NAMES)
SYMBOLS = symbols("a b p s")


def trees(*, rounding: bool) -> st.SearchStrategy[Term]:
    leaves: st.SearchStrategy[Term] = st.one_of(
        st.sampled_from(SYMBOLS), st.integers(-3, 5), st.fractions(-2, 2, max_denominator=4)
    )

    def extend(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
        several = st.lists(inner, min_size=2, max_size=3)
        plain_ones = [
            several.map(lambda terms: Formula("add", *terms)),
            several.map(lambda terms: Formula("mul", *terms)),
            st.tuples(inner, inner).map(lambda pair: Formula("div", *pair)),
            st.tuples(inner, st.integers(0, 3)).map(lambda pair: Formula("pow", *pair)),
        ]
        if not rounding:
            return st.one_of(plain_ones)
        one = st.sampled_from(["floor", "ceil", "abs", "relu"])
        return st.one_of(
            *plain_ones,
            st.tuples(one, inner).map(lambda pair: Formula("call", *pair)),
            several.map(lambda terms: Formula("call", "max", *terms)),
            several.map(lambda terms: Formula("call", "min", *terms)),
            st.tuples(inner, inner).map(lambda pair: Formula("floordiv", *pair)),
        )

    return st.recursive(leaves, extend, max_leaves=8)


def sympified(term: Any) -> Any:
    """The same term as SymPy has it."""
    if not isinstance(term, Formula):
        return sympy.Rational(term.numerator, term.denominator)
    if term.op == "symbol":
        return sympy.Symbol(term.args[0], real=True)
    name, arguments = (term.args[0], term.args[1:]) if term.op == "call" else (term.op, term.args)
    terms = [sympified(argument) for argument in arguments]
    built = {
        "add": sympy.Add, "mul": sympy.Mul, "neg": lambda x: -x, "div": lambda x, y: x / y, "pow": sympy.Pow,
        "floor": sympy.floor, "ceil": sympy.ceiling, "abs": sympy.Abs, "max": sympy.Max, "min": sympy.Min,
        "relu": lambda x: sympy.Max(x, 0), "floordiv": lambda x, y: sympy.floor(x / y),
    }[name]  # fmt: skip
    return built(*terms)


def judged(key: Term, answer: Term, domain: str) -> tuple[Verdict, Term, Term] | None:
    """The verdict, and the two terms as they were read; None where the key can't be used."""
    try:
        asked = Question("expr", plain(key), symbols=NAMES, domain=domain)
    except InputError:
        return None
    verdict = asked.judge(plain(answer)).verdict
    return verdict, expression(plain(key), TABLE).term, expression(plain(answer), TABLE).term


@settings(max_examples=80, deadline=None)
@given(trees(rounding=False), trees(rounding=False))
def test_rational_functions_against_sympy(left: Term, right: Term) -> None:
    for answer in (right, Formula("add", right, left, Formula("neg", right))):
        found = judged(left, answer, "real")
        if found is None or found[0] is Verdict.UNREADABLE:
            continue
        difference = sympy.cancel(sympified(found[1]) - sympified(found[2]))
        assert (found[0] is Verdict.CORRECT) == (difference == 0)


def some_points(domain: str) -> list[dict[str, Number]]:
    sides: dict[str, list[list[Number]]] = {
        "real": [[-2, Fraction(1, 3), 0, 2], [1, -1, Fraction(-3, 2), 3], [0, 2], [Fraction(5, 2), -1, 1]],
        "positive": [[1, Fraction(1, 3), 4], [Fraction(1, 2), 2], [Fraction(1, 4), 3], [1, Fraction(5, 3)]],
        "integers": [[1, 2, 5], [1, 3, 4], [0, 1, 3], [1, 2, 3]],
    }
    return [dict(zip(NAMES, point, strict=True)) for point in itertools.product(*sides[domain])]


POINTS = {domain: some_points(domain) for domain in ("real", "positive", "integers")}


@settings(max_examples=150, deadline=None)
@given(trees(rounding=True), trees(rounding=True), st.sampled_from(sorted(POINTS)))
def test_what_is_called_equal_is_equal_at_points(left: Term, right: Term, domain: str) -> None:
    equal = [
        Formula("add", left, right, Formula("mul", -1, right)),
        Formula("call", "max", left, Formula("add", left, -1)),
        Formula("mul", -1, Formula("call", "min", Formula("mul", -1, left), Formula("mul", left, -1))),
    ]
    for answer in (right, *equal):
        found = judged(left, answer, domain)
        if found is None or found[0] in (Verdict.UNREADABLE, Verdict.UNDECIDED):
            continue
        values = []
        for point in POINTS[domain]:
            try:
                values.append((value_at(found[1], point), value_at(found[2], point)))
            except NoNumberError:
                continue
        if found[0] is Verdict.CORRECT:
            assert all(x == y for x, y in values)
        elif answer is not right:
            assert any(x != y for x, y in values) or not values


@settings(max_examples=60, deadline=None)
@given(trees(rounding=True), st.sampled_from(POINTS["real"]))
def test_values_at_points_against_sympy(term: Term, point: dict[str, Number]) -> None:
    try:
        value = value_at(term, point)
    except NoNumberError:
        return
    numbers = {sympy.Symbol(n, real=True): sympy.Rational(v.numerator, v.denominator) for n, v in point.items()}
    found = sympified(term).subs(numbers).doit()  # SymPy may leave a `Min(0, 1)` as it is
    assert found == sympy.Rational(value.numerator, value.denominator)


EQUAL = [
    ("integers", "floor((a+2p-b)/s)+1", "ceil((a+2p-b+1)/s)"),
    ("integers", "floor((a+2p-b)/s)+1", "floor((a+2p-b+s)/s)"),
    ("integers", "floor((a+2p-b)/s)+1", "1-ceil((b-a-2p)/s)"),
    ("integers", "floor((a+2p-b)/s)+1", "(a+2p-b-(a+2p-b)%s)/s+1"),
    ("integers", "floor((a+2p-b)/s)+1", "floor((a+2p-b+1/2)/s)+1"),
    ("integers", "floor(a/(2s))", "floor(floor(a/s)/2)"),
    ("integers", "floor(a/3)+floor((a+1)/3)+floor((a+2)/3)", "a"),
    ("integers", "ceil(a/2)", "floor((a+1)/2)"),
    ("integers", "a%2", "a-2floor(a/2)"),
    ("integers", "(a%3)^2", "a^2 - 6a floor(a/3) + 9 floor(a/3)^2"),
    ("integers", "max(a, 1)", "a"),
    ("integers", "max(p, 0)", "p"),
    ("real", "max(a, b)", "(a+b+|a-b|)/2"),
    ("real", "max(a, b)+min(a, b)", "a+b"),
    ("real", "relu(a)-relu(-a)", "a"),
    ("real", "max(a, b, s)", "max(max(s, a), b)"),
    ("real", "2max(a, b)", "max(2a, 2b)"),
    ("real", "floor(a+1)", "floor(a)+1"),
    ("real", "(a^2-b^2)/(a-b)", "a+b"),
    ("real", "1/(1+e^-a)", "e^a/(1+e^a)"),
    ("real", "e^(a+b)", "e^a e^b"),
    ("real", "sqrt(2)/2", "1/sqrt(2)"),
    ("real", "1/(1+sqrt(2))", "sqrt(2)-1"),
    ("real", "sqrt(a^2)", "|a|"),
    ("real", "min(max(a, 0), 6)", "max(min(a, 6), 0)"),
    ("real", "min(max(a, 0), 6)", "6 - relu(6 - relu(a))"),
    ("real", "max(a, b) - min(a, b)", "|a - b|"),
    ("real", "max(min(a, b), min(b, s), min(a, s))", "min(max(a, b), max(b, s), max(a, s))"),
    ("positive", "|a + b|", "|a| + |b|"),
    ("positive", "sqrt(a)sqrt(b)", "sqrt(ab)"),
    ("positive", "ln(a/b)", "-ln(b)+ln(a)"),
    ("positive", "ln(8)", "3ln(2)"),
    ("positive", "e^(b ln a)", "a^b"),
    ("integers", "4^a", "2^a 2^a"),
    ("integers", "(b+1)^a", "(b+1)(1+b)^(a-1)"),
]
DIFFERENT = [
    ("integers", "floor((a+2p-b)/s)+1", "ceil((a+2p-b)/s)+1"),
    ("integers", "floor(a/2)", "a/2"),
    ("integers", "max(p, 1)", "p"),
    ("real", "max(a, 1)", "a"),
    ("real", "ceil((a+1)/2)", "floor(a/2)+1"),
    ("real", "|a|", "a"),
    ("real", "sqrt(a^2)", "a"),
    ("real", "e^(a+b)", "e^a + e^b"),
    ("real", "sqrt(2)", "1.41421356237309504880168872420969807857"),
    ("positive", "ln(a+b)", "ln(a)+ln(b)"),
    ("real", "a + 1/10^30", "a"),
]


@pytest.mark.parametrize(("domain", "left", "right"), EQUAL)
def test_identities(domain: str, left: str, right: str) -> None:
    assert Question("expr", left, symbols=NAMES, domain=domain).judge(right).verdict is Verdict.CORRECT
    assert Question("expr", right, symbols=NAMES, domain=domain).judge(left).verdict is Verdict.CORRECT


@pytest.mark.parametrize(("domain", "left", "right"), DIFFERENT)
def test_differences(domain: str, left: str, right: str) -> None:
    judgement = Question("expr", left, symbols=NAMES, domain=domain).judge(right)
    assert judgement.verdict is Verdict.INCORRECT
    assert bool(judgement.witness) == any(name in left for name in NAMES if name != "s" or "sqrt" not in left)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(-6, 6), st.integers(-6, 6), st.integers(1, 5), st.integers(-4, 4), st.sampled_from(["floor", "ceil"])
)
def test_floor_rules_against_a_small_grid(m: int, c: int, d: int, t: int, name: str) -> None:
    a, s = symbols("a s")
    engine = Canonical(["a", "s"], "integers")
    once = Formula("call", name, (a * m + s * t + c) / (s * d))
    spellings = [
        Formula("call", name, Formula("call", name, (a * m + s * t + c) / s) / d),
        Formula("call", name, Formula("call", "floor", (a * m + c) / s + t) / d),
        Formula("call", "ceil", (a * m + s * t + c + 1 - s * d) / (s * d)),
        once + 1,
    ]
    for spelling in spellings:
        if engine.same(engine.of(once), engine.of(spelling)):
            assert agree_at_small_points(once, spelling)


def agree_at_small_points(left: Formula, right: Formula) -> bool:
    points = [{"a": a, "s": s} for a in range(1, 12) for s in range(1, 6)]
    return all(value_at(left, p) == value_at(right, p) for p in points)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(-4, 4), min_size=3, max_size=3), st.integers(1, 4), st.integers(1, 3))
def test_grids_prove_only_what_holds(numbers: list[int], divisor: int, period: int) -> None:
    (n,) = symbols("n")
    left = Formula("call", "floor", (n * n * numbers[0] + n * numbers[1] + numbers[2]) / divisor)
    right = Formula("add", left, Formula("mod", n, period), Formula("neg", Formula("mod", n + numbers[0], period)))
    holds = all(value_at(left, {"n": i}) == value_at(right, {"n": i}) for i in range(1, 200))
    assert (difference_on_grid(left, right, ["n"], Work()) is None) == holds


@settings(max_examples=80, deadline=None)
@given(trees(rounding=True), st.sampled_from(POINTS["positive"]))
def test_bounds_hold(term: Term, point: dict[str, Number]) -> None:
    try:
        value = value_at(term, point)
        low, high = bounds_at(term, point)
    except (NoNumberError, NoBoundsError):
        return
    assert low <= value <= high
    assert high - low < Fraction(1, 10**30)


@pytest.mark.parametrize("x", [Fraction(1, 7), Fraction(2), Fraction(31, 3), Fraction(50)])
def test_bounds_of_functions(x: Fraction) -> None:
    for name, function in (("exp", math.exp), ("ln", math.log), ("sqrt", math.sqrt)):
        low, high = bounds_at(Formula("call", name, x), {})
        assert low < high
        assert math.isclose(float(low), function(x), rel_tol=1e-12)


@settings(max_examples=100, deadline=None)
@given(trees(rounding=True), st.sampled_from(["real", "integers", "positive"]))
def test_canonical_forms_are_stable(term: Term, domain: str) -> None:
    engine = Canonical(NAMES, domain)
    try:
        first = engine.of(term)
        assert engine.same(first, engine.of(term))
        assert engine.same(engine.add(first, engine.neg(first)), engine.constant(0))
    except (NoValueError, TooBigError):
        return
