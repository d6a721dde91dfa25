"""The policy: monotone, never below 0, never above what was earned; every bad file one sentence."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnex.errors import InputError
from cnnex.marking.policy import Late, Policy, load_policy, read_policy

shares = st.fractions(0, 1, max_denominator=100)
policies = st.builds(
    Policy,
    attempt_penalty=shares,
    late=st.builds(
        Late,
        due=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),
        grace=st.integers(0, 100),
        per_day=shares,
        most=shares,
        days=st.none() | st.integers(0, 20),
    ),
)
days = st.integers(0, 40)
numbers = st.integers(1, 20)
points = st.fractions(0, 100, max_denominator=100)


@given(policies, points, days, numbers)
def test_a_score_is_never_below_zero_and_never_above_what_was_earned(
    policy: Policy, raw: Fraction, late: int, number: int
) -> None:
    assert 0 <= policy.score(raw, late=late, number=number) <= raw


@given(policies, points, points, days, days, numbers, numbers)
def test_more_points_never_score_less_and_later_never_more(
    policy: Policy, raw: Fraction, more: Fraction, late: int, later: int, number: int, again: int
) -> None:
    low, high = sorted((raw, more))
    soon, after = sorted((late, later))
    first, second = sorted((number, again))
    assert policy.score(low, late=soon, number=first) <= policy.score(high, late=soon, number=first)
    assert policy.score(raw, late=after, number=first) <= policy.score(raw, late=soon, number=first)
    assert policy.score(raw, late=soon, number=second) <= policy.score(raw, late=soon, number=first)


@given(policies, points, days, numbers)
def test_penalties_compose_by_multiplying_what_they_leave(
    policy: Policy, raw: Fraction, late: int, number: int
) -> None:
    rules = policy.late
    by_day = Fraction(min(rules.per_day * late, rules.most))
    if rules.days is not None and late > rules.days:
        by_day = Fraction(1)
    by_attempt = Fraction(min(policy.attempt_penalty * (number - 1), Fraction(1)))
    assert policy.score(raw, late=late, number=number) == raw * (1 - by_day) * (1 - by_attempt)


@given(policies, st.timedeltas(timedelta(days=-30), timedelta(days=30)))
def test_days_late_are_days_begun(policy: Policy, distance: timedelta) -> None:
    assert policy.late.due is not None
    late = policy.days_late("ada", policy.late.due + distance)
    if distance <= timedelta(minutes=policy.late.grace):
        assert late == 0
    else:
        assert timedelta(days=late - 1) < distance <= timedelta(days=late)


def test_an_extension_is_one_students_own_deadline() -> None:
    policy = read_policy("late.due = 2026-11-20T12:00:00Z\n[extensions]\n'ADA@uni.edu' = 2026-11-27T12:00:00Z")
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert policy.days_late("ada@uni.edu", at) == 0
    assert policy.days_late("alan@uni.edu", at) == 2


def test_a_time_zone_is_kept_in_mind() -> None:
    policy = read_policy("late.due = 2026-11-20T23:59:00+01:00")
    assert policy.days_late("", datetime(2026, 11, 20, 22, 59, tzinfo=UTC)) == 0
    assert policy.days_late("", datetime(2026, 11, 20, 23, 30, tzinfo=UTC)) == 1


def test_an_unknown_time_is_not_late() -> None:
    assert read_policy("late.due = 2026-11-20T23:59:00Z").days_late("", None) == 0


@given(st.lists(points, min_size=1, max_size=6))
def test_the_best_attempt_counts_best(scores: list[Fraction]) -> None:
    best = Policy(attempts="best").counting(scores)
    assert all(scores[best] >= score for score in scores)


def test_shares_are_exact_in_every_spelling() -> None:
    spellings = ['"1/10"', "0.1", '"0.1"', "0.10"]
    found = {read_policy(f"attempt_penalty = {each}").attempt_penalty for each in spellings}
    assert found == {Fraction(1, 10)}


def test_a_family_says_more_than_a_mistake() -> None:
    policy = read_policy('[mistakes]\n"wrong-stride" = "1/2"\n"F14-max-pooling/wrong-stride" = "1/4"')
    assert policy.mistake_credit("F14-max-pooling", "wrong-stride") == Fraction(1, 4)
    assert policy.mistake_credit("F15", "wrong-stride") == Fraction(1, 2)
    assert policy.mistake_credit("F15", "else") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x =", ["not TOML", "invalid value"]),
        ("a = 1\nb = [", ["not TOML"]),
        ("attempts = 'lsat'", ["attempts", "did you mean last?"]),
        ("foo = 1", ["no foo", "attempt_penalty"]),
        ("[late]\nperday = 1", ["late", "no perday", "per_day"]),
        ("[late]\ndue = 2026-11-20", ["late.due", "date, time and offset"]),
        ("[late]\ndue = 2026-11-20T10:00:00", ["late.due", "offset"]),
        ("[late]\ngrace = -1", ["late.grace", ">= 0"]),
        ("[mistakes]\nok = 1\nbad = '3/2'", ["mistakes.bad", "3/2", "0 to 1"]),
        ("[mistakes]\nbad = '1/0'", ["mistakes.bad", "1/0"]),
        ("[extensions]\n'007' = 'soon'", ["extensions.007", "date, time and offset"]),
        ("late = 3", ["late", "table", "[late]"]),
        ("attempt_penalty = true", ["attempt_penalty", "share"]),
        ("attempt_penalty = nan", ["attempt_penalty", "share"]),
    ],
)
def test_a_bad_policy_is_one_sentence(text: str, words: list[str], tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(text)
    with pytest.raises(InputError) as refused:
        load_policy(path)
    assert "\n" not in str(refused.value)
    for word in [str(path), *words]:
        assert word in str(refused.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b"# f\xfcr alle\n")
    for name, word in (("none.toml", "No such file"), ("latin.toml", "UTF-8")):
        with pytest.raises(InputError, match=word):
            load_policy(tmp_path / name)
    (tmp_path / "bom.toml").write_bytes(b"\xef\xbb\xbfattempts = 'first'\r\n")
    assert load_policy(tmp_path / "bom.toml").attempts == "first"


def test_the_policy_of_the_docs_is_one() -> None:
    page = (Path(__file__).parents[2] / "docs" / "grading.md").read_text()
    (block,) = re.findall(r"^```toml\n(.*?)^```$", page, re.S | re.M)
    policy = read_policy(block)
    # Every rule is shown, and the worked number is right.
    for rules in (policy, policy.late, policy.follow_through, policy.feedback):
        assert all(getattr(rules, name) not in ({}, None) for name in rules.__struct_fields__)
    assert policy.score(Fraction(20), late=2, number=2) == Fraction("14.4")
    assert "20 · 8/10 · 9/10 = 14.4" in page
