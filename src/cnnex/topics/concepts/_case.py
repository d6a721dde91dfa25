"""The numbers of a sentence about an idea, and the table of these sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cnnex.maths.geometry import DoesNotFitError
from cnnex.model.value import Matrix, Size, Vector
from cnnex.seeds import Stream
from cnnex.topics.concepts._claim import Table

SIDE = 3
LENGTH = 6


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A sentence, and numbers for an example of it.

    Two cases are equal when the sentence has the same words: numbers that it does not use don't count.

    Attributes:
        statement: the id of the sentence.
        holds: whether its true or its false form is asked.
        input: six different numbers.
        kernel: three different weights, none of them 0.
        image: three rows of three different numbers.
        size: the side of a feature map, even.
    """

    statement: str
    holds: bool
    input: Vector
    kernel: Vector
    image: Matrix
    in_channels: Size
    out_channels: Size
    kernel_size: Size
    size: Size

    @property
    def window(self) -> Matrix:
        """The first two rows and columns of the image."""
        return tuple(row[:2] for row in self.image[:2])

    @property
    def _words(self) -> tuple[Any, ...]:
        uses = IDEAS[self.statement].uses if self.statement in IDEAS else ()
        return (self.statement, self.holds, *map(self._used, uses))

    def _used(self, use: str) -> Any:
        name, _, first = use.partition(":")
        return getattr(self, name)[: int(first)] if first else getattr(self, name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Case) and self._words == other._words

    def __hash__(self) -> int:
        return hash(self._words)


IDEAS: Table[Case] = Table()


def draw_case(rng: Stream, statements: Sequence[str]) -> Case:
    """One of the sentences, with numbers for each that there is."""
    pixels = rng.sample(range(1, 10), SIDE**2)
    in_channels, out_channels = rng.sample(range(2, 33), 2)
    return Case(
        rng.choice(statements),
        rng.randint(0, 1) == 1,
        tuple(rng.sample(range(1, 10), LENGTH)),
        tuple(rng.sample((-2, -1, 1, 2, 3), 3)),
        tuple(tuple(pixels[i : i + SIDE]) for i in range(0, SIDE**2, SIDE)),
        in_channels, out_channels, rng.choice((3, 5, 7)), 2 * rng.randint(5, 32),
    )  # fmt: skip


def check_case(p: Case) -> None:
    """Refuses numbers that are no example.

    Raises:
        DoesNotFitError: the wrong number of entries, equal entries, or a kernel that does not fit.
    """
    pixels = [entry for row in p.image for entry in row]
    if len(p.input) != LENGTH or len(set(p.input)) < LENGTH:
        raise DoesNotFitError(f"input has {LENGTH} different entries")
    if len(p.kernel) != SIDE or len({*p.kernel, 0}) <= SIDE:
        raise DoesNotFitError(f"kernel has {SIDE} different weights, none of them 0")
    if [len(row) for row in p.image] != [SIDE] * SIDE or len(set(pixels)) < SIDE**2:
        raise DoesNotFitError(f"image has {SIDE} rows of {SIDE} entries, all different")
    if any(int(entry) != entry for entry in (*p.input, *p.kernel, *pixels)):
        raise DoesNotFitError("input, kernel and image have whole numbers")
    if p.kernel_size % 2 == 0 or p.kernel_size == 1 or p.size <= p.kernel_size:
        raise DoesNotFitError("kernel_size is odd and above 1, size is larger")
    if min(p.in_channels, p.out_channels) < 2 or p.in_channels == p.out_channels:
        raise DoesNotFitError("in_channels and out_channels are different and above 1")
