"""The ledger of a course: one SQLite file that is only ever added to.

It holds submissions as typed, keys, grading runs with their marks, what people decided by hand, and how they read
answers that no program could. A run is one transaction: it is there as a whole, or not at all. One program writes at a
time; the next one waits a few seconds and then says so.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from cnnex.errors import InputError, OutputError
from cnnex.model.marks import Attempt, Line, Override, Reading, Unmatched, Unusable
from cnnex.store.ledger_reader import FORGOTTEN, GradedRow, Placed, Reader, Run, points_of
from cnnex.store.ledger_schema import APPLICATION, VERSION, script

NAME = "records.sqlite"
"""The ledger's file in the folder of a class."""
_DAMAGE = sqlite3.DatabaseError, zlib.error, msgspec.MsgspecError, json.JSONDecodeError, UnicodeDecodeError
"""What reading a damaged file leads to."""
_PATIENCE = 5.0
"""Seconds to wait for another program that writes."""


class Ledger(Reader):
    """An open ledger; use it in a `with` statement. Where nothing may be written, it can still be read.

    Args:
        path: of the file.
        create: make it where there is none, while nobody else does.

    Raises:
        InputError: there is none, or the file is something else.
        OutputError: it can't be written.
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self.path = path
        self._forgetting = False
        self._at_hand = {}
        self._writable = all(os.access(place, os.W_OK) for place in (path, path.parent) if place.exists())
        if not create and not path.is_file():
            raise InputError(f"there is no {path.name} in {path.parent}", hint="cnnex grade ... --output makes it")
        with self._errors():
            self._db = sqlite3.connect(self._place(), uri=True, timeout=_PATIENCE, isolation_level=None)
            self._db.create_function("forgetting", 0, lambda: self._forgetting)
            self._prepare(create)

    def _place(self) -> str:
        """The file as SQLite opens it. To read it writes, too, unless it is told that nobody else does."""
        place = self.path.absolute().as_uri()
        if self._writable:
            return place
        at_rest = not self.path.with_name(f"{self.path.name}-wal").exists()
        return f"{place}?{'immutable=1' if at_rest else 'mode=ro'}"

    def _prepare(self, create: bool) -> None:
        application, version, tables = self._db.execute(  # at one moment: another program may just be making the file
            "SELECT (SELECT application_id FROM pragma_application_id), "
            "(SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_master)"
        ).fetchone()
        new = create and not application and not tables
        if (application, version) != (APPLICATION, VERSION) and not new:
            if application == APPLICATION:
                raise InputError(f"{self.path}: another version of cnnex made this ledger (number {version})")
            raise InputError(f"{self.path}: this is no ledger of cnnex")
        if not self._writable:
            return
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            self._db.execute(f"PRAGMA {pragma}")
        if new:
            self._db.executescript(script())

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, _: object, error: BaseException | None, *__: object) -> None:
        self.close()
        if isinstance(error, _DAMAGE):
            with self._errors():
                raise error

    @contextmanager
    def writing(self, *, keep: bool = True) -> Iterator[None]:
        """All that is written within is kept together, or nothing is; with `keep` false nothing ever is.

        Raises:
            OutputError: another program is writing, or the disk is full.
        """
        with self._errors():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT" if keep else "ROLLBACK")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise OutputError(
                    f"{self.path}: another program is writing here", hint="try again in a moment"
                ) from None
            if not self._writable and "readonly" not in str(error):
                raise InputError(
                    f"{self.path}: what was added last can't be read where nothing may be written",
                    hint="copy the folder to where you may write",
                ) from None
            raise OutputError(f"can't write {self.path}: {error}") from None
        except _DAMAGE as error:
            if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
                raise
            raise InputError(f"{self.path}: this is no ledger of cnnex, or it is damaged: {error}") from None

    # ---- what is added ------------------------------------------------------------------------
    def add_run(self, run: Run) -> int:
        """Add a run; its number is given back."""
        row = (run.at, run.version, run.command, run.policy, run.outputs, _dumped(run.roster), _dumped(run.keys))
        added = self._db.execute(
            "INSERT INTO runs (at, version, command, policy, outputs, roster, keys) VALUES (?, ?, ?, ?, ?, ?, ?)", row
        )
        return int(added.lastrowid or 0)

    def add_key(self, digest: str, content: bytes) -> None:
        """Add the bytes of a key's file, where they aren't there yet."""
        self._db.execute("INSERT OR IGNORE INTO keys VALUES (?, ?)", (digest, zlib.compress(content, 1)))

    def add_attempt(self, run: int, attempt: Attempt, *, blank: bool = False) -> bool:
        """Add a submission, which may have no answer; False where the same one came in before."""
        answers = json.dumps(attempt.answers)
        row = [*map(_clean, (attempt.source, attempt.digest, attempt.set, attempt.student, attempt.name, attempt.at))]
        added = self._db.execute(
            "INSERT OR IGNORE INTO attempts (run, source, digest, set_id, student, name, at, answers, blank) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (run, *row, answers, blank),
        )
        return added.rowcount == 1

    def add_unusable(self, run: int, found: Unusable) -> None:
        """Add something that is no submission."""
        row = (run, _clean(found.source), found.digest, _clean(found.reason))
        self._db.execute("INSERT INTO unusable VALUES (?, ?, ?, ?)", row)

    def add_unmatched(self, run: int, attempt: int, found: Unmatched) -> None:
        """Add why a submission was not graded."""
        self._db.execute("INSERT INTO unmatched VALUES (?, ?, ?, ?)", (run, attempt, found.trouble, found.reason))

    def add_graded(self, run: int, rows: Iterable[GradedRow]) -> None:
        """Add graded attempts."""
        marks = ((run, *row.standing, row.key, row.floor, row.marks) for row in rows)
        self._db.executemany("INSERT INTO graded VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", marks)

    def carry_over(self, before: int, run: int) -> None:
        """Take over from a run what stays as it is: forgotten students, and what was no submission and isn't mended."""
        self._db.execute(
            "INSERT INTO graded SELECT ?, attempt, student, number, late, raw, score, waiting, key, floor, marks "
            "FROM graded WHERE run = ? AND student GLOB ?",
            (run, before, f"{FORGOTTEN}*"),
        )
        self._db.execute(
            "INSERT INTO unusable SELECT ?, source, digest, reason FROM unusable "
            "WHERE run = ? AND source NOT IN (SELECT source FROM temp.seen)",
            (run, before),
        )

    def add_override(self, attempt: int, override: Override) -> None:
        """Add what a person decided about a part of an attempt."""
        row = (attempt, override.student, override.part, override.points, _clean(override.reason), override.at)
        self._db.execute(
            "INSERT INTO overrides (attempt, student, part, points, reason, at) VALUES (?, ?, ?, ?, ?, ?)", row
        )

    def add_reading(self, set_id: str, part: str, typed: str, reading: Reading, at: str) -> None:
        """Add how a person reads an answer, for all equal answers to this part of this set."""
        self._db.execute(
            "INSERT INTO readings (set_id, part, typed, reading, verdict, at) VALUES (?, ?, ?, ?, ?, ?)",
            (set_id, part, typed, _clean(reading.text), reading.verdict, at),
        )

    # ---- who is who, within a run -----------------------------------------------------------------
    def begin_run(self) -> None:
        """Begin to note what came in and whose it is."""
        for table, columns in (
            ("seen", "source TEXT, digest TEXT, PRIMARY KEY (source, digest)"),
            ("placed", "attempt INTEGER PRIMARY KEY, student TEXT, at TEXT, key TEXT"),
        ):
            self._db.execute(f"DROP TABLE IF EXISTS temp.{table}")
            self._db.execute(f"CREATE TEMP TABLE {table} ({columns})")

    def note(self, source: str, digest: str) -> None:
        """Note that something came in."""
        self._db.execute("INSERT OR IGNORE INTO temp.seen VALUES (?, ?)", (_clean(source), digest))

    def replaced(self) -> set[int]:
        """The attempts whose files came in now with another content."""
        rows = self._db.execute(
            "SELECT id FROM attempts a WHERE source IN (SELECT source FROM temp.seen) "
            "AND NOT EXISTS (SELECT 1 FROM temp.seen s WHERE s.source = a.source AND s.digest = a.digest)"
        )
        return {number for (number,) in rows}

    def place(self, attempt: int, student: str, at: str, key: str) -> None:
        """Say whose an attempt is; `at` orders attempts as texts."""
        self._db.execute("INSERT INTO temp.placed VALUES (?, ?, ?, ?)", (attempt, student, at, key))

    def count_placed(self) -> int:
        """How many attempts have a student."""
        (count,) = self._db.execute("SELECT count(*) FROM temp.placed").fetchone()
        return int(count)

    def placed(self, before: int | None, *, never_lower: bool) -> Iterator[Placed]:
        """The attempts whose students are known, numbered for each student by time, then as they came in.

        Those of a key follow one another, so that each key is prepared once.

        Args:
            before: the run whose floors hold on.
            never_lower: whether all of its scores are floors.
        """
        rows = self._db.execute(
            "SELECT a.id, a.source, a.digest, set_id, a.student, name, a.at, answers, p.student, p.number, p.key, "
            "coalesce(iif(?, g.score, g.floor), 0) FROM (SELECT attempt, student, key, "
            "row_number() OVER (PARTITION BY student ORDER BY at, attempt) AS number FROM temp.placed) p "
            "JOIN attempts a ON a.id = p.attempt LEFT JOIN graded g ON g.run = ? AND g.attempt = a.id "
            "ORDER BY p.key, p.attempt",
            (never_lower, before),
        )
        for id_, *fields, answers, student, number, key, least in rows:
            yield Placed(id_, fields, answers, student, number, key, points_of(least))

    def add_pseudonym(self, student: str, pseudonym: str) -> None:
        """Give a student a pseudonym, which stays."""
        self._db.execute("INSERT INTO pseudonyms VALUES (?, ?)", (student, pseudonym))

    # ---- the roll of a class, for as long as the ledger is open ----------------------------------
    def begin_roll(self) -> None:
        """Begin a new roll."""
        self._db.execute("DROP TABLE IF EXISTS temp.roll")
        self._db.execute("CREATE TEMP TABLE roll (student TEXT PRIMARY KEY, line TEXT NOT NULL)")

    def add_lines(self, lines: Iterable[tuple[str, str]]) -> None:
        """Add students to the roll: ids, and lines as JSON."""
        self._db.executemany("INSERT INTO temp.roll VALUES (?, ?)", lines)

    def lines(self) -> Iterator[Line]:
        """The roll, by the students' ids."""
        for (line,) in self._db.execute("SELECT line FROM temp.roll ORDER BY student"):
            yield _LINE.decode(line)

    def line(self, student: str) -> Line | None:
        """A student's line in the roll."""
        found = self._db.execute("SELECT line FROM temp.roll WHERE student = ?", (student,)).fetchone()
        return _LINE.decode(found[0]) if found else None

    @contextmanager
    def forgetting(self) -> Iterator[sqlite3.Connection]:
        """A transaction that may change rows, for taking away what leads to a student; then the file is rewritten."""
        self._forgetting = True
        try:
            with self.writing():
                yield self._db
        finally:
            self._forgetting = False
        with self._errors():
            self._db.execute("VACUUM")  # nothing is left in free pages
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


_LINE = msgspec.json.Decoder(Line)


def _dumped(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _clean(text: str) -> str:
    """The text as a database takes it: half a surrogate pair as an escape."""
    return text.encode("utf-8", "backslashreplace").decode()
