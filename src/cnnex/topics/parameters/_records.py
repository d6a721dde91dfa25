"""Layers of a network for a machine, as torch.nn takes them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from cnnex.maths.stack import Row

Record = dict[str, Any]


def conv_record(
    in_channels: Any, out_channels: Any, kernel_size: Sequence[Any], padding: int = 0, *, bias: bool = True
) -> Record:
    """A convolution with stride 1; sizes are numbers or names."""
    return {
        "layer": "Conv2d",
        "in_channels": in_channels,
        "out_channels": out_channels,
        "kernel_size": list(kernel_size),
        "stride": [1, 1],
        "padding": [padding, padding],
        "dilation": [1, 1],
        "bias": bias,
    }


def batch_norm_record(channels: Any) -> Record:
    """A batch normalization."""
    return {"layer": "BatchNorm2d", "num_features": channels}


def records(rows: Sequence[Row]) -> list[Record]:
    """The layers of a network with numbers; how long the flattened row is, is for the student to find."""
    found = [_record(row) for row in rows]
    for before, layer in pairwise(found):
        if before["layer"] == "Flatten":
            layer["in_features"] = None
    return found


def _record(row: Row) -> Record:
    layer = row.layer
    match layer.kind:
        case "Conv2d":
            return conv_record(row.input[0], layer.outputs, [layer.kernel_size] * 2, layer.padding)
        case "BatchNorm2d":
            return batch_norm_record(row.input[0])
        case "MaxPool2d":
            window = [layer.kernel_size] * 2
            return {
                "layer": "MaxPool2d", "kernel_size": window, "stride": window, "padding": [0, 0], "dilation": [1, 1],
            }  # fmt: skip
        case "Linear":
            return {"layer": "Linear", "in_features": row.input[0], "out_features": layer.outputs, "bias": True}
    return {"layer": layer.kind}
