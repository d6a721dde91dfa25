"""What numeric and symbolic gradients of a one-dimensional layer say alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cnnex.model import conventions as says
from cnnex.model.prose import Prose, prose
from cnnex.model.value import Value, Vector
from cnnex.notation.formula import symbol
from cnnex.topics._family import Slip

D_X, D_Y, D_K, D_B = map(symbol, ("dL/dx", "dL/dy", "dL/dk", "dL/db"))
CONVENTIONS = (says.CROSS_CORRELATION, says.ZERO_PADDING, says.INDEX_FROM_ONE)

_WORDS = {
    "kernel-direction": (
        "In the gradient for the input the weights were met in the wrong order.",
        "Take one input. Which outputs use it, and with which weight does each of them use it?",
    ),
    "order-reversed": (
        "The gradient for the kernel came out in reversed order.",
        "Which input does the first weight meet in the first window?",
    ),
    "first-window-only": (
        "Only the first window was used for the gradient of the kernel.",
        "The same weights are used at every position of the window. What follows for their gradient?",
    ),
    "averaged": (
        "The contributions to a weight were averaged.",
        "What does the chain rule do with several paths from one weight to the loss?",
    ),
    "stride-ignored": (
        "The windows were taken to start at neighbouring inputs, without the stride.",
        "Where does the second window begin?",
    ),
    "dilation-ignored": (
        "The dilation was left out: the taps were taken to lie side by side.",
        "Which inputs does the first window meet?",
    ),
}


def shared_slip(name: str, solve: Callable[[Any], Mapping[str, Value]]) -> Slip[Any]:
    """A mistake that numeric and symbolic gradients share, with its words."""
    return Slip(name, *_WORDS[name], solve)


def layer(stride: int, padding: int, dilation: int, bias: Prose, x: str = "x", k: str = "k") -> Prose:
    """The statement's sentence about the layer."""
    return prose(
        "A one-dimensional convolution layer with stride {s}, padding {p} and dilation {d}, {bias}, maps {x} to y with "
        "kernel {k}. The upstream gradient {g} of a loss L is given.",
        s=stride, p=padding, d=dilation, bias=bias, x=symbol(x), k=symbol(k), g=D_Y,
    )  # fmt: skip


def given(x: Vector, k: Vector, g: Vector, stride: int, padding: int, dilation: int) -> dict[str, Any]:
    """The layer and its upstream gradient for a machine."""
    return {
        "operation": "conv1d",
        "input": list(x),
        "weight": list(k),
        "grad_output": list(g),
        "stride": [stride],
        "padding": [padding],
        "dilation": [dilation],
        "groups": 1,
    }
