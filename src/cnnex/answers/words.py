"""Keys that are chosen: one choice, true or false, or all choices that apply."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cnnex.answers.choices import LETTERS, TRUTHS, Choices, loosened
from cnnex.answers.judgement import BLANK, FULL, NOTHING, Candidate, Json, Judgement, unreadable
from cnnex.answers.reading import is_blank
from cnnex.errors import InputError, short
from cnnex.model.outcome import Verdict
from cnnex.model.value import NONE_OF_THESE

Offered = Mapping[str, Json] | Sequence[Json] | None
"""Texts by id, or texts that are their own ids; without any they are letters, or true and false."""

_MAX_CHARACTERS = 4_000
_MAX_ITEMS = 200
_SPLITS = tuple(re.compile(split, re.IGNORECASE) for split in (r"[;\n]", r"[;\n,]", r"[;\n,&+/]|\band\b"))
"""What may stand between choices, the surest first: their texts may have commas."""
_LETTERS_APART = re.compile(r"[^\W_](?:[\s()\[\]{}.]+[^\W_])*+")
_NONE = {NONE_OF_THESE, "none", "nothing", "none of them", "none of the above", "∅"}


class ChoiceKey:
    """The key of a choice, or of a sentence that is true or false, which is a choice of two.

    >>> key = ChoiceKey("choice", "blur", {"blur": "It blurs.", "edge": "It is sharp."})
    >>> [key.judge(text).verdict.value for text in ("IT BLURS", "the answer is (a)", "b", "a, it is sharp")]
    ['correct', 'correct', 'incorrect', 'unreadable']
    >>> ChoiceKey("choice", "false").judge("No.").read_as
    'false'
    """

    def __init__(self, kind: str, value: Json, choices: Offered = None, mistakes: Sequence[Candidate] = ()) -> None:
        truths = not choices and (kind == "boolean" or Choices(TRUTHS).meant(value))
        self.choices = Choices(TRUTHS if truths else choices or LETTERS)
        self.value = self.choices.one(value)
        self.solution = self.choices.texts[self.value]
        self._mistakes: dict[str, tuple[str, ...]] = {}
        for mistake in mistakes:
            wrong = self.choices.one(mistake.value)
            self._mistakes[wrong] = (*self._mistakes.get(wrong, ()), mistake.id)

    def judge(self, answer: Json) -> Judgement:
        """Judge an answer: an id, a letter, or the text of a choice."""
        if is_blank(answer):
            return BLANK
        if isinstance(answer, list) and len(answer) == 1:
            answer = answer[0]
        meant = self.choices.meant(answer)
        if len(meant) != 1:
            return unreadable(f"Write {self.choices.named}.{self.choices.near(answer)}")
        (chosen,) = meant
        read_as = self.choices.texts[chosen]
        if chosen == self.value:
            return Judgement(Verdict.CORRECT, FULL, read_as)
        ids = self._mistakes.get(chosen, ())
        return Judgement(Verdict.INCORRECT, NOTHING, read_as, "This isn't the right choice.", ids)


class SelectionKey:
    """The key of all choices that apply: all of them have to be named, and no other, in any order.

    >>> key = SelectionKey(["a", "c"], {"a": "stride", "b": "bias", "c": "padding"})
    >>> [key.judge(answer).verdict.value for answer in ("C, A", "ac", "padding and stride", ["a", "c"], "a", "a, d")]
    ['correct', 'correct', 'correct', 'correct', 'incorrect', 'unreadable']
    """

    def __init__(self, value: Json, choices: Offered = None, mistakes: Sequence[Candidate] = ()) -> None:
        self.choices = Choices(choices or LETTERS)
        self.value = self._read_key(value)
        self.solution = self._shown(self.value)
        self._mistakes: dict[frozenset[str], tuple[str, ...]] = {}
        for mistake in mistakes:
            wrong = self._read_key(mistake.value)
            self._mistakes[wrong] = (*self._mistakes.get(wrong, ()), mistake.id)

    def judge(self, answer: Json) -> Judgement:
        """Judge an answer: letters or texts in one text, or a list of them; an empty list selects nothing."""
        if is_blank(answer) and answer != []:
            return BLANK
        chosen = self._read(answer)
        if chosen is None:
            return unreadable(f"Write all that apply, with commas between them: for each one {self.choices.named}.")
        read_as = self._shown(chosen)
        if chosen == self.value:
            return Judgement(Verdict.CORRECT, FULL, read_as)
        ids = self._mistakes.get(chosen, ())
        return Judgement(Verdict.INCORRECT, NOTHING, read_as, "This isn't the right selection.", ids)

    def _read_key(self, value: Json) -> frozenset[str]:
        chosen = self._read(value)
        if chosen is None:
            raise InputError(f"the key {short(value)} is no list of choices out of {', '.join(self.choices.texts)}")
        return chosen

    def _read(self, answer: Json) -> frozenset[str] | None:
        """The choices that are named, None if something else is."""
        if isinstance(answer, list) and len(answer) != 1:
            return self._all([each for each in answer if not is_blank(each)]) if len(answer) <= _MAX_ITEMS else None
        answer = answer[0] if isinstance(answer, list) else answer
        if (single := self._all([answer])) is not None or not isinstance(answer, str) or len(answer) > _MAX_CHARACTERS:
            return single
        if loosened(answer) in _NONE:
            return frozenset()
        for split in _SPLITS:
            if (chosen := self._all([each for each in split.split(answer) if each.strip()])) is not None:
                return chosen
        return self._all(_lone_letters(answer))

    def _all(self, items: Sequence[Json]) -> frozenset[str] | None:
        """The choices that these are, each one of them; None if one isn't, or where they are too many."""
        if len(items) > _MAX_ITEMS:
            return None
        meant = [self.choices.meant(item) for item in items]
        return frozenset().union(*meant) if all(len(each) == 1 for each in meant) else None

    def _shown(self, chosen: frozenset[str]) -> str:
        return ", ".join(label for name, label in self.choices.labels.items() if name in chosen) or NONE_OF_THESE


def _lone_letters(text: str) -> list[str]:
    """Letters with blanks or brackets between them, or written together in the order of the alphabet.

    >>> _lone_letters("(a) (c)"), _lone_letters("acd"), _lone_letters("a cab")
    (['a', 'c'], ['a', 'c', 'd'], ['a cab'])
    """
    bare = text.strip(" \t\n()[]{}.")
    if _LETTERS_APART.fullmatch(bare) or (bare.isalpha() and list(bare.lower()) == sorted(set(bare.lower()))):
        return [sign for sign in bare if sign.isalnum()]
    return [text]
