"""The names of one question, and every way in which a student may spell them.

The table is made by the question; a student's text only looks things up in it, so no letter has a
meaning of its own: `N`, `S`, `E`, `I`, `beta` and `lambda` mean what the question says.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from cnnex.notation.formula import Formula
from cnnex.notation.names import GREEK, derivative, split

MAX_LETTERS = 16
"""A run of letters longer than this is not searched for an implied product."""
MAX_GLUED = 40
"""Nor are names with indices in a longer run."""

_GREEK_WORDS = {letter: word for word, letter in GREEK.items()} | {"µ": "mu", "ϵ": "epsilon", "ϑ": "theta", "ϕ": "phi"}
_VARIANTS = {"varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi"}
SUBSCRIPTS = "₀-₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
"""Digits and letters that are written low, for a set of characters in a pattern."""
_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ’′", "0123456789aehijklmnoprstuvx''") | {ord("″"): "''"}
_STYLES = (
    r"operatorname\*?|mathrm|text|textrm|textbf|textit|textsf|texttt"
    "|mathbf|mathit|mathcal|mathscr|mathsf|mathtt|boldsymbol|bm|vec"
)
STYLE = rf"\\(?:{_STYLES})\s{{0,3}}\{{\s{{0,3}}[A-Za-z]+\s{{0,3}}\}}"
"""A word in a typeface, as LaTeX has it."""
STYLED = re.compile(STYLE.replace("[A-Za-z]+", "([A-Za-z]+)"))
_COMMAND = re.compile(r"\\[A-Za-z]+")
_BASE = re.compile(r"\\?([A-Za-z]+|\S)")
_INDEX = re.compile(r"[A-Za-z]+|[0-9]+")
_PRIME = re.compile(r"'|\\prime")
_CALCULATED = re.compile(r"[^\w\s{}()\[\],;\\]")
"""What makes another index of an index, as in `x_{-1}`."""


class Symbols:
    r"""The symbol table of a question.

    >>> table = Symbols(["s", "k_1", "x_1_2", "W_out", "dL/dk_1"])
    >>> [table.resolve(t) for t in ("k1", "k_{1}", "k₁", "k[1]", r"\mathbf{k}_1")] == [(symbol_of("k_1"),)] * 5
    True
    >>> table.resolve("x12"), table.resolve("Wout"), table.resolve("sk_1"), table.resolve("q")
    ((Formula('x_1_2'),), (Formula('W_out'),), (Formula('s'), Formula('k_1')), None)
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(dict.fromkeys(names))
        self.kinds: dict[str, tuple[int, Any]] = {}  # filled by the tokenizer: tokens repeat
        self._exact: dict[str, Formula] = {}
        self._flat: dict[str, list[str]] = {}
        self._derivatives: dict[tuple[str, str], Formula] = {}
        for name in self.names:
            formula = self._exact[name] = symbol_of(name)
            if parts := derivative(name):
                self._derivatives[_squeezed(parts[0]), _squeezed(parts[1])] = formula
            else:
                letters, indices = _parts(name)
                self._exact.setdefault("_".join([letters, *indices]), formula)
                self._flat.setdefault(_squeezed(name), []).append(name)

        self.has_primes = any("'" in name for name in self.names)  # then no ' is a mark of transposition
        # An x in a product is no cross where it may be a name, also in dL/dx.
        self.has_x = any(name.rpartition("/d")[2].startswith(("x", "X")) for name in self.names)
        bases = {split(name)[0] for name in self.names}
        self.scales = "".join(letter for letter in "eE" if letter not in bases)  # `2e1` is 20

    @property
    def has_derivatives(self) -> bool:
        """Whether `dL/dk` can be one symbol here."""
        return bool(self._derivatives)

    def resolve(self, token: str) -> tuple[Formula, ...] | None:
        """The symbols that a run of letters with indices stands for; several mean their product."""
        letters, indices = _parts(token)
        found = self._one(letters, indices)
        if found is not None:
            return (found,)
        return self._product(letters, indices) or self._glued(token)

    def derivative(self, above: str, below: str) -> Formula | None:
        """The symbol of a derivative, from the two names as they were typed."""
        return self._derivatives.get((_squeezed(above), _squeezed(below)))

    def suggestion(self, token: str) -> str:
        """What was probably meant by an unknown name."""
        meanings = self._flat.get("".join([_parts(token)[0], *_parts(token)[1]]), ())
        if len(meanings) > 1:
            return f"it could be {' or '.join(meanings)}"
        letters, indices = _parts(token)
        family = [name for name in self.names if split(name)[0] == letters and not indices]
        if family:
            return f"did you mean {' or '.join(family)}?" if len(family) < 4 else f"write an index, as in {family[0]}"
        folded = {name.casefold(): name for name in reversed(self.names)}
        near = difflib.get_close_matches(token[:40].casefold(), folded, n=1, cutoff=0.5)
        if near:
            return f"did you mean {folded[near[0]]}?"
        more = ", ..." if len(self.names) > 6 else ""
        return f"the names are {', '.join(self.names[:6])}{more}"

    def _one(self, letters: str, indices: list[str]) -> Formula | None:
        found = self._exact.get("_".join([letters, *indices]) if indices else letters)
        if found is None:
            # `x_12` is x_1_2 where nothing else fits, but `x_{1,12}` is never x_11_2.
            names = self._flat.get("".join([letters, *indices]), ())
            if len(names) == 1 and (len(indices) < 2 or len(split(names[0])[1]) < 2):
                found = self._exact[names[0]]
        return found

    def _product(self, letters: str, indices: list[str]) -> tuple[Formula, ...] | None:
        """The letters as a product of known names, from the right, each as long as it can be."""
        end = len(letters)
        if not 1 < end <= MAX_LETTERS:
            return None
        tails: dict[int, tuple[Formula, ...]] = {end: ()}
        for start in range(end - 1, -1, -1):
            for stop in range(end, start, -1):
                if stop in tails:
                    factor = self._one(letters[start:stop], indices if stop == end else [])
                    if factor is not None:
                        tails[start] = (factor, *tails[stop])
                        break
        return tails.get(0)

    def _glued(self, token: str) -> tuple[Formula, ...] | None:
        """`C_inC_out`: canonical names that were run together, the longest taken first from the right."""
        if "{" in token:
            token = STYLED.sub(r"\1", token).replace("{", "").replace("}", "")
        end = len(token)
        if "_" not in token or end > MAX_GLUED:
            return None
        tails: dict[int, tuple[Formula, ...]] = {end: ()}
        for start in range(end - 1, -1, -1):
            fitting = [name for name in self.names if start + len(name) in tails and token.startswith(name, start)]
            if fitting:
                name = max(fitting, key=len)
                tails[start] = (self._exact[name], *tails[start + len(name)])
        return tails.get(0)


@lru_cache(maxsize=4096)
def symbol_of(name: str) -> Formula:
    """The one symbol object of a name, so that equal names are quickly seen to be equal."""
    return Formula("symbol", name)


@lru_cache(maxsize=256)
def table(names: tuple[str, ...]) -> Symbols:
    """The table of these names; questions of one family share it."""
    return Symbols(names)


def _parts(token: str) -> tuple[str, list[str]]:
    r"""Letters and indices of a name in any spelling.

    >>> _parts(r"\alpha_{1,2}"), _parts("W[0][1]"), _parts("k₁"), _parts(r"W_{\text{out}}"), _parts("k'_1")
    (('alpha', ['1', '2']), ('W', ['0', '1']), ('k', ['1']), ('W', ['out']), ('k', ['1', "'"]))
    """
    if "\\" in token:
        token = STYLED.sub(r"\1", token, count=1)
    base = _BASE.match(token)
    if not base:
        return token, []
    letters = base[1]
    letters = _VARIANTS.get(letters, _GREEK_WORDS.get(letters, letters))
    rest = token[base.end() :]
    if not rest:
        return letters, []
    if not rest.isascii():
        rest = rest.translate(_DIGITS)
    primes = 0
    if "'" in rest or r"\prime" in rest:
        rest, primes = _PRIME.subn("", rest.replace("^", ""))
    if _CALCULATED.search(rest):
        return letters, [rest]
    if "\\" in rest:
        rest = _COMMAND.sub("", rest)
    return letters, _INDEX.findall(rest) + ["'"] * primes


def _squeezed(name: str) -> str:
    letters, indices = _parts(name)
    return letters + "".join(indices)
