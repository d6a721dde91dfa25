"""`cnnex render`: a set printed again from its key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cnnex.cli import main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture(scope="module")
def homework(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("homework") / "hw"
    made = run("generate", "--topic", "pooling", "--topic", "convolution", "--count", "3", "--student", "Ada",
               "--due", "Monday", "--workspace", "2cm", "--output", f"{folder}/")  # fmt: skip
    assert made.exit_code == 0, made.output
    return folder


@pytest.mark.parametrize("format_", ["md", "tex", "pdf", "html"])
def test_each_file_of_a_handout_comes_again(homework: Path, tmp_path: Path, format_: str) -> None:
    key = str(homework / "key.json")
    for name, options in (("problems", []), ("solutions", ["--solutions"])):
        path = tmp_path / f"{name}.{format_}"
        assert run("render", key, "--output", str(path), *options).exit_code == 0
        assert path.read_bytes() == (homework / path.name).read_bytes()


def test_markdown_on_the_terminal_by_default(homework: Path) -> None:
    result = run("render", str(homework / "key.json"))
    assert result.stdout_bytes == (homework / "problems.md").read_bytes()
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--output", "folder/"], "a set is printed to one file"),
        (["--output", "again.json"], "a set is printed to one file"),
        (["--output", "again.doc"], "the ending .doc is none of"),
        (["--format", "md", "--engine", "pdflatex"], "--engine goes with a PDF"),
        (["--format", "json"], "'json' is not one of"),
        (["--templates", "nowhere"], "nowhere is no folder of templates"),
    ],
)
def test_what_cannot_be_asked(homework: Path, arguments: list[str], words: str) -> None:
    result = run("render", str(homework / "key.json"), *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert words in result.stderr


def test_other_files_are_refused(homework: Path, tmp_path: Path) -> None:
    old = json.loads((homework / "key.json").read_text())
    del old["sheet"]
    (tmp_path / "old.json").write_text(json.dumps(old))
    for path, words in (
        (tmp_path / "old.json", "holds no sheet"),
        (homework / "answers.json", "expected 'cnnex.key/1'"),
        (tmp_path / "none.json", "No such file"),
    ):
        result = run("render", str(path))
        assert result.exit_code == 2
        assert words in result.stderr
        assert str(path) in result.stderr
