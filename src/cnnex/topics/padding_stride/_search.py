"""What the kernel size and the strides for a wanted output have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Protocol, TypeVar

from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Prose, prose
from cnnex.model.value import Value
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics._layers import conventions, data
from cnnex.topics._sizes import slip


class Wanted(Protocol):
    """A layer along one axis, and the output that it shall have."""

    @property
    def size(self) -> int:
        """Of the input."""

    @property
    def padding(self) -> int:
        """On each side."""

    @property
    def dilation(self) -> int:
        """Of the kernel."""

    @property
    def output_size(self) -> int:
        """That is wanted."""


P = TypeVar("P", bound=Wanted)


class Search(Family[P]):
    """What both families say alike."""

    asks: ClassVar[str]

    @abstractmethod
    def settings(self, p: P) -> Prose:
        """What is known of the layer."""

    @abstractmethod
    def question(self, p: P) -> Prose:
        """What is looked for."""

    @abstractmethod
    def blocks(self, p: P, found: Any) -> tuple[Block, ...]:
        """How it is found, with a test of the ends."""

    def pose(self, p: P, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        (kind,) = self.kinds
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "A one-dimensional convolution layer has {settings}. Its input has length {n}, and its output "
                    "shall have length {o}.",
                    settings=self.settings(p), n=p.size, o=p.output_size,
                ),
            ),
            conventions=conventions(padded=p.padding > 0, dilated=p.dilation > 1, sizes_only=True),
            given={
                **data(
                    "conv1d", [getattr(p, "stride", None)], [p.padding], [p.dilation],
                    input_shape=[p.size], weight_shape=[getattr(p, "kernel_size", None)],
                ),
                "output_size": p.output_size,
            },
            parts=(Part(self.asks, self.asks, kind, self.question(p), "found"),),
            steps=(Step("found", solved["found"], self.blocks(p, solved["found"])),),
            mistakes=mistakes,
        )  # fmt: skip


def changed(name: str, change: Callable[[Any], Value]) -> Slip[Any]:
    """A mistake with sizes that leads to another answer."""
    return slip(name, lambda p: {"found": change(p)})
