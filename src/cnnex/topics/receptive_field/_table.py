"""F30: the receptive field, the jump and the start of a stack of layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from cnnex.figures.layers import Cone
from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.receptive_field import Field, fields
from cnnex.maths.receptive_field import Layer as Sizes
from cnnex.maths.shapes import effective_kernel_size, output_size
from cnnex.model import conventions as says
from cnnex.model.follow import FollowThrough
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, Table, figure, prose
from cnnex.model.value import Kind, Padding, Size
from cnnex.notation.formula import Formula, equation, symbols, total
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics.receptive_field import _stack as stack
from cnnex.topics.receptive_field._stack import slip

SIDES = (64, 80, 96, 112, 128, 144, 160, 192, 224, 256)
MOST_LAYERS = 24
Row = tuple[stack.Kind, int, int, int, int]
"""A layer: kind, kernel size, stride, padding, dilation."""


@dataclass(frozen=True, slots=True)
class Stack:
    """Layers on a square image, with one entry of each field for each layer.

    Attributes:
        size: the side of the image.
        output: the output whose field is looked for, counted from 0 along one side.
    """

    size: Size
    layers: tuple[stack.Kind, ...]
    kernel_size: tuple[Size, ...]
    stride: tuple[Size, ...]
    padding: tuple[Padding, ...]
    dilation: tuple[Size, ...]
    output: Padding

    @property
    def sizes(self) -> list[Sizes]:
        """The layers for `cnnex.maths.receptive_field`."""
        return list(zip(self.kernel_size, self.stride, self.padding, self.dilation, strict=True))

    @property
    def strided(self) -> bool:
        """Whether jump and start are worth a question."""
        return max(self.stride) > 1


class ReceptiveField(Family[Stack]):
    """F30: how far one output looks back, how far two outputs lie apart, where a field begins."""

    id = "F30-receptive-field"
    title = "Receptive field of stacked layers"
    params = Stack
    kinds = (Kind.INTEGER,)
    visible: ClassVar = {
        "easy": ("kernels-added", "first-pixel-forgotten", "size-of-output"),
        **dict.fromkeys(
            ("medium", "hard"),
            ("jump-ignored", "own-stride-counted", "reach-left-out", "kernels-added", "first-pixel-forgotten"),
        ),
    }

    def __init__(self) -> None:
        self.slips = (
            slip("jump-ignored", lambda p: _seen(p, stack.without_strides(p.sizes), jump=False)),
            slip("own-stride-counted", lambda p: _seen(p, stack.with_own_stride(p.sizes))),
            Slip(
                "reach-left-out",
                "A dilation, or a pooling layer, was left out.",
                "Over how many steps of its input does each layer reach, pooling layers and gaps included?",
                _narrow,
            ),
            slip("kernels-added", lambda p: {"field": sum(p.kernel_size)}),
            slip("first-pixel-forgotten", lambda p: {"field": fields(p.sizes)[-1].size - 1}),
            Slip(
                "size-of-output",
                "The side of the last output was given.",
                "The question is how many pixels of the image one output depends on, not how many outputs there are.",
                # Where strides are 1 the mistakes with jumps do not occur.
                lambda p: {} if p.strided else {"field": _outputs(p)},
            ),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> Stack:
        if level == "easy":
            sizes = [rng.randint(2, 9) for _ in range(3)]
            rows: list[Row] = [("conv", size, 1, rng.randint(0, size // 2), 1) for size in sizes]
        else:
            large, small = rng.choice((3, 5, 7)), rng.randint(2, 5)
            spread = rng.randint(2, 3) if level == "hard" else 1
            pool: Row = ("pool", rng.randint(2, 3), rng.randint(2, 3), 0, 1)
            first: Row = ("conv", large, rng.randint(1, 2), rng.randint(0, large // 2), 1)
            last: Row = ("conv", rng.choice((3, 5)), rng.randint(2, 3), rng.randint(0, 1), 1)
            rows = [*rng.sample((first, pool), 2), ("conv", small, 1, rng.randint(0, small // 2), spread)]
            rows.append(rng.choice((last, pool)))
        kinds, kernel_size, stride, padding, dilation = zip(*rows, strict=True)
        output = 0 if level == "easy" else rng.randint(1, 6)
        return Stack(rng.choice(SIDES), kinds, kernel_size, stride, padding, dilation, output)

    def solve(self, p: Stack) -> Solved:
        lengths = {*map(len, (p.layers, p.kernel_size, p.stride, p.padding, p.dilation))}
        if len(lengths) > 1 or not 1 <= len(p.layers) <= MOST_LAYERS:
            raise DoesNotFitError(f"each parameter has one entry for each of 1 to {MOST_LAYERS} layers")
        if p.output >= _outputs(p):
            raise DoesNotFitError(f"there is no output {p.output}, since the last layer has {_outputs(p)} along a side")
        return _seen(p, p.sizes)

    def work(self, p: Stack) -> int:
        return (3 if p.strided else 1) * len(p.layers)

    def fair(self, p: Stack, solved: Solved, level: str) -> bool:
        """The field that is looked for lies on the image, not on padding."""
        if not p.strided:
            return True
        begin, side = solved["start"], solved["field"]
        return bool(0 <= begin <= p.size - side)

    def pose(self, p: Stack, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        found = fields(p.sizes)
        last = len(p.layers) - 1
        field = Part(
            "field", "receptive_field", Kind.INTEGER,
            prose("What is the side of the receptive field of one output of the last layer?"), "field", layer=last,
        )  # fmt: skip
        jump = Part(
            "jump", "jump", Kind.INTEGER,
            prose("By how many pixels of the image is the receptive field of the next output shifted?"),
            "jump", layer=last,
        )  # fmt: skip
        start = Part(
            "start", "receptive_field_start", Kind.INTEGER,
            prose("At which pixel along a side does the receptive field of output {i} begin?", i=p.output),
            "start", layer=last, index=(p.output,),
            follows=FollowThrough.by(lambda jump: found[-1].start + p.output * jump, "jump"),
        )  # fmt: skip
        jumps = Step("jump", solved["jump"], _jump_blocks(p, found[-1]))
        begins = Step("start", solved["start"], _start_blocks(p, found))
        return Problem(
            title=self.title,
            statement=(
                prose(
                    "An image of {n} × {n} pixels with one channel passes through layers that also have one channel.",
                    n=p.size,
                ),
                stack.stack_table(p.layers, p.sizes),
            ),
            conventions=stack.conventions(p.sizes, *[says.PLACES_FROM_ZERO] * p.strided),
            given={
                "input_shape": [1, p.size, p.size],
                "layers": [stack.record(kind, sizes) for kind, sizes in zip(p.layers, p.sizes, strict=True)],
            },
            parts=(field, *[jump, start] * p.strided),
            steps=(
                Step("field", solved["field"], (*stack.growth_table(p.sizes, found), *_check(p, found[-1]))),
                *[jumps, begins] * p.strided,
            ),
            mistakes=mistakes,
        )  # fmt: skip


def _seen(p: Stack, layers: Sequence[Sizes], *, jump: bool = True) -> Solved:
    """The values of all steps, for layers as a rule has changed them."""
    field = fields(layers)[-1] if layers else Field()
    if not jump:  # a student who forgets the jumps in between still knows how far outputs lie apart
        return {"field": field.size, "start": p.output * fields(p.sizes)[-1].jump + field.start}
    return {"field": field.size, "jump": field.jump, "start": p.output * field.jump + field.start}


def _narrow(p: Stack) -> Solved:
    """Without what widens the field beside kernels and strides: dilation, or else pooling."""
    if max(p.dilation) > 1:
        return _seen(p, stack.without_dilation(p.sizes))
    return _seen(p, [each for kind, each in zip(p.layers, p.sizes, strict=True) if kind == "conv"])


def _outputs(p: Stack) -> int:
    side: int = p.size
    for kernel_size, stride, padding, dilation in p.sizes:
        side = output_size(side, effective_kernel_size(kernel_size, dilation), stride, padding)
        if side < 1:
            raise DoesNotFitError(f"an image of {p.size} × {p.size} is too small for these layers")
    return side


def _jump_blocks(p: Stack, last: Field) -> tuple[Block, ...]:
    strides: Formula = Formula("mul", *p.stride) if len(p.stride) > 1 else Formula("add", *p.stride)
    return (
        prose("The jump after the last layer is the product of all strides:"),
        Display(equation(symbols("j")[0], strides, last.jump)),
    )


def _start_blocks(p: Stack, found: Sequence[Field]) -> tuple[Block, ...]:
    i, j, b, old = symbols("i j b j_old")
    last = found[-1]
    jumps = [1, *(field.jump for field in found)]
    shifts = [Formula("mul", pad, jump) for pad, jump in zip(p.padding, jumps, strict=False) if pad]
    further = prose("Each further output lies a jump on:")
    if not shifts:
        start = i * j
        blocks: list[Block] = [prose("No layer has padding, so the field of output 0 begins at pixel 0.")]
    else:
        start = i * j + b
        words = (
            "Padding {p} of a layer moves the field of output 0 to the left, by {p} times the jump {old} before this "
            "layer. So it begins at"
        )
        moved = total([-each for each in shifts])
        blocks = [prose(words, p=symbols("p")[0], old=old), Display(equation(b, moved, last.start))]
    numbers = start.put(i=p.output, j=last.jump, b=last.start)
    return (*blocks, further, Display(equation(start, numbers, p.output * last.jump + last.start)))


def _check(p: Stack, last: Field) -> tuple[Block, ...]:
    """The field backwards: from one output to the pixels that it needs."""
    n, s, d, k = symbols("n s d k")
    needed = (n - 1) * s + (k - 1) * d + 1
    rows, side = [], 1
    needed_by_layer = [1]
    for number, (kernel_size, stride, _, dilation) in reversed([*enumerate(p.sizes, 1)]):
        numbers = needed.put(n=side, s=stride, d=dilation, k=kernel_size)
        found = numbers.value()
        rows.append((number, side, equation(numbers, found)))
        side = int(found)
        needed_by_layer.append(side)
    return (
        prose(
            "Check, backwards: {n} neighbouring outputs of a layer need {inputs} of its inputs. From one output of the "
            "last layer we come to {r} pixels:",
            n=n, inputs=needed, r=last.size,
        ),
        Table("Backwards", ("layer", "outputs n", "inputs needed"), tuple(rows)),
        *figure(Cone(
            ("image", *[f"layer {number}" for number in range(1, len(p.sizes) + 1)]), tuple(reversed(needed_by_layer)),
            (1, *(each.jump for each in fields(p.sizes))),
        )),
    )  # fmt: skip
