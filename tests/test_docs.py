"""README and docs are true: their commands run, their files are read, their tables are current.

`CNNEX_ACCEPT=1 pytest tests/test_docs.py` writes the generated parts anew.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

import cnnex
from cnnex.cli import main
from cnnex.export.gallery import gallery_markdown
from cnnex.gallery import gallery
from cnnex.model.asks import ASKS
from cnnex.topics import load_topic, topic_names
from cnnex.topics._family import LEVELS

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ACCEPT = bool(os.environ.get("CNNEX_ACCEPT"))


ROSTER = "Student ID,Name,Email,Section\n0042,Ada Lovelace,ada@uni.edu,A\n0043,Alan Turing,alan@uni.edu,B\n"


def blocks_of(language: str) -> list[pytest.ParameterSet]:
    return [
        pytest.param(content, id=f"{page.name}-{number}")
        for page in PAGES
        for number, content in enumerate(re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(), re.S | re.M))
    ]


@pytest.mark.parametrize("content", blocks_of("sh"))
def test_commands_run(content: str, tmp_path: Path) -> None:
    """Commands of one block run one after another in a folder of their own, which has a roster."""
    (tmp_path / "students.csv").write_text(ROSTER)
    for line in content.strip().replace("\\\n", " ").splitlines():
        for command in line.split(" && "):
            words = shlex.split(command, comments=True)
            if not words or words[0] in ("pip", "pytest", "python"):
                continue  # what installs cnnex and what runs these tests
            assert words[0] == "cnnex", f"the docs show a command that isn't ours: {command}"
            done = subprocess.run(
                [sys.executable, "-m", *words], cwd=tmp_path, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{command}\n{done.stderr}"
            for blank in tmp_path.glob("*/students/*/answers.json"):
                blank.write_text(blank.read_text().replace(': ""', ': "4"'))  # as the students do


@pytest.mark.parametrize("content", blocks_of("python"))
def test_python_runs(content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(content, "a block of the docs", "exec"), {})


@pytest.mark.parametrize("content", blocks_of("yaml"))
def test_banks_generate(content: str, tmp_path: Path) -> None:
    path = tmp_path / "bank.yaml"
    path.write_text(content)
    assert cnnex.generate(bank=path, seed="docs").items


@pytest.mark.parametrize("content", blocks_of("json"))
def test_json_is_json(content: str) -> None:
    json.loads(content)


def test_each_command_and_option_is_documented() -> None:
    text = "\n".join(page.read_text() for page in PAGES)
    for name, command in main.commands.items():
        assert f"cnnex {name}" in text
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--"):
                    assert f"`{option}" in text or f" {option}" in text, f"{name} {option}"


def test_the_words_of_asks_are_listed() -> None:
    listed = "\n".join(f"| `{word}` | {meaning} |" for word, meaning in ASKS.items())
    assert listed in (ROOT / "docs" / "formats.md").read_text()


def families() -> str:
    """The parameters and parts of each family, as docs/banks.md lists them."""
    out = []
    for topic in map(load_topic, topic_names()):
        out += [f"### {topic.title}, `{topic.name}`", "", "| family | parameters | parts |", "|---|---|---|"]
        for family in topic.families:
            parts: dict[str, None] = {}
            for level in LEVELS:
                fair = cnnex.generate(topic.name, family=family.id, count=1, difficulty=level, seed="docs").items[0]
                parts.update(dict.fromkeys(part.name for part in fair.problem.parts))
            names = ", ".join(f"`{field.name}`" for field in fields(family.params))
            out.append(f"| `{family.id}`: {family.title} | {names} | {', '.join(f'`{part}`' for part in parts)} |")
        out.append("")
    return "\n".join(out).rstrip() + "\n"


def check_generated(page: Path, marker: str, content: str) -> None:
    """The page's text between the marker and its end is what we generate."""
    before, found, after = page.read_text().partition(f"<!-- {marker} -->\n")
    assert found, f"{page.name} has no place for {marker}"
    ours, end, rest = after.partition(f"<!-- end of {marker} -->\n")
    if ACCEPT:
        page.write_text(f"{before}{found}{content}<!-- end of {marker} -->\n{rest if end else ''}")
    else:
        assert ours == content, f"{page.name} is not current; see the top of this file"


def test_parameters_and_parts_are_current() -> None:
    check_generated(ROOT / "docs" / "banks.md", "families", "\n" + families() + "\n")


def cases() -> str:
    """The table of answers, as docs/answers.md lists it."""
    out = []
    for question in tomllib.loads((ROOT / "tests" / "cases" / "answers.toml").read_text())["question"]:
        out += [f"### {question['name'][0].upper()}{question['name'][1:]}", ""]
        asked = [f"`{question['kind']}`", f"right: `{typed_text(question['expected'])}`"]
        asked += [
            f"`{name}`: {typed_text(question[name])}" for name in ("domain", "opts", "choices") if name in question
        ]
        out += ["; ".join(asked), "", "| typed | verdict | why |", "|---|---|---|"]
        out += [f"| `` {typed_text(typed)} `` | {verdict} | {why} |" for typed, verdict, why in question["answers"]]
        out.append("")
    return "\n".join(out).rstrip() + "\n"


def typed_text(typed: object) -> str:
    text = typed if isinstance(typed, str) else json.dumps(typed, ensure_ascii=False)
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text).replace("|", "\\|")


def test_the_table_of_answers_is_current() -> None:
    check_generated(ROOT / "docs" / "answers.md", "cases", "\n" + cases() + "\n")


def test_the_gallery_is_current() -> None:
    page, content = ROOT / "docs" / "gallery.md", gallery_markdown(gallery())
    if ACCEPT:
        page.write_bytes(content)
    # Compared as a whole: a difference of such a long text says less than the sentence.
    assert page.read_bytes() == content, "docs/gallery.md is not current; see the top of this file"


def test_the_readme_opens_with_a_generated_problem() -> None:
    problems = cnnex.generate("backprop", family="F31", count=1, difficulty="easy", seed="readme")
    sheet = cnnex.document(problems, "md", solutions=True).decode()
    _, _, problem = sheet.partition("\n## 1. ")
    check_generated(ROOT / "README.md", "sample", "\n### " + problem.removesuffix("---\n").rstrip() + "\n\n")
