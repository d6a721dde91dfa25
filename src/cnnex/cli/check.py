"""`cnnex check`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any

import click

from cnnex.errors import InputError

KINDS = ("expr", "integer", "rational", "number", "vector", "matrix", "shape", "choice", "selection", "boolean")
TOLERANCES = ("rtol", "atol", "decimals", "sigfigs")


@click.command()
@click.argument("expected", required=False)
@click.argument("answer", required=False)
@click.option("--kind", type=click.Choice(KINDS), default="expr", show_default=True, help="The kind of the answer.")
@click.option("--symbols", metavar="A,B,...", help="Names that may occur.  [default: those of EXPECTED]")
@click.option(
    "--domain",
    type=click.Choice(["real", "positive", "integers"]),
    default="real",
    show_default=True,
    help="What the names stand for.",
)
@click.option(
    "--tolerance",
    "tolerances",
    multiple=True,
    metavar="NAME=VALUE",
    help="rtol, atol, decimals or sigfigs, such as decimals=2.",
)
@click.option(
    "--form", "forms", multiple=True, metavar="NAME", help="A form that the answer must have, such as expanded."
)
@click.option(
    "--feedback",
    type=click.Choice(["hint", "witness", "key"]),
    default="witness",
    show_default=True,
    help="How much the reason may tell.",
)
@click.option(
    "--batch",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Judge JSON lines of a file, or of standard input (-).",
)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes for a batch.")
def check(
    expected: str | None,
    answer: str | None,
    kind: str,
    symbols: str | None,
    domain: str,
    tolerances: tuple[str, ...],
    forms: tuple[str, ...],
    feedback: str,
    batch: Path | None,
    workers: int,
) -> None:
    """Would ANSWER be accepted where EXPECTED is right?

    Prints how the answer is read, the verdict and the reason. With --batch each line is an object with id, kind,
    symbols, expected and answer, and gives one line; the page docs/answers.md has the fields.
    """  # fmt: skip
    if batch is not None:
        if expected is not None or symbols or tolerances or forms or (kind, domain) != ("expr", "real"):
            raise InputError(
                "--batch takes everything but --feedback and --workers from the lines of the file, leave the rest away"
            )
        _batch(batch, feedback, workers)
        return
    if expected is None or answer is None:
        raise InputError("name the right answer and the typed one", hint="cnnex check '2*x' 'x+x'")
    from cnnex.answers.feedback import feedback as worded
    from cnnex.checker import check as judge

    judgement = judge(
        expected,
        answer,
        kind=kind,
        symbols=[name.strip() for name in symbols.split(",")] if symbols else (),
        domain=domain,
        opts=_options(tolerances, forms),
    )
    click.echo(f"read as: {judgement.read_as}" if judgement.read_as else "read as: nothing")
    if judgement.read_as_latex not in ("", judgement.read_as):
        click.echo(f"LaTeX:   {judgement.read_as_latex}")
    click.echo(f"verdict: {judgement.verdict}, credit {judgement.credit}")
    if reason := worded(judgement, feedback):
        click.echo(f"reason:  {reason}")
    if judgement.diagnosis:
        click.echo(f"mistake: {', '.join(judgement.diagnosis)}")


def _options(tolerances: tuple[str, ...], forms: tuple[str, ...]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for tolerance in tolerances:
        name, found, value = tolerance.partition("=")
        if not found or name not in TOLERANCES:
            raise InputError(f"--tolerance {tolerance}: expected {', '.join(TOLERANCES)}, such as decimals=2")
        options[name] = _whole(tolerance, value) if name in ("decimals", "sigfigs") else value
    if forms:
        options["form"] = list(forms)
    return options


def _whole(tolerance: str, value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise InputError(f"--tolerance {tolerance[:40]}: expected a whole number of digits") from None


def _batch(path: Path, level: str, workers: int) -> None:
    from cnnex.checker import check_lines

    try:
        source = nullcontext(sys.stdin.buffer) if str(path) == "-" else path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    write = sys.stdout.buffer.write
    with source as lines:
        for line in check_lines(_shown(lines, path), level=level, workers=workers):
            write(line + b"\n")
    sys.stdout.buffer.flush()


def _shown(lines: IO[bytes], path: Path) -> Iterable[bytes]:
    """The lines, with a progress bar where somebody looks on."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        return lines
    return _progress(lines, path)


def _progress(lines: IO[bytes], path: Path) -> Iterator[bytes]:
    from rich.console import Console
    from rich.progress import Progress

    total = path.stat().st_size if path.is_file() else None
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("checking", total=total)
        for line in lines:
            yield line
            progress.advance(task, len(line))
