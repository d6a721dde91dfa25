"""F24 for a small network: the parameters of each layer and of all together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ClassVar

from cnnex.maths.counting import batch_norm_parameters, conv_parameters, linear_parameters
from cnnex.maths.stack import Layer, Row, Shape, parameters
from cnnex.model import conventions as says
from cnnex.model.follow import FollowThrough
from cnnex.model.problem import Mistake, Problem, Step
from cnnex.model.prose import Display, Prose, prose
from cnnex.model.value import Kind, Value
from cnnex.notation.formula import Formula, Term, total
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics.parameters import _network
from cnnex.topics.parameters._layer import asked, counted, slip
from cnnex.topics.parameters._network import (
    Network,
    draw_network,
    layer_part,
    network_data,
    network_words,
    pools_skipped,
    shapes_step,
    sum_line,
    title,
)  # fmt: skip

LEARNED = ("Conv2d", "BatchNorm2d", "Linear")


class NetworkParameters(Family[Network]):
    """F24: parameters of a small network."""

    id = "F24-network-parameters"
    title = "Parameters of a network"
    params = Network
    kinds = (Kind.INTEGER,)
    visible: ClassVar = {
        "easy": ("bias-forgotten", "depth-forgotten", "pooling-skipped", "planes-not-flattened"),
        "medium": ("bias-forgotten", "depth-forgotten", "pooling-skipped", "running-statistics-counted"),
        "hard": ("bias-forgotten", "depth-forgotten", "planes-not-flattened", "running-statistics-counted"),
    }

    def __init__(self) -> None:
        self.slips = (
            slip("bias-forgotten", self._by(lambda layer, x: parameters(replace(layer, bias=False), x))),
            slip("depth-forgotten", self._by(
                lambda layer, x: conv_parameters(1, layer.outputs, (layer.kernel_size,) * 2), "Conv2d"
            )),
            Slip(
                "running-statistics-counted",
                "Running mean and running variance were counted as parameters.",
                "Which numbers of a batch normalization does training learn?",
                self._by(lambda layer, x: 2 * batch_norm_parameters(x[0]), "BatchNorm2d"),
            ),
            Slip(
                "pooling-counted",
                "The entries of the pooling windows were counted as weights.",
                "What does a pooling layer learn?",
                self._by(lambda layer, x: layer.kernel_size**2 * x[0], "MaxPool2d"),
            ),
            Slip(
                "planes-not-flattened",
                "Only the channels were counted as inputs of the first fully connected layer.",
                "What becomes of height and width when the maps are flattened?",
                self._on_channels,
            ),
            pools_skipped(lambda p, rows: _values(rows)),
        )  # fmt: skip

    def _by(self, rule: Callable[[Layer, Shape], int], kind: str = "") -> Callable[[Network], dict[str, Value]]:
        """The values when layers of a kind, or all, are counted by another rule."""

        def count(row: Row) -> Row:
            counted = not kind or row.layer.kind == kind
            return row._replace(parameters=rule(row.layer, row.input)) if counted else row

        return lambda p: _values({name: count(row) for name, row in p.rows.items()})

    def _on_channels(self, p: Network) -> dict[str, Value]:
        right = _values(p.rows)
        first = linear_parameters(p.filters[-1], p.features[0])
        total = right["total"] - right["linear_1"] + first  # type: ignore[operator]
        return {"features": p.filters[-1], "linear_1": first, "total": total}

    def draw(self, rng: Stream, level: str) -> Network:
        return draw_network(rng, level, batch_norm=level != "easy")

    def solve(self, p: Network) -> Solved:
        return _values(p.rows)

    def work(self, p: Network) -> int:
        return 8 * len(p.layers) - 12

    def fair(self, p: Network, solved: Solved, level: str) -> bool:
        return _network.fair(p)

    def pose(self, p: Network, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        rows = p.rows
        learned = [name for name, row in rows.items() if row.parameters]
        first = FollowThrough.by(lambda inputs: linear_parameters(inputs, p.features[0]), "features")
        return Problem(
            title=self.title,
            statement=network_words(p),
            conventions=(says.BIASES_COUNT, says.LEARNED_ONLY, says.ROUND_DOWN, *[says.ZERO_PADDING] * any(p.padding)),
            given=network_data(p),
            parts=(
                asked(
                    "features", "output_count", Kind.INTEGER,
                    "How many inputs does the first fully connected layer have?", layer=list(rows).index("flatten"),
                ),
                *[
                    layer_part(p, name, "parameter_count", "parameters", first if name == "linear_1" else None)
                    for name in learned
                ],
                asked(
                    "total", "parameter_count", Kind.INTEGER,
                    "How many parameters does the network have in all?",
                    follows=FollowThrough.by(lambda *each: total(each), *learned),
                ),
            ),
            steps=(
                shapes_step(p, solved["features"]),
                *[Step(name, solved[name], _blocks(name, rows[name])) for name in learned],
                Step("total", solved["total"], (
                    prose("Pooling and flattening learn nothing. The sum of the others:"),
                    sum_line([rows[name].parameters for name in learned], rows_total(rows)),
                    prose("Check: the biases alone, and the rest:"),
                    sum_line(list(_apart(rows)), rows_total(rows)),
                )),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def rows_total(rows: Mapping[str, Row]) -> int:
    """The parameters of all layers."""
    return sum(row.parameters for row in rows.values())


def _values(rows: Mapping[str, Row]) -> dict[str, Value]:
    learned = {name: row.parameters for name, row in rows.items() if row.layer.kind in LEARNED}
    return {"features": rows["flatten"].shape[0], **learned, "total": rows_total(rows)}


def _blocks(name: str, row: Row) -> tuple[Prose, Display]:
    """How a layer's parameters are counted, in numbers."""
    layer, channels = row.layer, row.input[0]
    if layer.kind == "BatchNorm2d":
        words = prose("In {layer} each channel has a scale and a shift:", layer=title(name))
        return words, counted(2, channels, value=row.parameters)
    inputs: Term = channels
    if layer.kind == "Conv2d":
        inputs = Formula("mul", layer.kernel_size, layer.kernel_size, channels)
    words = prose(
        "In {layer} each {one} has its weights and one bias:",
        layer=title(name), one="filter" if layer.kind == "Conv2d" else "output",
    )  # fmt: skip
    return words, counted(Formula("add", inputs, 1), layer.outputs, value=row.parameters)


def _apart(rows: Mapping[str, Row]) -> tuple[int, int]:
    """The biases of all layers, and what is left."""
    biases = sum(map(_biases, rows.values()))
    return biases, rows_total(rows) - biases


def _biases(row: Row) -> int:
    return int(row.layer.outputs) if row.layer.kind in ("Conv2d", "Linear") else 0
