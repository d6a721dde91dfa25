"""F42: true or false, about the numbers of a layer."""

from __future__ import annotations

from typing import Any, ClassVar

from cnnex.seeds import Stream
from cnnex.topics._family import Solved
from cnnex.topics.concepts import _numbers, _pairs
from cnnex.topics.concepts._claim import Table, TrueFalse
from cnnex.topics.concepts._layer import LAYER, PAIR, WORDS, Layer, Stated, check_layer, draw_layer, stated

SOURCES = (_numbers, _pairs)
"""The modules that put their sentences in the tables."""

ALL: Table[Any] = Table({**LAYER, **PAIR})


class NumericClaim(TrueFalse[Stated]):
    """F42: a number of a layer is given, right or as a misconception has it."""

    id = "F42-numeric-claim"
    title = "True or false: a layer in numbers"
    params = Stated
    table: ClassVar = ALL
    words: ClassVar = WORDS

    def draw(self, rng: Stream, level: str) -> Stated:
        layer, name = draw_layer(rng, level), rng.choice(ALL.at(level))
        if name == "three-small-kernels":  # only its kernel and its channels are in the words
            layer = Layer(layer.in_channels, layer.in_channels, layer.kernel_size, 1, layer.kernel_size // 2, 1, 32)
        return stated(layer, name, rng.randint(0, 1) == 1)

    def solve(self, p: Stated) -> Solved:
        check_layer(p)
        return super().solve(p)

    def work(self, p: Stated) -> int:
        return 3
