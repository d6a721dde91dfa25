"""How students stand: of each the attempt that counts, with what people decided about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby

from cnnex.marking.credit import settled
from cnnex.marking.policy import Policy
from cnnex.model.marks import Graded, Override
from cnnex.store.ledger import Ledger
from cnnex.store.ledger_reader import Standing

Counting = tuple[int, Graded]
"""The number of an attempt in the ledger, and what it is worth."""
Overrides = Mapping[int, Sequence[Override]]
"""What people decided, by attempt."""


def chosen(ledger: Ledger, run: int, policy: Policy, overrides: Overrides) -> Iterator[Standing]:
    """The attempts that count, one of each student, by the student's id."""
    for _, standings in groupby(ledger.standings(run), lambda standing: standing.student):
        yield _choice(ledger, run, policy, list(standings), overrides)


def all_counting(ledger: Ledger, run: int, policy: Policy) -> Iterator[Counting]:
    """The attempts that count, and what they are worth."""
    overrides = ledger.overrides()
    for each in chosen(ledger, run, policy, overrides):
        yield each.attempt, _settled(ledger, run, policy, each, overrides)


def counting_of(ledger: Ledger, run: int, policy: Policy, student: str) -> Counting | None:
    """The attempt of a student that counts; None where nothing came in."""
    standings, overrides = list(ledger.standings(run, student)), ledger.overrides(student)
    if not standings:
        return None
    found = _choice(ledger, run, policy, standings, overrides)
    return found.attempt, _settled(ledger, run, policy, found, overrides)


def attempts_of(ledger: Ledger, run: int, policy: Policy, student: str) -> list[Counting]:
    """All attempts of a student, in the order of time."""
    overrides = ledger.overrides(student)
    return [(each.attempt, _settled(ledger, run, policy, each, overrides)) for each in ledger.standings(run, student)]


def _choice(ledger: Ledger, run: int, policy: Policy, standings: Sequence[Standing], overrides: Overrides) -> Standing:
    if len(standings) == 1:
        return standings[0]
    scores = [
        _settled(ledger, run, policy, each, overrides).score if each.attempt in overrides else each.score
        for each in standings
    ]
    return standings[policy.counting([Fraction(str(score)) for score in scores])]


def _settled(ledger: Ledger, run: int, policy: Policy, standing: Standing, overrides: Overrides) -> Graded:
    graded = ledger.graded(run, standing.attempt)
    decided = overrides.get(standing.attempt, ())
    return settled(graded, policy, decided) if decided else graded
