"""Padding and stride."""

from cnnex.topics.padding_stride._formula import ConvolutionFormula
from cnnex.topics.padding_stride._size import OutputSize

FAMILIES = (OutputSize(), ConvolutionFormula())
