"""How a cell of the layer table follows from the earlier cells that it is filled from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cnnex.maths.stack import WINDOWS, Row, macs, parameters, table
from cnnex.model.follow import FollowThrough, entries_of
from cnnex.notation.formula import total
from cnnex.topics.architecture._network import Network


def follows(p: Network, column: str, place: int | None, rows: list[Row], earlier: Sequence[str]) -> FollowThrough:
    """The rule of a cell's column, for its row or for the sum.

    Args:
        p: the network.
        column: of the cell.
        place: of its layer; None for the sum of a column.
        rows: the layer table.
        earlier: names of the cells from which it is filled; the last one holds a shape where the column needs one.
    """
    if place is None:
        return FollowThrough.by(lambda *each: total(each), *earlier)
    row = rows[place]
    layer = row.layer
    windows = [number for number, each in enumerate(rows[:place]) if each.layer.kind in WINDOWS]
    if column == "rf":
        more = row.field.size - rows[windows[-1]].field.size
        return FollowThrough.by(lambda field: field + more, *earlier)
    if layer.kind == "Linear" and column != "in":
        if column == "params":
            return FollowThrough.by(lambda inputs: parameters(layer, (inputs,)), *earlier)
        return FollowThrough.by(lambda inputs: macs(layer, (inputs,), row.shape), *earlier)

    def after(*sizes: Any) -> Any:
        shape = sizes if p.order == "CHW" else (sizes[-1], *sizes[:-1])
        if column == "macs":
            return macs(layer, row.input, shape)
        last = place if column == "size" else place - 1
        reached = table(shape, p.stack[windows[-1] + 1 : last + 1])[-1].shape
        return p.ordered(reached) if column == "size" else reached[0]

    return FollowThrough.by(after, *entries_of(earlier[-1], 3))
