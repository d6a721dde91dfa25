"""The Jinja environment of a format."""

from __future__ import annotations

import jinja2

from cnnex.model.prose import Display, Figure, Prose, Table
from cnnex.model.sheet import without_figures
from cnnex.render.fit import alignments, columns, is_long, is_short, is_wide, runs
from cnnex.render.spelling import Spelling, as_block, short
from cnnex.resources import folder


def environment(format_: str, spelling: Spelling) -> jinja2.Environment:
    """Templates of a format, whose every printed value is spelled by `spelling`.

    The delimiters are `<% %>`, `<< >>` and `<# #>`, which clash with none of the formats. A name that
    isn't defined is an error.
    """
    env = jinja2.Environment(  # autoescape only marks what macros return; `finalize` is the escape
        loader=jinja2.FileSystemLoader(folder("templates") / format_),
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=spelling,
    )
    env.tests["prose"] = lambda block: isinstance(block, Prose)
    env.tests["display"] = lambda block: isinstance(block, Display)
    env.tests["table"] = lambda block: isinstance(block, Table)
    env.tests["figure"] = lambda block: isinstance(block, Figure)
    env.tests["short"] = is_short
    env.tests["wide"] = is_wide
    env.tests["long"] = is_long
    env.filters["runs"] = runs
    env.filters["block"] = as_block
    env.filters["display"] = spelling.display
    env.filters["tall"] = spelling.tall
    env.filters["short"] = short
    env.filters["columns"] = columns
    env.filters["alignments"] = alignments
    env.filters["cells"] = spelling.cells
    env.filters["without_figures"] = without_figures
    env.filters["drawing"] = spelling.drawing
    env.filters["qr"] = spelling.qr
    return env
