"""Everything that a file holds, also where a reader doesn't look, and runs of numbers in it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from zipfile import ZipFile

from pypdf import PdfReader
from pypdf.generic import StreamObject

_NO_DATA = (
    re.compile(r"\\put\([^)]*\)|\\(?:makebox|color)(?:\[\w*\])+|\\fontsize\{[^}]*\}\{[^}]*\}"),  # of drawings in LaTeX
    re.compile(r"<[^>]*>"),
    re.compile(r"\bRow [0-9]+:"),  # of a matrix in spoken words
)


def everything_in(content: bytes) -> bytes:
    """The bytes of a file; of a PDF its streams and strings, of a Word document its parts and their names, too."""
    if content.startswith(b"PK"):
        with ZipFile(io.BytesIO(content)) as parts:
            return b"\n".join([content, *(name.encode() + b"\n" + parts.read(name) for name in parts.namelist())])
    if not content.startswith(b"%PDF"):
        return content
    reader = PdfReader(io.BytesIO(content))
    found = [content, repr(reader.metadata).encode()]
    for number in range(1, len(reader.xref_objStm) + sum(map(len, reader.xref.values())) + 1):
        obj = reader.get_object(number)
        found.append(repr(obj).encode())
        if isinstance(obj, StreamObject):
            found.append(obj.get_data())
    found += [page.extract_text().encode() for page in reader.pages]
    return b"\n".join(found)


def numbers_in(content: bytes) -> str:
    """The whole numbers of a file in their order, between blanks; minus signs and words for them are signs."""
    text = everything_in(content).decode(errors="replace").replace("−", "-").replace("minus ", "-")
    for pattern in _NO_DATA:
        text = pattern.sub(" ", text)
    # Braces, fences and blanks may stand between a sign and its number.
    return f" {' '.join(re.findall(r'-?[0-9]+', re.sub(r'- +(?=[0-9])', '-', text)))} "


def run_of(numbers: Iterable[int]) -> str:
    """Numbers as they would stand in `numbers_in`."""
    return f" {' '.join(map(str, numbers))} "
