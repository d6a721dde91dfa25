"""LaTeX engines that may be on the machine: how they are called, and what their failures mean."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from cnnex.errors import InputError, MissingToolError, OutputError, nearest

_SAFE = ["-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode", "-file-line-error"]
_TEX_LIVE = "TeX Live (https://tug.org/texlive), or on Debian: apt install --no-install-recommends"
ENGINES = {
    "latexmk": (["-pdf", *_SAFE], f"{_TEX_LIVE} latexmk texlive-latex-recommended lmodern"),
    "pdflatex": (_SAFE, f"{_TEX_LIVE} texlive-latex-recommended lmodern"),
    "lualatex": (_SAFE, f"{_TEX_LIVE} texlive-luatex texlive-latex-recommended lmodern"),
    "xelatex": (_SAFE, f"{_TEX_LIVE} texlive-xetex texlive-latex-recommended lmodern"),
    "tectonic": (["--untrusted"], "https://tectonic-typesetting.github.io"),
}
"""Arguments of each engine, and where to get it."""
_RERUN = ("Rerun LaTeX", "Rerun to get")
_NO_GLYPH = re.compile(r"(?:Unicode character|There is no) (\S) ")
_MOST_RUNS = 4
_SECONDS = 120


def compile_latex(source: bytes, engine: str) -> bytes:
    """The PDF that an engine makes of a LaTeX file.

    Raises:
        InputError: no such engine is known.
        MissingToolError: the engine isn't installed.
        OutputError: the engine fails; a character that its font lacks is named, or else its first error quoted.
    """
    if engine not in ENGINES:
        raise InputError(f"there is no engine {engine!r}", hint=nearest(engine, ENGINES))
    arguments, place = ENGINES[engine]
    program = shutil.which(engine)
    if program is None:
        raise MissingToolError(
            f"{engine} isn't installed", hint=f"get it from {place}; without --engine no TeX is needed"
        )
    with tempfile.TemporaryDirectory(prefix="cnnex-") as folder:
        path = Path(folder, "sheet.tex")
        path.write_bytes(source)
        for _ in range(_MOST_RUNS):
            output = _run([program, *arguments, path.name], path)
            if engine in ("latexmk", "tectonic") or not any(sign in output for sign in _RERUN):
                break
        return path.with_suffix(".pdf").read_bytes()


def _run(command: list[str], path: Path) -> str:
    # `p`: TeX reads and writes nothing outside the folder it works in and its own installation.
    safe = {**os.environ, "openin_any": "p", "openout_any": "p", "SOURCE_DATE_EPOCH": "0", "max_print_line": "1000"}
    engine = Path(command[0]).stem
    try:
        done = subprocess.run(  # noqa: S603 (no shell; the program is one of ENGINES)
            command, cwd=path.parent, env=safe, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise OutputError(f"{engine} did not finish within {_SECONDS} seconds") from None
    except OSError as error:
        raise OutputError(f"{engine} can't be started: {error.strerror or error}") from None
    output = (done.stdout + done.stderr).decode(errors="replace")
    if done.returncode or not path.with_suffix(".pdf").exists():
        reason = first_error(output)
        if found := _NO_GLYPH.search(reason):
            raise OutputError(
                f"the font of {engine} has no {found[1]} (U+{ord(found[1]):04X})",
                hint="without --engine it is taken from any font of this machine",
            )
        raise OutputError(f"{engine} failed: {reason}")
    return output


def first_error(output: str) -> str:
    r"""The first line in which TeX complains.

    >>> first_error("This is pdfTeX\n./sheet.tex:7: Undefined control sequence.\nl.7 \\oops")
    'line 7: Undefined control sequence.'
    """
    for line in output.splitlines():
        if found := re.match(r"(?:\./)?[\w.]+\.tex:(\d+): (.*)", line):
            return f"line {found[1]}: {found[2]}"
        if line.startswith(("! ", "error: ")):
            return line.partition(" ")[2]
        if line.startswith("Missing character: "):  # LuaTeX says the line later, and no more
            return line
    return "it gave no reason"
