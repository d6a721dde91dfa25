"""The gallery as a page: Markdown for the docs, or HTML that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from cnnex.export.markdown import tidy
from cnnex.model.gallery import TopicSamples


def gallery_markdown(topics: Sequence[TopicSamples]) -> bytes:
    """The gallery as Markdown with `$...$`."""
    from cnnex.render import render_page

    return tidy(render_page("md", "gallery", topics=topics)).encode() + b"\n"


def gallery_html(topics: Sequence[TopicSamples]) -> bytes:
    """The gallery as HTML with MathML."""
    from cnnex.render import render_page

    return render_page("html", "gallery", topics=topics).encode()
