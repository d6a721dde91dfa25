"""Small plots as SVG text, with a title and a description for those who don't see them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

_HEIGHT, _BAR, _GAP, _LETTER = 90, 16, 4, 6.9
_WIDE, _BINS = 260, 320
_PLAIN, _STRONG = 'class="bar" fill="#6f9bd1"', 'class="bar named" fill="#1f5fa8"'


class Bar(NamedTuple):
    """A bar: what it stands for, how long it is, whether it is set off."""

    name: str
    value: float
    strong: bool = False


def columns(title: str, bars: Sequence[Bar], middle: float) -> str:
    """A histogram whose bars are named by numbers, with a line at the `middle`.

    >>> svg = columns("Work", [Bar("16", 3), Bar("18", 1)], 16)
    >>> svg.count("<rect"), "16: 3, 18: 1" in svg
    (2, True)
    """
    highest = max((bar.value for bar in bars), default=1)
    low, high = (float(bars[0].name), float(bars[-1].name)) if bars else (0.0, 1.0)
    step = (_WIDE - 60) / ((high - low) or 1)
    thick = max(3.0, min(28.0, step * 0.8))

    def across(number: float) -> float:
        return 30 + (number - low) * step if high > low else _WIDE / 2

    drawn, free = [], -1e9
    for bar in bars:
        x, length = across(float(bar.name)), _HEIGHT * bar.value / highest
        drawn.append(
            f'<rect {_PLAIN} x="{x - thick / 2:.1f}" y="{_HEIGHT + 10 - length:.1f}" '
            f'width="{thick:.1f}" height="{length:.1f}"/>'
        )
        if x - free > _LETTER * (len(bar.name) + 1):  # a name that would run into its neighbour is left out
            drawn.append(f'<text x="{x:.1f}" y="{_HEIGHT + 25}" text-anchor="middle">{escape(bar.name)}</text>')
            free = x
    line = across(middle)
    drawn.append(f'<line class="median" x1="{line:.1f}" x2="{line:.1f}" y1="4" y2="{_HEIGHT + 10}"/>')
    return _svg(title, ", ".join(f"{bar.name}: {bar.value:g}" for bar in bars), _WIDE, _HEIGHT + 32, drawn)


def bins(title: str, bars: Sequence[Bar], middle: float | None = None) -> str:
    """Columns side by side, each with its name below and its number above, and a line at a place counted in columns.

    >>> svg = bins("Scores", [Bar("0", 3), Bar("50", 1)], 0.5)
    >>> svg.count("<rect"), "0: 3, 50: 1" in svg
    (2, True)
    """
    highest = max((bar.value for bar in bars), default=0) or 1
    step = _BINS / max(1, len(bars))
    drawn, named, counted = [], -1e9, -1e9
    for place, bar in enumerate(bars):
        x, length = (place + 0.5) * step, _HEIGHT * bar.value / highest
        drawn.append(
            f'<rect {_STRONG if bar.strong else _PLAIN} x="{x - 0.45 * step:.1f}" '
            f'y="{_HEIGHT + 16 - length:.1f}" width="{0.9 * step:.1f}" height="{length:.1f}"/>'
        )
        half = _LETTER * (len(bar.name) + 1) / 2
        if x - half >= max(named, -4) and x + half <= _BINS + 4:  # what would run into its neighbour is left out
            drawn.append(f'<text x="{x:.1f}" y="{_HEIGHT + 31}" text-anchor="middle">{escape(bar.name)}</text>')
            named = x + half
        number = f"{bar.value:g}"
        half = _LETTER * (len(number) + 0.5) / 2
        if bar.value and x - half >= counted:
            drawn.append(f'<text x="{x:.1f}" y="{_HEIGHT + 12 - length:.1f}" text-anchor="middle">{number}</text>')
            counted = x + half
    if middle is not None:
        x = middle * step
        drawn.append(f'<line class="median" x1="{x:.1f}" x2="{x:.1f}" y1="4" y2="{_HEIGHT + 16}"/>')
    return _svg(title, ", ".join(f"{bar.name}: {bar.value:g}" for bar in bars), _BINS, _HEIGHT + 38, drawn)


def rows(title: str, bars: Sequence[Bar], limit: float | None = None, form: str = ".0%") -> str:
    """Bars up to 1, one below the other, with their names and a line at the `limit`; those below 0 go left.

    >>> svg = rows("Mistakes", [Bar("kernel-flipped", 1, True), Bar("transposed", 0.25)], 0.9)
    >>> svg.count("<rect"), "transposed: 25%" in svg
    (2, True)
    """
    left = _LETTER * max((len(bar.name) for bar in bars), default=0) + 10
    below = min([0.0, *(bar.value for bar in bars)])
    zero = left - 160 * below + (40 if below else 0)
    drawn = []
    for number, bar in enumerate(bars):
        y = number * (_BAR + _GAP) + 2
        length, said = 160 * bar.value, f"{bar.value:{form}}"
        end, anchor = (zero + length + 5, "start") if bar.value >= 0 else (zero + length - 5, "end")
        drawn += [
            f'<text x="{left - 6:.1f}" y="{y + 12}" text-anchor="end">{escape(bar.name)}</text>',
            f'<rect {_STRONG if bar.strong else _PLAIN} x="{zero + min(length, 0):.1f}" y="{y}" '
            f'width="{max(abs(length), 1):.1f}" height="{_BAR}"/>',
            f'<text x="{end:.1f}" y="{y + 12}" text-anchor="{anchor}">{said}</text>',
        ]
    height = len(bars) * (_BAR + _GAP) + 2
    if limit is not None:
        x = zero + 160 * limit
        drawn.append(f'<line class="limit" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height}"/>')
    return _svg(title, ", ".join(f"{bar.name}: {bar.value:{form}}" for bar in bars), zero + 205, height, drawn)


def _svg(title: str, said: str, width: float, height: float, drawn: Sequence[str]) -> str:
    return (
        f'<svg role="img" font-family="system-ui, sans-serif" font-size="11" fill="currentColor" '
        f'width="{width:.0f}" height="{height}" viewBox="0 0 {width:.0f} {height}">'
        f"<title>{escape(title)}</title><desc>{escape(said)}</desc>{''.join(drawn)}</svg>"
    )
