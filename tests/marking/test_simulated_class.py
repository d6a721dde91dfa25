"""A class whose every answer is planned: the gradebook equals the plan, mark for mark, and no file is lost.

`CNNEX_CLASS=300 pytest tests/marking/test_simulated_class.py` does it with another number of students.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from simulated.inbox import Inbox
from simulated.plan import Planned, planned, roster

import cnnex
from cnnex.marking.outputs import Outputs
from cnnex.store.ledger import NAME, Ledger

STUDENTS = int(os.environ.get("CNNEX_CLASS", "40"))
HERE = Path(__file__).parents[1] / "simulated"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("class")
    (folder / "students.csv").write_text(roster(STUDENTS))
    made = cnnex.generate_class(
        bank=HERE / "bank.yaml", roster=folder / "students.csv", output=folder / "class", formats=["md"], seed="plan",
        workers=1,
    )  # fmt: skip
    assert not made.failures
    return folder


@pytest.fixture(scope="module")
def plan(home: Path) -> list[Planned]:
    return planned(home / "class", STUDENTS)


@pytest.fixture(scope="module")
def inbox(home: Path, plan: list[Planned]) -> Inbox:
    return Inbox(home / "inbox", plan)


@pytest.mark.parametrize("which", ["last", "best", "first"])
def test_the_gradebook_equals_the_plan(home: Path, plan: list[Planned], inbox: Inbox, which: str) -> None:
    rules = (HERE / "rules.toml").read_text().replace('"last"', f'"{which}"')
    (home / "policy.toml").write_text(rules)
    again = (home / "graded").exists()
    summary = cnnex.grade_class(
        home / "inbox", key=home / "class", roster=home / "students.csv", policy=home / "policy.toml",
        output=home / "graded", outputs=Outputs(per_part=True, sheets="md"), workers=1,
    )  # fmt: skip

    attempts = sum(len(student.attempts) for student in plan)
    assert summary.came_in == inbox.came_in
    assert summary.graded == attempts
    assert Counter(each.trouble for each in summary.unmatched) == inbox.troubles
    assert len(summary.repeated) == (inbox.repeated + attempts + _matched_wrongly(inbox) if again else inbox.repeated)
    assert summary.without == tuple(student.id for student in plan if not student.attempts)

    with (home / "graded/gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert list(rows) == [student.id for student in plan]
    for student in plan:
        _compare(student, rows[student.id], which)


def test_attempts_come_in_by_every_way(inbox: Inbox) -> None:
    assert all(inbox.kinds.values()), inbox.kinds


def test_verdicts_equal_the_plan(home: Path, plan: list[Planned], inbox: Inbox) -> None:
    with Ledger(home / "graded" / NAME) as ledger:
        run = ledger.run().id
        for student in plan:
            ordered = sorted(student.attempts, key=lambda each: (each.at is not None, each.at or 0))
            standings = list(ledger.standings(run, student.id))
            assert [each.number for each in standings] == [*range(1, len(ordered) + 1)]
            for standing, own in zip(standings, ordered, strict=True):
                for mark in ledger.graded(run, standing.attempt).marks:
                    found = f"{student.id} {mark.id}: typed {mark.answer!r}, read {mark.read_as!r}"
                    assert mark.verdict == own.worth[mark.id].verdict, found


def test_nothing_was_written_out_of_the_folder(home: Path, inbox: Inbox) -> None:
    assert not list(home.rglob("out.json"))
    assert not Path("/tmp/out.json").exists()


def _matched_wrongly(inbox: Inbox) -> int:
    """Submissions that were kept, though nobody's, and so come in again."""
    return sum(count for trouble, count in inbox.troubles.items() if trouble != "unusable")


def _compare(student: Planned, row: dict[str, str], which: str) -> None:
    if not student.attempts:
        assert row["score"] == row["1a"] == ""
        return
    attempt, score = student.counting(which)
    for part, own in attempt.worth.items():
        said = f"{student.id} {part}: typed {attempt.typed[part]!r}, planned {own}"
        assert Fraction(row[part]) == own.earned, said
    assert Fraction(row["raw"]) == attempt.raw
    assert Fraction(row["score"]) == score
    assert Fraction(row["waiting"]) == sum(each.verdict == "unreadable" for each in attempt.worth.values())
