"""`cnnex explain` and `cnnex review`: looking at single answers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cnnex.cli.decide import folder_option
from cnnex.errors import visible

if TYPE_CHECKING:
    from cnnex.marking.review import Waiting
    from cnnex.model.marks import Reading


@click.command()
@click.argument("student")
@click.argument("part")
@folder_option
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="How it is written.")
def explain(student: str, part: str, folder: Path, format_: str) -> None:
    """The trail of one mark: what STUDENT typed for PART, and what became of it.

    \b
    cnnex explain 0042 1a --in graded/
    cnnex explain ada@uni.edu 1a --in graded/ --format json
    """  # noqa: D301 (click takes the character itself for "keep these lines")
    from cnnex.marking.trail import trail, trail_text
    from cnnex.marking.verbs import open_ledger
    from cnnex.store.records import encode

    with open_ledger(folder) as ledger:
        found = trail(ledger, student, part)
    if format_ == "json":
        click.echo(encode(found).decode(), nl=False)
        return
    for line in trail_text(found).splitlines():
        click.echo(visible(line))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
def review(folder: Path) -> None:
    """Walk through the answers that could be neither read nor decided.

    \b
    cnnex review graded/

    Type how you read an answer, or `right` or `wrong`; an empty line skips it, `stop` ends. What you say holds for all
    students of the set who typed the same, a reading for those of all sets. It is kept at once; `cnnex regrade FOLDER
    --apply` then uses it.
    """  # noqa: D301 (click takes the character itself for "keep these lines")
    from cnnex.marking.review import decide, waiting
    from cnnex.marking.verbs import open_ledger

    done = 0
    with open_ledger(folder) as ledger:
        found = waiting(ledger)
        left = list(found)
        while left:
            answer = left.pop(0)
            click.echo(_shown(answer, f"{len(found) - len(left)} of {len(found)}"))
            reading = _asked(answer)
            if reading is None:
                break
            if reading.text or reading.verdict != "blank":
                read = decide(ledger, answer, reading, left)
                left = [each for each in left if each not in read]
                done += len(read)
    click.echo(f"{done} read, {len(found) - done} left" + (f"; now: cnnex regrade {folder} --apply" if done else ""))


def _shown(answer: Waiting, place: str) -> str:
    students = "1 student" if answer.students == 1 else f"{answer.students} students"
    typed = answer.answer if isinstance(answer.answer, str) else repr(answer.answer)
    lines = (
        f"{place}: part {answer.part.id} of set {answer.set}, {students}",
        f"  typed:    {typed[:2000]}",
        f"  {answer.verdict}: {answer.message}",
        f"  key:      {answer.solution}",
    )
    return "\n".join(map(visible, lines))


def _asked(answer: Waiting) -> Reading | None:
    """What a person says of an answer: a reading, a verdict, `blank` to skip it, None to stop."""
    from cnnex.model.marks import Reading
    from cnnex.model.outcome import WAITING, Verdict

    while True:
        click.echo("reading, right, wrong, or stop: ", nl=False)
        line = sys.stdin.readline()
        said = line.strip()
        if not line or said.casefold() == "stop":
            return None
        if not said:
            return Reading(verdict=Verdict.BLANK)
        if said.casefold() in ("right", "wrong"):
            return Reading(verdict=Verdict.CORRECT if said.casefold() == "right" else Verdict.INCORRECT)
        judged = answer.judged(said)
        click.echo(visible(f"  read as:  {judged.read_as or 'nothing'}: {judged.verdict}. {judged.message}".rstrip()))
        if judged.verdict not in WAITING:
            return Reading(text=said)
