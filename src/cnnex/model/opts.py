"""What a part declares about its answers besides the key: tolerances, forms, arithmetic."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated

from msgspec import Meta, Struct

from cnnex.errors import nearest

FORMS = {
    "expanded": "expanded",
    "factored": "as a product of factors",
    "lowest-terms": "in lowest terms without decimals",
    "single-fraction": "as a single fraction",
    "unevaluated-sum": "as a sum that isn't worked out",
}
"""The forms that a part may ask for, and how a statement asks for them."""

_MAX_PLACES = 100
_MAX_DIGITS = 60

Amount = str | int | float
"""A number of at least 0, taken as the decimal that is written."""
Form = Annotated[str, Meta(extra_json_schema={"enum": list(FORMS)})]


class Opts(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What a part declares about its answers; what is absent is not declared.

    Of several tolerances, an answer is right if any of them accepts it, at the edge, too.

    Attributes:
        rtol: the largest distance from the key over the key's size.
        atol: the largest distance from the key.
        decimals: half a unit of this decimal place.
        sigfigs: half a unit of this significant figure of the key.
        form: the name of a form that the answer must have, or several.
        arithmetic: false where a number has to be worked out.
        decimal_comma: true where `2,5` in an answer is 5/2.
    """

    rtol: Amount | None = None
    atol: Amount | None = None
    decimals: Annotated[int, Meta(ge=0, le=_MAX_PLACES)] | None = None
    sigfigs: Annotated[int, Meta(ge=1, le=_MAX_PLACES)] | None = None
    form: Form | tuple[Form, ...] | None = None
    arithmetic: bool | None = None
    decimal_comma: bool | None = None

    def __post_init__(self) -> None:
        for name, value in (("rtol", self.rtol), ("atol", self.atol)):
            if value is not None and not _is_amount(value):
                raise ValueError(f"{name} is {str(value)[:40]!r}, but should be a decimal number of at least 0")
        for form in self.forms:
            if form not in FORMS:
                raise ValueError(f"form: {form[:40]!r} is no form ({nearest(form, FORMS)})")
        if self.arithmetic is False and "unevaluated-sum" in self.forms:
            raise ValueError("arithmetic forbids the sum that form asks for")

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms that are asked for."""
        return (self.form,) if isinstance(self.form, str) else self.form or ()

    @property
    def tolerant(self) -> bool:
        """Whether there is a tolerance."""
        return any(each is not None for each in (self.rtol, self.atol, self.decimals, self.sigfigs))


NO_OPTS = Opts()
"""Exact, in any form, with arithmetic."""


def as_decimal(amount: Amount) -> Decimal:
    """The decimal that is written.

    >>> as_decimal("1e-2"), as_decimal(0.1)
    (Decimal('0.01'), Decimal('0.1'))
    """
    return Decimal(amount if isinstance(amount, int) else str(amount).strip())


def _is_amount(value: Amount) -> bool:
    try:
        number = as_decimal(value)
    except InvalidOperation:
        return False
    # The exponent is looked at before anything is raised to it.
    small = number.is_finite() and abs(number.adjusted()) <= _MAX_PLACES
    return small and number >= 0 and len(number.as_tuple().digits) <= _MAX_DIGITS


def demand(opts: Opts) -> str:
    """What a statement says of a part's opts, "" if there is nothing to say.

    >>> demand(Opts(decimals=2, rtol="0.01"))
    'It is enough to give it to 2 decimal places or with a relative error of at most 0.01.'
    >>> demand(Opts(form="lowest-terms", arithmetic=False))
    'Write it in lowest terms without decimals. Work all arithmetic out.'
    """
    enough = []
    if opts.decimals is not None:
        enough.append(f"to {_counted(opts.decimals, 'decimal place')}" if opts.decimals else "to a whole number")
    if opts.sigfigs is not None:
        enough.append(f"to {_counted(opts.sigfigs, 'significant figure')}")
    if opts.atol is not None:
        enough.append(f"with an error of at most {_written(opts.atol, opts)}")
    if opts.rtol is not None:
        enough.append(f"with a relative error of at most {_written(opts.rtol, opts)}")
    said = [f"It is enough to give it {' or '.join(enough)}."] if enough else []
    if opts.forms:
        said.append(f"Write it {' and '.join(FORMS[form] for form in opts.forms)}.")
    if opts.arithmetic is False:
        said.append("Work all arithmetic out.")
    return " ".join(said)


def _written(amount: Amount, opts: Opts) -> str:
    written = f"{as_decimal(amount):f}"
    return written.replace(".", ",") if opts.decimal_comma else written


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
