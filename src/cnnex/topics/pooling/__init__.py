"""Pooling."""

from cnnex.topics.pooling._global import GlobalAveragePooling
from cnnex.topics.pooling._plane import AveragePooling, MaxPooling
from cnnex.topics.pooling._size import PoolingFormula, PoolingSize

FAMILIES = (MaxPooling(), AveragePooling(), PoolingSize(), PoolingFormula(), GlobalAveragePooling())
