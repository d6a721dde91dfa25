"""Cells of tables that spreadsheets and learning platforms read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from cnnex.errors import visible
from cnnex.model.records import Number

_RUNS = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_JOINERS = "\u200c\u200d"
_JOINER = re.compile(f"([{_JOINERS}])")
_HARMLESS = re.compile(r"[+\-@][\w.@+-]*", re.ASCII)
"""Signs that begin a formula in a spreadsheet (also their wide forms), and text behind them that can't run: a number,
an id, an e-mail address."""


def number(value: Number) -> str:
    """A number of hundredths as all platforms read it: a decimal point, no separators of thousands.

    >>> number(7), number(7.5), number(1250.25), number(6.999999)
    ('7', '7.5', '1250.25', '7')
    """
    digits = format(round(Decimal(str(value)), 2), "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def one_line(text: str) -> str:
    r"""Text on one line, with escapes for what can't be seen except the joiners that names in many scripts need.

    >>> print(one_line("a\nb"), one_line("نیک\u200cآیین") == "نیک\u200cآیین")
    a\nb True
    """
    return "".join([visible(part) if part not in _JOINERS else part for part in _JOINER.split(text)])


def safe(text: str) -> str:
    """Text for a cell, on one line, that no spreadsheet takes for a formula; ids and numbers stay as they are.

    The sign in front is the one that spreadsheets show as text; see OWASP, "CSV Injection".

    >>> safe("=1+1"), safe("@SUM(A1)"), safe("007"), safe("-12"), safe("+ada@uni.edu")
    ("'=1+1", "'@SUM(A1)", '007', '-12', '+ada@uni.edu')
    """
    text = one_line(text)
    return f"'{text}" if _RUNS.match(text) and not _HARMLESS.fullmatch(text) else text


def csv_bytes(rows: Iterable[Sequence[str | Number]], *, mark: bool) -> bytes:
    """Rows as CSV in UTF-8; text is made `safe`, numbers have at most two decimals.

    Args:
        rows: of cells.
        mark: whether a byte-order mark says that it is UTF-8, which spreadsheets need and platforms don't.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([safe(cell) if isinstance(cell, str) else number(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig" if mark else "utf-8", "backslashreplace")
