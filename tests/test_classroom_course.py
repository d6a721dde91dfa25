"""A class with a course, templates and an engine of one's own: all of it is what must be equal to be taken up."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import cnnex
from cnnex.classroom import write_class
from cnnex.errors import InputError
from cnnex.model.student import Student
from cnnex.plans import deal

PLAN = deal(["pooling"], [], 2, "easy")
ROSTER = [Student("0042-7731", "Ada Lovelace"), Student("0043", "Li Wei"), Student("0044", "Li Wei")]
SEED = "planted-master-seed"


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_class_with_a_course_and_templates_is_the_same_for_any_number_of_workers(tmp_path: Path) -> None:
    course = cnnex.Course(name="Vision", due="Monday", workspace="3cm")
    templates = tmp_path / "templates"
    (templates / "md").mkdir(parents=True)
    (templates / "md" / "sheet.md.j2").write_text("<< sheet.title >> of << sheet.course.name >>\n")
    folders = []
    for workers in (1, 2):
        folders.append(tmp_path / str(workers))
        made = write_class(replace(PLAN, course=course), ROSTER, folders[-1], SEED,
                           formats=("md", "typ"), templates=templates, workers=workers)  # fmt: skip
        assert not made.failures
    first, second = map(files_of, folders)
    assert first == second
    assert first["students/0042-7731/problems.md"] == f"{PLAN.title} of Vision\n".encode()
    assert b"Monday" in first["students/0042-7731/problems.typ"]


def test_another_course_and_another_template_are_other_arguments(tmp_path: Path) -> None:
    templates, folder = tmp_path / "templates", tmp_path / "class"
    (templates / "md").mkdir(parents=True)
    path = templates / "md" / "sheet.md.j2"
    path.write_text("one\n")
    plan = replace(PLAN, course=cnnex.Course(due="Monday"))
    write_class(plan, ROSTER[:1], folder, SEED, formats=("md",), templates=templates, workers=1)
    before = files_of(folder)
    write_class(plan, ROSTER[:1], folder, None, formats=("md",), templates=templates, workers=1)
    for other, own, name in (
        (replace(PLAN, course=cnnex.Course(due="Friday")), templates, "course"),
        (plan, None, "templates"),
    ):
        with pytest.raises(InputError, match=rf"other arguments \({name}\)"):
            write_class(other, ROSTER[:1], folder, None, formats=("md",), templates=own, workers=1)
    path.write_text("two\n")
    with pytest.raises(InputError, match=r"other arguments \(templates\)"):
        write_class(plan, ROSTER[:1], folder, None, formats=("md",), templates=templates, workers=1)
    assert files_of(folder) == before


def test_a_broken_template_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    (templates / "md").mkdir(parents=True)
    (templates / "md" / "sheet.md.j2").write_text("one\n<< nothing >>\n")
    with pytest.raises(InputError, match=r"sheet\.md\.j2: line 2: 'nothing' is undefined"):
        write_class(PLAN, ROSTER, tmp_path / "class", SEED, formats=("md",), templates=templates, workers=1)
    assert not (tmp_path / "class").exists()


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no pdflatex")
def test_a_name_that_latex_cannot_print_costs_one_student(tmp_path: Path) -> None:
    roster = [ROSTER[0], Student("2", "Иван Петров"), Student("3", "Zoë Müller")]
    made = write_class(PLAN, roster, tmp_path / "class", SEED, engine="pdflatex", workers=1)
    ((student, error),) = [(each.student.id, each.error) for each in made.failures]
    assert student == "2"
    assert error.startswith("the font of pdflatex has no И (U+0418) (without --engine ")
    assert {path.name for path in (tmp_path / "class/students").iterdir()} == {"0042-7731", "3"}
