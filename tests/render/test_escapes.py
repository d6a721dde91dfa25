"""Whatever people type comes out as typed, in every format."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cnnex.errors import OutputError
from cnnex.model.prose import prose
from cnnex.notation.typst import literal
from cnnex.render import md, tex, typ

TITLES = [
    '#1 $x$ \\ _a_ {b} <c> "d" @e *f* `g` | ~h~ & %i ^j',
    "1. first",
    "- not a list",
    "+1",
    "=== ",
    "[link](url) ![image](url)",
    "**bold** __bold__ <b>html</b> &amp;",
    "a -- b --- c << d >> ,, ''",
    "x" * 200,
]
printable = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1)


def plain_text(source: str) -> str:
    """What a reader of the Markdown sees in a heading."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(f"# {source}")
    assert [token.type for token in tokens] == ["heading_open", "inline", "heading_close"]
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    return "".join(child.content for child in children)


@pytest.mark.parametrize("title", TITLES)
def test_markdown_shows_a_title_as_typed(title: str) -> None:
    assert plain_text(md.escape(title)) == title.strip()


@given(printable)
def test_markdown_shows_any_title_as_typed(title: str) -> None:
    assert plain_text(md.escape(title)).split() == unicodedata.normalize("NFC", title).split()


@pytest.mark.parametrize("start", ["2. No", "- no", "+ no", "= no", "12) no"])
def test_a_markdown_paragraph_is_no_list(start: str) -> None:
    tokens = MarkdownIt().parse(md.escape(start))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]


def test_a_number_before_a_full_stop_is_no_list() -> None:
    assert md.spelling.prose(prose("{n}. That is all.", n=2)) == "2\\. That is all."


@given(printable)
def test_latex_has_no_bare_special_character(words: str) -> None:
    spelled = tex.escape(words)
    bare = re.sub(r"\\[&%$#_{}]|\\[a-zA-Z]+|\{\}", "", spelled)
    bare = re.sub(r"\{[\[\]]\}|\{[-0a-z]*\}", "", bare)
    assert not set(bare) & set('&%$#_^\\{}[]"`'), spelled
    assert not re.search(r"--|<<|>>|,,|''", spelled)
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", spelled):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0


@given(printable)
def test_typst_words_are_one_string(words: str) -> None:
    spelled = typ.escape(words)
    assert spelled.startswith('#"')
    assert spelled.endswith('";')
    inside = re.sub(r'\\[\\"n]', "", spelled[2:-2])
    assert '"' not in inside
    assert "\\" not in inside
    assert literal(words)[0] == '"'


@pytest.mark.parametrize("spelling", [md.spelling, tex.spelling, typ.spelling])
def test_a_control_character_is_an_error(spelling: md.Markdown) -> None:
    with pytest.raises(OutputError, match=r"U\+0007"):
        spelling.text("bell\a")
    assert "\n" not in spelling.text("two\nlines")


@pytest.mark.parametrize("spelling", [md.spelling, tex.spelling, typ.spelling])
def test_accents_join_their_letters(spelling: md.Markdown) -> None:
    assert "\u00e5" in spelling.text("Re\u0301ne\u0301 A\u030angstro\u0308m e a\u030a")
