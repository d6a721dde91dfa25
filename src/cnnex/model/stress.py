"""Records of `cnnex stress`: what many variants of a family are like, and which rules they break."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Share = Annotated[float, Meta(ge=0, le=1)]


class Span(Struct, frozen=True):
    """The least and the most of something."""

    least: float
    most: float


class Work(Struct, frozen=True):
    """Products, comparisons or entries that a student has to write.

    Attributes:
        deviation: the largest distance from the median, over the median.
        counts: pairs (work, how many variants need it).
    """

    median: float
    deviation: float
    counts: tuple[tuple[int, int], ...]


class Guess(Struct, frozen=True):
    """The most frequent right answer to a part.

    Attributes:
        share: in how many of the variants it is right.
        limited: whether a rule bounds the share.
    """

    part: str
    asks: str
    answer: str
    share: Share
    limited: bool


class Shown(Struct, frozen=True):
    """In how many of the variants a mistake gives another answer than the right one; named by the level or not."""

    id: str
    share: Share
    named: bool


class Checked(Struct, frozen=True):
    """Keys against the oracle.

    Attributes:
        refuted: where it came to another value: the seed, the problem, the part.
        unknown: the words of `asks` that it could not recompute.
    """

    confirmed: int
    refuted: tuple[str, ...]
    not_recomputed: int
    unknown: tuple[str, ...]


class Finding(Struct, frozen=True, kw_only=True):
    """What the variants of a family at a level, or of a problem of a bank, are like.

    Attributes:
        problem: the name of a bank's problem, empty for a family by itself.
        cpu_ms: the median CPU time of a problem, drawn and posed but not printed.
        cpu_limit_ms: what it should stay within.
        redraws: the mean of the draws that were thrown away for one problem.
        duplicates: problems that another one of the same set repeats.
        repeats: problems that were in an earlier set, too.
        entries: the range of the numbers in answers that are no sizes.
        checked: None where there is no oracle.
        broken: the rules that are broken, a sentence each.
    """

    topic: str
    family: str
    level: str
    problem: str
    variants: int
    cpu_ms: float
    cpu_limit_ms: float
    redraws: float
    duplicates: int
    repeats: int
    entries: Span | None
    work: Work
    guesses: tuple[Guess, ...]
    mistakes: tuple[Shown, ...]
    checked: Checked | None
    broken: tuple[str, ...]


class StressReport(Struct, frozen=True, kw_only=True):
    """The findings of one run."""

    schema: Literal["cnnex.stress/1"]
    version: str
    seed: str
    oracle: str | None
    findings: tuple[Finding, ...]
