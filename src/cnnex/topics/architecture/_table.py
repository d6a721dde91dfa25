"""F02: the whole layer table of a network."""

from __future__ import annotations

from typing import ClassVar

from cnnex.model.value import Kind
from cnnex.topics._family import LEVELS
from cnnex.topics.architecture._network import layout
from cnnex.topics.architecture._slips import size_slips, table_slips
from cnnex.topics.architecture._stack import Stack


class LayerTable(Stack):
    """F02: size, parameters, multiply-accumulates and receptive field of each layer."""

    id = "F02-layer-table"
    title = "The layer table of a network"
    kinds = (Kind.SHAPE, Kind.INTEGER)
    columns = ("size", "in", "params", "macs", "rf")
    square = True
    layouts: ClassVar = {
        "easy": [layout("Conv2d", "MaxPool2d", "Conv2d")],
        "medium": [layout("Conv2d", "BatchNorm2d", "MaxPool2d", "Conv2d")],
        "hard": [layout("Conv2d", "BatchNorm2d", "Conv2d", "MaxPool2d", "Conv2d", "Flatten", "Linear")],
    }
    visible: ClassVar = {
        **dict.fromkeys(LEVELS, ("bias-forgotten", "filter-of-one-channel", "jump-ignored", "partial-window-kept")),
        "hard": ("bias-forgotten", "filter-of-one-channel", "jump-ignored", "only-channels-flattened"),
    }

    def __init__(self) -> None:
        self.slips = (*table_slips(self.numbers), *size_slips(self.values))
