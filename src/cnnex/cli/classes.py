"""What the commands for classes have in common: progress, and words for what was done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from cnnex.errors import InputError, visible
from cnnex.model.marks import Change, Summary

_MOST = 10
"""Names that a line lists."""


def grade_class(
    answers: Sequence[Path],
    *,
    keys: Sequence[Path],
    roster: Path | None,
    policy: Path | None,
    folder: Path | None,
    workers: int,
    as_json: bool,
    outputs: dict[str, Any] | None,
) -> None:
    """Grade a class and say how it did."""
    from cnnex.marking.outputs import Outputs
    from cnnex.marking.policy import load_policy
    from cnnex.marking.verbs import find_keys
    from cnnex.marking.verbs import grade_class as graded
    from cnnex.store.keys import load_keys
    from cnnex.store.records import encode
    from cnnex.store.roster import load_roster

    for path in answers:
        if not path.exists():
            raise InputError(f"{path}: there is no such file or folder")
    students, left_out = load_roster(roster) if roster else ((), ())
    with (
        interruptible("The same command starts again, and records nothing twice." if folder else ""),
        progress() as tick,
    ):
        summary, said = graded(
            answers,
            keys=load_keys(keys) if keys else find_keys(answers, folder),
            roster=students,
            policy=load_policy(policy) if policy else None,
            folder=folder,
            outputs=Outputs(**outputs) if outputs else None,
            workers=workers,
            tick=tick,
        )
    for sentence in (*left_out, *said):
        tell(sentence)
    click.echo(encode(summary).decode() if as_json else summary_text(summary, folder), nl=False)


@contextmanager
def interruptible(sentence: str) -> Iterator[None]:
    """Says at an interruption how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo(err=True)  # the terminal has ^C on this line
        raise click.Abort(visible(sentence)) from None


def tell(sentence: str) -> None:
    """Say something besides the result."""
    click.echo(visible(sentence), err=True)


def summary_text(summary: Summary, folder: Path | None) -> str:
    """What a run did, in a few lines.

    >>> summary = Summary(schema="cnnex.summary/1", came_in=2, graded=2, students=1, without=("0043",), repeated=(),
    ...     unmatched=(), waiting=0)
    >>> print(summary_text(summary, None), end="")
    2 came in, 2 attempts graded, of 1 student
    nothing came in of 1 student: 0043
    """
    lines = [
        f"{summary.came_in} came in, {_counted(summary.graded, 'attempt')} graded, "
        f"of {_counted(summary.students, 'student')}"
    ]
    if summary.without:
        lines.append(f"nothing came in of {_counted(len(summary.without), 'student')}: {_some(summary.without)}")
    if summary.repeated:
        lines.append(f"{len(summary.repeated)} came in before: {_some(summary.repeated)}")
    if summary.waiting:
        review = f": cnnex review {folder}" if folder else ""
        lines.append(f"{_counted(summary.waiting, 'answer')} to look at{review}")
    if summary.unmatched:
        lines.append(f"{len(summary.unmatched)} not graded:")
        shown = summary.unmatched if folder is None else summary.unmatched[:_MOST]
        lines += [f"  {each.source}: {each.reason}" for each in shown]
        if len(shown) < len(summary.unmatched):
            lines.append(f"  and {len(summary.unmatched) - len(shown)} more: {folder}/unmatched.csv")
    return "".join(f"{visible(line)}\n" for line in lines)


def changes_text(changes: Sequence[Change]) -> str:
    """Who changes, from what to what, and why.

    >>> from cnnex.model.marks import PartChange
    >>> part = PartChange(id="1a", before=0, after=2, why="incorrect, now correct")
    >>> change = Change(student="0042", before=3, after=5, parts=(part,), why=("the key changed",))
    >>> print(changes_text([change]), end="")
    0042: 3 -> 5 (the key changed)
      1a: 0 -> 2, incorrect, now correct
    1 student changes: 1 up, 0 down
    """
    lines = []
    for change in changes:
        why = f" ({'; '.join(each.rstrip('.') for each in change.why)})" if change.why else ""
        lines.append(f"{change.student}: {_points(change.before)} -> {_points(change.after)}{why}")
        lines += [f"  {part.id}: {part.before} -> {part.after}, {part.why}" for part in change.parts]
    up = sum((change.after or 0) > (change.before or 0) for change in changes)
    down = sum((change.after or 0) < (change.before or 0) for change in changes)
    who = "1 student changes" if len(changes) == 1 else f"{len(changes)} students change"
    lines.append(f"{who}: {up} up, {down} down" if changes else "nobody changes")
    return "".join(f"{visible(line)}\n" for line in lines)


@contextmanager
def progress() -> Iterator[Callable[[int], None]]:
    """A count of graded attempts on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed} attempts graded"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("grading", total=None)
        yield lambda done: shown.advance(task, done)


def _points(points: float | None) -> str:
    return "none" if points is None else str(points)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST])
    return shown if len(names) <= _MOST else f"{shown} and {len(names) - _MOST} more"
