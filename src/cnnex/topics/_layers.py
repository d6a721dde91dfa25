"""What several topics say about a convolution layer with a single channel: its data, words and mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from cnnex.maths.correlation import Pairs
from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.shapes import effective_kernel_size, output_size
from cnnex.model import conventions as says
from cnnex.model.prose import Block, Display, Inline, Prose, Table, prose
from cnnex.model.value import Matrix, Name, Padding, Size, Value, Vector, entries, to_json
from cnnex.notation.formula import FUNCTIONS, Formula, Term, equation, indexed, product_sum, symbol, symbols
from cnnex.seeds import Stream
from cnnex.topics._family import Slip

P = TypeVar("P")

RESERVED = frozenset({*FUNCTIONS, "e", "lambda"})
"""Words that mean something of their own in an answer."""

INPUT_LETTERS = ("x", "u", "v", "z", "a")
KERNEL_LETTERS = ("k", "w", "h", "f", "c", "b", "g", "q")

# Without zeros, so that each tap and each entry counts. The weights of a kernel are drawn without
# replacement: then it differs from its mirror image.
ENTRIES = (-3, -2, -1, 1, 2, 3, 4, 5)
WEIGHTS = {"easy": (1, 2, 3, 4), "medium": (-2, -1, 1, 2, 3), "hard": (-2, -1, 1, 2, 3)}

_WORDS = {
    "kernel-flipped": (
        "The kernel was flipped, as in true convolution.",
        "Lay the kernel on the input as it is written: its first weight meets the first entry of the window.",
    ),
    "weights-ignored": (
        "The entries of each window were added without the weights.",
        "Multiply each entry by its weight before you add.",
    ),
    "wrong-step": (
        "The window was not moved by the stride.",
        "How far does the window move from one output to the next? Look at the stride again.",
    ),
    "transposed": (
        "Rows and columns were exchanged.",
        "Each row of K gives one output. How many columns does it need?",
    ),
}  # fmt: skip


def slip(name: str, solve: Callable[[P], Mapping[str, Value]]) -> Slip[P]:
    """A mistake with convolution layers that several families share, with its words."""
    return Slip(name, *_WORDS[name], solve)


class Geometry(NamedTuple):
    """How a kernel lies along one axis, in the order of `cnnex.maths.geometry.taps`."""

    size: Size
    kernel_size: Size
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    @property
    def extent(self) -> int:
        """The inputs that the kernel spans."""
        return effective_kernel_size(self.kernel_size, self.dilation)  # type: ignore[no-any-return]

    @property
    def outputs(self) -> int:
        """The number of windows; below 1 where the kernel does not fit."""
        return output_size(self.size, self.extent, self.stride, self.padding)  # type: ignore[no-any-return]

    @property
    def wrong_step(self) -> int:
        """What is taken for the stride: a single entry, or the whole window where that is the stride."""
        return 1 if self.stride > 1 else self.extent


def alike(geometries: Sequence[Geometry], pattern: Mapping[str, Any]) -> Sequence[Geometry]:
    """Those that have a stride, a padding or a dilation where the pattern has one; all where none is so.

    >>> alike([Geometry(5, 3), Geometry(6, 3, 1, 1), Geometry(9, 3, 2)], {"stride": 1, "padding": 2})
    [Geometry(size=6, kernel_size=3, stride=1, padding=1, dilation=1)]
    """

    def kind(stride: int, padding: int, dilation: int) -> tuple[bool, bool, bool]:
        return stride > 1, padding > 0, dilation > 1

    wanted = kind(pattern.get("stride", 1), pattern.get("padding", 0), pattern.get("dilation", 1))
    return [each for each in geometries if kind(*each[2:]) == wanted] or geometries


@dataclass(frozen=True, slots=True)
class Line:
    """A numeric input and the kernel that slides over it."""

    input: Vector
    kernel: Vector
    stride: Size
    padding: Padding
    dilation: Size

    @property
    def geometry(self) -> Geometry:
        """Sizes in place of the numbers."""
        return Geometry(len(self.input), len(self.kernel), self.stride, self.padding, self.dilation)


@dataclass(frozen=True, slots=True)
class SymbolicLine:
    """An input and a kernel with symbolic entries, `x_1`, `x_2`, ... and `k_1`, `k_2`, ...

    Attributes:
        input: the letter of the input.
        kernel: the letter of the kernel.
    """

    size: Size
    kernel_size: Size
    stride: Size
    padding: Padding
    dilation: Size
    input: Name
    kernel: Name

    @property
    def geometry(self) -> Geometry:
        """The sizes without the letters."""
        return Geometry(self.size, self.kernel_size, self.stride, self.padding, self.dilation)

    @property
    def entries_of_input(self) -> tuple[Term, ...]:
        """The input's symbols."""
        return indexed(self.input, self.size)

    @property
    def weights(self) -> tuple[Term, ...]:
        """The kernel's symbols."""
        return indexed(self.kernel, self.kernel_size)


def draw_line(rng: Stream, level: str, geometry: Geometry) -> Line:
    """Numbers for a geometry."""
    size, kernel_size, *rest = geometry
    return Line(
        tuple([rng.choice(ENTRIES) for _ in range(size)]), tuple(rng.sample(WEIGHTS[level], kernel_size)), *rest
    )


def tell_apart(*groups: Name | Sequence[Name], used: str = "") -> None:
    """Refuses letters that a reader would confuse.

    Args:
        groups: the letter of each vector, or the names of its entries; indices don't count as different.
        used: letters, separated by blanks, that the problem uses in a meaning of its own.

    Raises:
        DoesNotFitError: a letter stands for two things, or is reserved.
    """
    seen: set[str] = set()
    for group in groups:
        whole = (group,) if isinstance(group, str) else group
        if len(set(whole)) < len(whole):
            raise DoesNotFitError(f"each of the names {', '.join(whole)} may stand once")
        letters = {name.partition("_")[0] for name in whole}
        for letter in sorted(letters):
            if letter in RESERVED:
                raise DoesNotFitError(f"{letter!r} is the name of a function or constant, so nothing else may have it")
            if letter in used.split():
                raise DoesNotFitError(f"the problem uses the letter {letter} itself; choose another one")
            if letter in seen:
                raise DoesNotFitError(f"the letter {letter} stands for two different things")
        seen |= letters


def names(base: str, count: int) -> list[str]:
    """The canonical names of a symbolic vector's entries, counted from 1.

    >>> names("k", 3)
    ['k_1', 'k_2', 'k_3']
    """
    return [f"{base}_{i}" for i in range(1, count + 1)]


def data(
    operation: str, stride: Sequence[Any], padding: Sequence[Any], dilation: Sequence[Any], **tensors: Any
) -> dict[str, Any]:
    """A layer without bias as torch.nn.functional takes it, all fields written out."""
    return {
        "operation": operation,
        **tensors,
        "bias": None,
        "stride": list(stride),
        "padding": list(padding),
        "dilation": list(dilation),
        "groups": 1,
    }


def line_data(geometry: Geometry, inputs: Vector, weight: Vector | Matrix, operation: str = "conv1d") -> dict[str, Any]:
    """`data` of a layer along one axis."""
    _, _, stride, padding, dilation = geometry
    return data(operation, [stride], [padding], [dilation], input=to_json(inputs), weight=to_json(weight))


def settings(first: Inline, padding: Inline, dilation: Inline = 1, *, of: str = "stride") -> Prose:
    """Stride, or what else is known in its place, padding and, where it is not 1, dilation in words."""
    border = "no padding" if padding == 0 else prose("padding {p}", p=padding)
    if dilation == 1:
        return prose("{of} {first} and {border}", of=of, first=first, border=border)
    return prose("{of} {first}, {border} and dilation {d}", of=of, first=first, border=border, d=dilation)


def conventions(
    *more: says.Convention, padded: bool, dilated: bool, biased: bool = False, sizes_only: bool = False
) -> tuple[says.Convention, ...]:
    """What a layer assumes; a bias that it has is in the statement, and no size depends on it."""
    values = (says.CROSS_CORRELATION, *[says.NO_BIAS] * (not biased))
    own = (*values * (not sizes_only), says.ROUND_DOWN)
    return (*own, *[says.ZERO_PADDING] * padded, *[says.DILATION] * dilated, *more)


def exact(*given: Value) -> list[says.Convention]:
    """The rule to give exact values, where the data hold fractions."""
    fractions = any(entry.denominator > 1 for value in given for entry in entries(value))
    return [says.EXACT] * fractions


def derived(name: str, formula: Formula, **numbers: int) -> Display:
    """Formula, formula with numbers, value: `H_pad = H + 2 p = 7 + 2 1 = 9`."""
    put = formula.put(**numbers)
    return Display(equation(symbol(name), formula, put, put.value()))


def extent_line(letter: str, kernel_size: int, dilation: int, axis: str = "") -> Display:
    """The inputs that a dilated kernel spans: `K_eff = d (K - 1) + 1 = ... = 5`."""
    formula = effective_kernel_size(*symbols(f"{letter} d"))
    return derived(f"{letter}_eff{axis}", formula, d=dilation, **{letter: kernel_size})


def padded_line(letter: str, size: int, padding: int) -> Display:
    """The length of a padded axis: `H_pad = H + 2 p = ... = 9`."""
    return derived(f"{letter}_pad", symbol(letter) + 2 * symbol("p"), p=padding, **{letter: size})


def size_blocks(geometry: Geometry) -> tuple[Block, ...]:
    """How the number of outputs along one axis is found, for n inputs and m weights."""
    size, kernel_size, stride, padding, dilation = geometry
    n, m, s, p, d = symbols("n m s p d")
    extent = "m" if dilation == 1 else "m_eff"
    numbers = {"n": size, extent: geometry.extent, "s": stride, "p": padding}
    line = derived("n_out", output_size(n, symbol(extent), s, p), **numbers)
    if dilation == 1:
        words = (
            "With {n} inputs, {m} weights, stride {s} and padding {p} the number of places at which the kernel fits:"
        )
        return (prose(words, n=n, m=m, s=s, p=p), line)
    return (
        prose("With {m} weights and dilation {d} the kernel spans more inputs than it has weights:", m=m, d=d),
        extent_line("m", kernel_size, dilation),
        prose("With {n} inputs, stride {s} and padding {p} the number of places at which it fits:", n=n, s=s, p=p),
        line,
    )


def window_table(caption: str, labels: Sequence[Inline], windows: Sequence[Pairs], values: Sequence[Any]) -> Table:
    """One row for each output: the products that it sums and their sum."""
    rows = zip(labels, map(product_sum, windows), values, strict=True)
    return Table(caption, ("output", "products", "sum"), tuple(rows))
