"""`answers.json` and JSON lines, as they come out of editors and learning systems."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from handed_in import one, put, refusal, submission, take

from cnnex.store.intake.document import LONGEST_LINE, MOST


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "latin-1", "cp1252"])
def test_any_encoding(tmp_path: Path, encoding: str) -> None:
    content = json.dumps({"schema": "cnnex.answers/1", "set": "A", "answers": {"1a": "6 für ½"}}, ensure_ascii=False)
    assert one(tmp_path, "answers.json", content.encode(encoding)).answers == {"1a": "6 für ½"}


def test_a_file(tmp_path: Path) -> None:
    found = one(tmp_path, "answers.json", submission(" 0042 ", **{"1a": " 6 ", "1b": [[1, 2]], "1c": ""}))
    assert (found.set, found.student, found.at, found.name) == ("7RAW-BH5B", "0042", "", "")
    assert found.answers == {"1a": " 6 ", "1b": [[1, 2]], "1c": ""}
    assert found.source == str(tmp_path / "answers.json")


def test_when_it_was_handed_in(tmp_path: Path) -> None:
    content = '{"schema": "cnnex.answers/1", "set": "A", "submitted": "%s", "answers": {}}'
    assert one(tmp_path, "answers.json", content % "2026-11-20T10:11:12+01:00").at == "2026-11-20T10:11:12+01:00"
    unclear = one(tmp_path, "late.json", content % "3/4/2026 9:00")
    assert unclear.at == ""
    assert "day and month can't be told apart" in unclear.note
    early = one(tmp_path, "HW_ada_attempt_2026-11-20-10-11-12_answers.json", content % "2026-11-01T10:11:12")
    assert early.at == "2026-11-20T10:11:12", "the platform's time counts, not what the student says of it"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "this file is empty"),
        (b" \n", "this file is empty"),
        (b'{"schema": "cnnex.answers/1",', "line 1, column 30: this is not JSON"),
        (b'{"schema": "cnnex.key/1"}', "schema: expected 'cnnex.answers/1', got 'cnnex.key/1'"),
        (b'{"schema": "cnnex.answers/1", "set": 7, "answers": {}}', "set: expected `str`, got `int`"),
        (b'{"schema": "cnnex.answers/1", "set": "A", "answers": {"1a": 1, "1a": 2}}', "'1a' is given twice"),
        (b"[" * 100_000, "nested too deeply"),
        (b"%PDF-1.7", "this is a PDF"),
    ],
)
def test_what_is_none_says_why(tmp_path: Path, content: bytes, reason: str) -> None:
    assert reason in refusal(tmp_path, "answers.json", content)


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    with path.open("wb") as file:
        file.write(b'{"a')
        file.truncate(MOST + 1)
    (found,) = take(path)[1]
    assert found.reason == "this file has more than 20 MB, which is too much for one submission"


def test_the_same_bytes_have_the_same_digest(tmp_path: Path) -> None:
    first = one(tmp_path, "a.json", submission())
    assert first.digest == one(tmp_path, "b/c.json", submission()).digest
    assert first.digest != one(tmp_path, "d.json", submission() + b"\n").digest


def test_lines(tmp_path: Path) -> None:
    good = [submission("ada"), submission("bob", **{"1a": "Zoë"})]
    text = b"\xef\xbb\xbf" + good[0] + b"\r\n\n{\n" + b"x" * (2 * LONGEST_LINE) + b"\n" + good[1]
    attempts, unusable = take(put(tmp_path, "LATE_lovelaceada_12_34_all.jsonl", text))
    assert [(each.student, each.source.rpartition(":")[2]) for each in attempts] == [("ada", "1"), ("bob", "5")]
    assert [each.source.rpartition(":")[2] for each in unusable] == ["3", "4"]
    assert unusable[0].reason.startswith("line 1, column 2: this is not JSON")
    assert unusable[1].reason == "this line has more than 1 MB"


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_lines_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    line = '{"schema": "cnnex.answers/1", "set": "A", "student": "Zoë", "answers": {}}\n'
    attempts, unusable = take(put(tmp_path, "all.jsonl", (line * 3).encode(encoding)))
    assert [each.student for each in attempts] == ["Zoë"] * 3
    assert unusable == []
