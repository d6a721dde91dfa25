"""F13: entries of a convolution by its definition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from cnnex.maths.correlation import convolve1d, cross_correlate1d
from cnnex.maths.geometry import DoesNotFitError
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, Table, prose
from cnnex.model.value import Kind, Value, Vector
from cnnex.notation.formula import Formula, call, equation, matrix, symbol, symbols, total
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics._layers import ENTRIES, WEIGHTS, Geometry, derived, exact, line_data
from cnnex.topics.convolution._true import NOT_FLIPPED, WRAPPED, wrapped

Index = Annotated[int, Meta(ge=0, le=4096)]


@dataclass(frozen=True, slots=True)
class Sum:
    """Two sequences, and the indices, from 0, of the entries of their full convolution that are asked."""

    input: Vector
    kernel: Vector
    entries: tuple[Index, ...]


class ConvolutionSum(Family[Sum]):
    """F13: the length of the full convolution, entries by the definition, and whether the flip matters."""

    id = "F13-convolution-sum"
    title = "Convolution by its definition"
    params = Sum
    kinds = (Kind.INTEGER, Kind.RATIONAL, Kind.BOOLEAN)
    visible: ClassVar = dict.fromkeys(("easy", "medium", "hard"), ("valid-index", "equal-indices", "wrapped-around"))

    def __init__(self) -> None:
        self.slips = (
            Slip(*NOT_FLIPPED, lambda p: _entries(p, cross_correlate1d(p.input, p.kernel, 1, len(p.kernel) - 1))),
            Slip(
                "valid-index",
                "The outputs were counted from the first place at which the whole kernel lies on the input.",
                "Put the index into the definition. Which products are there before the kernel fits entirely?",
                lambda p: _entries(p, convolve1d(p.input, p.kernel)),
            ),
            Slip(
                "equal-indices",
                "Entries with the same index were multiplied, and nothing was added.",
                "The sum has a term for each pair of indices that add up to the wanted one.",
                lambda p: _entries(p, tuple(a * b for a, b in zip(p.input, p.kernel, strict=False))),
            ),
            Slip(
                *WRAPPED[:2],
                "What does a sequence count as before its start and after its end?",
                lambda p: _entries(p, wrapped(p.input, p.kernel)),
            ),
            Slip(
                "size-of-input",
                "The output was taken to be as long as the input.",
                "At how many places do the two sequences overlap, by a single entry at least?",
                lambda p: {"size": len(p.input)},
            ),
            Slip(
                "symmetry-misjudged",
                "It was not seen whether the flip changes the kernel.",
                "Read the kernel backwards. Is it the same?",
                lambda p: {"flip_irrelevant": not _same_unflipped(p)},
            ),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> Sum:
        kernel_size = {"easy": 3, "medium": 4, "hard": 5}[level]
        size = rng.randint(2 * kernel_size - 2, 2 * kernel_size)
        weights = rng.sample(WEIGHTS[level], min(kernel_size, 4))
        if rng.choice((True, False)):
            half = weights[: (kernel_size + 1) // 2]
            kernel = (*half[: kernel_size // 2], *half[::-1])
        else:
            kernel = tuple((*weights, weights[0])[:kernel_size]) if kernel_size < 5 else (*weights, weights[1])
        # One product at the very first place; then one less than there are weights, at both ends but for the easy ones.
        last = rng.randint(kernel_size - 1, size - 1) if level == "easy" else size
        return Sum(tuple([rng.choice(ENTRIES) for _ in range(size)]), kernel, (0, kernel_size - 2, last))

    def solve(self, p: Sum) -> Solved:
        full = convolve1d(p.input, p.kernel, 1, len(p.kernel) - 1)
        if len({*p.entries}) < len(p.entries) or any(n >= len(full) for n in p.entries):
            raise DoesNotFitError(f"the entries are different, and below {len(full)}")
        return {"size": len(full), **_entries(p, full), "flip_irrelevant": _same_unflipped(p)}

    def work(self, p: Sum) -> int:
        return sum(len(_pairs(p, n)) for n in p.entries)

    def fair(self, p: Sum, solved: Solved, level: str) -> bool:
        return bool(_same_unflipped(p) == (p.kernel == p.kernel[::-1]))

    def pose(self, p: Sum, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        f, g, y, m, n = symbols("f g y m n")
        whole = all(value.denominator == 1 for value in (*p.input, *p.kernel))
        geometry = Geometry(len(p.input), len(p.kernel), padding=len(p.kernel) - 1)
        big, small = symbols("M N")
        agrees = "{g} read backwards is {same}, so the flip {changes} the output."
        return Problem(
            title=self.title,
            statement=(
                prose("The convolution {y} of {f} and {g} is defined by", y=y, f=f, g=g),
                Display(equation(call("y", n), Formula("sigma", m, 0, n, call("f", m) * call("g", n - m)))),
                prose("for every {n} from 0 on. The sequences are", n=n),
                Display(equation(f, matrix([p.input]))),
                Display(equation(g, matrix([p.kernel]))),
            ),
            conventions=(
                says.TRUE_CONVOLUTION, says.NO_BIAS, says.ZEROS_BEYOND_ENDS, says.INDEX_FROM_ZERO,
                *exact(p.input, p.kernel),
            ),
            given=line_data(geometry, p.input, p.kernel, "convolve1d"),
            parts=(
                Part("size", "output_size", Kind.INTEGER,
                     prose("For how many {n} does the sum contain at least one product of an entry of {f} and an entry "
                           "of {g}?", n=n, f=f, g=g),
                     "size"),
                *(
                    Part(f"entry_{number}", "output_entry", Kind.INTEGER if whole else Kind.RATIONAL,
                         prose("Compute {y} by the definition.", y=call("y", i)), f"y_{i}", index=(i,))
                    for number, i in enumerate(p.entries, 1)
                ),
                Part("flip_irrelevant", "flip_irrelevant", Kind.BOOLEAN,
                     prose("True or false? If {g} were not flipped, but slid over {f} through the same places, every "
                           "output would be the same.", f=f, g=g),
                     "flip_irrelevant"),
            ),
            steps=(
                Step("size", solved["size"], (
                    prose("{f} has {big} entries and {g} has {small}. The smallest {n} is 0 + 0, the largest one is "
                          "the sum of both last indices, {m1} and {n1}. So their number is",
                          f=f, g=g, n=n, big=symbol("M"), small=symbol("N"), m1=big - 1, n1=small - 1),
                    derived("L", *_length(), M=len(p.input), N=len(p.kernel)),
                )),
                *(Step(f"y_{i}", solved[f"y_{i}"], _entry_blocks(p, i, solved[f"y_{i}"])) for i in p.entries),
                Step("flip_irrelevant", solved["flip_irrelevant"], (
                    prose(agrees, g=g, same="the same", changes="does not change") if p.kernel == p.kernel[::-1]
                    else prose(agrees, g=g, same="different", changes="changes") if not solved["flip_irrelevant"]
                    else prose("The flip changes {g}, but for this {f} the output stays the same.", f=f, g=g),
                )),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _length() -> tuple[Any, ...]:
    first, second = symbols("M N")
    return (first + second - 1,)


def _same_unflipped(p: Sum) -> bool:
    padding = len(p.kernel) - 1
    return convolve1d(p.input, p.kernel, 1, padding) == cross_correlate1d(p.input, p.kernel, 1, padding)


def _entries(p: Sum, values: Vector) -> dict[str, Value]:
    """The asked entries, as far as there are so many values."""
    return {f"y_{n}": values[n] for n in p.entries if n < len(values)}


def _pairs(p: Sum, n: int) -> list[tuple[int, int]]:
    """The pairs of indices of input and kernel that add up to n."""
    return [(m, n - m) for m in range(len(p.input)) if 0 <= n - m < len(p.kernel)]


def _entry_blocks(p: Sum, n: int, value: Any) -> tuple[Block, ...]:
    products = [p.input[m] * p.kernel[k] for m, k in _pairs(p, n)]
    rows = [(m, k, p.input[m], p.kernel[k], p.input[m] * p.kernel[k]) for m, k in _pairs(p, n)]
    return (
        Table(f"Indices m and n − m that add up to {n}", ("m", "n − m", "f(m)", "g(n − m)", "product"), tuple(rows)),
        Display(equation(call("y", n), *[total(products)] * (len(products) > 1), value)),
    )
