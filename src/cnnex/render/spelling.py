"""What the spellings of all formats share: every value that a template prints passes here once."""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from textwrap import shorten

from markupsafe import Markup

from cnnex.errors import OutputError
from cnnex.model.prose import Block, Display, Figure, Inline, Prose
from cnnex.notation.formula import Formula, Term
from cnnex.render.fit import Column
from cnnex.render.qr import qr_svg

_HEAD = 42  # em of the small letters in the head of a page, beside the set's id


class Spelling(ABC):
    """Spells words and mathematics in one format; called by Jinja on everything that is printed."""

    def __init__(self) -> None:
        # Most words are printed again and again.
        self._words = lru_cache(8192)(lambda words: Markup(self.text(words)))  # noqa: S704

    @abstractmethod
    def text(self, words: str) -> str:
        """Words, so that no character of them is read as markup."""

    @abstractmethod
    def maths(self, term: Term) -> str:
        """A formula inside a line."""

    @abstractmethod
    def display(self, term: Term) -> Markup:
        """A formula on lines of its own."""

    @abstractmethod
    def tall(self, term: Term) -> Markup:
        """A formula inside a line at full size, however tall it gets."""

    @abstractmethod
    def drawing(self, figure: Figure) -> Markup:
        """A figure with its alt text."""

    def cell(self, value: Inline, column: Column | None) -> str:
        """An entry of a column; where the format needs none, the column is None."""
        return self.inline(value)

    def cells(self, row: Sequence[Inline], separator: str, columns: Sequence[Column | None] = ()) -> Markup:
        """The entries of a row; `separator` is the template's own."""
        return Markup(separator.join(map(self.cell, row, columns or [None] * len(row))))  # noqa: S704

    def qr(self, words: str) -> Markup:
        """A QR code as SVG."""
        return Markup(qr_svg(words))  # noqa: S704

    def prose(self, paragraph: Prose) -> str:
        """A paragraph."""
        return "".join([self.inline(part) for part in paragraph.parts])

    def inline(self, part: Inline) -> str:
        """Words or a formula. A plain number reads the same as words and costs readers nothing."""
        if isinstance(part, str):
            return self.text(part)
        if isinstance(part, int) and part >= 0:
            return str(part)
        return self.maths(part)

    def __call__(self, value: object) -> Markup:
        """What stands in the file for a value that a template prints."""
        if type(value) is str:
            return self._words(value)
        if isinstance(value, Markup):
            return value
        if isinstance(value, Prose):
            return Markup(self.prose(value))  # noqa: S704
        if isinstance(value, str | int | Fraction | Formula):
            return Markup(self.inline(value))  # noqa: S704
        shown = str(value)  # of a name that isn't defined this says so
        raise TypeError(f"a template prints {shorten(shown, 100)}, which is neither words nor mathematics")


def as_block(paragraph: Prose) -> Block:
    """A paragraph that is nothing but a tall formula stands on lines of its own.

    >>> from cnnex.notation.formula import matrix
    >>> as_block(Prose((matrix([[1, 2], [3, 4]]),)))
    Display(formula=Formula('[[1, 2], [3, 4]]'))
    """
    if len(paragraph.parts) == 1:
        (only,) = paragraph.parts
        if isinstance(only, Fraction) or (isinstance(only, Formula) and _is_tall(only)):
            return Display(only)
    return paragraph


def _is_tall(formula: Formula) -> bool:
    return formula.op in ("div", "sigma", "lines", "matrix") or any(
        isinstance(child, Formula) and _is_tall(child) for child in formula.args
    )


def short(words: str, beside: str = "", room: float = _HEAD) -> str:
    """Words for the head of a page, cut where they are wider than the room, in em, that other words leave them.

    >>> short("Padding and stride, Pooling, Convolution, Backpropagation")
    'Padding and stride, Pooling, Convolution, Backpropagation'
    >>> len(short("w" * 100)), len(short("l" * 150))
    (52, 103)
    """
    left = room - sum(map(_advance, f"…{beside}"))
    for end, character in enumerate(words):
        if left < 0:
            return words[: end - 1].rstrip() + "…"
        left -= _advance(character)
    return words


def measure(length: str) -> Markup:
    """A course's workspace, such as 4cm: Typst, TeX and CSS write it alike, and nothing else passes a `Course`."""
    return Markup(length)  # noqa: S704


def _advance(character: str) -> float:
    """The width of a character in em, on the large side."""
    if character in " .,:;'!|()[]/ijlftrI1":
        return 0.4
    if character.isascii():
        return 0.55 if character.islower() and character not in "mw" else 0.8 if character not in "mMW@%" else 1.05
    return 0.8 if ord(character) < 0x2000 else 1.1


def one_line(words: str) -> str:
    r"""Words on one line; white space of any kind becomes a blank, and accents join their letters.

    Raises:
        OutputError: there is a control character that nothing can print.

    >>> one_line("two\nlines")
    'two lines'
    """
    if not words.isascii():  # pdflatex knows no accents that follow their letters
        words = unicodedata.normalize("NFC", words)
    if words.isprintable():
        return words
    words = "".join([" " if character in "\t\n\v\f\r\x85\u2028\u2029" else character for character in words])
    for character in words:
        if character < " " or "\x7f" <= character <= "\x9f" or "\ud800" <= character <= "\udfff":
            raise OutputError(f"the control character U+{ord(character):04X} in {words!r} can't be printed")
    return words
