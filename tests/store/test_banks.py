"""Banks: what an instructor writes by hand, and what is said where it is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec import UNSET

import cnnex
from cnnex.model.opts import Opts
from cnnex.store.banks import bank_names, load_bank

HEAD = "schema: cnnex.bank/1\ntitle: T\nproblems:\n"
SIZE = "topic: pooling, family: F01-pooling-size"
EFFECT = (
    "topic: convolution, family: F08-conv2d, parameters: {input: [[1, 2, 3], [4, 5, 6]], "
    "kernel: [['1/2', '1/2']], stride: 1, padding: 0, ask_effect: true}"
)


def made(tmp_path: Path, *problems: str, seed: str = "1") -> Any:
    path = tmp_path / "bank.yaml"
    path.write_text(HEAD + "".join(f"  - {{{problem}}}\n" for problem in problems))
    return cnnex.generate(bank=path, seed=seed)


def test_our_banks_generate() -> None:
    for name in bank_names():
        assert cnnex.generate(bank=name, seed="1").items
        assert load_bank(name).source


def test_ranges_are_kept_and_the_rest_is_drawn(tmp_path: Path) -> None:
    shapes = set()
    for seed in range(20):
        problems = made(
            tmp_path, f"name: a, {SIZE}, parameters: {{channels: {{one_of: [3, 64]}}, height: {{from: 20, to: 22}}}}",
            seed=str(seed),
        )  # fmt: skip
        channels, height, width = problems.items[0].problem.given["input_shape"]
        assert channels in (3, 64)
        assert 20 <= height <= 22
        shapes.add((channels, height, width))
    assert len(shapes) > 10


def test_adding_a_problem_changes_no_other(tmp_path: Path) -> None:
    one, two = f"name: one, {SIZE}, count: 2", "name: two, topic: pooling, family: F14-max-pooling"
    before = [item.problem.given for item in made(tmp_path, one, two).items]
    after = [item.problem.given for item in made(tmp_path, f"name: new, {SIZE}", one, two).items]
    assert after[1:] == before


def test_points_parts_and_refs(tmp_path: Path) -> None:
    formula = "topic: pooling, family: F01-pooling-formula"
    problems = made(tmp_path, f"name: a, {formula}, title: Own, parts: [{{name: formula, points: 3, ref: book-1}}]")
    (item,) = cnnex.key(problems).items
    assert [(part.id, part.asks, part.points, part.ref) for part in item.parts] == [
        ("1a", "output_size_formula", 3, "book-1")
    ]
    assert problems.items[0].problem.title == "Own"
    assert problems.points == 3


def test_opts_of_parts(tmp_path: Path) -> None:
    pooling = "topic: pooling, family: F14-average-pooling"
    problems = made(tmp_path, f"name: a, {pooling}, parts: [{{name: shape}}, {{name: output, opts: {{decimals: 1}}}}]")
    first, second = cnnex.key(problems).items[0].parts
    assert (first.opts, second.opts) == (UNSET, Opts(decimals=1))
    assert cnnex.document(problems, "md").decode().count("It is enough to give it to 1 decimal place.") == 1


def test_credit_for_mistakes_stands_in_the_key_and_nowhere_else(tmp_path: Path) -> None:
    formula = "topic: pooling, family: F01-pooling-formula"
    problems = made(tmp_path, f"name: a, {formula}, parts: [{{name: formula, credit: {{floor-forgotten: 1/2}}}}]")
    (part,) = cnnex.key(problems).items[0].parts
    assert part.credit == {"floor-forgotten": "1/2"}
    assert b'"credit"' not in cnnex.document(problems, "json")


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("name: a, topic: poling, family: F14", ("problems[0] (a)", "did you mean pooling?")),
        ("name: a, topic: pooling, family: F99", ("F99",)),
        ("name: a, topic: pooling, family: F14", ("several families", "F14-max-pooling")),
        (f"name: a, {SIZE}, parameters: {{chanels: 3}}", ("parameters.chanels", "did you mean channels?")),
        (f"name: a, {SIZE}, parameters: {{channels: many}}", ("parameters.channels", "int")),
        (f"name: a, {SIZE}, parameters: {{stride: 0}}", ("parameters.stride", ">= 1")),
        (f"name: a, {SIZE}, parameters: {{padding: -1}}", ("parameters.padding", ">= 0")),
        (f"name: a, {SIZE}, parameters: {{channels: {{from: 3, to: 1}}}}", ("parameters.channels", "from: low")),
        (f"name: a, {SIZE}, parameters: {{height: 1, width: 1}}", ("no fair variant",)),
        (f"name: a, {SIZE}, parts: [{{name: shap}}]", ("'shap'", "did you mean shape?")),
        (f"name: a, {SIZE}, parts: [{{nme: shape}}]", ("problems[0].parts[0]", "nme")),
        (f"name: a, {SIZE}, parts: [{{name: shape, opts: {{form: nice}}}}]", ("parts[0].opts", "'nice'")),
        (f"name: a, {SIZE}, parts: [{{name: shape, opts: {{atol: 1}}}}]", ("'shape'", "takes no tolerance")),
        (f"name: a, {EFFECT}, parts: [{{name: effect, opts: {{atol: 1}}}}]", ("'effect'", "choice", "takes no opts")),
        (
            f"name: a, {SIZE}, parts: [{{name: shape, credit: {{x: 3/2}}}}]",
            ("parts[0]", "'3/2' is no share from 0 to 1"),
        ),
        (f"name: a, {SIZE}, parts: [{{name: shape, credit: {{x: half}}}}]", ("parts[0].credit",)),
        (f"name: a, {SIZE}, count: 0", ("problems[0].count", ">= 1")),
        (f"name: a, {SIZE}, level: hrd", ("level", "did you mean hard?")),
        (f"{SIZE}", ("problems[0]", "name")),
        (
            "name: a, topic: pooling, family: F14-max-pooling, "
            "parameters: {input: [[1, 2], [3]], kernel_size: 2, stride: 1, padding: 0}",
            ("parameters.input", "same length"),
        ),
        (
            "name: a, topic: pooling, family: F14-max-pooling, "
            "parameters: {input: [[1, 2], [3, 4]], kernel_size: 5, stride: 1, padding: 0}",
            ("don't fit", "kernel of 5"),
        ),
        (
            "name: a, topic: pooling, family: F14-max-pooling, "
            "parameters: {input: [[one, 2], [3, 4]], kernel_size: 1, stride: 1, padding: 0}",
            ("parameters.input", "one"),
        ),
    ],
)
def test_bad_banks_are_named_with_their_place(tmp_path: Path, problem: str, words: tuple[str, ...]) -> None:
    with pytest.raises(cnnex.CnnexError) as refusal:
        made(tmp_path, problem)
    for word in ("bank.yaml", *words):
        assert word in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_equal_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(cnnex.CnnexError, match=r"problems\[1\] \(a\).*another problem has this name"):
        made(tmp_path, f"name: a, {SIZE}", f"name: a, {SIZE}")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("schema: cnnex.bank/1\ntitle: [", ("line 2", "YAML")),
        ("just text", ("object",)),
        ("schema: cnnex.bank/1\ntitle: A\ntitle: B", ("line 3, column 1", "'title' stands twice")),
        ("schema: cnnex.bank/1\ntitle: T\nproblems: &a [*a]", ("line 3", "alias")),
        ("[" * 5000, ("nested too deeply",)),
        ("schema: cnnex.bank/2\ntitle: T\nproblems: []", ("schema", "cnnex.bank/2")),
        ("schema: cnnex.bank/1\ntitle: T\nproblems: []", ("problems",)),
        ("schema: cnnex.bank/1\ntitle: T\nproblem: []", ("problem",)),
    ],
)
def test_files_that_are_no_banks(tmp_path: Path, content: str, words: tuple[str, ...]) -> None:
    path = tmp_path / "bank.yaml"
    path.write_text(content)
    with pytest.raises(cnnex.CnnexError) as refusal:
        cnnex.generate(bank=path)
    for word in ("bank.yaml", *words):
        assert word in str(refusal.value)


def test_keys_are_json_after_hand_picked_fractions(tmp_path: Path) -> None:
    problems = made(
        tmp_path,
        "name: a, topic: convolution, family: F08-conv2d, parameters: {input: [[1, 2], [3, 4]], "
        "kernel: [['1/4', '1/4'], ['1/4', '1/2']], stride: 1, padding: 0, ask_effect: false}",
    )
    assert json.loads(cnnex.document(problems, "json"))["items"][0]["given"]["weight"][1] == ["1/4", "1/2"]
