"""What is too wide is broken, and nothing is lost on the way."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnex.model.prose import Table, prose
from cnnex.model.sheet import SheetItem, SheetPart
from cnnex.notation.formula import Formula, Term, equation, lines, product_sum, symbol, total
from cnnex.notation.plain import plain
from cnnex.render.fit import LINE, alignments, columns, fitted, is_parted, is_short, width

numbers = st.lists(st.integers(-999, 999), min_size=2, max_size=60)


def words_of(term: Term) -> str:
    return re.sub(r"[\s()]", "", plain(term))


@given(numbers)
def test_a_broken_sum_says_the_same(terms: list[int]) -> None:
    formula = equation(symbol("y"), total(terms), sum(terms))
    broken = fitted(formula, LINE)
    assert width(broken) <= LINE
    assert words_of(broken) == words_of(formula)


@given(numbers)
def test_a_sum_without_a_left_side_is_broken_too(terms: list[int]) -> None:
    broken = fitted(total(terms), 20)
    assert width(broken) <= 20
    assert words_of(broken) == words_of(total(terms))


def test_lines_are_broken_further() -> None:
    products = product_sum([(100 + n, -n) for n in range(25)])
    broken = fitted(lines(symbol("y"), ("=", products), ("=", 7)), LINE)
    assert isinstance(broken, Formula)
    assert len(broken.args) > 4
    assert width(broken) <= LINE


@pytest.mark.parametrize("length", [5, 100, 400])
def test_a_table_fits_its_room(length: int) -> None:
    table = Table("", ("words", "products", "sum"), (("w" * length, total([123] * length), 5), ("", 1, 2)))
    found = columns(table)
    assert sum(column.width for column in found) <= LINE
    assert [column.wraps for column in found] == [length > 5, False, False]
    assert [column.align for column in found] == ["left", "left", "right"]


def test_a_table_without_rows_has_columns() -> None:
    assert len(columns(Table("", ("a", "b"), ()))) == 2


def test_blanks_among_numbers_leave_them_on_the_right() -> None:
    rows = (("L1", 12, "", "3 by 3"), ("L2", "", "", ""))
    assert alignments(Table("", ("name", "filters", "blank", "window"), rows)) == ["left", "right", "left", "left"]


def test_a_long_question_may_lose_its_parts_but_not_its_data() -> None:
    parts = tuple(SheetPart(f"1{n}", str(n), prose("Well?"), (), 1) for n in range(40))
    item = SheetItem(1, "", 40, (prose("The layers:"), Table("", ("n",), ((1,),) * 8)), (), parts, None, None)
    assert not is_short(item)
    assert is_parted(item)
    assert not is_parted(replace(item, statement=(Table("", ("n",), ((1,),) * 60),)))
