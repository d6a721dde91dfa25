"""What the families share: a mistake with dilation, and tables that go through windows row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from cnnex.maths.correlation import Pairs, sum_of_products
from cnnex.model.prose import Inline, Table
from cnnex.model.value import Value
from cnnex.notation.formula import product_sum, total
from cnnex.topics._family import Slip

P = TypeVar("P")
Row = tuple[Inline, ...]
MOST_ROWS = 12
"""Of a table with all products; a reader skips longer ones."""


def gap_too_wide(solve: Callable[[P], Mapping[str, Value]]) -> Slip[P]:
    """The mistake of one gap more than there is."""
    return Slip(
        "gap-too-wide",
        "Dilation d was read as d unused inputs between neighbouring weights.",
        "With dilation d the next weight lies d inputs further. How many are skipped on the way?",
        solve,
    )


def kernel_rows(window: Pairs, width: int, first: int = 1) -> list[Row]:
    """For each row of the kernel its number from `first`, its products and the sum so far.

    A row of the kernel at a time: all products of a window are wider than a page.

    >>> kernel_rows([(1, 2), (3, 4), (5, 6), (7, 8)], 2)
    [(1, Formula('1*2 + 3*4'), 14), (2, Formula('5*6 + 7*8'), 100)]
    """
    rows: list[Row] = []
    so_far = 0
    for start in range(0, len(window), width):
        pairs = window[start : start + width]
        so_far += sum_of_products(pairs)
        rows.append((start // width + first, product_sum(pairs), so_far))
    return rows


def plane_tables(windows: Iterable[tuple[Inline, Pairs]], width: int) -> tuple[Table, ...]:
    """Rows for each output: its label and the pairs (weight, entry) of its window.

    Where there are many rows, all products of the first output only, then the sums of the kernel's rows for each.
    """
    windows = list(windows)
    rows = [(label, *row) for label, window in windows for row in kernel_rows(window, width)]
    head = ("output", "row of the kernel", "products", "sum so far")
    if len(rows) <= MOST_ROWS:
        caption = "Each output: weights times entries of its window, one row of the kernel after the other"
        return (Table(caption, head, tuple(rows)),)
    return (
        Table(
            "The first output: weights times entries of its window, one row of the kernel after the other",
            head,
            tuple(rows[: len(rows) // len(windows)]),
        ),
        Table(
            "Every output in the same way: what each row of the kernel adds, and the sum",
            ("output", "row after row", "sum"),
            tuple((label, total(_row_sums(window, width)), sum_of_products(window)) for label, window in windows),
        ),
    )


def _row_sums(window: Pairs, width: int) -> list[Any]:
    return [sum_of_products(window[start : start + width]) for start in range(0, len(window), width)]
