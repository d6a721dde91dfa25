"""Convolution."""

from cnnex.topics.convolution._channels import ChannelConvolution
from cnnex.topics.convolution._definition import ConvolutionDefinition
from cnnex.topics.convolution._dilated import DilatedConvolution
from cnnex.topics.convolution._entries import ConvolutionEntries
from cnnex.topics.convolution._line import LineConvolution
from cnnex.topics.convolution._plane import PlaneConvolution
from cnnex.topics.convolution._sum import ConvolutionSum
from cnnex.topics.convolution._true import TrueConvolution

FAMILIES = (
    LineConvolution(),
    ConvolutionEntries(),
    PlaneConvolution(),
    ChannelConvolution(),
    DilatedConvolution(),
    TrueConvolution(),
    ConvolutionSum(),
    ConvolutionDefinition(),
)
