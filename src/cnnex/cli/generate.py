"""`cnnex generate`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from cnnex.errors import InputError, OutputError, visible

FORMATS = ("md", "tex", "typ", "pdf", "html", "docx", "json")
ENGINES = ("latexmk", "pdflatex", "lualatex", "xelatex", "tectonic")


@click.command()
@click.option("--topic", "topics", multiple=True, metavar="NAME", help="A topic; may be given several times.")
@click.option("--bank", metavar="NAME-OR-FILE", help="A problem bank, in place of topics.")
@click.option("--fresh", is_flag=True, help="The bank's questions with fresh numbers.")
@click.option("--family", "families", multiple=True, metavar="ID", help="Only this family of the topics.")
@click.option("--count", type=int, metavar="N", help="Problems in all.  [default: 5]")
@click.option("--difficulty", metavar="LEVEL", help="easy, medium or hard.  [default: medium]")
@click.option("--seed", metavar="TEXT", help="The same seed gives the same set.  [default: fresh, and printed]")
@click.option("--title", default="", metavar="TEXT", help="A title in place of the topics' names.")
@click.option("--student", default="", metavar="NAME", help="A student's name to print on the sheets.")
@click.option("--solutions", is_flag=True, help="With worked solutions.")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="The format, where --output doesn't tell.")
@click.option("--output", metavar="PATH", help="A file, or a folder for the whole handout.  [default: the terminal]")
@click.option("--engine", type=click.Choice(ENGINES), help="Make the PDF with this LaTeX engine.")
@click.option("--force", is_flag=True, help="Replace the handout of another set.")
@click.option("--roster", type=click.Path(path_type=Path), metavar="CSV", help="Sheets for each student of a roster.")
@click.option("--same", is_flag=True, help="One sheet for all students of the roster.")
@click.option("--formats", metavar="A,B,...", help="The formats of students' sheets.  [default: pdf]")
@click.option("--workers", type=int, metavar="N", help="Processes for a roster.  [default: one on each core]")
def generate(**options: Any) -> None:
    """Generate a problem set.

    \b
    cnnex generate --topic pooling
    cnnex generate --topic pooling --topic backprop --count 10 --output homework/
    cnnex generate --bank cnn_worksheet --solutions --output worksheet.pdf
    cnnex generate --bank cnn_worksheet --fresh
    cnnex generate --topic pooling --roster students.csv --output class/
    """  # noqa: D301 (click takes the character itself for "keep these lines")
    wanted = _Wanted(**options)
    if wanted.bank is not None and (wanted.families or wanted.count is not None or wanted.difficulty is not None):
        raise InputError("--family, --count and --difficulty go with --topic; a bank says all of that itself")
    if wanted.fresh and wanted.bank is None:
        raise InputError("--fresh goes with --bank; problems of a topic always have fresh numbers")
    if wanted.roster is None:
        _set(wanted)
    else:
        _class(wanted, wanted.roster)


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """The options as they were given."""

    topics: tuple[str, ...]
    bank: str | None
    fresh: bool
    families: tuple[str, ...]
    count: int | None
    difficulty: str | None
    seed: str | None
    title: str
    student: str
    solutions: bool
    format_: str | None
    output: str | None
    engine: str | None
    force: bool
    roster: Path | None
    same: bool
    formats: str | None
    workers: int | None

    @property
    def problems(self) -> dict[str, Any]:
        """What is asked, as a set and a class take it alike."""
        return {
            "topic": self.topics,
            "bank": self.bank,
            "fresh": self.fresh,
            "family": self.families,
            "count": 5 if self.count is None else self.count,
            "difficulty": "medium" if self.difficulty is None else self.difficulty,
            "title": self.title,
        }


def _set(wanted: _Wanted) -> None:
    """Write a single set: a file, a folder, or on the terminal."""
    if wanted.same or wanted.formats is not None or wanted.workers is not None:
        raise InputError("--same, --formats and --workers go with --roster")
    output, engine = wanted.output, wanted.engine
    target = _target(output, wanted.format_)
    if engine and target != "pdf" and target != "folder":
        raise InputError("--engine goes with a PDF or a folder", hint="add --output homework/ or --output sheet.pdf")

    from cnnex import api
    from cnnex.seeds import fresh_seed

    seed = fresh_seed() if wanted.seed is None else wanted.seed
    problems = api.generate(**wanted.problems, seed=seed, student=wanted.student)
    if target == "folder" and output is not None:
        from cnnex.export.handout import handout, refuse_to_replace
        from cnnex.store.folder import write_files

        files = handout(problems, engine)
        if not wanted.force:
            refuse_to_replace(Path(output), files)
        write_files(Path(output), files)
        written = f"wrote {len(files)} files of set {problems.id} to {output}"
    else:
        content = api.document(problems, target, solutions=wanted.solutions, engine=engine)
        written = _write(content, target, output)
    if wanted.seed is None:
        click.echo(f"seed: {seed}", err=True)
    if written and sys.stderr.isatty():
        click.echo(written, err=True)


def _target(output: str | None, format_: str | None) -> str:
    """The format to write, or `folder` for the whole handout."""
    if output is None:
        return format_ or "md"
    if output in ("", "-"):
        raise InputError("--output needs a path", hint="leave it out to see the sheet")
    suffix = Path(output).suffix[1:].lower()
    if output.endswith(("/", "\\")) or not suffix or Path(output).is_dir():
        if format_:
            raise InputError(f"--format {format_} goes with a file, and {output} is a folder, which gets all formats")
        return "folder"
    if suffix not in FORMATS:
        known = ", ".join(FORMATS)
        raise InputError(f"--output {output}: the ending .{suffix} is none of {known}", hint="a folder ends in /")
    if format_ not in (None, suffix):
        raise InputError(f"--format {format_} contradicts --output {output}")
    return suffix


def _write(content: bytes, target: str, output: str | None) -> str:
    from cnnex.store.folder import write_file

    if output is not None:
        write_file(Path(output), content)
        return f"wrote {output}"
    if sys.stdout is None:
        raise OutputError("there is no standard output to write to")
    if target in ("pdf", "docx") and sys.stdout.isatty():
        what = "a PDF" if target == "pdf" else "a Word document"
        raise InputError(f"{what} can't be shown on a terminal", hint=f"add --output sheet.{target}")
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    return ""


def _class(wanted: _Wanted, roster: Path) -> None:
    """Write the sheets of a class, with progress where somebody looks on, and name those that failed."""
    if wanted.student or wanted.solutions or wanted.format_:
        raise InputError("--student, --solutions and --format don't go with --roster, which has all of that itself")
    if wanted.output in (None, "", "-"):
        raise InputError("--roster needs a folder", hint="add --output class/")
    formats = "pdf" if wanted.formats is None else wanted.formats

    from cnnex import api
    from cnnex.store.roster import load_roster

    total = len(load_roster(roster)) if sys.stderr.isatty() else 0
    with _progress(total) as tick:
        made = api.generate_class(
            **wanted.problems,
            roster=roster,
            output=str(wanted.output),
            same=wanted.same,
            formats=[name.strip() for name in formats.split(",") if name.strip()],
            seed=wanted.seed,
            engine=wanted.engine,
            workers=0 if wanted.workers is None else wanted.workers,
            force=wanted.force,
            tick=tick,
        )
    for each in made.failures:
        click.echo(visible(f"{each.student.label}: {each.error}"), err=True)
    new = sum(each.new and not each.error for each in made.students)
    if sys.stderr.isatty():
        click.echo(f"wrote the sheets of {new} of {len(made.students)} students to {made.folder}", err=True)
    if made.failures:
        failed = f"the sheets of {len(made.failures)} of {len(made.students)} students could not be made"
        raise OutputError(failed, hint="the others are complete; the same command tries these again")


@contextmanager
def _progress(total: int) -> Iterator[Callable[[Any], None]]:
    """A bar with the time left on a terminal, nothing elsewhere."""
    if not total:
        yield lambda made: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("sheets", total=total)
        yield lambda made: progress.advance(task)
