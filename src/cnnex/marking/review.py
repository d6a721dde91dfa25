"""Answers that wait for a person: equal ones once, and how a person reads them for all runs to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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


def waiting(ledger: Ledger) -> list[Waiting]:
    """The answers that wait in the latest run and that nobody has read since, the most frequent of all sets first."""
    run = ledger.run()
    read = ledger.readings()
    found: dict[tuple[str, str, str], Waiting] = {}
    often: Counter[tuple[str, str]] = Counter()
    for _, graded in all_counting(ledger, run.id, policy_of(run)):
        for mark in graded.marks:
            if mark.verdict not in WAITING:
                continue
            place = graded.set, mark.id, typed_hash(mark.answer)
            if place in read:
                continue
            often[place[1:]] += 1
            if place in found:
                found[place] = found[place]._replace(students=found[place].students + 1)
                continue
            part = next(part for part in _key(ledger, graded.key).parts if part.id == mark.id)
            found[place] = Waiting(graded.set, part, mark.answer, mark.verdict, mark.message, 1)
    ordered = sorted(found, key=lambda place: (-often[place[1:]], place[1:], -found[place].students, place))
    return [found[place] for place in ordered]


def decide(ledger: Ledger, answer: Waiting, reading: Reading, others: Sequence[Waiting] = ()) -> list[Waiting]:
    """Keep how a person reads an answer; later runs use it. The answers that are read so now are given back.

    Args:
        ledger: of the class.
        answer: that was shown.
        reading: what the person said. How a text is read, but not whether it is right, holds in all sets.
        others: that wait, too.

    Raises:
        OutputError: another program is writing.
    """
    place = answer.part.id, typed_hash(answer.answer)
    read = [answer]
    if reading.text:
        same = [each for each in others if (each.part.id, typed_hash(each.answer)) == place]
        read += [each for each in same if each.judged(reading.text).verdict not in WAITING]
    with ledger.writing():
        for each in read:
            ledger.add_reading(each.set, *place, reading, now())
    return read


def _key(ledger: Ledger, digest: str) -> PreparedKey:
    return PreparedKey(key_from(ledger.key(digest), f"the key {digest}"), digest)
