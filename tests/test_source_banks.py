"""The five banks after public documents: each indexed question with its right value, and twins with fresh numbers.

The values in `cases/sources.json` were compared one by one with an independent recomputation of the documents.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from contract.draws import key_json
from oracles.keys import NOT_RECOMPUTABLE, recompute, same

from cnnex.generator import generate_set
from cnnex.model.problem_set import ProblemSet
from cnnex.plans import plan_of
from cnnex.store.banks import bank_names, load_bank

SOURCES: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "cases" / "sources.json").read_text())
BANKS = sorted(SOURCES)
SEEDS = range(12)
SLIDING = {"F07-conv1d-symbolic", "F18-toeplitz", "F18-unshared", "F25-sharing-1d", "F25-sharing-2d"}
"""Families of which the documents ask the same question without padding and with padding."""


def made(bank: str, seed: int, *, fresh: bool = False) -> ProblemSet:
    return generate_set(plan_of(load_bank(bank), bank, fresh=fresh), f"sources {seed}")


def asked(problems: ProblemSet) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(item, part) for item in key_json(problems)["items"] for part in item["parts"]]


def test_all_documents_have_a_bank() -> None:
    assert sorted(bank_names()) == BANKS
    assert sum(map(len, SOURCES.values())) == 218


@pytest.mark.parametrize("bank", BANKS)
def test_each_question_has_its_right_value(bank: str) -> None:
    found = {part["ref"]: part["value"] for _, part in asked(made(bank, 0)) if part["ref"]}
    assert found == SOURCES[bank]


@pytest.mark.parametrize("bank", BANKS)
def test_the_oracle_agrees(bank: str) -> None:
    recomputed = 0
    for item, part in asked(made(bank, 0)):
        expected = recompute(item, part)
        if expected != NOT_RECOMPUTABLE:
            recomputed += 1
            assert same(expected, part["value"], part), part["ref"]
    assert recomputed >= 0.85 * len(SOURCES[bank])


@pytest.mark.parametrize("bank", BANKS)
def test_the_twin_asks_the_same_with_fresh_numbers(bank: str) -> None:
    def names(problems: ProblemSet) -> list[list[str]]:
        return [[part.name for part in item.problem.parts] for item in problems.items]

    fixed = made(bank, 0)
    twins = [made(bank, seed, fresh=True) for seed in SEEDS]
    assert all(names(twin) == names(fixed) for twin in twins)
    for number, item in enumerate(fixed.items):
        assert len({repr(twin.items[number].problem) for twin in twins}) > 1, item.problem.title
        if item.problem.given.get("padding") in ([0], [0, 0]) and item.family in SLIDING:
            assert all(not any(twin.items[number].problem.given["padding"]) for twin in twins), item.problem.title
    for twin in twins[:3]:
        for given, part in asked(twin):
            expected = recompute(given, part)
            assert expected == NOT_RECOMPUTABLE or same(expected, part["value"], part), (given["family"], part["name"])
