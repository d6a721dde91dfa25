"""What the exercises on stacked layers share: records of the layers, the table, and mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar

from cnnex.maths.receptive_field import Field
from cnnex.maths.receptive_field import Layer as Sizes
from cnnex.model import conventions as says
from cnnex.model.prose import Block, Display, Table, prose
from cnnex.model.value import Value
from cnnex.notation.formula import Formula, equation, symbol, symbols
from cnnex.topics._family import Slip

P = TypeVar("P")
Kind = Literal["conv", "pool"]
WORDS = {"conv": "convolution", "pool": "max pooling"}

_SLIPS = {
    "jump-ignored": (
        "The steps were counted as if no layer before had a stride above one.",
        "After a strided layer, how many input pixels lie between two neighbouring places?",
    ),
    "own-stride-counted": (
        "The stride of a layer was counted for this layer's own window.",
        "A window lies on the layer's input. Which strides have shaped that input?",
    ),
    "dilation-ignored": (
        "The dilation was left out.",
        "A dilated kernel has gaps. How many steps of its input does it reach over?",
    ),
    "kernels-added": (
        "The kernel sizes were added.",
        "The first layer sees as many pixels as its kernel has. How many new ones does the second layer bring?",
    ),
    "first-pixel-forgotten": (
        "The steps were counted, but not the pixel at which they start.",
        "Before any layer, how many pixels does a pixel see?",
    ),
}  # fmt: skip


def slip(name: str, solve: Callable[[P], Mapping[str, Value]]) -> Slip[P]:
    """A mistake with receptive fields that several families share, with its words."""
    return Slip(name, *_SLIPS[name], solve)


def record(kind: str, sizes: Sequence[Any]) -> dict[str, Any]:
    """A layer with one channel as torch.nn takes it: kernel size, stride, padding and dilation."""
    settings = {
        name: [size, size] for name, size in zip(("kernel_size", "stride", "padding", "dilation"), sizes, strict=True)
    }
    if kind == "conv":
        return {"layer": "Conv2d", "in_channels": 1, "out_channels": 1, **settings, "bias": True}
    return {"layer": "MaxPool2d", **settings}


def with_own_stride(layers: Sequence[Sizes]) -> list[Sizes]:
    """Layers whose fields grow as if each stride acted on its own layer's window already."""
    strides = [stride for _, stride, _, _ in layers]
    shifted = [
        (kernel_size, stride, padding, dilation)
        for (kernel_size, _, padding, dilation), stride in zip(layers, [*strides[1:], 1], strict=True)
    ]
    return [(1, strides[0], 0, 1), *shifted]


def without_strides(layers: Sequence[Sizes]) -> list[Sizes]:
    """The layers with stride 1."""
    return [(kernel_size, 1, padding, dilation) for kernel_size, _, padding, dilation in layers]


def without_dilation(layers: Sequence[Sizes]) -> list[Sizes]:
    """The layers with dilation 1."""
    return [(kernel_size, stride, padding, 1) for kernel_size, stride, padding, _ in layers]


def conventions(layers: Sequence[Sizes], *more: says.Convention) -> tuple[says.Convention, ...]:
    """What a stack with these layers assumes."""
    padded, dilated = any(padding for _, _, padding, _ in layers), any(dilation != 1 for *_, dilation in layers)
    return (says.RECEPTIVE_FIELD, *[says.PADDING_OF_STACK] * padded, *[says.DILATION] * dilated, *more)


def stack_table(kinds: Sequence[str], layers: Sequence[Sizes]) -> Table:
    """The layers as the statement shows them."""
    rows = tuple(
        (number, WORDS[kind], f"{size} × {size}", stride, padding, dilation)
        for number, (kind, (size, stride, padding, dilation)) in enumerate(zip(kinds, layers, strict=True), 1)
    )
    return Table("The layers, in this order", ("layer", "kind", "window", "stride", "padding", "dilation"), rows)


def growth_table(layers: Sequence[Sizes], found: Sequence[Field]) -> tuple[Block, ...]:
    """The field and the jump after each layer, with the products behind them."""
    r, j, k, d, s, old_r, old_j = symbols("r_new j_new k d s r_old j_old")
    rows = [
        (
            number, size, stride, dilation,
            grown(before, size, dilation, after),
            equation(Formula("mul", before.jump, stride), after.jump),
        )
        for number, ((size, stride, _, dilation), before, after) in enumerate(
            zip(layers, (Field(), *found), found, strict=False), 1
        )
    ]  # fmt: skip
    return (
        prose(
            "We keep two numbers: {r}, the side of the receptive field, and {j}, the jump: how many pixels of the "
            "image lie between two neighbouring places. Before the first layer both are 1. A layer with kernel size "
            "{k}, stride {s} and dilation {d} reaches over {steps} steps of its own input, each {old} pixels long:",
            r=symbol("r"), j=symbol("j"), k=k, s=s, d=d, steps=(k - 1) * d, old=old_j,
        ),
        Display(equation(r, old_r + (k - 1) * d * old_j)),
        Display(equation(j, old_j * s)),
        Table("Field and jump after each layer", ("layer", "k", "s", "d", "r", "j"), tuple(rows)),
    )  # fmt: skip


def grown(before: Field, size: int, dilation: int, after: Field) -> Formula:
    """How the field grows with one layer, in numbers."""
    step = Formula("mul", Formula("add", size, Formula("neg", 1)), dilation, before.jump)
    return equation(Formula("add", before.size, step), after.size)
