"""F18: the matrix without weight sharing, and the weights that sharing saves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from cnnex.maths.toeplitz import toeplitz
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Display, prose
from cnnex.model.value import Kind, Matrix, Name, Padding, Size, Value, to_json
from cnnex.notation.formula import Formula, equation, indexed, matrix, symbol
from cnnex.seeds import Stream
from cnnex.topics._family import LEVELS, Slip, Solved
from cnnex.topics._layers import (
    INPUT_LETTERS,
    KERNEL_LETTERS,
    Geometry,
    line_data,
    names,
    settings,
    size_blocks,
    tell_apart,
)  # fmt: skip
from cnnex.topics.toeplitz._operator import Operator, linear, matrix_part, matrix_step

# Stride, then the input's sizes and paddings by the size of the kernel. Each kernel is as likely as the others, since
# with sharing its size is the number of weights. Within a level all matrices have about the same number of entries.
SIZES: dict[str, tuple[int, dict[int, tuple[tuple[int, int], ...]]]] = {
    "easy": (1, {2: ((5, 0),), 4: ((6, 0),), 7: ((8, 0),), 8: ((9, 0),)}),
    "medium": (
        1, {2: ((6, 1),), 3: ((6, 1),), 4: ((6, 2), (7, 1)), 5: ((6, 2),), 6: ((7, 2), (6, 3)), 7: ((8, 2),)},
    ),
    "hard": (
        2, {2: ((9, 1),), 3: ((9, 1), (10, 1)), 4: ((9, 2), (10, 1)), 5: ((9, 2), (10, 2)), 6: ((10, 2), (9, 3)),
            7: ((9, 3),)},
    ),
}  # fmt: skip
# There is no kernel that slides and could be flipped.
IN_ORDER = replace(
    says.CROSS_CORRELATION, words="Weight 1 of an output meets the first entry of its window, weight 2 the next."
)


@dataclass(frozen=True, slots=True)
class Unshared:
    """A locally connected layer: each output has a kernel of its own.

    Attributes:
        input: the letter of the input.
        kernel: the letter of the kernels; weight j of output i is `k_i_j`.
    """

    size: Size
    kernel_size: Size
    stride: Size
    padding: Padding
    input: Name
    kernel: Name

    @property
    def geometry(self) -> Geometry:
        """The sizes without the letters."""
        return Geometry(self.size, self.kernel_size, self.stride, self.padding)

    @property
    def owned(self) -> int:
        """The weights of all outputs, those that meet padding included."""
        return self.geometry.outputs * self.kernel_size


class UnsharedOperator(Operator[Unshared]):
    """F18: K when each output has its own weights, and their number."""

    id = "F18-unshared"
    title = "Without weight sharing"
    params = Unshared
    kinds = (Kind.MATRIX, Kind.INTEGER)
    visible: ClassVar = dict.fromkeys(LEVELS, ("sharing-mixed-up", "wrong-shift", "zeros-counted"))

    def __init__(self) -> None:
        super().__init__()
        self.slips = (
            Slip(
                "sharing-mixed-up",
                "One kernel for all outputs and a kernel for each output were mixed up.",
                "Which weights belong to the second output? Read again whether they are shared with the first one.",
                lambda p: {
                    "matrix": toeplitz(p.size, indexed(p.kernel, p.kernel_size), p.stride, p.padding),
                    "unshared_count": p.kernel_size,
                    "shared_count": p.owned,
                },
            ),
            Slip(
                "zeros-counted",
                "The zeros of the matrix were counted as weights.",
                "Which entries of a row can be chosen freely?",
                lambda p: {"unshared_count": p.geometry.outputs * p.size},
            ),
            *self.slips,
        )

    def kernels(self, p: Unshared, outputs: int) -> Matrix:
        return tuple(indexed(f"{p.kernel}_{i}", p.kernel_size) for i in range(1, outputs + 1))

    def seen(self, p: Unshared, operator: Matrix) -> dict[str, Value]:
        return {"matrix": operator}

    def draw(self, rng: Stream, level: str) -> Unshared:
        stride, sizes = SIZES[level]
        kernel_size = rng.choice(tuple(sizes))
        size, padding = rng.choice(sizes[kernel_size])
        return Unshared(size, kernel_size, stride, padding, rng.choice(INPUT_LETTERS), rng.choice(KERNEL_LETTERS))

    def solve(self, p: Unshared) -> Solved:
        tell_apart(p.input, p.kernel, used="y K")
        return {**super().solve(p), "unshared_count": p.owned, "shared_count": p.kernel_size}

    def pose(self, p: Unshared, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        geometry, outputs = p.geometry, p.geometry.outputs
        kernels = self.kernels(p, outputs)
        k, first = symbol(p.kernel), symbol(f"{p.kernel}_1_2")
        shared = names(p.kernel, p.kernel_size)
        own = tuple(name for row in to_json(kernels) for name in row)
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "A window of {m} inputs slides over {x} with {settings}. Weights are not shared: each output has "
                    "its own {m} weights. Weight j of output i has the name {k} with indices i and j, so {first} is "
                    "weight 2 of output 1. The output {y} is linear in {x}, so there is a matrix {K} with",
                    m=p.kernel_size, x=symbol(p.input), settings=settings(p.stride, p.padding), k=k, first=first,
                    y=symbol("y"), K=symbol("K"),
                ),
                linear(symbol(p.input)),
                Display(equation(symbol(p.input), matrix([indexed(p.input, p.size)]))),
            ),
            conventions=(
                IN_ORDER, says.ROUND_DOWN, *[says.ZERO_PADDING] * (p.padding > 0), says.COLUMNS, says.INDEX_FROM_ONE,
            ),
            given=line_data(geometry, indexed(p.input, p.size), kernels, "locally_connected1d"),
            parts=(
                # The shared names are no part of the key, but an answer with them can be read and corrected.
                matrix_part((*own, *shared), shaped=False),
                Part("unshared_count", "weight_count", Kind.INTEGER, prose(
                    "How many weights does this layer have{all}?",
                    all=", those that only meet padding included" if p.padding else "",
                ), "unshared_count"),
                Part(
                    "shared_count", "weight_count", Kind.INTEGER,
                    prose("How many weights would it have if all outputs shared one kernel?"), "shared_count",
                    given={"operation": "conv1d", "weight": shared},
                ),
            ),
            steps=(
                matrix_step(geometry, solved, size_blocks(geometry)),
                Step("unshared_count", solved["unshared_count"], (
                    prose("Each of the {n} outputs has {m} weights of its own:", n=outputs, m=p.kernel_size),
                    Display(Formula("rel", "=", Formula("mul", outputs, p.kernel_size), outputs * p.kernel_size)),
                )),
                Step("shared_count", solved["shared_count"], (
                    prose("One kernel has {m} weights, however often it is used.", m=p.kernel_size),
                )),
            ),
            mistakes=mistakes,
        )  # fmt: skip
