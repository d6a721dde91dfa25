"""`cnnex override` and `cnnex forget`: what a person decides about a student."""

from __future__ import annotations

from pathlib import Path

import click

from cnnex.errors import visible

folder_option = click.option(
    "--in",
    "folder",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="DIR",
    help="The folder that `cnnex grade --output` wrote.  [default: here]",
)


@click.command()
@click.argument("student")
@click.argument("part")
@click.option("--points", required=True, metavar="P", help="What the answer is worth.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it stands on the student's sheet.")
@folder_option
def override(student: str, part: str, points: str, reason: str, folder: Path) -> None:
    """Decide what STUDENT's answer to PART is worth.

    \b
    cnnex override 0042 1a --points 2 --reason "the figure was unclear" --in graded/

    STUDENT is an id or an e-mail. It holds for the attempt that counts now, and later runs keep it.
    """  # noqa: D301 (click takes the character itself for "keep these lines")
    from cnnex.cli.classes import tell
    from cnnex.marking import verbs

    before, after = verbs.override(folder, student, part, points, reason, tell)
    click.echo(visible(f"{student}, part {part}: {before.earned} -> {after.earned} of {after.points}"))


@click.command()
@click.argument("student")
@click.option("--yes", is_flag=True, help="Don't ask.")
@folder_option
def forget(student: str, yes: bool, folder: Path) -> None:
    """Take STUDENT's texts, name and id out of the records.

    \b
    cnnex forget 0042 --in graded/

    The numbers stay under an id that says nothing. It can't be taken back. Files that were handed in, the roster and
    copies of gradebooks are yours to delete; grading these files again brings the student back.
    """  # noqa: D301 (click takes the character itself for "keep these lines")
    from cnnex.cli.classes import tell
    from cnnex.marking import verbs

    verbs.check_student(folder, student)
    if not yes:
        click.confirm(visible(f"Forget {student}? This can't be taken back."), abort=True, err=True)
    nobody = verbs.forget(folder, student, tell)
    click.echo(visible(f"{student} is forgotten; the numbers stay as {nobody}"))
