"""F28: flattening in symbols."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from cnnex.maths.counting import linear_parameters, product
from cnnex.model import conventions as says
from cnnex.model.follow import FollowThrough
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Display, prose
from cnnex.model.value import Kind, Value
from cnnex.notation.formula import Formula, shape, symbol, total
from cnnex.seeds import Stream
from cnnex.topics._family import LEVELS, Family, Slip, Solved
from cnnex.topics._layers import tell_apart
from cnnex.topics.architecture._words import BIAS, CHANNELS_ONLY, ONE_BIAS, PLACES_ONLY

SizeName = Annotated[str, Meta(pattern="^[A-OQ-Za-oq-z]+(_[A-Za-z0-9]+)?$")]
"""A name of a size that is at least 1: without p and P, which stand for paddings."""
MaybeName = Annotated[str, Meta(pattern="^([A-OQ-Za-oq-z]+(_[A-Za-z0-9]+)?)?$")]
"""Such a name, or nothing."""


@dataclass(frozen=True, slots=True)
class FlatNames:
    """The names of the sizes of maps that are flattened, and of the outputs of what follows.

    Attributes:
        width: the name of the height, too, where the maps are square.
        hidden: the outputs of a fully connected layer before the last one; empty where there is none.
        outputs: of the last layer.
    """

    channels: SizeName
    height: SizeName
    width: SizeName
    hidden: MaybeName
    outputs: SizeName

    @property
    def layers(self) -> tuple[str, ...]:
        """The outputs of each fully connected layer."""
        return tuple(filter(None, (self.hidden, self.outputs)))


SIDES = (
    ("H", "W"), ("h", "w"), ("R", "S"), ("A", "B"), ("a", "b"), ("m", "n"), ("U", "V"), ("u", "v"),
    ("i", "j"), ("I", "J"), ("r", "s"),
)  # fmt: skip


class FlattenFormulas(Family[FlatNames]):
    """F28: length, weights and parameters of fully connected layers on flattened maps, in symbols."""

    id = "F28-flatten-formulas"
    title = "Flattening in general"
    params = FlatNames
    kinds = (Kind.EXPRESSION,)
    visible: ClassVar = dict.fromkeys(
        LEVELS, ("only-channels-flattened", "channels-left-out", "sides-added", "bias-forgotten", "one-bias-in-all")
    )

    def __init__(self) -> None:
        def flat(rule: Any) -> Any:
            return lambda p: _formulas(p, rule(*_maps(p)))

        self.slips = (
            Slip(*CHANNELS_ONLY, flat(lambda c, h, w: c)),
            Slip(*PLACES_ONLY, flat(lambda c, h, w: h * w)),
            Slip(
                "sides-added",
                "The sizes were added.",
                "How many values are there in one row, and how many such rows?",
                flat(lambda c, h, w: c + h + w),
            ),
            Slip(*BIAS, lambda p: {"parameters": self.solve(p)["weights"]}),
            Slip(*ONE_BIAS, lambda p: {"parameters": self.solve(p)["weights"] + len(p.layers)}),
        )

    def draw(self, rng: Stream, level: str) -> FlatNames:
        """Square maps at the easy level; two layers at the hard one."""
        channels = f"{rng.choice('CDFMQcdfq')}{rng.choice(('', '_in', '_out'))}"
        height, width = rng.choice(SIDES)
        hidden = rng.choice("EYZz") if level == "hard" else ""
        return FlatNames(channels, height, height if level == "easy" else width, hidden, rng.choice("KNTLGktg"))

    def solve(self, p: FlatNames) -> Solved:
        tell_apart((p.channels,), tuple(dict.fromkeys((p.height, p.width))), *([each] for each in p.layers), used="x")
        c, h, w = _maps(p)
        return _formulas(p, c * h**2 if h == w else product((c, h, w)))

    def work(self, p: FlatNames) -> int:
        return 3 + 3 * len(p.layers)

    def pose(self, p: FlatNames, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        c, h, w = _maps(p)
        names = tuple(dict.fromkeys((p.channels, p.height, p.width, *p.layers)))
        outputs = list(map(symbol, p.layers))
        second = prose(", and then into another one with {k}", k=outputs[-1]) if p.hidden else ""
        they = "do the two layers have together" if p.hidden else "does the layer have"

        def part(name: str, asks: str, prompt: str, **more: Any) -> Part:
            return Part(
                name, asks, Kind.EXPRESSION, prose(prompt), name, symbols=names, domain="integers", **more
            )  # fmt: skip

        return Problem(
            title=self.title,
            statement=(
                prose(
                    "Maps of shape {s} are flattened and go into a fully connected layer with {k} outputs{second}.",
                    s=shape((c, h, w)), k=outputs[0], second=second,
                ),
            ),
            conventions=(says.CHANNELS_FIRST, says.BIASES_COUNT),
            given={
                "input_shape": [p.channels, p.height, p.width],
                "layers": [
                    {"layer": "Flatten"},
                    *[
                        {"layer": "Linear", "in_features": before, "out_features": after, "bias": True}
                        for before, after in zip((None, *p.layers), p.layers, strict=False)
                    ],
                ],
            },
            parts=(
                part("length", "input_count_formula", "How long is the flattened input?", layer=1),
                part("weights", "weight_count_formula", f"How many weights {they}?", follows=FollowThrough.by(
                    lambda length: _formulas(p, length)["weights"], "length"
                )),
                part("parameters", "parameter_count_formula", f"How many parameters {they}?", follows=FollowThrough.by(
                    lambda weights: total([weights, *outputs]), "weights"
                )),
            ),
            steps=(
                Step("length", solved["length"], (
                    prose("Each of the {c} maps has {h} rows of {w} values, and all stand in one row:", c=c, h=h, w=w),
                    Display(solved["length"]),
                )),
                Step("weights", solved["weights"], (
                    prose("In a fully connected layer each output has a weight for each of its inputs:"),
                    Display(solved["weights"]),
                )),
                Step("parameters", solved["parameters"], (
                    prose("Each output has a bias, too:"), Display(solved["parameters"]),
                )),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _maps(p: FlatNames) -> tuple[Formula, Formula, Formula]:
    """Channels, height and width of the maps."""
    return symbol(p.channels), symbol(p.height), symbol(p.width)


def _formulas(p: FlatNames, length: Formula) -> dict[str, Value]:
    """The answers for so many values in one row."""
    outputs = list(map(symbol, p.layers))
    pairs = list(zip((length, *outputs), outputs, strict=False))
    return {
        "length": length,
        "weights": total([linear_parameters(*pair, bias=False) for pair in pairs]),
        "parameters": total([linear_parameters(*pair) for pair in pairs]),
    }
