"""Submissions in the format `cnnex.answers/1`: one a file, or one a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import IO

from msgspec import UNSET

from cnnex.errors import InputError
from cnnex.model.marks import Unusable
from cnnex.model.records import Submission
from cnnex.store.encodings import decoded, narrow
from cnnex.store.intake.document import LONGEST_LINE, Document, Found, attempts, digest, lines, whole
from cnnex.store.records import read_record

_HERE = "here"
_NOBODYS = PurePath("")  # the name of a file with many submissions says nothing of one of them


def read_answers(document: Document, stream: IO[bytes]) -> Iterator[Found]:
    """The submission in an `answers.json`, in any encoding."""
    content = whole(stream)
    yield from _attempts(document, content, decoded(content))


def read_lines(document: Document, stream: IO[bytes]) -> Iterator[Found]:
    """The submissions of JSON lines; a bad line costs only itself."""
    for number, line in lines(stream):
        here = Document(f"{document.source}:{number}", _NOBODYS, document.open)
        if line is None:
            yield Unusable(source=here.source, digest="", reason=f"this line has more than {LONGEST_LINE >> 20} MB")
        elif content := line.strip():
            try:
                yield from _attempts(here, content, narrow(content))
            except InputError as error:
                yield Unusable(source=here.source, digest=digest(content), reason=str(error))


def _attempts(document: Document, content: bytes, text: str) -> Iterator[Found]:
    try:
        record = read_record(text.encode(), Submission, _HERE)
    except InputError as error:
        raise InputError(str(error).removeprefix(f"{_HERE}: ")) from None
    yield from attempts(
        document,
        digest(content),
        record.answers,
        set_id=record.set,
        student=record.student,
        submitted="" if record.submitted is UNSET else record.submitted,
    )
