"""Work over processes comes back in order, and Ctrl-C is the first process's alone."""

from __future__ import annotations

import gc
import signal
from functools import partial

import pytest

from cnnex.workers import spread


def test_work_comes_back_in_order() -> None:
    assert list(spread(abs, range(-9, 0), 2, gc.enable)) == list(range(9, 0, -1))


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="Windows has no such mask")
def test_a_process_hears_no_interruption_from_its_start() -> None:
    """One that did while it imports would print a traceback and break the pool."""
    ask = partial(signal.pthread_sigmask, signal.SIG_BLOCK)
    before = ask(())
    assert all(signal.SIGINT in blocked for blocked in spread(ask, [(), (), ()], 2, gc.enable))
    assert ask(()) == before
