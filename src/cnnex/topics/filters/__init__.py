"""Filters."""

from cnnex.topics.filters._design import FilterDesign
from cnnex.topics.filters._effect import FilterEffect
from cnnex.topics.filters._pattern import PatternDetector

FAMILIES = (FilterEffect(), FilterDesign(), PatternDetector())
