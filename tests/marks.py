"""Marked attempts for tests."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from cnnex.model.marks import Graded, Mark
from cnnex.model.outcome import Verdict
from cnnex.model.records import Diagnosis, Key
from cnnex.store.records import decode


def mark(id: str = "1a", earned: float = 0, **fields: Any) -> Mark:  # noqa: A002
    """A mark of 4 points whose verdict fits what was earned."""
    points = fields.pop("points", 4)
    share = Fraction(str(earned)) / points
    verdict = Verdict.CORRECT if share == 1 else Verdict.PARTIAL if share else Verdict.INCORRECT
    given: dict[str, Any] = {
        "verdict": verdict, "answer": "", "read_as": "", "message": "", "witness": "", "diagnosis": (),
        "credit": str(share), **fields,
    }  # fmt: skip
    return Mark(id=id, points=points, earned=earned, **given)


def graded(student: str = "ada", *marks: Mark, **fields: Any) -> Graded:
    """An attempt whose score is the sum of its marks."""
    total = float(sum((Fraction(str(each.earned)) for each in marks), Fraction(0)))
    given: dict[str, Any] = {
        "set": "AB12-CD34", "key": "0" * 16, "version": "1.0", "source": f"{student}.json", "digest": "0" * 16,
        "at": "2026-10-01T12:00:00+02:00", "number": 1, "late": 0, "raw": total, "score": total,
        "points": sum(each.points for each in marks), **fields,
    }  # fmt: skip
    return Graded(student=student, marks=marks, **given)


def key(parts: Mapping[str, Mapping[str, object]], given: Mapping[str, object] = MappingProxyType({})) -> Key:
    """A key with these parts of 4 points; a part `2b` is of problem 2 and, unless it says so, of family `F2`."""
    items: dict[int, dict[str, Any]] = {}
    for id_, fields in parts.items():
        own = dict(fields)
        number = int(id_[:-1])
        family = own.pop("family", f"F{number}")
        new = {"topic": "t", "level": "easy", "given": dict(given), "conventions": {}, "parts": []}
        item = items.setdefault(number, {"number": number, "family": family, **new})
        item["parts"].append(
            {
                "id": id_, "asks": "output_size", "kind": "integer", "points": 4, "symbols": [], "domain": "real",
                "ref": None, "value": 1, "mistakes": [], **own,
            }
        )  # fmt: skip
    whole = {"schema": "cnnex.key/1", "set": "AB12-CD34", "version": "1", "seed": "s", "title": "HW"}
    return decode({**whole, "items": list(items.values())}, Key, "key.json")


FLIPPED = Diagnosis("kernel-flipped", "Convolution turns the kernel by 180 degrees.", "The kernel was turned.")
