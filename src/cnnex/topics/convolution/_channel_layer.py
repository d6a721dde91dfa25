"""A layer with several channels: its data, what is no layer, and its values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from operator import mul
from typing import Annotated, Any

from msgspec import Meta

from cnnex.maths.correlation import Pairs, flip
from cnnex.maths.geometry import DoesNotFitError, pad_matrix, taps
from cnnex.maths.shapes import output_size
from cnnex.model.value import Matrix, Padding, Size, Value

Entry = Annotated[int, Meta(ge=-(10**6), le=10**6)]
Planes = tuple[tuple[tuple[Entry, ...], ...], ...]
"""A matrix for each channel."""
Place = tuple[Annotated[int, Meta(ge=0, le=4096)], Annotated[int, Meta(ge=0, le=4096)]]


@dataclass(frozen=True, slots=True)
class Channels:
    """A layer with several input channels.

    Attributes:
        input: a matrix for each input channel.
        weight: the filters whose weights are known, the first ones: for each a matrix for each input channel.
        bias: of these filters; empty where there is none.
        filters: how many filters the layer has.
        places: row and column, from 0, of the entries that are asked of output channel 0.
        ask_patches: whether to ask for the window of each channel, too.
        ask_maps: whether to ask for all of each output channel.
        relu: whether ReLU follows.
    """

    input: Planes
    weight: tuple[Planes, ...]
    bias: tuple[Entry, ...]
    filters: Size
    stride: Size
    padding: Padding
    places: tuple[Place, ...]
    ask_patches: bool
    ask_maps: bool
    relu: bool

    @property
    def kernel(self) -> tuple[int, int]:
        """Height and width of the kernels."""
        return len(self.weight[0][0]), len(self.weight[0][0][0])

    @property
    def sides(self) -> tuple[int, int]:
        """Height and width of the output."""
        sizes = zip((len(self.input[0]), len(self.input[0][0])), self.kernel, strict=True)
        height, width = (output_size(size, kernel, self.stride, self.padding) for size, kernel in sizes)
        return height, width

    @property
    def biases(self) -> tuple[int, ...]:
        """The bias of each known filter, 0 where there is none."""
        return self.bias or (0,) * len(self.weight)


def check(p: Channels) -> None:
    """Refuses what is no layer.

    Raises:
        DoesNotFitError: ragged arrays, counts that differ, or places outside of the output.
    """
    shapes = [{(len(plane), *{len(row) for row in plane}) for plane in planes} for planes in (p.input, *p.weight)]
    if not p.weight or any(len(each) != 1 or len(min(each)) != 2 or 0 in min(each) for each in shapes):
        raise DoesNotFitError("all channels of the input have one shape, and so have all planes of a filter")
    if any(len(planes) != len(p.input) or each != shapes[1] for planes, each in zip(p.weight, shapes[1:], strict=True)):
        raise DoesNotFitError("each filter has as many planes as the input has channels, all of one shape")
    if len(p.weight) > p.filters or len(p.bias) not in (0, len(p.weight)):
        raise DoesNotFitError("there are at most as many filters with weights as filters, and a bias for each or none")
    height, width = p.sides
    if len({*p.places}) < len(p.places) or any(row >= height or column >= width for row, column in p.places):
        raise DoesNotFitError(f"the places are different, and within an output of {height} × {width}")


def flipped(p: Channels) -> Channels:
    """The layer with each plane of its filters rotated by 180 degrees."""
    return replace(p, weight=tuple(tuple(map(flip, planes)) for planes in p.weight))


def exchanged(p: Channels) -> dict[str, Value]:
    """The values with the planes of each filter exchanged, but not where a flipped kernel leads to the same."""
    changed = replace(p, weight=tuple(planes[1:] + planes[:1] for planes in p.weight))
    turned = contributed(flipped(p))
    return {name: value for name, value in contributed(changed).items() if value != turned[name]} | sums(changed)


def shapes(p: Channels) -> dict[str, Value]:
    """Shapes of a filter, of all filters and of the output; its side where it is square."""
    (height, width), kernel = p.sides, (len(p.input), *p.kernel)
    square = {"size": height} if height == width else {}
    return {
        "kernel_shape": kernel,
        "weight_shape": (p.filters, *kernel),
        "output_shape": (p.filters, height, width),
        **square,
    }


def shapes_of_single_planes(p: Channels) -> dict[str, Value]:
    """Shapes when a filter has a single plane, with a map for each pair of a filter and an input channel."""
    return {
        "kernel_shape": p.kernel,
        "weight_shape": (p.filters, *p.kernel),
        "output_shape": (p.filters * len(p.input), *p.sides),
    }


def values(p: Channels) -> dict[str, Value]:
    """The windows that are asked, contributions, entries and maps."""
    return {**patches(p), **contributed(p), **sums(p)}


def patches(p: Channels) -> dict[str, Value]:
    """The window of each channel for the asked entries."""
    _, across = p.kernel
    return {
        f"patch_{e}_c{c}": tuple(
            tuple(entry for _, entry in window[u : u + across]) for u in range(0, len(window), across)
        )
        for e, c, window in (windows(p) if p.ask_patches else ())
    }


def contributed(p: Channels) -> dict[str, Value]:
    """What each channel contributes to the asked entries."""
    return {
        f"contribution_{e}_c{c}": plane[row][column]
        for e, (row, column) in enumerate(p.places, 1)
        for c, plane in enumerate(contributions(p, 0))
        if row < len(plane) and column < len(plane[0])
    }


def sums(p: Channels, *, combined: Callable[[Sequence[Any]], Any] = sum, bias: int = 1) -> dict[str, Value]:
    """Entries and maps.

    Args:
        p: the layer.
        combined: what becomes of the contributions of all channels.
        bias: how many times it is added.
    """
    found: dict[str, Value] = {}
    for f, own in enumerate(p.biases if p.ask_maps else p.biases[:1]):
        maps, added = contributions(p, f), bias * own
        height, width = len(maps[0]), len(maps[0][0])
        if f == 0:
            for e, (row, column) in enumerate(p.places, 1):
                if row < height and column < width:
                    found[f"entry_{e}"] = combined([plane[row][column] for plane in maps]) + added
        if p.ask_maps:
            wholes = [[combined(each) + added for each in zip(*rows)] for rows in zip(*maps)]  # noqa: B905
            found[f"map_{f}"] = tuple(
                [tuple([max(0, whole) for whole in row]) if p.relu else tuple(row) for row in wholes]
            )
    return found


def contributions(p: Channels, f: int) -> list[Matrix]:
    """What each channel contributes to each output of filter f."""
    return channel_maps(p.input, p.weight[f], p.stride, p.padding)


@lru_cache(maxsize=64)  # most mistakes leave them alone
def channel_maps(planes: Planes, kernels: Planes, stride: int, padding: int) -> list[Matrix]:
    """The output of each channel with its plane of a filter, without bias."""
    shape = len(kernels[0]), len(kernels[0][0])
    weights = [tuple(chain(*kernel)) for kernel in kernels]
    return [
        tuple([tuple([sum(map(mul, own, window)) for window in row]) for row in rows])
        for own, rows in zip(weights, _windows(planes, shape, stride, padding), strict=True)
    ]


@lru_cache(maxsize=64)
def _windows(planes: Planes, kernel: tuple[int, int], stride: int, padding: int) -> list[list[list[tuple[int, ...]]]]:
    """For each channel, row and column of the output the entries of its window, those of the padding among them.

    Raises:
        DoesNotFitError: the kernel spans more than the padded input.
    """
    padded = [pad_matrix(plane, padding, padding) for plane in planes]
    sizes = len(padded[0]), len(padded[0][0])
    rows, columns = (taps(size, span, stride) for size, span in zip(sizes, kernel, strict=True))
    return [
        [[tuple([plane[r][c] for _, r in row for _, c in column]) for column in columns] for row in rows]
        for plane in padded
    ]


def padded_products(p: Channels, f: int) -> list[list[list[Pairs]]]:
    """For each channel, row and column the products of filter f, those with padding among them."""
    return [
        [[list(zip(chain(*kernel), window, strict=True)) for window in row] for row in rows]
        for kernel, rows in zip(p.weight[f], _windows(p.input, p.kernel, p.stride, p.padding), strict=True)
    ]


def windows(p: Channels) -> Iterator[tuple[int, int, Pairs]]:
    """For each asked entry, from 1, and each channel, from 0, the products of filter 0."""
    seen = _windows(p.input, p.kernel, p.stride, p.padding)
    for e, (row, column) in enumerate(p.places, 1):
        for c, (kernel, rows) in enumerate(zip(p.weight[0], seen, strict=True)):
            if row < len(rows) and column < len(rows[0]):
                yield e, c, list(zip(chain(*kernel), rows[row][column], strict=True))
