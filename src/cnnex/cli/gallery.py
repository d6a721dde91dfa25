"""`cnnex gallery`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--format", "format_", type=click.Choice(["md", "html"]), help="Where --output doesn't tell.")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="A file.  [default: the terminal]")
def gallery(format_: str | None, output: Path | None) -> None:
    """Show a sample of each family at each level, with its solution and its mistakes.

    \b
    cnnex gallery --output gallery.html
    """  # noqa: D301 (click takes the character itself for "keep these lines")
    from cnnex.errors import InputError
    from cnnex.export.gallery import gallery_html, gallery_markdown
    from cnnex.gallery import gallery as samples
    from cnnex.store.folder import write_file

    suffix = output.suffix[1:].lower() if output else ""
    if suffix not in ("", "md", "html"):
        raise InputError(f"--output {output}: the ending .{suffix} is none of md, html")
    if suffix and format_ not in (None, suffix):
        raise InputError(f"--format {format_} contradicts --output {output}")
    write = gallery_html if (format_ or suffix) == "html" else gallery_markdown
    content = write(samples())
    if output:
        write_file(output, content)
    else:
        click.echo(content.decode(), nl=False)
