"""The closed list of what a part may ask, so that a program can recompute each key from `given`."""

from __future__ import annotations

from types import MappingProxyType

ASKS = MappingProxyType(
    {
        "output": "the output of the operation",
        "output_entry": "one entry of the output; `index` says which, from 0, without the batch axis",
        "output_shape": "the shape of the output",
        "output_size": "the length of the output's only spatial axis, or the side of a square output",
        "output_size_formula": "the output size as a formula in the symbols of `given`",
        "padded_input": "the input with its padding",
        "padded_shape": "the shape of the input with its padding",
        "padding": "the padding on each side that leads to the wanted output",
        "grad_input": "the gradient of the loss for the input",
        "grad_weight": "the gradient of the loss for the weight",
        "grad_bias": "the gradient of the loss for the bias",
        "grad_input_entry": "one entry of the gradient for the input; `index` says which",
        "grad_weight_entry": "one entry of the gradient for the weight; `index` says which",
        "operator_matrix": "the matrix K with output = K input, both as columns",
        "operator_shape": "the shape of that matrix: rows, columns",
        "weight_shape": "the shape of the weight",
        "bias_shape": "the shape of the bias",
        "weight_count": "the number of weights, never with bias",
        "parameter_count": "the number of weights, and of biases where there are some",
        "macs": "multiply-accumulate operations; one is a multiplication and an addition",
        "receptive_field": "the side of the input region that one output depends on",
        "effective_kernel_size": "the number of inputs that a dilated kernel spans",
        "statement": "which of the choices holds, or whether the part's sentence is true",
    }
)
