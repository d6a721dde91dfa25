"""What all families of the topic share: the matrix K of y = Kx, how it is found and how it is got wrong."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from cnnex.maths.geometry import DoesNotFitError, starts
from cnnex.maths.toeplitz import banded, placed
from cnnex.model.problem import Part, Step
from cnnex.model.prose import Block, Display, Prose, Table, prose
from cnnex.model.value import Kind, Matrix, Value
from cnnex.notation.formula import Formula, equation, matrix, symbol, symbols
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics._layers import Geometry, size_blocks


class OnLine(Protocol):
    """Parameters of a layer along one axis."""

    @property
    def geometry(self) -> Geometry: ...


P = TypeVar("P", bound=OnLine)


class Operator(Family[P]):
    """What all families of this topic share: the matrix K of y = Kx, and how it is got wrong."""

    def __init__(self) -> None:
        self.slips = (
            self.placing(
                "wrong-shift",
                "The kernel was not moved by the stride from one row to the next.",
                "The next output looks at other inputs. By how many columns does the kernel move?",
                # Not at all, or where there is a larger stride, by a single column.
                lambda p: [o * min(p.geometry.stride - 1, 1) - p.geometry.padding for o in range(p.geometry.outputs)],
            ),
            self.placing(
                "squeezed-inside",
                "At the border the kernel was pushed inside instead of being cut off.",
                "Which weights meet the padding? They have no column.",
                lambda p: [min(max(s, 0), p.geometry.size - p.geometry.extent) for s in starts(*p.geometry)],
            ),
            self.placing(
                "wrapped-around",
                "What falls off one end of a row was put in at the other.",
                "The padding holds zeros, not entries from the other end.",
                lambda p: starts(*p.geometry),
                circular=True,
            ),
            Slip(
                "padding-columns-kept",
                "K was given columns for the padding.",
                "K multiplies the input itself, without its padding. How many columns is that?",
                lambda p: self.seen(p, self.operator(p, _padded(p.geometry))),
            ),
        )  # fmt: skip

    @abstractmethod
    def kernels(self, p: P, outputs: int) -> Matrix:
        """The kernel of each output, as if there were so many."""

    def seen(self, p: P, operator: Matrix) -> dict[str, Value]:
        """The steps that a matrix decides."""
        return {"shape": (len(operator), len(operator[0])), "matrix": operator}

    def solve(self, p: P) -> Solved:
        return self.seen(p, self.operator(p, p.geometry))

    def work(self, p: P) -> int:
        return p.geometry.outputs * p.geometry.size

    def operator(self, p: P, geometry: Geometry, *, flipped: bool = False) -> Matrix:
        size, _, stride, padding, dilation = geometry
        kernels = self.kernels(p, len(starts(*geometry)))
        if flipped:
            kernels = tuple(kernel[::-1] for kernel in kernels)
        return banded(size, kernels, stride, padding, dilation)

    def placing(
        self, name: str, explanation: str, hint: str, where: Callable[[P], Sequence[int]], *, circular: bool = False
    ) -> Slip[P]:
        """A mistake with the columns at which the rows' kernels begin."""

        def wrong(p: P) -> Mapping[str, Value]:
            g = p.geometry
            if g.extent > g.size:
                raise DoesNotFitError("the kernel is longer than a row")
            return self.seen(p, placed(g.size, self.kernels(p, g.outputs), where(p), g.dilation, circular=circular))

        return Slip(name, explanation, hint, wrong)


def _padded(geometry: Geometry) -> Geometry:
    """The padding as a part of the input."""
    return geometry._replace(size=geometry.size + 2 * geometry.padding, padding=0)


def linear(x: Formula) -> Display:
    """The equation that K is about."""
    return Display(equation(symbol("y"), Formula("mul", symbol("K"), x)))


def shape_part() -> Part:
    """Asks for the shape of K."""
    words = "What is the shape of {K}, rows first, then columns?"
    return Part("shape", "operator_shape", Kind.SHAPE, prose(words, K=symbol("K")), "shape")


def matrix_part(letters: tuple[str, ...] = (), *, shaped: bool = True) -> Part:
    """Asks for K, whose entries may use these names, after its shape or by itself."""
    return Part(
        "matrix", "operator_matrix", Kind.MATRIX, prose("Write down {K}.", K=symbol("K")), "matrix", symbols=letters,
        builds_on=("shape",) * shaped,
    )  # fmt: skip


def shape_step(geometry: Geometry, solved: Solved) -> Step:
    """One row for each output, one column for each input."""
    words = prose(
        "{K} has a row for each output and a column for each of the {n} inputs.", K=symbol("K"), n=geometry.size
    )
    return Step("shape", solved["shape"], (*size_blocks(geometry), words))


def matrix_step(geometry: Geometry, solved: Solved, before: tuple[Block, ...] = ()) -> Step:
    """At which column each row's kernel begins, and what of it is left; `before` comes first."""
    i, s, p = symbols("i s p")
    entries: Any = solved["matrix"]
    first: Formula = (i - 1) * s + 1
    if geometry.padding:
        first = first - p
    rows = tuple(
        (number, start + 1, matrix([[entry for entry in row if entry != 0]]))
        for number, (start, row) in enumerate(zip(starts(*geometry), entries, strict=True), 1)
    )
    words = prose(
        "With stride {s}{padding} row {i} of {K} holds its kernel from column {first} on",
        s=s, padding=prose(" and padding {p}", p=p) if geometry.padding else "", i=i, K=symbol("K"),
        first=equation(first, first.put(s=geometry.stride, p=geometry.padding)),
    )  # fmt: skip
    apart = f", neighbouring weights {geometry.dilation} columns apart" if geometry.dilation > 1 else ""
    cut = "; what falls on columns below 1 or beyond the last meets padding and is cut off" if geometry.padding else ""
    table = Table("Where the kernel lies in each row", ("row", "first column", "weights in the row"), rows)
    return Step("matrix", entries, (*before, Prose((*words.parts, f"{apart}{cut}. All other entries are 0.")), table))
