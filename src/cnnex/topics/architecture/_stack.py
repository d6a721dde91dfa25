"""What both families of F02 share: cells of the layer table of a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

from cnnex.maths.stack import COUNTED, WINDOWS, Row, output_shape
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, prose
from cnnex.model.value import Kind, Value
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Solved
from cnnex.topics.architecture._follow import follows
from cnnex.topics.architecture._network import Layout, Network, draw_layers, draw_side, layer_table, records
from cnnex.topics.architecture._solution import COLUMNS

KEPT = ("BatchNorm2d", "ReLU")
"""Layers that change neither shape nor receptive field."""


class Cell(NamedTuple):
    """A cell that is asked for.

    Attributes:
        name: of the part and of its step.
        column: `size`, `in`, `params`, `macs`, `rf`.
        place: of the layer; None for the sum of a column.
    """

    name: str
    column: str
    place: int | None


Named = tuple[tuple[str, str], ...]
"""Name and kind of each layer."""


@lru_cache(64)  # the layers of drawn networks differ in their numbers only
def asked_cells(layers: Named, columns: tuple[str, ...], ask_zeros: bool) -> list[Cell]:
    """What is asked of a network, layer by layer."""
    cells: list[Cell] = []
    before = ""
    for place, (name, kind) in enumerate(layers):
        asked = {
            "size": kind in WINDOWS or (kind in KEPT and ask_zeros),
            "in": before == "Flatten",
            "params": kind in (*COUNTED, "BatchNorm2d") or (ask_zeros and kind != "Flatten"),
            "macs": kind in COUNTED or (ask_zeros and kind != "Flatten"),
            "rf": kind in WINDOWS,
        }
        cells += [Cell(f"{name}_{column}", column, place) for column in columns if asked[column]]
        before = kind
    # The sum of a single number asks nothing new.
    summed = [column for column in SUMS if sum(cell.column == column for cell in cells) > 1]
    return cells + [Cell(f"total_{column}", column, None) for column in summed]


ASKS = {
    "size": "output_shape",
    "in": "input_count",
    "params": "parameter_count",
    "macs": "macs",
    "rf": "receptive_field",
}
READ: dict[str, Callable[[Row], Any]] = {
    "size": lambda row: row.shape, "in": lambda row: row.input[0], "params": lambda row: row.parameters,
    "macs": lambda row: row.macs, "rf": lambda row: row.field.size,
}  # fmt: skip
PROMPTS = {
    "size": "What is the shape of the output of {name}?",
    "in": "How many inputs does {name} have after flattening?",
    "params": "How many parameters does {name} have?",
    "macs": "How many MACs does {name} need?",
    "rf": "What is the size of the receptive field of an output of {name}?",
}
SUMS = {"params": "How many parameters does the network have?", "macs": "How many MACs does the network need?"}


class Stack(Family[Network]):
    """Asks for some columns of the layer table of a network."""

    params = Network
    columns: ClassVar[tuple[str, ...]]
    layouts: ClassVar[Mapping[str, Sequence[Layout]]]
    square: ClassVar[bool]

    def draw(self, rng: Stream, level: str) -> Network:
        return self._drawn(rng, level, rng.choice(self.layouts[level]), square=self.square)

    def draw_like(self, rng: Stream, level: str, pattern: Mapping[str, Any]) -> Network:
        kinds = [(each.name, type(each).__name__) for each in pattern["layers"]]
        _, height, width = pattern["input_shape"]
        return self._drawn(rng, level, kinds, square=height == width)

    def _drawn(self, rng: Stream, level: str, kinds: Layout, *, square: bool) -> Network:
        channels = rng.randint(2, 4)
        layers = draw_layers(rng, kinds, channels, dilated=level == "hard")
        height = draw_side(rng, layers)
        return Network((channels, height, height if square else draw_side(rng, layers)), layers, "CHW", False)

    def solve(self, p: Network) -> Solved:
        p.check()
        return self.values(p, p.rows, *self.columns)

    def values(self, p: Network, rows: list[Row], *columns: str) -> dict[str, Value]:
        """The answers in some columns of a table."""
        return {
            name: p.ordered(READ[column](rows[place])) if place is not None else sum(map(READ[column], rows))
            for name, column, place in self.cells(p)
            if column in columns
        }

    def numbers(self, p: Network, column: str, numbers: Sequence[Any]) -> dict[str, Value]:
        """The answers in a column with these numbers, one for each layer."""
        return {
            name: numbers[place] if place is not None else sum(numbers)
            for name, each, place in self.cells(p)
            if each == column
        }

    def cells(self, p: Network) -> list[Cell]:
        """The cells that are asked for."""
        return asked_cells(p.layout, self.columns, p.ask_zeros)

    def mistakes(self, p: Network, solved: Solved) -> tuple[Mistake, ...]:
        """A wrong value to which two mistakes lead names neither."""
        found = super().mistakes(p, solved)
        times: dict[tuple[str, Value], int] = {}
        for mistake in found:
            for pair in mistake.values.items():
                times[pair] = times.get(pair, 0) + 1
        told = [
            Mistake(
                each.id, each.explanation, each.hint,
                {name: value for name, value in each.values.items() if times[name, value] == 1},
            )
            for each in found
        ]  # fmt: skip
        return tuple(mistake for mistake in told if mistake.values)

    def work(self, p: Network) -> int:
        return len(self.cells(p))

    def fair(self, p: Network, solved: Solved, level: str) -> bool:
        """Somewhere a stride leaves a rest, no map has a single place, and the image is not huge."""
        rows = p.rows
        shapes = [row.shape for row in rows if row.layer.kind in WINDOWS]
        up = [output_shape(row.layer, row.input, ceil_mode=True) for row in rows if row.layer.kind in WINDOWS]
        return up != shapes and min(min(each[1:]) for each in shapes) > 1 and max(p.input_shape) <= MOST_PIXELS

    def pose(self, p: Network, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        rows = p.rows
        cells = self.cells(p)
        columns = {name: [cell for cell in cells if cell.column == name] for name in self.columns}
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "The input of a network has {c} {channels}, height {h} and width {w}. All windows are square, and "
                    "stride{dilation} are the same along both axes.",
                    c=p.input_shape[0], channels="channels" if p.input_shape[0] > 1 else "channel",
                    h=p.input_shape[1], w=p.input_shape[2],
                    dilation=", padding and dilation" if _dilated(p) else " and padding",
                ),
                layer_table(p),
                *self.boxes(p, cells),
            ),
            conventions=self._conventions(p),
            given={
                "input_shape": list(p.input_shape),
                "order": p.order,
                "layers": list(records(p, [row.input for row in rows])),
            },
            parts=tuple([
                replace(part, follows=follows(p, cell.column, cell.place, rows, part.builds_on))
                if part.builds_on else part
                for part, cell in zip(_parts(p.layout, self.columns, p.ask_zeros), cells, strict=True)
            ]),
            steps=tuple(
                Step(cell.name, solved[cell.name], self.explained(p, name, rows) if cell is asked[0] else ())
                for name, asked in columns.items()
                for cell in asked
            ),
            mistakes=mistakes,
        )  # fmt: skip

    def boxes(self, p: Network, asked: Sequence[Cell]) -> tuple[Block, ...]:
        """The network as a row of boxes, without the shapes that are asked for."""
        return ()

    def explained(self, p: Network, column: str, rows: list[Row]) -> tuple[Block, ...]:
        """How the cells of a column are found."""
        return COLUMNS[column](p, rows)

    def _conventions(self, p: Network) -> tuple[says.Convention, ...]:
        kinds = {layer.kind for layer in p.stack}
        padded = any(layer.padding for layer in p.stack)
        axes = says.CHANNELS_FIRST if p.order == "CHW" else says.CHANNELS_LAST
        counted = "params" in self.columns
        linear = "Linear" in kinds
        bias = [says.BIASES_OF_SOME]
        if all(layer.bias for layer in p.stack):
            bias = [says.BIASES_COUNT if linear else says.BIAS_PER_FILTER]
        return (
            says.ROUND_DOWN,
            *[says.DILATION] * _dilated(p),
            *[says.PADDING_OF_STACK] * padded,
            axes,
            *bias * counted,
            *[says.LEARNED_ONLY] * (counted and "BatchNorm2d" in kinds),
            *[_macs_rule(padded=padded), says.COUNTED_LAYERS if linear else says.COUNTED_CONVOLUTIONS] * counted,
            *[says.RECEPTIVE_FIELD] * ("rf" in self.columns),
        )


MOST_PIXELS = 512


def _dilated(p: Network) -> bool:
    return any(layer.dilation > 1 for layer in p.stack)


def _macs_rule(*, padded: bool) -> says.Convention:
    """What is one MAC, without the rules for what does not occur; FLOPs are not asked for."""
    counted = "multiplications with padding count, biases and comparisons do not."
    left_out = "biases and comparisons are not counted."
    words = f"One MAC is a multiplication and an addition; {counted if padded else left_out}"
    return replace(says.MULTIPLY_ADD, words=words)


@lru_cache(64)
def _parts(layers: Named, columns: tuple[str, ...], ask_zeros: bool) -> tuple[Part, ...]:
    cells = asked_cells(layers, columns, ask_zeros)
    return tuple([_part(layers, cell, cells) for cell in cells])


def _part(layers: Named, cell: Cell, cells: Sequence[Cell]) -> Part:
    prompt = prose(SUMS[cell.column]) if cell.place is None else prose(PROMPTS[cell.column], name=layers[cell.place][0])
    return Part(
        cell.name, ASKS[cell.column], Kind.SHAPE if cell.column == "size" else Kind.INTEGER, prompt, cell.name,
        layer=cell.place, builds_on=_earlier(layers, cell, cells),
    )  # fmt: skip


def _earlier(layers: Named, cell: Cell, cells: Sequence[Cell]) -> tuple[str, ...]:
    """The cells that a student reads to fill this one."""
    place = cell.place
    if place is None:
        return tuple(each.name for each in cells if each.column == cell.column and each.place is not None)
    kind = layers[place][1]

    def last(column: str, before: int) -> tuple[str, ...]:
        names = [
            each.name
            for each in cells
            if each.column == column and each.place is not None and each.place < before
            and layers[each.place][1] in (*WINDOWS, "Linear")
        ]  # fmt: skip
        return tuple(names[-1:])

    if cell.column in ("size", "in"):
        return last("size", place)
    if cell.column == "rf":
        return last("rf", place)
    if kind == "Linear":
        return tuple(each.name for each in cells if each.column == "in" and each.place == place)
    return last("size", place + 1) if cell.column == "macs" and kind == "Conv2d" else ()
