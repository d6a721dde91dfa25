"""Tables of forms and learning systems: which column is what, and how much a bad row costs."""

from __future__ import annotations

from pathlib import Path

import pytest
from handed_in import one, put, refusal, take

GOOGLE = (
    "Timestamp,Email Address,Set ID,1a. What is the shape?,1b [matrix],1b [Score]\n"
    '2026/11/20 10:11:12 AM GMT+1,ada@x.org,7RAW-BH5B,"(3, 4)"," [[1, 2],\n[3, 4]] ",2 / 2\n'
)
MICROSOFT = (
    "ID;Start time;Completion time;Email;Name;Question 1a;Points - Question 1a;Part 1 (b)\n"
    "1;11/20/2026 9:00:00;11/20/2026 10:11:12;ada@x.org;Ada Lovelace;6;1;=1+2\n"
)
MOODLE = (
    "Last name,First name,ID number,Email address,State,Started on,Completed,1a,1b\n"
    'Lovelace,Ada,0042,ada@x.org,Finished,"20 November 2026, 9:00 AM","20 November 2026, 10:11 AM",6,7\n'
)
GRADESCOPE = (
    "First Name,Last Name,SID,Email,Submission Time,Q1a,Q1b\n"
    "Ada,Lovelace,0042,ada@x.org,2026-11-20 10:11:12 -0800,6,7\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_google_forms(tmp_path: Path, encoding: str) -> None:
    found = one(tmp_path, "form.csv", GOOGLE.encode(encoding))
    assert (found.student, found.set, found.at) == ("ada@x.org", "7RAW-BH5B", "2026-11-20T10:11:12+01:00")
    assert found.answers == {"1a": "(3, 4)", "1b": " [[1, 2],\n[3, 4]] "}
    assert found.source.endswith("form.csv:2")


def test_microsoft_forms_counts_in_its_id(tmp_path: Path) -> None:
    found = one(tmp_path, "form.csv", MICROSOFT)
    assert (found.student, found.name, found.at) == ("ada@x.org", "Ada Lovelace", "2026-11-20T10:11:12")
    assert found.answers == {"1a": "6", "1b": "=1+2"}
    anonymous = one(tmp_path, "form.csv", MICROSOFT.replace("ada@x.org;Ada Lovelace", "anonymous;anonymous"))
    assert (anonymous.student, anonymous.name) == ("", "")


def test_moodle_and_gradescope(tmp_path: Path) -> None:
    moodle, gradescope = one(tmp_path, "m.csv", MOODLE), one(tmp_path, "g.csv", GRADESCOPE)
    assert moodle.name == gradescope.name == "ada@x.org", "the roster may have no id"
    assert moodle.student == gradescope.student == "0042"
    assert (moodle.at, gradescope.at) == ("2026-11-20T10:11:00", "2026-11-20T10:11:12-08:00")
    assert moodle.answers == gradescope.answers == {"1a": "6", "1b": "7"}


@pytest.mark.parametrize("text", ["set\tstudent\t1a\nA\tada\t6\n", "sep=;\nset;student;1a\nA;ada;6\n",
                                  "\n,,\nset,student,1a,\nA,ada,6,,,\n", "set,student,1a\rA,ada,6\r"])  # fmt: skip
def test_plain_tables(tmp_path: Path, text: str) -> None:
    found = one(tmp_path, "a.csv", text)
    assert (found.set, found.student, found.answers) == ("A", "ada", {"1a": "6"})


def test_questions_of_a_form(tmp_path: Path) -> None:
    head = "Timestamp,What is your student ID?,Please enter the set ID (top of the sheet),1a"
    found = one(tmp_path, "a.csv", f"{head}\n2026-11-20 10:00,0042,7RAW-BH5B,6\n")
    assert (found.student, found.set, found.answers) == ("0042", "7RAW-BH5B", {"1a": "6"})


def test_cells_stay_as_typed(tmp_path: Path) -> None:
    text = 'id,1a,1b,1c,1d\n="0042",="3/4", 6 ,\'=1+2,\n'
    found = one(tmp_path, "a.csv", text)
    assert found.student == "0042"
    assert found.answers == {"1a": "3/4", "1b": " 6 ", "1c": "=1+2", "1d": ""}


def test_day_and_month_are_told_by_the_whole_column(tmp_path: Path) -> None:
    rows = "Timestamp,id,1a\n3/4/2026 10:00:00,ada,6\n%s 10:00:00,bob,6\n"
    for other, at in (("25/4/2026", "2026-04-03T10:00:00"), ("4/25/2026", "2026-03-04T10:00:00")):
        attempts, _ = take(put(tmp_path, "a.csv", rows % other))
        assert attempts[0].at == at
    for other in ("5/4/2026", "soon"):
        attempts, _ = take(put(tmp_path, "a.csv", rows % other))
        assert [each.at for each in attempts] == ["", ""]
        assert attempts[0].note == "the time '3/4/2026 10:00:00' is left out, as day and month can't be told apart"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("bob,7", "this row has 2 cells, the head has 3"),
        ("bob,7,8,9", "this row has 4 cells, the head has 3"),
        ('bob,"7,8', "unexpected end of data"),
        ('bob,"7"x,8', "',' expected after '\"'"),
        ("bob," + "7" * 200_000 + ",8", "field larger than field limit"),
        ("bob," + "7" * (2 << 20) + ",8", "this row has more than 1 MB"),
    ],
)
def test_a_bad_row_costs_itself(tmp_path: Path, bad: str, reason: str) -> None:
    attempts, unusable = take(put(tmp_path, "a.csv", f"id,1a,1b\nada,1,2\n{bad}\ncy,3,4\ndi,5,6\n"))
    assert [each.student for each in attempts] == ["ada", "cy", "di"]
    assert [each.source.rpartition(":")[2] for each in attempts] == ["2", "4", "5"]
    (found,) = unusable
    assert found.source.endswith("a.csv:3")
    assert reason in found.reason


def test_two_open_quotation_marks_swallow_nobody_between(tmp_path: Path) -> None:
    attempts, unusable = take(put(tmp_path, "a.csv", 'id,1a\nada,1\nbob,"2\ncy,3\ndi,"4\ned,5\n'))
    assert [each.student for each in attempts] == ["ada", "cy", "ed"]
    assert [each.source.rpartition(":")[2] for each in unusable] == ["3", "5"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("id,name\nada,Ada\n", "no column is headed by the id of a part"),
        ("id,1a,1a. What?\nada,1,2\n", "the columns '1a' and '1a. What?' are both for part 1a"),
        ('id,"1a\n', "line 1: unexpected end of data; expected the heads of the columns"),
        (",,\n", "this table is empty"),
        ("id,1a\n,\n", "this table has no rows below its head"),
    ],
)
def test_a_table_without_a_head(tmp_path: Path, text: str, reason: str) -> None:
    assert reason in refusal(tmp_path, "a.csv", text)


def test_rows_have_digests_of_their_own(tmp_path: Path) -> None:
    one_more = GOOGLE + '2026/11/20 10:11:13 AM GMT+1,bob@x.org,7RAW-BH5B,"(3, 4)",2,2 / 2\r\n'
    first, second = take(put(tmp_path, "a.csv", one_more))[0]
    assert first.digest != second.digest
    assert first.digest == one(tmp_path, "b.csv", GOOGLE).digest
    assert one(tmp_path, "c.csv", "id,1a\nada,6\n").digest != one(tmp_path, "d.csv", "id,1b\nada,6\n").digest
