"""Keys that are vectors, matrices and shapes."""

from __future__ import annotations

from bisect import bisect, insort
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from cnnex.answers.diagnose import hints, ratio, rearrangements, renamed, renamings
from cnnex.answers.forms import MESSAGES
from cnnex.answers.judgement import FULL, NOTHING, Candidate, Json, Judgement, unreadable
from cnnex.answers.key import FormulaKey, correct, undecided
from cnnex.answers.options import EXACT, Options
from cnnex.answers.places import named
from cnnex.answers.polynomial import FUEL, NoValueError, TooBigError, Value, number_of
from cnnex.answers.reading import read_list
from cnnex.answers.tolerance import Tolerance
from cnnex.model.outcome import Verdict
from cnnex.notation.formula import Formula, Term
from cnnex.notation.lists import Rows, as_vector
from cnnex.notation.plain import plain
from cnnex.notation.read import Reading
from cnnex.notation.symbols import Symbols

_ZERO: Value = {}, None
_UNKNOWN = -1
"""The number of an entry that is neither in the key nor in a mistake."""


class ListKey(FormulaKey):
    """The key of kind `vector`, `matrix` or `shape`. Equal entries have equal numbers."""

    size = 0, 0
    """Rows and columns of the key."""

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
        self._numbers: dict[Any, int] = {}
        self._leaves: dict[str | int, int] = {}  # numbers of names and integers, found at once
        self._constants: list[tuple[Fraction, int]] = []  # in order, with their numbers
        term = self.read_key(value)
        self.solution = plain(term)
        self.rows = self._rows(term)
        self.entries = [self.prepared(term) for row in self.rows for term in row]
        self.size = len(self.rows), len(self.rows[0])
        self._zero = self._number(_ZERO)
        self.key = tuple(self._enter(term) for row in self.rows for term in row)
        self._whole: dict[tuple[int, int, tuple[int, ...]], list[str]] = {}
        self._by_entry: dict[tuple[int, int], set[str]] = {}
        self._order = list(dict.fromkeys(mistake.id for mistake in mistakes))
        self._nouns = ("size", "sizes") if kind == "shape" else ("entry", "entries")

    def read(self, answer: Json, *, tight: bool = False) -> Reading:
        return read_list(answer, self.kind, self.symbols, tight=tight, rows_as_text=1 not in self.size)

    def decide(self, term: Term, read_as: str) -> Judgement:
        rows = self._rows(term)
        size = len(rows), len(rows[0])
        self.decider.engine.fuel = FUEL + 20 * size[0] * size[1]
        terms = [entry for row in rows for entry in row]
        values: dict[int, Value | None] = {}
        numbers = tuple(self._number_of(i, entry, values, size) for i, entry in enumerate(terms))
        if numbers == self.key and size == self.size and not self.forms:
            return correct(read_as, term)
        if self.expect_mistakes():
            return self.decide(term, read_as)  # now that more entries have numbers
        if size != self.size:
            return self._wrong_size(rows, numbers, read_as)
        wrong, unknown, witness = self._compare(terms, numbers, values)
        if unknown:
            return undecided(read_as, f"{self._places(unknown)} couldn't be decided, so a person will look at it.")
        formless = self._formless(terms, wrong) if self.forms else {}
        if not (wrong or formless):
            return correct(read_as, term)
        if wrong and self.tolerance is not None:
            numbers = self._taken_for(terms, numbers, wrong, self.tolerance)
        ids = self._diagnosis(numbers, wrong, terms) if wrong else ()
        return self._judged(wrong, formless, ids, witness, read_as)

    def _formless(self, terms: list[Term], wrong: list[int]) -> dict[int, str]:
        """The places of right entries without the form that is asked, and which form that is."""
        right = sorted({*range(len(terms))}.difference(wrong))
        found = {i: self.lacking(terms[i], self.entries[i]) for i in right}
        return {i: form for i, form in found.items() if form}

    # ---- entries ------------------------------------------------------------------------------
    def _rows(self, term: Term) -> Rows:
        if not isinstance(term, Formula):
            return ((term,),)
        return (term.args,) if term.op == "shape" else as_vector(term.args)

    def _number(self, value: Value) -> int:
        key = self.decider.engine.key(value)
        if (known := self._numbers.get(key)) is not None:
            return known
        number = self._numbers[key] = len(self._numbers)
        constant = number_of(value)
        if constant is not None:
            if self.tolerance is not None:
                insort(self._constants, (constant, number))
            if constant.denominator == 1:
                self._leaves[constant.numerator] = number
        return number

    def _enter(self, term: Term) -> int:
        """The number of an entry of the key or of a mistake."""
        leaf = _leaf(term)
        if leaf is not None and leaf in self._leaves:
            return self._leaves[leaf]
        number = self._number(self.prepared(term).value)
        if leaf is not None:
            self._leaves[leaf] = number
        return number

    def _number_of(self, place: int, term: Term, values: dict[int, Value | None], size: tuple[int, int]) -> int:
        """The number of an answer's entry; where it takes work, the value is kept."""
        leaf = _leaf(term)
        if leaf is not None:
            return self._leaves.get(leaf, _UNKNOWN)
        try:
            value = values[place] = self.decider.value(term)
        except NoValueError as error:
            raise NoValueError(f"{self._places([place], size)}: {error}") from None
        try:
            return _UNKNOWN if value is None else self._numbers.get(self.decider.engine.key(value), _UNKNOWN)
        except TooBigError:
            return _UNKNOWN

    def _taken_for(
        self, terms: list[Term], numbers: tuple[int, ...], wrong: list[int], tolerance: Tolerance
    ) -> tuple[int, ...]:
        """The numbers of the entries, of a wrong one that of the nearest constant if that is near enough."""
        taken = list(self.key)
        for i in wrong:
            taken[i] = numbers[i]
            value = self.decider.value(terms[i])
            own = None if value is None else number_of(value)
            if own is None:
                continue
            place = bisect(self._constants, (own, 0))
            constant, number = min(self._constants[max(place - 1, 0) : place + 1], key=lambda each: abs(each[0] - own))
            if tolerance.accepts((own, own), (constant, constant)):
                taken[i] = number
        return tuple(taken)

    def _compare(
        self, terms: list[Term], numbers: tuple[int, ...], values: dict[int, Value | None]
    ) -> tuple[list[int], list[int], str]:
        """The places of wrong and of undecided entries, and a witness for the first wrong one."""
        wrong: list[int] = []
        unknown: list[int] = []
        witness = ""
        for i, (own, right) in enumerate(zip(numbers, self.key, strict=True)):
            if own == right:
                continue
            value = values[i] if i in values else self.decider.value(terms[i])
            decision = self.compare(terms[i], value, self.entries[i], explain=not witness)
            if decision.equal:
                continue
            (unknown if decision.equal is None else wrong).append(i)
            if decision.witness and not witness:
                witness = f"{named([i], self.size, *self._nouns)}: {decision.witness}"
        return wrong, unknown, witness

    # ---- explaining ---------------------------------------------------------------------------
    def prepare_mistakes(self, mistakes: Sequence[Candidate]) -> None:
        for mistake in mistakes:
            self._expect(self._rows(self.read_key(mistake.value)), mistake.id)
        self._expect_slips()

    def _expect(self, rows: Rows, name: str) -> None:
        numbers = tuple(self._enter(term) for row in rows for term in row)
        self._enter_whole(len(rows), len(rows[0]), numbers, name)
        if (len(rows), len(rows[0])) == self.size:
            for i, number in enumerate(numbers):
                if number != self.key[i]:
                    self._by_entry.setdefault((i, number), set()).add(name)

    def _enter_whole(self, height: int, width: int, numbers: tuple[int, ...], name: str) -> None:
        if (height, width) == self.size and numbers == self.key:
            return
        names = self._whole.setdefault((height, width, numbers), [])
        if name not in names:
            names.append(name)

    def _expect_slips(self) -> None:
        width = self.size[1]
        if self.kind != "shape":
            engine = self.decider.engine
            negative = tuple(self._number(engine.neg(entry.value)) for entry in self.entries)
            self._enter_whole(*self.size, negative, "sign-flipped")
            rows = [self.key[i : i + width] for i in range(0, len(self.key), width)]
            for name, arranged in rearrangements(rows, self._zero):
                flat = tuple(number for row in arranged for number in row)
                if set(flat) == {self._zero}:  # what is shifted out of sight
                    continue
                self._enter_whole(len(arranged), len(arranged[0]), flat, name)
        names = {name for entry in self.entries if isinstance(entry.term, Formula) for name in entry.term.names()}
        for name in names:  # the negative of -b is b, and a name is looked up by itself
            self._enter(Formula("symbol", name))
        for slip, renaming in renamings(names):
            wrong = tuple(self._enter(renamed(entry.term, renaming)) for entry in self.entries)
            self._enter_whole(*self.size, wrong, slip)

    def _diagnosis(self, numbers: tuple[int, ...], wrong: list[int], terms: list[Term]) -> tuple[str, ...]:
        if known := self._whole.get((*self.size, numbers)):
            return tuple(known)
        shared = set.intersection(*(self._by_entry.get((i, numbers[i]), set()) for i in wrong))
        if shared:
            return tuple(name for name in self._order if name in shared)
        if self.kind == "shape" and _UNKNOWN not in numbers and sorted(numbers) == sorted(self.key):
            return ("swapped",)
        if rounding := self._all_rounded(terms, wrong):
            return (rounding,)
        steps = {self._step(terms[i], i) for i in wrong}
        everywhere = len(steps) == 1 and None not in steps and len(wrong) == len(self.key) > 1
        # A zero for a one or a one for a zero is an entry at a wrong place sooner than one counted wrongly.
        placed = all(self._zero not in (numbers[i], self.key[i]) for i in wrong)
        found = {
            "off-by-one": steps <= {1, -1} and (everywhere or placed),
            "constant-factor": self.kind != "shape" and self._constant_factor(terms),
            "added-constant": everywhere and not steps <= {1, -1},
        }
        return tuple(name for name, holds in found.items() if holds)

    def _all_rounded(self, terms: list[Term], wrong: list[int]) -> str:
        """The id of the slip if all wrong entries are the key's rounded, else ""."""
        try:
            found = {self.rounding(terms[i], self.decider.engine.of(terms[i]), self.entries[i]) for i in wrong}
        except TooBigError:
            return ""
        return found.pop() if len(found) == 1 else ""

    def _step(self, term: Term, place: int) -> Fraction | None:
        """By how much an entry is too large, where this is a number."""
        try:
            return number_of(self.decider.engine.add(self.decider.engine.of(term), self.entries[place].value, -1))
        except TooBigError:
            return None

    def _constant_factor(self, terms: list[Term]) -> bool:
        """Whether one factor leads from the key to the answer; of a single number that says nothing."""
        filled = [entry.value for entry in self.entries if entry.value[0]]
        if len(self.key) == 1 or (len(filled) == 1 and number_of(filled[0]) is not None):
            return False
        engine = self.decider.engine
        factors: set[Fraction | None] = set()
        try:
            for term, entry in zip(terms, self.entries, strict=True):
                value = engine.of(term)
                if value[0] or entry.value[0]:
                    factors.add(ratio(engine, value, entry.value))
                if None in factors or len(factors) > 1:
                    return False
        except TooBigError:
            return False
        return bool(factors)

    def _wrong_size(self, rows: Rows, numbers: tuple[int, ...], read_as: str) -> Judgement:
        height, width = len(rows), len(rows[0])
        ids = tuple(self._whole.get((height, width, numbers), ()))
        if not ids and numbers == self.key:
            ids = ("wrong-shape",)
        known = {*numbers} <= {*self.key}  # as in `2C, H/2, W/2`, where N is missing
        if self.kind == "shape" and not known and width < self.size[1] == sum(map(_sizes_meant, rows[0])):
            return unreadable("Write every size by itself, with commas between the sizes.", read_as)
        if self.kind == "shape":
            said = f"The answer has {_count(width, 'size', 'sizes')}, which isn't the right number of axes."
        elif height == 1 and self.size[0] == 1:
            said = f"The answer has {_count(width, 'entry', 'entries')}, which isn't the right number."
        elif height == 1:
            said = f"This asks for a matrix, and the answer is one list of {_count(width, 'entry', 'entries')}."
        elif self.size[0] == 1:
            said = f"This asks for a vector, and the answer is a {height} by {width} matrix."
        else:
            said = f"The answer is a {height} by {width} matrix, which isn't the right size."
        return Judgement(Verdict.INCORRECT, NOTHING, read_as, f"{said} {hints(ids)}".strip(), ids)

    def _judged(
        self, wrong: list[int], formless: dict[int, str], ids: tuple[str, ...], witness: str, read_as: str
    ) -> Judgement:
        said = [f"{self._places(wrong)} {_are(wrong)} wrong."] if wrong else []
        for form in dict.fromkeys(formless.values()):
            places = [i for i, found in formless.items() if found == form]
            said.append(f"{self._places(places)} {_are(places)} equal, but {MESSAGES[form]}.")
        if self.kind == "shape" and ids and (known := hints(ids)):
            said = [known, *said[1:]]
        else:
            said.append(hints(ids))
        message = " ".join(filter(None, said))
        ids += tuple(dict.fromkeys(f"form-{form}" for form in formless.values()))
        if self.kind == "shape":
            return Judgement(Verdict.INCORRECT, NOTHING, read_as, message, ids, witness)
        bad = {*wrong, *formless}
        filled = [i for i, number in enumerate(self.key) if number != self._zero]
        right = sum(i not in bad for i in filled)
        zeros_filled = sum(self.key[i] == self._zero for i in wrong)
        credit = max(NOTHING, Fraction(right - zeros_filled, len(filled))) if filled else NOTHING
        verdict = Verdict.PARTIAL if credit else Verdict.INCORRECT
        return Judgement(verdict, min(credit, FULL), read_as, message, ids, witness)

    def _places(self, places: list[int], size: tuple[int, int] | None = None) -> str:
        """Entries by their places, at the beginning of a sentence; of an answer that may have another size."""
        words = named(places, size or self.size, *self._nouns)
        return words[0].upper() + words[1:]


def _sizes_meant(term: Term) -> int:
    """How many sizes this is, if the signs in it stand between sizes."""
    if not isinstance(term, Formula):
        return 1
    if term.op == "pow" and isinstance(term.args[1], int):
        return term.args[1]
    if term.op == "mul" or not term.names():
        return sum(_sizes_meant(arg) for arg in term.args if not isinstance(arg, str))
    return 1


def _leaf(term: Any) -> str | int | None:
    """The name of a symbol, or an integer; None for anything that takes work."""
    if type(term) is int:
        return term
    return term.args[0] if type(term) is Formula and term.op == "symbol" else None


def _are(places: list[int]) -> str:
    return "is" if len(places) == 1 else "are"


def _count(count: int, noun: str, nouns: str) -> str:
    return f"{count} {noun if count == 1 else nouns}"
