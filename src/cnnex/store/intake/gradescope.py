"""Gradescope's list of who handed in what, `submission_metadata.yml` in a download of submissions.

It is read event by event, so that neither tags nor aliases of YAML do anything, and only a few texts are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import IO

from cnnex.errors import InputError
from cnnex.store.encodings import decoded
from cnnex.store.intake.document import MOST
from cnnex.store.intake.lms import Hint
from cnnex.store.intake.times import read_time

Listed = Mapping[PurePath, tuple[Hint, ...]]
"""Who handed in the file or the folder at a path; several students, where they did so together."""

_DEEPEST = 30
_NAMED = re.compile(r"submission_\d+")


def submitters(stream: IO[bytes], folder: PurePath) -> Listed:
    r"""What a list says of the files and folders beside it.

    Raises:
        InputError: it is too long, too deep or no YAML.

    >>> from io import BytesIO
    >>> text = b"submission_7:\n  :submitters:\n  - :name: Ada Lovelace\n    :sid: '0042'\n"
    >>> submitters(BytesIO(text + b"  :created_at: 2026-11-20 10:11:12 Z\n"), PurePath())[PurePath("submission_7")]
    (Hint(student='0042', name='Ada Lovelace', at='2026-11-20T10:11:12+00:00'),)
    """
    content = stream.read(MOST + 1)
    if len(content) > MOST:
        raise InputError(f"this list of submissions has more than {MOST >> 20} MB, which is too much")
    times: dict[str, str] = {}
    people: dict[str, dict[int, dict[str, str]]] = {}
    for path, value in _leaves(decoded(content)):
        match path[1:] if path[0] == "submissions" else path:
            case (str(name), "created_at"):
                times[name], _ = read_time(value)
            case (str(name), "submitters", int(place), "sid" | "email" | "name" as field):
                people.setdefault(name, {}).setdefault(place, {})[str(field)] = value.strip()
    return {
        folder / name: tuple(
            Hint(sid or email, email if sid and email else each.get("name", ""), times.get(name, ""))
            for each in listed.values()
            for sid, email in [(_said(each, "sid"), _said(each, "email"))]
        )
        for name, listed in people.items()
    }


def who(path: PurePath, listed: Listed) -> tuple[Hint, ...]:
    """Who handed in a file: what lists say of it, or of a folder in which it lies, the outermost first.

    So a list that a student put among the own files says nothing.
    """
    for place in (*reversed(path.parents), path):
        name = _NAMED.match(place.name)
        if found := listed.get(place) or (name and listed.get(place.with_name(name[0]))):
            return found
    return ()


def _said(person: Mapping[str, str], field: str) -> str:
    """A field of a person; nothing where YAML has nothing."""
    text = person.get(field, "")
    return "" if text.casefold() in ("~", "null") else text


def _leaves(text: str) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The texts of a YAML file, each with the names and places that lead to it, without Ruby's colons."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    path: list[str | int | None] = []  # None where a name is due
    try:
        for event in yaml.parse(text, loader):
            match event:
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    if len(path) == _DEEPEST:
                        raise InputError("this list of submissions is nested too deeply")
                    path.append(None if isinstance(event, yaml.MappingStartEvent) else 0)
                    continue
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    path.pop()
                case yaml.ScalarEvent() if path and path[-1] is None:
                    path[-1] = str(event.value).removeprefix(":")
                    continue
                case yaml.ScalarEvent() if path:
                    yield tuple(each for each in path if each is not None), event.value
                case yaml.AliasEvent():
                    pass
                case _:
                    continue
            if path:
                path[-1] = path[-1] + 1 if isinstance(path[-1], int) else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" at line {mark.line + 1}" if mark else ""
        raise InputError(f"this list of submissions can't be read{place}; expected YAML") from None
