"""What stands around a list: constructors, keywords, names of entries, boxes, scalars; and crosses for commas.

Everything here replaces characters by as many others, so that places in the text stay what they are.
"""

from __future__ import annotations

import re
from itertools import islice

from cnnex.notation.leftside import without_left_side
from cnnex.notation.symbols import Symbols
from cnnex.notation.tokens import DERIVATIVE_PATTERN, MAX_LIST_CHARACTERS, NAME_PATTERN, ReadError, upright

_WRAPPER = re.compile(
    r"(?<![A-Za-z_.])(?:(?:np|numpy|torch|sympy|sp|tf|jnp)\.)?"
    r"(?:as)?(?:[Aa]rray|matrix|Matrix|ImmutableMatrix|tensor|Tensor|constant|LongTensor|FloatTensor|TensorShape|Size|list|tuple|[Vv]ector)"
    r"\s*(?=\()"
)
_AXES = "NCDHW"
_MAX_BEGINS = 8
_MAX_SCALE = 60
"""A scalar before or after a list is short."""
_TRANSPOSED = re.compile(r"\.(?:transpose|t)\(\s{0,3}\)")
_TRANSPOSE = re.compile(r"\s{0,40}(?:(?:np|numpy|torch|sympy|sp|tf|jnp)\.)?[Tt]ranspose\s{0,3}\(")
_SPREAD = re.compile(r"(?<=\\\\)\[[0-9.]{1,6}[a-z]{2}\]")
_KEYWORD = re.compile(r",\s{0,40}(?:dtype|device|requires_grad|grad_fn|layout)\s{0,3}=[^,()\[\]]{0,40}")
_LABEL = re.compile(
    rf"(?:^|(?<=[,;\n(\[]))\s{{0,40}}({DERIVATIVE_PATTERN}|{NAME_PATTERN}(?:\([0-9]{{1,3}}\))?)\s{{0,3}}[=:](?![=:])"
)
_NAMES_LEFT = re.compile(r"[\s$]{0,40}[(\[]([A-Za-z0-9₀-₉_/∂,\s]{3,58})[)\]]\s?=")
"""The names of all entries, on the left."""
_LAST_INDEX = re.compile(r"([0-9]{1,4})\D{0,3}$")
_LOW_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_BOX = re.compile("[⎡⎢⎣⎤⎥⎦⎛⎜⎝⎞⎟⎠]|^[ \\t]*\\|(?=[ \\t])|(?<=[ \\t])\\|[ \\t]*$", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*[|+](?:[ \t]*:?-{2,}:?[ \t]*[|+])+[ \t]*$", re.MULTILINE)
_SPACED_BAR = re.compile(r"(?:^|(?<=[\s\[(]))\|(?=[\s\])]|$)")
_BEGINS_LATE = re.compile(r"[*/^·⋅×+−-](?:\s|$)|[*/^·⋅×]")
_ENDS_EARLY = re.compile(r"[-*/^·⋅×+−]$")
_FRAMED_NUMBERS = re.compile(r"\s*\|(?:[\s+−-]*[0-9][0-9./]*\s*\|){2,}\s*")
"""A row of a table of numbers, with or without blanks around its bars."""
_TWO_CELLS = re.compile(r"[\w)\]}](?:\s+-?|,\s*-?)[\w(\[{\\]")
_LETTERS = re.compile(r"[^\W\d_]")
_SEMICOLONS_IN_LINES = re.compile(r"(?:[^;\n\[(]+;[^\n\[(]*[^;\s][ \t]*(?:\n|$)){2,}")
"""Lines of a table with semicolons between the cells, and none at the end."""
_BREAK = re.compile(r"\n\s*")
_SPACE = re.compile(r"\s*(?:(?:∈|\\in)\s*)?(?:ℝ|\\mathbb\s?\{?R\}?|R)\s?\^\s?(?=[{(\[])")
_CROSS = re.compile(r"(?:(?<=[0-9)])|(?<=[\w)\]}]\s)|(?<=[\w)\]}]\s\s))(?<!\b0)[xX](?=[\s0-9(])(?!\s?&?=)")
_BY = re.compile(r"(?<=[0-9A-Za-z)])[ -]by[ -](?=[0-9A-Za-z(])")
_ANNOUNCED = re.compile(r"\s{0,40}(?:(?:out|in)put )?(?:shape|size) (?=[(\[0-9])", re.IGNORECASE)
_COUNTED = re.compile(
    r"(?<=[0-9])\s{0,3}(?:@|(?:channels?|filters?|kernels?|(?:feature )?maps?)(?:,|\s?[x×]|,? of(?: size| shape)?)?)"
    r"\s{0,3}(?=[0-9])"
)
"""What stands between a number of maps and their size, as in `6 channels of 28x28` and `6@28x28`."""
_ROWS = re.compile(r"([0-9]{1,6}) rows?(?:,| and| x| ×| by) ([0-9]{1,6}) col(?:umn)?s?")
_GLUED = re.compile(r"[A-Za-z0-9_]+")
_BEGIN = re.compile(r"\\begin|(?:\\(?:left|[bB]igg?l?)\s?|(?<![A-Za-z_\]])(?<![A-Za-z_][0-9]))[\[(]")
_HOLDS_LIST = re.compile(r"[,\[&]|\\begin")
_END = re.compile(r"\\end\s?\{[A-Za-z]{1,12}\}(?:\\(?:right|[bB]igg?r?)\s?[\])])?")
_TIMES_BEFORE = re.compile(r"\s*(?:\*|·|⋅|×|\\cdot|\\times)\s*$")
_MARK = re.compile(
    r"(?:\s*(?:\.?['’′]|\.T\b|ᵀ|\^\s?\{?\s?(?:T|t|\\top|\\intercal|⊤|\\math(?:rm|sf)\s?\{?T\}?)\s?\}?))?"
)
"""A mark of transposition, or nothing."""
_ITEM = re.compile(r"^\s{0,40}(?:[•*]|[1-9][0-9]?\))[ \t]", re.MULTILINE)
"""What stands before an item of a list."""
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"), (r"\begin", r"\end"))
_SEPARATOR = re.compile(r"(?<!\\)[,;]")
_FRAME = "$` \t\r\n"
_BULLET = re.compile(r"\s*-\s+\S")
_DECIMAL_COMMA = re.compile(r"(?<![0-9_])(?<!_\{)(?<![A-Za-z]\[)[0-9]+,[0-9]+")
_SEMICOLON = re.compile(r"(?<!\\);(?=\s*[^\s;.$`])")
"""One between entries, no blank of LaTeX and none at the end."""
_WORD_MATRIX = str.maketrans("■@[]", " ;()")
_QUOTED = re.compile(r"(?<=[\[\s,(])'([^'\[\]\n]{1,60})'(?=[\s,\])])")


def bare(text: str, kind: str) -> str:
    """The text without what stands around the list.

    >>> bare("y = np.array([1, 2], dtype=int)", "vector")
    '            ([1, 2]           )'
    >>> bare("y_1 = 5, y_2 = 7", "vector")
    '      5,       7'
    """
    if len(text) > MAX_LIST_CHARACTERS:
        raise ReadError("the answer is too long", MAX_LIST_CHARACTERS)
    text = upright(text)
    if "\\\\[" in text:
        text = _SPREAD.sub(_blanks, text)
    begin = len(text) - len(text.lstrip(_FRAME))
    text = " " * begin + text[begin:]
    if "=" in text:
        if (left := _NAMES_LEFT.match(text)) and in_order(left[1].replace(",", " ").split()) is False:
            raise ReadError("write the entries in order, without names", left.start(1))
        text = _KEYWORD.sub(_blanks, text)
        text = without_left_side(_without_labels(text) if text.count("=") > 1 else text)
    elif ":" in text:
        text = without_left_side(_without_labels(text))
    elif " is" in text or "\\begin" in text:
        text = without_left_side(text)
    text = _angled(_untransposed(text))
    if "'" in text:
        text = _QUOTED.sub(r" \1 ", text)
    if "■" in text:  # a word processor's matrix, rows ended by @
        text = text.translate(_WORD_MATRIX)
    if "(" in text:
        text = _WRAPPER.sub(_blanks, text)
    if "|" in text:
        if "--" in text:
            text = _RULE.sub(_blanks, text)
        text = _with_cells(text, boxed=kind == "matrix" or "\n" in text.strip())
    if "|" in text and _is_barred(text):
        text = text.replace("|", " ")
    if "⎤" in text or "⎞" in text or ("|" in text and (kind == "matrix" or _is_boxed(text))):
        text = _BOX.sub(_blanks, text)
    if kind == "matrix" and ";" in text and "," not in text and _SEMICOLONS_IN_LINES.fullmatch(text):
        text = text.replace(";", ",")
    if kind == "vector" and ";" in text and _SEMICOLON.search(text) and (comma := _DECIMAL_COMMA.search(text)):
        raise ReadError(f"does {comma[0]} mean {comma[0].replace(',', '.')} or two entries?", comma.start())
    if kind == "vector" and _ITEM.match(text) and "\n" in text.strip():
        text = _ITEM.sub(_blanks, text)
    if (
        kind == "vector"
        and "\n" in (inner := text.lstrip(_FRAME).rstrip(_FRAME + "."))
        and not _goes_on(inner.partition("\n")[0])
        and not _SEPARATOR.search(inner)
    ):
        if all(map(_BULLET.match, inner.split("\n"))):
            raise ReadError("are these dashes bullets or minus signs?", text.index(inner))
        begin = text.index(inner)
        text = " " * begin + _BREAK.sub(lambda m: "," + " " * (len(m[0]) - 1), inner)
    return text


def _goes_on(line: str) -> bool:
    """Whether a bracket or an environment is still open at the end of a line."""
    return any(line.count(opening) > line.count(close) for opening, close in _PAIRS)


def _is_boxed(text: str) -> bool:
    """Whether these are several lines with bars at both ends."""
    lines = text.strip().split("\n")
    return len(lines) > 1 and all(len(_SPACED_BAR.findall(line.strip())) == 2 for line in lines)


def _is_barred(text: str) -> bool:
    """Whether these are rows of numbers or of several entries with bars at both ends and nowhere else: `|1 2|`."""
    lines = text.strip().split("\n")
    return len(lines) > 1 and all(
        line.strip()[0:1] == line.strip()[-1:] == "|"
        and line.count("|") == 2
        and (_TWO_CELLS.search(line) or not _LETTERS.search(line))
        for line in lines
    )


def _with_cells(text: str, *, boxed: bool) -> str:
    """Rows of a table with commas for the bars that stand between blanks.

    >>> _with_cells("| 7/4 | -2 | 0 |", boxed=False)
    '  7/4 , -2 , 0  '
    >>> _with_cells("[1, |a - b|, | c |]", boxed=False)
    '[1, |a - b|, | c |]'
    """
    lines, begin = [], 0
    for line in text.split("\n"):
        lines.append(_row_of_cells(line, begin, boxed) if "|" in line and not set(line) & set(",;&") else line)
        begin += len(line) + 1
    return "\n".join(lines)


def _row_of_cells(line: str, begin: int, boxed: bool) -> str:
    bars = [match.start() for match in _SPACED_BAR.finditer(line)]
    tight = not bars and len(line.split()) == 1
    if tight or (boxed and _FRAMED_NUMBERS.fullmatch(line)):
        bars = [at for at, sign in enumerate(line) if sign == "|"]
    if not bars:
        return line
    cells = [line[i + 1 : j].strip(" \t\r") for i, j in zip([-1, *bars], [*bars, len(line)], strict=True)]
    cells[0], cells[-1] = cells[0].lstrip("$` \t"), cells[-1].rstrip("$`. \t")
    if cells[0][:1] in ("[", "(") and (end := re.match(r"[^\[\]()]*[\])]", cells[-1])):
        cells[0], cells[-1] = cells[0][1:].strip(), end[0][:-1].strip()
    if any(cell.count(opening) != cell.count(close) for cell in cells for opening, close in ("()", "[]", "{}")):
        return line
    ends = not cells[0], not cells[-1]
    inner = cells[ends[0] : len(cells) - ends[1]]
    if boxed and all(ends) and len(inner) == 1:
        return line  # a box, not a table
    meant = len(set(ends)) == 1 and len(inner) > 1 and all(_is_cell(cell) for cell in inner)
    if tight and not meant:
        return line
    if meant and not (tight and (not boxed or _LETTERS.search(line))):  # rows of numbers can only be a table
        signs = list(line)
        for i, at in enumerate(bars):
            signs[at] = " " if (i == 0 and ends[0]) or (i == len(bars) - 1 and ends[1]) else ","
        return "".join(signs)
    raise ReadError("do the bars separate entries, or are they absolute values?", begin + bars[0])


def _is_cell(cell: str) -> bool:
    """Whether a text between two bars can only be one entry."""
    wrong = not cell or cell.count("|") % 2 or _BEGINS_LATE.match(cell) or _ENDS_EARLY.search(cell)
    return not (wrong or _TWO_CELLS.search(cell))


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
    """Entries without their names, `y_1 = 5, y_2 = 7` or `C: 3, H: 4`; indices must count up, axes have their order."""
    labels = list(_LABEL.finditer(text))
    if len(labels) != text.count("=") + text.count(":"):
        return text
    if len(labels) > 1 and not in_order([label[1] for label in labels]):
        raise ReadError("write the entries in order, without names", labels[0].start(1))
    return _LABEL.sub(_blanks, text)


def in_order(names: list[str]) -> bool | None:
    """Whether the indices of names count up, or axes have their usual order; None for any other names.

    >>> in_order(["y_1", "y_2"]), in_order(["H", "C"]), in_order(["a", "b"])
    (True, False, None)
    """
    indices = [_LAST_INDEX.search(name.translate(_LOW_DIGITS)) for name in names]
    numbers = [int(index[1]) for index in indices if index]
    if len(numbers) == len(names):
        return numbers == list(range(numbers[0], numbers[0] + len(names)))
    axes = [_AXES.find(name[0]) for name in names]
    return axes == sorted({*axes}) if min(axes) >= 0 else None


def with_commas(text: str, symbols: Symbols) -> str:
    """Sizes with commas for crosses and the usual words, without `R^` before them.

    >>> with_commas("R^{3x4}", Symbols([])), with_commas("3 by 4", Symbols([])), with_commas("6@28x28", Symbols([]))
    ('  {3,4}', '3 ,  4', '6,28,28')
    """
    if space := _SPACE.match(text) or _ANNOUNCED.match(text):
        text = " " * space.end() + text[space.end() :]
    text = _ROWS.sub(_rows_and_columns, text)
    counted = _COUNTED.search(text)
    sizes = text[counted.end() :] if counted else text
    if "," in sizes:
        sizes = with_crosses(sizes, symbols, "*")
    else:
        sizes = with_crosses(sizes, symbols, ",").replace(r"\times", ",     ")
        sizes = _BY.sub(" ,  ", sizes)
        for cross in "×⨯✕✖":
            sizes = sizes.replace(cross, ",")
    return text[: counted.start()] + ",".ljust(len(counted[0])) + sizes if counted else sizes


def _rows_and_columns(match: re.Match[str]) -> str:
    return match[1] + ",".ljust(match.start(2) - match.end(1)) + match[2] + " " * (match.end() - match.end(2))


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
        if (
            match[0].startswith("0x")
            or symbols.resolve(match[0])
            or not all(p.isdigit() or (p and symbols.resolve(p)) for p in parts)
        ):
            return match[0]
        return sign.join(parts)

    return _GLUED.sub(unglued, _CROSS.sub(sign, text))


def scaled(text: str) -> tuple[str, str, str] | None:
    """What stands before a list, the list at its place, and what stands after it; None where that is nothing.

    A sign of multiplication before the list is left out, one after it is kept.

    >>> scaled("1/4 * [[1, 2], [3, 4]]"), scaled("(1, 2)/3"), scaled("[1, 2] * 0.5"), scaled("k[1]")
    (('1/4', '      [[1, 2], [3, 4]]', ''), ('', '(1, 2)', '/3'), ('', '[1, 2]', '* 0.5'), None)
    """
    for begin in islice(_BEGIN.finditer(text), _MAX_BEGINS):
        if begin[0].endswith("begin"):
            ends = [match.end() for match in _END.finditer(text)]
            end = ends[-1] if ends else 0
        else:
            end = _closing(text, begin.end() - 1)
        if end > begin.end() and (begin[0][-1] != "(" or _HOLDS_LIST.search(text, begin.end(), end)):
            before = _TIMES_BEFORE.sub("", text[: begin.start()]).strip()
            end = _MARK.match(text, end).end()  # type: ignore[union-attr]
            after = text[end:].strip(" .;$\n")
            if len(before) > _MAX_SCALE or len(after) > _MAX_SCALE or not (before or after):
                return None
            return "-1" if before == "-" else before, " " * begin.start() + text[begin.start() : end], after
    return None


def _closing(text: str, at: int) -> int:
    """The place after the bracket that closes the one at this place, 0 if there is none."""
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] in "[(") - (text[i] in "])")
        if not depth:
            return i + 1
    return 0
