"""What every page of ours keeps: it nests, stands alone, and can be read without seeing it."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser


class Page(HTMLParser):
    """Checks that elements nest, and collects what a page needs."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, Mapping[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "br", "input"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def checked_page(content: bytes, *, scripts: int = 0) -> Page:
    """A page whose elements nest, with landmarks, captions, names that stand once, and no need of a network."""
    text, page = content.decode(), Page()
    page.feed(text)
    assert page.open == []
    tags = [tag for tag, _ in page.seen]
    assert [tags.count(each) for each in ("header", "nav", "main", "footer", "h1")] == [1] * 5
    assert tags.count("table") == tags.count("caption")
    assert not {"img", "iframe", "link"} & set(tags)
    assert tags.count("script") == scripts
    assert "://" not in text
    assert "prefers-color-scheme: dark" in text
    ids = [attrs["id"] for _, attrs in page.seen if "id" in attrs]
    assert len(set(ids)) == len(ids)
    named = [attrs["aria-labelledby"] for _, attrs in page.seen if "aria-labelledby" in attrs]
    targets = [str(attrs["href"])[1:] for tag, attrs in page.seen if tag == "a" and "href" in attrs]
    assert {*targets, *named} <= set(ids)
    return page
