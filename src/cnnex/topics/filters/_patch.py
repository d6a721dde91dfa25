"""What the families share: a filter that slides over a small image with stride 1 and no padding."""

from __future__ import annotations

from typing import Any

from cnnex.maths.correlation import cross_correlate2d, products2d
from cnnex.maths.geometry import DoesNotFitError
from cnnex.model.prose import Table
from cnnex.model.value import Matrix, to_json
from cnnex.notation.formula import symbol
from cnnex.topics._layers import data
from cnnex.topics.convolution._windows import plane_tables

SIDE = 3


def responses(image: Matrix, kernel: Matrix) -> Matrix:
    """The output of the filter."""
    return cross_correlate2d(image, kernel)


def products(image: Matrix, kernel: Matrix) -> int:
    """The number of products with weights."""
    rows, columns = (len(image) - len(kernel) + 1, len(image[0]) - len(kernel[0]) + 1)
    return rows * columns * len(kernel) * len(kernel[0])


def patch_data(image: Matrix, kernel: Matrix, **more: Any) -> dict[str, Any]:
    """The filter on its image for a machine."""
    return {**data("conv2d", (1, 1), (0, 0), (1, 1), input=to_json(image), weight=to_json(kernel)), **more}


def response_tables(image: Matrix, kernel: Matrix) -> tuple[Table, ...]:
    """The windows with their products."""
    windows = [
        (symbol(f"Y_{r}_{c}"), pairs)
        for r, row in enumerate(products2d(image, kernel), 1)
        for c, pairs in enumerate(row, 1)
    ]
    return plane_tables(windows, len(kernel[0]))


def check_rows(name: str, rows: Matrix, side: int | None = None) -> None:
    """Refuses what is no matrix, or no square of this side.

    Raises:
        DoesNotFitError: with the parameter's name.
    """
    if side and (len(rows), len(rows[0])) != (side, side):
        raise DoesNotFitError(f"{name} has {side} rows of {side} entries")


def two_parts(rows: int, columns: int, first: tuple[int, int], outside: int, inside: int) -> Matrix:
    """An image with one value from a row and a column on, and another one elsewhere.

    >>> two_parts(2, 3, (1, 1), 0, 9)
    ((0, 0, 0), (0, 9, 9))
    """
    return tuple(
        tuple(inside if r >= first[0] and c >= first[1] else outside for c in range(columns)) for r in range(rows)
    )
