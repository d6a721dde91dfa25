"""Who changes between two runs, from what to what, and why."""

from __future__ import annotations

from collections.abc import Iterator

from cnnex.marking.run import policy_of
from cnnex.marking.standing import Counting, counting_of
from cnnex.model.marks import Change, Graded, Mark, PartChange
from cnnex.store.ledger import Ledger


def changes(ledger: Ledger, before: int, after: int) -> Iterator[Change]:
    """The students whose marks differ between two runs, by id."""
    policies = [policy_of(ledger.run(number)) for number in (before, after)]
    students = {each.student for number in (before, after) for each in ledger.standings(number)}
    for student in sorted(students):
        old = counting_of(ledger, before, policies[0], student)
        new = counting_of(ledger, after, policies[1], student)
        if found := _change(student, old, new, policies[0] != policies[1]):
            yield found


def _change(student: str, old: Counting | None, new: Counting | None, ruled: bool) -> Change | None:
    if old is None or new is None:
        before, after = (found[1].score if found else None for found in (old, new))
        return Change(student=student, before=before, after=after, parts=(), why=("what came in is matched otherwise",))
    parts = tuple(_parts(old[1], new[1]))
    if not parts and old[1].score == new[1].score:
        return None
    why = []
    if old[0] != new[0]:
        why.append(f"attempt {new[1].number} counts in place of attempt {old[1].number}")
    why += [each for each in new[1].why if each not in old[1].why]
    why += [f"no longer: {each}" for each in old[1].why if each not in new[1].why]
    if old[1].key != new[1].key:
        why.append("the key changed")
    if ruled:
        why.append("the policy changed")
    return Change(student=student, before=old[1].score, after=new[1].score, parts=parts, why=tuple(why))


def _parts(old: Graded, new: Graded) -> Iterator[PartChange]:
    former = {mark.id: mark for mark in old.marks}
    for mark in new.marks:
        own = former.pop(mark.id, None)
        if own is None:
            yield PartChange(id=mark.id, before=0, after=mark.earned, why="the key has a new part")
        elif own.earned != mark.earned:
            yield PartChange(id=mark.id, before=own.earned, after=mark.earned, why=_why(own, mark))
    for mark in former.values():
        yield PartChange(id=mark.id, before=mark.earned, after=0, why="the key has this part no longer")


def _why(old: Mark, new: Mark) -> str:
    if old.verdict != new.verdict:
        return f"{old.verdict}, now {new.verdict}"
    said = [each for each in new.why if each not in old.why] or [f"no longer: {each}" for each in old.why]
    if said:
        return " ".join(said)
    return f"worth {old.points} points, now {new.points}" if old.points != new.points else f"credit {new.credit}"
