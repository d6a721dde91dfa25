"""The tables of a ledger. What is written stays: rows are added, and never changed or taken away.

The only exception is a student who is to be forgotten; `forgetting()` is a function of the connection, so no other
program can get past the triggers by accident.
"""

from __future__ import annotations

VERSION = 1
APPLICATION = 0x636E6E78
"""How a file is known as ours: "cnnx"."""

_TABLES = """
CREATE TABLE keys (digest TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, version TEXT NOT NULL, command TEXT NOT NULL, policy TEXT NOT NULL,
    outputs TEXT NOT NULL, roster TEXT NOT NULL, keys TEXT NOT NULL);
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, source TEXT NOT NULL, digest TEXT NOT NULL,
    set_id TEXT NOT NULL, student TEXT NOT NULL, name TEXT NOT NULL, at TEXT NOT NULL, answers TEXT NOT NULL,
    blank INTEGER NOT NULL, UNIQUE (digest, student, set_id));
CREATE TABLE unusable (
    run INTEGER NOT NULL REFERENCES runs, source TEXT NOT NULL, digest TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE unmatched (
    run INTEGER NOT NULL REFERENCES runs, attempt INTEGER NOT NULL REFERENCES attempts, trouble TEXT NOT NULL,
    reason TEXT NOT NULL);
CREATE TABLE graded (
    run INTEGER NOT NULL REFERENCES runs, attempt INTEGER NOT NULL REFERENCES attempts, student TEXT NOT NULL,
    number INTEGER NOT NULL, late INTEGER NOT NULL, raw REAL NOT NULL, score REAL NOT NULL, waiting INTEGER NOT NULL,
    key TEXT NOT NULL REFERENCES keys, floor REAL NOT NULL, marks BLOB NOT NULL, UNIQUE (run, attempt));
CREATE INDEX graded_by_student ON graded (run, student, number);
CREATE TABLE overrides (
    id INTEGER PRIMARY KEY, attempt INTEGER NOT NULL REFERENCES attempts, student TEXT NOT NULL, part TEXT NOT NULL,
    points REAL NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE readings (
    id INTEGER PRIMARY KEY, set_id TEXT NOT NULL, part TEXT NOT NULL, typed TEXT NOT NULL, reading TEXT NOT NULL,
    verdict TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE pseudonyms (student TEXT PRIMARY KEY, pseudonym TEXT NOT NULL UNIQUE);
"""

_CHANGEABLE = ("runs", "attempts", "unusable", "unmatched", "graded", "overrides", "pseudonyms")
"""The tables in which forgetting a student changes what leads to him or her."""
_FIXED = ("keys", "readings")


def script() -> str:
    """The SQL that makes an empty ledger."""
    triggers = []
    for table in (*_CHANGEABLE, *_FIXED):
        for action in ("UPDATE", "DELETE"):
            unless = "WHEN NOT forgetting() " if table in _CHANGEABLE else ""
            triggers.append(
                f"CREATE TRIGGER {table}_{action.lower()} BEFORE {action} ON {table} {unless}"
                f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;"
            )
    pragmas = f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION};"
    return "\n".join(["BEGIN IMMEDIATE;", _TABLES, *triggers, pragmas, "COMMIT;"])
