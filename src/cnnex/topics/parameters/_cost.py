"""What both families of F26 share: a batch, the bytes of its values, and FLOPs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Protocol, TypeVar

from msgspec import Meta

from cnnex.model.follow import FollowThrough
from cnnex.model.problem import Part, Step
from cnnex.model.prose import Display, Prose, prose
from cnnex.model.value import Kind
from cnnex.seeds import Stream
from cnnex.topics._family import Slip, Solved
from cnnex.topics.parameters._layer import asked, counted, plural, slip

Bytes = Annotated[int, Meta(ge=1, le=16)]
FLOPS_PER_MAC = 2


class Batched(Protocol):
    """What gets several inputs at once."""

    @property
    def batch_size(self) -> int:
        """How many inputs."""

    @property
    def bytes_per_value(self) -> int:
        """The memory of one value."""


P = TypeVar("P", bound=Batched)


def draw_batch(rng: Stream, level: str) -> tuple[int, int]:
    """How many inputs, and the bytes of a value: 4 as in float32, 2 or 8 at the hard level."""
    return rng.choice((4, 8, 10, 16, 20, 32)), 4 if level != "hard" else rng.choice((2, 8))


def memory(p: Batched, values: Any) -> Any:
    """The bytes of so many values for each input."""
    return p.batch_size * p.bytes_per_value * values


def memory_slips(values: Callable[[P], int]) -> tuple[Slip[P], ...]:
    """What may be left out of the memory of so many values for each input."""
    return (
        slip("batch-forgotten", lambda p: {"activation_memory": p.bytes_per_value * values(p)}),
        slip("bytes-forgotten", lambda p: {"activation_memory": p.batch_size * values(p)}),
    )


def memory_part(p: Batched, question: str, follows: FollowThrough | None = None) -> Part:
    """Asks for the bytes of activations."""
    words: Prose = prose(
        "{question} for a batch of {n}, if a value takes {b}?",
        question=question, n=plural(p.batch_size, "input"), b=plural(p.bytes_per_value, "byte"),
    )  # fmt: skip
    return asked("activation_memory", "activation_memory", Kind.INTEGER, words, follows=follows)


def memory_blocks(p: Batched, values: int, memory: int) -> tuple[Prose, Display]:
    """From values of one input to the bytes of a batch."""
    return (
        prose("values for one input. For the batch, in bytes:"),
        counted(p.batch_size, p.bytes_per_value, values, value=memory),
    )


def flops_part(what: str, of: str) -> Part:
    """Asks for FLOPs, which follow from the MACs that another part asks for."""
    question = f"How many FLOPs does the {what} take for one input?"
    twice = FollowThrough.by(lambda macs: FLOPS_PER_MAC * macs, of)
    return asked("flops", "flops", Kind.INTEGER, question, follows=twice)


def flops_step(solved: Solved, of: str = "macs") -> Step:
    """FLOPs from MACs."""
    return Step("flops", solved["flops"], (
        prose("One MAC is a multiplication and an addition:"),
        counted(FLOPS_PER_MAC, solved[of], value=solved["flops"]),
    ))  # fmt: skip
