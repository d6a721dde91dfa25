"""F13: the definition of convolution, to be recognised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from cnnex.maths.geometry import DoesNotFitError
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import prose
from cnnex.model.value import Kind, Name
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics._layers import data, tell_apart
from cnnex.topics.convolution._true import NOT_FLIPPED

Form = Literal["discrete", "continuous", "strided"]
LETTERS = "ABCDE"
RIGHT = "right"
_DISCRETE = {
    RIGHT: ("m", "n - m"),
    "kernel-not-flipped": ("m", "n + m"),
    "difference-reversed": ("m", "m - n"),
    "shift-forgotten": ("m", "-m"),
    "both-shifted": ("n - m", "n - m"),
}
_CONTINUOUS = str.maketrans({"m": "tau", "n": "t"})
TERMS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "discrete": _DISCRETE,
    "continuous": {
        rule: (first.translate(_CONTINUOUS), second.translate(_CONTINUOUS))
        for rule, (first, second) in _DISCRETE.items()
    },
    "strided": {
        RIGHT: ("m", "n*s - m"),
        "kernel-not-flipped": ("m", "n*s + m"),
        "difference-reversed": ("m", "m - n*s"),
        "stride-forgotten": ("m", "n - m"),
        "stride-misplaced": ("m", "n - s*m"),
    },
}
"""By form and rule the arguments of both factors: of the right product and of the usual wrong ones."""
ASKED = {
    "discrete": "The convolution y of two sequences {f} and {g} is a sum over all m.",
    "continuous": "The convolution y of two functions {f} and {g} is an integral over all τ.",
    "strided": "With stride s, y[n] is entry n s of the convolution of two sequences {f} and {g}, a sum over all m.",
}


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition to be recognised.

    Attributes:
        form: `discrete`, `continuous` or `strided`.
        input: the letter of the first sequence or function.
        kernel: the letter of the second, which is flipped.
        order: how the choices stand: numbers from 0 to 4, where 0 is the right one.
    """

    form: Form
    input: Name
    kernel: Name
    order: tuple[Annotated[int, Meta(ge=0, le=4)], ...]


class ConvolutionDefinition(Family[Definition]):
    """F13: which product is summed or integrated."""

    id = "F13-convolution-definition"
    title = "The definition of convolution"
    params = Definition
    kinds = (Kind.CHOICE,)
    visible: ClassVar = {
        "easy": ("kernel-not-flipped", "difference-reversed", "shift-forgotten"),
        "medium": ("kernel-not-flipped", "difference-reversed", "shift-forgotten"),
        "hard": ("kernel-not-flipped", "difference-reversed", "stride-misplaced"),
    }

    def __init__(self) -> None:
        def chosen(rule: str) -> Any:
            return lambda p: {"term": _letter(p, rule)} if rule in TERMS[p.form] else {}

        self.slips = tuple(
            Slip(rule, explanation, hint, chosen(rule))
            for rule, explanation, hint in (
                (*NOT_FLIPPED[:2], "Follow the second index while the first one grows: which way does it run?"),
                (
                    "difference-reversed",
                    "The difference of the indices was taken the other way round, so the kernel is not flipped.",
                    "Which sum do the two indices always have?",
                ),
                (
                    "shift-forgotten",
                    "The kernel was flipped, but not shifted.",
                    "Where does the index of the output come in?",
                ),
                ("both-shifted", "Both factors were flipped and shifted.", "Only one of the two is turned around."),
                (
                    "stride-forgotten",
                    "The stride was left out.",
                    "Which entry of the plain convolution becomes this output?",
                ),
                (
                    "stride-misplaced",
                    "The stride was put to the index of the sum.",
                    "The stride says which outputs are kept. Does it skip terms of a sum?",
                ),
            )
        )

    def draw(self, rng: Stream, level: str) -> Definition:
        form: Form = ("discrete", "continuous", "strided")[("easy", "medium", "hard").index(level)]
        letters = rng.choice((("f", "g"), ("x", "h"), ("x", "k"), ("a", "b"), ("u", "v"), ("f", "h"), ("x", "w")))
        return Definition(form, *letters, tuple(rng.sample(range(5), 5)))

    def solve(self, p: Definition) -> Solved:
        tell_apart(p.input, p.kernel, used="m n s t y")
        if sorted(p.order) != list(range(len(LETTERS))):
            raise DoesNotFitError("the order names each number from 0 to 4 once")
        return {"term": _letter(p, RIGHT)}

    def work(self, p: Definition) -> int:
        return len(LETTERS)

    def pose(self, p: Definition, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        terms = list(TERMS[p.form].values())
        right, continuous = _product(p, terms[0]), p.form == "continuous"
        indices = {"discrete": "n", "continuous": "t", "strided": "n s"}[p.form]
        return Problem(
            title=self.title,
            statement=(prose(ASKED[p.form].format(f=p.input, g=p.kernel)),),
            conventions=(says.TRUE_CONVOLUTION,),
            given=data(
                "convolve1d", ["s" if p.form == "strided" else 1], [0], [1], input_shape=["M"], weight_shape=["N"],
                terms={letter: list(terms[rule]) for letter, rule in zip(LETTERS, p.order, strict=True)},
                over="tau" if continuous else "m", at="t" if continuous else "n",
            ),
            parts=(
                Part(
                    "term", "convolution_term", Kind.CHOICE,
                    prose(f"Which product is {'integrated for y(t)' if continuous else 'summed for y[n]'}?"),
                    "term",
                    choices={letter: _product(p, terms[rule]) for letter, rule in zip(LETTERS, p.order, strict=True)},
                ),
            ),
            steps=(
                Step("term", solved["term"], (
                    prose(
                        f"One factor is turned around and shifted: {right}. Check: what stands in the two brackets "
                        f"always adds up to {indices}."
                    ),
                )),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _product(p: Definition, arguments: tuple[str, str]) -> str:
    """A product as it is printed: `f[m] g[n s − m]`."""
    opening, closing = "()" if p.form == "continuous" else "[]"
    first, second = (each.replace("*", " ").replace("-", "−").replace("tau", "τ") for each in arguments)
    return f"{p.input}{opening}{first}{closing} {p.kernel}{opening}{second}{closing}"


def _letter(p: Definition, rule: str) -> str:
    """The letter of a rule's choice."""
    return LETTERS[p.order.index(list(TERMS[p.form]).index(rule))]
