"""A document: something that came in, wherever it lies, and the bounds within which it is read."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import PurePath
from typing import IO, Any

from cnnex.errors import InputError
from cnnex.model.marks import Attempt, Unusable
from cnnex.model.records import PartId
from cnnex.store.encodings import utf_16
from cnnex.store.intake.lms import Hint, hint
from cnnex.store.intake.times import read_time

MOST = 20 << 20
"""The bytes of a file with one submission, at most."""
LONGEST_LINE = 1 << 20
"""The bytes of a line of a file with many, at most."""

Found = Attempt | Unusable
Order = Callable[[], Sequence[PartId] | None]
"""Gives the parts of the sets in their order; None where the sets differ in them."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file or a member of a zip.

    Attributes:
        source: its name in reports.
        path: where it lies, for its suffix and for what a learning system's name says.
        open: gives its bytes, from which can be read again after `seek(0)`.
        parts: gives the parts of the sets in their order, for tables that only number them; None where sets differ.
        handed: who handed it in and when, as the platform lists it; empty where it has no list.
    """

    source: str
    path: PurePath
    open: Callable[[], IO[bytes]]
    parts: Order = tuple
    handed: tuple[Hint, ...] = ()


def whole(stream: IO[bytes]) -> bytes:
    """All bytes of a file with one submission.

    Raises:
        InputError: they are too many.
    """
    content = stream.read(MOST + 1)
    if len(content) > MOST:
        raise InputError(f"this file has more than {MOST >> 20} MB, which is too much for one submission")
    return content


def digest(*pieces: bytes) -> str:
    """The hash by which equal submissions are known; no two lists of pieces run into one another."""
    state = blake2b(digest_size=16)
    for piece in pieces[:-1]:
        state.update(b"%d:" % len(piece) + piece)
    state.update(pieces[-1])
    return state.hexdigest()


def digest_of_stream(stream: IO[bytes]) -> str:
    """The `digest` of all bytes of a file of any size."""
    state = blake2b(digest_size=16)
    while piece := stream.read(1 << 20):
        state.update(piece)
    return state.hexdigest()


def attempts(
    document: Document,
    mark: str,
    answers: Mapping[str, Any],
    *,
    set_id: str,
    student: str,
    name: str = "",
    submitted: str = "",
) -> Iterator[Attempt]:
    """A whole document as an attempt. What it doesn't say of itself, the platform's list or its name says.

    The platform's time counts before what the document says. Where several handed it in, it is an attempt of each.
    Equal files under the names of two students are not the same one.
    """
    at, note = read_time(submitted)
    hints = document.handed or (hint(document.path),)
    for said in hints:
        named = said.name if not (student.strip() or name.strip()) else ""
        yield Attempt(
            source=document.source,
            digest=digest(mark.encode(), named.encode("utf-8", "surrogatepass")) if named else mark,
            set=set_id.strip(),
            student=student.strip() or said.student,
            name=name.strip() or (_one(hints) if student.strip() else said.name),
            at=said.at or at,
            note="" if said.at else note,
            answers=dict(answers),
        )
        if student.strip() or name.strip():
            return


def _one(hints: Sequence[Hint]) -> str:
    """Under whose name it came in, to be held against what it says itself; several may stand for one of them."""
    return hints[0].name or hints[0].student if len(hints) == 1 else ""


def lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """The lines of a file with their numbers and ends, UTF-16 as UTF-8; nothing in place of a line that is too long."""
    start = stream.read(4096)
    stream.seek(0)
    wide, old_mac = utf_16(start[:200]), b"\r" in start and b"\n" not in start
    if not wide and not old_mac:
        yield from _lines(stream.readline, b"\n")
        return
    text = io.TextIOWrapper(stream, wide or "latin-1", "replace", newline="\r" if old_mac else "\n")
    try:
        spelled = "utf-8" if wide else "latin-1"
        yield from _lines(lambda size: text.readline(size).encode(spelled), b"\r" if old_mac else b"\n")
    finally:
        with suppress(ValueError):  # the stream is closed already
            text.detach()


def _lines(read: Callable[[int], bytes], end: bytes) -> Iterator[tuple[int, bytes | None]]:
    number = 0
    while line := read(LONGEST_LINE):
        number += 1
        if len(line) < LONGEST_LINE or line.endswith(end):
            yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            continue
        while line and not line.endswith(end):
            line = read(LONGEST_LINE)
        yield number, None
