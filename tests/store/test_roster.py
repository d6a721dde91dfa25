"""Rosters as learning systems export them, and as people get them wrong."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnex.errors import InputError
from cnnex.model.student import Student
from cnnex.store.roster import load_roster

ADA = Student("0042", "Ada Lovelace", "ada@uni.edu", "A")


def load(tmp_path: Path, content: str | bytes) -> tuple[Student, ...]:
    path = tmp_path / "roster.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return load_roster(path).students


def left_out(tmp_path: Path, content: str) -> tuple[str, ...]:
    path = tmp_path / "roster.csv"
    path.write_text(content)
    return tuple(sentence.partition("roster.csv: ")[2] for sentence in load_roster(path).said)


@pytest.mark.parametrize(
    "content",
    [
        "id,name,email,section\n0042,Ada Lovelace,ada@uni.edu,A\n",
        "\ufeffSection;E-Mail;NAME;Student_ID\r\nA;ada@uni.edu;Ada Lovelace;0042\r\n",
        "First name,Surname,ID number,Email address,Groups\nAda,Lovelace,0042,ada@uni.edu,A\n",  # Moodle
        "First Name,Last Name,SID,Email,Sections\nAda,Lovelace,0042,ada@uni.edu,A\n",  # Gradescope
        "Vorname;Nachname;Matrikelnummer;E-Mail-Adresse;Gruppen\nAda;Lovelace;0042;ada@uni.edu;A\n",
        "Prénom,Nom,Numéro d'identification,Adresse de courriel,Groupes\nAda,Lovelace,0042,ada@uni.edu,A\n",
        "Nombre,Apellido(s),Número de ID,Dirección de correo,Grupos\nAda,Lovelace,0042,ada@uni.edu,A\n",
        "student_id,last_name,first_name,email,group\n0042,Lovelace,Ada,ada@uni.edu,A\n",  # nbgrader
        'id,name,email,section\n="0042","Ada\n Lovelace",ada@uni.edu,A\n\n,,,\n',
        "sep=;\nid;name;email;section\n0042;Ada Lovelace;ada@uni.edu;A\n",
    ],
    ids=[
        "plain",
        "semicolons and BOM",
        "Moodle",
        "Gradescope",
        "German",
        "French",
        "Spanish",
        "nbgrader",
        "spreadsheet",
        "sep",
    ],
)
def test_shapes(tmp_path: Path, content: str) -> None:
    assert load(tmp_path, content) == (ADA,)
    assert load(tmp_path, content.encode("utf-16")) == (ADA,)


def test_canvas(tmp_path: Path) -> None:
    content = (
        "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (77)\n"
        "    Points Possible,,,,,10\n"
        '"Lovelace, Ada",9001,0042,ada,A,7\n'
        '"Turing, Alan",9002,,alan,A,\n'
        '"Student, Test",9003,,3f2a,A,\n'
    )
    assert load(tmp_path, content) == (
        Student("0042", "Ada Lovelace", "", "A", (("sis login id", "ada"), ("id", "9001"))),
        Student("alan", "Alan Turing", "", "A", (("id", "9002"),)),
    )
    assert left_out(tmp_path, content) == (
        "2 rows aren't students and are left out: 1 Points Possible, 1 Student, Test",
    )


def test_a_row_of_canvas_that_may_be_a_student_isnt_left_out(tmp_path: Path) -> None:
    content = "Student,ID,SIS User ID,SIS Login ID,Section\n,,,,\n,9001,0042,ada,A\n,,,,Manual Posting\n"
    (student,) = load(tmp_path, content)
    assert student.id == "0042"
    assert left_out(tmp_path, content) == ("1 row isn't a student and is left out: 1 without a name",)
    with pytest.raises(InputError, match="line 2: this row has neither an id nor an e-mail"):
        load(tmp_path, 'Student,ID,SIS User ID,SIS Login ID,Section\n"Lovelace, Ada",,,,A\n')


@pytest.mark.parametrize(
    "role", ["Student", "student", "", "Student, TA", "Auditing student", "Studierende/r", "Learner"]
)
def test_a_role_of_students(tmp_path: Path, role: str) -> None:
    content = f'First Name,Last Name,SID,Email,Role,Sections\nAda,Lovelace,0042,ada@uni.edu,"{role}",A\n'  # Gradescope
    assert load(tmp_path, content) == (ADA,)
    assert left_out(tmp_path, content) == ()


@pytest.mark.parametrize("role", ["Instructor", "TA", "Reader", "Teacher", "Student assistant", "Non-editing teacher"])
@pytest.mark.parametrize("head", ["Role", "Roles"])
def test_whoever_has_another_role_is_left_out_and_counted(tmp_path: Path, head: str, role: str) -> None:
    student, other = "Ada,Lovelace,0042,ada@uni.edu,Student,A\n", f"Grace,Hopper,,g@uni.edu,{role},A\n"
    names = f"First Name,Last Name,ID number,Email address,{head},Groups\n"
    assert load(tmp_path, names + other + student) == (ADA,)
    assert left_out(tmp_path, names + other + student) == (f"1 row isn't a student and is left out: 1 {role}",)
    assert left_out(tmp_path, names + other + student + other) == (
        f"2 rows aren't students and are left out: 2 {role}",
    )
    with pytest.raises(InputError, match=f"the roster names no students, only 1 {role}"):
        load(tmp_path, names + other)


def test_blackboard(tmp_path: Path) -> None:
    content = '"Last Name"\t"First Name"\t"Username"\t"Student ID"\n"Lovelace"\t"Ada"\t"ada"\t"0042"\n'
    assert load(tmp_path, content.encode("utf-16")) == (Student("0042", "Ada Lovelace", others=(("username", "ada"),)),)


def test_latin_1_and_utf_16_without_a_mark(tmp_path: Path) -> None:
    content = "id,name\n1,Zoë Müller\n"
    for encoding in ("utf-8", "latin-1", "utf-16-le", "utf-16-be"):
        assert load(tmp_path, content.encode(encoding)) == (Student("1", "Zoë Müller"),)


def test_an_email_does_where_there_is_no_id(tmp_path: Path) -> None:
    students = load(tmp_path, "id,email\n,ada@uni.edu\n7,\n")
    assert [student.id for student in students] == ["ada@uni.edu", "7"]


def test_equal_names_are_two_students(tmp_path: Path) -> None:
    assert len(load(tmp_path, "id,name\n1,Li Wei\n2,Li Wei\n01,Li Wei\n")) == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("id,name\n1,A\n2,B\n1,C\n", ("line 4", "'1'", "line 2")),
        ("id,name\nab,A\nAB,B\n", ("line 3", "'AB'", "line 2", "'ab'")),
        ('id,name\n1,"A\nB"\n,C\n', ("line 4", "neither an id nor an e-mail")),
        ("Ada,1\nAlan,2\n", ("line 1", "no column is called id or email", "id,name,email")),
        ("", ("no column is called id or email",)),
        ("id,name\n", ("names no students",)),
        ('id,name\n1,"A\n', ("line 2", "not CSV")),
        (b"PK\x03\x04....", ("spreadsheet", "CSV")),
        (b"\xff\xfe\x00", ("no column",)),
    ],
    ids=["twice", "twice but for capitals", "nobody", "no head", "empty", "head only", "quote", "xlsx", "broken"],
)
def test_refusals_name_the_line(tmp_path: Path, content: str | bytes, words: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as refusal:
        load(tmp_path, content)
    for word in ("roster.csv", *words):
        assert word in str(refusal.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        load_roster(tmp_path / "nowhere.csv")


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("roster") / "r.csv"
    path.write_bytes(b"id,name\n" + content)
    with suppress(InputError):
        load_roster(path)
