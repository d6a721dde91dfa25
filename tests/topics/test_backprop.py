"""Backpropagation: hand-checked cases, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from cnnex.maths.geometry import DoesNotFitError
from cnnex.model import conventions as says
from cnnex.model.prose import Prose, Table
from cnnex.model.value import Kind, to_json
from cnnex.notation.plain import plain
from cnnex.seeds import Stream
from cnnex.topics._family import LEVELS
from cnnex.topics.backprop._average_pooling import AveragePoolingBackward
from cnnex.topics.backprop._max_pooling import MaxPoolingBackward
from cnnex.topics.backprop._numeric import Conv1dBackward, Conv1dNumbers
from cnnex.topics.backprop._pooling import PoolBackward
from cnnex.topics.backprop._share import AverageShare, Share
from cnnex.topics.backprop._symbolic import Conv1dGradients, Conv1dSymbols

HALF = Fraction(1, 2)


def posed(family: Any, params: Any) -> Any:
    solved = family.solve(params)
    return family.pose(params, solved, family.mistakes(params, solved))


def words(problem: Any) -> str:
    blocks = [block for step in problem.steps for block in step.explanation]
    return " ".join(str(part) for block in blocks if isinstance(block, Prose) for part in block.parts)


def test_ties_have_a_rule_only_where_they_occur() -> None:
    tied = posed(MaxPoolingBackward(), PoolBackward(((3, 3), (0, 3)), ((7,),), 2, 2, 0))
    assert says.FIRST_MAXIMUM in tied.conventions
    assert says.UNIQUE_MAXIMUM not in tied.conventions
    assert tied.key(tied.parts[1]) == ((7, 0), (0, 0))
    assert "changes nothing" not in words(tied)
    assert "first in reading order" in words(tied)
    single = posed(MaxPoolingBackward(), PoolBackward(((1, 2), (0, 3)), ((7,),), 2, 2, 0))
    assert says.UNIQUE_MAXIMUM in single.conventions
    assert says.FIRST_MAXIMUM not in single.conventions


def test_contributions_add_up_only_where_an_input_wins_twice() -> None:
    assert "add up" not in words(posed(MaxPoolingBackward(), PoolBackward(((1, 2), (0, 3)), ((7,),), 2, 2, 0)))
    assert "add up" in words(posed(MaxPoolingBackward(), PoolBackward(((1, 5, 2), (0, 3, 1)), ((7, 2),), 2, 1, 0)))


def test_shares_add_up_only_where_windows_overlap() -> None:
    assert "add up" not in words(posed(AveragePoolingBackward(), PoolBackward(((1, 2), (0, 3)), ((7,),), 2, 2, 0)))
    assert "add up" in words(posed(AveragePoolingBackward(), PoolBackward(((1, 5, 2), (0, 3, 1)), ((7, 2),), 2, 1, 0)))


@pytest.mark.parametrize(("upstream", "shown"), [(7, "7/4"), (-7, "-7/4"), (6, "3/2"), (8, "2")])
def test_a_share_stands_beside_its_upstream_entry(upstream: int, shown: str) -> None:
    problem = posed(AveragePoolingBackward(), PoolBackward(((1, 2), (0, 3)), ((upstream,),), 2, 2, 0))
    (table,) = (block for block in problem.steps[0].explanation if isinstance(block, Table))
    cells: Any = table.rows[0][-2:]
    whole, share = map(plain, cells)
    assert (whole, share, table.head[-1]) == (str(upstream), shown, "divided by 4")


def test_comparing_magnitudes_shows_in_the_output() -> None:
    problem = posed(MaxPoolingBackward(), PoolBackward(((1, -4), (0, 3)), ((7,),), 2, 2, 0))
    wrong = {mistake.id: mistake.values for mistake in problem.mistakes}
    assert wrong["magnitude-for-value"] == {"output": -4, "grad_input": ((0, 7), (0, 0))}


def test_fractions_reach_the_data() -> None:
    problem = posed(MaxPoolingBackward(), PoolBackward(((1, 2), (0, HALF * 5)), ((HALF,),), 2, 2, 0))
    assert problem.given["input"] == [[1, 2], [0, "5/2"]]
    assert problem.given["grad_output"] == [["1/2"]]
    assert problem.parts[0].kind is Kind.RATIONAL
    assert says.EXACT in problem.conventions
    line = posed(Conv1dBackward(), Conv1dNumbers((1, HALF), (2,), 1, (HALF, 1), 1, 0, 1))
    assert (line.given["input"], line.given["grad_output"]) == ([1, "1/2"], ["1/2", 1])
    assert line.parts[-1].kind is Kind.RATIONAL
    assert says.EXACT in line.conventions


@pytest.mark.parametrize("family", [MaxPoolingBackward(), AveragePoolingBackward()])
def test_impossible_pooling_is_refused(family: Any) -> None:
    with pytest.raises(DoesNotFitError, match="kernel of 3 does not fit on 2 inputs"):
        family.solve(PoolBackward(((1, 2), (0, 3)), ((7,),), 3, 1, 0))
    with pytest.raises(DoesNotFitError, match="grad_output is 1×2, but the output is 1×1"):
        family.solve(PoolBackward(((1, 2), (0, 3)), ((7, 1),), 2, 2, 0))


def test_an_upstream_gradient_of_another_length_is_refused() -> None:
    with pytest.raises(DoesNotFitError, match="grad_output is of length 1, but the output is of length 2"):
        Conv1dBackward().solve(Conv1dNumbers((1, 2, 3), (1, 2), None, (1,), 1, 0, 1))
    with pytest.raises(DoesNotFitError, match="grad_output is of length 1, but the output is of length 2"):
        Conv1dGradients().solve(Conv1dSymbols(3, 2, 1, 0, 1, "x", "k", "", ("g",)))


def test_padding_takes_its_shares_away() -> None:
    p = PoolBackward(((1, 2), (3, 4)), ((4, 8), (12, 16)), 2, 2, 1)
    problem = posed(AveragePoolingBackward(), p)
    assert problem.key(problem.parts[-1]) == ((1, 2), (3, 4))
    assert says.AVERAGE_COUNTS_PADDING in problem.conventions
    assert "are lost" in words(problem)
    wrong = {mistake.id: mistake.values["grad_input"] for mistake in problem.mistakes}
    assert wrong["padding-not-counted"] == ((4, 8), (12, 16))
    routed = posed(MaxPoolingBackward(), p)
    assert routed.key(routed.parts[-1]) == ((4, 8), (12, 16))
    assert says.MAX_PADDING in routed.conventions


def test_the_share_of_a_window_is_a_formula() -> None:
    square = posed(AverageShare(), Share("K", "", 1, "g"))
    assert plain(square.key(square.parts[0])) == "g/K**2"
    assert square.parts[0].symbols == ("K", "g")
    wide = posed(AverageShare(), Share("M", "N", 3, "delta"))
    assert plain(wide.key(wide.parts[0])) == "delta/(3*M*N)"
    assert wide.given["kernel_size"] == ["3*M", "N"]
    with pytest.raises(DoesNotFitError, match="two different things"):
        AverageShare().solve(Share("K", "K", 1, "g"))


def test_symbolic_gradients_of_a_dilated_layer_with_bias() -> None:
    p = Conv1dSymbols(5, 2, 1, 0, 3, "x", "k", "b", ("g_1", "g_2"))
    problem = posed(Conv1dGradients(), p)
    keys = {part.name: to_json(problem.key(part)) for part in problem.parts}
    assert keys == {
        "grad_weight": ["g_1*x_1 + g_2*x_2", "g_1*x_4 + g_2*x_5"],
        "grad_input": ["g_1*k_1", "g_2*k_1", 0, "g_1*k_2", "g_2*k_2"],
        "grad_bias": "g_1 + g_2",
    }
    assert {"dilation", "operation"} <= {each.aspect for each in problem.conventions}
    assert "bias" not in {each.aspect for each in problem.conventions}
    with pytest.raises(DoesNotFitError, match="two different things"):
        Conv1dGradients().solve(replace(p, bias="k"))


@pytest.mark.parametrize("family", [Conv1dBackward(), Conv1dGradients()], ids=lambda family: family.id)
@pytest.mark.parametrize("level", LEVELS)
def test_rules_that_do_not_apply_are_no_mistakes(family: Any, level: str) -> None:
    for turn in range(100):
        p = family.draw(Stream("apply", turn), level)
        shown = {mistake.id for mistake in family.mistakes(p, family.solve(p))}
        assert p.stride > 1 or "stride-ignored" not in shown
        assert p.dilation > 1 or "dilation-ignored" not in shown
