"""F01: the output size of a convolution layer as a formula."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from cnnex.maths.geometry import DoesNotFitError
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import prose
from cnnex.model.value import Kind, Value
from cnnex.notation.formula import symbol, symbols
from cnnex.seeds import Stream
from cnnex.topics._family import Solved
from cnnex.topics._formula import (
    Letters,
    SizeFormula,
    derivation,
    draw_letters,
    fits,
    formula_line,
    formula_part,
    size_formula,
)  # fmt: skip
from cnnex.topics._layers import conventions, data, settings
from cnnex.topics._sizes import slip


class ConvolutionFormula(SizeFormula[Letters]):
    """F01: the output size as a formula."""

    id = "F01-size-formula"
    title = "The output size as a formula"
    params = Letters
    visible: ClassVar = {
        "easy": ("first-window-forgotten", "padding-one-side", "padding-forgotten"),
        "medium": ("first-window-forgotten", "padding-one-side", "padding-forgotten", "stride-ignored"),
        "hard": ("first-window-forgotten", "padding-one-side", "stride-ignored", "dilation-ignored"),
    }

    def __init__(self) -> None:
        super().__init__()
        self.slips = (
            *self.slips,
            slip("dilation-ignored", lambda p: {"general": size_formula(replace(p, dilation=""))}),
            slip("gap-after-last-weight", lambda p: {
                "general": size_formula(p, symbol(p.dilation) * symbol(p.kernel)),
            } if p.dilation else {}),
        )  # fmt: skip

    def letters(self, p: Letters) -> Letters:
        return p

    def without_first(self, p: Letters) -> dict[str, Value]:
        return {"plain": symbol(p.size) - symbol(p.kernel), **super().without_first(p)}

    def draw(self, rng: Stream, level: str) -> Letters:
        return draw_letters(rng, strided=level != "easy", dilated=level == "hard")

    def solve(self, p: Letters) -> Solved:
        if not p.padding:
            raise DoesNotFitError("the padding needs a letter")
        return {**super().solve(p), "plain": size_formula(Letters(p.size, p.kernel, "", "", ""))}

    def pose(self, p: Letters, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        n, k, b = symbols(f"{p.size} {p.kernel} {p.padding}")
        setting = settings(symbol(p.stride) if p.stride else 1, b, symbol(p.dilation) if p.dilation else 1)
        stride, padding, dilation = p.stride or 1, p.padding, p.dilation or 1
        return Problem(
            title=self.title,
            statement=(prose("A convolution layer slides a {k} × {k} kernel over an input of {n} × {n}.", k=k, n=n),),
            conventions=conventions(padded=True, dilated=bool(p.dilation)),
            given=data(
                "conv2d", (stride, stride), (padding, padding), (dilation, dilation),
                input_shape=[p.size, p.size], weight_shape=[p.kernel, p.kernel],
            ),
            parts=(
                Part(
                    "plain", "output_size_formula", Kind.EXPRESSION,
                    prose("Give the side of the output as a formula for stride 1 and no padding."), "plain",
                    symbols=(p.size, p.kernel), domain="integers",
                    given={"stride": [1, 1], "padding": [0, 0], "dilation": [1, 1]},
                ),
                formula_part(
                    "general", p,
                    prose(
                        "Give the side of the output as a formula for {setting}, where {fits}.",
                        setting=setting, fits=fits(p),
                    ),
                ),
            ),
            steps=(
                Step("plain", solved["plain"], (
                    prose(
                        "The kernel's first place begins at 1, its last at {last}, and all between are taken:",
                        last=n - k + 1,
                    ),
                    formula_line(p, solved["plain"]),
                )),
                Step("general", solved["general"], derivation(p, solved["general"])),
            ),
            mistakes=mistakes,
        )  # fmt: skip
