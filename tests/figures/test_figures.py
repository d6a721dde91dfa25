"""Figures say in words what they show, are drawn from few elements, and answer no question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from xml.etree import ElementTree as ET

import pytest

import cnnex
from cnnex.export import export_sheet
from cnnex.figures.layers import Cone, Layers
from cnnex.figures.picture import PENS, TALLEST, WIDEST, Drawing, Picture, Text, drawn
from cnnex.figures.pooling import PoolingWindows, Routes
from cnnex.figures.svg import svg
from cnnex.figures.windows import LineWindow, PlaneWindow, Taps
from cnnex.model.problem_set import Item, ProblemSet
from cnnex.model.prose import Block, Figure, figure
from cnnex.model.value import entries
from cnnex.topics._family import LEVELS

SVG = "{http://www.w3.org/2000/svg}"
IMAGE = tuple(tuple(7 * r - 3 * c for c in range(6)) for r in range(5))
EVERY: tuple[Drawing, ...] = (
    PlaneWindow(IMAGE, ((1, -2), (3, 4)), (1, 1), (2, 2)),
    PlaneWindow(IMAGE, ((1, -2, 0),)),
    LineWindow((1, -2, 30, 4, 5), (7, -8), 1, 3),
    PoolingWindows(IMAGE, 3, 2, 1, ((0, 0), (0, 1)), "−∞"),
    PoolingWindows(IMAGE, 2, 2, 0, ((0, 0), (1, 0))),
    Routes(((1, 2), (3, 40)), ((5, -6), (7, 8)), ((5, -6), (7, 8)), 1, 1, 0, ((0, 0), (0, 1), (1, 0), (1, 1))),
    Taps((3, 2), (1, 4)),
    Cone(("image", "layer 1", "layer 2"), (211, 7, 1), (1, 2, 100)),
    Layers((("input", "", ""), *[("L1", "convolution", "3 × 3, stride 2")] * 6), ("(3, 9, 9)", *["?"] * 6)),
)
POSED = [
    ("convolution", "F08-conv2d"),
    ("pooling", "F14-max-pooling"),
    ("pooling", "F14-average-pooling"),
    ("architecture", "F02-shape-chain"),
]
SOLVED = [
    ("convolution", "F06-conv1d"),
    ("convolution", "F10-dilated"),
    ("backprop", "F31-max-pooling-backward"),
    ("receptive_field", "F30-receptive-field"),
    ("receptive_field", "F10-dilated-kernel"),
    ("architecture", "F02-shape-chain"),
]
every_drawing = pytest.mark.parametrize("drawing", EVERY, ids=lambda each: type(each).__name__)


@cache
def problems(topic: str, family: str, level: str) -> ProblemSet:
    return cnnex.generate(topic, family=family, count=12, difficulty=level, seed="figures")


def figures(blocks: tuple[Block, ...]) -> list[Figure]:
    return [block for block in blocks if isinstance(block, Figure)]


def words(text: str) -> list[str]:
    """The numbers of a figure, and its question marks."""
    root = ET.fromstring(text)
    return [each.text or "" for each in root.iter(f"{SVG}text")]


# --- Drawings ------------------------------------------------------------------------------------------------


@every_drawing
def test_few_elements_and_presentation_attributes_only(drawing: Drawing) -> None:
    root = ET.fromstring(svg(drawn(drawing)))
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {"svg", "title", *ELEMENTS}
    for element in root.iter():
        assert not {"style", "id", "href", "onload"} & set(element.attrib)
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == drawn(drawing).alt
    assert root.attrib["role"] == "img"


ELEMENTS = {"rect", "line", "path", "polygon", "text"}


@every_drawing
def test_the_size_is_known_without_drawing(drawing: Drawing) -> None:
    picture = drawing.picture()
    assert (picture.width, picture.height) == drawing.size
    for shape in picture.shapes:
        if isinstance(shape, Text):
            reach = 0.6 * shape.size * len(shape.words) * {"middle": 0.5, "start": 1, "end": 0}[shape.anchor]
            assert 0 <= shape.x <= picture.width
            assert shape.x + reach <= picture.width + 3
            assert 0 < shape.y <= picture.height
            assert shape.size >= 6


@every_drawing
def test_the_same_picture_each_time(drawing: Drawing) -> None:
    assert svg(drawing.picture()) == svg(drawing.picture())


def test_inside_a_page_of_html_it_names_no_address() -> None:
    assert "://" not in svg(drawn(EVERY[0]), inline=True)


def test_no_picture_without_words() -> None:
    with pytest.raises(ValueError, match="in words"):
        Picture(1, 1, (), "")


def test_alt_lists_the_data() -> None:
    said = [drawn(each).alt for each in EVERY]
    for row in ("Row 2: 7, 4, 1, minus 2, minus 5, minus 8.", "Row 1: 1, minus 2. Row 2: 3, 4.", "1 ring of zeros"):
        assert row in said[0]
    assert "every second row and column" in said[0]
    assert "0, 1, minus 2, 30, 4, 5, 0" in said[2]
    assert "7 over 0, minus 8 over 30" in said[2]
    assert "rings of" not in said[3]
    assert "minus infinity" in said[3]
    assert "columns 3 to 5 of the padded input" in said[3]
    assert "minus 6 from row 1, column 2 of dL/dY goes to row 1, column 2, where 2 is the largest" in said[5]
    assert "3 by 5 places" in said[6]
    assert "layer 2: 1 place, layer 1: 7 places, image: 211 pixels" in said[7]
    assert "L1, convolution, 3 × 3, stride 2: shape asked for" in said[8]


def test_what_is_too_large_to_be_read_is_left_out() -> None:
    wide = PlaneWindow(((1,) * 40,), ((1,),))
    assert wide.size[0] > WIDEST
    assert figure(wide) == ()
    tall = PoolingWindows(((1,),) * 40, 1, 1, 0, ((0, 0),))
    assert tall.size[1] > TALLEST
    assert figure(tall) == ()
    assert figure(EVERY[0]) == (Figure(EVERY[0]),)


def test_pens_stand_out_on_white_and_from_each_other_without_colour() -> None:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    for pen in PENS:
        assert 1.05 / (light(pen.colour) + 0.05) >= 3
        assert (light(pen.tint) + 0.05) / (light("#000000") + 0.05) >= 12  # black numbers on it
    assert len({pen.dash for pen in PENS}) == len(PENS)


def test_golden() -> None:
    """One small picture, letter by letter."""
    picture = drawn(PoolingWindows(((1, -2),), 1, 1, 0, ((0, 0),)))
    assert svg(picture) == GOLDEN


GOLDEN = (
    '<svg xmlns="http://www.w3.org/2000/svg" class="drawing" width="111pt" height="35pt" viewBox="0 0 111'
    ' 35" role="img" font-family="New Computer Modern, Latin Modern Roman, CMU Serif, serif" font-size="9'
    '" text-anchor="middle">'
    "<title>The input X, 1 by 2. Row 1: 1, minus 2. The window of row 1, column 1 of Y covers row 1 and c"
    "olumn 1 of X. The outputs are left empty.</title>"
    '<rect width="111" height="35" fill="#ffffff"/>'
    '<path d="M2 2L36 2M2 19L36 19M2 2L2 19M19 2L19 19M36 2L36 19" fill="none" stroke="#777777" stroke-wi'
    'dth="0.5"/>'
    '<text x="10.5" y="13.6">1</text>'
    '<text x="27.5" y="13.6">−2</text>'
    '<text x="19" y="30.5" font-size="9.5" fill="#444444" font-style="italic">X</text>'
    '<rect x="3" y="3" width="15" height="15" fill="none" stroke="#0072b2" stroke-width="1.6"/>'
    '<path d="M45 10.5L66 10.5" fill="none" stroke="#000000" stroke-width="0.9"/>'
    '<polygon points="71,10.5 65,7.7 65,13.3" fill="#000000"/>'
    '<path d="M80 2L103 2M80 19L103 19M80 2L80 19M103 2L103 19" fill="none" stroke="#777777" stroke-width="0.5"/>'
    '<rect x="81" y="3" width="21" height="15" fill="none" stroke="#0072b2" stroke-width="1.6"/>'
    '<text x="87.45" y="13.1" font-size="8.5" font-style="italic">Y</text>'
    '<text x="90.05" y="14.7" font-size="6.5" text-anchor="start">1,1</text></svg>'
)


# --- In problems ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("topic", "family"), POSED, ids=[family for _, family in POSED])
def test_a_question_figure_shows_the_question_only(topic: str, family: str, level: str) -> None:
    """Each number in it stands in the question's data, and nothing is counted out that is asked for."""
    for item in problems(topic, family, level).items:
        (shown,) = figures(item.problem.statement)
        own = set(map(str, numbers_of(item.problem.given))) | {"0", "∞"}
        seen = [text for text in words(shown.svg) if not re.fullmatch(r"[XkY]|1,[12]|2,1", text)]
        assert set(re.findall(r"−?\d+|∞", " ".join(seen).replace("−∞", "∞"))) <= {
            n.replace("-", "−") for n in own | names_of(item)
        }
        assert len([text for text in words(shown.svg) if re.fullmatch(r"1,[12]|2,1", text)]) <= 2


def names_of(item: Item) -> set[str]:
    """The numbers in the names of layers."""
    return {str(number) for number in range(1, 10)} if "layers" in item.problem.given else set()


def numbers_of(value: object) -> Iterator[int]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from numbers_of(each)
    elif isinstance(value, int):
        yield value


@pytest.mark.parametrize("level", LEVELS)
def test_asked_shapes_are_question_marks(level: str) -> None:
    for item in problems("architecture", "F02-shape-chain", level).items:
        (shown,) = figures(item.problem.statement)
        assert words(shown.svg).count("?") == len(item.problem.parts)
        for part in item.problem.parts:
            asked = ", ".join(map(str, entries(item.problem.key(part))))
            assert f"({asked})" not in shown.svg
            assert f">{asked}<" not in shown.svg
            assert f"shape {asked}" not in shown.alt
        solved = [each for step in item.problem.steps for each in figures(step.explanation)]
        assert solved
        assert "?" not in words(solved[0].svg)


@pytest.mark.parametrize(("topic", "family"), SOLVED, ids=[family for _, family in SOLVED])
def test_solutions_have_figures_that_fit(topic: str, family: str) -> None:
    for item in problems(topic, family, "hard").items:
        solved = [each for step in item.problem.steps for each in figures(step.explanation)]
        assert solved
        assert all(each.drawing.fits and each.alt for each in solved)


def test_routes_stand_in_solutions_only() -> None:
    for item in problems("backprop", "F31-max-pooling-backward", "hard").items:
        assert figures(item.problem.statement) == []
        (shown,) = [each for step in item.problem.steps for each in figures(step.explanation)]
        gradient = item.problem.key(item.problem.parts[-1])
        assert {str(each).replace("-", "−") for each in entries(gradient)} <= set(words(shown.svg))


def test_a_route_neither_crosses_a_zero_nor_looks_like_its_minus_sign() -> None:
    """White lies under each zero, over the routes: half the zero's width further than the zero on both sides."""
    for item in problems("backprop", "F31-max-pooling-backward", "hard").items:
        (shown,) = [each for step in item.problem.steps for each in figures(step.explanation)]
        shapes = list(ET.fromstring(shown.svg))
        zeros = [place for place, each in enumerate(shapes) if each.text == "0" and each.get("fill") == "#777777"]
        assert len(zeros) >= 10
        assert not [each for each in shapes[min(zeros) :] if "stroke-dasharray" in each.attrib]
        for place in zeros:
            zero, under = shapes[place].attrib, shapes[place - 1].attrib
            left, top, width, height = (float(under[name]) for name in ("x", "y", "width", "height"))
            assert under["fill"] == "#ffffff"
            assert left <= float(zero["x"]) - 4.5 < float(zero["x"]) + 4.5 <= left + width
            assert top <= float(zero["y"]) - 7 < float(zero["y"]) + 1 <= top + height


# --- In formats ----------------------------------------------------------------------------------------------


def test_markdown_leaves_pictures_out() -> None:
    text = export_sheet(problems("convolution", "F08-conv2d", "medium").sheet(), "md").decode()
    assert "svg" not in text
    assert "![" not in text


def test_typst_gets_the_words_too() -> None:
    problem_set = problems("convolution", "F08-conv2d", "medium")
    text = export_sheet(problem_set.sheet(), "typ").decode()
    (shown,) = figures(problem_set.items[0].problem.statement)
    assert f'"{shown.alt}"' in text


def test_latex_draws_with_its_own_picture() -> None:
    text = export_sheet(problems("backprop", "F31-max-pooling-backward", "hard").sheet(solutions=True), "tex").decode()
    pictures = re.findall(r"\\begin\{picture\}.*?\\end\{picture\}", text, re.S)
    assert pictures
    for picture in pictures:
        lines = picture.splitlines()[1:-1]
        assert all(line.startswith(r"\put(") for line in lines)  # what is not put would push the rest aside
        assert all(line.count("{") == line.count("}") for line in lines)


def test_html_has_the_words_as_the_picture_s_name() -> None:
    (shown,) = figures(problems("pooling", "F14-max-pooling", "easy").items[0].problem.statement)
    assert f"<title>{escape(shown.alt)}</title>" in shown.inline


def test_programs_get_no_drawings() -> None:
    from cnnex.export.set_file import set_file

    assert b"data:image" not in set_file(problems("convolution", "F08-conv2d", "medium"), solutions=True)
