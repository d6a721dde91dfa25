"""What fits on a line: estimated widths, long sums broken into lines, the columns of a table.

The unit is one em of the text. The estimates need only be good enough to choose a layout; the PDF
measures for itself and refuses what is too wide.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from cnnex.model.prose import Block, Figure, Inline, Prose, Table
from cnnex.model.sheet import SheetItem
from cnnex.notation.formula import Formula, Term, lines
from cnnex.notation.names import derivative, split

_DIGIT, _LETTER, _MINUS, _SIGN, _RELATION, _BRACKETS = 0.5, 0.6, 0.8, 1.25, 1.4, 0.8
_WORD = 0.47
_BOLD = 0.56
_COLUMN_GAP = 1.2
_OTHER_FONTS = 1.3  # fonts of other programs may be as much wider
_NARROWEST = 5.0
_MOST_LINES = 46
_MOST_KEPT = 24
_MOST_ROWS = 8
_LINE_HEIGHT = 14.0  # points
_ROWS = {0: "words", 1: "formula", 2: "fraction"}
_LEVEL = {"add", "neg", "mul", "call", "rel", "shape", "words"}
_LINES_PER_CM = 72 / 2.54 / _LINE_HEIGHT

LINE = 40.0
"""The room on a line, in both a question and a solution."""


_TABLE = 43.0
"""The same for a table, whose columns have the widths that they are given."""

SURE = 37.0
"""What is estimated below this fits: estimates err on the large side, and measuring costs as much as setting."""


@dataclass(frozen=True, slots=True)
class Column:
    """How a column of a table is set.

    Attributes:
        align: `left` or `right`.
        width: in em.
        wraps: whether its words must wrap in this width.
        ample: whether all its entries surely fit; then nobody needs to measure them, which takes a tenth of a
            sheet's time.
    """

    align: str
    width: int
    wraps: bool
    ample: bool = False


def width(term: Any) -> float:
    """The estimated width of a formula.

    >>> from cnnex.notation.formula import symbols, total
    >>> width(12), width(total([1, 2, 3])), width(symbols("x_1")[0])
    (1.0, 4.0, 1.0)
    """
    if isinstance(term, Formula):
        return _WIDTHS[term.op](*term.args)
    if isinstance(term, Fraction):
        return max(width(term.numerator), width(term.denominator))
    return _DIGIT * len(str(term)) + (_MINUS - _DIGIT if term < 0 else 0)


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


def alignments(table: Table) -> list[str]:
    """`right` for columns of numbers, some of which may be blank, `left` for the others.

    >>> alignments(Table("", ("window", "sum"), (("a", 3), ("b", 12))))
    ['left', 'right']
    """
    entries = [[row[i] for row in table.rows if row[i] != ""] for i in range(len(table.head))]
    return [
        "left" if not column or any(isinstance(entry, str | Formula) for entry in column) else "right"
        for column in entries
    ]


def columns(table: Table, room: float = LINE) -> list[Column]:
    """The columns of a table; where it is too wide, the widest give way.

    >>> columns(Table("", ("window", "sum"), (("x" * 100, 3), ("y", 12))), 30)[0]
    Column(align='left', width=27, wraps=True, ample=False)
    """
    by_column: list[tuple[Inline, ...]] = [tuple(row[i] for row in table.rows) for i in range(len(table.head))]
    ample = [_ample(head, cells) for head, cells in zip(table.head, by_column, strict=True)]
    if sum(ample) + _COLUMN_GAP * len(ample) <= _TABLE:
        return [Column(align, each, False, True) for align, each in zip(alignments(table), ample, strict=True)]
    natural = [
        max([_WORD * 1.1 * len(head), *map(_cell_width, cells)])
        for head, cells in zip(table.head, by_column, strict=True)
    ]
    free = room - _COLUMN_GAP * len(natural)
    widths = _shared(natural, free) if sum(natural) > free else natural
    return [
        Column(align, math.ceil(given), given < wanted and all(isinstance(cell, str) for cell in cells))
        for align, cells, given, wanted in zip(alignments(table), by_column, widths, natural, strict=True)
    ]


def _ample(head: str, cells: Iterable[Inline]) -> int:
    """A width that a column's entries and its bold head don't exceed."""
    words = [1.1 * _cell_width(cell) if isinstance(cell, str) else _cell_width(cell) for cell in cells]
    return math.ceil(max([_BOLD * len(head) + 0.5, *words]))


def shares(table: Table) -> list[int]:
    """The widths of the columns in percent of the line, for programs that don't find them by themselves.

    >>> shares(Table("", ("window", "sum"), (("x", 3), ("y", 12))))
    [19, 15]
    """
    widths = [_OTHER_FONTS * column.width + 2 * _COLUMN_GAP for column in columns(table)]
    return [int(100 * each / max(LINE, sum(widths))) for each in widths]


def even_rows(table: Table, columns: Sequence[Column]) -> str:
    """The tallest thing in a table's rows where no row is surely taller: `words`, `formula` or `fraction`, else "".

    Nobody needs to measure such rows, which takes a tenth of a sheet's time.

    >>> table = Table("", ("window", "sum"), (("x", 3), ("y", 12)))
    >>> even_rows(table, columns(table))
    'words'
    """
    if not columns[0].ample:
        return ""
    cells = [cell for row in table.rows for cell in row]
    # A fraction that is all of a cell is set as in a line, so it is no taller than brackets.
    return _ROWS.get(max([1 if isinstance(cell, Fraction) else _storeys(cell) for cell in cells], default=0), "")


def _storeys(cell: Inline) -> int:
    """0 for words, 1 for a formula no taller than its brackets, 2 for one with a fraction, 3 for what may be taller."""
    if isinstance(cell, Fraction):
        return 0 if cell.denominator == 1 else 2
    if not isinstance(cell, Formula):
        return 0
    if cell.op == "symbol":
        return 2 if derivative(cell.args[0]) else 1
    if cell.op in ("div", "floordiv"):
        return 2 if max(map(_storeys, cell.args)) < 2 else 3
    if cell.op in _LEVEL:
        return max([1, *(_storeys(each) for each in cell.args)])
    return 3


def is_wide(columns: Sequence[Column]) -> bool:
    """Whether a table may be wider than the line."""
    return not columns[0].ample and sum(column.width + _COLUMN_GAP for column in columns) > SURE


def is_short(item: SheetItem, room: float = 0) -> bool:
    """Whether a question, with `room` cm to write below each part, needs so little of a page that it stays together.

    >>> is_short(SheetItem(1, "", 1, (Table("", ("n",), ((1,),) * 60),), (), (), None, None))
    False
    """
    blocks: list[Block] = [Prose((words,)) for words in item.before]
    for part in item.parts:
        blocks += [part.prompt, *(Prose((words,)) for _, words in part.choices)]
    rest = sum(map(_height, blocks)) + room * _LINES_PER_CM * len(item.parts)
    return _opening(item) + rest < _MOST_LINES


def is_parted(item: SheetItem) -> bool:
    """Whether what stands before the parts needs so little of a page that only the parts may go to another one."""
    return _opening(item) < _MOST_LINES


def _opening(item: SheetItem) -> float:
    return sum(map(_height, (*item.statement, Prose(tuple(rule.words for rule in item.conventions)))))


@dataclass(frozen=True, slots=True)
class Run:
    """Blocks of a solution that stay on one page where they are `kept`, with the answers that they give."""

    blocks: tuple[Block, ...]
    answers: tuple[tuple[str, Prose], ...]
    slip: Prose | None
    kept: bool


def runs(item: SheetItem) -> list[Run]:
    """The solution of an item in runs: words with what they introduce, answers with the block before them.

    >>> len(runs(SheetItem(1, "", 1, (), (), (), (), None)))
    0
    """
    found: list[Run] = []
    steps = item.solution or ()
    for number, step in enumerate(steps, 1):
        groups: list[list[Block]] = [[]]
        for block in step.explanation:
            last = groups[-1]
            if last and not (isinstance(last[-1], Prose) and not isinstance(block, Prose)):
                groups.append([])
            groups[-1].append(block)
        found += [_run(tuple(group)) for group in groups[:-1]]
        found.append(_run(tuple(groups[-1]), step.answers, item.slip if number == len(steps) else None))
    return [run for each in found for run in _split(each)]


def _run(blocks: tuple[Block, ...], answers: tuple[tuple[str, Prose], ...] = (), slip: Prose | None = None) -> Run:
    height = sum(map(_height, blocks)) + sum(_value_height(value) for _, value in answers)
    kept = height < _MOST_KEPT and not any(isinstance(block, Table) and is_long(block) for block in blocks)
    return Run(blocks, answers, slip, kept)


def _split(run: Run) -> list[Run]:
    """A run that is too tall to be kept together, or ends with a figure, gives its answers a run of their own."""
    if not run.answers or not run.blocks or (run.kept and not isinstance(run.blocks[-1], Figure)):
        return [run]
    return [_run(run.blocks), _run((), run.answers, run.slip)]


def is_long(table: Table) -> bool:
    """Whether a table may be split between pages."""
    return len(table.rows) > _MOST_ROWS


def _value_height(value: Prose) -> float:
    return 2 + max([1.0, *(1.3 * _rows(part) for part in value.parts if isinstance(part, Formula))])


def _height(block: Block) -> float:
    """Lines of text that a block takes, generously."""
    if isinstance(block, Prose):
        return 1.5 + sum(map(_cell_width, block.parts)) / LINE
    if isinstance(block, Table):
        return 3 + 1.6 * len(block.rows)
    if isinstance(block, Figure):
        return 2 + block.size[1] / _LINE_HEIGHT
    return 2 + 1.2 * _rows(block.formula)


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


def _listed(terms: Iterable[Term], gap: float) -> float:
    """The width of terms in a row."""
    widths = [width(term) for term in terms]
    return sum(widths) + gap * (len(widths) - 1)


def _product(*terms: Term) -> float:
    brackets = [term for term in terms if (term.op in ("add", "neg") if isinstance(term, Formula) else term < 0)]
    return _listed(terms, 0.9) + _BRACKETS * len(brackets)


def _quotient(above: Term, below: Term) -> float:
    return max(width(above), width(below)) + 0.2


def _called(function: str, *terms: Term) -> float:
    fence = function in ("floor", "ceil", "abs", "sqrt")
    return (1.0 if fence else _LETTER * len(function) + _BRACKETS) + _listed(terms, 0.5)


def _grid(*rows: tuple[Term, ...]) -> float:
    return 0.6 + sum(max(map(width, column)) + 0.8 for column in zip(*rows, strict=True))


@lru_cache(4096)
def _symbol(name: str) -> float:
    if parts := derivative(name):
        return max(map(_symbol, parts)) + 0.6
    base, indices = split(name)
    letter = 0.9 if base.isupper() else _LETTER
    return letter * max(1, 0.8 * len(base)) + 0.4 * sum(map(len, indices)) + 0.2 * max(len(indices) - 1, 0)


_WIDTHS: dict[str, Callable[..., float]] = {
    "symbol": _symbol,
    "add": lambda *terms: _listed(terms, _SIGN),
    "neg": lambda term: _MINUS + width(term),
    "mul": _product,
    "div": _quotient,
    "floordiv": lambda above, below: _quotient(above, below) + 1,
    "mod": lambda above, below: _listed((above, below), 2.5),
    "pow": lambda base, exponent: width(base) + width(exponent) + _BRACKETS,
    "call": _called,
    "rel": lambda sign, *terms: _listed(terms, _RELATION),
    "matrix": _grid,
    "shape": lambda *terms: _listed(terms, 0.5) + _BRACKETS,
    "sigma": lambda index, first, last, body: 3 + width(body),
    "lines": lambda left, *steps: width(left) + max((_RELATION + 1 + width(step) for _, step in steps), default=0),
    "words": lambda words: _WORD * len(words),
}
