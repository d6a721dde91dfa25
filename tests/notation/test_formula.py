from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnex.notation.formula import (
    FUNCTIONS,
    Formula,
    Term,
    call,
    ceil,
    equation,
    floor,
    indexed,
    lines,
    matrix,
    polynomial,
    product_sum,
    rel,
    shape,
    symbol,
    symbols,
    total,
)

X, Y, Z = symbols("x y z")
NUMBERS = st.integers(-20, 20) | st.fractions(-5, 5, max_denominator=6)
POINTS = st.fixed_dictionaries({"x": NUMBERS, "y": NUMBERS, "z": NUMBERS})


@given(POINTS, NUMBERS)
def test_operators_mean_what_they_mean_for_numbers(point: dict[str, Any], n: Any) -> None:
    x, y, z = point["x"], point["y"], point["z"]
    cases: list[tuple[Formula, Any]] = [
        (X + Y, x + y), (X + n, x + n), (n + X, n + x),
        (X - Y, x - y), (X - n, x - n), (n - X, n - x),
        (X * Y, x * y), (X * n, x * n), (n * X, n * x),
        (-X, -x), (X**2, x**2), (X + Y * Z, x + y * z), ((X + Y) * Z, (x + y) * z),
        (X - (Y - Z), x - (y - z)), (X + (Y + Z), x + (y + z)), (-(X + Y), -(x + y)),
        (call("max", X, Y, n), max(x, y, n)), (call("min", X, Y), min(x, y)), (call("abs", X), abs(x)),
        (call("relu", X), max(x, 0)), (Formula("mod", X, 7), x % 7), (Formula("floordiv", X, 3), x // 3),
    ]  # fmt: skip
    if y:
        cases += [(X / Y, Fraction(x) / y), (X // Y, x // y), (n / Y, Fraction(n) / y), (Y**-2, Fraction(1) / y**2)]
    for formula, expected in cases:
        assert formula.value(**point) == expected, formula


@given(NUMBERS)
def test_floor_and_ceil_are_exact(x: Any) -> None:
    down, up = floor(X).value(x=x), ceil(X).value(x=x)
    assert isinstance(down, int)
    assert isinstance(up, int)
    assert down <= x < down + 1
    assert up - 1 < x <= up


def test_values_beyond_floats_stay_exact() -> None:
    big = 10**30
    assert floor((X + 1) / 3).value(x=3 * big - 2) == big - 1
    assert ((X + Fraction(1, big)) - X).value(x=big) == Fraction(1, big)


def test_whole_quotients_are_integers() -> None:
    assert type((X / 2).value(x=6)) is int
    assert type((X / 4).value(x=6)) is Fraction


def test_nothing_is_simplified() -> None:
    assert repr(X - X + 0 * Y) == "Formula('x - x + 0*y')"
    assert (X + Y) != (Y + X)
    assert (2 * X).put(x=3) == Formula("mul", 2, 3)


@pytest.mark.parametrize("name", ["max", "min"])
def test_the_largest_of_one_is_itself(name: str) -> None:
    assert call(name, X).value(x=5) == 5


def test_put_goes_everywhere_and_leaves_the_original() -> None:
    tree = lines(Y, ("=", matrix([[X, floor(X / Z)]])), ("+", rel("<=", X, shape((X, 1)))))
    there = tree.put(x=7)
    assert there.names() == {"y", "z"}
    assert tree.names() == {"x", "y", "z"}
    assert there == lines(Y, ("=", matrix([[7, floor(Formula("div", 7, Z))]])), ("+", rel("<=", 7, shape((7, 1)))))


def test_put_is_simultaneous() -> None:
    assert (X + Y).put(x=Y, y=X) == Y + X


@given(POINTS)
def test_put_then_value_is_value(point: dict[str, Any]) -> None:
    formula = floor((X + 2 * Y - Z) / 3) + call("max", X * Y, -Z)
    assert formula.put(**point).value() == formula.value(**point)
    assert formula.put(x=point["x"]).value(y=point["y"], z=point["z"]) == formula.value(**point)


@pytest.mark.parametrize(
    ("formula", "error"),
    [
        (X + Y, KeyError),
        (X / (X - 1), ZeroDivisionError),
        (Formula("floordiv", X, 0), ZeroDivisionError),
        ((X - 1) ** -1, ZeroDivisionError),
        (X ** Fraction(1, 2), ValueError),
        (call("sqrt", X), ValueError),
        (call("exp", X), ValueError),
        (equation(X, 1), ValueError),
        (matrix([[X]]), ValueError),
        (shape((X,)), ValueError),
        (Formula("words", "x"), ValueError),
    ],
)
def test_what_has_no_exact_value(formula: Formula, error: type[Exception]) -> None:
    with pytest.raises(error):
        formula.value(x=1)


def test_equal_trees_are_equal_keys() -> None:
    one, other = floor((X + 1) / Y), floor((symbol("x") + 1) / symbol("y"))
    assert one == other
    assert hash(one) == hash(other)
    assert len({one, other, floor(X)}) == 2
    assert one != "floor((x + 1)/y)"


def test_names_of_entries() -> None:
    assert [each.args for each in indexed("k", 3)] == [("k_1",), ("k_2",), ("k_3",)]
    assert indexed("k", 0) == ()
    assert (Formula("mul", symbol("dL/dk_1"), X) + 3).names() == {"dL/dk_1", "x"}


def test_sums_of_terms() -> None:
    assert total([]) == 0
    assert total([X]) == X
    assert total([X, 2]) == X + 2
    assert product_sum([]) == 0
    assert product_sum([(X, Y)]) == Formula("mul", X, Y)


@given(st.lists(st.tuples(st.integers(-3, 3), st.lists(st.sampled_from("xyz"), max_size=3)), max_size=4), POINTS)
def test_polynomials(terms: list[tuple[int, list[str]]], point: dict[str, Any]) -> None:
    expected: Any = 0
    for coefficient, names in terms:
        product: Any = coefficient
        for name in names:
            product *= point[name]
        expected += product
    formula: Term = polynomial(terms)
    assert (formula.value(**point) if isinstance(formula, Formula) else formula) == expected


def test_every_function_is_listed() -> None:
    exact = {"floor", "ceil", "max", "min", "abs", "relu"}
    for name in FUNCTIONS:
        if name in exact:
            assert call(name, 2, *[1] * (name in ("max", "min"))).value() in (1, 2)
        else:
            with pytest.raises(ValueError, match="no exact value"):
                call(name, 2).value()
