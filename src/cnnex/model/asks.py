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
        "output_count": "the number of entries of the output",
        "input_shape": "the shape of the input",
        "input_count": "the number of entries of the input",
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
        "kernel_shape": "the shape of one kernel of a layer: the weights of one output channel",
        "weight_count": "the number of weights, never with bias",
        "weight_count_formula": "the number of weights as a formula in the symbols of `given`, never with bias",
        "unshared_weight_count": "the number of weights without weight sharing: own weights for each output",
        "effective_unshared_weight_count": "the same without the weights that only meet padding",
        "dense_weight_count": "the number of weights of a dense layer from all inputs to all outputs, never with bias",
        "dense_weight_ratio": "that number divided by the number of the layer's own weights",
        "parameter_count": "the number of weights, and of biases where there are some",
        "parameter_count_formula": "the number of parameters as a formula in the symbols of `given`",
        "macs": "multiply-accumulate operations; one is a multiplication and an addition",
        "macs_formula": "the multiply-accumulate operations as a formula in the symbols of `given`",
        "flops": "floating point operations, two for each multiply-accumulate",
        "activation_memory": "the bytes of the outputs of all layers but flattening, for `batch_size` inputs",
        "receptive_field": "the side of the input region that one output depends on",
        "effective_kernel_size": "the number of inputs that a dilated kernel spans",
        "statement": "which of the choices holds, or whether the part's sentence is true",
    }
)
