"""F42: true or false, about the numbers of a layer, and about those of two layers."""

from __future__ import annotations

from typing import ClassVar

from cnnex.seeds import Stream
from cnnex.topics._family import Solved
from cnnex.topics.concepts import _numbers
from cnnex.topics.concepts._claim import TrueFalse
from cnnex.topics.concepts._layer import LAYER, PAIR, WORDS, Layer, Stated, check_layer, draw_layer, stated
from cnnex.topics.concepts._pairs import PAIRS

SOURCES = (_numbers,)
"""The module that puts its sentences in the table."""


class NumericClaim(TrueFalse[Stated]):
    """F42: a number of a layer is given, right or as a misconception has it."""

    id = "F42-numeric-claim"
    title = "True or false: a layer in numbers"
    params = Stated
    table: ClassVar = LAYER
    words: ClassVar = WORDS

    def draw(self, rng: Stream, level: str) -> Stated:
        return stated(draw_layer(rng, level), rng.choice(self.table.at(level)), rng.randint(0, 1) == 1)

    def solve(self, p: Stated) -> Solved:
        check_layer(p)
        return super().solve(p)

    def work(self, p: Stated) -> int:
        return 3


class Comparison(NumericClaim):
    """F42: the numbers of two layers are compared, rightly or as a misconception does."""

    id = "F42-comparison"
    title = "True or false: two layers compared"
    table: ClassVar = PAIR
    words: ClassVar = PAIRS

    def draw(self, rng: Stream, level: str) -> Stated:
        p = super().draw(rng, level)
        if p.statement != "three-small-kernels":
            return p
        # Only its kernel and its channels are in the words.
        layer = Layer(p.in_channels, p.in_channels, p.kernel_size, 1, p.kernel_size // 2, 1, 32)
        return stated(layer, p.statement, p.holds)
