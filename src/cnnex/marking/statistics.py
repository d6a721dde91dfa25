"""Statistics of a class, one attempt after the other: memory grows with the parts, not with the students.

Points are summed as whole hundredths and divided at the very end, so that the order of the attempts changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import sqrt

from cnnex.marking.frequent import Frequent, typed
from cnnex.marking.sets import Problem, Sets, Variants
from cnnex.marking.sums import Sums, cronbach_alpha, quantile, rest_correlation
from cnnex.model.marks import Graded, Mark
from cnnex.model.outcome import WAITING, Verdict
from cnnex.model.records import Number, PartId
from cnnex.model.statistics import AnswerCount, MistakeCount, PartStatistics, Spread, Statistics

FEW, SOME = 10, 30
"""Below so many students single answers say more than any statistic; below so many correlations and alpha are rough:
rules of thumb."""
MOST_LISTED = 1000
"""Rarer answers are not listed."""
_DAYS_BY_HOUR = 3
_WRONG = (Verdict.INCORRECT, Verdict.PARTIAL)
_QUARTERS = (Fraction(0), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(1))


@dataclass(slots=True)
class _Part:
    """Sums over the answers to a part."""

    points: int = 0
    earned: Sums = field(default_factory=Sums)
    products: int = 0
    shares: Counter[int] = field(default_factory=Counter)
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    mistakes: Counter[str] = field(default_factory=Counter)
    followed: int = 0

    def take(self, other: _Part) -> None:
        """The other's answers, too."""
        self.points = max(self.points, other.points)
        self.earned = self.earned.plus(other.earned)
        self.products += other.products
        self.shares.update(other.shares)
        self.verdicts.update(other.verdicts)
        self.mistakes.update(other.mistakes)
        self.followed += other.followed


class Tally:
    """Takes the attempt of each student that counts, and makes statistics of them."""

    def __init__(self) -> None:
        self._families: dict[PartId, str] = {}
        self._form: tuple[tuple[PartId, int], ...] | None = None
        self._mixed = False
        self._points = 0
        self._scores: Counter[int] = Counter()
        self._tenths: Counter[int] = Counter()
        self._raw = Sums()
        self._hours: Counter[str] = Counter()
        self._days: Counter[str] = Counter()
        self._unknown_time = self._late = 0
        self._parts: dict[PartId, _Part] = {}
        self._sets, self._variants = Sets(), Variants()
        self._unexplained: Frequent[tuple[PartId, str]] = Frequent()
        self._waiting: Frequent[tuple[PartId, str]] = Frequent()

    def add(self, graded: Graded, problems: Sequence[Problem]) -> None:
        """One more attempt, and the problems of its key."""
        if not self._families.keys() >= {mark.id for mark in graded.marks}:
            self._families |= {part: problem.family for problem in problems for part in problem.parts}
        form = tuple([(mark.id, mark.points) for mark in graded.marks])
        self._mixed |= form != (self._form or form)
        self._form = self._form or form
        score = _hundredths(graded.score)
        self._scores[score] += 1
        self._points = max(self._points, graded.points)
        self._tenths[max(0, min(9, score // max(1, 10 * graded.points)))] += 1
        self._time(graded)
        earned = [_hundredths(mark.earned) for mark in graded.marks]
        whole = sum(earned)
        self._raw.add(whole)
        for mark, points in zip(graded.marks, earned, strict=True):
            part = self._parts.get(mark.id) or self._parts.setdefault(mark.id, _Part())
            part.earned.add(points)
            part.products += points * whole
            part.points = max(part.points, mark.points)
            part.shares[mark.points] += points
            self._answer(part, mark, graded.student)
        self._compare(graded, problems, earned)

    def take(self, other: Tally) -> None:
        """The attempts of another tally, too."""
        self._families |= other._families
        self._mixed |= other._mixed or (self._form or other._form) != (other._form or self._form)
        self._form = self._form or other._form
        self._points = max(self._points, other._points)
        self._raw = self._raw.plus(other._raw)
        self._scores.update(other._scores)
        self._tenths.update(other._tenths)
        self._hours.update(other._hours)
        self._days.update(other._days)
        self._unknown_time += other._unknown_time
        self._late += other._late
        for id_, part in other._parts.items():
            self._parts.setdefault(id_, _Part()).take(part)
        self._sets.take(other._sets)
        self._variants.take(other._variants)
        self._unexplained.take(other._unexplained)
        self._waiting.take(other._waiting)

    def _time(self, graded: Graded) -> None:
        if graded.at:
            self._days[graded.at[:10]] += 1
            if len(self._days) <= _DAYS_BY_HOUR:
                self._hours[graded.at[:13]] += 1
        else:
            self._unknown_time += 1
        self._late += graded.late > 0

    def _answer(self, part: _Part, mark: Mark, student: str) -> None:
        part.verdicts[mark.verdict] += 1
        part.followed += bool(mark.followed)
        if mark.verdict in _WRONG:
            for name in {diagnosis.id for diagnosis in mark.diagnosis}:
                part.mistakes[name] += 1
            if not mark.diagnosis:
                self._unexplained.add((mark.id, typed(mark.read_as or mark.answer)), student)
        elif mark.verdict in WAITING:
            self._waiting.add((mark.id, typed(mark.answer)), student)

    def _compare(self, graded: Graded, problems: Sequence[Problem], earned: list[int]) -> None:
        by_family = {"": sum(earned)}
        for mark, points in zip(graded.marks, earned, strict=True):
            if family := self._families.get(mark.id, ""):
                by_family[family] = by_family.get(family, 0) + points
        self._sets.add(graded.set, by_family)
        self._variants.add(problems, {mark.id: points for mark, points in zip(graded.marks, earned, strict=True)})

    # --- What it comes to --------------------------------------------------------------------------------------

    def statistics(self) -> Statistics:
        """The statistics of what was added so far."""
        count = self._raw.count
        alpha = None if self._mixed else cronbach_alpha([part.earned for part in self._parts.values()], self._raw)
        # Lord and Novick 1968: the deviation of a student's score over repetitions of the same test.
        error = None if alpha is None else sqrt(self._raw.variance / 10000 * (1 - alpha))
        return Statistics(
            schema="cnnex.statistics/1",
            students=count,
            points=self._points,
            scores=self._spread() if count else None,
            tenths=tuple(self._tenths[tenth] for tenth in range(10)),
            times=dict(sorted((self._days if len(self._days) > _DAYS_BY_HOUR else self._hours).items())),
            unknown_time=self._unknown_time,
            late=self._late,
            alpha=None if alpha is None else float(alpha),
            error=error,
            parts=tuple(self._part(id_, part) for id_, part in sorted(self._parts.items(), key=self._place)),
            mistakes=self._mistakes(),
            sets=() if self._mixed else tuple(self._sets.compared(self._points_of)),
            variants=() if self._mixed else tuple(self._variants.compared()),
            unexplained=_listed(self._unexplained),
            waiting=_listed(self._waiting),
            warnings=tuple(self._warnings(alpha)),
        )

    def _place(self, part: tuple[PartId, _Part]) -> tuple[int, PartId]:
        """Parts stand as in the key, others behind them."""
        places = {id_: place for place, id_ in enumerate(self._families)}
        return places.get(part[0], len(places)), part[0]

    def _spread(self) -> Spread:
        scores = Sums()
        for score, count in self._scores.items():
            scores.count += count
            scores.total += count * score
            scores.squares += count * score * score
        deviation = sqrt(scores.variance) / 100 if scores.count > 1 else None
        quartiles = [float(quantile(self._scores, share) / 100) for share in _QUARTERS]
        return Spread(float(scores.mean / 100), deviation, *quartiles)

    def _part(self, id_: PartId, part: _Part) -> PartStatistics:
        shares = (Fraction(sum_, 100 * points) for points, sum_ in part.shares.items() if points)
        return PartStatistics(
            id=id_,
            family=self._families.get(id_, ""),
            points=part.points,
            answers=part.earned.count,
            share=float(sum(shares, Fraction(0)) / part.earned.count),
            discrimination=None if self._mixed else rest_correlation(part.earned, self._raw, part.products),
            followed=part.followed,
            verdicts={verdict: part.verdicts[verdict] for verdict in Verdict if verdict in part.verdicts},
        )

    def _mistakes(self) -> tuple[MistakeCount, ...]:
        counts = [
            MistakeCount(
                id=name,
                family=self._families.get(id_, ""),
                part=id_,
                count=count,
                wrong=sum(part.verdicts[verdict] for verdict in _WRONG),
            )
            for id_, part in sorted(self._parts.items(), key=self._place)
            for name, count in sorted(part.mistakes.items())
        ]
        return tuple(sorted(counts, key=lambda each: -each.count))

    def _points_of(self, family: str) -> int:
        parts = self._parts.items()
        return max(1, sum(part.points for id_, part in parts if family in ("", self._families.get(id_, ""))))

    def _warnings(self, alpha: Fraction | None) -> Iterator[str]:
        count = self._raw.count
        if count < FEW:
            yield f"{_students(count)}: so few that single answers say more than any number on this page."
        elif count < SOME:
            # Fisher's z: the error of a correlation of 0 is 1 / sqrt(n - 3).
            yield (
                f"{_students(count)}: a discrimination is known to about ±{1.96 / sqrt(count - 3):.1f} only, "
                "and alpha is rough."
            )
        if self._mixed:
            yield "Not all sets have the same parts and points, so there is no discrimination, no alpha, no comparison."
        elif alpha is None:
            yield "Alpha needs several parts, and students whose scores differ."
        elif alpha < 0:
            yield "Alpha is below 0: the parts don't measure one thing, or there are too few students."
        waiting = sum(count for count, _ in self._waiting.counts.values())
        if waiting:
            yield f"Answers that wait for a person count as 0 points here; there are {waiting}."
        if not self._mixed and (said := self._sets.warning()):
            yield said
        if dropped := max(self._unexplained.dropped, self._waiting.dropped):
            yield f"Some answers that came at most {dropped} times are not listed, and counts may lack as many."


def _hundredths(points: Number) -> int:
    return round(points * 100)


def _listed(answers: Frequent[tuple[PartId, str]]) -> tuple[AnswerCount, ...]:
    """The most frequent first."""
    frequent = sorted(answers.counts.items(), key=lambda each: (-each[1][0], each[0]))
    return tuple(
        AnswerCount(part=part, answer=answer, count=count, students=named)
        for (part, answer), (count, named) in frequent[:MOST_LISTED]
    )


def _students(count: int) -> str:
    return f"{count} student{'s' * (count != 1)}"
