"""`cnnex grade`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cnnex.errors import InputError

FORMATS = ("text", "json", "md")
PLATFORMS = ("moodle", "canvas", "blackboard", "gradescope")
SHEETS = ("html", "md", "pdf", "none")


@click.command()
@click.argument("answers", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--key",
    "keys",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="PATH",
    help="The key, or a folder of keys; may be given several times.  [default: key.json or keys/ beside the answers]",
)
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", help="How the report is written.")
@click.option(
    "--feedback",
    type=click.Choice(["hint", "witness", "key"]),
    help="How much is told of a wrong answer: a hint, a point where answer and key differ too, or (of one file) the "
    "solution.  [default: hint]",
)
@click.option("--output", metavar="PATH", help="Write the report to a file; for a class a folder.")
@click.option("--roster", type=click.Path(path_type=Path), metavar="CSV", help="The students of the class.")
@click.option("--policy", type=click.Path(path_type=Path), metavar="FILE", help="The rules of the course, a TOML file.")
@click.option("--for", "platform", type=click.Choice(PLATFORMS), help="A gradebook in the shape that this takes, too.")
@click.option("--per-part", is_flag=True, help="Gradebooks with a column for each part.")
@click.option(
    "--fill", type=click.Path(path_type=Path), metavar="FILE", help="Fill in a gradebook that was downloaded."
)
@click.option("--column", metavar="TITLE", help="The column to fill in.  [default: the title of the set]")
@click.option("--sheets", type=click.Choice(SHEETS), help="The format of students' feedback.  [default: html]")
@click.option("--release", is_flag=True, help="Feedback with the worked solutions.")
@click.option("--anonymous", is_flag=True, help="A copy of all files with pseudonyms, too.")
@click.option("--workers", type=int, metavar="N", help="Processes.  [default: as many as pay]")
def grade(
    answers: tuple[Path, ...],
    keys: tuple[Path, ...],
    format_: str,
    feedback: str | None,
    output: str | None,
    roster: Path | None,
    policy: Path | None,
    platform: str | None,
    per_part: bool,
    fill: Path | None,
    column: str | None,
    sheets: str | None,
    release: bool,
    anonymous: bool,
    workers: int | None,
) -> None:
    """Grade ANSWERS: a filled-in answers.json, or all that a class handed in.

    \b
    cnnex grade answers.json
    cnnex grade class/students --roster students.csv --output graded/
    cnnex grade hw3.zip late/*.json --key keys/ --policy policy.toml --output graded/
    cnnex grade form.csv --key key.json --output graded/ --for moodle

    The exit code is 0 when the answers were graded, whatever the score, and 2 when a file can't be used. What a class
    handed in and couldn't be graded is listed.
    """  # noqa: D301 (click takes the character itself for "keep these lines")
    files = {
        "--for": platform, "--per-part": per_part, "--fill": fill, "--column": column, "--sheets": sheets,
        "--release": release, "--anonymous": anonymous,
    }  # fmt: skip
    named = next((name for name, value in files.items() if value), None)
    if _is_one_file(answers, output) and not (roster or policy or named or workers is not None):
        _one_file(answers[0], keys, format_, feedback or "hint", Path(output) if output else None)
        return
    if format_ == "md":
        raise InputError("--format md goes with one answers.json; the feedback of a class is written to --output DIR/")
    if feedback == "key":
        raise InputError("--feedback key goes with one answers.json", hint="--release gives a class the solutions")
    named = named or ("--feedback" if feedback else None)
    if output in ("", "-"):
        raise InputError("--output needs a folder", hint="leave it out to see how the class did")
    if named and output is None:
        raise InputError(f"{named} needs a folder", hint="add --output graded/")
    if column and not fill:
        raise InputError("--column goes with --fill")
    wanted = {
        "platform": platform or "",
        "per_part": per_part,
        "fill": str(fill) if fill else "",
        "column": column or "",
        "sheets": sheets or "html",
        "feedback": feedback or "hint",
        "release": release,
        "anonymous": anonymous,
    }
    from cnnex.cli.classes import grade_class

    grade_class(
        answers,
        keys=keys,
        roster=roster,
        policy=policy,
        folder=Path(output) if output else None,
        workers=workers or 0,
        as_json=format_ == "json",
        outputs=wanted if named else None,
    )


def _is_one_file(answers: tuple[Path, ...], output: str | None) -> bool:
    if len(answers) > 1 or answers[0].is_dir() or answers[0].suffix.lower() not in ("", ".json"):
        return False
    return not output or not (output.endswith(("/", "\\")) or Path(output).is_dir())


def _one_file(answers: Path, keys: tuple[Path, ...], format_: str, feedback: str, output: Path | None) -> None:
    """Grade one file and show the report, or write it."""
    from cnnex.export.report import report_json, report_markdown, report_text
    from cnnex.grader import grade_submission
    from cnnex.store.folder import write_file
    from cnnex.store.records import load_key, load_submission

    if len(keys) > 1:
        raise InputError("one file of answers has one key", hint="name one with --key")
    submission = load_submission(answers)
    beside = keys[0] if keys else answers.parent / "key.json"
    if not keys and not beside.exists():
        raise InputError(f"there is no key.json beside {answers}", hint="name the key with --key")
    if output is not None and output.exists() and any(output.samefile(each) for each in (answers, beside)):
        raise InputError(f"--output {output} would replace what is being graded", hint="name another file")
    key_record = load_key(beside)
    try:
        report = grade_submission(key_record, submission, feedback)
    except InputError as error:
        raise InputError(f"{beside}: {error}") from None
    written: dict[str, Any] = {"text": report_text, "json": report_json, "md": report_markdown}
    if output is not None:
        write_file(output, written[format_](report).encode())
    elif format_ == "text":
        click.echo(report_text(report, style=click.style), nl=False)
    else:
        click.echo(written[format_](report), nl=False)
