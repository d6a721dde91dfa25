"""Concepts: true or false."""

from cnnex.topics.concepts._ideas import Gradients, Shapes, Shifts, Weights
from cnnex.topics.concepts._numeric import Comparison, NumericClaim
from cnnex.topics.concepts._select import SelectAll

FAMILIES = (NumericClaim(), Shifts(), SelectAll(), Weights(), Shapes(), Comparison(), Gradients())
