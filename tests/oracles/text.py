"""The text of a key file as exact numbers, SymPy expressions, or values at the points of a grid."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import sympy


def entry(value: Any) -> Any:
    """A number, or for the text of an expression its value in SymPy symbols."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"{value!r} is neither an integer nor text")
    return value if isinstance(value, int) else _symbolic(value)


@cache
def _symbolic(text: str) -> Any:
    return evaluate(text, {name: sympy.Symbol(name) for name in names_in(text)})


@cache
def _tree(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def names_in(text: str) -> frozenset[str]:
    """The symbols of an expression, functions left out."""
    return frozenset(_names(_tree(text)))


def _names(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.BinOp):
        yield from _names(node.left)
        yield from _names(node.right)
    elif isinstance(node, ast.UnaryOp):
        yield from _names(node.operand)
    elif isinstance(node, ast.Call):
        for each in node.args:
            yield from _names(each)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "floor": math.floor, "ceil": math.ceil, "max": max, "min": min, "abs": abs,
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: Fraction(a, b) if isinstance(a, int) and isinstance(b, int) else a / b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
    ast.Pow: lambda a, b: a**b,
}


def evaluate(text: str, values: Mapping[str, Any]) -> Any:
    """The exact value of plain text, with a value for each name."""
    return _value(_tree(text), values)


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=int(number)):
            return number
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, values)
        case ast.BinOp(left=left, op=operator, right=right):
            return _OPERATORS[type(operator)](_value(left, values), _value(right, values))
        case ast.Call(func=ast.Name(id=name), args=args):
            return _FUNCTIONS[name](*(_value(each, values) for each in args))
    raise ValueError(f"{ast.unparse(node)} is not the plain text of an expression")


@dataclass(frozen=True)
class Counted:
    """A size that depends on symbols: its value at each point of a grid, found by counting."""

    names: tuple[str, ...]
    points: tuple[tuple[int, ...], ...]
    sizes: tuple[int, ...]

    def agrees(self, value: Any) -> bool:
        """Whether a number or the text of a formula has these values."""
        if isinstance(value, int):
            return all(size == value for size in self.sizes)
        return self.values(value) == self.sizes

    def values(self, text: str) -> tuple[Any, ...]:
        """The values of a formula at the same points; None where it has none."""
        return _at_points(text, self.names, self.points)


@cache
def _at_points(text: str, names: tuple[str, ...], points: tuple[tuple[int, ...], ...]) -> tuple[Any, ...]:
    return tuple(_at(text, dict(zip(names, point, strict=True))) for point in points)


def _at(text: str, values: Mapping[str, int]) -> Any:
    try:
        return evaluate(text, values)
    except (KeyError, ZeroDivisionError):
        return None
