from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest

from cnnex.errors import ImpossibleError, InputError
from cnnex.generator import generate_set
from cnnex.maths.geometry import DoesNotFitError
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import prose
from cnnex.model.value import Kind
from cnnex.plans import Entry, Plan, deal, families_of
from cnnex.seeds import Stream
from cnnex.topics import load_topic, topic_names
from cnnex.topics._family import LEVELS, MOST_WORK, Family, Slip, Solved, lively, told_apart


@dataclass(frozen=True, slots=True)
class Numbers:
    a: int
    b: int


class Adding(Family[Numbers]):
    """A family as small as can be: a + b, and the slip a - b. A sum above 12 doesn't fit."""

    id = "F99-adding"
    title = "Adding"
    params = Numbers
    kinds = (Kind.INTEGER,)
    visible: ClassVar = dict.fromkeys(LEVELS, ("subtracted",))

    def __init__(self, highest: int = 9) -> None:
        self.highest = highest
        self.slips = (Slip("subtracted", "Subtracted.", "Which sign?", lambda p: {"sum": p.a - p.b}),)

    def draw(self, rng: Stream, level: str) -> Numbers:
        return Numbers(rng.randint(0, self.highest), rng.randint(0, self.highest))

    def solve(self, p: Numbers) -> Solved:
        if p.a + p.b > 12:
            raise DoesNotFitError
        return {"sum": p.a + p.b}

    def work(self, p: Numbers) -> int:
        return 1 if p.a != 5 else MOST_WORK["hard"] + 1

    def fair(self, p: Numbers, solved: Solved, level: str) -> bool:
        return p.a != 7

    def pose(self, p: Numbers, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        parts = tuple(Part(name, "output", Kind.INTEGER, prose("?"), "sum") for name in ("sum", "again"))
        given = {"a": p.a, "b": p.b}
        return Problem(self.title, (), (), given, parts, (Step("sum", solved["sum"], ()),), mistakes)


def plan(count: int = 1, family: Adding | None = None, **fields: Any) -> Plan:
    entry = Entry("", "adding", family or Adding(), **fields)
    return Plan("T", tuple(replace(entry, name=f"n/{turn}") for turn in range(count)))


def pairs(which: Plan, seed: str = "s") -> list[tuple[int, int]]:
    return [(item.problem.given["a"], item.problem.given["b"]) for item in generate_set(which, seed).items]


# --- The contract ---------------------------------------------------------------------------------------------


def test_every_problem_keeps_the_contract() -> None:
    drawn = pairs(plan(40))
    assert len(set(drawn)) == 40
    for a, b in drawn:
        assert a + b <= 12  # it fits
        assert b != 0  # the slip shows
        assert a != 5  # the work is within bounds
        assert a != 7  # it is fair


def test_every_fair_variant_can_be_drawn_and_then_no_more() -> None:
    family = Adding(highest=2)
    assert sorted(pairs(plan(6, family))) == [(a, b) for a in range(3) for b in (1, 2)]
    with pytest.raises(ImpossibleError, match=r"n/6: F99-adding at level medium .* after 2000 draws \(ask for fewer"):
        generate_set(plan(7, family), "s")


def test_same_seed_same_set() -> None:
    assert pairs(plan(9)) == pairs(plan(9))
    assert pairs(plan(9)) != pairs(plan(9), "t")
    assert pairs(plan(9)) != pairs(plan(9, level="hard"))


def test_problems_are_drawn_by_name_not_by_place() -> None:
    entries = plan(6).entries
    backward = Plan("T", entries[::-1])
    alone = [pairs(Plan("T", (entry,)), "u")[0] for entry in entries]
    # Only a variant that the set has already is drawn anew; with this seed none comes twice.
    assert len(set(alone)) == 6
    assert pairs(plan(6), "u") == alone
    assert pairs(backward, "u") == alone[::-1]


def test_a_variant_that_the_set_has_already_is_drawn_anew() -> None:
    first, second = plan(2).entries
    twin = replace(second, name=first.name)
    (one,), (two, other) = pairs(Plan("T", (first,))), pairs(Plan("T", (first, twin)))
    assert one == two != other


# --- What an entry may fix ---------------------------------------------------------------------------------------


def test_a_fixed_parameter_stays_and_the_others_vary() -> None:
    drawn = pairs(plan(8, given={"a": (3,)}))
    assert {a for a, _ in drawn} == {3}
    assert len({b for _, b in drawn}) == 8


def test_options_are_all_used() -> None:
    assert {a for a, _ in pairs(plan(12, given={"a": (1, 4)}))} == {1, 4}


def test_a_problem_chosen_by_hand_is_posed_as_it_is() -> None:
    """Unfair or laborious, even twice: its author answers for it."""
    assert pairs(plan(2, given={"a": (7,), "b": (0,)})) == [(7, 0), (7, 0)]
    (item,) = generate_set(plan(given={"a": (5,), "b": (1,)}), "s").items
    assert item.problem.key(item.problem.parts[0]) == 6


def test_a_problem_chosen_by_hand_that_cannot_be_is_refused() -> None:
    with pytest.raises(InputError, match="bank: problem 1: parameters: they don't fit together"):
        generate_set(plan(given={"a": (9,), "b": (9,)}, where="bank: problem 1"), "s")


def test_parts_points_title_and_sources() -> None:
    fields: dict[str, Any] = {"parts": ("again",), "points": {"again": 3}, "title": "Sum", "refs": {"again": "WS-1"}}
    (item,) = generate_set(plan(**fields), "s").items
    assert [part.name for part in item.problem.parts] == ["again"]
    assert (item.points, item.refs, item.problem.title, item.number) == ({"again": 3}, {"again": "WS-1"}, "Sum", 1)
    (item,) = generate_set(plan(parts=("again", "sum")), "s").items
    assert [part.name for part in item.problem.parts] == ["again", "sum"]
    assert item.points == {"again": 1, "sum": 1}


@pytest.mark.parametrize(
    ("parts", "steps"),
    [
        (("effective", "dense"), ["output_size", "shared", "unshared", "effective", "dense"]),
        (("dense",), ["output_size", "dense"]),
        (("shared",), ["shared"]),
    ],
)
def test_the_solution_has_the_steps_that_the_asked_parts_need(parts: tuple[str, ...], steps: list[str]) -> None:
    ((topic, family),) = families_of(["parameters"], ["F25-sharing-1d"])
    options = {"size": (9,), "kernel_size": (3,), "stride": (1,), "padding": (1,)}
    (item,) = generate_set(Plan("", (Entry("x", topic, family, "medium", given=options, parts=parts),)), "s").items
    assert [step.name for step in item.problem.steps] == steps


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(InputError, match=r"there is no part 'agian' \(did you mean again\?\)"):
        generate_set(plan(parts=("agian",), where="bank"), "s")


def test_a_part_asked_twice_is_refused() -> None:
    """Both would have the same id."""
    with pytest.raises(InputError, match="'sum'"):
        generate_set(plan(parts=("sum", "sum"), where="bank"), "s")


# --- Mistakes ---------------------------------------------------------------------------------------------------


def test_mistakes_that_do_not_show_are_left_out() -> None:
    family = Adding()
    assert family.mistakes(Numbers(3, 0), {"sum": 3}) == ()
    (mistake,) = family.mistakes(Numbers(3, 2), {"sum": 5})
    assert (mistake.id, mistake.values) == ("subtracted", {"sum": 1})


def test_a_mistake_that_leads_nowhere_is_left_out() -> None:
    family = Adding()
    family.slips = (Slip("lost", "Lost.", "Where?", lambda p: family.solve(Numbers(9, 9))),)
    assert family.mistakes(Numbers(3, 2), {"sum": 5}) == ()


def test_mistakes_are_told_apart_step_by_step() -> None:
    def mistake(**values: int) -> Mistake:
        return Mistake("m", "", "", values)

    assert told_apart([mistake(a=1), mistake(a=2, b=1)])
    assert told_apart([mistake(a=1), mistake(b=1)])
    assert not told_apart([mistake(a=1, b=3), mistake(a=2, b=3)])


@pytest.mark.parametrize(
    ("value", "level", "worth"),
    [
        ((1, 2, 3), "easy", True),
        ((2, 2, 2), "easy", False),
        ((0, 0, 1), "easy", False),
        ((0, 1), "easy", True),
        ((1, 100), "easy", False),
        ((1, -100), "easy", False),
        ((1, -100), "medium", True),
        ((1, 1000), "hard", False),
        (((1, 2), (3, 4)), "hard", True),
    ],
)
def test_lively(value: Any, level: str, worth: bool) -> None:
    assert lively(value, level) == worth


# --- Dealing ----------------------------------------------------------------------------------------------------


def test_problems_are_dealt_evenly_to_topics_and_families() -> None:
    names = topic_names()
    entries = deal(names, [], 6 * len(names), "easy").entries
    assert [entry.topic for entry in entries[: len(names)]] == names
    assert set(Counter(entry.topic for entry in entries).values()) == {6}
    for name in names:
        counts = Counter(entry.family.id for entry in entries if entry.topic == name)
        assert max(counts.values()) - min(counts.values()) <= 1
        assert len(counts) == min(6, len(load_topic(name).families))
    assert len({entry.name for entry in entries}) == len(entries)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["poling"], [], 1, "easy"), r"no topic 'poling' \(did you mean pooling\?\)"),
        ((["pooling"], ["F99"], 1, "easy"), "no family 'F99' in pooling"),
        ((["pooling"], [], 0, "easy"), "the count is 0"),
        ((["pooling"], [], -1, "easy"), "the count is -1"),
        ((["pooling"], [], 1_000_000, "easy"), "1 to 10,000 problems"),
        ((["pooling"], [], 1, "esy"), r"no difficulty 'esy' \(did you mean easy\?\)"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(arguments: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        deal(*arguments)


def test_families_by_id_and_by_code() -> None:
    every = families_of(topic_names())
    for topic, family in every:
        assert [each.id for _, each in families_of([topic], [family.id.lower()])] == [family.id]
        code = family.id.partition("-")[0]
        wanted = [each.id for name, each in every if name == topic and each.id.startswith(f"{code}-")]
        assert [each.id for _, each in families_of([topic], [code])] == wanted


def test_a_topic_named_twice_is_one_topic() -> None:
    assert families_of(["pooling", "pooling"]) == families_of(["pooling"])
