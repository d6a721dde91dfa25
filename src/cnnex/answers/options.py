"""A part's `Opts`, prepared for deciding: one tolerance, and the forms that are tested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import msgspec

from cnnex.answers.tolerance import Tolerance
from cnnex.errors import InputError
from cnnex.model.opts import Amount, Opts, as_decimal


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a part, read.

    >>> Options.read({"form": "lowest-terms", "arithmetic": False})
    Options(tolerance=None, forms=('lowest-terms', 'number'), decimal_comma=False)
    """

    tolerance: Tolerance | None = None
    forms: tuple[str, ...] = ()
    decimal_comma: bool = False

    @classmethod
    def read(cls, opts: Opts | Mapping[str, Any] | None) -> Options:
        """The options that these entries declare; an entry that is None counts as absent.

        Raises:
            InputError: an entry is unknown or no such thing as it should be.
        """
        if opts is None:
            return EXACT
        if isinstance(opts, Mapping):
            opts = {name: _whole(value) if name in ("decimals", "sigfigs") else value for name, value in opts.items()}
        try:
            declared = msgspec.convert(opts, Opts)
        except msgspec.ValidationError as error:
            problem, _, path = str(error).partition(" - at `$")
            raise InputError(f"opts{path.rstrip('`')}: {problem[0].lower()}{problem[1:]}") from None
        tolerance = Tolerance(_exact(declared.rtol), _exact(declared.atol), declared.decimals, declared.sigfigs)
        forms = declared.forms if declared.arithmetic is not False else (*declared.forms, "number")
        return cls(tolerance if declared.tolerant else None, forms, declared.decimal_comma is True)


EXACT = Options()
"""What holds where nothing is declared."""


def _whole(value: Any) -> Any:
    """A float that is whole, as some programs write all numbers, as an integer."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _exact(amount: Amount | None) -> Fraction | None:
    return None if amount is None else Fraction(as_decimal(amount))
