"""JSON as other programs write it, read without ever failing on what is only unusual."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from math import isfinite
from typing import Any, NoReturn

_MAX_DIGITS = 1000  # a longer number stays text, and only the answer that it stands in is unreadable
_DIGITS = bytes(ord("0") if byte in b"0123456789" else ord(" ") for byte in range(256))
_DEEPEST = 100
_MARK = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
"""A text, which may have brackets in it, or a bracket."""


def parse_json(text: str, pairs: Callable[[list[tuple[str, Any]]], Any] | None = None) -> Any:
    """The value of a JSON text: numbers that no machine holds stay text, half a surrogate pair stays what it is.

    Args:
        text: the JSON text.
        pairs: makes an object of its names and values.

    Raises:
        ValueError: it is no JSON.
        RecursionError: it is nested too deeply.

    >>> parse_json('[1, 2.5, 1e400]')
    [1, 2.5, '1e400']
    """
    return json.loads(
        text,
        object_pairs_hook=pairs,
        parse_constant=_no_number,
        parse_float=lambda digits: float(digits) if isfinite(float(digits)) else digits,
        parse_int=lambda digits: int(digits) if len(digits) <= _MAX_DIGITS else digits,
    )


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number that JSON knows")


def has_long_number(content: bytes) -> bool:
    """Whether bytes of JSON may have a number that stays text.

    >>> has_long_number(b"[1, 2]"), has_long_number(b"1234" * 1000)
    (False, True)
    """
    return b"0" * (_MAX_DIGITS + 1) in content.translate(_DIGITS)  # eight times as fast as a regular expression


def shallow(text: str, deepest: int = _DEEPEST) -> str:
    """The JSON text with null for all that is nested more deeply.

    >>> shallow('{"a": [1, [2, "]"], 3]}', 2)
    '{"a": [1, null, 3]}'
    """
    kept: list[str] = []
    start = depth = 0
    for mark in _MARK.finditer(text):
        if mark[0] in ("[", "{"):
            depth += 1
            if depth == deepest + 1:
                kept += text[start : mark.start()], "null"
        elif mark[0] in ("]", "}"):
            depth -= 1
            if depth == deepest:
                start = mark.end()
    return "".join(kept) + text[start:] if depth <= deepest else text
