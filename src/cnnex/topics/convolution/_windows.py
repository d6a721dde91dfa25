"""What the families share: a mistake with dilation, and tables that go through windows row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from cnnex.maths.correlation import Pairs, sum_of_products
from cnnex.model.prose import Inline, Table
from cnnex.model.value import Value
from cnnex.notation.formula import product_sum
from cnnex.topics._family import Slip

P = TypeVar("P")
Row = tuple[Inline, ...]


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


def plane_table(windows: Iterable[tuple[Inline, Pairs]], width: int) -> Table:
    """One block of rows for each output: its label and the pairs (weight, entry) of its window."""
    return Table(
        "Each output: weights times entries of its window, one row of the kernel after the other",
        ("output", "row of the kernel", "products", "sum so far"),
        tuple((label, *row) for label, window in windows for row in kernel_rows(window, width)),
    )
