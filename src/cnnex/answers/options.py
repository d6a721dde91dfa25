"""What a part declares about its answers: tolerances, forms, and whether arithmetic may stand for a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from cnnex.answers.forms import FORMS
from cnnex.answers.tolerance import Tolerance
from cnnex.errors import InputError, nearest

OPTIONS = ("rtol", "atol", "decimals", "sigfigs", "form", "arithmetic")
_MAX_PLACES = 100
_MAX_DIGITS = 60


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a part, read.

    >>> Options.read({"form": "lowest-terms", "arithmetic": False})
    Options(tolerance=None, forms=('lowest-terms', 'number'))
    """

    tolerance: Tolerance | None = None
    forms: tuple[str, ...] = ()

    @classmethod
    def read(cls, opts: Mapping[str, Any] | None) -> Options:
        """The options that these entries declare; an entry that is None counts as absent.

        Raises:
            InputError: an entry is unknown or no such thing as it should be.
        """
        if opts is None:
            return cls()
        if not isinstance(opts, Mapping):
            raise InputError(f"opts is {opts!r}, but should be a table of options")
        for name in opts:
            if name not in OPTIONS:
                raise InputError(f"opts.{name} is no option", hint=nearest(str(name), OPTIONS))
        given = {name: value for name, value in opts.items() if value is not None}
        widths: dict[str, Any] = {name: _decimal(name, given[name]) for name in ("rtol", "atol") if name in given}
        widths |= {name: _places(name, given[name]) for name in ("decimals", "sigfigs") if name in given}
        return cls(Tolerance(**widths) if widths else None, _forms(given))


EXACT = Options()
"""What holds where nothing is declared."""


def _forms(given: Mapping[str, Any]) -> tuple[str, ...]:
    forms = given.get("form", [])
    if isinstance(forms, str):
        forms = [forms]
    if not isinstance(forms, list | tuple):
        raise InputError(f"opts.form is {forms!r}, but should be the name of a form, or several")
    for form in forms:
        if form not in FORMS:
            raise InputError(f"opts.form: {form!r} is no form", hint=nearest(str(form), FORMS))
    arithmetic = given.get("arithmetic", True)
    if not isinstance(arithmetic, bool):
        raise InputError(f"opts.arithmetic is {arithmetic!r}, but should be true or false")
    if not arithmetic and "unevaluated-sum" in forms:
        raise InputError("opts.arithmetic forbids the sum that opts.form asks for")
    return tuple(forms) if arithmetic else (*forms, "number")


def _decimal(name: str, value: Any) -> Fraction:
    """Text or a number as the decimal that is written."""
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValueError
        number = Decimal(value if isinstance(value, int) else str(value).strip())
        # The exponent is looked at before anything is raised to it.
        if not number.is_finite() or number < 0 or abs(number.adjusted()) > _MAX_PLACES:
            raise ValueError
        if len(number.as_tuple().digits) > _MAX_DIGITS:
            raise ValueError
    except (ValueError, InvalidOperation):
        raise InputError(f"opts.{name} is {str(value)[:40]!r}, but should be a decimal number of at least 0") from None
    return Fraction(number)


def _places(name: str, value: Any) -> int:
    least = int(name == "sigfigs")
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= _MAX_PLACES:
        raise InputError(
            f"opts.{name} is {str(value)[:40]!r}, but should be a whole number from {least} to {_MAX_PLACES}"
        )
    return value
