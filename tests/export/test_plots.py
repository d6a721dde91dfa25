"""Plots: every number that is drawn can be read, and the highest column has one."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from typing import NamedTuple
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnex.export.plots import Bar, bins, columns, rows

_LETTER, _HIGH = 6.9, 8
"""The width and height of a digit in a wide font of 11 px, such as DejaVu Sans; letters are narrower on average."""
_SHARE = {"start": 0.0, "middle": 0.5, "end": 1.0}


class Box(NamedTuple):
    """What an element covers."""

    left: float
    top: float
    right: float
    foot: float
    text: str = ""

    def meets(self, other: Box) -> bool:
        """Whether they have more than an edge in common."""
        return (
            self.left < other.right - 0.2
            and other.left < self.right - 0.2
            and self.top < other.foot - 0.2
            and other.top < self.foot - 0.2
        )


def box(element: Element) -> Box:
    x, y = float(element.attrib["x"]), float(element.attrib["y"])
    if element.tag == "rect":
        return Box(x, y, x + float(element.attrib["width"]), y + float(element.attrib["height"]))
    text = element.text or ""
    left = x - _SHARE[element.attrib["text-anchor"]] * len(text) * _LETTER
    return Box(left, y - _HIGH, left + len(text) * _LETTER, y, text)


def drawn(svg: str) -> tuple[list[Box], list[Box]]:
    """The bars and the texts of a plot; no text is cut, or lies on another or on a bar."""
    root = fromstring(svg)
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    bars, texts = ([box(each) for each in root.iter(tag)] for tag in ("rect", "text"))
    for each in texts:
        assert each.left >= -0.5, each
        assert each.right <= width + 0.5, each
        assert each.top >= 0, each
        assert each.foot <= height, each
        assert not any(each.meets(bar) for bar in bars), each
    assert not [pair for pair in combinations(texts, 2) if pair[0].meets(pair[1])]
    return bars, texts


@given(st.lists(st.one_of(st.just(0), st.integers(1, 20), st.integers(1, 9999)), min_size=1, max_size=150))
def test_the_highest_column_has_its_number(values: list[int]) -> None:
    bars, texts = drawn(bins("When", [Bar(f"10-{n % 31:02}", value) for n, value in enumerate(values)]))
    assert texts[0].text == "10-00"
    numbers = [each for each in texts if "-" not in each.text]
    highest = max(values)
    assert {int(each.text) for each in numbers} <= set(values)
    if highest:
        over = next(each for each in numbers if int(each.text) == highest)
        assert any(abs(bar.left + bar.right - over.left - over.right) < 1 and bar.foot - bar.top == 90 for bar in bars)


def test_columns_with_room_all_have_their_numbers() -> None:
    values = [56, 169, 41, 3, 0, 3, 0, 0, 6, 5, 0, 0, 0, 0, 0, 5]
    _, texts = drawn(bins("When", [Bar(f"11-{n + 19}", value) for n, value in enumerate(values)]))
    assert sorted(int(each.text) for each in texts if "-" not in each.text) == sorted(filter(None, values))


@pytest.mark.parametrize("svg", [bins("-", [Bar("0%", 3)], 0.5), rows("-", [Bar("1a", 0.2), Bar("1b", -0.2)], 0.3)])
def test_a_line_is_drawn_under_the_numbers(svg: str) -> None:
    assert re.search("<line.*<text", svg)
    assert not re.search("<text.*<(rect|line)", svg)


def test_the_line_stands_among_the_columns() -> None:
    svg = bins("Scores", [Bar(f"{10 * n}%", n + 1) for n in range(10)], 5)
    bars, _ = drawn(svg)
    assert all(one.right <= other.left + 0.2 for one, other in pairwise(bars))
    line = next(fromstring(svg).iter("line"))
    assert bars[4].right <= float(line.attrib["x1"]) <= bars[5].left


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30), st.sampled_from(["1a", "12b side-counted-once"]))
def test_each_row_has_its_name_and_its_number(values: list[float], name: str) -> None:
    svg = rows("Discrimination", [Bar(name, value) for value in values], 0.2, ".2f")
    bars, texts = drawn(svg)
    assert len(bars) == len(values)
    assert [each.text for each in texts] == [text for value in values for text in (name, f"{value:.2f}")]
    assert float(fromstring(svg).attrib["width"]) <= 260 + len(name) * 7


def test_a_plot_of_nothing_is_a_picture() -> None:
    assert drawn(bins("-", [])) == drawn(rows("-", [])) == ([], [])


def test_names_of_a_histogram_stand_apart() -> None:
    drawn(columns("Work", [Bar(str(n), n % 7) for n in range(12, 90)], 40))
