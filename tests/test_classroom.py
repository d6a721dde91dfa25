"""A class is complete, each student's own, and gives nothing away."""

from __future__ import annotations

import csv
import io
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from leaks import everything_in
from pypdf import PdfReader

import cnnex
from cnnex.classroom import write_class
from cnnex.errors import InputError, MissingToolError, OutputError
from cnnex.model.student import Student
from cnnex.plans import deal
from cnnex.render.qr import qr_svg

PLAN = deal(["pooling", "backprop"], [], 3, "easy")
ROSTER = [
    Student("0042-7731", "Ada Lovelace", "ada@uni.edu", "A"),
    Student("a/b", "Li Wei", "li@uni.edu", "B"),
    Student("nul", "Li Wei"),
    Student("zoë@uni.edu"),
    Student("0099-1234", "=Max Roe"),
]
SEED = "planted-master-seed"


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("class") / "hw"
    result = write_class(PLAN, ROSTER, folder, SEED, formats=("pdf", "md", "tex", "typ", "html"), workers=1)
    assert not result.failures
    return folder


def test_what_is_there(made: Path) -> None:
    files = files_of(made)
    for student in ROSTER:
        name = student.folder
        own = {
            f"students/{name}/{file}"
            for file in ("answers.json", *(f"problems.{x}" for x in ("pdf", "md", "tex", "typ", "html")))
        }
        assert {file for file in files if file.startswith(f"students/{name}/")} == own
        assert {f"keys/{name}.json", f"solutions/{name}.pdf", f"solutions/{name}.md"} <= files.keys()
        answers = json.loads(files[f"students/{name}/answers.json"])
        key = json.loads(files[f"keys/{name}.json"])
        assert answers["student"] == student.id
        assert answers["set"] == key["set"]
        form = files[f"students/{name}/problems.html"].decode()
        assert f'id="student" autocomplete="name" value="{student.id}"' in form
        right = {part["id"]: part["value"] for item in key["items"] for part in item["parts"]}
        report = cnnex.grade({**answers, "answers": right}, made / "keys" / f"{name}.json")
        assert report.score == report.points
    rest = {file for file in files if "/" not in file}
    assert rest == {"class.json", "manifest.csv", "print.pdf"}
    assert json.loads(files["class.json"])["seed"] == SEED


def test_each_has_own_numbers(made: Path) -> None:
    sheets = {file: content for file, content in files_of(made).items() if file.endswith("problems.md")}
    assert len({zlib.crc32(content) for content in sheets.values()}) == len(ROSTER)
    ids = [row["set"] for row in csv.DictReader(io.StringIO((made / "manifest.csv").read_text("utf-8-sig")))]
    assert len(set(ids)) == len(ROSTER)


def test_the_manifest_is_a_roster_again(made: Path) -> None:
    from cnnex.store.roster import load_roster

    assert list(load_roster(made / "manifest.csv").students) == ROSTER
    rows = list(csv.DictReader(io.StringIO((made / "manifest.csv").read_text("utf-8-sig"))))
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    for row in rows:
        assert json.loads((made / row["path"] / "answers.json").read_text())["set"] == row["set"]


def test_the_print_file_has_the_pages_of_the_sheets_with_their_fonts(made: Path) -> None:
    def what(page: Any) -> Any:
        fonts = {name: font["/DescendantFonts"][0].get_object() for name, font in page["/Resources"]["/Font"].items()}
        glyphs = {
            name: (font["/FontDescriptor"]["/FontFile3"].get_data(), font["/W"].get_object())
            for name, font in fonts.items()
        }
        return page.get_contents().get_data(), glyphs

    printed = [what(page) for page in PdfReader(made / "print.pdf", strict=True).pages if page.extract_text()]
    sheets = [made / "students" / student.folder / "problems.pdf" for student in ROSTER]
    assert printed == [what(page) for sheet in sheets for page in PdfReader(sheet).pages]


def test_the_print_file_begins_each_sheet_on_a_right_hand_page(made: Path) -> None:
    pages = [page.extract_text() for page in PdfReader(made / "print.pdf").pages]
    place = 0
    for student in ROSTER:
        assert place % 2 == 0
        own = PdfReader(made / "students" / student.folder / "problems.pdf").pages
        assert [page.extract_text() for page in own] == pages[place : place + len(own)]
        place += len(own) + len(own) % 2
    assert place == len(pages)


def test_a_student_s_folder_gives_nothing_away(made: Path) -> None:
    files = files_of(made)
    for student in ROSTER:
        key = json.loads(files[f"keys/{student.folder}.json"])
        secrets = {SEED, key["seed"]}
        secrets |= {mistake["explanation"] for i in key["items"] for part in i["parts"] for mistake in part["mistakes"]}
        secrets |= {mistake["id"] for i in key["items"] for part in i["parts"] for mistake in part["mistakes"]}
        for other in ROSTER:
            if other != student:
                theirs = json.loads(files[f"keys/{other.folder}.json"])
                secrets |= {other.id, other.email, theirs["seed"], theirs["set"], other.folder}
                secrets |= {other.name} - {student.name}
        secrets -= {"", "nul"}  # too short to be found by chance alone
        for name, content in files.items():
            if name.startswith(f"students/{student.folder}/"):
                seen = everything_in(content)
                assert student.id.encode() in seen
                for secret in secrets:
                    assert secret.encode() not in seen, (name, secret)


def test_a_key_leads_to_no_other_key(made: Path) -> None:
    files = files_of(made)
    for name, content in files.items():
        if name.startswith(("keys/", "solutions/")):
            assert SEED.encode() not in everything_in(content)


def test_a_qr_code_is_on_every_page(made: Path) -> None:
    set_id = json.loads((made / "students" / "0042-7731" / "answers.json").read_text())["set"]
    runs = qr_svg(set_id).count("M")
    for page in PdfReader(made / "students" / "0042-7731" / "problems.pdf").pages:
        content = page.get_contents()
        assert content is not None
        assert content.get_data().count(b" m ") >= runs  # each run of dark modules is a path


def test_a_student_s_sheet_depends_on_the_student_alone(made: Path, tmp_path: Path) -> None:
    write_class(PLAN, [ROSTER[1]], tmp_path / "one", SEED, formats=("pdf", "md", "tex", "typ", "html"), workers=1)
    alone, all_ = files_of(tmp_path / "one"), files_of(made)
    for name in (f"students/{ROSTER[1].folder}/problems.pdf", f"keys/{ROSTER[1].folder}.json"):
        assert alone[name] == all_[name]


def test_what_fails_for_everyone_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(MissingToolError, match="lualatex isn't installed"):
        write_class(PLAN, ROSTER, tmp_path / "class", SEED, engine="lualatex", workers=1)
    with pytest.raises(OutputError, match="no font on this machine has"):
        write_class(deal(["pooling"], [], 1, "easy", "\ue000"), ROSTER, tmp_path / "class", SEED, workers=1)
    assert not (tmp_path / "class").exists()


@pytest.mark.parametrize(
    "content", ["[]", "{", '{"schema": "cnnex.class/1"}', "[" * 100_000], ids=lambda text: text[:9]
)
def test_a_foreign_file_of_that_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "class.json").write_text(content)
    with pytest.raises(InputError, match="no file of a class"):
        write_class(PLAN, ROSTER, tmp_path, None, formats=["md"], workers=1)


def test_a_folder_of_that_name(tmp_path: Path) -> None:
    (tmp_path / "class.json").mkdir()
    with pytest.raises(InputError, match=r"can't read .*class\.json: "):
        write_class(PLAN, ROSTER, tmp_path, None, formats=["md"], workers=1)
