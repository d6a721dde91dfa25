"""F09: several input channels, several filters, a bias, and ReLU."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Problem, Step
from cnnex.model.value import Kind, to_json
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved, lively
from cnnex.topics._layers import conventions, data, slip
from cnnex.topics.convolution._channel_layer import (
    Channels,
    check,
    contributed,
    exchanged,
    flipped,
    shapes,
    shapes_of_single_planes,
    sums,
    values,
)  # fmt: skip
from cnnex.topics.convolution._channel_words import asked, statement
from cnnex.topics.convolution._channels_drawn import draw_channels


class ChannelConvolution(Family[Channels]):
    """F09: shapes, what each channel contributes, entries and whole channels of the output."""

    id = "F09-channels"
    title = "Convolution with several channels"
    params = Channels
    kinds = (Kind.SHAPE, Kind.INTEGER, Kind.MATRIX)
    visible: ClassVar = {
        "easy": ("kernel-flipped", "first-channel-only", "bias-forgotten"),
        "medium": ("kernel-flipped", "first-channel-only", "bias-per-channel"),
        "hard": ("kernel-flipped", "planes-exchanged", "bias-per-channel", "relu-forgotten"),
    }

    def __init__(self) -> None:
        self.slips = (
            slip("kernel-flipped", lambda p: contributed(flipped(p)) | sums(flipped(p))),
            Slip(
                "planes-exchanged",
                "The planes of the filter met the wrong input channels.",
                "Which plane of the filter belongs to which channel of the input?",
                exchanged,
            ),
            Slip(
                "first-channel-only",
                "A filter was taken to look at a single input channel.",
                "A filter spans all input channels. What follows for its shape, the sum, and the number of maps?",
                lambda p: shapes_of_single_planes(p) | sums(p, combined=lambda each: each[0]),
            ),
            Slip(
                "bias-forgotten",
                "The bias was left out.",
                "Each filter has something that is added to all of its outputs.",
                lambda p: sums(p, bias=0),
            ),
            Slip(
                "bias-per-channel",
                "The bias was added once for each input channel.",
                "How many biases does one filter have?",
                lambda p: sums(p, bias=len(p.input)),
            ),
            Slip(
                "relu-forgotten",
                "ReLU was not applied.",
                "The layer has one more step after the sum. What does it do with negative numbers?",
                lambda p: sums(replace(p, relu=False)),
            ),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> Channels:
        return draw_channels(rng, level)

    def solve(self, p: Channels) -> Solved:
        return shapes(p) | values(p)

    def work(self, p: Channels) -> int:
        """Products; the whole maps hold the single entries. Asked first, so it refuses what is no layer."""
        check(p)
        height, width = p.sides
        outputs = height * width * len(p.weight) if p.ask_maps else len(p.places)
        return outputs * len(p.input) * p.kernel[0] * p.kernel[1]

    def fair(self, p: Channels, solved: Solved, level: str) -> bool:
        return (
            len({*p.input}) == len(p.input)
            and all(map(any, (row for plane in p.weight[0] for row in plane)))
            and all(lively(value, level) for name, value in solved.items() if name.startswith("map"))
            and all(abs(value) <= 99 for name, value in solved.items() if name.startswith(("contribution", "entry")))
        )

    def pose(self, p: Channels, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        own = {"weight": to_json(p.weight), "bias": list(p.bias) or None}
        down, across = p.kernel
        whole = len(p.weight) == p.filters
        sizes = {"weight_shape": [p.filters, len(p.input), down, across], "bias": bool(p.bias)}
        tensors = own if whole else sizes
        pairs = list(asked(p, solved, {} if whole else own))
        return Problem(
            title=self.title,
            statement=statement(p),
            conventions=conventions(
                says.CHANNELS_FIRST, says.INDEX_FROM_ZERO, padded=p.padding > 0, dilated=False, biased=bool(p.bias)
            ),
            given={
                **data("conv2d", (p.stride,) * 2, (p.padding,) * 2, (1, 1), input=to_json(p.input)), **tensors
            },
            parts=tuple(part for part, _ in pairs),
            steps=tuple(Step(part.answered_by, solved[part.answered_by], blocks) for part, blocks in pairs),
            mistakes=mistakes,
        )  # fmt: skip
