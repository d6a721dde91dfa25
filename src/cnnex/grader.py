"""Key and submission -> report. No topic, no template and no seed takes part."""

from __future__ import annotations

from fractions import Fraction

from msgspec import UNSET

from cnnex.answers.feedback import feedback
from cnnex.answers.question import Candidate, Question
from cnnex.errors import InputError
from cnnex.model.outcome import Verdict
from cnnex.model.records import (
    Answer,
    Diagnosis,
    Key,
    KeyPart,
    Number,
    PartReport,
    PredictedMistake,
    Report,
    Submission,
)


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
    parts = [part for item in key.items for part in item.parts]
    known = {part.id for part in parts}
    reports = tuple(grade_part(part, submission.answers.get(part.id, ""), level) for part in parts)
    return Report(
        schema="cnnex.report/1",
        set=key.set,
        student=submission.student,
        score=_number(sum((Fraction(str(report.earned)) for report in reports), Fraction(0))),
        points=sum(part.points for part in parts),
        parts=reports,
        unknown=tuple(name for name in submission.answers if name not in known),
    )


def grade_part(part: KeyPart, answer: Answer, level: str = "hint") -> PartReport:
    """Grade one answer."""
    try:
        question = question_of(part)
    except InputError as error:
        raise InputError(f"part {part.id}: {error}") from None
    judgement = question.judge(answer)
    predicted = {mistake.id: mistake for mistake in part.mistakes}
    return PartReport(
        id=part.id,
        verdict=judgement.verdict,
        points=part.points,
        earned=_number(part.points * judgement.credit) if judgement.verdict in _SCORING else 0,
        answer=_echo(answer),
        read_as=judgement.read_as,
        message=feedback(judgement, level),
        diagnosis=tuple(_diagnosis(name, predicted) for name in judgement.diagnosis),
    )


def question_of(part: KeyPart) -> Question:
    """The key of a part, prepared for judging answers."""
    return Question(
        part.kind,
        part.value,
        symbols=part.symbols,
        domain=part.domain,
        choices=None if part.choices is UNSET else part.choices,
        mistakes=[Candidate(mistake.id, mistake.value) for mistake in part.mistakes],
        opts=None if part.opts is UNSET else part.opts,
    )


def _echo(answer: Answer, depth: int = 20) -> Answer:
    """The answer as given; lists in lists without end are cut, since nobody could read them."""
    if isinstance(answer, list | dict) and not depth:
        return "…"
    if isinstance(answer, list):
        return [_echo(entry, depth - 1) for entry in answer]
    if isinstance(answer, dict):
        return {name: _echo(entry, depth - 1) for name, entry in answer.items()}
    return answer


def _diagnosis(name: str, predicted: dict[str, PredictedMistake]) -> Diagnosis:
    mistake = predicted.get(name)
    return Diagnosis(name, mistake.hint, mistake.explanation) if mistake else Diagnosis(name, "")


_SCORING = (Verdict.CORRECT, Verdict.PARTIAL)


def _number(value: Fraction) -> Number:
    """A score in hundredths, whole where it is whole."""
    rounded = round(value, 2)
    return rounded.numerator if rounded.denominator == 1 else float(rounded)
