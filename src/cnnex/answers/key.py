"""What the keys of numbers, expressions and lists have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace

from cnnex.answers.decide import Decider, Decision, Prepared
from cnnex.answers.diagnose import is_decimal, is_rounded, rounded
from cnnex.answers.enclosure import Bounds, NoBoundsError, bounds_at
from cnnex.answers.forms import MESSAGES, lacking
from cnnex.answers.judgement import BLANK, FULL, NOTHING, Candidate, Json, Judgement, unreadable
from cnnex.answers.options import Options
from cnnex.answers.polynomial import NoValueError, TooBigError, Value, number_of
from cnnex.answers.reading import OtherKindError, is_blank
from cnnex.answers.work import Work
from cnnex.errors import InputError, short
from cnnex.model.outcome import Verdict
from cnnex.notation.formula import Formula, Term
from cnnex.notation.plain import plain
from cnnex.notation.read import Reading
from cnnex.notation.symbols import Symbols
from cnnex.notation.tokens import ReadError


class FormulaKey(ABC):
    """A key that is read as formulas and compared by value."""

    solution: str
    """The key in plain text."""
    rounds = False
    """Whether the key has a floor or a ceiling, so that `[a/b]` may be meant as one."""

    def __init__(
        self, kind: str, symbols: Symbols, domain: str, options: Options, mistakes: Sequence[Candidate]
    ) -> None:
        self.kind = kind
        self._unprepared: Sequence[Candidate] | None = mistakes
        self.symbols = symbols
        self.decider = Decider(symbols.names, domain)
        self.tolerance = options.tolerance if kind != "shape" else None
        self.forms = options.forms

    def judge(self, answer: Json) -> Judgement:
        """Judge an answer.

        Raises:
            InputError: a predicted mistake can't be read.
        """
        if is_blank(answer):
            return BLANK
        try:
            reading = self.read(answer)
        except ReadError as error:
            return unreadable(str(error))
        except OtherKindError as error:
            return Judgement(Verdict.INCORRECT, NOTHING, error.read_as, str(error))
        read_as = plain(reading.term)
        self.decider.begin()
        try:
            judgement = self.decide(reading.term, read_as)
            if reading.squared and self.rounds and judgement.verdict is not Verdict.CORRECT:
                judgement = unreadable("[...]: floor or plain brackets? Write floor(...).", read_as)
            elif reading.forked and judgement.verdict is not Verdict.CORRECT and self._meant_otherwise(answer):
                judgement = unreadable(
                    f"This was read as {read_as}. Put brackets around what belongs together, and write all signs.",
                    read_as,
                )
        except NoValueError as error:
            judgement = unreadable(str(error), read_as)
        if judgement.verdict is Verdict.CORRECT:
            return judgement
        return replace(judgement, solution=self.solution, term=reading.term)

    def expect_mistakes(self) -> bool:
        """Prepare what wrong answers are compared with, before the first of them; whether that was now.

        Half of the time of a key goes into it, and right answers need none of it.

        Raises:
            InputError: a predicted mistake can't be read.
        """
        if self._unprepared is None:
            return False
        self.decider.begin()
        self.prepare_mistakes(self._unprepared)
        self.decider.begin()
        self._unprepared = None
        return True

    def _meant_otherwise(self, answer: Json) -> bool:
        """Whether the answer is right where `a/bc` is taken as `a/(bc)`."""
        self.decider.begin(self.decider.work)
        try:
            return self.decide(self.read(answer, tight=True).term, "").verdict is Verdict.CORRECT
        except (NoValueError, ReadError, OtherKindError):
            return False

    def compare(self, term: Term, value: Value | None, key: Prepared, *, explain: bool = True) -> Decision:
        """Whether a term is the key's, or near enough where a tolerance is declared and both are numbers."""
        if self.tolerance is not None:
            own, right = self.bounds(term, value, self.decider.work), self.bounds(key.term, key.value)
            if own is not None and right is not None:
                accepted = self.tolerance.accepts(own, right)
                if accepted is None and self.decider.compare(term, value, key).equal:
                    accepted = True
                return Decision(accepted)
        return self.decider.compare(term, value, key, explain=explain)

    def bounds(self, term: Term, value: Value | None, work: Work | None = None) -> Bounds | None:
        """The bounds of a number, equal where it is rational; None if it is none, or nothing is known of it."""
        number = None if value is None else number_of(value)
        if number is not None:
            return number, number
        if isinstance(term, Formula) and term.names():
            return None
        try:
            return bounds_at(term, {}, work)
        except NoBoundsError:
            return None

    def lacking(self, term: Term, key: Prepared) -> str:
        """The form that is missing in a term equal to the key, "" if none is."""
        return lacking(self.forms, term, key.term, self.decider.engine) if self.forms else ""

    def rounding(self, term: Term, value: Value, key: Prepared) -> str:
        """The id of the slip if a term typed with decimals is the key's rounded, else ""."""
        if not is_decimal(term):
            return ""
        if not rounded(value, key.value):
            own = number_of(value)
            right = None if own is None or number_of(key.value) is not None else self.bounds(key.term, key.value)
            if own is None or right is None or not all(is_rounded(own, end) for end in right):
                return ""
        return "rounded" if self.tolerance is None else "rounded-too-far"

    def prepared(self, term: Term) -> Prepared:
        """A term of the key, ready for comparisons.

        Raises:
            InputError: it has no value, or it is too big.
        """
        try:
            return self.decider.prepare(term)
        except NoValueError:
            raise InputError(f"the key {plain(term)} has no value") from None
        except TooBigError:
            raise InputError(f"the key {plain(term)[:60]} is too big") from None

    def read_key(self, value: Json) -> Term:
        """A value of the key file as a term.

        Raises:
            InputError: it can't be read as this kind of value.
        """
        try:
            if is_blank(value) or isinstance(value, bool):
                raise InputError(f"{short(value)} is no key of kind {self.kind}")
            return self.read(value).term
        except (ReadError, OtherKindError) as error:
            raise InputError(f"the key {short(value)} of kind {self.kind} can't be read: {error}") from None

    @abstractmethod
    def read(self, answer: Json, *, tight: bool = False) -> Reading:
        """The answer as a term of this kind."""

    @abstractmethod
    def prepare_mistakes(self, mistakes: Sequence[Candidate]) -> None:
        """Enter the predicted mistakes and the slips that don't depend on an answer."""

    @abstractmethod
    def decide(self, term: Term, read_as: str) -> Judgement:
        """The verdict on a term."""


def correct(read_as: str, term: Term) -> Judgement:
    """The answer has the key's value."""
    return Judgement(Verdict.CORRECT, FULL, read_as, term=term)


def formless(read_as: str, form: str) -> Judgement:
    """The answer has the key's value, but not the form that the part asks for."""
    message = f"This is equal, but {MESSAGES[form]}."
    return Judgement(Verdict.INCORRECT, NOTHING, read_as, message, (f"form-{form}",))


def undecided(read_as: str, message: str) -> Judgement:
    """Nothing could be proved, so a person has to look at it."""
    return Judgement(Verdict.UNDECIDED, NOTHING, read_as, message)
