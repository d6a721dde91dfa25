"""The statistics of a class as one table of numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from cnnex.export.cells import csv_bytes
from cnnex.model.statistics import Statistics

_IDS = {
    "parts": ("id",),
    "mistakes": ("part", "id"),
    "sets": ("set", "family"),
    "variants": ("problem", "datum", "value"),
}
_ANSWERS = ("unexplained", "waiting")


def statistics_csv(statistics: Statistics) -> bytes:
    """A row for each number: what it is about, of which part, mistake or set, the measure, the value.

    What JSON writes as null is empty. Warnings and answers are in the JSON file and on the page.
    """
    return csv_bytes([("about", "id", "measure", "value"), *_rows(msgspec.to_builtins(statistics))], mark=True)


def _rows(fields: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for name, value in fields.items():
        if name in _IDS:
            for each in value:
                id_ = " ".join(str(each[key]) for key in _IDS[name] if each[key])
                for measure, said in (each | each.pop("comparison", {})).items():
                    if measure not in _IDS[name]:
                        yield from _numbers(name, id_, measure, said)
        elif name not in _ANSWERS:
            yield from _numbers("class", "", name, value)


def _numbers(about: str, id_: str, measure: str, value: Any) -> Iterator[tuple[str, str, str, str]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _numbers(about, id_, f"{measure} {key}", each)
    elif isinstance(value, list | tuple):
        for place, each in enumerate(value, 1):
            if not isinstance(each, str):
                yield from _numbers(about, id_, f"{measure} {place}", each)
    elif not isinstance(value, str):
        yield about, id_, measure, "" if value is None else repr(value).lower()
