"""A sentence that is true or false: what it claims, what is so, and why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import eq, gt, lt, mul, ne
from typing import Any, ClassVar, Generic, NamedTuple, Protocol, TypeVar

from cnnex.maths.geometry import DoesNotFitError
from cnnex.model.conventions import Convention
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import Block, Prose, prose
from cnnex.model.value import Kind, Value, to_json
from cnnex.notation.formula import Formula, Term, equation, symbol
from cnnex.topics._family import LEVELS, Family, Slip, Solved

RELATIONS: Mapping[str, Callable[[Any, Any], bool]] = {"=": eq, "!=": ne, "<": lt, ">": gt}


class Stated(Protocol):
    """Parameters of a problem with one sentence."""

    @property
    def statement(self) -> str:
        """The id of the sentence."""

    @property
    def holds(self) -> bool:
        """Whether its true or its false form is asked."""


P = TypeVar("P", bound=Stated)


class Claim(NamedTuple):
    """A sentence about a layer.

    Attributes:
        setting: the layer in words.
        sentence: what is claimed.
        given: the layer, or the stack, for a machine.
        asks: the word for the quantity that the sentence speaks of.
        found: its value, which the maths computes.
        relation: how the sentence says that it stands to `claimed`.
        claimed: the value in the sentence, or the one that the sentence predicts here.
        why: the reason, with numbers.
        times: by what a count is multiplied before it is compared; `found` is multiplied already.
        other: fields of another layer whose quantity is `claimed`, laid over `given`; empty where a value is claimed.
        place: `index` or `layer` of what is asked, where it needs one.
        conventions: what the sentence takes for granted.
    """

    setting: Prose
    sentence: Prose
    given: Mapping[str, Any]
    asks: str
    found: Value
    relation: str
    claimed: Value
    why: tuple[Block, ...]
    times: int = 1
    other: Mapping[str, Any] = {}
    place: Mapping[str, Any] = {}
    conventions: tuple[Convention, ...] = ()

    @property
    def truth(self) -> bool:
        """Whether the sentence holds."""
        return RELATIONS[self.relation](self.found, self.claimed)

    @property
    def reason(self) -> Prose:
        """The first words of the reason; for a number there are no others."""
        (first,) = (block for block in self.why[:1] if isinstance(block, Prose))
        return first

    @property
    def record(self) -> dict[str, Any]:
        """The claim for a machine."""
        return {
            "asks": self.asks,
            **self.place,
            **({"times": self.times} if self.times != 1 else {}),
            "relation": self.relation,
            **({"other": dict(self.other)} if self.other else {"value": to_json(self.claimed)}),
        }


@dataclass(frozen=True)
class Statement(Generic[P]):
    """A sentence in a true and a false form.

    Attributes:
        levels: at which levels it is drawn.
        slip: the id of the misconception behind a wrong answer.
        uses: the parameters that its words depend on; `input:4` are its first four entries.
        claim: the sentence for some parameters.
    """

    id: str
    levels: tuple[str, ...]
    slip: str
    uses: tuple[str, ...]
    claim: Callable[[P], Claim]


class Table(dict[str, Statement[P]]):
    """Statements by id; a function that makes the claim is put in by decoration."""

    def add(
        self, name: str, levels: str, slip: str, uses: str
    ) -> Callable[[Callable[[P], Claim]], Callable[[P], Claim]]:
        """Puts a statement in the table; `levels` and `uses` are separated by blanks."""

        def put(claim: Callable[[P], Claim]) -> Callable[[P], Claim]:
            self[name] = Statement(name, tuple(levels.split()), slip, tuple(uses.split()), claim)
            return claim

        return put

    def at(self, level: str) -> tuple[str, ...]:
        """The ids of a level's statements, sorted: draws do not depend on the order of modules."""
        return tuple(sorted(each.id for each in self.values() if level in each.levels))

    def about(self, slips: Collection[str]) -> Table[P]:
        """The statements behind which there is one of these misconceptions."""
        return Table({each.id: each for each in self.values() if each.slip in slips})

    def named(self, name: str) -> Statement[P]:
        """The statement with this id.

        Raises:
            DoesNotFitError: there is none.
        """
        if name not in self:
            raise DoesNotFitError(f"there is no statement {name!r}; there are {', '.join(self)}")
        return self[name]


class TrueFalse(Family[P]):
    """One sentence that is true or false.

    Attributes:
        table: its sentences.
        words: of each misconception, what went wrong and where to look.
    """

    kinds = (Kind.BOOLEAN,)
    visible: ClassVar = dict.fromkeys(LEVELS, ())
    table: ClassVar[Table[Any]]
    words: ClassVar[Mapping[str, tuple[str, str]]]

    def __init__(self) -> None:
        self.slips = tuple(Slip(name, *words, self._other_truth) for name, words in self.words.items())

    def _other_truth(self, p: P) -> Mapping[str, Value]:
        return {"truth": not p.holds}

    def mistakes(self, p: P, solved: Solved) -> tuple[Mistake, ...]:
        """The one wrong answer, with the misconception behind this sentence."""
        name = self.table[p.statement].slip
        return (Mistake(name, *self.words[name], self._other_truth(p)),)

    def solve(self, p: P) -> Solved:
        claim = self.table.named(p.statement).claim(p)
        if claim.truth != p.holds:
            raise DoesNotFitError(f"with these numbers the sentence {p.statement} is {str(claim.truth).lower()}")
        return {"truth": claim.truth, "claim": claim}

    def rules(self, claim: Claim) -> tuple[Convention, ...]:
        """How the words of the sentence are meant, where that has to be said."""
        return ()

    def work(self, p: P) -> int:
        return 1

    def pose(self, p: P, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        claim: Claim = solved["claim"]
        return Problem(
            title=self.title,
            statement=(claim.setting,),
            conventions=(*self.rules(claim), *claim.conventions),
            given=claim.given,
            parts=(
                Part(
                    "truth", "claim", Kind.BOOLEAN, prose("True or false? {s}", s=claim.sentence), "truth",
                    given={"claim": claim.record},
                ),
            ),
            steps=(Step("truth", claim.truth, claim.why),),
            mistakes=mistakes,
        )  # fmt: skip


def joined(*sentences: Prose | str) -> Prose:
    """Sentences one after the other."""
    holes: dict[str, Any] = {f"s{i}": each for i, each in enumerate(sentences)}
    return prose(" ".join(f"{{{name}}}" for name in holes), **holes)


def worked(calculation: Term) -> Formula:
    """A calculation and its value: `3*5 = 15`."""
    return equation(calculation, calculation.value() if isinstance(calculation, Formula) else calculation)


def times(*factors: int) -> Formula:
    """A product that is not multiplied out."""
    names = [symbol(f"f_{i}") for i in range(len(factors))]
    product: Formula = reduce(mul, names)
    return product.put(**{f"f_{i}": factor for i, factor in enumerate(factors)})


def words_of(paragraph: Prose) -> str:
    """A paragraph without formulas as text."""
    return "".join(map(str, paragraph.parts))


def record(layer: str, **fields: Any) -> dict[str, Any]:
    """A layer of a stack."""
    return {"layer": layer, **fields}


def lists(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """A matrix for a machine."""
    return [list(row) for row in rows]
