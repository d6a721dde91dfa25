"""What is in a class's folder, and who may write there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cnnex import __version__
from cnnex.classroom.records import INSTRUCTOR, KEYS, MANIFEST, PRINT, SOLUTIONS, STUDENTS, Order
from cnnex.errors import InputError
from cnnex.model.student import Student


def earlier_run(folder: Path) -> dict[str, Any] | None:
    """The instructor's file of an earlier run.

    Raises:
        InputError: it can't be read, or is something else.
    """
    path = folder / INSTRUCTOR
    foreign = InputError(f"{path} is no file of a class", hint="choose another folder")
    try:
        record = json.loads(path.read_bytes())
        if record["schema"] != "cnnex.class/1" or not isinstance(record["students"], dict):
            raise foreign
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"can't read {path}: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise foreign from None
    return dict(record)


def taken_up(
    folder: Path, roster: Sequence[Student], before: dict[str, Any] | None, asked: dict[str, Any], *, force: bool
) -> dict[str, str]:
    """The students whom the folder knows; what another command made is refused, or by force removed."""
    known: dict[str, str] = {} if before is None else before["students"]
    problem = ""
    if before is None:
        there = [name for name in (STUDENTS, KEYS, SOLUTIONS, MANIFEST, PRINT) if (folder / name).exists()]
        problem = f"{folder} holds files of something else ({', '.join(there)})" if there else ""
    elif before["version"] != __version__:
        problem = f"{folder} holds a class made by cnnex {before['version']}, this is {__version__}"
    elif other := [name for name, value in asked.items() if before.get(name) != value]:
        problem = f"{folder} holds a class with other arguments ({', '.join(other)})"
    elif renamed := [each.id for each in roster if known.get(each.id, each.label) != each.label]:
        problem = f"{folder} holds sheets with another name for {', '.join(renamed[:5])}"
    if not problem:
        return known
    if not force:
        raise InputError(problem, hint="use --force to replace it")
    for student in [*map(Student, known), *roster]:  # before the new arguments are written down
        for path in _files_of(folder, student):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    return {}


def _files_of(folder: Path, student: Student) -> list[Path]:
    name = student.folder
    solutions = (folder / SOLUTIONS).glob("*")
    mine = [path for path in solutions if path.stem == name]
    return [folder / STUDENTS / name, folder / KEYS / f"{name}.json", *mine]


def is_done(order: Order, student: Student) -> bool:
    """The folder comes last, so what is missing beside it was taken away by somebody."""
    name = student.folder
    beside = [order.folder / KEYS / f"{name}.json"]
    beside += [order.folder / SOLUTIONS / f"{name}.{format_}" for format_ in order.formats]
    return (order.folder / STUDENTS / name).is_dir() and all(path.is_file() for path in beside)
