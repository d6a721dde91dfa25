"""The class page: it stands alone, shows every number in words too, and what students typed stays text."""

from __future__ import annotations

import csv
import io
import re

import pytest
from htmlpages import checked_page
from marks import FLIPPED, graded, key, mark

from cnnex.export.class_page import class_page
from cnnex.export.statistics_csv import statistics_csv
from cnnex.marking.sets import problems_of
from cnnex.marking.statistics import Tally
from cnnex.model.marks import Graded, Summary, Unmatched
from cnnex.model.outcome import Verdict
from cnnex.model.statistics import Statistics

HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\x00\x1b[31mred", "\u202etxt.exe", "שלום 7",
    "<< page >> <% raw %> {{7*7}}", "\ud800", "=1+1", "]]>", "x" * 5000,
)  # fmt: skip


def statistics(attempts: list[Graded]) -> Statistics:
    tally = Tally()
    for each in attempts:
        tally.add(each, problems_of(key({"1a": {"family": "F1-<b>"}, "1b": {}})))
    return tally.statistics()


def summary(**fields: object) -> Summary:
    given = {"came_in": 0, "graded": 0, "students": 0, "without": (), "repeated": (), "unmatched": (), "waiting": 0}
    return Summary(schema="cnnex.summary/1", **(given | fields))  # type: ignore[arg-type]


def page(found: Statistics, said: Summary, title: str = "Homework") -> str:
    content = class_page(found, said, title, "1.0")
    checked_page(content)
    return content.decode()


def test_an_empty_class_has_a_page() -> None:
    text = page(statistics([]), summary(without=("007",)))
    assert "without a submission" in text
    assert '<bdi class="typed">007</bdi>' in text
    assert "<svg" not in text


@pytest.mark.parametrize("count", [1, 12, 60])
def test_numbers_of_plots_are_also_words(count: int) -> None:
    attempts = [graded(f"s{n:02}", mark("1a", n % 5), mark("1b", (n + n % 3) % 5)) for n in range(count)]
    found = statistics(attempts)
    text = page(found, summary(students=count))
    assert text.count("<svg") == text.count("<desc>") == text.count("<figcaption>")
    for part in found.parts:
        assert f"{part.id}: {part.share:.0%}" in text
    assert all(line.replace("'", "&#x27;") in text for line in found.warnings)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_comes_from_outside_stays_text(text: str) -> None:
    attempts = [
        graded(text, mark("1a", answer=text), mark("1b", answer=[text], verdict=Verdict.UNREADABLE), set=text),
        graded("b", mark("1a", diagnosis=(FLIPPED,)), mark("1b", 4), set="S"),
    ]
    lost = Unmatched(source=text, trouble="unusable", reason=text, student=text)
    said = summary(without=(text,), repeated=(text,), unmatched=(lost,))
    shown = page(statistics(attempts), said, title=text)
    assert "<script" not in shown
    assert "<img" not in shown
    assert not set(shown) & set("\x00\x1b\u202e\ud800")


def test_long_lists_are_cut_and_say_so() -> None:
    lost = tuple(Unmatched(source=f"{n}.json", trouble="no-student", reason="-") for n in range(60))
    text = page(statistics([]), summary(unmatched=lost, without=tuple(map(str, range(600)))))
    assert "10 more rows are in unmatched.csv." in text
    assert "100 more are in gradebook.csv." in text


def test_parts_that_tell_little_are_pointed_at() -> None:
    attempts = [graded(str(n), mark("1a", 4 * (n % 2)), mark("1b", 4 * (1 - n % 2))) for n in range(20)]
    assert page(statistics(attempts), summary()).count("is the key right?") == 2
    easy = [graded(str(n), mark("1a", 4), mark("1b", 0)) for n in range(20)]
    text = page(statistics(easy), summary())
    assert "nearly all have it" in text
    assert "hardly anybody has it" in text


def test_tables_fit_a_sheet_of_paper() -> None:
    """On 17 cm, the text of A4, with 8.5 pt in a wide font whose letters have 0.65 em; a rem is 12 pt."""
    parts = [f"{1 + n // 10}{chr(97 + n % 10)}" for n in range(20)]
    verdicts = list(Verdict)
    tally = Tally()
    problems = problems_of(key({part: {"family": "F18-transposed-convolution-in-numbers"} for part in parts}))
    for n in range(1000):
        marks = (
            mark(
                part, 4 * ((n + k) % 2), verdict=verdicts[(n + k) % 6], answer="x" * 99, diagnosis=(FLIPPED,) * (k % 2)
            )
            for k, part in enumerate(parts)
        )
        tally.add(graded(f"student-with-a-long-name-{n}", *marks), problems)
    lost = Unmatched(source="file" * 30, trouble="unusable", reason="reason" * 30, student="student" * 30)
    text = page(tally.statistics(), summary(unmatched=(lost,)))
    tables = re.findall("<table>.*?</table>", text, re.DOTALL)
    assert len(tables) == 6
    for table in tables:
        lines = [re.findall("<t[hd](.*?)</t[hd]>", row) for row in re.findall("<tr>(.*?)</tr>", table)]
        assert sum(9.6 + max(map(least_width, column)) for column in zip(*lines, strict=True)) < 482


def least_width(cell: str) -> float:
    """In points; what a student typed breaks anywhere beyond 6 rem."""
    if 'class="typed"' in cell:
        return 72
    attributes, words = cell.split(">", maxsplit=1)
    pieces = re.split("[ -]", words)
    return max(9.5 * 12 * ("whole" in attributes), 0.65 * 8.5 * max(map(len, pieces)))


def test_variants_that_stand_out_are_named() -> None:
    tally = Tally()
    for number in range(20):
        marks = mark("1a", 4 * (number % 2)), mark("1b", number % 3)
        tally.add(graded(str(number), *marks), problems_of(key({"1a": {}, "1b": {}}, {"stride": 1 + number % 2})))
    text = page(tally.statistics(), summary())
    assert "stride 1" in text
    assert "Of " not in text
    rows = statistics_csv(tally.statistics()).decode("utf-8-sig").splitlines()
    assert "variants,1 stride 2,students,10" in rows


def test_days_without_submissions_are_drawn() -> None:
    days = (1, 2, 3, 4, 9)
    text = page(statistics([graded(str(n), mark(), at=f"2026-10-0{n}T10:00:00Z") for n in days]), summary())
    assert "10-04: 1, 10-05: 0, 10-06: 0" in text


def test_the_same_numbers_are_a_table() -> None:
    found = statistics([graded(str(n), mark("1a", n % 5), mark("1b", 4), at="") for n in range(9)])
    head, *rows = csv.reader(io.StringIO(statistics_csv(found).decode("utf-8-sig"), newline=""))
    assert head == ["about", "id", "measure", "value"]
    values = {tuple(row[:3]): row[3] for row in rows}
    assert len(values) == len(rows)
    assert found.scores is not None
    assert float(values["class", "", "scores mean"]) == found.scores.mean
    assert values["class", "", "tenths 10"] == str(found.tenths[9])
    assert values["parts", "1b", "discrimination"] == ""
    assert float(values["parts", "1a", "share"]) == found.parts[0].share
