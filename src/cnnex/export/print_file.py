"""One PDF of many, for the printer: each sheet begins on a right-hand page."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO


def combine(sheets: Iterable[Path], file: BinaryIO) -> None:
    """Write the pages of all sheets one after another, with an empty page after an odd number of pages.

    The tags for screen readers stay with the single sheets; paper has no use for them.
    """
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for path in sheets:
        reader = PdfReader(path)
        for page in reader.pages:
            writer.add_page(page, excluded_keys=["/StructParents", "/Tabs"])
        if len(reader.pages) % 2:
            writer.add_blank_page()
        writer.reset_translation(reader)  # else a later reader at the same address would be taken for this one
    writer.write(file)
