"""Keys that are one number or one expression."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from cnnex.answers.diagnose import flips, hints, ratio, renamed, rounded, where_to_look
from cnnex.answers.judgement import NOTHING, Candidate, Json, Judgement
from cnnex.answers.key import FormulaKey, correct, undecided
from cnnex.answers.polynomial import TooBigError, Value, number_of
from cnnex.answers.reading import SCALARS, read_scalar
from cnnex.errors import InputError
from cnnex.model.outcome import Verdict
from cnnex.notation.formula import Formula, Term
from cnnex.notation.read import Reading
from cnnex.notation.symbols import Symbols


class ScalarKey(FormulaKey):
    """The key of kind `integer`, `rational`, `number` or `expr`."""

    def __init__(self, kind: str, value: Json, symbols: Symbols, domain: str, mistakes: Sequence[Candidate]) -> None:
        super().__init__(kind, symbols, domain)
        self.key = self.prepared(self.read_key(value))
        self.number = number_of(self.key.value)
        whole = self.number is not None and self.number.denominator == 1
        fits = {
            "integer": whole,
            "rational": self.number is not None,
            "number": not isinstance(self.key.term, Formula) or not self.key.term.names(),
            "expr": True,
        }
        if not fits[kind]:
            raise InputError(f"the key {value!r} is not {SCALARS[kind]}")
        self._mistakes: dict[Hashable, list[str]] = {}
        for mistake in mistakes:
            self._expect(self.prepared(self.read_key(mistake.value)).value, mistake.id)
        self._expect_slips()

    def read(self, answer: Json, *, tight: bool = False) -> Reading:
        return read_scalar(answer, self.kind, self.symbols, tight=tight)

    def decide(self, term: Term, read_as: str) -> Judgement:
        value = self.decider.value(term)
        decision = self.decider.compare(term, value, self.key)
        if decision.equal:
            return correct(read_as)
        if decision.equal is None:
            return undecided(read_as, "Whether this is right couldn't be decided, so a person will look at it.")
        if value is None:
            return Judgement(Verdict.INCORRECT, NOTHING, read_as, "This isn't the right value.", (), decision.witness)
        ids = self._diagnosis(value)
        message = self._message(term, value, ids)
        return Judgement(Verdict.INCORRECT, NOTHING, read_as, message, ids, decision.witness)

    # ---- explaining ---------------------------------------------------------------------------
    def _expect(self, value: Value, name: str) -> None:
        names = self._mistakes.setdefault(self.decider.engine.key(value), [])
        if name not in names:
            names.append(name)

    def _expect_slips(self) -> None:
        """Enter the generic slips whose value doesn't depend on the answer."""
        engine, key = self.decider.engine, self.key
        if key.value[0]:
            self._expect(engine.neg(key.value), "sign-flipped")
        if self.kind in ("integer", "expr"):
            for step in (1, -1):
                self._expect(engine.add(key.value, engine.constant(step)), "off-by-one")
        if isinstance(key.term, Formula):
            for flip in flips(key.term.names()):
                flipped = self.prepared(renamed(key.term, flip))
                if not engine.same(flipped.value, key.value):
                    self._expect(flipped.value, "indices-flipped")

    def _diagnosis(self, value: Value) -> tuple[str, ...]:
        engine = self.decider.engine
        try:
            known = self._mistakes.get(engine.key(value))
            if known:
                return tuple(known)
            if rounded(value, self.key.value):
                return ("rounded",)
            if self.number is None:
                if ratio(engine, value, self.key.value) is not None:
                    return ("constant-factor",)
                if number_of(engine.add(value, self.key.value, -1)) is not None:
                    return ("added-constant",)
        except TooBigError:
            pass
        return ()

    def _message(self, term: Term, value: Value, ids: tuple[str, ...]) -> str:
        number = number_of(value)
        if self.kind == "integer" and number is not None and number.denominator != 1:
            return f"This asks for a whole number. {hints(ids)}".strip()
        if self.kind != "expr" and isinstance(term, Formula) and term.names():
            return "This asks for a number, and the answer depends on a name."
        if self.kind == "expr" and not ids and value[1] is None and self.key.value[1] is None:
            look = where_to_look(value[0], self.key.value[0], self.symbols.names)
            if look:
                return look
        return hints(ids) or "This isn't the right value."
