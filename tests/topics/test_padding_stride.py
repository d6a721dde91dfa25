"""Output sizes: hand-checked layers, and formulas that agree with counting windows."""

from __future__ import annotations

from itertools import product

from cnnex.maths.geometry import starts
from cnnex.model.problem import Problem
from cnnex.notation.formula import Formula
from cnnex.notation.plain import plain
from cnnex.topics.padding_stride._formula import ConvolutionFormula, LayerLetters
from cnnex.topics.padding_stride._size import Layer, OutputSize


def posed(family: OutputSize | ConvolutionFormula, params: Layer | LayerLetters) -> Problem:
    solved = family.solve(params)  # type: ignore[arg-type]
    return family.pose(params, solved, family.mistakes(params, solved))  # type: ignore[arg-type]


def test_a_line() -> None:
    problem = posed(OutputSize(), Layer((28,), (5,), (2,), (2,), (1,)))
    assert {part.name: problem.key(part) for part in problem.parts} == {"padded_shape": (32,), "output_size": 14}
    assert problem.given == {
        "operation": "conv1d", "input_shape": [28], "weight_shape": [5],
        "bias": None, "stride": [2], "padding": [2], "dilation": [1], "groups": 1,
    }  # fmt: skip
    wrong = {mistake.id: mistake.values["output"] for mistake in problem.mistakes}
    assert wrong == {
        "padding-forgotten": 12, "padding-one-side": 13, "stride-ignored": 28, "partial-window-kept": 15,
    }  # fmt: skip


def test_a_dilated_plane_with_unequal_axes() -> None:
    problem = posed(OutputSize(), Layer((30, 45), (3, 5), (2, 3), (1, 2), (2, 3)))
    keys = {part.name: problem.key(part) for part in problem.parts}
    # 2 (3 - 1) + 1, 3 (5 - 1) + 1; (32 - 5)/2 = 13.5, (49 - 13)/3 = 12
    assert keys == {"effective_kernel_size": (5, 13), "padded_shape": (32, 49), "output_shape": (14, 13)}
    wrong = {mistake.id: mistake.values for mistake in problem.mistakes}
    assert wrong["dilation-ignored"] == {"extent": (3, 5), "output": (15, 15)}
    assert wrong["axes-exchanged"]["output"] == (13, 14)


def test_the_formulas_of_the_worksheet() -> None:
    problem = posed(ConvolutionFormula(), LayerLetters("W", "K", "s", "p", "", 2))
    plain_part, general = problem.parts
    assert plain(problem.key(plain_part)) == "W - K + 1"  # type: ignore[arg-type]
    assert plain(problem.key(general)) == "floor((W + 2*p - K)/s) + 1"  # type: ignore[arg-type]
    assert (general.symbols, general.domain) == (("W", "K", "s", "p"), "integers")
    assert {**problem.given, **plain_part.given}["stride"] == [1, 1]
    assert problem.given["padding"] == ["p", "p"]


def test_the_general_formula_counts_windows() -> None:
    formula = ConvolutionFormula().solve(LayerLetters("W", "K", "s", "p", "d", 1))["general"]
    assert isinstance(formula, Formula)
    for size, side, stride, padding, dilation in product(range(7, 12), (1, 2, 3), (1, 2, 3), (0, 1, 2), (1, 2, 3)):
        windows = len(starts(size, side, stride, padding, dilation))
        assert formula.value(W=size, K=side, s=stride, p=padding, d=dilation) == windows


def test_without_a_stride_no_floor_is_needed() -> None:
    solved = ConvolutionFormula().solve(LayerLetters("n", "k", "", "P", "", 2))
    assert plain(solved["general"]) == "n + 2*P - k + 1"
