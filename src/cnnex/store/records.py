"""Keys, submissions and reports as bytes and back, and the JSON Schemas of all formats."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

import msgspec
from msgspec import UNSET, UnsetType, structs

from cnnex.errors import InputError
from cnnex.jsontext import has_long_number, parse_json
from cnnex.model.marks import Summary
from cnnex.model.opts import NO_OPTS
from cnnex.model.problem import Part
from cnnex.model.problem_set import Item, ProblemSet
from cnnex.model.records import (
    Bank,
    Follows,
    Key,
    KeyItem,
    KeyPart,
    PredictedMistake,
    Report,
    SetFile,
    Submission,
    TopicEntry,
)
from cnnex.model.statistics import Statistics
from cnnex.model.stress import StressReport
from cnnex.model.value import to_json

T = TypeVar("T")

FORMATS: dict[str, Any] = {
    "answers": Submission,
    "key": Key,
    "set": SetFile,
    "report": Report,
    "topics": tuple[TopicEntry, ...],
    "bank": Bank,
    "stress": StressReport,
    "statistics": Statistics,
    "summary": Summary,
}


def schema_of(name: str) -> dict[str, Any]:
    """The JSON Schema of a format out of `FORMATS`.

    >>> schema_of("answers")["title"]
    'cnnex answers'
    """
    (found,), definitions = msgspec.json.schema_components([FORMATS[name]], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"cnnex {name}",
        **found,
        "$defs": definitions,
    }


def encode(record: Any) -> bytes:
    """A record as indented JSON with a line break at its end; the same record gives the same bytes.

    Short lists stay on one line, so that a matrix reads as a matrix, and so does what is JSON already.
    """
    text = _indented(msgspec.to_builtins(record, builtin_types=(msgspec.Raw,)), "") + "\n"
    return text.encode("utf-8", "backslashreplace")  # half a surrogate pair becomes JSON's own \\udxxx


def _indented(value: Any, indent: str) -> str:
    if isinstance(value, msgspec.Raw):
        return bytes(value).decode()
    inner = indent + "  "
    if value and isinstance(value, dict):
        rows = [f"{json.dumps(name, ensure_ascii=False)}: {_indented(each, inner)}" for name, each in value.items()]
        body, ends = rows, "{}"
    else:
        line = json.dumps(value, ensure_ascii=False)
        if len(indent) + len(line) <= 100 or not isinstance(value, list):
            return line
        body, ends = [_indented(each, inner) for each in value], "[]"
    return f"{ends[0]}\n" + ",\n".join(inner + row for row in body) + f"\n{indent}{ends[1]}"


def read_json(path: Path) -> Any:
    """The JSON value of a file.

    Raises:
        InputError: the file can't be read, is no JSON (with line and column), or gives a name twice.
    """
    return _strictly(read_bytes(path), str(path))


def read_bytes(path: Path) -> bytes:
    """The content of a file.

    Raises:
        InputError: it can't be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None


def _strictly(content: bytes, where: str) -> Any:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: byte {error.start + 1} is not UTF-8; save the file as UTF-8 text") from None
    try:
        return parse_json(text, _once_each)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InputError(f"{where}: {place}: this is not JSON: {error.msg[0].lower()}{error.msg[1:]}") from None
    except RecursionError:
        raise InputError(f"{where}: the lists in this file are nested too deeply") from None
    except ValueError as error:
        raise InputError(f"{where}: {error}") from None


def read_record(content: bytes, kind: type[T], where: str) -> T:
    """A record from the bytes of a JSON file.

    What is in order is read in a tenth of a millisecond; whatever isn't goes through the slow reader, which knows what
    to say. The fast one would take the last of two values under one name. It counts quotation marks to see that: those
    of a name that was dropped are missing when the value is written again.

    Raises:
        InputError: it is no JSON, gives a name twice, or is no such record; the message says where.
    """
    with suppress(msgspec.MsgspecError, ValueError, RecursionError):
        value = msgspec.json.decode(content)
        once = b"\\u0022" not in content and content.count(b'"') == msgspec.json.encode(value).count(b'"')
        if once and not has_long_number(content):
            return msgspec.convert(value, kind, strict=True)
    return decode(_strictly(content, where), kind, where)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for name, value in pairs:
        if name in names:
            raise ValueError(f"{name!r} is given twice; each name may stand once")
        names[name] = value
    return names


def decode(value: Any, kind: type[T], where: str) -> T:
    """A JSON value as a record.

    Raises:
        InputError: a field is missing or of another type; the message has its path.
    """
    try:
        return msgspec.convert(value, kind, strict=True)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        place = path.rstrip("`").lstrip(".") or "the top level"
        if place == "schema" and isinstance(value, dict):
            expected = get_args(get_type_hints(kind)["schema"])[0]
            problem = f"expected {expected!r}, got {value['schema']!r}"
        raise InputError(f"{where}: {place}: {problem[0].lower()}{problem[1:]}") from None
    except UnicodeEncodeError:
        raise InputError(f"{where}: half a surrogate pair stands where plain text is expected") from None
    except RecursionError:
        raise InputError(f"{where}: the lists in this file are nested too deeply") from None


def load_key(path: Path) -> Key:
    """The key in a file.

    Raises:
        InputError: the file is no key; the message says where and what was expected.
    """
    return key_from(read_bytes(path), str(path))


_SHEET = re.compile(rb',\n  "sheet": (\{.*\})\n\}\s*\Z')
"""The last line of a key as `encode` writes it."""
_KEY = msgspec.json.Decoder(Key)


def key_from(content: bytes, where: str) -> Key:
    """The key in the bytes of a file, which `where` names. Its sheet stays as it is until somebody prints it.

    Raises:
        InputError: it is no key; the message says where and what was expected.
    """
    content, sheet = _split(content)
    key = read_record(content, Key, where)
    if sheet is not UNSET:
        key = structs.replace(key, sheet=sheet)
    seen: set[str] = set()
    for item in key.items:
        for part in item.parts:
            if part.id in seen:
                raise InputError(f"{where}: the part {part.id!r} stands twice; each part id may stand once")
            seen.add(part.id)
    return key


def key_again(content: bytes) -> Key:
    """The key in bytes that `key_from` has taken before; nothing is checked a second time."""
    content, sheet = _split(content)
    key = _KEY.decode(content)
    return key if sheet is UNSET else structs.replace(key, sheet=sheet)


def _split(content: bytes) -> tuple[bytes, msgspec.Raw | UnsetType]:
    """A key's bytes without its sheet, and the sheet, where it stands as `encode` writes it."""
    sheet = _SHEET.search(content)
    if sheet is None or b'"sheet"' in content[: sheet.start()]:
        return content, UNSET
    return content[: sheet.start()] + b"\n}", msgspec.Raw(sheet[1])


def load_submission(path: Path) -> Submission:
    """The answers in a file.

    Raises:
        InputError: the file holds no answers; the message says where and what was expected.
    """
    return read_record(read_bytes(path), Submission, str(path))


def key_of(problems: ProblemSet, version: str) -> Key:
    """The key of a problem set."""
    from cnnex.store.sheets import sheet_json  # it knows all drawings, and reading keys needs none

    return Key(
        schema="cnnex.key/1",
        set=problems.id,
        version=version,
        seed=problems.seed,
        title=problems.title,
        items=tuple(_key_item(item) for item in problems.items),
        sheet=sheet_json(problems.sheet(solutions=True)),
    )


def blank_submission(problems: ProblemSet) -> Submission:
    """The answers file that students fill in: all part ids with empty text, and nothing else."""
    ids = [item.part_id(part) for item in problems.items for part in item.problem.parts]
    return Submission(
        schema="cnnex.answers/1", set=problems.id, student=problems.student, answers=dict.fromkeys(ids, "")
    )


def _key_item(item: Item) -> KeyItem:
    problem = item.problem
    return KeyItem(
        number=item.number,
        topic=item.topic,
        family=item.family,
        level=item.level,
        given=dict(problem.given),
        conventions=conventions_of(item),
        parts=tuple(key_part(item, part) for part in problem.parts),
    )


def conventions_of(item: Item) -> dict[str, str]:
    """The conventions of a problem, the rule by its aspect."""
    return {convention.aspect: convention.rule for convention in item.problem.conventions}


def key_part(item: Item, part: Part) -> KeyPart:
    """A part with its right answer and the wrong ones that were predicted."""
    return KeyPart(
        **asked(item, part),
        value=to_json(item.problem.key(part)),
        mistakes=tuple(
            PredictedMistake(mistake.id, to_json(mistake.values[part.answered_by]), mistake.hint, mistake.explanation)
            for mistake in item.problem.mistakes
            if part.answered_by in mistake.values
        ),
        follows=_follows(item, part),
        credit=dict(item.credit[part.name]) if part.name in item.credit else UNSET,
    )


def _follows(item: Item, part: Part) -> Follows | UnsetType:
    """How the key follows from earlier answers, where all of them are asked for before this one."""
    if part.follows is None:
        return UNSET
    parts = item.problem.parts
    earlier = {each.name: item.part_id(each) for each in parts[: parts.index(part)]}
    if not all(name in earlier for name, _ in part.follows.uses.values()):
        return UNSET
    uses: dict[str, tuple[str | int, ...]] = {
        symbol: (earlier[name], *place) for symbol, (name, place) in part.follows.uses.items()
    }
    return Follows(to_json(part.follows.value), uses)


def asked(item: Item, part: Part) -> dict[str, Any]:
    """The fields of `AskedPart`."""
    fields: dict[str, Any] = {
        "id": item.part_id(part),
        "asks": part.asks,
        "kind": part.kind,
        "points": item.points[part.name],
        "symbols": part.symbols,
        "domain": part.domain,
        "ref": item.refs.get(part.name),
        "name": part.name,
    }
    earlier = tuple(item.part_id(each) for each in item.problem.parts if each.name in part.needs)
    if earlier:
        fields["builds_on"] = earlier
    if part.opts != NO_OPTS:
        fields["opts"] = part.opts
    if part.index is not None:
        fields["index"] = part.index
    if part.layer is not None:
        fields["layer"] = part.layer
    if part.choices:
        fields["choices"] = dict(part.choices)
    if part.given:
        fields["given"] = dict(part.given)
    return fields
