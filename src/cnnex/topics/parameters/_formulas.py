"""F24 and F26 in symbols: parameters and operations of a layer, and of stacked layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from cnnex.maths.counting import batch_norm_parameters, conv_macs, conv_parameters, conv_weights, product
from cnnex.maths.geometry import DoesNotFitError
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Problem, Step
from cnnex.model.prose import Block, Display, prose
from cnnex.model.value import Kind, Name, Size, Value
from cnnex.notation.formula import Formula, equation, symbol
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics._layers import tell_apart
from cnnex.topics.parameters._layer import asked, slip
from cnnex.topics.parameters._records import batch_norm_record, conv_record

SizeName = Annotated[str, Meta(pattern="^[A-OQ-Za-oq-z]+(_[A-Za-z0-9]+)?$")]
"""A name of a size that is at least 1: without p and P, which stand for paddings."""
Names = Annotated[tuple[SizeName, ...], Meta(min_length=1, max_length=2)]
"""One name for a square, two for height and width."""


@dataclass(frozen=True, slots=True)
class Symbols:
    """The names of a layer's sizes.

    Attributes:
        kernel: its side, or height and width.
        size: side or height and width of the output, or of the input where `of_input` says so.
        channels: of a batch normalization.
        of_input: the stride is then 1, and there is no padding.
    """

    kernel: Names
    in_channels: SizeName
    out_channels: SizeName
    size: Names
    of_input: bool
    channels: SizeName

    @property
    def sides(self) -> tuple[Formula, ...]:
        """The sides of the kernel; a square as a power."""
        return _sides(self.kernel)

    @property
    def output(self) -> tuple[Formula, ...]:
        """The sides of the output."""
        if not self.of_input:
            return _sides(self.size)
        # Stride 1, no padding: the size formula as one writes it.
        outputs = tuple(symbol(n) - symbol(k) + 1 for n, k in zip(self.size, self.kernel, strict=True))
        return (outputs[0] ** 2,) if len(outputs) == 1 else outputs


class CountFormulas(Family[Symbols]):
    """F24 and F26: parameters of a convolution and of batch normalization, and multiply-adds, in symbols."""

    id = "F24-count-formulas"
    title = "Parameters and operations in general"
    params = Symbols
    kinds = (Kind.EXPRESSION,)
    visible: ClassVar = {
        "easy": ("bias-forgotten", "one-bias-in-all", "depth-forgotten", "positions-forgotten"),
        "medium": ("bias-forgotten", "one-bias-in-all", "depth-forgotten", "positions-forgotten"),
        "hard": ("bias-forgotten", "bias-per-plane", "depth-forgotten", "input-size-used"),
    }

    def __init__(self) -> None:
        self.slips = (
            slip("bias-forgotten", lambda p: {"parameters": conv_weights(*_channels(p), p.sides)}),
            slip("one-bias-in-all", lambda p: {"parameters": conv_weights(*_channels(p), p.sides) + 1}),
            slip("bias-per-plane", lambda p: {"parameters": (product(p.sides) + 1) * product(_channels(p))}),
            slip("depth-forgotten", lambda p: {
                "parameters": (product(p.sides) + 1) * symbol(p.out_channels),
                "macs": product((*p.output, symbol(p.out_channels), *p.sides)),
            }),
            Slip(
                "running-statistics-counted",
                "The running mean and the running variance were counted as parameters.",
                "Which numbers of the layer does training learn?",
                lambda p: {"batch_norm": 2 * batch_norm_parameters(symbol(p.channels))},
            ),
            Slip(
                "shift-forgotten",
                "Only one learned number was counted for each channel.",
                "After it is normalized, what does the layer do with a channel?",
                lambda p: {"batch_norm": symbol(p.channels)},
            ),
            slip("positions-forgotten", lambda p: {"macs": conv_weights(*_channels(p), p.sides)}),
            slip("input-size-used", lambda p: {
                "macs": conv_macs(symbol(p.in_channels), (*_sides(p.size), symbol(p.out_channels)), p.sides),
            } if p.of_input else {}),
            slip("operations-mixed-up", lambda p: {"macs": 2 * _macs(p)}),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> Symbols:
        kernel, channels = rng.choice("kKfRr"), rng.choice("CDF")
        in_channels, out_channels = f"{channels}_in", f"{channels}_out"
        if level == "easy":
            return Symbols((kernel,), in_channels, out_channels, (rng.choice("MNSLT"),), False, channels)
        kernels = (f"{kernel}_h", f"{kernel}_w") if rng.choice((True, False)) else (f"{kernel}_1", f"{kernel}_2")
        sizes = ("H", "W") if rng.choice((True, False)) else ("M", "N")
        if level == "medium":
            sizes = (f"{sizes[0]}_out", f"{sizes[1]}_out")
        return Symbols(kernels, in_channels, out_channels, sizes, level == "hard", channels)

    def solve(self, p: Symbols) -> Solved:
        tell_apart(p.kernel, (p.in_channels, p.out_channels), p.size)
        tell_apart(p.kernel, p.size, (p.channels,))
        if p.of_input and len(p.kernel) != len(p.size):
            raise DoesNotFitError("kernel and input have as many names for their sides")
        return {
            "parameters": conv_parameters(*_channels(p), p.sides),
            "batch_norm": batch_norm_parameters(symbol(p.channels)),
            "macs": _macs(p),
        }

    def work(self, p: Symbols) -> int:
        return 12

    def pose(self, p: Symbols, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        c, f = _channels(p)
        in_out = (p.in_channels, p.out_channels)
        names = (*p.kernel, *in_out)
        record = conv_record(p.in_channels, p.out_channels, _pair(p.kernel), bias=True)
        if p.of_input:
            field, channels = "input_shape", p.in_channels
            where = "Its stride is 1, and there is no padding. Each channel of the input has {n} entries."
        else:
            field, channels = "output_shape", p.out_channels
            where = "Each channel of the output has {n} entries."
        return Problem(
            title=self.title,
            statement=(
                prose(
                    f"A convolution layer has {{c}} input channels and {{f}} filters of kernel size {{k}}. {where}",
                    c=c, f=f, k=_times(p.kernel), n=_times(p.size),
                ),
            ),
            conventions=(says.BIAS_PER_FILTER, says.LEARNED_ONLY, says.MULTIPLY_ADD),
            given={field: [channels, *_pair(p.size)], "layers": [record]},
            parts=(
                asked(
                    "parameters", "parameter_count_formula", Kind.EXPRESSION,
                    "Give the number of its parameters as a formula.", symbols=names, domain="integers",
                ),
                asked(
                    "batch_norm", "parameter_count_formula", Kind.EXPRESSION,
                    prose(
                        "Give the number of parameters that a batch normalization of {n} channels learns.",
                        n=symbol(p.channels),
                    ),
                    symbols=(p.channels,), domain="integers",
                    given={field: [p.channels, *_pair(p.size)], "layers": [batch_norm_record(p.channels)]},
                ),
                asked(
                    "macs", "macs_formula", Kind.EXPRESSION,
                    "Give the number of MACs of the convolution layer as a formula, for one input.",
                    symbols=(*names, *p.size), domain="integers",
                ),
            ),
            steps=(
                Step("parameters", solved["parameters"], (
                    prose("A filter has a plane of weights for each of the {c} input channels, and one bias:", c=c),
                    Display(product((*p.sides, c)) + 1),
                    prose("There are {f} filters:", f=f),
                    Display(solved["parameters"]),
                )),
                Step("batch_norm", solved["batch_norm"], (
                    prose(
                        "Each channel has a learned scale and a learned shift. Running mean and running variance are "
                        "computed from the data, not learned."
                    ),
                )),
                Step("macs", solved["macs"], _macs_blocks(p, solved["macs"])),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _macs(p: Symbols) -> Formula:
    c, f = _channels(p)
    macs: Formula = product((*p.output, f, *p.sides, c))
    return macs


def _macs_blocks(p: Symbols, macs: Formula) -> tuple[Block, ...]:
    c, f = _channels(p)
    each = product((*p.sides, c))
    outputs = product((*p.output, f))
    return (
        prose("One output value takes a multiply-add for each weight of its kernel: {each}.", each=each),
        prose("The output has so many values:"),
        Display(outputs),
        prose("The product of both is the number of MACs:"),
        Display(macs),
    )


def _sides(names: tuple[str, ...]) -> tuple[Formula, ...]:
    return (symbol(names[0]) ** 2,) if len(names) == 1 else tuple(map(symbol, names))


def _pair(names: tuple[str, ...]) -> list[str]:
    return [names[0], names[-1]]


def _times(names: tuple[str, ...]) -> Any:
    return prose("{a} × {b}", a=symbol(names[0]), b=symbol(names[-1]))


def _channels(p: Symbols) -> tuple[Formula, Formula]:
    return symbol(p.in_channels), symbol(p.out_channels)


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
