"""Answers that wait for a person: equal ones once, and how a person reads them for all runs to come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cnnex.answers.judgement import Judgement
from cnnex.grader import question_of
from cnnex.marking.credit import PreparedKey, typed_hash
from cnnex.marking.run import policy_of
from cnnex.marking.standing import all_counting
from cnnex.marking.verbs import now
from cnnex.model.marks import Reading
from cnnex.model.outcome import WAITING, Verdict
from cnnex.model.records import Answer, KeyPart
from cnnex.store.ledger import Ledger
from cnnex.store.records import key_from


class Waiting(NamedTuple):
    """An answer that could not be judged.

    Attributes:
        set: of the key.
        part: with the right answer.
        answer: as typed.
        verdict: unreadable or undecided.
        message: why.
        students: how many typed the same.
    """

    set: str
    part: KeyPart
    answer: Answer
    verdict: Verdict
    message: str
    students: int

    @property
    def solution(self) -> str:
        """The right answer in plain text."""
        return question_of(self.part).solution

    def judged(self, reading: str) -> Judgement:
        """What the answer is if it is read so."""
        return question_of(self.part).judge(reading)


def waiting(ledger: Ledger) -> Iterator[Waiting]:
    """The answers that wait in the latest run and that nobody has read since: the most frequent first."""
    run = ledger.run()
    read = ledger.readings()
    found: dict[tuple[str, str, str], Waiting] = {}
    for _, graded in all_counting(ledger, run.id, policy_of(run)):
        for mark in graded.marks:
            if mark.verdict not in WAITING:
                continue
            place = graded.set, mark.id, typed_hash(mark.answer)
            if place in read:
                continue
            if place in found:
                found[place] = found[place]._replace(students=found[place].students + 1)
                continue
            part = next(part for part in _key(ledger, graded.key).parts if part.id == mark.id)
            found[place] = Waiting(graded.set, part, mark.answer, mark.verdict, mark.message, 1)
    yield from sorted(found.values(), key=lambda each: (-each.students, each.part.id, each.set, repr(each.answer)))


def decide(ledger: Ledger, answer: Waiting, reading: Reading) -> None:
    """Keep how a person reads an answer; later runs use it.

    Raises:
        OutputError: another program is writing.
    """
    with ledger.writing():
        ledger.add_reading(answer.set, answer.part.id, typed_hash(answer.answer), reading, now())


def _key(ledger: Ledger, digest: str) -> PreparedKey:
    return PreparedKey(key_from(ledger.key(digest), f"the key {digest}"), digest)
