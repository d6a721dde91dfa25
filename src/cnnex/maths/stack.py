"""A stack of layers: shape, parameters, multiply-accumulates and receptive field after each.

Shapes are channels first, `(C, H, W)`, and after `Flatten` a single number of values, `(D,)`. Sizes may be numbers or
formulas. Layers go by the names that they have in torch.nn; their windows are square.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from cnnex.maths.counting import batch_norm_parameters, conv_macs, conv_parameters, linear_parameters, product
from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.receptive_field import Field, fields
from cnnex.maths.shapes import effective_kernel_size, output_size

Shape = tuple[Any, ...]
POOLS = ("MaxPool2d", "AvgPool2d")
WINDOWS = ("Conv2d", *POOLS)
"""Layers that slide a window, so that they change height and width."""
COUNTED = ("Conv2d", "Linear")
"""Layers whose multiply-accumulates are counted."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer. What its kind doesn't have stays as it is here.

    Attributes:
        kind: `Conv2d`, `BatchNorm2d`, `MaxPool2d`, `AvgPool2d`, `ReLU`, `Flatten` or `Linear`.
        outputs: the filters of a convolution, the output values of a fully connected layer.
    """

    kind: str
    outputs: Any = 0
    kernel_size: Any = 1
    stride: Any = 1
    padding: Any = 0
    dilation: Any = 1
    bias: bool = True

    @property
    def extent(self) -> Any:
        """The inputs that the window spans along one axis."""
        return effective_kernel_size(self.kernel_size, self.dilation)


class Row(NamedTuple):
    """A row of the layer table.

    Attributes:
        input: the shape of the layer's input.
        field: what one output sees of the network's input.
    """

    layer: Layer
    input: Shape
    shape: Shape
    parameters: Any
    macs: Any
    field: Field


def output_shape(layer: Layer, shape: Shape, *, ceil_mode: bool = False) -> Shape:
    """The shape of a layer's output.

    Raises:
        DoesNotFitError: the input has no height and width, or the window spans more than they are with padding.

    >>> output_shape(Layer("Conv2d", 64, kernel_size=5, stride=2), (32, 256, 256))
    (64, 126, 126)
    """
    if layer.kind == "Flatten":
        return (product(shape),)
    if layer.kind == "Linear":
        if len(shape) != 1:
            raise DoesNotFitError("a fully connected layer takes a flattened input")
        return (layer.outputs,)
    if len(shape) != 3:
        raise DoesNotFitError(f"{layer.kind} needs an input of channels, height and width")
    if layer.kind not in WINDOWS:
        return shape
    channels, height, width = shape
    extent, stride, padding = layer.extent, layer.stride, layer.padding
    rows = output_size(height, extent, stride, padding, ceil_mode=ceil_mode)
    columns = rows if width == height else output_size(width, extent, stride, padding, ceil_mode=ceil_mode)
    if any(isinstance(size, int) and size < 1 for size in (rows, columns)):
        raise DoesNotFitError(f"a window that spans {extent} does not fit on {height} × {width} inputs")
    return (layer.outputs if layer.kind == "Conv2d" else channels, rows, columns)


def parameters(layer: Layer, shape: Shape) -> Any:
    """The learned numbers of a layer with this input.

    >>> parameters(Layer("Conv2d", 32, kernel_size=7), (3, 256, 256)), parameters(Layer("MaxPool2d"), (32, 8, 8))
    (4736, 0)
    """
    if layer.kind == "Conv2d":
        return conv_parameters(shape[0], layer.outputs, (layer.kernel_size,) * 2, layer.bias)
    if layer.kind == "Linear":
        return linear_parameters(shape[0], layer.outputs, layer.bias)
    return batch_norm_parameters(shape[0]) if layer.kind == "BatchNorm2d" else 0


def macs(layer: Layer, shape: Shape, output: Shape) -> Any:
    """The multiply-accumulates of a layer with these shapes; only convolutions and fully connected layers count.

    >>> macs(Layer("Linear", 10), (512,), (10,))
    5120
    """
    if layer.kind == "Conv2d":
        return conv_macs(shape[0], output, (layer.kernel_size,) * 2)
    return shape[0] * layer.outputs if layer.kind == "Linear" else 0


def table(
    input_shape: Shape, layers: Iterable[Layer], shape_of: Callable[[Layer, Shape], Shape] = output_shape
) -> list[Row]:
    """The layer table of a network, by this rule for shapes. Layers without a window leave the receptive field alone.

    >>> for row in table((3, 64, 64), [Layer("Conv2d", 8, 3, stride=2), Layer("MaxPool2d", 0, 2, 2)]):
    ...     print(row.shape, row.parameters, row.macs, row.field.size)
    (8, 31, 31) 224 207576 3
    (8, 15, 15) 0 0 5
    """
    layers = tuple(layers)
    seen = fields((each.kernel_size, each.stride, each.padding, each.dilation) for each in layers)
    rows, shape = [], input_shape
    for layer, field in zip(layers, seen, strict=True):
        output = shape_of(layer, shape)
        rows.append(Row(layer, shape, output, parameters(layer, shape), macs(layer, shape, output), field))
        shape = output
    return rows
