"""How students stand: of each the attempt that counts, with what people decided about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from cnnex.marking.credit import settled
from cnnex.marking.policy import Policy
from cnnex.model.marks import Graded, Override
from cnnex.store.ledger import Ledger
from cnnex.store.ledger_reader import Standing

Counting = tuple[int, Graded]
"""The number of an attempt in the ledger, and what it is worth."""


def all_counting(ledger: Ledger, run: int, policy: Policy) -> Iterator[Counting]:
    """The attempts that count, one of each student, by the student's id."""
    overrides = ledger.overrides()
    for _, standings in groupby(ledger.standings(run), lambda standing: standing.student):
        yield _counting(ledger, run, policy, list(standings), overrides)


def counting_of(ledger: Ledger, run: int, policy: Policy, student: str) -> Counting | None:
    """The attempt of a student that counts; None where nothing came in."""
    standings = list(ledger.standings(run, student))
    return _counting(ledger, run, policy, standings, ledger.overrides(student)) if standings else None


def attempts_of(ledger: Ledger, run: int, policy: Policy, student: str) -> list[Counting]:
    """All attempts of a student, in the order of time."""
    overrides = ledger.overrides(student)
    return [(each.attempt, _settled(ledger, run, policy, each, overrides)) for each in ledger.standings(run, student)]


def _counting(
    ledger: Ledger, run: int, policy: Policy, standings: Sequence[Standing], overrides: dict[int, list[Override]]
) -> Counting:
    found: dict[int, Graded] = {}
    scores = []
    for each in standings:
        score = each.score
        if each.attempt in overrides:
            found[each.attempt] = _settled(ledger, run, policy, each, overrides)
            score = found[each.attempt].score
        scores.append(Fraction(str(score)))
    chosen = standings[policy.counting(scores)]
    return chosen.attempt, found.get(chosen.attempt) or _settled(ledger, run, policy, chosen, {})


def _settled(
    ledger: Ledger, run: int, policy: Policy, standing: Standing, overrides: dict[int, list[Override]]
) -> Graded:
    graded = ledger.graded(run, standing.attempt)
    decided: Iterable[Override] = overrides.get(standing.attempt, ())
    return settled(graded, policy, tuple(decided)) if decided else graded
