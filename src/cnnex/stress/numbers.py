"""What a key file holds as numbers: the text of expressions with numbers for names, tensors, and what is close."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

torch: Any = import_module("torch") if find_spec("torch") else None
"""None where PyTorch isn't installed."""

TOLERANCE = 1e-9
_CALLS: dict[str, Callable[..., Any]] = {
    "floor": math.floor, "ceil": math.ceil, "max": max, "min": min, "abs": abs, "relu": lambda a: max(a, 0),
}  # fmt: skip
_SIGNS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow,
}  # fmt: skip


@lru_cache(4096)
def _tree(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _evaluate(node: ast.expr, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=int(number)):
            return number
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_evaluate(operand, values)
        case ast.BinOp(left=left, op=sign, right=right):
            return _SIGNS[type(sign)](_evaluate(left, values), _evaluate(right, values))
        case ast.Call(func=ast.Name(id=name), args=args):
            return _CALLS[name](*(_evaluate(each, values) for each in args))
    raise ValueError(f"{ast.unparse(node)} is not the plain text of an expression")


@lru_cache(4096)
def _names_in(text: str) -> frozenset[str]:
    found = {node.id for node in ast.walk(_tree(text)) if isinstance(node, ast.Name)}
    return frozenset(found - _CALLS.keys())


def names(value: Any) -> set[str]:
    """The names in text, or in nested lists of it."""
    if isinstance(value, list):
        return set().union(*map(names, value))
    return set(_names_in(value)) if isinstance(value, str) else set()


def exact(value: Any, values: Mapping[str, int]) -> Any:
    """Text, or nested lists of it, with numbers for names; what is no text as it is."""
    if isinstance(value, list):
        return [exact(each, values) for each in value]
    return _evaluate(_tree(value), values) if isinstance(value, str) else value


def close(found: Any, key: Any) -> bool:
    """Whether two numbers, truths or choices are the same, or nested lists of them."""
    if isinstance(found, list) and isinstance(key, list):
        return len(found) == len(key) and all(map(close, found, key))
    if not all(isinstance(each, int | float | Fraction) and not isinstance(each, bool) for each in (found, key)):
        return type(found) is type(key) and bool(found == key)
    return math.isclose(found, key, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def tensor(entries: Any) -> Any:
    """Nested lists of numbers, or of their text, as a tensor."""
    return torch.tensor(floats(exact(entries, {})), dtype=torch.float64)


def floats(value: Any) -> Any:
    """Nested lists of floating point numbers."""
    return list(map(floats, value)) if isinstance(value, list) else float(value)
