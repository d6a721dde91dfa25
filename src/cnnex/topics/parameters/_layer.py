"""What the families of this topic share: a square convolution layer, and the mistakes with counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.shapes import output_size
from cnnex.model import conventions as says
from cnnex.model.problem import Part
from cnnex.model.prose import Block, Display, Prose, prose
from cnnex.model.value import Kind, Padding, Size, Value
from cnnex.notation.formula import Formula, Term, equation, symbols
from cnnex.seeds import Stream
from cnnex.topics._family import Slip
from cnnex.topics._layers import Geometry, data, derived, settings

P = TypeVar("P")

_WORDS = {
    "bias-forgotten": (
        "The biases were left out.",
        "What is added to the sum of products before it becomes an output?",
    ),
    "one-bias-in-all": (
        "A single bias was counted for the whole layer.",
        "Is there one number for all outputs, or has each filter its own?",
    ),
    "depth-forgotten": (
        "Each kernel was given a single plane, as if there were only one input channel.",
        "How many input channels does one filter look at?",
    ),
    "side-counted-once": (
        "Only one side of the kernel was counted.",
        "A plane of a kernel has rows and columns. How many weights does it hold?",
    ),
    "bias-per-plane": (
        "Each plane of a kernel was given a bias of its own.",
        "To which number is a bias added, and how many such numbers are there at one place?",
    ),
    "one-filter-counted": (
        "The count of a single filter was given for the whole layer.",
        "How many filters does the layer have?",
    ),
    "input-channels-kept": (
        "The output was given as many channels as the input has.",
        "What does one filter make of all input channels together?",
    ),
    "channels-exchanged": (
        "Input channels and output channels were exchanged.",
        "Which of the two numbers counts the filters?",
    ),
    "channels-last": (
        "The channels were named last.",
        "In which order are shapes given here?",
    ),
    "sharing-ignored": (
        "The shared weights were counted again at each place of the kernel.",
        "Do the weights change when the kernel moves?",
    ),
    "weights-shared": (
        "One kernel was counted for all places, as if weights were shared.",
        "Without sharing, which weights does the second output use?",
    ),
    "operations-mixed-up": (
        "Multiply-adds and single operations were mixed up.",
        "Of how many operations does one multiply-add consist?",
    ),
    "input-size-used": (
        "The places were counted on the input in place of the output.",
        "At how many places does the kernel really lie?",
    ),
    "positions-forgotten": (
        "The weights were counted, but not how often each is used.",
        "How many outputs use the same weight?",
    ),
    "batch-forgotten": (
        "The memory of a single input was given.",
        "How many inputs are in the batch?",
    ),
    "bytes-forgotten": (
        "The values were counted, not their bytes.",
        "How much memory does one value take?",
    ),
}  # fmt: skip


def slip(name: str, solve: Callable[[P], Mapping[str, Value]]) -> Slip[P]:
    """A mistake with counts that several families share, with its words."""
    return Slip(name, *_WORDS[name], solve)


@dataclass(frozen=True, slots=True)
class ConvLayer:
    """A convolution layer with square kernels on square images.

    Attributes:
        size: the side of the input.
        out_channels: the number of filters.
    """

    in_channels: Size
    size: Size
    out_channels: Size
    kernel_size: Size
    stride: Size
    padding: Padding

    @property
    def side(self) -> int:
        """The side of the output.

        Raises:
            DoesNotFitError: the kernel does not fit on the padded input.
        """
        return fitting(self, output_size(self.size, self.kernel_size, self.stride, self.padding))

    @property
    def kernel(self) -> tuple[int, int]:
        """The kernel's sides."""
        return (self.kernel_size, self.kernel_size)

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """Channels first."""
        return (self.in_channels, self.size, self.size)

    @property
    def output_shape(self) -> tuple[int, int, int]:
        """Channels first."""
        return (self.out_channels, self.side, self.side)


def fitting(p: ConvLayer, side: int) -> int:
    """The side of the output, if there is an output.

    Raises:
        DoesNotFitError: there is none.
    """
    if side < 1:
        raise DoesNotFitError(f"a kernel of {p.kernel_size} does not fit on {p.size} inputs with padding {p.padding}")
    return side


def draw_geometry(rng: Stream, level: str, sizes: Mapping[str, tuple[int, int]]) -> tuple[int, int, int, int]:
    """Side, kernel, stride and padding: the first two alone at the easy level, then stride, then padding."""
    low, high = sizes[level]
    if level == "easy":
        return rng.randint(low, high), rng.randint(2, 4), 1, 0
    if level == "medium":
        return rng.randint(low, high), rng.randint(3, 5), rng.randint(2, 3), 0
    return rng.randint(low, high), rng.randint(3, 7), rng.randint(2, 3), rng.randint(1, 2)


# Ends of the input's side, its channels and the filters.
SIZES = {"easy": (6, 14), "medium": (20, 48), "hard": (30, 96)}
CHANNELS = {"easy": (2, 9), "medium": (3, 16), "hard": (3, 32)}
FILTERS = {"easy": (2, 12), "medium": (8, 32), "hard": (16, 64)}


def draw_conv(rng: Stream, level: str) -> ConvLayer:
    """A layer and its input."""
    size, kernel_size, stride, padding = draw_geometry(rng, level, SIZES)
    return ConvLayer(rng.randint(*CHANNELS[level]), size, rng.randint(*FILTERS[level]), kernel_size, stride, padding)


def fair(p: ConvLayer) -> bool:
    """Whether sizes that mean different things differ, and no window lies on padding alone."""
    return (
        p.in_channels != p.out_channels
        and p.kernel_size not in (p.in_channels, p.out_channels)
        and p.padding < p.kernel_size
        and 1 < p.side != p.size
    )


def words(p: ConvLayer) -> Prose:
    """The layer and its input."""
    return prose(
        "A convolution layer has {f} of kernel size {k} × {k}, {settings}. Its input has {c} of {n} × {n} entries"
        "{each}.",
        f=plural(p.out_channels, "filter"), k=p.kernel_size, settings=settings(p.stride, p.padding),
        c=plural(p.in_channels, "channel"), n=p.size, each=" each" if p.in_channels > 1 else "",
    )  # fmt: skip


def plural(count: int, noun: str) -> Prose:
    """A count with its noun.

    >>> plural(1, "filter").parts, plural(3, "filter").parts
    ((1, ' filter'), (3, ' filters'))
    """
    return Prose((count, f" {noun}" if count == 1 else f" {noun}s"))


def layer_data(p: ConvLayer, *, bias: bool) -> dict[str, Any]:
    """The layer for a machine."""
    return {
        **data("conv2d", [p.stride] * 2, [p.padding] * 2, [1, 1], input_shape=list(p.input_shape)),
        "in_channels": p.in_channels,
        "out_channels": p.out_channels,
        "kernel_size": list(p.kernel),
        "bias": bias,
    }


def evaluated(formula: Any, **numbers: int) -> Display:
    """Formula, formula with numbers, value: `k^2 C_in = 5^2 3 = 75`."""
    put = formula.put(**numbers)
    return Display(equation(formula, put, put.value()))


def counted(*factors: Term, value: Term) -> Display:
    """A product of numbers and its value."""
    return Display(equation(Formula("mul", *factors), value))


def asked(name: str, asks: str, kind: Kind, prompt: str | Prose, builds_on: Sequence[str] = (), **more: Any) -> Part:
    """A part that the step of its name answers."""
    words = prompt if isinstance(prompt, Prose) else prose(prompt)
    return Part(name, asks, kind, words, name, builds_on=tuple(builds_on), **more)


def side_blocks(p: ConvLayer) -> tuple[Block, ...]:
    """How the side of the output is found."""
    return places_blocks(Geometry(p.size, p.kernel_size, p.stride, p.padding), "H", "side {n}, kernel side {k}")


def places_blocks(geometry: Geometry, letter: str, sizes: str) -> tuple[Block, ...]:
    """How the number of outputs along an axis is found; what `sizes` says of {n} inputs and a kernel of {k} begins."""
    n, k, s, b = symbols(f"{letter} K S p")
    padded = geometry.padding > 0
    formula = ((n + 2 * b if padded else n) - k) // s + 1
    numbers = {letter: geometry.size, "K": geometry.kernel_size, "S": geometry.stride, "p": geometry.padding}
    border = ", stride {s} and padding {b}" if padded else " and stride {s}"
    return (
        prose(f"With {sizes}{border} the number of places at which the kernel fits:", n=n, k=k, s=s, b=b),
        derived(f"{letter}_out", formula, **numbers),
    )


def zero_padding(p: ConvLayer) -> tuple[says.Convention, ...]:
    """What padding adds, where there is some."""
    return (says.ZERO_PADDING,) if p.padding else ()
