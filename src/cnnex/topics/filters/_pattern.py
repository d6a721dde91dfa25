"""F40: a filter that finds a pattern, with a threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from cnnex.maths.correlation import flip
from cnnex.maths.geometry import DoesNotFitError
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Display, prose
from cnnex.model.value import Kind, Matrix, Size, Vector
from cnnex.notation.formula import equation, matrix, symbol
from cnnex.seeds import Stream
from cnnex.topics._family import LEVELS, Family, Slip, Solved, lively
from cnnex.topics._layers import slip
from cnnex.topics.filters._patch import patch_data, products, response_tables, responses

# Side of the pattern, height and width of the image.
GEOMETRIES = {
    "easy": ((2, 2, 6), (2, 6, 2)), "medium": ((3, 4, 5), (3, 5, 4), *((3, 3, 8), (3, 8, 3)) * 3),
    "hard": ((3, 5, 6), (3, 6, 5), (3, 4, 8), (3, 8, 4)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Detector:
    """A pattern of bright (1) and dark (0) pixels, and an image that shows it.

    Attributes:
        bright: the weight where the pattern is bright.
        dark: what is taken away where it is dark.
        threshold: the response from which on the pattern counts as found.
    """

    pattern: Matrix
    input: Matrix
    bright: Size
    dark: Size
    threshold: Size


class PatternDetector(Family[Detector]):
    """F40: the best response, the responses on an image, and the place where the pattern is found."""

    id = "F40-pattern-detector"
    title = "A filter that finds a pattern"
    params = Detector
    kinds = (Kind.INTEGER, Kind.MATRIX, Kind.VECTOR)
    visible: ClassVar = dict.fromkeys(LEVELS, ("dark-weights-ignored", "kernel-flipped"))

    def __init__(self) -> None:
        self.slips = (
            slip("kernel-flipped", lambda p: _solved(p, flip(_kernel(p)), best=False)),
            slip(
                "weights-ignored", lambda p: {"output": responses(p.input, ((1,) * len(p.pattern),) * len(p.pattern))}
            ),
            Slip(
                "dark-weights-ignored",
                "The negative weights were left out.",
                "What does a bright pixel at a dark place of the pattern do to the response?",
                lambda p: {"output": responses(p.input, _kernel(p, 0))},
            ),
            Slip(
                "all-weights-added",
                "All weights were added, those at dark pixels too.",
                "Which weights meet a bright pixel when the window shows the pattern?",
                lambda p: {"best": sum(map(sum, _kernel(p)))},
            ),
            Slip(
                "place-exchanged",
                "Row and column were exchanged.",
                "A place names its row first.",
                lambda p: {"place": _place(p, _kernel(p))[::-1]},
            ),
            Slip(
                "place-of-the-centre",
                "The place was read in the image, not in the output.",
                "The output has fewer rows and columns than the image. Where in it does the large value stand?",
                lambda p: {"place": tuple(each + len(p.pattern) // 2 for each in _place(p, _kernel(p)))},
            ),
        )

    def draw(self, rng: Stream, level: str) -> Detector:
        side, height, width = rng.choice(GEOMETRIES[level])
        pattern = _pixels(rng, side, side)
        pixels = [list(row) for row in _pixels(rng, height, width)]
        top, left = rng.randint(0, height - side), rng.randint(0, width - side)
        for r, row in enumerate(pattern):
            pixels[top + r][left : left + side] = row
        bright, dark = rng.randint(2, 9), rng.randint(2, 6)
        best = bright * sum(map(sum, pattern))
        # A window that differs in one pixel loses at least the smaller weight; below the best response the threshold
        # does not tell it.
        threshold = best - rng.randint(1, min(bright, dark) - 1)
        return Detector(pattern, tuple(map(tuple, pixels)), bright, dark, max(1, threshold))

    def solve(self, p: Detector) -> Solved:
        side = len(p.pattern)
        if any(len(row) != side for row in p.pattern):
            raise DoesNotFitError("pattern is a square")
        if {entry for row in (*p.pattern, *p.input) for entry in row} - {0, 1}:
            raise DoesNotFitError("pattern and input have entries 0 and 1")
        return _solved(p, _kernel(p))

    def work(self, p: Detector) -> int:
        return products(p.input, p.pattern)

    def fair(self, p: Detector, solved: Solved, level: str) -> bool:
        """The pattern has bright and dark pixels, is not its own mirror image, and is not found at the first place."""
        bright = sum(map(sum, p.pattern))
        return (
            2 <= bright < len(p.pattern) ** 2
            and p.pattern != flip(p.pattern)
            and solved["place"] != (1, 1)
            and lively(solved["output"], level)
        )

    def pose(self, p: Detector, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        kernel = _kernel(p)
        row, column = solved["place"]
        best, t = solved["best"], p.threshold
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "A filter finds the pattern {p} of bright (1) and dark (0) pixels. It has the weight {b} where the "
                    "pattern is bright and {d} where it is dark, and slides over the image {x} with stride 1 and no "
                    "padding:", p=symbol("P"), b=p.bright, d=-p.dark, x=symbol("X"),
                ),
                Display(equation(symbol("P"), matrix(p.pattern))),
                Display(equation(symbol("k"), matrix(kernel))),
                Display(equation(symbol("X"), matrix(p.input))),
            ),
            conventions=(says.CROSS_CORRELATION, says.NO_BIAS, says.INDEX_FROM_ONE),
            given=patch_data(p.input, kernel, threshold=t),
            parts=(
                Part(
                    "best", "output_entry", Kind.INTEGER,
                    prose("What is the response to a window that shows exactly the pattern?"), "best", index=(0, 0),
                    given={"input": [list(each) for each in p.pattern]},
                ),
                Part("output", "output", Kind.MATRIX, prose("Compute the output {y}.", y=symbol("Y")), "output"),
                Part(
                    "place", "detected_place", Kind.VECTOR,
                    prose(
                        "The pattern counts as found where the response is at least {t}. In which row and column of "
                        "{y} is it found? Give row and column, such as 2, 3.", t=t, y=symbol("Y"),
                    ),
                    "place", builds_on=("output",),
                ),
            ),
            steps=(
                Step("best", best, (
                    prose(
                        "Each of the {n} bright pixels meets a weight of {b}, and each dark pixel is 0: the response "
                        "is {n} times {b}, and no other window has a larger one.",
                        n=sum(map(sum, p.pattern)), b=p.bright,
                    ),
                )),
                Step("output", solved["output"], response_tables(p.input, kernel)),
                Step("place", solved["place"], (
                    prose(
                        "Only the response {v} in row {r}, column {c} is at least {t}.",
                        v=solved["output"][row - 1][column - 1], r=row, c=column, t=t,
                    ),
                )),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _pixels(rng: Stream, height: int, width: int) -> Matrix:
    return tuple(tuple([rng.randint(0, 1) for _ in range(width)]) for _ in range(height))


def _kernel(p: Detector, dark: int | None = None) -> Matrix:
    taken = p.dark if dark is None else dark
    return tuple(tuple(p.bright if pixel else -taken for pixel in row) for row in p.pattern)


def _place(p: Detector, kernel: Matrix) -> Vector:
    """Row and column, from 1, of the only response that reaches the threshold.

    Raises:
        DoesNotFitError: there is none, or there are several.
    """
    found = [
        (r, c)
        for r, row in enumerate(responses(p.input, kernel), 1)
        for c, value in enumerate(row, 1)
        if value >= p.threshold
    ]
    if len(found) != 1:
        raise DoesNotFitError("the threshold is reached at one place only")
    return found[0]


def _solved(p: Detector, kernel: Matrix, *, best: bool = True) -> dict[str, Any]:
    solved: dict[str, Any] = {"output": responses(p.input, kernel)}
    if best:
        ((solved["best"],),) = responses(p.pattern, kernel)
        solved["place"] = _place(p, kernel)
    return solved
