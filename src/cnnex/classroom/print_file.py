"""One PDF of many, for the printer: each sheet begins on a right-hand page."""

from __future__ import annotations

import gc
import re
from array import array
from collections.abc import Iterable
from io import BytesIO
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
        content = path.read_bytes()
        node, count = _Sheet(pile, PdfReader(BytesIO(content), strict=True), content).add(root)
        gc.collect(0)  # a reader and what it has read refer to each other
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


class _Sheet:
    """A sheet on its way into the pile.

    Most of what its pages need are fonts, whose tables of numbers take most of the time to read. So what stands by
    itself in the file is taken over as it is typed, with the numbers of what it refers to changed.
    """

    def __init__(self, pile: _Pile, reader: PdfReader, content: bytes) -> None:
        self._pile, self._reader, self._content = pile, reader, content
        packed = reader.xref_objStm
        self._begins = {number: at for number, at in reader.xref.get(0, {}).items() if number not in packed}
        self._ends = dict(pairwise([*sorted(self._begins.values()), len(content)]))
        self._known: dict[int, IndirectObject] = {}
        self._waiting: list[int] = []

    def add(self, root: IndirectObject) -> tuple[IndirectObject, int]:
        """Write the pages and all they need; the reference to them and how many they are."""
        pile, node, pages = self._pile, self._pile.new(), list(self._reader.pages)
        for page in pages:
            assert page.indirect_reference is not None  # noqa: S101 (it came from a file)
            self._known[page.indirect_reference.idnum] = pile.new()
        kids = ArrayObject(self._known.values())
        for kid, page in zip(list(kids), pages, strict=True):
            for key in _LEFT_OUT:
                page.pop(key, None)
            self._moved(page)
            dict.__setitem__(page, NameObject("/Parent"), node)
            pile.write(kid, page)
        while self._waiting:
            number = self._waiting.pop()
            pile.write(self._known[number], self._typed(number) or self._moved(self._reader.get_object(number)))
        if len(pages) % 2:
            empty = pile.new()
            pile.write(empty, _dictionary(Type=NameObject("/Page"), Parent=node, Resources=DictionaryObject(),
                                          MediaBox=ArrayObject(pages[-1].mediabox)))  # fmt: skip
            kids.append(empty)
        count = NumberObject(len(kids))
        pile.write(node, _dictionary(Type=NameObject("/Pages"), Parent=root, Kids=kids, Count=count))
        return node, len(kids)

    def _place(self, number: int) -> IndirectObject:
        """Where an object of the sheet stands in the pile."""
        if number not in self._known:
            self._known[number] = self._pile.new()
            self._waiting.append(number)
        return self._known[number]

    def _typed(self, number: int) -> bytes:
        """An object as it is typed, in its new place; nothing for one that is packed with others."""
        begin = self._begins.get(number)
        if begin is None:
            return b""
        content = self._content[begin : self._ends[begin]].partition(b"obj")[2].rpartition(b"endobj")[0]
        head, stream, data = content.partition(b"stream")
        moved = _REFERENCE.sub(lambda found: b"%d 0 R" % self._place(int(found[1])).idnum, head)
        return (moved + stream + data).strip(b"\n")

    def _moved(self, value: PdfObject | None) -> PdfObject:
        """The value with references to the new places of what it refers to."""
        if value is None:
            return NullObject()
        if isinstance(value, IndirectObject):
            return self._place(value.idnum)
        if isinstance(value, DictionaryObject):
            for key, each in value.items():
                dict.__setitem__(value, key, self._moved(each))
        elif isinstance(value, ArrayObject):
            value[:] = map(self._moved, value)
        return value
