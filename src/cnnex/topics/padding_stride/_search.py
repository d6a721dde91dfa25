"""F03: the kernel size or the strides that lead to a wanted output."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, TypeVar

from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.shapes import effective_kernel_size, largest_extent, output_size, strides_with
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Display, Prose, Table, prose
from cnnex.model.value import Kind, Padding, Size, Value
from cnnex.notation.formula import Formula, equation, rel, symbol, symbols
from cnnex.seeds import Stream
from cnnex.topics._family import Family, Slip, Solved
from cnnex.topics._layers import conventions, data, extent_line
from cnnex.topics._sizes import slip

P = TypeVar("P", bound="WantedKernel | WantedStrides")
MOST_STRIDES = 12


@dataclass(frozen=True, slots=True)
class WantedKernel:
    """A layer along one axis without its kernel size, and the output that it shall have."""

    size: Size
    stride: Size
    padding: Padding
    dilation: Size
    output_size: Size


@dataclass(frozen=True, slots=True)
class WantedStrides:
    """A layer along one axis without its stride, and the output that it shall have."""

    size: Size
    kernel_size: Size
    padding: Padding
    dilation: Size
    output_size: Size

    @property
    def extent(self) -> int:
        """The inputs that the kernel spans."""
        return effective_kernel_size(self.kernel_size, self.dilation)  # type: ignore[no-any-return]

    def room(self, sides: int = 2) -> int:
        """How far the first window can move."""
        return self.size + sides * self.padding - self.extent


class Search(Family[P]):
    """What both families say alike."""

    asks: ClassVar[str]
    kind: ClassVar[Kind]

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
            parts=(Part(self.asks, self.asks, self.kind, self.question(p), "found"),),
            steps=(Step("found", solved["found"], self.blocks(p, solved["found"])),),
            mistakes=mistakes,
        )  # fmt: skip


def _changed(name: str, change: Callable[[Any], Value]) -> Slip[Any]:
    return slip(name, lambda p: {"found": change(p)})


def _border(p: WantedKernel | WantedStrides) -> tuple[Prose, Prose | str]:
    padding = prose("padding {p}", p=p.padding) if p.padding else prose("no padding")
    return padding, prose(" and dilation {d}", d=p.dilation) if p.dilation > 1 else ""


class FindKernelSize(Search[WantedKernel]):
    """F03: the largest kernel size for a wanted output."""

    id = "F03-kernel-size"
    title = "Find the kernel size"
    params = WantedKernel
    asks = "kernel_size"
    kind = Kind.INTEGER
    kinds = (Kind.INTEGER,)
    visible: ClassVar = {
        "easy": ("first-window-forgotten", "stride-ignored", "smallest-given"),
        "medium": ("first-window-forgotten", "padding-forgotten", "padding-one-side"),
        "hard": ("first-window-forgotten", "padding-forgotten", "dilation-ignored"),
    }

    def __init__(self) -> None:
        self.slips = (
            _changed("padding-forgotten", lambda p: _largest(replace(p, padding=0))),
            _changed("padding-one-side", lambda p: _largest(replace(p, size=p.size + p.padding, padding=0))),
            _changed("first-window-forgotten", lambda p: _largest(replace(p, output_size=p.output_size + 1))),
            _changed("stride-ignored", lambda p: _largest(replace(p, stride=1))),
            _changed("dilation-ignored", lambda p: _largest(replace(p, dilation=1))),
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
        padding, dilation = _border(p)
        return prose("stride {s}{comma} {p}{d}", s=p.stride, comma="," if dilation else " and", p=padding, d=dilation)

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


class FindStrides(Search[WantedStrides]):
    """F03: all strides for a wanted output."""

    id = "F03-strides"
    title = "Find all strides"
    params = WantedStrides
    asks = "strides"
    kind = Kind.VECTOR
    kinds = (Kind.VECTOR,)
    visible: ClassVar = {
        "easy": ("first-window-forgotten", "partial-window-kept", "end-left-out"),
        "medium": ("first-window-forgotten", "padding-forgotten", "padding-one-side"),
        "hard": ("first-window-forgotten", "padding-forgotten", "dilation-ignored"),
    }

    def __init__(self) -> None:
        self.slips = (
            _changed("padding-forgotten", lambda p: _strides(p, p.room(0))),
            _changed("padding-one-side", lambda p: _strides(p, p.room(1))),
            _changed("dilation-ignored", lambda p: _strides(p, replace(p, dilation=1).room())),
            _changed("first-window-forgotten", lambda p: _strides(replace(p, output_size=p.output_size + 1), p.room())),
            # With the last partial window, ceil(room / s) + 1 outputs: room / (L - 1) <= s < room / (L - 2).
            _changed(
                "partial-window-kept", lambda p: _strides(replace(p, output_size=p.output_size - 1), p.room() - 1)
            ),
            Slip(
                "end-left-out",
                "The largest stride was left out.",
                "Put the ends of your inequality into the size formula. Do they lead to the wanted output?",
                lambda p: {"found": _nonempty(_strides(p, p.room())[:-1])},
            ),
        )

    def draw(self, rng: Stream, level: str) -> WantedStrides:
        outputs = rng.randint(3, 5)
        # About room / (L (L - 1)) strides lead to L outputs.
        least = (2 if level == "easy" else 3) * outputs * (outputs - 1)
        room = rng.randint(least, least + outputs * (outputs - 1))
        kernel_size, dilation = rng.randint(3, 9), rng.randint(2, 3) if level == "hard" else 1
        padding = rng.randint(1, 6) if level != "easy" else 0
        size = max(room + effective_kernel_size(kernel_size, dilation) - 2 * padding, 1)
        return WantedStrides(size, kernel_size, padding, dilation, outputs)

    def solve(self, p: WantedStrides) -> Solved:
        found = _strides(p, p.room())
        if len(found) > MOST_STRIDES:
            raise DoesNotFitError(f"{len(found)} strides lead to this output; ask for at most {MOST_STRIDES}")
        return {"found": found}

    def work(self, p: WantedStrides) -> int:
        return 8 + len(strides_with(p.room(), p.output_size)) if p.output_size > 1 else 8

    def fair(self, p: WantedStrides, solved: Solved, level: str) -> bool:
        """Two or three strides, so that variants are equally long, and no window on padding alone."""
        return len(solved["found"]) in ((2, 3) if level == "easy" else (3, 4)) and p.padding < p.extent

    def settings(self, p: WantedStrides) -> Prose:
        padding, dilation = _border(p)
        comma = "," if dilation else " and"
        return prose("kernel size {k}{comma} {p}{d}", k=p.kernel_size, comma=comma, p=padding, d=dilation)

    def question(self, p: WantedStrides) -> Prose:
        return prose("List all strides that lead to this output, the smallest first.")

    def blocks(self, p: WantedStrides, found: Any) -> tuple[Block, ...]:
        n, b, s, out = symbols("N p S L")
        extent = "K_eff" if p.dilation > 1 else "K"
        room = n + 2 * b - symbol(extent) if p.padding else n - symbol(extent)
        numbers = {"N": p.size, "p": p.padding, extent: p.extent}
        steps = room // s
        first: list[Block] = [prose("The dilated kernel spans"), extent_line("K", p.kernel_size, p.dilation)]
        ends = [each for each in (found[0] - 1, found[0], found[-1], found[-1] + 1) if each]
        return (
            *(first if p.dilation > 1 else []),
            prose("The first window can move by"),
            Display(equation(symbol("R"), room, room.put(**numbers), p.room())),
            prose(
                "With stride {s} the {l} windows need {steps} steps, and no more may have room:",
                s=s, l=p.output_size, steps=p.output_size - 1,
            ),
            Display(equation(symbol("R") // s, out - 1, p.output_size - 1)),
            Display(rel("<=", s, Formula("div", p.room(), p.output_size - 1))),
            Display(rel(">", s, Formula("div", p.room(), p.output_size))),
            _between(p, found),
            prose("Test of the ends and of the strides beside them:"),
            Table("Output sizes", ("stride", "formula", "output"), tuple(
                (each, (steps + 1).put(S=each, **numbers), p.room() // each + 1) for each in dict.fromkeys(ends)
            )),
        )  # fmt: skip


def _between(p: WantedStrides, found: Sequence[int]) -> Prose:
    """The strides between the two ends, which are quotients."""
    low, high = (Fraction(p.room(), steps) for steps in (p.output_size, p.output_size - 1))
    listed = [part for each in found for part in (", ", each)][1:]
    return prose(
        "The whole numbers above {low} and up to {high}: {found}.", low=low, high=high, found=Prose(tuple(listed))
    )


def _strides(p: WantedStrides, room: int) -> tuple[int, ...]:
    if p.output_size < 2:
        raise DoesNotFitError("a single output has endlessly many strides; ask for 2 outputs or more")
    return _nonempty(tuple(strides_with(max(room, 0), p.output_size)))


def _nonempty(found: tuple[int, ...]) -> tuple[int, ...]:
    if not found:
        raise DoesNotFitError("no stride leads to this output")
    return found
