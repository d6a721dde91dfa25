"""Keys that are one number or one expression."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import Any

from cnnex.answers.decide import Decision, Prepared
from cnnex.answers.diagnose import hints, ratio, renamed, renamings, where_to_look
from cnnex.answers.judgement import NOTHING, Candidate, Json, Judgement, unreadable
from cnnex.answers.key import FormulaKey, correct, formless, undecided
from cnnex.answers.options import EXACT, Options
from cnnex.answers.polynomial import ONE, TooBigError, Value, number_of
from cnnex.answers.reading import SCALARS, read_scalar
from cnnex.answers.tolerance import Nearby
from cnnex.errors import InputError, short
from cnnex.model.outcome import Verdict
from cnnex.notation.formula import Formula, Term
from cnnex.notation.leftside import SidesError, names_it
from cnnex.notation.plain import plain
from cnnex.notation.read import Reading
from cnnex.notation.symbols import Symbols

_BRACKETED = re.compile(r"[\s=]{0,20}[0-9][0-9., ]{0,60}\(")
"""A number and a bracket that may say where it comes from."""
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
"""Digits in groups, as several languages have them."""


class ScalarKey(FormulaKey):
    """The key of kind `integer`, `rational`, `number` or `expr`."""

    def __init__(
        self,
        kind: str,
        value: Json,
        symbols: Symbols,
        domain: str,
        mistakes: Sequence[Candidate],
        options: Options = EXACT,
    ) -> None:
        super().__init__(kind, symbols, domain, options, mistakes)
        self.key = self.prepared(self.read_key(value))
        self.solution = plain(self.key.term)
        self.rounds = _rounds(self.key.term)
        self.number = number_of(self.key.value)
        whole = self.number is not None and self.number.denominator == 1
        fits = {
            "integer": whole,
            "rational": self.number is not None,
            "number": not isinstance(self.key.term, Formula) or not self.key.term.names(),
            "expr": True,
        }
        if not fits[kind]:
            raise InputError(f"the key {short(value)} is not {SCALARS[kind]}")
        self._mistakes: dict[Hashable, list[str]] = {}
        self._nearby = None if self.tolerance is None else Nearby(self.tolerance)

    def judge(self, answer: Json) -> Judgement:
        judgement = super().judge(answer)
        if judgement.verdict is Verdict.CORRECT or not isinstance(answer, str):
            return judgement
        if self.kind == "integer" and (grouped := _THOUSANDS.fullmatch(answer.strip())):
            return unreadable(f"Does {grouped[0]} mean {grouped[0].replace('.', '')} or a decimal?", judgement.read_as)
        if judgement.verdict is Verdict.INCORRECT and _BRACKETED.match(answer):
            term = judgement.term
            if isinstance(term, Formula) and term.op == "mul" and len(term.args) == 2 and not term.names():
                number, aside = (self.decider.value(argument) for argument in term.args)
                if number is not None and number == aside:
                    question = "Does the bracket explain the number, or is this a product? Write only the result."
                    return unreadable(question, judgement.read_as)
        return judgement

    def read(self, answer: Json, *, tight: bool = False) -> Reading:
        try:
            return read_scalar(answer, self.kind, self.symbols, tight=tight)
        except SidesError as equation:
            sides = equation.sides
            if len(sides) > 1 and names_it(sides[-1], self.symbols):
                sides = sides[:-1]
            if not tight and not self._agree(sides, equation.about):
                raise
            return read_scalar(sides[-1], self.kind, self.symbols, tight=tight)

    def _agree(self, sides: Sequence[str], roundings: Sequence[str]) -> bool:
        """Whether the sides of an equation are equal, and those after `≈` at least the first one rounded."""
        first, *others = sides
        try:
            key = ScalarKey("expr", first, self.symbols, self.decider.domain, (), Options(self.tolerance))
        except InputError:
            return False
        if any(key.judge(side).verdict is not Verdict.CORRECT for side in others):
            return False
        about = map(key.judge, roundings)
        return all(side.verdict is Verdict.CORRECT or "rounded" in " ".join(side.diagnosis) for side in about)

    def decide(self, term: Term, read_as: str) -> Judgement:
        value = self.decider.value(term)
        if self.kind == "integer" and value is not None and _is_broken(value):
            decision = Decision(False)  # no tolerance makes it a whole number
        else:
            decision = self.compare(term, value, self.key)
        if decision.equal:
            form = self.lacking(term, self.key)
            return formless(read_as, form) if form else correct(read_as, term)
        if decision.equal is None:
            return undecided(read_as, "Whether this is right couldn't be decided, so a person will look at it.")
        if self.expect_mistakes():
            value = self.decider.value(term)  # the engine began anew
        if value is None:
            return Judgement(Verdict.INCORRECT, NOTHING, read_as, "This isn't the right value.", (), decision.witness)
        ids = self._diagnosis(term, value)
        message = self._message(term, value, ids)
        return Judgement(Verdict.INCORRECT, NOTHING, read_as, message, ids, decision.witness)

    # ---- explaining ---------------------------------------------------------------------------
    def prepare_mistakes(self, mistakes: Sequence[Candidate]) -> None:
        for mistake in mistakes:
            self._expect_near(self.prepared(self.read_key(mistake.value)), mistake.id)
        self._expect_slips()

    def _expect(self, value: Value, name: str) -> None:
        names = self._mistakes.setdefault(self.decider.engine.key(value), [])
        if name not in names:
            names.append(name)

    def _expect_near(self, wrong: Prepared, name: str) -> None:
        """Enter a value, with what the tolerance takes for it."""
        self._expect(wrong.value, name)
        if self._nearby is not None and (bounds := self.bounds(wrong.term, wrong.value)) is not None:
            self._nearby.add(bounds, name)

    def _expect_slips(self) -> None:
        """Enter the generic slips whose value doesn't depend on the answer."""
        engine, key = self.decider.engine, self.key
        if key.value[0]:
            self._expect_near(Prepared(Formula("neg", key.term), engine.neg(key.value)), "sign-flipped")
        if self.kind in ("integer", "expr"):
            for step in (1, -1):
                self._expect(engine.add(key.value, engine.constant(step)), "off-by-one")
        if isinstance(key.term, Formula):
            for slip, renaming in renamings(key.term.names()):
                wrong = self.prepared(renamed(key.term, renaming)).value
                if not engine.same(wrong, key.value):
                    self._expect(wrong, slip)

    def _diagnosis(self, term: Term, value: Value) -> tuple[str, ...]:
        engine = self.decider.engine
        try:
            known = self._mistakes.get(engine.key(value))
            if known:
                return tuple(known)
            if near := self._near_mistakes(value):
                return near
            if rounding := self.rounding(term, value, self.key):
                return (rounding,)
            if self.number is None:
                if ratio(engine, value, self.key.value) is not None:
                    return ("constant-factor",)
                if ratio(engine, engine.add(value, self.key.value, -1), (ONE, None)) is not None:
                    return ("added-constant",)
        except TooBigError:  # no mistake is that large
            return ()
        return ()

    def _near_mistakes(self, value: Value) -> tuple[str, ...]:
        """The mistakes whose numbers the tolerance takes for this one, the nearest first."""
        number = number_of(value)
        if self._nearby is None or number is None:
            return ()
        return tuple(dict.fromkeys(self._nearby.find(number)))

    def _message(self, term: Term, value: Value, ids: tuple[str, ...]) -> str:
        if self.kind == "integer" and _is_broken(value):
            return f"This asks for a whole number. {hints(ids)}".strip()
        if self.kind != "expr" and isinstance(term, Formula) and term.names():
            return "This asks for a number, and the answer depends on a name."
        if self.kind == "expr" and not ids and value[1] is None and self.key.value[1] is None:
            look = where_to_look(value[0], self.key.value[0], self.symbols.names)
            if look:
                return look
        return hints(ids) or "This isn't the right value."


def _rounds(term: Any) -> bool:
    """Whether a term has a floor or a ceiling."""
    if not isinstance(term, Formula):
        return False
    return (term.op == "call" and term.args[0] in ("floor", "ceil")) or any(map(_rounds, term.args))


def _is_broken(value: Value) -> bool:
    """Whether this is a number, but no whole one."""
    number = number_of(value)
    return number is not None and number.denominator != 1
