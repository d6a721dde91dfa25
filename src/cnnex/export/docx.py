"""Word through pandoc, with equations that Word can edit; the same bytes every time."""

from __future__ import annotations

import os
import re
import subprocess
from base64 import b64encode
from pathlib import Path

from cnnex.errors import MissingToolError, OutputError
from cnnex.model.sheet import Sheet

SUFFIX = "docx"
_SECONDS = 120
_FIGURE = re.compile(r'<svg class="drawing" width="([\d.]+)pt"(.*?)><title>(.*?)</title>(.*?)</svg>', re.DOTALL)
_DOTS_PER_INCH = 192


def write(sheet: Sheet, templates: Path | None = None) -> bytes:
    """The sheet as a Word document.

    Raises:
        MissingToolError: pandoc isn't installed.
        OutputError: pandoc fails.
    """
    from cnnex.render import render_page

    pandoc = _pandoc()
    page = _FIGURE.sub(_image, render_page("html", "word", templates, sheet=sheet, word=True))
    return _converted(pandoc, page.encode())


def _pandoc() -> str:
    try:
        import pypandoc

        return str(pypandoc.get_pandoc_path())
    except (ImportError, OSError):
        raise MissingToolError(
            "pandoc isn't installed, and Word documents need it", hint="pip install 'cnnex[docx]'"
        ) from None


def _image(figure: re.Match[str]) -> str:
    """A figure as an image with its alt text: what draws an SVG is not in every Word, nor in pandoc."""
    import typst

    width, attributes, alt, shapes = figure.groups()
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt"{attributes}>{shapes}</svg>'.encode()
    source = f"#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(({', '.join(map(str, drawing))},)))"
    image = typst.compile(source.encode(), format="png", ppi=_DOTS_PER_INCH, ignore_system_fonts=True)
    assert isinstance(image, bytes)  # noqa: S101 (there is one page)
    pixels = round(float(width) * 96 / 72)
    return f'<img alt="{alt}" width="{pixels}" src="data:image/png;base64,{b64encode(image).decode()}">'


def _converted(pandoc: str, page: bytes) -> bytes:
    command = [pandoc, "--sandbox", "--from", "html", "--to", "docx", "--output", "-"]
    try:
        done = subprocess.run(  # noqa: S603 (no shell; the program is pandoc)
            command,
            input=page,
            env={**os.environ, "SOURCE_DATE_EPOCH": "0"},
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise OutputError(f"pandoc did not finish within {_SECONDS} seconds") from None
    except OSError as error:
        raise OutputError(f"pandoc can't be started: {error.strerror or error}") from None
    if done.returncode:
        raise OutputError(f"pandoc failed: {done.stderr.decode(errors='replace').strip() or 'it gave no reason'}")
    return done.stdout
