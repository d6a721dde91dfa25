"""Plans: what a set is made of before any number is drawn, dealt from options or read from a bank."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any, get_type_hints

import msgspec

from cnnex.errors import InputError, nearest
from cnnex.model.course import NO_COURSE, Course
from cnnex.model.opts import Opts
from cnnex.model.records import Bank, BankProblem
from cnnex.model.value import Matrix, Vector, entries
from cnnex.topics import load_topic
from cnnex.topics._family import LEVELS, Family

MOST_PROBLEMS = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One problem of a plan.

    Attributes:
        name: names the problem's random stream; entries of one plan have different names.
        given: for parameters that aren't drawn freely, by the field's name, the values they may have.
        pattern: the parameters of the problem whose twin with fresh numbers this is.
        title: a title in place of the family's.
        parts: the parts to ask, by name, in order; empty for all.
        points: points of a part where they don't follow its kind.
        refs: sources of parts.
        opts: what parts declare in place of the family's opts.
        notes: what the worked solution adds to parts.
        credit: of parts, what mistakes still earn, by the mistake's id.
        before: paragraphs that stand before the problem.
        new_page: whether it begins on a page of its own.
        where: the place in a bank, for messages.
    """

    name: str
    topic: str
    family: Family[Any]
    level: str = "medium"
    title: str = ""
    given: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    pattern: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    points: Mapping[str, int] = field(default_factory=dict)
    refs: Mapping[str, str] = field(default_factory=dict)
    opts: Mapping[str, Opts] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    credit: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    new_page: bool = False
    where: str = ""

    @property
    def series(self) -> str:
        """What problems that must differ from one another have in common."""
        return self.name.rpartition("/")[0] or self.name

    def __reduce__(self) -> tuple[Callable[[dict[str, Any]], Entry], tuple[dict[str, Any]]]:
        """Between processes the family travels by its name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return _entry, ({**values, "family": self.family.id},)


def _entry(values: dict[str, Any]) -> Entry:
    """An entry that came from another process."""
    found = load_topic(values["topic"]).families
    return Entry(**{**values, "family": next(family for family in found if family.id == values["family"])})


@dataclass(frozen=True, slots=True)
class Plan:
    """What a set is made of, before any number is drawn."""

    title: str
    entries: tuple[Entry, ...]
    course: Course = NO_COURSE


def families_of(topics: Sequence[str], wanted: Sequence[str] = ()) -> list[tuple[str, Family[Any]]]:
    """The wanted families of some topics, each with its topic; all families where none is named.

    A family is named by its id or by the code before the first dash: `F14` stands for all of F14.

    Raises:
        InputError: a topic or a family doesn't exist.
    """
    found = [(topic.name, each) for topic in map(load_topic, dict.fromkeys(topics)) for each in topic.families]
    if not wanted:
        return found
    chosen = {each.id for name in wanted for each in _named([each for _, each in found], name, topics)}
    return [(topic, each) for topic, each in found if each.id in chosen]


def _named(families: Sequence[Family[Any]], name: str, topics: Sequence[str]) -> list[Family[Any]]:
    folded = name.casefold()
    exact = [each for each in families if each.id.casefold() == folded]
    found = exact or [each for each in families if each.id.casefold().startswith(f"{folded}-")]
    if not found:
        hint = nearest(name, [each.id for each in families]) or "cnnex topics lists them"
        raise InputError(f"there is no family {name!r} in {', '.join(topics)}", hint=hint)
    return found


def deal(topics: Sequence[str], wanted: Sequence[str], count: int, level: str, title: str = "") -> Plan:
    """A plan that deals `count` problems in turn to the topics, and within each to its families.

    Raises:
        InputError: a name is unknown, or the count isn't between 1 and `MOST_PROBLEMS`.
    """
    if not 1 <= count <= MOST_PROBLEMS:
        raise InputError(f"the count is {count}, but a set has 1 to {MOST_PROBLEMS:,} problems")
    if level not in LEVELS:
        raise InputError(f"there is no difficulty {level!r}", hint=nearest(level, LEVELS))
    hands: dict[str, list[Family[Any]]] = {}
    for topic, family in families_of(topics, wanted):
        hands.setdefault(topic, []).append(family)
    names = list(hands)
    dealt = []
    for number in range(count):
        topic = names[number % len(names)]
        turn = number // len(names)
        family = hands[topic][turn % len(hands[topic])]
        dealt.append(Entry(f"{topic}/{family.id}/{turn // len(hands[topic])}", topic, family, level))
    return Plan(title or ", ".join(load_topic(name).title for name in names), tuple(dealt))


def plan_of(bank: Bank, where: str, title: str = "", *, fresh: bool = False) -> Plan:
    """The plan of a problem bank; `where` names the bank in messages.

    With `fresh` the same questions get fresh numbers: of the given parameters only those hold that a problem keeps.

    Raises:
        InputError: a topic, family, parameter or part doesn't exist, or a value doesn't suit its parameter.
    """
    planned: list[Entry] = []
    names: set[str] = set()
    for number, problem in enumerate(bank.problems):
        place = f"{where}: problems[{number}] ({problem.name})"
        if problem.name in names:
            raise InputError(f"{place}: name: another problem has this name; each name may stand once")
        names.add(problem.name)
        if problem.level not in LEVELS:
            raise InputError(f"{place}: level: there is no {problem.level!r}", hint=nearest(problem.level, LEVELS))
        topic, family = _single_family(problem, place)
        given = _parameters(problem, family, place)
        for name in problem.keep:
            if name not in given:
                raise InputError(f"{place}: keep: no parameter {name!r} is given", hint=nearest(name, given))
        pattern: dict[str, Any] = {}
        if fresh:
            pattern = {name: options[0] for name, options in given.items()}
            given = {name: given[name] for name in problem.keep}
        if problem.count > 1 and all(len(given.get(field.name, ())) == 1 for field in fields(family.params)):
            raise InputError(f"{place}: count: all parameters are given, so the problems would be the same")
        planned += (
            Entry(
                name=problem.name if problem.count == 1 else f"{problem.name}/{turn}",
                topic=topic,
                family=family,
                level=problem.level,
                title=problem.title,
                given=given,
                pattern=pattern,
                parts=tuple(part.name for part in problem.parts),
                points={part.name: part.points for part in problem.parts if part.points is not None},
                refs={part.name: part.ref for part in problem.parts if part.ref},
                opts={part.name: part.opts for part in problem.parts if part.opts is not None},
                notes={part.name: part.note for part in problem.parts if part.note and not fresh},
                credit={part.name: part.credit for part in problem.parts if part.credit},
                before=_paragraphs(problem.before) if turn == 1 else (),
                new_page=problem.new_page and turn == 1,
                where=place,
            )
            for turn in range(1, problem.count + 1)
        )
    return Plan(title or bank.title, tuple(planned))


def _paragraphs(words: str) -> tuple[str, ...]:
    """Words as they stand between empty lines."""
    return tuple(" ".join(each.split()) for each in re.split(r"\n\s*\n", words) if each.strip())


def _single_family(problem: BankProblem, place: str) -> tuple[str, Family[Any]]:
    try:
        found = families_of([problem.topic], [problem.family])
    except InputError as error:
        raise InputError(f"{place}: {error}") from None
    if len(found) > 1:
        ids = ", ".join(family.id for _, family in found)
        raise InputError(f"{place}: family: {problem.family!r} stands for several families; choose one of {ids}")
    return found[0]


def _parameters(problem: BankProblem, family: Family[Any], place: str) -> dict[str, tuple[Any, ...]]:
    hints = get_type_hints(family.params, include_extras=True)
    known = [field.name for field in fields(family.params)]
    given = {}
    for name, value in problem.parameters.items():
        where = f"{place}: parameters.{name}"
        if name not in known:
            raise InputError(f"{where}: {family.id} has no such parameter", hint=nearest(name, known))
        given[name] = tuple(_converted(option, hints[name], where) for option in _options(value, where))
    return given


def _options(value: Any, where: str) -> Sequence[Any]:
    """The values that a parameter may have: `{from: 1, to: 3}`, `{one_of: [3, 5]}`, or a single value."""
    if not isinstance(value, dict):
        return [value]
    match value:
        case {"from": int(low), "to": int(high)} if len(value) == 2 and low <= high <= low + 10_000:
            return range(low, high + 1)
        case {"one_of": [_, *_] as options} if len(value) == 1:
            return list(options)
    raise InputError(f"{where}: expected a value, {{from: low, to: high}} or {{one_of: [...]}}")


def _converted(value: Any, hint: Any, where: str) -> Any:
    try:
        converted = msgspec.convert(_exact(value, hint), hint)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        raise InputError(f"{where}{path.rstrip('`')}: {problem[0].lower()}{problem[1:]}") from None
    if hint in (Vector, Matrix):
        _check_numbers(converted, hint, where)
    return converted


def _exact(value: Any, hint: Any) -> Any:
    """Lists as tuples, and `7/4` as a fraction wherever the parameter isn't text."""
    if isinstance(value, list):
        return tuple(_exact(entry, hint) for entry in value)
    if hint in (Vector, Matrix) and isinstance(value, str) and re.fullmatch(r"-?\d{1,9}/[1-9]\d{0,8}", value):
        return Fraction(value)
    return value


def _check_numbers(value: tuple[Any, ...], hint: Any, where: str) -> None:
    if not value or (hint == Matrix and (not value[0] or len({len(row) for row in value}) > 1)):
        raise InputError(f"{where}: expected numbers, in rows of the same length where it is a matrix")
    for entry in entries(value):
        if isinstance(entry, bool) or not isinstance(entry, int | Fraction):
            raise InputError(f"{where}: {entry!r} is not an exact number", hint="write 3, -2 or '1/4'")
