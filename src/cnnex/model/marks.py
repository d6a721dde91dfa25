"""Marks: what a class handed in, and what became of it. All of it is kept in the records of a course."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from cnnex.model.outcome import WAITING, Verdict
from cnnex.model.records import Answer, Credit, Diagnosis, Number, PartId


class Attempt(Struct, frozen=True, kw_only=True):
    """One submission as it came in.

    Attributes:
        source: the file, and within it the member of a zip (`hw.zip:ada/answers.json`) or the line (`form.csv:17`).
        digest: a hash of the raw bytes of the file, member or row, so that the same one counts once.
        set: the set ID as given, empty where the source has none.
        student: the id or e-mail as given, empty where the source has none.
        name: the student's name as given.
        at: when it was handed in, ISO 8601, empty where the source doesn't say. It has an offset where the source gives
            one; else it is local time where the answers were collected.
        note: a sentence on what the source left open, such as a time that can be read in two ways.
        answers: by part id, as typed.
    """

    source: str
    digest: str
    set: str = ""
    student: str = ""
    name: str = ""
    at: str = ""
    note: str = ""
    answers: dict[str, Answer] = {}


class Unusable(Struct, frozen=True, kw_only=True):
    """A file, member or row that is no submission, and the sentence that says why."""

    source: str
    digest: str
    reason: str


class Mark(Struct, frozen=True, kw_only=True):
    """What one answer is worth.

    Attributes:
        id: the part's.
        points: for the right answer.
        verdict: what the answer turned out to be.
        answer: as typed.
        read_as: as understood, in plain text.
        message: at the level `hint`, which gives nothing of the key away.
        witness: a point at which answer and key differ.
        diagnosis: the mistakes that explain the answer.
        credit: the share of the points before the policy, by the verdict alone.
        earned: points after mistake credit, follow-through and overrides, before penalties on the whole submission.
        followed: the earlier parts from whose answers this one follows, where follow-through gave credit.
        why: sentences for each rule that changed the credit, in the order in which they were applied.
    """

    id: PartId
    points: int
    verdict: Verdict
    answer: Answer
    read_as: str
    message: str
    witness: str
    diagnosis: tuple[Diagnosis, ...]
    credit: Credit
    earned: Number
    followed: tuple[PartId, ...] = ()
    why: tuple[str, ...] = ()


class Graded(Struct, frozen=True, kw_only=True):
    """A graded attempt of a known student.

    Attributes:
        student: the id as the roster has it, or as typed where there is no roster.
        set: of the key.
        key: a hash of the key's file.
        version: of cnnex.
        source, digest, at: of the attempt.
        number: which attempt of this student, from 1 in the order of time.
        late: full or begun days after the student's own deadline, 0 where in time or unknown.
        raw: the sum of the parts' `earned`.
        score: after penalties for lateness and attempts.
        points: that could be earned.
        floor: a score that an earlier regrade was told never to lower, 0 where none was.
        marks: of all parts of the key, in its order.
        unknown: ids in the answers that the key doesn't have.
        why: sentences for each penalty.
    """

    student: str
    set: str
    key: str
    version: str
    source: str
    digest: str
    at: str
    number: int
    late: int
    raw: Number
    score: Number
    points: int
    floor: Number = 0
    marks: tuple[Mark, ...]
    unknown: tuple[str, ...] = ()
    why: tuple[str, ...] = ()


class Line(Struct, frozen=True, kw_only=True):
    """What a gradebook says of a graded attempt; fields as in `Graded`.

    Attributes:
        waiting: answers that a person should look at.
        earned: points by part.
    """

    student: str
    set: str
    key: str
    at: str
    number: int
    late: int
    raw: Number
    score: Number
    points: int
    waiting: int
    earned: dict[PartId, Number]

    @staticmethod
    def of(graded: Graded) -> Line:
        """The line of an attempt."""
        return Line(
            student=graded.student,
            set=graded.set,
            key=graded.key,
            at=graded.at,
            number=graded.number,
            late=graded.late,
            raw=graded.raw,
            score=graded.score,
            points=graded.points,
            waiting=sum([mark.verdict in WAITING for mark in graded.marks]),
            earned={mark.id: mark.earned for mark in graded.marks},
        )


Trouble = Literal[
    "unusable",  # can't be read as a submission
    "unknown-set",  # no key has this set ID
    "unknown-student",  # the roster has no such id or e-mail
    "another-students-set",  # the set belongs to somebody else
    "no-student",  # nothing says whose it is
    "two-students",  # it says one, and came in under another's name
    "blank",  # no answer is filled in, so it doesn't count as an attempt
]


class Unmatched(Struct, frozen=True, kw_only=True):
    """Something that came in and was not graded: reported by name and counted, never dropped."""

    source: str
    trouble: Trouble
    reason: str
    set: str = ""
    student: str = ""


class KnownKey(Struct, frozen=True):
    """A key as a run knew it: the set ID as printed, the hash of its file, and whose set it is, if anybody's alone."""

    set: str
    digest: str
    owner: str = ""


class Override(Struct, frozen=True, kw_only=True):
    """Points that a person gave for a part of an attempt, and why."""

    student: str
    part: PartId
    points: Number
    reason: str
    at: str


class Reading(Struct, frozen=True, kw_only=True):
    """What a person said of an answer that couldn't be judged: how to read it, else whether it is right."""

    text: str = ""
    verdict: Verdict = Verdict.INCORRECT


class PartChange(Struct, frozen=True, kw_only=True):
    """Points of a part before and after a regrade, and why they differ."""

    id: PartId
    before: Number
    after: Number
    why: str


class Change(Struct, frozen=True, kw_only=True):
    """A student's score before and after a regrade; None where there was or is none."""

    student: str
    before: Number | None
    after: Number | None
    parts: tuple[PartChange, ...]
    why: tuple[str, ...]


class Summary(Struct, frozen=True, kw_only=True):
    """What a grading run did, for the terminal and `--format json`.

    Attributes:
        came_in: files, members and rows that were looked at.
        graded: attempts that were graded.
        students: who have a mark.
        without: ids of the roster's students who have none.
        repeated: sources whose bytes came in before.
        unmatched: what was not graded.
        waiting: unreadable and undecided answers that a person should look at.
    """

    schema: Literal["cnnex.summary/1"]
    came_in: int
    graded: int
    students: int
    without: tuple[str, ...]
    repeated: tuple[str, ...]
    unmatched: tuple[Unmatched, ...]
    waiting: int
