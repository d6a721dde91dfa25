"""A small network, and what the families that count in it say alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

from msgspec import Meta

from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.stack import Layer, Row, Shape, output_shape, table
from cnnex.model.follow import FollowThrough
from cnnex.model.problem import Part, Step
from cnnex.model.prose import Display, Inline, Prose, Table, prose
from cnnex.model.value import Kind, Padding, Size, Value
from cnnex.notation.formula import Term, equation, shape, symbols, total
from cnnex.seeds import Stream
from cnnex.topics._family import Slip
from cnnex.topics.parameters._layer import asked, counted, plural
from cnnex.topics.parameters._records import records

Sizes = Annotated[tuple[Size, ...], Meta(min_length=1, max_length=8)]
Paddings = Annotated[tuple[Padding, ...], Meta(min_length=1, max_length=8)]
TITLES = {"conv": "convolution", "batch_norm": "batch normalization", "pool": "max pooling", "flatten": "flattening",
          "linear": "fully connected layer"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Network:
    """Convolutions with stride 1, each followed by what the flags say, then fully connected layers.

    Attributes:
        channels: of the input.
        size: the side of the input.
        filters: of each convolution; kernel sizes and paddings are as many.
        batch_norm: whether a batch normalization follows each convolution.
        pool_size: side and stride of the max pooling that follows; 1 for none.
        features: the outputs of each fully connected layer.
    """

    channels: Size
    size: Size
    filters: Sizes
    kernel_size: Sizes
    padding: Paddings
    batch_norm: bool
    pool_size: Size
    features: Sizes

    @property
    def layers(self) -> dict[str, Layer]:
        """The layers by names that tell their kind and count it."""
        if not len(self.filters) == len(self.kernel_size) == len(self.padding):
            raise DoesNotFitError("each convolution has its filters, its kernel size and its padding")
        found: dict[str, Layer] = {}
        for place, (f, k, p) in enumerate(zip(self.filters, self.kernel_size, self.padding, strict=True), 1):
            found[f"conv_{place}"] = Layer("Conv2d", f, k, padding=p)
            if self.batch_norm:
                found[f"batch_norm_{place}"] = Layer("BatchNorm2d")
            if self.pool_size > 1:
                found[f"pool_{place}"] = Layer("MaxPool2d", 0, self.pool_size, self.pool_size)
        found["flatten"] = Layer("Flatten")
        return found | {f"linear_{place}": Layer("Linear", n) for place, n in enumerate(self.features, 1)}

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """Channels first."""
        return (self.channels, self.size, self.size)

    @property
    def rows(self) -> dict[str, Row]:
        """The layer table by the names of the layers."""
        return _rows(self, output_shape)


@lru_cache(maxsize=8)  # the solution and each of its mistakes start from the same table
def _rows(p: Network, shape_of: Callable[[Layer, Shape], Shape]) -> dict[str, Row]:
    layers = p.layers
    return dict(zip(layers, table(p.input_shape, layers.values(), shape_of), strict=True))


def unpooled(layer: Layer, shape: Shape) -> Shape:
    """The rule for shapes of someone who overlooks the pooling."""
    return shape if layer.kind == "MaxPool2d" else output_shape(layer, shape)


def pools_skipped(then: Callable[[Network, dict[str, Row]], Mapping[str, Value]]) -> Slip[Network]:
    """The mistake to leave the sizes as they were before the pooling."""
    return Slip(
        "pooling-skipped",
        "The sizes before the pooling were used.",
        "Which sizes does the next layer get?",
        lambda p: then(p, _rows(p, unpooled)),
    )


def draw_network(rng: Stream, level: str, *, batch_norm: bool, pooled: bool = True) -> Network:
    """One convolution at the easy level, then two; two fully connected layers at the hard one."""
    count = 1 if level == "easy" else 2
    low, high = {"easy": (4, 10), "medium": (4, 16), "hard": (6, 32)}[level]
    filters = tuple(rng.sample(range(low, high + 1), count))
    kernels = tuple(rng.choice((2, 3, 4) if level == "easy" else (3, 5)) for _ in filters)
    sizes = {"easy": (7, 12), "medium": (18, 30), "hard": (24, 48)}[level]
    features = (rng.randint(3, 12),) if level != "hard" else (rng.randint(20, 60), rng.randint(3, 12))
    return Network(
        channels=rng.randint(2, 4),
        size=rng.randint(*sizes),
        filters=filters,
        kernel_size=kernels,
        padding=tuple(0 if level == "easy" else rng.randint(0, k // 2) for k in kernels),
        batch_norm=batch_norm,
        pool_size=2 if pooled else 1,
        features=features,
    )


def fair(p: Network) -> bool:
    """Whether sizes that mean different things differ."""
    channels = (p.channels, *p.filters)
    rows = p.rows
    return (
        all(a != b for a, b in zip(channels, p.filters, strict=False))
        and all(k not in channels for k in p.kernel_size)
        and rows["flatten"].input[1] > 1
    )


def network_words(p: Network) -> tuple[Prose, Table]:
    """The network in words."""
    return (
        prose(
            "A network takes an input of {c} with {n} × {n} entries each. All convolutions have stride 1.",
            c=plural(p.channels, "channel"), n=p.size,
        ),
        Table("The layers, from first to last", ("layer", "settings"), tuple(
            (title(name), _settings(layer)) for name, layer in p.layers.items()
        )),
    )  # fmt: skip


def title(name: str) -> str:
    """A layer's name in words: `convolution 1`."""
    kind, _, number = name.rpartition("_")
    return f"{TITLES[kind]} {number}" if kind else TITLES[name]


def _settings(layer: Layer) -> str:
    match layer.kind:
        case "Conv2d":
            border = f"padding {layer.padding}" if layer.padding else "no padding"
            return f"{layer.outputs} filters of {layer.kernel_size} × {layer.kernel_size}, {border}"
        case "MaxPool2d":
            return f"windows of {layer.kernel_size} × {layer.kernel_size}, stride {layer.stride}"
        case "Linear":
            return f"{layer.outputs} outputs"
    return "–"


def network_data(p: Network) -> dict[str, Any]:
    """The network for a machine."""
    return {"input_shape": list(p.input_shape), "layers": records(list(p.rows.values()))}


def layer_part(p: Network, name: str, asks: str, what: str, follows: FollowThrough | None = None) -> Part:
    """Asks for a count of one layer."""
    words = prose("How many {what} does {layer} have?", what=what, layer=title(name))
    return asked(name, asks, Kind.INTEGER, words, follows=follows, layer=list(p.layers).index(name))


def shapes_step(p: Network, value: Value) -> Step:
    """The output shapes of all layers up to the one that flattens."""
    rows = p.rows
    shown: list[tuple[Inline, ...]] = [
        (title(name), shape(row.shape)) for name, row in rows.items() if name[0] in "cp"
    ]  # fmt: skip
    last = rows["flatten"].input
    n, b, k = symbols("n p k")
    return Step("features", value, (
        prose(
            "A convolution with stride 1 turns a side of {n} into {side}{pooled}.",
            n=n, side=(n + 2 * b if any(p.padding) else n) - k + 1,
            pooled="; pooling divides it by its stride and rounds down" if p.pool_size > 1 else "",
        ),
        Table("Output shapes, channels first", ("layer", "output"), tuple(shown)),
        prose("All entries are put in one row:"),
        counted(*last, value=rows["flatten"].shape[0]),
    ))  # fmt: skip


def sum_line(terms: list[Term], value: int) -> Display:
    """The sum of the layers' counts."""
    return Display(equation(total(terms), value))
