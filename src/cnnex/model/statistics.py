"""Statistics of a class: what `cnnex.marking.statistics` works out, for the class page and as JSON."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from cnnex.model.outcome import Verdict
from cnnex.model.records import PartId


class Spread(Struct, frozen=True):
    """Scores in points: the mean, the sample's deviation (None for one score), least, quartiles, greatest."""

    mean: float
    deviation: float | None
    least: float
    lower: float
    median: float
    upper: float
    greatest: float


class PartStatistics(Struct, frozen=True, kw_only=True):
    """How a part went.

    Attributes:
        id: the part's.
        family: of the problem.
        points: for the right answer; the most, where sets differ.
        answers: how many were judged.
        share: the mean share of the points, 0 to 1: the part's difficulty, high where it was easy.
        discrimination: the correlation of this part's points with those of all others, None where one of them is the
            same for all.
        followed: how many answers got follow-through credit.
        verdicts: how many answers got which verdict.
    """

    id: PartId
    family: str
    points: int
    answers: int
    share: float
    discrimination: float | None
    followed: int
    verdicts: dict[Verdict, int]


class MistakeCount(Struct, frozen=True, kw_only=True):
    """How many answers to a part a mistake explains, of how many that were wrong."""

    id: str
    family: str
    part: PartId
    count: int
    wrong: int


class AnswerCount(Struct, frozen=True, kw_only=True):
    """Answers to a part that are equal once read, or else as typed: how many, and the first ids in alphabetic order."""

    part: PartId
    answer: str
    count: int
    students: tuple[str, ...]


class Comparison(Struct, frozen=True, kw_only=True):
    """A group of students against all others; shares are of the points, 0 to 1.

    Attributes:
        students: in the group.
        share: their mean.
        others: the mean of all others.
        error: the standard error of the difference.
        stands_out: the difference is greater than chance explains at one in twenty for all comparisons together.
    """

    students: int
    share: float
    others: float
    error: float
    stands_out: bool


class SetComparison(Struct, frozen=True, kw_only=True):
    """A set against all others, in one family or, where it is empty, as a whole."""

    set: str
    family: str
    comparison: Comparison


class VariantComparison(Struct, frozen=True, kw_only=True):
    """Variants of a problem in which a datum has one value, such as a stride of 2, against the other variants."""

    problem: int
    family: str
    datum: str
    value: str
    comparison: Comparison


class Statistics(Struct, frozen=True, kw_only=True):
    """A class in numbers. Only the attempt that counts is in it, one for each student.

    Attributes:
        students: with a mark.
        points: that could be earned; the most, where sets differ.
        scores: None without students.
        tenths: how many scores lie in each tenth of the points, the full score in the last.
        times: how many attempts came in by day or, within three days, by hour, in the local time of each.
        unknown_time: attempts without a time.
        late: attempts after the deadline.
        alpha: Cronbach's, None where it isn't defined.
        error: the standard error of measurement in points.
        parts, mistakes: in the order of the key; mistakes from the most frequent.
        sets, variants: those that enough students had to compare them.
        unexplained: wrong answers that no predicted mistake explains, from the most frequent.
        waiting: unreadable and undecided answers, from the most frequent.
        warnings: sentences on what the numbers can't tell.
    """

    schema: Literal["cnnex.statistics/1"]
    students: int
    points: int
    scores: Spread | None
    tenths: tuple[int, ...]
    times: dict[str, int]
    unknown_time: int
    late: int
    alpha: float | None
    error: float | None
    parts: tuple[PartStatistics, ...]
    mistakes: tuple[MistakeCount, ...]
    sets: tuple[SetComparison, ...]
    variants: tuple[VariantComparison, ...]
    unexplained: tuple[AnswerCount, ...]
    waiting: tuple[AnswerCount, ...]
    warnings: tuple[str, ...]
