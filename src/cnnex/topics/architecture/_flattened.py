"""F28: a fully connected layer on flattened maps, in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from cnnex.maths.counting import linear_parameters, product
from cnnex.maths.geometry import DoesNotFitError
from cnnex.model import conventions as says
from cnnex.model.follow import FollowThrough, entries_of
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Display, Prose, Table, prose
from cnnex.model.value import Kind, Size, Value
from cnnex.notation.formula import Formula, equation, floor, symbol
from cnnex.seeds import Stream
from cnnex.topics._family import LEVELS, Family, Slip, Solved
from cnnex.topics.architecture._words import BIAS, CHANNELS_ONLY, ONE_BIAS, PLACES_ONLY


@dataclass(frozen=True, slots=True)
class Maps:
    """Maps that are pooled, flattened, and go into a fully connected layer.

    Attributes:
        pool: side and stride of the pooling windows; 1 for no pooling.
        outputs: of the layer.
    """

    channels: Size
    height: Size
    width: Size
    pool: Size
    outputs: Size

    @property
    def sides(self) -> tuple[int, int]:
        """What is flattened of each channel; a window that does not fit is left out."""
        return self.height // self.pool, self.width // self.pool


class FlattenedLayer(Family[Maps]):
    """F28: length of the flattened maps, then matrix, weights and parameters of the layer on it."""

    id = "F28-flattened-layer"
    title = "A fully connected layer on flattened maps"
    params = Maps
    kinds = (Kind.INTEGER, Kind.SHAPE)
    visible: ClassVar = {
        **dict.fromkeys(LEVELS, ("only-channels-flattened", "channels-left-out", "bias-forgotten", "one-bias-in-all")),
        "hard": ("only-channels-flattened", "channels-left-out", "bias-forgotten", "pooling-skipped"),
    }

    def __init__(self) -> None:
        def weights(p: Maps) -> int:
            return int(self.solve(p)["weights"])

        self.slips = (
            Slip(*CHANNELS_ONLY, lambda p: _flat(p, [p.channels])),
            Slip(*PLACES_ONLY, lambda p: _flat(p, p.sides)),
            Slip(
                "pooling-skipped",
                "The sizes before the pooling were used.",
                "Which sizes does the next layer get?",
                lambda p: self.solve(replace(p, pool=1)),
            ),
            Slip(*BIAS, lambda p: {"parameters": weights(p)}),
            Slip(*ONE_BIAS, lambda p: {"parameters": weights(p) + 1}),
        )

    def draw(self, rng: Stream, level: str) -> Maps:
        """Square maps at the easy level; pooling before at the hard one, which leaves a rest."""
        channels, ends = {
            "easy": ((4, 6, 8, 12, 16, 20), (3, 9)), "medium": ((16, 24, 32, 48, 64, 96), (5, 14)),
            "hard": ((32, 48, 64, 96, 128), (9, 29)),
        }[level]  # fmt: skip
        height = rng.randint(*ends)
        width = height if level == "easy" else rng.randint(*ends)
        outputs = rng.choice((5, 7, 9, 10, 14, 15, 18, 25, 30, 50, 100))
        return Maps(rng.choice(channels), height, width, rng.choice((2, 3)) if level == "hard" else 1, outputs)

    def solve(self, p: Maps) -> Solved:
        if min(p.sides) < 1:
            raise DoesNotFitError(f"a pooling window of {p.pool} × {p.pool} does not fit on {p.height} × {p.width}")
        return _flat(p, (p.channels, *p.sides))

    def work(self, p: Maps) -> int:
        return 10 if p.pool == 1 else 14

    def fair(self, p: Maps, solved: Solved, level: str) -> bool:
        """Sizes that mean different things differ, and pooling leaves a rest."""
        square, rest = p.height == p.width, p.height % p.pool + p.width % p.pool
        return (
            len({p.channels, *p.sides, p.outputs}) == 4 - square
            and (square == (level == "easy"))
            and (p.pool == 1 or rest > 0)
        )

    def pose(self, p: Maps, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        window = [p.pool, p.pool]
        pool = {"layer": "MaxPool2d", "kernel_size": window, "stride": window, "padding": [0, 0], "dilation": [1, 1]}
        last = {"layer": "Linear", "in_features": None, "out_features": p.outputs, "bias": True}
        layers = [*[pool] * (p.pool > 1), {"layer": "Flatten"}, last]
        w = symbol("W")
        pooled = prose("max pooling with windows of {q} × {q} and stride {q}, then ", q=p.pool) if p.pool > 1 else ""

        def part(name: str, asks: str, prompt: str | Prose, follows: FollowThrough | None = None) -> Part:
            kind = Kind.SHAPE if asks.endswith("shape") else Kind.INTEGER
            words = prompt if isinstance(prompt, Prose) else prose(prompt)
            return Part(name, asks, kind, words, name, layer=len(layers) - 1, follows=follows)

        return Problem(
            title=self.title,
            statement=(
                prose(
                    "A network has made {c} maps of height {h} and width {v}. After them come {pooled}flattening and "
                    "a fully connected layer with {k} outputs. It computes {line}.",
                    c=p.channels, h=p.height, v=p.width, k=p.outputs, pooled=pooled,
                    line=equation(symbol("y"), w * symbol("x") + symbol("b")),
                ),
            ),
            conventions=(
                says.CHANNELS_FIRST, says.BIASES_COUNT, *[says.ROUND_DOWN] * (p.pool > 1),
            ),
            given={"input_shape": [p.channels, p.height, p.width], "layers": layers},
            parts=(
                part("flattened", "input_count", prose("How many values does the flattened input {x} have?",
                                                       x=symbol("x"))),
                part("matrix_shape", "weight_shape", prose("What is the shape of {w}?", w=w),
                     FollowThrough.by(lambda length: (p.outputs, length), "flattened")),
                part("weights", "weight_count", "How many weights does the layer have?",
                     FollowThrough.by(lambda rows, columns: rows * columns, *entries_of("matrix_shape", 2))),
                part("parameters", "parameter_count", "How many parameters does the layer have?",
                     FollowThrough.by(lambda weights: weights + p.outputs, "weights")),
            ),
            steps=(
                Step("flattened", solved["flattened"], (
                    *_pooled(p),
                    prose("All values of all maps stand in one row:"),
                    _worked("mul", p.channels, *p.sides, value=solved["flattened"]),
                )),
                Step("matrix_shape", solved["matrix_shape"], (
                    prose("Each output has a row of {w} and each input a column.", w=w),
                )),
                Step("weights", solved["weights"], (
                    _worked("mul", p.outputs, solved["flattened"], value=solved["weights"]),
                )),
                Step("parameters", solved["parameters"], (
                    prose("Each output has a bias, too:"),
                    _worked("add", solved["weights"], p.outputs, value=solved["parameters"]),
                    prose("Check: each output has one parameter more than the flattened input has values:"),
                    Display(equation(Formula("mul", Formula("add", solved["flattened"], 1), p.outputs),
                                     solved["parameters"])),
                )),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _flat(p: Maps, sizes: Sequence[int]) -> dict[str, Value]:
    length = product(sizes)
    return {
        "flattened": length,
        "matrix_shape": (p.outputs, length),
        "weights": linear_parameters(length, p.outputs, bias=False),
        "parameters": linear_parameters(length, p.outputs),
    }


def _pooled(p: Maps) -> tuple[Any, ...]:
    """What pooling leaves of height and width."""
    if p.pool == 1:
        return ()
    rows = [
        (name, equation(floor(Formula("div", size, p.pool)), left))
        for name, size, left in zip(("height", "width"), (p.height, p.width), p.sides, strict=True)
    ]
    return (
        prose("The windows of the pooling lie side by side, so it divides height and width by {q}:", q=p.pool),
        Table("After pooling", ("axis", "size"), tuple(rows)),
    )


def _worked(operation: str, *terms: int, value: int) -> Display:
    return Display(equation(Formula(operation, *terms), value))
