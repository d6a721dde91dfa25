"""Markdown as GitHub and Jupyter read it: `$...$`, `$$...$$`, pipe tables."""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup

from cnnex.model.prose import Figure, Inline, Prose
from cnnex.notation.formula import Term
from cnnex.notation.latex import inline_latex, latex
from cnnex.render.fit import Column
from cnnex.render.spelling import Spelling, one_line

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|$~&]")
_BLOCK_START = re.compile(r"\s*\d*(?=[-+=.)])")


class Markdown(Spelling):
    """Words with backslashes, mathematics between dollar signs."""

    def text(self, words: str) -> str:
        return escape(words)

    def maths(self, term: Term) -> str:
        # Between single dollars GitHub un-escapes, so `\\` would no longer end a row.
        return _rows(f"${inline_latex(term)}$")

    def display(self, term: Term) -> Markup:
        return Markup(f"$${latex(term)}$$")  # noqa: S704

    def drawing(self, figure: Figure) -> Markup:
        return Markup("")  # GitHub shows no drawing inside a page, and the data stands beside it

    def cell(self, value: Inline, column: Column | None) -> str:
        # A bar ends a cell even between dollar signs.
        return self.inline(value) if isinstance(value, str | int) else _rows(f"${latex(value)}$").replace("|", r"\|")

    def prose(self, paragraph: Prose) -> str:
        spelled = super().prose(paragraph)
        # "2." at the start of a paragraph would be an item of a list.
        if spelled[:1].isdigit() and (start := _BLOCK_START.match(spelled)):
            return f"{start[0]}\\{spelled[start.end() :]}"
        return spelled

    tall = display


def _rows(spelled: str) -> str:
    return spelled.replace(r" \\ ", r" \cr ")


@lru_cache(4096)  # the same sentences come back in every problem of a family
def escape(words: str) -> str:
    r"""Words as Markdown text.

    >>> print(escape("50 % of *all* $x_1$ in C#"))
    50 % of \*all\* \$x\_1\$ in C\#
    """
    words = _SPECIAL.sub(r"\\\g<0>", one_line(words))
    start = _BLOCK_START.match(words)
    if start and (start[0] or words[0] in "-+="):
        return f"{start[0]}\\{words[start.end() :]}"
    return words


spelling = Markdown()
"""Markdown's spelling."""
