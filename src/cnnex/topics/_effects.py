"""What several topics say about the effect of a filter."""

from __future__ import annotations

from collections.abc import Mapping

EFFECTS: Mapping[str, tuple[str, str]] = {
    "local-averaging": (
        "Local averaging: it blurs the image.",
        "No weight is negative and they sum to 1, so each output is an average of its window: local averaging, a blur.",
    ),
    "sharpening": (
        "Sharpening: it strengthens what differs from its surroundings.",
        "The weights sum to 1, and the centre outweighs neighbours that are subtracted: "
        "areas of one colour stay, differences grow.",
    ),
    "vertical-edges": (
        "It finds vertical edges.",
        "Each row of weights sums to 0, so only a change from left to right shows: a vertical edge.",
    ),
    "horizontal-edges": (
        "It finds horizontal edges.",
        "Each column of weights sums to 0, so only a change from top to bottom shows: a horizontal edge.",
    ),
    "all-edges": (
        "It finds edges of all directions.",
        "The weights sum to 0 and look the same from all sides, so a change in any direction shows.",
    ),
    "identity": ("It leaves the image as it is.", "Only the centre has a weight, and that is 1."),
    "shift": ("It moves the image.", "A single weight of 1 away from the centre takes each output from a neighbour."),
    "other": ("None of these.", "The weights sum neither to an average nor to a difference in one of these ways."),
}
"""What `cnnex.maths.filters` names: the choice, and why it holds."""
