"""The contract of topics, on draws from every family at every level."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from oracles import with_torch
from oracles.keys import NOT_RECOMPUTABLE, canonical, recompute, same
from oracles.shapes import has_bias, is_layer
from oracles.text import names_in

from cnnex.generator import generate_set
from cnnex.maths import geometry
from cnnex.model.asks import ASKS
from cnnex.model.problem_set import Item
from cnnex.model.value import Kind, entries, to_term
from cnnex.notation.plain import plain
from cnnex.plans import deal
from cnnex.stress.measure import Case as Measured
from cnnex.stress.measure import measure
from cnnex.stress.rules import LARGEST_GUESS, SIZES
from cnnex.topics import topic_names
from cnnex.topics._family import LEVELS
from contract.draws import (
    FAMILIES,
    Case,
    Json,
    asked,
    drawn,
    every_case,
    family_of,
    key_items,
    key_json,
    plan_for,
    problems,
    spelled,
)

ORACLE_ITEMS = 40
GUESSED = 1000
CAPS = {"easy": 99, "medium": 999, "hard": 999}
CHANCES = {Kind.BOOLEAN: 0.7, Kind.CHOICE: 0.35}
INDEXED = ("receptive_field_start", "patch", "contribution", "feature_map", "activated_map")
every_family = pytest.mark.parametrize(("topic", "family"), FAMILIES, ids=[family for _, family in FAMILIES])


def _is_size(asks: str) -> bool:
    """Whether a word asks for a size or a count, or for a formula."""
    return asks in SIZES or asks.endswith("_formula")


# --- Keys are right ------------------------------------------------------------------------------------


def disagreements(items: tuple[Json, ...]) -> list[str]:
    """The parts whose key the oracle does not confirm."""
    found = []
    for item in items:
        for part in item["parts"]:
            expected = recompute(item, part)
            if expected != NOT_RECOMPUTABLE and not same(expected, part["value"], part):
                found.append(f"{part['asks']} is {part['value']}, recomputed {expected}; given {item['given']}")
    return found


@every_case
def test_oracle_agrees_with_each_key(case: Case) -> None:
    assert disagreements(key_items(case)[:ORACLE_ITEMS]) == []


@pytest.mark.skipif(with_torch.torch is None, reason="PyTorch is not installed")
@every_case
def test_pytorch_agrees_with_each_key(case: Case) -> None:
    for item in key_items(case)[:ORACLE_ITEMS]:
        for part in item["parts"]:
            assert with_torch.agrees(item, part), (part["asks"], part["value"], item["given"])


@every_family
def test_oracle_objects_to_each_wrong_key(topic: str, family: str) -> None:
    problem_set = generate_set(plan_for(Case(topic, family, "medium"), 5), "wrong")
    wrong = key_json(replace(problem_set, items=tuple(map(_item_off, problem_set.items))))["items"]
    recomputable = [part for item in wrong for part in item["parts"] if part["asks"] != "statement"]
    assert len(disagreements(tuple(wrong))) == len(recomputable)
    if with_torch.torch is not None:
        assert not any(with_torch.agrees(item, part) is True for item in wrong for part in item["parts"])


def _item_off(item: Item) -> Item:
    choices = {part.answered_by: tuple(part.choices) for part in item.problem.parts}
    steps = tuple(replace(step, value=_off(step.value, choices.get(step.name, ()))) for step in item.problem.steps)
    return replace(item, problem=replace(item.problem, steps=steps))


def _off(value: Any, choices: tuple[str, ...]) -> Any:
    """The value with its last entry too large by one; the other truth; another choice."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return next((name for name in choices if name != value), "")
    return (*value[:-1], _off(value[-1], choices)) if isinstance(value, tuple) else value + 1


@every_family
def test_oracle_objects_to_an_error_in_the_core(topic: str, family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All walks read where windows begin from one function; here the first begins one place late."""
    case = Case(topic, family, "medium")
    apart = ("statement", "claim", "claims", "convolution_term")
    if all(_is_size(part["asks"]) or part["asks"] in apart for _, part in asked(case)):
        pytest.skip("asks for sizes, words or truths only")
    starts = geometry.starts

    def late(*layer: Any) -> tuple[int, ...]:
        first, *rest = starts(*layer)
        return (first + 1, *rest)

    monkeypatch.setattr(geometry, "starts", late)
    _forget()
    try:
        items = key_json(generate_set(plan_for(case, 5), "wrong"))["items"]
    finally:
        _forget()
    assert disagreements(tuple(items))


def _forget() -> None:
    """Clears what the core remembers."""
    for name, module in list(sys.modules.items()):
        if name.startswith("cnnex."):
            for each in vars(module).values():
                if hasattr(each, "cache_clear"):
                    each.cache_clear()


# --- What a part says ------------------------------------------------------------------------------------


@every_case
def test_words_and_kinds(case: Case) -> None:
    family = family_of(case.topic, case.family)
    for _, part in asked(case):
        assert part["asks"] in ASKS
        assert part["kind"] in family.kinds
        assert _has_form(part["value"], part["kind"]), (part["kind"], part["value"])
        assert ("index" in part) == (part["asks"].endswith("_entry") or part["asks"] in INDEXED)


def _has_form(value: Any, kind: str) -> bool:
    def scalar(each: Any) -> bool:
        return isinstance(each, int | str) and not isinstance(each, bool)

    match kind:
        case "integer":
            return type(value) is int
        case "rational":
            return type(value) is int or re.fullmatch(r"-?\d+/\d+", value) is not None
        case "expr":
            return scalar(value)
        case "shape":
            return isinstance(value, list) and all(type(each) is int and each > 0 for each in value)
        case "vector":
            return isinstance(value, list) and all(map(scalar, value))
        case "matrix":
            return all(len(row) == len(value[0]) and all(map(scalar, row)) for row in value)
        case "boolean":
            return type(value) is bool
        case "choice":
            return isinstance(value, str)
        case "selection":
            return isinstance(value, list) and all(isinstance(each, str) for each in value)
    return False


@every_case
def test_given_writes_out_every_field(case: Case) -> None:
    """Nobody who recomputes a key has to know a default."""
    for item, part in asked(case):
        given = {**item["given"], **part.get("given", {})}
        if "layers" in given:
            _check_records(given)
            continue
        operation = given["operation"]
        needed = {"bias"} if operation == "linear" else {"stride", "padding", "dilation", "groups", "bias"}
        if operation.startswith("max_pool"):
            needed = {"kernel_size", "stride", "padding", "dilation", "ceil_mode"}
        elif operation.startswith("avg_pool"):
            needed = {"kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "divisor_override"}
        assert needed <= given.keys()
        assert ("grad_output" in given) or not part["asks"].startswith("grad_")
        for field in {"kernel_size", "stride", "padding", "dilation"} & given.keys():
            assert len(given[field]) == int(operation[-2])


RECORDS = {
    "Conv2d": {"in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "bias"},
    "MaxPool2d": {"kernel_size", "stride", "padding", "dilation"},
    "AvgPool2d": {"kernel_size", "stride", "padding"},
    "BatchNorm2d": {"num_features"},
    "Linear": {"in_features", "out_features", "bias"},
}


def _check_records(given: Json) -> None:
    """A stack says all about each of its layers."""
    assert all(len(given[field]) == 3 for field in ("input_shape", "output_shape") if field in given)
    for layer in [*given["layers"], *([given["repeated"]] if "repeated" in given else [])]:
        assert RECORDS.get(layer["layer"], set()) <= layer.keys()
        for field in {"kernel_size", "stride", "padding", "dilation"} & layer.keys():
            assert len(layer[field]) == 2


@every_case
def test_symbols_of_a_part_hold_all_that_its_key_and_mistakes_need(case: Case) -> None:
    for item, part in asked(case):
        for value in [part["value"], *(mistake["value"] for mistake in part["mistakes"])]:
            if part["kind"] not in ("choice", "selection", "boolean"):
                assert _names(value) <= set(part["symbols"]), (item["given"], value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value


def _names(value: Any) -> frozenset[str]:
    return frozenset().union(*map(names_in, _texts(value)))


@every_case
def test_conventions_are_printed(case: Case) -> None:
    for problem_set in drawn(case)[:1]:
        for item, shown in zip(problem_set.items, problem_set.sheet().items, strict=True):
            assert item.problem.conventions
            assert shown.conventions == item.problem.conventions
    for keyed in key_items(case):
        assert _needed_conventions(keyed) <= keyed["conventions"].keys(), keyed["given"]
        assert not (keyed["conventions"].get("bias") == "none" and has_bias(keyed["given"]))


def _needed_conventions(item: Json) -> set[str]:
    given, asks = item["given"], {part["asks"] for part in item["parts"]}
    needed: set[str] = set()
    if asks <= {"claim", "claims"}:  # a sentence may be about the convention itself
        return needed
    if is_layer(given) and not all(map(_is_size, asks)):
        needed.add("operation")
    if is_layer(given) and not has_bias(given) and asks & {"output", "output_entry"}:
        needed.add("bias")
    layers = given.get("layers", [given])
    if any(padding != 0 for layer in layers for padding in layer.get("padding", [])):
        needed.add("padding")
    if any(dilation != 1 for layer in layers for dilation in layer.get("dilation", [])):
        needed.add("dilation")
    every_place = "window" in item["conventions"] or all(
        step == 1 for layer in layers for step in layer.get("stride", ["S"])
    )
    if asks & {"output_shape", "output_size", "output_size_formula"} and not every_place:  # else nothing is left out
        needed.add("rounding")
    return needed


# --- Mistakes ------------------------------------------------------------------------------------------------


@every_case
def test_three_mistakes_show(case: Case) -> None:
    family = family_of(case.topic, case.family)
    shown = {mistake.id for problem in problems(case) for mistake in problem.mistakes}
    assert len(shown) >= 3
    assert shown <= {slip.id for slip in family.slips}
    for problem in problems(case):
        assert set(family.visible[case.level]) <= {mistake.id for mistake in problem.mistakes}


@every_family
def test_a_family_names_three_to_six_mistakes(topic: str, family: str) -> None:
    assert 3 <= len(family_of(topic, family).slips) <= 6


@every_family
def test_each_mistake_shows_in_some_draw(topic: str, family: str) -> None:
    cases = [Case(topic, family, level) for level in LEVELS]
    shown = {mistake.id for case in cases for problem in problems(case) for mistake in problem.mistakes}
    assert shown == {slip.id for slip in family_of(topic, family).slips}


@every_case
def test_mistakes_differ_from_the_key_and_from_each_other(case: Case) -> None:
    for item, part in list(asked(case))[: 2 * ORACLE_ITEMS]:
        expected = recompute(item, part)
        seen = {canonical(part["value"], part, expected): "key"}
        for mistake in part["mistakes"]:
            value = canonical(mistake["value"], part, expected)
            assert value not in seen, (mistake["id"], seen[value], mistake["value"], item["given"], part["asks"])
            seen[value] = mistake["id"]


@every_family
def test_words_of_mistakes_depend_on_no_number(topic: str, family: str) -> None:
    slips = family_of(topic, family).slips
    assert len({slip.id for slip in slips}) == len(slips)
    words = {slip.id: (slip.explanation, slip.hint) for slip in slips}
    for slip in slips:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", slip.id)
        assert not re.search(r"\d", slip.explanation + slip.hint), slip
        assert slip.explanation.endswith(".")
        assert slip.hint.endswith((".", "?"))
    for level in LEVELS:
        for problem in problems(Case(topic, family, level)):
            for mistake in problem.mistakes:
                assert (mistake.explanation, mistake.hint) == words[mistake.id]


# --- Variants ------------------------------------------------------------------------------------------------


@every_case
def test_problems_of_a_set_are_distinct(case: Case) -> None:
    for problem_set in drawn(case):
        posed = [repr((each.problem.given, each.problem.statement, each.problem.parts)) for each in problem_set.items]
        assert len(set(posed)) == len(posed)


@every_case
def test_results_within_caps(case: Case) -> None:
    for item, part in asked(case):
        if _is_size(part["asks"]) or part["asks"] == "statement":
            continue
        for entry in _entries(part["value"]):
            if isinstance(entry, int) or not names_in(entry):
                assert abs(Fraction(entry)) <= CAPS[case.level], (item["given"], part["value"])


def _entries(value: Any) -> list[Any]:
    return [entry for each in value for entry in _entries(each)] if isinstance(value, list) else [value]


@every_family
def test_no_answer_can_be_guessed(topic: str, family: str) -> None:
    """With enough variants to tell a frequent answer from chance, at the level with the smallest numbers."""
    finding = measure(Measured(topic, family, "easy"), GUESSED, "contract", oracle=False)
    limited = [guess for guess in finding.guesses if guess.limited]
    assert [guess for guess in limited if guess.share > LARGEST_GUESS] == []


@every_case
def test_choices_are_guessed_by_chance_only(case: Case) -> None:
    answers: dict[tuple[str, Kind], Counter[str]] = defaultdict(Counter)
    for problem in problems(case):
        for part in problem.parts:
            if part.kind in CHANCES:
                answers[part.name, part.kind][repr(problem.key(part))] += 1
    for (name, kind), counts in answers.items():
        assert counts.most_common(1)[0][1] <= CHANCES[kind] * counts.total(), (name, counts)


@every_case
def test_statement_holds_no_answer(case: Case) -> None:
    """Answers of several entries, and expressions; a single number or a pair of sizes may be data, too."""
    for problem in problems(case):
        said = "\n".join([*map(spelled, problem.statement), *(spelled(part.prompt) for part in problem.parts)])
        for part in problem.parts:
            answer = plain(to_term(problem.key(part), part.kind))
            if len(entries(problem.key(part))) > 2 or (part.kind is Kind.EXPRESSION and " " in answer):
                assert answer not in said


# --- Seeds ---------------------------------------------------------------------------------------------------

_PROGRAM = """
from contract.draws import CASES, plan_for
from cnnex import key
from cnnex.generator import generate_set
from cnnex.store.records import encode
from hashlib import sha256
sets = [generate_set(plan_for(case, 2), "again") for case in CASES]
print(sha256(repr([(each.id, each.sheet(solutions=True), encode(key(each))) for each in sets]).encode()).hexdigest())
"""


def test_same_seed_same_problems_in_two_processes() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", _PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert len(digests) == 1


@pytest.mark.parametrize("level", LEVELS)
def test_one_problem_more_changes_no_other(level: str) -> None:
    for count in (1, 7, 20):
        few, more = (generate_set(deal(topic_names(), [], n, level), "grow").items for n in (count, count + 1))
        assert repr(more[:count]) == repr(few)


@every_family
def test_a_level_is_its_own_stream(topic: str, family: str) -> None:
    first = {level: repr(next(problems(Case(topic, family, level))).given) for level in LEVELS}
    assert len(set(first.values())) == len(LEVELS)
