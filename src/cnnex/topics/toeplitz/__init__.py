"""Toeplitz matrices."""

from cnnex.topics.toeplitz._shared import NumericOperator, SymbolicOperator
from cnnex.topics.toeplitz._unshared import UnsharedOperator

FAMILIES = (SymbolicOperator(), NumericOperator(), UnsharedOperator())
