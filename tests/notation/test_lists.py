"""What is said about lists that can't be read, and where."""

from __future__ import annotations

import pytest

from cnnex.notation.lists import array
from cnnex.notation.symbols import Symbols
from cnnex.notation.tokens import ReadError

NAMES = Symbols(["a", "b"])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("[[3, 4], [6, 7]", "At character 1: the closing ] is missing."),
        ("[[3, 4], [6, 7]]]", "At character 17: something is missing before ]."),
        (r"\begin{bmatrix} 3 & 4 \\ 6 & 7", r"At character 1: the closing \end{bmatrix} is missing."),
        (r"\begin{bmatrix} 3 & 4 \\ 6 \end{bmatrix}", "At character 28: row 1 has 2 entries, but row 2 has 1 entry."),
        ("1/4 [[1, 1], [1]]", "At character 17: row 1 has 2 entries, but row 2 has 1 entry."),
        ("3 +\n4", "At character 4: the line ends too early."),
        ("a [1, 2] + b [3, 4]", "At character 10: work this out and write the entries of the result."),
        ("[3, 4] - [6, 7]", "At character 8: work this out and write the entries of the result."),
    ],
)
def test_refusals(typed: str, said: str) -> None:
    with pytest.raises(ReadError) as refusal:
        array(typed, NAMES, "matrix")
    assert str(refusal.value) == said


@pytest.mark.parametrize(("row", "rows"), [("1 " * 1_025, 1), ("1, 2, 3, 4, 5, 6, 7, 8", 129)])
def test_lists_are_bounded(row: str, rows: int) -> None:
    with pytest.raises(ReadError, match="too many entries"):
        array("\n".join([row] * rows), NAMES, "matrix")
    assert array("\n".join([row[2:]] * max(rows - 1, 1)), NAMES, "matrix")
