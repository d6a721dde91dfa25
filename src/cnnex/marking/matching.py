"""Whose attempt it is, and which key is its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cnnex.marking.policy import folded
from cnnex.model.marks import Attempt, KnownKey, Trouble, Unmatched
from cnnex.model.student import Student
from cnnex.store.keys import folded as folded_set

_WITH_ID = re.compile(r"(?P<name>.+?)\s*(?:\((?P<round>[^()]+)\)|<(?P<angled>[^<>]+)>)")
_LONGEST, _MOST = 200, 5
"""Characters of a name that is looked into, and candidates that a reason names."""


class Match(NamedTuple):
    """A student's id as the roster has it, and the key of the attempt."""

    student: str
    key: KnownKey


class Matcher:
    """Matches attempts by set ID, and by the student's id or e-mail, else by the full name.

    Args:
        keys: that there are.
        roster: of the class; empty if there is none, and then students are who they say they are.

    >>> matcher = Matcher([KnownKey("AAAA-BBBB", "hash", "007")], [Student("007", email="ada@uni.edu")])
    >>> matcher.match(Attempt(source="a.json", digest="", set="aaaabbbb", student="Ada@uni.edu")).student
    '007'
    >>> matcher.match(Attempt(source="a.json", digest="", set="ZZZZ-ZZZZ")).trouble
    'unknown-set'
    """

    def __init__(self, keys: Iterable[KnownKey], roster: Sequence[Student] = ()) -> None:
        self._keys = {folded_set(key.set): key for key in keys}
        self._of_student = {folded(key.owner): key for key in self._keys.values() if key.owner}
        self._rostered = bool(roster)
        self._emails = _grouped((folded(each.email), each.id) for each in roster)
        self._names = _grouped((_full_name(each.name), each.id) for each in roster)
        self._ids = {folded(each.id): each.id for each in roster}
        self._others = _grouped((folded(other), each.id) for each in roster for _, other in each.others)

    def match(self, attempt: Attempt, *, blank: bool = False) -> Match | Unmatched:
        """The student and the key, or why there is none; what is blank is no attempt."""
        key = self._key(attempt)
        if isinstance(key, Unmatched):
            return key
        student = self._student(attempt, key)
        if isinstance(student, Unmatched):
            return student
        if key.owner and folded(key.owner) != folded(student):
            reason = f"the set {key.set} belongs to {key.owner}, and {student} handed it in"
            return _unmatched(attempt, "another-students-set", reason)
        if blank:
            return _unmatched(attempt, "blank", f"{student} handed it in, but no answer is filled in")
        return Match(student, key)

    def _key(self, attempt: Attempt) -> KnownKey | Unmatched:
        if attempt.set:
            known = self._keys.get(folded_set(attempt.set))
            return known or _unmatched(attempt, "unknown-set", f"there is no key of the set {attempt.set[:40]}")
        if len(self._keys) == 1:
            return next(iter(self._keys.values()))
        found = self.candidates(attempt)
        own = self._of_student.get(folded(found[0])) if len(found) == 1 else None
        return own or _unmatched(attempt, "unknown-set", f"it doesn't say of which set it is{_either(attempt, found)}")

    def _student(self, attempt: Attempt, key: KnownKey) -> str | Unmatched:
        found = self.candidates(attempt, key.owner)
        if len(found) == 1:
            named = (
                self._by_id(attempt.name) or self._names.get(_full_name(attempt.name)) or self._in_file_name(attempt)
            )
            if named and found[0] not in named:
                reason = f"it says {attempt.student[:60]!r}, and came in under the name {attempt.name[:60]!r}"
                return _unmatched(attempt, "two-students", reason)
            return found[0]
        if attempt.student:
            reason = _either(attempt, found).removeprefix("; ")
            return _unmatched(attempt, "unknown-student", reason or f"the roster doesn't have {attempt.student[:60]!r}")
        if key.owner:
            if not self._rostered:
                return key.owner
            if owner := self._ids.get(folded(key.owner)):
                return owner
            reason = f"the set {key.set} belongs to {key.owner}, who isn't in the roster"
            return _unmatched(attempt, "unknown-student", reason)
        said = _either(attempt, found)
        if attempt.name and not found:
            roster = "the roster doesn't have" if self._rostered else "it needs a roster to know"
            said = f"; {roster} the name {attempt.name[:60]!r}"
        return _unmatched(attempt, "no-student", f"it doesn't say whose it is{said}")

    def candidates(self, attempt: Attempt, owner: str = "") -> tuple[str, ...]:
        """The ids that the attempt itself gives: one, none where nobody is known, or several who share a name.

        Of those the owner of its set is the one who is meant. A name with an id that is another's are two people.
        """
        if not self._rostered:
            return (attempt.student.strip(),) if attempt.student.strip() else ()
        typed = attempt.student.strip()
        found = self._by_id(typed) or self._names.get(_full_name(typed or attempt.name), ())
        if not found and (within := _WITH_ID.fullmatch(typed[:_LONGEST])):
            found = self._by_id(within["round"] or within["angled"])
            named = self._names.get(_full_name(within["name"]), ())
            if named and not set(found) <= set(named):
                return (*found, *named)
        if not found:  # an e-mail beside an id that the roster doesn't have
            found = self._by_id(attempt.name) if typed else self._in_file_name(attempt)
        own = self._ids.get(folded(owner), "")
        return (own,) if own in found else found

    def _in_file_name(self, attempt: Attempt) -> tuple[str, ...]:
        """Whose user name, the longest, ends what Blackboard writes before `_attempt_`: `HW_1_ada_l` for `ada_l`."""
        name = attempt.name[:_LONGEST]
        if f"{name}_attempt_" not in attempt.source:
            return ()
        ends = (name[place + 1 :] for place, sign in enumerate(name) if sign == "_")
        return next(filter(None, map(self._by_id, ends)), ())

    def _by_id(self, typed: str) -> tuple[str, ...]:
        known = self._ids.get(folded(typed))
        others = self._others.get(folded(typed), ())  # one's number may be another's number elsewhere
        return tuple(dict.fromkeys((known, *others) if known else others)) or self._emails.get(folded(typed), ())


def _full_name(name: str) -> str:
    """A name as it is compared, the first name first.

    >>> _full_name("Lovelace,  ADA"), _full_name("Ada Lovelace")
    ('ada lovelace', 'ada lovelace')
    """
    parts = folded(name).split(",")
    return " ".join(" ".join(reversed(parts)).split()) if len(parts) == 2 else " ".join(folded(name).split())


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Who is called so; names may be equal, and so may addresses."""
    found: dict[str, tuple[str, ...]] = {}
    for name, student in pairs:
        if name:
            found[name] = (*found.get(name, ()), student)
    return found


def _either(attempt: Attempt, found: Sequence[str]) -> str:
    """Who may be meant, where several may."""
    if len(found) < 2:
        return ""
    more = f" or {len(found) - _MOST} more" if len(found) > _MOST else ""
    return f"; {(attempt.student or attempt.name)[:60]!r} may be {' or '.join(found[:_MOST])}{more}"


def _unmatched(attempt: Attempt, trouble: Trouble, reason: str) -> Unmatched:
    return Unmatched(
        source=attempt.source, trouble=trouble, reason=reason, set=attempt.set, student=attempt.student or attempt.name
    )
