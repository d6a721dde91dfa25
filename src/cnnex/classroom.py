"""A class: a sheet with numbers of its own for each student of a roster, written by all cores.

A student's folder is the last thing of a student that appears, and it appears complete. So whatever interrupts
the work, the same command takes it up where it was.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import os
import shutil
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from hashlib import blake2b
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from msgspec import structs, to_builtins

from cnnex import __version__
from cnnex.errors import CnnexError, InputError, OutputError, nearest
from cnnex.export import export_sheet, formats
from cnnex.generator import generate_set
from cnnex.model.problem_set import ProblemSet
from cnnex.model.student import Student
from cnnex.plans import Plan
from cnnex.seeds import fresh_seed, student_seed
from cnnex.store.folder import digest_of, write_files
from cnnex.store.records import blank_submission, encode, key_of

INSTRUCTOR = "class.json"
"""The instructor's file: the master seed, what was asked for, and who was in the roster."""

STUDENTS, KEYS, SOLUTIONS = "students", "keys", "solutions"
MANIFEST, PRINT = "manifest.csv", "print.pdf"
_STAGING = ".cnnex-class-"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a student: `error` is empty where all files are there, `new` where this run wrote them."""

    student: Student
    error: str = ""
    new: bool = True


@dataclass(frozen=True, slots=True)
class Class:
    """What was made of a roster.

    Attributes:
        folder: where the files are.
        seed: the master seed, from which each student's seed is derived.
        students: all of the roster, in its order.
    """

    folder: Path
    seed: str
    students: tuple[Made, ...]

    @property
    def failures(self) -> tuple[Made, ...]:
        """The students whose sheets couldn't be made."""
        return tuple(each for each in self.students if each.error)


Tick = Callable[[Made], None]


@dataclass(frozen=True, slots=True)
class _Order:
    """What a worker has to know."""

    plan: Plan
    seed: str
    same: bool
    formats: tuple[str, ...]
    engine: str | None
    templates: Path | None
    folder: Path
    staging: Path


def write_class(
    plan: Plan,
    roster: Sequence[Student],
    folder: Path,
    seed: str | None,
    *,
    same: bool = False,
    formats: Sequence[str] = ("pdf",),
    engine: str | None = None,
    templates: Path | None = None,
    workers: int = 0,
    force: bool = False,
    tick: Tick = lambda made: None,
) -> Class:
    """Write the files of a class, and skip the students whose files are there.

    Args:
        plan: the problems; everyone gets the same with other numbers.
        roster: the students.
        folder: where all goes; it is made where it doesn't exist.
        seed: the master seed; where none is given that of the folder, or a fresh one.
        same: one sheet for all.
        formats: of the sheets; a `pdf` is also collected into one file for the printer.
        engine: makes PDFs with LaTeX.
        templates: a folder of templates in place of ours.
        workers: processes, 0 for one on each core.
        force: replace what another command made in the folder.
        tick: called with each student in the roster's order.

    Raises:
        InputError: the folder holds something else, or an argument can't be used.
        OutputError: the folder can't be written.
    """
    if not 0 <= workers <= 1024:
        raise InputError(f"the number of workers is {workers}, but should be 0 to 1024")
    wanted = _known(formats)
    before = _before(folder)
    if seed is None:
        seed = fresh_seed() if before is None or force else str(before["seed"])
    asked = _asked(plan, same, wanted, engine, templates)
    trial = generate_set(plan, student_seed(seed, ""))  # what can't be made at all is refused before all else
    for format_ in wanted if templates is not None else ():
        export_sheet(trial.sheet(solutions=True), format_, engine, templates)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _clean_up(folder)
        known = _taken_up(folder, roster, before, {"seed": seed, **asked}, force=force)
        labels = known | {student.id: student.label for student in roster}
        record = {"schema": "cnnex.class/1", "version": __version__, "seed": seed, **asked, "students": labels}
        write_files(folder, {INSTRUCTOR: encode(record)})
        staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=folder))
        try:
            order = _Order(plan, seed, same, wanted, engine, templates, folder, staging)
            found = []
            for made in _all(order, roster, workers):
                tick(made)
                found.append(made)
            _sum_up(order, found)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise OutputError(f"can't write {error.filename or folder}: {error.strerror or error}") from None
    return Class(folder, seed, tuple(found))


def _known(wanted: Sequence[str]) -> tuple[str, ...]:
    for name in wanted:
        if name not in formats():
            raise InputError(f"there is no format {name!r}", hint=nearest(name, formats()))
    if not wanted:
        raise InputError("no format is asked for", hint=f"there are: {', '.join(formats())}")
    return tuple(dict.fromkeys(wanted))


def _asked(plan: Plan, same: bool, wanted: Sequence[str], engine: str | None, templates: Path | None) -> dict[str, Any]:
    """What must be equal for work to be taken up."""
    hidden = {"topic", "family", "where"}  # a family is its id
    entries = [
        (entry.family.id, [getattr(entry, field.name) for field in fields(entry) if field.name not in hidden])
        for entry in plan.entries
    ]
    digest = blake2b(repr(entries).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return {
        "title": plan.title,
        "problems": digest,
        "course": to_builtins(plan.course),
        "same": same,
        "formats": sorted(wanted),
        "engine": engine or "",
        "templates": "" if templates is None else digest_of(templates),
    }


def _before(folder: Path) -> dict[str, Any] | None:
    """The instructor's file of an earlier run."""
    try:
        record = json.loads((folder / INSTRUCTOR).read_bytes())
        if record["schema"] == "cnnex.class/1" and isinstance(record["students"], dict):
            return dict(record)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise InputError(f"{folder / INSTRUCTOR} is no file of a class", hint="choose another folder")


def _taken_up(
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


def _clean_up(folder: Path) -> None:
    """Remove what a killed run left beside the places of its files."""
    for path in folder.glob(f"{_STAGING}*"):
        shutil.rmtree(path, ignore_errors=True)


def _all(order: _Order, roster: Sequence[Student], workers: int) -> Iterator[Made]:
    """All students in the roster's order, each with what became of him."""
    waiting = [student for student in roster if not _is_done(order, student)]
    todo = {student.id for student in waiting}
    if order.same and waiting:
        yield from _same_for_all(order, roster, todo)
        return
    count = min(workers or _cores(), len(waiting))
    made = map(_made, [order] * len(waiting), waiting) if count < 2 else _spread(order, waiting, count)
    for student in roster:
        yield next(made) if student.id in todo else Made(student, new=False)


def _is_done(order: _Order, student: Student) -> bool:
    """The folder comes last, so what is missing beside it was taken away by somebody."""
    name = student.folder
    beside = [order.folder / KEYS / f"{name}.json"]
    beside += [order.folder / SOLUTIONS / f"{name}.{format_}" for format_ in order.formats]
    return (order.folder / STUDENTS / name).is_dir() and all(path.is_file() for path in beside)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _spread(order: _Order, students: Sequence[Student], workers: int) -> Iterator[Made]:
    """The students over some processes, in order; few wait in memory."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_in_worker) as pool:
        waiting: deque[Future[Made]] = deque()
        try:
            for student in students:
                waiting.append(pool.submit(_made, order, student))
                if len(waiting) > 3 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenExecutor:
            raise OutputError("a process came to a sudden end", hint="the same command goes on from here") from None
        finally:
            for future in waiting:
                future.cancel()


def _in_worker() -> None:
    """An interruption is for the first process alone, and when that ends, however it ends, so do the others."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=[parent.sentinel], daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _made(order: _Order, student: Student) -> Made:
    """Make and write all files of a student."""
    try:
        problems = replace(generate_set(order.plan, student_seed(order.seed, student.id)), student=student.label)
        files = _printed(order, problems)
    except CnnexError as error:
        return Made(student, str(error))
    except Exception as error:  # noqa: BLE001 - a defect of ours costs this student alone, and isn't silent
        _LOG.exception("the sheets of %r met a defect in cnnex, please report it", student.id)
        return Made(student, f"this met a defect in cnnex, please report it: {error!r}")
    _write(order, student, problems, files)
    return Made(student)


def _same_for_all(order: _Order, roster: Sequence[Student], todo: set[str]) -> Iterator[Made]:
    """One sheet for all, which names nobody."""
    problems = generate_set(order.plan, student_seed(order.seed, ""))
    files = _printed(order, problems)
    for student in roster:
        if student.id in todo:
            _write(order, student, problems, files)
        yield Made(student, new=student.id in todo)


def _printed(order: _Order, problems: ProblemSet) -> dict[str, bytes]:
    """The sheets of a set: `problems.pdf`, `solutions.pdf` and so on."""
    return {
        f"{name}.{format_}": export_sheet(sheet, format_, order.engine, order.templates)
        for name, sheet in (("problems", problems.sheet()), (SOLUTIONS, problems.sheet(solutions=True)))
        for format_ in order.formats
    }


def _write(order: _Order, student: Student, problems: ProblemSet, files: dict[str, bytes]) -> None:
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


def _sum_up(order: _Order, found: Sequence[Made]) -> None:
    """The manifest, and all sheets in one file for the printer; they are written last and only if they changed."""
    done = [each.student for each in found if not each.error]
    manifest = _manifest(order, done)
    path, prints = order.folder / MANIFEST, "pdf" in order.formats
    current = (
        path.is_file() and path.read_bytes() == manifest and not any(each.new and not each.error for each in found)
    )
    if current and (not prints or (order.folder / PRINT).is_file()):
        return
    path.unlink(missing_ok=True)
    (order.folder / PRINT).unlink(missing_ok=True)
    if prints and done:
        from cnnex.export.print_file import combine

        sheets = done[:1] if order.same else done
        with (order.staging / PRINT).open("wb") as file:
            combine((order.folder / STUDENTS / each.folder / "problems.pdf" for each in sheets), file)
        os.replace(order.staging / PRINT, order.folder / PRINT)
    write_files(order.folder, {MANIFEST: manifest})


def _manifest(order: _Order, students: Sequence[Student]) -> bytes:
    """A CSV for mail merge; the mark at its start tells spreadsheets that it is UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["id", "name", "email", "section", "set", "path"])
    for each in students:
        place = Path(STUDENTS, each.folder)
        set_id = json.loads((order.folder / place / "answers.json").read_bytes())["set"]
        writer.writerow([each.id, each.name, each.email, each.section, set_id, place.as_posix()])
    return text.getvalue().encode("utf-8-sig", "backslashreplace")
