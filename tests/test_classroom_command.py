"""The command for a class: interrupted, killed, taken up, refused, and the same for any number of workers."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import pytest
from click.testing import CliRunner, Result
from leaks import everything_in
from pypdf import PdfReader

import cnnex
from cnnex.classroom import Made
from cnnex.cli import main


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


ARGUMENTS = ["generate", "--topic", "pooling", "--topic", "backprop", "--count", "2", "--seed", "s"]


def roster_file(tmp_path: Path, students: int = 9) -> Path:
    path = tmp_path / "students.csv"
    path.write_text("id,name\n" + "".join(f"{number:04},Student {number}\n" for number in range(students)))
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*ARGUMENTS, *arguments])


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    tmp_path = tmp_path_factory.mktemp("undisturbed")
    result = run("--roster", str(roster_file(tmp_path)), "--output", str(tmp_path / "class"), "--workers", "1")
    assert result.exit_code == 0, result.output
    assert result.output == ""
    return files_of(tmp_path / "class")


def test_the_same_bytes_for_any_number_of_workers(tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    assert (
        run("--roster", str(roster_file(tmp_path)), "--output", str(tmp_path / "class"), "--workers", "3").exit_code
        == 0
    )
    assert files_of(tmp_path / "class") == undisturbed


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_killed_at_random_moments_and_taken_up(tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    roster, folder = roster_file(tmp_path), tmp_path / "class"
    command = [sys.executable, "-m", "cnnex", *ARGUMENTS, "--roster", str(roster), "--output", str(folder)]
    moments = random.Random(5)
    for attempt in range(10):
        process = subprocess.Popen(
            [*command, "--workers", str(1 + attempt % 2)], stderr=subprocess.DEVNULL, start_new_session=True
        )
        started, seen = time.monotonic(), len(list(folder.glob("students/*")))
        while process.poll() is None and time.monotonic() - started < 20:
            if len(list(folder.glob("students/*"))) > seen or (folder / "print.pdf").exists():
                break  # so that each attempt gets somewhere
            time.sleep(0.005)
        time.sleep(moments.random() * 0.1)
        if attempt % 5 < 3:
            with suppress(ProcessLookupError):  # it was faster
                os.killpg(process.pid, signal.SIGKILL)
        else:
            process.send_signal((signal.SIGINT, signal.SIGTERM)[attempt % 5 - 3])
        process.wait()
        there = files_of(folder)
        for name, content in there.items():
            if name.startswith(("students/", "keys/", "solutions/")):
                assert content == undisturbed[name], name
        for place in (folder / "students").iterdir():
            assert {path.name for path in place.iterdir()} == {"problems.pdf", "answers.json"}
        if attempt == 6:  # the file for the printer is to be interrupted, too
            assert subprocess.run(command, check=False).returncode == 0
        if attempt >= 6:
            (folder / "manifest.csv").unlink(missing_ok=True)
            (folder / "print.pdf").unlink(missing_ok=True)
    times = {path: path.stat().st_mtime_ns for path in folder.glob("students/*")}
    assert times
    assert subprocess.run(command, check=False).returncode == 0
    assert files_of(folder) == undisturbed
    assert {path: path.stat().st_mtime_ns for path in times} == times, "done twice"


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
@pytest.mark.parametrize(("workers", "force"), [("1", ""), ("2", ""), ("2", "--force")])
def test_an_interruption_says_how_to_go_on(
    tmp_path: Path, undisturbed: dict[str, bytes], workers: str, force: str
) -> None:
    roster, folder = roster_file(tmp_path), tmp_path / "class"
    arguments = ["--roster", str(roster), "--output", str(folder), "--workers", workers]
    command = [sys.executable, "-m", "cnnex", *ARGUMENTS, *arguments, *filter(None, [force])]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    started = time.monotonic()
    while not list(folder.glob("students/*")) and time.monotonic() - started < 60:
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does it
    _, said = process.communicate()
    again = " without --force" if force else ""
    assert said.strip() == f"Aborted! What is done is kept in {folder}; the same command{again} goes on from there."
    assert process.returncode == 1
    times = {path: path.stat().st_mtime_ns for path in folder.glob("students/*")}
    assert run(*arguments).exit_code == 0
    assert files_of(folder) == undisturbed
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_the_print_file_is_whole_or_absent(
    tmp_path: Path, undisturbed: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(sheets: Iterable[Path], file: BinaryIO) -> None:
        file.write(b"%PDF-1.7 and no more")
        raise KeyboardInterrupt

    folder = tmp_path / "class"
    arguments = ("--roster", str(roster_file(tmp_path)), "--output", str(folder), "--workers", "1")
    with monkeypatch.context() as patch:
        patch.setattr("cnnex.classroom.print_file.combine", torn)
        assert run(*arguments).exit_code != 0
    assert {path.name for path in folder.iterdir()} == {"class.json", "students", "keys", "solutions"}
    assert run(*arguments).exit_code == 0
    assert files_of(folder) == undisturbed


def test_a_second_run_in_the_folder_is_refused(tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    roster, folder = roster_file(tmp_path), tmp_path / "class"
    arguments = ["--roster", str(roster), "--output", str(folder), "--workers", "1"]
    refusals: list[subprocess.CompletedProcess[str]] = []

    def meanwhile(made: Made) -> None:
        if not refusals:
            command = [sys.executable, "-m", "cnnex", *ARGUMENTS, *arguments]
            refusals.append(subprocess.run(command, check=False, capture_output=True, text=True))

    cnnex.generate_class(["pooling", "backprop"], roster=roster, output=folder, count=2, seed="s", workers=1,
                         tick=meanwhile)  # fmt: skip
    (refusal,) = refusals
    assert refusal.returncode == 2
    assert "another run is writing" in refusal.stderr
    assert refusal.stderr.count("\n") == 1
    assert files_of(folder) == undisturbed


def test_what_is_done_is_skipped(
    tmp_path: Path, undisturbed: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    roster, folder = roster_file(tmp_path), tmp_path / "class"
    arguments = ("--roster", str(roster), "--output", str(folder), "--workers", "1")
    assert run(*arguments).exit_code == 0
    monkeypatch.setattr("cnnex.classroom.student.printed", None)
    assert run(*arguments).exit_code == 0
    without_seed = CliRunner().invoke(main, [*ARGUMENTS[:-2], *arguments])
    assert without_seed.exit_code == 0, without_seed.output
    assert files_of(folder) == undisturbed


def test_students_may_join_and_leave(tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    folder = str(tmp_path / "class")
    assert run("--roster", str(roster_file(tmp_path, 3)), "--output", folder, "--workers", "1").exit_code == 0
    assert run("--roster", str(roster_file(tmp_path, 9)), "--output", folder, "--workers", "1").exit_code == 0
    assert files_of(Path(folder)) == undisturbed
    assert run("--roster", str(roster_file(tmp_path, 3)), "--output", folder, "--workers", "1").exit_code == 0
    assert (Path(folder) / "manifest.csv").read_text("utf-8-sig").count("\n") == 4


def test_other_arguments_are_refused(tmp_path: Path) -> None:
    roster, folder = roster_file(tmp_path, 2), tmp_path / "class"
    arguments = ("--roster", str(roster), "--output", str(folder), "--workers", "1", "--formats", "md")
    assert run(*arguments).exit_code == 0
    before = files_of(folder)
    for other, word in ((["--seed", "t"], "seed"), (["--count", "3"], "problems"), (["--title", "T"], "title"),
                        (["--same"], "same"), (["--formats", "tex"], "formats")):  # fmt: skip
        refusal = run(*arguments, *other)
        assert refusal.exit_code == 2
        assert f"other arguments ({word})" in refusal.stderr
        assert "--force" in refusal.stderr
        assert files_of(folder) == before
    roster.write_text("id,name\n0000,Student 0\n0001,Somebody Else\n")
    assert "another name for 0001" in run(*arguments).stderr
    assert run(*arguments, "--seed", "t", "--force").exit_code == 0
    after = files_of(folder)
    assert after.keys() == before.keys()
    assert not any(after[name] == before[name] for name in after)


def test_the_files_of_others_are_kept(tmp_path: Path) -> None:
    (tmp_path / "students").mkdir()
    (tmp_path / "students" / "notes.txt").write_text("mine")
    arguments = ("--roster", str(roster_file(tmp_path, 1)), "--output", f"{tmp_path}/", "--workers", "1")
    assert "something else" in run(*arguments).stderr
    assert run(*arguments, "--force").exit_code == 0
    assert (tmp_path / "students" / "notes.txt").read_text() == "mine"


def test_one_student_s_failure_is_his_alone(tmp_path: Path) -> None:
    roster = tmp_path / "students.csv"
    roster.write_text("id,name\n1,Ada\n2,Eve \U0010fffd\n3,Alan\n")
    result = run("--roster", str(roster), "--output", str(tmp_path / "class"), "--workers", "2")
    assert result.exit_code == 2
    first, last = result.stderr.splitlines()
    assert "(2)" in first
    assert "U+10FFFD" in first
    assert "1 of 3 students" in last
    assert {path.name for path in (tmp_path / "class" / "students").iterdir()} == {"1", "3"}
    assert {path.name for path in (tmp_path / "class" / "keys").iterdir()} == {"1.json", "3.json"}
    assert len(PdfReader(tmp_path / "class" / "print.pdf").pages) >= 4


def test_one_sheet_for_all(tmp_path: Path) -> None:
    assert run("--roster", str(roster_file(tmp_path, 3)), "--output", str(tmp_path / "c"), "--same").exit_code == 0
    files = files_of(tmp_path / "c")
    assert len({content for name, content in files.items() if name.endswith("problems.pdf")}) == 1
    assert len({content for name, content in files.items() if name.startswith("keys/")}) == 1
    assert {json.loads(files[f"students/000{n}/answers.json"])["student"] for n in range(3)} == {"0000", "0001", "0002"}
    assert b"Student 1" not in everything_in(files["students/0000/problems.pdf"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--student", "Ada"), "--student"),
        (("--solutions",), "--solutions"),
        (("--format", "pdf"), "--format"),
        (("--formats", "docx2"), "docx2"),
        (("--formats", ","), "no format"),
        (("--workers", "-1"), "workers"),
        (("--difficulty", "hrd"), "did you mean hard?"),
    ],
)
def test_bad_arguments_are_refused_in_one_sentence(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    result = run("--roster", str(roster_file(tmp_path, 1)), "--output", str(tmp_path / "class"), *arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert words in result.stderr
    assert not (tmp_path / "class").exists()


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "class").write_text("mine")
    refused = run("--roster", str(roster_file(tmp_path)), "--topic", "pooling", "--output", str(tmp_path / "class"))
    assert refused.exit_code == 2
    assert f"can't write into {tmp_path / 'class'}: it is a file (choose another name" in refused.output
    assert (tmp_path / "class").read_text() == "mine"


def test_options_of_a_class_need_a_roster() -> None:
    for option in (["--same"], ["--formats", "pdf"], ["--workers", "2"]):
        assert "go with --roster" in run(*option).stderr
    assert "needs a folder" in run("--roster", "students.csv").stderr
    assert "needs a folder" in run("--roster", "students.csv", "--output", "class.pdf").stderr
    assert not Path("class.pdf").exists()


def test_each_student_is_told_in_order(tmp_path: Path) -> None:
    told: list[Made] = []
    cnnex.generate_class("pooling", roster=roster_file(tmp_path, 4), output=tmp_path / "c", formats=["md"], count=1,
                         workers=2, tick=told.append)  # fmt: skip
    assert [each.student.id for each in told] == ["0000", "0001", "0002", "0003"]
