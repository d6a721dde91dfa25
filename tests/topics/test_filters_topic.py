"""Filters: hand-checked cases, and designs that do what they should."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from oracles import filters as oracle

import cnnex
from cnnex.errors import CnnexError
from cnnex.maths.filters import EFFECTS, effect
from cnnex.model.problem import Problem
from cnnex.model.value import to_json
from cnnex.seeds import Stream
from cnnex.topics.filters._design import Design, FilterDesign
from cnnex.topics.filters._effect import MISREAD, NAMES, Filter, FilterEffect, draw_kernel
from cnnex.topics.filters._pattern import Detector, PatternDetector

SOBEL = ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))


def posed(family: Any, params: Any) -> Problem:
    solved = family.solve(params)
    problem: Problem = family.pose(params, solved, family.mistakes(params, solved))
    return problem


def keys(problem: Problem) -> dict[str, Any]:
    return {part.name: to_json(problem.key(part)) for part in problem.parts}


def wrong(problem: Problem) -> dict[str, dict[str, Any]]:
    return {m.id: {name: to_json(value) for name, value in m.values.items()} for m in problem.mistakes}


def test_sobel_on_a_vertical_edge() -> None:
    problem = posed(FilterEffect(), Filter(SOBEL, ((1, 1, 3, 3), (1, 1, 3, 3), (1, 1, 3, 3))))
    assert keys(problem) == {"output": [[8, 8]], "effect": "vertical-edges"}
    slips = wrong(problem)
    assert slips["kernel-flipped"] == {"output": [[-8, -8]]}
    assert slips["rows-for-columns"] == {"output": [[0, 0]]}
    assert slips["effect-misread"] == {"effect": "horizontal-edges"}


@pytest.mark.parametrize("name", NAMES)
def test_drawn_filters_do_what_they_are_named(name: str) -> None:
    for attempt in range(60):
        kernel, unit = draw_kernel(Stream("filters", name, attempt), name)
        assert effect(kernel) == name == oracle.effect({"weight": to_json(kernel)})
        assert all(unit * weight == int(unit * weight) for row in kernel for weight in row)
        assert MISREAD[name] in EFFECTS


@pytest.mark.parametrize(
    ("kernel", "name"),
    [
        (((0, 0, 0), (0, 1, 0), (0, 0, 0)), "identity"),
        (((1, 2, 1), (2, 4, 2), (1, 2, 1)), "other"),
        (((-1, 0, 0), (0, 2, 0), (0, 0, 0)), "sharpening"),
        (((2, 0, 0), (0, -1, 0), (0, 0, 0)), "other"),
        (((-1, 0, 0), (0, 0, 0), (0, 0, 1)), "other"),
        (((0, 0, 0), (0, 0, 0), (0, 0, 0)), "other"),
    ],
)
def test_effects_without_a_family_of_filters(kernel: Any, name: str) -> None:
    assert effect(kernel) == name == oracle.effect({"weight": to_json(kernel)})


def test_a_design_keeps_and_finds() -> None:
    p = Design(keep=True, side=-1, corner=0, middle=2, vertical=True, dark=2, bright=5, response=18)
    problem = posed(FilterDesign(), p)
    assert keys(problem) == {"centre": 5, "scale": "3/2"}
    assert wrong(problem)["sums-confused"] == {"centre": 4}
    assert wrong(problem)["dark-side-ignored"] == {"scale": "9/10"}
    assert wrong(problem)["scale-inverted"] == {"scale": to_json(Fraction(12, 18))}
    assert problem.parts[1].given["weight"][1] == ["-2*a", 0, "2*a"]


def test_a_detector() -> None:
    p = Detector(((1, 0), (1, 1)), ((0, 1, 0, 1), (1, 1, 1, 1)), 3, 2, 8)
    problem = posed(PatternDetector(), p)
    assert keys(problem) == {"best": 9, "output": [[4, 9, 4]], "place": [1, 2]}
    assert wrong(problem)["all-weights-added"] == {"best": 7}
    assert wrong(problem)["place-exchanged"] == {"place": [2, 1]}
    assert wrong(problem)["dark-weights-ignored"] == {"output": [[6, 9, 6]]}


@pytest.mark.parametrize(
    ("family", "parameters", "said"),
    [
        ("F40-filter-effect", "kernel: [[1, 2], [3, 4]]", "kernel has 3 rows of 3 entries"),
        ("F40-filter-effect", "input: [[1, 2], [3, 4]]", "does not fit"),
        ("F40-filter-design", "dark: 4, bright: 4", "there is an edge"),
        ("F40-pattern-detector", "pattern: [[1, 2], [0, 1]]", "entries 0 and 1"),
        ("F40-pattern-detector", "pattern: [[1, 0], [1]]", "rows of the same length"),
        ("F40-pattern-detector", "pattern: [[1, 0]]", "pattern is a square"),
        ("F40-pattern-detector", "threshold: 90", "at one place only"),
    ],
)
def test_bad_parameters_get_a_sentence(tmp_path: Path, family: str, parameters: str, said: str) -> None:
    path = tmp_path / "bank.yaml"
    head = "schema: cnnex.bank/1\ntitle: Filters\nproblems:\n"
    problem = f"  - {{name: x, topic: filters, family: {family}, parameters: {{{parameters}}}}}\n"
    path.write_text(head + problem, encoding="utf-8")
    with pytest.raises(CnnexError, match=said):
        cnnex.generate(bank=str(path), seed="any")
