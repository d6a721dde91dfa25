"""One-dimensional layers: forward, backward and as a matrix, against loops over every place."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from cnnex.maths.backprop import grad_input1d, grad_weight1d, input_products, weight_products
from cnnex.maths.correlation import convolve1d, cross_correlate1d, products1d, sum_of_products
from cnnex.maths.geometry import DoesNotFitError, pad_vector, starts, taps
from cnnex.maths.symbolic import derived_gradients
from cnnex.maths.toeplitz import apply, banded, placed, toeplitz
from cnnex.notation.formula import Formula, symbols

NUMBERS = st.integers(-9, 9) | st.fractions(-3, 3, max_denominator=4)


class Layer(NamedTuple):
    x: tuple[Any, ...]
    kernel: tuple[Any, ...]
    stride: int
    padding: int
    dilation: int

    @property
    def settings(self) -> tuple[int, int, int]:
        return self.stride, self.padding, self.dilation

    @property
    def geometry(self) -> tuple[int, int, int, int, int]:
        return len(self.x), len(self.kernel), *self.settings


@st.composite
def layers(draw: st.DrawFn) -> Layer:
    kernel = tuple(draw(st.lists(NUMBERS, min_size=1, max_size=4)))
    padding, dilation = draw(st.integers(0, 3)), draw(st.integers(1, 3))
    least = max(1, dilation * (len(kernel) - 1) + 1 - 2 * padding)
    x = tuple(draw(st.lists(NUMBERS, min_size=least, max_size=least + 6)))
    return Layer(x, kernel, draw(st.integers(1, 4)), padding, dilation)


@st.composite
def layers_with_upstream(draw: st.DrawFn) -> tuple[Layer, tuple[Any, ...]]:
    layer = draw(layers())
    outputs = len(naive(layer))
    return layer, tuple(draw(st.lists(NUMBERS, min_size=outputs, max_size=outputs)))


def naive(layer: Layer) -> list[Any]:
    """Slides over the padded input, window by window, until one doesn't fit."""
    padded = [0] * layer.padding + list(layer.x) + [0] * layer.padding
    outputs, start = [], 0
    while start + layer.dilation * (len(layer.kernel) - 1) < len(padded):
        outputs.append(sum(w * padded[start + j * layer.dilation] for j, w in enumerate(layer.kernel)))
        start += layer.stride
    return outputs


# --- Geometry ----------------------------------------------------------------------------------------------


@given(layers())
def test_taps_lie_on_the_input_in_order(layer: Layer) -> None:
    table = taps(*layer.geometry)
    begins = starts(*layer.geometry)
    assert len(table) == len(begins) == len(naive(layer))
    for begin, row in zip(begins, table, strict=True):
        assert list(row) == sorted(row)
        assert all(place == begin + tap * layer.dilation for tap, place in row)
        assert all(0 <= place < len(layer.x) for _, place in row)


@pytest.mark.parametrize(("size", "kernel", "padding", "dilation"), [(2, 3, 0, 1), (4, 3, 0, 2), (1, 4, 1, 1)])
def test_a_kernel_that_is_too_long_is_refused(size: int, kernel: int, padding: int, dilation: int) -> None:
    for function in (taps, starts):
        with pytest.raises(DoesNotFitError, match=f"a kernel of {kernel} does not fit on {size} inputs"):
            function(size, kernel, 1, padding, dilation)
        assert len(function(size + 1, kernel, 1, padding, dilation)) == 1


def test_a_stride_beyond_the_input_leaves_one_window() -> None:
    assert starts(5, 2, stride=50) == (0,)
    assert taps(3, 3, stride=7, padding=1) == (((1, 0), (2, 1)),)


def test_a_window_may_lie_on_padding_alone() -> None:
    assert products1d((7,), (1, 2), padding=3)[0] == []
    assert cross_correlate1d((7,), (1, 2), padding=3) == (0, 0, 14, 7, 0, 0)


# --- Forward ---------------------------------------------------------------------------------------------------


@given(layers())
def test_cross_correlation_slides_the_kernel_as_written(layer: Layer) -> None:
    assert list(cross_correlate1d(layer.x, layer.kernel, *layer.settings)) == naive(layer)


@given(layers())
def test_convolution_slides_the_kernel_flipped(layer: Layer) -> None:
    flipped = layer._replace(kernel=layer.kernel[::-1])
    assert list(convolve1d(layer.x, layer.kernel, *layer.settings)) == naive(flipped)


@given(layers())
def test_padding_is_zeros_written_out(layer: Layer) -> None:
    padded = pad_vector(layer.x, layer.padding, layer.padding)
    assert len(padded) == len(layer.x) + 2 * layer.padding
    unpadded = cross_correlate1d(padded, layer.kernel, layer.stride, 0, layer.dilation)
    assert unpadded == cross_correlate1d(layer.x, layer.kernel, *layer.settings)


def test_full_convolution_multiplies_polynomials() -> None:
    """(1 + 2t + 3t^2)(4 + 5t) = 4 + 13t + 22t^2 + 15t^3."""
    assert convolve1d((1, 2, 3), (4, 5), padding=1) == (4, 13, 22, 15)


def test_forms_of_numbers_take_the_same_path() -> None:
    x, k = symbols("x_1 x_2 x_3"), symbols("k_1 k_2")
    values: dict[str, int | Fraction] = {"x_1": 5, "x_2": Fraction(1, 2), "x_3": -2, "k_1": 3, "k_2": 7}
    (first, second) = cross_correlate1d(tuple(x), tuple(k))
    assert isinstance(first, Formula)
    assert (first.value(**values), second.value(**values)) == cross_correlate1d((5, Fraction(1, 2), -2), (3, 7))


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=5))
def test_sum_of_products(pairs: list[tuple[Any, Any]]) -> None:
    assert sum_of_products(pairs) == sum(a * b for a, b in pairs)


def test_sum_of_products_adds_no_zero() -> None:
    a, b = symbols("a b")
    assert sum_of_products([(a, b)]) == a * b


# --- As a matrix -------------------------------------------------------------------------------------------------


@given(layers())
def test_toeplitz_times_x_is_the_output(layer: Layer) -> None:
    matrix = toeplitz(len(layer.x), layer.kernel, *layer.settings)
    assert list(apply(matrix, layer.x)) == naive(layer)
    assert all(len(row) == len(layer.x) for row in matrix)


@given(layers())
def test_placed_at_the_starts_is_toeplitz(layer: Layer) -> None:
    begins = starts(*layer.geometry)
    rows = placed(len(layer.x), (layer.kernel,) * len(begins), begins, layer.dilation)
    assert rows == toeplitz(len(layer.x), layer.kernel, *layer.settings)


@given(layers_with_upstream())
def test_the_transposed_matrix_carries_the_gradient_back(case: tuple[Layer, tuple[Any, ...]]) -> None:
    layer, upstream = case
    columns = tuple(zip(*toeplitz(len(layer.x), layer.kernel, *layer.settings), strict=True))
    assert apply(columns, upstream) == grad_input1d(len(layer.x), upstream, layer.kernel, *layer.settings)


def test_rows_of_their_own() -> None:
    matrix = banded(4, ((1, 2), (3, 4), (5, 6)), stride=2, padding=1)
    assert matrix == ((2, 0, 0, 0), (0, 3, 4, 0), (0, 0, 0, 5))
    with pytest.raises(ValueError, match="longer"):
        banded(4, ((1, 2),), stride=2)


def test_placed_wraps_only_when_asked() -> None:
    assert placed(4, ((1, 2, 3),), (-1,)) == ((2, 3, 0, 0),)
    assert placed(4, ((1, 2, 3),), (-1,), circular=True) == ((2, 3, 0, 1),)
    assert placed(4, ((1, 2, 3),), (3,)) == ((0, 0, 0, 1),)


# --- Backward ------------------------------------------------------------------------------------------------------


@given(layers_with_upstream())
def test_gradients_are_differences(case: tuple[Layer, tuple[Any, ...]]) -> None:
    """The loss is affine in each entry, so a step of any size gives the derivative exactly."""
    layer, upstream = case
    step = Fraction(1, 3)

    def loss(x: tuple[Any, ...], kernel: tuple[Any, ...]) -> Any:
        return sum(g * y for g, y in zip(upstream, naive(layer._replace(x=x, kernel=kernel)), strict=True))

    def stepped(entries: tuple[Any, ...], place: int) -> tuple[Any, ...]:
        return (*entries[:place], entries[place] + step, *entries[place + 1 :])

    before = loss(layer.x, layer.kernel)
    for_x = [(loss(stepped(layer.x, i), layer.kernel) - before) / step for i in range(len(layer.x))]
    for_k = [(loss(layer.x, stepped(layer.kernel, j)) - before) / step for j in range(len(layer.kernel))]
    assert list(grad_input1d(len(layer.x), upstream, layer.kernel, *layer.settings)) == for_x
    assert list(grad_weight1d(layer.x, upstream, len(layer.kernel), *layer.settings)) == for_k


@given(layers_with_upstream())
def test_products_of_gradients_are_those_of_the_outputs(case: tuple[Layer, tuple[Any, ...]]) -> None:
    layer, upstream = case
    forward = sum(map(len, products1d(layer.x, layer.kernel, *layer.settings)))
    for_k = weight_products(layer.x, upstream, len(layer.kernel), *layer.settings)
    for_x = input_products(len(layer.x), upstream, layer.kernel, *layer.settings)
    assert sum(map(len, for_k)) == sum(map(len, for_x)) == forward


def test_upstream_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        grad_weight1d((1, 2, 3), (1,), 2)


@pytest.mark.parametrize(
    ("size", "taps_", "stride", "padding"), [(5, 3, 1, 0), (6, 2, 2, 0), (5, 3, 2, 1), (4, 4, 1, 2)]
)
def test_derived_gradients_are_sympys(size: int, taps_: int, stride: int, padding: int) -> None:
    """Against `diff` of an expression built by hand: the ring's order of terms doesn't matter."""
    xs, ks = sympy.symbols(f"x_1:{size + 1}"), sympy.symbols(f"k_1:{taps_ + 1}")
    outputs = naive(Layer(xs, ks, stride, padding, 1))
    gs = sympy.symbols(f"g_1:{len(outputs) + 1}")
    loss = sum(g * y for g, y in zip(gs, outputs, strict=True))
    x, k, g = (tuple(map(str, each)) for each in (xs, ks, gs))
    for_k, for_x, for_b = derived_gradients(x, k, g, stride, padding)
    assert for_b == tuple((1, (name,)) for name in g)
    assert len(for_k) == taps_
    assert len(for_x) == size
    for terms, variable in zip(for_k + for_x, ks + xs, strict=True):
        polynomial = sum(c * sympy.prod(map(sympy.Symbol, names)) for c, names in terms)
        assert sympy.expand(polynomial - sympy.diff(loss, variable)) == 0


def test_a_derivative_may_be_zero() -> None:
    """The last input is in no window."""
    _, for_x, _ = derived_gradients(("x", "y"), ("k",), ("g",), stride=2)
    assert for_x == (((1, ("g", "k")),), ())
