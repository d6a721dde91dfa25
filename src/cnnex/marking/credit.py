"""What the answers of an attempt are worth: the grader's verdicts, credit for mistakes, follow-through, penalties.

All of it is a pure function of the attempt as typed, the key, the policy, and what people said of single answers.
Shares are exact; points are rounded to hundredths once for each part, so that the parts' points add up to the whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from hashlib import blake2b
from typing import NamedTuple

from msgspec import UNSET, structs

from cnnex import __version__
from cnnex.answers.feedback import feedback
from cnnex.answers.judgement import Judgement
from cnnex.answers.question import Question
from cnnex.grader import SCORING, echo, explained, follow_through, hundredths, judged, parts_of, question_of
from cnnex.marking.policy import Policy
from cnnex.model.marks import Attempt, Graded, Mark, Override, Reading
from cnnex.model.outcome import WAITING, Verdict
from cnnex.model.records import Answer, Key, KeyPart, Number, PartId
from cnnex.model.share import share

Readings = Mapping[tuple[str, PartId, str], Reading]
"""What people said of answers: by set, part, and `typed_hash` of the answer."""
_NOTHING, _ALL = Fraction(0), Fraction(1)
_SHORT, _JUDGED = 100, 10_000
"""The length of texts whose judgement is kept, and how many of a key are."""


class PreparedKey:
    """A key whose questions are made when they are first asked; one serves any number of attempts.

    Attributes:
        set: its set ID.
        digest: the hash of its file.
        parts: all parts, in order.
    """

    def __init__(self, key: Key, digest: str) -> None:
        self.set, self.digest = key.set, digest
        self.parts = parts_of(key)
        self.known = frozenset(part.id for part in self.parts)
        self.points = sum(part.points for part in self.parts)
        self._families = {part.id: item.family for item in key.items for part in item.parts}
        self._questions: dict[PartId, Question] = {}
        self._judged: dict[tuple[PartId, str], Judgement] = {}

    def judge(self, part: KeyPart, answer: Answer) -> Judgement:
        """Judge the answer to a part; of short texts, which many students type alike, each once.

        Raises:
            InputError: a value of the part can't be read.
        """
        if not isinstance(answer, str) or len(answer) > _SHORT:
            return judged(part, self._question(part), answer)
        found = self._judged.get((part.id, answer))
        if found is None:
            found = judged(part, self._question(part), answer)
            if len(self._judged) < _JUDGED:
                self._judged[part.id, answer] = found
        return found

    def _question(self, part: KeyPart) -> Question:
        question = self._questions.get(part.id)
        if question is None:
            question = self._questions[part.id] = question_of(part)
        return question

    def family(self, part: KeyPart) -> str:
        """The family of the part's problem."""
        return self._families[part.id]


class Turn(NamedTuple):
    """Whose attempt it is, and which: counted from 1 in the order of time; its score isn't to be below `floor`."""

    student: str
    number: int
    floor: Number = 0


def grade_attempt(attempt: Attempt, key: PreparedKey, policy: Policy, turn: Turn, readings: Readings) -> Graded:
    """What an attempt is worth, before overrides.

    Raises:
        InputError: a value of the key can't be read.
    """
    judgements: dict[PartId, Judgement] = {}
    marks = []
    for part in key.parts:
        answer = meant = echo(attempt.answers.get(part.id, ""))
        reading = readings.get((key.set, part.id, typed_hash(answer))) if readings else None
        if reading is not None and reading.text:
            meant = reading.text
        judgements[part.id], said = _judged(key, part, meant, reading)
        mark = _mark(key, part, meant, judgements, said, policy)
        marks.append(mark if reading is None else structs.replace(mark, answer=answer))
    late = policy.days_late(turn.student, policy.moment(attempt.at))
    graded = Graded(
        student=turn.student,
        set=key.set,
        key=key.digest,
        version=__version__,
        source=attempt.source,
        digest=attempt.digest,
        at=attempt.at,
        number=turn.number,
        late=late,
        raw=0,
        score=0,
        points=key.points,
        floor=turn.floor,
        marks=tuple(marks),
        unknown=tuple(name for name in attempt.answers if name not in key.known),
    )
    return settled(graded, policy)


def settled(graded: Graded, policy: Policy, overrides: Sequence[Override] = ()) -> Graded:
    """The attempt with what people decided about single parts, and with its sum and penalties.

    A floor is one for what the program found; what people decide comes on top of it.
    """
    marks = graded.marks
    if overrides:
        decided = {each.part: each for each in overrides}  # the last one holds
        marks = tuple([_overridden(mark, decided[mark.id]) if mark.id in decided else mark for mark in marks])
    before = _sum(graded.marks)
    raw = _sum(marks) if overrides else before
    found = policy.score(before, late=graded.late, number=graded.number)
    floor = Fraction(str(graded.floor)) if found < Fraction(str(graded.floor)) else _NOTHING
    score = policy.score(raw, late=graded.late, number=graded.number) + max(floor - found, _NOTHING)
    why = _penalties(graded, policy)
    if floor:
        why.append(f"A regrade was told never to lower the score of {graded.floor}.")
    return structs.replace(
        graded, marks=marks, raw=hundredths(raw), score=hundredths(score), floor=hundredths(floor), why=tuple(why)
    )


def typed_hash(answer: Answer) -> str:
    """What equal answers have in common; it leads nobody back to a text that can't be guessed."""
    content = repr(answer.strip() if isinstance(answer, str) else answer)
    return blake2b(content.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _sum(marks: Sequence[Mark]) -> Fraction:
    return Fraction(sum([round(mark.earned * 100) for mark in marks]), 100)  # they are whole hundredths


def _judged(key: PreparedKey, part: KeyPart, meant: Answer, reading: Reading | None) -> tuple[Judgement, str]:
    """The judgement of an answer, or of how a person reads it, and a sentence on that."""
    if reading is None:
        return key.judge(part, meant), ""
    if reading.text:
        return key.judge(part, meant), f"A person read this as {reading.text}."
    right = reading.verdict is Verdict.CORRECT
    said = "A person looked at this: it is right." if right else "A person looked at this: it is wrong."
    return Judgement(reading.verdict, _ALL if right else _NOTHING, str(meant)), said


def _mark(
    key: PreparedKey, part: KeyPart, answer: Answer, judgements: Mapping[PartId, Judgement], said: str, policy: Policy
) -> Mark:
    judgement = judgements[part.id]
    own = earning = judgement.credit if judgement.verdict in SCORING else _NOTHING
    why = [said] if said else []
    followed: tuple[PartId, ...] = ()
    if judgement.verdict in (Verdict.INCORRECT, Verdict.PARTIAL):
        still = _mistake_credit(key.family(part), part, judgement.diagnosis, policy)
        if still > earning:
            earning = still
            why.append(f"This mistake ({' or '.join(judgement.diagnosis)}) still earns {still} of the points.")
        if part.follows is not UNSET and (found := follow_through(part, answer, judgements)):
            kept = found.judgement.credit * policy.follow_through.credit
            if kept > earning:
                earning, followed = kept, found.parts
                why.append(f"This follows from your answer to {' and '.join(followed)}: {earning} of the points.")
    return Mark(
        id=part.id,
        points=part.points,
        verdict=judgement.verdict,
        answer=answer,
        read_as=judgement.read_as,
        message=feedback(judgement),
        witness=judgement.witness,
        diagnosis=explained(judgement, part),
        credit=str(own),
        earned=hundredths(part.points * earning),
        followed=followed,
        why=tuple(why),
    )


def _mistake_credit(family: str, part: KeyPart, diagnosis: Sequence[str], policy: Policy) -> Fraction:
    """What the mistakes that may explain an answer still earn: the smallest share of theirs.

    A slip that the key doesn't predict, such as a reversed order, is another word for what was seen and no mistake
    beside a predicted one; it counts where the policy names it.
    """
    given = {} if part.credit is UNSET else part.credit
    of_the_key = {mistake.id for mistake in part.mistakes} | given.keys()
    shares = []
    for name in diagnosis:
        ruled = policy.mistake_credit(family, name)
        if ruled is not None or name in of_the_key:
            shares.append(share(given.get(name, "0")) if ruled is None else ruled)
    return min(shares, default=_NOTHING)


def _overridden(mark: Mark, override: Override) -> Mark:
    said = f"Set from {mark.earned} to {override.points} on {override.at[:10]}: {override.reason}"
    verdict = mark.verdict
    if verdict in WAITING:  # it waits no longer
        verdict = Verdict.CORRECT if override.points == mark.points else Verdict.PARTIAL
        verdict = verdict if override.points else Verdict.INCORRECT
    return structs.replace(mark, earned=override.points, verdict=verdict, why=(*mark.why, said))


def _penalties(graded: Graded, policy: Policy) -> list[str]:
    """A sentence for each penalty."""
    said = []
    if not policy.moment(graded.at) and policy.due(graded.student):
        said.append("When this came in is unknown, so it counts as in time.")
    if graded.late:
        days = "1 day" if graded.late == 1 else f"{graded.late} days"
        said.append(f"{days} late: {policy.late_share(graded.late)} of the points is taken away.")
    if taken := policy.attempt_share(graded.number):
        said.append(f"Attempt {graded.number}: {taken} of the points is taken away.")
    return said


def points_of(text: str, most: int) -> Number:
    """Points as somebody types them.

    >>> points_of("2.5", 3), points_of("3/4", 1)
    (2.5, 0.75)

    Raises:
        ValueError: they aren't from 0 to `most`.
    """
    try:
        points = Fraction(text.strip()) if len(text) <= 20 and "e" not in text.casefold() else None
    except (ValueError, ZeroDivisionError):
        points = None
    if points is None or not 0 <= points <= most:
        raise ValueError(f"{text[:40]!r} is no number of points from 0 to {most}")
    return hundredths(points)
