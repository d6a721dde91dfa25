"""F33 with symbols: gradients of a one-dimensional layer as sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import starmap
from operator import mul
from typing import Any, ClassVar

from cnnex.maths.geometry import taps
from cnnex.maths.symbolic import derived_gradients
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Display, Prose, prose
from cnnex.model.value import Kind, Name, Padding, Size, Vector
from cnnex.notation.formula import Term, equation, indexed, lines, matrix, polynomial, symbol, total
from cnnex.seeds import Stream
from cnnex.topics._family import LEVELS, Family, Solved
from cnnex.topics._formula import Letter
from cnnex.topics._layers import INPUT_LETTERS, KERNEL_LETTERS, Geometry, conventions, names, tell_apart
from cnnex.topics._sizes import slip as size_slip
from cnnex.topics.backprop._layer import D_Y, check_upstream, given, layer, shared_slip

# How the entries of an upstream gradient may be called.
SEQUENCES = ("abcd", "pqrs", "rstu")
BIASES = ("b", "c", "h")
INDEXED = ("g", "r", "s", "t", "delta", "q")


@dataclass(frozen=True, slots=True)
class Conv1dSymbols:
    """The geometry of a layer, the letters of its data, the names of its upstream gradient.

    Attributes:
        bias: the letter of the bias; empty where there is none.
    """

    size: Size
    kernel_size: Size
    stride: Size
    padding: Padding
    dilation: Size
    input: Name
    kernel: Name
    bias: Letter
    grad_output: tuple[Name, ...]

    @property
    def geometry(self) -> Geometry:
        """The sizes without the letters."""
        return Geometry(self.size, self.kernel_size, self.stride, self.padding, self.dilation)


class Conv1dGradients(Family[Conv1dSymbols]):
    """F33 with symbols: dL/dk and dL/dx as sums."""

    id = "F33-conv1d-symbolic-gradients"
    title = "1D convolution, symbolic gradients"
    params = Conv1dSymbols
    kinds = (Kind.VECTOR, Kind.EXPRESSION)
    visible: ClassVar = dict.fromkeys(LEVELS, ("kernel-direction", "order-reversed", "first-window-only"))
    # Input size, kernel size, stride, padding, dilation: about the same number of products within a level.
    geometries: ClassVar = {
        "easy": [(5, 2, 1, 0, 1), (5, 3, 1, 0, 1)],
        "medium": [(6, 3, 2, 1, 1), (7, 3, 2, 0, 1), (8, 3, 2, 0, 1), (4, 3, 1, 1, 1)],
        "hard": [(7, 3, 2, 1, 1), (8, 3, 2, 1, 1), (9, 3, 2, 1, 2), (7, 3, 1, 0, 2), (9, 3, 2, 0, 2)],
    }

    def __init__(self) -> None:
        self.slips = (
            shared_slip("kernel-direction", lambda p: {"grad_input": _derive(p, flipped=True)[1]}),
            shared_slip("order-reversed", lambda p: {"grad_weight": _derive(p)[0][::-1]}),
            shared_slip("first-window-only", self._first_window_only),
            size_slip("stride-ignored", lambda p: _squeezed(replace(p, stride=1)) if p.stride > 1 else {}),
            size_slip("dilation-ignored", lambda p: _squeezed(replace(p, dilation=1)) if p.dilation > 1 else {}),
            shared_slip("bias-gradient-one", lambda p: {"grad_bias": 1} if p.bias else {}),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> Conv1dSymbols:
        geometry = rng.choice(self.geometries[level])
        outputs = len(taps(*geometry))
        x = rng.choice(INPUT_LETTERS)
        b = rng.choice(BIASES) if level != "easy" else ""
        # Beside a bias nothing else has a letter that reads as one.
        taken = {*BIASES} if b else set()
        k = rng.choice([letter for letter in KERNEL_LETTERS if letter not in taken])
        styles = [tuple(letters[:outputs]) for letters in SEQUENCES] + [tuple(names(base, outputs)) for base in INDEXED]
        clear = [style for style in styles if not {x, k, *taken} & {name.partition("_")[0] for name in style}]
        return Conv1dSymbols(*geometry, x, k, b, rng.choice(clear))

    def solve(self, p: Conv1dSymbols) -> dict[str, Any]:
        tell_apart(p.input, p.kernel, p.grad_output, *filter(None, (p.bias,)), used="y L")
        check_upstream((len(p.grad_output),), (len(taps(*p.geometry)),))
        weights, inputs, bias = _derive(p)
        solved = {"grad_weight": weights, "grad_input": inputs}
        return {**solved, "grad_bias": bias} if p.bias else solved

    def work(self, p: Conv1dSymbols) -> int:
        return 2 * sum(map(len, taps(*p.geometry)))

    def _first_window_only(self, p: Conv1dSymbols) -> Solved:
        first = p.grad_output[0]
        weights, *_ = derived_gradients(*_names(p), p.grad_output, p.stride, p.padding, p.dilation)
        return {"grad_weight": tuple(polynomial([t for t in terms if first in t[1]]) for terms in weights)}

    def pose(self, p: Conv1dSymbols, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        x, k = _names(p)
        rows = taps(*p.geometry)
        return Problem(
            title=self.title,
            statement=(
                layer(p.geometry, p.input, p.kernel, symbol(p.bias) if p.bias else None),
                Display(equation(symbol(p.input), matrix([map(symbol, x)]))),
                Display(equation(symbol(p.kernel), matrix([map(symbol, k)]))),
                Display(equation(D_Y, matrix([map(symbol, p.grad_output)]))),
            ),
            conventions=conventions(
                says.INDEX_FROM_ONE, padded=p.padding > 0, dilated=p.dilation > 1, biased=bool(p.bias)
            ),
            given=given(p.geometry, x, k, p.grad_output, p.bias or None),
            parts=(
                Part(
                    "grad_weight", "grad_weight", Kind.VECTOR,
                    prose("Derive {d}, one expression for each weight.", d=symbol(f"dL/d{p.kernel}")),
                    "grad_weight", symbols=(*p.grad_output, *k, *x),
                ),
                Part(
                    "grad_input", "grad_input", Kind.VECTOR,
                    prose("Derive {d}, one expression for each input.", d=symbol(f"dL/d{p.input}")),
                    "grad_input", symbols=(*p.grad_output, *k, *x),
                ),
                *([_bias_part(p)] if p.bias else []),
            ),
            steps=(
                Step("grad_weight", solved["grad_weight"], (
                    prose("The outputs are"),
                    *(
                        Display(equation(y, _output(p, row)))
                        for y, row in zip(indexed("y", len(rows)), rows, strict=True)
                    ),
                    prose("Each weight goes into every output in whose window it meets an input. By the chain rule"),
                    *(_chain(name, [
                        (output, tap) for output, row in enumerate(rows) for tap, _ in row if k[tap] == name
                    ], entry) for name, entry in zip(k, solved["grad_weight"], strict=True)),
                )),
                Step("grad_input", solved["grad_input"], (
                    prose("Each input goes into the outputs whose windows cover it:"),
                    *(_chain(name, [
                        (output, place) for output, row in enumerate(rows) for _, place in row if x[place] == name
                    ], entry) for name, entry in zip(x, solved["grad_input"], strict=True)),
                    _check(p, solved),
                )),
                *([_bias_step(p, solved)] if p.bias else []),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _names(p: Conv1dSymbols) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(names(p.input, p.size)), tuple(names(p.kernel, p.kernel_size))


@lru_cache(maxsize=64)
def _derive(p: Conv1dSymbols, *, flipped: bool = False) -> tuple[Vector, Vector, Term]:
    """dL/dk, dL/dx and dL/db as formulas; `flipped` differentiates a layer whose kernel runs backward."""
    x, k = _names(p)
    steps = (p.stride, p.padding, p.dilation)
    weights, inputs, bias = derived_gradients(x, k[::-1] if flipped else k, p.grad_output, *steps)
    return tuple(map(polynomial, weights)), tuple(map(polynomial, inputs)), polynomial(bias)


def _squeezed(p: Conv1dSymbols) -> Solved:
    """Both gradients when the windows need fewer inputs than there are; the rest receives nothing."""
    reach = (len(p.grad_output) - 1) * p.stride + p.geometry.extent - 2 * p.padding
    if reach >= p.size or reach < 1:
        return {}
    weights, inputs, _ = _derive(replace(p, size=reach))
    return {"grad_weight": weights, "grad_input": inputs + (0,) * (p.size - reach)}


def _output(p: Conv1dSymbols, row: Sequence[tuple[int, int]]) -> Term:
    """One output: the products of its window, and the bias."""
    x, k = _names(p)
    products = [(symbol(k[tap]), symbol(x[place])) for tap, place in row]
    return total([*starmap(mul, products), *([symbol(p.bias)] if p.bias else [])])


def _bias_part(p: Conv1dSymbols) -> Part:
    return Part(
        "grad_bias", "grad_bias", Kind.EXPRESSION, prose("Derive {d}.", d=symbol(f"dL/d{p.bias}")), "grad_bias",
        symbols=p.grad_output,
    )  # fmt: skip


def _bias_step(p: Conv1dSymbols, solved: Solved) -> Step:
    outputs = range(1, len(p.grad_output) + 1)
    paths = total([symbol(f"dL/dy_{o}") * symbol(f"dy_{o}/d{p.bias}") for o in outputs])
    return Step("grad_bias", solved["grad_bias"], (
        prose("The bias goes into every output with factor 1:"),
        Display(lines(symbol(f"dL/d{p.bias}"), ("=", paths), ("=", solved["grad_bias"]))),
    ))  # fmt: skip


def _check(p: Conv1dSymbols, solved: Solved) -> Prose:
    """Each product of a window stands once in both gradients."""
    count = sum(map(len, taps(*p.geometry)))
    return prose(
        "Check: each of the {n} products of a weight and an input gives one term to the gradient of the weight and "
        "one to the gradient of the input. Both lists have {n} terms.",
        n=count,
    )


def _chain(name: str, meets: list[tuple[int, int]], entry: Term) -> Display:
    """The chain rule for one name that goes into the given outputs."""
    if not meets:
        return Display(equation(symbol(f"dL/d{name}"), 0))
    paths = total([symbol(f"dL/dy_{o + 1}") * symbol(f"dy_{o + 1}/d{name}") for o, _ in meets])
    return Display(lines(symbol(f"dL/d{name}"), ("=", paths), ("=", entry)))
