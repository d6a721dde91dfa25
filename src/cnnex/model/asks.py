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
        "input_count_formula": "that number as a formula in the symbols of `given`",
        "output_range": "the indices of the output's entries, from 0",
        "valid_range": "the indices, from 0, of the full convolution's entries for which the kernel lies on the input",
        "feature_map": "one channel of the output; `index` says which, from 0",
        "activated_map": "the same after ReLU",
        "patch": "what one output sees of one padded input channel; `index` is input channel and the output's place",
        "contribution": "what one input channel adds to one output; `index` is output and input channel, then place",
        "dilated_kernel": "the kernel with its gaps filled with zeros",
        "flip_irrelevant": "whether the output is the same when the kernel is not flipped, or flipped",
        "padded_input": "the input with its padding",
        "padded_shape": "the shape of the input with its padding",
        "padded_size": "the length of the input's only spatial axis with its padding",
        "padding": "the least padding on each side that leads to the wanted output",
        "padding_formula": "the padding with which the wanted output leaves no entry over, as a formula",
        "kernel_size": "the largest kernel size that leads to the wanted output",
        "stride": "the stride with which outputs lie `output_jump` apart where entries of the input lie `jump` apart",
        "strides": "all strides that lead to the wanted output, smallest first",
        "full_size_formula": "the number of places, one apart, where the kernel meets an input, as a formula",
        "largest_kernel_formula": "the side of the largest square kernel that fits, as a formula",
        "grad_input": "the gradient of the loss for the input",
        "grad_input_formula": "what each entry of a single window receives of its upstream gradient, as a formula",
        "grad_weight": "the gradient of the loss for the weight",
        "grad_bias": "the gradient of the loss for the bias",
        "grad_input_entry": "one entry of the gradient for the input; `index` says which",
        "grad_weight_entry": "one entry of the gradient for the weight; `index` says which",
        "operator_matrix": "the matrix K with output = K input, both as columns",
        "operator_shape": "the shape of that matrix: rows, columns",
        "weight_shape": "the shape of the weight",
        "equivalent_weight_shape": "the shape of the weight of the convolution that equals a fully connected layer",
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
        "receptive_field_formula": "the receptive field as a formula in the symbols of `given`",
        "receptive_field_start": "the place, from 0 along an axis, where the receptive field of output `index` begins",
        "jump": "how far the receptive fields of two neighbouring outputs lie apart in the input",
        "layer_count": "how many layers like `repeated`, after `layers`, give a field of at least `wanted_field`",
        "effective_kernel_size": "the number of inputs that a dilated kernel spans, of kind `shape` one for each axis",
        "effective_kernel_size_formula": "that number as a formula in the symbols of `given`",
        "tap_pattern": "the dilated kernel as a matrix with 1 at each weight and 0 in the gaps",
        "filter_effect": "what the weight does to an image, by the id of the choice",
        "wanted_weight": "the value of the symbol in `weight` that leads to the given `output`",
        "detected_place": "row and column, from 1, of the only entry of the output that is at least `threshold`",
        "convolution_term": "the id of the one of `terms` whose sum or integral is the convolution",
        "claim": "whether `claim` holds",
        "claims": "the ids of those `claims` that hold",
        "statement": "which of the choices holds, or whether the part's sentence is true",
    }
)

_COUNTS = {"macs", "flops", "activation_memory", "receptive_field", "jump", "stride", "strides"}


def counts(asks: str) -> bool:
    """Whether what is asked is at least 1: sizes and numbers of things.

    >>> counts("output_size"), counts("output_shape"), counts("output"), counts("padding")
    (True, True, False, False)
    """
    return asks in _COUNTS or asks.endswith(("_size", "_shape", "_count"))
