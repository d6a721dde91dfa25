"""F24 and F26 in symbols: parameters and operations of a layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from cnnex.maths.counting import batch_norm_parameters, conv_macs, conv_parameters, conv_weights, product
from cnnex.maths.geometry import DoesNotFitError
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Problem, Step
from cnnex.model.prose import Block, Display, prose
from cnnex.model.value import Kind
from cnnex.notation.formula import Formula, symbol
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Solved
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
            slip("positions-forgotten", lambda p: {"macs": conv_weights(*_channels(p), p.sides)}),
            slip("input-size-used", lambda p: {
                "macs": conv_macs(symbol(p.in_channels), (*_sides(p.size), symbol(p.out_channels)), p.sides),
            } if p.of_input else {}),
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
        letters = tuple(dict.fromkeys((*p.kernel, p.in_channels, p.out_channels, *p.size, p.channels)))
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
                    "Give the number of its parameters as a formula.", symbols=letters, domain="integers",
                ),
                asked(
                    "batch_norm", "parameter_count_formula", Kind.EXPRESSION,
                    prose(
                        "Give the number of parameters that a batch normalization of {n} channels learns.",
                        n=symbol(p.channels),
                    ),
                    symbols=letters, domain="integers",
                    given={field: [p.channels, *_pair(p.size)], "layers": [batch_norm_record(p.channels)]},
                ),
                asked(
                    "macs", "macs_formula", Kind.EXPRESSION,
                    "Give the number of MACs of the convolution layer as a formula, for one input.",
                    symbols=letters, domain="integers",
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
