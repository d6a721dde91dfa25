"""Gradescope's list of who handed in what."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path, PurePath

import pytest
from handed_in import put, submission, take
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnex.errors import InputError
from cnnex.store.intake.gradescope import submitters

LIST = """---
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0042'
    :email: ada@uni.edu
  :created_at: 2026-11-20 10:11:12.345678000 Z
  :score: 3.0
  :history:
  - :id: 10
    :created_at: 2026-11-19 08:00:00.000000000 Z
    :submitters:
    - :sid: nobody
submission_12:
  :submitters:
  - :name: Alan Turing
    :sid:
    :email: alan@uni.edu
  - :name: Emmy Noether
    :sid: '0044'
  :created_at: 2026-11-20 02:11:12.000000000 -08:00
"""
ADA_AT, PAIR_AT = "2026-11-20T10:11:12.345678+00:00", "2026-11-20T02:11:12-08:00"
EARLIER = submission("", **{"1a": "6"}).replace(b'"answers":', b'"submitted": "2026-11-01T00:00:00Z", "answers":')


def zipped(folder: Path, members: dict[str, bytes | str]) -> Path:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return put(folder, "export.zip", out.getvalue())


@pytest.mark.parametrize("kind", ["folder", "zip"])
@pytest.mark.parametrize("text", [LIST, ":submissions:\n" + "".join(f"  {line}\n" for line in LIST.splitlines()[1:])])
def test_a_list_says_whose_the_files_are(tmp_path: Path, kind: str, text: str) -> None:
    files: dict[str, bytes | str] = {
        "assignment_5_export/submission_11/work/answers.json": EARLIER,
        "assignment_5_export/submission_12/page.md": "Set: 7RAW-BH5B\n\n1a: 6\n",
        "assignment_5_export/submission_13/answers.json": submission("0045"),
        "assignment_5_export/submission_metadata.yml": text,
    }
    for name, content in files.items():
        put(tmp_path / "folder", name, content)
    attempts, unusable = take(tmp_path / "folder" if kind == "folder" else zipped(tmp_path, files))
    assert unusable == []
    assert [(each.student, each.name, each.at) for each in attempts] == [
        ("0042", "ada@uni.edu", ADA_AT),  # the roster may have no id
        ("alan@uni.edu", "Alan Turing", PAIR_AT),
        ("0044", "Emmy Noether", PAIR_AT),
        ("0045", "", ""),
    ]


def test_a_file_named_by_the_list_and_a_zip_in_a_listed_folder(tmp_path: Path) -> None:
    put(tmp_path, "submission_metadata.yml", LIST)
    put(tmp_path, "submission_11_answers.json", EARLIER)
    zipped(tmp_path / "submission_12", {"answers.json": submission("alan@uni.edu"), "submission_metadata.yml": "x"})
    first, second = take(tmp_path)[0]
    assert (first.student, first.at) == ("0042", ADA_AT)
    assert (second.student, second.at) == ("alan@uni.edu", PAIR_AT)


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_a_list_of_a_students_own_says_nothing(tmp_path: Path, kind: str) -> None:
    own = "answers.json:\n  :submitters:\n  - :sid: mallory\n  :created_at: 2020-01-01 00:00:00 Z\n"
    files: dict[str, bytes | str] = {
        "submission_metadata.yml": LIST,
        "submission_11/answers.json": EARLIER,
        "submission_11/submission_metadata.yml": own,
    }
    for name, content in files.items():
        put(tmp_path / "folder", name, content)
    (found,) = take(tmp_path / "folder" if kind == "folder" else zipped(tmp_path, files))[0]
    assert (found.student, found.at) == ("0042", ADA_AT)


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_a_broken_list_costs_only_itself(tmp_path: Path, kind: str) -> None:
    files: dict[str, bytes | str] = {"submission_metadata.yml": "a: [1\nb: }", "submission_11/answers.json": EARLIER}
    for name, content in files.items():
        put(tmp_path / "folder", name, content)
    attempts, unusable = take(tmp_path / "folder" if kind == "folder" else zipped(tmp_path, files))
    assert [each.student for each in attempts] == [""]
    (reason,) = [each.reason for each in unusable]
    assert reason == "this list of submissions can't be read at line 2; expected YAML"


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\n" + "".join(f"c{i}: &c{i} [*b, *b, *b]\n" for i in range(1000)),
        "a: !!python/object/apply:os.system ['touch gone']",
        "a: !ruby/object:Gem::Installer\n  i: x\n",
        "? [a, b]\n: c\n? *x\n: d\n" + "&x e: f\n",
        "- - - a\n- b",
        "submission_1:\n  :submitters: {:sid: 7}\n  :created_at: [1]",
        "just words",
        "",
        "a: 1\n---\nb: 2\n",
        "[" * 10,
    ],
)
def test_what_yaml_can_do_is_not_done(text: str) -> None:
    try:
        assert submitters(io.BytesIO(text.encode()), PurePath()) == {}
    except InputError as error:
        assert str(error).startswith("this list of submissions")  # noqa: PT017


@settings(deadline=None)
@given(st.data())
def test_a_damaged_list_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(LIST.encode())
    signs = st.sampled_from([b"*a", b"&a ", b"? ", b"- ", b"[", b"{", b": "])
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.one_of(st.binary(max_size=3), signs))
    try:
        submitters(io.BytesIO(bytes(content)), PurePath())
    except InputError as error:
        assert str(error).startswith("this list of submissions")  # noqa: PT017


@pytest.mark.parametrize(
    "text", ["[" * 5_000_000, "a: " * 1_000_000, "- " * 2_000_000, "x" * (21 << 20), "&a " * 10**6]
)
def test_what_is_large_or_deep_is_refused_soon(text: str) -> None:
    begun = time.process_time()
    with pytest.raises(InputError, match=r"^this list of submissions"):
        submitters(io.BytesIO(text.encode()), PurePath())
    assert time.process_time() - begun < 10
