"""Backpropagation."""

from cnnex.topics.backprop._numeric import Conv1dBackward
from cnnex.topics.backprop._pooling import AveragePoolingBackward, MaxPoolingBackward
from cnnex.topics.backprop._share import AverageShare
from cnnex.topics.backprop._symbolic import Conv1dGradients

FAMILIES = (MaxPoolingBackward(), AveragePoolingBackward(), Conv1dBackward(), Conv1dGradients(), AverageShare())
