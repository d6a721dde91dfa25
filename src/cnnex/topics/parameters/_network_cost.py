"""F26 for small networks: operations, and the memory of activations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from cnnex.maths.counting import product
from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.stack import Layer, Row, Shape, macs
from cnnex.model import conventions as says
from cnnex.model.follow import FollowThrough
from cnnex.model.problem import Mistake, Problem, Step
from cnnex.model.prose import Display, Prose, prose
from cnnex.model.value import Kind, Size
from cnnex.notation.formula import Term, total
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Solved
from cnnex.topics.parameters import _cost, _network
from cnnex.topics.parameters._layer import asked, counted, slip
from cnnex.topics.parameters._network import Network, network_data, network_words, title


@dataclass(frozen=True, slots=True)
class BatchedNetwork(Network):
    """A network, how many inputs it gets at once, and the memory of one value."""

    batch_size: Size
    bytes_per_value: _cost.Bytes


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
                **{name: _cost.FLOPS_PER_MAC * value for name, value in _operated(p.rows).items()},
                "flops": _operated(p.rows)["total"],
            }),
            slip("input-size-used", convolutions(lambda layer, x, y: macs(layer, x, (y[0], *x[1:])))),
            slip("depth-forgotten", convolutions(lambda layer, x, y: macs(layer, (1,), y))),
            slip("positions-forgotten", convolutions(lambda layer, x, y: macs(layer, x, (y[0],)))),
            *_cost.memory_slips(lambda p: _activations(p.rows)),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> BatchedNetwork:
        p = _network.draw_network(rng, level, batch_norm=False, pooled=level != "easy")
        return BatchedNetwork(
            p.channels, p.size, p.filters, p.kernel_size, p.padding, p.batch_norm, p.pool_size, p.features,
            *_cost.draw_batch(rng, level),
        )  # fmt: skip

    def solve(self, p: BatchedNetwork) -> Solved:
        if p.batch_norm:
            raise DoesNotFitError("operations of a batch normalization are not counted; leave it out")
        rows = p.rows
        operated = _operated(rows)
        return {
            "features": rows["flatten"].shape[0], **operated, "activation_memory": _cost.memory(p, _activations(rows)),
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
                asked(
                    "total", "macs", Kind.INTEGER, "How many MACs does the network take for one input?",
                    follows=FollowThrough.by(lambda *each: total(each), *counts),
                ),
                _cost.flops_part("network", "total"),
                _cost.memory_part(p, "How many bytes do the activations of all layers take together"),
            ),
            steps=(
                _network.shapes_step(p, solved["features"]),
                *[Step(name, solved[name], _macs_blocks(name, rows[name])) for name in counts],
                Step("total", solved["total"], (
                    _network.sum_line([solved[name] for name in counts], solved["total"]),
                )),
                _cost.flops_step(solved, "total"),
                Step("activation_memory", solved["activation_memory"], (
                    prose("The outputs of convolutions, poolings and fully connected layers have together"),
                    _network.sum_line(kept, sum(kept)),
                    *_cost.memory_blocks(p, sum(kept), solved["activation_memory"]),
                )),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _operated(rows: Mapping[str, Row]) -> dict[str, Any]:
    counts = {name: row.macs for name, row in rows.items() if row.layer.kind in ("Conv2d", "Linear")}
    all_together = sum(counts.values())
    return {**counts, "total": all_together, "flops": _cost.FLOPS_PER_MAC * all_together}


def _computed(rows: Mapping[str, Row]) -> list[Row]:
    return [row for row in rows.values() if row.layer.kind != "Flatten"]


def _activations(rows: Mapping[str, Row]) -> int:
    return sum(product(row.shape) for row in _computed(rows))


def _macs_blocks(name: str, row: Row) -> tuple[Prose, Display]:
    """Multiply-adds of one output value, times the number of outputs."""
    layer, channels = row.layer, row.input[0]
    each: list[Term] = [layer.kernel_size, layer.kernel_size, channels] if layer.kind == "Conv2d" else [channels]
    words = prose(
        "For {layer}: the number of outputs, and for each of them one MAC for each weight:", layer=title(name)
    )
    return words, counted(*row.shape, *each, value=row.macs)
