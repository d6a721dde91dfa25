"""From an answer as it came (text, a JSON number, nested lists) to a term of the kind that is asked."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction

from cnnex.answers.judgement import Json
from cnnex.model.value import ordinal
from cnnex.notation.formula import Formula, Term
from cnnex.notation.layout import in_order, with_crosses
from cnnex.notation.lists import array, as_vector, shape
from cnnex.notation.plain import plain
from cnnex.notation.read import Reading, expression
from cnnex.notation.symbols import Symbols
from cnnex.notation.tokens import MAX_ENTRIES, MAX_LIST_CHARACTERS, ReadError, simple
from cnnex.notation.units import without_unit

SCALARS = {"integer": "a whole number", "rational": "a number", "number": "a number", "expr": "one expression"}
LISTS = {"vector": "a vector", "matrix": "a matrix", "shape": "a shape"}
_MAX_BITS = 400
_BLANK_IN_NUMBER = re.compile(r"(?<![\w.])([0-9]{1,3})\s+([0-9][0-9.]*)")


class OtherKindError(Exception):
    """An answer that can be read, but as another kind of value than is asked."""

    def __init__(self, message: str, read_as: str = "") -> None:
        super().__init__(message)
        self.read_as = read_as


class EntryError(ReadError):
    """An entry of a list that can't be read."""

    def __init__(self, message: str) -> None:
        Exception.__init__(self, message)


def is_blank(answer: Json, depth: int = 0) -> bool:
    """Whether there is nothing in an answer: no text, no entries, or empty entries only."""
    if answer is None:
        return True
    if isinstance(answer, str):
        return not answer or answer.isspace()
    return isinstance(answer, list) and depth < 4 and all(is_blank(entry, depth + 1) for entry in answer)


def read_scalar(answer: Json, kind: str, symbols: Symbols, *, tight: bool = False) -> Reading:
    """Read a number or an expression. Brackets of a text may be square; a JSON list is another kind of value.

    Raises:
        ReadError: the answer means nothing.
        OtherKindError: it means another kind of value.
    """
    if isinstance(answer, str):
        _check_length(answer)
        try:
            text = without_unit(answer) if kind != "expr" and not symbols.names else answer
            if kind != "expr" or not symbols.has_x:
                text = with_crosses(text, symbols, "*")
            return expression(text, symbols, tight=tight)
        except ReadError as error:
            _refuse_truth(answer, SCALARS[kind])
            if not error.why.endswith("?") or answer.lstrip()[0] in "[({":
                _refuse_list(answer, kind, symbols)
            raise
    if isinstance(answer, bool):
        _refuse_truth(str(answer), SCALARS[kind])
    if isinstance(answer, int | float):
        return Reading(_number(answer))
    if isinstance(answer, list):
        listed = read_list(answer, "matrix", symbols, rows_as_text=False).term
        raise OtherKindError(f"This asks for {SCALARS[kind]}, and the answer is a list.", plain(listed))
    raise EntryError("This is no text, number or list.")


def read_list(answer: Json, kind: str, symbols: Symbols, *, tight: bool = False, rows_as_text: bool = True) -> Reading:
    """Read a vector, a matrix or a shape; with `rows_as_text` a text may be a row of a matrix, else it is an entry.

    Raises:
        ReadError: the answer means nothing.
        OtherKindError: it means another kind of value.
    """
    if isinstance(answer, str):
        _check_length(answer)
        try:
            if kind == "shape":
                return shape(answer, symbols, tight=tight)
            return array(answer, symbols, kind, tight=tight)
        except ReadError:
            _refuse_truth(answer, LISTS[kind])
            raise
    if isinstance(answer, bool):
        _refuse_truth(str(answer), LISTS[kind])
    if isinstance(answer, int | float):
        return Reading(_list_of(((_number(answer),),), kind))
    if not isinstance(answer, list):
        raise EntryError("This is no text, number or list.")
    if len(answer) > MAX_ENTRIES:
        raise EntryError("The answer has too many entries.")
    if len(answer) == 1 and isinstance(answer[0], str):
        return read_list(answer[0], kind, symbols, tight=tight)
    if kind == "matrix" and rows_as_text and len(answer) > 1:
        texts = [row[0] if isinstance(row, list) and len(row) == 1 else row for row in answer]
        if all(isinstance(row, str) and not is_blank(row) for row in texts):
            return array("\n".join(texts), symbols, kind, tight=tight)
    while len(answer) == 1 and isinstance(answer[0], list) and answer[0] and isinstance(answer[0][0], list):
        answer = answer[0]  # an axis of length 1, as PyTorch has N and C
    nested = [isinstance(row, list) for row in answer]
    if any(nested) and not all(nested):
        raise EntryError("Some rows are lists, but not all of them.")
    rows = answer if any(nested) else [answer]
    _check_size(rows)
    _check_names([entry for row in rows for entry in row if isinstance(entry, str) and "=" in entry])
    forked = False
    read: list[tuple[Term, ...]] = []
    for i, row in enumerate(rows, 1):
        entries = []
        for j, entry in enumerate(row, 1):
            if type(entry) is int:  # most entries are
                entries.append(_number(entry))
                continue
            where = f"The {ordinal(j)} entry" + f" of the {ordinal(i)} row" * any(nested)
            reading = _entry(entry, where, symbols, tight)
            forked |= reading.forked
            entries.append(reading.term)
        read.append(tuple(entries))
    return Reading(_list_of(tuple(read), kind), forked)


def _check_length(text: str) -> None:
    """Refuse a text that is too long for anything, before the work."""
    if len(text) > MAX_LIST_CHARACTERS:
        raise ReadError("the answer is too long", MAX_LIST_CHARACTERS)


def _check_size(rows: list[list[Json]]) -> None:
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        raise EntryError("The rows have different lengths.")
    if 0 in widths:
        raise EntryError("A row is empty.")
    if len(rows) * max(widths) > MAX_ENTRIES:
        raise EntryError("The answer has too many entries.")
    if sum(len(entry) for row in rows for entry in row if isinstance(entry, str)) > MAX_LIST_CHARACTERS:
        raise EntryError("The answer is too long.")


def _check_names(entries: list[str]) -> None:
    """Refuse entries that are named in another order, as in `["y_2 = 1", "y_1 = 3"]`."""
    names = [name for entry in entries if (name := entry.partition("=")[0].strip())]
    if len(names) > 1 and in_order(names) is False:
        raise EntryError("Write the entries in order, without names.")


def _entry(entry: Json, where: str, symbols: Symbols, tight: bool) -> Reading:
    if isinstance(entry, list):
        raise EntryError("The lists are nested too deeply.")
    if is_blank(entry):
        raise EntryError(f"{where} is empty.")
    try:
        reading = read_scalar(entry, "expr", symbols, tight=tight)
        if isinstance(entry, str) and (found := _BLANK_IN_NUMBER.search(entry)):
            raise EntryError(f"{where}: {found[1]} {found[2]}: one number or two?")
        return reading
    except OtherKindError:
        raise EntryError(f"{where} is no number or expression.") from None
    except EntryError:
        raise
    except ReadError as error:
        raise EntryError(f"{where}: {error}") from None


def _list_of(rows: tuple[tuple[Term, ...], ...], kind: str) -> Formula:
    if kind == "matrix":
        return Formula("matrix", *rows)
    rows = as_vector(rows)
    if kind == "vector":
        return Formula("matrix", *rows)
    if len(rows) > 1:
        raise EntryError("A shape is one list of sizes.")
    return Formula("shape", *rows[0])


def _number(number: float) -> Term:
    if isinstance(number, float) and not math.isfinite(number):
        raise EntryError("This is no number.")
    exact = simple(Fraction(Decimal(repr(number)))) if isinstance(number, float) else number
    if max(exact.numerator.bit_length(), exact.denominator.bit_length()) > _MAX_BITS:
        raise EntryError("This number is too long.")
    return exact


def _refuse_truth(answer: str, asked: str) -> None:
    """Say that a truth was given where a value is asked, if that is what the text is."""
    word = answer.strip(" .").casefold()
    if word in ("true", "false"):
        raise OtherKindError(f"This asks for {asked}, not for true or false.", word)


def _refuse_list(answer: str, kind: str, symbols: Symbols) -> None:
    """Say that a list was given where one value is asked, if that is what the text is."""
    if not any(sign in answer for sign in (",", ";", "[", "\n", "&", r"\begin")):
        return
    try:
        listed = array(answer, symbols, "matrix").term
    except ReadError:
        return
    if isinstance(listed, Formula) and len(listed.args) * len(listed.args[0]) > 1:
        raise OtherKindError(f"This asks for {SCALARS[kind]}, and the answer is a list.", plain(listed))
