"""What an instructor does with a class: grade, grade again, decide by hand, forget."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import structs

from cnnex.answers.diagnose import HINTS as SLIPS
from cnnex.errors import InputError, nearest
from cnnex.export.gradebook import PLATFORMS
from cnnex.marking.changes import changes
from cnnex.marking.credit import points_of
from cnnex.marking.matching import Matcher
from cnnex.marking.outputs import ANONYMOUS, FEEDBACK, ClassFiles, Outputs, check_fill
from cnnex.marking.policy import Policy, folded
from cnnex.marking.run import CameIn, Tick, grade_into, policy_of
from cnnex.marking.standing import Counting, counting_of
from cnnex.model.marks import Change, Mark, Override, Summary
from cnnex.model.student import Student
from cnnex.store.folder import alone_in, clean_up
from cnnex.store.forgetting import forget as forget_in
from cnnex.store.keys import KeyRing, class_folder, load_keys
from cnnex.store.ledger import NAME, Ledger
from cnnex.store.ledger_reader import Run
from cnnex.workers import checked, few_collections

_PATIENCE = 60.0
"""Seconds to wait for another run that writes the files of a class."""
Tell = Callable[[str], None]
"""Takes a sentence that the instructor should read."""


class GradedClass(NamedTuple):
    """What grading did, and sentences on what the instructor should know besides."""

    summary: Summary
    said: tuple[str, ...]


def grade_class(
    paths: Sequence[Path],
    *,
    keys: KeyRing | None,
    roster: Sequence[Student] = (),
    policy: Policy | None = None,
    folder: Path | None = None,
    outputs: Outputs | None = None,
    workers: int = 0,
    tick: Tick = lambda done: None,
) -> GradedClass:
    """Grade what a class handed in, and write its files into the folder; see `cnnex.grade_class`.

    Args:
        paths: files, folders and zips.
        keys: of the class; None for those of the folder's last run.
        roster: of the class; where it is empty that of the class folder from which the keys come, if any.
        policy: the rules; None for those of the folder's last run.
        folder: for records and files; without one nothing is kept.
        outputs: which files; None for those of the folder's last run.
        workers: processes, 0 for as many as pay.
        tick: called with the number of attempts that were graded since.

    Raises:
        CnnexError: something can't be used, or written.
    """
    checked(workers)
    if not roster and keys is not None:
        roster = keys.students
    with few_collections(), _ledger_for(folder) as ledger:
        with ledger.writing():
            found = grade_into(
                ledger,
                paths,
                keys=keys,
                roster=roster,
                policy=policy,
                outputs=msgspec.json.encode(structs.replace(outputs, fill="")).decode() if outputs else "",
                workers=workers,
                tick=tick,
            )
            check_fill(ledger, ledger.run(), outputs or Outputs())
        files = ClassFiles(ledger, ledger.run(), outputs, workers)
        summary = files.summary(found.came_in, tuple(found.repeated))
        said = _unknown_extensions(ledger.run()) + _unknown_mistakes(ledger, ledger.run()) + _notes(found)
        return GradedClass(summary, (*said, *(files.write(folder, summary) if folder else ())))


def _notes(found: CameIn) -> tuple[str, ...]:
    """What the sources left open."""
    more = found.noted - len(found.notes)
    return (*found.notes, *([f"and {more} more such sources"] if more else []))


def _unknown_extensions(run: Run) -> tuple[str, ...]:
    """A sentence on each extension for somebody who isn't in the roster; it may be a slip of the pen."""
    known = {folded(each.id) for each in run.roster}
    names = [name for name in policy_of(run).extensions if run.roster and folded(name) not in known]
    return tuple(f"the policy has an extension for {name}, who isn't in the roster" for name in names)


@contextmanager
def _ledger_for(folder: Path | None) -> Iterator[Ledger]:
    """The ledger of a folder, for us alone; it is made where there is none, and goes again where no run was added.

    Without a folder it is one that goes when it was used.
    """
    if folder is None:
        with (
            tempfile.TemporaryDirectory(prefix="cnnex-", ignore_cleanup_errors=True) as home,
            Ledger(Path(home) / NAME, create=True) as ledger,
        ):
            yield ledger
        return
    with _alone_in(folder):
        empty = not (folder / NAME).exists()
        try:
            with Ledger(folder / NAME, create=True) as ledger:
                try:
                    yield ledger
                finally:
                    empty = empty and not ledger.runs()
        finally:
            if empty:
                for path in folder.glob(f"{NAME}*"):
                    path.unlink(missing_ok=True)


def _unknown_mistakes(ledger: Ledger, run: Run) -> tuple[str, ...]:
    """A sentence on each mistake of the policy that no key predicts and no answer can show otherwise."""
    unknown = {name: name.rpartition("/") for name in policy_of(run).mistakes if name not in SLIPS}
    for key in run.keys if unknown else ():
        for item in ledger.decoded_key(key.digest).items:
            known = {mistake.id for part in item.parts for mistake in part.mistakes} | SLIPS.keys()
            for name, (family, _, mistake) in list(unknown.items()):
                if mistake in known and family in ("", item.family):
                    del unknown[name]
        if not unknown:
            break
    return tuple(f"the policy names the mistake {name}, which no key has" for name in unknown)


def find_keys(paths: Sequence[Path], folder: Path | None = None) -> KeyRing | None:
    """The keys beside or above what was handed in; None where the folder's ledger has keys of an earlier run.

    Raises:
        InputError: there are none.
    """
    for path in paths:
        here = path if path.is_dir() else path.parent
        for place in (here, here.resolve().parent, here.resolve().parent.parent):
            home = class_folder(place)
            for found in ([home] if home else []) + [place / "keys", place / "key.json"]:
                if found.exists():
                    return load_keys([found])
    if folder is not None and (folder / NAME).is_file():
        return None
    raise InputError(f"there are no keys beside {paths[0]}", hint="name the key, or a folder of keys, with --key")


def regrade(
    folder: Path,
    *,
    keys: KeyRing | None = None,
    policy: Policy | None = None,
    never_lower: bool = False,
    apply: bool = False,
    workers: int = 0,
    tell: Tell = lambda sentence: None,
) -> tuple[Change, ...]:
    """Grade all submissions again, and say who changes from what to what, and why.

    Args:
        folder: of the class, with its ledger.
        keys: corrected ones; others are as before.
        policy: in place of the former one.
        never_lower: no attempt's score gets lower.
        apply: keep the run and write the files; else nothing changes.
        workers: processes, 0 for as many as pay.
        tell: called with what the instructor should know besides.

    Raises:
        CnnexError: something can't be used, or written.
    """
    checked(workers)
    with few_collections(), open_ledger(folder) as ledger:
        before = ledger.run()
        if keys is not None and not any(keys.by_set(key.set) for key in before.keys):
            tell("no key that you name is of a set of this class, so none is corrected")
        with ledger.writing(keep=apply):
            found = grade_into(
                ledger, (), keys=keys, policy=policy, command="regrade", never_lower=never_lower, workers=workers
            )
            changed = tuple(changes(ledger, before.id, found.run))
        if apply:
            _write_again(ledger, folder, tell, workers)
    return changed


def override(
    folder: Path, student: str, part: str, points: str, reason: str, tell: Tell = lambda sentence: None
) -> tuple[Mark, Mark]:
    """Decide what a part of a student's counting attempt is worth; later runs keep it. The mark before and after.

    What the instructor should know besides is told.

    Raises:
        InputError: there is no such student or part, there is no reason, or so many points can't be had.
    """
    if not reason.strip():
        raise InputError("an override needs a reason", hint="it stands in the records and on the student's sheet")
    with open_ledger(folder) as ledger:
        run = ledger.run()
        attempt, graded = counting(ledger, run, student)
        before = mark_of(graded.marks, part)
        try:
            wanted = points_of(points, before.points)
        except ValueError as error:
            raise InputError(f"part {part}: {error}") from None
        decided = Override(student=graded.student, part=part, points=wanted, reason=reason.strip(), at=now())
        with ledger.writing():
            ledger.add_override(attempt, decided)
        _write_again(ledger, folder, tell)
        return before, mark_of(counting(ledger, run, graded.student)[1].marks, part)


def check_student(folder: Path, student: str) -> None:
    """Refuse a student whom the records don't have.

    Raises:
        InputError: nobody is called so.
    """
    with open_ledger(folder) as ledger:
        student_of(ledger, ledger.run(), student)


def forget(folder: Path, student: str, tell: Tell = lambda sentence: None) -> str:
    """Take away what leads to a student, and write the files again; the id under which the numbers stay.

    What the instructor should know besides is told.

    Raises:
        InputError: there is no such student.
    """
    with open_ledger(folder) as ledger:
        run = ledger.run()
        known = student_of(ledger, run, student)
        called = ledger.pseudonyms().get(known.id, "")
        matcher = Matcher(run.keys, run.roster)
        meant = [number for number, attempt, _ in ledger.attempts() if known.id in matcher.candidates(attempt)]
        nobody = forget_in(ledger, known.id, [known.email, known.name, *(other for _, other in known.others)], meant)
        for place, name in ((folder, known.id), (folder / ANONYMOUS, called)):
            for path in (place / FEEDBACK).glob("*"):
                if name and path.stem == Student(name).folder:
                    path.unlink(missing_ok=True)
        for path in (*(folder / f"{platform}.csv" for platform in PLATFORMS), *folder.glob("filled-*.csv")):
            path.unlink(missing_ok=True)  # those of earlier runs are not written again
        _write_again(ledger, folder, tell, anonymous=(folder / ANONYMOUS).exists())
    return nobody


def _write_again(ledger: Ledger, folder: Path, tell: Tell, workers: int = 0, *, anonymous: bool = False) -> None:
    """Write the files of the latest run as it asked for them, and the copy with pseudonyms also if an earlier did."""
    with _alone_in(folder):
        run = ledger.run()
        outputs = msgspec.json.decode(run.outputs, type=Outputs)
        outputs = structs.replace(outputs, anonymous=outputs.anonymous or anonymous)
        files = ClassFiles(ledger, run, outputs, workers)
        for sentence in files.write(folder, files.summary()):
            tell(sentence)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait for whoever writes the files there, so that the latest run's stay, and remove what a killed run left."""
    with alone_in(folder, _PATIENCE):
        for place in (folder, folder / ANONYMOUS):
            clean_up(place)
            clean_up(place / FEEDBACK)
        yield


@contextmanager
def open_ledger(folder: Path) -> Iterator[Ledger]:
    """The ledger of a graded class."""
    with Ledger(folder / NAME) as ledger:
        yield ledger


def now() -> str:
    """This moment, as records have it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def student_of(ledger: Ledger, run: Run, called: str) -> Student:
    """The student of an id or an e-mail, or of another id of the roster that only one has.

    Raises:
        InputError: nobody is called so.
    """
    everybody = {each.student: Student(each.student) for each in ledger.standings(run.id)}
    everybody |= {each.id: each for each in run.roster}
    wanted = folded(called)
    for each in everybody.values():
        if wanted in (folded(each.id), folded(each.email)):
            return each
    others = [each for each in everybody.values() if wanted in (folded(other) for _, other in each.others)]
    if len(others) == 1:
        return others[0]
    raise InputError(f"there is no student {called!r} in {ledger.path}", hint=_near(called, everybody))


def _near(called: str, known: dict[str, Student]) -> str:
    return nearest(called, known) if len(known) <= 30 else ""


def counting(ledger: Ledger, run: Run, called: str) -> Counting:
    """The attempt that counts of a student.

    Raises:
        InputError: nobody is called so, or nothing came in.
    """
    student = student_of(ledger, run, called)
    found = counting_of(ledger, run.id, policy_of(run), student.id)
    if found is None:
        raise InputError(f"nothing came in of {student.label}")
    return found


def mark_of(marks: Sequence[Mark], part: str) -> Mark:
    """The mark of a part.

    Raises:
        InputError: there is no such part.
    """
    for mark in marks:
        if mark.id == part:
            return mark
    raise InputError(f"there is no part {part!r}", hint=nearest(part, [mark.id for mark in marks]))
