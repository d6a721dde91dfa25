"""Whatever is sent as an answer, a judgement comes back soon and small."""

import resource
import time
import tracemalloc
from typing import Any

import pytest
from cases.hostile import QUESTIONS, TEXTS, VALUES, nested
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnex.answers.question import Question
from cnnex.model.outcome import Verdict

BYTES = 50 * 2**20
SECONDS = 0.5  # of a machine that may be slow; what is aimed at is 0.2


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.kind + question.solution[:9])
@pytest.mark.parametrize("answer", [*TEXTS.values(), *VALUES.values(), nested(5_000)], ids=[*TEXTS, *VALUES, "deep"])
def test_hostile_answers(question: Question, answer: Any) -> None:
    start = time.process_time()
    judgement = question.judge(answer)
    assert time.process_time() - start < SECONDS
    assert judgement.verdict is not Verdict.CORRECT
    assert len(judgement.message) < 500


def test_memory_of_hostile_answers() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    tracemalloc.start()
    try:
        for answer in (*TEXTS.values(), *VALUES.values()):
            for question in QUESTIONS:
                question.judge(answer)
        assert tracemalloc.get_traced_memory()[1] < BYTES
    finally:
        tracemalloc.stop()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before < 4 * BYTES


PIECES = [
    "a",
    "b",
    "x_1",
    "k1",
    "W",
    "2",
    "10",
    "1/2",
    ".5",
    "1e9",
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "^",
    "**",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "|",
    ",",
    ";",
    " ",
    "\n",
    "=",
    "floor(",
    "ceil(",
    "max(",
    "sqrt(",
    "e^",
    "ln(",
    "⌊",
    "⌋",
    r"\frac{",
    "}{",
    "²",
    r"\begin{bmatrix}",
    r"\end{bmatrix}",
    "&",
    "\\\\",
    "^T",
    "'",
    "dL/dy_1",
    "∂L/∂y",
    "_",
    "{1}",
    "x",
    "×",
    "…",
    "е",
    "½",
    "1 000",
]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=20) | JSON)
def test_any_answer_is_judged(answer: Any) -> None:
    for question in QUESTIONS:
        judgement = question.judge(answer)
        assert 0 <= judgement.credit <= 1
        assert bool(judgement.message) == (judgement.verdict is not Verdict.CORRECT)
