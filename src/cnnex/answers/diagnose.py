"""Generic slips: what went wrong, where no predicted mistake says so.

Each has a stable id and a sentence that says where to look and gives nothing away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from cnnex.answers.polynomial import ONE, Field, Poly, Value
from cnnex.notation.formula import Formula, Term
from cnnex.notation.names import split

HINTS = {
    "sign-flipped": "Check the signs.",
    "constant-factor": "Check whether a constant factor is missing or too much.",
    "added-constant": "Check what is added, such as a constant term or a bias.",
    "off-by-one": "Check the arithmetic. Where something is counted, both ends count.",
    "rounded": "This looks rounded. Decimals are taken exactly as written, and the exact value is asked.",
    "rounded-too-far": "This looks rounded too far, give more digits.",
    "indices-flipped": "Check the direction in which the indices run, and whether the kernel has to be flipped.",
    "transposed": "Check what belongs to the rows and what to the columns.",
    "reversed": "Check the order of the entries.",
    "rows-reversed": "Check the order of the rows.",
    "columns-reversed": "Check the order within the rows.",
    "rotated": "Check the order of the entries, both within the rows and from row to row.",
    "shifted": "The entries look shifted. Check at which place they begin.",
    "swapped": "The order of the axes matters, check it.",
    "wrong-shape": "Check how the entries are arranged.",
}


def hints(ids: Iterable[str]) -> str:
    """The sentences of the generic slips among these ids."""
    return " ".join(HINTS[name] for name in ids if name in HINTS)


def renamings(names: Iterable[str]) -> list[tuple[str, dict[str, Formula]]]:
    """For each indexed family among the names, what slips make of its names: each slip's id and the renaming.

    >>> renamings(["k_1", "k_2", "k_3", "b"])
    [('indices-flipped', {'k_1': Formula('k_3'), 'k_2': Formula('k_2'), 'k_3': Formula('k_1')})]
    >>> [name for name, _ in renamings(["k_1_1", "k_1_2", "k_2_1", "k_2_2"])]
    ['indices-flipped', 'transposed']
    """
    families: dict[tuple[str, int], dict[tuple[int, ...], str]] = {}
    for name in names:
        base, indices = split(name)
        if indices and all(map(str.isdecimal, indices)):
            families.setdefault((base, len(indices)), {})[tuple(map(int, indices))] = name
    found = []
    for (_, dimensions), family in families.items():
        ordered = sorted(family)
        slips = {"indices-flipped": ordered[::-1]}
        if dimensions == 2:
            slips["transposed"] = [indices[::-1] for indices in ordered]
        for slip, others in slips.items():
            if len(ordered) > 1 and sorted(others) == ordered:
                renaming = zip(ordered, others, strict=True)
                found.append((slip, {family[a]: Formula("symbol", family[b]) for a, b in renaming}))
    return found


def renamed(term: Term, names: dict[str, Formula]) -> Term:
    """The term with symbols put in place of others."""
    return term.put(**names) if isinstance(term, Formula) else term


def ratio(field: Field, own: Value, key: Value) -> Fraction | None:
    """The constant by which the key must be multiplied to give the answer, if there is one."""
    a = own[0] if key[1] is None else field.times(own[0], key[1])
    b = key[0] if own[1] is None else field.times(key[0], own[1])
    if not a or a.keys() != b.keys():
        return None
    first = next(iter(a))
    factor = Fraction(a[first], b[first])
    if any(a[m] * factor.denominator != b[m] * factor.numerator for m in a):
        return None
    return factor


def rounded(own: Value, key: Value) -> bool:
    """Whether each coefficient is the key's rounded to its decimals, or cut off there."""
    if own[1] is None:  # no decimals
        return False
    a, b = _coefficients(own), _coefficients(key)
    if a is None or b is None or a.keys() != b.keys():
        return False
    return all(a[m] == b[m] or is_rounded(a[m], b[m]) for m in a)


def _coefficients(x: Value) -> dict[int, Fraction] | None:
    numerator, denominator = x
    if denominator is None:
        denominator = ONE
    if denominator.keys() != {0}:
        return None
    return {m: Fraction(c, denominator[0]) for m, c in numerator.items()}


def is_rounded(own: Fraction, key: Fraction) -> bool:
    """Whether a decimal is the key rounded or cut off where its digits end.

    >>> [is_rounded(Fraction(text), Fraction(2, 3)) for text in ("0.667", "0.66", "0.65", "1")]
    [True, True, False, False]
    """
    for decimals in range(1, 16):
        if (own * 10**decimals).denominator == 1:
            units = abs(own - key) * 10**decimals
            return bool(2 * units <= 1 or (units < 1 and decimals > 1 and abs(own) < abs(key)))
    return False


def where_to_look(own: Poly, key: Poly, names: Sequence[str]) -> str:
    """Which of the writer's own terms are wrong, or that some are missing."""
    wrong = [m for m, c in own.items() if key.get(m) != c]
    if any(m >> 8 * len(names) for m in (*own, *key)):
        return ""  # floors, maxima and the like have no name to point at
    if not wrong:
        return "What is written is right, but something is missing." if own else ""
    if len(wrong) > 3 or len(wrong) == len(own) or 0 in wrong:
        return ""
    spelled = [_monomial(m, names) for m in wrong]
    terms = " and ".join([", ".join(spelled[:-1]), spelled[-1]] if len(spelled) > 1 else spelled)
    return f"Look again at the term{'s' * (len(wrong) > 1)} with {terms}."


def _monomial(m: int, names: Sequence[str]) -> str:
    powers = [(names[i], m >> 8 * i & 255) for i in range((m.bit_length() + 7) // 8)]
    return "*".join(name if e == 1 else f"{name}**{e}" for name, e in powers if e)


def is_decimal(term: Term) -> bool:
    """Whether a term was typed with a decimal that isn't whole."""
    if isinstance(term, Formula):
        return any(map(is_decimal, term.args))
    return isinstance(term, Fraction)


def rearrangements(rows: Sequence[Sequence[int]], zero: int) -> list[tuple[str, list[tuple[int, ...]]]]:
    """The arrangements of a matrix's entries that slips lead to, each with its id."""
    if len(rows) == 1:
        row = tuple(rows[0])
        return [("reversed", [row[::-1]]), ("shifted", [(zero, *row[:-1])]), ("shifted", [(*row[1:], zero)])]
    kept = [tuple(row) for row in rows]
    empty = (zero,) * len(kept[0])
    return [
        ("transposed", list(zip(*kept, strict=True))),
        ("rotated", [row[::-1] for row in kept[::-1]]),
        ("rows-reversed", kept[::-1]),
        ("columns-reversed", [row[::-1] for row in kept]),
        ("shifted", [(zero, *row[:-1]) for row in kept]),
        ("shifted", [(*row[1:], zero) for row in kept]),
        ("shifted", [empty, *kept[:-1]]),
        ("shifted", [*kept[1:], empty]),
    ]
