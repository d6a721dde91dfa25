"""Convolution: hand-checked cases, those of the worksheet among them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from cnnex.maths.geometry import DoesNotFitError
from cnnex.model.problem import Problem
from cnnex.model.prose import Display, Table
from cnnex.model.value import Kind, to_json
from cnnex.notation.plain import plain
from cnnex.seeds import Stream
from cnnex.topics._effects import EFFECTS
from cnnex.topics._layers import Line
from cnnex.topics.convolution._channel_layer import Channels
from cnnex.topics.convolution._channels import ChannelConvolution
from cnnex.topics.convolution._definition import ConvolutionDefinition, Definition
from cnnex.topics.convolution._dilated import Dilated, DilatedConvolution
from cnnex.topics.convolution._entries import ConvolutionEntries, Entries
from cnnex.topics.convolution._line import LineConvolution
from cnnex.topics.convolution._plane import Plane, PlaneConvolution
from cnnex.topics.convolution._sum import ConvolutionSum, Sum
from cnnex.topics.convolution._true import Signal, TrueConvolution

QUARTER = Fraction(1, 4)
BOX = ((QUARTER, QUARTER), (QUARTER, QUARTER))
ONE_TO_NINE = ((1, 2, 3), (4, 5, 6), (7, 8, 9))


def posed(family: Any, params: Any) -> Problem:
    solved = family.solve(params)
    problem: Problem = family.pose(params, solved, family.mistakes(params, solved))
    return problem


def keys(problem: Problem) -> dict[str, Any]:
    return {part.name: to_json(problem.key(part)) for part in problem.parts}


def wrong(problem: Problem) -> dict[str, dict[str, Any]]:
    return {m.id: {name: to_json(value) for name, value in m.values.items()} for m in problem.mistakes}


def test_a_padded_line_with_stride() -> None:
    problem = posed(LineConvolution(), Line((1, 2, 3, 4, 5, 6), (1, 0, -2), 2, 1, 1))
    # Windows (0, 1, 2), (2, 3, 4), (4, 5, 6).
    assert keys(problem) == {"size": 3, "output": [-4, -6, -8]}
    assert wrong(problem)["kernel-flipped"] == {"output": [2, 0, -2]}
    assert wrong(problem)["padding-forgotten"] == {"size": 2, "output": [-5, -7]}
    assert wrong(problem)["weights-ignored"] == {"output": [3, 9, 15]}
    assert wrong(problem)["wrong-step"] == {"size": 6, "output": [-4, -5, -6, -7, -8, 5]}
    assert problem.given["weight"] == [1, 0, -2]


def test_the_window_table_shows_the_padding() -> None:
    problem = posed(LineConvolution(), Line((1, 2, 3, 4, 5, 6), (1, 0, -2), 2, 1, 1))
    table = next(block for step in problem.steps for block in step.explanation if isinstance(block, Table))
    assert [plain(cell) for cell in table.rows[0]] == ["y_1", "1*0 + 0*1 + (-2)*2", "-4"]  # type: ignore[arg-type]


def test_a_dilated_line() -> None:
    problem = posed(LineConvolution(), Line((1, 2, 3, 4, 5, 6), (1, -1), 1, 0, 3))
    assert keys(problem) == {"size": 3, "output": [-3, -3, -3]}
    # Steps of one are right, so the wrong ones are whole windows.
    assert wrong(problem)["wrong-step"] == {"size": 1, "output": [-3]}


def test_the_worksheet_without_padding() -> None:
    problem = posed(ConvolutionEntries(), Entries(9, 3, 1, 0, 1, "x", "k", (1, 7)))
    assert keys(problem) == {
        "size": 7,
        "entry_1": "k_1*x_1 + k_2*x_2 + k_3*x_3",
        "entry_2": "k_1*x_7 + k_2*x_8 + k_3*x_9",
    }  # fmt: skip
    assert [part.index for part in problem.parts] == [None, (0,), (6,)]
    assert wrong(problem)["kernel-flipped"]["y_1"] == "k_3*x_1 + k_2*x_2 + k_1*x_3"
    assert wrong(problem)["first-window-forgotten"] == {"size": 6, "y_1": "k_1*x_2 + k_2*x_3 + k_3*x_4"}
    assert wrong(problem)["wrong-step"] == {"size": 3}


def test_the_worksheet_with_padding_and_stride() -> None:
    problem = posed(ConvolutionEntries(), Entries(9, 3, 2, 1, 1, "x", "k", (1, 2)))
    assert keys(problem) == {
        "padded_size": 11,
        "size": 5,
        "entry_1": "k_2*x_1 + k_3*x_2",
        "entry_2": "k_1*x_2 + k_2*x_3 + k_3*x_4",
    }  # fmt: skip
    first = next(step for step in problem.steps if step.name == "y_1")
    shown = [plain(block.formula) for block in first.explanation if isinstance(block, Display)]
    assert shown == ["y_1 = k_1*0 + k_2*x_1 + k_3*x_2 = k_2*x_1 + k_3*x_2"]
    assert wrong(problem)["padding-forgotten"]["y_1"] == "k_1*x_1 + k_2*x_2 + k_3*x_3"


@pytest.mark.parametrize(("level", "stride", "padding"), [("easy", 1, 0), ("medium", 1, 1), ("medium", 2, 1)])
def test_a_twin_has_padding_and_stride_where_the_pattern_has_them(level: str, stride: int, padding: int) -> None:
    for turn in range(20):
        p = ConvolutionEntries().draw_like(Stream("twin", turn), level, {"stride": stride, "padding": padding})
        assert (p.stride, p.padding) == (stride, padding)


def test_an_entry_that_is_not_there_is_refused() -> None:
    with pytest.raises(DoesNotFitError, match="no entry 8"):
        ConvolutionEntries().solve(Entries(9, 3, 1, 0, 1, "x", "k", (1, 8)))


def test_the_box_filter_of_the_worksheet() -> None:
    problem = posed(PlaneConvolution(), Plane(ONE_TO_NINE, BOX, 1, 0, ask_effect=True))
    assert keys(problem) == {"shape": [2, 2], "output": [[3, 4], [6, 7]], "effect": "local-averaging"}
    assert problem.given["weight"] == [["1/4", "1/4"], ["1/4", "1/4"]]
    asked = problem.parts[-1]
    assert (asked.asks, asked.kind, set(asked.choices)) == ("filter_effect", Kind.CHOICE, set(EFFECTS))
    assert "local average" in EFFECTS["local-averaging"][0].replace("averaging", "average").lower()


def test_the_effect_is_only_asked_on_request() -> None:
    problem = posed(PlaneConvolution(), Plane(ONE_TO_NINE, BOX, 1, 0, ask_effect=False))
    assert list(keys(problem)) == ["shape", "output"]
    assert [step.name for step in problem.steps] == ["shape", "output"]


def test_an_edge_filter_read_transposed_finds_the_other_edges() -> None:
    sobel = ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))
    problem = posed(PlaneConvolution(), Plane(((1, 2, 3, 4), (5, 6, 7, 9), (1, 0, 0, 1)), sobel, 1, 0, ask_effect=True))
    assert keys(problem)["effect"] == "vertical-edges"
    assert wrong(problem)["kernel-transposed"]["effect"] == "horizontal-edges"


def test_a_plane_with_stride_and_padding() -> None:
    problem = posed(PlaneConvolution(), Plane(ONE_TO_NINE, ((0, 1), (2, 3)), 2, 1, ask_effect=False))
    # Windows of the 5 x 5 padded input at rows and columns 0 and 2.
    assert keys(problem) == {"shape": [2, 2], "output": [[3, 13], [4 + 3 * 7, 6 + 2 * 8 + 3 * 9]]}
    assert wrong(problem)["kernel-flipped"]["output"][0] == [0, 2]


# Two channels, two filters with bias 1 and -20: windows are single pixels, so all can be done in the head.
PIXELS = Channels(
    (((1, 2), (3, 4)), ((5, 6), (7, 8))), ((((1,),), ((10,),)), (((2,),), ((-1,),))), (1, -20), 2, 1, 0, ((0, 1),),
    ask_patches=True, ask_maps=True, relu=True,
)  # fmt: skip


def test_channels_are_summed_then_biased_then_activated() -> None:
    found = keys(posed(ChannelConvolution(), PIXELS))
    assert found["kernel_shape"] == [2, 1, 1]
    assert found["weight_shape"] == [2, 2, 1, 1]
    assert found["output_shape"] == [2, 2, 2]
    assert (found["patch_1_c0"], found["patch_1_c1"]) == ([[2]], [[6]])
    assert (found["contribution_1_c0"], found["contribution_1_c1"], found["entry_1"]) == (2, 60, 63)
    assert found["map_0"] == [[52, 63], [74, 85]]
    assert found["map_1"] == [[0, 0], [0, 0]]


def test_slips_with_channels() -> None:
    found = wrong(posed(ChannelConvolution(), PIXELS))
    assert found["first-channel-only"]["entry_1"] == 3
    assert found["first-channel-only"]["kernel_shape"] == [1, 1]
    assert found["first-channel-only"]["weight_shape"] == [2, 1, 1]
    assert found["first-channel-only"]["output_shape"] == [4, 2, 2]
    assert found["bias-forgotten"]["entry_1"] == 62
    assert found["bias-per-channel"]["entry_1"] == 64
    assert found["planes-exchanged"]["entry_1"] == 27
    assert found["relu-forgotten"] == {"map_1": [[-23, -22], [-21, -20]]}


def test_of_many_filters_only_the_first_needs_weights() -> None:
    layer = Channels(PIXELS.input, PIXELS.weight[:1], (), 64, 1, 0, ((1, 1),), False, False, False)
    problem = posed(ChannelConvolution(), layer)
    assert keys(problem)["weight_shape"] == [64, 2, 1, 1]
    assert problem.given["weight_shape"] == [64, 2, 1, 1]
    assert [part.name for part in problem.parts if "weight" in part.given] == [
        "contribution_1_c0", "contribution_1_c1", "entry_1",
    ]  # fmt: skip


def test_dilation_in_two_dimensions() -> None:
    nine = ((1, 2, 3, 4), (5, 6, 7, 8), (9, 10, 11, 12))
    problem = posed(DilatedConvolution(), Dilated(nine, ((1, 2), (3, 4)), 1, 0, 2))
    assert keys(problem) == {
        "effective_kernel_size": [3, 3],
        "dilated_kernel": [[1, 0, 2], [0, 0, 0], [3, 0, 4]],
        "shape": [1, 2],
        "output": [[1 + 2 * 3 + 3 * 9 + 4 * 11, 2 + 2 * 4 + 3 * 10 + 4 * 12]],
    }
    assert wrong(problem)["dilation-ignored"]["shape"] == [2, 3]
    # A gap of two zeros spans four rows, and there are three.
    assert wrong(problem)["gap-too-wide"]["extent"] == [4, 4]
    assert "output" not in wrong(problem)["gap-too-wide"]


@pytest.mark.parametrize("kernel", [((1, 2), (3,)), (1, 2), (((1,),),), ((), ())])
def test_kernels_that_do_not_belong_to_the_input_are_refused(kernel: Any) -> None:
    with pytest.raises(DoesNotFitError):
        DilatedConvolution().work(Dilated(ONE_TO_NINE, kernel, 1, 0, 1))


def test_a_full_convolution() -> None:
    problem = posed(TrueConvolution(), Signal((1, 2, 3), (1, 0, -1), 1, "full"))
    # The product of the polynomials 1 + 2 t + 3 t^2 and 1 - t^2.
    assert keys(problem) == {
        "size": 5,
        "range": [0, 1, 2, 3, 4],
        "padding": 2,
        "padded_input": [0, 0, 1, 2, 3, 0, 0],
        "output": [1, 2, 2, -2, -3],
        "valid_range": [2],
    }
    assert wrong(problem)["kernel-not-flipped"] == {"output": [-1, -2, -2, 2, 3]}
    assert wrong(problem)["valid-taken-as-first"] == {"valid_range": [0]}
    assert wrong(problem)["wrapped-around"] == {"output": [-1, -1, 2]}


def test_a_circle_in_place_of_same_padding() -> None:
    problem = posed(TrueConvolution(), Signal((3, 3, -2, -1, 5, -2), (1, -1, 2), 1, "same"))
    assert keys(problem)["output"] == [0, 1, 7, 2, -9, 12]
    assert wrong(problem)["wrapped-around"] == {"padded": [-2, 3, 3, -2, -1, 5, -2, 3], "output": [-4, 1, 7, 2, -9, 15]}


def test_entries_by_the_definition() -> None:
    problem = posed(ConvolutionSum(), Sum((3, 5, 6, 7, 8), (2, 1, 3), (0, 5)))
    assert keys(problem) == {"size": 7, "entry_1": 6, "entry_2": 8 + 3 * 7, "flip_irrelevant": False}
    assert wrong(problem)["valid-index"] == {"y_0": 2 * 6 + 5 + 3 * 3}
    assert wrong(problem)["kernel-not-flipped"] == {"y_0": 9, "y_5": 2 * 7 + 8}
    assert wrong(problem)["size-of-input"] == {"size": 5}


def test_choices_of_the_definition_stand_in_the_given_order() -> None:
    problem = posed(ConvolutionDefinition(), Definition("strided", "x", "h", (4, 0, 1, 2, 3)))
    (part,) = problem.parts
    assert part.choices["B"] == "x[m] h[n s − m]"
    assert problem.given["terms"]["B"] == ["m", "n*s - m"]
    assert problem.key(part) == "B"
    assert wrong(problem)["stride-misplaced"] == {"term": "A"}
    assert wrong(problem)["kernel-not-flipped"] == {"term": "C"}
