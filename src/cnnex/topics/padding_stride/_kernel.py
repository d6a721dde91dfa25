"""F03: the kernel size that leads to a wanted output."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.shapes import effective_kernel_size, largest_extent, output_size
from cnnex.model.prose import Block, Display, Prose, Table, prose
from cnnex.model.value import Kind, Padding, Size
from cnnex.notation.formula import equation, symbols
from cnnex.seeds import Stream
from cnnex.topics._family import Slip, Solved
from cnnex.topics._layers import settings
from cnnex.topics.padding_stride._search import Search, changed


@dataclass(frozen=True, slots=True)
class WantedKernel:
    """A layer along one axis without its kernel size, and the output that it shall have."""

    size: Size
    stride: Size
    padding: Padding
    dilation: Size
    output_size: Size


class FindKernelSize(Search[WantedKernel]):
    """F03: the largest kernel size for a wanted output."""

    id = "F03-kernel-size"
    title = "Find the kernel size"
    params = WantedKernel
    asks = "kernel_size"
    kinds = (Kind.INTEGER,)
    visible: ClassVar = {
        "easy": ("first-window-forgotten", "stride-ignored", "smallest-given"),
        "medium": ("first-window-forgotten", "padding-forgotten", "padding-one-side"),
        "hard": ("first-window-forgotten", "padding-forgotten", "dilation-ignored"),
    }

    def __init__(self) -> None:
        self.slips = (
            changed("padding-forgotten", lambda p: _largest(replace(p, padding=0))),
            changed("padding-one-side", lambda p: _largest(replace(p, size=p.size + p.padding, padding=0))),
            changed("first-window-forgotten", lambda p: _largest(replace(p, output_size=p.output_size + 1))),
            changed("stride-ignored", lambda p: _largest(replace(p, stride=1))),
            changed("dilation-ignored", lambda p: _largest(replace(p, dilation=1))),
            Slip(
                "smallest-given",
                "The smallest kernel size with this output was given.",
                "Several kernel sizes may lead to the same output. Which of them is asked for?",
                lambda p: {"found": _smallest(p)},
            ),
        )

    def draw(self, rng: Stream, level: str) -> WantedKernel:
        dilation = rng.randint(2, 3) if level == "hard" else 1
        size, stride = rng.randint(60, 120), rng.randint(2, 4)
        # More padding than a step: a slip with the one does not look like a slip with the other.
        padding = stride + rng.randint(2, 4) if level != "easy" else 0
        kernel_size = rng.randint(3, 18) + padding // dilation
        extent = effective_kernel_size(kernel_size, dilation)
        return WantedKernel(size, stride, padding, dilation, max(1, output_size(size, extent, stride, padding)))

    def solve(self, p: WantedKernel) -> Solved:
        found = _largest(p)
        if _outputs(p, found) != p.output_size:
            raise DoesNotFitError(f"no kernel size leads to an output of {p.output_size}")
        return {"found": found}

    def work(self, p: WantedKernel) -> int:
        return 6

    def fair(self, p: WantedKernel, solved: Solved, level: str) -> bool:
        return solved["found"] > p.padding and solved["found"] not in (p.stride, p.dilation, p.output_size)

    def settings(self, p: WantedKernel) -> Prose:
        return settings(p.stride, p.padding, p.dilation)

    def question(self, p: WantedKernel) -> Prose:
        return prose("Which kernel size is the largest that leads to this output?")

    def blocks(self, p: WantedKernel, found: Any) -> tuple[Block, ...]:
        n, b, s, out, e = symbols("N p S L E")
        numbers = {"N": p.size, "p": p.padding, "S": p.stride, "L": p.output_size}
        most = n + 2 * b - s * (out - 1) if p.padding else n - s * (out - 1)
        largest = largest_extent(p.size, p.stride, p.padding, p.output_size)
        length = n + 2 * b if p.padding else n
        tried = [
            each for each in (found, found + 1) if effective_kernel_size(each, p.dilation) <= p.size + 2 * p.padding
        ]
        return (
            prose(
                "With input length {n}, stride {s} and wanted output {l}: the last window begins {moved} entries after "
                "the first and must end within the {length} entries. So a kernel spans at most",
                n=n,
                s=s, l=out, moved=s * (out - 1), length=length,
            ),
            Display(equation(e, most, most.put(**numbers), largest)),
            *(_kernel_in(largest, p.dilation, found) if p.dilation > 1 else ()),
            prose("Test of this kernel size and of the next:"),
            Table("Output sizes", ("kernel size", "output"), tuple((each, _outputs(p, each)) for each in tried)),
        )  # fmt: skip


def _kernel_in(extent: int, dilation: int, found: int) -> tuple[Block, ...]:
    e, d, k = symbols("E d K")
    most = (e - 1) // d + 1
    return (
        prose("With {k} weights and dilation {d} it spans {e}, so", k=k, d=d, e=effective_kernel_size(k, d)),
        Display(equation(k, most, most.put(E=extent, d=dilation), found)),
    )


def _outputs(p: WantedKernel, kernel_size: int) -> int:
    return output_size(  # type: ignore[no-any-return]
        p.size, effective_kernel_size(kernel_size, p.dilation), p.stride, p.padding
    )


def _largest(p: WantedKernel) -> int:
    extent = largest_extent(p.size, p.stride, p.padding, p.output_size)
    if extent < 1:
        raise DoesNotFitError(f"{p.output_size} windows do not fit, however small they are")
    return (extent - 1) // p.dilation + 1


def _smallest(p: WantedKernel) -> int:
    """One more than the largest kernel with one more output."""
    return _largest(replace(p, output_size=p.output_size + 1)) + 1
