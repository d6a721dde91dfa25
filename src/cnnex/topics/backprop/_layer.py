"""What numeric and symbolic gradients of a one-dimensional layer say alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cnnex.maths.geometry import DoesNotFitError
from cnnex.model.prose import Prose, prose
from cnnex.model.value import Kind, Value, Vector, to_json
from cnnex.notation.formula import Term, equation, symbol
from cnnex.topics._family import Slip
from cnnex.topics._layers import Geometry, line_data, settings

D_X, D_Y, D_K, D_B = map(symbol, ("dL/dx", "dL/dy", "dL/dk", "dL/db"))

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
    "bias-gradient-one": (
        "The gradient for the bias was taken to be one.",
        "Into how many outputs does the bias go, and what does each of them pass back?",
    ),
}


def shared_slip(name: str, solve: Callable[[Any], Mapping[str, Value]]) -> Slip[Any]:
    """A mistake that numeric and symbolic gradients share, with its words."""
    return Slip(name, *_WORDS[name], solve)


def check_upstream(found: tuple[int, ...], output: tuple[int, ...]) -> None:
    """Refuses an upstream gradient that doesn't have the output's shape.

    Raises:
        DoesNotFitError: they differ.
    """

    def words(shape: tuple[int, ...]) -> str:
        return "×".join(map(str, shape)) if len(shape) > 1 else f"of length {shape[0]}"

    if found != output:
        raise DoesNotFitError(f"grad_output is {words(found)}, but the output is {words(output)}")


def number_kind(value: Any) -> Kind:
    """The kind of a single exact number."""
    return Kind.INTEGER if value.denominator == 1 else Kind.RATIONAL


def layer(geometry: Geometry, x: str = "x", k: str = "k", bias: Term | None = None) -> Prose:
    """The statement's sentences about the layer."""
    named = equation(symbol("b"), bias) if isinstance(bias, int) else bias
    return prose(
        "A one-dimensional convolution layer with {settings}{bias} maps {x} to {y} with kernel {k}. "
        "The upstream gradient {g} of a loss {L} is given.",
        settings=settings(geometry.stride, geometry.padding, geometry.dilation),
        bias="" if named is None else prose(", and with bias {b},", b=named),
        x=symbol(x), y=symbol("y"), k=symbol(k), g=D_Y, L=symbol("L"),
    )  # fmt: skip


def given(geometry: Geometry, x: Vector, k: Vector, g: Vector, bias: int | str | None = None) -> dict[str, Any]:
    """The layer and its upstream gradient for a machine."""
    return line_data(geometry, x, k) | {"bias": None if bias is None else [bias], "grad_output": to_json(g)}
