"""F28: the fully connected layer as a convolution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from cnnex.maths.counting import conv_parameters, conv_weights
from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.shapes import output_size
from cnnex.model import conventions as says
from cnnex.model.follow import FollowThrough, entries_of
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, Prose, prose
from cnnex.model.value import Kind, Size
from cnnex.notation.formula import Formula, equation, symbol, symbols
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics._layers import derived
from cnnex.topics._sizes import slip
from cnnex.topics.architecture._words import BIAS


@dataclass(frozen=True, slots=True)
class Dense:
    """A fully connected layer on square maps, and an image that it is slid over as a convolution.

    Attributes:
        channels: of the maps.
        side: of the maps for an image as in training.
        outputs: of the layer.
        jump: how many pixels of the image neighbouring places of the maps lie apart.
        step: how many pixels neighbouring outputs shall lie apart, a multiple of the jump.
        image: the side of the image, a multiple of the jump; no larger one is asked about where it is that of training.
        wanted: the side that padding shall give the output for an image as in training.
    """

    channels: Size
    side: Size
    outputs: Size
    jump: Size
    step: Size
    image: Size
    wanted: Size

    @property
    def stride(self) -> int:
        """The steps of the convolution on the maps."""
        return self.step // self.jump

    @property
    def map(self) -> int:
        """The side of the maps for the image."""
        return self.image // self.jump

    @property
    def larger(self) -> bool:
        """Whether the image is larger than in training."""
        return self.map > self.side

    @property
    def places(self) -> int:
        """The outputs along a side."""
        return output_size(self.map, self.side, self.stride)  # type: ignore[no-any-return]


class LinearAsConvolution(Family[Dense]):
    """F28: the weight of the convolution that computes the same, and its output on a larger image."""

    id = "F28-linear-as-convolution"
    title = "A fully connected layer as a convolution"
    params = Dense
    kinds = (Kind.INTEGER, Kind.SHAPE)
    visible: ClassVar = {
        "easy": ("one-by-one-kernel", "bias-forgotten", "first-window-forgotten"),
        "medium": ("one-by-one-kernel", "bias-forgotten", "first-window-forgotten", "image-for-maps"),
        "hard": ("one-by-one-kernel", "bias-forgotten", "image-for-maps", "partial-window-kept"),
    }

    def __init__(self) -> None:
        self.slips = (
            Slip(
                "one-by-one-kernel",
                "The kernel was taken to cover a single place.",
                "On which inputs does an output of the fully connected layer depend?",
                lambda p: {
                    "kernel_shape": (p.outputs, p.channels, 1, 1), "output_shape": (p.outputs, p.side, p.side),
                    "conv_parameters": conv_parameters(p.channels, p.outputs, (1, 1)),
                },
            ),
            Slip(*BIAS, lambda p: {"conv_parameters": conv_weights(p.channels, p.outputs, (p.side, p.side))}),
            slip("first-window-forgotten", lambda p: {
                "output_shape": (p.outputs, 0, 0), **_on_image(p, p.places - 1),
            }),
            slip("stride-ignored", lambda p: _on_image(p, replace(p, step=p.jump).places)),
            slip("partial-window-kept", lambda p: _on_image(
                p, output_size(p.map, p.side, p.stride, ceil_mode=True)
            )),
            Slip(
                "image-for-maps",
                "Pixels of the image were counted as places of the maps.",
                "Over what does the convolution slide, and how far apart are its places?",
                lambda p: _on_image(p, output_size(p.image, p.side, p.stride), p.step),
            ),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> Dense:
        return self._drawn(rng, level, larger=level != "easy")

    def draw_like(self, rng: Stream, level: str, pattern: Mapping[str, Any]) -> Dense:
        larger = pattern.get("image", 0) > pattern.get("side", 0) * pattern.get("jump", 0)
        return self._drawn(rng, level, larger=larger or level != "easy")

    def _drawn(self, rng: Stream, level: str, *, larger: bool) -> Dense:
        """Steps leave no rest on the larger image at the medium level, and one at the hard level."""
        large = level == "hard"
        jump = rng.choice((16, 20, 24, 32) if large else (2, 4, 8, 16, 32))
        side, stride = rng.randint(7, 14), rng.randint(2, 10) if larger else 1
        more = stride * rng.randint(1, 9 if large else 5) + (rng.randint(1, stride - 1) if large else 0)
        return Dense(
            channels=rng.choice((64, 96, 128, 192, 256, 384, 512) if large else (4, 6, 8, 12, 16, 20, 24, 32, 48)),
            side=side,
            outputs=rng.choice(
                (40, 50, 60, 80, 100, 120, 150, 200, 1000) if large else (5, 7, 9, 10, 14, 15, 18, 25, 30, 50)
            ),
            jump=jump,
            step=stride * jump,
            image=(side + more if larger else side) * jump,
            wanted=2 * rng.randint(1, side - 1) + 1,
        )

    def solve(self, p: Dense) -> Solved:
        if p.step % p.jump or p.image % p.jump:
            raise DoesNotFitError("step and image are multiples of the jump")
        if p.map < p.side:
            raise DoesNotFitError("the image gives maps that are smaller than in training")
        if p.wanted % 2 == 0:
            raise DoesNotFitError("padding on both sides leads to an odd side of the output, so wanted is odd")
        return {
            "kernel_shape": (p.outputs, p.channels, p.side, p.side),
            "conv_parameters": conv_parameters(p.channels, p.outputs, (p.side, p.side)),
            "output_shape": (p.outputs, 1, 1),
            "padding": (p.wanted - 1) // 2,
            **_on_image(p, p.places, p.stride),
        }

    def work(self, p: Dense) -> int:
        return 12 if p.larger else 8

    def fair(self, p: Dense, solved: Solved, level: str) -> bool:
        return p.channels != p.outputs

    def pose(self, p: Dense, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        return Problem(
            title=self.title,
            statement=_statement(p),
            conventions=(
                says.CHANNELS_FIRST, says.SHAPE_OF_WEIGHT, says.BIASES_COUNT, says.ROUND_DOWN, says.ZERO_PADDING,
            ),
            given={
                "input_shape": [p.channels, p.side, p.side],
                "layers": [
                    {"layer": "Flatten"},
                    {"layer": "Linear", "in_features": None, "out_features": p.outputs, "bias": True},
                ],
            },
            parts=_parts(p),
            steps=tuple(Step(name, solved[name], blocks) for name, blocks in _explained(p, solved).items()),
            mistakes=mistakes,
        )  # fmt: skip


PLACES = (symbol("n") - symbol("k")) // symbol("s") + 1


def _on_image(p: Dense, places: int, stride: int | None = None) -> Solved:
    """What is asked about an image that is larger than in training, with so many places along a side."""
    found: Solved = {"stride": stride or p.stride, "map_shape": (p.outputs, places, places)}
    return found if p.larger else {}


def _given(p: Dense, side: int, stride: int = 1) -> dict[str, Any]:
    record = {
        "layer": "Conv2d", "in_channels": p.channels, "out_channels": p.outputs, "kernel_size": [p.side, p.side],
        "stride": [stride, stride], "padding": [0, 0], "dilation": [1, 1], "bias": True,
    }  # fmt: skip
    return {"input_shape": [p.channels, side, side], "layers": [record]}


def _part(name: str, asks: str, prompt: str | Prose, **more: Any) -> Part:
    words = prose(prompt) if isinstance(prompt, str) else prompt
    kind = Kind.SHAPE if asks.endswith("shape") else Kind.INTEGER
    return Part(name, asks, kind, words, name, **more)


def _parts(p: Dense) -> tuple[Part, ...]:
    """The questions: as in training, then on a larger image."""
    side, kernel = p.side, entries_of("kernel_shape", 4)
    larger = (
        _part(
            "stride", "stride",
            prose("In a larger image its neighbouring outputs shall lie {t} pixels apart. Which stride does it "
                  "need?", t=p.step),
            given={"jump": p.jump, "output_jump": p.step},
        ),
        _part(
            "map_shape", "output_shape",
            prose("What is the shape of its output for an image of {i} × {i} pixels, with this stride and without "
                  "padding?", i=p.image),
            layer=0, given=_given(p, p.map, p.stride), follows=FollowThrough.by(
                lambda filters, _, height, width, stride: (
                    filters, *(output_size(p.map, each, stride) for each in (height, width))
                ), *kernel, "stride",
            ),
        ),
    )  # fmt: skip
    return (
        _part(
            "kernel_shape", "equivalent_weight_shape",
            "What is the shape of the weight of the convolution that computes the same?", layer=1,
        ),
        # The fully connected layer has as many; a record of the convolution would give its kernel away.
        _part(
            "conv_parameters", "parameter_count", "How many parameters does this convolution have?",
            layer=1, follows=FollowThrough.by(
                lambda filters, channels, *sides: conv_parameters(channels, filters, sides), *kernel
            ),
        ),
        _part(
            "output_shape", "output_shape", "What is the shape of its output?", layer=0,
            given=_given(p, side), follows=FollowThrough.by(
                lambda filters, _, *sides: (filters, *(output_size(side, each) for each in sides)), *kernel
            ),
        ),
        _part(
            "padding", "padding",
            prose("With stride 1, which padding on each side would give it an output of {w} × {w} places?",
                  w=p.wanted),
            layer=0, given={**_given(p, side), "output_size": p.wanted},
            follows=FollowThrough.by(lambda height: (p.wanted - 1 - side + height) / 2, kernel[2]),
        ),
        *larger[: 2 * p.larger],
    )  # fmt: skip


def _statement(p: Dense) -> tuple[Block, ...]:
    a, j = symbol("a"), p.jump
    return (
        prose(
            "The last layer of a network is fully connected: it has {k} outputs, and its input is flattened from {c} "
            "maps of {n} × {n} values. These maps come from an image of {m} × {m} pixels, and neighbouring places of a "
            "map lie {j} pixels of the image apart: an image with a side of {ja} pixels gives maps with a side of {a}.",
            k=p.outputs, c=p.channels, n=p.side, m=p.side * j, j=j, a=a, ja=j * a,
        ),
        prose(
            "The layer can be written as a convolution on the maps, before they are flattened: without padding and "
            "with stride 1 it computes the same {k} numbers.",
            k=p.outputs,
        ),
    )  # fmt: skip


def _explained(p: Dense, solved: Solved) -> dict[str, tuple[Block, ...]]:
    """The steps with their explanations; the check is that both forms have the same parameters."""
    c, n, k, j = p.channels, p.side, p.outputs, p.jump
    b, s, a = symbols("p s a")
    found: dict[str, tuple[Block, ...]] = {
        "kernel_shape": (
            prose(
                "Each output is a weighted sum of all values of all maps. So each of the {k} filters has a plane for "
                "each of the {c} maps, and a plane is as large as a map.", k=k, c=c,
            ),
        ),
        "conv_parameters": (
            prose("Each filter has its weights and a bias:"),
            Display(equation((Formula("mul", n, n, c) + 1) * k, solved["conv_parameters"])),
            prose(
                "Check: the fully connected layer has as many, {l} weights and a bias for each of {k} outputs. They "
                "are the same numbers in another order.", l=n * n * c, k=k,
            ),
        ),
        "output_shape": (
            prose("The kernel fits on the maps at a single place:"),
            derived("n_out", PLACES, n=n, k=n, s=1),
        ),
        "padding": (
            prose("Padding {p} on each side gives {more} places more than the single one:", p=b, more=2 * b),
            Display(equation(b, Formula("div", Formula("add", p.wanted, Formula("neg", 1)), 2), solved["padding"])),
        ),
    }  # fmt: skip
    if p.larger:
        found["stride"] = (
            prose("One place of the maps is {j} pixels, and {t} pixels are asked for:", j=j, t=p.step),
            Display(equation(s, Formula("div", p.step, j), p.stride)),
        )
        found["map_shape"] = (
            prose("The maps of the larger image have a side of {line}. On them the kernel has",
                  line=equation(a, Formula("div", p.image, j), p.map)),
            derived("n_out", PLACES, n=p.map, k=n, s=p.stride),
            prose("places along each axis, in one pass."),
        )  # fmt: skip
    return found
