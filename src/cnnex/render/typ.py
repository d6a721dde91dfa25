"""Typst, from which the PDF is made. Words are string literals: nothing in them can be markup."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from markupsafe import Markup

from cnnex.figures.typst import typst as drawn
from cnnex.model.prose import Figure, Inline
from cnnex.notation.formula import Formula, Term
from cnnex.notation.speech import speech
from cnnex.notation.typst import inline_typst, literal, typst
from cnnex.render.fit import LINE, SURE, Column, fitted, width
from cnnex.render.qr import qr_svg
from cnnex.render.spelling import Spelling, one_line

_LONG = re.compile(r"[!-~]{28}(?=[!-~])")  # long enough to run over the edge
_BREAKABLE = "\\g<0>\u200b"


class Typst(Spelling):
    """Every formula carries its spoken words; the functions called here are defined by the template."""

    def text(self, words: str) -> str:
        return escape(words)

    def maths(self, term: Term) -> str:
        if width(term) > SURE / 3:
            # A line can break between these pieces, but not within one: each is measured.
            pieces = term.args if isinstance(term, Formula) and term.op in ("add", "rel") else (term,)
            measured = "".join([f"${inline_typst(piece)}$, " for piece in pieces if not isinstance(piece, str)])
            return f"#m-wide({literal(speech(term))}, ${inline_typst(term)}$, ({measured}))"
        return f"#{'m-tall' if _is_stacked(term) else 'm'}({literal(speech(term))}, ${inline_typst(term)}$)"

    def display(self, term: Term) -> Markup:
        return _set("d", term)

    def tall(self, term: Term) -> Markup:
        return _set("tall", term)

    def drawing(self, figure: Figure) -> Markup:
        return Markup(f"#drawing({drawn(figure.picture, literal)})")  # noqa: S704

    def cell(self, value: Inline, column: Column | None) -> str:
        if column is not None and not column.ample and isinstance(value, Fraction):
            return f"#m-tall({literal(speech(value))}, ${typst(value)}$)"
        if column is None or not isinstance(value, Formula):
            return self.inline(value)
        term = value if column.ample else fitted(value, column.width)
        return f"#cell({literal(speech(value))}, ${typst(term)}$)"

    def qr(self, words: str) -> Markup:
        return Markup(literal(qr_svg(words)))  # noqa: S704


def _is_stacked(term: Term) -> bool:
    """Whether a formula has a matrix of several rows."""
    if not isinstance(term, Formula):
        return False
    return (term.op == "matrix" and len(term.args) > 1) or any(map(_is_stacked, term.args))


def _set(function: str, term: Term) -> Markup:
    if width(term) > SURE:
        return Markup(f"#{function}-wide({literal(speech(term))}, ${typst(fitted(term, LINE))}$)")  # noqa: S704
    return Markup(f"#{function}({literal(speech(term))}, ${typst(term)}$)")  # noqa: S704


@lru_cache(4096)
def escape(words: str) -> str:
    r"""Words as a Typst string in markup.

    >>> print(escape('#1 of "C"'))
    #"#1 of \"C\"";
    """
    return f"#{literal(_LONG.sub(_BREAKABLE, one_line(words)))};"


spelling = Typst()
"""Typst's spelling."""
