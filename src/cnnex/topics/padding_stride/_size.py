"""F01: the output size of a convolution layer, in one dimension and two."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.shapes import effective_kernel_size, output_size
from cnnex.model import conventions as says
from cnnex.model.follow import FollowThrough, entries_of
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Prose, prose
from cnnex.model.value import Kind, Padding, Size, Value
from cnnex.notation.formula import Formula, shape, symbol, symbols
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics._layers import conventions, data, extent_line, padded_line, settings
from cnnex.topics._sizes import size_line, slip

Sizes = tuple[Size, ...]

_SWAP_WORDS = ("Height and width were exchanged.", "In which order does a shape name its axes?")
AXES = {1: ("N",), 2: ("H", "W")}


@dataclass(frozen=True, slots=True)
class Layer:
    """The sizes of a convolution layer with one channel: one entry for each axis."""

    size: Sizes
    kernel_size: Sizes
    stride: Sizes
    padding: tuple[Padding, ...]
    dilation: Sizes


class OutputSize(Family[Layer]):
    """F01: the padded shape and the output shape, in one dimension and two."""

    id = "F01-output-size"
    title = "Output size of a convolution layer"
    params = Layer
    kinds = (Kind.SHAPE, Kind.INTEGER)
    visible: ClassVar = {
        "easy": ("padding-forgotten", "padding-one-side", "stride-ignored"),
        "medium": ("padding-forgotten", "padding-one-side", "stride-ignored", "axes-exchanged"),
        "hard": ("padding-forgotten", "padding-one-side", "stride-ignored", "dilation-ignored"),
    }

    def __init__(self) -> None:
        self.slips = (
            slip("padding-forgotten", lambda p: _sizes(p, p.size)),
            slip("padding-one-side", lambda p: _sizes(p, _sum(p.size, p.padding))),
            slip("stride-ignored", lambda p: self.solve(replace(p, stride=_ones(p)))),
            slip("dilation-ignored", lambda p: self.solve(replace(p, dilation=_ones(p)))),
            slip("partial-window-kept", lambda p: _sizes(p, _padded(p), ceil_mode=True)),
            Slip("axes-exchanged", *_SWAP_WORDS, lambda p: {
                name: value[::-1] for name, value in self.solve(p).items() if isinstance(value, tuple)
            }),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> Layer:
        if level == "easy":
            size, kernel_size, stride, padding = ((rng.randint(*ends),) for ends in ((12, 48), (4, 7), (2, 3), (2, 3)))
            return Layer(size, kernel_size, stride, padding, (1,))

        def unequal(low: int, high: int) -> Sizes:
            return tuple(rng.sample(range(low, high + 1), 2))

        return Layer(
            unequal(16, 64), unequal(3, 7), unequal(2, 4), unequal(1, 3), unequal(1, 3) if level == "hard" else (1, 1)
        )

    def solve(self, p: Layer) -> Solved:
        lengths = {*map(len, (p.size, p.kernel_size, p.stride, p.padding, p.dilation))}
        if lengths not in ({1}, {2}):
            raise DoesNotFitError("each parameter has one entry for each axis, and there are one or two axes")
        return _sizes(p, _padded(p))

    def work(self, p: Layer) -> int:
        return 3 * len(p.size)

    def fair(self, p: Layer, solved: Solved, level: str) -> bool:
        """A window never lies on padding alone, and the answer is no number of the statement."""
        return solved["output"] not in (p.size, p.kernel_size) and all(
            padding < side for padding, side in zip(p.padding, p.kernel_size, strict=True)
        )

    def pose(self, p: Layer, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        plane, dilated = len(p.size) == 2, max(p.dilation) > 1
        extent_part = Part(
            "effective_kernel_size", "effective_kernel_size", Kind.SHAPE,
            prose("How many inputs does the dilated kernel span along each axis?"), "extent",
        )  # fmt: skip
        extent_step = Step("extent", solved["extent"], _extent_blocks(p))
        return Problem(
            title=self.title,
            statement=(_plane_words(p) if plane else _line_words(p),),
            conventions=conventions(*[says.HEIGHT_THEN_WIDTH] * plane, padded=True, dilated=dilated, sizes_only=True),
            given=data(
                f"conv{len(p.size)}d", p.stride, p.padding, p.dilation,
                input_shape=list(p.size), weight_shape=list(p.kernel_size),
            ),
            parts=(
                *[extent_part] * dilated,
                Part(
                    "padded_shape", "padded_shape", Kind.SHAPE,
                    prose("What is the shape of the input with its padding?" if plane else
                          "How long is the input with its padding?"), "padded",
                ),
                Part("output_shape", "output_shape", Kind.SHAPE, prose("What is the shape of the output?"), "output",
                     follows=_follows(p))
                if plane else
                Part("output_size", "output_size", Kind.INTEGER, prose("How long is the output?"), "output",
                     follows=_follows(p)),
            ),
            steps=(
                *[extent_step] * dilated,
                Step("padded", solved["padded"], _padded_blocks(p)),
                Step("output", solved["output"], _output_blocks(p, solved["extent"])),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _follows(p: Layer) -> FollowThrough:
    """The output as it follows from the student's own padded shape, and extents where they are asked for."""
    axes = len(p.size)

    def rule(*earlier: Formula) -> Value:
        padded, extents = earlier[:axes], earlier[axes:] or p.kernel_size
        sizes = tuple(map(output_size, padded, extents, p.stride))
        return sizes if axes == 2 else sizes[0]

    extents = entries_of("effective_kernel_size", axes) if max(p.dilation) > 1 else ()
    return FollowThrough.by(rule, *entries_of("padded_shape", axes), *extents)


def _ones(p: Layer) -> Sizes:
    return (1,) * len(p.size)


def _sum(*sizes: Sizes) -> Sizes:
    return tuple(map(sum, zip(*sizes, strict=True)))


def _padded(p: Layer) -> Sizes:
    return _sum(p.size, p.padding, p.padding)


def _extents(p: Layer) -> Sizes:
    return tuple(map(effective_kernel_size, p.kernel_size, p.dilation))


def _sizes(p: Layer, padded: Sizes, *, ceil_mode: bool = False) -> Solved:
    """The values of all steps for a padded shape."""
    extents = _extents(p)
    output = tuple(output_size(n, k, s, ceil_mode=ceil_mode) for n, k, s in zip(padded, extents, p.stride, strict=True))
    if min(output) < 1:
        raise DoesNotFitError(f"a kernel that spans {_words(extents)} does not fit on {_words(padded)} inputs")
    return {"extent": extents, "padded": padded, "output": output if len(output) == 2 else output[0]}


def _words(sizes: Sizes) -> str:
    return "×".join(map(str, sizes))


def _line_words(p: Layer) -> Any:
    (n,), (k,), (s,), (b,), (d,) = p.size, p.kernel_size, p.stride, p.padding, p.dilation
    return prose(
        "A one-dimensional convolution layer has kernel size {k}, {settings}. Its input has length {n}.",
        n=n, k=k, settings=settings(s, b, d),
    )  # fmt: skip


def _plane_words(p: Layer) -> Any:
    dilation = shape(p.dilation) if max(p.dilation) > 1 else 1
    return prose(
        "A convolution layer has kernel size {k}, {settings}, each for height and width in this order. "
        "Its input is one channel of shape {n}.",
        n=shape(p.size), k=shape(p.kernel_size), settings=settings(shape(p.stride), shape(p.padding), dilation),
    )  # fmt: skip


def _extent_blocks(p: Layer) -> tuple[Block, ...]:
    # "_H" and "_W" tell the two extents apart.
    lines = [
        extent_line("K", k, d, f"_{axis}" if len(p.size) == 2 else "")
        for axis, k, d in zip(AXES[len(p.size)], p.kernel_size, p.dilation, strict=True)
    ]
    k, d = symbols("K d")
    words = "With dilation {d} a kernel of size {k} has {gaps} steps of {d} between its weights:"
    return (prose(words, d=d, k=k, gaps=k - 1), *lines)


def _padded_blocks(p: Layer) -> tuple[Block, ...]:
    lines = map(padded_line, AXES[len(p.size)], p.size, p.padding)
    return (prose("{sizes} and padding {p}, which is added at both ends:", sizes=_axes(p), p=symbol("p")), *lines)


def _output_blocks(p: Layer, extents: Any) -> tuple[Block, ...]:
    axes, s = AXES[len(p.size)], symbol("S")
    windows = ["K"] * len(axes)
    words = prose(
        "With kernel size {k} and stride {s} the number of places at which the kernel fits:", k=symbol("K"), s=s
    )
    if max(p.dilation) > 1:
        windows = [f"K_eff_{axis}" for axis in axes] if len(axes) == 2 else ["K_eff"]
        words = prose("With stride {s} and these extents the number of places at which the kernel fits:", s=s)
    return (words, *map(size_line, axes, p.size, extents, p.stride, p.padding, windows))


def _axes(p: Layer) -> Prose:
    n, h, w = symbols("N H W")
    return prose("With height {h}, width {w}", h=h, w=w) if len(p.size) == 2 else prose("With length {n}", n=n)
