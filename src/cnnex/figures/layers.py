"""Stacks of layers: the cone of a receptive field, and boxes in a row with the shapes between them."""

from __future__ import annotations

from dataclasses import dataclass

from cnnex.figures.picture import BLACK, PENS, QUIET, Drawing, Picture, Polygon, Rect, Shape, Text, arrow, counted

EDGE = 2.0


@dataclass(frozen=True, slots=True)
class Cone(Drawing):
    """What one output of the last layer depends on, layer by layer. It shows the field: for solutions.

    Attributes:
        names: of the rows, the image first.
        needed: how many neighbouring places of each row the output depends on, along one axis.
        jumps: how many pixels two neighbouring places of a row lie apart.
    """

    names: tuple[str, ...]
    needed: tuple[int, ...]
    jumps: tuple[int, ...]

    @property
    def _left(self) -> float:
        return EDGE + 4.6 * max(map(len, self.names)) + 8

    @property
    def size(self) -> tuple[float, float]:
        return self._left + self._pixel * self.needed[0] + 34 + EDGE, 2 * EDGE + STEP * len(self.names) - 14

    @property
    def _pixel(self) -> float:
        return min(11.0, (430 - self._left - 40) / self.needed[0])

    def picture(self) -> Picture:
        pen, pixel, left = PENS[0], self._pixel, self._left
        width, height = self.size
        middle = left + self.needed[0] * pixel / 2
        shapes: list[Shape] = []
        texts: list[Shape] = []
        above: tuple[float, float, float] | None = None
        for depth, (name, count, jump) in reversed([*enumerate(zip(self.names, self.needed, self.jumps, strict=True))]):
            y = EDGE + STEP * (len(self.names) - 1 - depth)
            side = min(pixel, 11.0)
            begin = middle - (count - 1) * jump * pixel / 2 - side / 2
            end = middle + (count - 1) * jump * pixel / 2 + side / 2
            if above:
                shapes.append(Polygon(((above[0], above[2]), (above[1], above[2]), (end, y), (begin, y)), "#e7f0f7"))
            above = begin, end, y + ROW
            if jump * pixel < 2.6:  # places that nobody could tell apart
                texts.append(Rect(begin, y, end - begin, ROW, pen.tint, pen.colour, 0.8))
            else:
                thin = max(side, 0.55 * min(jump * pixel, 11.0))
                texts += [
                    Rect(begin + side / 2 + place * jump * pixel - thin / 2, y, thin, ROW, pen.tint, pen.colour, 0.6)
                    for place in range(count)
                ]
            texts += [
                Text(EDGE, y + ROW - 2.4, name, 9, "start", QUIET),
                Text(width - EDGE, y + ROW - 2.4, str(count), 9, "end", BLACK),
            ]
        seen = ", ".join(
            f"{name}: {counted(count, 'pixel' if depth == 0 else 'place')}"
            for depth, (name, count) in reversed([*enumerate(zip(self.names, self.needed, strict=True))])
        )
        alt = f"The receptive field as a cone, along one side, from one output down to the image. {seen}."
        return Picture(width, height, (*shapes, *texts), alt)


STEP, ROW = 25.0, 11.0


@dataclass(frozen=True, slots=True)
class Layers(Drawing):
    """Layers as boxes in a row, with the shape after each below it.

    Attributes:
        boxes: name, kind and settings of each layer; the input first.
        shapes: after each box; `?` where it is asked for.
    """

    boxes: tuple[tuple[str, str, str], ...]
    shapes: tuple[str, ...]

    @property
    def size(self) -> tuple[float, float]:
        rows = -(-len(self.boxes) // A_ROW)
        return EDGE * 2 + PITCH * min(len(self.boxes), A_ROW) - GAP + (12 if rows > 1 else 0), rows * LINE + EDGE

    def picture(self) -> Picture:
        pen = PENS[0]
        shapes: list[Shape] = []
        left = EDGE + (12 if len(self.boxes) > A_ROW else 0)
        for number, ((name, kind, settings), shape) in enumerate(zip(self.boxes, self.shapes, strict=True)):
            row, place = divmod(number, A_ROW)
            x, y = left + place * PITCH, EDGE + row * LINE
            shapes.append(Rect(x, y, BOX, HIGH, "#ffffff" if number == 0 else pen.tint, pen.colour, 0.9))
            if number:
                shapes += arrow(x - GAP + 1, y + HIGH / 2, GAP - 2)
            lines = [line for line in (kind, settings) if line]
            first = y + HIGH / 2 + 3.2 - 5.2 * len(lines)
            shapes.append(_text(x + BOX / 2, first, name, 9, bold=True))
            shapes += [_text(x + BOX / 2, first + 10.4 * n, line, 8) for n, line in enumerate(lines, 1)]
            shapes.append(_text(x + BOX / 2, y + HIGH + 12, shape, 9))
        said = "; ".join(
            ", ".join(part for part in (name, kind, settings) if part)
            + (": shape asked for" if shape == "?" else f": shape {shape}" if shape else "")
            for (name, kind, settings), shape in zip(self.boxes, self.shapes, strict=True)
        )
        return Picture(*self.size, tuple(shapes), f"The network as a row of boxes. {said}.")


A_ROW, BOX, GAP, HIGH, LINE = 5, 73.0, 14.0, 40.0, 64.0
PITCH = BOX + GAP


def _text(x: float, y: float, words: str, size: float, *, bold: bool = False) -> Text:
    """Words that fit into a box."""
    return Text(x, y, words, min(size, (BOX - 4) / (max(len(words), 1) * (0.56 if bold else 0.47))), bold=bold)
