"""Conventions: what a solver must assume, printed with each problem that assumes it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Convention:
    """An aspect, the rule that holds for it here, and the rule in words."""

    aspect: str
    rule: str
    words: str


CROSS_CORRELATION = Convention(
    "operation",
    "cross-correlation",
    "“Convolution” means cross-correlation, as in deep learning libraries: the kernel is not flipped.",
)
TRUE_CONVOLUTION = Convention(
    "operation",
    "true-convolution",
    "“Convolution” is meant as in mathematics: the kernel is flipped, then it slides over the input.",
)
SAME_FOR_EVERY_STRIDE = Convention(
    "same", "length-of-input", "“Same” means here that the output has as many entries as the input, for every stride."
)
NO_BIAS = Convention("bias", "none", "There is no bias.")
ROUND_DOWN = Convention("rounding", "floor", "Sizes are rounded down: a window that does not fit entirely is left out.")
ZERO_PADDING = Convention(
    "padding", "zeros-each-side", "Padding p adds p zeros on each side, at the start and at the end."
)
ZEROS_BEYOND_ENDS = Convention("padding", "zeros-each-side", "Entries that a sequence does not have count as 0.")
POOL_DILATION = Convention(
    "dilation",
    "taps-apart",
    "With dilation d neighbouring entries of a window lie d apart in the input; 1 leaves no gap.",
)
DILATION = Convention(
    "dilation",
    "taps-apart",
    "With dilation d neighbouring weights of the kernel meet inputs that lie d apart; 1 leaves no gap.",
)
MAX_PADDING = Convention(
    "padding",
    "minus-infinity-each-side",
    "Padding p adds p entries on each side of each axis; in max pooling they count as minus infinity and never win.",
)
AVERAGE_COUNTS_PADDING = Convention(
    "padding",
    "zeros-each-side-counted",
    "Padding p adds p zeros on each side of each axis; the average counts them, so it always divides by "
    "the number of entries in the window.",
)
AVERAGE_COUNTS_ALL = Convention("divisor", "window", "The average divides by the number of entries in the window.")
WHOLE_WINDOW = Convention("window", "whole-channel", "In global pooling the window is as large as a channel.")
HEIGHT_THEN_WIDTH = Convention("axes", "height-width", "A shape names the height first, then the width.")
CHANNELS_FIRST = Convention("axes", "channels-height-width", "Shapes are ordered (C, H, W).")
CHANNELS_LAST = Convention("axes", "height-width-channels", "Shapes are ordered (H, W, C).")
INDEX_FROM_ONE = Convention("index_origin", "1", "Indices count from 1.")
INDEX_FROM_ZERO = Convention("index_origin", "0", "Indices count from 0, as in code.")
UNIQUE_MAXIMUM = Convention("ties", "none", "Each window has a single largest entry, so no rule for ties is needed.")
FIRST_MAXIMUM = Convention(
    "ties", "first", "If a window has several largest entries, the first in reading order counts."
)
ALWAYS_TRUE = Convention(
    "truth", "always", "A sentence is true if it always holds; one case in which it fails makes it false."
)
IN_GENERAL = Convention("in_general", "exceptions", "“In general” allows exceptions.")
CAN = Convention("can", "may", "“Can” says that it may be so.")
EXACT = Convention("values", "exact", "Give exact values: fractions, not rounded decimals.")
COLUMNS = Convention(
    "operator", "output-is-matrix-times-input", "The matrix stands left of the input; input and output are columns."
)
SHAPE_OF_WEIGHT = Convention(
    "weight_axes",
    "out-in-height-width",
    "All kernels of a layer are stored in one array of shape (C_out, C_in, height, width).",
)
BIAS_PER_FILTER = Convention("bias", "one-per-filter", "Each filter has one bias; the biases count as parameters.")
BIASES_COUNT = Convention(
    "bias",
    "one-per-output",
    "Each filter of a convolution and each output of a fully connected layer has one bias; biases count as parameters.",
)
BIASES_OF_SOME = Convention(
    "bias", "as-listed", "A layer has biases where the statement says so; biases count as parameters."
)
ONLY_WEIGHTS = Convention("bias", "not-counted", "Only weights are counted, no biases.")
LEARNED_ONLY = Convention(
    "parameters", "learned", "Parameters are the numbers that training learns; running statistics are none."
)
MULTIPLY_ADD = Convention(
    "macs",
    "multiply-add",
    "One MAC is a multiplication and an addition, and counts as 2 FLOPs; multiplications with padding count, "
    "biases and comparisons do not.",
)
COUNTED_LAYERS = Convention(
    "counted_layers", "weighted", "Only the MACs of convolutions and of fully connected layers are counted."
)
COUNTED_CONVOLUTIONS = Convention("counted_layers", "weighted", "Only the MACs of convolutions are counted.")
ACTIVATIONS = Convention(
    "activations",
    "outputs",
    "Activations are the outputs of layers; the input is none, and flattening makes no new ones.",
)
BYTES = Convention("bytes", "exact", "Give the memory in bytes, as a whole number.")
RECEPTIVE_FIELD = Convention(
    "receptive_field",
    "theoretical-side",
    "The receptive field of an output is the smallest square that holds all pixels on which it can depend, and its "
    "size is the side of this square; places on the padding count as pixels.",
)
PADDING_OF_STACK = Convention(
    "padding", "each-side", "Padding p adds p entries on each side of each axis of a layer's input."
)
PLACES_FROM_ZERO = Convention(
    "index_origin",
    "0",
    "Pixels and outputs count from 0 along a side; places on the padding before the image have negative numbers.",
)
