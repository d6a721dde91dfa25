"""Text to tokens: one tokenizer for plain text, LaTeX and Unicode.

Bounds are checked before any work, blanks cost nothing, and no pattern can backtrack badly: whatever
is typed, the time is linear in the length.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import cache
from typing import Any, NoReturn

from cnnex.notation.formula import Formula
from cnnex.notation.symbols import STYLE, STYLED, SUBSCRIPTS, Symbols

MAX_CHARACTERS = 4_000
MAX_LIST_CHARACTERS = 20_000
MAX_TOKENS = 8_000
MAX_ENTRIES = 1_024
"""Of a list; 32 rows of 32."""
MAX_DIGITS = 60
MAX_SCALE = 100
"""The largest decimal exponent."""

# Kinds of tokens. Those up to COMMAND can begin an operand, so before them a product may be implied.
NUMBER, NAME, FUNCTION, OPEN, BAR, COMMAND, SIGN, TIMES, OVER, POWER, SUPERSCRIPT, CLOSE, COMMA, END, REFUSED = range(
    15
)


class ReadError(Exception):
    """A text that can't be read: why, and at which character, counted from 1.

    >>> str(ReadError("a closing bracket is missing", 6))
    'At character 7: a closing bracket is missing.'
    """

    def __init__(self, why: str, position: int) -> None:
        stop = "" if why.endswith(("?", "...")) else "."
        super().__init__(f"At character {position + 1}: {why}{stop}")
        self.why = why
        self.position = position + 1


_SUB = (
    r"(?:_\s{0,3}\{(?:[^{}]|\{[^{}]{0,20}\}){0,40}\}|_[0-9]{1,6}|_[A-Za-z]{1,12}|[₀-₉]{1,6}(?:,[₀-₉]{1,6}){1,4}"
    rf"|[{SUBSCRIPTS}]{{1,12}}|_{STYLE}"
    r"|_\(\s{0,3}[0-9]{1,3}\s{0,3}(?:,\s{0,3}[0-9]{1,3}\s{0,3}){0,4}\)"
    r"|\[\s{0,3}[0-9A-Za-z]{1,6}\s{0,3}(?:,\s{0,3}[0-9A-Za-z]{1,6}\s{0,3}){0,4}\])"
)
_GREEK = "α-ωΑ-Ωµϵϑϕ"
NAME_PATTERN = rf"(?>(?:[A-Za-z]+|[{_GREEK}]|{STYLE}|\\[A-Za-z]+)(?:[0-9]{{1,6}})?{_SUB}{{0,4}})"
"""Never taken back: a run of subscripts can be cut into four in thousands of ways."""
_NUMBER = r"(?:[0-9]+(?:(?:[_'’]|\{,\}|\\,)[0-9]{3}(?![0-9]))*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_SCALE = "[eE]"
_D = r"(?:d|∂|δ|\\partial|\\delta|\\(?:mathrm|text|operatorname)\s{0,3}\{\s?d\s?\})\s{0,3}(?:\{\}\s{0,3})?"


def _derivative_pattern(name: str) -> str:
    braced = rf"\{{\s{{0,3}}(?:\{{\}}\s{{0,3}})?{name}\s{{0,3}}\}}"
    bracketed = rf"\(\s{{0,3}}{name}\s{{0,3}}\)"
    d = rf"{_D}(?:{name}|{braced}|{bracketed})"  # `dL/d(y)`
    half = rf"(?:{d}|\(\s{{0,3}}{d}\s{{0,3}}\)|\{{\s{{0,3}}{d}\s{{0,3}}\}})"  # `(dL)/(dy)`
    return (
        rf"{half}\s{{0,3}}[/∕⁄]\s{{0,3}}{half}"
        rf"|\\[dtc]?frac\s{{0,3}}\{{\s{{0,3}}{d}\s{{0,3}}\}}\s{{0,3}}\{{\s{{0,3}}{d}\s{{0,3}}\}}"
    )


_PRIMES = r"(?:['’′″]{1,3}|\^\s?(?:\\prime|\{\s?(?:(?:\\prime|['’′″])\s?){1,3}\}))"
_PRIMED = rf"(?:[A-Za-z]+|[{_GREEK}])(?:[0-9]{{1,6}})?{_SUB}{{0,4}}{_PRIMES}{_SUB}{{0,4}}"
# The commonest alternatives first.
_TOKEN = (
    rf"[A-Za-z]++(?:_[0-9]{{1,6}}+)?+(?![0-9\[_{SUBSCRIPTS}.])|[-+,()](?!\*)|\*(?!\*)|{_NUMBER}"
    r"|(?:np|numpy|math|Math|torch|sp|sympy|F|nn|tf)\.(?=[A-Za-z])|\.T(?![A-Za-z])|\.['’]"
    rf"|(?:[A-Za-z]+|[{_GREEK}])(?:[0-9]{{1,6}})?{_SUB}{{0,4}}"
    rf"|{STYLE}{_SUB}{{0,4}}|\\(?:begin|end)\s{{0,3}}\{{[A-Za-z*]{{1,20}}\}}"
    rf"|\\[A-Za-z]+(?:(?=[_{SUBSCRIPTS}]){_SUB}){{0,4}}|\\.|\*\*|//|\{{\}}|\.\.\.|[<>=!:]=|[⁺⁻]?[⁰¹²³⁴-⁹]+|\S"
)


@cache
def _pattern(derivatives: bool, primes: bool, lines: bool, scales: str) -> re.Pattern[str]:
    """A token and the blanks behind it; a derivative may be one token, a name with primes, and the end of a line, too.

    The letters of scales may stand between digits, as in `2e1`, unless they are names.
    """
    tokens = f"{DERIVATIVE_PATTERN}|" * derivatives + f"{_PRIMED}|" * primes + _TOKEN
    tokens = tokens.replace(_SCALE, f"[{scales}]" if scales else "(?!)")
    return re.compile(rf"({tokens}|\n)[^\S\n]*+" if lines else rf"({tokens})\s*+")


DERIVATIVE_PATTERN = _derivative_pattern(NAME_PATTERN)
DERIVATIVE = re.compile(_derivative_pattern(f"({NAME_PATTERN})"))

_SKIPPED = {
    r"\left", r"\right", r"\middle", r"\big", r"\Big", r"\bigg", r"\Bigg", r"\bigl", r"\bigr", r"\Bigl", r"\Bigr",
    r"\biggl", r"\biggr", r"\Biggl", r"\Biggr",
    r"\,", r"\;", r"\:", r"\!", "\\ ", r"\quad", r"\qquad", r"\displaystyle", r"\limits", r"\boxed", r"\mathbf",
    r"\mathrm", r"\mathsf", r"\text", r"\hline", "{}", '"', r"\(", r"\)", r"\[", r"\]", "$", "`", "~",
    "np.", "numpy.", "math.", "Math.", "torch.", "sp.", "sympy.", "F.", "nn.", "tf.",
}  # fmt: skip
_OPERATORS: dict[str, tuple[int, Any]] = {
    **dict.fromkeys("+", (SIGN, 1)),
    **dict.fromkeys("-−–—―‐‑‒", (SIGN, -1)),
    **dict.fromkeys(["*", "·", "⋅", "×", "⨯", "✕", "✖", "∗", "•", "∙", r"\cdot", r"\times", r"\ast"], (TIMES, "*")),
    **dict.fromkeys(["‧", "・", r"\bullet"], (TIMES, "*")),
    **dict.fromkeys(["/", "÷", "∕", "⁄", r"\div"], (OVER, "div")),
    "//": (OVER, "floordiv"),
    **dict.fromkeys(["%", r"\%", r"\bmod", r"\mod"], (OVER, "mod")),
    **dict.fromkeys(["^", "**"], (POWER, None)),
    **dict.fromkeys(["|", "∣", r"\vert", r"\mid", r"\lvert", r"\rvert"], (BAR, None)),
    **dict.fromkeys([",", ";", "&", "\\\\", r"\cr", "\n"], (COMMA, None)),
    **dict.fromkeys([r"\frac", r"\dfrac", r"\tfrac", r"\cfrac"], (COMMAND, "frac")),
    r"\sqrt": (COMMAND, "sqrt"),
    "√": (COMMAND, "root"),
    "": (END, None),
}
BRACKETS = {
    "(": ")", "[": "]", "{": "}", "⌊": "⌋", "⌈": "⌉", r"\lfloor": r"\rfloor", r"\lceil": r"\rceil",
    r"\{": r"\}", r"\lbrace": r"\rbrace", r"\lbrack": r"\rbrack",
    "⟨": "⟩", r"\langle": r"\rangle",
}  # fmt: skip
_ROUNDING = {"⌊": "floor", r"\lfloor": "floor", "⌈": "ceil", r"\lceil": "ceil"}
_OPERATORS |= {bracket: (OPEN, _ROUNDING.get(bracket)) for bracket in BRACKETS}
_OPERATORS |= dict.fromkeys(BRACKETS.values(), (CLOSE, None))
_FRACTIONS = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5",
    "⅙": "1/6", "⅚": "5/6", "⅐": "1/7", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8", "⅑": "1/9", "⅒": "1/10",
}  # fmt: skip
_OPERATORS |= {sign: (NUMBER, Formula("div", *map(int, value.split("/")))) for sign, value in _FRACTIONS.items()}
_FUNCTIONS = {
    "floor": "floor", "ceil": "ceil", "ceiling": "ceil", "abs": "abs", "fabs": "abs", "relu": "relu", "max": "max",
    "maximum": "max", "min": "min", "minimum": "min", "exp": "exp", "ln": "ln", "log": "ln",
    "sqrt": "sqrt", "mod": "mod",
}  # fmt: skip
_ADVICE = {
    "int": "write floor(...) to round down and ceil(...) to round up",
    "trunc": "write floor(...) to round down and ceil(...) to round up",
    "round": "write floor(...) to round down and ceil(...) to round up",
    "pow": "write a**b or a^b",
    "floor_divide": "write a//b or floor(a/b)",
    ":": "write / for a division, and = after a name",
    **dict.fromkeys(("sum", "∑", "Σ"), "write the terms with + between them"),
    **dict.fromkeys(("prod", "∏", "Π"), "write the factors with * between them"),
    **dict.fromkeys(("cdots", "ldots", "dots", "vdots", "ddots"), "write everything out"),
}
"""What to write for words that other languages have."""
FUNCTION_NAMES = frozenset(_FUNCTIONS)
EULER = Formula("call", "exp", 1)
# Letters of mathematical alphabets, as word processors write them, with the letters that they stand for.
_OTHER_ALPHABETS = "ℎℬℰℱℋℐℒℳℛℯℊℴℭℌℑℜℨℂℍℕℙℚℝℤ"
_MATHEMATICAL = {
    code: letter
    for code in (*range(0x1D400, 0x1D800), *map(ord, _OTHER_ALPHABETS))
    if len(letter := unicodedata.normalize("NFKC", chr(code))) == 1 and letter != chr(code)
}
_MATHEMATICAL[0xFEFF] = " "  # the mark at the beginning of some files
_DIGITS = frozenset("0123456789")
_FENCE = re.compile(r"`{3,}[A-Za-z]{0,12}\s")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", "⁺")
_HIGH_LETTERS = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵘᵛʷˣʸᶻ"  # without ᵗ, which may be a transpose mark
_HIGH_LETTER = re.compile(f"[{_HIGH_LETTERS}]")
_EXPONENT = re.compile(rf"[⁺⁻⁰¹²³⁴-⁹]{{0,4}}[{_HIGH_LETTERS}][⁺⁻⁰¹²³⁴-⁹{_HIGH_LETTERS}]{{0,12}}")
_LOWERED = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹" + _HIGH_LETTERS, "+-0123456789abcdefghijklmnoprsuvwxyz")
_SMALL_FRACTION = re.compile(r"(?<![\w)\]}⌋⌉])[⁰¹²³⁴-⁹]{1,6}⁄[₀-₉]{1,6}")
_SMALL_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "0123456789" * 2)
_LOOKALIKES = str.maketrans("асеорхукмтвніјАВСЕНКМОРТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "aceopxykmtbnijABCEHKMOPTXYABEZHIKMNOPTYXo")
_BRACED_LETTER = re.compile(
    rf"{STYLE}|[_^]\{{[A-Za-z]\}}|\{{\s?([A-Za-z{_GREEK}]|\\[A-Za-z]+)\s?\}}(?=_)|(?<!\}})\{{\s?(e)\s?\}}(?=\s?\^)"
)
"""`{x}_{1}` and `{e}^{x}`, as editors of equations write them; `\\mathbf{x}_1` stays."""
_INDEX_AFTER_POWER = re.compile(r"(\^(?:[0-9]|\{-?[0-9A-Za-z]{1,9}\}))(_(?:[0-9]|\{[0-9A-Za-z,]{1,9}\}))")
"""`x^2_1` for `x_1^2`, as LaTeX allows."""
_INDEX_AFTER_BLANK = re.compile(r"(?<=[A-Za-z}])( {1,3})(_ ?(?:[0-9]{1,6}|\{[^{}]{1,20}\}))")
"""`x _1` and `x _ {1}`, as converters write it."""
_BRACED_SIGNS = (r"{\cdot}", r"{\times}")
"""Signs without the space that LaTeX puts around them."""
_LETTER = re.compile(f"[A-Za-z{_GREEK}]")
_SUPERSCRIPT = re.compile("[⁺⁻]?[⁰¹²³⁴-⁹]{1,3}")
_ESCAPED = re.compile(r"(?<!\\)(?:(?:\\_(?:[0-9A-Za-z]+|\{[^{}\\]*\}))+|(?:\\\*){1,2})")
"""`x\\_1` and `a\\*b`, as Markdown has them."""
_APART = re.compile(r"[\w)\]}]\s?\\ \s?[\w(\[{]")
"""A blank of LaTeX between two operands, where there may be no LaTeX at all."""
_GROUPED = re.compile(r"[_'’]|\{,\}|\\,")


class Tokens:
    """The tokens of one text; positions are worked out only when something is to be said about them."""

    def __init__(self, text: str, symbols: Symbols, *, lines: bool = False, limit: int = MAX_CHARACTERS) -> None:
        if len(text) > limit:
            raise ReadError("the answer is too long", limit)
        if "\\ " in text and text.count("\\") == text.count("\\ ") and _APART.search(text):
            raise ReadError("is this a sign of division? Then write /", text.index("\\"))
        self.pattern = _pattern(symbols.has_derivatives, symbols.has_primes, lines, symbols.scales)
        if " _" in text:
            text = _INDEX_AFTER_BLANK.sub(r"\2\1", text)
        if "^" in text:
            text = _INDEX_AFTER_POWER.sub(r"\2\1", text)
        if "}_" in text or "{e}" in text or "{ e }" in text:
            text = _BRACED_LETTER.sub(_without_braces, text)
        for sign in _BRACED_SIGNS:
            if sign in text:
                text = text.replace(sign, f" {sign[1:-1]} ")
        self.text = text
        self.symbols = symbols
        self.known = symbols.kinds
        tokens = self.pattern.findall(text)
        if len(tokens) > MAX_TOKENS:
            raise ReadError("the answer has too many parts", 0)
        self.tokens = [token for token in tokens if token not in _SKIPPED]
        self.tokens.append("")
        self.at = 0
        self._starts: list[int] | None = None

    def kind(self, token: str) -> tuple[int, Any]:
        """Kind and meaning of a token, remembered by the question's table."""
        found = self.known.get(token)
        if found is None:
            found = classified(token, self.symbols)
            # Only short tokens that mean something: junk can neither fill nor bloat the memory.
            if found[0] != REFUSED and len(token) <= 40 and len(self.known) < 10_000:
                self.known[token] = found
        return found

    def starts(self) -> list[int]:
        """Where each token begins, and where the last one ends."""
        if self._starts is None:
            found = [m.start() for m in self.pattern.finditer(self.text) if m[1] not in _SKIPPED]
            self._starts = [*found, len(self.text.rstrip())]
        return self._starts

    def fail(self, why: str, at: int | None = None) -> NoReturn:
        """Refuse the text at a token, the current one unless another is named."""
        at = self.at if at is None else at
        kind, meaning = self.kind(self.tokens[at])
        raise ReadError(meaning if kind == REFUSED else why, self.starts()[at])


def _without_braces(match: re.Match[str]) -> str:
    return "{}" + match[match.lastindex].rjust(len(match[0]) - 2) if match.lastindex else match[0]


def classified(token: str, symbols: Symbols) -> tuple[int, Any]:
    """What a token is, for the names of this question."""
    if token in _OPERATORS:
        return _OPERATORS[token]
    if token[0] in "0123456789" or (token[0] == "." and token[1:2] in _DIGITS):
        return _number(token)
    if _SUPERSCRIPT.fullmatch(token):
        return SUPERSCRIPT, int(token.translate(_SUPERSCRIPTS))
    if token[0] in "d∂δ\\({" and symbols.has_derivatives and (match := DERIVATIVE.fullmatch(token)):
        return _derivative(match, symbols)
    if token[:4] == "\\end" and token[-1] == "}":
        return CLOSE, None
    if _LETTER.match(token) or (token[0] == "\\" and len(token) > 2):
        return _name(token, symbols)
    return REFUSED, _strange(token)


def _number(token: str) -> tuple[int, Any]:
    digits, _, scale = _GROUPED.sub("", token).lower().partition("e")
    whole, _, decimals = digits.partition(".")
    if len(whole) + len(decimals) > MAX_DIGITS:
        return REFUSED, "this number is too long"
    if len(scale) > 4 or (scale and abs(int(scale)) > MAX_SCALE):
        return REFUSED, "this number is too large or too small"
    power = (int(scale) if scale else 0) - len(decimals)
    value = int(whole + decimals)
    return NUMBER, value * 10**power if power >= 0 else simple(Fraction(value, 10**-power))


def upright(text: str) -> str:
    """The text with usual letters for those of mathematical alphabets, without fence and escapes.

    It stays as long as it was, up to the first exponent with letters.

    >>> upright("𝜕𝐿/𝜕𝑘₁ + 𝟐ℎ"), upright("2ⁿ⁻¹")
    ('∂L/∂k₁ + 2h', '2^(n-1)')
    """
    if text.startswith("```") and (fence := _FENCE.match(text)):
        text = " " * fence.end() + text[fence.end() :]
    if "\\_" in text or "\\*" in text:
        text = _ESCAPED.sub(lambda sign: sign[0].replace("\\", "") + "~" * sign[0].count("\\"), text)
    if text.isascii():
        return text
    if "⁄" in text:
        text = _SMALL_FRACTION.sub(lambda found: found[0].translate(_SMALL_DIGITS), text)
    text = text.translate(_MATHEMATICAL)
    if _HIGH_LETTER.search(text):
        text = _EXPONENT.sub(lambda run: f"^({run[0].translate(_LOWERED)})", text)
    return text


def simple(value: Fraction) -> int | Fraction:
    """An integer where it is one."""
    return value.numerator if value.denominator == 1 else value


def _derivative(match: re.Match[str], symbols: Symbols) -> tuple[int, Any]:
    above, below = filter(None, match.groups())
    found = symbols.derivative(above, below)
    if found is None:
        return REFUSED, f"{match[0][:40]} isn't a quantity of this question"
    return NAME, (found,)


def _name(token: str, symbols: Symbols) -> tuple[int, Any]:
    word = token.lstrip("\\")
    if styled := STYLED.fullmatch(token):
        word = styled[1]
    function = _FUNCTIONS.get(word.lower())
    found = symbols.resolve(token)
    if found is not None and (function is None or len(found) == 1):
        return NAME, found
    if function is not None:
        return FUNCTION, function
    if word[-1:] == "e" and word == token and (factors := symbols.resolve(word[:-1])):  # `2xe^x`
        return NAME, (*factors, EULER)
    if (head := word.partition("_")[0]) in _ADVICE:
        return REFUSED, f"{head} isn't known here; {_ADVICE[head]}"
    if word == "e":
        return NAME, (EULER,)
    if not token.isascii() and (alike := token.translate(_LOOKALIKES)) != token:
        return REFUSED, _confused(token[0], alike[0])
    if not symbols.names:
        return REFUSED, f"{token[:20]} wasn't expected here, write a number alone"
    return REFUSED, f"{token[:20]} isn't a name of this question; {symbols.suggestion(token)}"


def _strange(sign: str) -> str:
    if sign in ("...", "…", "⋯", "⋮", "⋱"):
        return "write everything out instead of dots"
    if sign in _ADVICE:
        return f"{sign} isn't known here; {_ADVICE[sign]}"
    alike = sign.translate(_LOOKALIKES)
    if alike == sign and not sign.isascii():
        alike = unicodedata.normalize("NFKC", sign)
    if alike != sign and alike.isascii() and alike.isprintable():
        return _confused(sign, alike)
    if not sign.isprintable():
        return f"there is a character that can't be seen ({_described(sign)})"
    return f"{sign[:12]} wasn't expected here"


def _confused(sign: str, alike: str) -> str:
    return f"{sign} looks like {alike}, but is another character ({_described(sign)})"


def _described(sign: str) -> str:
    return f"U+{ord(sign[0]):04X} {unicodedata.name(sign[0], '').lower()}".strip()
