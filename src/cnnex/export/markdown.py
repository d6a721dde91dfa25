"""Markdown for GitHub, Jupyter and the editors of learning platforms."""

from __future__ import annotations

from pathlib import Path

from cnnex.model.prose import Prose
from cnnex.model.sheet import Sheet, SheetItem

SUFFIX = "md"


def write(sheet: Sheet, templates: Path | None = None) -> bytes:
    """The sheet as Markdown with `$...$`."""
    from cnnex.render import render_sheet

    return tidy(render_sheet(sheet, "md", templates)).encode() + b"\n"


def statement(item: SheetItem) -> str:
    """An item's statement and its conventions."""
    return _part("statement", item)


def solution(item: SheetItem) -> str:
    """An item's worked solution."""
    return _part("solution", item)


def words(paragraph: Prose) -> str:
    """A paragraph."""
    return _part("words", paragraph)


def _part(macro: str, value: object) -> str:
    from cnnex.render import render_part

    return tidy(render_part("md", macro, value))


def tidy(text: str) -> str:
    """The text with single empty lines, and none at its end."""
    while "\n\n\n" in text:  # ten times as fast as a regular expression
        text = text.replace("\n\n\n", "\n\n")
    return text.rstrip()
