"""Answers in which the comma is the decimal sign, as the same answers with points.

What could also be meant otherwise is asked back: `1.792` may be 1792, and `1,2` in a list may be two entries.
"""

from __future__ import annotations

import re

from cnnex.answers.judgement import Json
from cnnex.notation.tokens import MAX_ENTRIES, MAX_LIST_CHARACTERS, NAME_PATTERN, ReadError

_PIECE = re.compile(rf"{NAME_PATTERN}|([0-9]++(?:(?:\{{,\}}|[.,])[0-9]++)*+)")
"""A name, whose indices may have commas, or digits with what stands between them."""
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+")
_ENTRIES_BY_BLANKS = re.compile(r"[\w)\]}][^\S\n]+[-+]?[\w(\[\\]")
_SEVERAL = re.compile("max|min", re.IGNORECASE)
"""Functions whose brackets hold a list."""
_DEEPEST = 3


def with_points(answer: Json, kind: str, depth: int = 0) -> Json:
    """The answer with a point for each decimal comma.

    >>> with_points("2,5 + k_{1,2}", "expr"), with_points("[1,5; 2]", "vector"), with_points("1.792,5", "rational")
    ('2.5 + k_{1,2}', '[1.5; 2]', '1792.5')

    Raises:
        ReadError: it could be read in two ways.
    """
    if isinstance(answer, str):
        return _text(answer, kind) if len(answer) <= MAX_LIST_CHARACTERS else answer
    if not isinstance(answer, list) or depth == _DEEPEST or len(answer) > MAX_ENTRIES:
        return answer
    if len(answer) == 1 and isinstance(answer[0], str):
        return with_points(answer[0], kind)
    if kind == "matrix" and depth == 0 and answer and all(isinstance(row, str) for row in answer):
        return with_points("\n".join(answer), kind)
    return [with_points(entry, "expr", depth + 1) for entry in answer]


def _text(text: str, kind: str) -> str:
    if kind in ("vector", "matrix") or _SEVERAL.search(text):
        _check_list(text, kind)
    return _PIECE.sub(lambda piece: _number(piece, kind), text)


def _number(piece: re.Match[str], kind: str) -> str:
    if piece[1] is None:
        return piece[0]
    digits = piece[1].replace("{,}", ",")
    if _THOUSANDS.fullmatch(digits):
        raise ReadError(
            f"does {digits} mean {digits.replace('.', '')} or {digits.replace('.', ',', 1)}?", piece.start()
        )
    if kind == "shape" or "," not in digits:
        return piece[0]
    if _GROUPED.fullmatch(digits):
        return digits.replace(".", "").replace(",", ".")
    if kind == "integer" and _THOUSANDS.fullmatch(digits.replace(",", ".")):
        raise ReadError(f"does {digits} mean {digits.replace(',', '')} or a decimal?", piece.start())
    if digits.count(",") > 1 or "." in digits:
        raise ReadError(f"is {digits} one number, and where are its decimals?", piece.start())
    return digits.replace(",", ".")


def _check_list(text: str, kind: str) -> None:
    """Refuse a list in which a comma between digits could separate entries."""
    found = next((piece for piece in _PIECE.finditer(text) if piece[1] and "," in piece[1]), None)
    if found is None:
        return
    rest = _PIECE.sub("0", text)
    separated = (
        "&" in rest or bool(_ENTRIES_BY_BLANKS.search(rest)) or (kind == "vector" and (";" in rest or "\n" in rest))
    )
    if "," in rest or not separated:
        why = f"is {found[1]} one number or several entries? Put semicolons or blanks between entries"
        raise ReadError(why, found.start())
