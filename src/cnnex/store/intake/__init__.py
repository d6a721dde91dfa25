"""What a class hands in: files, folders and zips of any of the formats, as attempts one after another.

Each kind of file has a module. What can't be read costs only itself and says why.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import IO

from cnnex.errors import InputError
from cnnex.model.marks import Unusable
from cnnex.store.encodings import decoded
from cnnex.store.intake.answers import read_answers, read_lines
from cnnex.store.intake.archives import Budget, members, names
from cnnex.store.intake.document import Document, Found, Order, digest_of_stream
from cnnex.store.intake.gradescope import Listed, submitters, who
from cnnex.store.intake.lms import LIST, Hint, passed_over
from cnnex.store.intake.markdown import read_markdown, read_notebook
from cnnex.store.intake.spreadsheets import read_sheet
from cnnex.store.intake.tables import read_table
from cnnex.store.keys import class_folder

Reader = Callable[[Document, IO[bytes]], Iterator[Found]]

READERS: dict[str, Reader] = {
    ".json": read_answers,
    ".jsonl": read_lines,
    ".ndjson": read_lines,
    ".csv": read_table,
    ".tsv": read_table,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_markdown,
    ".ipynb": read_notebook,
}
"""What reads a file that is no zip, by its suffix. Spreadsheets are zips and known by what is in them."""

_ZIP = b"PK"
_DEEPEST = 1
_MAGIC = {
    b"%PDF": "this is a PDF",
    b"\xd0\xcf\x11\xe0": "this is a spreadsheet or document of old Office; save a spreadsheet as CSV",
    b"\x1f\x8b": "this is a gzip file; unpack it first",
    b"7z\xbc\xaf": "this is a 7z archive; make it a zip",
    b"Rar!": "this is a RAR archive; make it a zip",
    b"\x89PNG": "this is an image",
    b"\xff\xd8\xff": "this is an image",
}
_EXPECTED = "expected answers.json, JSON lines, CSV, xlsx, Markdown, a notebook, or a zip of them"


def read_attempts(paths: Sequence[Path], parts: Order = tuple) -> Iterator[Found]:
    """All that was handed in, in the order of the paths and in folders and zips of the names.

    Folders are walked without hidden files; of a class folder, or its `students`, the `answers.json` are read. Zips may
    hold zips, once. Nothing is kept in memory but the file at hand, and of tables and JSON lines only the row.

    Args:
        paths: files, folders and zips.
        parts: gives the parts of the sets in their order; None where sets differ. Only a table that
            numbers its responses asks for them.

    Raises:
        InputError: there is nothing at one of the paths; that is found before any is read.
    """
    for path in paths:
        if not path.exists():
            raise InputError(f"{path}: there is no such file or folder")
    return (found for path in paths for document in _walk(path, parts) for found in _read(document, Budget(), 0))


def _walk(path: Path, parts: Order) -> Iterator[Document | Unusable]:
    for found in _documents(path):
        yield replace(found, parts=parts) if isinstance(found, Document) else found


def _documents(path: Path) -> Iterator[Document | Unusable]:
    if not path.is_dir():
        yield _on_disk(path)
        return
    inside = path.resolve().name == "students"
    if class_folder(path.resolve().parent if inside else path):
        students = path if inside else path / "students"
        yield from (_on_disk(each) for each in sorted(students.glob("*/answers.json")))
    else:
        yield from _folder(path, {})


def _folder(folder: Path, listed: Listed) -> Iterator[Document | Unusable]:
    """The files of a folder and of those in it, by name; links aren't followed, so no way leads round."""
    try:
        inside = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        yield Unusable(source=str(folder), digest="", reason=f"this folder can't be read: {error.strerror or error}")
        return
    if folder / LIST in inside and not who(folder, listed):
        try:
            with (folder / LIST).open("rb") as stream:
                listed = {**listed, **submitters(stream, folder)}
        except (InputError, OSError) as error:
            yield Unusable(source=str(folder / LIST), digest="", reason=getattr(error, "strerror", "") or str(error))
    for path in inside:
        if passed_over(Path(path.name)):
            continue
        if path.is_symlink():
            yield Unusable(source=str(path), digest="", reason="this is a link; name the file it leads to")
        elif path.is_dir():
            yield from _folder(path, listed)
        else:
            yield _on_disk(path, who(path, listed))


def _on_disk(path: Path, handed: tuple[Hint, ...] = ()) -> Document | Unusable:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return Unusable(source=str(path), digest="", reason=f"this is no file; {_EXPECTED}")
    except OSError as error:
        return Unusable(source=str(path), digest="", reason=error.strerror or str(error))
    return Document(str(path), path, lambda: path.open("rb"), handed=handed)


def _read(document: Document | Unusable, budget: Budget, depth: int) -> Iterator[Found]:
    """What a document holds; that it can't be read is one more thing that came in."""
    if isinstance(document, Unusable):
        yield document
        return
    try:
        try:
            nothing = True
            with document.open() as stream:
                for found in _contents(document, stream, budget, depth):
                    nothing = False
                    yield found
            if nothing:
                raise InputError("no submission is in this file")
        except InputError as error:
            with document.open() as stream:
                mark = digest_of_stream(stream)
            yield Unusable(source=document.source, digest=mark, reason=str(error))
    except OSError as error:
        yield Unusable(source=document.source, digest="", reason=error.strerror or str(error))


def _contents(document: Document, stream: IO[bytes], budget: Budget, depth: int) -> Iterator[Found]:
    start = stream.read(4096)
    stream.seek(0)
    if start.startswith(_ZIP):
        inside = names(stream)
        if "xl/workbook.xml" in inside:
            yield from read_sheet(document, stream)
        elif "word/document.xml" in inside:
            raise InputError(f"this is a Word document; {_EXPECTED}")
        elif depth > _DEEPEST:
            raise InputError("this is a zip in a zip in a zip; unpack it first")
        else:
            for member in members(document, stream, budget):
                yield from _read(member, budget, depth + 1)
        return
    yield from _reader(document.path, start)(document, stream)


def _reader(path: PurePath, start: bytes) -> Reader:
    """What reads a file that is no zip, by its suffix; text without one of ours may be an `answers.json` all the same.

    Raises:
        InputError: nothing does.
    """
    if not start.strip():
        raise InputError("this file is empty")
    for magic, sentence in _MAGIC.items():
        if start.startswith(magic):
            raise InputError(f"{sentence}; {_EXPECTED}")
    suffix = path.suffix.lower()
    if suffix in ("", ".txt") and decoded(start).lstrip().startswith("{"):
        return read_answers
    if suffix not in READERS:
        raise InputError(f"this is no submission; {_EXPECTED}")
    return READERS[suffix]
