"""What F25 shares: how many weights a layer has with sharing, without, and when all inputs meet all outputs."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from cnnex.maths.counting import (
    conv_weights,
    effective_unshared_weights,
    inputs_met,
    linear_parameters,
    product,
    unshared_weights,
)  # fmt: skip
from cnnex.model import conventions as says
from cnnex.model.follow import FollowThrough, entries_of
from cnnex.model.problem import Part, Step
from cnnex.model.prose import Block, Display, Prose, prose
from cnnex.model.value import Kind, Value
from cnnex.notation.formula import Formula, Term, equation, total
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics._layers import Geometry
from cnnex.topics.parameters._layer import asked, counted, slip

P = TypeVar("P")


class View(NamedTuple):
    """A layer with the same geometry along each of its axes."""

    in_channels: int
    out_channels: int
    geometry: Geometry
    axes: int

    @property
    def met(self) -> list[int]:
        """For each window along an axis the inputs under it."""
        return inputs_met(*self.geometry[:4])

    @property
    def kernel(self) -> tuple[int, ...]:
        """The kernel's sides."""
        return (self.geometry.kernel_size,) * self.axes


class Sharing(Family[P]):
    """What the families in one dimension and two share."""

    kinds = (Kind.SHAPE, Kind.INTEGER, Kind.RATIONAL)

    def __init__(self) -> None:
        def changed(name: str, solve: Callable[[Solved], dict[str, Value]]) -> Slip[P]:
            return slip(name, lambda p: solve(self.solve(p)))

        self.slips = (
            changed("sharing-ignored", lambda right: {"shared": right["unshared"]}),
            changed("weights-shared", lambda right: {"unshared": right["shared"], "effective": right["shared"]}),
            Slip(
                "zeros-counted",
                "Each output was given a weight for every input, also for those outside its window.",
                "How many inputs does one output look at?",
                lambda p: {"unshared": self.solve(p)["dense"]},
            ),
            Slip(
                "padding-weights-counted",
                "Weights that only meet padding were counted, too.",
                "Which weights of the first window and of the last multiply a zero that was added?",
                lambda p: {"effective": self.solve(p)["unshared"]},
            ),
            Slip(
                "border-windows-left-out",
                "Windows that touch the padding were left out altogether.",
                "Does a window that hangs over the edge still meet some inputs?",
                lambda p: {"effective": _effective(self.view(p), partly=False)},
            ),
        )

    @abstractmethod
    def view(self, p: P) -> View:
        """The layer's sizes."""

    def solve(self, p: P) -> Solved:
        return solved_of(self.view(p))

    def work(self, p: P) -> int:
        return 12

    def counting(self, p: P, solved: Solved, size: tuple[Part, ...], before: tuple[Step, ...]) -> dict[str, Any]:
        """Parts and steps: what the layer's kind asks first, then the counts."""
        view = self.view(p)
        geometry, c, f = view.geometry, view.in_channels, view.out_channels
        kernel = view.kernel if view.axes == 1 else (*view.kernel, c, f)
        effective_part = asked(
            "effective", "effective_unshared_weight_count", Kind.INTEGER,
            "Without sharing, some weights would only meet padding. How many would multiply an entry of the input?",
            ["unshared"],
        )  # fmt: skip
        effective_step = Step("effective", solved["effective"], _effective_blocks(view, solved["effective"]))
        positions = (len(view.met),) * view.axes
        only = "only the kernels count" if f > 1 else "only the kernel counts"
        return {
            "parts": (
                *size,
                asked("shared", "weight_count", Kind.INTEGER, "How many weights does the convolution layer have?"),
                asked(
                    "unshared", "unshared_weight_count", Kind.INTEGER,
                    prose(
                        "Suppose that weights were not shared: at each place the kernel{s} had weights of {own} own, "
                        "as many as before. How many weights would the layer have?",
                        s="s" if f > 1 else "", own="their" if f > 1 else "its",
                    ), follows=FollowThrough.by(
                        lambda shared, *places: product((shared, *places)),
                        "shared", *(["output_size"] if view.axes == 1 else entries_of("output_shape", 3)[1:]),
                    ),
                ),
                *[effective_part] * (geometry.padding > 0),
                asked(
                    "dense", "dense_weight_count", Kind.INTEGER,
                    "A fully connected layer takes all entries of the input and gives as many outputs as this layer. "
                    "How many weights does it have?", [each.name for each in size], follows=FollowThrough.by(
                        lambda outputs: solved["input_count"] * outputs, size[-1].name
                    ),
                ),
                asked(
                    "ratio", "dense_weight_ratio", Kind.RATIONAL,
                    "How many times as many weights does that fully connected layer have as the convolution layer?",
                    follows=FollowThrough.by(lambda dense, shared: dense / shared, "dense", "shared"),
                ),
            ),
            "steps": (
                *before,
                Step("shared", solved["shared"], (
                    prose(
                        "With sharing, the same weights serve all places, so {only}{end}",
                        only=only, end=":" if len(kernel) > 1 else ".",
                    ),
                    *multiplied(kernel, solved["shared"]),
                )),
                Step("unshared", solved["unshared"], (
                    prose(
                        "Without sharing, each of the {n} places has {k} weights of its own:",
                        n=_times(positions), k=solved["shared"],
                    ),
                    *multiplied((*positions, solved["shared"]), solved["unshared"]),
                )),
                *[effective_step] * (geometry.padding > 0),
                Step("dense", solved["dense"], (
                    prose("Each output has a weight for each input:"),
                    *multiplied((solved["input_count"], solved["output_count"]), solved["dense"]),
                )),
                Step("ratio", solved["ratio"], (
                    *_quotient(solved["dense"], solved["shared"]),
                    prose(
                        "Two savings make this ratio: sharing, and windows that see only {k} of the {n} inputs.",
                        k=solved["shared"] // f, n=solved["input_count"],
                    ),
                )),
            ),
        }  # fmt: skip


def solved_of(view: View) -> Solved:
    """The value of each step."""
    return {**counts(view, len(view.met)), "shared": _shared(view), "effective": _effective(view)}


def _shared(view: View) -> int:
    return int(conv_weights(view.in_channels, view.out_channels, view.kernel))


def counts(view: View, side: int) -> dict[str, Value]:
    """What depends on the number of places along an axis."""
    c, f, axes = view.in_channels, view.out_channels, view.axes
    inputs, outputs = c * view.geometry.size**axes, f * side**axes
    dense = linear_parameters(inputs, outputs, bias=False)
    output_shape = (f, *(side,) * axes)
    return {
        **({"output_size": side} if axes == 1 else {"output_shape": output_shape}),
        "input_count": inputs,
        "output_count": outputs,
        "unshared": unshared_weights(c, output_shape, view.kernel),
        "dense": dense,
        "ratio": Fraction(dense, _shared(view)),
    }


def _effective(view: View, *, partly: bool = True) -> int:
    met = [each for each in view.met if partly or each == view.geometry.kernel_size]
    return effective_unshared_weights(view.in_channels, view.out_channels, [met] * view.axes)


def _effective_blocks(view: View, value: int) -> tuple[Block, ...]:
    k, met = view.geometry.kernel_size, view.met
    whole = met.count(k)
    terms: list[Term] = [*[Formula("mul", whole, k)] * (whole > 0), *[each for each in met if each < k]]
    along = prose(
        "Along an axis {whole} of the {n} windows lie on the input entirely; those that hang over the edge meet only a "
        "part of it:",
        whole=whole, n=len(met),
    )  # fmt: skip
    line = Display(equation(total(terms), sum(met)) if terms[1:] or whole else terms[0])
    if view.axes == 1:
        return (along, line)
    factors = (*[sum(met)] * view.axes, view.in_channels, view.out_channels)
    return (
        along,
        line,
        prose("A weight meets an input where it does so along both axes; then for all channels and filters:"),
        *multiplied(factors, value),
    )


def _quotient(dense: int, shared: int) -> tuple[Display, ...]:
    """The ratio, where it can be reduced."""
    ratio = Fraction(dense, shared)
    return () if ratio.denominator == shared else (Display(equation(Formula("div", dense, shared), ratio)),)


def conventions(padding: int) -> tuple[says.Convention, ...]:
    """What the counts assume."""
    return (says.ONLY_WEIGHTS, says.EXACT, says.ROUND_DOWN, *[says.ZERO_PADDING] * (padding > 0))


def _times(sizes: tuple[int, ...]) -> Prose:
    return prose("{product}", product=Formula("mul", *sizes) if len(sizes) > 1 else sizes[0])


def multiplied(factors: tuple[int, ...], value: int) -> tuple[Display, ...]:
    """A product in numbers, where there is one."""
    return (counted(*factors, value=value),) if len(factors) > 1 else ()
