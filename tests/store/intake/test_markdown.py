"""Markdown and notebooks with the answers written into them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from handed_in import one, refusal

import cnnex
from cnnex.store.records import blank_submission


@pytest.mark.parametrize(
    "line",
    ["1a: 6", "**1a:** 6", "**1a**: 6", "- 1a: 6", "1a) 6", "(1a) 6", "1a. 6", "1A:6", "# 1a\n6", "### 1a: 6",
     "1a:\n\n6", "```answer 1a\n6\n```", "~~~ answer 1a\n6\n~~~", "1a: `6`", "1a:\n```\n6\n```", "**1a**\n\n6"],
)  # fmt: skip
def test_ways_of_marking(tmp_path: Path, line: str) -> None:
    found = one(tmp_path, "a.md", f"# Homework\n\nSet: 7raw-bh5b\nStudent: 0042\n\n{line}\n\n1b: 7\n")
    assert found.answers == {"1a": "6", "1b": "7"}
    assert (found.set, found.student) == ("7raw-bh5b", "0042")


def test_answers_of_several_lines(tmp_path: Path) -> None:
    text = "1a: 1 2\n3 4\n\n## 2. Pooling\n\nWords.\n\n2a:\n$$x + y$$\n---\nmore words\n"
    text += "```answer 2b\n1a: # not a mark\n```\n"
    found = one(tmp_path, "a.md", text)
    assert found.answers == {"1a": "1 2\n3 4", "2a": "$$x + y$$", "2b": "1a: # not a mark"}


@pytest.fixture(scope="module")
def problems() -> cnnex.ProblemSet:
    topics = ["pooling", "backprop", "concepts", "filters", "convolution", "parameters"]
    return cnnex.generate(topics, count=18, seed="markdown", student="Ada (L.) Lovelace (a_b*7)")


def filled(text: str) -> str:
    """The handout with the part's id squared below each prompt, after the choices."""
    return re.sub(r"(\*\[(\w+), \d+ points?\]\*\n(?:\n- .*(?:\n- .*)*\n)?)", r"\1\nmy \2\n", text)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_the_handout_itself(tmp_path: Path, problems: cnnex.ProblemSet, encoding: str) -> None:
    found = one(tmp_path, "problems.md", filled(cnnex.document(problems, "md").decode()).encode(encoding))
    assert found.answers == {part: f"my {part}" for part in blank_submission(problems).answers}
    assert (found.set, found.student, found.name) == (problems.id, "a_b*7", "Ada (L.) Lovelace")


def test_words_before_a_problem_are_no_part_of_an_answer(tmp_path: Path) -> None:
    bank = tmp_path / "bank.yaml"
    problem = "topic: pooling, family: F14-max-pooling"
    bank.write_text("schema: cnnex.bank/1\ntitle: T\nproblems:\n"
                    f"  - {{name: a, {problem}}}\n  - {{name: b, {problem}, before: 'Now for more.'}}\n")  # fmt: skip
    text = filled(cnnex.document(cnnex.generate(bank=bank, seed="1", fresh=True), "md").decode())
    assert "Now for more." in text
    assert all(answer == f"my {part}" for part, answer in one(tmp_path, "problems.md", text).answers.items())


def test_answers_on_the_line_of_the_prompt(tmp_path: Path, problems: cnnex.ProblemSet) -> None:
    text = re.sub(r"(\*\[(\w+), \d+ points?\]\*)", r"\1 my \2", cnnex.document(problems, "md").decode())
    found = one(tmp_path, "problems.md", text)
    assert found.answers == {part: f"my {part}" for part in blank_submission(problems).answers}


def test_a_handout_that_nobody_filled_in(tmp_path: Path, problems: cnnex.ProblemSet) -> None:
    assert "this page has no answers" in refusal(tmp_path, "problems.md", cnnex.document(problems, "md"))


def test_two_answers_are_not_chosen_from(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a.md", "1a: 6\n1a: 7\n") == "part 1a is answered twice: '6' and '7'"
    assert one(tmp_path, "b.md", "1a: 6\n1a:\n1a: 6\n").answers == {"1a": "6"}


def test_two_students_are_not_chosen_from(tmp_path: Path) -> None:
    reason = refusal(tmp_path, "a.md", "Student: 0042\nStudent: 0043\n\n1a: 6\n")
    assert reason == "this page names two students: '0042' and '0043'"
    assert one(tmp_path, "b.md", "Student:\nStudent: Ada\nName: Ada L. (7)\nStudent: ADA\n\n1a: 6\n").student == "Ada"


def test_a_cell_with_only_the_id(tmp_path: Path) -> None:
    cells: list[tuple[str, str | list[str], dict[str, Any]]]
    cells = [
        ("markdown", "1a", {}),
        ("raw", "2x2", {}),
        ("code", "# 1b", {}),
        ("code", "2a", {}),
        ("markdown", "x", {}),
    ]
    assert one(tmp_path, "a.ipynb", notebook(*cells)).answers == {"1a": "2x2", "1b": "2a"}


def notebook(*cells: tuple[str, str | list[str], dict[str, Any]]) -> bytes:
    return json.dumps({
        "cells": [{"cell_type": kind, "source": source, "metadata": metadata} for kind, source, metadata in cells],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
    }).encode()  # fmt: skip


def test_a_notebook(tmp_path: Path) -> None:
    content = notebook(
        ("markdown", ["# Homework\n", "**Name:** Ada\n", "\n", "**Set:** 7RAW-BH5B · 21 points"], {}),
        ("code", "import numpy as np", {}),
        ("markdown", "**1a:** 6", {}),
        ("code", "np.array([1])", {}),
        ("code", "# 1b\n[[1, 2],\n [3, 4]]", {}),
        ("markdown", "1c:", {}),
        ("raw", "", {}),
        ("raw", "x + y", {}),
        ("raw", "7", {"tags": ["graded", "answer-2a"]}),
        ("markdown", "**(b)** How many? *[2b, 1 point]*", {}),
        ("code", "8", {}),
        ("code", "9", {}),
    )
    found = one(tmp_path, "hw.ipynb", content)
    assert found.answers == {"1a": "6", "1b": "[[1, 2],\n [3, 4]]", "1c": "x + y", "2a": "7", "2b": "8"}
    assert (found.set, found.name, found.student) == ("7RAW-BH5B", "Ada", "")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "this is no notebook"),
        (b'{"cells": 1}', "this is no notebook: Expected `array`, got `int` - at `$.cells`"),
        (b'{"cells": []}', "this page has no answers"),
        (notebook(("code", "1a: 6", {"tags": 7})).replace(b"1a", b"xx"), "this page has no answers"),
        (b"[" * 100_000, "this is no notebook"),
    ],
)
def test_what_is_no_notebook(tmp_path: Path, content: bytes, reason: str) -> None:
    assert reason in refusal(tmp_path, "hw.ipynb", content)
