"""LaTeX compiles without a warning where there is an engine, and says why where it doesn't."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cnnex.errors import InputError, MissingToolError, OutputError
from cnnex.export import export_sheet
from cnnex.export import latex_engine as engines
from cnnex.generator import generate_set
from cnnex.plans import deal
from cnnex.topics import topic_names

needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no pdflatex")
TITLE = "#1 $x$ \\ _a_ {b} <c> \"d\" @e *f* `g` | ~h~ & %i ^j [k] -- 'l' ≤ × “m” – …"


def test_an_unknown_engine_is_an_error() -> None:
    with pytest.raises(InputError, match="did you mean pdflatex"):
        engines.compile_latex(b"", "pdflatx")


def test_a_missing_engine_is_named_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(MissingToolError, match=r"xelatex isn't installed .*texlive-xetex"):
        engines.compile_latex(b"", "xelatex")


@needs_tex
def test_the_first_error_is_quoted() -> None:
    with pytest.raises(OutputError, match="pdflatex failed: line 2: Undefined control sequence"):
        engines.compile_latex(b"\\documentclass{article}\\begin{document}\n\\oops\\end{document}", "pdflatex")


ENGINES_AND_LETTERS = [
    ("pdflatex", "李"), ("pdflatex", "И"), ("pdflatex", "م"), ("pdflatex", "Ε"), ("pdflatex", "ד"), ("xelatex", "И"),
    ("lualatex", "李"),
]  # fmt: skip


@pytest.mark.parametrize(("engine", "letter"), ENGINES_AND_LETTERS)
def test_a_character_without_a_glyph_is_named_with_what_prints_it(engine: str, letter: str) -> None:
    if shutil.which(engine) is None:
        pytest.skip(f"there is no {engine}")
    sheet = generate_set(deal(["pooling"], ["F01-pooling-size"], 1, "easy", "t"), "tex", f"Ada {letter}").sheet()
    with pytest.raises(OutputError) as refusal:
        export_sheet(sheet, "pdf", engine=engine)
    assert str(refusal.value) == (
        f"the font of {engine} has no {letter} (U+{ord(letter):04X}) "
        "(without --engine it is taken from any font of this machine)"
    )


ALL = [("pdflatex", "easy"), ("pdflatex", "medium"), ("pdflatex", "hard"), ("xelatex", "hard"), ("lualatex", "medium")]


@pytest.mark.parametrize(("engine", "level"), ALL)
def test_an_engine_has_nothing_to_say(engine: str, level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All families, with their solutions and figures."""
    if shutil.which(engine) is None:
        pytest.skip(f"there is no {engine}")
    outputs: list[str] = []
    run = engines._run

    def listening(command: list[str], path: Path) -> str:
        outputs.append(run(command, path))
        return outputs[-1]

    monkeypatch.setattr(engines, "_run", listening)
    sheet = generate_set(deal(topic_names(), [], 100, level, TITLE), "tex", "Zoë Żółć").sheet(solutions=True)
    assert export_sheet(sheet, "pdf", engine=engine).startswith(b"%PDF")
    for complaint in ("Warning", "Overfull", "Underfull", "Missing character"):
        assert complaint not in outputs[-1]
