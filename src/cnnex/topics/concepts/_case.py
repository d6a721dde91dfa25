"""The numbers of a sentence about an idea, and the table of these sentences."""

from __future__ import annotations

from collections.abc import Mapping
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


def draw_case(rng: Stream, level: str) -> Case:
    """A sentence of a level, with numbers for each that there is."""
    pixels = rng.sample(range(1, 10), SIDE**2)
    in_channels, out_channels = rng.sample(range(2, 33), 2)
    return Case(
        rng.choice(IDEAS.at(level)),
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


MISCONCEPTIONS: Mapping[str, tuple[str, str]] = {
    "equivariance-misjudged": (
        "It was not seen that a convolution is equivariant, or equivariance was taken for invariance.",
        "Shift the input of a small example by one place and compare both outputs number by number.",
    ),
    "invariance-misjudged": (
        "It was misjudged which layers make an output independent of small shifts.",
        "Take a few numbers, shift them by one place, and compute the output again. Is it the same?",
    ),
    "stride-or-border-overlooked": (
        "It was overlooked what stride and padding do to the equivariance of a layer.",
        "Where do the windows begin after the shift, and what do the first and the last one see?",
    ),
    "sharing-misjudged": (
        "It was overlooked what weights of their own at each place do to a shifted input.",
        "By which weights is an entry multiplied before the shift, and by which after it?",
    ),
    "rotation-for-free": (
        "It was misjudged what a kernel does to a pattern in another direction.",
        "Turn the pattern, keep the kernel as it is, and compute one response.",
    ),
    "flip-misjudged": (
        "It was misjudged whether a kernel is flipped, or whether an example can show it.",
        "Which weight meets the first entry of the window? Compare it with the mirrored kernel.",
    ),
    "matrix-misjudged": (
        "The matrix of the layer was given the wrong form.",
        "A matrix has one row for each output and one column for each input.",
    ),
    "zeros-misjudged": (
        "Zeros that a layer's form demands were confused with weights that happen to be zero.",
        "Which values may training give to a weight? Is any value forbidden?",
    ),
    "padding-sides-confused": (
        "The padding of one side was confused with the padding of both sides.",
        "Write a short padded line and count the zeros at each end.",
    ),
    "channels-misread": (
        "It was misread over which channels a layer adds, and how many maps come out.",
        "What does one filter look at, and how many maps does one filter make?",
    ),
    "learned-misjudged": (
        "It was misjudged which numbers of a layer training changes by gradients.",
        "Which of these numbers have a gradient, and which are only measured?",
    ),
    "weights-miscounted": (
        "It was misjudged on what the number of weights depends.",
        "Write down the shape of the weight. Which of the layer's settings stand in it?",
    ),
    "field-misjudged": (
        "It was misjudged what one output depends on.",
        "Start at one output and mark all inputs that it depends on.",
    ),
    "shape-misjudged": (
        "It was misjudged what the layer does to the shape of its input.",
        "How many outputs does the layer compute along each axis?",
    ),
    "stride-misread": (
        "It was misread what the stride says.",
        "The stride is a step. Where would the second window begin?",
    ),
    "inverse-assumed": (
        "A transposed convolution was confused with the inverse of a convolution.",
        "Multiply a small matrix by its transpose. Is the product the identity?",
    ),
    "gradient-misrouted": (
        "The gradient was sent to the wrong entries, or in the wrong shares.",
        "Change one entry a little. By how much does each output change?",
    ),
}  # fmt: skip
