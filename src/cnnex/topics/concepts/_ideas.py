"""F42: true or false, about what convolutional networks do; one family for each field of ideas."""

from __future__ import annotations

from typing import ClassVar

from cnnex.model import conventions as says
from cnnex.model.conventions import Convention
from cnnex.seeds import Stream
from cnnex.topics._family import Solved
from cnnex.topics.concepts import _turns
from cnnex.topics.concepts._case import IDEAS, Case, check_case, draw_case
from cnnex.topics.concepts._claim import Claim, TrueFalse, words_of
from cnnex.topics.concepts._gradients import GRADIENTS
from cnnex.topics.concepts._shapes import SHAPES
from cnnex.topics.concepts._shifts import SHIFTS
from cnnex.topics.concepts._weights import WEIGHTS

SOURCES = (_turns,)
"""The module that puts further sentences in the table."""


class Idea(TrueFalse[Case]):
    """A general sentence, decided by an example with numbers."""

    params = Case

    def draw(self, rng: Stream, level: str) -> Case:
        return draw_case(rng, self.table.at(level))

    def rules(self, claim: Claim) -> tuple[Convention, ...]:
        said = words_of(claim.sentence)
        general = [says.IN_GENERAL] * ("in general" in said)
        return (says.ALWAYS_TRUE, *general, *[says.CAN] * (" can " in said))

    def solve(self, p: Case) -> Solved:
        check_case(p)
        return super().solve(p)


class Shifts(Idea):
    """F42: what a shift or a turn of the input does to the output."""

    id = "F42-shifts"
    title = "True or false: shifts and turns"
    words: ClassVar = SHIFTS
    table: ClassVar = IDEAS.about(SHIFTS)


class Weights(Idea):
    """F42: what the weights of a layer and its matrix are like."""

    id = "F42-weights"
    title = "True or false: weights and matrices"
    words: ClassVar = WEIGHTS
    table: ClassVar = IDEAS.about(WEIGHTS)


class Shapes(Idea):
    """F42: what a layer does to channels and shapes, and what its outputs see."""

    id = "F42-shapes"
    title = "True or false: channels and shapes"
    words: ClassVar = SHAPES
    table: ClassVar = IDEAS.about(SHAPES)


class Gradients(Idea):
    """F42: where gradients go, and in which shares."""

    id = "F42-gradients"
    title = "True or false: gradients"
    words: ClassVar = GRADIENTS
    table: ClassVar = IDEAS.about(GRADIENTS)
