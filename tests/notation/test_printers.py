"""Each printer spells each operation; brackets stand where the value needs them."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest
import sympy
import typst as typst_compiler
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.text import evaluate

from cnnex.notation.formula import (
    ALGEBRA,
    DISPLAY,
    FUNCTIONS,
    OPERATIONS,
    Formula,
    Term,
    call,
    ceil,
    equation,
    floor,
    lines,
    matrix,
    rel,
    shape,
    symbol,
    symbols,
    total,
)
from cnnex.notation.latex import escape, inline_latex, latex
from cnnex.notation.plain import plain
from cnnex.notation.printer import Printer
from cnnex.notation.speech import speech
from cnnex.notation.typst import inline_typst, literal, typst
from cnnex.resources import folder

A, B, C = symbols("a b c")
PRINTERS = (plain, latex, typst, speech)
SAMPLES: dict[str, Formula] = {
    "symbol": symbol("W_out"),
    "add": A + B - 3,
    "neg": -A,
    "mul": 2 * A * B,
    "div": (A + 1) / B,
    "floordiv": Formula("floordiv", A, 2),
    "mod": Formula("mod", A, 2),
    "pow": A**2,
    "call": floor(A / 2),
    "rel": rel("<=", A, B, 3),
    "matrix": matrix([[1, A], [Fraction(1, 2), -3]]),
    "shape": shape((3, A, 5)),
    "sigma": Formula("sigma", symbol("i"), 1, symbol("n"), symbol("x_i")),
    "lines": lines(A, ("=", B + 1), ("=", 3), ("+", C)),
    "words": Formula("words", "valid for"),
}


# --- Nothing is forgotten ------------------------------------------------------------------------------------


@pytest.mark.parametrize("printer", PRINTERS, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_in_every_printer(operation: str, printer: Printer) -> None:
    spelled = printer(SAMPLES[operation])
    assert spelled
    assert spelled == spelled.strip()
    assert "Formula" not in spelled


@pytest.mark.parametrize("printer", PRINTERS, ids=lambda each: type(each).__name__)
def test_every_function_and_sign_in_every_printer(printer: Printer) -> None:
    assert len({printer(call(name, A, B)) for name in FUNCTIONS}) == len(FUNCTIONS)
    signs = ("=", "!=", "<", "<=", ">", ">=", "in", "to")
    assert len({printer(rel(sign, A, B)) for sign in signs}) == len(signs)


def test_a_printer_that_forgets_an_operation_cannot_be_defined() -> None:
    with pytest.raises(TypeError, match="Hasty can't spell symbol"):
        type("Hasty", (Printer,), {})


@pytest.mark.parametrize(
    ("term", "spellings"),
    [
        (
            floor((symbol("W") + 2 * symbol("p") - symbol("K")) / symbol("s")) + 1,
            (
                "floor((W + 2*p - K)/s) + 1",
                r"\left\lfloor \frac{W + 2 p - K}{s} \right\rfloor + 1",
                "floor((W + 2 thin p - K)/(s)) + 1",
                "the floor of the fraction upper W plus 2 p minus upper K over s, end fraction, end floor plus 1",
            ),
        ),
        (
            -3 * symbol("k_1_2") + Fraction(-7, 4),
            (
                "(-3)*k_1_2 - 7/4",
                r"(-3) k_{1,2} - \frac{7}{4}",
                "(-3) thin k_(1,2) - (7)/(4)",
                "open bracket minus 3 close bracket k sub 1 2 minus 7 over 4",
            ),
        ),
        (
            matrix([[1, -2], [3, 4]]),
            (
                "[[1, -2], [3, 4]]",
                r"\left[\begin{array}{rr} 1 & -2 \\ 3 & 4 \end{array}\right]",
                'display(vec(delim: "[", align: #right, #h(0.12em) 1 && #h(0.65em) -2 #h(0.12em), '
                "#h(0.12em) 3 && #h(0.65em) 4 #h(0.12em)))",
                "the 2 by 2 matrix. Row 1: 1, minus 2. Row 2: 3, 4.",
            ),
        ),
        (
            matrix([[Fraction(-3)], [4]]),
            (
                "[[-3], [4]]",
                r"\left[\begin{array}{r} -3 \\ 4 \end{array}\right]",
                'display(vec(delim: "[", align: #right, #h(0.12em) -3 #h(0.12em), #h(0.12em) 4 #h(0.12em)))',
                "the 2 by 1 matrix. Row 1: minus 3. Row 2: 4.",
            ),
        ),
        (
            matrix([[Fraction(1, 2), A], [Fraction(3), 4]]),
            (
                "[[1/2, a], [3, 4]]",
                r"\left[\begin{array}{cc} \frac{1}{2} & a \\ 3 & 4 \end{array}\right]",
                "display(centred(gap: #0.5em, (1)/(2), a; 3, 4;))",
                "the 2 by 2 matrix. Row 1: 1 over 2, a. Row 2: 3, 4.",
            ),
        ),
        (
            equation(symbol("dL/dk_1"), Formula("mul", symbol("delta"), 2, 3)),
            (
                "dL/dk_1 = delta*2*3",
                r"\frac{\partial L}{\partial k_{1}} = \delta \cdot 2 \cdot 3",
                "(partial L)/(partial k_(1)) = delta dot 2 dot 3",
                "the partial derivative of upper L with respect to k sub 1 equals delta times 2 times 3",
            ),
        ),
        (ceil(A), ("ceil(a)", r"\left\lceil a \right\rceil", "ceil(a)", "the ceiling of a, end ceiling")),
    ],
)
def test_golden_spellings(term: Term, spellings: tuple[str, str, str, str]) -> None:
    assert tuple(printer(term) for printer in PRINTERS) == spellings


# --- Plain text keeps the value ---------------------------------------------------------------------------------


def formulas() -> st.SearchStrategy[Any]:
    """Algebra whose value exists at every point: divisors and moduli are numbers other than 0."""
    numbers = st.integers(-9, 9) | st.fractions(-3, 3, max_denominator=5)
    divisors = st.integers(1, 5) | st.integers(-5, -1) | st.fractions(1, 3, max_denominator=3)
    leaves = st.sampled_from([A, B, C]) | numbers

    def grown(terms: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        several = st.lists(terms, min_size=2, max_size=3)
        return st.one_of(
            several.map(lambda each: Formula("add", *each)),
            several.map(lambda each: Formula("mul", *each)),
            terms.map(lambda each: Formula("neg", each)),
            st.tuples(st.sampled_from(["div", "floordiv", "mod"]), terms, divisors).map(lambda each: Formula(*each)),
            st.tuples(terms, st.integers(0, 3)).map(lambda each: Formula("pow", *each)),
            st.tuples(st.sampled_from(["floor", "ceil", "abs"]), terms).map(lambda each: call(*each)),
            st.tuples(st.sampled_from(["max", "min"]), several).map(lambda each: call(each[0], *each[1])),
        )

    return st.recursive(leaves, grown, max_leaves=8)


POINT: dict[str, int | Fraction] = {"a": 7, "b": Fraction(-5, 2), "c": -3}


@settings(max_examples=500)
@given(formulas())
def test_plain_text_has_the_same_value(term: Any) -> None:
    value = term.value(**POINT) if isinstance(term, Formula) else term
    assert evaluate(plain(term), POINT) == value, plain(term)


@pytest.mark.parametrize(
    "term",
    [
        -Formula("floordiv", A, 2),
        -Formula("mod", A, 4),
        B - Formula("floordiv", A, 2),
        Formula("mul", Formula("floordiv", A, 2), 2),
        Formula("floordiv", Formula("mul", A, 2), 4),
        Formula("mul", 2, Formula("floordiv", A, 2)),
        Formula("div", A, Formula("div", B, C)),
        Formula("div", Formula("div", A, B), C),
        Formula("div", A, Formula("mul", B, C)),
        Formula("pow", Formula("pow", A, 2), 3),
        Formula("pow", A, Formula("pow", 2, 3)),
        Formula("pow", -2, 2),
        Formula("neg", Formula("pow", A, 2)),
        Formula("pow", Formula("neg", A), 2),
        Formula("pow", Fraction(1, 2), 2),
        Formula("neg", Formula("neg", A)),
        A - (B - C),
        A - -3,
        Formula("add", -3, A),
        Formula("mul", -3, -4),
    ],
    ids=plain,
)
def test_brackets_stand_where_the_value_needs_them(term: Formula) -> None:
    assert evaluate(plain(term), POINT) == term.value(**POINT)


def test_plain_text_is_read_by_sympy() -> None:
    term = floor((A + 2 * B - C) / 4) * A**2 - call("max", A, B) / 3
    functions = {"floor": sympy.floor, "max": sympy.Max}
    parsed = sympy.sympify(plain(term), locals=functions)
    assert parsed.subs(dict.fromkeys("a", 7) | {"b": 5, "c": 2}) == term.value(a=7, b=5, c=2)


# --- Pages ------------------------------------------------------------------------------------------------------


def test_words_are_no_markup() -> None:
    assert latex(Formula("words", "50% of $x_1$ {}~^\\#&")) == (
        r"\text{50\% of \$x\_1\$ \{\}\textasciitilde{}\textasciicircum{}\textbackslash{}\#\&}"
    )
    assert typst(Formula("words", 'say "hi" \\ #x\n')) == r'"say \"hi\" \\ #x\n"'
    assert escape("") == ""
    assert literal("$_*@`") == '"$_*@`"'


@given(st.text(max_size=20))
def test_no_word_ends_its_own_quotes(text: str) -> None:
    inside = literal(text)[1:-1].replace("\\\\", "").replace('\\"', "")
    assert '"' not in inside
    assert "\n" not in inside


def test_typst_sets_arithmetic_as_one_word_and_breaks_lines_at_the_signs_of_sums() -> None:
    sums = total([Formula("mul", 3, 4), Formula("mul", -1, 12), -5])
    assert typst(sums).split() == ['"3', "⋅", "4", "+", "(−1)", "⋅", "12", "−", '5"']
    assert inline_typst(sums).endswith(" + (-1) dot 12 - 5")
    assert typst(A + Formula("mul", 2, 3)) == "a + 2 dot 3"
    assert typst(shape((3, -16))) == '"(3,\u2006−16)"'
    assert typst(shape((3, A))) == "(3, a)"
    assert typst(call("max", 3, -4)) == 'max("3,\u2006−4")'
    assert typst(call("max", A, -4)) == "max(a, -4)"


NUMBERS = st.recursive(
    st.integers(-99, 99),
    lambda terms: st.builds(
        lambda op, args: Formula(op, *args), st.sampled_from(["add", "mul"]), st.lists(terms, min_size=2, max_size=3)
    ),
    max_leaves=8,
)


@given(NUMBERS)
def test_a_word_of_arithmetic_is_the_arithmetic(term: Term) -> None:
    """Read as Python it has the same value; a bracket or thin gap behind a number is a product."""
    spelled = typst(term)
    word = spelled.strip('"').replace("\u2212", "-").replace("⋅", "*")
    assert not re.search("[A-Za-z]", word)
    value = term.value() if isinstance(term, Formula) else term
    assert evaluate(re.sub(r"\s", "", re.sub(r"(?<=[)0-9])\u2006(?=[(0-9])", "*", word)), {}) == value


def test_typst_accepts_every_operation() -> None:
    """One page with all samples; the compiler refuses what it can't read."""
    page = (folder("templates") / "typ" / "look.typ.j2").read_text(encoding="utf-8").partition("#>")[2]
    page += "\n\n".join(f"$ {typst(sample)} $" for sample in SAMPLES.values())
    page += "\n\n" + "\n\n".join(f"$ {typst(call(name, A))} $" for name in FUNCTIONS)
    page += "\n\n" + "\n\n".join(
        f"$ {typst(symbol(name))} $" for name in ("lambda", "Omega", "k_1_2", "W_out", "dL/dx_3")
    )
    assert typst_compiler.compile(page.encode(), format="pdf")[:5] == b"%PDF-"


def test_a_power_of_a_derivative_has_brackets() -> None:
    squared = symbol("dL/dk_1") ** 2
    assert latex(squared) == r"\left(\frac{\partial L}{\partial k_{1}}\right)^{2}"
    assert typst(squared) == "((partial L)/(partial k_(1)))^(2)"
    assert latex(symbol("dL/dk_1") * A) == r"\frac{\partial L}{\partial k_{1}} a"


def test_a_derivative_inside_a_line_is_slashed() -> None:
    product = symbol("dL/dk_1") * A - symbol("dL/dx_2")
    assert inline_latex(product) == r"(\partial L / \partial k_{1}) a - \partial L / \partial x_{2}"
    assert inline_typst(product) == r"(partial L \/ partial k_(1)) thin a - partial L \/ partial x_(2)"
    assert speech(symbol("dL/dk_1")) == "the partial derivative of upper L with respect to k sub 1"


@given(formulas())
def test_numbers_never_run_together(term: Any) -> None:
    assert not re.search(r"[0-9}] [0-9]", latex(term).replace(r"\frac", "f").replace("} {", "}{")), latex(term)


def test_latex_braces_and_fences_are_balanced() -> None:
    for sample in SAMPLES.values():
        spelled = latex(sample)
        assert spelled.count("{") == spelled.count("}")
        assert spelled.count(r"\left") - spelled.count(r"\leftarrow") == spelled.count(r"\right")
        assert spelled.count(r"\begin{") == spelled.count(r"\end{")


def test_samples_are_complete() -> None:
    assert set(SAMPLES) == set(ALGEBRA + DISPLAY)
    assert all(sample.op == name for name, sample in SAMPLES.items())


def test_primes_stand_behind_the_index_in_latex() -> None:
    k, h = symbols("k_1'' H'")
    assert latex(k * h) == "k_{1}'' H'"
