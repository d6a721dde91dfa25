"""The errors that people see: one sentence each, an exit code, and where it helps a hint.

Anything raised from bad input is a `CnnexError`; the command line prints it in one line and exits
with its code. Every other exception is a defect of ours.
"""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Iterable


class CnnexError(Exception):
    """A refusal that can be explained in one sentence.

    >>> str(CnnexError("answers.json: line 3, column 7: a comma is missing", hint="see docs/formats.md"))
    'answers.json: line 3, column 7: a comma is missing (see docs/formats.md)'
    """

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(visible(f"{message} ({hint})" if hint else message))


class InputError(CnnexError):
    """Something the user gave (an option, a file, a field) can't be used."""


class OutputError(CnnexError):
    """A result can't be written or printed: no permission, no space, no font for a character."""


class ImpossibleError(CnnexError):
    """The wanted parameters leave no fair variant to draw."""


class MissingToolError(CnnexError):
    """A program or an extra that was asked for isn't installed."""


def visible(text: str) -> str:
    r"""The text on one line, what can't be seen written as an escape, so that nobody can fake a line.

    >>> print(visible("Eve\nScore: 40 / 40"))
    Eve\nScore: 40 / 40
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def short(value: object) -> str:
    """A value in few characters, for a message; whatever it is, this returns.

    >>> short("a" * 100), short(10**5000)
    ("'aaaaaaaaaaaa...aaaaaaaaaaaaa'", 'a number without end')
    """
    try:
        return reprlib.repr(value)
    except ValueError:  # Python spells no integer of thousands of digits
        return "a number without end"


_FEW = 20
"""So many names can be read as a hint."""


def nearest(wanted: str, known: Iterable[str]) -> str:
    """A hint that names what was probably meant, else all there is; empty where that is too much to read.

    >>> nearest("poling", ["pooling", "toeplitz"])
    'did you mean pooling?'
    >>> nearest("?", ["pooling", "toeplitz"])
    'there are: pooling, toeplitz'
    """
    names = list(known)
    folded = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(wanted.casefold(), folded, n=1)
    if close:
        return f"did you mean {folded[close[0]]}?"
    return f"there are: {', '.join(names)}" if len(names) <= _FEW else ""
