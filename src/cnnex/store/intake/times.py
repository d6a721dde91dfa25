"""Times as forms and learning systems write them. What can be read in two ways is not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

_YEAR_FIRST = r"(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})"
_YEAR_LAST = r"(?P<a>\d{1,2})(?P<mark>[-/.])(?P<b>\d{1,2})(?P=mark)(?P<y>\d{4}|\d{2})"
_DAY_MONTH = r"(?:[A-Za-z]+,?\s+)?(?P<d>\d{1,2})\.?\s+(?P<month>[A-Za-z]{3,9})\.?,?\s+(?P<y>\d{4})"
_MONTH_DAY = r"(?:[A-Za-z]+,\s+)?(?P<month>[A-Za-z]{3,9})\.?\s+(?P<d>\d{1,2}),?\s+(?P<y>\d{4})"
_CLOCK = (
    r"(?:T|,?\s+(?:at\s+)?)(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?"
    r"(?:\s*(?P<zone>Z|(?:UTC|GMT)?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?|UTC|GMT))?"
)
_FORMS = [re.compile(date + _CLOCK) for date in (_YEAR_FIRST, _YEAR_LAST, _DAY_MONTH, _MONTH_DAY)]
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NONE = ("", "-", "n/a")


def read_time(text: str, order: bool | None = None) -> tuple[str, str]:
    """A time as ISO 8601, and a sentence where it can't be read; one of them is empty, both where there is no time.

    Args:
        text: date and time, with or without zone; names of months are English.
        order: whether in `3/4/2026` the day comes first, where the source shows that elsewhere.

    >>> read_time("2026/11/20 9:05:12 PM GMT+1")
    ('2026-11-20T21:05:12+01:00', '')
    >>> read_time("20.11.2026 10:11"), read_time("11/20/2026 10:11:12"), read_time("20 November 2026, 10:11 AM")
    (('2026-11-20T10:11:00', ''), ('2026-11-20T10:11:12', ''), ('2026-11-20T10:11:00', ''))
    >>> read_time("3/4/2026 10:11")[1]
    "the time '3/4/2026 10:11' is left out, as day and month can't be told apart"
    """
    text = text.strip()
    if text.casefold() in _NONE:
        return "", ""
    found = next(filter(None, (form.fullmatch(text[:100]) for form in _FORMS)), None)
    try:
        if found is None or len(text) > 100:
            raise ValueError
        date = _date(found, order)
        if date is None:
            return "", f"the time {text!r} is left out, as day and month can't be told apart"
        return _moment(found, date).isoformat(), ""
    except ValueError:
        return "", f"the time {text[:100]!r} is left out, as it can't be read"


def day_first(texts: Iterable[str]) -> bool | None:
    """Whether the source of these times writes the day before the month; none where they don't show it alike.

    >>> day_first(["3/4/2026 10:11", "20/11/2026 10:11"]), day_first(["3/4/2026 10:11"])
    (True, None)
    """
    found = filter(None, (_FORMS[1].fullmatch(text.strip()[:100]) for text in texts))
    shown = {int(each["a"]) > 12 for each in found if (int(each["a"]) > 12) != (int(each["b"]) > 12)}
    return shown.pop() if len(shown) == 1 else None


def _date(found: re.Match[str], order: bool | None) -> tuple[int, int, int] | None:
    """Year, month and day, or nothing where month and day may be either."""
    parts = found.groupdict()
    if "month" in parts:
        return int(parts["y"]), _MONTHS.index(parts["month"][:3].lower()) + 1, int(parts["d"])
    if "a" not in parts:
        return int(parts["y"]), int(parts["m"]), int(parts["d"])
    first, second, year = int(parts["a"]), int(parts["b"]), int(parts["y"])
    year += 2000 if year < 100 else 0
    if parts["mark"] == ".":
        order = True  # points are written only where the day comes first
    elif (first > 12) != (second > 12):
        order = first > 12
    elif first == second:
        order = True
    if order is None:
        return None
    return (year, second, first) if order else (year, first, second)


def _moment(found: re.Match[str], date: tuple[int, int, int]) -> datetime:
    hour, second = int(found["hour"]), int(found["second"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if found["half"] in "pP" else 0)
    zone = None
    if found["zone"]:
        away = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
        zone = timezone(-away if found["sign"] == "-" else away)
    micro = int((found["fraction"] or "")[:6].ljust(6, "0"))
    return datetime(*date, hour, int(found["minute"]), second, micro, zone)
