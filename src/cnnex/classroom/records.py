"""What the parts of a class's work tell one another, and the names of its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cnnex.model.student import Student
from cnnex.plans import Plan

INSTRUCTOR = "class.json"
"""The instructor's file: the master seed, what was asked for, and who was in the roster."""

STUDENTS, KEYS, SOLUTIONS = "students", "keys", "solutions"
MANIFEST, PRINT = "manifest.csv", "print.pdf"


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a student: `error` is empty where all files are there, `new` where this run wrote them."""

    student: Student
    error: str = ""
    new: bool = True


@dataclass(frozen=True, slots=True)
class Class:
    """What was made of a roster.

    Attributes:
        folder: where the files are.
        seed: the master seed, from which each student's seed is derived.
        students: all of the roster, in its order.
        said: sentences on what the instructor should know besides, such as rows of the roster that are left out.
    """

    folder: Path
    seed: str
    students: tuple[Made, ...]
    said: tuple[str, ...] = ()

    @property
    def failures(self) -> tuple[Made, ...]:
        """The students whose sheets couldn't be made."""
        return tuple(each for each in self.students if each.error)


Tick = Callable[[Made], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker has to know."""

    plan: Plan
    seed: str
    same: bool
    formats: tuple[str, ...]
    engine: str | None
    templates: Path | None
    folder: Path
    staging: Path
