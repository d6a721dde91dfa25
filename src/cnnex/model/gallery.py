"""The gallery: a sample of each family at each level, with its solution and its mistakes."""

from __future__ import annotations

from dataclasses import dataclass

from cnnex.model.prose import Prose
from cnnex.model.sheet import SheetItem


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake that shows in a sample: its id, what went wrong there, the hint that a student gets."""

    id: str
    line: Prose
    hint: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A problem of a level, with its solution."""

    level: str
    item: SheetItem
    slips: tuple[Slip, ...]


@dataclass(frozen=True, slots=True)
class FamilySamples:
    """A family and a sample of each level."""

    id: str
    title: str
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class TopicSamples:
    """A topic and its families."""

    name: str
    title: str
    families: tuple[FamilySamples, ...]
