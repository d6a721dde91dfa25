"""Toeplitz matrices: hand-checked cases, those of the worksheet among them."""

from __future__ import annotations

from typing import Any

import pytest

from cnnex.model.problem import Problem
from cnnex.model.value import to_json
from cnnex.seeds import Stream
from cnnex.topics._family import LEVELS
from cnnex.topics._layers import Line, SymbolicLine
from cnnex.topics.toeplitz import FAMILIES
from cnnex.topics.toeplitz._shared import NumericOperator, SymbolicOperator
from cnnex.topics.toeplitz._unshared import Unshared, UnsharedOperator


def posed(family: Any, params: Any) -> Problem:
    solved = family.solve(params)
    problem: Problem = family.pose(params, solved, family.mistakes(params, solved))
    return problem


def keys(problem: Problem) -> dict[str, Any]:
    return {part.name: to_json(problem.key(part)) for part in problem.parts}


def wrong(problem: Problem) -> dict[str, dict[str, Any]]:
    return {m.id: {name: to_json(value) for name, value in m.values.items()} for m in problem.mistakes}


def test_the_matrix_of_the_worksheet() -> None:
    found = keys(posed(SymbolicOperator(), SymbolicLine(9, 3, 1, 0, 1, "x", "k")))
    assert found["shape"] == [7, 9]
    assert found["matrix"] == [[0] * i + ["k_1", "k_2", "k_3"] + [0] * (6 - i) for i in range(7)]


def test_same_padding_cuts_the_kernel_off_at_the_borders() -> None:
    problem = posed(SymbolicOperator(), SymbolicLine(4, 3, 1, 1, 1, "x", "w"))
    assert keys(problem)["matrix"] == [
        ["w_2", "w_3", 0, 0],
        ["w_1", "w_2", "w_3", 0],
        [0, "w_1", "w_2", "w_3"],
        [0, 0, "w_1", "w_2"],
    ]
    slips = wrong(problem)
    assert slips["wrapped-around"]["matrix"][0] == ["w_2", "w_3", 0, "w_1"]
    assert slips["squeezed-inside"]["matrix"][0] == ["w_1", "w_2", "w_3", 0]
    assert slips["padding-columns-kept"]["shape"] == [4, 6]
    assert slips["padding-columns-kept"]["matrix"][3] == [0, 0, 0, "w_1", "w_2", "w_3"]
    assert "transposed" not in slips, "it is the flipped kernel's matrix, and named so"


def test_stride_and_dilation_shift_and_spread_the_rows() -> None:
    problem = posed(SymbolicOperator(), SymbolicLine(5, 2, 2, 0, 2, "x", "k"))
    assert keys(problem)["matrix"] == [["k_1", 0, "k_2", 0, 0], [0, 0, "k_1", 0, "k_2"]]
    slips = wrong(problem)
    assert slips["wrong-shift"]["matrix"][1] == [0, "k_1", 0, "k_2", 0]
    assert slips["kernel-flipped"]["matrix"][0] == ["k_2", 0, "k_1", 0, 0]
    assert slips["transposed"]["shape"] == [5, 2]


def test_a_matrix_of_numbers_and_its_product() -> None:
    problem = posed(NumericOperator(), Line((1, 2, 3, 4), (2, -1), 1, 0, 1))
    assert keys(problem) == {
        "shape": [3, 4],
        "matrix": [[2, -1, 0, 0], [0, 2, -1, 0], [0, 0, 2, -1]],
        "output": [0, 1, 2],
    }  # fmt: skip
    assert wrong(problem)["kernel-flipped"]["output"] == [3, 4, 5]
    assert wrong(problem)["wrong-shift"]["matrix"] == [[2, -1, 0, 0]] * 3
    assert "output" not in wrong(problem)["transposed"], "its columns do not fit x"


def test_without_sharing_each_row_has_weights_of_its_own() -> None:
    problem = posed(UnsharedOperator(), Unshared(9, 3, 1, 0, "x", "k"))
    found = keys(problem)
    assert found["matrix"] == [[0] * i + [f"k_{i + 1}_{j}" for j in (1, 2, 3)] + [0] * (6 - i) for i in range(7)]
    assert (found["unshared_count"], found["shared_count"]) == (21, 3)
    slips = wrong(problem)
    assert slips["sharing-mixed-up"]["unshared_count"] == 3
    assert slips["sharing-mixed-up"]["matrix"][1][:4] == [0, "k_1", "k_2", "k_3"]
    assert slips["sharing-mixed-up"]["shared_count"] == 21
    assert slips["zeros-counted"] == {"unshared_count": 63}


def test_the_shared_count_describes_the_shared_layer() -> None:
    problem = posed(UnsharedOperator(), Unshared(5, 2, 1, 0, "x", "k"))
    assert problem.given["operation"] == "locally_connected1d"
    assert problem.given["weight"][3] == ["k_4_1", "k_4_2"]
    shared = {**problem.given, **problem.parts[-1].given}
    assert (shared["operation"], shared["weight"]) == ("conv1d", ["k_1", "k_2"])


def test_without_sharing_and_with_padding_a_row_lacks_the_weights_on_the_border() -> None:
    problem = posed(UnsharedOperator(), Unshared(9, 3, 1, 1, "x", "k"))
    matrix = keys(problem)["matrix"]
    assert matrix[0] == ["k_1_2", "k_1_3"] + [0] * 7
    assert matrix[8] == [0] * 7 + ["k_9_1", "k_9_2"]
    assert sum(entry != 0 for row in matrix for entry in row) == 25
    assert keys(problem)["unshared_count"] == 27
    assert wrong(problem)["wrapped-around"]["matrix"][0] == ["k_1_2", "k_1_3"] + [0] * 6 + ["k_1_1"]
    assert wrong(problem)["squeezed-inside"]["matrix"][0][:3] == ["k_1_1", "k_1_2", "k_1_3"]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)
@pytest.mark.parametrize("level", LEVELS)
def test_work_is_even_within_a_level(family: Any, level: str) -> None:
    work = sorted(family.work(family.draw(Stream("even", turn), level)) for turn in range(300))
    middle = work[150]
    assert max(middle - work[0], work[-1] - middle) <= 0.15 * middle
