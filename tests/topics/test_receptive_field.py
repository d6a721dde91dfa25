"""Receptive fields: a published network, hand-checked stacks, and the support of PyTorch's gradients."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from oracles import with_torch

from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.receptive_field import closed_form, fields
from cnnex.model.problem import Problem
from cnnex.model.value import Kind
from cnnex.notation.formula import symbol
from cnnex.seeds import Stream
from cnnex.topics.receptive_field._depth import Depth, Wanted
from cnnex.topics.receptive_field._dilated import Dilated, DilatedKernel
from cnnex.topics.receptive_field._table import ReceptiveField, Stack

# Kernel size, stride, padding and dilation of the eight layers of a published homework.
NETWORK = [
    (7, 1, 3, 1), (5, 2, 0, 1), (2, 2, 0, 1), (3, 1, 0, 2), (3, 1, 0, 1), (2, 2, 0, 1), (3, 1, 0, 1), (2, 2, 0, 1),
]  # fmt: skip
KINDS: Any = ("conv", "conv", "pool", "conv", "conv", "pool", "conv", "pool")


def posed(family: Any, params: Any) -> Problem:
    solved = family.solve(params)
    problem: Problem = family.pose(params, solved, family.mistakes(params, solved))
    return problem


def keys(problem: Problem) -> dict[str, Any]:
    return {part.name: problem.key(part) for part in problem.parts}


def test_the_published_network() -> None:
    assert [field.size for field in fields(NETWORK)] == [7, 11, 13, 29, 37, 41, 57, 65]
    assert [closed_form(NETWORK[:depth]) for depth in range(1, 9)] == [7, 11, 13, 29, 37, 41, 57, 65]
    sizes, strides, paddings, dilations = zip(*NETWORK, strict=True)
    problem = posed(ReceptiveField(), Stack(256, KINDS, sizes, strides, paddings, dilations, 2))
    assert keys(problem) == {"field": 65, "jump": 16, "start": 2 * 16 - 3}
    wrong = {mistake.id: mistake.values for mistake in problem.mistakes}
    assert wrong["jump-ignored"]["field"] == 1 + 6 + 4 + 1 + 4 + 2 + 1 + 2 + 1
    assert "size-of-output" not in wrong  # only where no stride leads to other mistakes
    assert wrong["first-pixel-forgotten"]["field"] == 64
    assert wrong["reach-left-out"]["field"] == 65 - 2 * 4  # the fourth layer's dilation


def test_where_no_kernel_is_dilated_pools_may_be_left_out() -> None:
    problem = posed(ReceptiveField(), Stack(64, ("conv", "pool", "conv"), (3, 2, 3), (1, 2, 1), (0,) * 3, (1,) * 3, 1))
    assert keys(problem)["field"] == 3 + 1 + 2 * 2
    assert {mistake.id: mistake.values for mistake in problem.mistakes}["reach-left-out"]["field"] == 3 + 2


def test_closed_form_in_letters_is_the_recursion() -> None:
    layers = [tuple(symbol(f"{letter}_{i}") for letter in "kspd") for i in (1, 2, 3)]
    rng = Stream("closed")
    for _ in range(50):
        numbers = {f"{letter}_{i}": rng.randint(1, 5) for letter in "kspd" for i in (1, 2, 3)}
        stack: Any = [tuple(numbers[f"{letter}_{i}"] for letter in "kspd") for i in (1, 2, 3)]
        assert closed_form(layers).value(**numbers) == fields(stack)[-1].size  # type: ignore[arg-type]


def test_depth_by_hand() -> None:
    """After a 7 × 7 layer with stride 2, each 3 × 3 layer adds 4 pixels: 7 + 4 n >= 30 for n = 6, which see 31."""
    assert keys(posed(Depth(), Wanted((7,), (2,), 3, 1, 30))) == {"depth": 6, "field": 31}
    assert keys(posed(Depth(), Wanted((), (), 3, 1, 7))) == {"depth": 3, "field": 7}


def test_an_uneven_dilated_kernel() -> None:
    problem = posed(DilatedKernel(), Dilated(4, 2, (2, 3), (3, 1), "k", "d"))
    found = keys(problem)
    assert found["size"] == (4, 3)
    assert found["pattern"] == ((1, 1, 1), (0, 0, 0), (0, 0, 0), (1, 1, 1))
    assert found["weights"] == 48


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_the_kind_of_a_dilated_kernels_size_is_in_its_parameters(level: str) -> None:
    family = DilatedKernel()
    for seed in range(20):
        rng = Stream("kinds", level, seed)
        drawn = family.draw(rng, level)
        twin = family.draw_like(rng, level, {"kernel_size": (3,), "dilation": (2,)})
        kinds = [posed(family, p).parts[1].kind for p in (drawn, twin)]
        assert kinds == [Kind.SHAPE, Kind.INTEGER]


def test_one_dilation_for_two_sizes_is_refused() -> None:
    with pytest.raises(DoesNotFitError, match="as many entries"):
        DilatedKernel().solve(Dilated(1, 1, (2, 3), (2,), "k", "d"))


@pytest.mark.skipif(with_torch.torch is None, reason="PyTorch is not installed")
@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_pytorch_sees_the_same_pixels(level: str) -> None:
    """The pixels with a gradient, each window averaged, are the field; it begins where the key says."""
    torch = with_torch.torch
    family = ReceptiveField()
    for seed in range(5):
        params = replace(family.draw(Stream("support", level, seed), level), size=160, output=3)
        solved = family.solve(params)
        if solved["start"] < 0 or solved["start"] + solved["field"] > params.size:
            continue  # the field reaches over the border
        x = torch.zeros(1, 1, params.size, params.size, dtype=torch.float64, requires_grad=True)
        y = x
        for size, stride, padding, dilation in params.sizes:
            weight = torch.ones(1, 1, size, size, dtype=torch.float64)
            y = torch.nn.functional.conv2d(y, weight, None, stride, padding, dilation)
        y[0, 0, params.output, params.output].backward()
        places = x.grad[0, 0].nonzero()
        assert places.min(0).values.tolist() == [solved["start"]] * 2
        assert (places.max(0).values - places.min(0).values + 1).tolist() == [solved["field"]] * 2
