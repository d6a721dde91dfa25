"""A part of the key, prepared for judging any number of answers.

>>> question = Question("expr", "a*x_1 + b*x_2", symbols=["a", "b", "x_1", "x_2"])
>>> question.judge("bx₂ + ax₁").verdict
<Verdict.CORRECT: 'correct'>
>>> wrong = question.judge("a x_1")
>>> wrong.message, wrong.witness
('What is written is right, but something is missing.', 'for b = x_2 = 1 and all else 0 the value is 1, yours gives 0')
>>> question.judge("a x_1 + q").message
"At character 9: q isn't a name of this question; the names are a, b, x_1, x_2."
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cnnex.answers.commas import with_points
from cnnex.answers.judgement import Candidate, Json, Judgement, unreadable
from cnnex.answers.key import FormulaKey
from cnnex.answers.listed import ListKey
from cnnex.answers.options import Options
from cnnex.answers.reading import LISTS, SCALARS
from cnnex.answers.scalar import ScalarKey
from cnnex.answers.words import ChoiceKey, Offered, SelectionKey
from cnnex.errors import InputError, nearest
from cnnex.model.opts import FORMS, Opts
from cnnex.model.outcome import Verdict
from cnnex.notation.symbols import table
from cnnex.notation.tokens import ReadError

__all__ = ["FORMS", "Candidate", "Json", "Judgement", "Offered", "Question"]

KINDS = (*SCALARS, *LISTS, "choice", "selection", "boolean")
DOMAINS = ("real", "positive", "integers")
_BEGINS_NAME = re.compile(r"[^\W\d_]|[\\∂]")


class Question:
    """The prepared key of one part.

    Args:
        kind: one of `KINDS`.
        value: the key, as a key file has it.
        symbols: the canonical names that may occur.
        domain: what the names stand for. With `integers`, p, P and names beginning with them are at
            least 0 and every other name is at least 1.
        choices: the texts of the choices by id, in the order in which they are printed, or a list of texts.
            Without any, a choice is a letter, unless the key is true or false.
        mistakes: the predicted mistakes.
        opts: what the part declares, for numbers and for the numbers in vectors and matrices. `rtol` and
            `atol` (text, integers or floats, taken as the decimal written) and `decimals` and `sigfigs`
            (half a unit of the key's last figure) are tolerances; an answer is right if any of them accepts
            it, at the edge, too, however many digits are typed. Shapes and choices are always exact, and
            an integer stays one. `form` is a name out of `FORMS`, or several, tested after equality.
            `arithmetic` False refuses arithmetic where a number is asked. With `decimal_comma` `2,5` is 5/2.

    Attributes:
        kind: the kind of answer.
        solution: the key in plain text.

    >>> Question("rational", "1/3", opts={"decimals": 2}).judge("0.33").verdict
    <Verdict.CORRECT: 'correct'>
    >>> Question("rational", "3/4", opts={"form": "lowest-terms"}).judge("6/8").message
    'This is equal, but not yet in lowest terms: shorten it, and write fractions for decimals.'

    Raises:
        InputError: the key or an option can't be used.
    """

    def __init__(
        self,
        kind: str,
        value: Json,
        *,
        symbols: Sequence[str] = (),
        domain: str = "real",
        choices: Offered = None,
        mistakes: Sequence[Candidate] = (),
        opts: Opts | Mapping[str, Any] | None = None,
    ) -> None:
        if kind not in KINDS:
            raise InputError(f"{kind!r} is no kind of answer", hint=nearest(kind, KINDS))
        if domain not in DOMAINS:
            raise InputError(f"{domain!r} is no domain", hint=nearest(domain, DOMAINS))
        for name in symbols:
            if not (isinstance(name, str) and _BEGINS_NAME.match(name)):
                raise InputError(f"{name!r} is no name of a symbol, a name begins with a letter")
        options = Options.read(opts)
        self.kind = kind
        self._decimal_comma = options.decimal_comma
        self._key: ChoiceKey | SelectionKey | ScalarKey | ListKey
        if kind in ("choice", "boolean"):
            self._key = ChoiceKey(kind, value, choices, mistakes)
        elif kind == "selection":
            self._key = SelectionKey(value, choices, mistakes)
        elif kind in SCALARS:
            self._key = ScalarKey(kind, value, table(tuple(symbols)), domain, mistakes, options)
        else:
            self._key = ListKey(kind, value, table(tuple(symbols)), domain, mistakes, options)
        self.solution: str = self._key.solution

    def prepare(self) -> None:
        """Read the predicted mistakes now, and not with the first wrong answer.

        Raises:
            InputError: one of them can't be read.
        """
        if isinstance(self._key, FormulaKey):
            self._key.expect_mistakes()

    def judge(self, answer: Json) -> Judgement:
        """Judge one answer; whatever it is, this returns.

        Raises:
            InputError: a mistake that the key predicts can't be read. They are looked at with the first wrong answer.
        """
        if self._decimal_comma:
            try:
                answer = with_points(answer, self.kind)
            except ReadError as error:
                return replace(unreadable(str(error)), solution=self.solution)
        judgement = self._key.judge(answer)
        if judgement.verdict is Verdict.CORRECT or judgement.solution:
            return judgement
        return replace(judgement, solution=self.solution)
