"""A repeated left-hand side: `dL/dk_1 = ...`, `y = ...`, `Answer: ...`."""

from __future__ import annotations

import re

from cnnex.notation.tokens import DERIVATIVE, FUNCTION_NAMES, NAME_PATTERN, ReadError

MAX_LEFT = 60
"""A left-hand side is a name, so it is short."""

_OPENING = re.compile(r"(?:\s|\$|`|\\[(\[]|\\displaystyle\b|\\boxed\s?\{)*+")
"""What may stand before the formula, the left-hand side included."""
_ACCENT = re.compile(r"\\(?:hat|bar|tilde|overline)\s?(?:\{([A-Za-z])\}|([A-Za-z]))")
_LEFT = re.compile(
    rf"(?:{DERIVATIVE.pattern}"
    rf"|(?:{NAME_PATTERN})'?(?:\.shape)?\s?(?:\([A-Za-z0-9_,\s]{{0,30}}\))?"
    r"|(?:∇|\\nabla)(?:_\{?[A-Za-z]{1,3}\}?)?\s?[A-Z]?"
    rf"|[δΔ]\s?(?:{NAME_PATTERN})"
    r"|[(\[][A-Za-z0-9₀-₉_,/∂\s]{1,58}[)\]]"
    r"|[A-Za-z]+(?:[ _][A-Za-z]+){0,5})\s*[&:]?"
)
_WORDS = re.compile(
    r"\s{0,20}(?:(?:the|final|my|output) ){0,3}(?:answer|ans|result|solution|output|shape|size)(?: ?:| is\b:?| [a-z]+ ?:)",
    re.I,
)
_CALLED = re.compile(r"\\?([A-Za-z]+)\s?\(")
_AROUND = re.compile(r"\\(?:begin|end)\s{0,3}\{(?:align|aligned|equation|gather|math|displaymath)\*?\}")
"""Environments around a formula."""


def without_left_side(text: str) -> str:
    """The text with blanks for a left-hand side, so that places stay what they are.

    >>> without_left_side("y_1 = 2a")
    '      2a'
    >>> without_left_side("a = b = c")
    Traceback (most recent call last):
        ...
    cnnex.notation.tokens.ReadError: At character 7: there are several equals signs, write only the result.
    """
    if "\\begin" in text:
        text = _AROUND.sub(lambda match: " " * len(match[0]), text)
    if "≈" in text or "≅" in text:
        text = text.replace("≈", "=").replace("≅", "=")
    if "=" not in text:
        if (":" in text or " is" in text) and (words := _WORDS.match(text[:MAX_LEFT])):
            return " " * words.end() + text[words.end() :]
        return text
    at = text.index("=")
    if text[at - 1 : at] in ("<", ">", "!") or text[at + 1 : at + 2] == "=":
        return text
    again = text.find("=", at + 1)
    if again >= 0:
        raise ReadError("there are several equals signs, write only the result", again)
    if (call := _CALLED.match(text.strip())) and call[1].lower() in FUNCTION_NAMES:
        raise ReadError("write only what stands after the equals sign, and solve for it", at)
    opening = _OPENING.match(text, 0, at)[0]  # type: ignore[index]
    left = _ACCENT.sub(r"\1\2", text[len(opening) : at].strip())
    if at > MAX_LEFT or (left and not _LEFT.fullmatch(left)):
        raise ReadError("write only what stands after the equals sign", at)
    if not text[at + 1 :].strip():
        raise ReadError("nothing stands after the equals sign", at)
    kept = opening if "{" in opening else ""  # the brace of a box closes behind the formula
    return kept.ljust(at + 1) + text[at + 1 :]
