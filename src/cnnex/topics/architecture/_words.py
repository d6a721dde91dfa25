"""What the families of this topic say about the same mistakes: id, explanation, hint."""

from __future__ import annotations

CHANNELS_ONLY = (
    "only-channels-flattened",
    "Only the channels were counted as inputs of the fully connected layer.",
    "Flattening puts all values into one row. How many has each channel?",
)
PLACES_ONLY = (
    "channels-left-out",
    "The values of a single channel were counted.",
    "Flattening puts the values of all channels into one row.",
)
BIAS = ("bias-forgotten", "The biases were left out.", "What is added to each weighted sum? It is learned, too.")
ONE_BIAS = (
    "one-bias-in-all",
    "A single bias was counted for a whole layer.",
    "Does each output have a bias of its own?",
)  # fmt: skip
