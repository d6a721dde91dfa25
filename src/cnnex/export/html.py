"""HTML that needs nothing else: native MathML to read and to hear, and fields that make an answers file."""

from __future__ import annotations

from pathlib import Path

from cnnex.model.sheet import Sheet

SUFFIX = "html"


def write(sheet: Sheet, templates: Path | None = None) -> bytes:
    """The sheet as a page; without solutions it has fields for the answers, which need a script and no network."""
    from cnnex.render import render_page

    solved = any(item.solution is not None for item in sheet.items)
    return render_page("html", "sheet", templates, sheet=sheet, solved=solved).encode()
