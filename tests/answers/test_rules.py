"""Each rule of deciding against brute force: what is called equal is equal at every point of a grid."""

import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product

import pytest

from cnnex.answers.enclosure import NoBoundsError, bounds_at
from cnnex.answers.orders import agree_in_all_orders
from cnnex.answers.points import NoNumberError, value_at
from cnnex.answers.question import Question
from cnnex.answers.work import Work
from cnnex.errors import InputError
from cnnex.model.outcome import Verdict
from cnnex.notation.formula import Number, Term
from cnnex.notation.read import expression
from cnnex.notation.symbols import Symbols

NAMES = ["a", "b", "K", "W", "s", "p", "L"]
TABLE = Symbols(NAMES)
SIDES: dict[str, list[Number]] = {
    "integers": [1, 2, 3, 4, 5, 7, 8, 12],
    "positive": [Fraction(1, 3), Fraction(1, 2), 1, Fraction(5, 3), 2, 3, Fraction(9, 2)],
    "real": [-3, -2, Fraction(-4, 3), -1, Fraction(-1, 2), 0, Fraction(1, 3), 1, Fraction(3, 2), 2],
}


def read(text: str) -> Term:
    return expression(text, TABLE).term


def grid(names: list[str], domain: str) -> Iterator[dict[str, Number]]:
    for values in product(SIDES[domain], repeat=len(names)):
        yield dict(zip(names, values, strict=True))


def differs(left: Term, right: Term, names: list[str], domain: str) -> bool:
    """Whether two terms differ at a point where both exist; irrational ones by their bounds."""
    for point in grid(names, domain):
        try:
            if value_at(left, point) != value_at(right, point):
                return True
        except NoNumberError:
            try:
                one, other = bounds_at(left, point), bounds_at(right, point)
            except NoBoundsError:
                continue
            if one[1] < other[0] or other[1] < one[0]:
                return True
    return False


def verdict(key: str, answer: str, domain: str) -> Verdict:
    return Question("expr", key, symbols=NAMES, domain=domain).judge(answer).verdict


EQUAL = [
    # denominators of several terms: multiples leave the floor, a rest between 0 and D is nothing
    ("integers", "ceil(W/(s+1))", "(W+s)//(s+1)"),
    ("integers", "floor((W-1)/(K-1))", "ceil((W-K+1)/(K-1))"),
    ("integers", "floor((W-1)/(2*K-1))+1", "floor((W+2K-2)/(2K-1))"),
    ("integers", "ceil(K/(K+1))", "1"),
    ("integers", "ceil(K/(K+1))", "floor((K-1)/(K+1)) + 1"),
    ("integers", "floor(K/(K+1))", "0"),
    ("integers", "floor(-K/(K+1))", "-1"),
    ("integers", "floor((W+K s)/(K+s))", "-ceil(-(W+K s)/(K+s))"),
    ("real", "floor((a+b+1)/(a+b))", "1 + floor(1/(a+b))"),
    # min(1, r)
    ("integers", "ceil(W/s)", "floor(W/s) + min(1, W % s)"),
    ("integers", "ceil(W/3)", "floor(W/3) + min(1, W % 3)"),
    ("integers", "ceil((W+2p-K)/s)", "floor((W+2p-K)/s) + min((W+2p-K) % s, 1)"),
    ("integers", "ceil((W-1)/s)", "(W-1)//s + min(1, (W-1) % s)"),
    ("integers", "2*ceil(W/s)", "2*floor(W/s) + min(2, 2*(W % s))"),
    ("integers", "W % s", "max(0, W % s)"),
    ("integers", "W % s", "|W % s|"),
    ("integers", "max(0, W - s*floor(W/s))", "max(0, max(W-s*floor(W/s), 0))"),
    ("integers", "floor(floor(W/2)/3)", "-ceil(-floor(W/2)*3^-1)"),
    # what is nowhere negative
    ("integers", "floor(W/s)", "max(0, floor(W/s))"),
    ("integers", "ceil(W/s)", "max(1, ceil(W/s))"),
    ("integers", "ln(W)", "max(0, ln W)"),
    ("real", "e^a", "|e^a|"),
    ("real", "relu(a)", "|relu(a)|"),
    ("real", "|a|", "||a||"),
    ("real", "a^2", "|a^2|"),
    ("real", "sqrt(a)", "relu(sqrt(a))"),
    # powers of integers
    ("integers", "ceil(W/2**L)", "floor((W + 2^L - 1)/2^L)"),
    ("integers", "ceil(W/2**L)", "floor((W-1)/2^L) + 1"),
    ("integers", "2**L", "floor(2^L)"),
    ("integers", "floor(W/2**L)", "(W - W % 2^L)/2^L"),
    # floors of maxima
    ("real", "floor(max(a, b))", "max(floor(a), floor(b))"),
    ("real", "ceil(min(a, b)/2)", "min(ceil(a/2), ceil(b/2))"),
    ("integers", "ceil(max(W, K)/s)", "max(ceil(W/s), ceil(K/s))"),
    ("integers", "floor(max(W, K)/2)", "max(W//2, K//2)"),
    # products of maxima
    ("real", "max(a, b)*min(a, b)", "a*b"),
    ("positive", "max(a, b)", "a*b/min(a, b)"),
    ("real", "|a-b|^2", "(a-b)^2"),
    ("real", "relu(a)*relu(-a)", "0"),
    ("real", "relu(a)^2 + relu(-a)^2", "a^2"),
    ("real", "|a*b|", "|a|*|b|"),
    ("real", "|a/b|", "|a|/|b|"),
    ("positive", "max(a, b)*s", "max(s*a, s*b)"),
    ("real", "relu(a)*relu(b) + relu(-a)*relu(-b)", "relu(a*b)"),
    # squares below roots and logarithms
    ("real", "sqrt((a-b)^2)", "|a-b|"),
    ("real", "sqrt(a^2 + 2a*b + b^2)", "|b+a|"),
    ("real", "sqrt(2a^2)", "sqrt(2)*|a|"),
    ("real", "ln(a^2)", "2ln|a|"),
    ("real", "ln((a+b)^4)", "4ln|a+b|"),
    ("real", "sqrt(a^2*b^2)", "|a|*|b|"),
    ("real", "max(b, 3)", "max(b, sqrt(3)^2)"),
    # halves of a padding, whatever it is
    ("integers", "ceil(max((ceil(W/s)-1)*s+K-W, 0)/2)", "max((ceil(W/s)-1)*s+K-W, 0) - relu(s*floor((W-1)/s)+K-W)//2"),
    (
        "integers",
        "max((ceil(W/s)-1)*s+L*(K-1)+1-W, 0)//2 + ceil(max((ceil(W/s)-1)*s+L*(K-1)+1-W, 0)/2)",
        "relu(L*(K-1) - (W-1)%s)",
    ),
    # powers of -1 are remainders
    ("integers", "(-1)^L", "1 - 2*(L%2)"),
    ("integers", "(1 + (-1)^(L+1))/2", "L%2"),
    ("integers", "(-2)^(2*L)*b", "b*4^L"),
    # what is common to all terms comes out of powers and logarithms; of what may be negative, squares
    ("real", "ln(exp(a) + exp(b))", "max(a, b) + ln(1 + exp(-|a-b|))"),
    ("positive", "ln(a*b + a*s)", "ln a + ln(b + s)"),
    ("positive", "(a*b + a)^L", "a^L*(b + 1)^L"),
    ("real", "sqrt(a^2*b)", "|a|sqrt(b)"),
    ("real", "sqrt(s^2*a + s^2*b)", "|s|sqrt(a + b)"),
    # exponents with names in denominators, term by term
    ("real", "exp(a/s)/(exp(a/s) + exp(b/s))", "1/(1 + exp((b-a)/s))"),
    ("real", "exp(-(a-b)^2/(2s^2))", "exp(-a^2/(2s^2)) exp(ab/s^2)/exp(b^2/(2s^2))"),
    ("real", "exp(a/(1+b^2))", "1/exp(-2a/(2+2b^2))"),
    ("positive", "exp(a/(s*L))^s", "exp(a/L)"),
    ("positive", "a", "(a^b)^(1/b)"),
    # numbers in piecewise linear answers
    ("real", "max(min(a, 4), 2)", "min(max(a, 2), 2^2)"),
    ("real", "max(a, b, 0)", "relu((a+b+|a-b|)*2^-1)"),
    ("real", "max(min(a, 4), 2)", "min(max(a, 9//4), 4)"),
]
NOT_EQUAL = [
    ("integers", "ceil(p/(p+1))", "1"),
    ("integers", "ceil(W/(s+1))", "(W+s+1)//(s+1)"),
    ("integers", "floor(W/(K+1))", "0"),
    ("integers", "ceil(W/s)", "floor(W/s) + min(2, W % s)"),
    ("integers", "ceil(W/s)", "floor(W/s) + min(1, W % 3)"),
    ("integers", "(-1)^L", "1 - 2*(L%3)"),
    ("integers", "(-1)^(L*p)", "(-1)^L*(-1)^p"),
    ("real", "(-1)^L", "1 - 2*(L%2)"),
    ("integers", "ceil(relu(K-s)/2)", "relu(K-s) - ceil(relu(K-s)/2)"),
    ("integers", "ceil(relu(K-s*L)/2)", "relu(K-s*L) - relu(K-s-L)//2"),
    ("integers", "floor((W-K)/s)", "max(0, floor((W-K)/s))"),
    ("integers", "2**(W-K)", "floor(2^(W-K))"),
    ("positive", "2**L", "floor(2^L)"),
    ("positive", "ln(a)", "max(0, ln a)"),
    ("real", "floor(a+b)", "floor(a) + floor(b)"),
    ("real", "floor(max(a, b)/2)", "max(floor(a), floor(b))/2"),
    ("real", "relu(a)*relu(b)", "relu(a*b)"),
    ("real", "|a-b|*(a-b)", "(a-b)^2"),
    ("real", "max(s*a, s*b)", "s*max(a, b)"),
    ("real", "sqrt(a^2)", "a"),
    ("real", "ln(a^2)", "2ln(a)^2"),
    ("real", "a^(1/3)", "((a^(1/3))^2)^(1/2)"),
    ("real", "a", "((a^b)^(1/b))"),
    ("positive", "a", "(-a)^(-1/3)"),
    ("real", "sqrt(a^2*b)", "a*sqrt(b)"),
    ("real", "exp(a/(b+s))", "exp(a/b)*exp(a/s)"),
    ("real", "exp(a/b)^2", "exp(a^2/b^2)"),
    ("real", "a", "|a|^3/a^2"),
    ("integers", "floor((K-W)/s)*sqrt(floor((K-p)/s)*floor((K-L)/s))",
     "sqrt(floor((K-W)/s)*floor((K-p)/s))*sqrt(floor((K-W)/s)*floor((K-L)/s))"),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "left", "right"), EQUAL)
def test_rules(domain: str, left: str, right: str) -> None:
    names = [name for name in NAMES if name in left + right]
    assert not differs(read(left), read(right), [name for name in names if name in "abKWspL"], domain)
    assert verdict(left, right, domain) is Verdict.CORRECT
    assert verdict(right, left, domain) is Verdict.CORRECT


@pytest.mark.parametrize(("domain", "left", "right"), NOT_EQUAL)
def test_nearly_rules(domain: str, left: str, right: str) -> None:
    assert verdict(left, right, domain) is not Verdict.CORRECT
    assert verdict(right, left, domain) is not Verdict.CORRECT


def linear(rng: random.Random, names: list[str]) -> str:
    return " + ".join([f"({rng.randint(-2, 3)})*{name}" for name in names] + [f"({rng.randint(-2, 3)})"])


def rounded(rng: random.Random) -> tuple[str, str, list[str], str]:
    names = rng.sample(["W", "K", "s"], 2)
    n, d, c = linear(rng, names), linear(rng, names), rng.randint(-2, 2)
    left, right = rng.sample(["floor", "ceil"], 1)[0], rng.sample(["floor", "ceil"], 1)[0]
    shift = rng.choice(["0", "1", "-1", f"({d}) - 1", f"1 - ({d})", f"{c}*({d})"])
    return f"{left}(({n})/({d}))", f"{right}(({n} + {shift})/({d})) + {rng.choice([-1, 0, 1, -c])}", names, "integers"


def remainder(rng: random.Random) -> tuple[str, str, list[str], str]:
    names = rng.sample(["W", "K", "s"], 2)
    n, d = linear(rng, names), rng.choice(["2", "3", names[0], names[1], f"({names[0]}+1)", f"2*{names[1]}"])
    r = rng.choice([f"(({n}) % ({d}))", f"({d} - 1 - (({n}) % ({d})))", f"((-({n})) % ({d}))"])
    bound = rng.choice([f"min({rng.randint(0, 2)}, {r})", f"max({rng.randint(0, 2)}, {r})", f"relu({r} - 1)", f"|{r}|"])
    left = rng.choice([f"ceil(({n})/({d})) - floor(({n})/({d}))", r, f"{r} - 1", "1", "0"])
    return left, rng.choice([bound, f"{r} - {bound}"]), names, "integers"


def maxima(rng: random.Random) -> tuple[str, str, list[str], str]:
    domain = rng.choice(["real", "positive", "integers"])

    def tree(depth: int) -> str:
        if depth == 0:
            return rng.choice(["a", "b", "a", "b", "1", "(-1)", "(a-b)"])
        one, other = tree(depth - 1), tree(depth - 1)
        return rng.choice([
            f"max({one}, {other})", f"min({one}, {other})", f"|{one}|", f"relu({one})", f"({one})*({other})",
            f"({one})*({other})", f"({one} - {other})", f"sqrt(({one})^2)", f"floor({one})",
        ])  # fmt: skip

    left = tree(2)
    wrapped = [f"|{left}|", f"relu({left})", f"sqrt(({left})^2)", f"-min(-({left}), 0)", f"floor({left})"]
    return left, rng.choice([tree(2), *wrapped]), ["a", "b"], domain


def roots(rng: random.Random) -> tuple[str, str, list[str], str]:
    def tree(depth: int) -> str:
        if depth == 0:
            return rng.choice(["a", "b", "a", "2", "(a-b)", "(-a)"])
        one, other = tree(depth - 1), tree(depth - 1)
        exponent = rng.choice(["2", "3", "-1", "1/2", "1/3", "2/3", "b"])
        return rng.choice([f"({one})^({exponent})", f"({one})^({exponent})", f"({one})*({other})", f"|{one}|"])

    left = tree(2)
    exponent = rng.choice([2, 3])
    wrapped = [
        f"(({left})^{exponent})^(1/{exponent})", f"(({left})^(1/{exponent}))^{exponent}", f"|{left}|",
        f"(({left})^(2/3))^(3/2)", f"(({left})^b)^(1/b)", f"e^(ln({left}))", f"e^(ln(({left})^2)/2)",
    ]  # fmt: skip
    return left, rng.choice(wrapped), ["a", "b"], rng.choice(["real", "positive"])


@pytest.mark.parametrize("make", [rounded, remainder, maxima, roots])
@pytest.mark.parametrize("seed", range(8))
def test_what_is_called_equal_is_equal(
    make: Callable[[random.Random], tuple[str, str, list[str], str]], seed: int
) -> None:
    rng = random.Random(seed)
    for _ in range(40):
        left, right, names, domain = make(rng)
        try:
            found = verdict(left, right, domain)
        except InputError:  # a key without a value
            continue
        if found is Verdict.CORRECT:
            assert not differs(read(left), read(right), names, domain), (domain, left, right)


@pytest.mark.parametrize("seed", range(4))
def test_orders_prove_only_what_holds(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(40):
        left, right, names, domain = maxima(rng)
        if agree_in_all_orders(read(left), read(right), names, domain, Work()):
            assert not differs(read(left), read(right), names, domain), (domain, left, right)


@pytest.mark.parametrize(("key", "answer"), [
    ("5", "(sqrt(2)sqrt(2)-2)/(sqrt(2)sqrt(2)-2)"), ("1", "(|a||b| - |a*b|)/(|a||b| - |a*b|)"),
    ("2", "relu(a)relu(-a)/(relu(a)relu(-a))"), ("1", "ln(0/a)"),
    ("-a^2", "exp(ln(-a^2))"), ("-a", "exp(ln(-sqrt(a)^2))"),
])  # fmt: skip
def test_what_has_a_value_nowhere_is_not_right(key: str, answer: str) -> None:
    assert verdict(key, answer, "real") is not Verdict.CORRECT


@pytest.mark.parametrize(("key", "answer", "expected"), [
    ("ln a + ln b", "ln(ab)", Verdict.CORRECT),
    ("sqrt(a)*sqrt(b)", "sqrt(ab)", Verdict.CORRECT),
    ("ln(a^2)", "2 ln a", Verdict.UNDECIDED),
    ("|a|", "sqrt(a)^2", Verdict.UNDECIDED),
])  # fmt: skip
def test_the_key_says_which_names_are_not_negative(key: str, answer: str, expected: Verdict) -> None:
    assert verdict(key, answer, "real") is expected


def test_a_search_for_differences_leaves_work_for_proofs() -> None:
    assert (
        verdict("b*ln(1+exp(-a)) + (1-b)*ln(1+exp(a))", "max(a, 0) - a*b + ln(1+exp(-|a|))", "real") is Verdict.CORRECT
    )


def test_a_difference_on_the_grid_is_told() -> None:
    judgement = Question("expr", "K", symbols=NAMES, domain="integers").judge("K % 1000")
    assert judgement.verdict is Verdict.INCORRECT
    assert judgement.witness == "for K = 1000 the value is 1000, yours gives 0"


def test_a_value_far_away_is_a_value() -> None:
    assert verdict("1/floor(W/300)", "1/(W//300)", "integers") is Verdict.CORRECT


def test_differences_at_corners_have_witnesses() -> None:
    for domain, key, answer in (
        ("real", "max(|W - a|, a, min(2b, W))", "max(|W - a|, a, min(2(b + 1), W))"),
        ("positive", "max(min(a, 2s), min(s, 2a), s + a)", "max(min(a + 1, 2s), min(s, 2a), s + a)"),
    ):
        judgement = Question("expr", key, symbols=NAMES, domain=domain).judge(answer)
        assert judgement.verdict is not Verdict.CORRECT
        assert (judgement.verdict is Verdict.INCORRECT) == bool(judgement.witness)


def test_witnesses_lie_in_the_domain() -> None:
    for key, answer in (("W", "sqrt(W^2) + ln(1)"), ("sqrt(W)", "ln(W)"), ("2^L", "2^(L/2)")):
        asked = Question("expr", key, symbols=NAMES, domain="integers")
        assert "/" not in asked.judge(answer).witness.split("the value is")[0]
