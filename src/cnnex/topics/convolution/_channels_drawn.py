"""Layers with several channels, drawn such that their mistakes are likely to show and to differ."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from cnnex.maths.correlation import flip
from cnnex.maths.shapes import output_size
from cnnex.model.value import Matrix
from cnnex.seeds import Stream
from cnnex.topics._layers import ENTRIES
from cnnex.topics.convolution._channel_layer import Channels, Planes, channel_maps

WEIGHTS = {"easy": (0, 1, 2, 3), "medium": (-2, -1, 0, 1, 2, 3), "hard": (-2, -1, 1, 2, 3)}
BIASES = (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5)
# Side of the input, side of the kernel, stride, padding: within a level all need the same number of products.
GEOMETRIES = {
    "easy": [(3, 2, 1, 0), (4, 2, 2, 0), (4, 2, 1, 0)],
    "medium": [(4, 3, 1, 1), (5, 3, 2, 1), (3, 3, 1, 1)],
    "hard": [(3, 2, 1, 0), (4, 2, 2, 0), (3, 2, 2, 1)],
}


def draw_channels(rng: Stream, level: str) -> Channels:
    """A layer of a level."""
    side, kernel, stride, padding = rng.choice(GEOMETRIES[level])
    channels, known = (3, 2) if level == "hard" else (2, 1)
    filters = rng.choice((3, 4, 5, 6, 8)) if level == "medium" else known
    input_ = _planes(rng, ENTRIES, channels, side)
    if level == "hard":
        drawn = [_filter_with_relu(rng, input_, kernel, stride, padding) for _ in range(known)]
    else:
        drawn = [(_planes(rng, WEIGHTS[level], channels, kernel), rng.choice(BIASES)) for _ in range(known)]
    outputs = output_size(side, kernel, stride, padding)
    everywhere = [(row, column) for row in range(outputs) for column in range(outputs)]
    told = _told_apart(input_, *drawn[0], stride, padding)
    # The first row and column touch the padding.
    border = [place for place in everywhere if 0 in place] if padding else everywhere
    first = rng.choice([place for place in border if place in told] or border)
    others = [place for place in everywhere if place != first] if level != "hard" else []
    places = (first, rng.choice([place for place in others if place in told] or others)) if others else (first,)
    return Channels(
        input_, tuple([planes for planes, _ in drawn]), tuple([bias for _, bias in drawn]), filters, stride, padding,
        places, ask_patches=False, ask_maps=level == "hard", relu=level == "hard",
    )  # fmt: skip


def _planes(rng: Stream, numbers: tuple[int, ...], channels: int, side: int) -> Planes:
    sides = range(side)
    return tuple([tuple([tuple([rng.choice(numbers) for _ in sides]) for _ in sides]) for _ in range(channels)])


def _filter_with_relu(rng: Stream, input_: Planes, kernel: int, stride: int, padding: int) -> tuple[Planes, int]:
    """A filter and a bias; as far as this can be, ReLU leaves half of the channel, but not all of it."""
    planes = _planes(rng, WEIGHTS["hard"], len(input_), kernel)
    for weights in (planes, tuple(tuple(tuple([-each for each in row]) for row in plane) for plane in planes)):
        wholes = sorted(chain(*_sums(channel_maps(input_, weights, stride, padding))))
        least, middle = wholes[0], wholes[len(wholes) // 2]
        fit = [bias for bias in BIASES if least + bias < 0 < middle + bias]
        if fit:
            return weights, rng.choice(fit)
    return planes, rng.choice(BIASES)


def _told_apart(input_: Planes, planes: Planes, bias: int, stride: int, padding: int) -> set[tuple[int, int]]:
    """The places where mistakes with the weights, the contributions or the bias lead to different values."""
    turned = tuple([flip(plane) for plane in planes])
    own, *others = (channel_maps(input_, each, stride, padding) for each in (planes, turned, planes[1:] + planes[:1]))
    sums, flipped, exchanged = map(_sums, (own, *others))
    found = set()
    for r, row in enumerate(sums):
        for c, whole in enumerate(row):
            # The right entry, then the mistakes, all less the bias.
            values = {
                whole, own[0][r][c], whole - bias, whole + (len(input_) - 1) * bias,
                flipped[r][c], exchanged[r][c],
            }  # fmt: skip
            if len(values) == 6:
                found.add((r, c))
    return found


def _sums(maps: Sequence[Matrix]) -> list[list[int]]:
    """The channels added up, without bias."""
    return [[sum(each) for each in zip(*rows, strict=True)] for rows in zip(*maps, strict=True)]
