"""Draws many variants of each family and measures whether they keep the rules."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec

from cnnex import __version__
from cnnex.errors import InputError, nearest
from cnnex.model.stress import Finding, StressReport
from cnnex.plans import families_of
from cnnex.stress.measure import Case, cases_of, measure
from cnnex.topics import topic_names
from cnnex.topics._family import LEVELS

MOST_VARIANTS = 1_000_000
Tick = Callable[[Finding], None]


def stress_topics(topics: Sequence[str], families: Sequence[str], levels: Sequence[str]) -> list[Case]:
    """A case for each family at each level; all where none is named.

    Raises:
        InputError: a name is unknown.
    """
    for level in levels:
        if level not in LEVELS:
            raise InputError(f"there is no difficulty {level!r}", hint=nearest(level, LEVELS))
    found = families_of(topics or topic_names(), families)
    return [Case(topic, each.id, level) for topic, each in found for level in LEVELS if not levels or level in levels]


def stress_bank(bank: str, *, fresh: bool = False) -> list[Case]:
    """A case for each problem of a bank.

    Raises:
        InputError: the bank can't be used.
    """
    return cases_of(bank, fresh=fresh)


def run(
    cases: Sequence[Case], variants: int = 1000, seed: str = "stress", *, workers: int = 1, oracle: bool = True,
    tick: Tick = lambda finding: None,
) -> StressReport:  # fmt: skip
    """The findings of all cases, in their order; apart from times the same for any number of workers.

    Args:
        cases: what to draw.
        variants: of each case.
        seed: names the variants.
        workers: processes, 0 for one on each core.
        oracle: whether keys are recomputed where PyTorch is installed.
        tick: called with each finding as it comes.

    Raises:
        InputError: a number is out of bounds, or what a bank gives doesn't fit together.
    """
    if not 1 <= variants <= MOST_VARIANTS:
        raise InputError(f"the number of variants is {variants}, but should be 1 to {MOST_VARIANTS:,}")
    if not 0 <= workers <= 1024:
        raise InputError(f"the number of workers is {workers}, but should be 0 to 1024")
    found = []
    with _each(workers or os.cpu_count() or 1, cases, variants, seed, oracle) as findings:
        for finding in findings:
            tick(finding)
            found.append(finding)
    return StressReport(
        schema="cnnex.stress/1", version=__version__, seed=seed, oracle=oracle_name() if oracle else None,
        findings=tuple(found),
    )  # fmt: skip


def oracle_name() -> str | None:
    """The oracle that is installed, None if there is none."""
    if not find_spec("torch"):
        return None
    from importlib.metadata import version

    return f"PyTorch {version('torch')}"


@contextmanager
def _each(workers: int, cases: Sequence[Case], variants: int, seed: str, oracle: bool) -> Iterator[Iterator[Finding]]:
    jobs = [(case, variants, seed, oracle) for case in cases]
    if workers == 1 or len(cases) < 2:
        yield map(_measured, jobs)
        return
    from multiprocessing import get_context

    with get_context("spawn").Pool(min(workers, len(cases))) as pool:
        yield pool.imap(_measured, jobs)


def _measured(job: tuple[Case, int, str, bool]) -> Finding:
    case, variants, seed, oracle = job
    return measure(case, variants, seed, oracle=oracle)
