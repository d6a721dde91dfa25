"""PyTorch as an oracle. It lives in the package, where `cnnex stress` uses it, and imports nothing of cnnex there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnnex.stress.oracle import confirms, torch
from oracles.keys import NOT_RECOMPUTABLE

__all__ = ["agrees", "torch"]


def agrees(item: Mapping[str, Any], part: Mapping[str, Any]) -> bool | str:
    """Whether PyTorch comes to the part's key; `NOT_RECOMPUTABLE` for what it has no function for."""
    found = confirms(item, part)
    return NOT_RECOMPUTABLE if found is None else found
