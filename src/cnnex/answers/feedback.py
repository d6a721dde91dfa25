"""How much a student is told: a hint, the point at which answer and key differ, or the solution."""

from __future__ import annotations

from cnnex.answers.judgement import Judgement
from cnnex.errors import InputError, nearest
from cnnex.model.outcome import Verdict

LEVELS = ("hint", "witness", "key")


def feedback(judgement: Judgement, level: str = "hint") -> str:
    """The message of a judgement at a level.

    `hint` says where to look and gives nothing of the key away; `witness` adds the point at which the two
    differ; `key` adds the solution, too. Nothing is added to a right answer.

    >>> from cnnex.answers.question import Question
    >>> judgement = Question("expr", "a + b", symbols=["a", "b"]).judge("a")
    >>> for level in LEVELS:
    ...     print(feedback(judgement, level))
    What is written is right, but something is missing.
    What is written is right, but something is missing. For b = 1 and all else 0 the value is 1, yours gives 0.
    What is written is right, but something is missing. For b = 1 and all else 0 the value is 1, yours gives 0. \
The answer is a + b.

    Raises:
        InputError: there is no such level.
    """
    if level not in LEVELS:
        raise InputError(f"{level!r} is no level of feedback", hint=nearest(level, LEVELS))
    said = [judgement.message]
    if level != "hint" and judgement.witness:
        said.append(f"{judgement.witness[0].upper()}{judgement.witness[1:]}.")
    if level == "key" and judgement.verdict is not Verdict.CORRECT and judgement.solution:
        said.append(f"The answer is {judgement.solution.removesuffix('.')}.")
    return " ".join(filter(None, said))
