"""The entries of a list or a matrix by their places, in words."""

from __future__ import annotations

from collections.abc import Sequence

from cnnex.model.value import ordinal

_MAX_CHARACTERS = 600
"""What somebody would still read; seven rows of nine entries always fit."""


def named(places: Sequence[int], size: tuple[int, int], noun: str = "entry", nouns: str = "entries") -> str:
    """The places, counted row by row from 0 and in their order, in words; how many where they are too scattered.

    >>> named([0, 2, 3, 4], (1, 6)), named([1], (1, 2), "size", "sizes")
    ('the 1st and 3rd to 5th entries', 'the 2nd size')
    >>> named([1, 3, 5, 6, 7, 8], (3, 3))
    'the 2nd entry of the 1st row, the 1st and 3rd entries of the 2nd row and all entries of the 3rd row'
    """
    height, width = size
    total = height * width
    if len(places) == total:
        return f"the {noun}" if total == 1 else f"both {nouns}" if total == 2 else f"all {total} {nouns}"
    if len(places) == 1 and height > 1:
        return f"the entry in the {ordinal(places[0] // width + 1)} row, {ordinal(places[0] % width + 1)} column"
    columns: dict[int, list[int]] = {}
    for place in places:
        columns.setdefault(place // width, []).append(place % width)
    alike: dict[tuple[int, ...], list[int]] = {}
    for row, across in columns.items():
        alike.setdefault(tuple(across), []).append(row)
    parts = []
    for own, rows in alike.items():
        several = len(own) * len(rows) > 1
        entries = f"all {nouns}" if len(own) == width else f"the {_ordinals(own)} {nouns if several else noun}"
        parts.append(f"{entries} of the {_ordinals(rows)} row{'s' * (len(rows) > 1)}" if height > 1 else entries)
    words = _joined(parts)
    return words if len(words) <= _MAX_CHARACTERS else f"{len(places)} of the {total} {nouns}"


def _ordinals(numbers: Sequence[int]) -> str:
    """Ordinals of numbers counted from 0; three and more in a row are `to`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = []
    for run in runs:
        if len(run) > 2:
            words.append(f"{ordinal(run[0] + 1)} to {ordinal(run[-1] + 1)}")
        else:
            words += [ordinal(number + 1) for number in run]
    return _joined(words)


def _joined(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
