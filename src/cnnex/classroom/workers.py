"""The students of a roster, one after another or over some processes."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait

from cnnex.classroom.folder import is_done
from cnnex.classroom.records import Made, Order
from cnnex.classroom.student import make_files, printed, put_in_place
from cnnex.errors import OutputError
from cnnex.generator import generate_set
from cnnex.model.student import Student
from cnnex.seeds import student_seed


def each_made(order: Order, roster: Sequence[Student], workers: int) -> Iterator[Made]:
    """All students in the roster's order, each with what became of him."""
    waiting = [student for student in roster if not is_done(order, student)]
    todo = {student.id for student in waiting}
    if order.same and waiting:
        yield from _same_for_all(order, roster, todo)
        return
    count = min(workers or _cores(), len(waiting))
    made = map(make_files, [order] * len(waiting), waiting) if count < 2 else _spread(order, waiting, count)
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


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _spread(order: Order, students: Sequence[Student], workers: int) -> Iterator[Made]:
    """The students over some processes, in order; few wait in memory."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_in_worker) as pool:
        waiting: deque[Future[Made]] = deque()
        try:
            for student in students:
                waiting.append(pool.submit(make_files, order, student))
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
    os.environ.setdefault("RAYON_NUM_THREADS", "1")  # the cores have their work; Typst's own threads would only wait
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=[parent.sentinel], daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
