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

    Names and numbers that have no room are left out; the highest column always has its number.

    >>> svg = bins("Scores", [Bar("0", 3), Bar("50", 1)], 0.5)
    >>> svg.count("<rect"), "0: 3, 50: 1" in svg
    (2, True)
    """
    highest, floor = max((bar.value for bar in bars), default=0) or 1, _HEIGHT + 16
    longest = max((len(text) for bar in bars for text in (bar.name, f"{bar.value:g}")), default=0)
    edge = _LETTER * longest / 2  # so that nothing over or under the first and the last column is cut
    step = (_BINS - 2 * edge) / max(1, len(bars))
    drawn, texts, named = [], [], -1e9
    taken: list[tuple[float, float, float, float]] = []  # no number may stand there: middle, half the width, top, foot
    for place, bar in enumerate(bars):
        x, top = edge + (place + 0.5) * step, floor - _HEIGHT * bar.value / highest
        drawn.append(
            f'<rect {_STRONG if bar.strong else _PLAIN} x="{x - 0.45 * step:.1f}" y="{top:.1f}" '
            f'width="{0.9 * step:.1f}" height="{floor - top:.1f}"/>'
        )
        taken.append((x, 0.45 * step, top, floor))
        half = _LETTER * (len(bar.name) + 1) / 2
        if x - half >= named:
            texts.append(f'<text x="{x:.1f}" y="{floor + 15}" text-anchor="middle">{escape(bar.name)}</text>')
            named = x + half
    for bar, (x, _, top, _) in sorted(zip(bars, tuple(taken), strict=True), key=lambda each: -each[0].value):
        number = f"{bar.value:g}"
        half, upper, foot = _LETTER * (len(number) + 0.5) / 2, top - 13, top - 4
        if bar.value and all(
            abs(x - at) >= half + wide or foot <= above or upper >= below for at, wide, above, below in taken
        ):
            texts.append(f'<text x="{x:.1f}" y="{foot:.1f}" text-anchor="middle">{number}</text>')
            taken.append((x, half, upper, foot))
    if middle is not None:
        x = edge + middle * step
        drawn.append(f'<line class="median" x1="{x:.1f}" x2="{x:.1f}" y1="4" y2="{floor}"/>')
    said = ", ".join(f"{bar.name}: {bar.value:g}" for bar in bars)
    return _svg(title, said, _BINS, floor + 22, [*drawn, *texts])


def rows(title: str, bars: Sequence[Bar], limit: float | None = None, form: str = ".0%") -> str:
    """Bars up to 1, one below the other, with their names and a line at the `limit`; those below 0 go left.

    >>> svg = rows("Mistakes", [Bar("kernel-flipped", 1, True), Bar("transposed", 0.25)], 0.9)
    >>> svg.count("<rect"), "transposed: 25%" in svg
    (2, True)
    """
    left = _LETTER * max((len(bar.name) for bar in bars), default=0) + 10
    below = min([0.0, *(bar.value for bar in bars)])
    unit = 160 / (1 - below)
    zero = left - unit * below + (40 if below else 0)
    drawn, texts = [], []
    for number, bar in enumerate(bars):
        y = number * (_BAR + _GAP) + 2
        length, said = unit * bar.value, f"{bar.value:{form}}"
        end, anchor = (zero + length + 5, "start") if bar.value >= 0 else (zero + length - 5, "end")
        drawn.append(
            f'<rect {_STRONG if bar.strong else _PLAIN} x="{zero + min(length, 0):.1f}" y="{y}" '
            f'width="{max(abs(length), 1):.1f}" height="{_BAR}"/>'
        )
        texts += [
            f'<text x="{left - 6:.1f}" y="{y + 12}" text-anchor="end">{escape(bar.name)}</text>',
            f'<text x="{end:.1f}" y="{y + 12}" text-anchor="{anchor}">{said}</text>',
        ]
    height = len(bars) * (_BAR + _GAP) + 2
    if limit is not None:
        x = zero + unit * limit
        drawn.append(f'<line class="limit" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height}"/>')
    said = ", ".join(f"{bar.name}: {bar.value:{form}}" for bar in bars)
    return _svg(title, said, zero + unit + 45, height, [*drawn, *texts])


def _svg(title: str, said: str, width: float, height: float, drawn: Sequence[str]) -> str:
    return (
        f'<svg role="img" font-family="system-ui, sans-serif" font-size="11" fill="currentColor" '
        f'width="{width:.0f}" height="{height}" viewBox="0 0 {width:.0f} {height}">'
        f"<title>{escape(title)}</title><desc>{escape(said)}</desc>{''.join(drawn)}</svg>"
    )
