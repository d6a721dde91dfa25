"""Work spread over processes, in order, with little of it waiting in memory."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import Any, TypeVar

from cnnex.errors import InputError, OutputError

_SELDOM = 100_000, 50, 50
Job = TypeVar("Job")
Done = TypeVar("Done")


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def checked(workers: int) -> int:
    """A number of workers as it was asked for.

    Raises:
        InputError: it is out of bounds.
    """
    if not 0 <= workers <= 1024:
        raise InputError(f"the number of workers is {workers}, but should be 0 to 1024")
    return workers


@contextmanager
def few_collections() -> Iterator[None]:
    """Looks for cycles of garbage seldom: a run makes many objects and few cycles, and the search is a third of it."""
    usual = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def spread(
    work: Callable[[Job], Done], jobs: Iterable[Job], workers: int, setup: Callable[..., None], *given: Any
) -> Iterator[Done]:
    """What `work` makes of the jobs, in their order; each process is first set up with what is given.

    Raises:
        OutputError: a process came to a sudden end.
    """
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(setup, given))
    with pool:
        waiting: deque[Future[Done]] = deque()
        try:
            for job in jobs:
                with _deaf_to_interruptions():
                    waiting.append(pool.submit(work, job))
                if len(waiting) > 3 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenExecutor:
            hint = "the same command goes on from here; a script of your own needs `if __name__ == '__main__':`"
            raise OutputError("a process came to a sudden end", hint=hint) from None
        finally:
            for future in waiting:
                future.cancel()


@contextmanager
def _deaf_to_interruptions() -> Iterator[None]:
    """A process that begins here hears no Ctrl-C, even before `_begin`; the first process hears it a moment later."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(setup: Callable[..., None], given: tuple[Any, ...]) -> None:
    """An interruption is for the first process alone, and when that ends, however it ends, so do the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=[parent.sentinel], daemon=True).start()
    gc.set_threshold(*_SELDOM)
    setup(*given)


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
