"""Concepts: true or false."""

from cnnex.topics.concepts._ideas import Concept
from cnnex.topics.concepts._numeric import NumericClaim
from cnnex.topics.concepts._select import SelectAll

FAMILIES = (NumericClaim(), Concept(), SelectAll())
