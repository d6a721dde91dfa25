"""Every family's sheets are PDF/UA-1 and PDF/A-2a for a checker that shares nothing with what makes them."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnnex
from cnnex.topics import load_topic, topic_names
from cnnex.topics._family import LEVELS

page = pytest.importorskip("page", reason="page-validation isn't installed")

NAMES = ("", "Ada Lovelace", "Ελένη Παπαδοπούλου", "דנה כהן", "Фёдор Жуков", "Nguyễn Thị Ánh", "محمد علي", "अनीता शर्मा")
FAMILIES = [(topic, family.id) for topic in topic_names() for family in load_topic(topic).families]
# It takes a stream whose last byte is a line break for one of another length.
FALSE_ALARM = "PDFA2A-STREAM-LENGTH-001"


@pytest.mark.parametrize("number", range(len(FAMILIES)), ids=[family for _, family in FAMILIES])
def test_a_sheet_keeps_both_standards(number: int, tmp_path: Path) -> None:
    topic, family = FAMILIES[number]
    problems = cnnex.generate(
        topic, family=family, count=2, difficulty=LEVELS[number % 3], seed="pdf", student=NAMES[number % len(NAMES)]
    )
    path = tmp_path / "sheet.pdf"
    path.write_bytes(cnnex.document(problems, "pdf", solutions=number % 2 == 0))
    for profile in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A):
        failures = {each.rule_id: each.message for each in page.validate_pdf(path, profile=profile).failures}
        failures.pop(FALSE_ALARM, None)
        assert not failures


def test_the_checker_finds_what_is_wrong(tmp_path: Path) -> None:
    """A PDF that Typst was not asked to tag."""
    import typst

    path = tmp_path / "plain.pdf"
    path.write_bytes(typst.compile(b"= Heading\n$x$"))
    assert page.validate_pdf(path, profile=page.ValidationProfile.PDF_UA_1).failures
