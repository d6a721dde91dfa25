"""Layers on one channel in two dimensions, and pooling, against loops over every place."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnnex.maths import pooling
from cnnex.maths.correlation import cross_correlate2d, flip, products2d, transpose
from cnnex.maths.geometry import DoesNotFitError, pad_matrix

Matrix = tuple[tuple[Any, ...], ...]
NUMBERS = st.integers(-9, 9)
PAIRS = st.tuples(st.integers(1, 3), st.integers(1, 3))


def matrices(rows: int, columns: int, entries: st.SearchStrategy[Any] = NUMBERS) -> st.SearchStrategy[Matrix]:
    return st.tuples(*[st.tuples(*[entries] * columns)] * rows)


class Layer(NamedTuple):
    x: Matrix
    kernel: Matrix
    stride: tuple[int, int]
    padding: tuple[int, int]


@st.composite
def layers(draw: st.DrawFn) -> Layer:
    kernel_size = draw(PAIRS)
    padding = draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))
    height, width = (draw(st.integers(max(1, k - 2 * p), 5)) for k, p in zip(kernel_size, padding, strict=True))
    return Layer(draw(matrices(height, width)), draw(matrices(*kernel_size)), draw(PAIRS), padding)


def padded(x: Matrix, padding: tuple[int, int], filler: Any = 0) -> list[list[Any]]:
    height, width = len(x), len(x[0])
    return [
        [x[r][c] if 0 <= r < height and 0 <= c < width else filler for c in range(-padding[1], width + padding[1])]
        for r in range(-padding[0], height + padding[0])
    ]


def blocks(x: list[list[Any]], size: tuple[int, int], stride: tuple[int, int]) -> Iterator[list[list[list[Any]]]]:
    """For each row of the output the blocks of the input that fit."""
    top = 0
    while top + size[0] <= len(x):
        row, left = [], 0
        while left + size[1] <= len(x[0]):
            row.append([line[left : left + size[1]] for line in x[top : top + size[0]]])
            left += stride[1]
        yield row
        top += stride[0]


def naive(layer: Layer) -> Matrix:
    size = (len(layer.kernel), len(layer.kernel[0]))
    return tuple(
        tuple(sum(layer.kernel[u][v] * block[u][v] for u in range(size[0]) for v in range(size[1])) for block in row)
        for row in blocks(padded(layer.x, layer.padding), size, layer.stride)
    )


@given(layers())
def test_cross_correlation_lays_the_kernel_as_written(layer: Layer) -> None:
    assert cross_correlate2d(*layer) == naive(layer)


@given(layers())
def test_padding_is_zeros_written_out(layer: Layer) -> None:
    assume(layer.padding[0] == layer.padding[1])
    written = pad_matrix(layer.x, layer.padding[0], layer.padding[0])
    assert [list(row) for row in written] == padded(layer.x, layer.padding)
    assert cross_correlate2d(written, layer.kernel, layer.stride) == naive(layer)


@given(layers())
def test_exchanging_the_axes_exchanges_the_result(layer: Layer) -> None:
    turned = Layer(transpose(layer.x), transpose(layer.kernel), layer.stride[::-1], layer.padding[::-1])
    assert transpose(cross_correlate2d(*layer)) == cross_correlate2d(*turned)


def test_products_name_weight_and_input() -> None:
    grid = products2d(((1, 2), (3, 4)), ((10, 20), (30, 40)), padding=(1, 0))
    assert grid == [[[(30, 1), (40, 2)]], [[(10, 1), (20, 2), (30, 3), (40, 4)]], [[(10, 3), (20, 4)]]]


@given(matrices(2, 3))
def test_flip_and_transpose_undo_themselves(x: Matrix) -> None:
    assert flip(flip(x)) == x == transpose(transpose(x))
    assert flip(x)[0][0] == x[1][2]
    assert transpose(x)[2][1] == x[1][2]


def test_a_kernel_that_is_too_wide_is_refused() -> None:
    with pytest.raises(DoesNotFitError):
        cross_correlate2d(((1, 2),), ((1, 2, 3),))


# --- Pooling ---------------------------------------------------------------------------------------------------


class Pool(NamedTuple):
    x: Matrix
    kernel_size: int
    stride: int
    padding: int


@st.composite
def pools(draw: st.DrawFn, *, padded: bool = True) -> Pool:
    """Different entries, so that no window has a tie; padding is at most half the window, as in PyTorch."""
    kernel_size = draw(st.integers(1, 3))
    padding = draw(st.integers(0, kernel_size // 2)) if padded else 0
    height, width = (draw(st.integers(max(1, kernel_size - 2 * padding), 6)) for _ in range(2))
    drawn = draw(st.lists(st.integers(-99, 99), min_size=height * width, max_size=height * width, unique=True))
    rows = tuple(tuple(drawn[r * width : (r + 1) * width]) for r in range(height))
    return Pool(rows, kernel_size, draw(st.integers(1, 4)), padding)


@st.composite
def pools_with_upstream(draw: st.DrawFn) -> tuple[Pool, Matrix]:
    p = draw(pools(padded=False))
    grid = pooling.windows(len(p.x), len(p.x[0]), p.kernel_size, p.stride)
    return p, draw(matrices(len(grid), len(grid[0])))


def naive_pool(p: Pool, filler: Any, reduce: Any) -> Matrix:
    grid = blocks(padded(p.x, (p.padding, p.padding), filler), (p.kernel_size, p.kernel_size), (p.stride, p.stride))
    return tuple(tuple(reduce([entry for line in block for entry in line]) for block in row) for row in grid)


@given(pools())
def test_max_pooling_pads_with_minus_infinity(p: Pool) -> None:
    assert pooling.max_pool2d(*p) == naive_pool(p, -1000, max)


@given(pools())
def test_average_pooling_counts_its_padding(p: Pool) -> None:
    means = naive_pool(p, 0, lambda block: Fraction(sum(block), len(block)))
    assert pooling.average_pool2d(*p) == means


@given(pools())
def test_a_divisor_of_ones_own(p: Pool) -> None:
    assert pooling.average_pool2d(*p, divisor=1) == naive_pool(p, 0, sum)


@given(st.integers(-99, 99) | st.fractions(-9, 9, max_denominator=9), st.integers(1, 9))
def test_shares_are_exact_and_whole_where_they_can_be(amount: Any, count: int) -> None:
    share = pooling.share(amount, count)
    assert share * count == amount
    assert isinstance(share, int) == (Fraction(amount, count).denominator == 1)


def test_windows_are_read_row_by_row() -> None:
    assert pooling.windows(3, 3, 2, 2, 1) == [
        [((0, 0),), ((0, 1), (0, 2))],
        [((1, 0), (2, 0)), ((1, 1), (1, 2), (2, 1), (2, 2))],
    ]


def test_the_first_of_several_largest_wins() -> None:
    assert pooling.winner(((1, 5), (5, 5)), ((0, 0), (0, 1), (1, 0), (1, 1))) == (0, 1)


def test_scatter_adds_unless_told_otherwise() -> None:
    parts = [((0, 1), 3), ((1, 0), 4), ((0, 1), 5)]
    assert pooling.scatter(2, 2, parts) == ((0, 8), (4, 0))
    assert pooling.scatter(2, 2, parts, lambda _, new: new) == ((0, 5), (4, 0))


def gradient(p: Pool, upstream: Matrix, forward: Any, step: Fraction) -> Matrix:
    """The loss is straight for steps below the gap between two entries, so the difference is exact."""

    def loss(x: Matrix) -> Any:
        return sum(
            g * y
            for gs, ys in zip(upstream, forward(p._replace(x=x)), strict=True)
            for g, y in zip(gs, ys, strict=True)
        )

    def stepped(r: int, c: int) -> Matrix:
        return tuple(
            tuple(entry + step if (i, j) == (r, c) else entry for j, entry in enumerate(row))
            for i, row in enumerate(p.x)
        )

    before = loss(p.x)
    return tuple(tuple((loss(stepped(r, c)) - before) / step for c in range(len(p.x[0]))) for r in range(len(p.x)))


@given(pools_with_upstream())
def test_max_pooling_passes_gradients_to_the_winners(case: tuple[Pool, Matrix]) -> None:
    p, upstream = case
    routes = pooling.max_pool2d_routes(p.x, upstream, p.kernel_size, p.stride)
    wanted = gradient(p, upstream, lambda q: naive_pool(q, -1000, max), Fraction(1, 2))
    assert pooling.scatter(len(p.x), len(p.x[0]), routes) == wanted


@given(pools(), st.data())
def test_average_pooling_shares_gradients(p: Pool, data: st.DataObject) -> None:
    height, width = len(p.x), len(p.x[0])
    grid = pooling.windows(height, width, p.kernel_size, p.stride, p.padding)
    upstream = data.draw(matrices(len(grid), len(grid[0])))
    routes = pooling.average_pool2d_routes(height, width, upstream, p.kernel_size, p.stride, p.padding)
    wanted = gradient(p, upstream, lambda q: naive_pool(q, 0, lambda b: Fraction(sum(b), len(b))), Fraction(1))
    assert pooling.scatter(height, width, routes) == wanted
