"""A network as a bank writes it and as a family draws it: an input and a stack of named layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, Struct

from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.stack import COUNTED, POOLS, WINDOWS, Layer, Row, table
from cnnex.model.prose import Inline, Table
from cnnex.model.value import Padding, Size
from cnnex.seeds import Stream

Label = Annotated[str, Meta(pattern="^[A-Za-z][A-Za-z0-9]{0,15}$")]


class Record(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="layer"):
    """A named layer, in the words of torch.nn; windows are square."""

    words: ClassVar[str]
    name: Label

    @property
    def layer(self) -> Layer:
        """The layer without its name."""
        return Layer(type(self).__name__)


class Conv2d(Record, frozen=True, tag=True):
    """A convolution; its input channels follow from what comes before."""

    words = "convolution"
    out_channels: Size
    kernel_size: Size
    stride: Size = 1
    padding: Padding = 0
    dilation: Size = 1
    bias: bool = True

    @property
    def layer(self) -> Layer:
        return Layer("Conv2d", self.out_channels, self.kernel_size, self.stride, self.padding, self.dilation, self.bias)


class MaxPool2d(Record, frozen=True, tag=True):
    """Max pooling."""

    words = "max pooling"
    kernel_size: Size
    stride: Size
    padding: Padding = 0

    @property
    def layer(self) -> Layer:
        return Layer(type(self).__name__, 0, self.kernel_size, self.stride, self.padding)


class AvgPool2d(MaxPool2d, frozen=True, tag=True):
    """Average pooling."""

    words = "average pooling"


class BatchNorm2d(Record, frozen=True, tag=True):
    """Batch normalization."""

    words = "batch normalization"


class ReLU(Record, frozen=True, tag=True):
    """The activation max(0, x)."""

    words = "ReLU"


class Flatten(Record, frozen=True, tag=True):
    """All values in one row, before the first fully connected layer."""

    words = "flatten"


class Linear(Record, frozen=True, tag=True):
    """A fully connected layer; its inputs follow from what comes before."""

    words = "fully connected"
    out_features: Size
    bias: bool = True

    @property
    def layer(self) -> Layer:
        return Layer("Linear", self.out_features, bias=self.bias)


AnyLayer = Conv2d | MaxPool2d | AvgPool2d | BatchNorm2d | ReLU | Flatten | Linear
KINDS: dict[str, type[Any]] = {
    each.__name__: each for each in (Conv2d, MaxPool2d, AvgPool2d, BatchNorm2d, ReLU, Flatten, Linear)
}


@dataclass(frozen=True)  # no slots: a variant's mistakes and its words ask for stack and rows again and again
class Network:
    """What a layer table is made from.

    Attributes:
        input_shape: channels, height, width.
        layers: in the order in which they are applied.
        order: of the axes in answers, channels first or last.
        ask_zeros: ask for the parameters and the multiply-accumulates of layers that have none, too.
    """

    input_shape: tuple[Size, Size, Size]
    layers: Annotated[tuple[AnyLayer, ...], Meta(min_length=1, max_length=40)]
    order: Literal["CHW", "HWC"]
    ask_zeros: bool

    @cached_property
    def stack(self) -> tuple[Layer, ...]:
        """The layers without their names."""
        return tuple([each.layer for each in self.layers])

    @cached_property
    def layout(self) -> tuple[tuple[str, str], ...]:
        """Name and kind of each layer."""
        return tuple([(each.name, type(each).__name__) for each in self.layers])

    @cached_property
    def rows(self) -> list[Row]:
        """The layer table."""
        return table(self.input_shape, self.stack)

    def check(self) -> None:
        """Refuses names that stand twice."""
        names = [each.name for each in self.layers]
        for name in names:
            if names.count(name) > 1:
                raise DoesNotFitError(f"two layers have the name {name}")

    def ordered(self, value: Any) -> Any:
        """A shape, channels first, in the order of the answers; a number as it is."""
        if self.order == "CHW" or not isinstance(value, tuple):
            return value
        return (*value[1:], value[0])


# --- Drawing -------------------------------------------------------------------------------------------------

FILTERS = (6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 48)
"""Even, so that halving them is a mistake that gives a shape."""

Layout = Sequence[tuple[str, str]]
"""Name and kind of each layer."""


def layout(*kinds: str) -> list[tuple[str, str]]:
    """Kinds with names as in papers: L1, L2, ... for layers with windows, BN after the layer before, FC1, FC2, ...

    >>> layout("Conv2d", "BatchNorm2d", "MaxPool2d", "Flatten", "Linear")
    [('L1', 'Conv2d'), ('BN1', 'BatchNorm2d'), ('L2', 'MaxPool2d'), ('F', 'Flatten'), ('FC1', 'Linear')]
    """
    windows = linear = 0
    named = []
    for kind in kinds:
        windows += kind in WINDOWS
        linear += kind == "Linear"
        names = {"BatchNorm2d": f"BN{windows}", "ReLU": f"R{windows}", "Flatten": "F", "Linear": f"FC{linear}"}
        named.append((names.get(kind, f"L{windows}"), kind))
    return named


def draw_layers(rng: Stream, kinds: Layout, channels: int, *, dilated: bool) -> tuple[AnyLayer, ...]:
    """Numbers for a layout; a convolution changes the number of channels.

    The first convolution has a stride and padding, one later convolution a dilation where there is one at all.
    """
    convolutions = [place for place, (_, kind) in enumerate(kinds) if kind == "Conv2d"]
    widened = rng.choice(convolutions[1:]) if dilated and len(convolutions) > 1 else None
    layers: list[AnyLayer] = []
    for place, (name, kind) in enumerate(kinds):
        drawn: dict[str, int] = {}
        if kind == "Conv2d":
            first = place == convolutions[0]
            kernel_size = rng.randint(3, 11) if first else rng.choice((2, 3, 3, 4, 5))
            channels = rng.choice([each for each in FILTERS if each != channels])
            drawn = {
                "out_channels": channels,
                "kernel_size": kernel_size,
                "stride": rng.randint(2, 3) if first else 1 if place == widened else rng.choice((1, 1, 2)),
                "padding": rng.randint(1, max(1, (kernel_size - 1) // 2)) if first else rng.randint(0, 1),
                "dilation": rng.randint(2, 3) if place == widened else 1,
            }
        elif kind in POOLS:
            drawn = {"kernel_size": rng.randint(2, 3), "stride": 2}
        elif kind == "Linear":
            drawn = {"out_features": rng.randint(5, 40)}
        layers.append(KINDS[kind](name=name, **drawn))
    return tuple(layers)


def draw_side(rng: Stream, layers: Sequence[AnyLayer]) -> int:
    """A side of the input that leaves a few places at the end, and a rest at the first stride.

    Backwards: n outputs need (n - 1) s + extent - 2 p inputs, and up to s - 1 more make no further one.
    """
    side = rng.randint(3, 7)
    windows = [each.layer for each in layers if type(each).__name__ in WINDOWS]
    for place in reversed(range(len(windows))):
        layer = windows[place]
        rest = rng.randint(0 if place else 1, layer.stride - 1) if layer.stride > 1 else 0
        side = max(1, (side - 1) * layer.stride + layer.extent - 2 * layer.padding + rest)
    return side


# --- For machines and for pages ------------------------------------------------------------------------------------


def records(p: Network, inputs: Sequence[Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """The layers as torch.nn takes them, all fields written out but the length of what was flattened."""
    flattened = False
    for layer, shape in zip(p.stack, inputs, strict=True):
        kind = layer.kind
        record: dict[str, Any] = {"layer": kind}
        if kind == "Conv2d":
            record |= {"in_channels": shape[0], "out_channels": layer.outputs}
        if kind in WINDOWS:
            record |= {
                field: [getattr(layer, field)] * 2
                for field in ("kernel_size", "stride", "padding", *["dilation"] * (kind != "AvgPool2d"))
            }
        if kind == "BatchNorm2d":
            record["num_features"] = shape[0]
        if kind == "Linear":
            record |= {"in_features": None if flattened else shape[0], "out_features": layer.outputs}
        if kind in COUNTED:
            record["bias"] = layer.bias
        flattened = kind == "Flatten"
        yield record


def network_boxes(p: Network) -> tuple[tuple[str, str, str], ...]:
    """The input and the layers for a drawing: name, kind, and what shapes it."""
    boxes = [("input", "", "")]
    for named, layer in zip(p.layers, p.stack, strict=True):
        window = f"{layer.kernel_size} × {layer.kernel_size}, stride {layer.stride}"
        outputs = f"{layer.outputs} outputs"
        shaped = window if layer.kind in WINDOWS else outputs if layer.kind == "Linear" else ""
        boxes.append((named.name, named.words, shaped))
    return tuple(boxes)


def layer_table(p: Network) -> Table:
    """The layers in words; columns that say nothing are left out."""
    columns = {
        "filters or outputs": [layer.outputs or "" for layer in p.stack],
        "window": _settings(p, "kernel_size"),
        "stride": _settings(p, "stride"),
        "padding": _settings(p, "padding"),
        "dilation": _settings(p, "dilation", ("Conv2d",)),
    }
    if any(not layer.bias for layer in p.stack):
        columns["biases"] = [("yes" if layer.bias else "no") if layer.kind in COUNTED else "" for layer in p.stack]
    if set(columns["dilation"]) <= {1, ""}:
        del columns["dilation"]
    rows: list[tuple[Inline, ...]] = [
        (each.name, each.words, *(column[place] for column in columns.values())) for place, each in enumerate(p.layers)
    ]
    return Table("The layers, in this order", ("name", "layer", *columns), tuple(rows))


def _settings(p: Network, field: str, kinds: Sequence[str] = WINDOWS) -> list[Any]:
    return [getattr(layer, field) if layer.kind in kinds else "" for layer in p.stack]
