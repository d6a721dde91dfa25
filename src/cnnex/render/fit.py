"""What fits on a line: estimated widths, long sums broken into lines, the columns of a table.

The unit is one em of the text. The estimates need only be good enough to choose a layout; the PDF
measures for itself and refuses what is too wide.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cnnex.model.prose import Block, Inline, Prose, Table
from cnnex.model.sheet import SheetItem
from cnnex.notation.formula import Formula, Term, lines
from cnnex.notation.names import derivative, split

_DIGIT, _LETTER, _SIGN, _RELATION = 0.5, 0.6, 1.25, 1.4
_WORD = 0.47
_COLUMN_GAP = 1.2
_NARROWEST = 5.0
_MOST_LINES = 40

LINE = 40.0
"""The room on a line, in both a question and a solution."""


SURE = 25.0
"""What is estimated below this fits without any doubt; measuring costs as much as setting."""


@dataclass(frozen=True, slots=True)
class Column:
    """How a column of a table is set: `left` or `right`, its width, and whether its words must wrap there."""

    align: str
    width: int
    wraps: bool


def width(term: Any) -> float:
    """The estimated width of a formula.

    >>> from cnnex.notation.formula import symbols, total
    >>> width(-12), width(total([1, 2, 3])), width(symbols("x_1")[0])
    (1.5, 4.0, 1.0)
    """
    if isinstance(term, Fraction):
        return max(width(term.numerator), width(term.denominator))
    if not isinstance(term, Formula):
        return _DIGIT * len(str(term))
    op, args = term.op, term.args
    if op == "symbol":
        return _symbol_width(args[0])
    if op == "words":
        return _WORD * len(args[0])
    if op in ("div", "floordiv"):
        return max(map(width, args)) + (1 if op == "floordiv" else 0.2)
    if op == "matrix":
        return 1 + sum(max(map(width, column)) + 1 for column in zip(*args, strict=True))
    if op == "call":
        name = 1 if args[0] in ("floor", "ceil", "abs", "sqrt") else _LETTER * len(args[0]) + 0.8
        return name + _listed(args[1:])
    if op == "lines":
        return width(args[0]) + max((_RELATION + 1 + width(step) for _, step in args[1:]), default=0)
    gap = {"add": _SIGN, "mul": 0.9, "mod": 2.5, "shape": 0.5, "neg": 0, "pow": 0, "sigma": 0}
    return _listed([arg for arg in args if not isinstance(arg, str)], _RELATION if op == "rel" else gap[op]) + 0.2 * (
        op in ("shape", "neg", "sigma")
    )


def fitted(term: Term, room: float) -> Term:
    """The formula, with long sums broken into lines where it is wider than `room`.

    >>> from cnnex.notation.formula import equation, symbol, total
    >>> fitted(equation(symbol("y"), total([1] * 5), 5), 6)
    Formula('y = 1 + 1 + 1 + 1 + 1 = 5')
    >>> fitted(equation(symbol("y"), total([1] * 5), 5), 6).op
    'lines'
    """
    if not isinstance(term, Formula) or width(term) <= room:
        return term
    if term.op == "rel":
        sign, left, *rest = term.args
        steps = [(sign, each) for each in rest]
    elif term.op == "lines":
        left, *steps = term.args
    elif term.op == "add":
        left, steps = Formula("words", ""), [("", term)]
    else:
        return term
    rest_of_line = room - width(left) - _RELATION - 1
    return lines(left, *(line for sign, step in steps for line in _broken(sign, step, rest_of_line)))


def _broken(sign: str, term: Term, room: float) -> list[tuple[str, Term]]:
    if not isinstance(term, Formula) or term.op != "add" or width(term) <= room:
        return [(sign, term)]
    rows: list[list[Term]] = [[term.args[0]]]
    filled = width(term.args[0])
    for each in term.args[1:]:
        needed = _SIGN + width(each)
        if filled + needed > room:
            rows.append([])
            filled = 0
        rows[-1].append(each)
        filled += needed
    first, *others = rows
    return [(sign, _sum(first)), *(_continued(row) for row in others)]


def _continued(terms: list[Term]) -> tuple[str, Term]:
    head, *rest = terms
    if isinstance(head, Formula) and head.op == "neg":
        return "-", _sum([head.args[0], *rest])
    if not isinstance(head, Formula) and head < 0:
        return "-", _sum([-head, *rest])
    return "+", _sum(terms)


def _sum(terms: list[Term]) -> Term:
    return terms[0] if len(terms) == 1 else Formula("add", *terms)


def columns(table: Table, room: float = LINE) -> list[Column]:
    """The columns of a table: numbers to the right; where it is too wide, the widest give way.

    >>> [column.align for column in columns(Table("", ("window", "sum"), (("a", 3), ("b", 12))))]
    ['left', 'right']
    """
    by_column = list(zip(*table.rows, strict=True))
    natural = [
        max([_WORD * 1.1 * len(head), *map(_cell_width, cells)])
        for head, cells in zip(table.head, by_column or [()] * len(table.head), strict=True)
    ]
    free = room - _COLUMN_GAP * len(natural)
    widths = _shared(natural, free) if sum(natural) > free else natural
    return [
        Column(
            "right" if cells and all(not isinstance(cell, str | Formula) for cell in cells) else "left",
            math.ceil(given),
            given < wanted and all(isinstance(cell, str) for cell in cells),
        )
        for cells, given, wanted in zip(by_column or [()] * len(natural), widths, natural, strict=True)
    ]


def is_wide(columns: Iterable[Column]) -> bool:
    """Whether a table may be wider than the line."""
    return sum(column.width + _COLUMN_GAP for column in columns) > SURE


def is_short(item: SheetItem) -> bool:
    """Whether a question needs so little of a page that it should stay together.

    >>> is_short(SheetItem(1, "", 1, (Table("", ("n",), ((1,),) * 60),), (), (), None, None))
    False
    """
    blocks: list[Block] = [*item.statement, Prose(tuple(rule.words for rule in item.conventions))]
    for part in item.parts:
        blocks += [part.prompt, *(Prose((words,)) for _, words in part.choices)]
    return sum(map(_height, blocks)) < _MOST_LINES


def _height(block: Block) -> float:
    """Lines of text that a block takes, generously."""
    if isinstance(block, Prose):
        return 1.5 + sum(map(_cell_width, block.parts)) / LINE
    if isinstance(block, Table):
        return 3 + 1.6 * len(block.rows)
    return 2 + 1.3 * _rows(block.formula)


def _rows(term: Any) -> int:
    if not isinstance(term, Formula):
        return 1
    if term.op in ("matrix", "lines"):
        return len(term.args)
    return max(2, *map(_rows, term.args))


def _shared(natural: list[float], free: float) -> list[float]:
    """Widths that add up to `free`: narrow columns keep theirs, the others share what is left."""
    share, narrow = free / len(natural), 0.0
    for count, each in zip(range(len(natural), 0, -1), sorted(natural), strict=True):
        share = (free - narrow) / count
        if each > share:
            break
        narrow += each
    return [min(each, max(share, _NARROWEST)) for each in natural]


def _cell_width(cell: Inline) -> float:
    return _WORD * len(cell) if isinstance(cell, str) else width(cell)


def _listed(terms: Iterable[Term], gap: float = 0.5) -> float:
    """The width of terms in a row, with the brackets that products and powers may need."""
    inner = list(terms)
    brackets = sum(0.8 for term in inner if gap == 0.9 and isinstance(term, Formula) and term.op in ("add", "neg"))
    return sum(map(width, inner)) + gap * max(len(inner) - 1, 0) + brackets


def _symbol_width(name: str) -> float:
    if parts := derivative(name):
        return max(map(_symbol_width, parts)) + 0.6
    base, indices = split(name)
    return _LETTER * max(1, len(base) * 0.8) + 0.4 * sum(map(len, indices)) + 0.2 * max(len(indices) - 1, 0)
