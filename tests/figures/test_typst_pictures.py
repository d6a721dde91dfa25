from __future__ import annotations

from cnnex.export.pdf import typeset
from cnnex.figures.picture import Picture, Rect, Text
from cnnex.figures.typst import typst
from cnnex.notation.typst import literal

PICTURE = Picture(
    40,
    20,
    (Rect(0, 0, 40, 20, "#eeeeee"), Text(4, 9, 'a "b"', 9, "start"), Text(38, 9, "c", 7, "end", "#777777", True, True)),
    "A box with three letters",
)


def test_words_are_typst_and_shapes_are_svg() -> None:
    drawn = typst(PICTURE, literal)
    shapes, _, words = drawn.partition("svg>")
    assert "<rect" in shapes
    assert "<text" not in shapes
    assert words.startswith('", "A box with three letters", 40pt, ')
    style = '7pt, rgb("#777777"), style: "italic", weight: "bold", '
    assert words.endswith(f'((left, 4, 9, "a \\"b\\""),(right, -2, 9, text({style}"c")),)')


def test_it_is_a_call_that_typst_takes() -> None:
    head = '#set document(title: "x")\n#let drawing(svg, alt, width, words) = {\n'
    body = 'image(bytes(svg), format: "svg", alt: alt, width: width)\nfor (side, x, y, body) in words { body }\n}\n'
    assert typeset(f"{head}{body}#drawing({typst(PICTURE, literal)})".encode()).startswith(b"%PDF")
