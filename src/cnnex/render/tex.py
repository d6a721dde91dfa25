"""LaTeX for the engines that people have: pdflatex, lualatex, xelatex."""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup

from cnnex.figures import latex as pictures
from cnnex.figures.picture import drawn
from cnnex.model.prose import Figure, Inline
from cnnex.notation import latex as notation
from cnnex.notation.formula import Formula, Term
from cnnex.notation.latex import inline_latex, latex
from cnnex.notation.names import GREEK
from cnnex.render.fit import LINE, Column, fitted
from cnnex.render.spelling import Spelling, one_line

# Two of these in a row are one character in TeX's fonts; straight quotes and brackets have uses of their own.
_LIGATURE = re.compile(r"([-<>,])(?=\1)")
_SIGNS = {
    '"': r"\textquotedbl{}", "'": r"\textquotesingle{}", "`": r"\textasciigrave{}",
    "[": "{[}", "]": "{]}", "\u00a0": "~",
} | {
    sign: rf"\ensuremath{{{command}}}"
    for sign, command in {
        "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "→": r"\to", "∈": r"\in", "∞": r"\infty", "∂": r"\partial",
        "⌊": r"\lfloor", "⌋": r"\rfloor", "⌈": r"\lceil", "⌉": r"\rceil", "−": "-", "∑": r"\sum",
        **{letter: rf"\{name}" for name, letter in GREEK.items()},
    }.items()
}  # fmt: skip
_LONG = re.compile(r"[A-Za-z0-9]{28}(?=[A-Za-z0-9])")  # long enough to run over the edge
_SPECIAL = re.compile("[" + re.escape("".join(_SIGNS)) + "]")


class Tex(Spelling):
    r"""Words with commands for what TeX would read as markup, mathematics between `\(` and `\)`."""

    def text(self, words: str) -> str:
        return escape(words)

    def maths(self, term: Term) -> str:
        return rf"\({inline_latex(term)}\)"

    def display(self, term: Term) -> Markup:
        return Markup(rf"\[{latex(fitted(term, LINE))}\]")  # noqa: S704

    def tall(self, term: Term) -> Markup:
        return Markup(rf"\tall{{{latex(term)}}}")  # noqa: S704

    def drawing(self, figure: Figure) -> Markup:
        return Markup(pictures.latex(drawn(figure.drawing), escape))  # noqa: S704

    def cell(self, value: Inline, column: Column | None) -> str:
        return self.tall(fitted(value, column.width)) if column and isinstance(value, Formula) else self.inline(value)


@lru_cache(4096)
def escape(words: str) -> str:
    r"""Words as LaTeX text, character by character as typed.

    >>> print(escape("50 % of C# -- [x]"))
    50 \% of C\# -{}- {[}x{]}
    """
    spelled = _LIGATURE.sub(r"\1{}", notation.escape(one_line(words)))
    spelled = _SPECIAL.sub(lambda match: _SIGNS[match[0]], spelled)
    return _LONG.sub(r"\g<0>\\hspace{0pt}", spelled)


spelling = Tex()
"""LaTeX's spelling."""
