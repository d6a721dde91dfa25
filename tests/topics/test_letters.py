"""Letters that collide are refused with a sentence; solutions introduce theirs."""

from __future__ import annotations

from typing import Any

import pytest

from cnnex.maths.geometry import DoesNotFitError
from cnnex.model import conventions as says
from cnnex.model.prose import Display, Prose
from cnnex.notation.plain import plain
from cnnex.seeds import Stream
from cnnex.topics._family import LEVELS
from cnnex.topics._layers import SymbolicLine, tell_apart
from cnnex.topics.backprop._symbolic import Conv1dGradients, Conv1dSymbols
from cnnex.topics.convolution._entries import ConvolutionEntries, Entries
from cnnex.topics.padding_stride._formula import ConvolutionFormula, LayerLetters
from cnnex.topics.padding_stride._size import Layer, OutputSize
from cnnex.topics.toeplitz._shared import SymbolicOperator
from cnnex.topics.toeplitz._unshared import Unshared, UnsharedOperator

RESERVED = ("floor", "ceil", "max", "min", "abs", "relu", "exp", "ln", "sqrt", "e", "lambda")


def posed(family: Any, params: Any) -> Any:
    solved = family.solve(params)
    return family.pose(params, solved, family.mistakes(params, solved))


def spelled(blocks: Any) -> list[str]:
    return [
        plain(block.formula)
        if isinstance(block, Display)
        else "".join(part if isinstance(part, str) else plain(part) for part in block.parts)
        for block in blocks
        if isinstance(block, Display | Prose)
    ]


@pytest.mark.parametrize("name", RESERVED)
def test_reserved_words_are_refused(name: str) -> None:
    with pytest.raises(DoesNotFitError, match="function or constant"):
        tell_apart(name, "k")


@pytest.mark.parametrize("letters", [("x", "x"), ("y", "k"), ("x", "y"), ("x_1", "x")])
def test_colliding_letters_are_refused_in_each_family(letters: tuple[str, str]) -> None:
    for family, params in (
        (ConvolutionEntries(), Entries(5, 2, 1, 0, 1, *letters, (1, 2))),
        (SymbolicOperator(), SymbolicLine(5, 2, 1, 0, 1, *letters)),
        (UnsharedOperator(), Unshared(5, 2, 1, 0, *letters)),
        (Conv1dGradients(), Conv1dSymbols(3, 2, 1, 0, 1, *letters, "", ("a", "b"))),
    ):
        with pytest.raises(DoesNotFitError, match="letter"):
            family.solve(params)  # type: ignore[arg-type]


def test_the_letters_of_the_statement_are_taken() -> None:
    with pytest.raises(DoesNotFitError, match="letter K"):
        SymbolicOperator().solve(SymbolicLine(5, 2, 1, 0, 1, "x", "K"))
    with pytest.raises(DoesNotFitError, match="letter L"):
        Conv1dGradients().solve(Conv1dSymbols(3, 2, 1, 0, 1, "L", "k", "", ("a", "b")))


@pytest.mark.parametrize("upstream", [("a", "a"), ("x_1", "a"), ("a", "k_2"), ("y_1", "y_2"), ("k", "a")])
def test_names_of_an_upstream_gradient_are_its_own(upstream: tuple[str, str]) -> None:
    with pytest.raises(DoesNotFitError):
        Conv1dGradients().solve(Conv1dSymbols(3, 2, 1, 0, 1, "x", "k", "", upstream))


@pytest.mark.parametrize("letters", ["W W s p", "W K s W", "W K s q", "p K s P", "W K p P", "E K s p d", "W max s p"])
def test_letters_of_the_size_formula(letters: str) -> None:
    size, kernel, stride, padding, *dilation = letters.split()
    with pytest.raises(DoesNotFitError):
        ConvolutionFormula().solve(LayerLetters(size, kernel, stride, padding, "".join(dilation), 2))


@pytest.mark.parametrize("level", LEVELS)
def test_symbolic_gradients_have_many_variants(level: str) -> None:
    family = Conv1dGradients()
    variants = list(dict.fromkeys(family.draw(Stream("letters", level, i), level) for i in range(4000)))
    assert len(variants) >= 600


def test_a_dilated_size_is_found_with_the_extent() -> None:
    (_, _, output) = posed(OutputSize(), Layer((9,), (3,), (2,), (1,), (2,))).steps
    assert spelled(output.explanation)[1].startswith("N_out = floor((N + 2*p - K_eff)/S) + 1 = ")
    (_, _, output) = posed(OutputSize(), Layer((9, 9), (3, 3), (2, 2), (1, 1), (2, 3))).steps
    assert "K_eff_H" in spelled(output.explanation)[1]
    assert "K_eff_W" in spelled(output.explanation)[2]


def test_letters_of_formulas_are_introduced() -> None:
    problem = posed(ConvolutionEntries(), Entries(9, 3, 2, 1, 1, "x", "k", (1, 2)))
    words = [spelled(step.explanation)[0] for step in problem.steps]
    assert words[0] == "With n inputs and padding p on each side:"
    assert words[1].startswith("With n inputs, m weights, stride s and padding p ")


def test_columns_name_no_letter() -> None:
    assert "x" not in says.COLUMNS.words.replace("matrix", "")
    assert says.COLUMNS in posed(SymbolicOperator(), SymbolicLine(5, 2, 1, 0, 1, "u", "k")).conventions
