"""Convolution."""

from cnnex.topics.convolution._entries import ConvolutionEntries
from cnnex.topics.convolution._line import LineConvolution
from cnnex.topics.convolution._plane import PlaneConvolution

FAMILIES = (LineConvolution(), ConvolutionEntries(), PlaneConvolution())
