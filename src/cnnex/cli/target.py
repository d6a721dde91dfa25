"""Where a command writes a sheet, and in which format."""

from __future__ import annotations

import sys
from pathlib import Path

from cnnex.errors import InputError, OutputError

FORMATS = ("md", "tex", "typ", "pdf", "html", "docx", "json")
ENGINES = ("latexmk", "pdflatex", "lualatex", "xelatex", "tectonic")


def target_of(output: str | None, format_: str | None) -> str:
    """The format to write, or `folder` for the whole handout.

    Raises:
        InputError: there is no such format, or format and output contradict each other.
    """
    if output is None:
        return format_ or "md"
    if output in ("", "-"):
        raise InputError("--output needs a path", hint="leave it out to see the sheet")
    suffix = Path(output).suffix[1:].lower()
    if output.endswith(("/", "\\")) or not suffix or Path(output).is_dir():
        if format_:
            raise InputError(f"--format {format_} goes with a file, and {output} is a folder, which gets all formats")
        return "folder"
    if suffix not in FORMATS:
        known = ", ".join(FORMATS)
        raise InputError(f"--output {output}: the ending .{suffix} is none of {known}", hint="a folder ends in /")
    if format_ not in (None, suffix):
        raise InputError(f"--format {format_} contradicts --output {output}")
    return suffix


def write_sheet(content: bytes, target: str, output: str | None) -> str:
    """Write a sheet to a file, or to the terminal; what was written in words, "" on the terminal.

    Raises:
        InputError: a terminal can't show the format.
        OutputError: it can't be written.
    """
    from cnnex.store.folder import write_file

    if output is not None:
        write_file(Path(output), content)
        return f"wrote {output}"
    if sys.stdout is None:
        raise OutputError("there is no standard output to write to")
    if target in ("pdf", "docx") and sys.stdout.isatty():
        what = "a PDF" if target == "pdf" else "a Word document"
        raise InputError(f"{what} can't be shown on a terminal", hint=f"add --output sheet.{target}")
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    return ""
