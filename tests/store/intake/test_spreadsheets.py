"""Workbooks, made by openpyxl and by people who mean no good."""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from handed_in import one, put, refusal, take
from openpyxl import Workbook

HEAD = ["ID", "Start time", "Completion time", "Email", "Name", "Set ID", "1a. What?", "1b", "1c"]
SHARED = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
START = datetime(2026, 11, 20, 9, 0)


def workbook(*rows: list[Any]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def row(done: Any, *answers: Any) -> list[Any]:
    return [1, START, done, "ada@x.org", "Ada", "7RAW-BH5B", *answers]


def test_microsoft_forms(tmp_path: Path) -> None:
    found = one(tmp_path, "form.xlsx", workbook(HEAD, row(datetime(2026, 11, 20, 10, 11, 12), " (3, 4)", 0.1, None)))
    assert (found.student, found.name, found.set) == ("ada@x.org", "Ada", "7RAW-BH5B")
    assert found.at == "2026-11-20T10:11:12"
    assert found.answers == {"1a": " (3, 4)", "1b": 0.1, "1c": ""}
    assert found.source.endswith("form.xlsx:2")


def test_what_a_spreadsheet_took_for_a_date_is_not_read_as_a_number(tmp_path: Path) -> None:
    found = one(tmp_path, "form.xlsx", workbook([], HEAD, [], row("11/20/2026 10:11", datetime(2026, 3, 4), True, 6)))
    assert found.answers == {"1a": "the spreadsheet has a date here: 2026-03-04 00:00:00", "1b": True, "1c": 6}
    assert found.at == "2026-11-20T10:11:00"
    assert found.source.endswith("form.xlsx:4")


def test_what_formulas_leave_empty_is_no_row(tmp_path: Path) -> None:
    attempts, unusable = take(put(tmp_path, "a.xlsx", workbook(["id", "1a"], ["ada", 6], ["", " "])))
    assert ([each.student for each in attempts], unusable) == (["ada"], [])


def test_ids_are_text(tmp_path: Path) -> None:
    assert one(tmp_path, "a.xlsx", workbook(["Student ID", "1a"], [42, 6])).student == "42"


@pytest.mark.parametrize("shape", ["A1:XFD1048576", "A1:B1", "x"])
def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path: Path, shape: str) -> None:
    content = tampered(workbook(["id", "1a"], ["ada", 6], ["bob", 7]), b"A1:B3", shape.encode())
    attempts, _ = take(put(tmp_path, "a.xlsx", content))
    assert [each.student for each in attempts] == ["ada", "bob"]


def tampered(content: bytes, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            target.writestr(info.filename, source.read(info).replace(old, new))
    return out.getvalue()


def test_a_row_far_away_ends_somewhere(tmp_path: Path) -> None:
    content = tampered(workbook(["id", "1a"], ["ada", 6]), b'r="2"', b'r="99999999999"')
    assert "rows below row 1,048,576" in refusal(tmp_path, "a.xlsx", content)
    content = tampered(workbook(["id", "1a"], ["ada", 6], ["bob", 7]), b'r="3"', b'r="99999999999"')
    attempts, unusable = take(put(tmp_path, "a.xlsx", content))
    assert [each.student for each in attempts] == ["ada"]
    assert len(unusable) == 1


def test_a_million_empty_rows(tmp_path: Path) -> None:
    content = tampered(workbook(["id", *["x"] * 200, "1a"], ["ada", *[None] * 200, 6]), b' r="2"', b' r="1048576"')
    attempts, unusable = take(put(tmp_path, "a.xlsx", content))
    assert ([each.source for each in attempts], unusable) == ([f"{tmp_path}/a.xlsx:1048576"], [])


@pytest.mark.parametrize(
    "filler", [b"<row><c><v>1</v></c></row>", b"<row>" + b"<c><v>1</v></c>" * 900 + b"</row>", b"<row/>"]
)
def test_more_cells_than_a_class_has(tmp_path: Path, filler: bytes) -> None:
    """A few kilobytes would take minutes. A file that is too large costs only itself."""
    most = 4_000_001 // filler.count(b"<") + 1
    content = tampered(workbook(["id", "1a"], ["ada", 6]), b"</sheetData>", filler * most + b"</sheetData>")
    put(tmp_path, "b.xlsx", workbook(["id", "1a"], ["bob", 7]))
    attempts, unusable = take(put(tmp_path, "a.xlsx", content).parent)
    assert [each.student for each in attempts] == ["bob"]
    assert [(Path(each.source).name, each.reason) for each in unusable] == [
        ("a.xlsx", "this spreadsheet has more than about 1,000,000 cells; save it as CSV, of any size")
    ]


def test_one_text_in_many_cells(tmp_path: Path) -> None:
    """It is spelled once in the file. What is above is taken; where the rest begins is said."""
    rows = b"".join(b'<row><c><v>%d</v></c><c t="s"><v>0</v></c></row>' % number for number in range(70))
    content = tampered(workbook(["id", "1a"]), b"</sheetData>", rows + b"</sheetData>")
    attempts, unusable = take(put(tmp_path, "a.xlsx", with_strings(content, SHARED % (b"7" * 1_000_000))))
    assert [each.student for each in attempts] == [str(number) for number in range(67)]
    assert [each.reason for each in unusable] == [
        "the rows from 69 on aren't read: those above have 64 MB, the most that is read of a spreadsheet; "
        "save it as CSV, of any size"
    ]


def with_strings(content: bytes, strings: bytes) -> bytes:
    """A workbook with a list of texts to which cells refer by number."""
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    out = io.BytesIO(tampered(content, b"</Types>", part))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", strings)
    return out.getvalue()


def test_too_many_columns(tmp_path: Path) -> None:
    content = workbook(["id", *["x"] * 2000, "1a"], ["ada", *[None] * 2000, 6])
    assert "this sheet has more than 2000 columns" in refusal(tmp_path, "a.xlsx", content)


def test_entities_do_not_grow(tmp_path: Path) -> None:
    lol = b'<!DOCTYPE l [<!ENTITY a "' + b"x" * 1000 + b'">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 100) for n in range(6)) + b"]>"  # fmt: skip
    row = b'<row><c><v>1</v></c><c t="s"><v>0</v></c></row></sheetData>'
    content = tampered(workbook(["id", "1a"]), b"</sheetData>", row)
    assert one(tmp_path, "a.xlsx", with_strings(content, SHARED % b"six")).answers == {"1a": "six"}
    assert "can't be read" in refusal(tmp_path, "b.xlsx", with_strings(content, lol + SHARED % b"&g;"))


def test_a_workbook_that_unpacks_to_too_much(tmp_path: Path) -> None:
    content = tampered(workbook(["id", "1a"], ["ada", 6]), b"</sheetData>", b" " * (65 << 20) + b"</sheetData>")
    assert "unpacks to more than 64 MB" in refusal(tmp_path, "a.xlsx", content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save a spreadsheet as CSV"),
        (workbook(["id", "name"], ["ada", "Ada"]), "no column is headed by the id of a part"),
        (workbook(["id", "1a"]), "this sheet has no rows below its head"),
        (workbook(), "no column is headed by the id of a part"),
        (workbook(["id", "1a"])[:-40], "this zip is broken"),
        (tampered(workbook(["id", "1a"]), b"<sheetData>", b"<sheet"), "this spreadsheet can't be read"),
    ],
)
def test_what_is_no_workbook(tmp_path: Path, content: bytes, reason: str) -> None:
    assert reason in refusal(tmp_path, "a.xlsx", content)


def test_without_openpyxl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    reason = refusal(tmp_path, "a.xlsx", workbook(["id", "1a"], ["ada", 6]))
    assert reason == "this is a spreadsheet; save it as CSV, or install cnnex[xlsx]"
