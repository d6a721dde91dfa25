"""Network architectures."""

from cnnex.topics.architecture._chain import ShapeChain
from cnnex.topics.architecture._dense import LinearAsConvolution
from cnnex.topics.architecture._flatten import FlattenFormulas
from cnnex.topics.architecture._flattened import FlattenedLayer
from cnnex.topics.architecture._table import LayerTable

FAMILIES = (ShapeChain(), LayerTable(), FlattenedLayer(), LinearAsConvolution(), FlattenFormulas())
