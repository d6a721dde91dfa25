"""F25 for images with channels: weights with sharing, without, and of a dense layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from cnnex.maths.counting import linear_parameters, product
from cnnex.model import conventions as says
from cnnex.model.follow import FollowThrough, entries_of
from cnnex.model.problem import Mistake, Problem, Step
from cnnex.model.prose import prose
from cnnex.model.value import Kind, Value
from cnnex.seeds import Stream
from cnnex.topics._family import Slip, Solved
from cnnex.topics._layers import Geometry
from cnnex.topics.parameters import _layer
from cnnex.topics.parameters._layer import ConvLayer, asked, layer_data, side_blocks, words
from cnnex.topics.parameters._sharing import Sharing, View, conventions, multiplied, solved_of


class PlaneSharing(Sharing[ConvLayer]):
    """F25 for images with channels."""

    id = "F25-sharing-2d"
    title = "Weight sharing on images"
    params = ConvLayer
    visible: ClassVar = {
        "easy": ("sharing-ignored", "weights-shared", "zeros-counted", "channels-left-out"),
        "medium": ("sharing-ignored", "weights-shared", "zeros-counted", "channels-left-out"),
        "hard": ("sharing-ignored", "weights-shared", "padding-weights-counted", "border-windows-left-out"),
    }

    def __init__(self) -> None:
        super().__init__()
        self.slips = (
            *self.slips,
            Slip(
                "channels-left-out",
                "Channels were left out of a count.",
                "How many channels does one filter look at, and how many entries do all channels have together?",
                self._without_channels,
            ),
        )

    def _without_channels(self, p: ConvLayer) -> Mapping[str, Value]:
        flat = solved_of(self.view(p)._replace(in_channels=1))
        inputs, outputs = p.size**2, p.side**2
        return {
            **{name: flat[name] for name in ("shared", "unshared", "effective")},
            "input_count": inputs, "output_count": outputs, "dense": linear_parameters(inputs, outputs, bias=False),
        }  # fmt: skip

    def view(self, p: ConvLayer) -> View:
        return View(
            p.in_channels, p.out_channels, Geometry(p.size, p.kernel_size, p.stride, p.padding), 2
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> ConvLayer:
        sizes = {"easy": (6, 12), "medium": (9, 20), "hard": (12, 32)}
        size, kernel_size, stride, padding = _layer.draw_geometry(rng, level, sizes)
        channels, filters = {"easy": (6, 9), "medium": (6, 12), "hard": (8, 16)}[level]
        return ConvLayer(rng.randint(2, channels), size, rng.randint(2, filters), kernel_size, stride, padding)

    def draw_like(self, rng: Stream, level: str, pattern: Mapping[str, Any]) -> ConvLayer:
        p = self.draw(rng, level)
        return replace(p, padding=(p.padding or p.kernel_size // 2) if pattern.get("padding") else 0)

    def fair(self, p: ConvLayer, solved: Solved, level: str) -> bool:
        return _layer.fair(p) and (not p.padding or solved["effective"] < solved["unshared"])

    def pose(self, p: ConvLayer, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        return Problem(
            title=self.title,
            statement=(words(p),),
            conventions=(says.CHANNELS_FIRST, *conventions(p.padding)),
            given=layer_data(p, bias=False),
            mistakes=mistakes,
            **self.counting(
                p, solved,
                (
                    asked("output_shape", "output_shape", Kind.SHAPE, "What is the shape of the output?"),
                    asked("input_count", "input_count", Kind.INTEGER, "How many entries does the input have in all?"),
                    asked(
                        "output_count", "output_count", Kind.INTEGER, "How many entries does the output have in all?",
                        follows=FollowThrough.by(lambda *shape: product(shape), *entries_of("output_shape", 3)),
                    ),
                ),
                (
                    Step("output_shape", solved["output_shape"], (
                        *side_blocks(p), prose("Each of the {f} filters makes one map.", f=p.out_channels),
                    )),
                    Step("input_count", solved["input_count"], (
                        prose("The number of entries of the input:"),
                        *multiplied(p.input_shape, solved["input_count"]),
                    )),
                    Step("output_count", solved["output_count"], (
                        prose("The number of entries of the output:"),
                        *multiplied(p.output_shape, solved["output_count"]),
                    )),
                ),
            ),
        )  # fmt: skip
