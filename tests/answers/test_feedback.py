"""Levels of feedback: a hint gives nothing away, a witness shows a point, the key is the solution."""

from typing import Any

import pytest

from cnnex.answers.feedback import LEVELS, feedback
from cnnex.answers.question import Question
from cnnex.errors import InputError

LINEAR = Question("expr", "a*x_1 + 7*x_2", symbols=["a", "x_1", "x_2"])


def test_levels_add_to_one_another() -> None:
    judgement = LINEAR.judge("a x_1")
    hint, witness, key = (feedback(judgement, level) for level in LEVELS)
    assert hint == feedback(judgement) == judgement.message
    assert witness == f"{hint} For x_2 = 1 and all else 0 the value is 7, yours gives 0."
    assert key == f"{witness} The answer is a*x_1 + 7*x_2."


@pytest.mark.parametrize(
    ("kind", "key", "options", "solution"),
    [
        ("expr", "7x_2 + x_1", {"symbols": ["x_1", "x_2"]}, "7*x_2 + x_1"),
        ("rational", 0.25, {}, "1/4"),
        ("integer", 1792, {}, "1792"),
        ("shape", [3, 4], {}, "(3, 4)"),
        ("vector", [1, "1/2"], {}, "[1, 1/2]"),
        ("matrix", [[1, 2], [3, 4]], {}, "[[1, 2], [3, 4]]"),
        ("boolean", False, {}, "false"),
        ("selection", ["a", "c"], {"choices": {"a": "stride", "b": "bias", "c": "padding"}}, "A, C"),
        ("choice", "b", {"choices": {"a": "average pooling", "b": "max pooling"}}, "max pooling"),
    ],
)
def test_solutions_are_answers(kind: str, key: Any, options: dict[str, Any], solution: str) -> None:
    asked = Question(kind, key, **options)
    assert asked.solution == solution
    assert asked.judge(solution).verdict == "correct"
    for answer in ("99", "", "?!", "true"):
        judgement = asked.judge(answer)
        assert feedback(judgement, "key").endswith(f"The answer is {solution}.")
        assert kind == "boolean" or solution not in feedback(judgement, "hint")


def test_nothing_is_added_to_a_right_answer() -> None:
    assert [feedback(LINEAR.judge("7x_2 + a x_1"), level) for level in LEVELS] == ["", "", ""]


@pytest.mark.parametrize(
    ("domain", "key", "answer", "witness"),
    [
        ("real", "a*x_1 + 7*x_2", "(a*x_1 + 7*x_2)/4", "for x_2 = 1 and all else 0 the value is 7, yours gives 7/4"),
        ("real", "(a + x_1)/2", "(a + x_1)/3", "for a = 1 and all else 0 the value is 1/2, yours gives 1/3"),
        ("real", "a/(x_1 + x_2)", "a/(x_1 + 2x_2)", "for a = x_1 = x_2 = 1 the value is 1/2, yours gives 1/3"),
        ("real", "ln(a)", "ln(a) + 1", "for a = 1 the value is about 0, yours gives about 1"),
        ("positive", "a*x_1", "a*x_2", "for a = x_2 = 1 and x_1 = 2 the value is 2, yours gives 1"),
        ("integers", "floor(a/x_1)", "ceil(a/x_1)", "for a = 7 and x_1 = 5 the value is 1, yours gives 2"),
    ],
)
def test_witnesses_are_simple(domain: str, key: str, answer: str, witness: str) -> None:
    asked = Question("expr", key, symbols=["a", "x_1", "x_2"], domain=domain)
    assert asked.judge(answer).witness == witness


def test_unknown_levels() -> None:
    with pytest.raises(InputError, match="did you mean witness"):
        feedback(LINEAR.judge("a"), "witnes")
