"""Text of files in whatever encoding a spreadsheet or an editor wrote."""

from __future__ import annotations

import codecs
import re

_NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def decoded(content: bytes) -> str:
    r"""The text of a file: UTF-8 or UTF-16 with or without mark, else Windows-1252 or Latin-1. It never fails.

    >>> [decoded("Zoë".encode(name)) for name in ("utf-8-sig", "utf-16", "utf-16-le", "latin-1")]
    ['Zoë', 'Zoë', 'Zoë', 'Zoë']
    """
    if wide := utf_16(content[:200]):
        return content.decode(wide, "replace").removeprefix("\ufeff")
    return narrow(content)


def narrow(content: bytes) -> str:
    """The same for what is known not to be UTF-16, such as one line of a file."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1" if _NOT_CP1252.search(content) else "cp1252")


def utf_16(start: bytes) -> str:
    r"""The name of the UTF-16 encoding that the start of a file shows, by its mark or by its zeros, else empty.

    >>> utf_16("id,name".encode("utf-16-be")), utf_16(b"id,name")
    ('utf-16-be', '')
    """
    if start.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if start.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    if b"\0" in start:
        return "utf-16-be" if start[:1] == b"\0" else "utf-16-le"
    return ""
