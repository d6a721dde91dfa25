"""`cnnex render`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cnnex.cli.target import ENGINES, FORMATS, target_of, write_sheet
from cnnex.errors import InputError


@click.command()
@click.argument("key", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice([name for name in FORMATS if name != "json"]),
    help="The format, where --output doesn't tell.",
)
@click.option("--solutions", is_flag=True, help="With worked solutions.")
@click.option("--output", metavar="FILE", help="The file to write.  [default: the terminal]")
@click.option("--engine", type=click.Choice(ENGINES), help="Make the PDF with this LaTeX engine.")
@click.option("--templates", metavar="DIR", help="A folder whose templates stand in place of cnnex's.")
def render(
    key: Path, format_: str | None, solutions: bool, output: str | None, engine: str | None, templates: str | None
) -> None:
    """Print the set of KEY, a key.json, again in any format.

    \b
    cnnex render homework/key.json
    cnnex render homework/key.json --solutions --output solutions.pdf
    """  # noqa: D301 (click takes the character itself for "keep these lines")
    target = target_of(output, format_)
    if target in ("folder", "json"):
        raise InputError(f"--output {output}: a set is printed to one file", hint="such as --output sheet.pdf")
    if engine and target != "pdf":
        raise InputError("--engine goes with a PDF", hint="add --output sheet.pdf")

    from cnnex import api
    from cnnex.cli.settings import load_settings

    if templates is None:
        templates = load_settings().templates
    content = api.document(key, target, solutions=solutions, engine=engine, templates=templates)
    written = write_sheet(content, target, output)
    if written and sys.stderr.isatty():
        click.echo(written, err=True)
