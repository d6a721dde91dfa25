"""The verbs of cnnex as functions; `import cnnex` offers them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from cnnex import __version__
from cnnex.errors import InputError
from cnnex.generator import generate_set
from cnnex.model.course import NO_COURSE, Course
from cnnex.model.problem_set import ProblemSet
from cnnex.model.records import FamilyEntry, Key, Report, Submission, TopicEntry
from cnnex.model.sheet import Sheet
from cnnex.plans import Plan, deal, plan_of
from cnnex.seeds import fresh_seed
from cnnex.store.records import decode
from cnnex.topics import load_topic, topic_names
from cnnex.topics._family import LEVELS

if TYPE_CHECKING:
    from cnnex.classroom import Class, Made
    from cnnex.marking.outputs import Outputs
    from cnnex.model.marks import Summary


def generate(
    topic: str | Sequence[str] = (),
    *,
    bank: str | Path | None = None,
    fresh: bool = False,
    family: str | Sequence[str] = (),
    count: int = 5,
    difficulty: str = "medium",
    seed: str | int | None = None,
    title: str = "",
    student: str = "",
    course: Course = NO_COURSE,
) -> ProblemSet:
    """Generate a problem set from topics, or from a problem bank.

    Args:
        topic: one or more names out of `list_topics()`; not with a bank.
        bank: the name of a bank that comes with cnnex, or the path of a YAML file.
        fresh: the bank's questions with fresh numbers.
        family: ids of the only families to take, or their codes (`F14`); all where none is named.
        count: problems in all, dealt evenly over topics and families.
        difficulty: `easy`, `medium` or `hard`.
        seed: the same seed gives the same set for ever; without one the system's entropy is taken.
        title: a title in place of the topics' or the bank's.
        student: a name to print on the sheets.
        course: what stands at the head of the sheets, the room to write, the decimal sign, the points.

    Raises:
        CnnexError: a name is unknown, the count is out of bounds, or no fair variant is left.

    >>> generate("pooling", count=2, seed=1).items[0].topic
    'pooling'
    """
    plan = _plan(topic, bank, fresh, family, count, difficulty, title, course)
    return generate_set(plan, fresh_seed() if seed is None else str(seed), student)


def _plan(
    topic: str | Sequence[str],
    bank: str | Path | None,
    fresh: bool,
    family: str | Sequence[str],
    count: int,
    difficulty: str,
    title: str,
    course: Course,
) -> Plan:
    course = decode(asdict(course), Course, "course")  # from Python its fields may be anything
    topics = [topic] if isinstance(topic, str) else list(topic)
    families = [family] if isinstance(family, str) else list(family)
    if bool(topics) == (bank is not None):
        raise InputError("name either a topic or a bank", hint=f"topics: {', '.join(topic_names())}")
    if fresh and bank is None:
        raise InputError("fresh numbers are for a bank; problems of a topic always have them")
    if bank is None:
        plan = deal(topics, families, count, difficulty, title)
    else:
        from cnnex.store.banks import load_bank

        plan = plan_of(load_bank(str(bank)), str(bank), title, fresh=fresh)
    return replace(plan, course=course)


def generate_class(
    topic: str | Sequence[str] = (),
    *,
    roster: str | Path,
    output: str | Path,
    same: bool = False,
    formats: Sequence[str] = ("pdf",),
    bank: str | Path | None = None,
    fresh: bool = False,
    family: str | Sequence[str] = (),
    count: int = 5,
    difficulty: str = "medium",
    seed: str | int | None = None,
    title: str = "",
    course: Course = NO_COURSE,
    engine: str | None = None,
    templates: str | Path | None = None,
    workers: int = 0,
    force: bool = False,
    tick: Callable[[Made], None] = lambda made: None,
) -> Class:
    """Write a folder with sheets for all students of a roster.

    What is there already is skipped, so a call that was interrupted is taken up again by the same call. With more
    than one worker a script must guard its own calls by `if __name__ == "__main__":`.

    Args:
        topic: as for `generate`, like bank, fresh, family, count, difficulty and title.
        bank: in place of topics.
        fresh: the bank's questions with fresh numbers.
        family: the only families to take.
        count: problems in all.
        difficulty: `easy`, `medium` or `hard`.
        seed: the master seed; where none is given that of the folder, or a fresh one.
        title: in place of the topics' or the bank's.
        roster: a CSV with a student id or an e-mail, and if it has them names and sections.
        output: a folder.
        same: one sheet for all, in place of own numbers for each.
        formats: of the sheets.
        course: as for `generate`.
        engine: makes the PDFs with LaTeX.
        templates: a folder whose templates stand in place of ours.
        workers: processes, 0 for one on each core.
        force: replace what other arguments made in the folder.
        tick: called with each student, in the roster's order.

    Raises:
        CnnexError: as for `generate`; or the roster can't be used, or the folder holds something else. The failure
            of a single student is none; it stands in the result.
    """
    from cnnex.classroom import write_class
    from cnnex.store.roster import load_roster

    students, said = load_roster(Path(roster))
    made = write_class(
        _plan(topic, bank, fresh, family, count, difficulty, title, course),
        students,
        Path(output),
        None if seed is None else str(seed),
        same=same,
        formats=formats,
        engine=engine,
        templates=None if templates is None else Path(templates),
        workers=workers,
        force=force,
        tick=tick,
    )
    return replace(made, said=said)


def key(problems: ProblemSet) -> Key:
    """The key of a set, for the instructor: values, predicted mistakes, and the seed.

    >>> key(generate("pooling", count=1, seed=1)).items[0].parts[0].id
    '1a'
    """
    from cnnex.store.records import key_of

    return key_of(problems, __version__)


def grade(
    answers: Submission | Mapping[str, Any] | str | Path,
    key: Key | Mapping[str, Any] | str | Path,
    *,
    feedback: str = "hint",
) -> Report:
    """Grade answers with a key; each is a record, the content of a file, or a file's path.

    The messages tell a `hint`, a `witness` (a point where answer and key differ), or the `key`. In the content of a
    file an answer may also be a NumPy array, such as the output of one's own code.

    Raises:
        InputError: a file can't be read, or the key is of another set.

    >>> import numpy
    >>> problems = generate("pooling", family="F14-max-pooling", count=1, difficulty="easy", seed=1)
    >>> content = {"schema": "cnnex.answers/1", "set": problems.id, "answers": {"1a": numpy.array([2, 2])}}
    >>> grade(content, key(problems)).parts[0].verdict
    <Verdict.CORRECT: 'correct'>
    """
    from cnnex.grader import grade_submission
    from cnnex.store.records import load_key, load_submission

    if isinstance(answers, str | Path):
        answers = load_submission(Path(answers))
    elif isinstance(answers, Mapping):
        answers = decode(_plain(answers), Submission, "answers")
    if isinstance(key, str | Path):
        key = load_key(Path(key))
    elif isinstance(key, Mapping):
        key = decode(dict(key), Key, "key")
    return grade_submission(key, answers, feedback)


def grade_class(
    paths: str | Path | Sequence[str | Path],
    *,
    key: str | Path | Sequence[str | Path] = (),
    roster: str | Path | None = None,
    policy: str | Path | None = None,
    output: str | Path | None = None,
    outputs: Outputs | None = None,
    workers: int = 0,
    tick: Callable[[int], None] = lambda done: None,
) -> Summary:
    """Grade what a class handed in, and with an output folder write records, gradebook, feedback and the class page.

    In a folder that was used before, what came in before is graded again together with the new, and the roster, the
    policy, the keys and the files that aren't given are those of the last time. With more than one worker a script
    must guard its own calls by `if __name__ == "__main__":`.

    Args:
        paths: files, folders and zips.
        key: keys and folders of keys; without any those beside the answers.
        roster: a CSV with the students.
        policy: a TOML file with the rules of the course.
        output: a folder.
        outputs: which files; gradebook, class page, numbers, and feedback as HTML where nothing is said.
        workers: processes, 0 for as many as pay.
        tick: called with the number of attempts that were graded since.

    Raises:
        CnnexError: a path, key, roster or policy can't be used, or the folder can't be written. A submission that can't
            be used is none; it stands in the summary.
    """
    from cnnex.marking.policy import load_policy
    from cnnex.marking.verbs import find_keys
    from cnnex.marking.verbs import grade_class as graded
    from cnnex.store.keys import load_keys
    from cnnex.store.roster import load_roster

    came, keys, folder = _paths(paths), _paths(key), None if output is None else Path(output)
    return graded(
        came,
        keys=load_keys(keys) if keys else find_keys(came, folder),
        roster=() if roster is None else load_roster(Path(roster)).students,
        policy=None if policy is None else load_policy(Path(policy)),
        folder=folder,
        outputs=outputs,
        workers=workers,
        tick=tick,
    ).summary


def _paths(given: str | Path | Sequence[str | Path]) -> list[Path]:
    return [Path(given)] if isinstance(given, str | Path) else [Path(each) for each in given]


def _plain(value: Any) -> Any:
    """The value with NumPy's arrays and numbers as lists and numbers of Python."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return _exact(value.tolist()) if hasattr(value, "tolist") else value


def _exact(value: Any) -> Any:
    """Floats as the simplest fractions that they stand for: code that computes 7/4 or 1/3 has no other way."""
    if isinstance(value, list):
        return [_exact(each) for each in value]
    if not isinstance(value, float) or not isfinite(value):
        return value
    simplest = Fraction(value).limit_denominator(10**6)
    return str(simplest) if float(simplest) == value else value


def document(
    problems: ProblemSet | Key | str | Path,
    format: str = "md",  # noqa: A002
    *,
    solutions: bool = False,
    engine: str | None = None,
    templates: str | Path | None = None,
) -> bytes:
    """A set as a file's bytes: `md`, `tex`, `typ`, `pdf`, `html`, `docx` or `json`; with an engine LaTeX makes the PDF.

    A key, as a record or by its file's path, prints its set again, in all formats but `json`. Templates of the folder
    `templates` stand in place of those of the same path in ours.

    Raises:
        InputError: there is no such format or engine, a template of the folder has an error, or a key has no sheet.
        OutputError: a character has no font, or a formula is wider than the page.
        MissingToolError: the engine isn't installed.

    >>> problems = generate("pooling", count=1, seed=1, title="Homework")
    >>> document(problems, "md").decode().splitlines()[0]
    '# Homework'
    >>> document(key(problems), "md") == document(problems, "md")
    True
    """
    if format == "json" and isinstance(problems, ProblemSet):
        from cnnex.export.set_file import set_file

        return set_file(problems, solutions=solutions)
    from cnnex.export import export_sheet

    if isinstance(problems, ProblemSet):
        sheet = problems.sheet(solutions=solutions)
    else:
        stored = _stored(problems)
        sheet = stored if solutions else stored.questions
    return export_sheet(sheet, format, engine, None if templates is None else Path(templates))


def _stored(key: Key | str | Path) -> Sheet:
    """The sheet of a key, with solutions."""
    from cnnex.store.records import load_key
    from cnnex.store.sheets import sheet_of

    return sheet_of(key, "key") if isinstance(key, Key) else sheet_of(load_key(Path(key)), str(key))


def list_topics() -> tuple[TopicEntry, ...]:
    """All topics with their families, levels and kinds of answers.

    >>> [entry.name for entry in list_topics()][:2]
    ['architecture', 'backprop']
    """
    return tuple(
        TopicEntry(
            topic.name,
            topic.title,
            tuple(FamilyEntry(each.id, each.title, LEVELS, tuple(each.kinds)) for each in topic.families),
        )
        for topic in map(load_topic, topic_names())
    )
