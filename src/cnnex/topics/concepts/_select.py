"""F42: all sentences that hold for a layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_lowercase
from typing import ClassVar

from cnnex.maths.geometry import DoesNotFitError
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.prose import prose
from cnnex.model.value import Kind, Value
from cnnex.seeds import Stream
from cnnex.topics._family import LEVELS, Family, Slip, Solved
from cnnex.topics.concepts import _numbers
from cnnex.topics.concepts._claim import Claim, words_of
from cnnex.topics.concepts._layer import LAYER, WORDS, Layer, check_layer, draw_layer, sizes, stated

SOURCES = (_numbers,)
"""The module that puts its sentences in the table."""
EASY = ("side-with-padding", "side-counted", "output-channels")
THEMES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "easy": (EASY, ("weight-count", "weights-per-place"), ("parameter-count",), ("bias-count",), ("weight-shape",)),
    "medium": ((*EASY, "side-rounded"), ("weight-count", "weights-per-place"), ("parameter-count",), ("bias-count",),
               ("weight-shape",), ("products",)),
    "hard": ((*EASY, "side-rounded", "side-dilated"), ("weight-count", "weights-per-place"), ("parameter-count",),
             ("bias-count",), ("weight-shape",), ("products",), ("kernel-span",)),
}  # fmt: skip
"""Sentences on the same quantity, of which one is taken: the others would give it away."""
COUNTS = {"easy": 4, "medium": 5, "hard": 5}


@dataclass(frozen=True, slots=True)
class Selected(Layer):
    """A layer and sentences about it.

    Attributes:
        statements: their ids, each once.
        truths: for each of them whether its true or its false form is shown.
    """

    statements: tuple[str, ...]
    truths: tuple[bool, ...]


class SelectAll(Family[Selected]):
    """F42: four or five sentences about a layer; those that hold are asked."""

    id = "F42-select-all"
    title = "Select all that hold: a layer in numbers"
    params = Selected
    kinds = (Kind.SELECTION,)
    visible: ClassVar = dict.fromkeys(LEVELS, ())

    def __init__(self) -> None:
        self.slips = tuple(_slip(name, words) for name, words in WORDS.items())

    def draw(self, rng: Stream, level: str) -> Selected:
        layer, count = draw_layer(rng, level), COUNTS[level]
        found = tuple(rng.choice(theme) for theme in rng.sample(THEMES[level], count))
        true = rng.sample(range(count), rng.randint(1, count - 1))
        return Selected(statements=found, truths=tuple(place in true for place in range(count)), **sizes(layer))

    def solve(self, p: Selected) -> Solved:
        check_layer(p)
        if len(p.statements) != len(p.truths) or len(set(p.statements)) < len(p.statements):
            raise DoesNotFitError("each statement stands once and has one entry of truths")
        if len(p.statements) > len(ascii_lowercase) or not p.statements:
            raise DoesNotFitError("there are between 1 and 26 statements")
        claims = {
            letter: LAYER.named(name).claim(stated(p, name, holds))
            for letter, name, holds in zip(ascii_lowercase, p.statements, p.truths, strict=False)
        }
        return {"selection": tuple(name for name, claim in claims.items() if claim.truth), "claims": claims}

    def work(self, p: Selected) -> int:
        return 3 * len(p.statements)

    def fair(self, p: Selected, solved: Solved, level: str) -> bool:
        """Some hold and some don't, and no two give values of the same quantity."""
        asks = [claim.asks for claim in solved["claims"].values()]
        return 0 < len(solved["selection"]) < len(asks) and len(set(asks)) == len(asks)

    def pose(self, p: Selected, solved: Solved, mistakes: tuple[Mistake, ...]) -> Problem:
        claims: Mapping[str, Claim] = solved["claims"]
        lines = [
            prose("{letter}: {said} – {why}", letter=name.upper(), said=str(claim.truth).lower(), why=claim.reason)
            for name, claim in claims.items()
        ]
        taken = dict.fromkeys(each for claim in claims.values() for each in claim.conventions)
        return Problem(
            title=self.title,
            statement=(p.words,),
            conventions=tuple(taken),
            given=p.given,
            parts=(
                Part(
                    "selection", "claims", Kind.SELECTION, prose("Which of these sentences are true? Select all."),
                    "selection", choices={name: words_of(claim.sentence) for name, claim in claims.items()},
                    given={"claims": {name: claim.record for name, claim in claims.items()}},
                ),
            ),
            steps=(Step("selection", solved["selection"], tuple(lines)),),
            mistakes=mistakes,
        )  # fmt: skip


def _slip(name: str, words: tuple[str, str]) -> Slip[Selected]:
    """Who has this misconception judges the sentences that it bears on the other way round."""

    def solve(p: Selected) -> Mapping[str, Value]:
        judged = [
            holds != (LAYER[each].slip == name) for each, holds in zip(p.statements, p.truths, strict=True)
        ]  # fmt: skip
        return {"selection": tuple(letter for letter, holds in zip(ascii_lowercase, judged, strict=False) if holds)}

    return Slip(name, *words, solve)
