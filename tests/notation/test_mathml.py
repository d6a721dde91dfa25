"""MathML: well-formed, of the elements of MathML Core, each with as many children as it takes."""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree

import pytest

from cnnex.notation.formula import (
    FUNCTIONS,
    OPERATIONS,
    Formula,
    Term,
    call,
    equation,
    floor,
    lines,
    matrix,
    rel,
    shape,
    symbol,
    symbols,
)
from cnnex.notation.mathml import inline_mathml, mathml

A, B, C = symbols("a b c")
SAMPLES: list[Term] = [
    symbol("W_out"), symbol("alpha_1_2"), symbol("dL/dk_1"), A + B - 3, -A, 2 * A * B, (A + 1) / B,
    Formula("floordiv", A, 2), Formula("mod", A, 2), (A + B) ** 2, floor(A / 2), rel("<=", A, B, 3),
    matrix([[1, A], [Fraction(1, 2), -3]]), shape((3, A, 5)), Formula("sigma", symbol("i"), 1, symbol("n"), A),
    lines(A, ("=", B + 1), ("+", C), ("", 3)), Formula("words", "valid for <b>a & b</b>"), -7, Fraction(-7, 4),
    *(call(name, A, B) for name in FUNCTIONS),
]  # fmt: skip
CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2, "munderover": 3}
TOKENS = {"mi", "mn", "mo", "mtext", "mspace"}
ELEMENTS = {*CHILDREN, *TOKENS, "mrow", "msqrt", "mtable", "mtr", "mtd"}


def parsed(term: Term) -> ElementTree.Element:
    return ElementTree.fromstring(mathml(term))


def seen(element: ElementTree.Element) -> str:
    """What a reader sees, without the signs that are only heard."""
    return "".join(element.itertext()).replace("\u2061", "").replace("\u2062", "")


@pytest.mark.parametrize("term", SAMPLES, ids=str)
def test_one_element_with_the_children_that_it_takes(term: Term) -> None:
    for element in parsed(term).iter():
        assert element.tag in ELEMENTS
        assert len(element) == CHILDREN.get(element.tag, len(element))
        if element.tag in TOKENS:
            assert not len(element)
        else:
            assert not (element.text or "").strip()
        assert not (element.tail or "").strip()


def test_every_operation_is_among_the_samples() -> None:
    assert {term.op for term in SAMPLES if isinstance(term, Formula)} == set(OPERATIONS)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (floor((symbol("W") + 2 * symbol("p") - symbol("K")) / symbol("s")) + 1, "⌊W+2p−Ks⌋+1"),
        (-(A + B) * 2 / C, "(−(a+b))·2c"),
        (equation(symbol("y_1"), Formula("add", Formula("mul", 2, 5), Formula("mul", -1, 3)), 7), "y1=2·5+(−1)·3=7"),
        ((A / B) ** 2, "(ab)2"),
        (symbol("k_1_2"), "k1,2"),
        (Fraction(-7, 4) * A, "(−74)a"),
        (A - Fraction(7, 4), "a−74"),
        (Formula("words", "1 < 2 & 3"), "1 < 2 & 3"),
        (rel("<", A, B), "a<b"),
    ],
)
def test_what_is_seen(term: Term, text: str) -> None:
    assert seen(parsed(term)) == text


def test_a_matrix_has_a_cell_for_each_entry_in_stretching_brackets() -> None:
    row = parsed(matrix([[1, -2, 3], [4, 5, 6]]))
    left, table, right = row
    assert (left.text, right.text) == ("[", "]")
    assert (left.get("form"), right.get("form")) == ("prefix", "postfix")
    assert [len(each) for each in table] == [3, 3]
    assert table.get("columnalign") == "right"


def test_derivatives_are_slashed_inside_a_line() -> None:
    assert "mfrac" in mathml(symbol("dL/dk_1"))
    assert "mfrac" not in inline_mathml(symbol("dL/dk_1"))
    assert seen(ElementTree.fromstring(inline_mathml(symbol("dL/dx") ** 2))) == "(∂L/∂x)2"
