"""One PDF of many, for the printer: each sheet begins on a right-hand page."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, NullObject, NumberObject, PdfObject

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_LEFT_OUT = ("/Parent", "/StructParents", "/Tabs")


def combine(sheets: Iterable[Path], file: BinaryIO) -> None:
    """Write the pages of all sheets one after another, with an empty page after an odd number of pages.

    The tags for screen readers stay with the single sheets; paper has no use for them. One sheet is in memory at a
    time: its objects are written as they are met, and only their places in the file are kept.
    """
    pile = _Pile(file)
    catalog, root = pile.new(), pile.new()
    nodes, total = [], 0
    for path in sheets:
        node, count = _add(pile, path, root)
        nodes.append(node)
        total += count
    pile.write(root, _dictionary(Type=NameObject("/Pages"), Kids=ArrayObject(nodes), Count=NumberObject(total)))
    pile.write(catalog, _dictionary(Type=NameObject("/Catalog"), Pages=root))
    pile.finish(catalog)


class _Pile:
    """The objects of a PDF (ISO 32000-1, 7.5), each written as soon as it is known."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._places = array("Q")
        file.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def new(self) -> IndirectObject:
        """A reference to an object that is still to be written."""
        self._places.append(0)
        return IndirectObject(len(self._places), 0, None)

    def write(self, reference: IndirectObject, value: PdfObject | bytes) -> None:
        self._places[reference.idnum - 1] = self._file.tell()
        self._file.write(b"%d 0 obj\n" % reference.idnum)
        if isinstance(value, bytes):
            self._file.write(value)
        else:
            value.write_to_stream(self._file)
        self._file.write(b"\nendobj\n")

    def finish(self, catalog: IndirectObject) -> None:
        """Write where all the objects are."""
        start, size = self._file.tell(), len(self._places) + 1
        self._file.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        for place in self._places:
            self._file.write(b"%010d 00000 n \n" % place)
        self._file.write(b"trailer\n")
        _dictionary(Size=NumberObject(size), Root=catalog).write_to_stream(self._file)
        self._file.write(b"\nstartxref\n%d\n%%%%EOF\n" % start)


def _dictionary(**entries: PdfObject) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in entries.items()})


def _add(pile: _Pile, path: Path, root: IndirectObject) -> tuple[IndirectObject, int]:
    """Write the pages of a sheet and all they need; the reference to them and how many they are."""
    sheet = PdfReader(path, strict=True)
    node, typed = pile.new(), _typed(sheet, path.read_bytes())
    known: dict[int, IndirectObject] = {}
    waiting: list[int] = []

    def place(number: int) -> IndirectObject:
        """Where an object of the sheet stands in the pile."""
        if number not in known:
            known[number] = pile.new()
            waiting.append(number)
        return known[number]

    def moved(value: PdfObject) -> PdfObject:
        """The value with references to the new places of what it refers to."""
        if isinstance(value, IndirectObject):
            return place(value.idnum)
        if isinstance(value, DictionaryObject):
            for key, each in value.items():
                dict.__setitem__(value, key, moved(each))
        elif isinstance(value, ArrayObject):
            value[:] = map(moved, value)
        return value

    def moved_as_typed(content: bytes) -> bytes:
        head, stream, data = content.partition(b"stream")
        return _REFERENCE.sub(lambda found: b"%d 0 R" % place(int(found[1])).idnum, head) + stream + data

    pages = list(sheet.pages)
    for page in pages:
        assert page.indirect_reference is not None  # noqa: S101 (it came from a file)
        known[page.indirect_reference.idnum] = pile.new()
    kids = ArrayObject(known.values())
    for kid, page in zip(list(kids), pages, strict=True):
        for key in _LEFT_OUT:
            page.pop(key, None)
        moved(page)
        dict.__setitem__(page, NameObject("/Parent"), node)
        pile.write(kid, page)
    while waiting:
        number = waiting.pop()
        if content := typed(number):
            pile.write(known[number], moved_as_typed(content))
        else:
            value = sheet.get_object(number)
            pile.write(known[number], NullObject() if value is None else moved(value))
    if len(pages) % 2:
        empty = pile.new()
        pile.write(empty, _dictionary(Type=NameObject("/Page"), Parent=node, MediaBox=ArrayObject(pages[-1].mediabox),
                                      Resources=DictionaryObject()))  # fmt: skip
        kids.append(empty)
    count = NumberObject(len(kids))
    pile.write(node, _dictionary(Type=NameObject("/Pages"), Parent=root, Kids=kids, Count=count))
    return node, len(kids)


def _typed(sheet: PdfReader, content: bytes) -> Callable[[int], bytes]:
    """What stands in the file for an object, by its number; nothing for one that is packed with others.

    Most of what a page needs are fonts: reading their tables of numbers would take most of the time.
    """
    begins = {number: begin for number, begin in sheet.xref.get(0, {}).items() if number not in sheet.xref_objStm}
    ends = dict(pairwise([*sorted(begins.values()), len(content)]))

    def typed(number: int) -> bytes:
        begin = begins.get(number)
        if begin is None:
            return b""
        return content[begin : ends[begin]].partition(b"obj")[2].rpartition(b"endobj")[0].strip(b"\n")

    return typed
