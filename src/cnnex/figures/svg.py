"""Pictures as SVG text: five elements and presentation attributes, which all programs draw alike."""

from __future__ import annotations

from html import escape

from cnnex.figures.picture import BLACK, Lines, Picture, Polygon, Rect, Shape, Text

FONT = "New Computer Modern, Latin Modern Roman, CMU Serif, serif"


def svg(picture: Picture, *, inline: bool = False) -> str:
    """The picture on white paper; inline, as a part of a page of HTML.

    >>> picture = Picture(9, 9, (Rect(0, 0, 9, 9, "#000000"),), "A black square")
    >>> svg(picture, inline=True).partition("<rect")[0].partition("<title>")[2]
    'A black square</title>'
    """
    space = "" if inline else 'xmlns="http://www.w3.org/2000/svg" '
    size = f'width="{_n(picture.width)}pt" height="{_n(picture.height)}pt"'
    return (
        f'<svg {space}class="drawing" {size} viewBox="0 0 {_n(picture.width)} {_n(picture.height)}" role="img" '
        f'font-family="{FONT}" font-size="9" text-anchor="middle"><title>{escape(picture.alt)}</title>'
        f'<rect width="{_n(picture.width)}" height="{_n(picture.height)}" fill="#ffffff"/>'
        f"{''.join(map(_shape, picture.shapes))}</svg>"
    )


def _n(number: float) -> str:
    return f"{number:.4g}"


def _shape(shape: Shape) -> str:
    match shape:
        case Text(x, y, words, size, anchor, fill, italic, bold):
            style = "" if size == 9 else f' font-size="{size:.3g}"'
            if anchor != "middle":
                style += f' text-anchor="{anchor}"'
            if fill != BLACK:
                style += f' fill="{fill}"'
            if italic or bold:
                style += ' font-style="italic"' * italic + ' font-weight="bold"' * bold
            return f'<text x="{x:.4g}" y="{y:.4g}"{style}>{escape(words)}</text>'
        case Rect(x, y, width, height, fill, stroke, thick, dash):
            return (
                f'<rect x="{x:.4g}" y="{y:.4g}" width="{width:.4g}" height="{height:.4g}" fill="{fill or "none"}"'
                f"{_pen(stroke, thick, dash) if stroke else ''}/>"
            )
        case Lines(ends, stroke, thick, dash):
            path = "".join([f"M{a:.4g} {b:.4g}L{c:.4g} {d:.4g}" for a, b, c, d in ends])
            return f'<path d="{path}" fill="none"{_pen(stroke, thick, dash)}/>'
        case Polygon(points, fill):
            return f'<polygon points="{" ".join([f"{x:.4g},{y:.4g}" for x, y in points])}" fill="{fill}"/>'


def _pen(stroke: str, thick: float, dash: tuple[float, ...]) -> str:
    dashes = f' stroke-dasharray="{" ".join(map(_n, dash))}"' if dash else ""
    return f' stroke="{stroke}" stroke-width="{thick:g}"{dashes}'
