from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnex.maths.shapes import effective_kernel_size, largest_extent, least_padding, output_size, strides_with
from cnnex.notation.formula import symbols

SIZES = st.integers(1, 40)


@given(SIZES, SIZES, st.integers(1, 9), st.integers(0, 5))
def test_output_size_counts_windows(size: int, extent: int, stride: int, padding: int) -> None:
    windows = [start for start in range(0, size + 2 * padding, stride) if start + extent <= size + 2 * padding]
    if windows:
        assert output_size(size, extent, stride, padding) == len(windows)
    else:
        assert output_size(size, extent, stride, padding) < 1


@given(SIZES, SIZES, st.integers(1, 9), st.integers(0, 5))
def test_ceil_mode_counts_a_partial_window_if_there_is_room_for_one(
    size: int, extent: int, stride: int, padding: int
) -> None:
    room = size + 2 * padding - extent
    partial = output_size(size, extent, stride, padding, ceil_mode=True) - output_size(size, extent, stride, padding)
    assert partial == (room % stride != 0)


@given(st.integers(1, 9), st.integers(1, 5))
def test_a_dilated_kernel_spans_from_first_to_last_tap(kernel_size: int, dilation: int) -> None:
    places = [tap * dilation for tap in range(kernel_size)]
    assert effective_kernel_size(kernel_size, dilation) == len(range(places[0], places[-1] + 1))


@pytest.mark.parametrize(
    ("layer", "outputs"),
    [
        ((224, 7, 2, 3), 112),  # ResNet's first layer: He et al., 2016, table 1
        ((227, 11, 4, 0), 55),  # AlexNet's first layer, with the input size that its output needs
        ((112, 3, 2, 1), 56),  # ResNet's max pooling
        ((32, 5, 1, 0), 28),  # LeNet-5's C1: LeCun et al., 1998, section II.B
        ((256, 5, 2, 0), 126),
    ],
)
def test_layers_of_known_networks(layer: tuple[int, int, int, int], outputs: int) -> None:
    assert output_size(*layer) == outputs


@given(SIZES, st.integers(1, 5), st.integers(1, 4), st.integers(0, 3), st.integers(1, 3), st.booleans())
def test_the_formula_and_its_numbers_agree(n: int, k: int, s: int, p: int, d: int, ceil_mode: bool) -> None:
    letters = symbols("n k s p d")
    formula = output_size(
        letters[0], effective_kernel_size(letters[1], letters[4]), letters[2], letters[3], ceil_mode=ceil_mode
    )
    number = output_size(n, effective_kernel_size(k, d), s, p, ceil_mode=ceil_mode)
    assert formula.value(n=n, k=k, s=s, p=p, d=d) == number
    assert formula.put(n=n, k=k, s=s, p=p, d=d).value() == number


def test_designs_by_trying() -> None:
    """The least padding, the largest extent and all strides are those that counting finds."""
    for size, extent, stride, padding in product(range(5, 12), range(1, 5), range(1, 4), range(3)):
        outputs = output_size(size, extent, stride, padding)
        least = min(p for p in range(20) if output_size(size, extent, stride, p) == outputs)
        assert least_padding(size, extent, stride, outputs) == least
        widest = max(k for k in range(1, 40) if output_size(size, k, stride, padding) == outputs)
        assert largest_extent(size, stride, padding, outputs) == widest
        if outputs > 1:
            found = [s for s in range(1, 40) if output_size(size, extent, s, padding) == outputs]
            assert list(strides_with(size + 2 * padding - extent, outputs)) == found
