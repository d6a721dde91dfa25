"""The PDF says what was typed, is accessible, and refuses what it can't print."""

from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from cnnex.errors import OutputError
from cnnex.export import export_sheet
from cnnex.generator import generate_set
from cnnex.model.prose import Block, Display, Prose, Table, prose
from cnnex.model.sheet import Sheet, SheetItem, SheetPart
from cnnex.notation.formula import Term, call, equation, indexed, matrix, product_sum, shape, symbol
from cnnex.plans import deal


def sheet_of(*blocks: Block, title: str = "Homework", student: str = "") -> Sheet:
    part = SheetPart("1a", "a", prose("Well?"), (), 1)
    return Sheet(title, "AB12-CD34", student, 1, (SheetItem(1, "A problem", 1, blocks, (), (part,), None, None),))


def read(sheet: Sheet) -> PdfReader:
    return PdfReader(io.BytesIO(export_sheet(sheet, "pdf")))


def text_of(reader: PdfReader) -> str:
    return "".join(page.extract_text() for page in reader.pages)


# The characters that the fonts inside Typst have; blanks fall where lines break.
typed = st.text(
    st.one_of(st.characters(min_codepoint=33, max_codepoint=126), st.sampled_from("äéñøßłŐŽαλΩЖйю€“”–×≤")),
    min_size=1,
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(typed, typed)
def test_title_and_student_come_out_as_typed(title: str, student: str) -> None:
    reader = read(sheet_of(title=title, student=student))
    assert reader.metadata is not None
    assert reader.metadata.title == title
    shown = "".join(text_of(reader).split())
    assert title in shown
    assert student in shown


def test_it_is_tagged_and_every_page_says_what_it_is() -> None:
    problems = generate_set(deal(["pooling"], [], 6, "medium", "My homework"), "pages", "Ada")
    reader = read(problems.sheet())
    root = reader.root_object
    assert str(root["/MarkInfo"]) == "{'/Marked': True, '/Suspects': False}"
    assert str(root["/Lang"]) == "en"
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        for words in ("My homework", problems.id, "Ada", f"Page {number} of {len(reader.pages)}"):
            assert words in text


def test_a_matrix_is_copied_row_by_row() -> None:
    k, m = symbol("k"), symbol("m")
    matrices: list[list[list[Term]]] = [
        [[1, -2, 33], [40, 5, -6], [-7, 888, 9]], [[k, 0, m + 1], [0, 3, k]], [[k, m, 4]], [[5], [6], [-7]],
    ]  # fmt: skip
    reader = read(sheet_of(*(Display(equation(symbol("x"), matrix(rows))) for rows in matrices)))
    text = unicodedata.normalize("NFKC", "".join(text_of(reader).split())).replace("\u2212", "-")
    shown = [part.strip("[").partition("]")[0] for part in text.split("x=")[1:]]
    assert shown == ["1-233405-6-78889", "k0m+103k", "km4", "56-7"]


def test_formulas_have_spoken_words() -> None:
    content = export_sheet(sheet_of(Display(equation(symbol("x"), -3))), "typ").decode()
    assert '"x equals minus 3"' in content


def test_what_no_font_has_is_named() -> None:
    # Private use: no font of any machine has it.
    with pytest.raises(OutputError, match=r"\(U\+F0FF1\)"):
        export_sheet(sheet_of(title="Homework \U000f0ff1 é"), "pdf")


@pytest.mark.parametrize(
    "block",
    [
        Display(equation(symbol("x"), matrix([range(10000, 10040)]))),
        Prose((call("max", *range(10000, 10040)),)),
        Prose((equation(symbol("x"), matrix([range(10000, 10040)])),)),
        Table("Wide", ("a", "b"), ((shape(range(1000, 1030)), shape(range(1000, 1030))),)),
    ],
    ids=["display", "inline", "inline relation", "table"],
)
def test_what_is_wider_than_the_page_is_an_error(block: Block) -> None:
    with pytest.raises(OutputError, match="wider than the page") as refusal:
        export_sheet(sheet_of(block), "pdf")
    assert len(str(refusal.value)) < 250


def test_long_sums_are_broken_instead() -> None:
    products: Term = product_sum([(symbol(f"k_{n}"), x) for n, x in enumerate(indexed("x", 40), 1)])
    numbers = product_sum([(-n, 100 + n) for n in range(40)])
    blocks: list[Block] = [Display(equation(symbol("y"), products, numbers, 7)), Prose((numbers,)), Display(numbers)]
    table = Table("Sums", ("place", "sum", "value"), (("row 1, column 1", numbers, -7), ("row 2", products, 8)))
    assert export_sheet(sheet_of(*blocks, table), "pdf")


def test_long_words_are_broken_too() -> None:
    reader = read(sheet_of(prose("y" * 300), title="x" * 300, student="z" * 300))
    for page in reader.pages:
        ends: list[float] = []

        def see(text: str, _: object, place: list[float], *more: object, ends: list[float] = ends) -> None:
            ends.append(place[4] + 5 * len(text.split("\n")[-1]))

        page.extract_text(visitor_text=see)
        assert max(ends) < 595


def test_a_long_question_is_split_rather_than_cut_off() -> None:
    blocks = [prose("Line {n}", n=number) for number in range(120)]
    assert "Line 119" in text_of(read(sheet_of(*blocks)))
