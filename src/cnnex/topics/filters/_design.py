"""F40: weights that a filter needs to do what it should."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from cnnex.maths.correlation import transpose
from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.pooling import share
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, Prose, prose
from cnnex.model.value import Kind, Matrix, to_json
from cnnex.notation.formula import equation, matrix, symbol, symbols
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics.filters._patch import patch_data, responses, two_parts

SIDES = {"easy": (1, 2, 3, 4, 5, 6), "medium": (1, 2, 3, 4, 5, 6), "hard": (-4, -3, -2, -1, 1, 2, 3, 4)}


@dataclass(frozen=True, slots=True)
class Design:
    """Two filters with a weight to find.

    Attributes:
        keep: whether the first filter keeps areas of one colour or turns them to 0.
        side: its weights beside the centre.
        corner: its weights at the corners.
        middle: the weight of the second filter's middle row, where the other rows have 1.
        vertical: whether the second filter finds vertical or horizontal edges.
        dark: the value before the edge.
        bright: the value after it.
        response: what the second filter is to give on the edge.
    """

    keep: bool
    side: int
    corner: int
    middle: int
    vertical: bool
    dark: int
    bright: int
    response: int


class FilterDesign(Family[Design]):
    """F40: the centre of a filter by its sum, and the scale of an edge filter by its response."""

    id = "F40-filter-design"
    title = "Weights for a filter"
    params = Design
    kinds = (Kind.INTEGER, Kind.RATIONAL)
    visible: ClassVar = {
        "easy": ("sums-confused", "middle-row-only", "dark-side-ignored"),
        "medium": ("sums-confused", "corners-forgotten", "middle-row-only", "dark-side-ignored"),
        "hard": ("sums-confused", "corners-forgotten", "middle-row-only", "dark-side-ignored"),
    }

    def __init__(self) -> None:
        self.slips = (
            Slip(
                "sums-confused",
                "The sum that keeps an area of one colour and the sum that erases it were exchanged.",
                "Apply the filter to an image in which all entries are the same. What has to come out?",
                lambda p: {"centre": _centre(p, not p.keep, p.corner)},
            ),
            Slip(
                "corners-forgotten",
                "The weights at the corners were left out of the sum.",
                "How many weights does the filter have?",
                lambda p: {"centre": _centre(p, p.keep, 0)},
            ),
            Slip(
                "sign-of-centre",
                "The centre was given the sign of its neighbours.",
                "The neighbours add up to something already. What has to be added to it?",
                lambda p: {"centre": -_centre(p, p.keep, p.corner)},
            ),
            Slip(
                "middle-row-only",
                "Only the middle one of the three lines of weights was counted.",
                "All lines of the filter lie on the edge. What does each of them add?",
                lambda p: {"scale": share(p.response, p.middle * (p.bright - p.dark))},
            ),
            Slip(
                "dark-side-ignored",
                "Only the bright side of the edge was counted.",
                "What do the negative weights meet?",
                lambda p: {"scale": share(p.response, (2 + p.middle) * p.bright)},
            ),
            Slip(
                "scale-inverted",
                "The response without the factor was divided by the wanted one.",
                "By what must the response without the factor be multiplied?",
                lambda p: {"scale": Fraction((2 + p.middle) * (p.bright - p.dark), p.response)},
            ),
        )

    def draw(self, rng: Stream, level: str) -> Design:
        side = rng.choice(SIDES[level])
        corner = 0 if level == "easy" else rng.choice(SIDES[level])
        dark = rng.randint(1, 5)
        bright = dark + rng.randint(1, 6)
        middle = rng.randint(1, 4)
        whole = (2 + middle) * (bright - dark)
        halves = 2 * rng.randint(2, 9) if level == "easy" else rng.randint(1, 12)
        response = whole * (halves + whole * halves % 2) // 2  # odd halves of an odd number are no whole response
        return Design(rng.randint(0, 1) == 1, -side, -corner, middle, rng.randint(0, 1) == 1, dark, bright, response)

    def solve(self, p: Design) -> Solved:
        if p.dark == p.bright or not p.response or not p.side or p.middle < 1:
            raise DoesNotFitError("there is an edge and a response, side is not 0 and middle is at least 1")
        ((once,),) = responses(_edge(p), _edge_filter(p, 1))
        if not once:
            raise DoesNotFitError("the edge gives no response")
        return {"centre": _centre(p, p.keep, p.corner), "scale": share(p.response, once), "once": once}

    def work(self, p: Design) -> int:
        return 15

    def fair(self, p: Design, solved: Solved, level: str) -> bool:
        """A whole factor on the easy level, halves too on the others."""
        scale = Fraction(solved["scale"])
        return scale != 1 and scale.denominator <= (1 if level == "easy" else 2)

    def pose(self, p: Design, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        c, a = symbols("c a")
        return Problem(
            title=self.title,
            statement=(
                prose("In each of two 3 × 3 filters a number is missing: in the first one the centre {c}, in the "
                      "second one the factor {a}. The patch {x} shows an edge.", c=c, a=a, x=symbol("X")),
                Display(equation(symbol("k_1"), matrix(_centred(p, c)))),
                Display(equation(symbol("k_2"), matrix(_edge_filter(p, a)))),
                Display(equation(symbol("X"), matrix(_edge(p)))),
            ),
            conventions=(says.CROSS_CORRELATION, says.NO_BIAS, says.EXACT),
            given=patch_data(_edge(p), ((0,) * 3,) * 3),
            parts=(
                Part(
                    "centre", "wanted_weight", Kind.INTEGER, _centre_prompt(p), "centre",
                    given={"input": [[1] * 3] * 3, "weight": to_json(_centred(p, c)), "output": [[int(p.keep)]]},
                ),
                Part(
                    "scale", "wanted_weight", Kind.RATIONAL,
                    prose("The second filter is to respond with {r} to the patch {x}. What is {a}?",
                          r=p.response, x=symbol("X"), a=a),
                    "scale",
                    given={"weight": to_json(_edge_filter(p, a)), "output": [[p.response]]},
                ),
            ),
            steps=(
                Step("centre", solved["centre"], _centre_blocks(p)),
                Step("scale", solved["scale"], _scale_blocks(p, solved["once"], solved["scale"])),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _centre_prompt(p: Design) -> Prose:
    c = symbol("c")
    if p.keep:
        return prose("The first filter is to keep areas of one colour as they are. What is {c}?", c=c)
    return prose("The first filter is to give 0 on areas of one colour. What is {c}?", c=c)


def _centre_blocks(p: Design) -> tuple[Block, ...]:
    c, neighbours, wanted = symbol("c"), 4 * (p.side + p.corner), int(p.keep)
    return (
        prose(
            "On an area of one colour v the response is v times the sum of all weights. So the weights have to sum to "
            "{w}. The eight neighbours sum to {n}:", w=wanted, n=neighbours,
        ),
        Display(equation(neighbours + c, wanted)),
        Display(equation(c, wanted - neighbours)),
    )  # fmt: skip


def _scale_blocks(p: Design, once: int, scale: Any) -> tuple[Block, ...]:
    """The response with factor 1, and what it lacks."""
    a, b, d, m = symbols("a b d m")
    difference = p.bright - p.dark
    lines = ((1 + m + 1) * d).put(m=p.middle, d=difference)
    return (
        prose(
            "With factor 1 each line of the filter adds its weight times the difference {e}. In all this is {o}. The "
            "factor multiplies this:",
            e=equation((b - d).put(b=p.bright, d=p.dark), difference), o=equation(lines, once),
        ),
        Display(equation(a, (b / d).put(b=p.response, d=once), scale)),
        prose("Check: {o} times {a} is {r}.", o=once, a=scale, r=p.response),
    )  # fmt: skip


def _centre(p: Design, keep: bool, corner: int) -> int:
    return int(keep) - 4 * (p.side + corner)


def _centred(p: Design, centre: Any) -> Matrix:
    outer = (p.corner, p.side, p.corner)
    return (outer, (p.side, centre, p.side), outer)


def _edge_filter(p: Design, scale: Any) -> Matrix:
    middle = p.middle * scale if p.middle > 1 else scale
    lines = tuple((-weight, 0, weight) for weight in (scale, middle, scale))
    return lines if p.vertical else transpose(lines)


def _edge(p: Design) -> Matrix:
    patch = two_parts(3, 3, (0, 2), p.dark, p.bright)
    return patch if p.vertical else transpose(patch)
