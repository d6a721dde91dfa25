"""F25 in one dimension: weights with sharing, without, and of a dense layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from cnnex.model.problem import Mistake, Problem, Step
from cnnex.model.prose import prose
from cnnex.model.value import Kind, Padding, Size
from cnnex.seeds import Stream
from cnnex.topics import _sizes
from cnnex.topics._family import Solved
from cnnex.topics._layers import Geometry, data, settings
from cnnex.topics.parameters._layer import asked, places_blocks, plural
from cnnex.topics.parameters._sharing import Sharing, View, conventions, counts


@dataclass(frozen=True, slots=True)
class LineLayer:
    """One kernel that slides along a line."""

    size: Size
    kernel_size: Size
    stride: Size
    padding: Padding


class LineSharing(Sharing[LineLayer]):
    """F25 in one dimension."""

    id = "F25-sharing-1d"
    title = "Weight sharing in one dimension"
    params = LineLayer
    visible: ClassVar = {
        "easy": ("sharing-ignored", "weights-shared", "zeros-counted", "first-window-forgotten"),
        "medium": ("sharing-ignored", "weights-shared", "zeros-counted", "padding-weights-counted"),
        "hard": ("sharing-ignored", "weights-shared", "padding-weights-counted", "border-windows-left-out"),
    }

    def __init__(self) -> None:
        super().__init__()
        self.slips = (*self.slips, _sizes.slip("first-window-forgotten", lambda p: counts(
            self.view(p), len(self.view(p).met) - 1
        )))  # fmt: skip

    def view(self, p: LineLayer) -> View:
        return View(1, 1, Geometry(p.size, p.kernel_size, p.stride, p.padding), 1)

    def draw(self, rng: Stream, level: str) -> LineLayer:
        kernel_size = rng.randint(2, 10) if level == "easy" else rng.randint(3, 12)
        if level == "easy":
            return LineLayer(rng.randint(kernel_size + 3, kernel_size + 11), kernel_size, 1, 0)
        size = rng.randint(kernel_size + 4, 32)
        if level == "medium":
            return LineLayer(size, kernel_size, 1, rng.randint(1, kernel_size // 2))
        return LineLayer(size, kernel_size, rng.randint(2, 3), rng.randint(2, 4))

    def draw_like(self, rng: Stream, level: str, pattern: Mapping[str, Any]) -> LineLayer:
        p = self.draw(rng, level)
        if not pattern.get("padding"):
            return replace(p, padding=0)
        half = p.kernel_size // 2
        if pattern.get("stride") == 1 and 2 * pattern["padding"] + 1 == pattern.get("kernel_size"):
            return replace(p, kernel_size=2 * half + 1, stride=1, padding=half)  # "same" stays "same"
        return replace(p, padding=p.padding or half)

    def fair(self, p: LineLayer, solved: Solved, level: str) -> bool:
        if solved["output_size"] == p.kernel_size:
            return False  # else outputs and weights could be exchanged unseen
        return p.padding < p.kernel_size < p.size and (not p.padding or solved["effective"] < solved["unshared"])

    def pose(self, p: LineLayer, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "A one-dimensional convolution layer slides one kernel of {k} over an input of {n} entries, with "
                    "{settings}.",
                    k=plural(p.kernel_size, "weight"), n=p.size, settings=settings(p.stride, p.padding),
                ),
            ),
            conventions=conventions(p.padding),
            given=data("conv1d", [p.stride], [p.padding], [1], input_shape=[p.size], weight_shape=[p.kernel_size]),
            mistakes=mistakes,
            **self.counting(
                p, solved,
                (asked("output_size", "output_size", Kind.INTEGER, "How many entries does the output have?"),),
                (Step("output_size", solved["output_size"], places_blocks(
                    self.view(p).geometry, "N", "{n} entries, {k} weights"
                )),),
            ),
        )  # fmt: skip
