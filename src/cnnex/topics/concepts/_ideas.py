"""F42: true or false, about what convolutional networks do."""

from __future__ import annotations

from typing import ClassVar

from cnnex.model import conventions as says
from cnnex.model.conventions import Convention
from cnnex.seeds import Stream
from cnnex.topics._family import Solved
from cnnex.topics.concepts import _gradients, _shapes, _shifts, _turns, _weights
from cnnex.topics.concepts._case import IDEAS, MISCONCEPTIONS, Case, check_case, draw_case
from cnnex.topics.concepts._claim import Claim, TrueFalse, words_of

SOURCES = (_shifts, _turns, _weights, _shapes, _gradients)
"""The modules that put their sentences in the table."""


class Concept(TrueFalse[Case]):
    """F42: a general sentence, decided by an example with numbers."""

    id = "F42-concept"
    title = "True or false: an idea"
    params = Case
    table: ClassVar = IDEAS
    words: ClassVar = MISCONCEPTIONS

    def draw(self, rng: Stream, level: str) -> Case:
        return draw_case(rng, level)

    def rules(self, claim: Claim) -> tuple[Convention, ...]:
        said = words_of(claim.sentence)
        general = [says.IN_GENERAL] * ("in general" in said)
        return (says.ALWAYS_TRUE, *general, *[says.CAN] * (" can " in said))

    def solve(self, p: Case) -> Solved:
        check_case(p)
        return super().solve(p)
