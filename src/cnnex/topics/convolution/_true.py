"""F13: true convolution over a whole input, full, valid or same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from cnnex.maths.correlation import Pairs, convolve1d, cross_correlate1d, products1d, sum_of_products
from cnnex.maths.geometry import DoesNotFitError, pad_vector
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, prose
from cnnex.model.value import Kind, Size, Value, Vector
from cnnex.notation.formula import equation, matrix, symbol, symbols
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved, lively
from cnnex.topics._layers import Geometry, derived, draw_line, exact, line_data, size_blocks, slip, window_table
from cnnex.topics._sizes import slip as size_slip

Mode = Literal["valid", "same", "full"]
MODES = {"easy": "full", "medium": "same", "hard": "full"}
# Lengths of input and kernel, stride: within a level about as many products of entries that are not padding.
LENGTHS = {
    "easy": [(4, 2, 1), (3, 3, 1), (5, 2, 1)],
    "medium": [(6, 3, 1), (7, 3, 1), (5, 5, 1), (8, 4, 2), (7, 5, 2)],
    "hard": [(6, 3, 1), (5, 4, 1), (7, 3, 1)],
}
NOT_FLIPPED = (
    "kernel-not-flipped",
    "The kernel was not flipped, as in cross-correlation.",
    "Which weight of the kernel meets the first entry of a window in a true convolution?",
)
WRAPPED = (
    "wrapped-around",
    "The input was continued at its other end, as in circular convolution.",
    "What stands beyond the ends of the input? See the rule for padding.",
)
WORDS = {
    "valid": " and takes every place at which all of it lies on the input (“valid”).",
    "same": ". On each side the input gets so many zeros that the output is as long as the input (“same”).",
    "full": " and takes every place at which they overlap in at least one entry (“full”).",
}


@dataclass(frozen=True, slots=True)
class Signal:
    """An input and a kernel.

    Attributes:
        mode: which outputs there are: `valid`, `same` or `full`.
    """

    input: Vector
    kernel: Vector
    stride: Size
    mode: Mode

    @property
    def padding(self) -> int:
        """What leads to the mode's output.

        Raises:
            DoesNotFitError: no padding on both sides makes the output as long as the input.
        """
        if self.mode == "valid":
            return 0
        if self.mode == "full":
            return len(self.kernel) - 1
        missing = self.stride * (len(self.input) - 1) + len(self.kernel) - len(self.input)
        if missing % 2:
            raise DoesNotFitError("no padding that is equal on both sides makes the output as long as the input")
        return missing // 2

    def geometry(self, padding: int) -> Geometry:
        """Sizes in place of the numbers."""
        return Geometry(len(self.input), len(self.kernel), self.stride, padding)


class TrueConvolution(Family[Signal]):
    """F13: padding, size, indices and values of a true convolution."""

    id = "F13-true-convolution"
    title = "True convolution: full, valid, same"
    params = Signal
    kinds = (Kind.INTEGER, Kind.VECTOR)
    visible: ClassVar = {
        # Where nothing is padded, there are only these.
        "easy": ("kernel-not-flipped", "wrong-step"),
        "medium": ("kernel-not-flipped", "padding-forgotten", "both-sides-named"),
        "hard": ("kernel-not-flipped", "padding-forgotten", "valid-taken-as-first", "wrapped-around"),
    }

    def __init__(self) -> None:
        self.slips = (
            Slip(*NOT_FLIPPED, lambda p: {"output": cross_correlate1d(p.input, p.kernel, p.stride, p.padding)}),
            size_slip("padding-forgotten", lambda p: _solved(p, 0, p.stride) if p.padding else {}),
            slip("wrong-step", lambda p: _solved(p, p.padding, p.geometry(p.padding).wrong_step)),
            Slip(
                "both-sides-named",
                "The zeros of both sides were counted together.",
                "Padding p stands for the zeros on one side. How many are added in all?",
                lambda p: {"padding": 2 * p.padding},
            ),
            Slip(
                "valid-taken-as-first",
                "The first output of the valid convolution was taken as output zero of the full one.",
                "How many entries of the full convolution come before the kernel fits on the input entirely?",
                lambda p: (
                    {"valid_range": tuple(range(len(p.input) - len(p.kernel) + 1))} if _has_valid_range(p) else {}
                ),
            ),
            Slip(*WRAPPED, _on_circle),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> Signal:
        size, kernel_size, stride = rng.choice(LENGTHS[level])
        line = draw_line(rng, level, Geometry(size, kernel_size))
        return Signal(line.input, line.kernel, stride, MODES[level])  # type: ignore[arg-type]

    def draw_like(self, rng: Stream, level: str, pattern: Mapping[str, Any]) -> Signal:
        """Of the pattern's lengths and mode, so as much work."""
        line = draw_line(rng, level, Geometry(len(pattern["input"]), len(pattern["kernel"])))
        return Signal(line.input, line.kernel, pattern["stride"], pattern["mode"])

    def solve(self, p: Signal) -> Solved:
        return {**_solved(p, p.padding, p.stride), "padding": p.padding}

    def work(self, p: Signal) -> int:
        """Products, but those with padding."""
        return sum(map(len, products1d(p.input, p.kernel, p.stride, p.padding)))

    def fair(self, p: Signal, solved: Solved, level: str) -> bool:
        return p.kernel != p.kernel[::-1] and lively(solved["output"], level)

    def pose(self, p: Signal, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        padded = p.mode != "valid"
        f, g, y = symbols("f g y")
        pairs = list(_asked(p, solved))
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "The flipped kernel {g} slides over the input {f} with stride {s}{words} The output is {y}.",
                    y=y, f=f, g=g, s=p.stride, words=WORDS[p.mode],
                ),
                Display(equation(f, matrix([p.input]))),
                Display(equation(g, matrix([p.kernel]))),
            ),
            conventions=(
                says.TRUE_CONVOLUTION, says.NO_BIAS, *[says.ROUND_DOWN] * (p.stride > 1), *[says.ZERO_PADDING] * padded,
                *[says.SAME_FOR_EVERY_STRIDE] * (p.mode == "same" and p.stride > 1), says.INDEX_FROM_ZERO,
                *exact(p.input, p.kernel),
            ),
            given=line_data(p.geometry(p.padding), p.input, p.kernel, "convolve1d"),
            parts=tuple(part for part, _ in pairs),
            steps=tuple(Step(part.answered_by, solved[part.answered_by], blocks) for part, blocks in pairs),
            mistakes=mistakes,
        )  # fmt: skip


def wrapped(x: Vector, kernel: Vector) -> Vector:
    """Circular convolution: beyond its end the input begins again.

    >>> wrapped((1, 2, 3), (1, 10))
    (31, 12, 23)
    """
    return tuple(
        sum_of_products([(weight, x[(n - j) % len(x)]) for j, weight in enumerate(kernel)]) for n in range(len(x))
    )


def _on_circle(p: Signal) -> dict[str, Value]:
    """A “same” output begins inside the circle; a full one is the whole circle, once."""
    if not p.padding or p.stride > 1:
        return {}
    output, size, padding = wrapped(p.input, p.kernel), len(p.input), p.padding
    if p.mode == "full":
        return {"output": output}
    return {
        "padded": tuple(p.input[i % size] for i in range(-padding, size + padding)),
        "output": tuple(output[(i + padding) % size] for i in range(size)),
    }


def _has_valid_range(p: Signal) -> bool:
    return p.mode == "full" and p.stride == 1 and len(p.input) >= len(p.kernel) > 1


def _solved(p: Signal, padding: int, stride: int) -> dict[str, Value]:
    output = convolve1d(p.input, p.kernel, stride, padding)
    solved: dict[str, Value] = {
        "size": len(output),
        "range": tuple(range(len(output))),
        "padded": pad_vector(p.input, padding, padding),
        "output": output,
    }
    if _has_valid_range(p) and padding:
        solved["valid_range"] = tuple(range(len(p.kernel) - 1, len(p.input)))
    return solved


def _asked(p: Signal, solved: Solved) -> list[tuple[Part, tuple[Block, ...]]]:
    """Each part with the explanation of its step."""
    n, m, s, b, length = symbols("n m s p L")
    size = Part("size", "output_size", Kind.INTEGER, prose("How many entries does the output have?"), "size")
    window = Part("range", "output_range", Kind.VECTOR, prose("List the indices of its entries."), "range",
                  builds_on=("size",))  # fmt: skip
    window_blocks = (prose("The {l} outputs are counted from 0 to {last}.", l=solved["size"], last=solved["size"] - 1),)
    output = Part("output", "output", Kind.VECTOR, prose("Compute the output {y}.", y=symbol("y")), "output")
    flipped = equation(symbol("g_flipped"), matrix([p.kernel[::-1]]))
    output_blocks: tuple[Block, ...] = (
        prose("The kernel is read backwards, then it slides:"),
        Display(flipped),
        window_table(
            "Each output: weights of the flipped kernel times entries of its window",
            [symbol(f"y_{i}") for i in range(solved["size"])],
            _windows(p),
            solved["output"],
        ),
    )
    if p.mode == "valid":
        return [(size, size_blocks(p.geometry(0))), (window, window_blocks), (output, output_blocks)]
    padding = Part(
        "padding", "padding", Kind.INTEGER, prose("How many zeros of padding does this convolution need on each side?"),
        "padding", given={"output_size": solved["size"]},
    )  # fmt: skip
    if p.mode == "full":
        padding_blocks: tuple[Block, ...] = (
            prose("At its first place only the last of the flipped kernel's {m} weights meets the input:", m=m),
            derived("p", m - 1, m=len(p.kernel)),
        )  # fmt: skip
        size_words: tuple[Block, ...] = (
            prose("With {n} inputs and {m} weights the number of places at which they overlap:", n=n, m=m),
            derived("L", n + m - 1, n=len(p.input), m=len(p.kernel)),
        )
    else:
        formula = (s * (length - 1) + m - n) / 2
        padding_blocks = (
            prose("The size formula with {l} outputs, solved for {p}:", l=equation(length, n), p=b),
            derived("p", formula, s=p.stride, L=len(p.input), m=len(p.kernel), n=len(p.input)),
        )
        size_words = (prose("“Same” means as many outputs as inputs: {n}.", n=len(p.input)),)
    padded_part = Part(
        "padded_input", "padded_input", Kind.VECTOR, prose("Write the input with its padding."), "padded",
        builds_on=("padding",),
    )  # fmt: skip
    asked = [
        (size, size_words),
        (window, window_blocks),
        (padding, padding_blocks),
        (padded_part, (prose("The zeros stand on each side of the input, {p} on each.", p=p.padding),)),
        (output, output_blocks),
    ]
    if "valid_range" in solved:
        first, last = len(p.kernel) - 1, len(p.input) - 1
        words = "All of the kernel lies on the input from index {first} to index {last}, the index of the last input."
        if first == last:
            words = "All of the kernel lies on the input only at index {first}, which is the index of the last input."
        valid = prose("For which indices does the whole kernel lie on the input, without any zero of the padding?")
        part = Part("valid_range", "valid_range", Kind.VECTOR, valid, "valid_range", builds_on=("padding",))
        asked.append((part, (prose(words, first=equation(m - 1, first), last=equation(n - 1, last)),)))
    return asked


def _windows(p: Signal) -> list[Pairs]:
    """The products of each output, those with padding among them."""
    return products1d(pad_vector(p.input, p.padding, p.padding), p.kernel[::-1], p.stride)
