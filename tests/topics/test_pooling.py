"""Pooling, forward: hand-checked cases, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from cnnex.maths.geometry import DoesNotFitError
from cnnex.notation.plain import plain
from cnnex.topics.pooling._global import GlobalAveragePooling, Maps
from cnnex.topics.pooling._plane import AveragePooling, MaxPooling, Pool
from cnnex.topics.pooling._size import PoolingFormula, PoolingSize, PoolLetters, PoolSize

FOUR = ((1, 2), (0, 3))


def posed(family: Any, params: Any) -> Any:
    solved = family.solve(params)
    return family.pose(params, solved, family.mistakes(params, solved))


def test_fractions_reach_the_data() -> None:
    problem = posed(MaxPooling(), Pool(((Fraction(1, 2), 1),), 1, 1, 0))
    assert problem.given["input"] == [["1/2", 1]]
    assert "values" in {each.aspect for each in problem.conventions}


def test_exact_values_are_asked_where_they_can_be_fractions() -> None:
    assert "values" in {each.aspect for each in posed(AveragePooling(), Pool(FOUR, 2, 2, 0)).conventions}
    assert "values" not in {each.aspect for each in posed(MaxPooling(), Pool(FOUR, 2, 2, 0)).conventions}


@pytest.mark.parametrize("family", [MaxPooling(), AveragePooling()])
def test_impossible_pooling_is_refused(family: Any) -> None:
    with pytest.raises(DoesNotFitError, match="kernel of 3 does not fit on 2 inputs"):
        family.solve(Pool(FOUR, 3, 1, 0))
    with pytest.raises(DoesNotFitError, match="padding 2 is more than half of the window"):
        family.solve(Pool(FOUR, 2, 1, 2))


def test_impossible_sizes_are_refused() -> None:
    with pytest.raises(DoesNotFitError, match="kernel of 3 does not fit on 2 inputs"):
        PoolingSize().solve(PoolSize(1, 2, 2, 3, 1, 0))
    with pytest.raises(DoesNotFitError, match="padding 2 is more than half"):
        PoolingSize().solve(PoolSize(1, 6, 6, 3, 1, 2))


def test_the_size_asks_for_a_shape_and_each_mistake_shows_there() -> None:
    problem = posed(PoolingSize(), PoolSize(8, 15, 20, 3, 2, 1))
    assert [part.name for part in problem.parts] == ["shape"]
    assert problem.key(problem.parts[0]) == (8, 8, 10)
    assert {m.id: m.values["shape"] for m in problem.mistakes}["first-window-forgotten"] == (8, 7, 9)


def test_the_formula_has_the_letters_of_the_bank() -> None:
    problem = posed(PoolingFormula(), PoolLetters("W", "K", "S", "p", ""))
    (part,) = problem.parts
    assert plain(problem.key(part)) == "floor((W + 2*p - K)/S) + 1"
    assert part.symbols == ("W", "K", "S", "p")
    assert (problem.given["input_shape"], problem.given["padding"]) == (["W", "W"], ["p", "p"])


def test_without_padding_the_formula_has_none() -> None:
    problem = posed(PoolingFormula(), PoolLetters("n", "k", "s", "", ""))
    assert plain(problem.key(problem.parts[0])) == "floor((n - k)/s) + 1"
    assert problem.given["padding"] == [0, 0]


@pytest.mark.parametrize("letters", [("W", "W", "S", "p"), ("W", "K", "S", "a"), ("P", "K", "S", "p")])
def test_letters_of_a_formula_are_told_apart(letters: tuple[str, str, str, str]) -> None:
    with pytest.raises(DoesNotFitError):
        PoolingFormula().solve(PoolLetters(*letters, ""))


def test_global_pooling_leaves_one_number_for_each_channel() -> None:
    problem = posed(GlobalAveragePooling(), Maps((((1, 2), (0, 3)), ((4, 4), (4, 0)))))
    assert [problem.key(part) for part in problem.parts] == [(2, 1, 1), Fraction(3, 2), 3]
    assert [part.index for part in problem.parts[1:]] == [(0, 0, 0), (1, 0, 0)]
    wrong = {mistake.id: mistake.values for mistake in problem.mistakes}
    assert wrong["channels-mixed"] == {"shape": (1, 1, 1), "entry_1": Fraction(9, 4), "entry_2": Fraction(9, 4)}
    assert wrong["divided-by-height"] == {"entry_1": 3, "entry_2": 6}


@pytest.mark.parametrize("planes", [(((1, 2), (3,)),), (((1,),), ((1,), (2,))), ((),), ()])
def test_ragged_maps_are_refused(planes: Any) -> None:
    with pytest.raises(DoesNotFitError, match="input"):
        GlobalAveragePooling().solve(Maps(planes))
