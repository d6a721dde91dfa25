"""F07: single entries of a convolution with symbolic kernel and input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from cnnex.maths.correlation import Pairs, products1d, sum_of_products
from cnnex.maths.geometry import DoesNotFitError, pad_vector
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, prose
from cnnex.model.value import Kind, Size, Value, Vector
from cnnex.notation.formula import Formula, equation, matrix, product_sum, symbol
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics._layers import (
    INPUT_LETTERS,
    KERNEL_LETTERS,
    Geometry,
    SymbolicLine,
    alike,
    conventions,
    line_data,
    names,
    padded_line,
    settings,
    size_blocks,
    slip,
    tell_apart,
)  # fmt: skip
from cnnex.topics._sizes import slip as size_slip

# All entries are sums over three taps, so that variants of a level are equally long.
GEOMETRIES = {
    "easy": [Geometry(n, 3) for n in range(5, 12)],
    # With padding 1 and stride 2 an odd room tells padding on one side from no padding by the size alone.
    "medium": [Geometry(n, 3, 1, 1) for n in range(5, 11)] + [Geometry(n, 3, 2, 1) for n in (6, 8, 10, 12)],
    "hard": [Geometry(n, 3, s, p, 2) for n in (8, 10, 12) for s, p in ((1, 1), (1, 2), (2, 1), (2, 2))]
    + [Geometry(n, 3, 1, p, 3) for n in (9, 11) for p in (1, 2)],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entries(SymbolicLine):
    """A symbolic line and the entries of its output that are asked, counted from 1."""

    entries: tuple[Size, ...]


class ConvolutionEntries(Family[Entries]):
    """F07: padded length, size and entries of the output."""

    id = "F07-conv1d-symbolic"
    title = "Entries of a one-dimensional convolution"
    params = Entries
    kinds = (Kind.INTEGER, Kind.EXPRESSION)
    visible: ClassVar = {
        "easy": ("kernel-flipped", "first-window-forgotten", "wrong-step"),
        "medium": ("kernel-flipped", "padding-forgotten", "padding-one-side"),
        "hard": ("kernel-flipped", "padding-forgotten", "padding-one-side"),
    }

    def __init__(self) -> None:
        self.slips = (
            slip("kernel-flipped", lambda p: _entries(p, _windows(p, kernel=p.weights[::-1]))),
            Slip(
                "first-window-forgotten",
                "The very first window was left out.",
                "Where does the very first window begin?",
                _first_left_out,
            ),
            slip("wrong-step", lambda p: _changed(p, p.geometry._replace(stride=p.geometry.wrong_step))),
            size_slip("padding-forgotten", lambda p: _changed(p, p.geometry._replace(padding=0))),
            size_slip("padding-one-side", lambda p: {
                "padded": p.size + p.padding,
                "size": p.geometry._replace(size=p.size + p.padding, padding=0).outputs,
            }),
            size_slip("dilation-ignored", lambda p: _changed(p, p.geometry._replace(dilation=1))),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> Entries:
        return self.draw_like(rng, level, {})

    def draw_like(self, rng: Stream, level: str, pattern: Mapping[str, Any]) -> Entries:
        geometry = rng.choice(alike(GEOMETRIES[level], pattern) if pattern else GEOMETRIES[level])
        # The first window touches the padding where there is some.
        first, *others = range(1, geometry.outputs + 1)
        entries = (first, rng.choice(others)) if geometry.padding else sorted(rng.sample((first, *others), 2))
        return Entries(*geometry, rng.choice(INPUT_LETTERS), rng.choice(KERNEL_LETTERS), tuple(entries))

    def solve(self, p: Entries) -> Solved:
        tell_apart(p.input, p.kernel, used="y")
        solved = _changed(p, p.geometry)
        missing = [i for i in p.entries if f"y_{i}" not in solved]
        if missing:
            raise DoesNotFitError(f"the output has no entry {missing[0]}")
        return solved

    def work(self, p: Entries) -> int:
        return len(p.entries) * p.kernel_size

    def fair(self, p: Entries, solved: Solved, level: str) -> bool:
        return p.geometry.outputs > 1

    def pose(self, p: Entries, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        padded, dilated = p.padding > 0, p.dilation > 1
        x, k, y = map(symbol, (p.input, p.kernel, "y"))
        padded_part = Part(
            "padded_size", "padded_size", Kind.INTEGER, prose("How long is the input with its padding?"), "padded"
        )
        padded_step = Step("padded", solved["padded"], (
            prose("With {n} inputs and padding {p} on each side:", n=symbol("n"), p=symbol("p")),
            padded_line("n", p.size, p.padding),
        ))  # fmt: skip
        windows = _windows(p)
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "A kernel {k} with {m} weights slides over an input {x} with {n} entries, with {settings}. "
                    "The output is {y}.",
                    k=k, m=p.kernel_size, x=x, n=p.size, y=y, settings=settings(p.stride, p.padding, p.dilation),
                ),
                Display(equation(k, matrix([p.weights]))),
                Display(equation(x, matrix([p.entries_of_input]))),
            ),
            conventions=conventions(says.INDEX_FROM_ONE, padded=padded, dilated=dilated),
            given=line_data(p.geometry, p.entries_of_input, p.weights),
            parts=(
                *[padded_part] * padded,
                Part("size", "output_size", Kind.INTEGER, prose("How many entries does the output have?"), "size"),
                *(
                    Part(
                        f"entry_{number}", "output_entry", Kind.EXPRESSION,
                        prose("Write entry {y} of the output as a sum of products.", y=symbol(f"y_{i}")), f"y_{i}",
                        symbols=(*names(p.input, p.size), *names(p.kernel, p.kernel_size)), index=(i - 1,),
                    )
                    for number, i in enumerate(p.entries, 1)
                ),
            ),
            steps=(
                *[padded_step] * padded,
                Step("size", solved["size"], size_blocks(p.geometry)),
                *(Step(f"y_{i}", solved[f"y_{i}"], _entry_blocks(p, i, windows[i - 1])) for i in p.entries),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _windows(p: Entries, geometry: Geometry | None = None, *, kernel: Vector | None = None) -> list[Pairs]:
    """For each output the pairs (weight, entry) of its window, the padding's zeros among them.

    Args:
        p: whose letters.
        geometry: in place of its own.
        kernel: in place of its own.
    """
    _, _, stride, padding, dilation = geometry or p.geometry
    padded = pad_vector(p.entries_of_input, padding, padding)
    return products1d(padded, kernel or p.weights, stride, 0, dilation)


def _entries(p: Entries, windows: list[Pairs]) -> dict[str, Value]:
    """The asked entries, as far as there are so many windows."""
    return {
        f"y_{i}": sum_of_products([pair for pair in windows[i - 1] if pair[1] != 0])
        for i in p.entries
        if 0 < i <= len(windows)
    }


def _first_left_out(p: Entries) -> dict[str, Value]:
    """The size and the entries when the windows begin with the second one.

    With padding, a size too small by one can also come from that; so do the entries, where it is the stride.
    """
    later = {} if p.padding == p.stride else _entries(p, _windows(p)[1:])
    return later if p.padding else {"size": p.geometry.outputs - 1, **later}


def _changed(p: Entries, geometry: Geometry) -> Solved:
    """The values of all steps for a geometry."""
    return {
        "padded": geometry.size + 2 * geometry.padding,
        "size": geometry.outputs,
        **_entries(p, _windows(p, geometry)),
    }


def _entry_blocks(p: Entries, i: int, window: Pairs) -> tuple[Block, ...]:
    start = Formula("add", Formula("mul", Formula("add", i, -1), p.stride), 1)
    places = prose(
        "Window {i} begins at place {start} of the {which} and holds {window}:",
        i=i, start=equation(start, (i - 1) * p.stride + 1), which="padded input" if p.padding else "input",
        window=matrix([[entry for _, entry in window]]),
    )  # fmt: skip
    y, products = symbol(f"y_{i}"), product_sum(window)
    value = sum_of_products([pair for pair in window if pair[1] != 0])
    touches = len(window) > 0 and any(entry == 0 for _, entry in window)
    return (places, Display(equation(y, products, value) if touches else equation(y, products)))
