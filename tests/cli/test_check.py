"""`cnnex check`: would this be accepted?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import cnnex
from cnnex.cli import main
from cnnex.model.outcome import Verdict

ROWS: list[Any] = [
    {"id": 1, "kind": "expr", "symbols": ["a", "x_1"], "expected": "a*x_1", "answer": "ax1"},
    {"id": "b", "kind": "integer", "symbols": [], "expected": 7, "answer": "8"},
    {"id": 3, "kind": "matrix", "symbols": [], "expected": [[1, 2], [3, 4]], "answer": [[1, 2], [3, 5]]},
    {"id": 4, "kind": "rational", "expected": "1/3", "answer": "0.33", "opts": {"decimals": 2}},
    {"id": 5, "kind": "integer", "expected": 7, "answer": "7", "mistakes": [{"id": "one-less", "value": 6}]},
    {"id": 6, "kind": "integer", "expected": 7, "answer": 6, "mistakes": [{"id": "one-less", "value": 6}]},
    {"id": 7, "kind": "choice", "expected": "avg", "answer": "b", "choices": {"max": "max pooling", "avg": "averages"}},
    {"id": 8, "kind": "integer", "expected": 7},
]
VERDICTS = ["correct", "incorrect", "partial", "correct", "correct", "incorrect", "correct", "blank"]


def run(*arguments: str | Path, text: str | None = None) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, arguments)], input=text)


def test_one_answer() -> None:
    result = run("k_1*x_1 + k_2*x_2", "k1x1")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:3] == [
        "read as: k_1*x_1",
        r"LaTeX:   k_{1} x_{1}",
        "verdict: incorrect, credit 0",
    ]
    assert "the value is 1, yours gives 0" in result.stdout
    assert "the value is 1" not in run("k_1*x_1 + k_2*x_2", "k1x1", "--feedback", "hint").stdout
    assert "k_1*x_1 + k_2*x_2" in run("k_1*x_1 + k_2*x_2", "k1x1", "--feedback", "key").stdout


def test_options_reach_the_question() -> None:
    assert "correct" in run("1/3", "0.33", "--kind", "rational", "--tolerance", "decimals=2").stdout
    assert "incorrect" in run("1/3", "0.33", "--kind", "rational").stdout
    assert "form-factored" in run("(a+b)*c", "ac+bc", "--form", "factored").stdout
    assert "correct" in run("floor(W/s)", "W//s", "--symbols", "W, s", "--domain", "integers").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("1",), "name the right answer"),
        (("2*(", "1"), "can't be read"),
        (("1", "1", "--tolerance", "rtol"), "rtol, atol, decimals, sigfigs"),
        (("1", "1", "--tolerance", "rtol=much", "--kind", "number"), "rtol"),
        (("1", "1", "--form", "nice"), "nice"),
        (("1", "1", "--batch", "-"), "--batch"),
        (("--batch", "-", "--kind", "integer"), "--batch"),
        (("--batch", "-", "--tolerance", "decimals=2"), "--batch"),
        (("1", "1", "--tolerance", "decimals=2.5"), "decimals=2.5"),
        (("1", "1", "--tolerance", "decimals=-1"), "decimals"),
        (("1", "1", "--tolerance", "decimals=" + "9" * 5000), "decimals=99"),
        (("--batch", "nowhere.jsonl"), "nowhere.jsonl"),
    ],
)
def test_refusals(arguments: tuple[str, ...], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert words in result.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_batch_keeps_its_order(tmp_path: Path, workers: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS * 200))
    result = run("--batch", path, "--workers", workers)
    assert result.exit_code == 0
    checked = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["id"] for row in checked] == [row["id"] for row in ROWS] * 200
    assert [row["verdict"] for row in checked] == VERDICTS * 200
    assert checked[2]["credit"] == 0.75
    assert checked[5]["diagnosis"][0] == "one-less"
    assert all(row["cpu_us"] > 0 for row in checked)


def test_bad_lines_stop_nothing() -> None:
    lines = [
        "nonsense",
        json.dumps(ROWS[0]),
        '{"id": 9, "kind": "intege", "expected": 1, "answer": 1}',
        "[1]",
        "{}",
        "",
    ]
    result = run("--batch", "-", text="\n".join(lines))
    assert result.exit_code == 0
    first, second, third, fourth, fifth = map(json.loads, result.stdout.splitlines())
    assert (first["line"], first["id"]) == (1, None)
    assert second["verdict"] == "correct"
    assert (third["line"], third["id"]) == (3, 9)
    assert "did you mean integer?" in third["error"]
    assert (fourth["line"], fifth["line"]) == (4, 5)
    assert "id" in fifth["error"]


def test_words_on_the_command_line() -> None:
    for kind, expected, answer in (
        ("choice", "true", "T"),
        ("boolean", "true", "yes"),
        ("choice", "b", "(B)"),
        ("selection", "a,c", "c and a"),
    ):
        assert "verdict: correct" in run(expected, answer, "--kind", kind).stdout


ASKED = '"kind": "integer", "symbols": [], "expected": 7'


@pytest.mark.parametrize(
    "answer",
    [r'"7\ud800"', "1e400", "9" * 5000, "[" * 1_100 + "]" * 1_100, "[" * 10**5 + "1" + "]" * 10**5, r'{"a": "\udfff"}'],
    ids=["half a pair", "huge", "long", "deep", "very deep", "in an object"],
)
def test_any_json_value_gets_a_verdict(answer: str) -> None:
    checked = json.loads(run("--batch", "-", text=f'{{"id": "x", {ASKED}, "answer": {answer}}}').stdout)
    assert (checked["id"], checked["verdict"]) == ("x", "unreadable")


def test_half_a_surrogate_pair_comes_back_as_it_was() -> None:
    rows = [rf'{{"id": "\ud800", {ASKED}, "answer": "7"}}', r'{"id": "\ud800", "kind": "expr", "expected": "\ud800"}']
    first, second = map(json.loads, run("--batch", "-", text="\n".join(rows)).stdout.splitlines())
    assert (first["id"], first["verdict"]) == ("\ud800", "correct")
    assert (second["id"], second["line"]) == ("\ud800", 2)
    assert "surrogate" in second["error"]


@pytest.mark.parametrize("line", ["NaN", f'{{"id": 1, {ASKED}, "answer": NaN}}', "[" * 2_000, '{"id": 1'])
def test_what_is_no_json(line: str) -> None:
    checked = json.loads(run("--batch", "-", text=f"\n{line}").stdout)
    assert (checked["line"], checked["id"]) == (2, None)
    assert checked["error"].startswith("this is not JSON: ")


def test_null_counts_as_absent_and_floats_may_be_whole() -> None:
    nothing = dict.fromkeys(["symbols", "domain", "opts", "choices", "mistakes"])
    whole = {"kind": "rational", "expected": "1/3", "answer": "0.33", "opts": {"decimals": 2.0, "sigfigs": 2.0}}
    rows = [{"id": 1, "kind": "integer", "expected": 7, "answer": 7, **nothing}, {"id": 2, **whole}]
    lines = run("--batch", "-", text="\n".join(map(json.dumps, rows))).stdout.splitlines()
    assert [json.loads(line)["verdict"] for line in lines] == ["correct", "correct"]


def test_choices_of_a_batch() -> None:
    rows: list[dict[str, Any]] = [
        {"kind": "choice", "expected": "true", "answer": "T"},
        {"kind": "choice", "expected": True, "answer": True},
        {"kind": "choice", "expected": 1, "answer": "max", "choices": {"1": "max", "2": "average"}},
        {"kind": "choice", "expected": "b", "answer": "average", "choices": ["max", "average"]},
        {"kind": "selection", "expected": ["a", "c"], "answer": ["c", "a"]},
        {"kind": "choice", "expected": "b", "answer": "a", "mistakes": [{"id": "m-a", "value": "a"}]},
    ]
    text = "\n".join(json.dumps({"id": number, **row}) for number, row in enumerate(rows))
    checked = [json.loads(line) for line in run("--batch", "-", text=text).stdout.splitlines()]
    assert [row["verdict"] for row in checked] == ["correct"] * 5 + ["incorrect"]
    assert checked[-1]["diagnosis"] == ["m-a"]


def test_from_python() -> None:
    assert cnnex.check("a*x_1", "x1 a").verdict is Verdict.CORRECT
    assert cnnex.check([[1, "a"], [0, 2]], "[[1, a], [0, 2]]", kind="matrix").verdict is Verdict.CORRECT
    wrong = cnnex.check(7, 6, kind="integer", mistakes=[("one-less", 6)])
    assert wrong.diagnosis[0] == "one-less"
