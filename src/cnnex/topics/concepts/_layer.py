"""A convolution layer that sentences give numbers of, and their tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.shapes import effective_kernel_size, output_size
from cnnex.model import conventions as says
from cnnex.model.conventions import Convention
from cnnex.model.prose import Prose, prose
from cnnex.model.value import Padding, Size
from cnnex.notation.formula import shape
from cnnex.seeds import Stream
from cnnex.topics._layers import settings
from cnnex.topics._sizes import _WORDS as SIZE_WORDS
from cnnex.topics.concepts._claim import Table
from cnnex.topics.concepts._shapes import SHAPES


@dataclass(frozen=True, slots=True)
class Layer:
    """A convolution layer with biases on a square input."""

    in_channels: Size
    out_channels: Size
    kernel_size: Size
    stride: Size
    padding: Padding
    dilation: Size
    size: Size

    @property
    def side(self) -> int:
        """The side of the output."""
        return self.side_with()

    @property
    def extent(self) -> int:
        """The inputs that the kernel spans."""
        return effective_kernel_size(self.kernel_size, self.dilation)  # type: ignore[no-any-return]

    @property
    def kernel(self) -> tuple[int, int]:
        """The sides of the kernel."""
        return (self.kernel_size, self.kernel_size)

    @property
    def output(self) -> tuple[int, int, int]:
        """The shape of the output."""
        return (self.out_channels, self.side, self.side)

    def side_with(self, padded: int | None = None, extent: int | None = None, *, ceil_mode: bool = False) -> int:
        """The side of the output for another padded input or another extent."""
        padded = self.size + 2 * self.padding if padded is None else padded
        return output_size(padded, extent or self.extent, self.stride, ceil_mode=ceil_mode)  # type: ignore[no-any-return]

    @property
    def given(self) -> dict[str, Any]:
        """The layer for a machine."""
        return {
            "operation": "conv2d", "input_shape": [self.in_channels, self.size, self.size],
            "in_channels": self.in_channels, "out_channels": self.out_channels, "kernel_size": list(self.kernel),
            "bias": True, "stride": [self.stride] * 2, "padding": [self.padding] * 2, "dilation": [self.dilation] * 2,
            "groups": 1,
        }  # fmt: skip

    @property
    def words(self) -> Prose:
        """The layer in words."""
        return prose(
            "A convolution layer gets an input of shape {x}. It has {o} filters with kernel size {k}, each with a "
            "bias, "
            "{settings}.",
            x=shape((self.in_channels, self.size, self.size)), o=self.out_channels, k=self.kernel_size,
            settings=settings(self.stride, self.padding, self.dilation),
        )  # fmt: skip

    @property
    def conventions(self) -> tuple[Convention, ...]:
        """What is taken for granted where the size of its output matters."""
        return (
            says.CHANNELS_FIRST, says.ROUND_DOWN, *[says.ZERO_PADDING] * (self.padding > 0), *self.gaps,
        )  # fmt: skip

    @property
    def gaps(self) -> list[Convention]:
        """What dilation means, where there is one."""
        return [says.DILATION] * (self.dilation > 1)

    def taken(self, asks: str) -> tuple[Convention, ...]:
        """What a sentence on this quantity takes for granted."""
        if asks in ("output_shape", "macs"):
            return (*self.conventions, *[says.MULTIPLY_ADD] * (asks == "macs"))
        return (says.CHANNELS_FIRST, *(self.gaps if asks == "receptive_field" else []))


@dataclass(frozen=True, slots=True)
class Stated(Layer):
    """A layer and a sentence about it.

    Attributes:
        statement: the id of the sentence.
        holds: whether its true or its false form is asked.
    """

    statement: str
    holds: bool


def sizes(p: Layer) -> dict[str, Any]:
    """The sizes of a layer by name."""
    return {field.name: getattr(p, field.name) for field in fields(Layer)}


def stated(p: Layer, statement: str, holds: bool) -> Stated:
    """A sentence about the layer."""
    return Stated(statement=statement, holds=holds, **sizes(p))


LAYER: Table[Any] = Table()
"""Sentences about one layer; each takes a layer with `holds`."""
PAIR: Table[Any] = Table()
"""Sentences that compare two layers, or speak of several."""

WORDS: Mapping[str, tuple[str, str]] = {
    "padding-one-side": SIZE_WORDS["padding-one-side"],
    "windows-miscounted": (
        "The windows were miscounted by one.",
        "Where does the very first window begin, and which one is the last that fits entirely?",
    ),
    "dilation-ignored": SIZE_WORDS["dilation-ignored"],
    "channels-misread": SHAPES["channels-misread"],
    "bias-miscounted": ("The biases were miscounted.", "How many filters are there, and how many biases has each?"),
    "places-misjudged": (
        "It was misjudged at how many places a filter is applied, and with which weights.",
        "How often is each filter applied, and does it have other weights at another place?",
    ),
}  # fmt: skip
"""Of each misconception about one layer what went wrong, and where to look."""


def draw_layer(rng: Stream, level: str) -> Layer:
    """A layer of a level: the harder, the more of its settings matter."""
    in_channels, out_channels = rng.sample(range(2, 17), 2)
    stride = {"easy": 1, "medium": 2, "hard": rng.randint(2, 3)}[level]
    kernel_size = rng.choice((3, 5))
    padding = rng.randint(1, kernel_size // 2)
    return Layer(
        in_channels, out_channels, kernel_size, stride, padding, 2 if level == "hard" else 1, rng.randint(14, 40)
    )  # fmt: skip


def check_layer(p: Layer) -> None:
    """Refuses layers without an output.

    Raises:
        DoesNotFitError: the kernel spans more than the padded input.
    """
    if p.side < 1:
        raise DoesNotFitError("the kernel does not fit on the padded input")
