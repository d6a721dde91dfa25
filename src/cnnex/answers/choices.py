"""What may be chosen, and all that it may be called."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from string import ascii_lowercase, ascii_uppercase

from cnnex.answers.judgement import Json
from cnnex.errors import InputError, short
from cnnex.notation.tokens import upright

TRUTHS = {"true": "true", "false": "false"}
LETTERS = dict(zip(ascii_lowercase, ascii_lowercase, strict=True))

_MAX_CHARACTERS = 1_000
_MAX_GAPS = 12
_MIN_NEAR, _MAX_NEAR = 4, 200
_CLOSE = 0.8
"""How alike a choice and an answer are, at least, for the choice to be proposed."""
_NUMBERS = 10**15
_TRUE = {"true", "t", "yes", "y", "correct", "right", "✓", "✔", "✅", "☑", "⊤", "\\checkmark"}
_FALSE = {"false", "f", "no", "n", "incorrect", "wrong", "✗", "✘", "❌", "⊥"}

_MARKUP = re.compile(r"\\(?:text|textbf|textit|mathrm|mathbf|emph|boxed)\s?\{([^{}]*)\}")
_MATHS = re.compile(r"\$|\\[()\[\]{}]")
_JOINT = re.compile(r"(?<=\w)[-\u2010-\u2014](?=\w)|_")
_COLON = re.compile(r":\s")
_OPEN, _CLOSED = "\"'`*=:([{“„«‘ ", "\"'`*.,;:!?…)]}“”» "
_LEAD = re.compile(
    r"(?:(?:i (?:think|believe|choose|pick|say)(?: that)?|it's|it is|this is|that's|that is"
    r"|(?:(?:the|my) )?(?:(?:correct|right|final) )?"
    r"(?:ans(?:wer)?|choice|option|solution|letter|statement)s?(?: is| are)?)"
    r"\b[\s:=,\"'`*(\[{]*){1,3}(?=.)"
)
_TAIL = re.compile(r"(?<=.) (?:is|are) (?:the )?(?:correct|right)(?: (?:one|ans(?:wer)?|choice|option)s?)?$")
_GAP = re.compile(r"(?:[\s)\]}:;=]|[-–—.,](?!\d))+")
"""What stands between a letter and the text of its choice."""


class Choices:
    """Choices by their ids, and their spellings: ids, texts, parts of texts, letters by position, words of truth.

    Args:
        choices: texts by id, in the order in which they are printed, or texts that are their own ids.

    >>> choices = Choices({"blur": "Local averaging: it blurs.", "edge": "Edge detection: it is sharp."})
    >>> [sorted(choices.meant(text)) for text in ("LOCAL-AVERAGING", "(b)", "a – it blurs", "a, edge detection")]
    [['blur'], ['edge'], ['blur'], ['blur', 'edge']]
    >>> choices.near("edges detection"), choices.named
    (' Did you mean B?', 'a letter from A to B, or the text of the choice')
    """

    def __init__(self, choices: Mapping[str, Json] | Sequence[Json]) -> None:
        pairs = choices.items() if isinstance(choices, Mapping) else [(text, text) for text in choices]
        self.texts = {_text(name): _text(text) for name, text in pairs}
        if len(self.texts) < len(pairs) or "" in self.texts:
            raise InputError("choices: each one is a text or a number, and no two are the same")
        self._known: dict[str, set[str]] = {}
        self._loose: dict[str, set[str]] = {}
        for name, text in self.texts.items():
            for spelling in (name, text):
                self._known.setdefault(_folded(spelling), set()).add(name)
            for spelling in _spellings(name, text):
                self._loose.setdefault(spelling, set()).add(name)
        self._known.pop("", None)
        self._loose.pop("", None)
        self.labels = labels(tuple(self.texts))
        if truths := self._truths():
            for name, words in zip(truths, (_TRUE, _FALSE), strict=True):
                for word in words:
                    self._loose.setdefault(word, set()).add(name)
        elif LETTERS.keys().isdisjoint(self._known):  # an id that is a letter is the one that was printed
            self.labels |= dict(zip(self.texts, ascii_uppercase, strict=False))
            for name, letter in self.labels.items():
                self._loose.setdefault(letter.lower(), {name})

    def _truths(self) -> list[str]:
        """The choices that say true and false, if these are all that there are."""
        by_word = {loosened(word): name for name, text in self.texts.items() for word in (name, text)}
        found = [{by_word[word] for word in words & by_word.keys()} for words in (_TRUE, _FALSE)]
        return [*found[0], *found[1]] if list(map(len, found)) == [1, 1] and len(self.texts) == 2 else []

    @property
    def named(self) -> str:
        """How a choice may be named."""
        labels = list(self.labels.values())
        known = "".join(labels).lower() in ascii_lowercase and len(labels) > 1
        said = f"a letter from {labels[0]} to {labels[-1]}" if known else " or ".join(labels)
        bare = [text.upper() for text in self.texts.values()] == [label.upper() for label in labels]
        return said if bare else f"{said}, or the text of the choice"

    def one(self, value: Json) -> str:
        """The choice that a key or a mistake names.

        Raises:
            InputError: it is none, or there are several.
        """
        meant = self.meant(value)
        if len(meant) != 1:
            raise InputError(f"the key {short(value)} is none of the choices: write {self.named}")
        return next(iter(meant))

    def meant(self, answer: Json) -> set[str]:
        """The choices that an answer may mean: several where it says two things, or fits them alike."""
        text = _text(answer)
        if text in self.texts:
            return {text}
        if len(text) > _MAX_CHARACTERS:
            return set()
        if found := self._spelled(text):
            return found
        text = loosened(text)
        for gap in islice(_GAP.finditer(text), _MAX_GAPS):
            label, rest = self._spelled(text[: gap.start()]), self._spelled(text[gap.end() :])
            if label and rest:
                return label & rest or label | rest
        return set()

    def near(self, answer: Json) -> str:
        """The question that proposes what was probably meant, "" if nothing was."""
        near = self.meant(answer)
        loose = loosened(_text(answer)[:_MAX_NEAR])
        if not near and len(loose) >= _MIN_NEAR:
            found = difflib.get_close_matches(loose, self._loose, n=1, cutoff=_CLOSE)
            near = self._loose[found[0]] if found else set()
        labels = [label for name, label in self.labels.items() if name in near]
        return f" Did you mean {' or '.join(labels)}?" if labels else ""

    def _spelled(self, text: str) -> set[str]:
        """The choices with these words; as they are printed they count before any other spelling."""
        return self._known.get(_folded(text)) or self._loose.get(loosened(text), set())


def labels(names: Sequence[str]) -> dict[str, str]:
    """Ids as they are printed: capitals for letters, as on a sheet.

    >>> labels(["a", "b"]), labels(["a", "A"]), labels(["true"])
    ({'a': 'A', 'b': 'B'}, {'a': 'a', 'A': 'A'}, {'true': 'true'})
    """
    capitals = {name: name.upper() if name in LETTERS else name for name in names}
    return capitals if len(set(capitals.values())) == len(names) else {name: name for name in names}


def _text(value: Json) -> str:
    """A word of JSON as text; "" of what is none.

    >>> _text("a"), _text(True), _text(3.0), _text([1])
    ('a', 'true', '3', '')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:.15g}" if abs(value) < _NUMBERS else ""
    return value if isinstance(value, str) else ""


def _spellings(name: str, text: str) -> Iterator[str]:
    """A choice's id, its text, and what stands before and behind a colon in it."""
    yield loosened(name)
    yield loosened(text)
    if len(parts := _COLON.split(text, maxsplit=1)) > 1:
        yield from (part for part in map(loosened, parts) if len(part) > 1)  # a letter alone is a place


def _folded(text: str) -> str:
    """Text without case, its blanks made one."""
    return " ".join(upright(text).casefold().split())


def loosened(text: str) -> str:
    r"""Folded words without markup, hyphens, punctuation around them, and an announcement.

    >>> [loosened(text) for text in ("local-averaging!", "-1", "max_pool", r"The answer is: \boxed{\text{B}}.")]
    ['local averaging', '-1', 'max pool', 'b']
    """
    text = _MATHS.sub("", _folded(text).replace("\ufe0f", "").replace("’", "'"))
    while (inner := _MARKUP.sub(r"\1", text)) != text:
        text = inner
    text = " ".join(_JOINT.sub(" ", text).split()).lstrip(_OPEN).rstrip(_CLOSED)
    lead = _LEAD.match(text)
    return _TAIL.sub("", text[lead.end() :] if lead else text)
