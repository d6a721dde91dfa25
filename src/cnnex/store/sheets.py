"""A sheet as JSON and back, so that a key prints its sheet again without the code that made it.

Nouns are objects with the names of their fields, a formula is a list of its operation and arguments, a fraction is
`["/", 7, 4]`. Words are text, and a figure is the data that it is drawn from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from fractions import Fraction
from functools import cache, partial
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from cnnex.errors import InputError
from cnnex.figures.layers import Cone, Layers
from cnnex.figures.picture import Drawing, drawn
from cnnex.figures.pooling import PoolingWindows, Routes
from cnnex.figures.svg import svg
from cnnex.figures.windows import LineWindow, PlaneWindow, Taps
from cnnex.model.course import Course
from cnnex.model.prose import Table
from cnnex.model.records import Key
from cnnex.model.sheet import Sheet
from cnnex.model.value import Kind
from cnnex.notation.formula import Formula, Term
from cnnex.store.records import read_record

DRAWINGS = (PoolingWindows, Routes, PlaneWindow, LineWindow, Taps, Cone, Layers)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_/]{0,60}")
_SIGNS = {",", "=", "!=", "<", "<=", ">", ">=", "in", "to", "+", "-", ""}


def sheet_json(sheet: Sheet) -> msgspec.Raw:
    """The sheet as JSON on one line."""
    try:
        return msgspec.Raw(msgspec.json.encode(sheet, enc_hook=_as_list))
    except UnicodeEncodeError:  # half a surrogate pair in a title becomes JSON's own escape
        return msgspec.Raw(json.dumps(msgspec.to_builtins(sheet, enc_hook=_as_list)).encode())


def _as_list(value: Any) -> list[Any]:
    if isinstance(value, Formula):
        return [value.op, *value.args]
    if isinstance(value, Fraction):
        return ["/", value.numerator, value.denominator]
    raise NotImplementedError(type(value))


def sheet_of(key: Key, where: str) -> Sheet:
    """The sheet of a key, with solutions; `where` names the key in messages.

    Raises:
        InputError: the key has none, or something else; the message says where and what was expected.
    """
    if key.sheet is msgspec.UNSET:
        raise InputError(
            f"{where}: this key holds no sheet, since cnnex {key.version} made it without",
            hint=f"generate the set again, with the same options and --seed {key.seed}",
        )
    content = key.sheet
    if isinstance(content, msgspec.Raw):
        content = read_record(bytes(content), dict, f"{where}: sheet")
    try:
        sheet: Sheet = _read(content, Sheet)
    except _Misfit as misfit:
        raise InputError(f"{where}: sheet{misfit.place}: expected {misfit.expected}") from None
    except RecursionError:
        raise InputError(f"{where}: sheet: its formulas are nested too deeply") from None
    if sheet.set_id != key.set:
        raise InputError(f"{where}: sheet: it is of set {sheet.set_id}, but the key is of set {key.set}")
    return sheet


class _Misfit(Exception):  # noqa: N818 (it never leaves this file)
    def __init__(self, expected: str, place: str = "") -> None:
        self.expected, self.place = expected, place


def _read(value: Any, hint: Any) -> Any:
    """A JSON value as what a type says."""
    return _reader(hint)(value)


@cache
def _reader(hint: Any) -> Callable[[Any], Any]:
    """What reads a value as a type; a class of sheets has millions of values and few types."""
    if is_dataclass(hint) and isinstance(hint, type):
        return partial(_noun, noun=hint)
    if get_origin(hint) is tuple:
        return partial(_listed, hints=get_args(hint))
    if get_origin(hint) in (Union, UnionType):
        return partial(_one_of, hints=get_args(hint))
    if hint is Drawing:
        return _drawing
    if hint is Any:  # an entry of a figure
        return lambda value: value if isinstance(value, str) else _term(value)
    if hint in (Kind, Course):
        return partial(_record, hint=hint)
    return partial(_plain, hint=hint)


def _plain(value: Any, hint: type[Any]) -> Any:
    if type(value) is not hint:
        raise _Misfit({str: "words", int: "an integer", bool: "true or false"}.get(hint, "null"))
    return value


def _record(value: Any, hint: type[Any]) -> Any:
    try:
        return msgspec.convert(value, hint)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        raise _Misfit(f"a {hint.__name__.lower()}, but {problem[0].lower()}{problem[1:]}", path.rstrip("`")) from None


def _noun(value: Any, noun: type[Any]) -> Any:
    known, needed = _fields(noun)  # type: ignore[arg-type] # classes are hashable
    if not isinstance(value, dict) or not needed <= value.keys() <= known.keys():
        raise _Misfit(f"{', '.join(known)}, as an object")
    read: dict[str, Any] = {}
    for name in value:
        try:
            read[name] = _read(value[name], known[name])
        except _Misfit as misfit:
            raise _Misfit(misfit.expected, f".{name}{misfit.place}") from None
    found = noun(**read)
    if isinstance(found, Table) and any(len(row) != len(found.head) for row in found.rows):
        raise _Misfit(f"rows of {len(found.head)} entries, as the head has", ".rows")
    return found


def _drawing(value: Any) -> Drawing:
    """A figure's data, tried by drawing it: each field may be right and yet contradict another."""
    try:
        found: Drawing = _one_of(value, DRAWINGS)
        svg(drawn(found)).encode()
    except _Misfit as misfit:
        raise misfit if misfit.place else _Misfit("the data of a figure") from None
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        raise _Misfit("the data of a figure, which fit together") from None
    return found


@cache
def _fields(noun: Any) -> tuple[dict[str, Any], set[str]]:
    """The types of a noun's fields, and which of them it can't do without."""
    hints = get_type_hints(noun)
    known = {each.name: hints[each.name] for each in fields(noun)}
    return known, {each.name for each in fields(noun) if each.default is MISSING}


def _listed(value: Any, hints: tuple[Any, ...]) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _Misfit("a list")
    if hints[-1] is ...:
        hints = hints[:1] * len(value)
    if len(hints) != len(value):
        raise _Misfit(f"{len(hints)} entries")
    read: list[Any] = []
    try:
        for entry, hint in zip(value, hints, strict=True):
            read.append(_read(entry, hint))
    except _Misfit as misfit:
        raise _Misfit(misfit.expected, f"[{len(read)}]{misfit.place}") from None
    return tuple(read)


def _one_of(value: Any, hints: tuple[Any, ...]) -> Any:
    """The value as the first type that it fits; of misfits, the one that lies deepest says most."""
    if Formula in hints and not isinstance(value, str):
        return _term(value)
    misfits = []
    for hint in hints:
        try:
            return _read(value, hint)
        except _Misfit as misfit:
            misfits.append(misfit)
    deepest = max(misfits, key=lambda misfit: len(misfit.place))
    raise deepest if deepest.place else _Misfit(" or ".join(dict.fromkeys(each.expected for each in misfits)))


def _term(value: Any) -> Term:
    """A number or a formula, each operation with as many arguments as it takes."""
    match value:
        case bool():
            pass
        case int():
            return value
        case ["/", int(above), int(below)] if below > 0:
            return Fraction(above, below)
        case ["symbol", str(name)] if _NAME.fullmatch(name):
            return Formula("symbol", name)
        case ["words", str(words)]:
            return Formula("words", words)
        case ["call", str(name), _, *_] if _NAME.fullmatch(name):
            return Formula("call", name, *map(_term, value[2:]))
        case ["rel", str(sign), _, *_] if sign in _SIGNS:
            return Formula("rel", sign, *map(_term, value[2:]))
        case ["matrix", [_, *_] as first, *rows] if all(
            isinstance(row, list) and len(row) == len(first) for row in rows
        ):
            return Formula("matrix", *(tuple(map(_term, row)) for row in value[1:]))
        case ["lines", left, *steps] if all(isinstance(step, list) and _is_step(step) for step in steps):
            return Formula("lines", _term(left), *((sign, _term(term)) for sign, term in steps))
        case ["neg", _] | ["div" | "floordiv" | "mod" | "pow", _, _] | ["sigma", _, _, _, _]:
            return Formula(value[0], *map(_term, value[1:]))
        case ["add" | "mul" | "shape", _, *_]:
            return Formula(value[0], *map(_term, value[1:]))
    raise _Misfit('a number or a formula, such as 7, ["/", 7, 4] or ["add", ["symbol", "x_1"], 2]')


def _is_step(step: list[Any]) -> bool:
    return len(step) == 2 and isinstance(step[0], str) and step[0] in _SIGNS
