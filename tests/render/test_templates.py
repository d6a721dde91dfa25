"""Templates print through the spelling, or not at all."""

from __future__ import annotations

import jinja2
import pytest

from cnnex.render import html, md, tex, typ
from cnnex.render.environment import environment
from cnnex.render.spelling import Spelling

SPELLINGS = {"md": md.spelling, "tex": tex.spelling, "typ": typ.spelling, "html": html.spelling}


@pytest.mark.parametrize("format_", SPELLINGS)
def test_an_undefined_name_is_an_error(format_: str) -> None:
    env = environment(format_, SPELLINGS[format_])
    for source in ("<< title >>", "<< sheet.subtitle >>", "<% for x in nothing %><% endfor %>"):
        with pytest.raises(jinja2.UndefinedError):
            env.from_string(source).render(sheet={})


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_words_are_escaped_wherever_a_template_prints_them(spelling: Spelling) -> None:
    env = environment("md", spelling)
    macro = "<% macro said(words) %>(<< words >>)<% endmacro %><< said(title) >> << [title]|first >> << title >>"
    escaped = str(spelling.text("a_b"))
    assert env.from_string(macro).render(title="a_b") == f"({escaped}) {escaped} {escaped}"


def test_what_is_no_word_and_no_mathematics_is_an_error() -> None:
    env = environment("md", md.spelling)
    for value in (None, [1], 0.5):
        with pytest.raises(TypeError):
            env.from_string("<< value >>").render(value=value)
