"""LaTeX for those who typeset themselves: packages of a basic TeX only."""

from __future__ import annotations

from cnnex.model.sheet import Sheet

SUFFIX = "tex"


def write(sheet: Sheet) -> bytes:
    """The sheet as LaTeX for pdflatex, lualatex or xelatex."""
    from cnnex.render import render_sheet

    return render_sheet(sheet, "tex").encode()
