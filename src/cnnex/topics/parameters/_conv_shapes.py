"""F24: the shapes of the arrays of a convolution layer."""

from __future__ import annotations

from typing import ClassVar

from cnnex.maths.counting import conv_weights, product
from cnnex.maths.shapes import output_size
from cnnex.model import conventions as says
from cnnex.model.follow import FollowThrough, entries_of
from cnnex.model.problem import Mistake, Problem, Step
from cnnex.model.prose import Block, prose
from cnnex.model.value import Kind, Value
from cnnex.notation.formula import symbols
from cnnex.seeds import Stream
from cnnex.topics import _sizes
from cnnex.topics._family import Family, Solved
from cnnex.topics.parameters import _layer
from cnnex.topics.parameters._layer import (
    ConvLayer,
    asked,
    evaluated,
    fitting,
    layer_data,
    side_blocks,
    slip,
    words,
    zero_padding,
)  # fmt: skip


class ConvShapes(Family[ConvLayer]):
    """F24: the shapes of input, kernels, bias and output."""

    id = "F24-conv-shapes"
    title = "Shapes of a convolution layer"
    params = ConvLayer
    kinds = (Kind.SHAPE, Kind.INTEGER)
    visible: ClassVar = {
        "easy": ("depth-forgotten", "channels-exchanged", "input-channels-kept", "channels-last"),
        "medium": ("depth-forgotten", "channels-exchanged", "input-channels-kept", "stride-ignored"),
        "hard": ("depth-forgotten", "channels-exchanged", "input-channels-kept", "padding-forgotten"),
    }

    def __init__(self) -> None:
        self.slips = (
            slip("depth-forgotten", lambda p: {
                "kernel_shape": p.kernel,
                "weight_shape": (p.out_channels, *p.kernel),
                "weights": conv_weights(1, p.out_channels, p.kernel),
            }),
            slip("channels-exchanged", lambda p: {
                "weight_shape": (p.in_channels, p.out_channels, *p.kernel), "bias_shape": (p.in_channels,),
            }),
            slip("channels-last", lambda p: {
                name: (*sides, channels)
                for name in ("input_shape", "kernel_shape", "output_shape")
                for channels, *sides in [self.solve(p)[name]]
            }),
            slip("input-channels-kept", lambda p: {"output_shape": (p.in_channels, p.side, p.side)}),
            _sizes.slip("padding-forgotten", lambda p: _shaped(p, output_size(p.size, p.kernel_size, p.stride))),
            _sizes.slip("stride-ignored", lambda p: _shaped(
                p, output_size(p.size, p.kernel_size, padding=p.padding)
            )),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> ConvLayer:
        return _layer.draw_conv(rng, level)

    def solve(self, p: ConvLayer) -> Solved:
        return {
            "input_shape": p.input_shape,
            "kernel_shape": (p.in_channels, *p.kernel),
            "weight_shape": (p.out_channels, p.in_channels, *p.kernel),
            "bias_shape": (p.out_channels,),
            "output_size": p.side,
            "output_shape": p.output_shape,
            "weights": conv_weights(p.in_channels, p.out_channels, p.kernel),
        }

    def work(self, p: ConvLayer) -> int:
        return 15

    def fair(self, p: ConvLayer, solved: Solved, level: str) -> bool:
        return _layer.fair(p)

    def pose(self, p: ConvLayer, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        c, f, k = symbols("C_in C_out k")
        of_layer = {"in_channels": c, "filters": f, "k": k}
        said: dict[str, tuple[Block, ...]] = {
            "input_shape": (prose("Channels come first, then height and width."),),
            "kernel_shape": (
                prose(
                    "A filter has a plane of {k} × {k} weights for each of the {c} input channels.",
                    c=p.in_channels, k=p.kernel_size,
                ),
            ),
            "weight_shape": (prose("There are {f} such kernels, stacked along a new first axis:", f=p.out_channels),),
            "bias_shape": (prose("Each of the {f} filters adds one bias to all its outputs.", f=p.out_channels),),
            "output_size": side_blocks(p),
            "output_shape": (
                prose("Each of the {f} filters sums over all input channels and makes one map.", f=p.out_channels),
            ),
            "weights": (
                prose("With kernel side {k}, {in_channels} input channels and {filters} filters:", **of_layer),
                evaluated(
                    conv_weights(c, f, (k**2,)), k=p.kernel_size, C_in=p.in_channels, C_out=p.out_channels
                ),
                prose("Check: that is the product of the shape of all kernels."),
            ),
        }  # fmt: skip
        return Problem(
            title=self.title,
            statement=(words(p),),
            conventions=(says.CHANNELS_FIRST, says.SHAPE_OF_WEIGHT, says.ROUND_DOWN, *zero_padding(p)),
            given=layer_data(p, bias=True),
            parts=(
                asked("input_shape", "input_shape", Kind.SHAPE, "What is the shape of the input?"),
                asked("kernel_shape", "kernel_shape", Kind.SHAPE, "What is the shape of one kernel, without bias?"),
                asked(
                    "weight_shape", "weight_shape", Kind.SHAPE,
                    "What is the shape of the array that holds all kernels?",
                    follows=FollowThrough.by(lambda *kernel: (p.out_channels, *kernel), *entries_of("kernel_shape", 3)),
                ),
                asked(
                    "bias_shape", "bias_shape", Kind.SHAPE,
                    "The layer has biases, too. What is the shape of the array that holds them?",
                ),
                asked("output_size", "output_size", Kind.INTEGER, "What is the side of one output map?"),
                asked(
                    "output_shape", "output_shape", Kind.SHAPE, "What is the shape of the output?",
                    follows=FollowThrough.by(lambda side: (p.out_channels, side, side), "output_size"),
                ),
                asked(
                    "weights", "weight_count", Kind.INTEGER,
                    "How many weights does the layer have, biases not counted?",
                    follows=FollowThrough.by(lambda *shape: product(shape), *entries_of("weight_shape", 4)),
                ),
            ),
            steps=tuple(Step(name, solved[name], blocks) for name, blocks in said.items()),
            mistakes=mistakes,
        )  # fmt: skip


def _shaped(p: ConvLayer, side: int) -> dict[str, Value]:
    return {"output_size": fitting(p, side), "output_shape": (p.out_channels, side, side)}
