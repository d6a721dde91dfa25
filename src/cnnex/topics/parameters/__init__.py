"""Parameters and operations."""

from cnnex.topics.parameters._conv_cost import ConvCost
from cnnex.topics.parameters._conv_parameters import ConvParameters
from cnnex.topics.parameters._conv_shapes import ConvShapes
from cnnex.topics.parameters._formulas import CountFormulas
from cnnex.topics.parameters._network_cost import NetworkCost
from cnnex.topics.parameters._network_parameters import NetworkParameters
from cnnex.topics.parameters._sharing_line import LineSharing
from cnnex.topics.parameters._sharing_plane import PlaneSharing
from cnnex.topics.parameters._stacked import StackedKernels

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
