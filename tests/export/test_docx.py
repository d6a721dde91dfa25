"""Word documents have native equations, tables and images with their words; without pandoc the extra is named."""

from __future__ import annotations

import io
import re
import sys
import zipfile

import pytest

import cnnex
from cnnex.errors import MissingToolError, OutputError
from cnnex.export import docx, html
from cnnex.model.prose import Table
from cnnex.model.sheet import Sheet, SheetItem
from cnnex.notation.formula import total

PROBLEMS = cnnex.generate(
    ["pooling", "backprop", "architecture"], count=4, seed="a seed that nobody sees", student="Ada & Co"
)


def test_equations_tables_and_figures_are_words_own() -> None:
    pytest.importorskip("pypandoc")
    content = cnnex.document(PROBLEMS, "docx", solutions=True)
    parts = zipfile.ZipFile(io.BytesIO(content))
    document = parts.read("word/document.xml").decode()
    page = cnnex.document(PROBLEMS, "html", solutions=True).decode()
    assert document.count("<m:oMath>") == page.count("<math") > 20
    blocks = [
        block
        for item in PROBLEMS.sheet(solutions=True).items
        for block in (*item.statement, *(each for step in item.solution or () for each in step.explanation))
    ]
    assert document.count("<w:tbl>") == sum(isinstance(block, Table) for block in blocks)
    assert document.count("<w:drawing>") == page.count("<svg")
    assert 'descr=""' not in document
    assert "Ada &amp; Co" in document
    assert f"<dc:title>{PROBLEMS.title}</dc:title>" in parts.read("docProps/core.xml").decode()
    assert cnnex.document(PROBLEMS, "docx", solutions=True) == content


def test_columns_are_as_wide_as_their_entries_need() -> None:
    """LibreOffice takes the widths from the file, and cuts off the formulas of a cell that is too narrow."""
    pytest.importorskip("pypandoc")
    rows = (("L1", total(range(100, 108)), 3), ("L2", 4, 3))
    item = SheetItem(1, "A problem", 1, (Table("Sizes", ("layer", "height", "width"), rows),), (), (), None, None)
    sheet = Sheet("Homework", "AB12-CD34", "", 1, (item,))
    document = zipfile.ZipFile(io.BytesIO(docx.write(sheet))).read("word/document.xml").decode()
    layer, height, width = map(int, re.findall(r'<w:gridCol w:w="(\d+)"', document))
    assert height > 4 * max(layer, width)
    assert layer > width / 2
    assert b"<col" not in html.write(sheet)


def test_a_question_has_no_solution() -> None:
    pytest.importorskip("pypandoc")
    parts = zipfile.ZipFile(io.BytesIO(cnnex.document(PROBLEMS, "docx")))
    for name in parts.namelist():
        content = parts.read(name)
        assert b"Solution" not in content
        assert PROBLEMS.seed.encode() not in content


def test_without_pandoc_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    with pytest.raises(MissingToolError, match=r"cnnex\[docx\]"):
        cnnex.document(PROBLEMS, "docx")


def test_a_pandoc_that_fails_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx, "_pandoc", lambda: "false")
    with pytest.raises(OutputError, match="it gave no reason"):
        cnnex.document(PROBLEMS, "docx")
    monkeypatch.setattr(docx, "_pandoc", lambda: "/nowhere/pandoc")
    with pytest.raises(OutputError, match="can't be started"):
        cnnex.document(PROBLEMS, "docx")
