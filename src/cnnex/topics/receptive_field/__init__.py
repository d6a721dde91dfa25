"""Receptive field."""

from cnnex.topics.receptive_field._closed import ReceptiveFieldFormula
from cnnex.topics.receptive_field._depth import Depth
from cnnex.topics.receptive_field._dilated import DilatedKernel
from cnnex.topics.receptive_field._table import ReceptiveField

FAMILIES = (ReceptiveField(), DilatedKernel(), ReceptiveFieldFormula(), Depth())
