"""The two oracles against each other, on layers with channels, groups and batches, too."""

from __future__ import annotations

import random
from typing import Any

import pytest

from oracles import with_torch
from oracles.keys import recompute

pytestmark = pytest.mark.skipif(with_torch.torch is None, reason="PyTorch is not installed")

Json = dict[str, Any]


def numbers(rng: random.Random, *shape: int) -> Any:
    """Different numbers, so that no window has a tie."""
    drawn = iter(rng.sample(range(-500, 500), k=_product(shape)))

    def filled(axes: tuple[int, ...]) -> Any:
        return [filled(axes[1:]) for _ in range(axes[0])] if axes else next(drawn)

    return filled(shape)


def _product(sizes: tuple[int, ...]) -> int:
    return sizes[0] * _product(sizes[1:]) if sizes else 1


def convolution(rng: random.Random, dimensions: int) -> Json:
    groups = rng.choice([1, 1, 2])
    kernel = [rng.randint(1, 3) for _ in range(dimensions)]
    sizes = [rng.randint(5, 6) - dimensions // 2 for _ in range(dimensions)]
    lead = rng.choice([[], [2], [2, 2]]) if groups == 1 else [4]
    return {
        "operation": f"{'convolve' if rng.random() < 0.3 else 'conv'}{dimensions}d",
        "input": numbers(rng, *lead, *sizes),
        "weight": numbers(rng, *([2 * groups, lead[-1] // groups] if lead else []), *kernel),
        "bias": rng.choice([None, numbers(rng, 2 * groups if lead else 1)]),
        "stride": [rng.randint(1, 3) for _ in range(dimensions)],
        "padding": [rng.randint(0, 2) for _ in range(dimensions)],
        "dilation": [rng.randint(1, 2) for _ in range(dimensions)],
        "groups": groups,
    }


def pooling(rng: random.Random, dimensions: int) -> Json:
    kernel = [rng.randint(2, 3) for _ in range(dimensions)]
    given: Json = {
        "operation": f"{rng.choice(['max', 'avg'])}_pool{dimensions}d",
        "input": numbers(rng, *rng.choice([[2], [2, 2]]), *[rng.randint(5, 6) for _ in range(dimensions)]),
        "kernel_size": kernel,
        "stride": [rng.randint(1, 3) for _ in range(dimensions)],
        "padding": [rng.randint(0, 1) for _ in range(dimensions)],
        "ceil_mode": rng.random() < 0.5,
    }
    if given["operation"].startswith("max"):
        given["dilation"] = [rng.randint(1, 2) for _ in range(dimensions)]
    else:
        given["count_include_pad"] = rng.random() < 0.5
    return given


@pytest.mark.parametrize("draw", [convolution, pooling])
@pytest.mark.parametrize("dimensions", [1, 2])
@pytest.mark.parametrize("seed", range(6))
def test_oracles_agree(draw: Any, dimensions: int, seed: int) -> None:
    rng = random.Random(seed)
    given = draw(rng, dimensions)
    asks = ["output", "output_shape", "padded_shape", "grad_input"]
    if draw is convolution:
        asks += ["grad_weight", "weight_shape", "weight_count", "parameter_count", "operator_shape", "operator_matrix"]
        asks += ["grad_bias", "bias_shape"] if given["bias"] else []
    shape = recompute({"given": given}, {"asks": "output_shape"})
    item = {"given": {**given, "grad_output": numbers(rng, *shape)}}
    for word in asks:
        value = recompute(item, {"asks": word})
        assert with_torch.agrees(item, {"asks": word, "value": _as_json(value)}) is True, (word, given)


def _as_json(value: Any) -> Any:
    if isinstance(value, list):
        return list(map(_as_json, value))
    return value if isinstance(value, int) else str(value)


def test_pytorch_objects_to_a_wrong_key() -> None:
    rng = random.Random(0)
    item = {"given": convolution(rng, 1)}
    (*most, last), part = recompute(item, {"asks": "output_shape"}), {"asks": "output_shape"}
    assert with_torch.agrees(item, {**part, "value": [*most, last]}) is True
    assert with_torch.agrees(item, {**part, "value": [*most, last + 1]}) is False
