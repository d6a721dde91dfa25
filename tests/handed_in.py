"""What the tests of the intake share."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cnnex.model.marks import Attempt, Unusable
from cnnex.store.intake import read_attempts


def submission(student: str = "ada", **answers: Any) -> bytes:
    """An `answers.json`."""
    return json.dumps(
        {"schema": "cnnex.answers/1", "set": "7RAW-BH5B", "student": student, "answers": answers}
    ).encode()


def take(*paths: Path, parts: Sequence[str] | None = ()) -> tuple[list[Attempt], list[Unusable]]:
    """What came in for sets of these parts, and what is none."""
    found = list(read_attempts(paths, lambda: parts))
    return [each for each in found if isinstance(each, Attempt)], [each for each in found if isinstance(each, Unusable)]


def one(folder: Path, name: str, content: bytes | str) -> Attempt:
    """The only attempt of a file."""
    attempts, unusable = take(put(folder, name, content))
    assert unusable == []
    (attempt,) = attempts
    return attempt


def refusal(folder: Path, name: str, content: bytes | str) -> str:
    """Why a file is no submission."""
    attempts, unusable = take(put(folder, name, content))
    assert attempts == []
    (found,) = unusable
    return found.reason


def put(folder: Path, name: str, content: bytes | str) -> Path:
    """A file in a folder, which is made."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path
