"""F14: global average pooling, one number for each channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from cnnex.maths import pooling as maths
from cnnex.maths.geometry import DoesNotFitError
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Display, Table, prose
from cnnex.model.value import Kind, to_json
from cnnex.notation.formula import Formula, equation, matrix, shape, symbol, total
from cnnex.seeds import Stream
from cnnex.topics._family import LEVELS, Family, Slip, Solved

Entry = Annotated[int, Meta(ge=-(10**6), le=10**6)]
Planes = tuple[tuple[tuple[Entry, ...], ...], ...]
# Channels, height, width: within a level as many channels, so as many parts, and about the same number of entries.
SHAPES = {
    "easy": [(3, 2, 3), (3, 3, 2)],
    "medium": [(3, 4, 4), (3, 3, 5), (3, 5, 3)],
    "hard": [(4, 5, 5), (4, 4, 6), (4, 6, 4)],
}


@dataclass(frozen=True, slots=True)
class Maps:
    """A stack of feature maps, a matrix for each channel."""

    input: Planes

    @property
    def shape(self) -> tuple[int, int, int]:
        """Channels, height, width; 0 where there is nothing."""
        first = self.input[0] if self.input else ()
        return len(self.input), len(first), len(first[0]) if first else 0

    @property
    def channels(self) -> list[list[int]]:
        """The entries of each channel in reading order."""
        return list(map(maths.whole_window, self.input))


class GlobalAveragePooling(Family[Maps]):
    """F14: the mean of each whole channel."""

    id = "F14-global-average-pooling"
    title = "Global average pooling"
    params = Maps
    kinds = (Kind.SHAPE, Kind.RATIONAL)
    visible: ClassVar = dict.fromkeys(LEVELS, ("sum-for-average", "channels-mixed", "max-for-average"))

    def __init__(self) -> None:
        def reduced(reduce: Callable[[list[int]], Any]) -> Callable[[Maps], Solved]:
            return lambda p: _named([reduce(entries) for entries in p.channels])

        self.slips = (
            Slip(
                "sum-for-average",
                "The entries of each channel were added but not divided.",
                "An average lies between the smallest and the largest entry. Does yours?",
                reduced(sum),
            ),
            Slip(
                "channels-mixed",
                "One average was taken over all channels.",
                "Pooling works on each channel alone. What happens to their number?",
                lambda p: {"shape": (1, 1, 1)} | _named([_mixed(p)] * p.shape[0]),
            ),
            Slip(
                "max-for-average",
                "The largest entry of each channel was taken in place of its average.",
                "Read again which kind of pooling is asked for.",
                reduced(max),
            ),
            Slip(
                "divided-by-height",
                "The sum was divided by the height of the channel.",
                "How many entries does a whole channel have?",
                lambda p: _named([maths.share(sum(entries), p.shape[1]) for entries in p.channels]),
            ),
        )

    def draw(self, rng: Stream, level: str) -> Maps:
        channels, height, width = rng.choice(SHAPES[level])
        entries = range(-6, 10) if level == "easy" else range(-9, 16)
        return Maps(
            tuple(
                tuple(tuple(rng.choice(entries) for _ in range(width)) for _ in range(height)) for _ in range(channels)
            )
        )

    def solve(self, p: Maps) -> Solved:
        if not all(p.shape) or any(len(row) != p.shape[2] for plane in p.input for row in plane):
            raise DoesNotFitError("input has no entries, or rows of different lengths")
        if any(len(plane) != p.shape[1] for plane in p.input):
            raise DoesNotFitError("the channels of input have different heights")
        means = [maths.share(sum(entries), len(entries)) for entries in p.channels]
        return {"shape": (p.shape[0], 1, 1), **_named(means)}

    def work(self, p: Maps) -> int:
        return _count(p)

    def pose(self, p: Maps, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        channels, height, width = p.shape
        names = [f"entry_{number}" for number in range(1, channels + 1)]
        return Problem(
            title=self.title,
            statement=(
                prose("Global average pooling is applied to an input of shape {x}. Its channels are", x=shape(p.shape)),
                *(Display(equation(symbol(f"X_{i}"), matrix(plane))) for i, plane in enumerate(p.input, 1)),
            ),
            conventions=(says.CHANNELS_FIRST, says.WHOLE_WINDOW, says.EXACT),
            given={
                "operation": "avg_pool2d",
                "input": to_json(p.input),
                "kernel_size": [height, width],
                "stride": [height, width],
                "padding": [0, 0],
                "ceil_mode": False,
                "count_include_pad": True,
                "divisor_override": None,
            },
            parts=(
                Part("shape", "output_shape", Kind.SHAPE, prose("What is the shape of the output?"), "shape"),
                *(
                    Part(
                        name, "output_entry", Kind.RATIONAL, prose("What does {x} become?", x=symbol(f"X_{number}")),
                        name, index=(number - 1, 0, 0),
                    )
                    for number, name in enumerate(names, 1)
                ),
            ),
            steps=(
                Step("shape", solved["shape"], (
                    prose("The window is as large as a channel, so it has one place. Pooling keeps the channels."),
                )),
                *(
                    Step(name, solved[name], (_sum_table(p),) if name == names[0] else ()) for name in names
                ),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _mixed(p: Maps) -> Any:
    """The mean over all channels."""
    return maths.share(sum(map(sum, p.channels)), _count(p))


def _named(values: list[Any]) -> Solved:
    return {f"entry_{number}": value for number, value in enumerate(values, 1)}


def _count(p: Maps) -> int:
    channels, height, width = p.shape
    return channels * height * width


def _sum_table(p: Maps) -> Table:
    count = p.shape[1] * p.shape[2]
    rows = []
    for number, plane in enumerate(p.input, 1):
        whole = sum(map(sum, plane))
        mean = maths.share(whole, count)
        reduced = mean if mean.denominator == count else equation(Formula("div", whole, count), mean)
        rows.append((symbol(f"X_{number}"), equation(total([sum(row) for row in plane]), whole), reduced))
    caption = f"The sums of the rows of each channel, their sum, and that divided by the {count} entries"
    return Table(caption, ("channel", "sum of the rows", "mean"), tuple(rows))
