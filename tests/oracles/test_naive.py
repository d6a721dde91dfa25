"""The oracle on cases worked by hand or published, so that it is no judge in its own cause."""

from __future__ import annotations

from typing import Any

import pytest

from oracles.keys import NOT_RECOMPUTABLE, recompute, same

Json = dict[str, Any]

RECORD: dict[str, Any] = {"layer": "Conv1d", "kernel_size": [2], "stride": [1], "padding": [0], "dilation": [2]}
LINE: Json = {
    "operation": "conv1d", "input": [1, 2, 3, 4], "weight": [1, 0, -2], "bias": None,
    "stride": [1], "padding": [0], "dilation": [1], "groups": 1,
}  # fmt: skip
POOL: Json = {
    "operation": "max_pool2d", "input": [[1, 2, 5], [4, 3, 0]], "kernel_size": [2, 2], "stride": [1, 1],
    "padding": [0, 0], "dilation": [1, 1], "ceil_mode": False,
}  # fmt: skip
AVERAGE: Json = {
    "operation": "avg_pool2d", "input": [[4, 8, 12, 16]], "kernel_size": [1, 2], "stride": [1, 2], "padding": [0, 1],
    "ceil_mode": False, "count_include_pad": True, "divisor_override": None,
}  # fmt: skip
LAYER: Json = {
    "operation": "conv2d", "input_shape": [3, 256, 256], "weight_shape": [32, 3, 5, 5], "bias": True,
    "stride": [2, 2], "padding": [0, 0], "dilation": [1, 1], "groups": 1,
}  # fmt: skip
CHANNELS: Json = {
    "operation": "conv2d", "input": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], "weight": [[[[1]], [[10]]], [[[2]], [[0]]]],
    "bias": [0, 100], "stride": [1, 1], "padding": [0, 0], "dilation": [1, 1], "groups": 1,
}  # fmt: skip
CEILING: Json = {
    "operation": "max_pool1d", "input": [1, 2, 3], "kernel_size": [2], "stride": [2], "padding": [0], "dilation": [1],
    "ceil_mode": True,
}  # fmt: skip


def answer(given: Json, asks: str, **part: Any) -> Any:
    return recompute({"given": given}, {"asks": asks, "value": None, **part})


@pytest.mark.parametrize(
    ("given", "asks", "value"),
    [
        (LINE, "output", [-5, -6]),
        ({**LINE, "operation": "convolve1d"}, "output", [1, 0]),
        ({**LINE, "padding": [1]}, "output", [-4, -5, -6, 3]),
        ({**LINE, "dilation": [2], "input": [1, 2, 3, 4, 5]}, "output", [-9]),
        ({**LINE, "bias": [7]}, "output", [2, 1]),
        ({**LINE, "padding": [1]}, "padded_input", [0, 1, 2, 3, 4, 0]),
        ({**LINE, "padding": [1]}, "padded_shape", [6]),
        ({**LINE, "padding": [1]}, "padded_size", 6),
        (LINE, "output_size", 2),
        (LINE, "operator_matrix", [[1, 0, -2, 0], [0, 1, 0, -2]]),
        (LINE, "operator_shape", [2, 4]),
        ({**LINE, "operation": "locally_connected1d", "weight": [[1, 2, 3], [4, 5, 6]]}, "output", [14, 47]),
        ({**LINE, "grad_output": [1, 10]}, "grad_weight", [21, 32, 43]),
        ({**LINE, "grad_output": [1, 10]}, "grad_input", [1, 10, -2, -20]),
        ({**LINE, "bias": [0], "grad_output": [1, 10]}, "grad_bias", 11),
        (LINE, "weight_count", 3),
        ({**LINE, "bias": [1]}, "parameter_count", 4),
        (LINE, "macs", 6),
        ({**LINE, "output_size": 4}, "padding", 1),
        ({**LINE, "dilation": [3]}, "effective_kernel_size", 7),
        ({"layers": [RECORD, {**RECORD, "stride": [2]}, RECORD]}, "receptive_field", 9),
        (POOL, "output", [[4, 5]]),
        ({**POOL, "grad_output": [[3, 7]]}, "grad_input", [[0, 0, 7], [3, 0, 0]]),
        ({**POOL, "padding": [1, 1], "stride": [2, 2]}, "output", [[1, 5], [4, 3]]),
        # PyTorch's documentation of count_include_pad.
        (AVERAGE, "output", [[2, 10, 8]]),
        ({**AVERAGE, "count_include_pad": False}, "output", [[4, 10, 16]]),
        ({**AVERAGE, "grad_output": [[2, 4, 6]]}, "grad_input", [[1, 2, 2, 3]]),
        (CEILING, "output", [2, 3]),
        # A window that would begin in the padding at the end is not counted, even in ceil mode.
        ({**CEILING, "padding": [1]}, "output_size", 2),
        (LAYER, "output_shape", [32, 126, 126]),
        (LAYER, "weight_shape", [32, 3, 5, 5]),
        (LAYER, "bias_shape", [32]),
        (LAYER, "weight_count", 2400),
        (LAYER, "parameter_count", 2432),
        (LAYER, "macs", 38102400),
        (CHANNELS, "output", [[[51, 62], [73, 84]], [[102, 104], [106, 108]]]),
        ({**CHANNELS, "grad_output": [[[1, 0], [0, 0]], [[0, 0], [0, 1]]]}, "grad_bias", [1, 1]),
        ({**CHANNELS, "grad_output": [[[1, 0], [0, 0]], [[0, 0], [0, 1]]]}, "grad_weight",
         [[[[1]], [[5]]], [[[4]], [[8]]]]),
        (LINE, "statement", NOT_RECOMPUTABLE),
    ],
)  # fmt: skip
def test_known_answers(given: Json, asks: str, value: Any) -> None:
    assert answer(given, asks, value=value) == value


def test_entry_by_index() -> None:
    assert answer(CHANNELS, "output_entry", index=[1, 0, 1]) == 104


def test_a_part_lays_its_data_over_the_item() -> None:
    part = {"asks": "output", "given": {"stride": [2], "input": [1, 2, 3, 4, 5]}}
    assert recompute({"given": LINE}, part) == [-5, -7]


def test_symbols() -> None:
    given = {**LINE, "input": ["x_1", "x_2"], "weight": ["a", "2"], "padding": [1], "grad_output": ["g", "1/2", 0]}
    part = {"symbols": ["a", "g", "x_1", "x_2"]}
    assert same(answer(given, "output"), ["2*x_1", "a*x_1 + x_2*2", "x_2*a"], part)
    assert not same(answer(given, "output"), ["2*x_1", "a*x_1 - x_2*2", "x_2*a"], part)
    assert same(answer(given, "grad_weight"), ["x_1/2", "g*x_1 + x_2*1/2"], part)


@pytest.mark.parametrize(
    ("given", "formula", "right"),
    [
        ({}, "floor((W + 2*p - K)/s) + 1", True),
        ({}, "floor((W + 2*p - K + s)/s)", True),
        ({}, "ceil((W + 2*p - K + 1)/s)", True),
        ({}, "max(0, 1 + (W - (K - p - p))//s)", True),
        ({}, "ceil((W + 2*p - K)/s) + 1", False),
        ({}, "floor((W + p - K)/s) + 1", False),
        ({}, "(W + 2*p - K)/s + 1", False),
        ({}, "floor((V + 2*p - K)/s) + 1", False),
        ({"stride": [1, 1]}, "W + 2*p - K + 1", True),
        ({"stride": [1, 1], "padding": [0, 0]}, "W - K + 1", True),
        ({"stride": [1, 1], "padding": [0, 0], "dilation": ["d", "d"]}, "W - d*(K - 1)", True),
        ({"stride": [1, 1], "padding": [0, 0], "dilation": ["d", "d"]}, "W - d*K + 1", False),
    ],
)
def test_formulas_are_compared_by_counting(given: Json, formula: str, right: bool) -> None:
    layer = {
        "operation": "conv2d", "input_shape": ["W", "W"], "weight_shape": ["K", "K"], "stride": ["s", "s"],
        "padding": ["p", "p"], "dilation": [1, 1],
    }  # fmt: skip
    part = {"symbols": ["W", "K", "s", "p", "d"]}
    assert same(answer({**layer, **given}, "output_size_formula"), formula, part) == right


@pytest.mark.parametrize("wrong", [[1], [1, 2, 3], [[1, 2]], 1, ["1", True]])
def test_same_is_strict_about_form(wrong: Any) -> None:
    assert same([1, 2], [1, "4/2"], {"symbols": []})
    assert not same([1, 2], wrong, {"symbols": []})


def test_a_tied_maximum_has_no_gradient() -> None:
    with pytest.raises(ValueError, match="several largest"):
        answer({**POOL, "input": [[5, 5, 5], [0, 1, 2]], "grad_output": [[1, 1]]}, "grad_input")
