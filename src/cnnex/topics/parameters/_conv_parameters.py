"""F24: how many parameters a convolution layer has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from cnnex.maths.counting import conv_parameters, conv_weights, product
from cnnex.model import conventions as says
from cnnex.model.follow import FollowThrough, entries_of
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, prose
from cnnex.model.value import Kind, Value
from cnnex.notation.formula import symbols
from cnnex.seeds import Stream
from cnnex.topics._family import LEVELS, Family, Solved
from cnnex.topics.parameters import _layer
from cnnex.topics.parameters._layer import (
    ConvLayer,
    asked,
    counted,
    evaluated,
    layer_data,
    side_blocks,
    slip,
    words,
    zero_padding,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CountedLayer(ConvLayer):
    """The layer, and whether to ask also which is larger, the number of outputs or that of parameters.

    That question has two answers only, so drawn problems leave it out.
    """

    compare: bool


class ConvParameters(Family[CountedLayer]):
    """F24: parameters of one kernel and of the layer, beside the number of its outputs."""

    id = "F24-conv-parameters"
    title = "Parameters of a convolution layer"
    params = CountedLayer
    kinds = (Kind.SHAPE, Kind.INTEGER, Kind.BOOLEAN)
    visible: ClassVar = dict.fromkeys(
        LEVELS,
        (
            "bias-forgotten", "one-bias-in-all", "depth-forgotten", "side-counted-once", "bias-per-plane",
            "one-filter-counted",
        ),
    )  # fmt: skip

    def __init__(self) -> None:
        self.slips = (
            slip("bias-forgotten", lambda p: {
                "kernel_parameters": product((*p.kernel, p.in_channels)),
                "parameters": conv_parameters(p.in_channels, p.out_channels, p.kernel, bias=False),
            }),
            slip("one-bias-in-all", lambda p: {
                "parameters": conv_weights(p.in_channels, p.out_channels, p.kernel) + 1,
            }),
            slip("depth-forgotten", lambda p: _counts(1, p.kernel, p.out_channels)),
            slip("side-counted-once", lambda p: _counts(p.in_channels, (p.kernel_size,), p.out_channels)),
            slip("bias-per-plane", lambda p: {
                "kernel_parameters": conv_parameters(1, p.in_channels, p.kernel),
                "parameters": conv_parameters(1, p.in_channels * p.out_channels, p.kernel),
            }),
            slip("one-filter-counted", lambda p: {
                "parameters": conv_parameters(p.in_channels, 1, p.kernel), "output_count": p.side**2,
            }),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> CountedLayer:
        p = _layer.draw_conv(rng, level)
        return CountedLayer(p.in_channels, p.size, p.out_channels, p.kernel_size, p.stride, p.padding, compare=False)

    def draw_like(self, rng: Stream, level: str, pattern: Mapping[str, Any]) -> CountedLayer:
        return replace(self.draw(rng, level), compare=pattern.get("compare", False))

    def solve(self, p: CountedLayer) -> Solved:
        solved: Solved = {**_outputs(p, p.side), **_counts(p.in_channels, p.kernel, p.out_channels)}
        return {**solved, "more_outputs": solved["output_count"] > solved["parameters"]} if p.compare else solved

    def work(self, p: CountedLayer) -> int:
        return 14

    def fair(self, p: CountedLayer, solved: Solved, level: str) -> bool:
        return _layer.fair(p)

    def pose(self, p: CountedLayer, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        return Problem(
            title=self.title,
            statement=(words(p),),
            conventions=(says.CHANNELS_FIRST, says.BIAS_PER_FILTER, says.ROUND_DOWN, *zero_padding(p)),
            given=layer_data(p, bias=True),
            parts=_parts(p),
            steps=tuple(Step(name, solved[name], blocks) for name, blocks in _explained(p, solved).items()),
            mistakes=mistakes,
        )


def _parts(p: CountedLayer) -> tuple[Part, ...]:
    """The questions: what comes out, what one kernel has, what the layer has."""
    one_map: dict[str, Any] = {"input_shape": [p.size, p.size], "weight_shape": list(p.kernel)}
    more = asked(
        "more_outputs", "statement", Kind.BOOLEAN,
        "True or false? The output has more entries than the layer has parameters.", ["output_count", "parameters"],
    )  # fmt: skip
    return (
        asked(
            "map_shape", "output_shape", Kind.SHAPE, "What are height and width of one output map?", given=one_map,
        ),
        asked(
            "output_shape", "output_shape", Kind.SHAPE, "What is the shape of the output?",
            follows=FollowThrough.by(lambda *sides: (p.out_channels, *sides), *entries_of("map_shape", 2)),
        ),
        asked(
            "kernel_weights", "weight_count", Kind.INTEGER,
            "How many weights does one kernel have, without its bias?", given={"out_channels": 1},
        ),
        asked(
            "kernel_parameters", "parameter_count", Kind.INTEGER,
            "How many parameters does one filter have, with its bias?", given={"out_channels": 1},
            follows=FollowThrough.by(lambda weights: weights + 1, "kernel_weights"),
        ),
        asked(
            "parameters", "parameter_count", Kind.INTEGER, "How many parameters does the layer have?",
            follows=FollowThrough.by(lambda each: p.out_channels * each, "kernel_parameters"),
        ),
        asked(
            "map_count", "output_count", Kind.INTEGER, "How many entries does one output map have?",
            given=one_map, follows=FollowThrough.by(lambda *sides: product(sides), *entries_of("map_shape", 2)),
        ),
        asked(
            "output_count", "output_count", Kind.INTEGER, "How many entries does the whole output have?",
            follows=FollowThrough.by(lambda each: p.out_channels * each, "map_count"),
        ),
        *[more] * p.compare,
    )  # fmt: skip


def _explained(p: CountedLayer, solved: Solved) -> dict[str, tuple[Block, ...]]:
    """The explanations of the steps."""
    c, f, k = symbols("C_in C_out k")
    numbers = {"C_in": p.in_channels, "C_out": p.out_channels, "k": p.kernel_size}
    compared = prose(
        "There are {n} outputs and {m} parameters. Outputs of one map share the parameters of one filter, so their "
        "number alone says nothing about that of the parameters.",
        n=solved["output_count"], m=solved["parameters"],
    )  # fmt: skip
    return {
        "map_shape": side_blocks(p),
        "output_shape": (prose("Each of the {f} filters makes one map.", f=p.out_channels),),
        "kernel_weights": (
            prose("One kernel has {k} × {k} weights for each of the {c} input channels:", c=c, k=k),
            evaluated(product((k**2, c)), **numbers),
        ),
        "kernel_parameters": (prose("The bias of the filter is one parameter more."),),
        "parameters": (
            prose("There are {f} filters, each with as many parameters:", f=f),
            evaluated(conv_parameters(c, f, (k**2,)), **numbers),
            prose("Check: the weights of all kernels and the biases, counted apart, give the same:"),
            evaluated(conv_weights(c, f, (k**2,)) + f, **numbers),
        ),
        "map_count": (counted(p.side, p.side, value=solved["map_count"]),),
        "output_count": (
            prose("The output has {f} maps:", f=p.out_channels),
            counted(p.out_channels, solved["map_count"], value=solved["output_count"]),
        ),
        **({"more_outputs": (compared,)} if p.compare else {}),
    }


def _outputs(p: ConvLayer, side: int) -> dict[str, Value]:
    return {
        "map_shape": (side, side),
        "output_shape": (p.out_channels, side, side),
        "map_count": side**2,
        "output_count": p.out_channels * side**2,
    }


def _counts(in_channels: int, kernel: tuple[int, ...], filters: int) -> dict[str, Value]:
    return {
        "kernel_weights": product((*kernel, in_channels)),
        "kernel_parameters": conv_parameters(in_channels, 1, kernel),
        "parameters": conv_parameters(in_channels, filters, kernel),
    }
