"""`cnnex generate` as instructors use it, and as they get it wrong."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cnnex.cli import main

HANDOUT = {
    "problems.md", "problems.tex", "problems.pdf", "problems.html",
    "solutions.md", "solutions.tex", "solutions.pdf", "solutions.html", "answers.json", "key.json",
}  # fmt: skip


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["generate", *arguments])


def refused(result: Result, *words: str) -> None:
    """One sentence on stderr, exit code 2, nothing on stdout."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    for word in words:
        assert word in result.stderr


def test_markdown_on_the_terminal_by_default() -> None:
    result = run("--topic", "pooling", "--seed", "1")
    assert result.exit_code == 0
    assert result.stdout.startswith("# Pooling\n")
    assert "(1a)" in result.stdout or "**1a**" in result.stdout or "1a" in result.stdout
    assert result.stderr == ""


def test_a_fresh_seed_is_printed_and_repeats_the_set() -> None:
    first = run("--topic", "pooling", "--count", "2")
    seed = first.stderr.removeprefix("seed: ").strip()
    assert len(seed) == 16
    assert run("--topic", "pooling", "--count", "2", "--seed", seed).stdout == first.stdout
    assert seed not in first.stdout


@pytest.mark.parametrize("ending", ["md", "tex", "typ", "pdf", "html", "json"])
def test_one_file_in_each_format(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"sheet.{ending}"
    assert run("--topic", "pooling", "--count", "1", "--seed", "1", "--output", str(path)).exit_code == 0
    assert path.stat().st_size > 300
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_solutions_only_on_request(tmp_path: Path) -> None:
    plain = run("--topic", "pooling", "--count", "1", "--seed", "1").stdout
    solved = run("--topic", "pooling", "--count", "1", "--seed", "1", "--solutions").stdout
    assert "Solution" in solved
    assert "Solution" not in plain


def test_handout(tmp_path: Path) -> None:
    folder = tmp_path / "homework"
    result = run("--topic", "pooling", "--count", "2", "--seed", "1", "--output", f"{folder}/")
    assert result.exit_code == 0, result.output
    assert {path.name for path in folder.iterdir()} == HANDOUT
    key = json.loads((folder / "key.json").read_text())
    answers = json.loads((folder / "answers.json").read_text())
    assert answers["set"] == key["set"]
    assert list(answers["answers"]) == [part["id"] for item in key["items"] for part in item["parts"]]
    assert set(answers["answers"].values()) == {""}


def test_a_handout_is_kept_from_another_set(tmp_path: Path) -> None:
    folder = str(tmp_path / "homework")
    assert run("--topic", "pooling", "--count", "1", "--seed", "1", "--output", folder).exit_code == 0
    before = {path.name: path.read_bytes() for path in Path(folder).iterdir()}
    refused(run("--topic", "pooling", "--count", "1", "--seed", "2", "--output", folder), "another set", "--force")
    assert {path.name: path.read_bytes() for path in Path(folder).iterdir()} == before
    assert run("--topic", "pooling", "--count", "1", "--seed", "1", "--output", folder).exit_code == 0
    assert run("--topic", "pooling", "--count", "1", "--seed", "2", "--output", folder, "--force").exit_code == 0
    assert (Path(folder) / "key.json").read_bytes() != before["key.json"]


def test_filled_in_answers_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "homework"
    command = ("--topic", "pooling", "--count", "1", "--seed", "1", "--output", str(folder))
    assert run(*command).exit_code == 0
    answers = folder / "answers.json"
    answers.write_text(answers.read_text().replace('""', '"(3, 3)"', 2))
    filled = answers.read_bytes()
    refused(run(*command), "filled in")
    assert answers.read_bytes() == filled


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--topic", "poling"), ("poling", "did you mean pooling?")),
        ((), ("topic", "bank")),
        (("--topic", "pooling", "--bank", "cnn_worksheet"), ("either",)),
        (("--bank", "cnn_workshet"), ("did you mean cnn_worksheet?",)),
        (("--bank", "cnn_worksheet", "--count", "3"), ("--count",)),
        (("--topic", "pooling", "--count", "0"), ("count is 0", "10,000")),
        (("--topic", "pooling", "--count", "1000000"), ("count is 1000000",)),
        (("--topic", "pooling", "--count", "many"), ("many",)),
        (("--topic", "pooling", "--difficulty", "hrd"), ("did you mean hard?",)),
        (("--topic", "pooling", "--family", "F99"), ("F99", "there are")),
        (("--topic", "pooling", "--output", "sheet.odt"), (".odt", "md, tex, typ, pdf, html, docx, json")),
        (("--topic", "pooling", "--output", "sheet.md", "--format", "pdf"), ("contradicts",)),
        (("--topic", "pooling", "--output", "homework/", "--format", "pdf"), ("folder",)),
        (("--topic", "pooling", "--engine", "pdflatex"), ("--engine",)),
        (("--topic", "pooling", "--output", "-"), ("--output",)),
        (("--topic", "pooling", "--output", ""), ("--output",)),
        (("--topic", "pooling", "--difficulty", ""), ("easy, medium, hard",)),
        (("--nonsense",), ("--nonsense", "--help")),
        (("--topic", "pooling", "--output", "hw.2026"), (".2026", "a folder ends in /")),
        (("--topic", "pooling", "--output", "/proc/nowhere/sheet.md"), ("/proc",)),
    ],
)
def test_bad_input_is_refused_in_one_sentence(
    arguments: tuple[str, ...], words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(run(*arguments), *words)
    assert list(tmp_path.iterdir()) == []


def test_without_a_command_the_help_is_shown() -> None:
    result = CliRunner().invoke(main, [])
    assert result.exit_code == 2
    assert result.stderr.startswith("Usage: ")
    assert "generate" in result.stderr
    assert "Error" not in result.stderr


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.name == "key.json":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    folder = tmp_path / "homework"
    refused(run("--topic", "pooling", "--count", "1", "--output", str(folder)), "No space left")
    assert not folder.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("arguments", [["generate", "--topic", "pooling", "--count", "1"], ["topics"], ["--help"]])
def test_a_full_standard_output(arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "cnnex", *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert result.returncode == 2
    assert result.stderr.splitlines()[0] == "Error: can't write the output: No space left on device"


def test_no_standard_output() -> None:
    command = f"{sys.executable} -m cnnex generate --topic pooling --count 1 >&-"
    result = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert result.stderr.startswith("Error: ")
    assert "Traceback" not in result.stderr


def test_a_reader_who_stops_early() -> None:
    command = f"{sys.executable} -m cnnex generate --topic pooling --count 200 --seed 1 | head -n 1"
    result = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert result.stdout == "# Pooling\n"
    assert result.stderr == ""


def test_what_stands_in_the_way_is_put_back(tmp_path: Path) -> None:
    folder = tmp_path / "homework"
    assert run("--topic", "pooling", "--count", "1", "--seed", "1", "--output", str(folder)).exit_code == 0
    (folder / "solutions.tex").unlink()
    (folder / "solutions.tex").mkdir()
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    refused(
        run("--topic", "pooling", "--count", "1", "--seed", "2", "--output", str(folder), "--force"), "solutions.tex"
    )
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_files_of_others_are_kept(tmp_path: Path) -> None:
    (tmp_path / "problems.md").write_text("mine")
    refused(run("--topic", "pooling", "--count", "1", "--output", f"{tmp_path}/"), "problems.md", "--force")
    assert [path.name for path in tmp_path.iterdir()] == ["problems.md"]


def test_an_interruption_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    folder = tmp_path / "homework"
    result = run("--topic", "pooling", "--count", "1", "--output", str(folder))
    assert result.exit_code == 1
    assert result.stderr.strip() == "Aborted!"
    assert not folder.exists()


def test_same_seed_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    for hash_seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-m", "cnnex", "generate", "--topic", "pooling", "--topic", "backprop", "--count", "4",
             "--seed", "s", "--output", str(tmp_path / hash_seed)],
            env={**os.environ, "PYTHONHASHSEED": hash_seed}, check=True,
        )  # fmt: skip
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in "12")
    assert one == two


def test_what_is_heavy_is_not_imported() -> None:
    code = (
        "import sys, click.testing\n"
        "from cnnex.cli import main\n"
        "click.testing.CliRunner().invoke(main, sys.argv[1:])\n"
        "print(*sorted(set(sys.modules) & {'sympy', 'numpy', 'jinja2', 'typst', 'rich', 'yaml', 'msgspec'}))"
    )
    cases: list[tuple[list[str], set[str]]] = [
        (["--help"], set()),
        (["generate", "--topic", "pooling"], {"jinja2", "msgspec"}),
    ]
    for arguments, allowed in cases:
        done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
        assert set(done.stdout.split()) <= allowed
