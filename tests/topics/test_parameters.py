"""Counts of parameters, weights and operations: the sources' examples by a bank, hand-checked cases, refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from contract.draws import key_json
from oracles.keys import NOT_RECOMPUTABLE, recompute, same

import cnnex
from cnnex.maths.geometry import DoesNotFitError
from cnnex.model.records import Key
from cnnex.notation.plain import plain
from cnnex.topics.parameters._conv_cost import BatchedLayer, ConvCost
from cnnex.topics.parameters._conv_parameters import ConvParameters, CountedLayer
from cnnex.topics.parameters._conv_shapes import ConvShapes
from cnnex.topics.parameters._formulas import CountFormulas, Symbols
from cnnex.topics.parameters._layer import ConvLayer
from cnnex.topics.parameters._network import Network
from cnnex.topics.parameters._network_cost import BatchedNetwork, NetworkCost
from cnnex.topics.parameters._network_parameters import NetworkParameters
from cnnex.topics.parameters._sharing_line import LineLayer, LineSharing
from cnnex.topics.parameters._sharing_plane import PlaneSharing
from cnnex.topics.parameters._stacked import Stack, StackedKernels

IMAGE = "{in_channels: 3, size: 256, out_channels: 32, kernel_size: 5, stride: 2, padding: 0}"

# Topic and family, level, parameters, and by the name of each part: the source's question and the right answer.
SOURCES: list[tuple[str, str, str, dict[str, tuple[str, Any]]]] = [
    ("F25-sharing-1d", "easy", "{size: 9, kernel_size: 3, stride: 1, padding: 0}", {"unshared": ("d5-2e-valid", 21)}),
    ("F25-sharing-1d", "medium", "{size: 9, kernel_size: 3, stride: 1, padding: 1}", {
        "unshared": ("d5-2e-same-nominal", 27), "effective": ("d5-2e-same-effective", 25),
    }),
    ("F25-sharing-1d", "medium", "{size: 9, kernel_size: 3, stride: 1, padding: 1}", {
        "dense": ("d4-1b-weights", 81), "effective": ("d4-1c-count", 25),
    }),
    ("F24-conv-shapes", "medium", IMAGE, {
        "input_shape": ("d5-2h-input", [3, 256, 256]), "weight_shape": ("d5-2h-kernel", [32, 3, 5, 5]),
        "output_shape": ("d5-2i-out", [32, 126, 126]), "weights": ("d5-2i-params", 2400),
    }),
    ("F25-sharing-2d", "medium", IMAGE, {"dense": ("d5-2i-fc", 99_883_155_456)}),
    ("F24-conv-shapes", "hard",
     "{in_channels: 2, size: 4, out_channels: 8, kernel_size: 3, stride: 1, padding: 1}",
     {"kernel_shape": ("ws-3c-i", [2, 3, 3]), "weight_shape": ("ws-3c-bank", [8, 2, 3, 3])}),
    ("F24-conv-shapes", "medium", IMAGE, {
        "input_shape": ("ws-3d-i", [3, 256, 256]), "kernel_shape": ("ws-3d-ii", [3, 5, 5]),
        "weight_shape": ("ws-3d-bank", [32, 3, 5, 5]), "output_size": ("ws-3d-W", 126),
        "output_shape": ("ws-3d-iii", [32, 126, 126]), "weights": ("ws-3d-iv", 2400), "bias_shape": ("ws-3d-vi", [32]),
    }),
    ("F25-sharing-2d", "medium", IMAGE, {
        "input_count": ("ws-3d-nin", 196_608), "output_count": ("ws-3d-nout", 508_032),
        "dense": ("ws-3d-v", 99_883_155_456),
    }),
    ("F24-stacked-kernels", "medium", "{single: 15, kernel_size: 3, layers: 7, channels: C, bias: false}",
     {"single": ("hw2-3a-225", "225*C**2")}),
    ("F24-stacked-kernels", "medium", "{single: 9, kernel_size: 3, layers: 3, channels: C, bias: false}",
     {"single": ("hw2-3a-81", "81*C**2"), "stack": ("hw2-3a-27", "27*C**2")}),
    ("F24-count-formulas", "medium",
     "{kernel: [k_h, k_w], in_channels: C_in, out_channels: C_out, size: [H_out, W_out], of_input: false, channels: C}",
     {"parameters": ("hw2-4a-params", "(k_h*k_w*C_in + 1)*C_out"), "batch_norm": ("hw2-4a-bn", "2*C"),
      "macs": ("hw2-4a-macs", "H_out*W_out*C_out*k_h*k_w*C_in")}),
    ("F24-conv-parameters", "medium",
     "{in_channels: 3, size: 32, out_channels: 6, kernel_size: 5, stride: 1, padding: 0, compare: true}",
     {"map_shape": ("ln5-conv-hw", [28, 28]), "output_shape": ("ln5-conv-shape", [6, 28, 28]),
      "kernel_weights": ("ln5-conv-k", 75), "kernel_parameters": ("ln5-conv-kb", 76),
      "parameters": ("ln5-conv-params", 456), "map_count": ("ln5-conv-px", 784),
      "output_count": ("ln5-conv-neurons", 4704), "more_outputs": ("ln5-conv-more", True)}),
    ("F24-stacked-kernels", "medium", "{single: 7, kernel_size: 3, layers: 3, channels: C, bias: false}",
     {"single": ("ln5-stack-49", "49*C**2"), "stack": ("ln5-stack-27", "27*C**2")}),
]  # fmt: skip


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    text = "schema: cnnex.bank/1\ntitle: Counts\nproblems:\n"
    for number, (family, level, parameters, parts) in enumerate(SOURCES):
        text += f"  - name: problem-{number}\n    topic: parameters\n    family: {family}\n    level: {level}\n"
        text += f"    parameters: {parameters}\n    parts:\n"
        text += "".join(f"      - {{name: {name}, ref: {ref}}}\n" for name, (ref, _) in parts.items())
    path = tmp_path_factory.mktemp("bank") / "counts.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def keyed(bank: Path, *, fresh: bool) -> Key:
    return cnnex.key(cnnex.generate(bank=bank, seed="counts", fresh=fresh))


def test_the_sources_questions_have_the_right_keys(bank: Path) -> None:
    found = {part.ref: part.value for item in keyed(bank, fresh=False).items for part in item.parts}
    assert found == {ref: value for *_, parts in SOURCES for ref, value in parts.values()}


def test_the_same_questions_exist_with_fresh_numbers(bank: Path) -> None:
    given, fresh = keyed(bank, fresh=False), keyed(bank, fresh=True)
    assert [[part.ref for part in item.parts] for item in fresh.items] == [
        [part.ref for part in item.parts] for item in given.items
    ]
    assert all(a.given != b.given for a, b in zip(given.items, fresh.items, strict=True))


def test_the_oracle_confirms_the_sources_keys(bank: Path) -> None:
    for fresh in (False, True):
        for item in key_json(cnnex.generate(bank=bank, seed="counts", fresh=fresh))["items"]:
            for part in item["parts"]:
                found = recompute(item, part)
                assert found == NOT_RECOMPUTABLE or same(found, part["value"], part), (part, found)


def posed(family: Any, params: Any) -> Any:
    solved = family.solve(params)
    return family.pose(params, solved, family.mistakes(params, solved))


def wrong(problem: Any, step: str) -> dict[str, Any]:
    return {each.id: each.values[step] for each in problem.mistakes if step in each.values}


def test_each_way_to_miscount_parameters_has_its_number() -> None:
    problem = posed(ConvParameters(), CountedLayer(3, 15, 100, 5, 1, 0, compare=False))
    assert problem.key(problem.parts[4]) == 7600
    # 7500, 2600 and others are the wrong choices of a public quiz.
    assert wrong(problem, "parameters") == {
        "bias-forgotten": 7500, "one-bias-in-all": 7501, "depth-forgotten": 2600, "side-counted-once": 1600,
        "bias-per-plane": 7800, "one-filter-counted": 76,
    }  # fmt: skip


def test_shapes_are_channels_first() -> None:
    problem = posed(ConvShapes(), ConvLayer(3, 20, 8, 5, 2, 1))
    assert wrong(problem, "output_shape")["channels-last"] == (9, 9, 8)
    assert wrong(problem, "bias_shape") == {"channels-exchanged": (3,)}
    assert wrong(problem, "output_size") == {"padding-forgotten": 8, "stride-ignored": 18}


NET = Network(1, 28, (6, 16), (5, 5), (2, 0), False, 2, (120, 84, 10))
"""LeNet-5 in its present form: 61,706 parameters."""


def test_a_well_known_network() -> None:
    solved = NetworkParameters().solve(NET)
    assert solved == {
        "features": 400, "conv_1": 156, "conv_2": 2416, "linear_1": 48_120, "linear_2": 10_164, "linear_3": 850,
        "total": 61_706,
    }  # fmt: skip
    problem = posed(NetworkParameters(), NET)
    assert [layer["layer"] for layer in problem.given["layers"]] == [
        "Conv2d", "MaxPool2d", "Conv2d", "MaxPool2d", "Flatten", "Linear", "Linear", "Linear",
    ]  # fmt: skip
    assert wrong(problem, "linear_1")["planes-not-flattened"] == 17 * 120
    assert wrong(problem, "features")["planes-not-flattened"] == 16


def test_batch_normalization_learns_two_numbers_for_each_channel() -> None:
    net = Network(3, 12, (8,), (3,), (0,), True, 2, (5,))
    problem = posed(NetworkParameters(), net)
    assert NetworkParameters().solve(net)["batch_norm_1"] == 16
    assert wrong(problem, "batch_norm_1") == {"running-statistics-counted": 32}


def test_operations_and_memory_of_a_layer() -> None:
    problem = posed(ConvCost(), BatchedLayer(3, 10, 4, 3, 1, 0, 16, 4))
    assert {part.name: problem.key(part) for part in problem.parts} == {
        "output_shape": (4, 8, 8), "macs": 27 * 256, "flops": 54 * 256, "activation_memory": 256 * 64,
    }  # fmt: skip
    assert wrong(problem, "macs") == {
        "operations-mixed-up": 54 * 256, "input-size-used": 27 * 400, "depth-forgotten": 9 * 256,
        "positions-forgotten": 108,
    }  # fmt: skip
    assert wrong(problem, "activation_memory")["batch-forgotten"] == 1024


def test_operations_of_a_network() -> None:
    solved = NetworkCost().solve(BatchedNetwork(1, 28, (6, 16), (5, 5), (2, 0), False, 2, (120, 84, 10), 1, 4))
    assert solved["total"] == 117_600 + 240_000 + 48_000 + 10_080 + 840
    # 6 28^2, 6 14^2, 16 10^2, 16 5^2 and the fully connected outputs
    assert solved["activation_memory"] == 4 * (4704 + 1176 + 1600 + 400 + 120 + 84 + 10)


def test_weights_on_padding_alone() -> None:
    solved = PlaneSharing().solve(ConvLayer(2, 4, 3, 3, 1, 1))
    # Along each axis 2 + 3 + 3 + 2 taps meet an input.
    assert (solved["unshared"], solved["effective"]) == (16 * 9 * 6, 10 * 10 * 6)
    assert LineSharing().solve(LineLayer(9, 3, 1, 1))["ratio"] == 27


def test_multiply_adds_from_the_size_of_the_input() -> None:
    p = Symbols(("k_h", "k_w"), "C_in", "C_out", ("H", "W"), of_input=True, channels="C")
    assert plain(CountFormulas().solve(p)["macs"]) == "(H - k_h + 1)*(W - k_w + 1)*C_out*k_h*k_w*C_in"
    square = Symbols(("k",), "C_in", "C_out", ("W",), of_input=True, channels="C")
    assert plain(CountFormulas().solve(square)["macs"]) == "(W - k + 1)**2*C_out*k**2*C_in"


def test_a_stack_with_biases() -> None:
    solved = StackedKernels().solve(Stack(5, 3, 2, "C", bias=True))
    assert (plain(solved["single"]), plain(solved["stack"])) == ("25*C**2 + C", "18*C**2 + 2*C")


@pytest.mark.parametrize(
    ("family", "params", "words"),
    [
        (ConvShapes(), ConvLayer(3, 4, 8, 5, 1, 0), "kernel of 5 does not fit on 4 inputs"),
        (LineSharing(), LineLayer(3, 5, 1, 0), "kernel of 5 does not fit on 3 inputs"),
        (NetworkParameters(), Network(3, 12, (8, 9), (3,), (0,), False, 2, (5,)), "each convolution has its filters"),
        (NetworkParameters(), Network(3, 4, (8, 9), (3, 3), (0, 0), False, 2, (5,)), "does not fit"),
        (NetworkCost(), BatchedNetwork(3, 12, (8,), (3,), (0,), True, 2, (5,), 1, 4), "leave it out"),
        (CountFormulas(), Symbols(("k",), "k_in", "C_out", ("W",), False, "C"), "stands for two different things"),
        (CountFormulas(), Symbols(("k",), "C", "C", ("W",), False, "D"), "may stand once"),
        (CountFormulas(), Symbols(("k",), "C_in", "C_out", ("H", "W"), True, "C"), "as many names"),
    ],
)
def test_what_makes_no_layer_is_refused(family: Any, params: Any, words: str) -> None:
    with pytest.raises(DoesNotFitError, match=words):
        family.solve(params)
