"""Right answers in odd spellings, of the kinds that students type."""

from __future__ import annotations

import re
from fractions import Fraction
from random import Random
from typing import Any

_LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def spelled(kind: str, value: Any, rng: Random, *, json: bool) -> Any:
    """A value as somebody might type it; `json` says whether the file can hold numbers and lists."""
    if json and kind != "expr" and rng.random() < 0.3 and not _has_fractions(value):
        return value
    if kind == "boolean":
        return rng.choice(["True", "true", "TRUE", " true ", "yes", "T"] if value else ["False", "false", "no", "F"])
    if kind == "expr":
        return _expression(str(value), rng)
    if kind in ("integer", "rational", "number"):
        return _around(_number(value, rng), rng)
    if kind == "shape":
        return _sizes(value, rng)
    if value and isinstance(value[0], list):
        return _rows(value, rng)
    return _row(value, rng)


def _has_fractions(value: Any) -> bool:
    return any(map(_has_fractions, value)) if isinstance(value, list) else isinstance(value, str)


def _number(value: Any, rng: Random) -> str:
    number = Fraction(value)
    if number.denominator == 1:
        plain = str(number.numerator)
        ways = [plain, plain, f"+{plain}" if number > 0 else plain.replace("-", "−"), f"{plain}.0"]
        return rng.choice([*ways, f"{2 * number.numerator}/2"])
    minus = "-" if number < 0 else ""
    above, below = abs(number.numerator), number.denominator
    ways = [f"{minus}{above}/{below}", rf"{minus}\frac{{{above}}}{{{below}}}", f"{minus}{3 * above}/{3 * below}"]
    if 10**6 % below == 0:
        ways.append(f"{minus}{above / below}")
    return rng.choice(ways)


def _around(text: str, rng: Random) -> str:
    return rng.choice([text, f"  {text} ", f"= {text}", f"${text}$", f"{text}.", f"\t{text}\n", f"({text})"])


def _sizes(value: list[int], rng: Random) -> str:
    sizes = [str(each) for each in value]
    ways = ["({})".format(", ".join(sizes)), "[{}]".format(",".join(sizes)), "( {} )".format(" , ".join(sizes))]
    if len(sizes) > 1:
        ways += ["x".join(sizes), " × ".join(sizes), " x ".join(sizes), r"${}$".format(r" \times ".join(sizes))]
    return rng.choice(ways)


def _entry(value: Any, rng: Random) -> str:
    return _number(value, rng) if re.fullmatch(r"-?\d+(/\d+)?", str(value)) else _expression(str(value), rng)


def _row(row: list[Any], rng: Random) -> str:
    entries = [_entry(each, rng) for each in row]
    latex = " & ".join(entries)
    return rng.choice([
        "[{}]".format(", ".join(entries)), "({})".format(",".join(entries)), "y = [{}]".format(", ".join(entries)),
        rf"\begin{{pmatrix}} {latex} \end{{pmatrix}}", rf"$\begin{{bmatrix}}{latex}\end{{bmatrix}}$",
        "np.array([{}])".format(", ".join(entries)),
    ])  # fmt: skip


def _rows(rows: list[list[Any]], rng: Random) -> str:
    typed = [[_entry(each, rng) for each in row] for row in rows]
    latex = r" \\ ".join(" & ".join(row) for row in typed)
    nested = "[{}]".format(", ".join("[{}]".format(", ".join(row)) for row in typed))
    return rng.choice([
        nested, nested.replace("], ", "],\n"), f"np.array({nested})", f"Y = {nested}",
        "[{}]".format("; ".join(", ".join(row) for row in typed)), "\n".join(", ".join(row) for row in typed),
        rf"\begin{{bmatrix}} {latex} \end{{bmatrix}}", rf"\[ \begin{{pmatrix}} {latex} \end{{pmatrix}} \]",
    ])  # fmt: skip


def _expression(text: str, rng: Random) -> str:
    """Terms in another order, products without signs, indices low, in braces or not at all, Greek letters, LaTeX."""
    terms = text.split(" + ")
    if len(terms) > 1 and "(" not in text and " - " not in text:
        rng.shuffle(terms)
        terms = ["*".join(rng.sample(term.split("*"), len(term.split("*")))) for term in terms]
        text = " + ".join(terms)
    if quotient := re.fullmatch(r"(\w+)/\(?([\w* +]+?)\)?", text):
        above, below = quotient.groups()
        text = rng.choice([text, rf"\frac{{{above}}}{{{below}}}", f"{above} / ( {below} )", f"({below})^-1*{above}"])
    way = rng.randrange(5)
    if way == 1:
        text = text.replace("*", " ")
    elif way == 2:
        text = re.sub(r"_(\d+)", lambda index: index[1].translate(_LOW), text).replace("*", "·")
    elif way == 3:
        text = re.sub(r"_(\d+)", r"_{\1}", text).replace("*", r" \cdot ")
    elif way == 4:
        text = re.sub(r"\bgamma\b", "γ", text).replace("*", " × ")
    return text
