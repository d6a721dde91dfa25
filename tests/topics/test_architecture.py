"""Layer tables against published networks, twins of a bank's network, and fully connected layers as convolutions."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import cnnex
from cnnex.errors import InputError
from cnnex.maths.geometry import DoesNotFitError
from cnnex.model.problem import Problem
from cnnex.model.records import Key
from cnnex.notation.plain import plain
from cnnex.topics.architecture._chain import ShapeChain
from cnnex.topics.architecture._dense import Dense, LinearAsConvolution
from cnnex.topics.architecture._flatten import FlatNames, FlattenFormulas
from cnnex.topics.architecture._flattened import FlattenedLayer, Maps
from cnnex.topics.architecture._network import AvgPool2d, BatchNorm2d, Conv2d, Flatten, Linear, MaxPool2d, Network, ReLU
from cnnex.topics.architecture._table import LayerTable

# LeNet-5 as it is built today: 61,706 parameters, field 16 before the fully connected layers.
LENET = Network(
    (1, 28, 28),
    (
        Conv2d(name="C1", out_channels=6, kernel_size=5, padding=2),
        ReLU(name="R1"),
        AvgPool2d(name="S2", kernel_size=2, stride=2),
        Conv2d(name="C3", out_channels=16, kernel_size=5),
        MaxPool2d(name="S4", kernel_size=2, stride=2),
        Flatten(name="F"),
        Linear(name="F5", out_features=120),
        Linear(name="F6", out_features=84),
        Linear(name="F7", out_features=10),
    ),
    "CHW",
    False,
)


def posed(family: Any, params: Any) -> Problem:
    solved = family.solve(params)
    problem: Problem = family.pose(params, solved, family.mistakes(params, solved))
    return problem


def keys(problem: Problem) -> dict[str, Any]:
    return {part.name: problem.key(part) for part in problem.parts}


def test_lenet() -> None:
    found = keys(posed(LayerTable(), LENET))
    assert found == {
        "C1_size": (6, 28, 28), "C1_params": 156, "C1_macs": 117_600, "C1_rf": 5,
        "S2_size": (6, 14, 14), "S2_rf": 6,
        "C3_size": (16, 10, 10), "C3_params": 2_416, "C3_macs": 240_000, "C3_rf": 14,
        "S4_size": (16, 5, 5), "S4_rf": 16,
        "F5_in": 400, "F5_params": 48_120, "F5_macs": 48_000,
        "F6_params": 10_164, "F6_macs": 10_080, "F7_params": 850, "F7_macs": 840,
        "total_params": 61_706, "total_macs": 416_520,
    }  # fmt: skip


def test_a_chain_asks_for_shapes_only() -> None:
    problem = posed(ShapeChain(), LENET)
    assert list(keys(problem)) == ["C1_size", "S2_size", "C3_size", "S4_size", "F5_in"]
    assert [part.builds_on for part in problem.parts] == [(), ("C1_size",), ("S2_size",), ("C3_size",), ("S4_size",)]
    wrong = {mistake.id: mistake.values for mistake in problem.mistakes}
    assert wrong["padding-forgotten"]["C1_size"] == (6, 24, 24)
    assert wrong["padding-forgotten"]["C3_size"] == (16, 8, 8)  # carried forward
    assert wrong["only-channels-flattened"] == {"F5_in": 16}
    assert wrong["channels-pooled"]["S2_size"] == (3, 14, 14)


def test_a_value_to_which_two_mistakes_lead_names_neither() -> None:
    # Both with a last partial window and with steps of one the pooling has 2 × 2 places.
    pool = Network((3, 3, 3), (MaxPool2d(name="P", kernel_size=2, stride=2),), "CHW", False)
    assert {mistake.id: mistake.values for mistake in posed(ShapeChain(), pool).mistakes} == {
        "channels-pooled": {"P_size": (1, 1, 1)},
    }  # fmt: skip


def test_mistakes_in_counts_and_fields() -> None:
    colour = replace(LENET, input_shape=(3, 28, 28))
    wrong = {mistake.id: mistake.values for mistake in posed(LayerTable(), colour).mistakes}
    assert wrong["bias-forgotten"]["C3_params"] == 2_400
    assert wrong["filter-of-one-channel"]["C3_params"] == 26 * 16
    assert wrong["filter-of-one-channel"]["C3_macs"] == 100 * 16 * 25
    assert wrong["only-channels-flattened"]["F5_params"] == 17 * 120
    assert wrong["jump-ignored"]["C3_rf"] == 10


@pytest.mark.parametrize(
    "layers",
    [
        (Linear(name="FC", out_features=3),),
        (Flatten(name="F"), Conv2d(name="C", out_channels=3, kernel_size=3)),
        (Flatten(name="F"), BatchNorm2d(name="B")),
        (Conv2d(name="C", out_channels=3, kernel_size=9),),
        (ReLU(name="R"), ReLU(name="R")),
    ],
)
def test_stacks_that_are_none(layers: Any) -> None:
    with pytest.raises(DoesNotFitError):
        LayerTable().solve(Network((3, 8, 8), layers, "CHW", False))


# --- The homework -------------------------------------------------------------------------------------------

PUBLISHED = {
    "L1": ([256, 256, 32], 4_736, 308_281_344, 7), "BN1": ([256, 256, 32], 64, 0),
    "L2": ([126, 126, 64], 51_264, 812_851_200, 11), "BN2": ([126, 126, 64], 128, 0),
    "L3": ([63, 63, 64], 0, 0, 13), "L4": ([59, 59, 128], 73_856, 256_647_168, 29), "BN4": ([59, 59, 128], 256, 0),
    "L5": ([57, 57, 128], 147_584, 479_084_544, 37), "BN5": ([57, 57, 128], 256, 0), "L6": ([28, 28, 128], 0, 0, 41),
    "L7": ([26, 26, 256], 295_168, 199_360_512, 57), "BN7": ([26, 26, 256], 512, 0), "L8": ([13, 13, 256], 0, 0, 65),
    "FC1": (None, 44_303_360, 44_302_336), "FC2": (None, 1_049_600, 1_048_576), "FC3": (None, 10_250, 10_240),
}  # fmt: skip
REFS = {
    f"hw2-4-{layer}-{column}": value
    for layer, values in PUBLISHED.items()
    for column, value in zip(("size", "params", "macs", "rf"), values, strict=False)
    if value is not None
} | {"hw2-4-FC1-in": 43_264}


def homework(seed: str, *, fresh: bool) -> Key:
    return cnnex.key(cnnex.generate(bank="cnn_homework", seed=seed, fresh=fresh))


def table_of(key: Key) -> Any:
    return next(item for item in key.items if item.family == "F02-layer-table")


def test_the_homework_has_the_published_table() -> None:
    assert {part.ref: part.value for part in table_of(homework("any", fresh=False)).parts} == REFS
    assert len(REFS) == 54


@pytest.mark.parametrize("seed", range(5))
def test_its_twin_asks_the_same_with_fresh_numbers(seed: int) -> None:
    given, twin = (table_of(homework(str(seed), fresh=fresh)) for fresh in (False, True))
    assert [(part.name, part.ref) for part in twin.parts] == [(part.name, part.ref) for part in given.parts]
    assert twin.given["order"] == "HWC"
    same = [part.name for part, other in zip(twin.parts, given.parts, strict=True) if part.value == other.value]
    assert len([name for name in same if not name.endswith(("_params", "_macs"))]) <= 4


BANK = """
schema: cnnex.bank/1
title: A network
problems:
  - name: net
    topic: architecture
    family: F02-shape-chain
    parameters:
      input_shape: [3, 16, 16]
      order: CHW
      ask_zeros: false
      layers:
        - {LAYER}
"""


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("{name: L1, layer: Conv, kernel_size: 3}", r"parameters.layers\[0\].layer: invalid value 'Conv'"),
        ("{name: L1, layer: MaxPool2d, kernel_size: 3, stride: 1, dilation: 2}", "unknown field `dilation`"),
        ("{name: L1, layer: MaxPool2d, kernel_size: 17, stride: 1}", "spans 17 does not fit on 16 × 16"),
        ("{name: 1, layer: Flatten}", r"layers\[0\].name"),
    ],
)
def test_what_is_wrong_in_a_bank_is_said(layer: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "bank.yaml"
    path.write_text(BANK.replace("{LAYER}", layer))
    with pytest.raises(InputError, match=said):
        cnnex.generate(bank=path, seed="1")


# --- Fully connected layers ----------------------------------------------------------------------------------


def test_the_lecture_notes_example() -> None:
    # 4096 outputs on maps of 7 × 7 from an image of 224 × 224; an image of 384 × 384 gives 6 × 6 outputs.
    found = keys(posed(LinearAsConvolution(), Dense(512, 7, 4096, 32, 32, 384, 1)))
    assert found == {
        "kernel_shape": (4096, 512, 7, 7), "conv_parameters": 102_764_544, "output_shape": (4096, 1, 1),
        "padding": 0, "stride": 1, "map_shape": (4096, 6, 6),
    }  # fmt: skip
    as_in_training = keys(posed(LinearAsConvolution(), Dense(512, 7, 4096, 32, 32, 224, 1)))
    assert list(as_in_training) == ["kernel_shape", "conv_parameters", "output_shape", "padding"]


def test_ten_classes() -> None:
    assert keys(posed(FlattenedLayer(), Maps(512, 7, 7, 1, 10))) == {
        "flattened": 25_088, "matrix_shape": (10, 25_088), "weights": 250_880, "parameters": 250_890,
    }  # fmt: skip


def test_what_is_pooled_before_it_is_flattened() -> None:
    problem = posed(FlattenedLayer(), Maps(4, 7, 8, 2, 5))  # 3 × 4 are left of 7 × 8
    assert keys(problem)["flattened"] == 48
    wrong = {mistake.id: mistake.values.get("flattened") for mistake in problem.mistakes}
    assert wrong == {
        "only-channels-flattened": 4, "channels-left-out": 12, "pooling-skipped": 224,
        "bias-forgotten": None, "one-bias-in-all": None,
    }  # fmt: skip
    with pytest.raises(DoesNotFitError, match="window of 9"):
        FlattenedLayer().solve(Maps(4, 7, 8, 9, 5))


def test_slips_with_the_larger_image() -> None:
    problem = posed(LinearAsConvolution(), Dense(8, 7, 10, 4, 12, 72, 5))  # 18 places, kernel 7, stride 3
    assert keys(problem)["map_shape"] == (10, 4, 4)
    wrong = {mistake.id: mistake.values for mistake in problem.mistakes}
    assert wrong["partial-window-kept"] == {"map_shape": (10, 5, 5)}
    assert wrong["stride-ignored"] == {"map_shape": (10, 12, 12)}
    assert wrong["image-for-maps"] == {"stride": 12, "map_shape": (10, 22, 22)}


@pytest.mark.parametrize("change", [{"step": 33}, {"image": 385}, {"image": 192}, {"wanted": 2}])
def test_images_that_do_not_suit(change: dict[str, int]) -> None:
    params = {"channels": 8, "side": 7, "outputs": 10, "jump": 32, "step": 32, "image": 384, "wanted": 1, **change}
    with pytest.raises(DoesNotFitError):
        LinearAsConvolution().solve(Dense(**params))


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("D_out", "W_out", "H_out", "", "K"),
         ["D_out*W_out*H_out", "D_out*W_out*H_out*K", "(D_out*W_out*H_out + 1)*K"]),
        (("C", "h", "h", "", "K"), ["C*h**2", "C*h**2*K", "(C*h**2 + 1)*K"]),
        (("C", "h", "w", "N", "K"), ["C*h*w", "C*h*w*N + N*K", "(C*h*w + 1)*N + (N + 1)*K"]),
    ],
)  # fmt: skip
def test_flattening_in_letters(names: tuple[str, ...], found: list[str]) -> None:
    problem = posed(FlattenFormulas(), FlatNames(*names))
    assert [plain(value) for value in keys(problem).values()] == found
    assert {part.symbols for part in problem.parts} == {tuple(dict.fromkeys(filter(None, names)))}


@pytest.mark.parametrize("names", [("C", "h", "C", "", "K"), ("C", "h", "w", "K", "K"), ("x", "h", "w", "", "K")])
def test_letters_that_stand_for_two_things(names: tuple[str, ...]) -> None:
    with pytest.raises(DoesNotFitError):
        FlattenFormulas().solve(FlatNames(*names))


def test_given_of_a_stack_is_complete_and_keeps_its_secret() -> None:
    given = posed(LayerTable(), LENET).given
    assert json.loads(json.dumps(given)) == given
    records = {record["layer"]: record for record in given["layers"]}
    assert records["Conv2d"] == {
        "layer": "Conv2d", "in_channels": 6, "out_channels": 16, "kernel_size": [5, 5], "stride": [1, 1],
        "padding": [0, 0], "dilation": [1, 1], "bias": True,
    }  # fmt: skip
    linear = [record["in_features"] for record in given["layers"] if record["layer"] == "Linear"]
    assert linear == [None, 120, 84]
