"""Whose attempt it is: only what is beyond doubt is graded."""

from __future__ import annotations

from typing import Any

import pytest

from cnnex.marking.matching import Match, Matcher
from cnnex.model.marks import Attempt, KnownKey, Unmatched
from cnnex.model.student import Student

ADA, ALAN = KnownKey("AAAA-AAAA", "key of ada", "0042"), KnownKey("BBBB-BBBB", "key of alan", "0043")
SHARED = KnownKey("CCCC-CCCC", "shared key")
ROSTER = (
    Student("0042", "Ada Lovelace", "ada@uni.edu"),
    Student("0043", "Alan Turing", "alan@uni.edu"),
    Student("0044", "Alan Turing", "alan2@uni.edu"),
    Student("0045", "Emmy Noether", "both@uni.edu"),
    Student("0046", "Emil", "both@uni.edu"),
    Student("0047", "Zoë Łąski"),
    Student("0048", "Łąski, Zoë 3"),
    Student("0049", "Grace Hopper", others=(("sis login id", "grace"), ("id", "9001"))),
    Student("0050", "Kurt Gödel", others=(("id", "0051"),)),
    Student("0051", "Rózsa Péter"),
)


def match(keys: list[KnownKey], roster: tuple[Student, ...], **given: Any) -> Match | Unmatched:
    return Matcher(keys, roster).match(Attempt(source="a.json", digest="", **given))


def test_what_nobody_filled_in_is_no_attempt() -> None:
    found = Matcher([ADA], ROSTER).match(Attempt(source="a.json", digest="", set="AAAA-AAAA"), blank=True)
    assert isinstance(found, Unmatched)
    assert (found.trouble, found.reason.split()[0]) == ("blank", "0042")


@pytest.mark.parametrize(
    ("given", "student", "key"),
    [
        ({"set": "AAAA-AAAA", "student": "0042"}, "0042", ADA),
        ({"set": "aaaa aaaa", "student": " ADA@uni.edu "}, "0042", ADA),
        ({"set": "AAAA-AAAA"}, "0042", ADA),
        ({"set": "CCCC-CCCC", "name": "ada lovelace"}, "0042", SHARED),
        ({"student": "alan@uni.edu"}, "0043", ALAN),
        ({"set": "CCCC-CCCC", "student": "0043"}, "0043", SHARED),
        ({"set": "CCCC-CCCC", "student": "Ada  LOVELACE"}, "0042", SHARED),
        ({"set": "CCCC-CCCC", "student": "lovelace, ada"}, "0042", SHARED),
        ({"set": "CCCC-CCCC", "name": "Lovelace,Ada"}, "0042", SHARED),
        ({"set": "CCCC-CCCC", "student": "Zoe\u0308 Łąski"}, "0047", SHARED),
        ({"set": "CCCC-CCCC", "student": "Zoë 3 Łąski"}, "0048", SHARED),
        ({"set": "CCCC-CCCC", "student": "Alan Turing (0044)"}, "0044", SHARED),
        ({"set": "CCCC-CCCC", "student": "A. Turing <ALAN@uni.edu>"}, "0043", SHARED),
        ({"student": "Lovelace, Ada"}, "0042", ADA),
        ({"set": "BBBB-BBBB", "student": "Alan Turing"}, "0043", ALAN),
        ({"set": "BBBB-BBBB", "name": "Alan Turing"}, "0043", ALAN),
        ({"set": "CCCC-CCCC", "student": "9001"}, "0049", SHARED),
        ({"set": "CCCC-CCCC", "student": "77", "name": "Alan@uni.edu"}, "0043", SHARED),
        ({"set": "CCCC-CCCC", "student": "GRACE", "name": "9001"}, "0049", SHARED),
        ({"set": "CCCC-CCCC", "student": "0044", "name": "Alan Turing"}, "0044", SHARED),
        ({"set": "CCCC-CCCC", "student": "0042", "name": "Ada L."}, "0042", SHARED),
    ],
)
def test_matched(given: dict[str, str], student: str, key: KnownKey) -> None:
    assert match([ADA, ALAN, SHARED], ROSTER, **given) == Match(student, key)


@pytest.mark.parametrize(
    ("given", "trouble", "words"),
    [
        ({"set": "DDDD-DDDD", "student": "0042"}, "unknown-set", "DDDD-DDDD"),
        ({"student": "0044"}, "unknown-set", "which set"),
        ({"set": "AAAA-AAAA", "student": "42"}, "unknown-student", "'42'"),
        ({"set": "AAAA-AAAA", "student": "0043"}, "another-students-set", "belongs to 0042"),
        ({"set": "CCCC-CCCC"}, "no-student", "whose it is"),
        ({"set": "CCCC-CCCC", "name": "Alan Turing"}, "no-student", "Alan Turing"),
        ({"set": "CCCC-CCCC", "student": "both@uni.edu"}, "unknown-student", "both@uni.edu' may be 0045 or 0046"),
        ({"set": "CCCC-CCCC", "student": "Alan Turing"}, "unknown-student", "'Alan Turing' may be 0043 or 0044"),
        ({"set": "CCCC-CCCC", "student": "Ada Lovelace (0043)"}, "unknown-student", "may be 0043 or 0042"),
        ({"set": "AAAA-AAAA", "student": "Ada Lovelace (0043)"}, "unknown-student", "may be 0043 or 0042"),
        ({"set": "AAAA-AAAA", "student": "Alan Turing"}, "unknown-student", "may be 0043 or 0044"),
        (
            {"set": "CCCC-CCCC", "student": "Ada Lovelace (0099)"},
            "unknown-student",
            "doesn't have 'Ada Lovelace (0099)'",
        ),
        ({"set": "CCCC-CCCC", "student": "Ada"}, "unknown-student", "doesn't have 'Ada'"),
        ({"set": "CCCC-CCCC", "student": "0051"}, "unknown-student", "'0051' may be 0051 or 0050"),
        ({"set": "CCCC-CCCC", "student": "0043", "name": "Ada Lovelace"}, "two-students", "the name 'Ada Lovelace'"),
        ({"set": "AAAA-AAAA", "student": "0042", "name": "9001"}, "two-students", "says '0042'"),
        ({"set": "CCCC-CCCC", "student": "0042", "name": "alan@uni.edu"}, "two-students", "says '0042'"),
        ({"set": "CCCC-CCCC", "student": "77", "name": "Ada Lovelace"}, "unknown-student", "doesn't have '77'"),
        ({"set": "CCCC-CCCC", "student": "Emil, Noether, x"}, "unknown-student", "doesn't have"),
        ({"set": "CCCC-CCCC", "student": "a" + " " * 10**6 + "(x"}, "unknown-student", "doesn't have"),
        ({"set": "CCCC-CCCC", "name": "Ada"}, "no-student", "the roster doesn't have the name 'Ada'"),
        ({"student": "Alan Turing"}, "unknown-set", "of which set it is; 'Alan Turing' may be 0043 or 0044"),
    ],
)
def test_not_matched(given: dict[str, str], trouble: str, words: str) -> None:
    found = match([ADA, ALAN, SHARED], ROSTER, **given)
    assert isinstance(found, Unmatched)
    assert found.trouble == trouble
    assert words in found.reason
    assert found.source == "a.json"


def test_without_a_roster_students_are_who_they_say() -> None:
    assert match([SHARED], (), set="CCCC-CCCC", student="anybody") == Match("anybody", SHARED)
    assert match([ADA, ALAN], (), set="AAAA-AAAA") == Match("0042", ADA)
    found = match([ADA, ALAN], (), set="AAAA-AAAA", student="mallory")
    assert isinstance(found, Unmatched)
    found = match([SHARED], (), name="Ada Lovelace")
    assert isinstance(found, Unmatched)
    assert "needs a roster to know the name 'Ada Lovelace'" in found.reason


def test_a_single_key_needs_no_set_id() -> None:
    assert match([SHARED], ROSTER, student="0044") == Match("0044", SHARED)


def test_an_owner_who_left_the_roster() -> None:
    found = match([KnownKey("EEEE-EEEE", "", "0099")], ROSTER, set="EEEE-EEEE")
    assert isinstance(found, Unmatched)
    assert found.trouble == "unknown-student"


BLACKBOARD = (Student("l"), Student("ada_l"), Student("da_l"), Student("0060", others=(("username", "b_o_b"),)))


@pytest.mark.parametrize(
    ("name", "student"), [("HW_1_ada_l", "ada_l"), ("HW_1_ADA_L", "ada_l"), ("HW_1_l", "l"), ("HW_1_b_o_b", "0060")]
)
def test_a_user_name_of_blackboard_is_the_longest_before_the_attempt(name: str, student: str) -> None:
    matcher = Matcher([SHARED], BLACKBOARD)
    source = f"hw.zip:{name}_attempt_2026-11-20-10-11-12_answers.json"
    found = matcher.match(Attempt(source=source, digest="", name=name))
    assert isinstance(found, Match)
    assert found.student == student
    other = next(each.id for each in BLACKBOARD if each.id != student)
    found = matcher.match(Attempt(source=source, digest="", student=other, name=name))
    assert isinstance(found, Unmatched)
    assert (found.trouble, found.reason) == ("two-students", f"it says {other!r}, and came in under the name {name!r}")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("HW_1_eve_attempt_2026-11-20-10-11-12_answers.json", "HW_1_eve"),
        ("answers.json", "HW_1_ada_l"),  # typed by a student
        ("HW_1_eve_attempt_2026-11-20-10-11-12_HW_1_l.json", "HW_1_l"),
    ],
)
def test_elsewhere_a_part_of_a_name_is_nobodys(source: str, name: str) -> None:
    found = Matcher([SHARED], BLACKBOARD).match(Attempt(source=source, digest="", name=name))
    assert isinstance(found, Unmatched)
    assert found.reason == f"it doesn't say whose it is; the roster doesn't have the name {name!r}"
