"""The trail of one mark: what was typed, what was made of it in each run, and who decided what."""

from __future__ import annotations

import json

from msgspec import Struct

from cnnex.marking.run import policy_of
from cnnex.marking.standing import counting_of
from cnnex.marking.verbs import counting, mark_of
from cnnex.model.marks import Graded, Mark, Override
from cnnex.model.outcome import Verdict
from cnnex.model.records import Answer, Credit, Number, PartId
from cnnex.store.ledger import Ledger


class RunOfMark(Struct, frozen=True, kw_only=True):
    """What a run made of an answer, before overrides."""

    run: int
    at: str
    command: str
    version: str
    key: str
    attempt: int
    verdict: Verdict
    credit: Credit
    earned: Number
    points: int


class Trail(Struct, frozen=True, kw_only=True):
    """The trail of one mark.

    Attributes:
        student, part: whose mark it is.
        attempt: the attempt that counts, with its marks left away.
        typed: the answer as it came in.
        mark: as it stands, with overrides.
        policy: the rules of the latest run, as JSON.
        runs: that graded this student, the first one first.
        overrides: of this part, the latest last, also of attempts that count no longer.
    """

    student: str
    part: PartId
    attempt: Graded
    typed: Answer
    mark: Mark
    policy: str
    runs: tuple[RunOfMark, ...]
    overrides: tuple[Override, ...]


def trail(ledger: Ledger, student: str, part: PartId) -> Trail:
    """The trail of a student's mark of a part.

    Raises:
        InputError: there is no such student or part, or nothing came in.
    """
    run = ledger.run()
    number, graded = counting(ledger, run, student)
    mark = mark_of(graded.marks, part)
    decided = [each for found in ledger.overrides(graded.student).values() for each in found if each.part == part]
    runs = [found for each in ledger.runs() if (found := _in_run(ledger, each, graded.student, part))]
    return Trail(
        student=graded.student,
        part=part,
        attempt=graded,
        typed=ledger.attempt(number).answers.get(part, ""),
        mark=mark,
        policy=run.policy,
        runs=tuple(runs),
        overrides=tuple(sorted(decided, key=lambda each: each.at)),
    )


def _in_run(ledger: Ledger, number: int, student: str, part: PartId) -> RunOfMark | None:
    run = ledger.run(number)
    found = counting_of(ledger, number, policy_of(run), student)
    if found is None:
        return None
    graded = ledger.graded(number, found[0])
    mark = next((mark for mark in graded.marks if mark.id == part), None)
    if mark is None:
        return None
    return RunOfMark(
        run=number,
        at=run.at,
        command=run.command,
        version=graded.version,
        key=graded.key,
        attempt=graded.number,
        verdict=mark.verdict,
        credit=mark.credit,
        earned=mark.earned,
        points=mark.points,
    )


def trail_text(found: Trail) -> str:
    """The trail in lines; what has several is set in, so that no text passes for a line of the trail."""
    graded, mark = found.attempt, found.mark
    lines = [
        f"{found.student}, part {found.part} of set {graded.set}: {mark.earned} of {mark.points}",
        f"came in:  {graded.source}, {graded.at or 'at an unknown time'}, attempt {graded.number}",
        f"typed:    {found.typed if isinstance(found.typed, str) else json.dumps(found.typed)}",
        f"read as:  {mark.read_as or 'nothing'}",
        f"verdict:  {mark.verdict}, credit {mark.credit}",
    ]
    lines += [f"mistake:  {each.id}: {each.explanation or each.hint}".removesuffix(": ") for each in mark.diagnosis]
    lines += [f"said:     {mark.message}"] * bool(mark.message)
    lines += [f"differs:  {mark.witness}"] * bool(mark.witness)
    lines += [f"because:  {each}" for each in mark.why]
    lines.append(f"attempt:  {graded.raw} of {graded.points}, after penalties {graded.score}")
    lines += [f"because:  {each}" for each in graded.why]
    lines.append(f"graded:   with key {graded.key[:12]} by cnnex {graded.version}")
    lines += [
        f"run {each.run}:    {each.at} {each.command}, key {each.key[:12]}, cnnex {each.version}, attempt "
        f"{each.attempt}: {each.verdict}, {each.earned} of {each.points}"
        for each in found.runs
    ]
    lines += [f"by hand:  {each.at} {each.points} points: {each.reason}" for each in found.overrides]
    return "\n".join("\n          ".join(line.splitlines()) for line in lines) + "\n"
