"""The sources' questions about convolution, by ref with the right value, and their twins with fresh numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from contract.draws import key_json
from oracles.keys import NOT_RECOMPUTABLE, recompute, same

import cnnex

BANK = """
schema: cnnex.bank/1
title: Sources
problems:
  - name: valid
    topic: convolution
    family: F07-conv1d-symbolic
    level: easy
    parameters: {size: 9, kernel_size: 3, stride: 1, padding: 0, dilation: 1, input: x, kernel: k, entries: [1, 7]}
    parts: [{name: size, ref: d5-2a-len}, {name: entry_1, ref: d5-2a-first}, {name: entry_2, ref: d5-2a-last}]
  - name: same
    topic: convolution
    family: F07-conv1d-symbolic
    parameters: {size: 9, kernel_size: 3, stride: 1, padding: 1, dilation: 1, input: x, kernel: k, entries: [1, 9]}
    keep: [stride, padding]
    parts: [{name: size, ref: d5-2b-len}, {name: entry_1, ref: d5-2b-first}, {name: entry_2, ref: d5-2b-last}]
  - name: strided
    topic: convolution
    family: F07-conv1d-symbolic
    parameters: {size: 9, kernel_size: 3, stride: 2, padding: 1, dilation: 1, input: x, kernel: k, entries: [1, 2]}
    parts:
      - {name: padded_size, ref: ws-1b-padlen}
      - {name: size, ref: ws-1b-i}
      - {name: entry_1, ref: ws-1b-ii}
      - {name: entry_2, ref: ws-1b-iii}
  - name: channels
    topic: convolution
    family: F09-channels
    parameters:
      input:
        - [[1, 2, 3, 4], [0, 1, 0, 1], [0, 0, 0, 0], [1, 1, 1, 1]]
        - [[0, 0, 0, 0], [1, 1, 1, 1], [2, 4, 6, 8], [3, 4, 0, 1]]
      weight: [[[[0, 1, 0], [1, 2, 1], [0, 0, 0]], [[1, 1, 1], [1, 1, 1], [1, 1, 1]]]]
      bias: []
      filters: 8
      stride: 1
      padding: 1
      places: [[0, 0], [0, 1]]
      ask_patches: true
      ask_maps: false
      relu: false
    keep: [filters, stride, padding, ask_patches, ask_maps, relu]
    parts:
      - {name: kernel_shape, ref: ws-3c-i}
      - {name: weight_shape, ref: ws-3c-bank}
      - {name: size, ref: ws-3c-H}
      - {name: output_shape, ref: ws-3c-ii}
      - {name: patch_1_c0, ref: ws-3c-patch-00-c0}
      - {name: patch_1_c1, ref: ws-3c-patch-00-c1}
      - {name: contribution_1_c0, ref: ws-3c-contrib-00-c0}
      - {name: contribution_1_c1, ref: ws-3c-contrib-00-c1}
      - {name: entry_1, ref: ws-3c-Z00}
      - {name: patch_2_c0, ref: ws-3c-patch-01-c0}
      - {name: patch_2_c1, ref: ws-3c-patch-01-c1}
      - {name: contribution_2_c0, ref: ws-3c-contrib-01-c0}
      - {name: contribution_2_c1, ref: ws-3c-contrib-01-c1}
      - {name: entry_2, ref: ws-3c-Z01}
  - name: continuous
    topic: convolution
    family: F13-convolution-definition
    level: medium
    parameters: {form: continuous, input: f, kernel: g, order: [3, 1, 0, 4, 2]}
    keep: [form]
    parts: [{name: term, ref: ln5-eq1}]
  - name: discrete
    topic: convolution
    family: F13-convolution-definition
    level: easy
    parameters: {form: discrete, input: f, kernel: g, order: [1, 0, 3, 2, 4]}
    keep: [form]
    parts: [{name: term, ref: ln5-eq2}]
  - name: strided-sum
    topic: convolution
    family: F13-convolution-definition
    level: hard
    parameters: {form: strided, input: f, kernel: g, order: [4, 3, 1, 0, 2]}
    keep: [form]
    parts: [{name: term, ref: ln5-eq4}]
  - name: definition
    topic: convolution
    family: F13-convolution-sum
    level: easy
    parameters: {input: [3, 5, 6, 7, 8], kernel: [2, 1, 2], entries: [0]}
    parts: [{name: entry_1, ref: ln5-eq2-n0}, {name: flip_irrelevant, ref: ln5-ex-flip}]
"""
SIGNAL = """
  - name: {prefix}
    topic: convolution
    family: F13-true-convolution
    level: {level}
    parameters: {{input: [3, 5, 6, 7, 8], kernel: [2, 1, 2], stride: {stride}, mode: {mode}}}
    keep: [stride, mode]
    parts:
      - {{name: size, ref: {prefix}-L}}
      - {{name: range, ref: {prefix}-range}}
      - {{name: output, ref: {prefix}-out}}
"""
PADDED = """
      - {{name: padding, ref: {prefix}-p}}
      - {{name: padded_input, ref: {prefix}-pad}}
"""

RIGHT: dict[str, Any] = {
    "d5-2a-len": 7,
    "d5-2a-first": "k_1*x_1 + k_2*x_2 + k_3*x_3",
    "d5-2a-last": "k_1*x_7 + k_2*x_8 + k_3*x_9",
    "d5-2b-len": 9,
    "d5-2b-first": "k_2*x_1 + k_3*x_2",
    "d5-2b-last": "k_1*x_8 + k_2*x_9",
    "ws-1b-padlen": 11,
    "ws-1b-i": 5,
    "ws-1b-ii": "k_2*x_1 + k_3*x_2",
    "ws-1b-iii": "k_1*x_2 + k_2*x_3 + k_3*x_4",
    "ws-3c-i": [2, 3, 3],
    "ws-3c-bank": [8, 2, 3, 3],
    "ws-3c-H": 4,
    "ws-3c-ii": [8, 4, 4],
    "ws-3c-patch-00-c0": [[0, 0, 0], [0, 1, 2], [0, 0, 1]],
    "ws-3c-patch-00-c1": [[0, 0, 0], [0, 0, 0], [0, 1, 1]],
    "ws-3c-contrib-00-c0": 4,
    "ws-3c-contrib-00-c1": 2,
    "ws-3c-Z00": 6,
    "ws-3c-patch-01-c0": [[0, 0, 0], [1, 2, 3], [0, 1, 0]],
    "ws-3c-patch-01-c1": [[0, 0, 0], [0, 0, 0], [1, 1, 1]],
    "ws-3c-contrib-01-c0": 8,
    "ws-3c-contrib-01-c1": 3,
    "ws-3c-Z01": 11,
    "ln5-eq1": "f(τ) g(t − τ)",
    "ln5-eq2": "f[m] g[n − m]",
    "ln5-eq4": "f[m] g[n s − m]",
    "ln5-eq2-n0": 6,
    "ln5-ex-flip": True,
    "ln5-ex-s1-L": 3,
    "ln5-ex-s1-range": [0, 1, 2],
    "ln5-ex-s1-out": [23, 30, 35],
    "ln5-ex-s2-L": 2,
    "ln5-ex-s2-range": [0, 1],
    "ln5-ex-s2-out": [23, 35],
    "ln5-ex-same1-L": 5,
    "ln5-ex-same1-range": [0, 1, 2, 3, 4],
    "ln5-ex-same1-p": 1,
    "ln5-ex-same1-pad": [0, 3, 5, 6, 7, 8, 0],
    "ln5-ex-same1-out": [13, 23, 30, 35, 22],
    "ln5-ex-same2-L": 5,
    "ln5-ex-same2-range": [0, 1, 2, 3, 4],
    "ln5-ex-same2-p": 3,
    "ln5-ex-same2-pad": [0, 0, 0, 3, 5, 6, 7, 8, 0, 0, 0],
    "ln5-ex-same2-out": [0, 13, 30, 22, 0],
}


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bank's file."""
    text = BANK.lstrip()
    for name, level, stride, mode in (
        ("s1", "easy", 1, "valid"), ("s2", "easy", 2, "valid"),
        ("same1", "medium", 1, "same"), ("same2", "medium", 2, "same"),
    ):  # fmt: skip
        words = SIGNAL.strip("\n") + (PADDED.rstrip() if mode == "same" else "")
        text += words.format(prefix=f"ln5-ex-{name}", level=level, stride=stride, mode=mode) + "\n"
    path = tmp_path_factory.mktemp("banks") / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def parts(bank: Path, *, fresh: bool, seed: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    items = key_json(cnnex.generate(bank=str(bank), fresh=fresh, seed=seed))["items"]
    return [(item, part) for item in items for part in item["parts"]]


def test_each_ref_has_the_right_value(bank: Path) -> None:
    found = {
        part["ref"]: part["choices"][part["value"]] if "choices" in part else part["value"]
        for _, part in parts(bank, fresh=False, seed="any")
    }
    assert found == RIGHT


def test_twins_ask_the_same_with_keys_that_are_right(bank: Path) -> None:
    for seed in range(6):
        asked = parts(bank, fresh=True, seed=str(seed))
        assert sorted(part["ref"] for _, part in asked) == sorted(RIGHT)
        for item, part in asked:
            expected = recompute(item, part)
            assert expected == NOT_RECOMPUTABLE or same(expected, part["value"], part), (part, item["given"])


def test_the_flip_shows_in_the_second_entry_only(bank: Path) -> None:
    """The worksheet's first entry is the same with a flipped kernel, which is no test of the flip."""
    flipped = {
        part["ref"]: mistake["value"]
        for _, part in parts(bank, fresh=False, seed="any")
        for mistake in part["mistakes"]
        if mistake["id"] == "kernel-flipped"
    }
    assert "ws-3c-Z00" not in flipped
    assert flipped["ws-3c-Z01"] == 12


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("filters: 8 -> filters: 0", "filters"),
        ("places: [[0, 0], [0, 1]] -> places: [[0, 0], [0, 4]]", "within an output of 4 × 4"),
        ("bias: [] -> bias: [1, 2]", "a bias for each or none"),
        ("[[0, 1, 0], [1, 2, 1], [0, 0, 0]] -> [[0, 1, 0], [1, 2, 1], [0, 0]]", "all of one shape|one shape"),
        ("weight: [[[[0, 1, 0], [1, 2, 1], [0, 0, 0]], [[1, 1, 1], [1, 1, 1], [1, 1, 1]]]] -> weight: []", "one shape"),
        ("stride: 1, padding: 0 -> stride: 1, padding: x", "padding"),
        ("order: [3, 1, 0, 4, 2] -> order: [3, 1, 0, 4, 4]", "once"),
        ("form: continuous -> form: periodic", "form"),
        ("entries: [0] -> entries: [9]", "below 7"),
        ("stride: 2, mode: same -> stride: 3, mode: wide", "mode"),
        ("[2, 1, 2], stride: 2, mode: same -> [2, 1], stride: 1, mode: same", "equal on both sides"),
    ],
)
def test_parameters_that_make_no_problem_are_refused_in_a_sentence(bank: Path, change: str, said: str) -> None:
    before, after = change.split(" -> ")
    text = bank.read_text(encoding="utf-8")
    assert before in text
    path = bank.with_name("changed.yaml")
    path.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(cnnex.CnnexError, match=said):
        cnnex.generate(bank=str(path))
