"""`cnnex generate`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cnnex.cli.target import ENGINES, FORMATS, target_of, write_sheet
from cnnex.errors import InputError, OutputError, visible

if TYPE_CHECKING:
    from cnnex.cli.settings import Settings
    from cnnex.model.course import Course


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
@click.option("--due", metavar="TEXT", help="When answers are due, to print on the sheets.")
@click.option("--workspace", metavar="LENGTH", help="Room to write after each part, such as 4cm, 40mm or 1.5in.")
@click.option("--templates", metavar="DIR", help="A folder whose templates stand in place of cnnex's.")
@click.option("--workers", type=int, metavar="N", help="Processes for a roster.  [default: one on each core]")
def generate(**options: Any) -> None:
    """Generate a problem set. What cnnex.toml says in the current folder holds where no option says something else.

    \b
    cnnex generate --topic pooling
    cnnex generate --topic pooling --topic backprop --count 10 --output homework/
    cnnex generate --bank cnn_worksheet --solutions --output worksheet.pdf
    cnnex generate --bank cnn_worksheet --fresh
    cnnex generate --topic pooling --roster students.csv --output class/
    """  # noqa: D301 (click takes the character itself for "keep these lines")
    from cnnex.cli.settings import load_settings

    wanted = _Wanted(**options, settings=load_settings())
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
    due: str | None
    workspace: str | None
    templates: str | None
    workers: int | None
    settings: Settings

    @property
    def course(self) -> Course:
        """The course of the settings, with what the options say in its place."""
        from msgspec import structs

        said = {name: value for name in ("due", "workspace") if (value := getattr(self, name)) is not None}
        try:
            return structs.replace(self.settings.course, **said)
        except ValueError as error:
            raise InputError(f"--{error}") from None

    @property
    def folder(self) -> str | None:
        """The folder of templates."""
        return self.settings.templates if self.templates is None else self.templates

    @property
    def problems(self) -> dict[str, Any]:
        """What is asked, as a set and a class take it alike."""
        return {
            "topic": self.topics,
            "bank": self.bank,
            "fresh": self.fresh,
            "family": self.families,
            "count": _first(self.count, self.settings.generate.count, 5),
            "difficulty": _first(self.difficulty, self.settings.generate.difficulty, "medium"),
            "title": self.title,
            "course": self.course,
        }


def _first(*values: Any) -> Any:
    """The first value that is there: of the option, of the settings, without both."""
    return next(value for value in values if value is not None)


def _set(wanted: _Wanted) -> None:
    """Write a single set: a file, a folder, or on the terminal."""
    if wanted.same or wanted.formats is not None or wanted.workers is not None:
        raise InputError("--same, --formats and --workers go with --roster")
    output = wanted.output
    target = target_of(output, wanted.format_)
    if wanted.engine and target not in ("pdf", "folder"):
        raise InputError("--engine goes with a PDF or a folder", hint="add --output homework/ or --output sheet.pdf")
    engine = wanted.engine or wanted.settings.generate.engine

    from cnnex import api
    from cnnex.seeds import fresh_seed

    seed = fresh_seed() if wanted.seed is None else wanted.seed
    problems = api.generate(**wanted.problems, seed=seed, student=wanted.student)
    if target == "folder" and output is not None:
        from cnnex.export.handout import handout, refuse_to_replace
        from cnnex.store.folder import write_files

        files = handout(problems, engine, wanted.folder)
        if not wanted.force:
            refuse_to_replace(Path(output), files)
        write_files(Path(output), files)
        written = f"wrote {len(files)} files of set {problems.id} to {output}"
    else:
        content = api.document(problems, target, solutions=wanted.solutions, engine=engine, templates=wanted.folder)
        written = write_sheet(content, target, output)
    if wanted.seed is None:
        click.echo(f"seed: {seed}", err=True)
    if written and sys.stderr.isatty():
        click.echo(written, err=True)


def _class(wanted: _Wanted, roster: Path) -> None:
    """Write the sheets of a class, with progress where somebody looks on, and name those that failed."""
    if wanted.student or wanted.solutions or wanted.format_:
        raise InputError("--student, --solutions and --format don't go with --roster, which has all of that itself")
    if wanted.output is None or wanted.output in ("", "-"):
        raise InputError("--roster needs a folder", hint="add --output class/")
    if Path(wanted.output).suffix[1:].lower() in FORMATS and target_of(wanted.output, None) != "folder":
        raise InputError(f"--roster needs a folder, and {wanted.output} is a file's name", hint="a folder ends in /")
    defaults = wanted.settings.generate
    formats: Sequence[str] = defaults.formats or ("pdf",)
    if wanted.formats is not None:
        formats = [name.strip() for name in wanted.formats.split(",") if name.strip()]

    from cnnex import api
    from cnnex.cli.classes import interruptible
    from cnnex.store.roster import load_roster

    again = " without --force" if wanted.force else ""
    kept = f"What is done is kept in {wanted.output}; the same command{again} goes on from there."
    total = len(load_roster(roster).students) if sys.stderr.isatty() else 0
    with interruptible(kept), _progress(total) as tick:
        made = api.generate_class(
            **wanted.problems,
            roster=roster,
            output=str(wanted.output),
            same=wanted.same,
            formats=formats,
            seed=wanted.seed,
            engine=wanted.engine or defaults.engine,
            templates=wanted.folder,
            workers=0 if wanted.workers is None else wanted.workers,
            force=wanted.force,
            tick=tick,
        )
    for sentence in (*made.said, *(f"{each.student.label}: {each.error}" for each in made.failures)):
        click.echo(visible(sentence), err=True)
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
