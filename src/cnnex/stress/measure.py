"""Draws the variants of one case as the generator does, and measures them."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from hashlib import blake2b
from statistics import mean, median
from typing import Any

import msgspec

from cnnex.errors import ImpossibleError
from cnnex.generator import Seen, Variant, is_given, item_of, variant_of
from cnnex.model.problem import Part
from cnnex.model.problem_set import Item, ProblemSet
from cnnex.model.stress import Checked, Finding, Guess, Shown, Span, Work
from cnnex.model.value import entries, to_json
from cnnex.plans import Entry, deal, plan_of
from cnnex.store.banks import load_bank
from cnnex.store.records import key_of
from cnnex.stress import rules

SET = 40
"""Problems in a set of one family, unless a bank says how many there are."""
_MOST_EXHAUSTED = 3
_SHOWN = 60
Confirms = Callable[[Mapping[str, Any], Mapping[str, Any]], bool | None]


@dataclass(frozen=True, slots=True)
class Case:
    """A family at a level, or the problems of one name in a bank. A case is plain text, so it travels to a worker.

    Attributes:
        bank: the name or path of a bank, empty for a family by itself.
        problem: the name in the bank.
    """

    topic: str
    family: str
    level: str
    bank: str = ""
    fresh: bool = False
    problem: str = ""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What a set of this case is made of."""
        if not self.bank:
            return deal([self.topic], [self.family], SET, self.level).entries
        return tuple(entry for entry in _bank_entries(self.bank, self.fresh) if entry.series == self.problem)


@lru_cache(8)
def _bank_entries(bank: str, fresh: bool) -> tuple[Entry, ...]:
    return plan_of(load_bank(bank), bank, fresh=fresh).entries


def cases_of(bank: str, *, fresh: bool) -> list[Case]:
    """A case for each name in a bank."""
    found = {
        entry.series: Case(entry.topic, entry.family.id, entry.level, bank, fresh, entry.series)
        for entry in _bank_entries(bank, fresh)
    }
    return list(found.values())


@dataclass(slots=True)
class _Drawn:
    """A variant, what it cost, and how to have it again."""

    item: Item
    variant: Variant
    ms: float
    seed: str


def measure(case: Case, variants: int, seed: str, *, oracle: bool) -> Finding:
    """The findings of a case. Apart from the times they depend on nothing but the arguments.

    Raises:
        InputError: what a bank gives doesn't fit together.
    """
    entries_ = case.entries
    given = all(map(is_given, entries_))
    tally = _Tally(entries_[0], _confirms() if oracle else None)
    exhausted: list[int] = []
    for number in range(1 if given else -(-variants // len(entries_))):
        room = len(entries_) if given else variants - tally.variants
        count = 0
        try:
            for drawn in _set(entries_[:room], f"{seed}/{number}"):
                tally.add(drawn, new_set=count == 0)
                count += 1
        except ImpossibleError as error:
            if not tally.variants:
                return tally.finding(case, str(error))
            exhausted.append(count)
            if len(exhausted) == _MOST_EXHAUSTED:
                break
    words = f"a set found no fair variant after its first {min(exhausted)}" if exhausted else ""
    return tally.finding(case, words)


def _set(entries_: Sequence[Entry], seed: str) -> Iterator[_Drawn]:
    seen: Seen = set()
    for number, entry in enumerate(entries_, 1):
        start = time.thread_time_ns()
        variant = variant_of(entry, seed, seen)
        item = item_of(number, entry, variant)
        yield _Drawn(item, variant, (time.thread_time_ns() - start) / 1e6, seed)


def _confirms() -> Confirms | None:
    from cnnex.stress import oracle

    if oracle.torch is None:
        return None
    oracle.torch.set_num_threads(1)
    return oracle.confirms


class _Tally:
    """Counts over variants."""

    def __init__(self, entry: Entry, confirms: Confirms | None) -> None:
        self.family = entry.family
        self.confirms = confirms
        self.given = is_given(entry)
        self.variants = 0
        self.ms: list[float] = []
        self.draws: list[int] = []
        self.work: Counter[int] = Counter()
        self.answers: dict[str, Counter[str]] = defaultdict(Counter)
        self.parts: dict[str, tuple[Part, bool]] = {}
        self.mistakes: Counter[str] = Counter()
        self.least: Any = None
        self.most: Any = None
        self.in_set: set[bytes] = set()
        self.before: set[bytes] = set()
        self.duplicates = self.repeats = 0
        self.confirmed = self.not_recomputed = 0
        self.refuted: list[str] = []
        self.unknown: set[str] = set()

    def add(self, drawn: _Drawn, *, new_set: bool) -> None:
        problem = drawn.item.problem
        self.variants += 1
        self.ms.append(drawn.ms)
        self.draws.append(drawn.variant.draws)
        self.work[self.family.work(drawn.variant.params)] += 1
        for part in problem.parts:
            self.parts[part.name] = part, rules.is_limited(part, problem.parts)
            key = problem.key(part)
            self.answers[part.name][str(to_json(key))] += 1
            if part.asks not in rules.SIZES:
                self.extend(key)
        asked = {part.answered_by for part in problem.parts}
        self.mistakes.update(mistake.id for mistake in problem.mistakes if asked & mistake.values.keys())
        self.compare(repr((problem.given, problem.statement, problem.parts)).encode(), new_set=new_set)
        if self.confirms:
            self.check(drawn, self.confirms)

    def extend(self, key: Any) -> None:
        """The range of numbers, made wider where a key that holds nothing but numbers is outside."""
        numbers = entries(key)
        if numbers and all(isinstance(each, int | Fraction) and not isinstance(each, bool) for each in numbers):
            self.least = min(numbers if self.least is None else [self.least, *numbers])
            self.most = max(numbers if self.most is None else [self.most, *numbers])

    def compare(self, posed: bytes, *, new_set: bool) -> None:
        """Whether the same was posed before, in the same set or in another one."""
        digest = blake2b(posed, digest_size=16).digest()
        if new_set:
            self.before |= self.in_set
            self.in_set = set()
        self.duplicates += digest in self.in_set
        self.repeats += digest in self.before
        self.in_set.add(digest)

    def check(self, drawn: _Drawn, confirms: Confirms) -> None:
        """Each key against the oracle, as a key file says it."""
        key = key_of(ProblemSet("", drawn.seed, (drawn.item,)), "")
        item = msgspec.to_builtins(key.items[0])
        for part in item["parts"]:
            verdict = confirms(item, part)
            if verdict is None:
                self.not_recomputed += 1
                self.unknown.add(part["asks"])
            elif verdict:
                self.confirmed += 1
            else:
                value = _short(str(part["value"]))
                self.refuted.append(f"seed {drawn.seed}, {part['id']} ({part['asks']}): {value}")

    def finding(self, case: Case, exhausted: str) -> Finding:
        """The sums as a record."""
        work = _work(self.work)
        guesses = tuple(self.guesses())
        # Whoever gives all parameters answers for their fairness.
        named = () if self.given else self.family.visible[case.level]
        # A bank may leave out the part in which a mistake shows.
        mistakes = tuple(
            Shown(slip.id, times / max(self.variants, 1), slip.id in named and (not case.bank or times > 0))
            for slip in self.family.slips
            for times in [self.mistakes[slip.id]]
        )
        checked = None
        if self.confirms:
            checked = Checked(self.confirmed, tuple(self.refuted), self.not_recomputed, tuple(sorted(self.unknown)))
        symbolic = any(part.symbols for part, _ in self.parts.values())
        return Finding(
            topic=case.topic,
            family=case.family,
            level=case.level,
            problem=case.problem,
            variants=self.variants,
            cpu_ms=round(median(self.ms), 3) if self.ms else 0.0,
            cpu_limit_ms=rules.SYMBOLIC_CPU_MS if symbolic else rules.CPU_MS,
            redraws=round(max(mean(self.draws) - 1, 0), 2) if self.draws else 0.0,
            duplicates=self.duplicates,
            repeats=self.repeats,
            entries=None if self.least is None else Span(float(self.least), float(self.most)),
            work=work,
            guesses=guesses,
            mistakes=mistakes,
            checked=checked,
            broken=rules.broken(
                variants=self.variants, duplicates=self.duplicates, exhausted=exhausted, work=work, guesses=guesses,
                mistakes=mistakes if self.variants else (), checked=checked,
            ),
        )  # fmt: skip

    def guesses(self) -> Iterator[Guess]:
        """For each part its most frequent right answer."""
        for name, (part, limited) in self.parts.items():
            ((answer, times),) = self.answers[name].most_common(1)
            yield Guess(name, part.asks, _short(answer), times / self.variants, limited and not self.given)


def _work(counts: Counter[int]) -> Work:
    if not counts:
        return Work(0.0, 0.0, ())
    middle = float(median(counts.elements()))
    deviation = max(abs(work - middle) for work in counts) / middle if middle else 0.0
    return Work(middle, deviation, tuple(sorted(counts.items())))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
