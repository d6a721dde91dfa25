"""The keys of a class: found by set ID, read when they are needed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import msgspec

from cnnex.errors import InputError
from cnnex.model.records import Key, PartId
from cnnex.model.student import Student
from cnnex.store.records import key_from, read_bytes
from cnnex.store.roster import load_roster


class _Head(msgspec.Struct):
    schema: str = ""
    set: str = ""


class _Class(msgspec.Struct):
    students: dict[str, str]
    schema: str = ""


class _PartId(msgspec.Struct):
    id: PartId


class _Item(msgspec.Struct):
    parts: tuple[_PartId, ...]


class _Items(msgspec.Struct):
    items: tuple[_Item, ...]


_ITEMS = msgspec.json.Decoder(_Items)
_HEAD, _CLASS = msgspec.json.Decoder(_Head), msgspec.json.Decoder(_Class)


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A key's file: its set ID as printed, its place, and a hash of its bytes."""

    set: str
    path: Path
    digest: str

    def load(self) -> Key:
        """The key; it is decoded anew at each call.

        Raises:
            InputError: the file is no key, or has changed since it was found.
        """
        return key_from(self.read(), str(self.path))

    def read(self) -> bytes:
        """The bytes of the file.

        Raises:
            InputError: they have changed since the file was found.
        """
        content = read_bytes(self.path)
        if digest_of(content) != self.digest:
            raise InputError(f"{self.path}: this key changed while it was in use", hint="run the command again")
        return content


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of a class, and whose they are where they came from a class folder.

    Attributes:
        entries: all keys by their set ID, as `folded`.
        owned: the set ID as printed, by the student's id.
        students: of the class folder's manifest, in its order.
    """

    entries: Mapping[str, KeyEntry]
    owned: Mapping[str, str]
    students: tuple[Student, ...]
    _owners: Mapping[str, tuple[str, ...]]

    def by_set(self, set_id: str) -> KeyEntry | None:
        """The key of a set ID, with or without its hyphen and in any case."""
        return self.entries.get(folded(set_id))

    def owner(self, set_id: str) -> str | None:
        """The student whose set it is; none where nobody is known or several share it."""
        owners = self._owners.get(folded(set_id), ())
        return owners[0] if len(owners) == 1 else None

    def of_student(self, student: str) -> str | None:
        """The set ID of a student by the id of the class folder."""
        return self.owned.get(student)


def folded(set_id: str) -> str:
    """A set ID as it is compared.

    >>> folded(" 7raw bh5b ")
    '7RAWBH5B'
    """
    return re.sub(r"[\W_]+", "", set_id).upper()


def digest_of(content: bytes) -> str:
    """The hash by which equal files are known, 32 letters."""
    return blake2b(content, digest_size=16).hexdigest()


def load_keys(paths: Sequence[Path]) -> KeyRing:
    """The keys in files, in folders of key files, and in class folders.

    In a folder, JSON files that say that they are something else are passed over.

    Raises:
        InputError: there is no key, a file can't be read, or two different keys have one set ID.
    """
    entries: dict[str, KeyEntry] = {}
    owned: dict[str, str] = {}
    students: dict[str, Student] = {}
    for path in paths:
        found = {file.name: entry for file, entry in _entries(path)}
        if not found:
            raise InputError(f"{path}: there are no keys in this folder")
        for entry in found.values():
            before = entries.setdefault(folded(entry.set), entry)
            if before.digest != entry.digest:
                raise InputError(f"{before.path} and {entry.path} are different keys of the set {entry.set}")
        home = class_folder(path)
        if home is not None:
            keys = {student: found.get(f"{Student(student).folder}.json") for student in _class_of(home)}
            owned |= {student: entry.set for student, entry in keys.items() if entry is not None}
            if (home / "manifest.csv").is_file():
                students |= {each.id: each for each in load_roster(home / "manifest.csv").students}
    return KeyRing(entries, owned, tuple(students.values()), _turned(owned))


def common_parts(keys: Iterable[bytes]) -> tuple[PartId, ...] | None:
    """The parts of the sets of some keys, in their order; None where they differ.

    Args:
        keys: the contents of their files, which were read as keys before.
    """
    orders = {tuple(part.id for item in _ITEMS.decode(key).items for part in item.parts) for key in keys} or {()}
    return orders.pop() if len(orders) == 1 else None


def _turned(owned: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    owners: dict[str, list[str]] = {}
    for student, set_id in owned.items():
        owners.setdefault(folded(set_id), []).append(student)
    return {set_id: tuple(each) for set_id, each in owners.items()}


def class_folder(path: Path) -> Path | None:
    """The class folder that a path is, or whose `keys` it is."""
    here = path.resolve()
    home = here.parent if here.name == "keys" else here
    return home if _class_of(home) else None


def _class_of(home: Path) -> Iterable[str]:
    """The ids of the students of a class folder, none where it is no such folder."""
    try:
        record = _CLASS.decode((home / "class.json").read_bytes())
    except (OSError, msgspec.MsgspecError):
        return ()
    return record.students if record.schema == "cnnex.class/1" else ()


def _entries(path: Path) -> Iterator[tuple[Path, KeyEntry]]:
    if not path.is_dir():
        yield path, _entry(path, read_bytes(path))
        return
    folder = path / "keys" if _class_of(path) else path
    for file in sorted(folder.glob("*.json")):
        content = read_bytes(file)
        try:
            other = _HEAD.decode(content).schema not in ("", "cnnex.key/1")
        except msgspec.MsgspecError:
            other = False  # loading it says what is wrong
        if not other:
            yield file, _entry(file, content)


def _entry(path: Path, content: bytes) -> KeyEntry:
    try:
        head = _HEAD.decode(content)
    except msgspec.MsgspecError:
        head = _Head()
    if head.schema != "cnnex.key/1" or not folded(head.set):
        head = _Head(set=key_from(content, str(path)).set)
    return KeyEntry(head.set, path, digest_of(content))
