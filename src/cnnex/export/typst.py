"""Typst source, from which the built-in PDF is made."""

from __future__ import annotations

from pathlib import Path

from cnnex.model.sheet import Sheet

SUFFIX = "typ"


def write(sheet: Sheet, templates: Path | None = None) -> bytes:
    """The sheet as Typst."""
    from cnnex.render import render_sheet

    return render_sheet(sheet, "typ", templates).encode()
