"""What `cnnex stress` found, as text for a terminal and as a page with plots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from cnnex.export.plots import Bar, columns, rows
from cnnex.model.stress import Finding, Guess, StressReport

HEAD = ("family", "level", "variants", "CPU ms", "redraws", "twice", "again", "entries", "work", "±", "guess", "oracle")
_WORDS = """\
variants  how many were drawn
CPU ms    the median time to draw and pose a problem, ! above the limit
redraws   draws thrown away for one problem
twice     problems that stand twice in a set
again     problems that were in an earlier set, too
entries   the range of numbers in answers
work      products, comparisons or entries that a student writes: the median, and the largest deviation (±)
guess     in how many variants the most frequent answer to a numeric part is right
oracle    keys that it confirmed, of all that it could recompute
"""
_LEAST_NAMED = 0.9


def label(finding: Finding) -> str:
    """The name of a bank's problem, else the family."""
    return finding.problem or finding.family


def cells(finding: Finding) -> tuple[str, ...]:
    """A row of the overview, in the order of `HEAD`."""
    span, checked, guess = finding.entries, finding.checked, worst_guess(finding)
    of = checked and checked.confirmed + len(checked.refuted)
    return (
        label(finding),
        finding.level,
        f"{finding.variants:,}",
        f"{finding.cpu_ms:.2f}{' !' if finding.cpu_ms > finding.cpu_limit_ms else ''}",
        f"{finding.redraws:.1f}",
        str(finding.duplicates),
        str(finding.repeats),
        f"{_number(span.least)} to {_number(span.most)}" if span else "",
        _number(finding.work.median),
        f"{finding.work.deviation:.0%}",
        f"{guess.share:.0%} {guess.part}" if guess else "",
        f"{checked.confirmed:,} of {of:,}" if checked and of else "",
    )


def worst_guess(finding: Finding) -> Guess | None:
    """Of the guesses that a rule bounds the one that is right most often."""
    return max((guess for guess in finding.guesses if guess.limited), key=lambda guess: guess.share, default=None)


def broken_rules(report: StressReport) -> list[str]:
    """A line for each rule that is broken."""
    return [f"{label(each)}, {each.level}: {said}" for each in report.findings for said in each.broken]


def verdict(report: StressReport) -> str:
    """The outcome in a sentence."""
    broken = broken_rules(report)
    return f"{len(broken)} broken rule{'s' * (len(broken) > 1)}." if broken else "No rule is broken."


def oracle_words(report: StressReport) -> str:
    """What the oracle could do, in a sentence."""
    checked = [each.checked for each in report.findings if each.checked]
    if not report.oracle or not checked:
        return "No oracle: keys were not recomputed."
    left = sum(each.not_recomputed for each in checked)
    done = sum(each.confirmed + len(each.refuted) for each in checked)
    words = ", ".join(sorted({word for each in checked for word in each.unknown}))
    rest = f" {left:,} of {left + done:,} keys were not recomputed ({words})." if left else ""
    return f"Oracle: {report.oracle}.{rest}"


def stress_text(report: StressReport) -> str:
    """The findings as aligned tables."""
    out = [_aligned([HEAD, *map(cells, report.findings)], left=2), _WORDS]
    out.append("Mistakes, and in how many variants they show; * where the level names them\n")
    out.append(_aligned(_mistakes(report.findings), left=2))
    out.append(oracle_words(report))
    out.append("\n".join(["", *(f"! {line}" for line in broken_rules(report)), verdict(report)]))
    return "\n".join(out) + "\n"


def _mistakes(findings: Sequence[Finding]) -> list[tuple[str, ...]]:
    """A row for each mistake of each family, a column for each level."""
    levels = list(dict.fromkeys(each.level for each in findings))
    table: dict[tuple[str, str], dict[str, str]] = {}
    for finding in findings:
        for each in finding.mistakes:
            row = table.setdefault((label(finding), each.id), {})
            row[finding.level] = f"{each.share:.0%}{'*' if each.named else ' '}"
    return [
        ("family", "mistake", *(f"{level} " for level in levels)),
        *((*names, *(shown.get(level, "") for level in levels)) for names, shown in table.items()),
    ]


def _aligned(table: Sequence[Sequence[str]], left: int) -> str:
    """Rows in columns, the first ones on the left, numbers on the right."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = []
    for row in table:
        cells_ = enumerate(zip(row, widths, strict=True))
        lines.append("  ".join(c.ljust(width) if i < left else c.rjust(width) for i, (c, width) in cells_).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


# --- The page --------------------------------------------------------------------------------------------------


def stress_html(report: StressReport) -> bytes:
    """The findings as one page that needs nothing else: tables, and a plot for work and mistakes each."""
    from cnnex.render import render_page

    groups: dict[str, list[Finding]] = {}
    for finding in report.findings:
        groups.setdefault(label(finding), []).append(finding)
    page = {
        "title": "Stress report",
        "said": (
            f"{sum(each.variants for each in report.findings):,} variants of {len(groups)} families or problems, "
            f"drawn with the seed {report.seed}. {oracle_words(report)}"
        ),
        "verdict": verdict(report),
        "broken": broken_rules(report),
        "head": HEAD,
        "rows": list(map(cells, report.findings)),
        "groups": [
            {"id": f"group-{number}", "name": name, "cases": list(map(_case, findings))}
            for number, (name, findings) in enumerate(groups.items(), 1)
        ],
        "foot": f"cnnex {report.version}",
    }
    return render_page("html", "stress", page=page).encode()


def _case(finding: Finding) -> dict[str, Any]:
    where = f"{label(finding)}, {finding.level}"
    return {
        "level": finding.level,
        "work": Markup(columns(  # noqa: S704
            f"Work of {where}", [Bar(str(work), count) for work, count in finding.work.counts], finding.work.median
        )),
        "mistakes": Markup(rows(  # noqa: S704
            f"Mistakes of {where}", [Bar(each.id, each.share, each.named) for each in finding.mistakes], _LEAST_NAMED
        )),
        "guesses": [
            (each.part, each.asks, each.answer, f"{each.share:.0%}", "at most 15%" if each.limited else "none")
            for each in finding.guesses
        ],
    }  # fmt: skip
