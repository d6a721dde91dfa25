"""F24 in symbols: a large kernel against several small ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Problem, Step
from cnnex.model.prose import Display, prose
from cnnex.model.value import Kind, Name, Size, Value
from cnnex.notation.formula import Formula, equation, symbol
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics._layers import tell_apart
from cnnex.topics.parameters._layer import asked, slip
from cnnex.topics.parameters._records import conv_record


@dataclass(frozen=True, slots=True)
class Stack:
    """One layer with a large kernel, and layers with small ones, all with the same channels in and out.

    Attributes:
        single: the side of the large kernel.
        kernel_size: the side of the small ones.
        layers: how many layers have small kernels.
        channels: the name of their number.
        bias: whether each filter has a bias.
    """

    single: Size
    kernel_size: Size
    layers: Annotated[int, Meta(ge=2, le=64)]
    channels: Name
    bias: bool


class StackedKernels(Family[Stack]):
    """F24: the weights of a large kernel against those of stacked small ones, in symbols."""

    id = "F24-stacked-kernels"
    title = "One large kernel or several small ones"
    params = Stack
    kinds = (Kind.EXPRESSION,)
    visible: ClassVar = {
        "easy": ("channels-counted-once", "side-counted-once", "one-layer-counted"),
        "medium": ("channels-counted-once", "side-counted-once", "one-layer-counted", "layers-multiplied"),
        "hard": ("channels-counted-once", "one-layer-counted", "bias-forgotten", "one-bias-in-all"),
    }

    def __init__(self) -> None:
        self.slips = (
            Slip(
                "channels-counted-once",
                "Either input channels or filters were left out.",
                "How many planes does one kernel have, and how many kernels does a layer have?",
                lambda p: self._both(p, lambda side: _one(p, side, in_channels=1)),
            ),
            slip("side-counted-once", lambda p: self._both(p, lambda side: _one(p, side, axes=1))),
            Slip(
                "one-layer-counted",
                "Only one of the stacked layers was counted.",
                "Do the layers of the stack share their weights?",
                lambda p: {"stack": _one(p, p.kernel_size)},
            ),
            Slip(
                "layers-multiplied",
                "The kernels' sides were multiplied by the number of layers.",
                "How do the weights of several layers add up?",
                lambda p: {"stack": _one(p, p.layers * p.kernel_size)},
            ),
            slip("bias-forgotten", lambda p: self._both(p, lambda side: _one(p, side, bias=False))),
            slip("one-bias-in-all", lambda p: {
                "single": _one(p, p.single, bias=False) + 1,
                "stack": p.layers * (_one(p, p.kernel_size, bias=False) + 1),
            } if p.bias else {}),
        )  # fmt: skip

    def _both(self, p: Stack, layer: Any) -> dict[str, Value]:
        return {"single": layer(p.single), "stack": _times_layers(p.layers, layer(p.kernel_size))}

    def draw(self, rng: Stream, level: str) -> Stack:
        kernel_size = rng.choice({"easy": (2, 3), "medium": (3, 5), "hard": (3, 5, 7)}[level])
        layers = rng.randint(2, 7)
        name = rng.choice("CDMNF")
        return Stack(layers * (kernel_size - 1) + 1, kernel_size, layers, name, level == "hard")

    def solve(self, p: Stack) -> Solved:
        tell_apart(p.channels)
        return self._both(p, lambda side: _one(p, side))

    def work(self, p: Stack) -> int:
        return 6

    def fair(self, p: Stack, solved: Solved, level: str) -> bool:
        return p.single != p.kernel_size

    def pose(self, p: Stack, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        c = symbol(p.channels)
        count = "parameter_count_formula" if p.bias else "weight_count_formula"
        noun = "parameters" if p.bias else "weights"

        def records(side: int, layers: int) -> dict[str, Any]:
            return {"layers": [conv_record(p.channels, p.channels, [side, side], bias=p.bias)] * layers}

        same = p.single == p.layers * (p.kernel_size - 1) + 1
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "Compare two ways to let a network look at a larger part of its input: one convolution layer with "
                    "{big} × {big} kernels, or {n} with {small} × {small} kernels, one after the other. All layers "
                    "have {c} input channels, {c} filters and stride 1.",
                    big=p.single, n=p.layers, small=p.kernel_size, c=c,
                ),
            ),
            conventions=(says.BIAS_PER_FILTER if p.bias else says.ONLY_WEIGHTS,),
            given=records(p.single, 1),
            parts=tuple(
                asked(
                    name, count, Kind.EXPRESSION,
                    prose(words, noun=noun, c=c), symbols=(p.channels,), domain="integers", given=given,
                )
                for name, words, given in (
                    ("single", "How many {noun} does the one layer have? Give a formula in {c}.", {}),
                    (
                        "stack", "How many {noun} do the smaller layers have together? Give a formula in {c}.",
                        records(p.kernel_size, p.layers),
                    ),
                )
            ),
            steps=(
                Step("single", solved["single"], (
                    prose("{c} filters, each with a plane for each of the {c} channels:", c=c),
                    Display(equation(_unevaluated(p, p.single), solved["single"])),
                )),
                Step("stack", solved["stack"], (
                    prose("For one of the {n} layers:", n=p.layers),
                    Display(equation(_unevaluated(p, p.kernel_size), _one(p, p.kernel_size))),
                    prose("For all of them:"),
                    Display(equation(Formula("mul", p.layers, _one(p, p.kernel_size)), solved["stack"])),
                    prose(
                        "Check: by {n} layers of {k} × {k} one output sees {r} inputs along an axis, {which}.",
                        n=p.layers, k=p.kernel_size, r=p.layers * (p.kernel_size - 1) + 1,
                        which="as many as through the one large kernel" if same else prose(
                            "while the one large kernel sees {big}", big=p.single
                        ),
                    ),
                )),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _one(p: Stack, side: int, *, axes: int = 2, in_channels: int | None = None, bias: bool = True) -> Formula:
    """The parameters of one layer: `9 C^2`, with biases `9 C^2 + C`."""
    c = symbol(p.channels)
    weights: Formula = side**axes * (c if in_channels else c**2)
    return weights + c if p.bias and bias else weights


def _times_layers(layers: int, each: Formula) -> Formula:
    """So many layers, the number multiplied out: `27 C^2 + 3 C`."""
    if each.op == "add":
        return Formula("add", *(_times_layers(layers, term) for term in each.args))
    if each.op == "mul":
        return Formula("mul", layers * each.args[0], *each.args[1:])
    return layers * each


def _unevaluated(p: Stack, side: int) -> Formula:
    c = symbol(p.channels)
    each = Formula("mul", side, side, c)
    return Formula("mul", each + 1, c) if p.bias else each * c
