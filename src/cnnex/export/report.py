"""A report for people and for programs."""

from __future__ import annotations

from collections.abc import Callable

from cnnex.errors import visible
from cnnex.model.outcome import WAITING, Verdict
from cnnex.model.records import PartReport, Report
from cnnex.store.records import encode

Style = Callable[..., str]

COLOURS = {
    Verdict.CORRECT: "green",
    Verdict.PARTIAL: "yellow",
    Verdict.INCORRECT: "red",
    Verdict.UNREADABLE: "magenta",
    Verdict.UNDECIDED: "magenta",
    Verdict.BLANK: "white",
}


def report_json(report: Report) -> str:
    """The report as JSON, see docs/formats.md."""
    return encode(report).decode()


def report_text(report: Report, style: Style = lambda text, **colours: text) -> str:
    """The report for a terminal; `style(text, fg=colour)` may colour the verdicts."""
    width = max((len(part.id) for part in report.parts), default=0)
    out = [f"Set {visible(report.set)}" + (f", {visible(report.student)}" if report.student else ""), ""]
    for part in report.parts:
        verdict = style(f"{part.verdict:<10}", fg=COLOURS[part.verdict])
        points = f"{part.earned} / {part.points}"
        read = f"   read as {visible(part.read_as)}" if part.read_as else ""
        out.append(f"{part.id:<{width}}  {verdict}  {points:>7}{read}")
        out += [" " * (width + 2) + line for line in remarks(part)]
    out += ["", f"Score: {report.score} / {report.points}"]
    out += notes(report)
    return "\n".join(out) + "\n"


def remarks(part: PartReport) -> list[str]:
    """What there is to say about an answer: the message, then each predicted mistake with its hint."""
    message = [visible(part.message)] if part.message else []
    # The message already says in words what the generic slips are, which have no hint of their own.
    predicted = [diagnosis for diagnosis in part.diagnosis if diagnosis.hint]
    return message + [f"{each.id}: {each.explanation} Hint: {each.hint}" for each in predicted]


def notes(report: Report) -> list[str]:
    """What a person should look at."""
    lines = []
    waiting = [part.id for part in report.parts if part.verdict in WAITING]
    if waiting:
        lines.append(f"Not scored, a person should look: {', '.join(waiting)}")
    if report.unknown:
        lines.append(f"Not a part of this set, not graded: {', '.join(map(visible, report.unknown))}")
    return lines


def report_markdown(report: Report) -> str:
    """The report as Markdown; names and answers come out as typed."""
    from cnnex.render.md import escape

    out = ["# Report", ""]
    if report.student:
        out += [f"**Student:** {escape(visible(report.student))}", ""]
    out += [f"**Set:** {escape(visible(report.set))}", "", f"**Score:** {report.score} / {report.points}", ""]
    out += ["| part | verdict | points | read as |", "|---|---|---:|---|"]
    out += [
        f"| {escape(part.id)} | {part.verdict} | {part.earned} / {part.points} | {escape(visible(part.read_as))} |"
        for part in report.parts
    ]
    for part in report.parts:
        if said := remarks(part):
            out += ["", f"**{escape(part.id)}**", "", *(f"- {escape(line)}" for line in said)]
    for note in notes(report):
        out += ["", escape(note)]
    return "\n".join(out) + "\n"
