"""F03: the padding that leads to a wanted output."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.shapes import effective_kernel_size, least_padding, output_size
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, Table, prose
from cnnex.model.value import Kind, Size
from cnnex.notation.formula import ceil, equation, rel, symbols
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics._layers import conventions, data, extent_line
from cnnex.topics._sizes import slip


@dataclass(frozen=True, slots=True)
class WantedPadding:
    """A layer without its padding, and the output that it shall have; in two dimensions all is square."""

    dimensions: Literal[1, 2]
    size: Size
    kernel_size: Size
    stride: Size
    dilation: Size
    output_size: Size

    @property
    def extent(self) -> int:
        """The inputs that the kernel spans."""
        return effective_kernel_size(self.kernel_size, self.dilation)  # type: ignore[no-any-return]

    def outputs(self, padding: int) -> int:
        """The number of outputs with a padding."""
        return output_size(self.size, self.extent, self.stride, padding)  # type: ignore[no-any-return]


class FindPadding(Family[WantedPadding]):
    """F03: the least padding for a wanted output size."""

    id = "F03-padding"
    title = "Find the padding"
    params = WantedPadding
    kinds = (Kind.INTEGER,)
    visible: ClassVar = {
        "easy": ("padding-in-all", "first-window-forgotten", "same-padding-assumed"),
        "medium": ("padding-in-all", "first-window-forgotten", "same-padding-assumed"),
        "hard": ("padding-in-all", "first-window-forgotten", "dilation-ignored"),
    }

    def __init__(self) -> None:
        self.slips = (
            Slip(
                "padding-in-all",
                "The padding of both ends together was given.",
                "Padding p adds entries at both ends of an axis. How many of yours belong to one end?",
                lambda p: _least(p, sides=1),
            ),
            slip("first-window-forgotten", lambda p: _least(replace(p, output_size=p.output_size + 1))),
            Slip(
                "same-padding-assumed",
                "The padding was chosen as half of what the kernel spans, whatever output was wanted.",
                "When does that padding keep the size? Compare the wanted output and the stride with that case.",
                lambda p: {"padding": (p.extent - 1) // 2},
            ),
            slip("dilation-ignored", lambda p: _least(replace(p, dilation=1))),
        )  # fmt: skip

    def draw(self, rng: Stream, level: str) -> WantedPadding:
        padding = rng.randint(1, 16)
        dilation = rng.randint(2, 3) if level == "hard" else 1
        # A window never lies on padding alone.
        kernel_size = padding // dilation + rng.randint(2, 6)
        stride = {"easy": 1, "medium": rng.randint(2, 3), "hard": rng.randint(2, 4)}[level]
        few = WantedPadding(2 if level == "hard" else 1, rng.randint(24, 80), kernel_size, stride, dilation, 1)
        return replace(few, output_size=max(1, few.outputs(padding)))

    def solve(self, p: WantedPadding) -> Solved:
        found = _least(p)
        if p.outputs(found["padding"]) != p.output_size:
            raise DoesNotFitError(f"no padding leads to an output of {p.output_size}")
        return found

    def work(self, p: WantedPadding) -> int:
        return 6

    def fair(self, p: WantedPadding, solved: Solved, level: str) -> bool:
        return p.output_size > 2 and solved["padding"] not in (0, p.stride, p.dilation, p.kernel_size)

    def pose(self, p: WantedPadding, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        setting = prose("stride {s}", s=p.stride)
        if p.dilation > 1:
            setting = prose("stride {s}, dilation {d}", s=p.stride, d=p.dilation)
        if p.dimensions == 1:
            words = (
                "A one-dimensional convolution layer has kernel size {k}, {setting}, and a padding that we look for. "
                "Its input has length {n}."
            )
            asked = "Which padding is the smallest that makes the output {o} long?"
        else:
            words = (
                "A convolution layer has {k} × {k} kernels, {setting}, and a padding that we look for. "
                "Its input has {n} × {n} entries."
            )
            asked = "Which padding is the smallest that makes the output {o} × {o}?"
        axes = range(p.dimensions)
        return Problem(
            title=self.title,
            statement=(prose(words, k=p.kernel_size, setting=setting, n=p.size),),
            conventions=conventions(padded=True, dilated=p.dilation > 1, sizes_only=True),
            given={
                **data(
                    f"conv{p.dimensions}d", [p.stride for _ in axes], [None for _ in axes], [p.dilation for _ in axes],
                    input_shape=[p.size for _ in axes], weight_shape=[p.kernel_size for _ in axes],
                ),
                "output_size": p.output_size,
            },
            parts=(Part("padding", "padding", Kind.INTEGER, prose(asked, o=p.output_size), "padding"),),
            steps=(Step("padding", solved["padding"], _blocks(p, solved["padding"])),),
            mistakes=mistakes,
        )  # fmt: skip


def _least(p: WantedPadding, sides: int = 2) -> Solved:
    return {"padding": least_padding(p.size, p.extent, p.stride, p.output_size, sides)}


def _blocks(p: WantedPadding, padding: int) -> tuple[Block, ...]:
    n, b, s, out = symbols("N p S L")
    extent = "K_eff" if p.dilation > 1 else "K"
    (k,) = symbols(extent)
    numbers = {"N": p.size, extent: p.extent, "S": p.stride, "L": p.output_size}
    least = ceil((s * (out - 1) + k - n) / 2)
    tried = [each for each in (padding - 1, padding, padding + 1) if each >= 0 and p.size + 2 * each >= p.extent]
    rows = tuple((each, output_size(n, k, s, b).put(p=each, **numbers), p.outputs(each)) for each in tried)
    first: list[Block] = [prose("The dilated kernel spans"), extent_line("K", p.kernel_size, p.dilation)]
    return (
        *(first if p.dilation > 1 else []),
        prose(
            "With input size {n}, stride {s} and wanted output {l}: the last window begins {moved} entries after the "
            "first, so there must be room for it:",
            n=n, s=s, l=out, moved=s * (out - 1),
        ),
        Display(rel(">=", n + 2 * b - k, s * (out - 1))),
        prose("We solve for {p} and round up to a whole number; a negative one would mean 0:", p=b),
        Display(equation(b, least, least.put(**numbers), padding)),
        prose("Test of this padding and its neighbours:"),
        Table("Output sizes", ("padding", "formula", "output"), rows),
    )  # fmt: skip
