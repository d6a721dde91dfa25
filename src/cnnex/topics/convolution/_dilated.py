"""F10: a kernel with gaps, in one dimension and two."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from cnnex.figures.windows import LineWindow, PlaneWindow
from cnnex.maths.correlation import cross_correlate2d, dilated, flip, products2d
from cnnex.maths.geometry import DoesNotFitError, pad_matrix, pad_vector
from cnnex.maths.shapes import effective_kernel_size, output_size
from cnnex.model import conventions as says
from cnnex.model.follow import FollowThrough, entries_of
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, figure, prose
from cnnex.model.value import Kind, Matrix, Padding, Size, Value, Vector, to_json
from cnnex.notation.formula import Formula, equation, indexed, matrix, symbol, symbols
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Solved, lively
from cnnex.topics._layers import (
    ENTRIES,
    Geometry,
    conventions,
    data,
    draw_line,
    exact,
    extent_line,
    settings,
    size_blocks,
    slip,
    window_table,
)  # fmt: skip
from cnnex.topics._sizes import size_line
from cnnex.topics._sizes import slip as size_slip
from cnnex.topics.convolution._windows import gap_too_wide, plane_tables

LINES = [Geometry(7, 2, dilation=2), Geometry(7, 3, dilation=2), Geometry(8, 2, dilation=3), Geometry(9, 3, dilation=3)]
# Height, width, side of the kernel, stride, padding, dilation: within a level about as many products.
PLANES = {
    "medium": [(5, 5, 2, 1, 0, 2), (6, 6, 2, 1, 0, 3), (4, 6, 2, 1, 0, 2), (6, 4, 2, 1, 0, 2), (5, 7, 2, 1, 0, 3)],
    "hard": [(5, 5, 3, 1, 1, 2), (5, 5, 3, 2, 2, 2), (6, 5, 3, 2, 2, 2), (7, 7, 3, 2, 1, 2), (7, 8, 3, 2, 2, 3)],
}
WEIGHTS = {"medium": (-2, -1, 1, 2, 3), "hard": (-2, -1, 0, 1, 2, 3)}


@dataclass(frozen=True, slots=True)
class Dilated:
    """An input and a kernel with gaps.

    Attributes:
        input: a vector, or a matrix as rows.
        kernel: the same for the weights.
    """

    input: Vector
    kernel: Vector
    stride: Size
    padding: Padding
    dilation: Size

    @property
    def plane(self) -> bool:
        """Whether there are two axes."""
        return isinstance(self.input[0], tuple)

    @property
    def rows(self) -> tuple[Matrix, Matrix]:
        """Input and kernel as matrices; a vector is a single row."""
        return (self.input, self.kernel) if self.plane else ((self.input,), (self.kernel,))

    def along(self, value: int, single: int) -> tuple[int, int]:
        """A setting for height and width; a single row has none along its height."""
        return (value, value) if self.plane else (single, value)


class DilatedConvolution(Family[Dilated]):
    """F10: extent, the kernel with its gaps, shape and output."""

    id = "F10-dilated"
    title = "Dilated convolution"
    params = Dilated
    kinds = (Kind.SHAPE, Kind.VECTOR, Kind.MATRIX)
    visible: ClassVar = {
        "easy": ("dilation-ignored", "gap-too-wide", "kernel-flipped"),
        "medium": ("dilation-ignored", "gap-too-wide", "kernel-flipped"),
        "hard": ("dilation-ignored", "gap-too-wide", "kernel-flipped", "padding-forgotten"),
    }

    def __init__(self) -> None:
        self.slips = (
            size_slip("dilation-ignored", lambda p: _solved(replace(p, dilation=1))),
            # Its shape is what other mistakes lead to, too.
            gap_too_wide(lambda p: {
                name: value for name, value in _solved(replace(p, dilation=p.dilation + 1)).items() if name != "shape"
            } if p.dilation > 1 else {}),
            slip("kernel-flipped", lambda p: {"output": _output(_flipped(p))}),
            size_slip("padding-forgotten", lambda p: _solved(replace(p, padding=0))),
            size_slip("stride-ignored", lambda p: _solved(replace(p, stride=1))),
            slip("weights-ignored", lambda p: {"output": _output(_ones(p))}),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> Dilated:
        if level == "easy":
            line = draw_line(rng, level, rng.choice(LINES))
            return Dilated(line.input, line.kernel, line.stride, line.padding, line.dilation)
        height, width, side, *rest = rng.choice(PLANES[level])
        return Dilated(_numbers(rng, ENTRIES, height, width), _numbers(rng, WEIGHTS[level], side, side), *rest)

    def solve(self, p: Dilated) -> Solved:
        return {**_solved(p), "output": _output(p)}

    def work(self, p: Dilated) -> int:
        _check(p)
        kernel = p.rows[1]
        height, width = _sides(p)
        return height * width * len(kernel) * len(kernel[0])

    def fair(self, p: Dilated, solved: Solved, level: str) -> bool:
        return _flipped(p) != p and lively(solved["output"], level)

    def pose(self, p: Dilated, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        size_asked = "What is the shape of the output?" if p.plane else "How many entries does the output have?"
        axes, kind = (2, Kind.MATRIX) if p.plane else (1, Kind.VECTOR)
        x, k = symbols("X k") if p.plane else symbols("x k")
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "The kernel {k} slides over the {single}input {x} with {settings}:",
                    k=k, x=x, single="single-channel " * p.plane, settings=settings(p.stride, p.padding, p.dilation),
                ),
                Display(equation(k, matrix(p.rows[1]))),
                Display(equation(x, matrix(p.rows[0]))),
            ),
            conventions=conventions(
                *[says.HEIGHT_THEN_WIDTH] * p.plane, *exact(p.input, p.kernel), padded=p.padding > 0,
                dilated=p.dilation > 1,
            ),
            given=data(
                f"conv{axes}d", (p.stride,) * axes, (p.padding,) * axes, (p.dilation,) * axes,
                input=to_json(p.input), weight=to_json(p.kernel),
            ),
            parts=(
                Part("effective_kernel_size", "effective_kernel_size", Kind.SHAPE,
                     prose("How many inputs does the kernel span{along}?", along=" along each axis" * p.plane),
                     "extent"),
                Part("dilated_kernel", "dilated_kernel", kind,
                     prose("Write the kernel with its gaps filled with zeros."), "dilated_kernel"),
                Part("shape", "output_shape", Kind.SHAPE, prose(size_asked), "shape",
                     follows=_shape_follows(p)),
                Part("output", "output", kind, prose("Compute the output {y}.", y=symbol("Y" if p.plane else "y")),
                     "output", builds_on=("shape",), follows=_output_follows(p)),
            ),
            steps=_steps(p, solved),
            mistakes=mistakes,
        )  # fmt: skip


def _numbers(rng: Stream, choices: tuple[int, ...], height: int, width: int) -> Matrix:
    return tuple(tuple([rng.choice(choices) for _ in range(width)]) for _ in range(height))


def _check(p: Dilated) -> None:
    """Refuses arrays that are no vectors or matrices.

    Raises:
        DoesNotFitError: ragged rows, or a vector beside a matrix.
    """
    for array in (p.input, p.kernel):
        rows = [row for row in array if isinstance(row, tuple)]
        deeper = any(isinstance(entry, tuple) for row in rows for entry in row)
        if deeper or len(rows) not in (0, len(array)) or bool(rows) != p.plane or len({*map(len, rows)}) > 1:
            raise DoesNotFitError("input and kernel are both vectors, or both matrices with rows of one length")
        if () in rows:
            raise DoesNotFitError("a row has at least one entry")


def _flipped(p: Dilated) -> Dilated:
    return replace(p, kernel=flip(p.kernel) if p.plane else p.kernel[::-1])


def _ones(p: Dilated) -> Dilated:
    ones = (1,) * len(p.rows[1][0])
    return replace(p, kernel=(ones,) * len(p.kernel) if p.plane else ones)


def _extents(p: Dilated) -> tuple[int, int]:
    kernel = p.rows[1]
    return (effective_kernel_size(len(kernel), p.dilation), effective_kernel_size(len(kernel[0]), p.dilation))


def _sides(p: Dilated) -> tuple[int, int]:
    image, (down, across) = p.rows[0], _extents(p)
    (s_down, s_across), (p_down, p_across) = p.along(p.stride, 1), p.along(p.padding, 0)
    return output_size(len(image), down, s_down, p_down), output_size(len(image[0]), across, s_across, p_across)


def _output(p: Dilated) -> Value:
    found = cross_correlate2d(*p.rows, p.along(p.stride, 1), p.along(p.padding, 0), p.along(p.dilation, 1))
    return found if p.plane else found[0]


def _shape_follows(p: Dilated) -> FollowThrough:
    """The shape, from the inputs that the kernel spans along each axis."""
    image = p.rows[0]
    sides = (len(image), len(image[0])) if p.plane else (len(image[0]),)

    def rule(*extents: Formula) -> Value:
        axes = zip(sides, extents, strict=True)
        return tuple(output_size(side, extent, p.stride, p.padding) for side, extent in axes)

    return FollowThrough.by(rule, *entries_of("effective_kernel_size", len(sides)))


def _output_follows(p: Dilated) -> FollowThrough:
    """The output, from the kernel with its gaps."""
    image, kernel = p.rows
    spread = dilated(kernel, p.along(p.dilation, 1))
    width = len(spread[0])

    def rule(*weights: Formula) -> Value:
        rows = tuple(weights[first : first + width] for first in range(0, len(weights), width))
        found = cross_correlate2d(image, rows, p.along(p.stride, 1), p.along(p.padding, 0))
        return found if p.plane else found[0]

    return FollowThrough.by(rule, *entries_of("dilated_kernel", *[len(spread)] * p.plane, width))


def _solved(p: Dilated) -> dict[str, Value]:
    """The steps, as far as the kernel fits."""
    kernel = dilated(p.rows[1], p.along(p.dilation, 1))
    first = 0 if p.plane else 1
    solved: dict[str, Value] = {
        "extent": _extents(p)[first:], "dilated_kernel": kernel if p.plane else kernel[0],
    }  # fmt: skip
    if min(_sides(p)) > 0:
        solved |= {"shape": _sides(p)[first:], "output": _output(p)}
    return solved


def _steps(p: Dilated, solved: Solved) -> tuple[Step, ...]:
    image, kernel = p.rows
    k, d = symbols("m d")
    gaps = prose(
        "With dilation {d} there are {gap} zeros between neighbouring weights{along}.",
        d=p.dilation, gap=p.dilation - 1,
        along=" of a row, and as many rows of zeros between the rows" * p.plane,
    )  # fmt: skip
    if p.dilation == 2:
        gaps = prose(
            "With dilation 2 there is one zero between neighbouring weights{along}.",
            along=" of a row, and one row of zeros between the rows" * p.plane,
        )
    spanned = prose("A kernel of {m} weights has {gaps} steps of {d} between its first and last weight:",
                    m=k, gaps=k - 1, d=d)  # fmt: skip
    if p.plane:
        sides = [("_H", len(kernel)), ("_W", len(kernel[0]))]
        lines = [extent_line("m", size, p.dilation, axis) for axis, size in sides]
        down, across = _extents(p)
        h, w, s, b = symbols("H W S p")
        sizes: tuple[Block, ...] = (
            prose(
                "With height {h}, width {w}, stride {s} and padding {p} the number of places at which the dilated "
                "kernel fits along each axis:",
                h=h, w=w, s=s, p=b,
            ),
            size_line("H", len(image), down, p.stride, p.padding, "m_eff_H"),
            size_line("W", len(image[0]), across, p.stride, p.padding, "m_eff_W"),
        )  # fmt: skip
    else:
        geometry = Geometry(len(image[0]), len(kernel[0]), p.stride, p.padding, p.dilation)
        lines, sizes = [extent_line("m", len(kernel[0]), p.dilation)], size_blocks(geometry)[-2:]
    return (
        Step("extent", solved["extent"], (spanned, *lines)),
        Step("dilated_kernel", solved["dilated_kernel"], (gaps,)),
        Step("shape", solved["shape"], sizes),
        Step("output", solved["output"], _output_blocks(p, solved["output"])),
    )  # fmt: skip


def _output_blocks(p: Dilated, output: Any) -> tuple[Block, ...]:
    """The window tables; the kernel's zeros are left out, the padding's are written."""
    image, kernel = p.rows
    padded = pad_matrix(image, p.padding, p.padding) if p.plane else (pad_vector(image[0], p.padding, p.padding),)
    windows = products2d(padded, kernel, p.along(p.stride, 1), dilation=p.along(p.dilation, 1))
    if p.plane:
        tables: tuple[Block, ...] = plane_tables(
            [(symbol(f"Y_{r}_{c}"), each) for r, row in enumerate(windows, 1) for c, each in enumerate(row, 1)],
            len(kernel[0]),
        )
    else:
        caption = "Each output: weights times entries of its window"
        tables = (window_table(caption, indexed("y", len(output)), windows[0], output),)
    words = prose("Zeros of the kernel add nothing, so only its weights are multiplied.")
    window = figure(
        PlaneWindow(image, kernel, p.along(p.padding, 0), p.along(p.dilation, 1)) if p.plane else
        LineWindow(image[0], kernel[0], p.padding, p.dilation)
    )  # fmt: skip
    if not p.padding:
        return (words, *window, *tables)
    return (prose("With its padding the input is"), Display(matrix(padded)), words, *window, *tables)
