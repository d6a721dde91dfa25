"""A grading run: all attempts of the ledger, matched, ordered and graded, as one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple

import msgspec

from cnnex import __version__
from cnnex.answers.reading import is_blank
from cnnex.errors import InputError
from cnnex.marking.credit import PreparedKey, Readings, Turn, grade_attempt
from cnnex.marking.matching import Matcher
from cnnex.marking.policy import Policy, share_hook
from cnnex.model.marks import KnownKey, Unmatched, Unusable
from cnnex.model.outcome import WAITING
from cnnex.model.records import Key
from cnnex.model.student import Student
from cnnex.store.intake import read_attempts
from cnnex.store.intake.document import Order
from cnnex.store.keys import KeyRing, common_parts
from cnnex.store.keys import folded as folded_set
from cnnex.store.ledger import Ledger
from cnnex.store.ledger_reader import GradedRow, Placed, Run, Standing, packed
from cnnex.store.records import key_from
from cnnex.workers import cores, spread

_CHUNK = 500
"""Attempts that a worker takes at once, at most; all of a key if they can, so that one process prepares it."""
_NOTED = 5
"""Sources whose notes are kept."""
_WORTH_IT = 20_000
"""Answers from which on starting more processes pays."""
Tick = Callable[[int], None]


@dataclass(slots=True)
class CameIn:
    """What was read.

    Attributes:
        run: the number of the run.
        came_in: how many sources.
        repeated: those that came in before.
        notes: what some left open, such as a time that can be read in two ways; of many the first ones.
        noted: how many did.
    """

    run: int
    came_in: int = 0
    repeated: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    noted: int = 0


def grade_into(
    ledger: Ledger,
    paths: Sequence[Path],
    *,
    keys: KeyRing | None = None,
    roster: Sequence[Student] = (),
    policy: Policy | None = None,
    command: str = "grade",
    outputs: str = "",
    never_lower: bool = False,
    workers: int = 0,
    tick: Tick = lambda done: None,
) -> CameIn:
    """Take in what is in the paths, and grade all that the ledger has; to be called within `ledger.writing()`.

    What isn't given (keys, roster, policy, outputs) is as in the run before.

    Args:
        ledger: of the class.
        paths: files and folders; none for grading again what is there.
        keys: of the class.
        roster: of the class.
        policy: the rules.
        command: what was asked for, in words.
        outputs: which files are asked for, as JSON.
        never_lower: no score is below that of the run before.
        workers: processes, 0 for as many as pay.
        tick: called with the number of attempts that were graded since.

    Raises:
        InputError: a key can't be used, or there is none at all.
    """
    before = ledger.run() if ledger.runs() else None
    run = Run(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        version=__version__,
        command=command,
        policy=dumped(policy) if policy is not None or before is None else before.policy,
        outputs=outputs or (before.outputs if before else "{}"),
        roster=tuple(roster) or (before.roster if before else ()),
        keys=_known(keys, before.keys if before else ()),
    )
    if not run.keys:
        raise InputError("there are no keys to grade with", hint="name them with --key")
    number = ledger.add_run(run)
    for entry in keys.entries.values() if keys else ():
        ledger.add_key(entry.digest, entry.read())
    parts = cache(lambda: common_parts(ledger.key(key.digest) for key in run.keys))
    found = _take_in(ledger, number, paths, parts)
    if before is not None:
        ledger.carry_over(before.id, number)
    _place(ledger, number, run)
    attempts = ledger.placed(before.id if before else None, never_lower=never_lower)
    _grade(ledger, number, run, _chunks(ledger, attempts), workers, tick)
    return found


def dumped(policy: Policy | None) -> str:
    """A policy as the ledger keeps it."""
    return msgspec.json.encode(policy or Policy(), enc_hook=str).decode()


def policy_of(run: Run) -> Policy:
    """The rules of a run."""
    return msgspec.json.decode(run.policy, type=Policy, dec_hook=share_hook)


def _known(ring: KeyRing | None, before: Sequence[KnownKey]) -> tuple[KnownKey, ...]:
    """The keys of a run: those that were given, and those of earlier runs for other sets."""
    known = {folded_set(key.set): key for key in before}
    for entry in ring.entries.values() if ring else ():
        owner = (ring.owner(entry.set) if ring else None) or ""
        former = known.get(folded_set(entry.set))
        known[folded_set(entry.set)] = KnownKey(entry.set, entry.digest, owner or (former.owner if former else ""))
    return tuple(known.values())


def _take_in(ledger: Ledger, run: int, paths: Sequence[Path], parts: Order) -> CameIn:
    found = CameIn(run)
    ledger.begin_run()
    for each in read_attempts(paths, parts) if paths else ():
        found.came_in += 1
        ledger.note(each.source, each.digest)
        if isinstance(each, Unusable):
            ledger.add_unusable(run, each)
            continue
        if each.note:
            found.noted += 1
            found.notes += [f"{each.source}: {each.note}"] if found.noted <= _NOTED else []
        if not ledger.add_attempt(run, each, blank=all(map(is_blank, each.answers.values()))):
            found.repeated.append(each.source)
    return found


def _place(ledger: Ledger, number: int, run: Run) -> None:
    """Say whose each attempt is; a later one from the same file stands in for one that nobody knew what to do with."""
    matcher, policy = Matcher(run.keys, run.roster), policy_of(run)
    replaced = ledger.replaced()
    for attempt_id, attempt, blank in ledger.attempts():
        match = matcher.match(attempt, blank=blank)
        if not isinstance(match, Unmatched):
            at = policy.moment(attempt.at)
            text = at.astimezone(UTC).isoformat() if at else ""
            ledger.place(attempt_id, match.student, text, match.key.digest)
        elif attempt_id not in replaced:
            ledger.add_unmatched(number, attempt_id, match)


class _Chunk(NamedTuple):
    """Attempts of a key, its digest, and the bytes of its file."""

    attempts: list[Placed]
    digest: str
    key: bytes


def _grade(ledger: Ledger, number: int, run: Run, chunks: Iterable[_Chunk], workers: int, tick: Tick) -> None:
    policy, readings = policy_of(run), ledger.readings()
    done: Iterable[list[GradedRow]]
    if (workers or _worthwhile(ledger, run)) == 1:
        done = map(_Grader(policy, readings, ledger.keep_at_hand).graded, chunks)
    else:
        done = spread(_graded, chunks, workers or cores(), _set_up, policy, readings)
    for rows in done:
        ledger.add_graded(number, rows)
        tick(len(rows))


def _worthwhile(ledger: Ledger, run: Run) -> int:
    """One process for a class, all cores for a crowd."""
    parts = len(PreparedKey(key_from(ledger.key(run.keys[0].digest), "key"), "").parts)
    return cores() if ledger.count_placed() * parts >= _WORTH_IT else 1


def _chunks(ledger: Ledger, attempts: Iterable[Placed]) -> Iterator[_Chunk]:
    for digest, own in groupby(attempts, lambda placed: placed.key):
        while some := list(islice(own, _CHUNK)):
            yield _Chunk(some, digest, ledger.key(digest))


class _Grader:
    """Grades in one process. The attempts of a key follow one another, so the latest key is ready."""

    def __init__(self, policy: Policy, readings: Readings, keep: Callable[[str, Key], None]) -> None:
        self.policy, self.readings, self._keep = policy, readings, keep
        self._prepared: PreparedKey | None = None

    def graded(self, chunk: _Chunk) -> list[GradedRow]:
        """The attempts of a chunk."""
        if self._prepared is None or self._prepared.digest != chunk.digest:
            key = key_from(chunk.key, f"the key {chunk.digest}")
            self._prepared = PreparedKey(key, chunk.digest)
            self._keep(chunk.digest, key)
        return [self._row(placed, self._prepared) for placed in chunk.attempts]

    def _row(self, placed: Placed, key: PreparedKey) -> GradedRow:
        turn = Turn(placed.student, placed.number, placed.floor)
        found = grade_attempt(placed.attempt, key, self.policy, turn, self.readings)
        waiting = sum([mark.verdict in WAITING for mark in found.marks])
        standing = Standing(placed.id, found.student, found.number, found.late, found.raw, found.score, waiting)
        return GradedRow(standing, found.key, found.floor, packed(found))


_own: list[_Grader] = []
"""The grader of a worker process."""


def _set_up(policy: Policy, readings: Readings) -> None:
    _own[:] = [_Grader(policy, readings, lambda digest, key: None)]


def _graded(chunk: _Chunk) -> list[GradedRow]:
    return _own[0].graded(chunk)
