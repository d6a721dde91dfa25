"""What the names say that learning systems give to the files of a download."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

from cnnex.store.intake.times import read_time

_MOODLE = re.compile(r"(?P<name>[^/]+?)_\d+_assignsubmission_(?:file|onlinetext)_.*")
_CANVAS = re.compile(r"(?!anon)[^_]+_(?:LATE_)?(?P<student>\d+)_\d{3,}_.+")  # not hw_3_2_final.json
_BLACKBOARD = re.compile(
    r"(?P<prefix>.+?)_attempt_(?P<day>\d{4}(?:-\d\d){2})-(?P<clock>\d\d-\d\d-\d\d)(?P<rest>_.*|\.txt)"
)


LIST = "submission_metadata.yml"
"""Gradescope's list of who handed in what."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Student, name and time as a file's name or a list states them, each empty where it doesn't."""

    student: str = ""
    name: str = ""
    at: str = ""


def hint(path: PurePath) -> Hint:
    """What the name of a file or of its folder says.

    Canvas' number is the one that its gradebook has under `ID`. A Blackboard assignment with an underscore in its name
    hides where the user name begins; then all in front of `_attempt_` is the name, which ends in an id of the roster.

    >>> hint(PurePath("Ada Lovelace_12345_assignsubmission_file_/answers.json")).name
    'Ada Lovelace'
    >>> hint(PurePath("lovelaceada_LATE_1234_5678_answers-1.json")).student
    '1234'
    >>> hint(PurePath("HW1_ada_attempt_2026-11-20-10-11-12_answers.json"))
    Hint(student='ada', name='', at='2026-11-20T10:11:12')
    """
    for text in (path.name, path.parent.name):
        if found := _MOODLE.fullmatch(text):
            return Hint(name=found["name"])
    if found := _BLACKBOARD.fullmatch(path.name):
        at, _ = read_time(f"{found['day']}T{found['clock'].replace('-', ':')}")
        _, mark, student = found["prefix"].partition("_")
        return Hint(student, at=at) if mark and "_" not in student else Hint(name=found["prefix"], at=at)
    if found := _CANVAS.fullmatch(path.name):
        return Hint(student=found["student"])
    return Hint()


def passed_over(path: PurePath) -> bool:
    """Whether a system put this beside the students' files: hidden files and the like.

    >>> passed_over(PurePath("__MACOSX/._answers.json")), passed_over(PurePath("answers.json"))
    (True, False)
    >>> passed_over(PurePath("HW1_ada_attempt_2026-11-20-10-11-12.txt"))
    True
    """
    if any(part == "__MACOSX" or (part[:1] == "." and part not in (".", "..")) for part in path.parts):
        return True
    found = _BLACKBOARD.fullmatch(path.name)
    note = found is not None and found["rest"] == ".txt"
    return note or path.name in ("Thumbs.db", "desktop.ini", LIST)
