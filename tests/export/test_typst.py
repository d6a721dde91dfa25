"""The Typst that people get makes the PDF that they get; no entry of a table is larger than the room it was given."""

from __future__ import annotations

import io
from fractions import Fraction

import pytest
import typst
from pypdf import PdfReader

from cnnex.export import export_sheet
from cnnex.export.pdf import STANDARDS
from cnnex.generator import generate_set
from cnnex.model.prose import Table
from cnnex.model.sheet import Sheet
from cnnex.notation.formula import equation, matrix, symbol, total
from cnnex.plans import deal
from cnnex.render import render_sheet
from cnnex.render.fit import Column, columns, even_rows
from cnnex.render.typ import spelling
from cnnex.topics import load_topic, topic_names

HEIGHTS = {"words": "word-row", "formula": "formula-row", "fraction": "fraction-row", "": "1000pt"}


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_the_source_and_the_pdf_are_one_sheet() -> None:
    sheet = generate_set(deal(["pooling", "backprop"], [], 4, "medium"), "one", "Ada").sheet(solutions=True)
    compiler = typst.Compiler(ignore_system_fonts=True)
    own = compiler.compile(export_sheet(sheet, "typ"), format="pdf", pdf_standards=STANDARDS, timestamp=0)
    assert isinstance(own, bytes)
    assert pages(own) == pages(export_sheet(sheet, "pdf"))


def tables(sheet: Sheet) -> list[Table]:
    blocks = [block for item in sheet.items for block in item.statement]
    blocks += [block for item in sheet.items for step in item.solution or () for block in step.explanation]
    return [block for block in blocks if isinstance(block, Table)]


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_entries_of_tables_fit_where_nobody_measures_them(level: str) -> None:
    checks: dict[tuple[str, int, str], str] = {}
    for topic in topic_names():
        sheet = generate_set(deal([topic], [], len(load_topic(topic).families), level), "tables").sheet(solutions=True)
        for table in tables(sheet):
            found = columns(table)
            if found[0].ample:
                height = HEIGHTS[even_rows(table, found)]
                checks |= {(f"strong[{spelling.inline(head)}]", found[i].width, "word-row"): head
                           for i, head in enumerate(table.head)}  # fmt: skip
                checks |= {(f"[{spelling.cell(cell, found[i])}]", found[i].width, height): str(cell)
                           for row in table.rows for i, cell in enumerate(row)}  # fmt: skip
    assert len(checks) > 100
    source = render_sheet(sheet, "typ").partition("#title()")[0] + "#title()\n#context {\n"
    for number, (cell, width, height) in enumerate(checks):
        source += (
            f"let size = measure({cell})\n"
            f"if size.width > {width}em.to-absolute() + 0.1pt or size.height > {height}.to-absolute() - 7pt "
            f"{{ [CELL{number}. ] }}\n"
        )
    pdf = typst.Compiler(ignore_system_fonts=True).compile((source + "}\n").encode(), format="pdf")
    assert isinstance(pdf, bytes)
    text = "".join(pages(pdf))
    assert [cell for number, cell in enumerate(checks.values()) if f"CELL{number}." in text] == []


def test_rows_are_as_tall_as_what_is_printed_in_them() -> None:
    def kind(*cells: Fraction | int) -> str:
        table = Table("", ("sum",), tuple((total([cell, 1]),) for cell in cells))
        return even_rows(table, [Column("left", 9, False, ample=True)])

    assert kind(Fraction(9), 2) == "formula"
    assert kind(Fraction(9, 4)) == "fraction"
    assert even_rows(Table("", ("mean",), ((Fraction(9, 4),),)), [Column("right", 9, False, ample=True)]) == "formula"


def test_what_is_tall_touches_no_words_of_the_lines_around() -> None:
    window = matrix([[1, 2], [3, 4]])
    spelled = {
        spelling.maths(window): spelling.display(window),
        spelling.maths(equation(symbol("X"), window)): spelling.display(window),
        spelling.cell(Fraction(9, 4), Column("right", 5, False)): "#v(1.35em)",
    }
    sheet = generate_set(deal(["pooling"], [], 1, "easy"), "tall").sheet()
    source = render_sheet(sheet, "typ").partition("#title()")[0] + "#title()\n#context {\n"
    for inside, alone in spelled.items():
        source += f"if measure([{inside}]).height < measure([{alone}]).height - 3pt {{ [TOUCHES] }}\n"
    pdf = typst.Compiler(ignore_system_fonts=True).compile((source + "}\n").encode(), format="pdf")
    assert isinstance(pdf, bytes)
    assert "TOUCHES" not in "".join(pages(pdf))
