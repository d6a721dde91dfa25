r"""Vectors, matrices and shapes, in every spelling that students bring along.

>>> table = Symbols(["a", "b", "W"])
>>> for text in ("[[a, b], [0, a]]", "[a b; 0 a]", r"\begin{bmatrix} a & b \\ 0 & a \end{bmatrix}", "a b\n0 a"):
...     print(array(text, table, "matrix").term)
Formula('[[a, b], [0, a]]')
Formula('[[a, b], [0, a]]')
Formula('[[a, b], [0, a]]')
Formula('[[a, b], [0, a]]')
>>> shape("32 x W x 126", table).term
Formula('(32, W, 126)')

A row without commas has its entries separated by blanks, unless an operator stands there: `[a -b]` has
two entries, `[a - b]` and `[a-b]` have one.
"""

from __future__ import annotations

import re
from typing import TypeGuard

from cnnex.notation.formula import Formula, Term
from cnnex.notation.layout import bare, scaled, with_commas
from cnnex.notation.powers import MAX_HEIGHT
from cnnex.notation.read import Reader, Reading, expression
from cnnex.notation.symbols import Symbols
from cnnex.notation.tokens import (
    BRACKETS,
    CLOSE,
    COMMA,
    END,
    MAX_ENTRIES,
    MAX_LIST_CHARACTERS,
    NAME,
    NUMBER,
    OVER,
    SIGN,
    ReadError,
)

Rows = tuple[tuple[Term, ...], ...]

_MAYBE_LISTS = {"(", "{", r"\{", r"\lbrace", r"\lbrack", "⟨", r"\langle"}
_ROW_ENDS = (";", "\\\\", r"\cr", "\n")
_TRANSPOSES = {"T", "t", r"\top", r"\intercal", "⊤", "ᵀ", r"\mathrm{T}", r"\mathsf{T}", r"\text{T}", r"\mathrm T"}
_MARKS = {"'", "’", "′", ".T", ".'", ".’", "ᵀ", "⊤"}
_AFTER = {"", "\n", ".", ";", "^", "{", "}"} | _TRANSPOSES | _MARKS
_STRUCTURE = {*BRACKETS, *BRACKETS.values(), ",", ";", "&"}
_SPREAD = re.compile(r"(?<=[^\s,;&])(?:[ ]{2,}|[ ]*\t\s*)(?=[^\s,;&])")
"""A gap that may separate entries where single blanks stand for products."""
_OPERATOR = re.compile(r"/(?!/)|\*(?!\*)|[÷·×]|\\(?:cdot|times|div)(?![A-Za-z])")
_SIGNS = {"+", "-", "−", "–", "—"}
_TAIL_OF_THOUSANDS = re.compile(r"0[0-9]{2}")


def array(text: str, symbols: Symbols, kind: str, *, tight: bool = False) -> Reading:
    """Read a vector or a matrix; a vector comes as one row. A scalar may stand before it or divide it.

    Raises:
        ReadError: the text means no list of expressions, with the place and a hint.
    """
    text = bare(text, kind)
    try:
        rows, forked = _rows(text, symbols, kind, tight)
    except ReadError as error:
        if not (parts := scaled(text)):
            raise
        before, listed, after = parts
        try:
            factors = [_factor(before, "", symbols)] if before else []
            behind = _factor("1", after, symbols) if after else 1
        except ReadError:
            raise error from None
        rows, forked = _rows(listed, symbols, kind, tight)
        if factors:
            rows = tuple(tuple(Formula("mul", *factors, term) for term in row) for row in rows)
        if isinstance(behind, Formula):
            operation, rest = (behind.op, behind.args[1:]) if behind.args[0] == 1 else ("mul", (behind,))
            rows = tuple(tuple(Formula(operation, term, *rest) for term in row) for row in rows)
    return Reading(Formula("matrix", *rows), forked)


def _factor(before: str, after: str, symbols: Symbols) -> Term:
    """What stands before or after a list as a factor; a sum isn't one."""
    operator = "" if not after or _OPERATOR.match(after) else "*"
    if after[:1] in _SIGNS or _is_sum(expression(f"{before}*1{operator}{after}", symbols).term):
        raise ReadError("a sum of lists", 0)
    return expression(f"{before}{operator}{after}", symbols).term


def _is_sum(term: Term) -> bool:
    return isinstance(term, Formula) and term.op == "add"


def _rows(text: str, symbols: Symbols, kind: str, tight: bool) -> tuple[Rows, bool]:
    spread = ("  " in text or "\t" in text) and bool(symbols.names) and _SPREAD.search(text) is not None
    reader = ListReader(_SPREAD.sub(",", text) if tight and spread else text, symbols, kind)
    reader.tight = tight
    rows = reader.whole()
    return (as_vector(rows) if kind == "vector" else rows), reader.forked or spread


def shape(text: str, symbols: Symbols, *, tight: bool = False) -> Reading:
    """Read sizes, separated by commas, crosses or blanks.

    Raises:
        ReadError: the text means no list of sizes, with the place and a hint.
    """
    sizes, forked = _rows(with_commas(bare(text, "vector"), symbols), symbols, "vector", tight)
    if len(sizes) > 1:
        raise ReadError("a shape is one list of sizes", 0)
    return Reading(Formula("shape", *sizes[0]), forked)


def as_vector(rows: Rows) -> Rows:
    """A column as one row; anything else as it is."""
    return (tuple(row[0] for row in rows),) if all(len(row) == 1 for row in rows) else rows


class ListReader(Reader):
    """Rows of entries: in brackets, in LaTeX environments or bare."""

    groups_by_blanks = False  # where entries stand in a row, a blank could separate two

    def __init__(self, text: str, symbols: Symbols, kind: str) -> None:
        # A vector may be broken over several lines, and semicolons are its commas; a matrix has rows.
        self.one_row = kind == "vector"
        super().__init__(text, symbols, lines=not self.one_row, limit=MAX_LIST_CHARACTERS)
        self.listing = True
        self.closes: dict[int, int] = {}
        self.with_commas: set[int] = set()
        self._find_brackets()

    def _find_brackets(self) -> None:
        """Each bracket's partner, and which brackets hold commas (-1 stands for the whole text)."""
        opened: list[int] = []
        for at, word in enumerate(self.tokens):
            if word not in _STRUCTURE and word[:1] != "\\":
                continue
            if word in (",", "&") or (word == ";" and self.one_row):
                self.with_commas.add(opened[-1] if opened else -1)
            elif word in BRACKETS or word.startswith(r"\begin"):
                opened.append(at)
                if word not in BRACKETS:  # in LaTeX a blank never separates
                    self.with_commas.add(at)
            elif opened and (word == BRACKETS.get(self.tokens[opened[-1]]) or word.startswith(r"\end")):
                self.closes[opened.pop()] = at

    def whole(self) -> Rows:
        """The whole text as rows."""
        rows = self.rows("", -1)
        only = rows[0][0]
        found: Rows = only.args if len(rows) == len(rows[0]) == 1 and _is_matrix(only) else self.stacked(rows).args
        if len(found) * len(found[0]) > MAX_ENTRIES:
            self.fail("the answer has too many entries", 0)
        return found

    def rows(self, close: str, opening: int) -> list[list[Term]]:
        """Rows of items up to a closing word, which is stepped over."""
        saved = self.blanks_separate
        self.blanks_separate = opening not in self.with_commas
        rows: list[list[Term]] = [[]]
        separated = True
        while (word := self.tokens[self.at]) != close:
            if word in _ROW_ENDS:
                self.at += 1
                if word != "\n" or (not separated and self.tokens[self.at] != ",") or self.comma_ends_row(rows[-1]):
                    rows.append([])
                    separated = True
            elif word in (",", "&"):
                if separated and not (word == "&" and self.tokens[self.at - 1] == ","):
                    self.fail("an entry is missing")
                separated = True
                self.at += 1
            elif word in (".", ";") and not self.tokens[self.at + 1]:
                self.at += 1
            elif not (separated or self.blanks_separate or self.list_follows()):
                self.fail(f"{close} is missing" if not word else f"{word[:12]} wasn't expected here")
            else:
                leaf = self.leaf()
                rows[-1].append(self.item() if leaf is None else leaf)
                separated = False
        self.at += bool(close)
        self.blanks_separate = saved
        rows = [row for row in rows if row]
        if not rows:
            self.fail("the list is empty", self.at - 1)
        return rows

    def comma_ends_row(self, row: list[Term]) -> bool:
        """Whether the line that ends here is a row of a matrix, in spite of the comma at its end."""
        ends = self.tokens[self.at - 2] == "," and self.depth < 2 and bool(row) and not _is_matrix(row[-1])
        return ends and not any(word in self.tokens for word in (";", "\\\\", r"\cr"))

    def leaf(self) -> Term | None:
        """A name or a positive number that is a whole entry, most entries are; None for any other."""
        tokens, at = self.tokens, self.at
        kind, meaning = self.known.get(tokens[at]) or self.kind(tokens[at])
        if kind > NAME or (kind == NAME and len(meaning) > 1):
            return None
        tail = kind == NUMBER and len(tokens[at]) == 3 and _TAIL_OF_THOUSANDS.fullmatch(tokens[at])
        if tail and self.kind(tokens[at - 1])[0] in (NUMBER, COMMA):
            self.fail("write large numbers without commas and blanks here")
        follows, _ = self.known.get(tokens[at + 1]) or self.kind(tokens[at + 1])
        if not CLOSE <= follows <= END:
            starts = self.starts()
            spaced = self.blanks_separate and starts[at + 1] > starts[at] + len(tokens[at])
            if follows > NAME or not spaced:
                return None
        self.at += 1
        leaf: Term = meaning if kind == NUMBER else meaning[0]
        return leaf

    def list_follows(self) -> bool:
        """Whether a list begins here, not an expression in brackets."""
        word, at = self.tokens[self.at], self.at
        if word == "[" or word.startswith(r"\begin"):
            return True
        if word not in _MAYBE_LISTS:
            return False
        end = self.closes.get(at, -1)
        # Round brackets around everything, or around a whole row, may hold entries without commas.
        if at in self.with_commas or (at == 0 and not any(t not in _AFTER for t in self.tokens[end + 1 :])):
            return True
        return self.tokens[at - 1] in ("\n", "") and self.tokens[end + 1] in ("\n", "") and not self.one_row

    def item(self) -> Term:
        """An entry, or a list with its marks of transposition."""
        if not self.list_follows():
            return self.sum()
        opening = self.at
        word = self.tokens[opening]
        if opening not in self.closes:
            missing = BRACKETS.get(word, word.replace("begin", "end"))
            raise ReadError(f"the closing {missing} is missing", self.starts()[opening])
        close = self.tokens[self.closes[opening]]
        self.at += 1
        self.depth += 1
        if self.depth > MAX_HEIGHT:
            self.fail("brackets are nested too deeply")
        if "array" in word and self.tokens[self.at] == "{":  # the columns of \begin{array}{cc}
            self.at = self.closes[self.at] + 1
        inner = self.rows(close, opening)
        self.depth -= 1
        only = inner[0][0] if len(inner) == 1 and len(inner[0]) == 1 else None
        # Double square brackets are a nested list; other brackets around a list only group.
        if only is not None and _is_matrix(only) and (word != "[" or self.tokens[opening + 1].startswith(r"\begin")):
            term: Formula = only
        else:
            term = self.stacked(inner)
        while self.transposed():
            term = Formula("matrix", *zip(*term.args, strict=True))
        if SIGN <= self.kind(self.tokens[self.at])[0] <= OVER:
            self.fail("work this out and write the entries of the result")
        return term

    def stacked(self, rows: list[list[Term]]) -> Formula:
        """Rows of entries as a matrix; lists in one another are its rows."""
        if len(rows) > 1 and any(not _is_matrix(term) for row in rows for term in row):
            rows = [[_bracketed(row[0])] if len(row) == 1 else row for row in rows]
        if any(_is_matrix(term) for row in rows for term in row):
            inner = [term for row in rows for term in row]
            if len(inner) == 1 and _is_matrix(inner[0]):  # an axis of length 1, as PyTorch prints N and C
                return inner[0]
            if not all(_is_matrix(term) and len(term.args) == 1 for term in inner):
                self.fail("the lists are nested unevenly or too deeply", self.at - 1)
            rows = [list(term.args[0]) for term in inner if isinstance(term, Formula)]
        for number, row in enumerate(rows[1:], 2):
            if len(row) != len(rows[0]):
                self.fail(f"row 1 has {_entries(rows[0])}, but row {number} has {_entries(row)}", self.at - 1)
        return Formula("matrix", *map(tuple, rows))

    def transposed(self) -> bool:
        """Step over a mark of transposition, if there is one."""
        tokens, at = self.tokens, self.at
        if tokens[at] in _MARKS:
            self.at += 1
            return True
        if tokens[at] in ("^", "**"):
            braces = tokens[at + 1] == "{"
            if tokens[at + 1 + braces] in _TRANSPOSES:
                self.at += 2 + 2 * braces
                return True
        return False


def _is_matrix(term: Term) -> TypeGuard[Formula]:
    return isinstance(term, Formula) and term.op == "matrix"


def _bracketed(term: Term) -> Term:
    """The entry of a line like `(a - b)` among lines without brackets; any other term as it is."""
    return term.args[0][0] if _is_matrix(term) and term.args == ((term.args[0][0],),) else term


def _entries(row: list[Term]) -> str:
    return "1 entry" if len(row) == 1 else f"{len(row)} entries"
