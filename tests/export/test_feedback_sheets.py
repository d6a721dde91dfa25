"""Feedback sheets: what is on them, what never is, and that students' texts stay texts."""

from __future__ import annotations

import io
import json
import re
import time

import pytest
from htmlpages import checked_page
from marks import FLIPPED, graded, key, mark
from pypdf import PdfReader

from cnnex.export.feedback import FORMATS, Feedback, Level
from cnnex.generator import generate_set
from cnnex.model.outcome import Verdict
from cnnex.plans import deal
from cnnex.store.records import key_of

HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\x00\x1b[31mred\x07", "\u202etxt.exe", "שלום 7",
    "<< page >> <% raw %> {{7*7}}", "\ud800", "]]> --> &amp;",
    "`x` $\\input{/etc/passwd}$ #eval(\"1\") @x <b>", "x" * 5000,
    "1\r\n\u2028# Title\n> quote\n| a | b |", "![x](http://x/y.png) <http://x>",
)  # fmt: skip
SECRET = 918273


def words(content: bytes) -> str:
    """The text of a page as it is read, or Markdown without its backslashes."""
    text = content.decode()
    if text.startswith("<!"):
        text = re.sub(r"<style>.*?</style>|<[^>]*>", " ", text, flags=re.DOTALL)
        return " ".join(text.replace("&#x27;", "'").split())
    return re.sub(r"\\(?=[^\w\s])", "", text)


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_wrong_answer_says_what_it_shows_and_the_rule(form: str) -> None:
    said = mark(
        "1a", 1.5, verdict=Verdict.INCORRECT, answer="7 ", read_as="7", message="This isn't the right value.",
        witness="for a = 1 the value is 2, yours gives 3", diagnosis=(FLIPPED,),
        why=("This mistake (kernel-flipped) still earns 3/8 of the points.",),
    )  # fmt: skip
    attempt = graded("007", said, score=1.2, why=("2 days late: 1/5 of the points is taken away.",), unknown=("9z",))
    text = words(Feedback(key({"1a": {}})).sheet(attempt, form, "Ada"))
    for expected in (
        "Ada (007)", "1.2 of 4 points", "1.5 before", "2 days late", "9z", "✗ Not right", "1.5 of 4 points",
        "This isn't the right value.", FLIPPED.explanation, FLIPPED.hint, "still earns 3/8",
    ):  # fmt: skip
        assert expected in text
    assert "yours gives" not in text
    assert "yours gives 3" in words(Feedback(key({"1a": {}}), "witness").sheet(attempt, form, "Ada"))


@pytest.mark.parametrize("form", ["html", "md"])
@pytest.mark.parametrize("level", ["hint", "witness", "key"])
def test_the_key_shows_only_when_it_is_released(form: str, level: Level) -> None:
    problems = generate_set(deal(["pooling", "convolution"], [], 4, "medium"), "released")
    whole = key_of(problems, "1")
    parts = [part for item in whole.items for part in item.parts]
    attempt = graded("a", *(mark(part.id, points=max(1, part.points), answer="?") for part in parts), set=whole.set)
    text = Feedback(whole, level).sheet(attempt, form).decode()
    assert ("Solution to problem 1" in text) is (level == "key")
    assert problems.seed not in text
    bare = Feedback(key({"1a": {"value": SECRET}}), level).sheet(graded("a", mark("1a", answer="?")), form)
    assert (str(SECRET) in bare.decode()) is (level == "key")


def test_answers_are_formulas_where_they_are_read_as_such() -> None:
    whole = key(
        {
            "1a": {"kind": "matrix", "value": [[1]]},
            "1b": {"kind": "expr", "value": "a", "symbols": ["a", "x_1"]},
            "1c": {"kind": "rational", "value": "1/2"},
            "1d": {"kind": "matrix", "value": [["a"]], "symbols": ["a"]},
            "1e": {"kind": "shape", "value": [1, 2]},
        }
    )
    marks = [
        mark("1a", 4, answer="1 2\n3 4", read_as="[[1, 2], [3, 4]]"),
        mark("1b", 4, answer="2ax1", read_as="2*a*x_1"),
        mark("1c", 4, answer="0.75", read_as="3/4"),
        mark("1d", 4, answer="a, 1", read_as="[[a, 1]]"),
        mark("1e", 4, answer="32x6", read_as="(32, 6)"),
    ]
    text = Feedback(whole).sheet(graded("a", *marks), "html").decode()
    assert text.count("<math") == 4
    assert text.count("<mtable") == 2
    assert "(32, 6)" in text
    assert "1 2\n3 4" in text
    once = Feedback(whole).sheet(graded("a", mark("1c", 4, answer="7", read_as="7")), "html").decode()
    assert "Read as" not in once


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("text", HOSTILE)
def test_what_students_write_stays_text(form: str, text: str) -> None:
    marks = [
        mark("1a", answer=text, read_as=text, message=text, why=(text,)),
        mark("1b", answer=[text, [text]], read_as=text, verdict=Verdict.UNREADABLE),
    ]
    whole = key({"1a": {"kind": "expr"}, "1b": {"kind": "matrix"}})
    attempt = graded(text, *marks, set=text, at=text, unknown=(text,))
    content = Feedback(whole).sheet(attempt, form, name=text)
    if form == "html":
        checked_page(content.replace(b"://", b":"))
        shown = content.decode()
        assert "<script" not in shown
        assert "<img" not in shown
        assert not set(shown) & set("\x00\x1b\x07\u202e\u2028")
    elif form == "md":
        lines = content.decode().splitlines()
        assert sum(line.startswith("#") for line in lines) == 4
        assert not any(re.search(r"(?<!\\)[<`]|(?<!\\)\$(?!\$)", line) for line in lines if not line.startswith("$$"))
        assert not any(line.startswith("|") for line in lines)


def pdf_text(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split())


def test_a_pdf_says_the_same_and_is_tagged() -> None:
    said = mark("1a", 1, answer="7\n8", read_as="7", message="Not quite.", diagnosis=(FLIPPED,), why=("Late.",))
    content = Feedback(key({"1a": {"value": SECRET}}), "key").sheet(graded("007", said), "pdf", "Ada")
    text = pdf_text(content)
    for expected in ("Ada (007)", "1 of 4 points", "Not quite.", FLIPPED.hint, "Late.", str(SECRET)):
        assert expected in text
    assert PdfReader(io.BytesIO(content)).trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]


def test_a_pdf_is_made_of_any_answer() -> None:
    wide = json.dumps([[10**9] * 60] * 2)
    whole = key({"1a": {"kind": "matrix", "value": [[1]]}, "1b": {}})
    marks = [mark("1a", answer=wide, read_as=wide), mark("1b", answer="\U00012000 \ue000", read_as="")]
    text = pdf_text(Feedback(whole).sheet(graded("a", *marks), "pdf"))
    assert "1000000000, 1000000000" in text
    assert "\\ue000" in text
    assert "\\U00012000" in text or "\U00012000" in text


def test_long_answers_are_cut_and_say_so() -> None:
    whole = key({"1a": {}, "1b": {}})
    marks = [mark("1a", answer="y" * 10**6), mark("1b", answer="z\n" * 100)]
    text = Feedback(whole).sheet(graded("a", *marks), "html").decode()
    assert "(1,000,000 characters in all)" in text
    assert text.count("y" * 100) == 20
    assert len(text) < 20_000


def test_choices_of_a_key_without_a_sheet_are_told_in_words() -> None:
    choices = {"A": "Blurs", "B": "Shifts"}
    whole = key(
        {
            "1a": {"kind": "choice", "value": "B", "choices": choices},
            "1b": {"kind": "selection", "value": ["A", "B"], "choices": choices},
            "1c": {"kind": "selection", "value": [], "choices": choices},
            "1d": {"kind": "boolean", "value": True},
        }
    )
    text = words(Feedback(whole, "key").sheet(graded("a", *(mark(f"1{letter}") for letter in "abcd")), "html"))
    found = re.findall(r"The answer: (.*?) (?:1[bcd]|Set)", text)
    assert found == ["Shifts", "Blurs; Shifts", "none of them", "true"]


def test_a_sheet_of_twenty_parts_costs_at_most_three_milliseconds() -> None:
    parts = [f"{number}{letter}" for number in range(1, 6) for letter in "abcd"]
    whole = key({id_: {"kind": "matrix", "value": [[1]]} for id_ in parts})

    def attempt(seed: int) -> bytes:
        read = [json.dumps([[seed, place], [1, 2]]) for place in range(20)]
        marks = [
            mark(id_, answer=said, read_as=said, message="This is wrong.", diagnosis=(FLIPPED,))
            for id_, said in zip(parts, read, strict=True)
        ]
        return Feedback(whole).sheet(graded("a", *marks), "html")

    attempt(0)
    started = time.process_time()
    for seed in range(1, 21):
        attempt(seed)
    assert (time.process_time() - started) / 20 < 0.006  # twice the budget, for busy machines
