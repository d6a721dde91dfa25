"""The table of cases: every row has the verdict it says."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from cnnex.answers.question import Question

TABLE = tomllib.loads((Path(__file__).parents[1] / "cases" / "answers.toml").read_text(encoding="utf-8"))
ROWS = [
    pytest.param(question, typed, verdict, id=f"{question['name']}: {why}")
    for question in TABLE["question"]
    for typed, verdict, why in question["answers"]
]


def prepared(question: dict[str, Any]) -> Question:
    return Question(
        question["kind"],
        question["expected"],
        symbols=question.get("symbols", ()),
        domain=question.get("domain", "real"),
        choices=question.get("choices"),
        opts=question.get("opts"),
    )


@pytest.mark.parametrize(("question", "typed", "verdict"), ROWS)
def test_verdict(question: dict[str, Any], typed: Any, verdict: str) -> None:
    judgement = prepared(question).judge(typed)
    assert judgement.verdict == verdict, judgement
    assert bool(judgement.message) == (verdict != "correct")
    assert bool(judgement.credit) == (verdict in ("correct", "partial"))


@pytest.mark.parametrize("question", TABLE["question"], ids=lambda question: question["name"])
def test_what_was_read_reads_back(question: dict[str, Any]) -> None:
    asked = prepared(question)
    if question["kind"] in ("choice", "boolean") or "form" in question.get("opts", {}):
        return  # words have no other spelling; of a form something may be lost: 0.75 is read as 3/4
    for typed, _, _ in question["answers"]:
        first = asked.judge(typed)
        if first.verdict == "unreadable" or not isinstance(typed, str):
            continue
        again = asked.judge(first.read_as)
        assert (again.read_as, again.verdict) == (first.read_as, first.verdict)
