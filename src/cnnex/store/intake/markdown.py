"""Markdown and notebooks whose answers stand under part ids, such as the handout with the answers written into it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any

import msgspec

from cnnex.errors import InputError
from cnnex.store.encodings import decoded
from cnnex.store.intake.document import Document, Found, attempts, digest, whole

_ID = r"(?P<part>\d{1,3}[a-z]{1,2})"
_PROMPT = re.compile(rf"\*\*\([a-z]{{1,2}}\)\*\*.*\*\[{_ID}, \d+ points?\]\*(?P<rest>.*)")
_MARK = re.compile(
    rf"(?:[-*>]\s+)?(?:#+\s*)?\**\(?{_ID}\)?\**\s*(?::\**|[.)]\**(?=\s|$)|(?<=\*)$)(?P<rest>.*)", re.IGNORECASE
)
_HEADING = re.compile(rf"#+\s*(?:answer\s+)?{_ID}\s*(?P<rest>)", re.IGNORECASE)
_FENCE = re.compile(rf"(?P<fence>```+|~~~+)\s*answer\s+{_ID}\s*", re.IGNORECASE)
_OPEN_FENCE = re.compile(r"(```+|~~~+)[^`]*")
_END = re.compile(r"#{1,6}\s.*|-{3,}|\*{3,}|\*\*\([a-z]{1,2}\)\*\*.*")
_CHOICE = re.compile(r"- \*\*[A-Z0-9]+\*\* .*")
_FIELD = re.compile(
    r"[#>*_\s-]*(?P<field>set(?: id)?|student(?: id)?|name)[*_]*\s*:[*_]*\s*(?P<value>.*)", re.IGNORECASE
)
_SET_ID = re.compile(r"[0-9A-Za-z]{4}-?[0-9A-Za-z]{4}(?![0-9A-Za-z])")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_LABEL = re.compile(r"(?P<name>.*)\((?P<id>[^()]+)\)")
_TAG = re.compile(rf"(?:answer|part)?[-:_ ]?{_ID}", re.IGNORECASE)


def read_markdown(document: Document, stream: IO[bytes]) -> Iterator[Found]:
    """The submission in a Markdown file.

    Raises:
        InputError: no answer is marked, a part is answered twice in different words, or two students are named.
    """
    content = whole(stream)
    page = _Page()
    page.add(decoded(content))
    yield from page.attempts(document, digest(content))


class _Cell(msgspec.Struct):
    cell_type: str = ""
    source: str | list[str] = ""
    metadata: dict[str, Any] = {}


class _Notebook(msgspec.Struct):
    cells: list[_Cell]


def read_notebook(document: Document, stream: IO[bytes]) -> Iterator[Found]:
    """The submission in a notebook. An answer ends with its cell; where that has only the id, the next one has it.

    Raises:
        InputError: this is no notebook, no answer is marked, a part is answered twice in different words, or two
            students are named.
    """
    content = whole(stream)
    try:
        notebook = msgspec.json.decode(decoded(content), type=_Notebook)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise InputError(f"this is no notebook: {error}") from None
    page = _Page()
    for cell in notebook.cells:
        text = cell.source if isinstance(cell.source, str) else "".join(cell.source)
        tags = cell.metadata.get("tags", [])
        found = (_TAG.fullmatch(tag) for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()
        page.begin(next((each["part"].lower() for each in found if each), ""))
        if not page.waits and (only := _TAG.fullmatch(text.strip())):
            page.begin(only["part"].lower())
            continue
        page.add(text)
        page.end_cell()
    yield from page.attempts(document, digest(content))


class _Page:
    """What has been read of a page: answers by part, set, student."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.set = self.student = self.name = ""
        self._part = ""
        self._body: list[str] = []
        self._choices = False
        self._said: set[str] = set()

    @property
    def waits(self) -> bool:
        """Whether a part was begun whose answer is still to come."""
        return bool(self._part)

    def add(self, text: str) -> None:
        """Read on. A fence belongs to the answer in which it stands, whatever it holds."""
        fence, own = "", False
        for line in re.split(r"\r\n|\r|\n", text):
            bare = line.strip()
            if fence:
                closes = bare.startswith(fence) and not bare.strip(fence[0])
                if closes and own:
                    self._finish()
                else:
                    self._body.append(line)
                fence = "" if closes else fence
            elif found := _FENCE.fullmatch(bare):
                self.begin(found["part"].lower())
                fence, own = found["fence"], True
            elif _OPEN_FENCE.fullmatch(bare):
                self._body.append(line)
                fence, own = _marks(bare), False
            else:
                self._line(line, bare)
        self._choices = False

    def begin(self, part: str) -> None:
        """What follows answers a part; with no part what was begun goes on."""
        if part:
            self._finish()
            self._part, self._body = part, []

    def end_cell(self) -> None:
        """The end of a notebook's cell, and of the answer in it."""
        if any(map(str.strip, self._body)):
            self._finish()

    def _line(self, line: str, bare: str) -> None:
        if found := _PROMPT.fullmatch(bare):
            self.begin(found["part"])
            self._body.append(found["rest"])
            self._choices = True
        elif found := _HEADING.fullmatch(bare) or _MARK.fullmatch(bare):
            self.begin(found["part"].lower())
            self._body.append(found["rest"])
        elif _END.fullmatch(bare):
            self._finish()
        elif not self._field(bare) and not (self._choices and _CHOICE.fullmatch(bare)):
            self._choices = self._choices and not bare
            self._body.append(line)

    def _field(self, bare: str) -> bool:
        """Whether a line states set, student or name; such a line is no part of an answer."""
        found = _FIELD.fullmatch(bare)
        if not found:
            return False
        value = _ESCAPED.sub(r"\1", found["value"][:200].strip().strip("*").strip())
        field = found["field"].lower()
        if field.startswith("set"):
            set_id = _SET_ID.match(value)
            self.set = self.set or (set_id[0] if set_id else value)
        elif field.startswith("student"):
            self._said |= {value.casefold()} - {""}
            if len(self._said) > 1:
                raise InputError(f"this page names two students: {self.student[:40]!r} and {value[:40]!r}")
            self.student = self.student or value
        elif value.strip("_ "):
            label = _LABEL.fullmatch(value)
            self.name = label["name"].strip() if label else value
            self.student = self.student or (label["id"].strip() if label else "")
        return True

    def _finish(self) -> None:
        text = _plain("\n".join(self._body))
        if part := self._part:
            before = self.answers.get(part, "")
            if before and text and before != text:
                raise InputError(f"part {part} is answered twice: {before[:40]!r} and {text[:40]!r}")
            self.answers[part] = before or text
        self._part, self._body = "", []

    def attempts(self, document: Document, mark: str) -> Iterator[Found]:
        """All of it as a submission."""
        self._finish()
        if not any(self.answers.values()):
            expected = "a line such as '1a: 6', or an answer below the part in the handout"
            raise InputError(f"this page has no answers; expected {expected}")
        yield from attempts(document, mark, self.answers, set_id=self.set, student=self.student, name=self.name)


def _marks(line: str) -> str:
    """The backticks or tildes with which a fence opens."""
    return line[: len(line) - len(line.lstrip(line[0]))]


def _plain(text: str) -> str:
    """An answer without the marks that make it code or quoted in Markdown."""
    text = text.strip()
    first, *inside = text.split("\n")
    if (
        inside
        and _OPEN_FENCE.fullmatch(first)
        and inside[-1].strip() == first[: len(first) - len(first.lstrip(first[0]))]
    ):
        return "\n".join(inside[:-1])
    quoted = re.fullmatch(r"`([^`\n]*)`", text)
    return quoted[1].strip() if quoted else text
