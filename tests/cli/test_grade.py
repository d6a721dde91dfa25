"""`cnnex grade` as students and TAs use it, and as they get it wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cnnex.cli import main

Handout = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A handout with keys and blank answers, made without its sheets."""
    import cnnex
    from cnnex.store.records import blank_submission, encode

    problems = cnnex.generate(["pooling", "backprop"], count=4, seed="1")
    (tmp_path / "key.json").write_bytes(encode(cnnex.key(problems)))
    (tmp_path / "answers.json").write_bytes(encode(blank_submission(problems)))
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["grade", *map(str, arguments)])


def fill(folder: Path, **answers: Any) -> Path:
    path = folder / "answers.json"
    content = json.loads(path.read_text())
    content["answers"].update({name.removeprefix("_"): value for name, value in answers.items()})
    path.write_text(json.dumps(content))
    return path


def parts_of(folder: Path) -> dict[str, Any]:
    key = json.loads((folder / "key.json").read_text())
    return {part["id"]: part for item in key["items"] for part in item["parts"]}


def graded(path: Path) -> dict[str, Any]:
    result = run(path, "--format", "json")
    assert result.exit_code == 0, result.output
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def refused(result: Result, *words: str) -> None:
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    for word in words:
        assert word in result.stderr


def test_blank_answers_are_blank_and_not_errors(folder: Path) -> None:
    report = graded(folder / "answers.json")
    assert {part["verdict"] for part in report["parts"]} == {"blank"}
    assert report["score"] == 0


def test_the_key_earns_full_marks(folder: Path) -> None:
    parts = parts_of(folder)
    report = graded(fill(folder, **{f"_{name}": part["value"] for name, part in parts.items()}))
    assert report["score"] == report["points"] == sum(part["points"] for part in parts.values())


def test_each_mistake_is_named(folder: Path) -> None:
    for name, part in parts_of(folder).items():
        for mistake in part["mistakes"]:
            report = graded(fill(folder, **{f"_{name}": mistake["value"]}))
            (found,) = [each for each in report["parts"] if each["id"] == name]
            assert found["verdict"] in ("incorrect", "partial")
            assert mistake["id"] in [diagnosis["id"] for diagnosis in found["diagnosis"]]
            assert found["diagnosis"][0]["hint"]


def test_missing_parts_are_blank_and_unknown_ones_are_listed(folder: Path) -> None:
    path = folder / "answers.json"
    content = json.loads(path.read_text())
    content["answers"] = {"1a": "(1, 1)", "9z": "7", "": "?"}
    path.write_text(json.dumps(content))
    report = graded(path)
    assert report["unknown"] == ["9z", ""]
    assert [part["verdict"] for part in report["parts"]].count("blank") == len(parts_of(folder)) - 1
    assert "9z" in run(path).stdout


def test_the_text_report_says_what_a_student_needs(folder: Path) -> None:
    wrong = parts_of(folder)["1a"]["mistakes"][0]
    path = fill(folder, _1a=str(tuple(wrong["value"])), _1b="[[1, ?]]")
    text = run(path).stdout
    assert "1a  incorrect" in text
    assert "read as" in text
    assert wrong["id"] in text
    assert wrong["hint"] in text
    assert "unreadable" in text
    assert "a person should look: 1b" in text
    assert "\x1b" not in text


def test_an_unreadable_answer_names_its_place_and_is_not_wrong(folder: Path) -> None:
    (part,) = [each for each in graded(fill(folder, _1b="[[1, 2?]]"))["parts"] if each["id"] == "1b"]
    assert part["verdict"] == "unreadable"
    assert "character 7" in part["message"]


DEEP: list[Any] = []
for _ in range(300):
    DEEP = [DEEP, 1]


@pytest.mark.parametrize(
    "answer",
    [[1, 2], {"a": 1}, True, None, 1e400, "x" * 100_000, [[[]]], "9**9**9**9", 10**120, 10**4200, DEEP, "\ud800"],
    ids=lambda answer: (
        str(answer)[:12].encode("ascii", "replace").decode() if not isinstance(answer, int) else "number"
    ),
)
def test_no_answer_stops_the_rest(folder: Path, answer: Any) -> None:
    path = folder / "answers.json"
    content = json.loads(path.read_text())
    content["answers"]["1a"] = answer
    content["answers"]["1b"] = parts_of(folder)["1b"]["value"]
    path.write_text(json.dumps(content).replace("Infinity", "1e400"))
    report = graded(path)
    verdicts = {part["id"]: part["verdict"] for part in report["parts"]}
    assert verdicts["1a"] in ("incorrect", "unreadable", "blank")
    assert verdicts["1b"] == "correct"


def test_nobody_writes_lines_of_the_report(folder: Path) -> None:
    path = folder / "answers.json"
    content = json.loads(path.read_text())
    content["student"] = "Eve\n\nScore: 40 / 40\x1b[31m\u202e"
    content["answers"]["9\ud800\n"] = "7"
    path.write_text(json.dumps(content))
    for format_ in ("text", "md"):
        result = run(path, "--format", format_)
        assert result.exit_code == 0, result.output
        assert "\nScore: 40" not in result.stdout
        assert "\x1b" not in result.stdout


def declare(folder: Path, value: Any, opts: Any) -> None:
    """Make 1a of the key a number with these opts."""
    path = folder / "key.json"
    content = json.loads(path.read_text())
    content["items"][0]["parts"][0] |= {"kind": "rational", "value": value, "mistakes": [], "opts": opts}
    path.write_text(json.dumps(content))


@pytest.mark.parametrize(
    ("opts", "verdicts"),
    [
        ({}, {"1/3": "correct", "2/6": "correct", "0.33": "incorrect", "1 - 2/3": "correct"}),
        ({"decimals": 2}, {"0.33": "correct", "0.32": "incorrect"}),
        ({"rtol": 0.01}, {"0.33": "correct", "0.3299": "incorrect"}),
        ({"form": "lowest-terms"}, {"1/3": "correct", "2/6": "incorrect"}),
        ({"arithmetic": False}, {"1/3": "correct", "1 - 2/3": "incorrect"}),
    ],
)
def test_the_opts_of_a_key_are_honoured(folder: Path, opts: dict[str, Any], verdicts: dict[str, str]) -> None:
    declare(folder, "1/3", opts)
    for typed, verdict in verdicts.items():
        assert graded(fill(folder, _1a=typed))["parts"][0]["verdict"] == verdict, typed


@pytest.mark.parametrize(
    ("opts", "words"),
    [
        ({"rtoll": 1}, ("opts", "rtoll")),
        ({"rtol": "much"}, ("opts", "rtol is 'much'", "a decimal number of at least 0")),
        ({"atol": -1}, ("opts", "atol is '-1'", "a decimal number of at least 0")),
        ({"decimals": "2"}, ("opts.decimals", "expected `int", "str")),
        ({"sigfigs": 0}, ("opts.sigfigs", ">= 1")),
        ({"form": ["pretty"]}, ("opts", "'pretty'", "there are: expanded, factored")),
        ({"form": "expandd"}, ("opts", "did you mean expanded?")),
        ({"arithmetic": "no"}, ("opts.arithmetic", "expected `bool")),
        (["rtol"], ("opts", "object")),
    ],
)
def test_bad_opts_of_a_key_are_named_with_their_place(folder: Path, opts: Any, words: tuple[str, ...]) -> None:
    declare(folder, "1/3", opts)
    refused(run(folder / "answers.json"), "key.json: items[0].parts[0].", *words)


def test_what_is_graded_is_not_replaced(folder: Path) -> None:
    for name in ("answers.json", "key.json"):
        before = (folder / name).read_bytes()
        refused(run(folder / "answers.json", "--output", folder / name), "would replace")
        assert (folder / name).read_bytes() == before


def test_reports_in_files(folder: Path, tmp_path: Path) -> None:
    for format_, ending in [("text", "txt"), ("json", "json"), ("md", "md")]:
        path = tmp_path / f"report.{ending}"
        assert run(folder / "answers.json", "--format", format_, "--output", path).exit_code == 0
        assert path.read_text()


def test_the_key_may_lie_elsewhere(folder: Path, tmp_path: Path) -> None:
    key = tmp_path / "keys" / "week3.json"
    key.parent.mkdir()
    (folder / "key.json").rename(key)
    refused(run(folder / "answers.json"), "no key.json", "--key")
    assert run(folder / "answers.json", "--key", key).exit_code == 0


def test_a_key_of_another_set_is_refused(folder: Path) -> None:
    content = json.loads((folder / "key.json").read_text())
    ours, content["set"] = content["set"], "AAAA-BBBB"
    (folder / "key.json").write_text(json.dumps(content))
    refused(run(folder / "answers.json"), ours, "AAAA-BBBB")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", ("line 1, column 1",)),
        ('{"schema": "cnnex.answers/1",\n "set": "X", "answers": {"1a": "3"', ("line 2, column",)),
        ('{"schema": "cnnex.answers/1", "set": 7, "answers": {}}', ("set", "str")),
        ('{"schema": "cnnex.answers/1", "set": "X"}', ("answers",)),
        ('{"schema": "cnnex.answers/2", "set": "X", "answers": {}}', ("schema", "cnnex.answers/2")),
        ('{"schema": "cnnex.answers/1", "set": "X", "answers": []}', ("answers", "object")),
        ('{"schema": "cnnex.answers/1", "set": "X", "answers": {"1a": "3", "1a": "4"}}', ("'1a'", "twice")),
        ('{"schema": "cnnex.answers/1", "set": "X", "answers": {"1a": NaN}}', ("NaN",)),
        ("[" * 100_000, ("nested",)),
        ("[1, 2]", ("object",)),
    ],
)
def test_files_that_cannot_be_used(folder: Path, content: str, words: tuple[str, ...]) -> None:
    path = folder / "answers.json"
    path.write_text(content)
    refused(run(path), "answers.json", *words)


def test_files_that_cannot_be_read(folder: Path) -> None:
    refused(run(folder / "nowhere.json"), "nowhere.json", "No such file")
    (folder / "answers.json").write_bytes(b'{"schema": "\xff"}')
    refused(run(folder / "answers.json"), "byte 13", "UTF-8")
    (folder / "answers.json").write_bytes(b"\xef\xbb\xbf" + b'{"schema": "cnnex.answers/1", "set": "X", "answers": {}}')
    refused(run(folder / "answers.json"), "belong to set X")


def test_a_damaged_key_is_named(folder: Path) -> None:
    path = folder / "key.json"
    content = json.loads(path.read_text())
    content["items"][0]["parts"][0]["value"] = {"no": "value"}
    path.write_text(json.dumps(content))
    refused(run(folder / "answers.json"), "key.json", "items[0].parts[0].value")
    content["items"][0]["parts"][0]["value"] = [[1, 2], [3]]
    path.write_text(json.dumps(content))
    refused(run(folder / "answers.json"), "key.json", "part 1a")
    content["items"][0]["parts"][0] = {**content["items"][0]["parts"][1]}
    path.write_text(json.dumps(content))
    refused(run(folder / "answers.json"), "stands twice")
