"""Folders, and the names that learning systems give."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from handed_in import put, submission, take

import cnnex
from cnnex.errors import InputError
from cnnex.store.intake import read_attempts

NOBODY = submission("")


def test_a_folder_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b/answers.json", "a/x/answers.json", "a/b.json", ".git/answers.json", "a/.hidden.json"):
        put(tmp_path, name, submission(name))
    put(tmp_path, "a/scan.pdf", "%PDF-1.4")
    put(tmp_path, "notes.xyz", "hello")
    attempts, unusable = take(tmp_path)
    assert [each.student for each in attempts] == ["a/b.json", "a/x/answers.json", "b/answers.json"]
    assert [Path(each.source).name for each in unusable] == ["scan.pdf", "notes.xyz"]
    assert unusable[1].reason.startswith("this is no submission; expected answers.json")


def test_what_is_not_there_is_said_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file or folder"):
        read_attempts([put(tmp_path, "answers.json", NOBODY), tmp_path / "none"])


def test_links_and_pipes_are_not_followed(tmp_path: Path) -> None:
    put(tmp_path, "a/answers.json", NOBODY)
    (tmp_path / "a" / "round").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "a" / "pipe.json")
    attempts, unusable = take(tmp_path)
    assert len(attempts) == 1
    assert [each.reason.partition(";")[0] for each in unusable] == ["this is no file", "this is a link"]


@pytest.mark.parametrize(
    ("name", "student", "full", "at"),
    [
        ("Ada Lovelace_12345_assignsubmission_file_/answers.json", "", "Ada Lovelace", ""),
        ("Ada Lovelace_12345_assignsubmission_file_answers.json", "", "Ada Lovelace", ""),
        ("Participant 7_12345_assignsubmission_file_/answers.json", "", "Participant 7", ""),
        ("lovelaceada_1234_5678_answers.json", "1234", "", ""),
        ("lovelaceada_LATE_1234_5678_answers-1.json", "1234", "", ""),
        ("anon1_LATE_1234_5678_answers-1.json", "", "", ""),
        ("HW1_ada_attempt_2026-11-20-10-11-12_answers.json", "ada", "", "2026-11-20T10:11:12"),
        ("HW_1_ada_attempt_2026-11-20-10-11-12_answers.json", "", "HW_1_ada", "2026-11-20T10:11:12"),
        (
            "HW1_ada_attempt_2026-11-20-10-11-12_x_bob_attempt_2026-11-01-10-11-12_a.json",
            "ada",
            "",
            "2026-11-20T10:11:12",
        ),
        ("hw_3_2_final.json", "", "", ""),
        ("submission_1234567/answers.json", "", "", ""),
    ],
)
def test_names_of_learning_systems(tmp_path: Path, name: str, student: str, full: str, at: str) -> None:
    (found,) = take(put(tmp_path, name, NOBODY))[0]
    assert (found.student, found.name, found.at) == (student, full, at)
    (own,) = take(put(tmp_path, name, submission("0042")))[0]
    assert (own.student, own.name) == ("0042", full or student), "both, so that they can be held against each other"


@pytest.mark.parametrize(
    "form", ["{}_12345_assignsubmission_file_/answers.json", "HW_1_{}_attempt_2026-11-20-10-11-12_answers.json"]
)
def test_equal_files_of_two_students_are_two(tmp_path: Path, form: str) -> None:
    one, other = (take(put(tmp_path, form.format(name), NOBODY))[0][0] for name in ("Ada", "Alan"))
    (again,) = take(put(tmp_path / "again", form.format("Ada"), NOBODY))[0]
    assert one.digest != other.digest
    assert one.digest == again.digest
    own = (take(put(tmp_path, form.format(name), submission("0042")))[0][0] for name in ("Ada", "Alan"))
    assert len({each.digest for each in own}) == 1, "this is one student's, under whatever name"


def test_what_learning_systems_put_beside(tmp_path: Path) -> None:
    for name in ("submission_metadata.yml", "HW1_ada_attempt_2026-11-20-10-11-12.txt"):
        put(tmp_path, name, "hello")
    assert take(tmp_path) == ([], [])


@pytest.mark.parametrize("below", ["", "students"])
def test_of_a_class_folder_only_the_answers(tmp_path: Path, below: str) -> None:
    (tmp_path / "roster.csv").write_text("id\n1\n2\n")
    made = cnnex.generate_class("pooling", roster=tmp_path / "roster.csv", output=tmp_path / "hw", count=1, workers=1)
    attempts, unusable = take(made.folder / below)
    assert [each.student for each in attempts] == ["1", "2"]
    assert unusable == []
