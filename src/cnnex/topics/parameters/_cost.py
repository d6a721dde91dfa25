"""F26: multiply-adds, floating point operations and the memory of activations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from cnnex.maths.counting import conv_macs, conv_weights, product
from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.stack import Layer, Row, Shape, macs
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Display, Prose, prose
from cnnex.model.value import Kind, Size, Value
from cnnex.notation.formula import Term, symbols
from cnnex.seeds import Stream
from cnnex.topics import _sizes
from cnnex.topics._family import LEVELS, Family, Slip, Solved
from cnnex.topics.parameters import _layer, _network
from cnnex.topics.parameters._layer import ConvLayer, asked, counted, evaluated, layer_data, side_blocks, slip, words
from cnnex.topics.parameters._network import Network, network_data, network_words, title

Bytes = Annotated[int, Meta(ge=1, le=16)]
FLOPS_PER_MAC = 2


@dataclass(frozen=True, slots=True)
class BatchedLayer(ConvLayer):
    """A layer, how many inputs it gets at once, and the memory of one value."""

    batch_size: Size
    bytes_per_value: Bytes


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
                "macs": FLOPS_PER_MAC * self.solve(p)["macs"], "flops": self.solve(p)["macs"],
            }),
            slip("input-size-used", lambda p: _costs(p, (p.out_channels, p.size, p.size))),
            slip("depth-forgotten", lambda p: _operations(conv_macs(1, p.output_shape, p.kernel))),
            slip("positions-forgotten", lambda p: _operations(conv_weights(p.in_channels, p.out_channels, p.kernel))),
            slip("batch-forgotten", lambda p: {
                "activation_memory": p.bytes_per_value * product(p.output_shape)
            } if p.batch_size > 1 else {}),
            slip("bytes-forgotten", lambda p: {"activation_memory": p.batch_size * product(p.output_shape)}),
            _sizes.slip("first-window-forgotten", lambda p: {
                "output_shape": (p.out_channels, p.side - 1, p.side - 1),
                **_costs(p, (p.out_channels, p.side - 1, p.side - 1)),
            }),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> BatchedLayer:
        sizes = {"easy": (6, 12), "medium": (12, 28), "hard": (20, 48)}
        size, kernel_size, stride, padding = _layer.draw_geometry(rng, level, sizes)
        channels, filters = {"easy": (5, 8), "medium": (8, 24), "hard": (16, 48)}[level]
        return BatchedLayer(
            rng.randint(2, channels), size, rng.randint(2, filters), kernel_size, stride, padding, *_batch(rng, level)
        )

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
                    "macs", "macs", Kind.INTEGER, "How many MACs does the layer take for one input?", ["output_shape"]
                ),
                asked("flops", "flops", Kind.INTEGER, "How many FLOPs does the layer take for one input?", ["macs"]),
                _memory_part(p, "How many bytes does the output take", ("output_shape",)),
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
                _flops_step(solved),
                _memory_step(p, solved["activation_memory"], product(p.output_shape)),
            ),
            mistakes=mistakes,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class BatchedNetwork(Network):
    """A network, how many inputs it gets at once, and the memory of one value."""

    batch_size: Size
    bytes_per_value: Bytes


class NetworkCost(Family[BatchedNetwork]):
    """F26 for a convolution with a fully connected layer, and for small networks."""

    id = "F26-network-cost"
    title = "Operations and memory of a network"
    params = BatchedNetwork
    kinds = (Kind.INTEGER,)
    visible: ClassVar = {
        "easy": ("operations-mixed-up", "input-size-used", "depth-forgotten", "positions-forgotten"),
        "medium": ("operations-mixed-up", "input-size-used", "depth-forgotten", "batch-forgotten"),
        "hard": ("operations-mixed-up", "input-size-used", "positions-forgotten", "batch-forgotten"),
    }

    def __init__(self) -> None:
        def convolutions(rule: Callable[[Layer, Shape, Shape], int]) -> Callable[[BatchedNetwork], dict[str, Any]]:
            def count(row: Row) -> Row:
                convolved = row.layer.kind == "Conv2d"
                return row._replace(macs=rule(row.layer, row.input, row.shape)) if convolved else row

            return lambda p: _operated({name: count(row) for name, row in p.rows.items()})

        self.slips = (
            slip("operations-mixed-up", lambda p: {
                **{name: FLOPS_PER_MAC * value for name, value in _operated(p.rows).items()},
                "flops": _operated(p.rows)["total"],
            }),
            slip("input-size-used", convolutions(lambda layer, x, y: macs(layer, x, (y[0], *x[1:])))),
            slip("depth-forgotten", convolutions(lambda layer, x, y: macs(layer, (1,), y))),
            slip("positions-forgotten", convolutions(lambda layer, x, y: macs(layer, x, (y[0],)))),
            slip("batch-forgotten", lambda p: {"activation_memory": p.bytes_per_value * _activations(p.rows)}),
            slip("bytes-forgotten", lambda p: {"activation_memory": p.batch_size * _activations(p.rows)}),
            Slip(
                "input-counted",
                "The input of the network was counted as an activation.",
                "Which values does the network compute?",
                lambda p: {"activation_memory": _memory(p, _activations(p.rows) + product(p.input_shape))},
            ),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> BatchedNetwork:
        p = _network.draw_network(rng, level, batch_norm=False, pooled=level != "easy")
        return BatchedNetwork(
            p.channels, p.size, p.filters, p.kernel_size, p.padding, p.batch_norm, p.pool_size, p.features,
            *_batch(rng, level),
        )  # fmt: skip

    def solve(self, p: BatchedNetwork) -> Solved:
        if p.batch_norm:
            raise DoesNotFitError("operations of a batch normalization are not counted; leave it out")
        rows = p.rows
        operated = _operated(rows)
        return {
            "features": rows["flatten"].shape[0], **operated, "activation_memory": _memory(p, _activations(rows)),
        }  # fmt: skip

    def work(self, p: BatchedNetwork) -> int:
        return 7 * len(p.layers) - 3

    def fair(self, p: BatchedNetwork, solved: Solved, level: str) -> bool:
        return _network.fair(p)

    def pose(self, p: BatchedNetwork, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        rows = p.rows
        counts = [name for name, row in rows.items() if row.macs]
        kept = [product(row.shape) for row in _computed(rows)]
        return Problem(
            title=self.title,
            statement=network_words(p),
            conventions=(
                says.MULTIPLY_ADD, says.ACTIVATIONS, says.BYTES, says.ROUND_DOWN,
                *[says.ZERO_PADDING] * any(p.padding),
            ),
            given={**network_data(p), "batch_size": p.batch_size, "bytes_per_value": p.bytes_per_value},
            parts=(
                *[
                    asked(
                        name, "macs", Kind.INTEGER,
                        prose("How many MACs does {layer} take for one input?", layer=title(name)),
                        layer=list(rows).index(name),
                    )
                    for name in counts
                ],
                asked("total", "macs", Kind.INTEGER, "How many MACs does the network take for one input?", counts),
                asked("flops", "flops", Kind.INTEGER, "How many FLOPs does the network take for one input?", ["total"]),
                _memory_part(p, "How many bytes do the activations of all layers take together"),
            ),
            steps=(
                _network.shapes_step(p, solved["features"]),
                *[Step(name, solved[name], _macs_blocks(name, rows[name])) for name in counts],
                Step("total", solved["total"], (
                    _network.sum_line([solved[name] for name in counts], solved["total"]),
                )),
                _flops_step(solved, "total"),
                Step("activation_memory", solved["activation_memory"], (
                    prose("The outputs of convolutions, poolings and fully connected layers have together"),
                    _network.sum_line(kept, sum(kept)),
                    *_memory_blocks(p, sum(kept), solved["activation_memory"]),
                )),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _batch(rng: Stream, level: str) -> tuple[int, int]:
    """How many inputs, and the bytes of a value: 4 as in float32, 2 or 8 at the hard level."""
    return rng.choice((4, 8, 10, 16, 20, 32)), 4 if level != "hard" else rng.choice((2, 8))


def _operations(count: int) -> dict[str, Value]:
    return {"macs": count, "flops": FLOPS_PER_MAC * count}


def _costs(p: BatchedLayer, output_shape: tuple[int, ...]) -> dict[str, Value]:
    return {
        **_operations(conv_macs(p.in_channels, output_shape, p.kernel)),
        "activation_memory": _memory(p, product(output_shape)),
    }


def _operated(rows: Mapping[str, Row]) -> dict[str, Any]:
    counts = {name: row.macs for name, row in rows.items() if row.layer.kind in ("Conv2d", "Linear")}
    all_together = sum(counts.values())
    return {**counts, "total": all_together, "flops": FLOPS_PER_MAC * all_together}


def _computed(rows: Mapping[str, Row]) -> list[Row]:
    return [row for row in rows.values() if row.layer.kind != "Flatten"]


def _activations(rows: Mapping[str, Row]) -> int:
    return sum(product(row.shape) for row in _computed(rows))


def _memory(p: BatchedLayer | BatchedNetwork, values: int) -> int:
    return p.batch_size * p.bytes_per_value * values


def _memory_part(p: BatchedLayer | BatchedNetwork, question: str, builds_on: tuple[str, ...] = ()) -> Part:
    words: Prose = prose(
        "{question} for a batch of {n}, if a value takes {b}?",
        question=question, n=_layer.plural(p.batch_size, "input"), b=_layer.plural(p.bytes_per_value, "byte"),
    )  # fmt: skip
    return asked("activation_memory", "activation_memory", Kind.INTEGER, words, builds_on)


def _memory_blocks(p: BatchedLayer | BatchedNetwork, values: int, memory: int) -> tuple[Prose, Display]:
    return (
        prose("values for one input. For the batch, in bytes:"),
        counted(p.batch_size, p.bytes_per_value, values, value=memory),
    )


def _memory_step(p: BatchedLayer, memory: int, values: int) -> Step:
    return Step("activation_memory", memory, (
        prose("The output has"), counted(*p.output_shape, value=values), *_memory_blocks(p, values, memory),
    ))  # fmt: skip


def _flops_step(solved: Solved, of: str = "macs") -> Step:
    return Step("flops", solved["flops"], (
        prose("One MAC is a multiplication and an addition:"),
        counted(FLOPS_PER_MAC, solved[of], value=solved["flops"]),
    ))  # fmt: skip


def _macs_blocks(name: str, row: Row) -> tuple[Prose, Display]:
    """Multiply-adds of one output value, times the number of outputs."""
    layer, channels = row.layer, row.input[0]
    each: list[Term] = [layer.kernel_size, layer.kernel_size, channels] if layer.kind == "Conv2d" else [channels]
    words = prose(
        "For {layer}: the number of outputs, and for each of them one MAC for each weight:", layer=title(name)
    )
    return words, counted(*row.shape, *each, value=row.macs)
