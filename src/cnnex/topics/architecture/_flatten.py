"""F28: flattening in symbols."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from cnnex.maths.counting import linear_parameters, product
from cnnex.model import conventions as says
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Display, prose
from cnnex.model.value import Kind, Value
from cnnex.notation.formula import Formula, shape, symbol
from cnnex.seeds import Stream
from cnnex.topics._family import LEVELS, Family, Slip, Solved
from cnnex.topics._layers import tell_apart

CHANNELS_ONLY = (
    "only-channels-flattened",
    "Only the channels were counted as inputs of the fully connected layer.",
    "Flattening puts all values into one row. How many has each channel?",
)
PLACES_ONLY = (
    "channels-left-out",
    "The values of a single channel were counted.",
    "Flattening puts the values of all channels into one row.",
)
BIAS = ("bias-forgotten", "The biases were left out.", "What is added to each weighted sum? It is learned, too.")
ONE_BIAS = (
    "one-bias-in-all",
    "A single bias was counted for the whole layer.",
    "Does each output have a bias of its own?",
)  # fmt: skip


SizeName = Annotated[str, Meta(pattern="^[A-OQ-Za-oq-z]+(_[A-Za-z0-9]+)?$")]
"""A name of a size that is at least 1: without p and P, which stand for paddings."""


@dataclass(frozen=True, slots=True)
class FlatNames:
    """The names of the sizes of maps that are flattened, and of the number of outputs."""

    channels: SizeName
    height: SizeName
    width: SizeName
    outputs: SizeName


SIDES = (
    ("H", "W"), ("h", "w"), ("R", "S"), ("A", "B"), ("a", "b"), ("m", "n"), ("U", "V"), ("u", "v"),
    ("i", "j"), ("I", "J"), ("r", "s"),
)  # fmt: skip


class FlattenFormulas(Family[FlatNames]):
    """F28: length, weights and parameters of a fully connected layer on flattened maps, in symbols."""

    id = "F28-flatten-formulas"
    title = "Flattening in general"
    params = FlatNames
    kinds = (Kind.EXPRESSION,)
    visible: ClassVar = dict.fromkeys(
        LEVELS, ("only-channels-flattened", "channels-left-out", "sides-added", "bias-forgotten", "one-bias-in-all")
    )

    def __init__(self) -> None:
        def flat(rule: Any) -> Any:
            return lambda p: _formulas(p, rule(*_symbols(p)[:3]))

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
            Slip(*ONE_BIAS, lambda p: {"parameters": self.solve(p)["weights"] + 1}),
        )

    def draw(self, rng: Stream, level: str) -> FlatNames:
        end = rng.choice(("", "_in", "_out")) if level != "easy" else ""
        channels = f"{rng.choice('CDFMQcdfq')}{end}"
        height, width = rng.choice(SIDES)
        if level == "hard":
            height, width = f"{height}{end}", f"{width}{end}"
        return FlatNames(channels, height, width, rng.choice("KNTLGktg"))

    def solve(self, p: FlatNames) -> Solved:
        tell_apart((p.channels,), (p.height, p.width), (p.outputs,), used="x y")
        c, h, w, _ = _symbols(p)
        return _formulas(p, product((c, h, w)))

    def work(self, p: FlatNames) -> int:
        return 6

    def pose(self, p: FlatNames, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        c, h, w, k = _symbols(p)
        names = (p.channels, p.height, p.width)
        length = solved["length"]

        def part(name: str, asks: str, prompt: str, used: tuple[str, ...], *earlier: str) -> Part:
            return Part(
                name, asks, Kind.EXPRESSION, prose(prompt), name, symbols=used, domain="integers", layer=1,
                builds_on=earlier,
            )  # fmt: skip

        return Problem(
            title=self.title,
            statement=(
                prose(
                    "Maps of shape {s} are flattened and go into a fully connected layer with {k} outputs.",
                    s=shape((c, h, w)), k=k,
                ),
            ),
            conventions=(says.CHANNELS_FIRST, says.BIASES_COUNT),
            given={
                "input_shape": [*names],
                "layers": [
                    {"layer": "Flatten"},
                    {"layer": "Linear", "in_features": None, "out_features": p.outputs, "bias": True},
                ],
            },
            parts=(
                part("length", "input_count_formula", "How long is the flattened input?", names),
                part("weights", "weight_count_formula", "How many weights does the layer have?",
                     (*names, p.outputs), "length"),
                part("parameters", "parameter_count_formula", "How many parameters does it have?",
                     (*names, p.outputs), "weights"),
            ),
            steps=(
                Step("length", length, (
                    prose("Each of the {c} maps has {h} rows of {w} values, and all stand in one row:", c=c, h=h, w=w),
                    Display(length),
                )),
                Step("weights", solved["weights"], (
                    prose("Each output has a weight for each of these values:"), Display(solved["weights"]),
                )),
                Step("parameters", solved["parameters"], (
                    prose("Each of the {k} outputs has a bias, too:", k=k), Display(solved["parameters"]),
                )),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _symbols(p: FlatNames) -> list[Formula]:
    return [symbol(name) for name in (p.channels, p.height, p.width, p.outputs)]


def _formulas(p: FlatNames, length: Formula) -> dict[str, Value]:
    k = symbol(p.outputs)
    return {
        "length": length,
        "weights": linear_parameters(length, k, bias=False),
        "parameters": linear_parameters(length, k),
    }
