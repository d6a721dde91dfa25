"""F40: what a filter does, by its response to a patch with edges."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from cnnex.maths.correlation import flip, transpose
from cnnex.maths.filters import effect
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Display, prose
from cnnex.model.value import Kind, Matrix
from cnnex.notation.formula import equation, matrix, symbol
from cnnex.seeds import Stream
from cnnex.topics._effects import EFFECTS
from cnnex.topics._family import LEVELS, Family, Slip, Solved, lively
from cnnex.topics._layers import exact, slip
from cnnex.topics.filters._patch import SIDE, check_rows, patch_data, products, response_tables, responses, two_parts

SIZES = {"easy": ((3, 4), (4, 3)), "medium": ((4, 5), (5, 4)), "hard": ((5, 6), (6, 5))}
NAMES = ("local-averaging", "sharpening", "vertical-edges", "horizontal-edges", "all-edges", "shift")
MISREAD = {
    "vertical-edges": "horizontal-edges", "horizontal-edges": "vertical-edges", "sharpening": "all-edges",
    "all-edges": "sharpening", "local-averaging": "identity", "shift": "identity",
}  # fmt: skip
"""What a filter is taken for when its weights are looked at but not added."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A 3 × 3 filter and an image of one channel."""

    kernel: Matrix
    input: Matrix


class FilterEffect(Family[Filter]):
    """F40: responses to a patch, and the name of the effect."""

    id = "F40-filter-effect"
    title = "What a filter does"
    params = Filter
    kinds = (Kind.MATRIX, Kind.CHOICE)
    visible: ClassVar = dict.fromkeys(LEVELS, ("weights-ignored", "effect-misread"))

    def __init__(self) -> None:
        self.slips = (
            slip("kernel-flipped", lambda p: {"output": responses(p.input, flip(p.kernel))}),
            Slip(
                "rows-for-columns",
                "Rows and columns of the filter were exchanged, and so the direction of what it finds.",
                "The first row of the filter meets the first row of the window.",
                lambda p: {"output": responses(p.input, transpose(p.kernel))},
            ),
            slip("weights-ignored", lambda p: {"output": responses(p.input, ((1,) * SIDE,) * SIDE)}),
            Slip(
                "signs-ignored",
                "The signs of the weights were left out.",
                "A negative weight takes its entry away from the sum.",
                lambda p: {"output": responses(p.input, tuple(tuple(map(abs, row)) for row in p.kernel))},
            ),
            Slip(
                "effect-misread",
                "The sums of the weights, of all and of each row and column, were not used.",
                "What does the filter make of an image of one colour, and of one that only changes from left to right?",
                lambda p: {"effect": MISREAD.get(effect(p.kernel), "identity")},
            ),
        )

    def draw(self, rng: Stream, level: str) -> Filter:
        kernel, unit = draw_kernel(rng, rng.choice(NAMES))
        rows, columns = rng.choice(SIZES[level])
        dark, bright = (unit * value for value in rng.sample(range(4) if unit > 1 else range(10), 2))
        first = (rng.randint(0, rows - 1), rng.randint(1, columns - 1))
        return Filter(kernel, two_parts(rows, columns, first, dark, bright))

    def solve(self, p: Filter) -> Solved:
        check_rows("kernel", p.kernel, SIDE)
        return {"output": responses(p.input, p.kernel), "effect": effect(p.kernel)}

    def work(self, p: Filter) -> int:
        return products(p.input, p.kernel)

    def fair(self, p: Filter, solved: Solved, level: str) -> bool:
        """The responses differ, and they are whole numbers."""
        whole = all(entry == int(entry) for row in solved["output"] for entry in row)
        return whole and lively(solved["output"], level)

    def pose(self, p: Filter, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        found: str = solved["effect"]
        total = sum(weight for row in p.kernel for weight in row)
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "The filter {k} slides over the image {x} with stride 1 and no padding:", k=symbol("k"),
                    x=symbol("X"),
                ),
                Display(equation(symbol("k"), matrix(p.kernel))),
                Display(equation(symbol("X"), matrix(p.input))),
            ),
            conventions=(says.CROSS_CORRELATION, says.NO_BIAS, *exact(p.input, p.kernel)),
            given=patch_data(p.input, p.kernel),
            parts=(
                Part("output", "output", Kind.MATRIX, prose("Compute the output {y}.", y=symbol("Y")), "output"),
                Part(
                    "effect", "filter_effect", Kind.CHOICE, prose("What does this filter do to an image?"), "effect",
                    choices={name: words for name, (words, _) in EFFECTS.items()},
                ),
            ),
            steps=(
                Step("output", solved["output"], response_tables(p.input, p.kernel)),
                Step("effect", found, (
                    prose("Sum of all weights: {t}. {why}", t=total, why=EFFECTS[found][1]),
                )),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def draw_kernel(rng: Stream, name: str) -> tuple[Matrix, int]:
    """A filter with this effect, and the number whose multiples it turns into whole numbers."""
    a, sign = rng.randint(1, 3), rng.choice((-1, 1))
    if name.endswith("l-edges") and name != "all-edges":
        b = rng.choice((a, 2 * a, a + 1))
        kernel = tuple((-sign * each, 0, sign * each) for each in (a, b, a))
        return (kernel if name == "vertical-edges" else transpose(kernel)), 1
    if name == "local-averaging":
        corner, side, centre = rng.choice(((1, 1, 1), (1, 2, 4), (0, 1, 1), (0, 1, 4), (1, 1, 2), (0, 1, 2)))
        count = 4 * corner + 4 * side + centre
        return _around(*(Fraction(each, count) for each in (corner, side, centre))), count
    if name == "shift":
        place = rng.choice((0, 1, 2, 3, 5, 6, 7, 8))
        return tuple(tuple(int(SIDE * r + c == place) for c in range(SIDE)) for r in range(SIDE)), 1
    corner = rng.choice((0, 0, a))
    if name == "sharpening":
        return _around(-corner, -a, 1 + 4 * (a + corner)), 1
    return _around(-sign * corner, -sign * a, 4 * sign * (a + corner)), 1


def _around(corner: Any, side: Any, centre: Any) -> Matrix:
    """A filter that looks the same from all sides."""
    outer = (corner, side, corner)
    return (outer, (side, centre, side), outer)
