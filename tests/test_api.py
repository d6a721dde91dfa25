"""The verbs as functions."""

from __future__ import annotations

import numpy as np
import pytest

import cnnex


def test_arrays_that_code_computed_are_graded_exactly() -> None:
    problems = cnnex.generate("pooling", family="F14-average-pooling", count=1, difficulty="hard", seed="3")
    key = cnnex.key(problems)
    given = key.items[0].given
    (k, _), (s, _), (p, _) = given["kernel_size"], given["stride"], given["padding"]
    x = np.pad(np.array(given["input"], dtype=float), p)
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k))[::s, ::s]
    answers = {"1a": np.array(windows.shape[:2]), "1b": windows.mean(axis=(2, 3))}
    report = cnnex.grade({"schema": "cnnex.answers/1", "set": problems.id, "answers": answers}, key)
    assert [part.verdict for part in report.parts] == ["correct", "correct"]
    answers["1b"] = windows.mean(axis=(2, 3)) + 1e-9
    report = cnnex.grade({"schema": "cnnex.answers/1", "set": problems.id, "answers": answers}, key)
    assert report.parts[1].verdict != "correct"


def test_names_that_are_not_there() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        cnnex.nonsense  # noqa: B018
    with pytest.raises(cnnex.CnnexError, match="either"):
        cnnex.generate()
    with pytest.raises(cnnex.CnnexError, match=r"odt.*there are"):
        cnnex.document(cnnex.generate("pooling", count=1, seed=1), "odt")
