"""Network architectures."""

from cnnex.topics.architecture._dense import LinearAsConvolution
from cnnex.topics.architecture._flatten import FlattenFormulas
from cnnex.topics.architecture._table import LayerTable, ShapeChain

FAMILIES = (ShapeChain(), LayerTable(), LinearAsConvolution(), FlattenFormulas())
