"""Credit: by the verdict, for mistakes, by follow-through, by hand; never lower, never above the points."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_key import KEY, SET, graded, key_file, mark, mistake, part

from cnnex.answers.judgement import Judgement
from cnnex.answers.question import Question
from cnnex.marking.credit import PreparedKey, Turn, grade_attempt, points_of, settled, typed_hash
from cnnex.marking.policy import Policy, read_policy
from cnnex.model.marks import Attempt, Override, Reading
from cnnex.model.outcome import Verdict
from cnnex.model.records import Key

RIGHT = {"1a": 6, "1b": 7, "1c": "1/4", "1d": [6, 0, 12], "1e": 3, "1f": "6x"}


def test_right_answers_earn_everything() -> None:
    found = graded(RIGHT)
    assert (found.raw, found.score, found.points) == (24, 24, 24)
    assert all(each.why == () and each.followed == () for each in found.marks)


def test_no_answers_earn_nothing() -> None:
    found = graded({})
    assert found.score == 0
    assert {each.verdict for each in found.marks} == {Verdict.BLANK}


def test_what_many_type_alike_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    judge = Question.judge

    def counted(question: Question, answer: Any) -> Judgement:
        asked.append(answer)
        return judge(question, answer)

    monkeypatch.setattr(Question, "judge", counted)
    long, listed = "1" * 500, [6, 0, 12]
    key = PreparedKey(msgspec.convert(key_file([part("1a", "integer", 6), part("1b", "integer", 7)]), Key), "")
    marks = [key.judge(each, answer) for _ in range(2) for each in key.parts for answer in ("7", long, listed)]
    assert marks[:6] == marks[6:]
    assert [judged.verdict for judged in marks[::3]] == [Verdict.INCORRECT, Verdict.CORRECT] * 2
    assert [asked.count(each) for each in ("7", long, listed)] == [2, 4, 4]


# --- Mistakes ----------------------------------------------------------------------------------------------


def test_a_mistake_earns_what_the_bank_gives() -> None:
    found = mark(graded({"1a": 3}), "1a")
    assert (found.credit, found.earned) == ("0", 2)
    assert "(halved) still earns 1/2" in found.why[0]


@pytest.mark.parametrize(
    ("policy", "earned"),
    [
        ('mistakes.halved = "1/4"', 1),
        ('mistakes = {halved = "1/4", "F00-test/halved" = "3/4"}', 3),
        ("mistakes.halved = 0", 0),
        ('mistakes.doubled = "1/4"', 2),
    ],
)
def test_the_policy_overrules_the_bank(policy: str, earned: int) -> None:
    assert mark(graded({"1a": 3}, policy), "1a").earned == earned


def test_an_unexplained_answer_earns_nothing() -> None:
    assert mark(graded({"1a": 100}, "mistakes = {halved = 1, doubled = 1}"), "1a").earned == 0


def test_of_several_mistakes_the_smallest_share_counts() -> None:
    both = part("1a", "integer", 6, mistakes=[mistake("one", 3), mistake("two", 3)], credit={"one": "1/2"})
    key = PreparedKey(msgspec.convert(key_file([both]), Key), "")
    assert mark(graded({"1a": 3}, key=key), "1a").earned == 0
    assert mark(graded({"1a": 3}, 'mistakes.two = "3/4"', key=key), "1a").earned == 2


def test_a_slip_is_no_mistake_beside_a_predicted_one() -> None:
    flipped = part("1a", "vector", [1, -2, -1], mistakes=[mistake("flipped", [-1, 2, 1])], credit={"flipped": "1/2"})
    key = PreparedKey(msgspec.convert(key_file([flipped]), Key), "")
    found = mark(graded({"1a": [-1, 2, 1]}, key=key), "1a")
    assert {each.id for each in found.diagnosis} > {"flipped"}
    assert found.earned == 2
    assert mark(graded({"1a": [-1, 2, 1]}, "mistakes.sign-flipped = '1/4'", key=key), "1a").earned == 1


# --- Follow-through ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "id_", "earned"),
    [
        ({"1a": 9, "1b": 10}, "1b", 3),  # follows
        ({"1a": "3^2", "1b": 10}, "1b", 3),  # from arithmetic
        ({"1a": 9, "1b": 11}, "1b", 0),  # doesn't follow
        ({"1a": 6, "1b": 8}, "1b", 0),  # the earlier answer is right
        ({"1b": 1}, "1b", 0),  # there is none
        ({"1a": "what?", "1b": 10}, "1b", 0),  # it can't be read
        ({"1a": 9, "1b": 7}, "1b", 4),  # right all the same
        ({"1a": "5/2", "1b": "7/2"}, "1b", 0),  # not a whole number where one is asked
        ({"1a": -1, "1b": 0}, "1b", 0),  # zero is nothing to ask for
        ({"1a": 2, "1c": 0}, "1c", 0),  # a division by zero
        ({"1a": 4, "1c": "1/2"}, "1c", 3),
        ({"1a": 5, "1d": [5, 0, 10]}, "1d", 3),
        ({"1a": 5, "1d": [5, 0, 11]}, "1d", 1.5),  # half of the entries, of 3/4
        ({"1a": 0, "1d": [0, 0, 0]}, "1d", 0),  # zeros
        ({"1d": [9, 0, 12], "1e": 5}, "1e", 3),  # an entry of a list
        ({"1d": [-4, 0, 12], "1e": -2}, "1e", 0),  # no size
        ({"1d": 9, "1e": 5}, "1e", 3),  # a list of one entry, as a number
        ({"1d": [[9, 0], [1, 2]], "1e": 5}, "1e", 0),  # another shape: there is no such entry
        ({"1a": 5, "1f": "x*5"}, "1f", 3),
        ({"1a": 0, "1f": "0"}, "1f", 0),
        ({"1a": 10**100, "1b": 10**100 + 1}, "1b", 3),
        ({"1a": "10^(10^9)", "1b": 5}, "1b", 0),  # too big for anybody
    ],
)
def test_follow_through(answers: dict[str, Any], id_: str, earned: float) -> None:
    found = mark(graded(answers), id_)
    assert found.earned == earned
    assert bool(found.followed) == (earned in (3, 1.5))


def test_follow_through_says_so_and_is_capped_by_the_policy() -> None:
    found = mark(graded({"1a": 9, "1b": 10}, 'follow_through.credit = "1/4"'), "1b")
    assert found.earned == 1
    assert found.followed == ("1a",)
    assert found.why == ("This follows from your answer to 1a: 1/4 of the points.",)
    assert (found.verdict, found.credit) == (Verdict.INCORRECT, "0")


def test_follow_through_never_lowers() -> None:
    answers = {"1a": 3, "1d": [6, 0, 6]}  # partly right, and partly following
    own = mark(graded(answers, "follow_through.credit = 0"), "1d").earned
    assert own == 2
    assert mark(graded(answers), "1d").earned == own


def test_chains_count_from_step_to_step() -> None:
    found = graded({"1a": 9, "1d": [9, 0, 18], "1e": 5})
    assert mark(found, "1d").followed == ("1a",)
    assert mark(found, "1e").followed == ("1d",)


numbers = st.integers(-20, 40) | st.fractions(-5, 5, max_denominator=6).map(str) | st.sampled_from(["", "?", "x", "2x"])
lists = st.lists(st.integers(-3, 20), max_size=4)
attempts = st.fixed_dictionaries(
    {}, optional={"1a": numbers, "1b": numbers, "1c": numbers, "1d": numbers | lists, "1e": numbers, "1f": numbers}
)


@given(attempts, st.fractions(0, 1, max_denominator=8))
def test_rules_never_lower_and_never_exceed(answers: dict[str, Any], cap: Fraction) -> None:
    strict = graded(answers, "follow_through.credit = 0\nmistakes.halved = 0")
    kind = graded(answers, f'follow_through.credit = "{cap}"\nmistakes = {{doubled = "1/3"}}')
    for low, high in zip(strict.marks, kind.marks, strict=True):
        assert low.verdict == high.verdict
        assert 0 <= low.earned <= high.earned <= high.points


@given(attempts)
def test_the_sum_is_that_of_the_parts(answers: dict[str, Any]) -> None:
    found = graded(answers)
    assert Fraction(str(found.raw)) == sum(Fraction(str(each.earned)) for each in found.marks)


# --- Penalties, overrides, floors -----------------------------------------------------------------------------

LATE = 'attempt_penalty = "1/10"\nlate = {due = 2026-11-20T12:00:00Z, per_day = "1/10"}'


def test_penalties_take_from_what_the_other_leaves() -> None:
    found = graded(RIGHT, LATE, number=2, at="2026-11-22T11:00:00Z")
    assert (found.raw, found.late, found.score) == (24, 2, 17.28)
    assert [said.partition(":")[0] for said in found.why] == ["2 days late", "Attempt 2"]


def test_an_unknown_time_is_said() -> None:
    assert graded(RIGHT, LATE).why == ("When this came in is unknown, so it counts as in time.",)
    assert graded(RIGHT).why == ()


def decided(points: float, part: str = "1a") -> Override:
    return Override(student="ada", part=part, points=points, reason="unclear", at="2026-11-25T10:00:00+00:00")


def test_an_override_stands_above_all_rules() -> None:
    policy = read_policy(LATE)
    found = settled(graded({"1a": 3}, policy, at="2026-11-21T11:00:00Z"), policy, [decided(1), decided(4)])
    assert (found.raw, found.score) == (4, 3.6)
    assert mark(found, "1a").why[-1] == "Set from 2 to 4 on 2026-11-25: unclear"


@pytest.mark.parametrize(("points", "verdict"), [(4, "correct"), (1, "partial"), (0, "incorrect")])
def test_an_override_ends_the_waiting(points: int, verdict: str) -> None:
    found = settled(graded({"1a": "what?"}), Policy(), [decided(points)])
    assert mark(found, "1a").verdict == verdict


def test_a_floor_holds_and_overrides_come_on_top() -> None:
    found = graded({"1a": 3}, floor=20)
    assert (found.raw, found.score, found.floor) == (2, 20, 20)
    assert "never to lower" in found.why[-1]
    assert settled(found, Policy(), [decided(4)]).score == 22
    assert graded(RIGHT, floor=20).floor == 0


# --- People's readings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reading", "earned"),
    [
        (Reading(text="6"), 4),
        (Reading(text="3"), 2),
        (Reading(verdict=Verdict.CORRECT), 4),
        (Reading(verdict=Verdict.INCORRECT), 0),
    ],
)
def test_a_reading_stands_in_for_the_text(reading: Reading, earned: int) -> None:
    attempt = Attempt(source="", digest="", set=SET, student="ada", answers={"1a": " six "})
    readings = {(SET, "1a", typed_hash("six")): reading}
    found = mark(grade_attempt(attempt, KEY, Policy(), Turn("ada", 1), readings), "1a")
    assert (found.earned, found.answer) == (earned, " six ")
    assert found.why[0].startswith("A person")


def test_what_a_reading_says_also_follows() -> None:
    attempt = Attempt(source="", digest="", set=SET, student="ada", answers={"1a": "nine", "1b": "ten"})
    readings = {
        (SET, id_, typed_hash(text)): Reading(text=as_) for id_, text, as_ in (("1a", "nine", "9"), ("1b", "ten", "10"))
    }
    found = mark(grade_attempt(attempt, KEY, Policy(), Turn("ada", 1), readings), "1b")
    assert (found.earned, found.followed, found.answer) == (3, ("1a",), "ten")


def test_unknown_parts_are_listed_and_hostile_answers_survive() -> None:
    deep: Any = 1
    for _ in range(500):
        deep = [deep]
    found = graded({"9z": 1, "1a": deep, "1b": "\ud800", "1c": 10**900, "1d": {"a": 1}, "1f": "(" * 10_000})
    assert found.unknown == ("9z",)
    assert found.score == 0


@pytest.mark.parametrize(("text", "points"), [("0", 0), (" 4 ", 4), ("2.5", 2.5), ("1/3", 0.33)])
def test_points_by_hand(text: str, points: float) -> None:
    assert points_of(text, 4) == points


@pytest.mark.parametrize("text", ["5", "-1", "many", "1e0", "1/0", "", "nan", "9" * 10_000])
def test_points_that_cannot_be_had(text: str) -> None:
    with pytest.raises(ValueError, match="no number of points"):
        points_of(text, 4)
