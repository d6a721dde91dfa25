"""Typst source, from which the built-in PDF is made."""

from __future__ import annotations

from cnnex.model.sheet import Sheet

SUFFIX = "typ"


def write(sheet: Sheet) -> bytes:
    """The sheet as Typst."""
    from cnnex.render import render_sheet

    return render_sheet(sheet, "typ").encode()
