"""Zip files: their members one after another, each within bounds that are counted while it is unpacked."""

from __future__ import annotations

import io
import lzma
import stat
import struct
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from cnnex.errors import InputError
from cnnex.model.marks import Unusable
from cnnex.store.intake.document import MOST, Document
from cnnex.store.intake.gradescope import submitters, who
from cnnex.store.intake.lms import LIST, Hint, passed_over

BROKEN = (
    BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, NotImplementedError, ValueError,
    OverflowError, struct.error, KeyError, IndexError, AttributeError,
)  # fmt: skip
"""What zipfile raises when a zip isn't one."""
MOST_MEMBERS = 200_000
MOST_UNPACKED = 2 << 30
"""The bytes of all members of a zip together, at most."""
MOST_RATIO = 200
"""How many times larger than packed a member may be, beyond its first megabyte. Answers reach about 20."""
_SMALL = 1 << 20
_STREAMED = (".csv", ".tsv", ".jsonl", ".ndjson", ".zip")


@dataclass(slots=True)
class Budget:
    """What may still be unpacked of a zip, the zips in it included."""

    left: int = MOST_UNPACKED

    def read(self, member: IO[bytes], size: int = _SMALL) -> bytes:
        """The next bytes of a member, which are counted."""
        piece = member.read(size)
        self.left -= len(piece)
        return piece


def members(document: Document, stream: IO[bytes], budget: Budget) -> Iterator[Document | Unusable]:
    """The members of a zip in the order of their names; each is to be read before the next is asked for.

    A list of who handed in what holds for what lies beneath, unless a list outside of the zip has it already.

    Raises:
        InputError: this is no zip, or has too many members.
    """
    try:
        size = stream.seek(0, io.SEEK_END)
        archive = ZipFile(stream)
        found = sorted((info for info in archive.infolist() if not info.is_dir()), key=lambda info: info.filename)
    except BROKEN:
        raise InputError("this zip is broken; download it again") from None
    if not found:
        raise InputError("this zip is empty")
    if len(found) > MOST_MEMBERS:
        raise InputError(f"this zip has {len(found)} members, more than {MOST_MEMBERS}")
    seen: set[str] = set()
    listed: dict[PurePath, tuple[Hint, ...]] = {}
    found.sort(key=lambda info: PurePosixPath(info.filename).name != LIST)
    with archive, tempfile.TemporaryDirectory(prefix="cnnex-") as place:
        for info in found:
            path = PurePosixPath(info.filename)
            is_list = path.name == LIST and not document.handed
            if passed_over(path) and not is_list:
                continue
            name = f"{document.source}:{info.filename}"
            try:
                _check(info, path, seen)
                content = _unpacked(archive, info, size, budget, Path(place, "member"))
                if is_list:
                    with content() as stream:
                        listed.update(submitters(stream, path.parent))
                    continue
            except InputError as error:
                yield Unusable(source=name, digest="", reason=str(error))
                continue
            yield Document(name, path, content, document.parts, document.handed or who(path, listed))


def names(stream: IO[bytes]) -> set[str]:
    """The names in a zip.

    Raises:
        InputError: this is no zip.
    """
    try:
        with ZipFile(stream) as archive:
            return set(archive.namelist())
    except BROKEN:
        raise InputError("this zip is broken; download it again") from None


def _check(info: ZipInfo, path: PurePosixPath, seen: set[str]) -> None:
    """Refuse a member whose name or kind plays a trick."""
    name = info.filename
    if path.is_absolute() or ".." in path.parts or "\\" in name or name[1:2] == ":":
        raise InputError("the name of this member leads out of the zip")
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        raise InputError("this member is a link or a device, not a file")
    if name in seen:
        raise InputError("the zip has another member of this name, which was taken")
    seen.add(name)
    if info.flag_bits & 1:
        raise InputError("this member is encrypted; unpack it with its password first")


def _unpacked(archive: ZipFile, info: ZipInfo, size: int, budget: Budget, place: Path) -> Callable[[], IO[bytes]]:
    """What opens a member's bytes: they are in memory where they are few, else at `place`."""
    most = min(_SMALL + MOST_RATIO * min(info.compress_size, size), max(budget.left, 0))
    if not info.filename.lower().endswith(_STREAMED):
        most = min(most, MOST)
    try:
        with archive.open(info) as member:
            content = budget.read(member, min(_SMALL, most + 1))
            count = len(content)
            if count == _SMALL:
                with place.open("wb") as file:
                    piece = content
                    while piece and count <= most:
                        file.write(piece)
                        piece = budget.read(member)
                        count += len(piece)
    except BROKEN as error:
        raise InputError(f"this member is broken ({error}); ask for it again") from None
    if count > most:
        raise InputError(f"this member unpacks to more than {most >> 20} MB, which is too much for what it is")
    return (lambda: place.open("rb")) if count >= _SMALL else (lambda: io.BytesIO(content))


def check_size(stream: IO[bytes], most: int) -> int:
    """Unpack a zip of XML to nowhere, and count its tags.

    Raises:
        InputError: this is no zip, or its members have more bytes than that.
    """
    budget, tags = Budget(most), 0
    try:
        with ZipFile(stream) as archive:
            for info in archive.infolist():
                with archive.open(info) as member:
                    while budget.left >= 0 and (piece := budget.read(member)):
                        tags += piece.count(b"<")
    except BROKEN as error:
        raise InputError(f"this file is broken ({error}); ask for it again") from None
    if budget.left < 0:
        raise InputError(f"this file unpacks to more than {most >> 20} MB, which is too much")
    return tags
