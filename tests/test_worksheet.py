"""The worksheet's own answers earn full marks, and typical slips are named."""

from __future__ import annotations

from typing import Any

import pytest

import cnnex
from cnnex.model.records import Key, Report

TOEPLITZ = [[0] * i + ["k_1", "k_2", "k_3"] + [0] * (6 - i) for i in range(7)]
UNSHARED = [[0] * i + [f"k_{i + 1}_{j}" for j in (1, 2, 3)] + [0] * (6 - i) for i in range(7)]

# As the worksheet's solutions print them, by the ids of its questions.
PUBLISHED: dict[str, Any] = {
    "ws-1a-i": "7",
    "ws-1a-ii": "y_1 = k_1 x_1 + k_2 x_2 + k_3 x_3",
    "ws-1a-iii": "k_1x_7 + k_2x_8 + k_3x_9",
    "ws-1b-padlen": "11",
    "ws-1b-i": 5,
    "ws-1b-ii": r"k_1 \cdot 0 + k_2 x_1 + k_3 x_2",
    "ws-1b-iii": "k1x2 + k2x3 + k3x4",
    "ws-2a-shape": "7 x 9",
    "ws-2a-K": TOEPLITZ,
    "ws-2b-i": UNSHARED,
    "ws-2b-ii": "21",
    "ws-2b-shared": "3",
    "ws-3a-shape": "2x2",
    "ws-3a-y": r"\begin{bmatrix} 3 & 4 \\ 6 & 7 \end{bmatrix}",
    "ws-3a-effect": "local-averaging",
    "ws-3b-i": "W' = W - K + 1".removeprefix("W' = "),
    "ws-3b-ii": r"\left\lfloor \frac{W + 2p - K}{s} \right\rfloor + 1",
    "ws-0-xcorr": "true",
    "ws-3c-i": "(2, 3, 3)",
    "ws-3c-bank": "8 x 2 x 3 x 3",
    "ws-3c-H": "H' = 4".removeprefix("H' = "),
    "ws-3c-ii": "(8, 4, 4)",
    "ws-3c-patch-00-c0": "0 0 0\n0 1 2\n0 0 1",
    "ws-3c-patch-00-c1": [[0, 0, 0], [0, 0, 0], [0, 1, 1]],
    "ws-3c-contrib-00-c0": "2*1 + 1*2",
    "ws-3c-contrib-00-c1": 2,
    "ws-3c-Z00": "4 + 2",
    "ws-3c-patch-01-c0": r"\begin{bmatrix}0&0&0\\1&2&3\\0&1&0\end{bmatrix}",
    "ws-3c-patch-01-c1": "[0 0 0; 0 0 0; 1 1 1]",
    "ws-3c-contrib-01-c0": "8",
    "ws-3c-contrib-01-c1": "3",
    "ws-3c-Z01": "11",
    "ws-3d-i": "(3, 256, 256)",
    "ws-3d-ii": "(3, 5, 5)",
    "ws-3d-bank": "(32, 3, 5, 5)",
    "ws-3d-W": "126",
    "ws-3d-iii": "32 × 126 × 126",
    "ws-3d-iv": "32*3*5*5",
    "ws-3d-vi": "[32]",
    "ws-3d-nin": "196,608",
    "ws-3d-nout": "508 032",
    "ws-3d-v": "99,883,155,456",
    "ws-4c-max": True,
    "ws-4c-overlap": "F",
    "ws-4c-avg": r"\frac{g}{K^2}",
    "ws-4a-i": "(3, 3)",
    "ws-4a-ii": "[[22, 23, 11], [24, 7, 1], [13, 13, 13]]",
    "ws-4b": "floor((W+2p-K)/S)+1",
    "ws-5a-y": "3",
    "ws-5a-i": "[[0, 0], [0, 7]]",
    "ws-5a-ii": [[r"\frac{7}{4}", "7/4"], ["1.75", 1.75]],
    "ws-5b-dk": "(a x_1 + b x_2 + c x_3, a x_2 + b x_3 + c x_4, a x_3 + b x_4 + c x_5)",
    "ws-5b-dx": ["a k_1", "a k_2 + b k_1", "a k_3 + b k_2 + c k_1", "b k_3 + c k_2", "c k_3"],
}

# What students often write instead, and what is said about it.
SLIPS: dict[str, tuple[Any, str]] = {
    "ws-1a-i": ("6", "first-window-forgotten"),
    "ws-1a-ii": ("k_3x_1 + k_2x_2 + k_1x_3", "kernel-flipped"),
    "ws-1b-padlen": ("10", "padding-one-side"),
    "ws-1b-i": ("9", "wrong-step"),
    "ws-1b-iii": ("k_1x_1 + k_2x_2 + k_3x_3", "wrong-step"),
    "ws-2a-shape": ("9x7", "transposed"),
    "ws-2a-K": ([[0] * i + ["k_3", "k_2", "k_1"] + [0] * (6 - i) for i in range(7)], "kernel-flipped"),
    "ws-2b-i": (TOEPLITZ, "sharing-mixed-up"),
    "ws-2b-ii": ("63", "zeros-counted"),
    "ws-2b-shared": ("21", "sharing-mixed-up"),
    "ws-3a-y": ("[[12, 16], [24, 28]]", "constant-factor"),
    "ws-3b-i": ("W - K", "first-window-forgotten"),
    "ws-3b-ii": ("ceil((W+2p-K)/s) + 1", "partial-window-kept"),
    "ws-3c-Z01": ("12", "kernel-flipped"),
    "ws-3d-iii": ("(3, 126, 126)", "input-channels-kept"),
    "ws-3d-iv": ("800", "depth-forgotten"),
    "ws-4c-avg": ("g/K", "divided-by-side"),
    "ws-4a-ii": ("[[-30, 23, -17], [24, 7, -15], [-18, -18, 13]]", "magnitude-for-value"),
    "ws-4b": ("floor((W-K)/S)+1", "padding-forgotten"),
    "ws-5a-i": ("[[7/4, 7/4], [7/4, 7/4]]", "shared-equally"),
    "ws-5a-ii": ("[[7, 7], [7, 7]]", "not-divided"),
    "ws-5b-dk": ("[a*x_1, a*x_2, a*x_3]", "first-window-only"),
    "ws-5b-dx": ("(ak_3, ak_2 + bk_3, ak_1 + bk_2 + ck_3, bk_1 + ck_2, ck_1)", "kernel-direction"),
}


@pytest.fixture(scope="module")
def key() -> Key:
    return cnnex.key(cnnex.generate(bank="cnn_worksheet", seed="any"))


def grade(key: Key, by_ref: dict[str, Any]) -> tuple[Report, dict[str, str]]:
    ids = {part.ref: part.id for item in key.items for part in item.parts if part.ref}
    answers = {ids[ref]: answer for ref, answer in by_ref.items()}
    report = cnnex.grade({"schema": "cnnex.answers/1", "set": key.set, "answers": answers}, key)
    return report, {name: ref for ref, name in ids.items()}


def test_each_question_is_there_once(key: Key) -> None:
    refs = [part.ref for item in key.items for part in item.parts]
    assert sorted(map(str, refs)) == sorted(PUBLISHED)


def test_published_answers_earn_full_marks(key: Key) -> None:
    report, refs = grade(key, PUBLISHED)
    assert {refs[part.id]: part.message for part in report.parts if part.verdict != "correct"} == {}
    assert report.score == report.points


def test_typical_slips_are_named(key: Key) -> None:
    report, refs = grade(key, {ref: answer for ref, (answer, _) in SLIPS.items()})
    found = {refs[part.id]: [each.id for each in part.diagnosis] for part in report.parts if part.verdict != "blank"}
    missing = {ref: (name, found[ref]) for ref, (_, name) in SLIPS.items() if name not in found[ref]}
    assert missing == {}
    assert all(part.verdict != "correct" for part in report.parts)


def test_the_set_is_the_same_for_every_seed_but_its_id_is_not(key: Key) -> None:
    other = cnnex.key(cnnex.generate(bank="cnn_worksheet", seed="another"))
    assert other.items == key.items
    assert other.set != key.set
