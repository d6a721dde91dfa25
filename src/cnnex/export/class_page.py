"""A graded class as one page for the instructor: plots with their numbers, warnings, and lists of what to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from markupsafe import Markup

from cnnex.errors import visible
from cnnex.export.cells import number
from cnnex.export.plots import Bar, bins, rows
from cnnex.model.marks import Summary
from cnnex.model.outcome import Verdict
from cnnex.model.statistics import AnswerCount, Comparison, PartStatistics, Statistics

_MOST_ROWS, _MOST_BARS, _MOST_STEPS = 50, 15, 120
_EASY, _HARD, _LEVEL = 0.95, 0.2, 0.2
"""Shares above and below which a part tells little; and the discrimination that a part should have: Ebel and Frisbie
1991, "Essentials of Educational Measurement", chapter 13."""
_FEW = 10
_SECTIONS = {
    "warnings": "Read this first",
    "scores": "Scores",
    "parts": "Parts",
    "mistakes": "Mistakes",
    "sets": "Sets and variants",
    "unexplained": "Unexplained wrong answers",
    "look": "To look at",
}
_TROUBLES = {
    "unusable": "can't be read as a submission",
    "unknown-set": "no key has this set ID",
    "unknown-student": "not on the roster",
    "another-students-set": "the set of somebody else",
    "no-student": "nothing says whose it is",
    "two-students": "it says one student, and came in under another's name",
    "blank": "nothing is filled in",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a page.

    Attributes:
        caption: what it shows.
        head: a name for each column.
        kinds: a letter for each column: `h` names the row, `n` is a number, `i` an id of ours, `t` was typed by
            students, `w` is words.
        rows: as words.
        more: a sentence about rows that are left out.
    """

    caption: str
    head: tuple[str, ...]
    kinds: str
    rows: tuple[tuple[str, ...], ...]
    more: str = ""


def class_page(statistics: Statistics, summary: Summary, title: str, version: str) -> bytes:
    """The page: HTML that needs nothing else, for screens of any width, in light and dark, and for paper.

    Args:
        statistics: of the attempts that count.
        summary: of the run.
        title: of the set.
        version: of cnnex, for the foot of the page.
    """
    from cnnex.render import render_page

    page: dict[str, Any] = {
        "title": visible(title),
        "overview": _overview(statistics, summary),
        "warnings": statistics.warnings,
        "scores": _scores(statistics),
        "times": _times(statistics),
        "parts": _parts(statistics),
        "mistakes": _mistakes(statistics),
        "sets": _sets(statistics),
        "variants": _variants(statistics),
        "compared": len(statistics.variants),
        "waiting": _answers(statistics.waiting, "Unreadable and undecided answers, the most frequent first"),
        "unexplained": _answers(statistics.unexplained, "Wrong answers of no known mistake, the most frequent first"),
        "without": _names(summary.without, "gradebook.csv"),
        "repeated": _names(summary.repeated, "the records"),
        "unmatched": _unmatched(summary),
        "foot": f"cnnex {version}",
    }
    look = page["waiting"].rows or page["unmatched"].rows or page["without"][0] or page["repeated"][0]
    there = {
        **page,
        "sets": page["sets"].rows or page["compared"],
        "unexplained": page["unexplained"].rows,
        "look": look,
    }
    page["sections"] = {id_: name for id_, name in _SECTIONS.items() if there[id_]}
    return render_page("html", "class", page=page).encode()


def _overview(statistics: Statistics, summary: Summary) -> list[tuple[str, str]]:
    """Pairs of a name and a number."""
    found = [
        ("students with a mark", str(summary.students)),
        ("without a submission", str(len(summary.without))),
        ("not graded", str(len(summary.unmatched))),
        ("answers to look at", str(summary.waiting)),
        ("late", str(statistics.late)),
    ]
    if spread := statistics.scores:
        found += [("mean", f"{number(spread.mean)} of {statistics.points}"), ("median", number(spread.median))]
        if spread.deviation is not None:
            found.append(("standard deviation", number(spread.deviation)))
    if statistics.alpha is not None and statistics.error is not None:
        found.append(("reliability (alpha)", f"{statistics.alpha:.2f}"))
        found.append(("error of a score", f"±{number(statistics.error)}"))
    return found


def _scores(statistics: Statistics) -> Markup | None:
    if statistics.scores is None:
        return None
    bars = [Bar(f"{10 * tenth}%", count) for tenth, count in enumerate(statistics.tenths)]
    middle = 10 * statistics.scores.median / max(1, statistics.points)
    return Markup(bins("Scores by tenths of the points", bars, middle))  # noqa: S704


def _times(statistics: Statistics) -> Markup | None:
    times = _without_gaps(statistics.times)
    if not times:
        return None
    bars = [Bar(f"{when[11:]} h" if len(when) > 10 else when[5:], count) for when, count in times.items()]
    first, last = min(times), max(times)
    span = first if first == last else f"{first} to {last}"
    return Markup(bins(f"Submissions, {span.replace('T', ', hour ')}", bars))  # noqa: S704


def _without_gaps(times: dict[str, int]) -> dict[str, int]:
    """Times with those between them at which nothing came in, unless they are too many to draw."""
    try:
        first, last = (datetime.fromisoformat(edge) for edge in (min(times), max(times)))
    except ValueError:  # no times, or such as the calendar doesn't have
        return times
    by_hour = len(min(times)) > len(date.min.isoformat())
    step = timedelta(hours=1) if by_hour else timedelta(days=1)
    if (last - first) / step > _MOST_STEPS:
        return times
    every = (first + place * step for place in range((last - first) // step + 1))
    names = (when.isoformat()[:13] if by_hour else when.date().isoformat() for when in every)
    return {name: times.get(name, 0) for name in names}


def _parts(statistics: Statistics) -> dict[str, Any] | None:
    if not statistics.parts:
        return None
    notes = {part.id: _note(part) if statistics.students >= _FEW else "" for part in statistics.parts}
    noted = ("to look at",) if any(notes.values()) else ()
    known = [part for part in statistics.parts if part.discrimination is not None]
    verdicts = [verdict for verdict in Verdict if any(verdict in part.verdicts for part in statistics.parts)]
    table = Table(
        "Each part: points, mean share of them, discrimination",
        ("part", "family", "points", "share", "discrimination", *noted),
        f"hinnn{'w' * len(noted)}",
        tuple(
            (
                part.id,
                part.family,
                str(part.points),
                f"{part.share:.0%}",
                "" if part.discrimination is None else _signed(part.discrimination),
                *(notes[part.id] for _ in noted),
            )
            for part in statistics.parts
        ),
    )
    counts = Table(
        "Answers to each part by verdict, and those with follow-through credit",
        ("part", *verdicts, "followed"),
        f"h{'n' * len(verdicts)}n",
        tuple(
            (part.id, *(str(part.verdicts.get(verdict, 0)) for verdict in verdicts), str(part.followed))
            for part in statistics.parts
        ),
    )
    shares = [Bar(part.id, part.share) for part in statistics.parts]
    discriminations = [Bar(part.id, part.discrimination or 0) for part in known]
    return {
        "table": table,
        "counts": counts,
        "shares": Markup(rows("Mean share of the points by part", shares)),  # noqa: S704
        "discriminations": Markup(rows("Discrimination by part", discriminations, _LEVEL, ".2f")) if known else None,  # noqa: S704
    }


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _note(part: PartStatistics) -> str:
    if part.discrimination is not None and part.discrimination < 0:
        return "who did well elsewhere did worse here: is the key right?"
    if part.share > _EASY:
        return "nearly all have it"
    if part.share < _HARD:
        return "hardly anybody has it"
    if part.discrimination is not None and part.discrimination < _LEVEL:
        return "tells students hardly apart"
    return ""


def _mistakes(statistics: Statistics) -> dict[str, Any] | None:
    if not statistics.mistakes:
        return None
    answers = {part.id: part.answers for part in statistics.parts}
    bars = [Bar(f"{each.part} {each.id}", each.count / answers[each.part]) for each in statistics.mistakes[:_MOST_BARS]]
    found = [
        (each.id, each.family, each.part, str(each.count), str(each.wrong), f"{each.count / each.wrong:.0%}")
        for each in statistics.mistakes
    ]
    head = ("mistake", "family", "part", "answers", "of wrong ones", "share")
    table = _table("Mistakes over all variants, the most frequent first", head, "hiwnnn", found)
    return {"table": table, "plot": Markup(rows("Share of all answers that a mistake explains", bars))}  # noqa: S704


def _sets(statistics: Statistics) -> Table:
    found = [
        (each.set, each.family or "all", *_compared(each.comparison))
        for each in sorted(statistics.sets, key=lambda each: not each.comparison.stands_out)
        if not each.family or each.comparison.stands_out
    ]
    head = ("set", "family", *_COMPARED)
    return _table("Each set against all others; a family only where it stands out", head, "hinnnnw", found)


def _variants(statistics: Statistics) -> Table:
    found = [
        (str(each.problem), each.family, f"{each.datum} {each.value}", *_compared(each.comparison))
        for each in statistics.variants
        if each.comparison.stands_out
    ]
    head = ("problem", "family", "variants with", *_COMPARED)
    return _table("Variants that stand out against the others of the same problem", head, "hiinnnnw", found)


_COMPARED = ("students", "share", "others", "difference in %", "to look at")


def _compared(found: Comparison) -> tuple[str, ...]:
    return (
        str(found.students),
        f"{found.share:.0%}",
        f"{found.others:.0%}",
        f"{100 * (found.share - found.others):+.0f} ± {100 * found.error:.0f}".replace("-", "−"),
        "stands out" if found.stands_out else "",
    )


def _answers(answers: Sequence[AnswerCount], caption: str) -> Table:
    found = [
        (each.part, visible(each.answer), str(each.count), ", ".join(map(visible, each.students))) for each in answers
    ]
    return _table(caption, ("part", "answer", "times", "such as"), "htnt", found)


def _unmatched(summary: Summary) -> Table:
    found = [
        (visible(each.source), visible(each.student or each.set), _TROUBLES[each.trouble], visible(each.reason))
        for each in summary.unmatched
    ]
    head = ("file", "student or set", "trouble", "what was found")
    return _table("What came in and was not graded", head, "ttwt", found, "unmatched.csv")


def _table(
    caption: str, head: tuple[str, ...], kinds: str, rows_: Sequence[tuple[str, ...]], rest: str = "statistics.json"
) -> Table:
    left = len(rows_) - _MOST_ROWS
    more = f"{left} more rows are in {rest}." if left > 0 else ""
    return Table(caption, head, kinds, tuple(rows_[:_MOST_ROWS]), more)


def _names(names: Iterable[str], rest: str) -> tuple[list[str], str]:
    """The names to show, and a sentence about those that are too many."""
    shown = [visible(name) for name in names]
    left = len(shown) - 10 * _MOST_ROWS
    return shown[: 10 * _MOST_ROWS], f"{left} more are in {rest}." if left > 0 else ""
