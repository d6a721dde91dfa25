from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.text import evaluate

from cnnex.model.value import Kind, entries, to_json, to_term
from cnnex.notation.formula import Formula, symbols
from cnnex.notation.plain import plain

A, B = symbols("a b")
NUMBERS = st.integers() | st.fractions()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (7, 7),
        (-7, -7),
        (Fraction(6, 3), 2),
        (Fraction(-7, 4), "-7/4"),
        (True, True),
        ("c", "c"),
        (A * B - Fraction(1, 2), "a*b - 1/2"),
        ((1, Fraction(1, 2)), [1, "1/2"]),
        (((1, A), (0, -2)), [[1, "a"], [0, -2]]),
        ((), []),
    ],
)
def test_json(value: Any, written: Any) -> None:
    assert to_json(value) == written
    assert type(to_json(value)) is type(written)
    assert json.loads(json.dumps(to_json(value))) == written


@given(st.lists(st.lists(NUMBERS, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(tuple))
def test_json_keeps_every_number(matrix: Any) -> None:
    written = to_json(matrix)
    for row, texts in zip(matrix, written, strict=True):
        for entry, text in zip(row, texts, strict=True):
            assert isinstance(text, int) == (Fraction(entry).denominator == 1)
            assert (evaluate(text, {}) if isinstance(text, str) else text) == entry


@pytest.mark.parametrize(
    ("value", "kind", "spelled"),
    [
        ((3, 4), Kind.SHAPE, "(3, 4)"),
        ((3, 4), Kind.VECTOR, "[3, 4]"),
        (((1, 2), (3, 4)), Kind.MATRIX, "[[1, 2], [3, 4]]"),
        (5, Kind.INTEGER, "5"),
        (A + 1, Kind.EXPRESSION, "a + 1"),
        (True, Kind.BOOLEAN, "true"),
        (False, Kind.BOOLEAN, "false"),
        (("a", "c"), Kind.SELECTION, "a, c"),
        ((), Kind.SELECTION, "none of these"),
    ],
)
def test_pages(value: Any, kind: Kind, spelled: str) -> None:
    assert plain(to_term(value, kind)) == spelled


@pytest.mark.parametrize(
    ("value", "flat"),
    [(3, (3,)), ((1, 2), (1, 2)), (((1, 2), (3, 4)), (1, 2, 3, 4)), ((), ()), ((((1,),),), (1,)), (True, (True,))],
)
def test_entries(value: Any, flat: tuple[Any, ...]) -> None:
    assert entries(value) == flat


def test_a_formula_is_one_entry() -> None:
    assert entries((A + B, 1)) == (Formula("add", A, B), 1)
