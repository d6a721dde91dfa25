"""What a ledger has, as the program reads it."""

from __future__ import annotations

import json
import sqlite3
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from cnnex.errors import InputError
from cnnex.jsontext import parse_json
from cnnex.model.marks import Attempt, Graded, KnownKey, Override, Reading, Unmatched, Unusable
from cnnex.model.outcome import Verdict
from cnnex.model.records import Key, Number
from cnnex.model.student import Student
from cnnex.store.records import key_again

FORGOTTEN = "forgotten-"
"""How ids begin that stand for students who are forgotten."""
_LAST = chr(0x10FFFF)
"""Behind all ids."""
_AT_HAND = 500
"""Keys that stay decoded, some 50 MB."""


class Run(Struct, frozen=True, kw_only=True):
    """A grading run.

    Attributes:
        id: counted from 1, 0 before it is in the ledger.
        at: when it began, ISO 8601.
        version: of cnnex.
        command: what was asked for, in words.
        policy: the rules, as JSON.
        outputs: which files were asked for, as JSON.
        roster: of the class; empty if there was none.
        keys: that it knew.
    """

    id: int = 0
    at: str
    version: str
    command: str
    policy: str
    outputs: str
    roster: tuple[Student, ...]
    keys: tuple[KnownKey, ...]


class Standing(NamedTuple):
    """An attempt in a run, without its marks."""

    attempt: int
    student: str
    number: int
    late: int
    raw: float
    score: float
    waiting: int


class Placed(NamedTuple):
    """An attempt with its student, which of the student's it is, and the digest of its key.

    Attributes:
        fields: of the attempt, all but its answers.
        answers: as JSON, which the process that grades them reads.
    """

    id: int
    fields: list[str]
    answers: str
    student: str
    number: int
    key: str
    floor: Number

    @property
    def attempt(self) -> Attempt:
        """As it came in."""
        return attempt_of(self.fields, parse_json(self.answers))


class GradedRow(NamedTuple):
    """What a run adds for an attempt: its standing, the digest of the key, the floor of its score, the marks packed."""

    standing: Standing
    key: str
    floor: Number
    marks: bytes


class Reader(ABC):
    """The reading half of a ledger."""

    path: Path
    _db: sqlite3.Connection
    _at_hand: dict[str, Key]

    @abstractmethod
    def _errors(self) -> AbstractContextManager[None]:
        """Turns what SQLite says into our own refusals."""

    def run(self, number: int | None = None) -> Run:
        """A run, or the latest one.

        Raises:
            InputError: there is none.
        """
        with self._errors():
            found = self._db.execute(
                "SELECT * FROM runs WHERE id = coalesce(?, (SELECT max(id) FROM runs))", (number,)
            ).fetchone()
        if found is None:
            raise InputError(f"{self.path}: nothing was graded yet")
        id_, at, version, command, policy, outputs, roster, keys = found
        return Run(
            id=id_,
            at=at,
            version=version,
            command=command,
            policy=policy,
            outputs=outputs,
            roster=msgspec.json.decode(roster, type=tuple[Student, ...]),
            keys=msgspec.json.decode(keys, type=tuple[KnownKey, ...]),
        )

    def runs(self) -> list[int]:
        """The numbers of all runs, the first one first."""
        return [number for (number,) in self._db.execute("SELECT id FROM runs ORDER BY id")]

    def _one(self, query: str, *given: int | str) -> Sequence[Any]:
        """The row of a query, which is there unless the file is damaged."""
        row: Sequence[Any] | None = self._db.execute(query, given).fetchone()
        if row is None:
            raise sqlite3.DatabaseError("a row is missing")
        return row

    def key(self, digest: str) -> bytes:
        """The bytes of a key's file."""
        (content,) = self._one("SELECT content FROM keys WHERE digest = ?", digest)
        return zlib.decompress(content)

    def decoded_key(self, digest: str) -> Key:
        """A key that was read before; those of a class stay at hand, since decoding takes a millisecond."""
        found = self._at_hand.get(digest)
        if found is None:
            found = key_again(self.key(digest))
            self.keep_at_hand(digest, found)
        return found

    def keep_at_hand(self, digest: str, key: Key) -> None:
        """Keep a key that was just read."""
        if len(self._at_hand) >= _AT_HAND:
            self._at_hand.clear()
        self._at_hand[digest] = key

    def attempts(self) -> Iterator[tuple[int, Attempt, bool]]:
        """All submissions of students who aren't forgotten: number, all but the answers, and whether it has none."""
        rows = self._db.execute(
            "SELECT id, blank, source, digest, set_id, student, name, at FROM attempts "
            "WHERE NOT digest GLOB ? ORDER BY id",
            (f"{FORGOTTEN}*",),
        )
        for number, blank, *fields in rows:
            yield number, attempt_of(fields, {}), bool(blank)

    def standings(self, run: int, student: str | None = None) -> Iterator[Standing]:
        """The graded attempts of a run, of one student or of all, by student and in the order of time."""
        rows = self._db.execute(
            "SELECT attempt, student, number, late, raw, score, waiting FROM graded WHERE run = ? "
            "AND student BETWEEN coalesce(?, '') AND coalesce(?, ?) ORDER BY student, number",
            (run, student, student, _LAST),
        )
        for row in rows:
            yield Standing(*row)

    def count_graded(self, run: int) -> int:
        """How many attempts a run graded."""
        (count,) = self._one("SELECT count(*) FROM graded WHERE run = ?", run)
        return int(count)

    def graded(self, run: int, attempt: int) -> Graded:
        """What an attempt was worth in a run, before overrides."""
        (marks,) = self._one("SELECT marks FROM graded WHERE run = ? AND attempt = ?", run, attempt)
        return unpacked(marks)

    def graded_by(self, attempt: int) -> list[int]:
        """The runs that graded an attempt."""
        rows = self._db.execute("SELECT run FROM graded WHERE attempt = ? ORDER BY run", (attempt,))
        return [run for (run,) in rows]

    def attempt(self, number: int) -> Attempt:
        """A submission as it came in."""
        *fields, answers = self._one(
            "SELECT source, digest, set_id, student, name, at, answers FROM attempts WHERE id = ?", number
        )
        return attempt_of(fields, parse_json(answers))

    def unmatched(self, run: int) -> Iterator[Unmatched]:
        """What a run couldn't grade."""
        rows = self._db.execute(
            "SELECT source, trouble, reason, set_id, coalesce(nullif(student, ''), name) FROM unmatched u "
            "JOIN attempts a ON a.id = u.attempt WHERE u.run = ? ORDER BY u.attempt",
            (run,),
        )
        for source, trouble, reason, set_id, student in rows:
            yield Unmatched(source=source, trouble=trouble, reason=reason, set=set_id, student=student)
        for found in self.unusable(run):
            yield Unmatched(source=found.source, trouble="unusable", reason=found.reason)

    def unusable(self, run: int) -> Iterator[Unusable]:
        """What was no submission, as a run knew it."""
        rows = self._db.execute("SELECT source, digest, reason FROM unusable WHERE run = ? ORDER BY rowid", (run,))
        for source, digest, reason in rows:
            yield Unusable(source=source, digest=digest, reason=reason)

    def overrides(self, student: str | None = None) -> dict[int, list[Override]]:
        """What people decided, by attempt, the latest last; of one student, or of all."""
        found: dict[int, list[Override]] = {}
        rows = self._db.execute(
            "SELECT attempt, student, part, points, reason, at FROM overrides WHERE coalesce(student = ?, 1) "
            "ORDER BY id",
            (student,),
        )
        for attempt, owner, part, points, reason, at in rows:
            override = Override(student=owner, part=part, points=points_of(points), reason=reason, at=at)
            found.setdefault(attempt, []).append(override)
        return found

    def readings(self) -> dict[tuple[str, str, str], Reading]:
        """What people said of answers, by set, part and `typed_hash`; the latest holds."""
        rows = self._db.execute("SELECT set_id, part, typed, reading, verdict FROM readings ORDER BY id")
        return {
            (set_id, part, typed): Reading(text=text, verdict=Verdict(verdict))
            for set_id, part, typed, text, verdict in rows
        }

    def pseudonyms(self) -> dict[str, str]:
        """The pseudonyms that were given, by student."""
        return dict(self._db.execute("SELECT student, pseudonym FROM pseudonyms").fetchall())


def packed(graded: Graded) -> bytes:
    """A graded attempt as the ledger keeps it; half a surrogate pair becomes a question mark.

    >>> from cnnex.model.marks import Graded
    >>> graded = Graded(student="007", set="S", key="", version="", source="", digest="", at="", number=1, late=0,
    ...     raw=0, score=0, points=1, marks=())
    >>> unpacked(packed(graded)) == graded
    True
    """
    try:
        content = msgspec.json.encode(graded)
    except UnicodeEncodeError:
        content = json.dumps(msgspec.to_builtins(graded), ensure_ascii=False).encode("utf-8", "replace")
    return zlib.compress(content, 1)


def unpacked(content: bytes) -> Graded:
    """A graded attempt from the ledger."""
    return _GRADED.decode(zlib.decompress(content))


_GRADED = msgspec.json.Decoder(Graded)


def attempt_of(fields: list[Any], answers: Any) -> Attempt:
    """An attempt from its columns."""
    source, digest, set_id, student, name, at = fields
    return Attempt(source=source, digest=digest, set=set_id, student=student, name=name, at=at, answers=answers)


def points_of(number: float) -> Number:
    """Points as they are written: whole where they are whole."""
    return int(number) if number == int(number) else number
