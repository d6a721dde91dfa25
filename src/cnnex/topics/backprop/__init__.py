"""Backpropagation."""

from cnnex.topics.backprop._average_pooling import AveragePoolingBackward
from cnnex.topics.backprop._max_pooling import MaxPoolingBackward
from cnnex.topics.backprop._numeric import Conv1dBackward
from cnnex.topics.backprop._share import AverageShare
from cnnex.topics.backprop._symbolic import Conv1dGradients

FAMILIES = (MaxPoolingBackward(), AveragePoolingBackward(), Conv1dBackward(), Conv1dGradients(), AverageShare())
