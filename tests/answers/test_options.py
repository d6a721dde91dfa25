"""Tolerances and forms: exact at the edge, refused where they make no sense, tested after equality."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnex.answers.coprime import coprime
from cnnex.answers.forms import MESSAGES
from cnnex.answers.question import Candidate, Question
from cnnex.answers.tolerance import Tolerance
from cnnex.errors import InputError
from cnnex.model.opts import FORMS
from cnnex.model.outcome import Verdict

NAMES = ["a", "b", "c"]
RIGHT, WRONG, PART = Verdict.CORRECT, Verdict.INCORRECT, Verdict.PARTIAL


@pytest.mark.parametrize(
    ("kind", "key", "opts", "answer", "verdict"),
    [
        ("rational", "1/3", None, "0.333", WRONG),
        ("rational", "1/3", {}, "0.333", WRONG),
        ("rational", "1/3", {"atol": None}, "0.333", WRONG),
        # the edge counts as right, a hair beyond doesn't
        ("rational", 1, {"atol": "0.1"}, "1.1", RIGHT),
        ("rational", 1, {"atol": 0.1}, "0.9", RIGHT),
        ("rational", 1, {"atol": 0.1}, "1.1000000000000000000000000000001", WRONG),
        ("rational", 3, {"atol": 1}, "4", RIGHT),
        ("rational", 200, {"rtol": "1e-2"}, "202", RIGHT),
        ("rational", -200, {"rtol": "0.01"}, "-198", RIGHT),
        ("rational", -200, {"rtol": 0.01}, "-202.0000001", WRONG),
        ("rational", -200, {"rtol": 0.01}, "200", WRONG),
        ("number", "0.3", {"rtol": 0.1}, "0.33", RIGHT),  # 0.1 is one tenth, not the float
        ("rational", 0, {"rtol": 1}, "0.001", WRONG),
        ("rational", 0, {"rtol": 1}, "0", RIGHT),
        ("rational", 0, {"rtol": 1, "atol": "0.001"}, "0.001", RIGHT),
        # half a unit of a decimal place, however many digits are typed
        ("rational", "1/8", {"decimals": 2}, "0.13", RIGHT),
        ("rational", "1/8", {"decimals": 2}, "0.12", RIGHT),
        ("rational", "1/8", {"decimals": 2}, "0.1201", RIGHT),
        ("rational", "1/8", {"decimals": 2}, "0.1199", WRONG),
        ("integer", 7, {"decimals": 0}, "7", RIGHT),
        ("integer", 7, {"decimals": 0}, "8", WRONG),
        # half a unit of the key's figure
        ("rational", "12345", {"sigfigs": 3}, "12300", RIGHT),
        ("rational", "12345", {"sigfigs": 3}, "12395", RIGHT),
        ("rational", "12345", {"sigfigs": 3}, "12396", WRONG),
        ("rational", "0.0012345", {"sigfigs": 2}, "0.0012", RIGHT),
        ("rational", "0.0012345", {"sigfigs": 2}, "0.0013", WRONG),
        ("rational", "999", {"sigfigs": 1}, "1000", RIGHT),
        ("rational", "1000", {"sigfigs": 1}, "500", RIGHT),
        ("rational", 0, {"sigfigs": 3}, "0", RIGHT),
        ("rational", 0, {"sigfigs": 3}, "0.0000001", WRONG),
        # any tolerance that is declared may accept
        ("rational", 100, {"atol": 1, "rtol": "0.05"}, "105", RIGHT),
        ("rational", 100, {"decimals": 3, "sigfigs": 2}, "104", RIGHT),
        # an integer stays one
        ("integer", 100, {"atol": 5}, "105", RIGHT),
        ("integer", 100, {"atol": 5}, "100.5", WRONG),
        # irrational numbers are compared by bounds
        ("number", "sqrt(2)", {"decimals": 3}, "1.414", RIGHT),
        ("number", "sqrt(2)", {"decimals": 3}, "1.415", WRONG),
        ("number", "sqrt(2)", {"sigfigs": 2}, "1.4", RIGHT),
        ("number", "e^2", {"rtol": "1e-3"}, "7.39", RIGHT),
        ("number", "1.41", {"atol": "0.01"}, "sqrt(2)", RIGHT),
        ("number", "sqrt(2)", {"decimals": 3}, "2/sqrt(2)", RIGHT),
        # expressions have one where both are numbers
        ("expr", "1/3", {"decimals": 2}, "0.33", RIGHT),
        ("expr", "a/3", {"decimals": 2}, "0.33a", WRONG),
        ("expr", "1/3", {"decimals": 2}, "0.33a", WRONG),
        ("expr", "1/3", {"decimals": 2}, "0.33 + a - a", RIGHT),
        # lists have it for their numbers
        ("vector", ["1/3", "2/3"], {"decimals": 2}, "[0.33, 0.67]", RIGHT),
        ("vector", ["1/3", "a"], {"decimals": 2}, "[0.33, a]", RIGHT),
        ("vector", ["1/3", "2/3"], {"decimals": 2}, "[0.33, 0.6]", PART),
        ("matrix", [["1/3", 0], [0, "2/3"]], {"atol": "0.01"}, [[0.33, 0.01], [-0.01, 0.67]], RIGHT),
        ("matrix", [["1/3", 0], [0, "2/3"]], {"rtol": "0.01"}, [[0.333, 0.01], [0, 0.667]], PART),
        # shapes and choices have none
        ("shape", [32, 32], {"atol": 5}, "(32, 33)", WRONG),
        ("boolean", True, {"atol": 5}, "false", WRONG),
    ],
)
def test_tolerances(kind: str, key: Any, opts: dict[str, Any] | None, answer: Any, verdict: Verdict) -> None:
    judgement = Question(kind, key, symbols=NAMES, opts=opts).judge(answer)
    assert judgement.verdict is verdict, judgement
    assert bool(judgement.message) == (verdict is not RIGHT)


DECIMALS = st.decimals(-100, 100, places=6)


@given(DECIMALS, DECIMALS, st.integers(0, 6), st.integers(1, 6))
def test_tolerances_are_those_of_the_definition(key: Decimal, own: Decimal, decimals: int, sigfigs: int) -> None:
    distance = abs(Fraction(own) - Fraction(key))
    near = 2 * distance <= Fraction(1, 10**decimals)
    assert (Question("number", str(key), opts={"decimals": decimals}).judge(str(own)).verdict is RIGHT) == near
    unit = Fraction(10) ** (key.adjusted() - sigfigs + 1)
    near = 2 * distance <= unit if key else distance == 0
    assert (Question("number", str(key), opts={"sigfigs": sigfigs}).judge(str(own)).verdict is RIGHT) == near


def test_bounds_that_meet_the_edge_leave_it_open() -> None:
    wide = Fraction(1), Fraction(2)
    assert Tolerance(atol=Fraction(1)).accepts(wide, (Fraction(3), Fraction(3))) is None
    assert Tolerance(atol=Fraction(2)).accepts(wide, (Fraction(3), Fraction(3))) is True
    assert Tolerance(atol=Fraction(1, 2)).accepts(wide, (Fraction(3), Fraction(3))) is False


@pytest.mark.parametrize(
    "opts",
    [
        {"rtoll": 1},
        {"rtol": "much"},
        {"rtol": "-1"},
        {"rtol": True},
        {"rtol": float("nan")},
        {"atol": "inf"},
        {"atol": "1e999999999"},
        {"atol": [1]},
        {"decimals": 1.5},
        {"decimals": "2"},
        {"decimals": -1},
        {"decimals": True},
        {"sigfigs": 0},
        {"sigfigs": 10**9},
        {"form": "pretty"},
        {"form": 1},
        {"form": ["expanded", "pretty"]},
        {"arithmetic": "no"},
        {"arithmetic": False, "form": "unevaluated-sum"},
        ["rtol"],
    ],
)
@pytest.mark.parametrize(("kind", "key"), [("rational", "1/3"), ("boolean", True)])
def test_options_that_are_none(kind: str, key: Any, opts: Any) -> None:
    with pytest.raises(InputError) as refusal:
        Question(kind, key, opts=opts)
    name = next(iter(opts)) if isinstance(opts, dict) else "opts"
    assert name in str(refusal.value)


def test_each_form_that_may_be_asked_is_tested() -> None:
    assert [*FORMS, "number"] == list(MESSAGES)


def test_a_rounded_answer_is_told_apart() -> None:
    exact = Question("vector", ["1/3", "2/3"]).judge("[0.33, 0.66]")
    assert exact.diagnosis == ("rounded",)
    assert "exact value is asked" in exact.message
    assert "1/3" not in Question("rational", "1/3").judge("0.333").message
    assert Question("number", "sqrt(2)").judge("1.41").diagnosis == ("rounded",)
    assert Question("rational", "1/3", opts={"decimals": 3}).judge("0.33").diagnosis == ("rounded-too-far",)


def test_mistakes_are_found_within_the_tolerance() -> None:
    mistakes = [Candidate("upside-down", "3/2"), Candidate("doubled", "4/3")]
    asked = Question("rational", "2/3", mistakes=mistakes, opts={"decimals": 2})
    assert asked.judge("1.33").diagnosis == ("doubled",)
    assert asked.judge("1.5").diagnosis == ("upside-down",)


FORMED = {
    ("expr", "(a + b)*(a - b)", "factored"): {
        RIGHT: ["(a+b)(a-b)", "(a - b)(b + a)", "-(a+b)(b-a)"],
        WRONG: ["a^2 - b^2", "a(a-b) + b(a-b)", "(2a+2b)(a-b)/2"],
    },
    ("expr", "a**2 + 2*a*b + b**2", "factored"): {
        RIGHT: ["(a+b)^2", "(a+b)(a+b)"],
        WRONG: ["a^2+2ab+b^2", "a(a+2b)+b^2"],
    },
    ("expr", "2*a*(b + c)", "factored"): {RIGHT: ["2a(b+c)", "a*2*(c+b)"], WRONG: ["a(2b+2c)", "2(ab+ac)", "2ab+2ac"]},
    ("expr", "2*a + 2*b", "factored"): {RIGHT: ["2(a+b)", "-2*(-a-b)"], WRONG: ["2a+2b", "2(a+b) + 0"]},
    ("integer", 12, "factored"): {RIGHT: ["2^2*3", "2*2*3", "2*3*2"], WRONG: ["12", "4*3", "3*4/2*2", "6+6"]},
    ("expr", "(a + b)**2", "expanded"): {
        RIGHT: ["a^2 + 2ab + b^2", "aa + ab + ba + b²", "a^2 + (2ab + b^2)", "2a b + a^2 + b^2"],
        WRONG: ["(a+b)^2", "a(a+b) + b(a+b)", "a(a + 2b) + b^2", "-(-a^2 - 2ab - b^2)", "a^2 + b(2a + b)"],
    },
    ("expr", "a/2 + b/c", "expanded"): {
        RIGHT: ["a/2 + b/c", "0.5a + b c^-1", "½a + b/c"],
        WRONG: ["(ac + 2b)/(2c)", "1/2(a + 2b/c)"],
    },
    ("rational", "3/4", "lowest-terms"): {
        RIGHT: ["3/4", "¾", r"\frac{3}{4}", "-(-3/4)", "(-3)/(-4)"],
        WRONG: ["6/8", "0.75", "75%", "1/2 + 1/4", "3*(1/4)", "1 - 1/4"],
    },
    ("rational", 3, "lowest-terms"): {RIGHT: ["3", "3/1"], WRONG: ["6/2", "9/3"]},
    ("expr", "(a + b)/(a - b)", "lowest-terms"): {
        RIGHT: ["(a+b)/(a-b)", "-(a+b)/(b-a)", "a/(a-b) + b/(a-b)"],
        WRONG: ["(2a+2b)/(2a-2b)", "(a^2+2ab+b^2)/(a^2-b^2)", "(a+b)c/((a-b)c)", "(0.5a+0.5b)/(0.5a-0.5b)"],
    },
    ("expr", "1/a + 1/b", "single-fraction"): {
        RIGHT: ["(a+b)/(ab)", r"\frac{a+b}{ab}", "(2a+2b)/(2ab)", "-(-a-b)/(ab)"],
        WRONG: ["1/a + 1/b", "a^-1 + b^-1", "(1 + b/a)/b", "(a+b) a^-1/b"],
    },
    ("expr", "a + b", "single-fraction"): {RIGHT: ["a + b", "(2a + 2b)/2"], WRONG: ["a/2 + b + a/2"]},
    ("integer", 7, "unevaluated-sum"): {RIGHT: ["2*5 + (-1)*3", "10 - 3"], WRONG: ["7", "14/2"]},
}  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "typed", "verdict"),
    [(asked, typed, verdict) for asked, rows in FORMED.items() for verdict, texts in rows.items() for typed in texts],
)
def test_forms(asked: tuple[str, Any, str], typed: str, verdict: Verdict) -> None:
    kind, key, form = asked
    assert Question(kind, key, symbols=NAMES).judge(typed).verdict is RIGHT
    judgement = Question(kind, key, symbols=NAMES, opts={"form": form}).judge(typed)
    assert judgement.verdict is verdict
    if verdict is WRONG:
        assert judgement.diagnosis == (f"form-{form}",)
        assert judgement.message.startswith("This is equal, but ")
        assert judgement.credit == 0


def test_a_form_is_tested_after_equality() -> None:
    asked = Question("rational", "3/4", opts={"form": "lowest-terms", "decimals": 1})
    assert asked.judge("6/9").diagnosis == ()
    assert asked.judge("7/10").verdict is RIGHT  # near enough, and in lowest terms
    assert asked.judge("14/20").diagnosis == ("form-lowest-terms",)


def test_several_forms() -> None:
    asked = Question("expr", "1/a + 1/b", symbols=NAMES, opts={"form": ["single-fraction", "lowest-terms"]})
    assert asked.judge("(a+b)/(ab)").verdict is RIGHT
    assert asked.judge("1/a + 1/b").diagnosis == ("form-single-fraction",)
    assert asked.judge("(2a+2b)/(2ab)").diagnosis == ("form-lowest-terms",)


def test_forms_of_entries() -> None:
    asked = Question("vector", ["1/2", 3, 0], opts={"form": "lowest-terms"})
    assert asked.judge("[1/2, 3, 0]").verdict is RIGHT
    part = asked.judge("[2/4, 3, 0]")
    assert (part.verdict, part.credit, part.diagnosis) == (PART, Fraction(1, 2), ("form-lowest-terms",))
    assert part.message.startswith("The 1st entry is equal, but not yet")
    assert asked.judge("[2/4, 3, 1]").credit == 0


@pytest.mark.parametrize(
    ("kind", "key", "typed", "verdict"),
    [
        ("integer", 1792, "1792", RIGHT),
        ("integer", 1792, "1,792", RIGHT),
        ("integer", 1792, "+1792.0", RIGHT),
        ("integer", 1792, "1.792e3", RIGHT),
        ("integer", 1792, "1.792·10³", RIGHT),
        ("integer", 1792, "64*28", WRONG),
        ("integer", 1792, "3584/2", WRONG),
        ("integer", 1792, "floor(1792.5)", WRONG),
        ("integer", 1792, "64*27", WRONG),
        ("rational", "7/4", "7/4", RIGHT),
        ("rational", "7/4", "-7/-4", RIGHT),
        ("rational", "7/4", "1.75", RIGHT),
        ("rational", "7/4", "1 + 3/4", WRONG),
        ("number", "2*sqrt(3)", "sqrt(12)", RIGHT),
        ("shape", [32, 126], "(32, 126)", RIGHT),
        ("shape", [32, 126], "(32, 128-2)", WRONG),
        ("vector", [3, "a"], "[3, a]", RIGHT),
        ("vector", [3, "2*a"], "[3, 2a]", RIGHT),
        ("vector", [3, "a"], "[2+1, a]", PART),
    ],
)
def test_arithmetic_may_be_forbidden(kind: str, key: Any, typed: str, verdict: Verdict) -> None:
    judgement = Question(kind, key, symbols=NAMES, opts={"arithmetic": False}).judge(typed)
    assert judgement.verdict is verdict, judgement
    assert Question(kind, key, symbols=NAMES, opts={"arithmetic": True}).judge(typed).verdict in (RIGHT, WRONG)


POLYNOMIALS = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda e: e[0] | e[1] << 8),
    st.integers(-5, 5).filter(bool),
    min_size=1,
    max_size=4,
)


@given(POLYNOMIALS, POLYNOMIALS)
def test_coprime_agrees_with_sympy(a: dict[int, int], b: dict[int, int]) -> None:
    from sympy import gcd, symbols

    x, y = symbols("x y")
    first, second = (sum(c * x ** (m & 255) * y ** (m >> 8) for m, c in p.items()) for p in (a, b))
    assert coprime(a, b) == (gcd(first, second) == 1)
