"""Shares of points: exact, from 0 to 1."""

from __future__ import annotations

import re
from fractions import Fraction

_SHARE = re.compile(r"\d{1,6}(/\d{1,6}|\.\d{1,6})?", re.ASCII)


def share(text: str) -> Fraction:
    """A share as a file writes it.

    >>> share("3/4"), share("0.25"), share("1")
    (Fraction(3, 4), Fraction(1, 4), Fraction(1, 1))

    Raises:
        ValueError: it is none.
    """
    try:
        found = Fraction(text) if _SHARE.fullmatch(text) else None
    except ZeroDivisionError:
        found = None
    if found is None or found > 1:
        raise ValueError(f"{text[:40]!r} is no share from 0 to 1, such as 1/2")
    return found
