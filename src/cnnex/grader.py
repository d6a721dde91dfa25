"""Key and submission -> report. No topic, no template and no seed takes part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from msgspec import UNSET

from cnnex.answers.feedback import feedback
from cnnex.answers.follow import entry_of, recomputed
from cnnex.answers.judgement import Candidate, Json, Judgement
from cnnex.answers.question import Question
from cnnex.errors import InputError
from cnnex.model.asks import counts
from cnnex.model.outcome import Verdict
from cnnex.model.records import Answer, Diagnosis, Key, KeyPart, Number, PartId, PartReport, Report, Submission
from cnnex.notation.formula import Term


def grade_submission(key: Key, submission: Submission, level: str = "hint") -> Report:
    """Grade a submission: each part of the key gets a verdict, unknown part ids are listed.

    Args:
        key: of the same set.
        submission: what the student typed.
        level: how much the messages tell, see `cnnex.answers.feedback`.

    Raises:
        InputError: the key is of another set, or a value in it can't be read.
    """
    if key.set != submission.set:
        raise InputError(
            f"the answers belong to set {submission.set}, but the key is of set {key.set}",
            hint="name the right key with --key",
        )
    parts = parts_of(key)
    known = {part.id for part in parts}
    reports = tuple(grade_part(part, submission.answers.get(part.id, ""), level) for part in parts)
    return Report(
        schema="cnnex.report/1",
        set=key.set,
        student=submission.student,
        score=hundredths(sum((Fraction(str(report.earned)) for report in reports), Fraction(0))),
        points=sum(part.points for part in parts),
        parts=reports,
        unknown=tuple(name for name in submission.answers if name not in known),
    )


def grade_part(part: KeyPart, answer: Answer, level: str = "hint") -> PartReport:
    """Grade one answer."""
    judgement = judged(part, question_of(part), answer)
    return PartReport(
        id=part.id,
        verdict=judgement.verdict,
        points=part.points,
        earned=hundredths(part.points * judgement.credit) if judgement.verdict in SCORING else 0,
        answer=echo(answer),
        read_as=judgement.read_as,
        message=feedback(judgement, level),
        diagnosis=explained(judgement, part),
    )


def parts_of(key: Key) -> list[KeyPart]:
    """All parts of a key, in its order."""
    return [part for item in key.items for part in item.parts]


def question_of(part: KeyPart) -> Question:
    """The key of a part, prepared for judging answers.

    Raises:
        InputError: a value can't be read.
    """
    try:
        return _question(part, part.value, [Candidate(mistake.id, mistake.value) for mistake in part.mistakes])
    except InputError as error:
        raise InputError(f"part {part.id}: {error}") from None


def judged(part: KeyPart, question: Question, answer: Answer) -> Judgement:
    """The judgement of an answer by the part's question.

    Raises:
        InputError: a predicted mistake can't be read.
    """
    try:
        return question.judge(answer)
    except InputError as error:
        raise InputError(f"part {part.id}: {error}") from None


def _question(part: KeyPart, value: Json, mistakes: Sequence[Candidate] = ()) -> Question:
    return Question(
        part.kind,
        value,
        symbols=part.symbols,
        domain=part.domain,
        choices=None if part.choices is UNSET else part.choices,
        mistakes=mistakes,
        opts=None if part.opts is UNSET else part.opts,
    )


class Followed(NamedTuple):
    """An answer judged against the key as it follows from the student's own earlier answers.

    Attributes:
        parts: the earlier parts whose wrong answers were taken.
        judgement: with the recomputed key.
    """

    parts: tuple[PartId, ...]
    judgement: Judgement


def follow_through(part: KeyPart, answer: Answer, judgements: Mapping[PartId, Judgement]) -> Followed | None:
    """What a wrong answer is when the key is recomputed from the student's own answers to earlier parts.

    None where the part doesn't build on others, the earlier answers are right or couldn't be read, the answer is wrong
    by the recomputed key, too, or that is none: it has no value, it is no size where one is asked, it is the key
    itself, or nothing but zeros.

    Args:
        part: of the key.
        answer: to this part.
        judgements: of this student's answers, by part.

    Raises:
        InputError: what `follows` in the key says can't be read.
    """
    if part.follows is UNSET or judgements[part.id].verdict not in (Verdict.INCORRECT, Verdict.PARTIAL):
        return None
    earlier: dict[str, Term] = {}
    wrong: dict[PartId, None] = {}
    for symbol, (used, *place) in part.follows.uses.items():
        judgement = judgements.get(str(used))
        if judgement is None or judgement.verdict not in _READ:
            return None
        entry = entry_of(judgement.term, [int(index) for index in place])
        if entry is None:
            return None
        earlier[symbol] = entry
        if judgement.verdict is not Verdict.CORRECT:
            wrong[str(used)] = None
    if not wrong:
        return None
    value = recomputed(part.follows.value, earlier, part.symbols, part.domain)
    if value is None or _degenerate(value, part):
        return None
    try:
        question = _question(part, value)
    except InputError:
        return None  # such as a fraction where a size is asked
    judgement = question.judge(answer)
    if judgement.verdict not in SCORING or question.judge(part.value).verdict is Verdict.CORRECT:
        return None
    return Followed(tuple(wrong), judgement)


def _degenerate(value: Json, part: KeyPart) -> bool:
    """Whether a recomputed key isn't worth asking for: zeros, a formula without names, or sizes below 1."""
    entries, right = _entries(value), _entries(part.value)
    if counts(part.asks) and not part.symbols and any(not isinstance(entry, int) or entry < 1 for entry in entries):
        return True
    if all(entry == 0 for entry in entries) and any(entry != 0 for entry in right):
        return True
    named = part.symbols and any(map(_has_letters, right))
    return bool(named) and not any(map(_has_letters, entries))


def _entries(value: Json) -> list[Any]:
    return [entry for row in value for entry in _entries(row)] if isinstance(value, list) else [value]


def _has_letters(entry: Any) -> bool:
    return isinstance(entry, str) and any(map(str.isalpha, entry))


def echo(answer: Answer, depth: int = 20) -> Answer:
    """The answer as given; lists in lists without end are cut, since nobody could read them."""
    if isinstance(answer, list | dict) and not depth:
        return "…"
    if isinstance(answer, list):
        return [echo(entry, depth - 1) for entry in answer]
    if isinstance(answer, dict):
        return {name: echo(entry, depth - 1) for name, entry in answer.items()}
    return answer


def explained(judgement: Judgement, part: KeyPart) -> tuple[Diagnosis, ...]:
    """The mistakes that explain an answer, in the words of the key where it predicted them."""
    predicted = {mistake.id: mistake for mistake in part.mistakes}
    return tuple(
        Diagnosis(name, mistake.hint, mistake.explanation) if (mistake := predicted.get(name)) else Diagnosis(name, "")
        for name in judgement.diagnosis
    )


SCORING = (Verdict.CORRECT, Verdict.PARTIAL)
"""The verdicts that have credit of their own."""
_READ = (*SCORING, Verdict.INCORRECT)


def hundredths(value: Fraction) -> Number:
    """A score in hundredths, whole where it is whole.

    >>> hundredths(Fraction(1, 3)), hundredths(Fraction(2))
    (0.33, 2)
    """
    rounded = value if value.denominator == 1 else round(value, 2)
    return rounded.numerator if rounded.denominator == 1 else float(rounded)
