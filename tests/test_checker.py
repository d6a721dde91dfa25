"""A line of a batch costs no other line its verdict."""

import json
import logging
from typing import Any

import pytest

from cnnex.answers.question import Question
from cnnex.checker import check, check_lines
from cnnex.errors import InputError

ROWS = [
    {"id": i, "kind": "expr", "symbols": ["x"], "expected": "x", "answer": answer}
    for i, answer in enumerate(["x", "x+x", "2x-x"])
]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_defect_costs_its_own_line_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, workers: int
) -> None:
    judge = Question.judge

    def defective(question: Question, answer: Any) -> Any:
        if answer == "x+x":
            raise AttributeError("'float' object has no attribute 'numerator'")
        return judge(question, answer)

    monkeypatch.setattr(Question, "judge", defective)
    with caplog.at_level(logging.ERROR):
        lines = [json.dumps(row).encode() for row in ROWS]
        first, second, third = map(json.loads, check_lines(lines, workers=workers))
    assert (first["verdict"], third["verdict"]) == ("correct", "correct")
    assert (second["line"], second["id"]) == (2, 1)
    assert "AttributeError" in second["error"]
    assert workers > 1 or "line 2" in caplog.text


def test_what_is_no_json_is_an_error_of_its_line() -> None:
    lines = [b'"\xff"', b"[" * 100_000, b"nonsense", json.dumps(ROWS[0]).encode()]
    *errors, last = map(json.loads, check_lines(lines))
    assert [error["line"] for error in errors] == [1, 2, 3]
    assert last["verdict"] == "correct"


def test_roots_of_negative_numbers_in_a_batch() -> None:
    row = {"id": 1, "kind": "expr", "symbols": ["x"], "expected": "x", "answer": "(-x)^(-1/3)", "domain": "positive"}
    (line,) = check_lines([json.dumps(row).encode()])
    assert json.loads(line)["verdict"] == "incorrect"


@pytest.mark.parametrize("answer", ["x", "x+x"])
def test_a_mistake_that_cant_be_read_is_told_whatever_the_answer(answer: str) -> None:
    row = ROWS[0] | {"answer": answer, "mistakes": [{"id": "m-1", "value": "x +"}]}
    (told,) = map(json.loads, check_lines([json.dumps(row).encode()]))
    assert (told["line"], told["id"]) == (1, 0)
    assert "'x +'" in told["error"]
    with pytest.raises(InputError, match="ends too early"):
        check("x", answer, mistakes=[("m-1", "x +")])


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ({"kind": 5}, "kind: expected `str`, got `int`"),
        ({"symbols": "a,b"}, "symbols: expected"),
        ({"domain": ["real"]}, "domain: expected"),
        ({"choices": 5}, "choices: expected"),
        ({"mistakes": [("m-1",)]}, r"mistakes\[0\]: expected `array` of length 2, got 1"),
        ({"mistakes": {"m-1": "a"}}, "mistakes: expected"),
        ({"opts": 5}, "opts: expected"),
    ],
)
def test_arguments_that_cant_be_used(named: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told):
        check("a", "a", **named)


@pytest.mark.parametrize("kind", ["integer", "vector", "choice", "selection", "expr"])
def test_a_key_that_cant_be_shown_is_refused_too(kind: str) -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    for expected in (10**5000, [10**5000], deep):
        with pytest.raises(InputError):
            check(expected, "1", kind=kind)


def test_none_counts_as_absent() -> None:
    assert check("a", "a", symbols=None, domain=None, opts=None, choices=None, mistakes=None).verdict == "correct"  # type: ignore[arg-type]
