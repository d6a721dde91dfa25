"""Marks as CSV: exact numbers, no formulas, the shapes that platforms take, files filled without other changes."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marks import graded, mark

from cnnex.errors import InputError
from cnnex.export.cells import number, safe
from cnnex.export.fill import fill
from cnnex.export.gradebook import HEAD, PLATFORMS, Row, gradebook, platform_csv
from cnnex.model.marks import Line
from cnnex.model.outcome import Verdict
from cnnex.model.student import Student

ADA = Student("007", "Ada Lovelace", "ada@uni.edu", "A")
BOB = Student("12", "Bob", "bob@uni.edu")
CLASS: list[Row] = [
    (ADA, Line.of(graded("007", mark("1a", 4), mark("1b", 1.33), late=2, number=3, score=1250.25))),
    (
        Student("9", '=HYPERLINK("http://x","y")', "", "+1"),
        Line.of(graded("9", mark("1a", verdict=Verdict.UNREADABLE), at="")),
    ),
    (BOB, None),
]


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_all_students_in_their_order_with_exact_numbers() -> None:
    head, *rows = read(gradebook(CLASS, ["1a", "1b"]))
    assert head == [*HEAD, "1a", "1b"]
    assert rows[0] == [
        "007", "Ada Lovelace", "ada@uni.edu", "A", "AB12-CD34", "2026-10-01T12:00:00+02:00", "3", "2", "5.33",
        "1250.25", "8", "0", "4", "1.33",
    ]  # fmt: skip
    assert rows[1][1] == '\'=HYPERLINK("http://x","y")'
    assert rows[1][3:] == ["+1", "AB12-CD34", "unknown", "1", "0", "0", "0", "4", "1", "0", ""]
    assert rows[2] == ["12", "Bob", "bob@uni.edu", *[""] * 11]


@given(st.text())
def test_no_cell_begins_a_formula_and_each_stays_on_its_line(text: str) -> None:
    cell = safe(text)
    assert "\n" not in cell
    assert "\r" not in cell
    if cell.lstrip()[:1] in tuple("=+-@"):
        assert all(c.isascii() and (c.isalnum() or c in "_.@+-") for c in cell)
        assert not cell.startswith("=")


def test_names_keep_the_joiners_of_their_script() -> None:
    assert safe("نیک\u200cآیین") == "نیک\u200cآیین"
    assert safe("\u202eada\n") == "\\u202eada\\n"


@given(st.integers(0, 10**9))
def test_numbers_are_exact_to_hundredths_and_read_back(hundredths: int) -> None:
    said = number(hundredths / 100)
    assert round(float(said) * 100) == hundredths
    assert set(said) <= set("0123456789.")


def test_canvas_has_its_head_and_points() -> None:
    head, points, *rows = read(platform_csv("canvas", CLASS, "Homework, 1", 8, {"1a": 4, "1b": 4}))
    assert head[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert head[5:] == ["Homework, 1", "Homework, 1 1a", "Homework, 1 1b"]
    assert points == ["Points Possible", "", "", "", "", "8", "4", "4"]
    assert rows[0] == ["Ada Lovelace", "", "007", "ada@uni.edu", "A", "1250.25", "4", "1.33"]
    assert rows[2] == ["Bob", "", "12", "bob@uni.edu", "", "", "", ""]


def test_platforms_know_students_by_their_own_ids() -> None:
    ada = Student("007", "Ada", "ada@uni.edu", "A", (("sis login id", "adal"), ("username", "ada07")))
    assert read(platform_csv("blackboard", [(ada, None)], "HW", 8))[1] == ["ada07", ""]
    assert read(platform_csv("canvas", [(ada, None)], "HW", 8))[2][:4] == ["Ada", "", "007", "adal"]


def test_a_file_with_other_ids_than_the_gradebook_is_filled_by_them() -> None:
    line = CLASS[0][1]
    rows: list[Row] = [
        (Student("007", others=(("username", "Ada07"),)), line),
        (Student("8", others=(("username", "twin"),)), line),
        (Student("9", others=(("username", "twin"),)), line),
    ]
    found = fill(b"Username,HW\nada07,\ntwin,\n", rows, "HW")
    assert found.content == b"Username,HW\nada07,1250.25\ntwin,\n"
    assert (found.missing, found.unknown) == (("8", "9"), ("twin",))


def test_every_platform_keeps_ids_and_has_a_row_for_each_student() -> None:
    for platform in PLATFORMS:
        content = platform_csv(platform, CLASS, "HW", 8)
        assert not content.startswith(b"\xef\xbb\xbf")
        rows = read(content)
        assert len({len(row) for row in rows}) == 1
        assert sum("007" in row for row in rows) == 1
        assert len(rows) == len(CLASS) + (2 if platform == "canvas" else 1)


def test_an_unknown_platform_is_refused() -> None:
    with pytest.raises(InputError, match="did you mean moodle"):
        platform_csv("moodel", CLASS, "HW", 8)


CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,HW 1 (4711),Notes\r\n"
    "    Points Possible,,,,,8,\r\n"
    '"Lovelace, Ada",12,007,ada,"A, B",,"two\r\nlines"\r\n'
    'Eve,13,66,eve,,EX,"say ""hi"""\r\n'
    "Bob,14,12,bob,,3,\r\n"
)


def test_a_canvas_file_changes_in_one_cell_and_its_own_numbers_are_nobodys_ids() -> None:
    filled = fill(CANVAS.encode(), CLASS, "HW 1")
    assert filled.content.decode() == CANVAS.replace('"A, B",,', '"A, B",1250.25,')
    assert filled.unknown == ("66",)
    assert filled.missing == ("9",)


@pytest.mark.parametrize(
    ("encoding", "mark_"),
    [("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"), ("utf-8", b"\xef\xbb\xbf"), ("latin-1", b"")],
)
def test_a_blackboard_file_keeps_encoding_tabs_and_quotes(encoding: str, mark_: bytes) -> None:
    text = '"Last Name"\t"Username"\t"Größe [Total Pts: 8 Score] |99"\n"Löwe"\t"ADA@uni.edu"\t""\n"x"\n'
    filled = fill(mark_ + text.encode(encoding), CLASS, "Größe")
    assert filled.content == mark_ + text.replace('\t""', '\t"1250.25"').encode(encoding)


def test_parts_have_columns_of_their_own_and_short_rows_grow() -> None:
    filled = fill(b"Email address;HW;HW 1a;HW 1b\nada@uni.edu", CLASS, "HW", ["1a", "1b"])
    assert filled.content == b"Email address;HW;HW 1a;HW 1b\nada@uni.edu;1250.25;4;1.33"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("", "no CSV table"),
        ("Name,HW\nAda,\n", "no column with ids"),
        ("Username,HW 2\n007,\n", "did you mean HW 2"),
        ("Username,HW,HW\n", "2 columns"),
        ("Username,HW\n007,\nada@uni.edu,\n", "rows 2 and 3"),
        ("Username,Email,HW\n007,bob@uni.edu,\n", "row 2 of the file fits several"),
        ("PK\x03\x04\0,Username,HW", "no CSV table"),
    ],
)
def test_a_file_that_cant_be_filled_says_why(file: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        fill(file.encode(), CLASS, "HW")


@given(st.text(alphabet='a;,"\n\r\t07 é', max_size=60))
def test_whatever_stands_in_other_cells_stays(noise: str) -> None:
    content = ("Username,HW\n" + noise).encode()
    try:
        filled = fill(content, [(ADA, None)], "HW")
    except InputError:
        return
    assert filled.content == content


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (
            "First name,Last name,ID number,Email address,Assignment: HW 1 (Real),Course total (Real)",
            "A,L,007,x@y.z,{},3",
        ),
        ("Student,ID,SIS User ID,SIS Login ID,Root Account,Section,HW 1 (12),Final Score", '"L, A",7,007,ada,u,S,{},'),
        ('Last Name,First Name,Username,"Student ID","HW 1 [Total Pts: 8 Score] |12"', 'L,A,ada,"007",{}'),
        ("Identifier,Full name,Email address,Status,HW 1,Maximum Grade", "Participant 1,Ada,ada@uni.edu,,{},8"),
    ],
)
def test_columns_are_found_under_the_names_that_platforms_give_them(head: str, row: str) -> None:
    filled = fill(f"{head}\n{row.format('')}\n".encode(), CLASS, "HW 1")
    assert filled.content.decode() == f"{head}\n{row.format('1250.25')}\n"
