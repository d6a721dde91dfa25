"""The comma as decimal sign: what it is read as, and what is asked back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnex.answers.question import Question
from cnnex.model.outcome import Verdict

COMMA = {"decimal_comma": True}
VECTOR, MATRIX = ["3/2", 2], [["3/2", 2], [3, 4]]


@pytest.mark.parametrize(
    ("kind", "key", "answer"),
    [
        ("rational", "5/2", "2,5"),
        ("rational", "5/2", "2.5"),
        ("rational", "5/2", "5/2"),
        ("rational", "5/2", 2.5),
        ("rational", "5/2", "2{,}5"),
        ("rational", "-1/8", "-0,125"),
        ("rational", "3585/2", "1.792,5"),
        ("rational", "3585/2", "1 792,5"),
        ("integer", 1792, "1792"),
        ("integer", 1792, "1792,0"),
        ("vector", VECTOR, "1,5; 2"),
        ("vector", VECTOR, "[1,5 2]"),
        ("vector", VECTOR, "1,5\n2"),
        ("vector", VECTOR, ["1,5", "2"]),
        ("vector", VECTOR, ["1,5; 2"]),
        ("vector", [1, 2], "1, 2"),
        ("vector", VECTOR, [1.5, 2]),
        ("matrix", MATRIX, "1,5 2\n3 4"),
        ("matrix", MATRIX, "[1,5 2; 3 4]"),
        ("matrix", MATRIX, [["1,5", 2], ["3", 4]]),
        ("matrix", MATRIX, ["1,5 2", "3 4"]),
        ("matrix", MATRIX, r"\begin{pmatrix}1,5 & 2 \\ 3 & 4\end{pmatrix}"),
        ("matrix", [[1, 2], [3, 4]], "[[1, 2], [3, 4]]"),
        ("shape", [3, 32, 32], "3,32,32"),
        ("shape", [3, 32, 32], "(3; 32; 32)"),
    ],
)
def test_right_answers(kind: str, key: Any, answer: Any) -> None:
    assert Question(kind, key, opts=COMMA).judge(answer).verdict is Verdict.CORRECT


@pytest.mark.parametrize(
    ("kind", "key", "answer", "asked"),
    [
        ("rational", "224/125", "1.792", "mean 1792 or 1,792?"),
        ("integer", 1792, "1.792", "mean 1792 or 1,792?"),
        ("integer", 1792, "1,792", "mean 1792 or a decimal?"),
        ("rational", "5/2", "1,2,5", "where are its decimals?"),
        ("rational", "3585/2", "1,792.5", "where are its decimals?"),
        ("vector", [1, 2], "1,2", "one number or several entries?"),
        ("vector", [1, 2, 3], "[1,2,3]", "one number or several entries?"),
        ("vector", VECTOR, "1,5, 2", "one number or several entries?"),
        ("matrix", [[1, 2], [3, 4]], "1,2; 3,4", "one number or several entries?"),
        ("matrix", [[1, 2], [3, 4]], "[[1,2],[3,4]]", "one number or several entries?"),
        ("matrix", [[1, 2], [3, 4]], "1,2\n3,4", "one number or several entries?"),
        ("expr", 2, "max(1,2)", "one number or several entries?"),
        ("shape", [1792, 3], "1.792, 3", "mean 1792 or 1,792?"),
    ],
)
def test_what_could_be_meant_in_two_ways_is_asked_back(kind: str, key: Any, answer: str, asked: str) -> None:
    judgement = Question(kind, key, opts=COMMA).judge(answer)
    assert judgement.verdict is Verdict.UNREADABLE
    assert asked in judgement.message


def test_indices_keep_their_commas() -> None:
    question = Question("expr", "5/2*k_1_2", symbols=["k_1_2"], opts=COMMA)
    for answer in ("2,5 k_{1,2}", "2,5*k[1,2]", "k_(1,2)*2,5"):
        assert question.judge(answer).verdict is Verdict.CORRECT


def test_without_the_option_nothing_changes() -> None:
    assert Question("rational", "5/2").judge("2,5").verdict is Verdict.UNREADABLE
    assert Question("vector", [1, 2]).judge("1,2").verdict is Verdict.CORRECT


@given(st.recursive(st.text("0123456789.,;[](){}&x_ \n-", max_size=40), lambda inner: st.lists(inner, max_size=3)))
def test_whatever_is_typed_there_is_a_verdict(answer: Any) -> None:
    for kind, key in (("rational", "5/2"), ("vector", VECTOR), ("matrix", MATRIX), ("shape", [3, 4])):
        assert Question(kind, key, opts=COMMA).judge(answer).verdict in Verdict


@given(st.lists(st.tuples(st.integers(-999, 999), st.integers(0, 99)), min_size=2, max_size=6))
def test_decimals_in_a_list_are_those_of_python(entries: list[tuple[int, int]]) -> None:
    """Oracle: the same list with points, read without the option."""
    points = "; ".join(f"{whole}.{part:02d}" for whole, part in entries)
    judged = Question("vector", [1], opts=COMMA).judge(points.replace(".", ","))
    assert judged.read_as == Question("vector", [1]).judge(points).read_as
