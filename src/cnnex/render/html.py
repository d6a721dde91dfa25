"""HTML with native MathML: words are escaped, mathematics needs no script and no network."""

from __future__ import annotations

from functools import lru_cache
from html import escape as entities

from markupsafe import Markup

from cnnex.model.prose import Figure, Inline, Prose
from cnnex.notation.formula import Term
from cnnex.notation.mathml import inline_mathml, mathml
from cnnex.render.fit import LINE, Column, fitted, width
from cnnex.render.spelling import Spelling, one_line

_PHONE = 12.5
"""The em of a line on the narrowest screen, 320 pixels, in a frame of the gallery.

What is wider can be scrolled by itself, with keys, too.
"""
_SCROLLS = 'class="scroll" tabindex="0" role="group" aria-label="Formula"'


class Html(Spelling):
    """Words with entities, mathematics in `<math>`."""

    def text(self, words: str) -> str:
        return escape(words)

    def prose(self, paragraph: Prose) -> str:
        out: list[str] = []
        maths = False
        for part in paragraph.parts:
            spelled = self.inline(part)
            if maths and isinstance(part, str) and part and part[0] in ".,:;?!)":
                # A line would break before the full stop.
                out[-1] = f'<span class="joined">{out[-1]}{part[0]}</span>'
                spelled = self.text(part[1:]) if part[1:] else ""
            maths = spelled.startswith("<math>")
            out.append(spelled)
        return "".join(out)

    def maths(self, term: Term) -> str:
        spelled = f"<math>{inline_mathml(term)}</math>"
        return spelled if width(term) < _PHONE else f"<span {_SCROLLS}>{spelled}</span>"

    def display(self, term: Term) -> Markup:
        term = fitted(term, LINE)
        scrolls = _SCROLLS if width(term) >= _PHONE else 'class="scroll"'
        return Markup(f'<div {scrolls}><math display="block">{mathml(term)}</math></div>')  # noqa: S704

    def tall(self, term: Term) -> Markup:
        return Markup(f'<math displaystyle="true">{mathml(term)}</math>')  # noqa: S704

    def cell(self, value: Inline, column: Column | None) -> str:
        # A table scrolls as a whole.
        if isinstance(value, str) or (isinstance(value, int) and value >= 0):
            return self.inline(value)
        return f"<math>{inline_mathml(value)}</math>"

    def drawing(self, figure: Figure) -> Markup:
        wide = figure.size[0] > 180  # points; it scrolls by itself rather than become too small to read
        scrolls = ' tabindex="0" role="group" aria-label="Figure"' if wide else ""
        return Markup(f'<div class="scroll"{scrolls}>{figure.inline}</div>')  # noqa: S704


@lru_cache(4096)
def escape(words: str) -> str:
    """Words as HTML text, also between the quotes of an attribute.

    >>> escape('a < b & "c"')
    'a &lt; b &amp; &quot;c&quot;'
    """
    return entities(one_line(words))


spelling = Html()
"""HTML's spelling."""
