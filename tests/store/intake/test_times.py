"""Times that people and programs write."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnex.store.intake.times import day_first, read_time


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-20T10:11:12Z", "2026-11-20T10:11:12+00:00"),
        ("2026-11-20T10:11:12.345+0530", "2026-11-20T10:11:12.345000+05:30"),
        ("2026-11-20 10:11:12 UTC", "2026-11-20T10:11:12+00:00"),
        ("2026-11-20 10:11:12 -0800", "2026-11-20T10:11:12-08:00"),
        ("2026/11/20 12:00:00 AM GMT-3", "2026-11-20T00:00:00-03:00"),
        ("11/20/26 12:05 PM", "2026-11-20T12:05:00"),
        ("11/20/2026 9:05\u202fPM", "2026-11-20T21:05:00"),
        ("20/11/2026 21:05", "2026-11-20T21:05:00"),
        ("05/05/2026 21:05", "2026-05-05T21:05:00"),
        ("3.4.2026 9:05", "2026-04-03T09:05:00"),
        ("Friday, 20 November 2026, 9:05 PM", "2026-11-20T21:05:00"),
        ("Nov 20, 2026 at 9:05pm", "2026-11-20T21:05:00"),
        ("", ""),
        ("-", ""),
    ],
)
def test_read(text: str, at: str) -> None:
    assert read_time(text) == (at, "")


@pytest.mark.parametrize(
    "text",
    ["3/4/2026 10:00", "2026-11-20", "2026-02-30 10:00", "25:00", "2026-11-20 13:00 PM", "20 Foo 2026 10:00",
     "x" * 1000, "2026-11-20 10:00 EST", "2026-11-20 10:00 +99:00", "99/99/2026 10:00"],
)  # fmt: skip
def test_what_is_open_is_left_out(text: str) -> None:
    at, note = read_time(text)
    assert at == ""
    assert note.startswith("the time '")
    assert len(note) < 200


@given(st.datetimes(min_value=datetime(1000, 1, 1)), st.booleans())
def test_day_and_month(time: datetime, first: bool) -> None:
    time = time.replace(microsecond=0)
    text = time.strftime("%d/%m/%Y %H:%M:%S" if first else "%m/%d/%Y %I:%M:%S %p")
    assert read_time(text, first) == (time.isoformat(), "")
    assert day_first([text]) in (None, first)


@given(st.text())
def test_any_text(text: str) -> None:
    read_time(text)
    day_first([text])
