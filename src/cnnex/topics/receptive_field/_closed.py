"""F30: the receptive field as a formula."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from msgspec import Meta

from cnnex.maths.counting import product
from cnnex.maths.receptive_field import Layer as Sizes
from cnnex.maths.receptive_field import closed_form
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, Prose, Table, prose
from cnnex.model.value import Kind, Name
from cnnex.notation.formula import Formula, equation, indexed, symbol, symbols, total
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Solved
from cnnex.topics._formula import Letter
from cnnex.topics._layers import tell_apart
from cnnex.topics.receptive_field import _stack as stack
from cnnex.topics.receptive_field._stack import slip

Count = Annotated[int, Meta(ge=2, le=4)]


@dataclass(frozen=True, slots=True)
class StackLetters:
    """The letters of a stack; layer 2 has kernel size `k_2`, stride `s_2`, dilation `d_2`.

    Attributes:
        stride: empty where all strides are 1.
        dilation: empty where there is none.
        depth: the number of layers.
    """

    kernel: Name
    stride: Letter
    dilation: Letter
    depth: Count

    @property
    def sizes(self) -> list[Sizes]:
        """The layers, with symbols for sizes."""

        def of(letter: str, number: int) -> Formula | int:
            return symbol(f"{letter}_{number}") if letter else 1

        return [
            (of(self.kernel, number), of(self.stride, number), 0, of(self.dilation, number))
            for number in range(1, self.depth + 1)
        ]

    @property
    def used(self) -> tuple[str, ...]:
        """All symbols, layer by layer."""
        letters = filter(None, (self.kernel, self.stride, self.dilation))
        return tuple(f"{letter}_{number}" for letter in letters for number in range(1, self.depth + 1))


class ReceptiveFieldFormula(Family[StackLetters]):
    """F30: the receptive field of two or three layers in closed form."""

    id = "F30-receptive-field-formula"
    title = "The receptive field as a formula"
    params = StackLetters
    kinds = (Kind.EXPRESSION,)
    visible: ClassVar = {
        "easy": ("jump-ignored", "own-stride-counted", "kernels-added", "first-pixel-forgotten"),
        "medium": ("jump-ignored", "own-stride-counted", "dilation-ignored", "first-pixel-forgotten"),
        "hard": ("jump-ignored", "own-stride-counted", "dilation-ignored", "first-pixel-forgotten"),
    }

    def __init__(self) -> None:
        self.slips = (
            slip("jump-ignored", lambda p: {"field": closed_form(stack.without_strides(p.sizes))}),
            slip("own-stride-counted", lambda p: {"field": closed_form(stack.with_own_stride(p.sizes))}),
            slip("dilation-ignored", lambda p: {"field": closed_form(stack.without_dilation(p.sizes))}),
            slip("kernels-added", lambda p: {"field": total([size for size, *_ in p.sizes])}),
            slip("first-pixel-forgotten", lambda p: {"field": closed_form(p.sizes, 0)}),
        )

    def draw(self, rng: Stream, level: str) -> StackLetters:
        return StackLetters(
            kernel=rng.choice("kKfFmMqQwhgn"),
            stride=rng.choice("sStTuv"),
            dilation=rng.choice("dDac") if level != "easy" else "",
            depth=3 if level == "hard" else 2,
        )

    def solve(self, p: StackLetters) -> Solved:
        # The solution calls field and jump r and j.
        tell_apart(*filter(None, (p.kernel, p.stride, p.dilation)), used="r j p P")
        return {"field": closed_form(p.sizes)}

    def work(self, p: StackLetters) -> int:
        return 2 * p.depth

    def pose(self, p: StackLetters, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        named = [
            prose("{words} {letters}", words=words, letters=_list(letter, p.depth))
            for words, letter in (("kernel sizes", p.kernel), ("strides", p.stride), ("dilations", p.dilation))
            if letter
        ]
        words = ("{a}", "{a}, and {b}", "{a}, {b}, and {c}")[len(named) - 1]
        settings = prose(words, **dict(zip("abc", named, strict=False)))
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "{count} convolution layers with square kernels follow one another. From the input on, they have "
                    "{settings}.",
                    count=("Two", "Three", "Four")[p.depth - 2], settings=settings,
                ),
            ),
            conventions=stack.conventions(p.sizes),
            given={"input_shape": [1, "N", "N"], "layers": [stack.record("conv", _plain(each)) for each in p.sizes]},
            parts=(
                Part(
                    "field", "receptive_field_formula", Kind.EXPRESSION,
                    prose("Give the receptive field of an output of the last layer as a formula."), "field",
                    layer=p.depth - 1, symbols=p.used, domain="integers",
                ),
            ),
            steps=(Step("field", solved["field"], _derivation(p, solved["field"])),),
            mistakes=mistakes,
        )  # fmt: skip


def _plain(sizes: Sizes) -> list[str | int]:
    return [size if isinstance(size, int) else size.args[0] for size in sizes]


def _list(letter: str, depth: int) -> Prose:
    first, *more = indexed(letter, depth)
    return Prose((first, *(part for each in more for part in (", ", each))))


def _derivation(p: StackLetters, formula: Formula) -> tuple[Block, ...]:
    """The forward table in letters, and the formula with numbers for a check."""
    rows = []
    before: list[Sizes] = []
    for number, layer in enumerate(p.sizes, 1):
        rows.append((number, product([stride for _, stride, *_ in before]), closed_form([*before, layer], 0)))
        before.append((1, *layer[1:]))
    r, j = symbols("r j")
    numbers = {name: 3 if name.startswith(p.kernel) else 2 for name in p.used}
    return (
        prose(
            "Before the first layer an output is one pixel, so {one}. Each layer adds the steps of its kernel, and "
            "each of these steps is as long as the jump {j} before this layer: the product of the strides of all "
            "earlier layers, and not of its own.",
            one=equation(r, 1), j=j,
        ),
        Table("What each layer adds", ("layer", "jump before it", "pixels added"), tuple(rows)),
        prose("The sum of one pixel and of what the layers add:"),
        Display(equation(r, formula)),
        prose("Check: with kernel sizes 3 and all other sizes 2 this is"),
        Display(equation(r, formula.put(**numbers), formula.value(**numbers))),
    )  # fmt: skip
