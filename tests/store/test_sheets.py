"""A key prints its sheet again, whatever is on it; what was changed by hand is one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from contract.draws import FAMILIES

import cnnex
from cnnex.errors import InputError
from cnnex.figures import layers, pooling, windows
from cnnex.figures.picture import Drawing
from cnnex.model.course import Course
from cnnex.model.prose import Block, Display, Figure, Prose, Table
from cnnex.model.sheet import Sheet, SheetItem
from cnnex.notation.formula import OPERATIONS, Formula, symbol
from cnnex.store.records import encode, key_from
from cnnex.store.sheets import DRAWINGS, sheet_json, sheet_of

FORMATS = ("md", "tex", "typ", "html")
X = symbol("dL/dk_1")


@pytest.mark.parametrize(("topic", "family"), FAMILIES, ids=[family for _, family in FAMILIES])
def test_every_family_prints_the_same_from_its_key(topic: str, family: str) -> None:
    for level in ("easy", "medium", "hard"):
        problems = cnnex.generate(topic, family=family, count=1, difficulty=level, seed="again")
        key = key_from(encode(cnnex.key(problems)), "key.json")
        for format_ in FORMATS:
            for solutions in (False, True):
                printed = cnnex.document(key, format_, solutions=solutions)
                assert printed == cnnex.document(problems, format_, solutions=solutions)


def test_every_operation_and_every_drawing_comes_back() -> None:
    terms = [
        X, X + Fraction(-7, 4), -X, X * 2, X / 2, Formula("floordiv", X, 2), Formula("mod", X, 2), X**2,
        Formula("call", "max", X, 0), Formula("rel", "<=", 0, X), Formula("matrix", (1, X), (Fraction(1, 2), -3)),
        Formula("shape", 3, 4), Formula("sigma", X, 1, 3, X * 2), Formula("lines", X, ("=", 1), ("", 2)),
        Formula("words", 'so "#1"'),
    ]  # fmt: skip
    assert {term.op for term in terms} == set(OPERATIONS)
    assert set(DRAWINGS) == {
        each
        for module in (layers, pooling, windows)
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Drawing) and each is not Drawing
    }
    statement: tuple[Block, ...] = (Prose(("é", 1, *terms)), Table("c", ("a",), tuple((term,) for term in terms)))
    statement += tuple(Display(term) for term in terms)
    sheet = Sheet("T", "AB12-CD34", "Ada", 0, (SheetItem(1, "One", 0, statement, (), (), None, None),))
    problems = cnnex.generate("pooling", count=1, seed=1)
    assert sheet_of(_with(cnnex.key(problems), sheet), "key") == sheet


def _with(key: cnnex.Key, sheet: Sheet) -> cnnex.Key:
    from msgspec import structs

    return structs.replace(key, set=sheet.set_id, sheet=sheet_json(sheet))


def test_two_drawings_never_stand_for_each_other() -> None:
    """Drawings are told apart by their fields alone."""
    plane = windows.PlaneWindow(((1, 2), (3, 4)), ((1,),))
    line = windows.LineWindow((1, 2), (1,))
    for drawing in (plane, line):
        item = SheetItem(1, "One", 0, (Figure(drawing),), (), (), None, None)
        sheet = Sheet("T", "AB12-CD34", "", 0, (item,))
        found = sheet_of(_with(cnnex.key(cnnex.generate("pooling", count=1, seed=1)), sheet), "key")
        assert found == sheet
        (figure,) = found.items[0].statement
        assert isinstance(figure, Figure)
        assert type(figure.drawing) is type(drawing)


def test_the_course_and_the_words_before_a_problem_come_back() -> None:
    course = Course(name="C", institution="I", due="tomorrow", workspace="4cm", decimal_sign=",")
    problems = cnnex.generate("pooling", count=2, seed=1, student="Ada", course=course)
    key = key_from(encode(cnnex.key(problems)), "key.json")
    for format_ in FORMATS:
        assert cnnex.document(key, format_) == cnnex.document(problems, format_)


def test_a_set_has_the_same_id_and_grade_with_and_without_its_sheet() -> None:
    problems = cnnex.generate("pooling", count=2, seed=1)
    content = json.loads(encode(cnnex.key(problems)))
    answers = {"schema": "cnnex.answers/1", "set": problems.id, "answers": {"1a": "3"}}
    report = cnnex.grade(answers, content)
    del content["sheet"]
    assert cnnex.grade(answers, content) == report


def test_a_key_without_a_sheet_says_what_to_do() -> None:
    content = json.loads(encode(cnnex.key(cnnex.generate("pooling", count=1, seed="s1"))))
    del content["sheet"]
    with pytest.raises(InputError, match=r"old: this key holds no sheet, .*generate the set again, .* --seed s1"):
        sheet_of(key_from(json.dumps(content).encode(), "old"), "old")


def test_a_key_that_an_editor_has_laid_out_anew_prints_the_same() -> None:
    problems = cnnex.generate("pooling", count=1, seed=1)
    content = json.dumps(json.loads(encode(cnnex.key(problems))), indent=4).encode()
    assert cnnex.document(key_from(content, "k"), "md") == cnnex.document(problems, "md")


def test_a_second_sheet_is_an_error() -> None:
    content = encode(cnnex.key(cnnex.generate("pooling", count=1, seed=1)))
    twice = content.replace(b'\n  "title"', b'\n  "sheet": {},\n  "title"')
    with pytest.raises(InputError, match="k: 'sheet' is given twice"):
        key_from(twice, "k")


def changed(change: Callable[[Any], None]) -> bytes:
    content = json.loads(encode(cnnex.key(cnnex.generate("pooling", family="F14-max", count=1, seed=1))))
    change(content["sheet"])
    return json.dumps(content).encode()


def set_in(*path: Any) -> Callable[[Any], None]:
    *way, last, value = path

    def change(sheet: Any) -> None:
        for step in way:
            sheet = sheet[step]
        sheet[last] = value

    return change


TABLE = {"caption": "c", "head": ["a", "b"], "rows": [["1", "2"]]}
CONE = {"names": ["image", "L1"], "needed": [3, 1], "jumps": [1, 1]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (set_in("title", 3), "sheet.title: expected words"),
        (set_in("points", True), "sheet.points: expected an integer"),
        (set_in("items", {}), "sheet.items: expected a list"),
        (set_in("items", 0, "colour", 1), "sheet.items[0]: expected number, title"),
        (set_in("items", 0, "new_page", 1), "sheet.items[0].new_page: expected true or false"),
        (set_in("items", 0, "parts", 0, "kind", "colour"), "sheet.items[0].parts[0].kind: expected a kind"),
        (set_in("items", 0, "statement", 0, {}), "sheet.items[0].statement[0]: expected "),
        (set_in("items", 0, "statement", 0, {"parts": [["div", 1]]}), "sheet.items[0].statement[0].parts[0]"),
        (set_in("items", 0, "statement", 0, {"parts": [["symbol", "x}\\input"]]}), "a number or a formula"),
        (set_in("items", 0, "statement", 0, {"formula": ["matrix", [1, 2], [3]]}), "a number or a formula"),
        (set_in("items", 0, "statement", 0, {"drawing": {"input": []}}), "sheet.items[0].statement[0].drawing"),
        (
            set_in("items", 0, "statement", 0, TABLE | {"rows": [["1"]]}),
            "statement[0].rows: expected rows of 2 entries",
        ),
        (
            set_in("items", 0, "statement", 0, {"drawing": CONE | {"jumps": [1]}}),
            "drawing: expected the data of a figure",
        ),
        (set_in("course", "workspace", "4em"), "workspace: '4em' is no length"),
        (set_in("course", "decimal_sign", ";"), "sheet.course.decimal_sign"),
        (set_in("set_id", "AAAA-AAAA"), "sheet: it is of set AAAA-AAAA, but the key is of set "),
    ],
)
def test_what_was_changed_by_hand_is_one_sentence(change: Callable[[Any], None], words: str) -> None:
    with pytest.raises(InputError) as refused:
        sheet_of(key_from(changed(change), "key.json"), "key.json")
    assert str(refused.value).startswith("key.json: ")
    assert words in str(refused.value)


def test_formulas_without_end_are_one_sentence() -> None:
    deep = "[" * 20_000 + "]" * 20_000
    content = encode(cnnex.key(cnnex.generate("pooling", count=1, seed=1)))
    start = content.index(b'"statement":[') + len(b'"statement":[')
    with pytest.raises(InputError, match="nested too deeply"):
        sheet_of(key_from(content[:start] + deep.encode() + b"," + content[start:], "k"), "k")
