"""A set's ID as a QR code: nothing else is in it."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

_QUIET = 2  # light modules around it; the page itself is the rest of the four that scanners like


@lru_cache(64)
def qr_svg(words: str) -> str:
    """Up to ten capitals, digits and hyphens as an SVG, with the most redundancy that its smallest size has.

    >>> qr_svg("7F2K-9QXM")[:64]
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 25 25"><p'
    """
    import segno

    # The size and the mask are given, since trying them all costs three times as much; readers take any.
    code = segno.make_qr(words, version=1, error="h", mode="alphanumeric", mask=4, boost_error=False)
    size = len(code.matrix) + 2 * _QUIET
    path = "".join(_runs(y, row) for y, row in enumerate(code.matrix))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-{_QUIET} -{_QUIET} {size} {size}"><path d="{path}"/></svg>'
    )


def _runs(y: int, row: bytearray) -> str:
    """The dark modules of a row, neighbours as one, so that no hairline shows between them."""
    runs, x = "", 0
    for dark, group in groupby(row):
        length = len(list(group))
        if dark:
            runs += f"M{x} {y}h{length}v1h-{length}z"
        x += length
    return runs
