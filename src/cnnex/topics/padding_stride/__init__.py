"""Padding and stride."""

from cnnex.topics.padding_stride._formula import ConvolutionFormula
from cnnex.topics.padding_stride._kernel import FindKernelSize
from cnnex.topics.padding_stride._largest import FindLargestKernel
from cnnex.topics.padding_stride._padding import FindPadding
from cnnex.topics.padding_stride._padding_formula import PaddingFormula
from cnnex.topics.padding_stride._size import OutputSize
from cnnex.topics.padding_stride._strides import FindStrides

FAMILIES = (
    OutputSize(),
    ConvolutionFormula(),
    FindPadding(),
    FindKernelSize(),
    FindStrides(),
    PaddingFormula(),
    FindLargestKernel(),
)
