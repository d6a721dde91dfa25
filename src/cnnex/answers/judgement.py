"""What is said about an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from cnnex.model.outcome import Verdict
from cnnex.notation.formula import Term
from cnnex.notation.latex import latex

Json = Any
"""Text, a number, true or false, null, or nested lists of these."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A predicted mistake of a part: its id and the wrong value it leads to."""

    id: str
    value: Json


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reasons.

    Attributes:
        verdict: what the answer turned out to be.
        credit: the share of the points, from 0 to 1.
        read_as: what was understood, in plain text; empty where nothing was.
        message: one or two sentences for the student, which give nothing of the key away.
        diagnosis: ids of the mistakes that lead to this answer, the part's own before the generic ones.
        witness: a point at which the answer and the key differ, where there is one.
        solution: the key in plain text, for an answer that isn't right.
        term: what was understood, as a formula; None where nothing was, and for words.
    """

    verdict: Verdict
    credit: Fraction
    read_as: str
    message: str = ""
    diagnosis: tuple[str, ...] = ()
    witness: str = ""
    solution: str = ""
    term: Term | None = field(default=None, compare=False, repr=False)

    @property
    def read_as_latex(self) -> str:
        """What was understood, in LaTeX; words as they are."""
        return self.read_as if self.term is None else latex(self.term)


NOTHING = Fraction(0)
FULL = Fraction(1)
BLANK = Judgement(Verdict.BLANK, NOTHING, "", "There is no answer.")


def unreadable(message: str, read_as: str = "") -> Judgement:
    """The answer means nothing, which is not the same as being wrong."""
    return Judgement(Verdict.UNREADABLE, NOTHING, read_as, message)
