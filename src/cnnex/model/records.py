"""Records: the nouns that are kept in files. Key and submission go into the grader, a report comes out.

They are msgspec structs, so that `cnnex.store` decodes them with the path of a bad field and writes
their JSON Schemas.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from cnnex.model.asks import ASKS
from cnnex.model.opts import Opts
from cnnex.model.outcome import Verdict
from cnnex.model.share import share
from cnnex.model.value import Kind

Answer = Any
"""Text in any notation, a number, true or false, or nested lists of those."""
KeyValue = bool | int | str | list[Any]
"""An integer, a rational `"7/4"`, an expression as text, a choice's id, a truth, or nested lists."""
PartId = Annotated[str, Meta(min_length=1, description="The part's id, such as 1a.")]
Number = int | float
Credit = Annotated[
    str, Meta(pattern=r"^[0-9]+([./][0-9]+)?$", description="A share of the points, 0 to 1, such as 3/4.")
]
Asks = Annotated[str, Meta(pattern=f"^({'|'.join(ASKS)})$", description="A word of the closed list.")]


class Diagnosis(Struct, frozen=True):
    """A mistake that explains a wrong answer: what went wrong, and where to look."""

    id: str
    hint: str
    explanation: str = ""


class PredictedMistake(Struct, frozen=True):
    """A mistake and the wrong value that it leads to in this variant."""

    id: str
    value: KeyValue
    hint: str
    explanation: str = ""


class AskedPart(Struct, frozen=True, kw_only=True):
    """What key and set file say of a part alike."""

    id: PartId
    asks: Asks
    kind: Kind
    points: Annotated[int, Meta(ge=0)]
    symbols: tuple[str, ...]
    domain: Literal["real", "integers", "positive"]
    ref: str | None
    name: str = ""
    builds_on: tuple[PartId, ...] | UnsetType = UNSET
    opts: Opts | UnsetType = UNSET
    index: tuple[int, ...] | UnsetType = UNSET
    layer: int | UnsetType = UNSET
    choices: dict[str, str] | UnsetType = UNSET
    given: dict[str, Any] | UnsetType = UNSET


class Follows(Struct, frozen=True):
    """The key as it follows from earlier answers: symbols of `value` stand for entries of these.

    `uses` has by the symbol the id of the part and the entry's place, counted from 0: `{"p_0": ["1a", 2]}`.
    """

    value: KeyValue
    uses: Annotated[dict[str, Annotated[tuple[str | int, ...], Meta(min_length=1, max_length=3)]], Meta(min_length=1)]


class KeyPart(AskedPart, frozen=True, kw_only=True):
    """A part with its right answer and its predicted mistakes; `credit` is what a mistake still earns, by its id."""

    value: KeyValue
    mistakes: tuple[PredictedMistake, ...]
    follows: Follows | UnsetType = UNSET
    credit: dict[str, Credit] | UnsetType = UNSET

    def __post_init__(self) -> None:
        for each in () if self.credit is UNSET else self.credit.values():
            share(each)
        for name, (_, *place) in () if self.follows is UNSET else self.follows.uses.items():
            if not all(isinstance(index, int) and index >= 0 for index in place):
                raise ValueError(f"follows.uses: {name}: expected a part's id and places from 0, such as ['1a', 0]")


class KeyItem(Struct, frozen=True, kw_only=True):
    """A problem in a key: its data, its conventions, its parts."""

    number: int
    topic: str
    family: str
    level: str
    given: dict[str, Any]
    conventions: dict[str, str]
    parts: tuple[KeyPart, ...]


class Key(Struct, frozen=True, kw_only=True):
    """All that grading needs; for the instructor."""

    schema: Literal["cnnex.key/1"]
    set: str
    version: str
    seed: str
    title: str
    items: tuple[KeyItem, ...]
    sheet: Annotated[Any, Meta(description="What is printed, with solutions; only cnnex render reads it.")] = UNSET


class Submission(Struct, frozen=True, kw_only=True):
    """A student's answers by part id; blank ones are empty text. `submitted` is when they were handed in."""

    schema: Literal["cnnex.answers/1"]
    set: str
    student: str = ""
    submitted: str | UnsetType = UNSET
    answers: dict[str, Answer]


class SetPart(AskedPart, frozen=True, kw_only=True):
    """A part as students may see it, or with solution."""

    prompt: str
    value: KeyValue | UnsetType = UNSET
    mistakes: tuple[PredictedMistake, ...] | UnsetType = UNSET


class SetItem(Struct, frozen=True, kw_only=True):
    """A problem of a set file: words in Markdown, data for a machine."""

    number: int
    topic: str
    family: str
    level: str
    before: tuple[str, ...] | UnsetType = UNSET
    statement: str
    given: dict[str, Any]
    conventions: dict[str, str]
    parts: tuple[SetPart, ...]
    solution: str | UnsetType = UNSET


class SetFile(Struct, frozen=True, kw_only=True):
    """A problem set for programs; seed, value, mistakes and solution are there only if they were asked for."""

    schema: Literal["cnnex.set/1"]
    set: str
    version: str
    seed: str | UnsetType = UNSET
    title: str
    items: tuple[SetItem, ...]


class PartReport(Struct, frozen=True, kw_only=True):
    """What became of one answer."""

    id: PartId
    verdict: Verdict
    points: int
    earned: Number
    answer: Answer
    read_as: str
    message: str
    diagnosis: tuple[Diagnosis, ...] = ()


class Report(Struct, frozen=True, kw_only=True):
    """A graded submission."""

    schema: Literal["cnnex.report/1"]
    set: str
    student: str
    score: Number
    points: int
    parts: tuple[PartReport, ...]
    unknown: tuple[str, ...] = ()


class BankPart(Struct, frozen=True, forbid_unknown_fields=True):
    """A part that a bank asks for, its points, its source, a note for the worked solution, opts for the family's.

    `credit` is what mistakes still earn, by their ids.
    """

    name: str
    points: Annotated[int, Meta(ge=0)] | None = None
    ref: str | None = None
    note: str = ""
    opts: Opts | None = None
    credit: dict[str, Credit] = {}

    def __post_init__(self) -> None:
        for each in self.credit.values():
            share(each)


class BankProblem(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A problem of a bank: a family, parameters that are given or may vary, the parts to ask, words before it."""

    name: Annotated[str, Meta(min_length=1)]
    topic: str
    family: str
    level: str = "medium"
    count: Annotated[int, Meta(ge=1, le=1000)] = 1
    title: str = ""
    source: str = ""
    parameters: dict[str, Any] = {}
    keep: tuple[str, ...] = ()
    parts: tuple[BankPart, ...] = ()
    before: str = ""
    new_page: bool = False


class Bank(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A problem bank."""

    schema: Literal["cnnex.bank/1"]
    title: str
    source: str = ""
    problems: Annotated[tuple[BankProblem, ...], Meta(min_length=1)]


class FamilyEntry(Struct, frozen=True):
    """A family in the list of topics."""

    id: str
    title: str
    levels: tuple[str, ...]
    kinds: tuple[str, ...]


class TopicEntry(Struct, frozen=True):
    """A topic in the list of topics."""

    name: str
    title: str
    families: tuple[FamilyEntry, ...]
