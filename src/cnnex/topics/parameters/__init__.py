"""Parameters and operations."""

from cnnex.topics.parameters._conv import ConvParameters, ConvShapes
from cnnex.topics.parameters._cost import ConvCost, NetworkCost
from cnnex.topics.parameters._formulas import CountFormulas, StackedKernels
from cnnex.topics.parameters._network import NetworkParameters
from cnnex.topics.parameters._sharing import LineSharing, PlaneSharing

FAMILIES = (
    ConvShapes(),
    ConvParameters(),
    NetworkParameters(),
    CountFormulas(),
    StackedKernels(),
    LineSharing(),
    PlaneSharing(),
    ConvCost(),
    NetworkCost(),
)
