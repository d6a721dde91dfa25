"""How many weights, parameters and multiplications a layer has. Sizes may be numbers or formulas.

Source: each output value of a convolution is one dot product of `in_channels / groups` kernel planes with its window,
plus one bias; the same weights serve all positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import mul
from typing import Any

from cnnex.maths.geometry import starts

Count = Any
"""An integer, or a formula where the sizes are formulas."""


def product(sizes: Sequence[Count]) -> Count:
    """The number of entries of an array with this shape.

    >>> product((3, 256, 256)), product(())
    (196608, 1)
    """
    return reduce(mul, sizes) if sizes else 1


def conv_weights(in_channels: Count, out_channels: Count, kernel_size: Sequence[Count], groups: int = 1) -> Count:
    """The weights of a convolution layer, never with bias.

    >>> conv_weights(3, 32, (5, 5))
    2400
    """
    if groups > 1:
        in_channels = in_channels // groups
    return product((*kernel_size, in_channels, out_channels))


def conv_parameters(in_channels: Count, out_channels: Count, kernel_size: Sequence[Count], bias: bool = True) -> Count:
    """Weights, and one bias for each filter where there are biases: `(k_h k_w C_in + 1) C_out`.

    >>> conv_parameters(3, 6, (5, 5))
    456
    """
    each = product((*kernel_size, in_channels))
    return (each + 1) * out_channels if bias else each * out_channels


def linear_parameters(in_features: Count, out_features: Count, bias: bool = True) -> Count:
    """A weight for each pair of input and output, and one bias for each output.

    >>> linear_parameters(7 * 7 * 512, 10)
    250890
    """
    return (in_features + 1) * out_features if bias else in_features * out_features


def batch_norm_parameters(channels: Count) -> Count:
    """The learned scale and shift of each channel; running statistics are not learned.

    >>> batch_norm_parameters(64)
    128
    """
    return 2 * channels


def conv_macs(
    in_channels: Count, output_shape: Sequence[Count], kernel_size: Sequence[Count], groups: int = 1
) -> Count:
    """Multiply-adds of a convolution: for each value of the output, channels first, one dot product.

    >>> conv_macs(3, (32, 256, 256), (7, 7))
    308281344
    """
    if groups > 1:
        in_channels = in_channels // groups
    return product((*output_shape, *kernel_size, in_channels))


def unshared_weights(in_channels: Count, output_shape: Sequence[Count], kernel_size: Sequence[Count]) -> Count:
    """The weights of a layer in which each output value has its own: one for each multiply-add.

    >>> unshared_weights(1, (1, 7), (3,))
    21
    """
    return conv_macs(in_channels, output_shape, kernel_size)


def inputs_met(size: int, kernel_size: int, stride: int = 1, padding: int = 0) -> list[int]:
    """For each window along an axis, how many of its places lie on the input and not on padding.

    Raises:
        DoesNotFitError: the kernel spans more than the padded input.

    >>> inputs_met(9, 3, stride=2, padding=1)
    [2, 3, 3, 3, 2]
    """
    return [
        max(0, min(size, start + kernel_size) - max(0, start)) for start in starts(size, kernel_size, stride, padding)
    ]


def effective_unshared_weights(in_channels: int, out_channels: int, axes: Sequence[Sequence[int]]) -> int:
    """The weights of an unshared layer that meet an input, not only padding.

    Args:
        in_channels: each has a plane of weights.
        out_channels: each has weights of its own.
        axes: `inputs_met` of each spatial axis; a weight meets an input if it does on all axes.

    >>> effective_unshared_weights(1, 1, [inputs_met(9, 3, padding=1)])
    25
    """
    return in_channels * out_channels * int(product([sum(met) for met in axes]))
