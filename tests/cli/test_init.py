"""`cnnex init` and what `cnnex.toml` does."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cnnex.cli import main
from cnnex.cli.settings import NAME, Settings, load_settings
from cnnex.errors import InputError
from cnnex.export import export_sheet
from cnnex.generator import generate_set
from cnnex.plans import deal

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(result: Result, *words: str) -> None:
    assert result.exit_code == 2, result.output
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    for word in words:
        assert word in result.stderr


def test_the_file_says_nothing_until_its_marks_are_removed(folder: Path) -> None:
    before = run("generate", "--topic", "pooling", "--seed", "1").stdout
    assert run("init").exit_code == 0
    assert [path.name for path in folder.iterdir()] == [NAME]
    assert load_settings() == Settings()
    assert run("generate", "--topic", "pooling", "--seed", "1").stdout == before


def test_each_line_of_it_can_be_said(folder: Path) -> None:
    run("init")
    text = re.sub(r"^# (?=[a-z_]+ = )", "", (folder / NAME).read_text(), flags=re.MULTILINE)
    (folder / NAME).write_text(text)
    (folder / "templates").mkdir()
    said = load_settings()
    assert tomllib.loads(text).keys() == set(Settings.__struct_fields__)
    assert said.course.points.keys() == {*said.course.points}
    for record in (said, said.course, said.generate):
        defaults = type(record)()
        assert all(getattr(record, name) != getattr(defaults, name) for name in record.__struct_fields__)


def test_the_file_of_the_docs_can_be_used() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "course.md").read_text(), re.DOTALL)
    Path(NAME).write_text(text)
    assert load_settings().course.due == "4 December 2026, 12:00"


def test_nothing_is_replaced_unasked(folder: Path) -> None:
    (folder / NAME).write_text("# mine\n")
    refused(run("init"), f"{NAME} is there already", "--force")
    assert (folder / NAME).read_text() == "# mine\n"
    assert run("init", "--force").exit_code == 0
    assert (folder / NAME).read_text() != "# mine\n"
    (folder / "other" / "templates" / "md").mkdir(parents=True)
    (folder / "other" / "templates" / "md" / "sheet.md.j2").write_text("mine")
    refused(run("init", "other", "--templates"), "sheet.md.j2 is there already")
    assert not (folder / "other" / NAME).exists()


def test_templates_are_copied_and_change_nothing(folder: Path) -> None:
    before = {
        each: run("generate", "--topic", "pooling", "--seed", "1", "--format", each).stdout for each in ["md", "tex"]
    }
    assert run("init", "--templates").exit_code == 0
    assert load_settings().templates == "templates"
    for format_, sheet in before.items():
        assert run("generate", "--topic", "pooling", "--seed", "1", "--format", format_).stdout == sheet


def test_only_templates_of_sheets_are_copied(folder: Path) -> None:
    """Each file that is copied takes part in some format: broken, it is named."""
    run("init", "--templates")
    sheet = generate_set(deal(["concepts", "pooling"], [], 4, "easy"), "1").sheet()
    for path in (folder / "templates").rglob("*.j2"):
        content = path.read_text()
        path.write_text("<% broken")
        formats = ("html", "docx") if path.parent.name == "html" else (path.parent.name,)
        said = []
        for format_ in formats:
            try:
                export_sheet(sheet, format_, None, folder / "templates")
            except Exception as error:  # noqa: BLE001
                said.append(str(error))
        assert any(path.name in each for each in said), path.name
        path.write_text(content)


def test_the_command_line_goes_first(folder: Path) -> None:
    (folder / NAME).write_text(
        '[course]\nname = "Vision"\ndue = "Monday"\nworkspace = "3cm"\n[course.points]\nmatrix = 7\n'
        '[generate]\ncount = 2\ndifficulty = "easy"\n'
    )
    sheet = run("generate", "--topic", "pooling", "--family", "F14-max", "--seed", "1", "--format", "typ").stdout
    assert "Vision" in sheet
    assert "Monday" in sheet
    assert "#v(3cm)" in sheet
    assert "7 points" in sheet
    assert sheet.count("\n#head[") == 2
    said = ("--due", "Friday", "--workspace", "2cm", "--count", "1")
    sheet = run("generate", "--topic", "pooling", "--seed", "1", "--format", "typ", *said).stdout
    assert "Friday" in sheet
    assert "Monday" not in sheet
    assert "#v(2cm)" in sheet
    assert sheet.count("\n#head[") == 1
    assert "#v(3cm)" not in run("generate", "--topic", "pooling", "--format", "typ", "--workspace", "").stdout


def test_a_class_reads_it_too(folder: Path) -> None:
    (folder / NAME).write_text('[course]\nname = "Vision"\n[generate]\nformats = ["md"]\ncount = 1\n')
    (folder / "students.csv").write_text("id\n0042\n")
    made = run("generate", "--topic", "pooling", "--roster", "students.csv", "--output", "class/")
    assert made.exit_code == 0, made.output
    assert "Vision" in (folder / "class/students/0042/problems.md").read_text()
    assert sorted(path.name for path in (folder / "class/students/0042").iterdir()) == ["answers.json", "problems.md"]


def test_a_bank_has_its_own_count(folder: Path) -> None:
    (folder / NAME).write_text('[generate]\ncount = 2\ndifficulty = "hard"\n')
    assert run("generate", "--bank", "cnn_worksheet").exit_code == 0


def test_the_decimal_comma_reaches_grading(folder: Path) -> None:
    (folder / NAME).write_text('[course]\ndecimal_sign = ","\n')
    command = (
        "--topic",
        "pooling",
        "--family",
        "F14-average-pooling",
        "--count",
        "1",
        "--seed",
        "3",
        "--output",
        "hw/",
    )
    assert run("generate", *command).exit_code == 0
    (folder / NAME).unlink()
    key = json.loads((folder / "hw/key.json").read_text())
    matrix = key["items"][0]["parts"][1]["value"]
    typed = "\n".join(" ".join(str(eval(str(entry))).replace(".", ",") for entry in row) for row in matrix)
    assert "," in typed
    answers = {"schema": "cnnex.answers/1", "set": key["set"], "answers": {"1b": typed}}
    (folder / "hw/answers.json").write_text(json.dumps(answers))
    report = json.loads(run("grade", "hw/answers.json", "--format", "json").stdout)
    assert report["parts"][1]["verdict"] == "correct"
    assert (
        "semicolons between them" in (folder / "hw/problems.html").read_text()
        or "blanks between" in (folder / "hw/problems.html").read_text()
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colour = 1", ["there is no 'colour'", "did you mean course?"]),
        ("[cours]", ["there is no 'cours'", "did you mean course?"]),
        ("[course]\nnam = 'x'", ["course: there is no 'nam'", "did you mean name?"]),
        ("[course]\nname = 3", ["course.name: expected text, got an integer"]),
        ("[course]\ndue = 2026-12-04", ["course.due: expected text"]),
        ("[course]\ndecimal_sign = ';'", ["course: decimal_sign: there is no ';'", "there are: ., ,"]),
        ("[course]\nworkspace = '4'", ["course: workspace: '4' is no length", "4cm"]),
        ("[course.points]\nmatrx = 3", ["course: points: there is no 'matrx'", "did you mean matrix?"]),
        ("[course.points]\nmatrix = -1", ["points: matrix: expected an integer >= 0"]),
        ("[course.points]\nmatrix = true", ["points: matrix: expected an integer, got true or false"]),
        ("[generate]\ndifficulty = 'hrd'", ["generate: difficulty: there is no 'hrd'", "did you mean hard?"]),
        ("[generate]\nformats = ['pfd']", ["generate: formats: there is no 'pfd'", "did you mean pdf?"]),
        ("[generate]\nformats = 'pdf'", ["generate.formats: expected a list, got text"]),
        ("[generate]\nengine = 'luatex'", ["generate: engine: there is no 'luatex'", "did you mean lualatex?"]),
        ("[generate]\ncount = 0", ["generate.count: expected an integer >= 1"]),
        ("templates = 'mine'", ["templates: there is no folder 'mine'"]),
        ("course = 3", ["course: expected a table"]),
        ("course = [", ["this is not TOML", "invalid value"]),
    ],
)
def test_what_is_wrong_in_it_is_one_sentence(folder: Path, text: str, words: list[str]) -> None:
    (folder / NAME).write_text(text)
    for command in (("generate", "--topic", "pooling"),):
        refused(run(*command), f"Error: {NAME}: ", *words)


def test_no_text_is_one_sentence(folder: Path) -> None:
    (folder / NAME).write_bytes(b"\xff")
    with pytest.raises(InputError, match="byte 1 is not UTF-8"):
        load_settings()
    (folder / NAME).unlink()
    (folder / NAME).mkdir()
    with pytest.raises(InputError, match=f"{NAME}: "):
        load_settings()


@pytest.mark.parametrize("length", ["4", "40cm", "0cm", "4 cm", "wide"])
def test_a_bad_workspace_is_one_sentence(length: str) -> None:
    refused(run("generate", "--topic", "pooling", "--workspace", length), "--workspace", length, "4cm")


def test_a_long_due_is_one_sentence() -> None:
    refused(run("generate", "--topic", "pooling", "--due", "x" * 41), "due", "40")
