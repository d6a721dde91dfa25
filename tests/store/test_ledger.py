"""The ledger: only added to, whole runs or none, one writer at a time, whatever kills the program."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from small_key import graded

from cnnex.errors import InputError, OutputError
from cnnex.model.marks import Attempt, KnownKey, Override, Reading, Unmatched, Unusable
from cnnex.model.outcome import Verdict
from cnnex.model.student import Student
from cnnex.store.forgetting import forget
from cnnex.store.ledger import Ledger
from cnnex.store.ledger_reader import FORGOTTEN, GradedRow, Run, Standing, packed, unpacked

ADA = Attempt(source="ada.json", digest="d1", set="AAAA-BBBB", student="ada", name="Ada Lovelace", answers={"1a": "6"})


def a_run(**more: Any) -> Run:
    plain: dict[str, Any] = {
        "at": "2026-11-20T12:00:00+00:00", "version": "0", "command": "grade", "policy": "{}", "outputs": "{}",
        "roster": (Student("ada", "Ada Lovelace", "ada@uni.edu"),), "keys": (KnownKey("AAAA-BBBB", "k", "ada"),),
    }  # fmt: skip
    return Run(**{**plain, **more})


def fill(ledger: Ledger, attempts: int = 1) -> int:
    """A run with some attempts of Ada's, all graded."""
    with ledger.writing():
        number = ledger.add_run(a_run())
        ledger.add_key("k", b"{}")
        ledger.begin_run()
        for place in range(attempts):
            ledger.add_attempt(number, Attempt(source=f"{place}.json", digest=f"d{place}", student="ada"))
        found = graded({"1a": 3, "1b": "secret words"})
        rows = [
            GradedRow(Standing(id_, "ada", place, 0, 2, 2.5, 1), "k", 0, packed(found))
            for place, (id_, _, _) in enumerate(ledger.attempts(), 1)
        ]
        ledger.add_graded(number, rows)
    return number


@pytest.fixture
def ledger(tmp_path: Path) -> Any:
    with Ledger(tmp_path / "records.sqlite", create=True) as opened:
        yield opened


def test_what_is_written_is_read(ledger: Ledger) -> None:
    number = fill(ledger, 2)
    assert ledger.run() == a_run(id=number)
    assert [each.score for each in ledger.standings(number)] == [2.5, 2.5]
    assert list(ledger.standings(number, "ada")) == list(ledger.standings(number))
    assert list(ledger.standings(number, "adam")) == []
    assert ledger.graded(number, 1) == graded({"1a": 3, "1b": "secret words"})
    assert ledger.key("k") == b"{}"
    with pytest.raises(InputError, match="nothing was graded"):
        ledger.run(99)


def test_what_was_typed_is_kept_exactly(ledger: Ledger) -> None:
    answers = {"1a": "\ud800 ½ \x00", "1b": 10**50, "1c": [[1, "7/4"], None], "1d": 1.5, "1e": True}
    with ledger.writing():
        number = ledger.add_run(a_run())
        odd = Attempt(source="h\udce9.json", digest="x", student="a\ud800", answers=answers)
        assert ledger.add_attempt(number, odd)
        assert not ledger.add_attempt(number, odd)
        assert ledger.add_attempt(number, Attempt(source="same bytes", digest="x", student="other"))
    assert ledger.attempt(1).answers == answers


def test_half_a_surrogate_pair_is_no_reason_to_fail() -> None:
    found = graded({"1a": "\ud800"})
    assert unpacked(packed(found)).marks[0].answer == "?"


TABLES = ("keys", "runs", "attempts", "unusable", "unmatched", "graded", "overrides", "readings", "pseudonyms")


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_ever_changed_or_taken_away(ledger: Ledger, table: str) -> None:
    number = fill(ledger)
    with ledger.writing():
        ledger.add_unusable(number, Unusable(source="x", digest="", reason="broken"))
        ledger.add_unmatched(number, 1, Unmatched(source="x", trouble="unknown-set", reason="no key"))
        ledger.add_override(1, Override(student="ada", part="1a", points=1, reason="r", at="t"))
        ledger.add_reading("AAAA-BBBB", "1a", "hash", Reading(text="6"), "t")
        ledger.add_pseudonym("ada", "student-1")
    db = sqlite3.connect(ledger.path)
    db.create_function("forgetting", 0, lambda: 0)
    (column,) = db.execute("SELECT name FROM pragma_table_info(?) ORDER BY cid DESC LIMIT 1", (table,)).fetchone()
    for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(statement)
    db.close()
    raw = sqlite3.connect(ledger.path)
    with pytest.raises(sqlite3.Error):  # nor by a program that doesn't know us
        raw.execute(f"DELETE FROM {table}")
    raw.close()


def test_rows_lead_to_rows_that_are_there(ledger: Ledger) -> None:
    fill(ledger)
    with pytest.raises(sqlite3.IntegrityError), ledger.writing():
        ledger.add_override(99, Override(student="ada", part="1a", points=1, reason="r", at="t"))
    with pytest.raises(sqlite3.IntegrityError), ledger.writing():
        ledger.add_unmatched(99, 1, Unmatched(source="x", trouble="unknown-set", reason=""))


def test_a_run_is_whole_or_not_there(ledger: Ledger) -> None:
    def interrupted() -> None:
        with ledger.writing():
            ledger.add_run(a_run())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with ledger.writing(keep=False):
        ledger.add_run(a_run())
        assert ledger.runs() == [1]
    assert ledger.runs() == []


def test_the_last_reading_and_the_last_override_hold(ledger: Ledger) -> None:
    fill(ledger)
    with ledger.writing():
        for points in (1, 2.5):
            ledger.add_override(1, Override(student="ada", part="1a", points=points, reason="r", at="t"))
        ledger.add_reading("AAAA-BBBB", "1a", "hash", Reading(text="6"), "t")
        ledger.add_reading("AAAA-BBBB", "1a", "hash", Reading(verdict=Verdict.CORRECT), "t")
    assert [each.points for each in ledger.overrides("ada")[1]] == [1, 2.5]
    assert ledger.overrides("alan") == {}
    assert ledger.readings() == {("AAAA-BBBB", "1a", "hash"): Reading(verdict=Verdict.CORRECT)}


def test_files_that_are_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no"):
        Ledger(tmp_path / "none.sqlite")
    (tmp_path / "words.sqlite").write_text("words " * 1000)
    with pytest.raises(InputError, match="no ledger"):
        Ledger(tmp_path / "words.sqlite")
    other = sqlite3.connect(tmp_path / "other.sqlite")
    other.execute("CREATE TABLE t (a)")
    other.close()
    with pytest.raises(InputError, match="no ledger of cnnex"):
        Ledger(tmp_path / "other.sqlite", create=True)
    Ledger(tmp_path / "new.sqlite", create=True).close()
    newer = sqlite3.connect(tmp_path / "new.sqlite")
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(InputError, match="another version"):
        Ledger(tmp_path / "new.sqlite")


def test_it_is_read_where_nothing_may_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "50% of #1?"
    home.mkdir()
    with Ledger(home / "records.sqlite", create=True) as ledger:
        fill(ledger)
    before = [(path.name, path.stat().st_mtime_ns) for path in home.iterdir()]
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with Ledger(home / "records.sqlite") as ledger:
        assert ledger.run() == a_run(id=1)
        assert [(path.name, path.stat().st_mtime_ns) for path in home.iterdir()] == before
        with pytest.raises(OutputError, match=r"can't write .*records.sqlite: attempt to write a readonly"):
            fill(ledger)
    assert [(path.name, path.stat().st_mtime_ns) for path in home.iterdir()] == before


def test_what_was_not_put_away_is_not_passed_over(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the last rows are in a file of their own, a folder to read has them, or says that it can't."""
    fill(ledger)
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with Ledger(ledger.path) as reader:
        assert reader.runs() == [1]


def test_a_second_writer_waits_and_then_says_so(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnnex.store.ledger._PATIENCE", 0.3)
    with Ledger(ledger.path) as second, ledger.writing():
        began = time.monotonic()
        with pytest.raises(OutputError, match="another program is writing"), second.writing():
            pass
        assert 0.2 < time.monotonic() - began < 5


WRITER = """
import sys
from pathlib import Path
from cnnex.model.marks import Attempt
from cnnex.store.ledger import Ledger
sys.path.insert(0, sys.argv[2])
from store.test_ledger import a_run
with Ledger(Path(sys.argv[1]), create=True) as ledger:
    print("ready", flush=True)
    for run in range(int(sys.argv[3])):
        with ledger.writing():
            number = ledger.add_run(a_run())
            for place in range(40):
                digest = f"{sys.argv[4]}-{number}-{place}"
                assert ledger.add_attempt(number, Attempt(source="s", digest=digest, answers={"1a": "6" * 500}))
"""


def writer(path: Path, runs: int, name: str) -> subprocess.Popen[bytes]:
    tests = str(Path(__file__).parents[1])
    return subprocess.Popen([sys.executable, "-c", WRITER, str(path), tests, str(runs), name], stdout=subprocess.PIPE)


def consistent(path: Path) -> int:
    """The number of runs, each of which is whole."""
    with Ledger(path) as ledger:
        db = ledger._db
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        counts = db.execute("SELECT count(a.id) FROM runs r LEFT JOIN attempts a ON a.run = r.id GROUP BY r.id")
        assert {count for (count,) in counts} <= {40}
        return len(ledger.runs())


def test_killed_at_random_moments_every_run_is_whole(tmp_path: Path) -> None:
    path, moments = tmp_path / "records.sqlite", random.Random(1)
    before = 0
    for turn in range(10):
        process = writer(path, 100_000, str(turn))
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(moments.uniform(0.01, 0.25))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        after = consistent(path)
        assert after >= before
        before = after
    assert before > 0


def test_two_processes_at_once_take_turns(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite"
    Ledger(path, create=True).close()
    both = [writer(path, 6, name) for name in "ab"]
    for process in both:
        process.communicate()
        assert process.returncode == 0
    assert consistent(path) == 12


def test_forgetting_leaves_numbers_and_nothing_else(ledger: Ledger) -> None:
    roster = (Student("ada", "Ada Lovelace", "ada@uni.edu"), Student("alan", "Alan Turing", "alan@uni.edu"))
    policy = json.dumps({"extensions": {"Ada": "2026-11-27T12:00:00Z"}})
    with ledger.writing():
        number = ledger.add_run(a_run(roster=roster, policy=policy))
        ledger.add_key("k", b"{}")
        ledger.add_attempt(number, ADA)
        ledger.add_attempt(number, Attempt(source="alan.json", digest="d2", student="alan", answers={"1a": "alans"}))
        ledger.add_unusable(number, Unusable(source="in/ada/broken.json", digest="", reason="no JSON"))
        marks = graded({"1a": 3, "1b": "secret words"})
        ledger.add_graded(number, [GradedRow(Standing(1, "ada", 1, 0, 2, 2, 1), "k", 0, packed(marks))])
        ledger.add_override(1, Override(student="ada", part="1a", points=1, reason="ada was ill", at="t"))
        ledger.add_pseudonym("ada", "student-7")
    nobody = forget(ledger, "ada", ["ada@uni.edu", "Ada Lovelace"])
    assert nobody.startswith(FORGOTTEN)
    (standing,) = ledger.standings(number)
    assert (standing.student, standing.score) == (nobody, 2)
    kept = ledger.graded(number, 1)
    assert [mark.earned for mark in kept.marks] == [mark.earned for mark in marks.marks]
    assert {mark.answer for mark in kept.marks} == {""}
    ledger.close()
    for path in ledger.path.parent.iterdir():
        content = path.read_bytes().lower()
        for word in (b"lovelace", b"ada@uni", b"ada.json", b"secret words", b"ada was", b"student-7", b'"ada"'):
            assert word not in content, word
    with Ledger(ledger.path) as again:
        assert again.attempt(2).answers == {"1a": "alans"}
        assert [attempt.student for _, attempt, _ in again.attempts()] == ["alan"]
        with pytest.raises(sqlite3.IntegrityError, match="append-only"), again.writing():
            again._db.execute("DELETE FROM attempts")
