"""F01: the output size of a convolution layer as a formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from typing import Any, ClassVar, Literal

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


@dataclass(frozen=True, slots=True)
class LayerLetters(Letters):
    """The letters of a layer along one axis, or of a square one on a square input.

    Attributes:
        dimensions: 1 or 2.
    """

    dimensions: Literal[1, 2]


class ConvolutionFormula(SizeFormula[LayerLetters]):
    """F01: the output size as a formula."""

    id = "F01-size-formula"
    title = "The output size as a formula"
    params = LayerLetters
    visible: ClassVar = {
        "easy": ("first-window-forgotten", "padding-one-side", "padding-forgotten"),
        "medium": ("first-window-forgotten", "stride-ignored", "partial-window-kept"),
        "hard": ("first-window-forgotten", "padding-one-side", "stride-ignored", "dilation-ignored"),
    }

    def __init__(self) -> None:
        super().__init__()
        self.slips = (
            *self.slips,
            slip("dilation-ignored", lambda p: {"general": size_formula(replace(p, dilation=""))}),
        )

    def letters(self, p: LayerLetters) -> Letters:
        return p

    def without_first(self, p: Letters) -> dict[str, Value]:
        return {"plain": symbol(p.size) - symbol(p.kernel), **super().without_first(p)}

    def draw(self, rng: Stream, level: str) -> LayerLetters:
        letters = draw_letters(rng, strided=level != "easy", dilated=level == "hard")
        return LayerLetters(*astuple(letters), rng.choice((1, 2)))  # type: ignore[call-arg]

    def draw_like(self, rng: Stream, level: str, pattern: Mapping[str, Any]) -> LayerLetters:
        """Without padding where the pattern has none, and a stride is left."""
        p = self.draw(rng, level)
        return replace(p, padding="") if pattern.get("padding") == "" and p.stride else p

    def solve(self, p: LayerLetters) -> Solved:
        if not (p.padding or p.stride):
            raise DoesNotFitError("stride or padding needs a letter, or the general formula is the plain one")
        return {**super().solve(p), "plain": size_formula(Letters(p.size, p.kernel, "", "", ""))}

    def pose(self, p: LayerLetters, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        n, k = symbols(f"{p.size} {p.kernel}")
        stride, padding, dilation = p.stride or 1, p.padding or 0, p.dilation or 1
        setting = settings(*(symbol(each) if isinstance(each, str) else each for each in (stride, padding, dilation)))
        words, what = (
            ("A one-dimensional convolution layer slides a kernel of size {k} over an input of length {n}.", "length")
            if p.dimensions == 1
            else ("A convolution layer slides a kernel of size {k} × {k} over an input of {n} × {n}.", "side")
        )
        each = [1] * p.dimensions
        return Problem(
            title=self.title,
            statement=(prose(words, k=k, n=n),),
            conventions=conventions(padded=bool(p.padding), dilated=bool(p.dilation), sizes_only=True),
            given=data(
                f"conv{p.dimensions}d", [stride for _ in each], [padding for _ in each], [dilation for _ in each],
                input_shape=[p.size for _ in each], weight_shape=[p.kernel for _ in each],
            ),
            parts=(
                Part(
                    "plain", "output_size_formula", Kind.EXPRESSION,
                    prose("Give the {what} of the output as a formula for stride 1 and no padding.", what=what),
                    "plain",
                    symbols=(p.size, p.kernel), domain="integers",
                    given={"stride": each, "padding": [0 for _ in each], "dilation": each},
                ),
                formula_part(
                    "general", p,
                    prose(
                        "Give the {what} of the output as a formula for {setting}, where {fits}.",
                        what=what, setting=setting, fits=fits(p),
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
