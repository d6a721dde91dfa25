"""Padding and stride."""

from cnnex.topics.padding_stride._formula import ConvolutionFormula
from cnnex.topics.padding_stride._general import FindLargestKernel, PaddingFormula
from cnnex.topics.padding_stride._padding import FindPadding
from cnnex.topics.padding_stride._search import FindKernelSize, FindStrides
from cnnex.topics.padding_stride._size import OutputSize

FAMILIES = (
    OutputSize(),
    ConvolutionFormula(),
    FindPadding(),
    FindKernelSize(),
    FindStrides(),
    PaddingFormula(),
    FindLargestKernel(),
)
