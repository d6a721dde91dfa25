"""Who answers what: students, their attempts, and what each is worth."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from simulated.spelling import spelled
from simulated.worth import DUE, Garbage, Worth, days_late, follow, last_best_first, parts_of, score, worth

GARBAGE = (
    "see the attached photo (",
    "6 7 (",
    "[1, 2",
    "I don't know",
    "#REF!",
    "∑∑ ) 3",
    '=HYPERLINK("x")',
    "<b>4</b> <i",
    "１２",
)
NAMES = ("Zoë Łąski", "Ада Лавлейс", "O'Brien, Seán", "<b>Bob</b> & Co", "=1+2 Kim", "李 小龙", "Ana María Núñez")


@dataclass(frozen=True)
class Attempt:
    """An attempt as it is planned: answers as values and as typed texts, and when it is handed in, if that is told."""

    student: str
    set: str
    at: datetime | None
    typed: Mapping[str, Any]
    worth: Mapping[str, Worth]

    @property
    def raw(self) -> Fraction:
        """Points before penalties."""
        return sum((each.earned for each in self.worth.values()), Fraction(0))


@dataclass(frozen=True)
class Planned:
    """A student with the attempts in the order in which they are handed in."""

    id: str
    name: str
    set: str
    attempts: tuple[Attempt, ...]

    def scores(self) -> list[Fraction]:
        """Of the attempts by time; those without a time are the first."""
        ordered = sorted(self.attempts, key=lambda each: (each.at is not None, each.at or DUE))
        return [score(each.raw, days_late(self.id, each.at), number) for number, each in enumerate(ordered, start=1)]

    def counting(self, which: str) -> tuple[Attempt, Fraction]:
        """The attempt that counts, and its score."""
        ordered = sorted(self.attempts, key=lambda each: (each.at is not None, each.at or DUE))
        place = last_best_first(which, self.scores())
        return ordered[place], self.scores()[place]


def student_id(number: int) -> str:
    """Some ids begin with zeros."""
    return f"{number:05}" if number < 20 else str(70000 + number)


def roster(students: int) -> str:
    """The roster as CSV."""
    rows = ["id,name,email,section"]
    for number in range(students):
        name = f"{NAMES[number % len(NAMES)]} {number}".replace('"', "")
        rows.append(f'{student_id(number)},"{name}",s{number}@uni.edu,{"AB"[number % 2]}')
    return "\n".join(rows) + "\n"


def planned(folder: Path, students: int) -> list[Planned]:
    """The plan for the class that `cnnex generate` made in a folder; one student in 20 hands nothing in."""
    with (folder / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        owners = {row["id"]: row["set"] for row in csv.DictReader(file)}
    keys = {key["set"]: key for key in map(json.loads, (path.read_text() for path in folder.glob("keys/*.json")))}
    found = []
    for number in range(students):
        rng, id_ = Random(f"student {number}"), student_id(number)
        own = owners[id_]
        count = 0 if number % 20 == 19 else 3 if number % 17 == 5 else 2 if number % 7 == 3 else 1
        start = DUE - timedelta(hours=rng.choice([1, 5, 30]))
        if number % 6 == 2:
            start = DUE + timedelta(minutes=rng.choice([5, 10, 11, 1440, 1441, 5000, 10080, 10081, 20000]))
        attempts = []
        for again in range(count):
            at = start + timedelta(hours=7 * again, seconds=rng.randrange(3) * 20)
            known = count > 1 or number % 5 != 0
            attempts.append(attempt(id_, keys[own], at if known else None, rng, json_file=number % 3 != 0))
        found.append(Planned(id_, f"{NAMES[number % len(NAMES)]} {number}", own, tuple(attempts)))
    return found


def attempt(student: str, key: Mapping[str, Any], at: datetime | None, rng: Random, *, json_file: bool) -> Attempt:
    """An attempt at a key."""
    answers: dict[str, Any] = {}
    typed: dict[str, Any] = {}
    careless = rng.random()
    for id_, (item, part) in parts_of(key).items():
        answers[id_] = _answer(key, item, part, answers, rng, careless)
        if isinstance(answers[id_], Garbage):
            typed[id_] = answers[id_].text
        elif answers[id_] is None:
            typed[id_] = rng.choice(["", "  "])
        else:
            typed[id_] = spelled(part["kind"], answers[id_], rng, json=json_file)
    zone = timezone(timedelta(hours=rng.choice([-8, 0, 1])))
    return Attempt(student, key["set"], at and at.astimezone(zone), typed, worth(key, answers))


def _answer(
    key: Mapping[str, Any], item: Mapping[str, Any], part: Mapping[str, Any], before: Mapping[str, Any], rng: Random,
    careless: float,
) -> Any:  # fmt: skip
    """Right, a predicted mistake, what follows from earlier answers, wrong in another way, garbage, or nothing."""
    chance = rng.random()
    ids = {each["name"]: each["id"] for each in item["parts"]}
    read = {
        name: before[id_]
        for name, id_ in ids.items()
        if id_ in before and before[id_] is not None and not isinstance(before[id_], Garbage)
    }
    _, chained = follow(item, part["name"], read)
    if chained is not None and chance < 0.6:
        return chained  # a student goes on with the own results, right or wrong
    chance = rng.random()
    if chance < 0.03:
        return Garbage(rng.choice(GARBAGE))
    if chance < 0.07:
        return None
    if chance < 0.12 + 0.3 * careless and part["mistakes"]:
        return rng.choice(part["mistakes"])["value"]
    if chance < 0.2 + 0.4 * careless:
        return _wrong(part, rng)
    return part["value"]


def _wrong(part: Mapping[str, Any], rng: Random) -> Any:
    """Something that is wrong in a way of its own."""
    value = part["value"]
    if part["kind"] == "boolean":
        return not value
    if part["kind"] == "expr":
        return f"{value} + {rng.randint(2, 9)}"
    if not isinstance(value, list):
        return value + rng.choice([-3, 2, 17, 401]) if value > 3 else value + 5
    rows: list[Any] = [list(row) if isinstance(row, list) else row for row in value]
    for _ in range(rng.choice([1, 1, 2, 4])):
        place = rng.randrange(len(rows))
        if isinstance(rows[place], list):
            column = rng.randrange(len(rows[place]))
            rows[place][column] += rng.choice([1, 4, -50])
        else:
            rows[place] += rng.choice([1, 4, 13])
    return rows
