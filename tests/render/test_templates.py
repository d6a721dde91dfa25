"""Templates print through the spelling, or not at all."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from pathlib import Path

import jinja2
import pytest
from pypdf import PdfReader

import cnnex
from cnnex import resources
from cnnex.errors import InputError, OutputError
from cnnex.export import export_sheet
from cnnex.generator import generate_set
from cnnex.model.sheet import Sheet, SheetItem
from cnnex.plans import deal
from cnnex.render import _environment, html, md, render_page, tex, typ
from cnnex.render.environment import environment
from cnnex.render.spelling import Spelling

SPELLINGS = {"md": md.spelling, "tex": tex.spelling, "typ": typ.spelling, "html": html.spelling}


@pytest.mark.parametrize("format_", SPELLINGS)
def test_an_undefined_name_is_an_error(format_: str) -> None:
    env = environment(format_, SPELLINGS[format_])
    for source in ("<< title >>", "<< sheet.subtitle >>", "<% for x in nothing %><% endfor %>"):
        with pytest.raises(jinja2.UndefinedError):
            env.from_string(source).render(sheet={})


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_words_are_escaped_wherever_a_template_prints_them(spelling: Spelling) -> None:
    env = environment("md", spelling)
    macro = "<% macro said(words) %>(<< words >>)<% endmacro %><< said(title) >> << [title]|first >> << title >>"
    escaped = str(spelling.text("a_b"))
    assert env.from_string(macro).render(title="a_b") == f"({escaped}) {escaped} {escaped}"


def test_what_is_no_word_and_no_mathematics_is_an_error() -> None:
    env = environment("md", md.spelling)
    for value in (None, [1], 0.5):
        with pytest.raises(TypeError):
            env.from_string("<< value >>").render(value=value)


def own(folder: Path, name: str, change: Callable[[str], str]) -> Path:
    """A folder in which one template is ours with a change."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(change((resources.folder("templates") / name).read_text()))
    return folder


@pytest.mark.parametrize("format_", SPELLINGS)
def test_a_template_of_a_folder_stands_in_place_of_ours(tmp_path: Path, format_: str) -> None:
    sheet = Sheet("Homework", "AB12-CD34", "", 0, ())
    templates = own(
        tmp_path, f"{format_}/sheet.{format_}.j2", lambda text: text.replace("sheet.title", '"Mine & yours"')
    )
    printed = export_sheet(sheet, format_, None, templates).decode()
    assert str(SPELLINGS[format_].text("Mine & yours")) in printed
    assert export_sheet(sheet, format_).decode() == printed.replace(
        str(SPELLINGS[format_].text("Mine & yours")), str(SPELLINGS[format_].text("Homework"))
    )


def test_a_pdf_is_made_of_them_too(tmp_path: Path) -> None:
    sheet = Sheet("Homework", "AB12-CD34", "", 0, ())
    templates = own(tmp_path, "typ/sheet.typ.j2", lambda text: text + "\nMy own words.\n")
    (page,) = PdfReader(io.BytesIO(export_sheet(sheet, "pdf", None, templates))).pages
    assert "My own words." in page.extract_text()


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("sheet", "#emphasis[<< sheet.title >>]", "unknown variable: emphasis"),
        ("sheet", "#text(size: 3)[A]", "expected length, found integer"),
        ("look", "#let wide = 3 + [A]", "cannot add integer and content"),
        ("blocks", "<% macro blocks(all) %>#nothing<% endmacro %>", "unknown variable: nothing"),
    ],
)
def test_what_typst_refuses_names_file_and_line(tmp_path: Path, name: str, error: str, message: str) -> None:
    item = SheetItem(1, "One", 0, (), (), (), None, None)
    templates = own(tmp_path, f"typ/{name}.typ.j2", lambda text: f"{text}\n{error}\n")
    number = (templates / f"typ/{name}.typ.j2").read_text().splitlines().index(error) + 1
    with pytest.raises(InputError) as refused:
        export_sheet(Sheet("Homework", "AB12-CD34", "", 0, (item,)), "pdf", None, templates)
    assert f"{templates / 'typ'}/{name}.typ.j2: line {number}: {message}, in #" in str(refused.value)


def test_what_typst_refuses_of_a_sheet_is_no_template_s_fault(tmp_path: Path) -> None:
    templates = own(tmp_path, "typ/sheet.typ.j2", lambda text: text)
    with pytest.raises(OutputError, match=r"U\+F0FF1"):
        export_sheet(Sheet("\U000f0ff1", "AB12-CD34", "", 0, ()), "pdf", None, templates)


def test_an_edited_template_is_read_anew(tmp_path: Path) -> None:
    sheet = Sheet("Homework", "AB12-CD34", "", 0, ())
    for turn, words in enumerate(("first", "second")):
        templates = own(tmp_path, "md/sheet.md.j2", lambda text, words=words: text + words)  # type: ignore[misc]
        os.utime(templates / "md/sheet.md.j2", (turn, turn))
        assert words in export_sheet(sheet, "md", None, templates).decode()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("<< sheet.subtitle >>", "no attribute 'subtitle'"),
        ("<< nothing >>", "'nothing' is undefined"),
        ("<% for x in %>", "expected an expression"),
        ("<% if sheet.title %>", "unexpected end of template"),
        ("<< 1 / 0 >>", "division by zero"),
        ("<< sheet.items >>", "neither words nor mathematics"),
        ("<< sheet.title|shout >>", "no filter named 'shout'"),
        ('<% include "other.j2" %>', "other.j2"),
        ('<% include "../../other.j2" %>', "there is no template '../../other.j2'"),
        ("<< sheet.title.upper(1) >>", "takes no arguments"),
    ],
)
def test_an_error_names_file_and_line(tmp_path: Path, error: str, words: str) -> None:
    sheet = Sheet("Homework", "AB12-CD34", "", 0, ())
    templates = own(tmp_path, "md/sheet.md.j2", lambda text: f"one\ntwo {error}\n{text}")
    with pytest.raises(InputError) as refused:
        export_sheet(sheet, "md", None, templates)
    assert words in str(refused.value)
    assert f"{templates / 'md/sheet.md.j2'}: line " in str(refused.value)
    if "unexpected end" not in words:
        assert ": line 2: " in str(refused.value)


def test_a_template_without_what_ours_take_from_it_is_one_sentence(tmp_path: Path) -> None:
    templates = own(tmp_path, "md/blocks.md.j2", lambda text: "nothing")
    item = SheetItem(1, "One", 0, (), (), (), None, None)
    with pytest.raises(InputError, match=re.escape(f"{tmp_path}: ")):
        export_sheet(Sheet("Homework", "AB12-CD34", "", 0, (item,)), "md", None, templates)


@pytest.mark.parametrize("name", ["md/sheet.md.j2", "md/blocks.md.j2"])
def test_a_template_that_is_no_text_is_named(tmp_path: Path, name: str) -> None:
    own(tmp_path, name, lambda text: "").joinpath(name).write_bytes(b"ab\xff")
    with pytest.raises(InputError, match=re.escape(f"{tmp_path / name}: byte 3 is not UTF-8")):
        export_sheet(Sheet("Homework", "AB12-CD34", "", 0, ()), "md", None, tmp_path)


def test_our_own_templates_fail_aloud() -> None:
    with pytest.raises(jinja2.UndefinedError):
        render_page("md", "sheet")


def test_a_folder_without_templates_is_refused(tmp_path: Path) -> None:
    sheet = Sheet("Homework", "AB12-CD34", "", 0, ())
    with pytest.raises(InputError, match="is no folder of templates"):
        export_sheet(sheet, "md", None, tmp_path / "nowhere")
    (tmp_path / "md").mkdir()
    (tmp_path / "md" / "shet.md.j2").write_text("misspelled")
    with pytest.raises(InputError, match=r"no file in .* stands in place of a template"):
        export_sheet(sheet, "md", None, tmp_path)


def test_no_template_can_reach_an_answer_on_a_sheet_without_solutions() -> None:
    """Whatever a template prints of it: the values, the mistakes and the seed aren't on the sheet."""
    problems = generate_set(deal(["pooling"], ["F14"], 4, "hard"), "a seed that nobody sees")
    seen = repr(problems.sheet())
    for printed in problems.sheet(solutions=True).items:
        assert printed.solution is not None
        for step in printed.solution:
            assert all(repr(value) not in seen for _, value in step.answers)
    for secret in (problems.seed, *(each.explanation for item in problems.items for each in item.problem.mistakes)):
        assert secret not in seen


def test_questions_that_are_remembered_are_those_of_the_sheet() -> None:
    def source(seed: str, *, solutions: bool, quoted: bool) -> str:
        sheet = cnnex.generate("pooling", count=3, seed=seed).sheet(solutions=solutions)
        return render_page("typ", "sheet", None, sheet=sheet, **({"quoted": True} if quoted else {}))

    cases = [("a", False, True), ("a", True, True), ("b", True, True), ("b", False, False), ("a", True, False)]
    found = [source(seed, solutions=solutions, quoted=quoted) for seed, solutions, quoted in cases]
    for (seed, solutions, quoted), one in zip(cases, found, strict=True):
        _environment.cache_clear()
        assert source(seed, solutions=solutions, quoted=quoted) == one
