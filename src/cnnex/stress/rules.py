"""The rules that variants keep, so that two students' problems are equally hard and no answer can be guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import isqrt, sqrt

from cnnex.model.problem import Part
from cnnex.model.stress import Checked, Guess, Shown, Work
from cnnex.model.value import Kind

LARGEST_DEVIATION = 0.15
"""How far the work of a variant may be from the level's median, over the median."""
LARGEST_GUESS = 0.15
"""In how many of the variants the most frequent answer to a numeric part may be right."""
LEAST_VARIANTS = 20
"""With fewer variants it says nothing that one answer was right twice."""
LEAST_SHOWN = 0.9
"""In how many of the variants a mistake that the level names must lead to another answer."""
CPU_MS, SYMBOLIC_CPU_MS = 1.0, 2.0

SIZES = frozenset({
    "output_shape", "output_size", "padded_shape", "padded_size", "operator_shape", "weight_shape", "bias_shape",
    "kernel_shape", "equivalent_weight_shape", "input_shape", "effective_kernel_size", "tap_pattern", "output_range",
    "valid_range", "input_count", "output_count", "weight_count", "parameter_count", "unshared_weight_count",
    "effective_unshared_weight_count", "dense_weight_count", "dense_weight_ratio", "macs", "flops", "activation_memory",
    "padding", "kernel_size", "stride", "strides", "receptive_field", "receptive_field_start", "jump", "layer_count",
})  # fmt: skip
"""Sizes and counts: often asked on the way to something else, with few values that a student would meet."""
_NUMERIC = (Kind.INTEGER, Kind.RATIONAL, Kind.VECTOR, Kind.MATRIX, Kind.SHAPE)


def is_limited(part: Part, parts: Sequence[Part]) -> bool:
    """Whether a rule bounds how often an answer to this part may be right.

    Choices and truths have few answers by nature, and a general formula is the same for all numbers. A size is on the
    way where another part asks for more than a size, or where another part follows.
    """
    if part.kind not in _NUMERIC or part.asks.endswith("_formula"):
        return False
    return part.asks not in SIZES or (part is parts[-1] and all(each.asks in SIZES for each in parts))


def broken(
    *, variants: int, duplicates: int, exhausted: str, work: Work, guesses: Sequence[Guess], mistakes: Sequence[Shown],
    checked: Checked | None,
) -> tuple[str, ...]:  # fmt: skip
    """A sentence for each rule that is broken."""
    found = [exhausted] if exhausted else []
    if duplicates:
        found.append(f"{counted(duplicates, 'problem')} repeated within a set")
    if _least_deviation(work) > LARGEST_DEVIATION:
        found.append(f"work is up to {work.deviation:.0%} away from the median {work.median:g}")
    found += [
        f"{guess.part}: {guess.answer} is right in {guess.share:.0%} of the variants"
        for guess in guesses
        if guess.limited and variants >= LEAST_VARIANTS and guess.share > LARGEST_GUESS + _chance(variants)
    ]
    found += [
        f"{mistake.id} shows in {mistake.share:.0%} of the variants only"
        for mistake in mistakes
        if mistake.named and mistake.share < LEAST_SHOWN
    ]
    if checked and checked.refuted:
        found.append(f"{counted(len(checked.refuted), 'key')} not confirmed, the first: {checked.refuted[0]}")
    return tuple(found)


def _chance(variants: int) -> float:
    """Two standard errors of the largest share: so much more is seen where the rule is kept."""
    return 2 * sqrt(LARGEST_GUESS * (1 - LARGEST_GUESS) / variants)


def _least_deviation(work: Work) -> float:
    """The deviation from the most favourable of the works that may be the median of many variants.

    >>> _least_deviation(Work(10.0, 0.2, ((10, 11), (11, 6), (12, 3)))) < 0.1
    True
    """
    ordered = sorted(Counter(dict(work.counts)).elements())
    # Two standard errors of the median's rank.
    rank, slack = len(ordered) // 2, isqrt(len(ordered))
    near = {each for each in ordered[max(0, rank - slack) : rank + slack + 1] if each}
    return min((max(ordered[-1] - each, each - ordered[0]) / each for each in near), default=0.0)


def counted(number: int, thing: str) -> str:
    """A number of things.

    >>> counted(1, "key"), counted(2, "key")
    ('1 key', '2 keys')
    """
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
