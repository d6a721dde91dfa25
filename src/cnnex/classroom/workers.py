"""The students of a roster, one after another or over some processes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import partial

from cnnex.classroom.folder import is_done
from cnnex.classroom.records import Made, Order
from cnnex.classroom.student import make_files, printed, put_in_place
from cnnex.generator import generate_set
from cnnex.model.student import Student
from cnnex.seeds import student_seed
from cnnex.workers import cores, spread


def each_made(order: Order, roster: Sequence[Student], workers: int) -> Iterator[Made]:
    """All students in the roster's order, each with what became of him."""
    waiting = [student for student in roster if not is_done(order, student)]
    todo = {student.id for student in waiting}
    if order.same and waiting:
        yield from _same_for_all(order, roster, todo)
        return
    count = min(workers or cores(), len(waiting))
    make = partial(make_files, order)
    made = map(make, waiting) if count < 2 else spread(make, waiting, count, _single_threaded)
    for student in roster:
        yield next(made) if student.id in todo else Made(student, new=False)


def _same_for_all(order: Order, roster: Sequence[Student], todo: set[str]) -> Iterator[Made]:
    """One sheet for all, which names nobody."""
    problems = generate_set(order.plan, student_seed(order.seed, ""))
    files = printed(order, problems)
    for student in roster:
        if student.id in todo:
            put_in_place(order, student, problems, files)
        yield Made(student, new=student.id in todo)


def _single_threaded() -> None:
    """The cores have their work; Typst's own threads would only wait."""
    os.environ.setdefault("RAYON_NUM_THREADS", "1")
