"""Output formats, one module each. Nothing here touches a disk.

A module of this folder with a `SUFFIX` and a `write` is a format; the others are what formats share
or make out of something else than a sheet.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol, cast

from cnnex.errors import InputError, nearest
from cnnex.model.sheet import Sheet


class Exporter(Protocol):
    """A format's module."""

    SUFFIX: str

    def write(self, sheet: Sheet, templates: Path | None = None) -> bytes:
        """The content of the file; templates of a folder stand in place of ours."""


@cache
def formats() -> dict[str, Exporter]:
    """The modules of all formats of a sheet by their suffix. No engine is imported for it.

    >>> sorted(formats())
    ['docx', 'html', 'md', 'pdf', 'tex', 'typ']
    """
    names = sorted(module.name for module in iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return {module.SUFFIX: cast(Exporter, module) for module in modules if hasattr(module, "SUFFIX")}


def export_sheet(
    sheet: Sheet,
    format: str,  # noqa: A002
    engine: str | None = None,
    templates: Path | None = None,
) -> bytes:
    """A sheet as the bytes of a file; with an engine a PDF is made from the LaTeX.

    Templates of the folder `templates` stand in place of those of the same path in ours.

    Raises:
        InputError: there is no such format or engine, or a template of the folder has an error.
        OutputError: a character has no font, a formula is wider than the page, or the engine failed.
        MissingToolError: the engine, or for Word pandoc, isn't installed.

    >>> export_sheet(Sheet("Homework", "A1B2", "Ada", 0, ()), "md").decode().splitlines()[2]
    '**Name:** Ada'
    """
    if engine and format == "pdf":
        from cnnex.export.latex_engine import compile_latex

        return compile_latex(export_sheet(sheet, "tex", None, templates), engine)
    if format not in formats():
        raise InputError(f"there is no format {format!r}", hint=nearest(format, formats()))
    return formats()[format].write(sheet, templates)
