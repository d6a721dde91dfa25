"""Choices and true or false: answers that are words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping

from cnnex.answers.judgement import BLANK, FULL, NOTHING, Json, Judgement, unreadable
from cnnex.answers.reading import is_blank
from cnnex.errors import InputError
from cnnex.model.outcome import Verdict
from cnnex.notation.tokens import upright

_MAX_CHARACTERS = 1_000
_MIN_NEAR, _MAX_NEAR = 4, 200
_TRUE = {"true", "t", "yes", "y", "correct", "right", "✓", "✔", "⊤"}
_FALSE = {"false", "f", "no", "n", "incorrect", "wrong", "✗", "✘", "⊥"}
_MARKUP = re.compile(r"\\(?:text|mathrm|textbf)\s?\{([^{}]*)\}")
_JOINTS = re.compile(r"(?<=\w)[-_\u2010-\u2013](?=\w)|_")
_COLON = re.compile(r":\s")
_CLOSE = 0.8
"""How alike a choice and an answer are, at least, for the choice to be proposed."""
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
    """The key of a choice: an id among the ids of the choices.

    >>> key = ChoiceKey("blur", {"blur": "Local averaging: it blurs.", "edge": "Edge detection: it is sharp."})
    >>> [key.judge(text).verdict.value for text in ("LOCAL-AVERAGING", "it blurs", "b: sharp")]
    ['correct', 'correct', 'incorrect']
    >>> key.judge("edges detection").message
    'Choose one: write a letter from a to b, or the text of the choice. Did you mean b?'
    """

    def __init__(self, value: Json, choices: Mapping[str, str]) -> None:
        if value not in choices:
            raise InputError(f"the key {value!r} is none of the choices {', '.join(choices)}")
        self.value = value
        self.choices = dict(choices)
        self.solution = self.choices[value]
        self._letters = dict(zip("abcdefghijklmnopqrstuvwxyz", choices, strict=False))
        self._known: dict[str, set[str]] = {}
        self._loose: dict[str, set[str]] = {}
        for name, text in choices.items():
            for spelling in _spellings(name, text):
                self._known.setdefault(spelling, set()).add(name)
                self._loose.setdefault(_loosened(spelling), set()).add(name)

    def judge(self, answer: Json) -> Judgement:
        """Judge an answer: an id, a letter by position, or the text of a choice."""
        if is_blank(answer):
            return BLANK
        if isinstance(answer, list) and len(answer) == 1:
            answer = answer[0]
        if isinstance(answer, int) and abs(answer) < _MAX_CHARACTERS:  # an id or a text that is a number
            answer = str(answer)
        fitting = self._fitting(answer) if isinstance(answer, str) else set()
        if len(fitting) != 1:
            letters = list(self._letters)[: len(self.choices)]
            message = f"Choose one: write a letter from {letters[0]} to {letters[-1]}, or the text of the choice."
            if near := fitting or (self._near(answer) if isinstance(answer, str) else set()):
                message += f" Did you mean {' or '.join(x for x in letters if self._letters[x] in near)}?"
            return unreadable(message)
        (chosen,) = fitting
        return _judged(chosen == self.value, self.choices[chosen])

    def _fitting(self, answer: str) -> set[str]:
        """The choices that an answer may mean."""
        text = _folded(answer)
        if known := self._meant(text):
            return known
        if not (match := _LETTER.fullmatch(text)):
            return set()
        letter, rest = match.groups()
        # An id that is a letter is the letter that was printed.
        by_id = self._known.get(letter, set())
        chosen = next(iter(by_id)) if len(by_id) == 1 else self._letters.get(letter)
        if not rest:
            return {chosen} if chosen else set()
        # A letter with a text of another choice says two things.
        meant = self._meant(rest)
        if chosen and meant:
            return {chosen} if chosen in meant else {chosen, *meant}
        return set()

    def _meant(self, text: str) -> set[str]:
        """The choices with these words; as they are printed they count before any other spelling."""
        if known := self._known.get(text) if text else None:
            return known
        loose = _loosened(text)
        return self._loose.get(loose, set()) if loose else set()

    def _near(self, answer: str) -> set[str]:
        """The choice that was probably meant, if any."""
        loose = _loosened(_folded(answer))[:_MAX_NEAR]
        if len(loose) < _MIN_NEAR:
            return set()
        near = difflib.get_close_matches(loose, self._loose, n=1, cutoff=_CLOSE)
        return self._loose[near[0]] if near else set()


def _spellings(name: str, text: str) -> Iterator[str]:
    """A choice's id, its text, and what stands before and behind a colon in it."""
    yield _folded(name)
    yield _folded(text)
    if len(parts := _COLON.split(text, maxsplit=1)) > 1:
        yield from (part for part in map(_folded, parts) if len(part) > 1)  # a letter alone is a place


def _loosened(text: str) -> str:
    """Folded words with blanks for hyphens and low lines, without punctuation around them.

    >>> _loosened("local-averaging!"), _loosened("-1"), _loosened("max_pool")
    ('local averaging', '-1', 'max pool')
    """
    return " ".join(_JOINTS.sub(" ", text).split()).strip("\"'`* ").rstrip(".,;:!?\u2026\"'`* ")


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
