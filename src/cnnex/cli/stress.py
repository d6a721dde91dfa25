"""`cnnex stress`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from cnnex.errors import InputError


@click.command()
@click.option("--topic", "topics", multiple=True, metavar="NAME", help="Only this topic; may be given several times.")
@click.option("--family", "families", multiple=True, metavar="ID", help="Only this family; may be given several times.")
@click.option("--difficulty", "levels", multiple=True, metavar="LEVEL", help="easy, medium or hard.  [default: all]")
@click.option("--bank", metavar="NAME-OR-FILE", help="The problems of a bank, in place of topics.")
@click.option("--fresh", is_flag=True, help="The bank's questions with fresh numbers.")
@click.option("--variants", type=int, default=1000, show_default=True, metavar="N", help="Of each family and level.")
@click.option("--seed", default="stress", show_default=True, metavar="TEXT", help="The same seed draws the same.")
@click.option("--workers", type=int, default=1, show_default=True, metavar="N", help="Processes; 0: one on each core.")
@click.option("--no-oracle", is_flag=True, help="Don't recompute keys with PyTorch.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="How it is written.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write a page with plots, too.")
def stress(
    topics: tuple[str, ...],
    families: tuple[str, ...],
    levels: tuple[str, ...],
    bank: str | None,
    fresh: bool,
    variants: int,
    seed: str,
    workers: int,
    no_oracle: bool,
    format_: str,
    html: Path | None,
) -> None:
    """Draw many variants and say whether they keep the rules.

    \b
    cnnex stress --topic pooling
    cnnex stress --family F14-max-pooling --difficulty hard --variants 5000
    cnnex stress --bank cnn_worksheet --fresh --html stress.html

    Where PyTorch is installed, each key is recomputed with it. The exit code is 1 where a rule is broken.
    """  # noqa: D301 (click takes the character itself for "keep these lines")
    if bank is not None and (topics or families or levels):
        raise InputError("--topic, --family and --difficulty don't go with --bank, which says all of that itself")
    if fresh and bank is None:
        raise InputError("--fresh goes with --bank; problems of a topic always have fresh numbers")

    from cnnex.export.stress import broken_rules, stress_html, stress_text
    from cnnex.store.folder import write_file
    from cnnex.store.records import encode
    from cnnex.stress import run, stress_bank, stress_topics

    cases = stress_topics(topics, families, levels) if bank is None else stress_bank(bank, fresh=fresh)
    with _progress(len(cases)) as tick:
        report = run(cases, variants, seed, workers=workers, oracle=not no_oracle, tick=tick)
    click.echo(stress_text(report) if format_ == "text" else encode(report).decode(), nl=False)
    if html is not None:
        write_file(html, stress_html(report))
    if broken_rules(report):
        sys.exit(1)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[Any], None]]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda finding: None
        return
    with click.progressbar(length=total, label="drawing", file=sys.stderr) as bar:
        yield lambda finding: bar.update(1)
