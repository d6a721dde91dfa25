"""What an instructor puts on sheets: a head, room to write, words and pages before problems, in each format."""

from __future__ import annotations

import html
import io
import json
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

import cnnex
from cnnex.model.course import Course
from cnnex.model.problem_set import ProblemSet
from cnnex.render import render_page

COURSE = Course(name="Vision & Learning", institution="University of Springfield", due="4 December 2026, 12:00")
TEXT = ("md", "tex", "typ", "html")
BANK = """\
schema: cnnex.bank/1
title: Week 3
problems:
  - name: first
    topic: pooling
    family: F14-max-pooling
    level: easy
    before: |
      Read chapter 3
      & answer in *words*, $x$ or #1 <b>.

      No calculator.
  - name: second
    topic: pooling
    family: F14-average-pooling
    level: easy
    count: 2
    new_page: true
    before: The last two.
"""


def words(content: bytes, format_: str) -> str:
    """The words of a text format without its marks."""
    text = content.decode()
    return html.unescape(text) if format_ == "html" else re.sub(r'\\(?=[&#$*<>_])|#"|";|[{}]', "", text)


def generated(course: Course = COURSE, **options: object) -> ProblemSet:
    return cnnex.generate("pooling", count=3, seed="course", course=course, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("format_", TEXT)
@pytest.mark.parametrize("solutions", [False, True])
def test_the_head_is_in_each_format(format_: str, solutions: bool) -> None:
    text = words(cnnex.document(generated(), format_, solutions=solutions), format_)
    for said in ("Vision & Learning, University of Springfield", COURSE.due):
        assert said in text


def test_the_head_is_on_each_page_of_a_pdf() -> None:
    problems = generated(Course(name=COURSE.name, due=COURSE.due, workspace="10cm"), student="Ada Lovelace")
    pages = PdfReader(io.BytesIO(cnnex.document(problems, "pdf"))).pages
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        for said in (
            "Pooling",
            COURSE.name,
            f"Due: {COURSE.due}",
            problems.id,
            "Ada Lovelace",
            f"Page {number} of {len(pages)}",
        ):
            assert said in text


def test_the_author_of_a_pdf_is_the_course() -> None:
    course = Course(name='"Vision" \\ #1')
    for given, author in ((course, course.name), (COURSE, COURSE.line), (Course(), None)):
        metadata = PdfReader(io.BytesIO(cnnex.document(generated(given, student="Ada Lovelace"), "pdf"))).metadata
        assert metadata is not None
        assert metadata.author == author


def test_a_word_document_has_the_head_and_the_words() -> None:
    page = html.unescape(render_page("html", "word", sheet=generated().sheet()))
    assert COURSE.line in page
    assert COURSE.due in page


@pytest.mark.parametrize("format_", TEXT)
def test_a_course_that_says_nothing_changes_nothing(format_: str) -> None:
    assert cnnex.document(generated(Course()), format_) == cnnex.document(
        cnnex.generate("pooling", count=3, seed="course"), format_
    )


@pytest.mark.parametrize(("format_", "mark"), [("tex", "\\vspace*{35mm}"), ("typ", "#v(35mm)")])
def test_there_is_room_after_each_part_but_not_beside_solutions(format_: str, mark: str) -> None:
    problems = generated(Course(workspace="35mm"))
    parts = sum(len(item.problem.parts) for item in problems.items)
    assert cnnex.document(problems, format_).decode().count(mark) == parts
    assert mark not in cnnex.document(problems, format_, solutions=True).decode()


def test_html_has_the_room_on_paper_alone() -> None:
    page = cnnex.document(generated(Course(workspace="35mm")), "html").decode()
    assert "@media print { .part { padding-bottom: 35mm; } }" in page
    assert "35mm" not in cnnex.document(generated(Course(workspace="35mm")), "html", solutions=True).decode()


def test_a_statement_stays_whole_where_the_room_breaks_a_problem() -> None:
    """With 9 cm a part, two parts fill a page; each statement is on the page of its first part."""
    problems = generated(Course(workspace="9cm"))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(cnnex.document(problems, "pdf"))).pages]
    for item in problems.items:
        (page,) = [text for text in pages if f"{item.number}. {item.problem.title}" in text]
        assert f"{item.number}a" in page


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    path = tmp_path / "week3.yaml"
    path.write_text(BANK)
    return path


@pytest.mark.parametrize("format_", TEXT)
def test_words_stand_before_their_problem_as_they_are(bank: Path, format_: str) -> None:
    text = words(cnnex.document(cnnex.generate(bank=bank, seed=1), format_), format_)
    said = "Read chapter 3 & answer in *words*, $x$ or #1 <b>."
    places = [
        text.index(each) for each in (said, "No calculator.", "1. Max pooling", "The last two.", "2. Average pooling")
    ]
    assert places == sorted(places)
    assert text.count("The last two.") == 1


@pytest.mark.parametrize(
    ("format_", "mark", "count"),
    [("tex", "\\clearpage", 1), ("typ", "#pagebreak(", 1), ("html", 'class="new-page"', 1)],
)
def test_only_the_first_of_several_begins_a_page(bank: Path, format_: str, mark: str, count: int) -> None:
    assert cnnex.document(cnnex.generate(bank=bank, seed=1), format_).decode().count(mark) == count
    assert mark not in cnnex.document(generated(), format_).decode()


def test_the_second_problem_begins_a_page_of_the_pdf(bank: Path) -> None:
    pages = PdfReader(io.BytesIO(cnnex.document(cnnex.generate(bank=bank, seed=1), "pdf"))).pages
    assert len(pages) == 2
    assert "1. Max pooling" in pages[0].extract_text()
    assert "The last two." in pages[1].extract_text()


def test_a_set_file_has_the_words(bank: Path) -> None:
    items = json.loads(cnnex.document(cnnex.generate(bank=bank, seed=1), "json"))["items"]
    assert items[0]["before"] == ["Read chapter 3 & answer in *words*, $x$ or #1 <b>.", "No calculator."]
    assert "before" not in items[2]


def test_points_by_kind_stand_behind_those_of_a_bank(bank: Path) -> None:
    course = Course(points={"matrix": 7, "shape": 0})  # type: ignore[dict-item]
    bank.write_text(BANK.replace("    count: 2\n", "    parts: [{name: shape, points: 5}, {name: output}]\n"))
    problems = cnnex.generate(bank=bank, seed=1, course=course)
    assert [list(item.points.values()) for item in problems.items] == [[0, 7], [5, 7]]
    assert problems.id == cnnex.generate(bank=bank, seed=1).id


def test_a_decimal_comma_is_said_once_and_only_to_students() -> None:
    problems = generated(Course(decimal_sign=","))
    for format_ in TEXT:
        text = words(cnnex.document(problems, format_), format_)
        assert text.count("In answers the comma is the decimal sign") == 1
        assert "decimal sign" not in words(cnnex.document(problems, format_, solutions=True), format_)
    assert "commas between them" not in cnnex.document(problems, "html").decode().replace(
        "sizes in order, with commas", ""
    )


def test_tolerances_are_printed_with_the_sign(tmp_path: Path) -> None:
    bank = tmp_path / "bank.yaml"
    bank.write_text(
        "schema: cnnex.bank/1\ntitle: T\nproblems:\n  - name: a\n    topic: parameters\n    family: F25-sharing-1d\n"
        "    level: medium\n    parts: [{name: ratio, opts: {rtol: '0.05'}}]\n"
    )
    for sign in ".,":
        sheet = cnnex.document(cnnex.generate(bank=bank, seed=1, course=Course(decimal_sign=sign)), "md").decode()  # type: ignore[arg-type]
        assert f"at most 0{sign}05." in sheet


def test_nonsense_from_python_is_one_sentence() -> None:
    for course, said in (
        (Course(due="x" * 41), "course: due: expected `str` of length <= 40"),
        (Course(name=3), "course: name: expected `str`, got `int`"),  # type: ignore[arg-type]
        (Course(points={"colour": 1}), "course: "),  # type: ignore[dict-item]
    ):
        with pytest.raises(cnnex.CnnexError, match=re.escape(said)):
            generated(course)


def test_the_pdf_keeps_both_standards(bank: Path, tmp_path: Path) -> None:
    page = pytest.importorskip("page", reason="page-validation isn't installed")
    course = Course(name="Vision", institution="Ελλάδα", due="Monday", workspace="4cm", decimal_sign=",")
    problems = cnnex.generate(bank=bank, seed=1, course=course)
    for solutions in (False, True):
        path = tmp_path / "sheet.pdf"
        path.write_bytes(cnnex.document(problems, "pdf", solutions=solutions))
        for profile in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A):
            rules = {each.rule_id for each in page.validate_pdf(path, profile=profile).failures}
            assert rules <= {"PDFA2A-STREAM-LENGTH-001"}  # the checker's known false alarm
