"""Files: what we write fits our schemas, and comes back the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import cnnex
from cnnex.model.opts import Opts
from cnnex.store.records import FORMATS, blank_submission, encode, load_key, load_submission, schema_of


def check(name: str, content: bytes) -> Any:
    value = json.loads(content)
    jsonschema.validate(value, schema_of(name), cls=jsonschema.Draft202012Validator)
    return value


@pytest.fixture(scope="module")
def problems() -> cnnex.ProblemSet:
    return cnnex.generate(["pooling", "backprop", "toeplitz"], count=9, seed="files")


def test_what_is_written_fits_the_schema(problems: cnnex.ProblemSet) -> None:
    check("key", encode(cnnex.key(problems)))
    check("answers", encode(blank_submission(problems)))
    check("set", cnnex.document(problems, "json"))
    check("set", cnnex.document(problems, "json", solutions=True))
    check("report", encode(cnnex.grade(blank_submission(problems), cnnex.key(problems))))
    check("topics", encode(cnnex.list_topics()))


@pytest.mark.parametrize("name", FORMATS)
def test_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema_of(name))


def test_schemas_refuse_what_is_wrong() -> None:
    with pytest.raises(jsonschema.ValidationError):
        check("answers", b'{"schema": "cnnex.answers/1", "set": 7, "answers": {}}')


def test_opts_are_written_where_they_are_declared() -> None:
    problems = cnnex.generate("pooling", family="F01-pooling-formula", count=1, seed="declared")
    (item,) = problems.items
    (part,) = item.problem.parts
    assert b"opts" not in encode(cnnex.key(problems)) + cnnex.document(problems, "json")
    asked = replace(part, opts=Opts(form="single-fraction", rtol="0.01", arithmetic=False))
    declared = replace(problems, items=(replace(item, problem=replace(item.problem, parts=(asked,))),))
    for kind, content in (("key", encode(cnnex.key(declared))), ("set", cnnex.document(declared, "json"))):
        (written,) = check(kind, content)["items"][0]["parts"]
        assert written["opts"] == {"rtol": "0.01", "form": "single-fraction", "arithmetic": False}
    assert "Write it as a single fraction." in written["prompt"]


def test_a_key_comes_back_as_it_was(problems: cnnex.ProblemSet, tmp_path: Path) -> None:
    key = cnnex.key(problems)
    (tmp_path / "key.json").write_bytes(encode(key))
    assert encode(load_key(tmp_path / "key.json")) == encode(key)
    (tmp_path / "answers.json").write_bytes(encode(blank_submission(problems)))
    assert load_submission(tmp_path / "answers.json") == blank_submission(problems)


def test_students_are_given_no_answers(problems: cnnex.ProblemSet) -> None:
    public = json.loads(cnnex.document(problems, "json"))
    for item in public["items"]:
        assert "solution" not in item
        for part in item["parts"]:
            assert not {"value", "mistakes"} & set(part)
    assert problems.seed not in cnnex.document(problems, "json").decode()
    answers = json.loads(encode(blank_submission(problems)))
    assert set(answers) == {"schema", "set", "student", "answers"}


def test_solutions_come_on_request(problems: cnnex.ProblemSet) -> None:
    key = cnnex.key(problems)
    full = json.loads(cnnex.document(problems, "json", solutions=True))
    for ours, item in zip(key.items, full["items"], strict=True):
        assert item["solution"]
        assert [part["value"] for part in item["parts"]] == [part.value for part in ours.parts]
        assert all("mistakes" in part for part in item["parts"])
    assert full["seed"] == problems.seed
