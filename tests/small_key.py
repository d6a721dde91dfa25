"""A small key with follow-through and credit, and attempts at it, for tests of marking."""

from __future__ import annotations

from typing import Any

import msgspec

from cnnex.marking.credit import PreparedKey, Turn, grade_attempt
from cnnex.marking.policy import Policy, read_policy
from cnnex.model.marks import Attempt, Graded, Mark
from cnnex.model.records import Key

SET = "AAAA-BBBB"


def part(id_: str, kind: str, value: Any, points: int = 4, **more: Any) -> dict[str, Any]:
    """A part of a key file."""
    asked = {"id": id_, "asks": "output", "kind": kind, "points": points, "symbols": [], "domain": "real", "ref": None}
    return {**asked, "value": value, "mistakes": [], **more}


def mistake(id_: str, value: Any) -> dict[str, Any]:
    """A predicted mistake of a key file."""
    return {"id": id_, "value": value, "hint": f"Look at {id_}.", "explanation": f"{id_} happened."}


def follows(value: Any, **uses: list[Any]) -> dict[str, Any]:
    """How a part follows from earlier ones."""
    return {"value": value, "uses": uses}


PARTS = [
    part("1a", "integer", 6, mistakes=[mistake("halved", 3), mistake("doubled", 12)], credit={"halved": "1/2"}),
    part("1b", "integer", 7, follows=follows("p_0 + 1", p_0=["1a"])),
    part("1c", "rational", "1/4", follows=follows("1/(p_0 - 2)", p_0=["1a"])),
    part("1d", "vector", [6, 0, 12], follows=follows(["p_0", 0, "2*p_0"], p_0=["1a"])),
    part("1e", "integer", 3, asks="output_size", follows=follows("floor((p_0 - 1)/2) + 1", p_0=["1d", 0])),
    part("1f", "expr", "6*x", symbols=["x"], follows=follows("p_0*x", p_0=["1a"])),
]


def key_file(parts: list[dict[str, Any]] | None = None, set_id: str = SET, title: str = "Homework 1") -> dict[str, Any]:
    """A key file's content."""
    item = {
        "number": 1, "topic": "pooling", "family": "F00-test", "level": "easy", "given": {}, "conventions": {},
        "parts": PARTS if parts is None else parts,
    }  # fmt: skip
    return {"schema": "cnnex.key/1", "set": set_id, "version": "0", "seed": "s", "title": title, "items": [item]}


KEY = PreparedKey(msgspec.convert(key_file(), Key), "digest of the key")


def graded(answers: dict[str, Any], policy: str | Policy = "", number: int = 1, at: str = "", **more: Any) -> Graded:
    """An attempt of Ada's at the small key."""
    rules = read_policy(policy) if isinstance(policy, str) else policy
    attempt = Attempt(source="ada.json", digest="d", set=SET, student="ada", at=at, answers=answers)
    return grade_attempt(attempt, more.pop("key", KEY), rules, Turn("ada", number, **more), {})


def mark(found: Graded, id_: str) -> Mark:
    """The mark of a part."""
    return next(each for each in found.marks if each.id == id_)
