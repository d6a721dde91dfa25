"""The gallery shows each family at each level."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from htmlpages import checked_page
from markdown_it import MarkdownIt

from cnnex.cli import main
from cnnex.export.gallery import gallery_html, gallery_markdown
from cnnex.gallery import gallery
from cnnex.model.gallery import TopicSamples
from cnnex.topics import load_topic, topic_names
from cnnex.topics._family import LEVELS


@pytest.fixture(scope="module")
def topics() -> tuple[TopicSamples, ...]:
    return gallery()


def test_every_family_at_every_level(topics: tuple[TopicSamples, ...]) -> None:
    families = [each.id for topic in topics for each in topic.families]
    assert families == [each.id for name in topic_names() for each in load_topic(name).families]
    for topic in topics:
        for family in topic.families:
            assert tuple(sample.level for sample in family.samples) == LEVELS
            assert all(sample.item.solution and sample.slips for sample in family.samples)


def test_the_page_stands_alone_and_can_be_heard(topics: tuple[TopicSamples, ...]) -> None:
    text = gallery_html(topics)
    page = checked_page(text)
    tags = [tag for tag, _ in page.seen]
    assert tags.count("article") == len(LEVELS) * sum(len(topic.families) for topic in topics)
    assert b"$" not in text
    assert b"<mfrac>" in text


def test_markdown_nests(topics: tuple[TopicSamples, ...]) -> None:
    text = gallery_markdown(topics).decode()
    assert text.count("<details>") == text.count("</details>")
    headings = [token for token in MarkdownIt().parse(text) if token.type == "heading_open" and token.tag == "h4"]
    assert len(headings) == len(LEVELS) * sum(len(topic.families) for topic in topics)
    anchors = set(re.findall(r'<a id="([^"]*)">', text))
    assert set(re.findall(r"\]\(#([^)]*)\)", text)) <= anchors


def test_files(tmp_path: Path, topics: tuple[TopicSamples, ...]) -> None:
    page = tmp_path / "gallery.html"
    assert CliRunner().invoke(main, ["gallery", "--output", str(page)]).exit_code == 0
    assert page.read_bytes() == gallery_html(topics)
    assert CliRunner().invoke(main, ["gallery"]).stdout_bytes == gallery_markdown(topics)
    for arguments in (["--output", "gallery.pdf"], ["--output", "gallery.md", "--format", "html"]):
        result = CliRunner().invoke(main, ["gallery", *arguments])
        assert result.exit_code == 2
        assert result.stderr.count("\n") == 1
