"""The verb: write the files of a class."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import fields, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from cnnex import __version__
from cnnex.classroom.folder import earlier_run, taken_up
from cnnex.classroom.records import INSTRUCTOR, Class, Order, Tick
from cnnex.classroom.summary import sum_up
from cnnex.classroom.workers import each_made
from cnnex.errors import InputError, OutputError, nearest
from cnnex.export import export_sheet, formats
from cnnex.generator import generate_set
from cnnex.model.student import Student
from cnnex.plans import Plan
from cnnex.seeds import fresh_seed, student_seed
from cnnex.store.folder import STAGING, alone_in, clean_up, digest_of, write_files
from cnnex.store.records import encode
from cnnex.workers import few_collections


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
        InputError: the folder holds something else, another run is writing there, or an argument can't be used.
        OutputError: the folder can't be written.
    """
    if not 0 <= workers <= 1024:
        raise InputError(f"the number of workers is {workers}, but should be 0 to 1024")
    wanted = _known(formats)
    # What can't be made at all is refused before all else; without templates of one's own that is the head of a page.
    trial = generate_set(plan, student_seed(seed or "", "")).sheet(solutions=True)
    for format_ in wanted:
        export_sheet(trial if templates else replace(trial, items=()), format_, engine, templates)
    asked = _asked(plan, same, wanted, engine, templates)
    try:
        with alone_in(folder), few_collections():
            before = earlier_run(folder)
            if seed is None:
                seed = fresh_seed() if before is None or force else str(before["seed"])
            clean_up(folder)
            known = taken_up(folder, roster, before, {"seed": seed, **asked}, force=force)
            labels = known | {student.id: student.label for student in roster}
            record = {"schema": "cnnex.class/1", "version": __version__, "seed": seed, **asked, "students": labels}
            write_files(folder, {INSTRUCTOR: encode(record)})
            with tempfile.TemporaryDirectory(prefix=STAGING, dir=folder, ignore_cleanup_errors=True) as staging:
                order = Order(plan, seed, same, wanted, engine, templates, folder, Path(staging))
                found = []
                for made in each_made(order, roster, workers):
                    tick(made)
                    found.append(made)
                sum_up(order, found)
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
