"""F02: the shape after each layer of a stack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from cnnex.figures.layers import Layers
from cnnex.maths.stack import Row
from cnnex.model.prose import Block, figure
from cnnex.model.value import Kind
from cnnex.topics.architecture._network import Network, layout, network_boxes
from cnnex.topics.architecture._slips import layer_slips, size_slips
from cnnex.topics.architecture._stack import Cell, Stack


class ShapeChain(Stack):
    """F02: the shape after each layer."""

    id = "F02-shape-chain"
    title = "Shapes along a network"
    kinds = (Kind.SHAPE, Kind.INTEGER)
    columns = ("size", "in")
    square = False
    layouts: ClassVar = {
        "easy": [layout("Conv2d", "Conv2d")],
        "medium": [
            layout("Conv2d", "MaxPool2d", "Conv2d", "AvgPool2d"),
            layout("Conv2d", "Conv2d", "MaxPool2d", "Conv2d"),
            layout("Conv2d", "AvgPool2d", "Conv2d", "Conv2d"),
        ],
        "hard": [
            layout("Conv2d", "MaxPool2d", "Conv2d", "Conv2d", "MaxPool2d", "Flatten", "Linear"),
            layout("Conv2d", "Conv2d", "MaxPool2d", "Conv2d", "AvgPool2d", "Flatten", "Linear"),
        ],
    }
    visible: ClassVar = {
        "easy": ("padding-forgotten", "partial-window-kept", "input-channels-kept"),
        "medium": (
            "padding-forgotten", "partial-window-kept", "input-channels-kept", "channels-pooled", "pool-moved-by-one",
        ),
        "hard": ("padding-forgotten", "partial-window-kept", "channels-pooled", "only-channels-flattened"),
    }  # fmt: skip

    def __init__(self) -> None:
        self.slips = (*size_slips(self.values), *layer_slips(self.values))

    def boxes(self, p: Network, asked: Sequence[Cell]) -> tuple[Block, ...]:
        # The input of the first fully connected layer is the shape after the layer before it.
        open_ = {cell.place - (cell.column == "in") for cell in asked if cell.place is not None}
        return figure(Layers(network_boxes(p), (
            _written(p.ordered(p.input_shape)), *["?" if place in open_ else "" for place in range(len(p.layers))]
        )))  # fmt: skip

    def explained(self, p: Network, column: str, rows: list[Row]) -> tuple[Block, ...]:
        blocks = super().explained(p, column, rows)
        if column != "size":
            return blocks
        shapes = [p.input_shape, *(row.shape for row in rows)]
        return (*blocks, *figure(Layers(network_boxes(p), tuple([_written(p.ordered(each)) for each in shapes]))))


def _written(shape: Sequence[int]) -> str:
    return str(shape[0]) if len(shape) == 1 else f"({', '.join(map(str, shape))})"
