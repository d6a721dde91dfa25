"""Forgetting a student: what leads to the person goes, the numbers stay under a name that says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from secrets import token_hex

import msgspec
from msgspec import structs

from cnnex.model.marks import Graded, KnownKey
from cnnex.model.student import Student
from cnnex.store.ledger import Ledger
from cnnex.store.ledger_reader import FORGOTTEN, packed, unpacked


def forget(ledger: Ledger, student: str, called: Sequence[str], attempts: Iterable[int] = ()) -> str:
    """Take a student's texts, files, names and ids out of the ledger; marks stay under the id that is given back.

    Args:
        ledger: of the class.
        student: the id, as the ledger has it.
        called: what else the student's files may call him or her: the e-mail, the name, other ids.
        attempts: the numbers of more attempts that may be the student's, though none of these is typed there.

    Raises:
        OutputError: another program is writing.
    """
    nobody = f"{FORGOTTEN}{token_hex(4)}"
    named = {each.casefold() for each in (student, *called) if each}
    with ledger.forgetting() as db:
        own = {*attempts}
        own |= {number for (number,) in db.execute("SELECT attempt FROM graded WHERE student = ?", (student,))}
        own |= {
            number
            for number, typed, name in db.execute("SELECT id, student, name FROM attempts")
            if {typed.strip().casefold(), name.strip().casefold()} & named
        }
        for number in own:
            digest = f"{nobody}-{number}"
            db.execute(
                "UPDATE attempts SET source = '', digest = ?, student = '', name = '', answers = '{}' WHERE id = ?",
                (digest, number),
            )
            db.execute("UPDATE unmatched SET reason = '' WHERE attempt = ?", (number,))
        for row, content in db.execute("SELECT rowid, marks FROM graded WHERE student = ?", (student,)).fetchall():
            blob = packed(_without_words(unpacked(content), nobody))
            db.execute("UPDATE graded SET student = ?, marks = ? WHERE rowid = ?", (nobody, blob, row))
        db.execute("UPDATE overrides SET student = ?, reason = '' WHERE student = ?", (nobody, student))
        db.execute("DELETE FROM pseudonyms WHERE student = ?", (student,))
        files = _words((student, Student(student).folder, *called))
        for row, source in db.execute("SELECT rowid, source FROM unusable").fetchall():
            if files.search(source):
                db.execute("UPDATE unusable SET source = '', reason = '' WHERE rowid = ?", (row,))
        for table in ("unusable", "unmatched"):
            for row, reason in db.execute(f"SELECT rowid, reason FROM {table}").fetchall():  # noqa: S608 (our own names)
                if (said := _unnamed(reason, (student, *called), nobody)) != reason:
                    db.execute(f"UPDATE {table} SET reason = ? WHERE rowid = ?", (said, row))  # noqa: S608
        for number, policy, roster, keys in db.execute("SELECT id, policy, roster, keys FROM runs").fetchall():
            row_of = (_policy(policy, student, nobody), _roster(roster, student, nobody), _keys(keys, student, nobody))
            db.execute("UPDATE runs SET policy = ?, roster = ?, keys = ? WHERE id = ?", (*row_of, number))
    return nobody


def _unnamed(text: str, names: Iterable[str], nobody: str) -> str:
    """A sentence without these names, where they stand as words.

    >>> _unnamed("the set 7AB belongs to 7, and 17 handed it in", ["7", ""], "x")
    'the set 7AB belongs to x, and 17 handed it in'
    """
    return _words(names).sub(nobody, text)


def _words(names: Iterable[str]) -> re.Pattern[str]:
    """These names where they stand as words, also between the low lines of a file's name."""
    words = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name)
    return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE)


def _without_words(graded: Graded, nobody: str) -> Graded:
    """The numbers of a graded attempt, without what was typed or would show it."""
    marks = tuple(structs.replace(mark, answer="", read_as="", message="", witness="", why=()) for mark in graded.marks)
    return structs.replace(graded, student=nobody, source="", digest="", marks=marks, unknown=())


def _policy(text: str, student: str, nobody: str) -> str:
    policy = msgspec.json.decode(text)
    extensions = policy.get("extensions", {})
    renamed = {nobody if name.casefold() == student.casefold() else name: due for name, due in extensions.items()}
    return msgspec.json.encode({**policy, "extensions": renamed}).decode()


def _roster(text: str, student: str, nobody: str) -> str:
    roster = msgspec.json.decode(text, type=tuple[Student, ...])
    return msgspec.json.encode([Student(nobody) if each.id == student else each for each in roster]).decode()


def _keys(text: str, student: str, nobody: str) -> str:
    keys = msgspec.json.decode(text, type=tuple[KnownKey, ...])
    return msgspec.json.encode(
        [structs.replace(key, owner=nobody) if key.owner.casefold() == student.casefold() else key for key in keys]
    ).decode()
