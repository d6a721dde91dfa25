"""Generic slips: each id where it is due, and none where it would be chance."""

import re
from pathlib import Path
from typing import Any

import pytest

from cnnex.answers.diagnose import HINTS
from cnnex.answers.question import Candidate, Question

NAMES = ["a", "b", "c", "x", *(f"{base}_{i}_{j}" for base in "kx" for i in (1, 2) for j in (1, 2))]
SQUARE = "k_1_1*x_1_1 + k_1_2*x_1_2 + k_2_1*x_2_1 + k_2_2*x_2_2"


@pytest.mark.parametrize(
    ("kind", "key", "answer", "ids"),
    [
        # a sum with quotients has a constant term, too
        ("expr", "a/(b+c)", "a/(b+c) + 2", ["added-constant"]),
        ("expr", "a/(b+c)", "(a+b+c)/(b+c)", ["off-by-one"]),
        ("expr", "a/(b+c)", "a/(b+c) + 2/b", []),
        ("vector", [7, 7, 7], "[9, 9, 9]", ["constant-factor", "added-constant"]),
        ("vector", [1, 1], "[2, 2]", ["off-by-one", "constant-factor"]),
        # any number is a multiple of another one
        ("vector", [5, 0], "[35, 0]", []),
        ("vector", [5], "[35]", []),
        ("vector", ["a", 0], "[3a, 0]", ["constant-factor"]),
        ("matrix", [[2, 0], [0, 3]], "[[4, 0], [0, 6]]", ["constant-factor"]),
        # zeros are no entries that were shifted out
        ("vector", [5], "[0]", []),
        ("vector", [0, 0, 3], "[0, 0, 0]", []),
        ("vector", [0, 2, 3], "[0, 0, 2]", ["shifted"]),
        ("matrix", [[0, 1], [0, 2]], "[[0, 0], [0, 0]]", []),
        # an entry at a wrong place isn't counted wrongly
        ("matrix", [[1, -1, 0], [0, 1, -1]], "[[1, -1, 0], [1, -1, 0]]", []),
        ("vector", [3, 4, 0], "[3, 5, 0]", ["off-by-one"]),
        ("vector", [3, 4, 0], "[4, 5, 1]", ["off-by-one"]),
        # a kernel with two indices
        ("expr", "k_1_1*x_1_1 + k_1_2*x_1_2", "k11 x11 + k21 x12", []),
        ("expr", SQUARE, "k11 x11 + k21 x12 + k12 x21 + k22 x22", ["transposed"]),
        ("expr", SQUARE, "k22 x11 + k21 x12 + k12 x21 + k11 x22", ["indices-flipped"]),
        ("vector", [SQUARE, "k_1_2"], "[k11 x11 + k21 x12 + k12 x21 + k22 x22, k21]", ["transposed"]),
        # only decimals are rounded
        ("rational", "11/24", "1/2", []),
        ("rational", "11/24", "0.5", ["rounded"]),
        ("rational", "11/24", 0.458, ["rounded"]),
        ("vector", ["2/3", "1/3"], "[0.67, 1/3]", ["rounded"]),
        ("vector", ["11/24", "1/3"], "[1/2, 1/3]", []),
    ],
)
def test_slips(kind: str, key: Any, answer: Any, ids: list[str]) -> None:
    assert list(Question(kind, key, symbols=NAMES).judge(answer).diagnosis) == ids


def test_a_mistake_that_leads_to_several_values_is_one() -> None:
    twice = [Candidate("doubled", [2, 4, 3]), Candidate("doubled", [2, 2, 6])]
    assert Question("vector", [1, 2, 3], mistakes=twice).judge("[2, 2, 3]").diagnosis == ("doubled",)


def test_the_negative_of_a_negative_name_is_known() -> None:
    question = Question("vector", ["a", "a - b", "-b"], symbols=["a", "b"])
    assert question.judge("[-a, b - a, b]").diagnosis == ("sign-flipped",)


@pytest.mark.parametrize(
    ("kind", "key", "answer", "mistakes", "ids"),
    [
        ("rational", "1/3", "-0.33", {}, ["sign-flipped"]),
        ("number", "sqrt(2)", "-1.41", {}, ["sign-flipped"]),
        ("number", "sqrt(2)", "1.73", {"other-root": "sqrt(3)"}, ["other-root"]),
        ("number", "sqrt(2)", "1.74", {"other-root": "sqrt(3)"}, []),
        ("rational", "1/3", "0.67", {"far": "0.66", "near": "2/3", "other": "0.68"}, ["near"]),
        ("rational", "1/3", "0.67", {"far": "0.6655", "near": "2/3", "other": "0.674"}, ["near", "other", "far"]),
        ("vector", ["1/3", "2/3"], "[-0.33, -0.67]", {}, ["sign-flipped"]),
        ("vector", ["1/3", "2/3"], "[0.67, 0.33]", {}, ["reversed"]),
        ("vector", ["1/3", "2/3"], "[0.33, 0.22]", {"other": ["1/5", "2/9"]}, ["other"]),
        ("matrix", [["1/3", "2/3"], ["1/7", 4]], "[[0.33, 0.14], [0.67, 4.00]]", {}, ["transposed"]),
    ],
)
def test_slips_within_a_tolerance(kind: str, key: Any, answer: str, mistakes: dict[str, Any], ids: list[str]) -> None:
    predicted = [Candidate(name, value) for name, value in mistakes.items()]
    assert list(Question(kind, key, mistakes=predicted, opts={"decimals": 2}).judge(answer).diagnosis) == ids


def test_the_page_has_all_slips() -> None:
    page = (Path(__file__).parents[2] / "docs" / "answers.md").read_text(encoding="utf-8")
    section = page.split("## What went wrong")[1].split("\n## ")[0]
    assert set(re.findall("`([a-z-]+)`", section)) - {"diagnosis", "form-expanded", "form-factored"} == HINTS.keys()


@pytest.mark.parametrize(
    ("kind", "key", "answer", "place"),
    [
        ("vector", [1, 0, 2], "[1, 1/0, 2]", "The 2nd entry"),
        ("vector", [1, 0, 2], [1, 0, 2, "1/0"], "The 4th entry"),
        ("matrix", [[1, 0], [2, 3]], [[1, "3/0"], [2, 3]], "The entry in the 1st row, 2nd column"),
    ],
)
def test_a_division_by_zero_has_its_place(kind: str, key: Any, answer: Any, place: str) -> None:
    judgement = Question(kind, key).judge(answer)
    assert judgement.message == f"{place}: There is a division by zero, so this has no value."
