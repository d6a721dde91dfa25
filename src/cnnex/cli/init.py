"""`cnnex init`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cnnex.errors import InputError

_FILE = """\
# What the sheets made in this folder have in common. `cnnex generate` reads it, and `cnnex render` the templates.
# Remove the mark # before what you want to say. An option of the command line goes first.

# A folder whose templates stand in place of cnnex's.
{mark}templates = "templates"

# The head of each page, the room to write after each part, and the decimal sign: with "," an answer 2,5 is 5/2.
[course]
# name = "Introduction to deep learning"
# institution = "University of Springfield"
# due = "4 December 2026, 12:00"
# workspace = "4cm"
# decimal_sign = ","

# Points of a part by the kind of its answer, where a problem bank gives none.
[course.points]
# integer = 1
# rational = 1
# shape = 1
# choice = 1
# boolean = 1
# selection = 2
# expr = 2
# vector = 2
# matrix = 3

# Defaults of options. The formats and the engine are those of a class; the engine also makes PDFs of a single set.
[generate]
# count = 5
# difficulty = "medium"
# formats = ["pdf", "html"]
# engine = "lualatex"
"""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".", metavar="[DIR]")
@click.option("--templates", is_flag=True, help="Also copy the templates of all formats into DIR/templates.")
@click.option("--force", is_flag=True, help="Replace what is there.")
def init(folder: Path, templates: bool, force: bool) -> None:
    """Write a cnnex.toml with what your sheets have in common, into the current folder or into DIR."""
    from cnnex.cli.settings import NAME
    from cnnex.store.folder import write_files

    files = {folder: {NAME: _FILE.format(mark="" if templates else "# ").encode()}}
    if templates:
        files |= _templates(folder / "templates")
    there = [place / name for place, names in files.items() for name in names if (place / name).exists()]
    if there and not force:
        raise InputError(f"{there[0]} is there already", hint="use --force to replace it")
    for place, contents in files.items():
        write_files(place, contents)
    if sys.stderr.isatty():
        click.echo(f"wrote {sum(map(len, files.values()))} files to {folder}", err=True)


def _templates(target: Path) -> dict[Path, dict[str, bytes]]:
    """The templates of sheets by folder and name."""
    from cnnex.render import sheet_templates
    from cnnex.resources import folder

    found: dict[Path, dict[str, bytes]] = {}
    for path in map(Path, sheet_templates()):
        found.setdefault(target / path.parent, {})[path.name] = (folder("templates") / path).read_bytes()
    return found
