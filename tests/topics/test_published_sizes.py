"""Published questions on sizes, designs and receptive fields: the right values, and the twins with fresh numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cnnex
from cnnex.errors import InputError
from cnnex.model.records import Key

BANK = """\
schema: cnnex.bank/1
title: Sizes, designs and receptive fields
problems:
  # Berkeley discussion 5, 2025
  - name: d5-size-1d
    topic: padding_stride
    family: F01-size-formula
    title: The output length as a formula
    source: question 2(f)
    parameters: {dimensions: 1, size: W, kernel: K, stride: s, padding: p, dilation: ""}
    keep: [dimensions]
    parts:
      - {name: plain, ref: d5-2f-1}
      - {name: general, ref: d5-2f-2}
  - name: d5-size-2d
    topic: padding_stride
    family: F01-size-formula
    title: The side of a square output as a formula
    source: question 2(g)
    parameters: {dimensions: 2, size: W, kernel: K, stride: s, padding: p, dilation: ""}
    keep: [dimensions]
    parts:
      - {name: plain, ref: d5-2g-1}
      - {name: general, ref: d5-2g-2}

  # Berkeley discussion 4, 2022
  - name: d4-height
    topic: padding_stride
    family: F01-size-formula
    title: The output's height
    source: question 1(e)
    level: easy
    parameters: {dimensions: 1, size: H, kernel: K, stride: s, padding: p, dilation: ""}
    keep: [dimensions]
    parts:
      - {name: plain, ref: d4-1e-H}
  - name: d4-width
    topic: padding_stride
    family: F01-size-formula
    title: The output's width
    source: question 1(e)
    level: easy
    parameters: {dimensions: 1, size: W, kernel: K, stride: s, padding: p, dilation: ""}
    keep: [dimensions]
    parts:
      - {name: plain, ref: d4-1e-W}
  - name: d4-largest
    topic: padding_stride
    family: F03-largest-kernel
    title: The largest kernel
    source: question 1(e)
    level: easy
    parameters: {height: H, width: W, padding: 0, dilation: 1, smaller: 0}
    keep: [padding, dilation]
    parts:
      - name: largest
        ref: d4-1e-max
        note: >-
          The printed solution says H (or W). A square kernel has to fit along both axes, so its side is at most the
          smaller of the two; a rectangular kernel may be as high as H and as wide as W.
      - {name: size, ref: d4-1e-size}

  # Homework 2
  - name: hw2-three-layers
    topic: receptive_field
    family: F30-receptive-field
    title: Three small kernels
    source: question 3(a)
    level: easy
    parameters:
      size: 32
      layers: [conv, conv, conv]
      kernel_size: [3, 3, 3]
      stride: [1, 1, 1]
      padding: [0, 0, 0]
      dilation: [1, 1, 1]
      output: 0
    keep: [layers, stride, dilation, output]
    parts:
      - name: field
        ref: hw2-3a-rf3
        note: >-
          The printed solution compares three such layers with one 9 × 9 kernel, as if the fields were alike. Three
          layers see 7 × 7 pixels; it takes four of them to see 9 × 9.
  - name: hw2-dilated-kernel
    topic: receptive_field
    family: F10-dilated-kernel
    title: A dilated kernel
    source: questions 3(b) and 4(a)
    parameters: {filters: 1, channels: 1, kernel_size: [3], dilation: [2], kernel: k, spread: d}
    parts:
      - name: formula
        ref: hw2-4a-eff
        note: >-
          The printed solution calls this the effective receptive field. That name means the central region from which
          most of the influence comes (Luo and others, 2016); what is counted here is the effective kernel size.
      - {name: size, ref: hw2-3b-eff}
      - {name: pattern, points: 2, ref: hw2-3b-mask}
  - name: hw2-pooling-size
    topic: pooling
    family: F01-pooling-formula
    title: The size of a pooled output
    source: question 4(a)
    parameters: {size: H, kernel_size: K, stride: s, padding: p, dilation: ""}
    parts:
      - name: formula
        ref: hw2-4a-pool
        note: >-
          The printed formula is floor((H - p)/s) + 1, with p called padding. It holds only if p means the size of the
          pooling window and there is no padding.
  - name: hw2-convolution-size
    topic: padding_stride
    family: F01-size-formula
    title: The output size with dilation
    source: question 4(a)
    level: hard
    parameters: {dimensions: 2, size: H, kernel: k, stride: s, padding: p, dilation: d}
    keep: [dimensions]
    parts:
      - {name: general, ref: hw2-4a-conv}
  - name: hw2-closed-form
    topic: receptive_field
    family: F30-receptive-field-formula
    title: The receptive field of two layers
    source: question 4(a)
    parameters: {kernel: k, stride: s, dilation: d, depth: 2}
    keep: [depth]
    parts:
      - name: field
        points: 2
        ref: hw2-4a-rf2
        note: >-
          The printed recursion mixes up its indices. Layer i adds (k_i - 1) d_i times the jump before it: the product
          of the strides of layers 1 to i - 1, with field and jump 1 before the first layer.

  # Lecture notes 5
  - name: ln5-valid-size
    topic: padding_stride
    family: F01-size-formula
    title: The size of a strided convolution
    source: equation 5
    parameters: {dimensions: 1, size: M, kernel: N, stride: s, padding: "", dilation: ""}
    keep: [dimensions]
    parts:
      - name: general
        ref: ln5-eq5
        note: >-
          The printed text calls this the size of the convolution. It holds where the kernel lies on the input entirely
          (valid); the full convolution in the same text has M + N - 1 entries for stride 1.
  - name: ln5-padded-size
    topic: padding_stride
    family: F01-size-formula
    title: The size with padding
    source: equation 6
    parameters: {dimensions: 1, size: M, kernel: N, stride: s, padding: p, dilation: ""}
    keep: [dimensions]
    parts:
      - name: general
        ref: ln5-eq6
        note: >-
          The printed text says that p is the number of entries added. The formula holds if p entries are added on each
          side, so 2 p in all.
  - name: ln5-size-2d
    topic: padding_stride
    family: F01-size-formula
    title: The rows of a two-dimensional output
    source: equation 8
    parameters: {dimensions: 2, size: M, kernel: K, stride: s, padding: p, dilation: ""}
    keep: [dimensions]
    parts:
      - name: general
        ref: ln5-eq8
        note: >-
          The printed text calls the kernel's rows P and p the number of entries added; the formula holds with p entries
          on each side.
  - name: ln5-padding-formulas
    topic: padding_stride
    family: F03-padding-formula
    title: Padding for a wanted length, and full convolution
    source: same and full convolution
    parameters: {size: M, kernel: N, stride: s, dilation: "", output: L}
    parts:
      - name: padding
        ref: ln5-same-p
        note: >-
          The printed text takes this p for granted, but it is a whole number only for some sizes. For stride 1 no
          padding keeps the length with an even kernel; for stride 2 or more the next whole number works.
      - {name: full, ref: ln5-full-size}
  - name: ln5-same-stride-1
    topic: padding_stride
    family: F03-padding
    title: Padding for the same length
    source: example 3
    level: easy
    parameters: {dimensions: 1, size: 5, kernel_size: 3, stride: 1, dilation: 1, output_size: 5}
    keep: [dimensions, stride, dilation]
    parts:
      - {name: padding, ref: ln5-ex-same1-p}
  - name: ln5-same-stride-2
    topic: padding_stride
    family: F03-padding
    title: Padding for the same length with stride 2
    source: example 4
    parameters: {dimensions: 1, size: 5, kernel_size: 3, stride: 2, dilation: 1, output_size: 5}
    keep: [dimensions, stride, dilation]
    parts:
      - name: padding
        ref: ln5-ex-same2-p
        note: The printed example says "with p = 1", but the sequence that it shows has three zeros on each side.
  - name: ln5-same-3x3
    topic: padding_stride
    family: F03-padding
    title: Padding that keeps the size
    source: stacked layers
    level: easy
    parameters: {dimensions: 2, size: 32, kernel_size: 3, stride: 1, dilation: 1, output_size: 32}
    keep: [dimensions, stride, dilation]
    parts:
      - {name: padding, ref: ln5-same3}
"""

RIGHT: dict[str, Any] = {
    "d5-2f-1": "W - K + 1",
    "d5-2f-2": "floor((W + 2p - K)/s) + 1",
    "d5-2g-1": "W - K + 1",
    "d5-2g-2": "floor((W + 2p - K)/s) + 1",
    "d4-1e-H": "H - K + 1",
    "d4-1e-W": "W - K + 1",
    "d4-1e-max": "min(H, W)",
    "d4-1e-size": 1,
    "hw2-3a-rf3": 7,
    "hw2-4a-eff": "k + (k - 1)(d - 1)",
    "hw2-3b-eff": 5,
    "hw2-3b-mask": [[1, 0, 1, 0, 1], [0] * 5, [1, 0, 1, 0, 1], [0] * 5, [1, 0, 1, 0, 1]],
    "hw2-4a-pool": "floor((H + 2p - K)/s) + 1",
    "hw2-4a-conv": "floor((H + 2p - (k + (k - 1)(d - 1)))/s) + 1",
    "hw2-4a-rf2": "1 + (k_1 - 1) d_1 + (k_2 - 1) d_2 s_1",
    "ln5-eq5": "floor((M - N)/s) + 1",
    "ln5-eq6": "floor((M + 2p - N)/s) + 1",
    "ln5-eq8": "floor((M + 2p - K)/s) + 1",
    "ln5-same-p": "(s(L - 1) + N - M)/2",
    "ln5-full-size": "M + N - 1",
    "ln5-ex-same1-p": 1,
    "ln5-ex-same2-p": 3,
    "ln5-same3": 1,
}

# What the documents print instead, or what students often write, and what is said about it.
WRONG: dict[str, tuple[Any, str]] = {
    "d4-1e-max": ("H", "one-side-only"),
    "hw2-3a-rf3": (9, "kernels-added"),
    "hw2-3b-eff": (6, "gap-after-last-weight"),
    "hw2-4a-rf2": ("1 + (k_1 - 1) d_1 s_1 + (k_2 - 1) d_2 s_1 s_2", "own-stride-counted"),
    "ln5-eq6": ("floor((M + p - N)/s) + 1", "padding-one-side"),
    "ln5-same-p": ("s(L - 1) + N - M", "padding-in-all"),
    "ln5-full-size": ("M - N + 1", "valid-for-full"),
    "ln5-ex-same2-p": (1, "same-padding-assumed"),
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("banks") / "bank.yaml"
    path.write_text(BANK, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def key(path: Path) -> Key:
    return cnnex.key(cnnex.generate(bank=path, seed="any"))


def verdicts(key: Key, by_ref: dict[str, Any]) -> dict[str, tuple[str, list[str]]]:
    ids = {part.ref: part.id for item in key.items for part in item.parts if part.ref}
    answers = {ids[ref]: answer for ref, answer in by_ref.items()}
    report = cnnex.grade({"schema": "cnnex.answers/1", "set": key.set, "answers": answers}, key)
    names = {part: ref for ref, part in ids.items()}
    return {
        names[part.id]: (part.verdict, [each.id for each in part.diagnosis])
        for part in report.parts
        if part.id in names
    }


def test_each_question_is_there_with_its_right_value(key: Key) -> None:
    refs = [part.ref for item in key.items for part in item.parts if part.ref]
    assert sorted(refs) == sorted(RIGHT)
    assert {ref for ref, (verdict, _) in verdicts(key, RIGHT).items() if verdict != "correct"} == set()


def test_printed_and_frequent_errors_are_named(key: Key) -> None:
    found = verdicts(key, {ref: answer for ref, (answer, _) in WRONG.items()})
    for ref, (_, name) in WRONG.items():
        verdict, diagnosis = found[ref]
        assert (verdict, name in diagnosis) == ("incorrect", True), (ref, verdict, diagnosis)


def test_twins_ask_the_same_parts(path: Path, key: Key) -> None:
    fresh = cnnex.key(cnnex.generate(bank=path, seed="twin", fresh=True))
    assert [part.name for item in fresh.items for part in item.parts] == [
        part.name for item in key.items for part in item.parts
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("output_size: 32", "output_size: 33", "no padding leads to an output of 33"),
        ("stride: [1, 1, 1]", "stride: [1, 1]", "one entry for each"),
        ("depth: 2}", "depth: 9}", "depth"),
        ("kernel: k, spread: d", "kernel: k, spread: k", "the letter k"),
        ("output: L}", "output: pad}", "begins with p or P"),
        ("height: H, width: W", "height: H, width: H", "the letter H"),
        ("size: 32\n      layers", "size: 5\n      layers", "too small"),
    ],
)
def test_parameters_that_make_no_sense_are_refused_in_words(old: str, new: str, said: str, tmp_path: Path) -> None:
    assert BANK.count(old) == 1
    path = tmp_path / "bank.yaml"
    path.write_text(BANK.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        cnnex.generate(bank=path, seed="any")
