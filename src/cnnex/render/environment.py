"""The Jinja environment of a format."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import jinja2
from jinja2.runtime import Context
from markupsafe import Markup

from cnnex.errors import CnnexError, InputError
from cnnex.model.prose import Display, Figure, Prose, Table
from cnnex.model.sheet import SheetItem, without_figures
from cnnex.notation.typst import literal
from cnnex.render.fit import alignments, columns, even_rows, is_long, is_parted, is_short, is_wide, runs, shares
from cnnex.render.spelling import Spelling, as_block, measure, short
from cnnex.resources import folder

_TAGS = re.compile(r"<<.*?>>|<%.*?%>|<#.*?#>")


def environment(format_: str, spelling: Spelling, templates: Path | None = None) -> jinja2.Environment:
    """Templates of a format, whose every printed value is spelled by `spelling`.

    The delimiters are `<% %>`, `<< >>` and `<# #>`, which clash with none of the formats. A name that
    isn't defined is an error. A template of the folder `templates` stands in place of ours at the same place.
    """
    if templates is not None:
        _check(templates)
    folders = [each / format_ for each in (templates, folder("templates")) if each is not None]
    env = jinja2.Environment(  # autoescape only marks what macros return; `finalize` is the escape
        loader=jinja2.FileSystemLoader(folders),
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=templates is not None,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=spelling if templates is None else _late(spelling),
    )
    env.tests["prose"] = lambda block: isinstance(block, Prose)
    env.tests["display"] = lambda block: isinstance(block, Display)
    env.tests["table"] = lambda block: isinstance(block, Table)
    env.tests["figure"] = lambda block: isinstance(block, Figure)
    env.tests["short"] = is_short
    env.tests["parted"] = is_parted
    env.tests["wide"] = is_wide
    env.tests["long"] = is_long
    env.filters["runs"] = runs
    env.filters["block"] = as_block
    env.filters["display"] = spelling.display
    env.filters["tall"] = spelling.tall
    env.filters["short"] = short
    env.filters["measure"] = measure
    env.filters["columns"] = columns
    env.filters["even_rows"] = even_rows
    env.filters["shares"] = shares
    env.filters["alignments"] = alignments
    env.filters["cells"] = spelling.cells
    env.filters["without_figures"] = without_figures
    env.filters["drawing"] = spelling.drawing
    env.filters["qr"] = spelling.qr
    env.filters["literal"] = lambda markup: Markup(literal(str(markup)))  # noqa: S704
    env.globals["again"] = _Questions() if templates is None else lambda macro, item, *rest: macro(item, *rest)
    return env


class _Questions:
    """What a macro made of the latest questions, by their numbers: those of a set stand on two of its sheets."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[object, Markup]] = {}

    def __call__(self, macro: Callable[..., Markup], item: SheetItem, *rest: object) -> Markup:
        question = replace(item, solution=None, slip=None)
        made = self._made.get(item.number)
        if made is None or made[0] != (question, rest):
            made = self._made[item.number] = (question, rest), macro(question, *rest)
        return made[1]


@contextmanager
def explained(templates: Path | None) -> Iterator[None]:
    """Say in one sentence what is wrong in a template of an instructor's folder; an error in ours is a defect.

    Raises:
        InputError: a template of the folder has an error; the message has its file and line.
    """
    try:
        yield
    except CnnexError:
        raise
    except Exception as error:
        if templates is None:
            raise
        raise InputError(f"{_place(error, templates)}: {_what(error)}".rstrip(".")) from None


def place_of(line: str, format_: str, templates: Path) -> str:
    """File and line of a template of the folder that prints such a line, or "" if none does.

    Of several it is the one that has most of the line in its own words.
    """
    best, place = 0, ""
    for path in sorted((templates / format_).glob("*.j2")):
        for number, own in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            words = _TAGS.split(own.strip())
            size = sum(map(len, words))
            if size > best and re.fullmatch(".*?".join(map(re.escape, words)), line.strip()):
                best, place = size, f"{path}: line {number}"
    return place


def _late(spelling: Spelling) -> Callable[[Context, object], Markup]:
    """The spelling for templates that may print constants, which Jinja would escape for HTML while it compiles."""

    @jinja2.pass_context
    def spell(context: Context, value: object) -> Markup:
        return spelling(value)

    return spell


def _check(templates: Path) -> None:
    """Refuse a folder in which nothing stands in place of ours, such as one with a misspelled name."""
    if not templates.is_dir():
        raise InputError(f"{templates} is no folder of templates", hint="cnnex init --templates makes one")
    ours = [path.relative_to(folder("templates")) for path in folder("templates").glob("*/*.j2")]
    if not any((templates / name).is_file() for name in ours):
        raise InputError(f"no file in {templates} stands in place of a template", hint="such as typ/sheet.typ.j2")


def _what(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start + 1} is not UTF-8; save the file as UTF-8 text"
    if isinstance(error, jinja2.TemplateNotFound):
        return f"there is no template {error.name!r}"
    what = str(getattr(error, "message", None) or error) or type(error).__name__
    return f"{what[0].lower()}{what[1:]}"


def _place(error: Exception, templates: Path) -> str:
    """File and line of the innermost template of the folder that took part in an error, else the folder."""
    if isinstance(error, UnicodeDecodeError):  # raised before the template has a frame of its own
        files = filter(Path.is_file, templates.glob("*/*"))
        return str(next((path for path in files if path.read_bytes() == error.object), templates))
    if isinstance(error, jinja2.TemplateSyntaxError):
        return f"{error.filename}: line {error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    within = [each for each in frames if Path(each.filename).is_relative_to(templates)]
    return f"{within[-1].filename}: line {within[-1].lineno}" if within else str(templates)
