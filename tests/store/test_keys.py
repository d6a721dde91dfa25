"""The keys of a class, from files and folders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cnnex
from cnnex.errors import InputError
from cnnex.store.keys import common_parts, load_keys


def put_key(path: Path, set_id: str, title: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    key = {"schema": "cnnex.key/1", "set": set_id, "version": "0", "seed": "s", "title": title, "items": []}
    path.write_text(json.dumps(key))
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("class")
    (path / "roster.csv").write_text("id,name\n0042,Ada Lovelace\na/b,Alan Turing\n")
    cnnex.generate_class("pooling", roster=path / "roster.csv", output=path / "hw", count=1, workers=1, formats=["md"])
    return path / "hw"


@pytest.mark.parametrize("below", ["", "keys"])
def test_a_class_folder_knows_whose_keys_they_are(folder: Path, below: str) -> None:
    ring = load_keys([folder / below])
    assert [each.name for each in ring.students] == ["Ada Lovelace", "Alan Turing"]
    for student, place in (("0042", "0042"), ("a/b", "a_b+*")):
        (answers,) = (folder / "students").glob(f"{place}/answers.json")
        set_id = json.loads(answers.read_bytes())["set"]
        assert ring.of_student(student) == set_id
        assert ring.owner(set_id) == student
        assert ring.owner(set_id.replace("-", "").lower()) == student
        entry = ring.by_set(set_id)
        assert entry is not None
        assert entry.load().set == set_id
    assert ring.by_set("????-????") is None
    assert ring.of_student("42") is None


def test_one_sheet_for_all_belongs_to_nobody(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("id\n1\n2\n")
    made = cnnex.generate_class(
        "pooling", roster=tmp_path / "roster.csv", output=tmp_path / "hw", count=1, workers=1, formats=["md"], same=True
    )
    ring = load_keys([made.folder])
    (entry,) = ring.entries.values()
    assert ring.of_student("1") == ring.of_student("2") == entry.set
    assert ring.owner(entry.set) is None


def test_files_and_folders(tmp_path: Path) -> None:
    put_key(tmp_path / "keys" / "a.json", "AAAA-AAAA")
    put_key(tmp_path / "keys" / "copy.json", "AAAA-AAAA")
    (tmp_path / "keys" / "answers.json").write_text('{"schema": "cnnex.answers/1", "set": "AAAA-AAAA", "answers": {}}')
    single = put_key(tmp_path / "b.json", "BBBB-BBBB")
    ring = load_keys([tmp_path / "keys", single])
    assert sorted(each.set for each in ring.entries.values()) == ["AAAA-AAAA", "BBBB-BBBB"]
    assert ring.students == ()


def test_two_keys_of_one_set_are_refused(tmp_path: Path) -> None:
    put_key(tmp_path / "a.json", "AAAA-AAAA")
    put_key(tmp_path / "b.json", "aaaaaaaa", title="other")
    with pytest.raises(InputError, match=r"a\.json and .*b\.json are different keys of the set aaaaaaaa"):
        load_keys([tmp_path])


def test_what_is_no_key_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no keys in this folder"):
        load_keys([tmp_path])
    with pytest.raises(InputError, match="No such file"):
        load_keys([tmp_path / "none.json"])
    (tmp_path / "a.json").write_text('{"schema": "cnnex.key/1", "set": ')
    with pytest.raises(InputError, match=r"a\.json: line 1, column \d+: this is not JSON"):
        load_keys([tmp_path])


def test_a_key_that_changes_in_between_is_refused(tmp_path: Path) -> None:
    path = put_key(tmp_path / "a.json", "AAAA-AAAA")
    entry = load_keys([path]).by_set("AAAA-AAAA")
    assert entry is not None
    put_key(path, "AAAA-AAAA", title="corrected")
    with pytest.raises(InputError, match="changed while it was in use"):
        entry.load()


def test_parts_that_all_sets_have_in_one_order(folder: Path) -> None:
    keys = [path.read_bytes() for path in (folder / "keys").glob("*.json")]
    parts = tuple(part["id"] for item in json.loads(keys[0])["items"] for part in item["parts"])
    assert len(parts) > 1
    assert common_parts(keys) == parts
    assert common_parts([]) == ()
    assert common_parts([*keys, keys[0].replace(b'"1a"', b'"1z"')]) is None
