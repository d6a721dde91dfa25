"""The only place where mathematics becomes a page: Jinja templates arrange, a `Spelling` spells.

A template never escapes and never spells: whatever it prints goes through the format's spelling, so
it can't forget to.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from cnnex.model.sheet import Sheet
from cnnex.resources import folder

if TYPE_CHECKING:  # jinja2 is imported with the first template
    from jinja2 import Environment


def render_sheet(sheet: Sheet, format: str, templates: Path | None = None) -> str:  # noqa: A002
    r"""The source text of a sheet as `md`, `tex` or `typ`; the templates of a folder stand in place of ours.

    Raises:
        InputError: a template of the folder has an error.
        OutputError: a control character can't be printed.

    >>> from cnnex.model.sheet import Sheet
    >>> render_sheet(Sheet("Homework #1", "A1B2", "", 3, ()), "md").splitlines()[0]
    '# Homework \\#1'
    """
    return render_page(format, "sheet", templates, sheet=sheet)


def render_part(format: str, macro: str, value: object) -> str:  # noqa: A002
    r"""One macro of a format's `item` template, such as the `statement` of an item.

    >>> from cnnex.model.prose import prose
    >>> render_part("md", "words", prose("C#"))
    'C\\#'
    """
    template = _environment(format, None).get_template(f"item.{format}.j2")
    return str(getattr(template.module, macro)(value)).strip()


def render_page(format: str, name: str, templates: Path | None = None, **values: object) -> str:  # noqa: A002
    """A whole page out of a format's template and these values.

    Raises:
        InputError: a template of the folder has an error.
        OutputError: a control character can't be printed.
    """
    from cnnex.render.environment import explained

    with explained(templates):
        return _environment(format, templates).get_template(f"{name}.{format}.j2").render(values)


def sheet_templates() -> list[str]:
    """The templates that print sheets, by their paths in the folder of templates.

    >>> "typ/sheet.typ.j2" in sheet_templates(), "html/gallery.html.j2" in sheet_templates()
    (True, False)
    """
    from jinja2.meta import find_referenced_templates

    found: list[str] = []
    waiting = ["md/sheet.md.j2", "tex/sheet.tex.j2", "typ/sheet.typ.j2", "html/sheet.html.j2", "html/word.html.j2"]
    while waiting:
        found.append(path := waiting.pop())
        format_ = path.partition("/")[0]
        tree = _environment(format_, None).parse((folder("templates") / path).read_text(encoding="utf-8"))
        inner = {f"{format_}/{each}" for each in find_referenced_templates(tree)}
        waiting += inner - {*found, *waiting}
    return sorted(found)


@cache
def _environment(format_: str, templates: Path | None) -> Environment:
    from cnnex.render.environment import environment

    return environment(format_, import_module(f"{__name__}.{format_}").spelling, templates)
