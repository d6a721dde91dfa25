"""F30 the other way round: how many layers a receptive field needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.receptive_field import Field, fields
from cnnex.maths.receptive_field import Layer as Sizes
from cnnex.model.follow import FollowThrough
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, Prose, prose
from cnnex.model.value import Kind, Size
from cnnex.notation.formula import ceil, equation, rel, symbols
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics.receptive_field import _stack as stack
from cnnex.topics.receptive_field._stack import slip

MOST_LAYERS = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A receptive field to be reached by equal layers after some given ones.

    Attributes:
        stem_kernel: the kernel sizes of the layers that are there already.
        stem_stride: their strides.
        kernel_size: of each layer that is added, with stride 1.
        wanted: the least receptive field.
    """

    stem_kernel: tuple[Size, ...]
    stem_stride: tuple[Size, ...]
    kernel_size: Size
    dilation: Size
    wanted: Size

    @property
    def stem(self) -> list[Sizes]:
        """The layers that are there already."""
        return [(size, stride, 0, 1) for size, stride in zip(self.stem_kernel, self.stem_stride, strict=True)]


class Depth(Family[Wanted]):
    """F30: the least number of layers with a wanted receptive field."""

    id = "F30-depth"
    title = "How many layers a receptive field needs"
    params = Wanted
    kinds = (Kind.INTEGER,)
    visible: ClassVar = {
        "easy": ("rounded-down", "kernels-added", "first-pixel-forgotten"),
        "medium": ("rounded-down", "kernels-added", "jump-ignored"),
        "hard": ("rounded-down", "dilation-ignored", "jump-ignored"),
    }

    def __init__(self) -> None:
        self.slips = (
            Slip(
                "rounded-down",
                "The number of layers was rounded down.",
                "With your number of layers, is the receptive field really as large as wanted?",
                lambda p: self._counted(p, down=True),
            ),
            Slip(
                "table-counted",
                "The layers of the table were counted, too.",
                "Which layers are asked for, all of the network or those that follow the table?",
                lambda p: {"depth": self.solve(p)["depth"] + len(p.stem)} if p.stem else {},
            ),
            slip("jump-ignored", lambda p: self.solve(replace(p, stem_stride=(1,) * len(p.stem_stride)))),
            slip("dilation-ignored", lambda p: self.solve(replace(p, dilation=1))),
            slip("kernels-added", lambda p: _reach(p, sum(p.stem_kernel), p.kernel_size)),
            slip("first-pixel-forgotten", lambda p: _reach(p, _start(p).size - 1, _step(p))),
        )

    def draw(self, rng: Stream, level: str) -> Wanted:
        stem = {
            "easy": (), "medium": ((rng.choice((3, 5, 7)), 2),),
            "hard": ((rng.choice((3, 5, 7)), rng.randint(1, 3)), (rng.randint(2, 3), 2)),
        }[level]  # fmt: skip
        sizes, strides = zip(*stem, strict=True) if stem else ((), ())
        few = Wanted(sizes, strides, rng.randint(3, 7), rng.randint(2, 3) if level == "hard" else 1, 4096)
        step = _step(few)
        return replace(few, wanted=_start(few).size + rng.randint(4, 18) * step + rng.randint(1, step))

    def solve(self, p: Wanted) -> Solved:
        if len(p.stem_kernel) != len(p.stem_stride):
            raise DoesNotFitError("each layer that is there already has one kernel size and one stride")
        if p.kernel_size < 2:
            raise DoesNotFitError("layers with kernel size 1 never enlarge a receptive field")
        return self._counted(p)

    def _counted(self, p: Wanted, *, down: bool = False) -> Solved:
        return _reach(p, _start(p).size, _step(p), down=down)

    def work(self, p: Wanted) -> int:
        return 4 + 2 * len(p.stem_kernel)

    def fair(self, p: Wanted, solved: Solved, level: str) -> bool:
        return solved["field"] > p.wanted and solved["depth"] not in (p.kernel_size, p.dilation)

    def pose(self, p: Wanted, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        return Problem(
            title=self.title,
            statement=_statement(p),
            conventions=stack.conventions([*p.stem, (p.kernel_size, 1, 0, p.dilation)]),
            given={
                "input_shape": [1, "N", "N"],
                "layers": [stack.record("conv", sizes) for sizes in p.stem],
                "repeated": stack.record("conv", (p.kernel_size, 1, 0, p.dilation)),
                "wanted_field": p.wanted,
            },
            parts=(
                Part(
                    "depth", "layer_count", Kind.INTEGER,
                    prose(
                        "{which}, so that one output of the last layer sees {r} × {r} pixels or more?",
                        which=_which(p), r=p.wanted,
                    ), "depth",
                ),
                Part(
                    "field", "receptive_field", Kind.INTEGER,
                    prose("What is the side of the receptive field then?"), "field",
                    follows=FollowThrough.by(lambda depth: _start(p).size + _step(p) * depth, "depth"),
                ),
            ),
            steps=(
                Step("depth", solved["depth"], _depth_blocks(p, solved)),
                Step("field", solved["field"], _field_blocks(p, solved)),
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _which(p: Wanted) -> Prose:
    if not p.stem:
        return prose("How many of these layers are needed at least")
    return prose("How many {k} × {k} layers must follow the layers of the table at least", k=p.kernel_size)


def _start(p: Wanted) -> Field:
    return fields(p.stem)[-1] if p.stem else Field()


def _step(p: Wanted) -> int:
    """The pixels that each layer adds."""
    step: int = (p.kernel_size - 1) * p.dilation * _start(p).jump
    return step


def _reach(p: Wanted, first: int, step: int, *, down: bool = False) -> Solved:
    """The number of layers and the field, from so many pixels on and with so many for each layer."""
    missing = p.wanted - first
    depth = missing // step if down else -(-missing // step)
    if not 1 <= depth <= MOST_LAYERS:
        raise DoesNotFitError(f"{depth} layers would be needed; ask for 1 to {MOST_LAYERS:,}")
    return {"depth": depth, "field": first + depth * step}


def _statement(p: Wanted) -> tuple[Block, ...]:
    ends = ", stride 1 and dilation {d}" if p.dilation > 1 else " and stride 1"
    layer = prose(f"convolution layers with {{k}} × {{k}} kernels{ends}", k=p.kernel_size, d=p.dilation)
    if not p.stem:
        return (prose("A network is a stack of {layer}.", layer=layer),)
    table = stack.stack_table(["conv"] * len(p.stem), p.stem)
    return (prose("A network begins with the layers of the table. After them come {layer}.", layer=layer), table)


def _depth_blocks(p: Wanted, solved: Any) -> tuple[Block, ...]:
    found = fields(p.stem)
    r, j, n, k, d, m, wanted = symbols("r j n k d m R")
    start, formula = _start(p), ceil((wanted - r) / m)
    numbers = {"R": p.wanted, "r": start.size, "m": _step(p)}
    added = (k - 1) * d * j if p.dilation > 1 else (k - 1) * j
    values = added.put(k=p.kernel_size, d=p.dilation, j=start.jump)
    return (
        *(
            stack.growth_table(p.stem, found)
            if p.stem
            else (prose("Without layers {r} and {j}.", r=equation(r, 1), j=equation(j, 1)),)
        ),
        prose("Each further layer adds the steps of its kernel, {j} pixels each, and leaves the jump as it is:", j=j),
        Display(equation(m, added, values, _step(p))),
        prose("We look for the least number {n} of layers that reach the wanted field {wanted}:", n=n, wanted=wanted),
        Display(rel(">=", r + n * m, wanted)),
        prose("We divide what is missing by {m} and round up:", m=m),
        Display(equation(n, formula, formula.put(**numbers), solved["depth"])),
    )


def _field_blocks(p: Wanted, solved: Any) -> tuple[Block, ...]:
    r, n, m = symbols("r n m")
    numbers = {"r": _start(p).size, "n": solved["depth"], "m": _step(p)}
    return (
        prose("With this number of layers:"),
        Display(equation(r + n * m, (r + n * m).put(**numbers), solved["field"])),
        prose(
            "Check: one layer less sees only {less}, which is below {wanted}.",
            less=solved["field"] - _step(p), wanted=p.wanted,
        ),
    )  # fmt: skip
