"""PDF through Typst, in process: tagged for screen readers, fonts inside, the same bytes every time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from cnnex.errors import CnnexError, InputError, OutputError
from cnnex.model.sheet import Sheet
from cnnex.render import render_page

if TYPE_CHECKING:  # 60 MB of compiler, imported with the first PDF
    import typst

SUFFIX = "pdf"
STANDARDS: list[typst.PDFStandard] = ["ua-1", "a-2a"]
_REMEMBERED = 10
_TOO_WIDE = "cnnex-too-wide: "
_LINE = re.compile(r"__typst_py_bytes__\.typ:(\d+):")
"""A place in what the compiler says of an error."""

_NO_GLYPH = ("could not be displayed", "the PDF contains the codepoint")
"""No font has a character; or one does, but its meaning is private, which PDF/A forbids."""


def write(sheet: Sheet, templates: Path | None = None) -> bytes:
    """The sheet as PDF/UA-1 and PDF/A-2a.

    Raises:
        InputError: a template of the folder `templates` has an error.
        OutputError: a character has no font, or something is wider than the page.
    """
    try:
        return typeset(render_page("typ", "sheet", templates, sheet=sheet, quoted=True).encode())
    except OutputError as error:
        if templates is None:
            raise
        raise _placed(error, render_page("typ", "sheet", templates, sheet=sheet), templates) from None


def typeset(content: bytes) -> bytes:
    """Typst source as PDF/UA-1 and PDF/A-2a.

    The fonts inside the compiler are tried first, since with them the bytes are the same on every
    machine; a character that they lack is looked for in the fonts of the system.

    Raises:
        OutputError: a character has no font, or something is wider than the page.
    """
    import typst

    try:
        try:
            return _compiled(content, system_fonts=False)
        except typst.TypstError as error:
            if not _lacks_glyph(error.message):
                raise
            return _compiled(content, system_fonts=True)
    except typst.TypstError as error:
        raise _explained(error.message, content.decode()) from None


def _compiled(content: bytes, *, system_fonts: bool) -> bytes:
    pdf, _ = _compiler(system_fonts).compile_with_warnings(content, format="pdf", pdf_standards=STANDARDS, timestamp=0)
    assert isinstance(pdf, bytes)  # noqa: S101 (only images come page by page)
    return pdf


def forget() -> None:
    """Let the compiler forget what it laid out: it keeps that for ten documents, and looking through it takes longer.

    Worth it after sheets that share something, before sheets that share little with them: an eighth less time.
    """
    import typst

    for _ in range(_REMEMBERED):
        with suppress(typst.TypstError):  # it costs less than an empty page
            _compiler(system_fonts=False).compile(b"#")


@cache
def _compiler(system_fonts: bool) -> typst.Compiler:
    import typst

    return typst.Compiler(ignore_system_fonts=not system_fonts)


def _explained(message: str, content: str) -> OutputError:
    if _TOO_WIDE in message:
        what = message.partition(_TOO_WIDE)[2]
        return OutputError(
            f"a formula or table is wider than the page: {what if len(what) <= 120 else what[:119] + '…'}"
        )
    if _lacks_glyph(message):
        missing = ", ".join(f"{character} (U+{ord(character):04X})" for character in _without_font(set(content)))
        return OutputError(
            f"no font on this machine has {missing or 'a character of this sheet'}",
            hint="install a font that does, or choose another format",
        )
    hint = "--format typ shows what the templates print"
    return OutputError(f"the PDF could not be made: {message}", hint=hint)


def _placed(error: OutputError, source: str, templates: Path) -> CnnexError:
    """The error, and where a template of the folder is to blame, its place.

    Args:
        error: what is wrong.
        source: of the PDF as people get it, with no content in strings, in which the compiler knows no lines.
        templates: the folder.
    """
    import typst

    from cnnex.render.environment import place_of

    try:
        _compiled(source.encode(), system_fonts=False)
    except typst.TypstError as found:
        lines = source.splitlines()
        for number in _LINE.findall(found.diagnostic) if found.message in str(error) else ():
            line = lines[int(number) - 1]
            if place := place_of(line, "typ", templates):
                what = f"{place}: {found.message}, in {shorten(line, 80, placeholder='…')}"
                return InputError(what, hint="; ".join(found.hints))
    return error


def _lacks_glyph(message: str) -> bool:
    return any(words in message for words in _NO_GLYPH)


def _without_font(characters: Iterable[str]) -> list[str]:
    """The characters that can't be printed. Each is tried by itself, since Typst names only the first."""
    import typst

    missing = []
    for character in sorted(filter(lambda each: each > "~", characters)):
        try:
            _compiled(f'#set document(title: "-")\n#"{character}"'.encode(), system_fonts=True)
        except typst.TypstError:
            missing.append(character)
    return missing
