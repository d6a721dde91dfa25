"""`cnnex.toml`: what the sheets of a folder have in common, and defaults of options."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import msgspec
from msgspec import Meta, Struct

from cnnex.cli.target import ENGINES, FORMATS
from cnnex.errors import InputError, nearest
from cnnex.model.course import NO_COURSE, Course
from cnnex.model.value import Kind

NAME = "cnnex.toml"
_WORDS = {
    "difficulty": ("easy", "medium", "hard"),
    "formats": tuple(name for name in FORMATS if name != "json"),
    "engine": ENGINES,
    "decimal_sign": (".", ","),
}
"""The values that a name may have."""

_MEANINGS = {
    " | null": "", "`object`": "a table", "`array`": "a list", "`str`": "text", "`int`": "an integer",
    "`float`": "a decimal", "`bool`": "true or false", "`": "",
}  # fmt: skip
"""What the types of JSON are in TOML and plain English."""


class Defaults(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Defaults of `cnnex generate`; what is None is as without the file."""

    count: Annotated[int, Meta(ge=1)] | None = None
    difficulty: str | None = None
    formats: tuple[str, ...] | None = None
    engine: str | None = None


class Settings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file; an empty one says nothing."""

    templates: str | None = None
    course: Course = NO_COURSE
    generate: Defaults = Defaults()


def load_settings(path: Path = Path(NAME)) -> Settings:
    """The settings in a file, empty ones where there is none.

    Raises:
        InputError: the file can't be read, is no TOML, or has an unknown name or a value that can't be used.
    """
    try:
        found = tomllib.loads(path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start + 1} is not UTF-8; save the file as UTF-8 text") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{path}: this is not TOML: {str(error)[0].lower()}{str(error)[1:]}") from None
    _check(found, Settings, f"{path}: ")
    settings: Settings = _converted(found, Settings, f"{path}: ")
    if settings.templates is not None and not Path(settings.templates).is_dir():
        raise InputError(f"{path}: templates: there is no folder {settings.templates!r}")
    return settings


def _converted(value: Any, kind: Any, where: str) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        problem, _, place = str(error).partition(" - at `$")
        inner = place.rstrip("`").lstrip(".")
        for word, meaning in _MEANINGS.items():
            problem = problem.replace(word, meaning)
        raise InputError(f"{where}{inner}{': ' if inner else ''}{problem[0].lower()}{problem[1:]}") from None


def _check(table: dict[str, Any], kind: type[Any], where: str) -> None:
    """Refuse a name that isn't known, and a word that isn't; what else is wrong msgspec finds."""
    hints = get_type_hints(kind, include_extras=True)
    for name, value in table.items():
        if name not in hints:
            raise InputError(f"{where}there is no {name!r}", hint=nearest(name, hints))
        inner = f"{where}{name}: "
        if isinstance(value, dict) and name == "points":
            _check_words(value, list(Kind), inner)
            for word, points in value.items():  # msgspec doesn't say under which name
                _converted(points, get_args(hints[name])[1], f"{inner}{word}: ")
        elif isinstance(value, dict) and isinstance(hints[name], type):
            _check(value, hints[name], inner)
        elif name in _WORDS:
            _check_words(value if isinstance(value, list) else [value], _WORDS[name], inner)


def _check_words(values: Any, known: Any, where: str) -> None:
    for value in values:
        if isinstance(value, str) and value not in known:
            raise InputError(f"{where}there is no {value!r}", hint=nearest(value, known))
