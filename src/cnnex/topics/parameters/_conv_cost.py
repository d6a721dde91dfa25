"""F26 for one convolution layer: multiply-adds, floating point operations and the memory of its output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cnnex.maths.counting import conv_macs, conv_weights, product
from cnnex.model import conventions as says
from cnnex.model.follow import FollowThrough, entries_of
from cnnex.model.problem import Mistake, Problem, Step
from cnnex.model.prose import prose
from cnnex.model.value import Kind, Size, Value
from cnnex.notation.formula import symbols
from cnnex.seeds import Stream
from cnnex.topics._family import LEVELS, Family, Solved
from cnnex.topics.parameters import _cost, _layer
from cnnex.topics.parameters._layer import ConvLayer, asked, counted, evaluated, layer_data, side_blocks, slip, words


@dataclass(frozen=True, slots=True)
class BatchedLayer(ConvLayer):
    """A layer, how many inputs it gets at once, and the memory of one value."""

    batch_size: Size
    bytes_per_value: _cost.Bytes


class ConvCost(Family[BatchedLayer]):
    """F26 for one convolution layer."""

    id = "F26-conv-cost"
    title = "Operations and memory of a convolution layer"
    params = BatchedLayer
    kinds = (Kind.SHAPE, Kind.INTEGER)
    visible: ClassVar = dict.fromkeys(
        LEVELS, ("operations-mixed-up", "input-size-used", "depth-forgotten", "positions-forgotten", "batch-forgotten")
    )

    def __init__(self) -> None:
        self.slips = (
            slip("operations-mixed-up", lambda p: {
                "macs": _cost.FLOPS_PER_MAC * self.solve(p)["macs"], "flops": self.solve(p)["macs"],
            }),
            slip("input-size-used", lambda p: _costs(p, (p.out_channels, p.size, p.size))),
            slip("depth-forgotten", lambda p: _operations(conv_macs(1, p.output_shape, p.kernel))),
            slip("positions-forgotten", lambda p: _operations(conv_weights(p.in_channels, p.out_channels, p.kernel))),
            *_cost.memory_slips(lambda p: product(p.output_shape)),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> BatchedLayer:
        sizes = {"easy": (6, 12), "medium": (12, 28), "hard": (20, 48)}
        size, kernel_size, stride, padding = _layer.draw_geometry(rng, level, sizes)
        channels, filters = {"easy": (5, 8), "medium": (8, 24), "hard": (16, 48)}[level]
        in_out = rng.randint(2, channels), rng.randint(2, filters)
        return BatchedLayer(in_out[0], size, in_out[1], kernel_size, stride, padding, *_cost.draw_batch(rng, level))

    def solve(self, p: BatchedLayer) -> Solved:
        return {"output_shape": p.output_shape, **_costs(p, p.output_shape)}

    def work(self, p: BatchedLayer) -> int:
        return 14

    def fair(self, p: BatchedLayer, solved: Solved, level: str) -> bool:
        return _layer.fair(p)

    def pose(self, p: BatchedLayer, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        c, f, k, h, w = symbols("C_in C_out k H_out W_out")
        return Problem(
            title=self.title,
            statement=(words(p),),
            conventions=(
                says.CHANNELS_FIRST, says.MULTIPLY_ADD, says.BYTES, says.ROUND_DOWN, *_layer.zero_padding(p),
            ),
            given={
                **layer_data(p, bias=True), "batch_size": p.batch_size, "bytes_per_value": p.bytes_per_value,
            },
            parts=(
                asked("output_shape", "output_shape", Kind.SHAPE, "What is the shape of the output for one input?"),
                asked(
                    "macs", "macs", Kind.INTEGER, "How many MACs does the layer take for one input?",
                    follows=FollowThrough.by(
                        lambda *shape: conv_macs(p.in_channels, shape, p.kernel), *entries_of("output_shape", 3)
                    ),
                ),
                _cost.flops_part("layer", "macs"),
                _cost.memory_part(p, "How many bytes does the output take", FollowThrough.by(
                    lambda *shape: _cost.memory(p, product(shape)), *entries_of("output_shape", 3)
                )),
            ),
            steps=(
                Step("output_shape", solved["output_shape"], (
                    *side_blocks(p), prose("Each of the {f} filters makes one map.", f=p.out_channels),
                )),
                Step("macs", solved["macs"], (
                    prose("Each output value takes {n} multiply-adds, one for each weight of its kernel:", n=k**2 * c),
                    evaluated(
                        conv_macs(c, (h, w, f), (k**2,)), C_in=p.in_channels, C_out=p.out_channels, k=p.kernel_size,
                        H_out=p.side, W_out=p.side,
                    ),
                    prose(
                        "Check: each of the {n} weights is used once at each of the {m} places.",
                        n=conv_weights(p.in_channels, p.out_channels, p.kernel), m=p.side**2,
                    ),
                )),
                _cost.flops_step(solved),
                _memory_step(p, solved["activation_memory"], product(p.output_shape)),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _operations(count: int) -> dict[str, Value]:
    return {"macs": count, "flops": _cost.FLOPS_PER_MAC * count}


def _costs(p: BatchedLayer, output_shape: tuple[int, ...]) -> dict[str, Value]:
    return {
        **_operations(conv_macs(p.in_channels, output_shape, p.kernel)),
        "activation_memory": _cost.memory(p, product(output_shape)),
    }


def _memory_step(p: BatchedLayer, memory: int, values: int) -> Step:
    return Step("activation_memory", memory, (
        prose("The output has"), counted(*p.output_shape, value=values), *_cost.memory_blocks(p, values, memory),
    ))  # fmt: skip
