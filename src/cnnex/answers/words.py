"""Choices and true or false: answers that are words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cnnex.answers.judgement import BLANK, FULL, NOTHING, Json, Judgement, unreadable
from cnnex.answers.reading import is_blank
from cnnex.errors import InputError
from cnnex.model.outcome import Verdict
from cnnex.notation.tokens import upright

_MAX_CHARACTERS = 1_000
_TRUE = {"true", "t", "yes", "y", "correct", "right", "✓", "✔", "⊤"}
_FALSE = {"false", "f", "no", "n", "incorrect", "wrong", "✗", "✘", "⊥"}
_MARKUP = re.compile(r"\\(?:text|mathrm|textbf)\s?\{([^{}]*)\}")
_LEAD = re.compile(r"(?:(?:(?:the|my) )?(?:final )?answer ?(?:is|:|=)|it's|it is|this is) ")
_LETTER = re.compile(r"(?:(?:option|choice|answer)\s?:?\s?)?\(?([a-z])(?:[).:]\)?|\s?-|$)\s*(.*)", re.DOTALL)


class BooleanKey:
    """The key of a sentence that is true or false."""

    def __init__(self, value: Json) -> None:
        if not isinstance(value, bool):
            raise InputError(f"the key of a true/false part is true or false, not {value!r}")
        self.value = value
        self.solution = "true" if value else "false"

    def judge(self, answer: Json) -> Judgement:
        """Judge an answer."""
        if is_blank(answer):
            return BLANK
        if isinstance(answer, str):
            word = _folded(answer)
            if word not in _TRUE | _FALSE:
                return unreadable("Write true or false.")
            answer = word in _TRUE
        if not isinstance(answer, bool):
            return unreadable("Write true or false.")
        return _judged(answer == self.value, "true" if answer else "false")


class ChoiceKey:
    """The key of a choice: an id among the ids of the choices."""

    def __init__(self, value: Json, choices: Mapping[str, str]) -> None:
        if value not in choices:
            raise InputError(f"the key {value!r} is none of the choices {', '.join(choices)}")
        self.value = value
        self.choices = dict(choices)
        self.solution = self.choices[value]
        self._letters = dict(zip("abcdefghijklmnopqrstuvwxyz", choices, strict=False))
        self._known: dict[str, set[str]] = {}
        for name, text in choices.items():
            self._known.setdefault(_folded(name), set()).add(name)
            self._known.setdefault(_folded(text), set()).add(name)

    def judge(self, answer: Json) -> Judgement:
        """Judge an answer: an id, a letter by position, or the text of a choice."""
        if is_blank(answer):
            return BLANK
        if isinstance(answer, list) and len(answer) == 1:
            answer = answer[0]
        if isinstance(answer, int) and abs(answer) < _MAX_CHARACTERS:  # an id or a text that is a number
            answer = str(answer)
        chosen = self._chosen(answer) if isinstance(answer, str) else None
        if chosen is None:
            letters = list(self._letters)[: len(self.choices)]
            return unreadable(
                f"Choose one: write a letter from {letters[0]} to {letters[-1]}, or the text of the choice."
            )
        return _judged(chosen == self.value, self.choices[chosen])

    def _chosen(self, answer: str) -> str | None:
        text = _folded(answer)
        if known := self._known.get(text):
            return next(iter(known)) if len(known) == 1 else None
        if not (match := _LETTER.fullmatch(text)):
            return None
        letter, rest = match.groups()
        # An id that is a letter is the letter that was printed.
        by_id = self._known.get(letter, set())
        chosen = next(iter(by_id)) if len(by_id) == 1 else self._letters.get(letter)
        # A letter with a text of another choice says two things.
        if rest and self._known.get(rest, set()) != {chosen}:
            return None
        return chosen


def _folded(text: str) -> str:
    """Text without case, markup, quotes and final stop, blanks made one; nothing of a text that is too long."""
    if len(text) > _MAX_CHARACTERS:
        return ""
    text = _MARKUP.sub(r"\1", text)
    text = " ".join(upright(text).replace("$", "").casefold().split()).strip("\"'`*_ ").removesuffix(".").strip()
    return _LEAD.sub("", text)


def _judged(right: bool, read_as: str) -> Judgement:
    if right:
        return Judgement(Verdict.CORRECT, FULL, read_as)
    return Judgement(Verdict.INCORRECT, NOTHING, read_as, "This isn't the right choice.")
