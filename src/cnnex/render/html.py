"""HTML with native MathML: words are escaped, mathematics needs no script and no network."""

from __future__ import annotations

from functools import lru_cache
from html import escape as entities

from markupsafe import Markup

from cnnex.notation.formula import Term
from cnnex.notation.mathml import inline_mathml, mathml
from cnnex.render.spelling import Spelling, one_line


class Html(Spelling):
    """Words with entities, mathematics in `<math>`."""

    def text(self, words: str) -> str:
        return escape(words)

    def maths(self, term: Term) -> str:
        return f"<math>{inline_mathml(term)}</math>"

    def display(self, term: Term) -> Markup:
        return Markup(f'<math display="block">{mathml(term)}</math>')  # noqa: S704

    def tall(self, term: Term) -> Markup:
        return Markup(f'<math displaystyle="true">{mathml(term)}</math>')  # noqa: S704


@lru_cache(4096)
def escape(words: str) -> str:
    """Words as HTML text, also between the quotes of an attribute.

    >>> escape('a < b & "c"')
    'a &lt; b &amp; &quot;c&quot;'
    """
    return entities(one_line(words))


spelling = Html()
"""HTML's spelling."""
