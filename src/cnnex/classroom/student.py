"""The files of one student."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from msgspec import structs

from cnnex import __version__
from cnnex.classroom.records import KEYS, SOLUTIONS, STUDENTS, Made, Order
from cnnex.errors import CnnexError
from cnnex.export import export_sheet, pdf
from cnnex.generator import generate_set
from cnnex.model.problem_set import ProblemSet
from cnnex.model.student import Student
from cnnex.seeds import student_seed
from cnnex.store.records import blank_submission, encode, key_of

_LOG = logging.getLogger(__name__)


def make_files(order: Order, student: Student) -> Made:
    """Make and write all files of a student."""
    try:
        problems = generate_set(order.plan, student_seed(order.seed, student.id))
        problems = replace(problems, student=student.label, student_id=student.id)
        files = printed(order, problems)
        if "pdf" in order.formats and not order.engine:
            pdf.forget()
    except CnnexError as error:
        return Made(student, str(error))
    except Exception as error:  # noqa: BLE001 - a defect of ours costs this student alone, and isn't silent
        _LOG.exception("the sheets of %r met a defect in cnnex, please report it", student.id)
        return Made(student, f"this met a defect in cnnex, please report it: {error!r}")
    put_in_place(order, student, problems, files)
    return Made(student)


def printed(order: Order, problems: ProblemSet) -> dict[str, bytes]:
    """The sheets of a set: `problems.pdf`, `solutions.pdf` and so on."""
    return {
        f"{name}.{format_}": export_sheet(sheet, format_, order.engine, order.templates)
        for name, sheet in (("problems", problems.sheet()), (SOLUTIONS, problems.sheet(solutions=True)))
        for format_ in order.formats
    }


def put_in_place(order: Order, student: Student, problems: ProblemSet, files: dict[str, bytes]) -> None:
    """Write the files of a student beside their places, and move them there: the student's folder comes last."""
    name = student.folder
    own = {f"problems.{each}": files[f"problems.{each}"] for each in order.formats}
    own["answers.json"] = encode(structs.replace(blank_submission(problems), student=student.id))
    staging = Path(tempfile.mkdtemp(prefix="student-", dir=order.staging))
    staged = staging / "own"
    staged.mkdir()
    for file, content in own.items():
        (staged / file).write_bytes(content)
    beside = {Path(KEYS, f"{name}.json"): encode(key_of(problems, __version__))}
    beside |= {Path(SOLUTIONS, f"{name}.{each}"): files[f"{SOLUTIONS}.{each}"] for each in order.formats}
    for place, content in beside.items():
        path = staging / place.name
        path.write_bytes(content)
        (order.folder / place).parent.mkdir(exist_ok=True)
        os.replace(path, order.folder / place)
    target = order.folder / STUDENTS / name
    target.parent.mkdir(exist_ok=True)
    if target.exists():  # its key or solution was taken away
        os.rename(target, staging / "old")
    os.rename(staged, target)
    shutil.rmtree(staging, ignore_errors=True)
