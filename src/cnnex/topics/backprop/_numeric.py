"""F33 with numbers: gradients of a one-dimensional layer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from cnnex.maths import backprop as maths
from cnnex.maths.correlation import products1d, sum_of_products
from cnnex.maths.geometry import taps
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, Table, prose
from cnnex.model.value import Kind, Padding, Size, Vector
from cnnex.notation.formula import equation, matrix, product_sum, symbol, total
from cnnex.seeds import Stream
from cnnex.topics._family import LEVELS, Family, Solved, lively
from cnnex.topics._layers import Geometry, conventions, exact
from cnnex.topics._sizes import slip as size_slip
from cnnex.topics.backprop._layer import D_B, D_K, D_X, D_Y, check_upstream, given, layer, number_kind, shared_slip


@dataclass(frozen=True, slots=True)
class Conv1dNumbers:
    """A layer's input, kernel and bias (or None), and the upstream gradient."""

    input: Vector
    kernel: Vector
    bias: int | None
    grad_output: Vector
    stride: Size
    padding: Padding
    dilation: Size

    @property
    def geometry(self) -> Geometry:
        """Sizes in place of the numbers."""
        return Geometry(len(self.input), len(self.kernel), self.stride, self.padding, self.dilation)


class Conv1dBackward(Family[Conv1dNumbers]):
    """F33 with numbers: dL/dk, dL/dx and dL/db."""

    id = "F33-conv1d-backward"
    title = "1D convolution, backward"
    params = Conv1dNumbers
    kinds = (Kind.VECTOR, Kind.INTEGER, Kind.RATIONAL)
    visible: ClassVar = dict.fromkeys(LEVELS, ("kernel-direction", "order-reversed", "first-window-only"))
    # Input size, kernel size, stride, padding, dilation: about the same number of products within a level.
    geometries: ClassVar = {
        "easy": [(5, 3, 1, 0, 1), (5, 2, 1, 0, 1)],
        "medium": [(6, 3, 1, 0, 1), (9, 3, 2, 0, 1), (5, 3, 1, 1, 1), (8, 3, 2, 1, 1)],
        "hard": [(8, 3, 2, 1, 1), (9, 3, 2, 1, 1), (8, 3, 1, 0, 2), (11, 3, 2, 0, 2), (10, 3, 2, 1, 2)],
    }

    def __init__(self) -> None:
        self.slips = (
            shared_slip("kernel-direction", lambda p: {"grad_input": self.solve(_reversed(p))["grad_input"]}),
            shared_slip("order-reversed", lambda p: {"grad_weight": self.solve(p)["grad_weight"][::-1]}),
            shared_slip("first-window-only", lambda p: {"grad_weight": self.solve(_first_window(p))["grad_weight"]}),
            size_slip("stride-ignored", lambda p: self._squeezed(replace(p, stride=1)) if p.stride > 1 else {}),
            size_slip("dilation-ignored", lambda p: self._squeezed(replace(p, dilation=1)) if p.dilation > 1 else {}),
            shared_slip("bias-gradient-one", lambda p: {} if p.bias is None else {"grad_bias": 1}),
        )

    def draw(self, rng: Stream, level: str) -> Conv1dNumbers:
        size, kernel_size, stride, padding, dilation = rng.choice(self.geometries[level])
        outputs = len(taps(size, kernel_size, stride, padding, dilation))
        weights = [1, 2, 3, 4] if level == "easy" else [-3, -2, -1, 1, 2, 3]
        upstream = [1, 2, 3, -1, -2] if level == "easy" else [-3, -2, -1, 1, 2, 3, 4]
        return Conv1dNumbers(
            input=tuple(rng.choice([-3, -2, -1, 1, 2, 3, 4, 5]) for _ in range(size)),
            kernel=tuple(rng.sample(weights, kernel_size)),
            bias=None if level == "easy" else rng.choice((-3, -2, -1, 1, 2, 3)),
            grad_output=tuple(rng.choice(upstream) for _ in range(outputs)),
            stride=stride,
            padding=padding,
            dilation=dilation,
        )

    def solve(self, p: Conv1dNumbers) -> dict[str, Any]:
        check_upstream((len(p.grad_output),), (len(taps(*p.geometry)),))
        steps = (p.stride, p.padding, p.dilation)
        solved = {
            "grad_weight": maths.grad_weight1d(p.input, p.grad_output, len(p.kernel), *steps),
            "grad_input": maths.grad_input1d(len(p.input), p.grad_output, p.kernel, *steps),
        }
        return solved if p.bias is None else {**solved, "grad_bias": sum(p.grad_output)}

    def work(self, p: Conv1dNumbers) -> int:
        return 2 * sum(map(len, taps(*p.geometry)))

    def fair(self, p: Conv1dNumbers, solved: Solved, level: str) -> bool:
        plain_upstream = p.grad_output == p.grad_output[::-1]
        return not plain_upstream and lively(solved["grad_weight"], level) and lively(solved["grad_input"], level)

    def _squeezed(self, p: Conv1dNumbers) -> Solved:
        """Both gradients when the windows need fewer inputs than there are; the rest receives nothing."""
        reach = (len(p.grad_output) - 1) * p.stride + p.geometry.extent - 2 * p.padding
        if reach >= len(p.input):
            return {}
        solved = self.solve(replace(p, input=p.input[:reach]))
        rest = (0,) * (len(p.input) - reach)
        return {"grad_weight": solved["grad_weight"], "grad_input": solved["grad_input"] + rest}

    def pose(self, p: Conv1dNumbers, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        x, k, geometry = symbol("x"), symbol("k"), p.geometry
        biased = p.bias is not None
        bias_part = (
            Part("grad_bias", "grad_bias", number_kind(sum(p.grad_output)), prose("Compute {d}.", d=D_B), "grad_bias"),
        )  # fmt: skip
        bias_step = Step("grad_bias", solved.get("grad_bias", 0), (
            prose("The bias goes into every output with factor 1, so its gradient is the sum of the upstream entries:"),
            Display(equation(D_B, total(p.grad_output), sum(p.grad_output))),
        ))  # fmt: skip
        return Problem(
            title=self.title,
            statement=(
                layer(geometry, bias=p.bias),
                Display(equation(x, matrix([p.input]))),
                Display(equation(k, matrix([p.kernel]))),
                Display(equation(D_Y, matrix([p.grad_output]))),
            ),
            conventions=conventions(
                says.INDEX_FROM_ONE, *exact(p.input, p.kernel, p.grad_output),
                padded=p.padding > 0, dilated=p.dilation > 1, biased=biased,
            ),
            given=given(geometry, p.input, p.kernel, p.grad_output, p.bias),
            parts=(
                Part("grad_weight", "grad_weight", Kind.VECTOR, prose("Compute {d}.", d=D_K), "grad_weight"),
                Part("grad_input", "grad_input", Kind.VECTOR, prose("Compute {d}.", d=D_X), "grad_input"),
                *(bias_part if biased else ()),
            ),
            steps=(
                Step("grad_weight", solved["grad_weight"], self._weight_steps(p, solved)),
                Step("grad_input", solved["grad_input"], self._input_steps(p, solved)),
                *((bias_step,) if biased else ()),
            ),
            mistakes=mistakes,
        )  # fmt: skip

    def _weight_steps(self, p: Conv1dNumbers, solved: Solved) -> tuple[Block, ...]:
        pairs = maths.weight_products(p.input, p.grad_output, len(p.kernel), p.stride, p.padding, p.dilation)
        return (
            prose("A weight is used in every window. By the chain rule each window adds its upstream entry times the "
                  "input that the weight meets there."),
            _table("Gradient for each weight", "dL/dk", "upstream entry · input", pairs, solved["grad_weight"]),
        )  # fmt: skip

    def _input_steps(self, p: Conv1dNumbers, solved: Solved) -> tuple[Block, ...]:
        steps = (p.stride, p.padding, p.dilation)
        pairs = maths.input_products(len(p.input), p.grad_output, p.kernel, *steps)
        along_k = sum_of_products(list(zip(p.kernel, solved["grad_weight"], strict=True)))
        along_x = sum_of_products(list(zip(p.input, solved["grad_input"], strict=True)))
        output = map(sum_of_products, products1d(p.input, p.kernel, *steps))
        along_y = sum_of_products(list(zip(p.grad_output, output, strict=True)))
        return (
            prose("An input is used by each window that covers it, there with the weight that meets it."),
            _table("Gradient for each input", "dL/dx", "upstream entry · weight", pairs, solved["grad_input"]),
            prose(
                "Check: without the bias the output is linear in {k} and in {x}, so these three sums agree: weights "
                "times their gradients, {a}; inputs times theirs, {b}; outputs times the upstream gradient, {c}.",
                k=symbol("k"), x=symbol("x"), a=along_k, b=along_x, c=along_y,
            ),
        )  # fmt: skip


def _table(caption: str, gradient: str, products: str, pairs: list[Any], values: Any) -> Table:
    return Table(
        caption,
        ("entry", products, "sum"),
        tuple(
            (symbol(f"{gradient}_{i}"), product_sum(row), value)
            for i, (row, value) in enumerate(zip(pairs, values, strict=True), 1)
        ),
    )


def _reversed(p: Conv1dNumbers) -> Conv1dNumbers:
    return replace(p, kernel=p.kernel[::-1])


def _first_window(p: Conv1dNumbers) -> Conv1dNumbers:
    return replace(p, grad_output=(p.grad_output[0],) + (0,) * (len(p.grad_output) - 1))
