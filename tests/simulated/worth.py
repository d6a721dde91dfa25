"""What planned answers are worth: points, entries, mistakes, follow-through, penalties, as the docs have them."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import prod
from typing import Any, NamedTuple
from zlib import crc32

DUE = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
EXTENDED = {"00004": datetime(2026, 11, 25, 12, tzinfo=UTC), "00015": datetime(2026, 11, 21, 23, tzinfo=UTC)}
FOLLOWS = Fraction(2, 3)
MISTAKES = {"stride-ignored": Fraction(1, 4), "F26-conv-cost/operations-mixed-up": Fraction(1, 6)}

Json = Any
"""A number, a fraction or an expression as text, true or false, or lists of those, as key files have them."""


class Garbage(NamedTuple):
    """What nobody can read."""

    text: str


Planned = Mapping[str, "Json | Garbage | None"]
"""What a student answers, by part; None is blank."""


class Worth(NamedTuple):
    """A part's points in hundredths, and the verdict."""

    earned: Fraction
    verdict: str


def parts_of(key: Mapping[str, Json]) -> dict[str, tuple[Mapping[str, Json], Mapping[str, Json]]]:
    """Problem and part by the part's id."""
    return {part["id"]: (item, part) for item in key["items"] for part in item["parts"]}


def worth(key: Mapping[str, Json], planned: Planned) -> dict[str, Worth]:
    """What each part of an attempt is worth, before penalties."""
    found: dict[str, Worth] = {}
    for id_, (item, part) in parts_of(key).items():
        answer = planned.get(id_)
        if answer is None:
            found[id_] = Worth(Fraction(0), "blank")
        elif isinstance(answer, Garbage):
            found[id_] = Worth(Fraction(0), "unreadable")
        elif same(answer, part["value"]):
            found[id_] = Worth(Fraction(part["points"]), "correct")
        else:
            own = _entries_right(part, part["value"], answer)
            best = max(own, _of_mistake(item, part, answer), _following(key, item, part, planned, found))
            found[id_] = Worth(hundredths(part["points"] * best), "partial" if own else "incorrect")
    return found


def same(one: Json, other: Json) -> bool:
    """Whether two values are equal."""
    return _shape(one) == _shape(other) and list(map(_print, _flat(one))) == list(map(_print, _flat(other)))


def _entries_right(part: Mapping[str, Json], key: Json, answer: Json) -> Fraction:
    if part["kind"] not in ("vector", "matrix") or _shape(key) != _shape(answer):
        return Fraction(0)
    pairs = [(_print(a), _print(b)) for a, b in zip(_flat(key), _flat(answer), strict=True)]
    nothing = _print(0)
    filled = sum(a != nothing for a, _ in pairs)
    right = sum(a == b for a, b in pairs if a != nothing) - sum(a != b for a, b in pairs if a == nothing)
    return max(Fraction(right, filled), Fraction(0))


def _of_mistake(item: Mapping[str, Json], part: Mapping[str, Json], answer: Json) -> Fraction:
    """The smallest of the shares of the mistakes that lead to this answer."""
    shares = []
    for mistake in part["mistakes"]:
        if same(mistake["value"], answer):
            own = Fraction(part.get("credit", {}).get(mistake["id"], 0))
            shares.append(MISTAKES.get(f"{item['family']}/{mistake['id']}", MISTAKES.get(mistake["id"], own)))
    return min(shares, default=Fraction(0))


def follow(item: Mapping[str, Json], name: str, earlier: Mapping[str, Json]) -> tuple[tuple[str, ...], Json]:
    """The parts on which a part builds, and its value as it follows from the answers to them; None if there is none."""
    given, uses = item["given"], _USES.get((item["family"], name), ())
    if not uses or any(each not in earlier for each in uses):
        return uses, None
    try:
        return uses, _RULES[item["family"], name](given, *(earlier[each] for each in uses))
    except (IndexError, TypeError, ValueError):  # fewer entries than are needed
        return uses, None


_USES = {
    ("F24-conv-parameters", "output_shape"): ("map_shape",),
    ("F24-conv-parameters", "kernel_parameters"): ("kernel_weights",),
    ("F24-conv-parameters", "parameters"): ("kernel_parameters",),
    ("F24-conv-parameters", "map_count"): ("map_shape",),
    ("F24-conv-parameters", "output_count"): ("map_count",),
    ("F26-conv-cost", "macs"): ("output_shape",),
    ("F26-conv-cost", "flops"): ("macs",),
    ("F26-conv-cost", "activation_memory"): ("output_shape",),
    ("F18-toeplitz-numeric", "output"): ("matrix",),
    ("F01-output-size", "output_shape"): ("padded_shape",),
}
_RULES: dict[tuple[str, str], Callable[..., Json]] = {
    ("F24-conv-parameters", "output_shape"): lambda g, shape: [g["out_channels"], shape[0], shape[1]],
    ("F24-conv-parameters", "kernel_parameters"): lambda g, weights: weights + 1,
    ("F24-conv-parameters", "parameters"): lambda g, each: g["out_channels"] * each,
    ("F24-conv-parameters", "map_count"): lambda g, shape: shape[0] * shape[1],
    ("F24-conv-parameters", "output_count"): lambda g, count: g["out_channels"] * count,
    ("F26-conv-cost", "macs"): lambda g, s: s[0] * s[1] * s[2] * g["in_channels"] * prod(g["kernel_size"]),
    ("F26-conv-cost", "flops"): lambda g, macs: 2 * macs,
    ("F26-conv-cost", "activation_memory"): lambda g, s: g["batch_size"] * g["bytes_per_value"] * s[0] * s[1] * s[2],
    ("F18-toeplitz-numeric", "output"): lambda g, rows: [
        sum(a * b for a, b in zip(row, g["input"], strict=True)) for row in rows
    ],
    ("F01-output-size", "output_shape"): lambda g, shape: [
        (shape[axis] - g["dilation"][axis] * (g["weight_shape"][axis] - 1) - 1) // g["stride"][axis] + 1
        for axis in (0, 1)
    ],
}  # fmt: skip


def _following(
    key: Mapping[str, Json], item: Mapping[str, Json], part: Mapping[str, Json], planned: Planned,
    found: Mapping[str, Worth],
) -> Fraction:  # fmt: skip
    ids = {each["name"]: each["id"] for each in item["parts"]}
    read = {
        name: planned[id_]
        for name, id_ in ids.items()
        if id_ in found and found[id_].verdict not in ("blank", "unreadable")
    }
    uses, value = follow(item, part["name"], read)
    if value is None or _shape(value) != _shape(part["value"]) or same(value, part["value"]):
        return Fraction(0)
    if all(found[ids[each]].verdict == "correct" for each in uses):
        return Fraction(0)
    entries = _flat(value)
    if not any(entries) or (part["kind"] in ("integer", "shape") and min(entries) < 1):
        return Fraction(0)
    if same(value, planned[part["id"]]):
        return FOLLOWS
    return FOLLOWS * _entries_right(part, value, planned[part["id"]])


# ---- penalties ------------------------------------------------------------------------------------
def hundredths(value: Fraction) -> Fraction:
    """Rounded, halves to the even hundredth."""
    return Fraction(round(value * 100), 100)


def days_late(student: str, at: datetime | None) -> int:
    """Days begun after the student's deadline."""
    due = EXTENDED.get(student, DUE)
    if at is None or at - due <= timedelta(minutes=10):
        return 0
    seconds = int((at - due).total_seconds())
    return seconds // 86400 + (1 if seconds % 86400 else 0)


def score(raw: Fraction, late: int, number: int) -> Fraction:
    """After lateness and earlier attempts."""
    taken = Fraction(1) if late > 7 else min(Fraction(late, 10), Fraction(1, 3))
    return hundredths(raw * (1 - taken) * max(1 - Fraction(number - 1, 20), Fraction(0)))


# ---- values ---------------------------------------------------------------------------------------
def _flat(value: Json) -> list[Json]:
    return [entry for row in value for entry in _flat(row)] if isinstance(value, list | tuple) else [value]


def _shape(value: Json) -> tuple[int, ...]:
    if not isinstance(value, list | tuple):
        return ()
    return len(value), *(_shape(value[0]) if value else ())


def _print(entry: Json) -> tuple[Fraction, ...] | bool:
    """An entry's values at three points, which tell polynomials and quotients of these sizes apart."""
    if isinstance(entry, bool):
        return entry
    if isinstance(entry, int | Fraction):
        return (Fraction(entry),) * 3
    tree = ast.parse(entry, mode="eval").body
    return tuple(_value(tree, point) for point in (1, 2, 3))


def _value(tree: ast.expr, point: int) -> Fraction:
    match tree:
        case ast.Constant(value=int(number)):
            return Fraction(number)
        case ast.Name(id=name):
            return Fraction(crc32(f"{name} {point}".encode()) % 9973 + 2)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner, point)
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](_value(left, point), _value(right, point))
    raise ValueError(ast.dump(tree))


_OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}  # fmt: skip


def last_best_first(which: str, scores: Sequence[Fraction]) -> int:
    """The place of the attempt that counts; of equal ones the later is the best."""
    return {"first": 0, "last": len(scores) - 1, "best": len(scores) - 1 - scores[::-1].index(max(scores))}[which]
