"""What is made of all students together: the manifest and the file for the printer."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from cnnex.classroom.records import MANIFEST, PRINT, STUDENTS, Made, Order
from cnnex.export.cells import csv_bytes
from cnnex.model.student import Student
from cnnex.store.folder import write_files


def sum_up(order: Order, found: Sequence[Made]) -> None:
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
        from cnnex.classroom.print_file import combine

        sheets = done[:1] if order.same else done
        with (order.staging / PRINT).open("wb") as file:
            combine((order.folder / STUDENTS / each.folder / "problems.pdf" for each in sheets), file)
        os.replace(order.staging / PRINT, order.folder / PRINT)
    write_files(order.folder, {MANIFEST: manifest})


def _manifest(order: Order, students: Sequence[Student]) -> bytes:
    """A CSV for mail merge; the mark at its start tells spreadsheets that it is UTF-8."""
    rows = [["id", "name", "email", "section", "set", "path"]]
    for each in students:
        place = Path(STUDENTS, each.folder)
        set_id = json.loads((order.folder / place / "answers.json").read_bytes())["set"]
        rows.append([each.id, each.name, each.email, each.section, set_id, place.as_posix()])
    return csv_bytes(rows, mark=True)
