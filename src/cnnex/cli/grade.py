"""`cnnex grade`."""

from __future__ import annotations

from pathlib import Path

import click

from cnnex.errors import InputError

FORMATS = ("text", "json", "md")


@click.command()
@click.argument("answers", type=click.Path(path_type=Path))
@click.option(
    "--key", type=click.Path(path_type=Path), metavar="FILE", help="The key.  [default: key.json beside the answers]"
)
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", help="How the report is written.")
@click.option(
    "--feedback",
    type=click.Choice(["hint", "witness", "key"]),
    default="hint",
    show_default=True,
    help="How much the report tells: a hint, a point where answer and key differ, or the solution.",
)
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the report to a file.")
def grade(answers: Path, key: Path | None, format_: str, feedback: str, output: Path | None) -> None:
    """Grade ANSWERS, a filled-in answers.json.

    The exit code is 0 when the answers were graded, whatever the score, and 2 when a file can't be used.
    """
    from cnnex.export.report import report_json, report_markdown, report_text
    from cnnex.grader import grade_submission
    from cnnex.store.folder import write_file
    from cnnex.store.records import load_key, load_submission

    submission = load_submission(answers)
    beside = key or answers.parent / "key.json"
    if key is None and not beside.exists():
        raise InputError(f"there is no key.json beside {answers}", hint="name the key with --key")
    if output is not None and output.exists() and any(output.samefile(each) for each in (answers, beside)):
        raise InputError(f"--output {output} would replace what is being graded", hint="name another file")
    key_record = load_key(beside)
    try:
        report = grade_submission(key_record, submission, feedback)
    except InputError as error:
        raise InputError(f"{beside}: {error}") from None
    if output is not None:
        content = {"text": report_text, "json": report_json, "md": report_markdown}[format_](report)
        write_file(output, content.encode())
    elif format_ == "text":
        click.echo(report_text(report, style=click.style), nl=False)
    else:
        click.echo({"json": report_json, "md": report_markdown}[format_](report), nl=False)
