"""`cnnex topics`, `cnnex banks` and `cnnex schema`: what there is."""

from __future__ import annotations

import json

import click

TEXT_OR_JSON = click.Choice(["text", "json"])
SCHEMAS = ("answers", "key", "set", "report", "topics", "bank", "stress", "statistics", "summary")


@click.command()
@click.option("--format", "format_", type=TEXT_OR_JSON, default="text", help="How the list is written.")
def topics(format_: str) -> None:
    """List the topics, their families, levels and kinds of answers."""
    from cnnex import api
    from cnnex.store.records import encode

    found = api.list_topics()
    if format_ == "json":
        click.echo(encode(found).decode(), nl=False)
        return
    _table(
        ("topic", "family", "exercise", "answers"),
        [
            (topic.name, family.id, family.title, ", ".join(family.kinds))
            for topic in found
            for family in topic.families
        ],
    )
    levels = dict.fromkeys(level for topic in found for family in topic.families for level in family.levels)
    click.echo(f"\nLevels of all families: {', '.join(levels)}.")


@click.command()
@click.option("--format", "format_", type=TEXT_OR_JSON, default="text", help="How the list is written.")
def banks(format_: str) -> None:
    """List the problem banks that come with cnnex."""
    from cnnex.store.banks import bank_names, load_bank

    found = [(name, load_bank(name)) for name in bank_names()]
    if format_ == "json":
        entries = [{"name": name, "title": bank.title, "source": bank.source} for name, bank in found]
        click.echo(json.dumps(entries, ensure_ascii=False, indent=2))
        return
    _table(("bank", "title", "problems"), [(name, bank.title, str(len(bank.problems))) for name, bank in found])


@click.command()
@click.argument("name", type=click.Choice(SCHEMAS), metavar="NAME")
def schema(name: str) -> None:
    """Print the JSON Schema of a file format: answers, key, set, report, topics, bank, stress, statistics, summary."""
    from cnnex.store.records import schema_of

    click.echo(json.dumps(schema_of(name), ensure_ascii=False, indent=2))


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """A table; on a terminal it is fitted to the width, in a pipe each row is one line."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not console.is_terminal:
        console = Console(width=200)
    table = Table(box=SIMPLE_HEAD)
    for name in head:
        table.add_column(name, no_wrap=name in ("topic", "family", "bank"))  # these are what one types
    for row in rows:
        table.add_row(*row)
    console.print(table)
