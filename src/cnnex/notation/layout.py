"""What stands around a list: constructors, keywords, names of entries, boxes, scalars; and crosses for commas.

Everything here replaces characters by as many others, so that places in the text stay what they are.
"""

from __future__ import annotations

import re

from cnnex.notation.leftside import without_left_side
from cnnex.notation.symbols import Symbols
from cnnex.notation.tokens import MAX_LIST_CHARACTERS, NAME_PATTERN, ReadError, upright

_WRAPPER = re.compile(
    r"\s*(?:(?:np|numpy|torch|sympy|sp|tf|jnp)\.)?"
    r"(?:as)?(?:array|matrix|Matrix|ImmutableMatrix|tensor|Tensor|LongTensor|FloatTensor|TensorShape|Size|list|tuple|[Vv]ector)"
    r"\s*(?=\()"
)
_TRANSPOSED = re.compile(r"\.(?:transpose|t)\(\s{0,3}\)")
_TRANSPOSE = re.compile(r"\s{0,40}(?:(?:np|numpy|torch|sympy|sp|tf|jnp)\.)?[Tt]ranspose\s{0,3}\(")
_SPREAD = re.compile(r"(?<=\\\\)\[[0-9.]{1,6}[a-z]{2}\]")
_KEYWORD = re.compile(r",\s{0,40}(?:dtype|device|requires_grad|grad_fn|layout)\s{0,3}=[^,()\[\]]{0,40}")
_LABEL = re.compile(rf"(?:^|(?<=[,;\n(\[]))\s{{0,40}}({NAME_PATTERN})\s{{0,3}}=(?!=)")
_LAST_INDEX = re.compile(r"([0-9]{1,4})\D{0,3}$")
_BOX = re.compile("[⎡⎢⎣⎤⎥⎦⎛⎜⎝⎞⎟⎠]|^[ \\t]*\\|(?=[ \\t])|(?<=[ \\t])\\|[ \\t]*$", re.MULTILINE)
_BREAK = re.compile(r"\n\s*")
_SPACE = re.compile(r"\s*(?:(?:∈|\\in)\s*)?(?:ℝ|\\mathbb\s?\{?R\}?|R)\s?\^\s?(?=[{(\[])")
_CROSS = re.compile(r"(?<=[0-9)\s])[xX](?=[\s0-9(])")
_BY = re.compile(r"(?<=[0-9A-Za-z)])[ -]by[ -](?=[0-9A-Za-z(])")
_GLUED = re.compile(r"[A-Za-z0-9_]+")
_SCALED = re.compile(
    r"(?P<before>[^\[,;&\n=]{0,60}?)(?:\*|·|⋅|×|\\cdot|\\times)?\s{0,3}"
    r"(?P<list>(?<![\w\]])(?:\\left\s?)?(?:\[|\\begin).{0,40000}(?:\]|\\end\s?\{[a-z]{1,12}\}))"
    r"\s{0,3}(?:/\s{0,3}(?P<after>[0-9A-Za-z_]{1,20}))?[\s.$]{0,3}",
    re.DOTALL,
)


def bare(text: str, kind: str) -> str:
    """The text without what stands around the list.

    >>> bare("y = np.array([1, 2], dtype=int)", "vector")
    '            ([1, 2]           )'
    >>> bare("y_1 = 5, y_2 = 7", "vector")
    '      5,       7'
    """
    if len(text) > MAX_LIST_CHARACTERS:
        raise ReadError("the answer is too long", MAX_LIST_CHARACTERS)
    text = _SPREAD.sub(_blanks, upright(text))
    if "=" in text:
        text = _KEYWORD.sub(_blanks, text)
        text = without_left_side(_without_labels(text) if text.count("=") > 1 else text)
    elif ":" in text:
        text = without_left_side(text)
    text = _angled(_untransposed(text))
    if wrapper := _WRAPPER.match(text):
        text = " " * wrapper.end() + text[wrapper.end() :]
    if kind == "matrix" and ("|" in text or "⎤" in text or "⎞" in text):
        text = _BOX.sub(_blanks, text)
    if kind == "vector" and "\n" in (inner := text.strip()) and inner[0] not in "[({\\" and not set(",;") & set(inner):
        begin = text.index(inner)
        text = " " * begin + _BREAK.sub(lambda m: "," + " " * (len(m[0]) - 1), inner)
    return text


def _untransposed(text: str) -> str:
    """`transpose(A)` and `A.transpose()` with the mark `A'` instead."""
    if "ranspose" not in text and ".t(" not in text:
        return text
    text = _TRANSPOSED.sub(lambda match: "'" + " " * (len(match[0]) - 1), text)
    end = len(text.rstrip(" .;$\n"))
    if (call := _TRANSPOSE.match(text)) and text[end - 1] == ")":
        text = " " * call.end() + text[call.end() : end - 1] + "'" + text[end:]
    return text


def _angled(text: str) -> str:
    """`<1, 2>` with the brackets that these signs stand for."""
    if text.lstrip()[:1] == "<" and text.count("<") == text.count(">") == 1:
        return text.replace("<", "⟨").replace(">", "⟩")
    return text


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _without_labels(text: str) -> str:
    """Entries with their names, `y_1 = 5, y_2 = 7`, without them; the indices must count up."""
    labels = list(_LABEL.finditer(text))
    if len(labels) != text.count("="):
        return text
    indices = [_LAST_INDEX.search(label[1]) for label in labels]
    numbers = [int(index[1]) for index in indices if index]
    if numbers and numbers != list(range(numbers[0], numbers[0] + len(labels))):
        raise ReadError("write the entries in order, without names", labels[0].start(1))
    return _LABEL.sub(_blanks, text)


def with_commas(text: str, symbols: Symbols) -> str:
    """Sizes with commas for crosses, without `R^` before them.

    >>> with_commas("R^{3x4}", Symbols([])), with_commas("3 by 4", Symbols([]))
    ('  {3,4}', '3 ,  4')
    """
    if space := _SPACE.match(text):
        text = " " * space.end() + text[space.end() :]
    if "," not in text:
        text = with_crosses(text, symbols, ",").replace(r"\times", ",     ")
        text = _BY.sub(" ,  ", text)
        for cross in "×⨯✕✖":
            text = text.replace(cross, ",")
    return text


def with_crosses(text: str, symbols: Symbols, sign: str) -> str:
    """The text with a sign for each letter x that stands for a cross, as in `3x3` or `C x H`.

    >>> with_crosses("3x3 x W", Symbols(["W"]), "*"), with_crosses("CxW", Symbols(["C", "W"]), ",")
    ('3*3 * W', 'C,W')
    >>> with_crosses("2 x 3", Symbols(["x"]), "*")
    '2 x 3'
    """
    if ("x" not in text and "X" not in text) or symbols.resolve("x"):
        return text

    def unglued(match: re.Match[str]) -> str:
        parts = match[0].split("x")
        if symbols.resolve(match[0]) or not all(p.isdigit() or (p and symbols.resolve(p)) for p in parts):
            return match[0]
        return sign.join(parts)

    return _GLUED.sub(unglued, _CROSS.sub(sign, text))


def scaled(text: str) -> tuple[str, str, str] | None:
    """A scalar before a list, the list, and a divisor after it; None where the text isn't of this form.

    >>> scaled("1/4 * [[1, 2], [3, 4]]"), scaled("[1, 2]/3"), scaled("k[1]")
    (('1/4 ', '[[1, 2], [3, 4]]', ''), ('', '[1, 2]', '3'), None)
    """
    match = _SCALED.fullmatch(text)
    if not match or not (match["before"].strip() or match["after"]):
        return None
    before = match["before"]
    if before.strip() == "-":
        before = "-1"
    return before if before.strip() else "", match["list"], match["after"] or ""
