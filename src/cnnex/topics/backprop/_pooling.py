"""What the gradients of max and average pooling share: the layer, its windows, the question."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from cnnex.maths import pooling as maths
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Display, prose
from cnnex.model.value import Kind, Matrix, Padding, Size, to_json
from cnnex.notation.formula import equation, matrix, symbol
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics._layers import settings
from cnnex.topics.backprop._layer import check_upstream

X, D_X, D_Y = map(symbol, ("X", "dL/dX", "dL/dY"))


@dataclass(frozen=True, slots=True)
class PoolBackward:
    """A single channel, the square windows that pool it, and the upstream gradient."""

    input: Matrix
    grad_output: Matrix
    kernel_size: Size
    stride: Size
    padding: Padding

    @property
    def grid(self) -> list[list[maths.Places]]:
        """The places of each window."""
        return maths.windows(len(self.input), len(self.input[0]), self.kernel_size, self.stride, self.padding)


def _rows(numbers: list[int], width: int) -> Matrix:
    return tuple(tuple(numbers[start : start + width]) for start in range(0, len(numbers), width))


class PoolingBackward(Family[PoolBackward]):
    """What the gradients of max and average pooling share."""

    params = PoolBackward
    operation: ClassVar[str]
    verb: ClassVar[str]
    own_given: ClassVar[dict[str, Any]]
    # Height, width, kernel size, stride, padding.
    geometries: ClassVar[dict[str, list[tuple[int, int, int, int, int]]]]

    @abstractmethod
    def routes(self, p: PoolBackward) -> list[maths.Route]:
        """Where each upstream entry goes, and how much of it."""

    @abstractmethod
    def own_conventions(self, p: PoolBackward) -> tuple[says.Convention, ...]:
        """What this kind of pooling assumes."""

    def forward(self, solved: Solved) -> tuple[Part, ...]:
        """What is asked before the gradient."""
        return ()

    @abstractmethod
    def steps(self, p: PoolBackward, solved: Solved) -> tuple[Step, ...]:
        """The worked solution."""

    def gradient(self, p: PoolBackward, routes: list[maths.Route]) -> Matrix:
        """The gradient that these routes add up to."""
        return maths.scatter(len(p.input), len(p.input[0]), routes)

    def draw(self, rng: Stream, level: str) -> PoolBackward:
        height, width, *sizes = rng.choice(self.geometries[level])
        grid = maths.windows(height, width, *sizes)
        upstream = rng.sample([g for g in range(-9, 13) if g not in (-1, 0, 1)], len(grid) * len(grid[0]))
        entries = rng.sample(range(-15, 21), height * width)
        return PoolBackward(_rows(entries, width), _rows(upstream, len(grid[0])), *sizes)

    def solve(self, p: PoolBackward) -> Solved:
        maths.check_windows(len(p.input), len(p.input[0]), p.kernel_size, p.stride, p.padding)
        check_upstream((len(p.grad_output), len(p.grad_output[0])), (len(p.grid), len(p.grid[0])))
        return {"grad_input": self.gradient(p, self.routes(p))}

    def work(self, p: PoolBackward) -> int:
        return len(p.grad_output) * len(p.grad_output[0]) * p.kernel_size**2

    def windows(self, p: PoolBackward) -> list[tuple[str, maths.Places, int]]:
        """For each output its name, the places of its window and its upstream entry."""
        return [
            (f"{i}, {j}", places, p.grad_output[i - 1][j - 1])
            for i, row in enumerate(p.grid, 1)
            for j, places in enumerate(row, 1)
        ]

    def overlap_overwritten(self, hint: str) -> Slip[PoolBackward]:
        """The mistake with inputs in several windows."""
        return Slip(
            "overlap-overwritten",
            "Where windows overlap, a later contribution replaced an earlier one.",
            hint,
            lambda p: {"grad_input": maths.scatter(
                len(p.input), len(p.input[0]), self.routes(p), combine=lambda old, new: new,
            )},
        )  # fmt: skip

    def pose(self, p: PoolBackward, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        single = p.kernel_size == len(p.input) == len(p.input[0]) and not p.padding
        rule = prose("of a single window") if single else prose("with {s}", s=settings(p.stride, p.padding))
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "{k} × {k} {verb} pooling {rule} maps {x} to {y}. "
                    "The upstream gradient {g} of a loss {loss} is given.",
                    k=p.kernel_size,
                    verb=self.verb,
                    rule=rule,
                    x=X,
                    y=symbol("Y"),
                    g=D_Y,
                    loss=symbol("L"),
                ),
                Display(equation(X, matrix(p.input))),
                Display(equation(D_Y, matrix(p.grad_output))),
            ),
            conventions=(*[says.ROUND_DOWN] * (not single), *self.own_conventions(p), says.INDEX_FROM_ONE),
            given={
                "operation": self.operation,
                "input": to_json(p.input),
                "grad_output": to_json(p.grad_output),
                "kernel_size": [p.kernel_size, p.kernel_size],
                "stride": [p.stride, p.stride],
                "padding": [p.padding, p.padding],
                "ceil_mode": False,
                **self.own_given,
            },
            parts=(*self.forward(solved), Part(
                "grad_input", "grad_input", Kind.MATRIX,
                prose("Compute the gradient {g}, a matrix of the same shape as {x}.", g=D_X, x=X), "grad_input",
            )),
            steps=self.steps(p, solved),
            mistakes=mistakes,
        )  # fmt: skip
