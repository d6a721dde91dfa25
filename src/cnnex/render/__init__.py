"""The only place where mathematics becomes a page: Jinja templates arrange, a `Spelling` spells.

A template never escapes and never spells: whatever it prints goes through the format's spelling, so
it can't forget to.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from cnnex.model.sheet import Sheet

if TYPE_CHECKING:  # jinja2 is imported with the first template
    from jinja2 import Environment, Template


def render_sheet(sheet: Sheet, format: str) -> str:  # noqa: A002
    r"""The source text of a sheet as `md`, `tex` or `typ`.

    Raises:
        OutputError: a control character can't be printed.

    >>> from cnnex.model.sheet import Sheet
    >>> render_sheet(Sheet("Homework #1", "A1B2", "", 3, ()), "md").splitlines()[0]
    '# Homework \\#1'
    """
    return _template(format, "sheet").render(sheet=sheet)


def render_part(format: str, macro: str, value: object) -> str:  # noqa: A002
    r"""One macro of a format's `item` template, such as the `statement` of an item.

    >>> from cnnex.model.prose import prose
    >>> render_part("md", "words", prose("C#"))
    'C\\#'
    """
    return str(getattr(_template(format, "item").module, macro)(value)).strip()


def render_page(format: str, name: str, **values: object) -> str:  # noqa: A002
    """A whole page that isn't a sheet: a format's template with these values."""
    return _template(format, name).render(values)


@cache
def _template(format_: str, name: str) -> Template:
    return _environment(format_).get_template(f"{name}.{format_}.j2")


@cache
def _environment(format_: str) -> Environment:
    from cnnex.render.environment import environment

    return environment(format_, import_module(f"{__name__}.{format_}").spelling)
