"""True or false: every sentence has both truths, its example is what the oracle finds, and banks may choose it."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from oracles import claims as oracle
from oracles import with_torch

import cnnex
from cnnex.errors import CnnexError
from cnnex.maths.geometry import DoesNotFitError
from cnnex.model.value import to_json
from cnnex.seeds import Stream
from cnnex.topics._family import LEVELS
from cnnex.topics.concepts import FAMILIES
from cnnex.topics.concepts._case import IDEAS, Case
from cnnex.topics.concepts._claim import Claim, TrueFalse
from cnnex.topics.concepts._ideas import Idea
from cnnex.topics.concepts._layer import LAYER, PAIR
from cnnex.topics.concepts._select import SelectAll, Selected

(SELECT,) = (family for family in FAMILIES if isinstance(family, SelectAll))
ONE_SENTENCE = [family for family in FAMILIES if isinstance(family, TrueFalse)]
FAMILY_OF: dict[str, Any] = {name: family for family in ONE_SENTENCE for name in family.table}

# The source's questions: the sentence, the form in which the source has it, and the level.
REFS: dict[str, tuple[str, bool]] = {
    "d5-2d-hint": ("same-adds-rows", True),
    "d4-1b-zeros": ("dense-zeros", False),
    "d4-1d-equi": ("unshared-equivariance", False),
    "d4-1e-fc": ("whole-image-kernel", True),
    "d4-2b-cnn": ("shift-equivariance", True),
    "d4-2b-mlp": ("dense-equivariance", False),
    "d4-2c": ("untrained-equivariance", True),
    "ws-0-xcorr": ("library-flip", True),
    "ws-4c-max": ("max-pooling-gradient", True),
    "ws-4c-overlap": ("overlap-gradient", False),
    "hw2-1b-i": ("orientation", False),
    "hw2-2a-equi": ("equivariance-equation", True),
    "hw2-2a-inv": ("global-average-invariance", True),
    "hw2-2b-stride": ("stride-invariance", False),
    "hw2-2b-max": ("max-pooling-invariance", False),
    "hw2-2b-fc": ("dense-invariance", False),
    "hw2-2c-rot": ("rotation-equivariance", False),
    "hw2-2c-edge": ("edge-direction", True),
    "hw2-3b-params": ("dilation-parameters", False),
    "hw2-4a-bnstats": ("running-statistics", False),
    "ln5-eq6-p": ("padding-sides", False),
    "ln5-eq10": ("sum-over-filters", False),
    "ln5-nonlin": ("nonlinearity-shape", True),
    "ln5-pool-slice": ("pooling-channels", True),
    "ln5-fcconv-stride0": ("zero-stride", False),
}

HEAD = "schema: cnnex.bank/1\ntitle: Statements\nproblems:\n"
PROBLEM = """
  - name: {ref}
    topic: concepts
    family: {family}
    parameters: {{statement: {statement}, holds: {holds}}}
    keep: [statement]
    parts: [{{name: truth, ref: {ref}, note: "As the source says."}}]
"""


def bank(folder: Path, problems: str) -> str:
    path = folder / "bank.yaml"
    path.write_text(HEAD + problems, encoding="utf-8")
    return str(path)


def of_the_sources(folder: Path) -> str:
    texts = (
        PROBLEM.format(ref=ref, family=FAMILY_OF[name].id, statement=name, holds=str(holds).lower())
        for ref, (name, holds) in REFS.items()
    )
    return bank(folder, "".join(texts))


def test_each_question_of_the_sources_has_the_right_truth(tmp_path: Path) -> None:
    key = cnnex.key(cnnex.generate(bank=of_the_sources(tmp_path), seed="any"))
    parts = [part for item in key.items for part in item.parts]
    assert {part.ref: part.value for part in parts} == {ref: holds for ref, (_, holds) in REFS.items()}
    assert {part.asks for part in parts} == {"claim"}


def test_a_twin_keeps_the_sentence_and_may_turn_its_truth(tmp_path: Path) -> None:
    path, truths = of_the_sources(tmp_path), set()
    for seed in range(9):
        key = cnnex.key(cnnex.generate(bank=path, fresh=True, seed=str(seed)))
        for item in key.items:
            (part,) = item.parts
            (mistake,) = part.mistakes
            assert part.ref is not None
            assert mistake.id == IDEAS[REFS[part.ref][0]].slip
            truths.add((part.ref, part.value))
    assert len(truths) == 2 * len(REFS)


def cases(name: str, count: int = 6) -> list[Any]:
    """Fair parameters for a sentence, as many for each of its truths."""
    family, found = FAMILY_OF[name], []
    level = family.table[name].levels[-1]
    for holds in (True, False):
        fit = []
        for attempt in range(200):
            p = replace(family.draw(Stream("concepts", name, attempt), level), statement=name, holds=holds)
            try:
                family.solve(p)
            except DoesNotFitError:
                continue
            fit.append(p)
        assert len(fit) >= 20, "acceptance"
        found += fit[:count]
    return found


every_sentence = pytest.mark.parametrize("name", FAMILY_OF)


@every_sentence
def test_the_example_is_what_the_oracle_finds(name: str) -> None:
    for p in cases(name):
        claim: Claim = FAMILY_OF[name].solve(p)["claim"]
        found = oracle.quantity(claim.given, {**claim.place, "asks": claim.asks, "value": to_json(claim.found)})
        assert claim.found in ((), _tuples(_times(claim, found)))
        assert oracle.holds(claim.given, claim.record) is p.holds


def _times(claim: Claim, found: Any) -> Any:
    return found if claim.times == 1 else claim.times * found


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


@pytest.mark.skipif(with_torch.torch is None, reason="PyTorch is not installed")
@every_sentence
def test_pytorch_finds_the_same(name: str) -> None:
    for p in cases(name, 2):
        claim: Claim = FAMILY_OF[name].solve(p)["claim"]
        item = {"given": {**claim.given, "claim": claim.record}}
        part = {"asks": "claim", "kind": "boolean", "value": p.holds}
        assert with_torch.agrees(item, part) is True
        assert with_torch.agrees(item, {**part, "value": not p.holds}) is False


def test_each_sentence_stands_in_the_family_of_its_misconception() -> None:
    assert FAMILY_OF.keys() == {*IDEAS, *LAYER, *PAIR}
    for family in ONE_SENTENCE:
        assert {statement.slip for statement in family.table.values()} == set(family.words)


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_has_sentences_on_three_misconceptions(level: str) -> None:
    for family in ONE_SENTENCE:
        assert len({family.table[name].slip for name in family.table.at(level)}) >= 3


def test_cases_with_the_same_words_are_equal() -> None:
    case = next(p for p in cases("padding-sides"))
    assert replace(case, input=(9, 8, 7, 6, 5, 4)) == case
    assert replace(case, size=case.size + 2) != case
    assert hash(replace(case, in_channels=31)) == hash(case)


@pytest.mark.parametrize("name", IDEAS)
def test_cases_are_equal_exactly_when_the_problem_has_the_same_words(name: str) -> None:
    family, drawn = FAMILY_OF[name], cases(name, 20)
    drawn += [
        replace(p, **{field.name: getattr(other, field.name)})
        for p, other in pairwise(drawn)
        for field in fields(Case)
        if field.name not in ("statement", "holds")
    ]
    # One entry changed at a time.
    drawn += [
        replace(p, **{field: (*vector[:place], 10 + place, *vector[place + 1 :])})
        for p in drawn[:1]
        for field in ("input", "kernel")
        for vector in [getattr(p, field)]
        for place in range(len(vector))
    ]
    words: dict[Case, str] = {}
    for p in drawn:
        try:
            solved = family.solve(p)
        except DoesNotFitError:
            continue
        problem = family.pose(p, solved, ())
        said = repr((problem.statement, [part.prompt for part in problem.parts]))
        assert words.setdefault(p, said) == said
    assert len(set(words.values())) == len(words)


def test_a_selection_is_what_holds() -> None:
    p = Selected(3, 8, 3, 2, 1, 1, 10, ("bias-count", "weight-count", "side-rounded"), (True, False, True))
    solved = SELECT.solve(p)
    assert solved["selection"] == ("a", "c")
    wrong = {mistake.id: mistake.values["selection"] for mistake in SELECT.mistakes(p, solved)}
    assert wrong == {
        "bias-miscounted": ("c",), "channels-misread": ("a", "b", "c"), "windows-miscounted": ("a",),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("family", "parameters", "said"),
    [
        ("F42-shifts", "statement: nothing, holds: true", "there is no statement 'nothing'"),
        ("F42-shifts", "statement: dense-zeros", "there is no statement 'dense-zeros'"),
        ("F42-shifts", "input: [1, 1, 2, 3, 4, 5]", "6 different entries"),
        ("F42-weights", "kernel: [1, 0, 2]", "none of them 0"),
        ("F42-weights", "kernel_size: 4", "kernel_size is odd"),
        ("F42-weights", "image: [[1, 2], [3, 4]]", "3 rows of 3 entries"),
        ("F42-numeric-claim", "kernel_size: 90, dilation: 1", "does not fit"),
        ("F42-select-all", "statements: [bias-count, bias-count], truths: [true, false]", "stands once"),
        ("F42-select-all", "statements: [twice-the-image], truths: [true]", "there is no statement"),
    ],
)
def test_bad_parameters_get_a_sentence(tmp_path: Path, family: str, parameters: str, said: str) -> None:
    problem = f"  - {{name: x, topic: concepts, family: {family}, parameters: {{{parameters}}}}}\n"
    with pytest.raises(CnnexError, match=said):
        cnnex.generate(bank=bank(tmp_path, problem), seed="any")


def test_all_parameters_of_a_case_may_be_given() -> None:
    names = {use.partition(":")[0] for each in IDEAS.values() for use in each.uses} - {"window"}
    assert {field.name for field in fields(Case)} >= names
    assert all(family.params is Case for family in ONE_SENTENCE if isinstance(family, Idea))
