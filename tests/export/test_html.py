"""A sheet as a page: it stands alone, can be heard, and its fields make an answers file that the grader reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from htmlpages import Page, checked_page

import cnnex
from cnnex.export import export_sheet
from cnnex.generator import generate_set
from cnnex.model.problem_set import ProblemSet
from cnnex.model.prose import Display, Prose, Table, prose
from cnnex.model.sheet import Sheet, SheetItem
from cnnex.notation.formula import equation, symbol, symbols, total
from cnnex.plans import deal
from cnnex.store.records import blank_submission, encode, key_of
from cnnex.topics import topic_names

Attributes = Mapping[str, str | None]


@pytest.fixture(scope="module")
def problems() -> ProblemSet:
    return generate_set(deal(topic_names(), [], 60, "medium"), "a page")


@pytest.fixture(scope="module")
def question(problems: ProblemSet) -> Page:
    return checked_page(export_sheet(problems.sheet(), "html"), scripts=1)


def attributes(page: Page, tag: str) -> list[Attributes]:
    return [found for name, found in page.seen if name == tag]


def page_of(*blocks: Prose | Display | Table) -> str:
    return export_sheet(
        Sheet("Homework", "AB12-CD34", "", 0, (SheetItem(1, "One", 0, blocks, (), (), (), None),)), "html"
    ).decode()


def test_solutions_stand_alone_and_have_neither_fields_nor_a_script(problems: ProblemSet) -> None:
    page = checked_page(export_sheet(problems.sheet(solutions=True), "html"))
    tags = {tag for tag, _ in page.seen}
    assert not tags & {"form", "input", "textarea", "button", "script", "noscript"}
    assert sum(tag == "h3" for tag, _ in page.seen) == len(problems.items)


def test_headings_and_links_are_those_of_the_problems(problems: ProblemSet, question: Page) -> None:
    tags = [tag for tag, _ in question.seen]
    assert [tag for tag in tags if tag in ("h1", "h2", "h3", "h4")] == ["h1"] + ["h2"] * (len(problems.items) + 1)
    links = [found["href"] for found in attributes(question, "a")]
    assert links == ["#content", *(f"#problem-{item.number}" for item in problems.items), "#hand-in"]
    text = export_sheet(problems.sheet(), "html").decode()
    assert f"<title>{problems.title} · Set {problems.id}</title>" in text


def test_each_field_has_a_label_and_is_hidden_until_the_script_shows_it(question: Page) -> None:
    labels = {found["for"] for found in attributes(question, "label")}
    fields = attributes(question, "input") + attributes(question, "textarea")
    ids = {found["id"] for _, found in question.seen if "id" in found}
    assert {found["id"] for found in fields} == labels
    described = {found["aria-describedby"] for found in fields if "aria-describedby" in found}
    assert described <= ids
    live = [found for _, found in question.seen if "data-live" in found]
    assert live
    assert all("hidden" in found for found in live)


def test_the_fields_are_those_of_the_answers_file(problems: ProblemSet, question: Page) -> None:
    parts = [found["data-part"] for _, found in question.seen if "data-part" in found]
    assert parts == list(blank_submission(problems).answers)
    named = [found["name"] for _, found in question.seen if found.get("name") in parts]
    assert list(dict.fromkeys(named)) == parts
    (form,) = attributes(question, "form")
    assert form["data-set"] == problems.id


def test_what_the_fields_offer_is_graded_as_right(problems: ProblemSet, question: Page) -> None:
    """The script in words: what is chosen is a value or a list of values, what is typed is text."""
    key = key_of(problems, "0")
    answers: dict[str, Any] = {}
    choices_of = {item.part_id(part): list(part.choices) for item in problems.items for part in item.problem.parts}
    for part in (part for item in key.items for part in item.parts):
        fields = [found for _, found in question.seen if found.get("name") == part.id]
        offered = [found["value"] for found in fields if "value" in found]
        match part.kind:
            case "selection":
                assert isinstance(part.value, list)
                assert {found["type"] for found in fields} == {"checkbox"}
                assert offered[-1] == ""
                answers[part.id] = [offered[choices_of[part.id].index(str(name))] for name in part.value]
            case "choice":
                assert {found["type"] for found in fields} == {"radio"}
                answers[part.id] = offered[choices_of[part.id].index(str(part.value))]
            case "boolean":
                assert offered == ["true", "false"]
                answers[part.id] = str(part.value).lower()
            case "matrix":
                assert isinstance(part.value, list)
                answers[part.id] = "\n".join(", ".join(map(str, row)) for row in part.value)
            case "vector" | "shape":
                assert isinstance(part.value, list)
                answers[part.id] = ", ".join(map(str, part.value))
            case _:
                answers[part.id] = str(part.value)
    assert {part.kind.value for item in key.items for part in item.parts} >= {"selection", "choice", "boolean"}
    content = {"schema": "cnnex.answers/1", "set": problems.id, "student": "", "answers": answers}
    report = cnnex.grade(content, key)
    assert report.score == report.points


def test_none_of_them_is_an_answer() -> None:
    problems = cnnex.generate("concepts", family="F42-select-all", count=1, seed=1)
    (part,) = cnnex.grade(
        {"schema": "cnnex.answers/1", "set": problems.id, "answers": {"1a": []}}, cnnex.key(problems)
    ).parts
    assert part.verdict.value in ("correct", "incorrect")


def test_a_question_holds_nothing_of_the_key(problems: ProblemSet) -> None:
    question = export_sheet(problems.sheet(), "html").decode()
    assert problems.seed not in question
    for item in problems.items:
        for mistake in item.problem.mistakes:
            for secret in (mistake.explanation, mistake.hint):
                assert secret not in question
    assert "Solution" not in question


def test_whatever_a_title_and_a_name_hold_is_text() -> None:
    words = """</title><script>alert("1")</script> & 'x'"""
    problems = cnnex.generate("pooling", count=1, seed=1, title=words, student=words)
    page = checked_page(cnnex.document(problems, "html"), scripts=1)
    assert attributes(page, "input")[-1]["value"] == words


def test_what_is_wider_than_a_phone_scrolls_by_itself_and_with_keys() -> None:
    long = equation(symbol("y"), total([symbol("x_1")] * 12), 5)
    scrolls = 'class="scroll" tabindex="0" role="group" aria-label="Formula"'
    assert f"<span {scrolls}>" in page_of(Prose((long,)))
    assert f"<div {scrolls}>" in page_of(Display(long))
    short = equation(symbol("y"), 5)
    assert 'tabindex="0"' not in page_of(Prose((short,)), Display(short))


def test_a_full_stop_stays_with_its_formula() -> None:
    x, y = symbols("x y")
    text = page_of(prose("Compute {x}, then {y}.", x=x, y=y))
    assert (
        '<span class="joined"><math><mi>x</mi></math>,</span> then <span class="joined"><math><mi>y</mi></math>.'
        in text
    )


def test_rows_have_heads_and_numbers_stand_on_the_right() -> None:
    text = page_of(Table("Sizes", ("layer", "size"), (("L1", 3), ("L2", -12))))
    assert '<table class="r2 ">' in text
    assert '<th scope="row">L1</th><td>3</td>' in text
    assert "<td><math><mrow><mo>−</mo><mn>12</mn></mrow></math></td>" in text


def test_the_file_that_the_script_writes_has_the_schema() -> None:
    text = cnnex.document(cnnex.generate("pooling", count=1, seed=1), "html").decode()
    blank = json.loads(encode(blank_submission(cnnex.generate("pooling", count=1, seed=1))))
    assert f'schema: "{blank["schema"]}", set: form.dataset.set, student, answers' in text
    assert list(blank) == ["schema", "set", "student", "answers"]
