"""F01 for pooling: output shapes, and the formula."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from cnnex.maths import pooling as maths
from cnnex.maths.shapes import output_size
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import prose
from cnnex.model.value import Kind, Name, Padding, Size
from cnnex.notation.formula import shape, symbol, symbols
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics._formula import Letter, Letters, SizeFormula, derivation, draw_letters, fits, formula_part
from cnnex.topics._layers import settings
from cnnex.topics._sizes import plane_blocks, slip


@dataclass(frozen=True, slots=True)
class PoolSize:
    """A stack of feature maps and the square windows that pool it."""

    channels: Size
    height: Size
    width: Size
    kernel_size: Size
    stride: Size
    padding: Padding


class PoolingSize(Family[PoolSize]):
    """F01 for pooling: the output shape."""

    id = "F01-pooling-size"
    title = "Output shape of a pooling layer"
    params = PoolSize
    kinds = (Kind.SHAPE,)
    visible: ClassVar = {
        "easy": ("stride-ignored", "channels-pooled"),
        "medium": ("stride-ignored", "channels-pooled", "partial-window-kept"),
        "hard": ("stride-ignored", "channels-pooled", "partial-window-kept", "padding-forgotten"),
    }

    def __init__(self) -> None:
        self.slips = (
            Slip(
                "channels-pooled",
                "The channels were pooled as well.",
                "Pooling works on each channel alone. What happens to their number?",
                lambda p: {"shape": (self._side(p.channels, p), *self._sides(p))},
            ),
            slip("stride-ignored", lambda p: self.solve(replace(p, stride=1))),
            slip("padding-forgotten", lambda p: self.solve(replace(p, padding=0))),
            slip("partial-window-kept", lambda p: {"shape": (p.channels, *self._sides(p, ceil_mode=True))}),
            slip("first-window-forgotten", lambda p: {"shape": (p.channels, *(side - 1 for side in self._sides(p)))}),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> PoolSize:
        return PoolSize(
            channels=rng.choice((8, 16, 24, 32, 48, 64)),
            height=rng.randint(12, 40),
            width=rng.randint(12, 40),
            kernel_size=2 if level == "easy" else rng.randint(2, 3) if level == "medium" else rng.randint(3, 5),
            stride=rng.randint(2, 3) if level != "hard" else rng.randint(2, 4),
            padding=0 if level == "easy" else 1 if level == "medium" else rng.randint(1, 2),
        )

    def solve(self, p: PoolSize) -> Solved:
        maths.check_windows(p.height, p.width, p.kernel_size, p.stride, p.padding)
        return {"shape": (p.channels, *self._sides(p))}

    def work(self, p: PoolSize) -> int:
        return 2

    def fair(self, p: PoolSize, solved: Solved, level: str) -> bool:
        return p.height != p.width

    def pose(self, p: PoolSize, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "A max pooling layer has {k} × {k} windows, {settings}. Its input has shape {x}.",
                    k=p.kernel_size, settings=settings(p.stride, p.padding), x=shape((p.channels, p.height, p.width)),
                ),
            ),
            conventions=(says.ROUND_DOWN, *[says.MAX_PADDING] * (p.padding > 0), says.CHANNELS_FIRST),
            given={
                "operation": "max_pool2d",
                "input_shape": [p.channels, p.height, p.width],
                "kernel_size": [p.kernel_size, p.kernel_size],
                "stride": [p.stride, p.stride],
                "padding": [p.padding, p.padding],
                "dilation": [1, 1],
                "ceil_mode": False,
            },
            parts=(
                Part("shape", "output_shape", Kind.SHAPE, prose("What is the shape of the output?"), "shape"),
            ),
            steps=(
                Step("shape", solved["shape"], (
                    prose("Pooling keeps the {c} channels.", c=p.channels),
                    *plane_blocks(p.height, p.width, (p.kernel_size, p.kernel_size), p.stride, p.padding),
                )),
            ),
            mistakes=mistakes,
        )  # fmt: skip

    def _side(self, size: int, p: PoolSize, *, ceil_mode: bool = False) -> int:
        side: int = output_size(size, p.kernel_size, p.stride, p.padding, ceil_mode=ceil_mode)
        return side

    def _sides(self, p: PoolSize, *, ceil_mode: bool = False) -> tuple[int, int]:
        return self._side(p.height, p, ceil_mode=ceil_mode), self._side(p.width, p, ceil_mode=ceil_mode)


@dataclass(frozen=True, slots=True)
class PoolLetters:
    """The letters of the general formula; `padding` and `dilation` are empty where there is none."""

    size: Name
    kernel_size: Name
    stride: Name
    padding: Letter
    dilation: Letter


class PoolingFormula(SizeFormula[PoolLetters]):
    """F01 for pooling: the output size as a formula."""

    id = "F01-pooling-formula"
    title = "The size of a pooled output as a formula"
    params = PoolLetters
    visible: ClassVar = {
        "easy": ("first-window-forgotten", "stride-ignored", "partial-window-kept"),
        "medium": ("first-window-forgotten", "padding-one-side", "padding-forgotten"),
        "hard": ("first-window-forgotten", "padding-one-side", "padding-forgotten", "dilation-ignored"),
    }

    def __init__(self) -> None:
        super().__init__()
        self.slips = (*self.slips, slip("dilation-ignored", lambda p: self.solve(replace(p, dilation=""))))

    def letters(self, p: PoolLetters) -> Letters:
        return Letters(p.size, p.kernel_size, p.stride, p.padding, p.dilation)

    def draw(self, rng: Stream, level: str) -> PoolLetters:
        drawn = draw_letters(rng, padded=level != "easy", dilated=level == "hard")
        return PoolLetters(drawn.size, drawn.kernel, drawn.stride, drawn.padding, drawn.dilation)

    def pose(self, p: PoolLetters, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        letters = self.letters(p)
        n, k, s = symbols(f"{p.size} {p.kernel_size} {p.stride}")
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "A max pooling layer has {k} × {k} windows, {settings}. Its input has {n} × {n} entries.",
                    k=k, n=n, settings=settings(
                        s, symbol(p.padding) if p.padding else 0, symbol(p.dilation) if p.dilation else 1
                    ),
                ),
            ),
            conventions=(
                says.ROUND_DOWN, *[says.MAX_PADDING] * bool(p.padding), *[says.POOL_DILATION] * bool(p.dilation),
            ),
            given={
                "operation": "max_pool2d",
                "input_shape": [p.size, p.size],
                "kernel_size": [p.kernel_size, p.kernel_size],
                "stride": [p.stride, p.stride],
                "padding": [p.padding or 0, p.padding or 0],
                "dilation": [p.dilation or 1, p.dilation or 1],
                "ceil_mode": False,
            },
            parts=(
                formula_part(
                    "formula", letters,
                    # The condition would give away what a dilated window spans.
                    prose("Give the side of the output as a formula, where {fits}.",
                          fits="at least one window fits" if p.dilation else fits(letters)),
                ),
            ),
            steps=(Step("general", solved["general"], derivation(letters, solved["general"])),),
            mistakes=mistakes,
        )  # fmt: skip
