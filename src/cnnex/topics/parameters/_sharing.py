"""F25: how many weights a layer has with sharing, without, and when all inputs meet all outputs."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, NamedTuple, TypeVar

from cnnex.maths.counting import (
    conv_weights,
    effective_unshared_weights,
    inputs_met,
    linear_parameters,
    unshared_weights,
)  # fmt: skip
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, Prose, prose
from cnnex.model.value import Kind, Padding, Size, Value
from cnnex.notation.formula import Formula, Term, equation, total
from cnnex.seeds import Stream
from cnnex.topics import _sizes
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics._layers import Geometry, data, settings, size_blocks
from cnnex.topics.parameters import _layer
from cnnex.topics.parameters._layer import ConvLayer, asked, counted, layer_data, side_blocks, slip, words

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
            Slip(
                "added-for-multiplied",
                "The numbers of inputs and of outputs were added.",
                "In a dense layer, how many weights lead to one single output?",
                lambda p: {"dense": self.solve(p)["input_count"] + self.solve(p)["output_count"]},
            ),
            _sizes.slip("first-window-forgotten", lambda p: self.late(p)),
        )

    @abstractmethod
    def view(self, p: P) -> View:
        """The layer's sizes."""

    def late(self, p: P) -> dict[str, Value]:
        """The values when the steps between windows are counted in place of the windows."""
        view = self.view(p)
        return _counts(view, len(view.met) - 1)

    def solve(self, p: P) -> Solved:
        return _solved(self.view(p))

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
                    ), ["shared", size[-1].name],
                ),
                *[effective_part] * (geometry.padding > 0),
                asked(
                    "dense", "dense_weight_count", Kind.INTEGER,
                    "A fully connected layer takes all entries of the input and gives as many outputs as this layer. "
                    "How many weights does it have?", [each.name for each in size],
                ),
                asked(
                    "ratio", "dense_weight_ratio", Kind.RATIONAL,
                    "How many times as many weights does that fully connected layer have as the convolution layer?",
                    ["dense", "shared"],
                ),
            ),
            "steps": (
                *before,
                Step("shared", solved["shared"], (
                    prose(
                        "The same weights serve all places, so {only}{end}",
                        only=only, end=":" if len(kernel) > 1 else ".",
                    ),
                    *_product(kernel, solved["shared"]),
                )),
                Step("unshared", solved["unshared"], (
                    prose("At each of {n} places there are {k} weights:", n=_times(positions), k=solved["shared"]),
                    *_product((*positions, solved["shared"]), solved["unshared"]),
                )),
                *[effective_step] * (geometry.padding > 0),
                Step("dense", solved["dense"], (
                    prose("Each output has a weight for each input:"),
                    *_product((solved["input_count"], solved["output_count"]), solved["dense"]),
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


@dataclass(frozen=True, slots=True)
class LineLayer:
    """One kernel that slides along a line."""

    size: Size
    kernel_size: Size
    stride: Size
    padding: Padding


class LineSharing(Sharing[LineLayer]):
    """F25 in one dimension."""

    id = "F25-sharing-1d"
    title = "Weight sharing in one dimension"
    params = LineLayer
    visible: ClassVar = {
        "easy": ("sharing-ignored", "weights-shared", "zeros-counted", "first-window-forgotten"),
        "medium": ("sharing-ignored", "weights-shared", "zeros-counted", "padding-weights-counted"),
        "hard": ("sharing-ignored", "weights-shared", "padding-weights-counted", "border-windows-left-out"),
    }

    def view(self, p: LineLayer) -> View:
        return View(1, 1, Geometry(p.size, p.kernel_size, p.stride, p.padding), 1)

    def draw(self, rng: Stream, level: str) -> LineLayer:
        kernel_size = rng.randint(2, 10) if level == "easy" else rng.randint(3, 12)
        if level == "easy":
            return LineLayer(rng.randint(kernel_size + 3, kernel_size + 11), kernel_size, 1, 0)
        size = rng.randint(kernel_size + 4, 32)
        if level == "medium":
            return LineLayer(size, kernel_size, 1, rng.randint(1, kernel_size // 2))
        return LineLayer(size, kernel_size, rng.randint(2, 3), rng.randint(2, 4))

    def draw_like(self, rng: Stream, level: str, pattern: Mapping[str, Any]) -> LineLayer:
        p = self.draw(rng, level)
        if not pattern.get("padding"):
            return replace(p, padding=0)
        half = p.kernel_size // 2
        if pattern.get("stride") == 1 and 2 * pattern["padding"] + 1 == pattern.get("kernel_size"):
            return replace(p, kernel_size=2 * half + 1, stride=1, padding=half)  # "same" stays "same"
        return replace(p, padding=p.padding or half)

    def fair(self, p: LineLayer, solved: Solved, level: str) -> bool:
        return p.padding < p.kernel_size < p.size and (not p.padding or solved["effective"] < solved["unshared"])

    def pose(self, p: LineLayer, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "A one-dimensional convolution layer slides one kernel of {k} over an input of {n} entries, with "
                    "{settings}.",
                    k=_layer.plural(p.kernel_size, "weight"), n=p.size, settings=settings(p.stride, p.padding),
                ),
            ),
            conventions=_conventions(p.padding),
            given=data("conv1d", [p.stride], [p.padding], [1], input_shape=[p.size], weight_shape=[p.kernel_size]),
            mistakes=mistakes,
            **self.counting(
                p, solved,
                (asked("output_size", "output_size", Kind.INTEGER, "How many entries does the output have?"),),
                (Step("output_size", solved["output_size"], size_blocks(self.view(p).geometry)),),
            ),
        )  # fmt: skip


class PlaneSharing(Sharing[ConvLayer]):
    """F25 for images with channels."""

    id = "F25-sharing-2d"
    title = "Weight sharing on images"
    params = ConvLayer
    visible: ClassVar = {
        "easy": ("sharing-ignored", "weights-shared", "zeros-counted", "channels-left-out"),
        "medium": ("sharing-ignored", "weights-shared", "channels-left-out", "depth-forgotten"),
        "hard": ("sharing-ignored", "weights-shared", "padding-weights-counted", "border-windows-left-out"),
    }

    def __init__(self) -> None:
        super().__init__()
        self.slips = (
            *self.slips,
            slip("depth-forgotten", lambda p: {
                name: _solved(self.view(p)._replace(in_channels=1))[name]
                for name in ("shared", "unshared", "effective")
            }),
            Slip(
                "channels-left-out",
                "The channels were left out when inputs and outputs were counted.",
                "How many entries do all channels have together?",
                lambda p: {
                    "input_count": p.size**2, "output_count": p.side**2, "dense": linear_parameters(
                        p.size**2, p.side**2, bias=False
                    ),
                },
            ),
        )  # fmt: skip

    def view(self, p: ConvLayer) -> View:
        return View(
            p.in_channels, p.out_channels, Geometry(p.size, p.kernel_size, p.stride, p.padding), 2
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> ConvLayer:
        sizes = {"easy": (6, 10), "medium": (9, 20), "hard": (12, 32)}
        size, kernel_size, stride, padding = _layer.draw_geometry(rng, level, sizes)
        channels, filters = {"easy": (6, 9), "medium": (6, 12), "hard": (8, 16)}[level]
        return ConvLayer(rng.randint(2, channels), size, rng.randint(2, filters), kernel_size, stride, padding)

    def draw_like(self, rng: Stream, level: str, pattern: Mapping[str, Any]) -> ConvLayer:
        p = self.draw(rng, level)
        return replace(p, padding=(p.padding or p.kernel_size // 2) if pattern.get("padding") else 0)

    def fair(self, p: ConvLayer, solved: Solved, level: str) -> bool:
        return _layer.fair(p) and (not p.padding or solved["effective"] < solved["unshared"])

    def pose(self, p: ConvLayer, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        return Problem(
            title=self.title,
            statement=(words(p),),
            conventions=(says.CHANNELS_FIRST, *_conventions(p.padding)),
            given=layer_data(p, bias=False),
            mistakes=mistakes,
            **self.counting(
                p, solved,
                (
                    asked("output_shape", "output_shape", Kind.SHAPE, "What is the shape of the output?"),
                    asked("input_count", "input_count", Kind.INTEGER, "How many entries does the input have in all?"),
                    asked(
                        "output_count", "output_count", Kind.INTEGER, "How many entries does the output have in all?",
                        ["output_shape"],
                    ),
                ),
                (
                    Step("output_shape", solved["output_shape"], (
                        *side_blocks(p), prose("Each of the {f} filters makes one map.", f=p.out_channels),
                    )),
                    Step("input_count", solved["input_count"], _product(p.input_shape, solved["input_count"])),
                    Step("output_count", solved["output_count"], _product(p.output_shape, solved["output_count"])),
                ),
            ),
        )  # fmt: skip


def _solved(view: View) -> Solved:
    return {**_counts(view, len(view.met)), "shared": _shared(view), "effective": _effective(view)}


def _shared(view: View) -> int:
    return int(conv_weights(view.in_channels, view.out_channels, view.kernel))


def _counts(view: View, side: int) -> dict[str, Value]:
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
        *_product(factors, value),
    )


def _quotient(dense: int, shared: int) -> tuple[Display, ...]:
    """The ratio, where it can be reduced."""
    ratio = Fraction(dense, shared)
    return () if ratio.denominator == shared else (Display(equation(Formula("div", dense, shared), ratio)),)


def _conventions(padding: int) -> tuple[says.Convention, ...]:
    return (says.ONLY_WEIGHTS, says.EXACT, says.ROUND_DOWN, *[says.ZERO_PADDING] * (padding > 0))


def _times(sizes: tuple[int, ...]) -> Prose:
    return prose("{product}", product=Formula("mul", *sizes) if len(sizes) > 1 else sizes[0])


def _product(factors: tuple[int, ...], value: int) -> tuple[Display, ...]:
    return (counted(*factors, value=value),) if len(factors) > 1 else ()
