"""Grading a class from the command line: what comes in, what comes out, and what an instructor does afterwards."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from small_key import PARTS, SET, key_file, part

import cnnex
from cnnex.cli import main
from cnnex.errors import CnnexError
from cnnex.store.folder import STAGING, alone_in
from cnnex.store.ledger import NAME, Ledger

ROSTER = "id,name,email\n0042,Ada Lovelace,ada@uni.edu\n0043,Alan Turing,alan@uni.edu\n0044,Emmy Noether,emmy@uni.edu\n"
ADA = {"1a": 6, "1b": 7, "1c": "1/4", "1d": [6, 0, 12], "1e": 3, "1f": "6x"}
ALAN = {"1a": 9, "1b": 10, "1c": "one quarter", "1d": [6, 0, 12]}


def hand_in(path: Path, student: str, answers: dict[str, Any], set_id: str = SET, **more: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    record = {"schema": "cnnex.answers/1", "set": set_id, "student": student, "answers": answers, **more}
    path.write_text(json.dumps(record))
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a key, a roster, and what two of three students handed in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "key.json").write_text(json.dumps(key_file()))
    (tmp_path / "students.csv").write_text(ROSTER)
    hand_in(tmp_path / "in/ada.json", "0042", ADA, submitted="2026-11-20T10:00:00+00:00")
    hand_in(tmp_path / "in/alan.json", "alan@uni.edu", ALAN, submitted="2026-11-21T10:00:00+00:00")
    return tmp_path


def run(*arguments: str, lines: str = "") -> Result:
    return CliRunner().invoke(main, list(arguments), input=lines)


def done(*arguments: str, lines: str = "") -> str:
    result = run(*arguments, lines=lines)
    assert result.exit_code == 0, result.output
    return result.output


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def grade(*more: str) -> str:
    return done("grade", "in", "--roster", "students.csv", "--output", "graded/", *more)


def scores(path: str = "graded/gradebook.csv") -> dict[str, str]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row["score"] for row in csv.DictReader(file)}


def test_whoever_the_roster_has_as_no_student_is_told(home: Path) -> None:
    (home / "students.csv").write_text("id,name,role\n0042,Ada,Student\n0043,Alan,Student\n9,Grace,TA\n")
    (home / "in/alan.json").unlink()
    said = grade()
    assert "students.csv: 1 row isn't a student and is left out: 1 TA\n" in said
    assert list(scores()) == ["0042", "0043"]
    made = run("generate", "--topic", "pooling", "--count", "1", "--roster", "students.csv", "--output", "class/",
               "--formats", "md")  # fmt: skip
    assert made.stderr == "students.csv: 1 row isn't a student and is left out: 1 TA\n"
    assert sorted(path.name for path in (home / "class/students").iterdir()) == ["0042", "0043"]


def test_everybody_is_in_the_gradebook(home: Path) -> None:
    said = grade()
    assert "2 came in, 2 attempts graded, of 2 students" in said
    assert "nothing came in of 1 student: 0044" in said
    assert "1 answer to look at: cnnex review graded" in said
    assert scores() == {"0042": "24", "0043": "7", "0044": ""}
    assert sorted(path.name for path in Path("graded").iterdir()) == [
        "class.html", "feedback", "gradebook.csv", "records.sqlite", "statistics.csv", "statistics.json",
    ]  # fmt: skip
    assert sorted(path.name for path in Path("graded/feedback").iterdir()) == ["0042.html", "0043.html"]


@pytest.mark.parametrize("answers", [{}, {"1a": "", "1b": " \n"}, {"1a": [], "1b": None, "1d": [["", ""]]}])
def test_what_nobody_filled_in_is_no_attempt(home: Path, answers: dict[str, Any]) -> None:
    hand_in(home / "in/later.json", "0042", answers, submitted="2026-11-22T10:00:00+00:00")
    hand_in(home / "in/emmy.json", "0044", answers)
    assert "2 not graded:" in grade()
    assert scores() == {"0042": "24", "0043": "7", "0044": ""}


def test_without_a_folder_nothing_is_kept(home: Path) -> None:
    before = sorted(home.rglob("*"))
    found = json.loads(done("grade", "in", "--roster", "students.csv", "--format", "json"))
    assert (found["graded"], found["without"], found["waiting"]) == (2, ["0044"], 1)
    assert sorted(home.rglob("*")) == before


def test_what_cannot_be_graded_is_listed_and_the_rest_goes_on(home: Path) -> None:
    hand_in(home / "in/mallory.json", "mallory", ADA)
    hand_in(home / "in/other.json", "0044", ADA, "ZZZZ-ZZZZ")
    (home / "in/broken.json").write_text('{"schema": ')
    (home / "in/copy.json").write_bytes((home / "in/ada.json").read_bytes())
    said = grade()
    assert "3 not graded:" in said
    assert "1 came in before: in/copy.json" in said
    with Path("graded/unmatched.csv").open(encoding="utf-8-sig") as file:
        troubles = {row["source"]: row["trouble"] for row in csv.DictReader(file)}
    assert troubles == {
        "in/broken.json": "unusable", "in/mallory.json": "unknown-student", "in/other.json": "unknown-set",
    }  # fmt: skip
    assert scores()["0042"] == "24"
    # What is mended is no trouble any more, and what was never mended stays one.
    hand_in(home / "in/broken.json", "0044", {"1a": 6})
    hand_in(home / "in/other.json", "0044", {"1b": 0})
    grade()
    assert Path("graded/unmatched.csv").read_text(encoding="utf-8-sig").count("\n") == 2
    assert scores()["0044"] == "0"


def test_a_late_file_joins_what_came_in_before(home: Path) -> None:
    grade()
    hand_in(home / "late/emmy.json", "emmy@uni.edu", ADA)
    said = done("grade", "late", "--output", "graded/")
    assert "1 came in, 3 attempts graded, of 3 students" in said
    assert scores() == {"0042": "24", "0043": "7", "0044": "24"}


def test_attempts_and_lateness_follow_the_policy(home: Path) -> None:
    hand_in(home / "in/ada2.json", "0042", {"1a": 6}, submitted="2026-11-20T11:00:00+00:00")
    rules = 'attempt_penalty = "1/4"\nlate = {due = 2026-11-20T12:00:00Z, per_day = "1/7"}\n'
    for which, ada in (("last", "3"), ("first", "24"), ("best", "24")):
        (home / "policy.toml").write_text(f"attempts = '{which}'\n{rules}")
        grade("--policy", "policy.toml")
        assert scores() == {"0042": ada, "0043": "6", "0044": ""}
    (home / "policy.toml").write_text(
        f"{rules}extensions = {{0043 = 2026-11-25T12:00:00Z, 0099 = 2026-11-25T12:00:00Z}}"
    )
    assert "an extension for 0099, who isn't in the roster" in grade("--policy", "policy.toml")
    (home / "policy.toml").write_text("mistakes = {halved = 1, halvde = 1, 'F99/halved' = 1, sign-flipped = 1}")
    said = grade("--policy", "policy.toml")
    assert [line for line in said.splitlines() if "mistake" in line] == [
        f"the policy names the mistake {name}, which no key has" for name in ("halvde", "F99/halved")
    ]
    assert scores()["0043"] == "7"


def test_a_time_without_zone_is_that_of_the_deadline(home: Path) -> None:
    (home / "policy.toml").write_text('late = {due = 2026-11-20T12:00:00-08:00, per_day = "1/2"}')
    rows = ["0042,2026-11-20 11:59", "0043,2026-11-20 12:01", "0044,3/4/2026 10:11"]
    table = "\n".join(["Student ID,Submitted,Set,1a", *(f"{row},{SET},6" for row in rows)])
    (home / "form.csv").write_text(table)
    said = done("grade", "form.csv", "--policy", "policy.toml", "--output", "form/")
    assert "form.csv:4: the time '3/4/2026 10:11' is left out" in said
    assert scores("form/gradebook.csv") == {"0042": "4", "0043": "2", "0044": "4"}


def test_the_files_that_were_asked_for(home: Path) -> None:
    grade("--for", "moodle", "--per-part", "--sheets", "md", "--release", "--anonymous")
    assert Path("graded/moodle.csv").read_text().splitlines()[0].endswith("Homework 1 1e,Homework 1 1f")
    assert sorted(path.name for path in Path("graded/feedback").iterdir()) == ["0042.md", "0043.md"]
    names = dict(csv.reader(Path("graded/pseudonyms.csv").read_text(encoding="utf-8-sig").splitlines()))
    hidden = {name: student for name, student in names.items() if name != "pseudonym"}
    assert set(hidden.values()) == {"0042", "0043", "0044"}
    assert {hidden[name]: score for name, score in scores("graded/anonymous/gradebook.csv").items()} == scores()
    for path in Path("graded/anonymous").rglob("*"):
        if path.is_file():
            content = path.read_text(encoding="utf-8")
            for word in ("0042", "Lovelace", "ada@uni", "ada.json"):
                assert word not in content, path
    # The next run writes the same, under the same pseudonyms.
    before = {path: path.read_bytes() for path in Path("graded").rglob("*.csv")}
    done("grade", "in", "--output", "graded/")
    assert {path: path.read_bytes() for path in Path("graded").rglob("*.csv")} == before


def test_a_downloaded_gradebook_is_filled_in(home: Path) -> None:
    (home / "lms.csv").write_text("SIS User ID,Exercise (17)\n0042,\n0099,\n")
    said = grade("--fill", "lms.csv", "--column", "Exercise")
    assert "lms.csv has no row of 0043" in said
    assert "0099" in said
    assert Path("graded/filled-lms.csv").read_text().splitlines()[1] == "0042,24"
    assert "Homework 1" in refused("grade", "in", "--output", "graded/", "--fill", "lms.csv")
    done("override", "0042", "1a", "--points", "1", "--reason", "r", "--in", "graded")  # the file is no matter any more
    assert scores()["0042"] == "21"


def test_a_file_that_cant_be_filled_leaves_all_as_it_was(home: Path) -> None:
    grade("--per-part")
    hand_in(home / "in/emmy.json", "0044", ADA)
    (home / "twice.csv").write_text("SIS User ID,Homework 1\n0042,\n0099,\nada@uni.edu,\n")
    before = scores()
    said = refused("grade", "in", "--output", "graded/", "--fill", "twice.csv")
    assert "rows 2 and 4 of the file are both of the student '0042'" in said
    assert scores() == before
    with Ledger(home / "graded" / NAME) as ledger:
        assert ledger.runs() == [1]


def test_files_of_an_earlier_run_are_named_and_left(home: Path) -> None:
    (home / "lms.csv").write_text("SIS User ID,Homework 1\n0042,\n0043,\n")
    assert "earlier run" not in grade("--for", "canvas", "--fill", "lms.csv", "--anonymous")
    (home / "graded/feedback/notes.txt").write_text("mine")
    assert "earlier run" not in done("grade", "in", "--output", "graded/", "--for", "canvas", "--fill", "lms.csv")
    words = "graded has files of an earlier run, which don't show these marks: "
    assert f"{words}filled-lms.csv\n" in done("regrade", "graded", "--apply")
    assert f"{words}filled-lms.csv\n" in done(
        "override", "0042", "1a", "--points", "1", "--reason", "r", "--in", "graded"
    )
    assert f"{words}canvas.csv, feedback/ (2 sheets), filled-lms.csv\n" in grade("--sheets", "none")
    assert f"{words}canvas.csv, feedback/ (2 sheets), filled-lms.csv\n" in grade("--sheets", "md")
    names = sorted(path.name for path in (home / "graded/feedback").iterdir())
    assert names == ["0042.html", "0042.md", "0043.html", "0043.md", "notes.txt"]


@pytest.mark.parametrize("level", ["hint", "witness"])
def test_feedback_tells_where_a_formula_differs_only_on_wish(home: Path, level: str) -> None:
    hand_in(home / "in/ada.json", "0042", {**ADA, "1f": "7x"})
    grade("--feedback", level, "--sheets", "md")
    done("regrade", "graded", "--apply")  # goes on as it was asked for
    assert ("yours gives 7" in (home / "graded/feedback/0042.md").read_text()) == (level == "witness")


def correct_key(home: Path, value: int = 9, name: str = "corrected.json") -> str:
    parts = [part("1a", "integer", value), *PARTS[1:]]
    (home / name).write_text(json.dumps(key_file(parts)))
    return name


def test_a_wrong_key_is_corrected(home: Path) -> None:
    grade()
    name = correct_key(home)
    before = {path: path.read_bytes() for path in Path("graded").rglob("*") if path.suffix not in ("", ".sqlite")}
    shown = done("regrade", "graded", "--key", name)
    assert "0042: 24 -> 20 (the key changed)" in shown
    assert "1a: 4 -> 0, correct, now incorrect" in shown
    assert "0043: 7 -> 8" in shown
    assert "2 students change: 1 up, 1 down" in shown
    assert all(path.read_bytes() == content for path, content in before.items())
    assert scores()["0042"] == "24"
    done("regrade", "graded", "--key", name, "--apply")
    assert scores() == {"0042": "20", "0043": "8", "0044": ""}
    assert "nobody changes" in done("regrade", "graded")
    (home / "other.json").write_text(json.dumps(key_file(set_id="ZZZZ-ZZZZ")))
    assert "no key that you name is of a set of this class" in done("regrade", "graded", "--key", "other.json")


def test_a_regrade_that_never_lowers(home: Path) -> None:
    grade()
    done("regrade", "graded", "--key", correct_key(home), "--never-lower", "--apply")
    assert scores() == {"0042": "24", "0043": "8", "0044": ""}
    assert "nobody changes" in done("regrade", "graded")
    assert "never to lower" in done("explain", "0042", "1a", "--in", "graded")


def test_changes_for_programs(home: Path) -> None:
    grade()
    changes = json.loads(run("regrade", "graded", "--key", correct_key(home), "--format", "json").stdout)
    assert [(each["student"], each["before"], each["after"]) for each in changes] == [("0042", 24, 20), ("0043", 7, 8)]


def test_the_trail_of_a_mark(home: Path) -> None:
    grade()
    done("override", "alan@uni.edu", "1b", "--points", "4", "--reason", "unclear", "--in", "graded")
    done("regrade", "graded", "--key", correct_key(home), "--apply")
    shown = done("explain", "0043", "1b", "--in", "graded")
    for words in (
        "0043, part 1b of set AAAA-BBBB: 4 of 4", "in/alan.json", "typed:    10", "read as:  10", "verdict:  incorrect",
        "run 1:", "run 2:", "by hand:", "unclear",
    ):  # fmt: skip
        assert words in shown
    found = json.loads(done("explain", "0043", "1b", "--in", "graded", "--format", "json"))
    assert [each["earned"] for each in found["runs"]] == [3, 0]
    assert found["overrides"][0]["points"] == 4


def test_platforms_own_ids_lead_to_a_student(home: Path) -> None:
    (home / "students.csv").write_text("Student,ID,SIS User ID,SIS Login ID,Section\nA,71,0042,ada,\nB,72,0043,b,\n")
    name = "lovelaceada_{}_901_answers.json"
    hand_in(home / "in" / name.format(71), "", ADA)
    hand_in(home / "in" / name.format(72), "", ADA)
    grade()
    assert scores() == {"0042": "24", "0043": "24"}, "equal files of two students"
    assert done("explain", "ADA", "1a", "--in", "graded").startswith("0042, part 1a")


def test_no_answer_passes_for_a_line_of_the_trail(home: Path) -> None:
    hand_in(home / "in/ada.json", "0042", {"1a": "6\nverdict:  correct\rby hand: 4\u2028run 9: 4 of 4"})
    grade()
    shown = done("explain", "0042", "1a", "--in", "graded").splitlines()
    assert not [line for line in shown if line.startswith(("verdict:  correct", "by hand", "run 9"))]


def test_an_override_survives_a_regrade_and_reaches_the_files(home: Path) -> None:
    grade()
    assert "0 -> 2.5 of 4" in done("override", "0043", "1c", "--points", "2.5", "--reason", "close", "--in", "graded")
    assert scores()["0043"] == "9.5"
    assert "close" in Path("graded/feedback/0043.html").read_text()
    done("regrade", "graded", "--apply")
    grade()
    assert scores()["0043"] == "9.5"


def test_a_review_is_kept_and_used(home: Path) -> None:
    hand_in(home / "in/emmy.json", "0044", {"1c": " one quarter", "1b": "seven ("})
    grade()
    shown = done("review", "graded", lines="still unreadable (\n1/4\nstop\n")
    assert "part 1c of set AAAA-BBBB, 2 students" in shown
    assert "read as:  1/4: correct" in shown
    assert "1 read, 1 left; now: cnnex regrade graded --apply" in shown
    changes = done("regrade", "graded", "--apply")
    assert "1c: 0 -> 4, unreadable, now correct" in changes
    assert scores() == {"0042": "24", "0043": "11", "0044": "4"}
    assert "1 read, 0 left" in done("review", "graded", lines="wrong\n")
    assert "0 read, 1 left" in done("review", "graded", lines="") or "0 read, 0 left" in done("review", "graded")


def test_odd_text_is_graded_kept_and_reviewed(home: Path) -> None:
    odd = {"1a": "\ud800", "1b": "1" * 5000, "1c": [[[[["deep"]]]]], "1d": "=1+1 \u202e\x00", "1f": {"x": None}}
    hand_in(home / "in/emmy.json", "0044", odd)
    grade("--per-part", "--anonymous")
    assert scores()["0044"] == "0"
    shown = done("explain", "0044", "1d", "--in", "graded")
    assert "\x00" not in shown
    assert "\u202e" not in shown
    found = done("review", "graded", lines="right\n" * 20)
    assert ", 0 left; now:" in found
    done("regrade", "graded", "--apply")
    assert "0 read, 0 left" in done("review", "graded")


def test_a_reading_holds_in_all_sets(home: Path) -> None:
    for number, student in enumerate(("0042", "0043", "0044")):
        key = key_file([part("1a", "rational", f"1/{number + 3}")], f"AAAA-BBB{number}")
        (home / f"keys{number}.json").write_text(json.dumps(key))
        hand_in(home / f"own/{student}.json", student, {"1a": "a quarter"}, key["set"])
    names = [word for number in range(3) for word in ("--key", f"keys{number}.json")]
    done("grade", "own", *names, "--output", "graded/")
    shown = done("review", "graded", lines="1/4\n")
    assert shown.count("typed:") == 1
    assert "3 read, 0 left" in shown
    done("regrade", "graded", "--apply")
    assert scores() == {"0042": "0", "0043": "4", "0044": "0"}


@pytest.mark.parametrize("later", [["--anonymous"], []], ids=["anonymous again", "the copy is of an earlier run"])
def test_a_student_is_forgotten(home: Path, later: list[str]) -> None:
    (home / "lms.csv").write_text("ID number,Homework 1,Surname\n0042,,Lovelace\n")
    hand_in(home / "in/no set.json", "Lovelace, Ada", {"1a": 5}, "ZZZZ-ZZZZ")
    hand_in(home / "in/who.json", "Alan Turing (0042)", {"1a": 5})
    hand_in(home / "in/words.json", "0042", {"1a": 5, "1b": "who wants to know"})
    quiz = "Surname,First name,Email address,State,{}\nLovelace,Ada,ada@uni.edu,In progress,{}\n"
    heads = ",".join(f"Response {number}" for number in range(1, 7))
    (home / "in/quiz.csv").write_text(quiz.format(heads, "1,2,3,4,5,6"))
    grade("--for", "moodle", "--fill", "lms.csv")
    assert "ada@uni.edu didn't submit it" in grade("--anonymous")
    grade("--sheets", "html", *later)
    run("forget", "0042", "--in", "graded", lines="n\n")
    assert "0042" in scores()
    assert "is forgotten" in done("forget", "ada@uni.edu", "--in", "graded", "--yes")
    assert "0042" not in scores()
    for path in Path("graded").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            words = (b"Lovelace", b"ada@uni", b"ada.json", b"0042", b"who wants")
            assert not [word for word in words if word in content], path
    assert not Path("graded/feedback/0042.html").exists()
    assert json.loads(Path("graded/statistics.json").read_text())["students"] == 2
    done("regrade", "graded", "--apply")
    assert json.loads(Path("graded/statistics.json").read_text())["students"] == 2
    assert "there is no student" in refused("explain", "0042", "1a", "--in", "graded")


def test_any_number_of_workers_finds_the_same(home: Path) -> None:
    for number in range(130):
        hand_in(home / f"in/s{number:03}.json", "0044", {"1a": number, "1b": number + 1})
    for workers in ("1", "2"):
        done("grade", "in", "--roster", "students.csv", "--output", f"graded{workers}/", "--workers", workers)
    there = [path for path in Path("graded1").rglob("*.*") if path.suffix in (".csv", ".html", ".json")]
    names = [path.relative_to("graded1") for path in there]
    assert len(names) > 4
    for name in names:
        assert Path("graded1", name).read_bytes() == Path("graded2", name).read_bytes()


def test_killed_at_random_moments_it_ends_the_same(home: Path) -> None:
    for number in range(150):
        hand_in(home / f"in/s{number:03}.json", f"student {number}", {"1a": number % 13, "1b": number % 13 + 1})
    done("grade", "in", "--output", "plan/")
    command = [sys.executable, "-m", "cnnex", "grade", "in", "--output", "graded/"]
    moments = random.Random(2)
    for number in range(10):
        both = [*command, "--workers", str(1 + number % 2)]
        silent = subprocess.DEVNULL
        process = subprocess.Popen(both, stdout=silent, stderr=silent, start_new_session=True)
        time.sleep(moments.uniform(0.2, 1.5))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    done("grade", "in", "--output", "graded/")
    names = [{path.relative_to(folder) for path in Path(folder).rglob("*")} for folder in ("plan", "graded")]
    assert names[0] == names[1]
    own = {Path(NAME), Path("class.html")}  # the page counts what came in again
    files = {name for name in names[0] if name.suffix} - own
    assert len(files) > 150
    for name in files:
        assert Path("plan", name).read_bytes() == Path("graded", name).read_bytes()
    with Ledger(Path("graded") / NAME) as ledger:
        assert sum(1 for _ in ledger.attempts()) == 152
        for number in ledger.runs():
            assert sum(1 for _ in ledger.standings(number)) == 152


def test_what_a_killed_run_left_half_written_goes_with_the_next_one(home: Path) -> None:
    grade("--anonymous")
    for place in ("graded", "graded/feedback", "graded/anonymous", "graded/anonymous/feedback"):
        left = Path(place, f"{STAGING}left")
        left.mkdir()
        (left / "0042.html").write_text("half a sheet")
    done("override", "0042", "1a", "--points", "1", "--reason", "an appeal", "--in", "graded")
    assert [path for path in Path("graded").rglob("*") if path.name.startswith(".")] == []


def test_files_are_written_by_one_at_a_time(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grade()
    monkeypatch.setattr("cnnex.marking.verbs._PATIENCE", 0)
    with alone_in(Path("graded")):
        said = refused("override", "0042", "1a", "--points", "1", "--reason", "an appeal", "--in", "graded")
    assert "another run is writing in graded" in said


def test_two_at_once_wait_for_one_another(home: Path) -> None:
    command = [sys.executable, "-m", "cnnex", "grade", "in", "--output", "graded/"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    for process in both:
        _, errors = process.communicate()
        assert process.returncode == 0, errors
    with Ledger(Path("graded") / NAME) as ledger:
        assert sum(1 for _ in ledger.attempts()) == 2
    assert scores()["alan@uni.edu"] == "7"


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_an_interruption_records_nothing_and_says_so(home: Path) -> None:
    record = {"schema": "cnnex.answers/1", "set": SET, "answers": ADA}
    (home / "in/more.jsonl").write_text("".join(json.dumps({**record, "student": str(n)}) + "\n" for n in range(2000)))
    command = [sys.executable, "-m", "cnnex", "grade", "in", "--output", "graded/"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not Path("graded", NAME).exists() and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    printed, said = process.communicate()
    assert said.strip() == "Aborted! The same command starts again, and records nothing twice."
    assert (process.returncode, printed) == (1, "")
    (home / "in/more.jsonl").unlink()
    assert "2 came in, 2 attempts graded, of 2 students" in grade()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade", "in", "nowhere", "--output", "new/"], "nowhere"),
        (["grade", "in", "--key", "nokey.json", "--output", "new/"], "nokey.json"),
        (["grade", "in", "--roster", "none.csv", "--output", "new/"], "none.csv"),
        (["grade", "in", "--policy", "none.toml", "--output", "new/"], "none.toml"),
        (["grade", "in", "--for", "canvas"], "--for needs a folder"),
        (["grade", "in", "--output", "new/", "--format", "md"], "--format md goes with one"),
        (["grade", "in", "--output", "new/", "--feedback", "key"], "--feedback key goes with one"),
        (["grade", "in", "--feedback", "witness"], "--feedback needs a folder"),
        (["grade", "in", "--output", "new/", "--fill", "key.json"], "key.json: the first row has no column with ids"),
        (["grade", "in", "--output", "new/", "--fill", "students.csv"], "no column of the file is called 'Homework 1'"),
        (["grade", "in", "--output", "new/", "--fill", "none.csv"], "none.csv"),
        (["grade", "in", "--output", "new/", "--column", "x"], "--fill"),
        (["grade", "in", "--output", "new/", "--workers", "-1"], "workers"),
        (["grade", "in", "--output", "key.json/"], "key.json"),
        (["regrade", "in"], "there is no records.sqlite in in"),
        (["regrade", "nowhere"], "no folder"),
        (["explain", "0042", "1a"], "there is no records.sqlite"),
        (["review", "nowhere"], "there is no records.sqlite"),
        (["forget", "0042", "--yes"], "there is no records.sqlite"),
    ],
)
def test_bad_input_is_one_sentence_and_leaves_nothing(home: Path, arguments: list[str], words: str) -> None:
    before = sorted(home.rglob("*"))
    assert words in refused(*arguments)
    assert sorted(home.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["override", "0042", "9z", "--points", "1", "--reason", "r"], "no part '9z'"),
        (["override", "0042", "1a", "--points", "5", "--reason", "r"], "from 0 to 4"),
        (["override", "0042", "1a", "--points", "1", "--reason", " "], "needs a reason"),
        (["override", "0044", "1a", "--points", "1", "--reason", "r"], "nothing came in"),
        (["override", "ghost", "1a", "--points", "1", "--reason", "r"], "no student 'ghost'"),
        (["explain", "0042", "1"], "no part '1'"),
        (["forget", "ghost", "--yes"], "no student"),
    ],
)
def test_bad_decisions_are_refused(home: Path, arguments: list[str], words: str) -> None:
    grade()
    assert words in refused(*arguments, "--in", "graded")


def test_no_keys_to_be_found(home: Path) -> None:
    (home / "key.json").unlink()
    assert "there are no keys beside in" in refused("grade", "in", "--output", "new/")


def test_a_damaged_key_is_refused_and_nothing_is_recorded(home: Path) -> None:
    (home / "key.json").write_text(json.dumps(key_file([part("1a", "integer", "what?")])))
    assert "part 1a" in refused("grade", "in", "--output", "new/")
    assert not (home / "new").exists()


def test_from_python(home: Path) -> None:
    summary = cnnex.grade_class("in", roster="students.csv", output="graded", outputs=cnnex.Outputs(sheets="none"))
    assert (summary.graded, summary.without) == (2, ("0044",))
    assert not Path("graded/feedback").exists()
    with pytest.raises(CnnexError):
        cnnex.grade_class("nowhere")


def test_a_damaged_ledger_is_one_sentence(home: Path) -> None:
    grade()
    whole = (home / "graded" / NAME).read_bytes()
    rng = random.Random(3)
    refusals = 0
    for _ in range(60):
        damaged = bytearray(whole)
        place = rng.randrange(len(whole))
        damaged[place : place + 200] = rng.randbytes(min(200, len(whole) - place))
        (home / "graded" / NAME).write_bytes(damaged)
        for command in (["explain", "0043", "1b", "--in", "graded"], ["review", "graded"], ["regrade", "graded"]):
            result = run(*command)
            assert isinstance(result.exception, SystemExit | None), (place, command, result.exception)
            if result.exit_code:
                assert result.exit_code == 2
                assert result.stderr.count("\n") == 1, (place, result.stderr)
                refusals += 1
    assert refusals
