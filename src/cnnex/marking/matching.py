"""Whose attempt it is, and which key is its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cnnex.marking.policy import folded
from cnnex.model.marks import Attempt, KnownKey, Trouble, Unmatched
from cnnex.model.student import Student
from cnnex.store.keys import folded as folded_set


class Match(NamedTuple):
    """A student's id as the roster has it, and the key of the attempt."""

    student: str
    key: KnownKey


class Matcher:
    """Matches attempts by set ID, and by the student's id or e-mail.

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
        self._emails = _once((each.email, each.id) for each in roster)
        self._names = _once((each.name, each.id) for each in roster)
        self._ids = {folded(each.id): each.id for each in roster}

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
        student = self._known(attempt)
        own = self._of_student.get(folded(student)) if student else None
        return own or _unmatched(attempt, "unknown-set", "it doesn't say of which set it is")

    def _student(self, attempt: Attempt, key: KnownKey) -> str | Unmatched:
        if found := self._known(attempt):
            return found
        if attempt.student:
            return _unmatched(attempt, "unknown-student", f"the roster doesn't have {attempt.student[:60]!r}")
        if key.owner:
            if not self._rostered:
                return key.owner
            if owner := self._ids.get(folded(key.owner)):
                return owner
            reason = f"the set {key.set} belongs to {key.owner}, who isn't in the roster"
            return _unmatched(attempt, "unknown-student", reason)
        named = f"; the name {attempt.name[:60]!r} is no single student's" if attempt.name and self._rostered else ""
        return _unmatched(attempt, "no-student", f"it doesn't say whose it is{named}")

    def _known(self, attempt: Attempt) -> str:
        """The id that the attempt itself gives, "" if it gives none that is known."""
        if not self._rostered:
            return attempt.student.strip()
        if attempt.student:
            typed = folded(attempt.student)
            return self._ids.get(typed, self._emails.get(typed, ""))
        return self._names.get(folded(attempt.name), "") if attempt.name else ""


def _once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What leads to a single student: names may be equal."""
    listed = [(folded(name), student) for name, student in pairs if name]
    counted = Counter(name for name, _ in listed)
    return {name: student for name, student in listed if counted[name] == 1}


def _unmatched(attempt: Attempt, trouble: Trouble, reason: str) -> Unmatched:
    return Unmatched(
        source=attempt.source, trouble=trouble, reason=reason, set=attempt.set, student=attempt.student or attempt.name
    )
