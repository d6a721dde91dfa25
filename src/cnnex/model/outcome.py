"""What grading says: verdicts."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """What an answer turned out to be. Unreadable is not wrong, and undecided is not guessed."""

    CORRECT = "correct"
    PARTIAL = "partial"
    INCORRECT = "incorrect"
    UNREADABLE = "unreadable"
    BLANK = "blank"
    UNDECIDED = "undecided"


WAITING = (Verdict.UNREADABLE, Verdict.UNDECIDED)
"""Verdicts on answers that a person should look at."""
