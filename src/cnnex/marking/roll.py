"""The roll of a class: of each student the attempt that counts, in a line, and the statistics of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import structs

from cnnex.marking.credit import settled
from cnnex.marking.policy import Policy
from cnnex.marking.run import policy_of
from cnnex.marking.sets import Problem, problems_of
from cnnex.marking.standing import chosen
from cnnex.marking.statistics import Tally
from cnnex.model.marks import Graded, Line, Override
from cnnex.store.ledger import Ledger
from cnnex.store.ledger_reader import Run
from cnnex.workers import cores, spread

_TOGETHER = 250
"""Attempts that are tallied at once: as many for any number of processes, so that the statistics are the same."""
_WORTH_IT = 2000
"""Students from whom on starting more processes pays."""
_KEYS_KNOWN = 1000
_Job = list[tuple[int, tuple[Override, ...]]]
"""Numbers of attempts, and what people decided about them."""


class _Some(NamedTuple):
    """What some attempts come to: a line each, how many answers wait, the first one's key, and the statistics."""

    lines: list[tuple[str, str]]
    waiting: int
    key: str
    tally: Tally


class Roll:
    """Reads the whole of a run once; the lines wait in the ledger's temporary tables, and not in memory.

    Args:
        ledger: of the class.
        run: the run.
        names: ids to show in place of students' own; empty for these.
        workers: processes, 0 for as many as pay.

    Attributes:
        students: how many have a mark.
        waiting: answers of theirs that a person should look at.
        title: of the set.
        statistics: of the class.
    """

    def __init__(self, ledger: Ledger, run: Run, names: Mapping[str, str], workers: int = 0) -> None:
        self._ledger = ledger
        self.students = self.waiting = 0
        self.title = ""
        tally = Tally()
        ledger.begin_roll()
        for some in _counted(ledger, run, names, workers):
            tally.take(some.tally)
            self.students += len(some.lines)
            self.waiting += some.waiting
            self.title = self.title or ledger.decoded_key(some.key).title
            ledger.add_lines(some.lines)
        self.statistics = tally.statistics()

    def lines(self) -> Iterator[Line]:
        """Of all students who have a mark, by id."""
        return self._ledger.lines()

    def line(self, student: str) -> Line | None:
        """Of a student; None where nothing came in."""
        return self._ledger.line(student)


def _counted(ledger: Ledger, run: Run, names: Mapping[str, str], workers: int) -> Iterable[_Some]:
    overrides = ledger.overrides()
    standings = chosen(ledger, run.id, policy_of(run), overrides)
    jobs = _jobs((each.attempt, tuple(overrides.get(each.attempt, ()))) for each in standings)
    if (workers or (cores() if ledger.count_graded(run.id) >= _WORTH_IT else 1)) == 1:
        return map(_Counter(ledger, run, names).counted, jobs)
    return spread(_count, jobs, workers or cores(), _set_up, ledger.path, run.id, names)


def _jobs(attempts: Iterator[tuple[int, tuple[Override, ...]]]) -> Iterator[_Job]:
    while some := list(islice(attempts, _TOGETHER)):
        yield some


class _Counter:
    """Counts in one process."""

    def __init__(self, ledger: Ledger, run: Run, names: Mapping[str, str]) -> None:
        self._ledger, self._run, self._names = ledger, run.id, names
        self._policy: Policy = policy_of(run)
        self._problems = lru_cache(_KEYS_KNOWN)(self._problems_of)

    def counted(self, job: _Job) -> _Some:
        """What some attempts come to."""
        lines, tally = [], Tally()
        for attempt, decided in job:
            graded = self._graded(attempt, decided)
            lines.append(Line.of(graded))
            tally.add(graded, self._problems(graded.key))
        texts = [(line.student, msgspec.json.encode(line).decode()) for line in lines]
        return _Some(texts, sum([line.waiting for line in lines]), lines[0].key, tally)

    def _graded(self, attempt: int, decided: tuple[Override, ...]) -> Graded:
        graded = self._ledger.graded(self._run, attempt)
        graded = settled(graded, self._policy, decided) if decided else graded
        return structs.replace(graded, student=self._names[graded.student]) if self._names else graded

    def _problems_of(self, digest: str) -> tuple[Problem, ...]:
        return problems_of(self._ledger.decoded_key(digest))


_own: list[_Counter] = []
"""The counter of a worker process."""


def _set_up(path: Path, run: int, names: Mapping[str, str]) -> None:
    ledger = Ledger(path)
    _own[:] = [_Counter(ledger, ledger.run(run), names)]


def _count(job: _Job) -> _Some:
    return _own[0].counted(job)
