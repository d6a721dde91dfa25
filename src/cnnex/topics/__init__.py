"""The topics: one module each, found by listing this folder.

A topic's module says its title in the first line of its docstring and lists its families in
`FAMILIES`. Modules with a leading low line are what topics share.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from cnnex.errors import InputError, nearest
from cnnex.topics._family import Family


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic and its families, in the order in which problems are dealt."""

    name: str
    title: str
    families: tuple[Family[Any], ...]


def topic_names() -> list[str]:
    """The names of all topics, sorted; nothing is imported for it.

    >>> "pooling" in topic_names()
    True
    """
    return sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))


@cache
def load_topic(name: str) -> Topic:
    """A topic by its name.

    Raises:
        InputError: there is none; the nearest name is suggested.
    """
    if name not in topic_names():
        raise InputError(f"there is no topic {name!r}", hint=nearest(name, topic_names()))
    module = import_module(f"{__name__}.{name}")
    title = (module.__doc__ or name).splitlines()[0].rstrip(".")
    return Topic(name, title, module.FAMILIES)
