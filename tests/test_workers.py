"""Work over processes comes back in order, and Ctrl-C is the first process's alone."""

from __future__ import annotations

import signal

import pytest

from cnnex.workers import spread


def _nothing() -> None:
    """No setup."""


def _blocked(number: int) -> tuple[int, bool]:
    return number, signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_work_comes_back_in_order() -> None:
    assert list(spread(abs, range(-9, 0), 2, _nothing)) == list(range(9, 0, -1))


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="Windows has no such mask")
def test_a_process_hears_no_interruption_from_its_start() -> None:
    """One that did while it imports would print a traceback and break the pool."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert list(spread(_blocked, [1, 2, 3], 2, _nothing)) == [(1, True), (2, True), (3, True)]
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before
