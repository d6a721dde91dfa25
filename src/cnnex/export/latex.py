"""LaTeX for those who typeset themselves: packages of a basic TeX only."""

from __future__ import annotations

from pathlib import Path

from cnnex.model.sheet import Sheet

SUFFIX = "tex"


def write(sheet: Sheet, templates: Path | None = None) -> bytes:
    """The sheet as LaTeX for pdflatex, lualatex or xelatex."""
    from cnnex.render import render_sheet

    return render_sheet(sheet, "tex", templates).encode()
