"""F28: the fully connected layer as a convolution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from cnnex.maths.counting import conv_parameters, linear_parameters, product
from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.shapes import output_size
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, Prose, prose
from cnnex.model.value import Kind, Size, Value
from cnnex.notation.formula import Formula, Term, equation, symbol
from cnnex.seeds import Stream
from cnnex.topics._family import LEVELS, Family, Slip, Solved
from cnnex.topics._layers import derived
from cnnex.topics._sizes import slip
from cnnex.topics.architecture._flatten import BIAS, CHANNELS_ONLY, ONE_BIAS, PLACES_ONLY


@dataclass(frozen=True, slots=True)
class Dense:
    """A fully connected layer on square maps, and a larger image that it is slid over as a convolution.

    Attributes:
        channels: of the maps.
        side: of the maps for an image as in training.
        outputs: of the layer.
        jump: how many pixels of the image neighbouring places of the maps lie apart.
        step: how many pixels neighbouring outputs shall lie apart, a multiple of the jump.
        image: the side of the larger image, a multiple of the jump.
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
        """The side of the maps for the larger image."""
        return self.image // self.jump


class LinearAsConvolution(Family[Dense]):
    """F28: the weight of the convolution that computes the same, and its output on a larger image."""

    id = "F28-linear-as-convolution"
    title = "A fully connected layer as a convolution"
    params = Dense
    kinds = (Kind.INTEGER, Kind.SHAPE)
    visible: ClassVar = {
        "easy": ("only-channels-flattened", "bias-forgotten", "one-by-one-kernel", "first-window-forgotten"),
        **dict.fromkeys(LEVELS[1:], (
            "only-channels-flattened", "one-by-one-kernel", "first-window-forgotten", "image-for-maps",
            "partial-window-kept",
        )),
    }  # fmt: skip

    def __init__(self) -> None:
        self.slips = (
            Slip(*CHANNELS_ONLY, lambda p: _flat(p, p.channels)),
            Slip(*PLACES_ONLY, lambda p: _flat(p, p.side**2)),
            Slip(*BIAS, lambda p: {
                "parameters": p.outputs * p.channels * p.side**2, "conv_parameters": p.outputs * p.channels * p.side**2
            }),
            Slip(*ONE_BIAS, lambda p: {
                "parameters": p.outputs * p.channels * p.side**2 + 1,
                "conv_parameters": p.outputs * p.channels * p.side**2 + 1,
            }),
            Slip(
                "matrix-transposed",
                "Rows and columns of the matrix were exchanged.",
                "Each row of the matrix gives one output. How many columns does it need?",
                lambda p: {"matrix_shape": self.solve(p)["matrix_shape"][::-1]},
            ),
            Slip(
                "one-by-one-kernel",
                "The kernel was taken to cover a single place.",
                "On which inputs does an output of the fully connected layer depend?",
                lambda p: {
                    "kernel_shape": (p.outputs, p.channels, 1, 1), "output_shape": (p.outputs, p.side, p.side),
                    "conv_parameters": conv_parameters(p.channels, p.outputs, (1, 1)),
                },
            ),
            Slip(
                "kernel-axes-exchanged",
                "Input and output channels of the kernel were exchanged.",
                "Which axis of a weight comes first, that of the filters or that of the input channels?",
                lambda p: {"kernel_shape": (p.channels, p.outputs, p.side, p.side)},
            ),
            slip("first-window-forgotten", lambda p: {
                "output_shape": _map(p, 0), "map_shape": _map(p, _places(p) - 1)
            }),
            slip("stride-ignored", lambda p: {"map_shape": _map(p, _places(replace(p, step=p.jump)))}),
            slip("partial-window-kept", lambda p: {"map_shape": _map(p, _places(p, ceil_mode=True))}),
            slip("padding-one-side", lambda p: {"padding": p.wanted - 1}),
            Slip(
                "image-for-maps",
                "Pixels of the image were counted as places of the maps.",
                "Over what does the convolution slide, and how far apart are its places?",
                lambda p: {
                    "stride": p.step, "map_shape": _map(p, output_size(p.image, p.side, p.stride)),
                },
            ),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> Dense:
        large = level == "hard"
        jump = rng.choice((16, 20, 24, 32) if large else (2, 4, 8, 16, 32))
        stride, side = rng.randint(2, 10), rng.randint(7, 14)
        rest = 0 if level == "easy" else rng.randint(1, stride - 1)
        larger = side + stride * rng.randint(1, 9 if large else 5) + rest
        return Dense(
            channels=rng.choice((64, 96, 128, 192, 256, 384, 512) if large else (4, 6, 8, 12, 16, 20, 24, 32, 48)),
            side=side,
            outputs=rng.choice(
                (40, 50, 60, 80, 100, 120, 150, 200, 1000) if large else (5, 7, 9, 10, 14, 15, 18, 25, 30, 50)
            ),
            jump=jump,
            step=stride * jump,
            image=larger * jump,
            wanted=2 * rng.randint(1, side - 1) + 1,
        )

    def solve(self, p: Dense) -> Solved:
        if p.step % p.jump or p.image % p.jump:
            raise DoesNotFitError("step and image are multiples of the jump")
        if p.map < p.side:
            raise DoesNotFitError("the larger image gives maps that are smaller than in training")
        if p.wanted % 2 == 0:
            raise DoesNotFitError("padding on both sides leads to an odd side of the output, so wanted is odd")
        return {
            **_flat(p, product((p.channels, p.side, p.side))),
            "kernel_shape": (p.outputs, p.channels, p.side, p.side),
            "conv_parameters": conv_parameters(p.channels, p.outputs, (p.side, p.side)),
            "output_shape": _map(p, 1),
            "padding": (p.wanted - 1) // 2,
            "stride": p.stride,
            "map_shape": _map(p, _places(p)),
        }

    def work(self, p: Dense) -> int:
        return 12

    def fair(self, p: Dense, solved: Solved, level: str) -> bool:
        return p.channels != p.outputs

    def pose(self, p: Dense, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        c, n, k, i = p.channels, p.side, p.outputs, p.image
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "The last layer of a network is fully connected: it has {k} outputs and computes {line}. Its input "
                    "is flattened from {c} maps of {n} × {n} values. These maps come from an image of {m} × {m} "
                    "pixels, and neighbouring places of a map lie {j} pixels of the image apart: an image with a side "
                    "of {ja} pixels gives maps with a side of {a}.",
                    k=k, c=c, n=n, m=n * p.jump, j=p.jump, a=symbol("a"), ja=p.jump * symbol("a"),
                    line=equation(symbol("y"), LINE),
                ),
                prose(
                    "The layer can be written as a convolution on the maps, before they are flattened: without padding "
                    "and with stride 1 it computes the same {k} numbers.",
                    k=k,
                ),
            ),
            conventions=(
                says.CHANNELS_FIRST, says.SHAPE_OF_WEIGHT, says.BIASES_COUNT, says.ROUND_DOWN, says.ZERO_PADDING,
            ),
            given={
                "input_shape": [c, n, n],
                "layers": [
                    {"layer": "Flatten"},
                    {"layer": "Linear", "in_features": None, "out_features": k, "bias": True},
                ],
            },
            parts=(
                _part("flattened", "input_count", "How many values does the flattened input {x} have?", layer=1),
                _part("matrix_shape", "weight_shape", "What is the shape of {W}?", layer=1),
                _part("weights", "weight_count", "How many weights does the layer have?", layer=1),
                _part("parameters", "parameter_count", "How many parameters does the layer have?", layer=1),
                _part(
                    "kernel_shape", "equivalent_weight_shape",
                    "What is the shape of the weight of the convolution that computes the same?", layer=1,
                ),
                _part(
                    "conv_parameters", "parameter_count", "How many parameters does this convolution have?", layer=0,
                    given=_given(p, n),
                ),
                _part(
                    "output_shape", "output_shape", "What is the shape of its output?", layer=0, given=_given(p, n),
                ),
                _part(
                    "padding", "padding",
                    prose("With stride 1, which padding on each side would give it an output of {w} × {w} places?",
                          w=p.wanted),
                    layer=0, given={**_given(p, n), "output_size": p.wanted},
                ),
                _part(
                    "stride", "stride",
                    prose("In a larger image its neighbouring outputs shall lie {t} pixels apart. Which stride does it "
                          "need?", t=p.step),
                    given={"jump": p.jump, "output_jump": p.step},
                ),
                _part(
                    "map_shape", "output_shape",
                    prose("What is the shape of its output for an image of {i} × {i} pixels, with this stride and "
                          "without padding?", i=i),
                    layer=0, given=_given(p, p.map, p.stride), builds_on=("kernel_shape", "stride"),
                ),
            ),
            steps=tuple(Step(name, solved[name], blocks) for name, blocks in _explained(p, solved).items()),
            mistakes=mistakes,
        )  # fmt: skip


PLACES = (symbol("n") - symbol("k")) // symbol("s") + 1
LINE = symbol("W") * symbol("x") + symbol("b")
EARLIER = {
    "matrix_shape": ("flattened",), "weights": ("matrix_shape",), "parameters": ("weights",),
    "conv_parameters": ("kernel_shape",), "output_shape": ("kernel_shape",), "padding": ("kernel_shape",),
}  # fmt: skip


def _flat(p: Dense, length: int) -> dict[str, Value]:
    return {
        "flattened": length,
        "matrix_shape": (p.outputs, length),
        "weights": linear_parameters(length, p.outputs, bias=False),
        "parameters": linear_parameters(length, p.outputs),
    }


def _places(p: Dense, *, ceil_mode: bool = False) -> int:
    places: int = output_size(p.map, p.side, p.stride, ceil_mode=ceil_mode)
    return places


def _map(p: Dense, places: int) -> tuple[int, int, int]:
    return (p.outputs, places, places)


def _given(p: Dense, side: int, stride: int = 1) -> dict[str, Any]:
    record = {
        "layer": "Conv2d", "in_channels": p.channels, "out_channels": p.outputs, "kernel_size": [p.side, p.side],
        "stride": [stride, stride], "padding": [0, 0], "dilation": [1, 1], "bias": True,
    }  # fmt: skip
    return {"input_shape": [p.channels, side, side], "layers": [record]}


def _part(name: str, asks: str, prompt: str | Prose, **more: Any) -> Part:
    if isinstance(prompt, str):
        prompt = prose(prompt, x=symbol("x"), W=symbol("W"))
    kind = Kind.SHAPE if asks.endswith("shape") else Kind.INTEGER
    return Part(name, asks, kind, prompt, name, **{"builds_on": EARLIER.get(name, ()), **more})


def _explained(p: Dense, solved: Solved) -> dict[str, tuple[Block, ...]]:
    """The steps with their explanations; the check is that both forms have the same parameters."""
    c, n, k, length = p.channels, p.side, p.outputs, solved["flattened"]
    size, s, j = PLACES, symbol("s"), symbol("a")
    return {
        "flattened": (prose("All values of all maps stand in one row:"), _worked("mul", c, n, n, value=length)),
        "matrix_shape": (
            prose("Each output has a row of {W} and each input a column.", W=symbol("W")),
        ),
        "weights": (_worked("mul", k, length, value=solved["weights"]),),
        "parameters": (
            prose("Each output has a bias, too:"),
            _worked("add", solved["weights"], k, value=solved["parameters"]),
        ),
        "kernel_shape": (
            prose(
                "Each output is a weighted sum of all values of all maps. So each of the {k} filters has a plane for "
                "each of the {c} maps, and a plane is as large as a map.", k=k, c=c,
            ),
        ),
        "conv_parameters": (
            prose("Check: the same numbers in another order, so there are as many."),
            Display(equation((Formula("mul", n, n, c) + 1) * k, solved["conv_parameters"])),
        ),
        "output_shape": (
            prose("The kernel fits on the maps at a single place:"),
            derived("n_out", size, n=n, k=n, s=1),
        ),
        "padding": (
            prose("Padding {p} on each side gives {more} places more than the single one:",
                  p=symbol("p"), more=2 * symbol("p")),
            Display(equation(symbol("p"), Formula("div", Formula("add", p.wanted, Formula("neg", 1)), 2),
                             solved["padding"])),
        ),
        "stride": (
            prose("One place of the maps is {j} pixels, and {t} pixels are asked for:", j=p.jump, t=p.step),
            Display(equation(s, Formula("div", p.step, p.jump), p.stride)),
        ),
        "map_shape": (
            prose("The maps of the larger image have a side of {line}. On them the kernel has",
                  line=equation(j, Formula("div", p.image, p.jump), p.map)),
            derived("n_out", size, n=p.map, k=n, s=p.stride),
            prose("places along each axis, in one pass."),
        ),
    }  # fmt: skip


def _worked(operation: str, *terms: Term, value: int) -> Display:
    return Display(equation(Formula(operation, *terms), value))
