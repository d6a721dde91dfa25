"""A repeated left-hand side: `dL/dk_1 = ...`, `y = ...`, `Answer: ...`."""

from __future__ import annotations

import re

from cnnex.notation.symbols import Symbols
from cnnex.notation.tokens import DERIVATIVE, DERIVATIVE_PATTERN, FUNCTION_NAMES, NAME_PATTERN, ReadError

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
    r"|[A-Za-z]+(?:[ _×]{1,3}[A-Za-z]+){0,5})(?:\s|\\[,;:!]|\\q{1,2}uad){0,4}[&:]?"
)
_WORDS = re.compile(
    r"\s{0,20}(?:(?:the|final|my|output) ){0,3}(?:answer|ans|result|solution|output|shape|size)"
    r"(?: ?:| is\b:?| [a-z]+ ?:)",
    re.I,
)
_CALLED = re.compile(r"\\?([A-Za-z]+)\s?\([^()]*\)$")
_AROUND = re.compile(r"\\(?:begin|end)\s{0,3}\{(?:align|aligned|equation|gather|math|displaymath)\*?\}")
"""Environments around a formula."""
_RANGE = re.compile(r"(_\s?\{\s?[A-Za-z]\s?)=")
"""The equals sign below a sum sign."""
_MAX_SIDES = 5
_NAME = re.compile(rf"[\s$]*((?:{DERIVATIVE_PATTERN}|{NAME_PATTERN})'?)[\s$.]*")


class SidesError(ReadError):
    """An equation whose sides may all be the answer.

    Attributes:
        sides: the sides between equals signs, each at its place.
        about: those after a sign of approximation.
    """

    def __init__(self, why: str, position: int, sides: tuple[str, ...], about: tuple[str, ...]) -> None:
        super().__init__(why, position)
        self.sides = sides
        self.about = about


def without_left_side(text: str) -> str:
    """The text with blanks for a left-hand side, so that places stay what they are.

    >>> without_left_side("y_1 = 2a")
    '      2a'
    >>> without_left_side("a = b = c")
    Traceback (most recent call last):
        ...
    cnnex.notation.leftside.SidesError: At character 7: there are several equals signs, write only the result.
    """
    if "\\begin" in text:
        text = _AROUND.sub(lambda match: " " * len(match[0]), text)
    typed = text
    if "≈" in text or "≅" in text or r"\approx" in text:
        typed = text.replace(r"\approx", "      ≈").replace("≅", "≈")
        text = typed.replace("≈", "=")
    if "=" not in text:
        if (":" in text or " is" in text) and (words := _WORDS.match(text[:MAX_LEFT])):
            return " " * words.end() + text[words.end() :]
        return text
    if "_{" in text and _RANGE.search(text):
        text = _RANGE.sub(r"\1:", text)
        if "=" not in text:
            return text
    at = text.index("=")
    if text[at - 1 : at] in ("<", ">", "!") or text[at + 1 : at + 2] == "=":
        return text
    if (call := _CALLED.match(text[:at].strip())) and call[1].lower() in FUNCTION_NAMES:
        raise _equation(text, typed, at, 0, "write only what stands after the equals sign, and solve for it")
    opening = _OPENING.match(text, 0, at)[0]  # type: ignore[index]
    left = text[len(opening) : at].strip()
    if "\\" in left:
        left = _ACCENT.sub(r"\1\2", left)
    if at > MAX_LEFT or (left and not _LEFT.fullmatch(left)):
        raise _equation(text, typed, at, 0, "write only the result, without an equals sign")
    if (again := text.find("=", at + 1)) >= 0:
        raise _equation(text, typed, again, at + 1, "there are several equals signs, write only the result")
    if not text[at + 1 :].strip():
        raise ReadError("nothing stands after the equals sign", at)
    kept = opening if "{" in opening else ""  # the brace of a box closes behind the formula
    return kept.ljust(at + 1) + text[at + 1 :]


def names_it(side: str, symbols: Symbols) -> bool:
    """Whether a side only names what is asked, as in `2*a = y_1`: a name that the question doesn't have.

    >>> [names_it(side, Symbols(["a"])) for side in (" y_1.", "a", "2a")]
    [True, False, False]
    """
    name = _NAME.fullmatch(side)
    return name is not None and symbols.resolve(name[1]) is None


def _equation(text: str, typed: str, at: int, begin: int, why: str) -> ReadError:
    """The refusal of an equation, whose sides begin at a place."""
    ends = [sign.start() for sign in re.finditer("=", text) if sign.start() >= begin]
    if len(ends) >= _MAX_SIDES:
        return ReadError(why, at)
    begins = [begin, *(end + 1 for end in ends)]
    sides = tuple(" " * b + text[b:e].rstrip("\\& \n") for b, e in zip(begins, [*ends, len(text)], strict=True))
    exact = next((i for i, end in enumerate(ends, 1) if typed[end] == "≈"), len(sides))
    return SidesError(why, at, sides[:exact], sides[exact:])
