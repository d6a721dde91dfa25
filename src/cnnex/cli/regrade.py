"""`cnnex regrade`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cnnex.errors import InputError

if TYPE_CHECKING:
    from cnnex.model.marks import Change


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--key", "keys", type=click.Path(path_type=Path), multiple=True, metavar="PATH", help="The corrected key, or keys."
)
@click.option("--policy", type=click.Path(path_type=Path), metavar="FILE", help="The rules in place of those before.")
@click.option("--never-lower", is_flag=True, help="No attempt's score gets lower.")
@click.option(
    "--apply", is_flag=True, help="Write it down; without this a terminal is asked, and else nothing happens."
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="How it is written.")
@click.option("--workers", type=int, default=0, metavar="N", help="Processes.  [default: as many as pay]")
def regrade(
    folder: Path,
    keys: tuple[Path, ...],
    policy: Path | None,
    never_lower: bool,
    apply: bool,
    format_: str,
    workers: int,
) -> None:
    """Grade all that came in again, and show who changes from what to what, and why.

    \b
    cnnex regrade graded/ --key corrected.json
    cnnex regrade graded/ --key corrected.json --never-lower --apply

    FOLDER is what `cnnex grade --output` wrote. What isn't given is as it was; overrides and readings hold on.
    """  # noqa: D301 (click takes the character itself for "keep these lines")
    import json

    import msgspec

    from cnnex.cli.classes import changes_text, tell
    from cnnex.marking import verbs
    from cnnex.marking.policy import load_policy
    from cnnex.store.keys import load_keys

    if not folder.is_dir():
        raise InputError(f"{folder} is no folder", hint="name the one that cnnex grade --output wrote")
    ring = load_keys(keys) if keys else None
    rules = load_policy(policy) if policy else None

    def run(*, apply: bool) -> tuple[Change, ...]:
        return verbs.regrade(
            folder, keys=ring, policy=rules, never_lower=never_lower, apply=apply, workers=workers, tell=tell
        )

    changes = run(apply=apply)
    if format_ == "json":
        click.echo(json.dumps(msgspec.to_builtins(changes), ensure_ascii=False, indent=2))
    else:
        click.echo(changes_text(changes), nl=False)
    if not (changes or keys or policy):
        click.echo("keys and policy are those of the last run; --key and --policy name others", err=True)
    if apply:
        return
    if changes and sys.stdin.isatty() and sys.stderr.isatty():
        if click.confirm("Write this down?", err=True):
            run(apply=True)
    else:
        click.echo("nothing is written; add --apply for that", err=True)
