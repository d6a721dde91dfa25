"""Counting texts of students in little memory."""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from cnnex.model.records import Answer

K = TypeVar("K", bound=Hashable)
_LONGEST = 200
_NAMED = 3


@dataclass(slots=True)
class Frequent(Generic[K]):
    """How often each of many things came, and who brought it: the first ids in alphabetic order.

    Exact for up to twice `room` different things. Then the rarer half makes room for others; `dropped` says how
    often a thing can at most have come that was dropped, or come more often than counted. So nothing frequent is
    lost: lossy counting, Manku and Motwani 2002, "Approximate frequency counts over data streams".
    """

    room: int = 8000
    dropped: int = 0
    counts: dict[K, tuple[int, tuple[str, ...]]] = field(default_factory=dict)

    def add(self, thing: K, who: str) -> None:
        count, named = self.counts.get(thing, (0, ()))
        if who not in named:
            named = tuple(sorted((*named, who))[:_NAMED])
        self.counts[thing] = count + 1, named
        self._make_room()

    def take(self, other: Frequent[K]) -> None:
        """What came to the other, too."""
        for thing, (count, named) in other.counts.items():
            before, known = self.counts.get(thing, (0, ()))
            self.counts[thing] = before + count, tuple(sorted({*known, *named})[:_NAMED])
        self.dropped += other.dropped
        self._make_room()

    def _make_room(self) -> None:
        if len(self.counts) > 2 * self.room:
            least = sorted(count for count, _ in self.counts.values())[self.room]
            self.counts = {key: value for key, value in self.counts.items() if value[0] > least}
            self.dropped += least


def typed(answer: Answer) -> str:
    """An answer as typed in a line that can be counted and shown; what is longer is cut.

    >>> typed(" 7 "), typed([[1, 2]])
    ('7', '[[1, 2]]')
    """
    text = " ".join(answer.split()) if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
